"""GL501, GL502, GL504: the options and inputs that the gear's own code reads."""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import cached_property, regex
from gearlint.core.text import digits, is_one_edit_away, named, nearest, quoted
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import variable_of
from gearlint.gear.schema.snippets import BASES
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from collections import Counter

    from gearlint.python.reads import Kind, Read, Reads


def _undeclared(gear: Gear, kind: "Kind", declared: set[str]) -> "list[list[Read]]":
    """What is read and not declared: of each name in each file one read, those at one place as one.

    Nothing where any key may be the gear's own.
    """
    field = "config" if kind == "option" else "inputs"
    if gear.code is None or not isinstance(gear.manifest.get(field), dict):
        return []  # GL101 and GL103 say so
    known = {"debug", *gear.manifest.object("config"), *gear.manifest.object("inputs")}
    programs = gear.code.reads if gear.code.may_read_others(known) else []
    shell = [reads for reads in gear.code.shell_reads if reads.reads]
    if not programs and not shell:
        return []
    from gearlint.python.reads import PATH

    variables = {variable_of(name) for name in declared} if shell else set()

    def is_declared(read: "Read") -> bool:
        if read.how == "variable":
            return read.name.upper() in variables
        if read.how in _MINUS:  # as it may be meant, as in `.config.threads-1`
            return read.name.partition("-")[0] in declared
        return read.name in declared

    found = [read for reads in shell for read in reads.reads if not is_declared(read)]
    for reads in programs:
        if kind not in reads.changed:
            others = declared | reads.own[kind]
            found += [read for read in reads.reads if read.name not in others]
    made = _made(gear, shell, programs)
    found = [read for read in found if read.how != PATH or read.name not in made]
    places: dict[tuple[str, int], list[Read]] = {}
    for read in _first_reads(found):
        if read.kind == kind:
            places.setdefault((read.source.path, read.span.start), []).append(read)
    return list(places.values())


def _first_reads(reads: "list[Read]") -> "list[Read]":
    """Of each name in each file one read: one that is not guarded, if there is one."""
    first: dict[tuple[str, str, str], Read] = {}
    for read in reads:
        key = (read.kind, read.name, read.source.path)
        known = first.get(key)
        if known is None or _weakness(known) > _weakness(read):
            first[key] = read
    return list(first.values())


def _weakness(read: "Read") -> tuple[bool, bool, bool]:
    return read.is_guarded, read.is_tested, read.has_default


def _made(gear: Gear, shell: "list[Reads]", programs: "list[Reads]") -> set[str]:
    """The names of directories that the gear may make itself beside those of the inputs."""
    from gearlint.python.reads import PATH

    made = {name for reads in (*shell, *programs) for name in reads.own["input"]}
    named = {read.name for reads in shell for read in reads.reads if read.how == PATH}
    if named - made and gear.code is not None:
        from gearlint.python.texts import path_parts

        for program in gear.code.programs:
            made.update(*(named & path_parts(module.text) for module in program.modules))
    return made


_WITHOUT_ERROR = ("get", "default", "jq", "variable", "path")
"""How something is read that gives nothing, or a default, where it is not there."""
_MINUS = {"jq -": 'write ["{0}"] for .{0}', "jq - of a function": """write '"{0}"'"""}
"""What to do where jq takes one name for a difference, by how it is read."""
_OF_SEVERAL = (
    ("it is", "they are"), ("it raises", "each raises"), ("its default is", "their defaults are"),
    ("variable is", "variables are"),
)  # fmt: skip
"""What to write of several names instead of one."""
_ALWAYS = {
    "get": "it is always None", "jq": "it is always null", "variable": "the variable is never set",
}  # fmt: skip
_OF_COMMAND = regex(r"\{\{\{?[ \t]*+([A-Za-z_](?:[\w-]|[ \t]++(?=[\w-]))*+)[ \t]*+\}\}\}?")
_USUAL = regex(r"[A-Za-z0-9_-]+\Z")
_UNUSUAL = regex(r"[^A-Za-z0-9_-]+")
_MANY_WORDS = 4
_BEFORE_KEY = regex(rb"(?<![\w.\])])([A-Za-z_][\w.]*+)\[\Z")
_NEXT_KEY = regex(rb"\](\[\s*+(?:\"[\w -]++\"|'[\w -]++')\s*+\])")


class _Declared:
    """The declared names, among which that is looked for that was certainly meant.

    That is the same but for separators, case, an end or two letters that are swapped. Of names of
    `_MANY_WORDS`, it is the one that has the other's words and more, in their order.
    """

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self._suggestions = Budget(limits.NEAR_STEPS)

    @cached_property
    def _by_plain(self) -> dict[str, str]:
        return {_plain(name): name for name in sorted(self._names)}

    @cached_property
    def _numbers(self) -> "Counter[str]":
        """How many names there are of each that is followed by a number."""
        from collections import Counter

        return Counter(name.rstrip("0123456789") for name in self._by_plain)

    def near(self, name: str) -> str:
        """The name that was meant; empty if there is none, or it is not known."""
        plain = _plain(name)
        if plain in self._by_plain:
            return self._by_plain[plain]
        if longer := self._of_same_words(name):
            return longer
        if self._numbers[plain] > 1:
            return ""  # image_1 and image_2 are there: which one, or none, is meant?
        near = nearest(plain, self._by_plain, self._suggestions)
        if digits(plain) and digits(near) and digits(plain) != digits(near):
            return ""  # t1_anatomy is not t2_anatomy
        if abs(len(plain) - len(near)) > 2 or max(len(name), len(near)) < 4:
            return ""
        from difflib import SequenceMatcher

        ratio = SequenceMatcher(None, plain, near).ratio()
        is_swapped = sorted(plain) == sorted(near) and is_one_edit_away(plain, near)
        return self._by_plain[near] if ratio >= 0.8 or is_swapped else ""

    def _of_same_words(self, name: str) -> str:
        words = _words(name)
        if len(words) < _MANY_WORDS or not self._suggestions.spend(len(name) * len(self._by_words)):
            return ""
        found = [
            each for each, other in self._by_words if _is_within(*sorted((words, other), key=len))
        ]
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _by_words(self) -> list[tuple[str, list[str]]]:
        """The names of many words, with these."""
        names = [(name, _words(name)) for name in sorted(self._names)]
        return [(name, words) for name, words in names if len(words) >= _MANY_WORDS]


def _problem(reads: "list[Read]", what: str, declared: _Declared, then: str) -> Problem:
    """Info where the script can do without, unless the name is a misspelt one.

    `what` is read by `reads`, all at one place, and `then` says what happens.
    """
    read = reads[0]
    if read.how in _MINUS:
        left, _, right = read.name.partition("-")
        message = (
            f"jq takes {quoted(read.name)} for {quoted(left)} minus {quoted(right)}, and fails"
        )
        return Problem(read.source, read.span, message, _MINUS[read.how].format(read.name))
    near = declared.near(read.name) if len(reads) == 1 else ""
    has_default = read.has_default and (read.is_tested or read.how in _WITHOUT_ERROR)
    is_optional = (read.is_guarded or has_default) and not near
    names = named([each.name for each in reads])
    message = f"{what} {names} is not declared, so {then}"
    if len(reads) > 1:
        for one, several in _OF_SEVERAL:
            then = then.replace(one, several)
        message = f"{what}s {names} are not declared, so {then}"
    advice = f"did you mean {quoted(near)}?" if near else "declare it in the manifest"
    if near and what == "input" and not _USUAL.match(near):  # GL133 reports that name
        better = read.name if _USUAL.match(read.name) else _UNUSUAL.sub("-", near).strip("-")
        advice = f"rename the input {quoted(near)} of the manifest to {quoted(better)}"
    severity = Severity.INFO if is_optional else None
    return Problem(read.source, read.span, message, advice, severity)


def _words(name: str) -> list[str]:
    return _UNUSUAL.sub(" ", name).casefold().split()


def _is_within(few: list[str], many: list[str]) -> bool:
    """Whether words are among others in their order."""
    rest = iter(many)
    return all(word in rest for word in few)


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


@rule("GL501", "undeclared-config", Severity.WARNING)
def undeclared_config(gear: Gear) -> Iterator[Problem]:
    """The script reads an option that the manifest does not declare.

    `config["x"]` is then a KeyError, and `config.get("x")` always `None`.
    Info where the script asks first, catches the error, or has a default, and no declared option
    has nearly that name. Keys that the gear sets itself are left alone, and `debug`, which
    `fw-gear` reads. `jq .config.my-option` reads `my`, from which it takes `option`: it fails, also
    where that is declared. In the manifest's `command`, `{{ name }}` is the value of an option, and
    nothing where there is none. Source: gear specification; `fw-gear` 0.3.7; jq 1.6.

    Bad run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["thread"])

    Good run.py:

        #!/usr/bin/env python3
        import json

        config = json.load(open("/flywheel/v0/config.json"))["config"]
        print(config["threads"])
    """
    names = set(gear.manifest.object("config"))
    declared = _Declared(names)
    for reads in _undeclared(gear, "option", names | {"debug"}):
        read = reads[0]
        then = "it is never set" if read.is_guarded else "it raises KeyError"
        if read.has_default and not read.is_guarded:
            then = _ALWAYS.get(read.how, "its default is taken")
        problem = _problem(reads, "option", declared, then)
        if read.name == "config" and len(reads) == 1 and not declared.near("config"):
            problem = problem._replace(help=_taken_already(read))
        yield problem
    command = gear.run.command
    for match in _OF_COMMAND.finditer(command) if "{{" in command else ():
        if match[1] not in names and isinstance(gear.manifest.get("config"), dict):
            near = declared.near(match[1])
            yield gear.at.part(
                ("command",),
                *match.span(1),
                f"option {quoted(match[1])} is not declared, so {match[0]} is replaced by nothing",
                f"did you mean {quoted(near)}?" if near else "declare it in the manifest",
            )


def _taken_already(read: "Read") -> str:
    """What to write for a `["config"]` of the options, which are that part of config.json."""
    advice = "these are the options already"
    data = read.source.data
    line = data[data.rfind(b"\n", 0, read.span.start) + 1 : read.span.start]
    before, after = _BEFORE_KEY.search(line), _NEXT_KEY.match(data, read.span.end)
    if read.how == "[]" and before and after:
        return f"{advice}: write {(before[1] + after[1]).decode('utf-8', 'replace')}"
    return f'{advice}: leave out "config"'


@rule("GL502", "undeclared-input", Severity.WARNING)
def undeclared_input(gear: Gear) -> Iterator[Problem]:
    """The script reads an input that the manifest does not declare.

    `get_input_path("x")` is then always `None`, and there is no `/flywheel/v0/input/x`, so the
    input is silently never used. Info as for GL501, where the script tests whether it got one, and
    for such a directory, which the gear may make itself, unless a declared input has nearly that
    name. Source: gear specification;
    `flywheel-gear-toolkit` 0.6.22; `fw-gear` 0.3.7.

    Bad run.py:

        #!/usr/bin/env python3
        import flywheel

        context = flywheel.GearContext()
        print(context.get_input_path("images"))

    Good run.py:

        #!/usr/bin/env python3
        import flywheel

        context = flywheel.GearContext()
        print(context.get_input_path("image"))
    """
    names = set(gear.manifest.object("inputs"))
    declared = _Declared(names)
    for reads in _undeclared(gear, "input", names):
        read = reads[0]
        then = "it is never given"
        if read.how in ("[]", "open_input") and not read.is_guarded:
            then = "it raises KeyError" if read.how == "[]" else "it raises an error"
        yield _problem(reads, "input", declared, then)


@rule("GL504", "client-without-api-key", Severity.WARNING)
def client_without_api_key(gear: Gear) -> Iterator[Problem]:
    """The script uses the client, and no input is an API key.

    Flywheel gives a gear an API key only by an input with the base `api-key`. Info where the script
    makes the client with a key that it has from elsewhere, which works until that key expires.
    Nothing is reported where the script asks first whether there is a client. Source: gear
    specification.

    Bad run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.Client().get_current_user())

    Good run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.GearContext().get_input_path("image"))
    """
    inputs = gear.manifest.object("inputs")
    if not isinstance(gear.manifest.get("inputs"), dict):
        return  # GL101 and GL103 say so
    bases = [one.get("base") for one in inputs.values() if isinstance(one, dict)]
    if "api-key" in bases:
        return
    if gear.code is None or not gear.code.may_use_client:
        return
    if any(isinstance(base, str) and nearest(base, BASES) == "api-key" for base in bases):
        return  # GL131 says so
    for reads in gear.code.reads:
        use = next((use for use in reads.clients if not use.is_guarded), None)
        if use is not None:
            what = "gives the client a key of its own" if use.has_key else "uses the client"
            yield Problem(
                use.source,
                use.span,
                f"the script {what}, but no input is an API key",
                'add an input {"base": "api-key"}',
                Severity.INFO if use.has_key else None,
            )
