"""GL407: the paths of the gear's own directory."""

import re
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, has_any
from gearlint.core.text import counted, is_one_edit_away
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.gear import Gear
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.rules.registry import rule

_COMMENT_LINE = regex(rb"[ \t]{0,200}#")
_MEANT = {
    **dict.fromkeys(
        (b"inputs", b"imput", b"inpput", b"inpt", b"inptu", b"intput", b"inupt", b"inut"), b"input"
    ),
    **dict.fromkeys(
        (b"outputs", b"otput", b"ouput", b"ouptut", b"outpout", b"outpt", b"outptu", b"outupt",
         b"outut", b"oututput"),
        b"output",
    ),
    b"input/config.json": b"config.json",
}  # fmt: skip
"""What is written for the two directories, and the file, that Flywheel makes."""
_MARKS = tuple(f"/{name.decode()}" for name in _MEANT)
_PLURALS = (b"inputs", b"outputs")
_WRONG_DIRECTORY = regex(
    rb"(?:(?<![\w.)}-])/flywheel/v0|\$\{?(?P<variable>[A-Za-z_]\w*+)\}?\"?)/"
    rb"(?P<name>" + b"|".join(map(re.escape, _MEANT)) + rb")(?![A-Za-z0-9_-]|\.\w)"
)
_GIVEN = regex(rb"(?m)(?:^|(?<=[\s;&|]))([A-Za-z_]\w*+)(\+?=)(\"[^\"\n]*+\"|'[^'\n]*+'|\S*+)")
_MAKES = regex(
    rb"\b(?:mkdir|makedirs|MKDIR|symlink|symlink_to|extractall)\b|\binstall[ \t]+-d\b"
    rb"|\bln[ \t]+-|\bgit[ \t]+clone\b|\bunzip\b[^\n]{0,200}[ \t]-d\b"
)
_OTHER_CONFIG = regex(
    rb"(?m)^[^#\n]{0,300}(?<!input/)\bconfig\.json\b|(?:>|\btee\b)[^\n]{0,200}config\.json\b"
)
"""The file at another place, not in a comment; or one that is written."""
_HOLDS = regex(rb"(?<!\w)([A-Za-z_]\w*+)(?:[ \t]{0,9}+:[^=\n]{0,80}+)?[ \t]*+=[^=\n]*\Z")
"""The variable that is set to what is next."""
_FAR = 200
"""How far before a path its variable, or a comment, is looked for."""
_SETS = regex(rb"\b(?:for|read(?:[ \t]+-\w+)*|printf[ \t]+-v)[ \t]+([A-Za-z_]\w*+)")
"""What else than `=` sets a variable."""
_WORD = regex(rb"\w+")
_CONTINUED = regex(rb"\\\r?\n")
_ROOT = "flywheel"
_OTHER_ROOT = regex(
    rb"(?<![\w./)}-])/(?P<name>[A-Za-z]{7,9})/v0(?![\w-]|\.\w)(?P<rest>[\w./-]{0,200}+)"
)
"""A path whose first part may be `flywheel`, misspelt."""


@rule("GL407", "wrong-gear-path", Severity.WARNING, fix="both")
def wrong_gear_path(gear: Gear) -> Iterator[Problem]:
    """A path says `/flywheel/v0/inputs` or `/outputs`, or misspells `flywheel` or these.

    Flywheel makes `input` and `output`: nothing is in any other directory, and what is written
    there is lost. `config.json` is beside them, not in `input`. Reported once a name and file, and
    fixed everywhere in it. Looked for in the Dockerfile, in `command`, and in the scripts and
    modules of the gear that are run; also after a variable that is `/flywheel/v0`, as in
    `$FLYWHEEL/outputs`. Nothing is reported where the code may make the directory, or has a line
    with both names, as in `mv /flywheel/v0/input /flywheel/v0/inputs`. Of `/flwyheel/v0` the fix is
    safe where the image certainly has no such directory. Source: gear specification; seen in public
    gears.

    Bad run.py:

        #!/usr/bin/env python3
        print(open("/flywheel/v0/inputs/image/scan.nii"))

    Good run.py:

        #!/usr/bin/env python3
        print(open("/flywheel/v0/input/image/scan.nii"))
    """
    image, dockerfile = gear.image, gear.dockerfile
    if image is None or dockerfile is None:
        return
    yield from _wrong_in_command(gear, image)
    sources = [dockerfile.source, *_code(gear)]
    yield from _misspelt_roots(gear, image, sources)
    suspicious = [source for source in sources if _may_have_one(source.data)]
    made_by_code = {name for source in sources if suspicious for name in _made(source)}
    for source in suspicious:
        docstrings = _docstrings(gear, source)
        wrong = [
            match
            for match in _WRONG_DIRECTORY.finditer(source.data)
            if not _is_in_comment(source, match.start(), docstrings)
        ]
        variables = {match["variable"] for match in wrong if match["variable"]}
        others = variables - _gear_directories(gear, source, variables)
        wrong = [match for match in wrong if match["variable"] not in others]
        names = {match["name"] for match in wrong}
        made = {name for name in names if _may_be_there(image, name)} | made_by_code
        wrong = [match for match in wrong if match["name"] not in made]
        for match, *more in _by_name(wrong):
            edits = tuple(Edit(*one.span("name"), _MEANT[match["name"]]) for one in [match, *more])
            message, advice = _in_words(match)
            yield Problem(
                source,
                Span(match.start(), match.end()),
                message + _and_more(more),
                advice,
                fix=Fix(source, edits, is_safe=False),
            )


def _by_name(found: list[re.Match[bytes]]) -> Iterator[list[re.Match[bytes]]]:
    """The matches in a file, those of one name together: it is one fault, with one fix."""
    by_name: dict[bytes, list[re.Match[bytes]]] = {}
    for match in found:
        by_name.setdefault(match["name"], []).append(match)
    return islice(by_name.values(), limits.WRONG_PATHS)


def _and_more(more: list[re.Match[bytes]]) -> str:
    return f": here and in {counted(len(more), 'more place')}" if more else ""


def _code(gear: Gear) -> list[Source]:
    """The scripts that are started, and the modules of the gear that they import."""
    found = [script.source for script in gear.run.scripts]
    if gear.code is not None:
        found += [started.script.source for started in gear.code.started if started.is_certain]
        for program in gear.code.programs:
            found += [module.source for module in program.modules]
    return list(dict.fromkeys(found))


def _in_words(match: re.Match[bytes]) -> tuple[str, str]:
    """What is wrong, and what to do."""
    name, meant = match["name"].decode(), _MEANT[match["name"]].decode()
    before = match[0][: match.start("name") - match.start()].decode()
    verb = "writes" if "." in meant else "makes"
    return (
        f"{GEAR_DIRECTORY}/{name} is not made by Flywheel, which {verb} {GEAR_DIRECTORY}/{meant}",
        f"write {before}{meant}",
    )


def _wrong_in_command(gear: Gear, image: Image) -> Iterator[Problem]:
    command = gear.manifest.string("command") or ""
    data = command.encode("ascii") if command.isascii() else b""
    found = _WRONG_DIRECTORY.finditer(data) if _may_have_one(data) else ()
    is_made = _MAKES.search(data) is not None if found else False
    for match in [each for each in found if each["variable"] is None][: limits.WRONG_PATHS]:
        if not is_made and not _may_be_there(image, match["name"]):
            yield gear.at.part(("command",), *match.span(), *_in_words(match))


def _misspelt_roots(gear: Gear, image: Image, sources: list[Source]) -> Iterator[Problem]:
    """The paths that say `/flwyheel/v0`, in files and in `command`."""
    command = (gear.manifest.string("command") or "").encode("ascii", "replace")
    in_command, in_files = _roots_in(command), [_roots_in(each.data) for each in sources]
    started = _started_paths(gear, image) if in_command or any(in_files) else set()
    for match in in_command[: limits.WRONG_PATHS]:
        if _path(match) not in started:  # else GL402 says so
            yield gear.at.part(("command",), match.start(), match.end("name") + 3, *_root(match))
    for source, found in zip(sources, in_files, strict=True):
        texts = _docstrings(gear, source) if found else []
        matches = [each for each in found if not _is_in_comment(source, each.start(), texts)]
        if source is sources[0]:  # the Dockerfile
            matches = [each for each in matches if not _is_reported(image, started, each)]
        for match, *more in _by_name(matches):
            is_safe = image.files.find(f"/{match['name'].decode()}") is None
            edits = tuple(Edit(*one.span("name"), _ROOT.encode()) for one in [match, *more])
            message, advice = _root(match)
            yield Problem(
                source,
                Span(match.start(), match.end("name") + 3),
                message + _and_more(more),
                advice,
                fix=Fix(source, edits, is_safe),
            )


def _roots_in(data: bytes) -> list[re.Match[bytes]]:
    """The paths in a text whose first part is `flywheel`, but for a typo or two."""
    if data.count(b"/v0") == data.count(b"/flywheel/v0"):  # as nearly always
        return []
    matches = list(_OTHER_ROOT.finditer(data))
    near = {name for name in {match["name"] for match in matches} if _is_misspelt_root(name)}
    return [match for match in matches if match["name"] in near]


def _is_misspelt_root(name: bytes) -> bool:
    """Whether a name is one edit from `flywheel`, after a swap of two letters or without one."""
    word = name.decode()
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return word != _ROOT and any(
        one == _ROOT or is_one_edit_away(one, _ROOT) for one in (word, *swapped)
    )


def _is_reported(image: Image, started: set[str], match: re.Match[bytes]) -> bool:
    """Whether GL305 or GL312 reports a path: as what is started, or what a step needs."""
    is_needed = any(
        failed.span.start <= match.start() < failed.span.end and failed.path == _path(match)
        for failed in image.failed_steps[: limits.FAILED_STEPS]
    )
    return is_needed or _path(match) in started


def _started_paths(gear: Gear, image: Image) -> set[str]:
    """What is started by a path at which nothing is."""
    launches = [*gear.run.by_command, *gear.run.by_docker]
    missing = [launch.missing(image) for launch in launches]
    words = [each[0] for each in missing if each] + [
        each.word for each in gear.run.suspects(launches)
    ]
    return {word.text for word in words}


def _path(match: re.Match[bytes]) -> str:
    return match[0].decode("utf-8", "replace")


def _root(match: re.Match[bytes]) -> tuple[str, str]:
    """What is wrong with such a path, and what to do."""
    name = match["name"].decode()
    return f"/{name}/v0 is not the gear's directory, {GEAR_DIRECTORY}", f"write {GEAR_DIRECTORY}"


def _may_have_one(data: bytes) -> bool:
    # Few files have one, and compiling the expression takes longer than looking for these.
    return has_any(data, _MARKS)


def _gear_directories(gear: Gear, source: Source, variables: set[bytes]) -> set[bytes]:
    """Those variables that certainly are `/flywheel/v0` in a file."""
    given: dict[bytes, set[bytes]] = {}
    is_dockerfile = gear.dockerfile is not None and source is gear.dockerfile.source
    for match in _GIVEN.finditer(source.data) if variables and not is_dockerfile else ():
        value = match[3].strip(b"\"'").rstrip(b"/") if match[2] == b"=" else b""
        given.setdefault(match[1], set()).add(value)
    for match in _SETS.finditer(source.data) if variables and not is_dockerfile else ():
        given.setdefault(match[1], set()).add(b"")
    for name in variables - given.keys():
        text = name.decode()
        values: list[object] = [gear.manifest.object("environment").get(text)]
        values += [gear.image.variable(text)] if gear.image is not None else []
        texts = [value for value in values if isinstance(value, str)]
        given[name] = {text.rstrip("/").encode() for text in texts[:1]}
    return {name for name in variables if given[name] == {GEAR_DIRECTORY.encode()}}


def _made(source: Source) -> set[bytes]:
    """The names that a line may make a directory of, or has beside the right one on purpose."""
    text = _CONTINUED.sub(b" ", source.data)
    holders: dict[bytes, set[bytes]] = {}
    for match in _WRONG_DIRECTORY.finditer(text):
        start = max(text.rfind(b"\n", 0, match.start()) + 1, match.start() - _FAR)
        holder = _HOLDS.search(text, start, match.start())
        if holder is not None:
            holders.setdefault(holder[1], set()).add(match["name"])
    found: set[bytes] = set()
    if _OTHER_CONFIG.search(text):
        found.add(b"input/config.json")  # it may be copied there, or read if that is not there
    for line in text.splitlines():
        if _MAKES.search(line):
            words = set(_WORD.findall(line))
            found |= words & _MEANT.keys()
            found.update(*(holders[word] for word in words & holders.keys()))
        elif b"/flywheel/v0/" in line:
            wrong = {match["name"] for match in _WRONG_DIRECTORY.finditer(line)}
            found |= {name for name in wrong if _has_right(line, _MEANT[name])}
    return found


def _has_right(line: bytes, name: bytes) -> bool:
    return re.search(rb"/flywheel/v0/" + name + rb"(?![\w-])", line) is not None


def _may_be_there(image: Image, name: bytes) -> bool:
    """Whether the image may have a directory; a base image that is not known has no such one."""
    path = f"{GEAR_DIRECTORY}/{name.decode()}"
    there = image.files.find(path)
    if there is UNKNOWN and name in _PLURALS:
        return not image.is_of_base(path)
    return there is not None and there is not UNKNOWN


def _docstrings(gear: Gear, source: Source) -> list[Span]:
    """The docstrings of a module, in the order of the text."""
    programs = gear.code.programs if gear.code is not None else []
    modules = (module for program in programs for module in program.modules)
    module = next((module for module in modules if module.source is source), None)
    return module.docstrings if module is not None else []


def _is_in_comment(source: Source, at: int, docstrings: list[Span]) -> bool:
    """Whether a place is in a comment, or in a docstring."""
    from bisect import bisect_right

    start = source.line_starts[bisect_right(source.line_starts, at) - 1]
    if _COMMENT_LINE.match(source.data, start) is not None:
        return True
    number = bisect_right(docstrings, at, key=lambda span: span.start)
    if number and at < docstrings[number - 1].end:
        return True
    before, sign, _ = source.data[max(start, at - _FAR) : at].rpartition(b" # ")
    return bool(sign) and not (before.count(b'"') % 2 or before.count(b"'") % 2)
