"""GL001-GL007: whether the files can be read at all, and what they ask not to be reported."""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.source import START, Span
from gearlint.core.text import nearest, quoted, shown
from gearlint.gear.gear import Gear
from gearlint.rules.registry import RULES, code_meant, near_code, rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.suppression import Suppression

_KEEP_APART = "keep tables and other data in files of their own, and copy them into the image"


@rule("GL001", "invalid-json", Severity.ERROR, fix="safe")
def invalid_json(gear: Gear) -> Iterator[Problem]:
    """The manifest is not valid JSON.

    Each mistake is reported once, at its place: a lost brace by the indentation, a merge conflict
    with its lines, many mistakes of one kind at the first. JSON is stricter than JavaScript or
    Python: no comma after the last value, no comments, only straight double quotes, no NaN. A
    manifest that does not parse cannot be uploaded. Source: gear specification; curly quotes,
    trailing commas and lost braces are all seen in public gears.

    Bad:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "qa", "image": "me/my-gear:1.0.0_2.0.0"}},
        }

    Good:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "qa", "image": "me/my-gear:1.0.0_2.0.0"}}
        }
    """
    manifest = gear.manifest
    source = manifest.source
    if manifest.is_json or manifest.is_too_deep or source.too_large or source.text is None:
        return
    if manifest.encoding == "UTF-16":
        return
    if not source.text.strip():
        advice = 'write the manifest: "gearlint rule GL101" lists the fields that it needs'
        yield Problem(source, START, "the manifest is empty, expected a JSON object", advice)
        return
    if manifest.has_too_many or not manifest.document.faults:
        yield Problem(source, START, "the manifest is not JSON", "write one JSON object: { ... }")
        return
    from gearlint.gear.edits.manifest import readable
    from gearlint.syntax.jsontext import causes

    fix = readable(manifest)
    for fault in causes(source.data, source.text_start):
        yield Problem(source, fault.span, fault.message, fault.help, fix=fix)


@rule("GL002", "invalid-encoding", Severity.ERROR, fix="safe")
def invalid_encoding(gear: Gear) -> Iterator[Problem]:
    r"""The manifest is not UTF-8, or has a byte order mark.

    A manifest is UTF-8 without a byte order mark: Python's `json.load`, with which Flywheel's
    tools read it, fails on the mark, on UTF-16 and on the bytes of older encodings. Some Windows
    editors write them without being asked. Source: gear specification.

    Bad:

        \xef\xbb\xbf{
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }

    Good:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }
    """
    source = gear.manifest.source
    encoding = gear.manifest.encoding
    if source.too_large or encoding == "UTF-8":
        return
    if encoding:
        from gearlint.gear.edits.manifest import as_utf8

        encoding = "UTF-32" if source.data[2:4] == b"\0\0" else encoding
        yield Problem(
            source,
            START,
            f"the manifest is {encoding}, expected plain UTF-8",
            "save it as UTF-8 without a byte order mark",
            fix=as_utf8(gear.manifest),
        )
        return
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = source.data[error.start]
        yield Problem(
            source,
            Span(error.start, error.start + 1),
            f"byte 0x{byte:02x} is not UTF-8",
            "save the file as UTF-8",
        )


@rule("GL003", "duplicate-key", Severity.ERROR, fix="both")
def duplicate_key(gear: Gear) -> Iterator[Problem]:
    """The same key appears twice in one object.

    Only the last one counts, and nothing says so: an option or a version that is edited in its
    first place has no effect. Where both have the same value, this is a warning. Source: RFC 8259,
    section 4; Python's `json` keeps the last.

    Bad:

        "environment": {"THREADS": "1", "THREADS": "8"}

    Good:

        "environment": {"THREADS": "8"}
    """
    manifest = gear.manifest
    if not manifest.has_duplicates or manifest.value is None:
        return
    from gearlint.gear.edits.manifest import earlier_removed

    for duplicate in manifest.document.duplicates:
        line = manifest.source.position(duplicate.first.start).line
        is_same = manifest.is_same(duplicate.earlier.span, duplicate.later.span)
        # What the first one holds is lost without it: one of them rather has a wrong name.
        holds_more = not is_same and bool(duplicate.earlier.members or duplicate.earlier.items)
        message = f"key {quoted(duplicate.key)} is given twice, first in line {line}"
        advice = "rename one, or bring both together" if holds_more else "remove one"
        yield Problem(
            manifest.source,
            duplicate.again,
            f"{message}, with the same value" if is_same else message,
            advice if is_same else f"only the last one counts: {advice}",
            Severity.WARNING if is_same else None,
            None if holds_more else earlier_removed(manifest, duplicate, is_safe=is_same),
        )


@rule("GL004", "not-an-object", Severity.ERROR)
def not_an_object(gear: Gear) -> Iterator[Problem]:
    """The manifest is not a JSON object, or is too deep or too large to check.

    A manifest is one JSON object. Real ones are six levels deep and have some hundred values;
    gearlint does not check one of more than twenty levels or 10000 values, and only warns.
    Source: gear specification.

    Bad:

        [{
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }]

    Good:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }
    """
    manifest = gear.manifest
    if manifest.is_too_deep:
        yield Problem(
            manifest.source,
            START,
            f"the manifest is nested more than {limits.MANIFEST_LEVELS} levels deep and is not "
            "checked, expected about six",
            _KEEP_APART,
            severity=Severity.WARNING if manifest.is_json else None,
        )
    elif manifest.has_too_many and (manifest.is_json or not manifest.has_too_many_escapes):
        many = f"{limits.MANIFEST_VALUES} values and is not checked, expected some hundred"
        if manifest.has_too_many_escapes:
            many = f"{limits.JSON_ESCAPES} backslashes and is not checked"
        yield Problem(
            manifest.source,
            START,
            f"the manifest holds more than {many}",
            _KEEP_APART,
            severity=Severity.WARNING,
        )
    elif manifest.is_json and not isinstance(manifest.value, dict):
        yield gear.at.value(
            (),
            f"the manifest is {shown(manifest.value)}, expected an object",
            'put the fields of the gear into one object: {"name": "my-gear", ...}',
        )


@rule("GL005", "invalid-dockerfile", Severity.ERROR)
def invalid_dockerfile(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile is refused, or has no instruction.

    Docker reads the whole Dockerfile before it builds anything: an unknown instruction, a flag that
    an instruction does not have or a heredoc without its end stop the build at once. Source:
    BuildKit's own parser.

    Bad Dockerfile:

        FROM python:3.11
        COPPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        COPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.dockerfile is not None:
        for fault in gear.dockerfile_faults:
            if gear.dockerfile.is_misread(fault.span.start):
                continue  # GL320, GL322 or GL325 says so
            advice = fault.help or "correct it: Docker refuses the whole Dockerfile"
            yield Problem(gear.dockerfile.source, fault.span, fault.message, advice)


@rule("GL006", "unused-suppression", Severity.WARNING, fix="safe")
def unused_suppression(gear: Gear) -> Iterator[Problem]:
    """A suppression suppresses nothing.

    What was wrong is fixed, or the code was misspelt; either way the suppression would one day
    hide something else. A suppression names each rule by its whole code. A comment such as
    `# gearlint: ignore=GL307`, or another key under `custom.gearlint`, suppresses nothing either.
    Runs after all other rules.

    Bad:

        "custom": {
            "gearlint": {"ignore": ["GL134"]},
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}
        }

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    for suppression in gear.suppressions:
        if suppression.code not in RULES:
            meant = code_meant(suppression.code)
            yield Problem(
                suppression.source,
                suppression.span,
                f"suppression of {quoted(suppression.code)}, which is not the code of a rule",
                f'write the code, "{meant}"' if meant else _code_hint(suppression.code),
                fix=_corrected(gear, suppression, meant) if meant else None,
            )
        elif not suppression.used:
            yield Problem(
                suppression.source,
                suppression.span,
                f"suppression of {suppression.code} suppresses nothing",
                "remove it",
                fix=_without(gear, suppression),
            )
    for misread in gear.misread_suppressions:
        yield Problem(misread.source, misread.span, misread.message, misread.help)


def _code_hint(text: str) -> str:
    """What may be meant by a text that is not a code."""
    from gearlint.gear.suppression import codes_of

    upper, named = text.upper(), [code for code in codes_of(text) if code in RULES]
    if len(named) > 1:
        return f"write each by itself: {', '.join(map(quoted, named))}"
    if named and " " in text:
        return f'a reason follows a colon: "{named[0]}: ..."'
    if named:
        return near_code(named[0])
    codes = sorted(code for code in RULES if text and code.startswith(upper))
    if codes or upper == "ALL":
        example = f', as "{codes[0]}"' if codes else ""
        return f"a suppression names one rule by its whole code{example}"
    if near := near_code(upper):
        return near
    name = nearest(text, [rule.name for rule in RULES.values()])
    codes = [rule.code for rule in RULES.values() if rule.name == name]
    return f'did you mean "{codes[0]}" ({name})?' if codes else "remove it: there is no such rule"


def _corrected(gear: Gear, suppression: "Suppression", code: str) -> Fix | None:
    """Replaces what is written by the code that is meant."""
    if not gear.manifest.is_json or gear.dockerfile_faults:
        return None
    if suppression.source is gear.manifest.source:
        written = suppression.source.data[slice(*suppression.span)]
        _, colon, reason = written.partition(b":")
        edit = Edit(*suppression.span, f'"{code}'.encode() + (colon + reason if colon else b'"'))
        return Fix(suppression.source, (edit,), is_safe=True)
    from gearlint.gear.edits.comments import corrected

    return corrected(suppression, code, is_dockerfile=_is_dockerfile(gear, suppression))


def _is_dockerfile(gear: Gear, suppression: "Suppression") -> bool:
    return gear.dockerfile is not None and suppression.source is gear.dockerfile.source


def _without(gear: Gear, suppression: "Suppression") -> Fix | None:
    """Takes the suppression away, with what held nothing else.

    Not while a file cannot be read, which may hide what it is there for.
    """
    if not gear.manifest.is_json or gear.dockerfile_faults:
        return None
    if suppression.source is gear.manifest.source:
        from gearlint.gear.edits.manifest import item_removed

        path = ("custom", "gearlint", "ignore")
        return item_removed(gear.manifest, path, suppression.span, path[:1], is_safe=True)
    from gearlint.gear.edits.comments import without

    return without(suppression, is_dockerfile=_is_dockerfile(gear, suppression))


@rule("GL007", "too-large", Severity.ERROR)
def too_large(gear: Gear) -> Iterator[Problem]:
    """A file is larger than 16 MB and is not checked.

    The largest public manifest has 20 kB. Something else was probably saved under its name. A
    Dockerfile of more than 10000 lines or 1 MB, or of 30000 words in its lists or variables, is not
    checked either; that is a warning.

    Bad gear:

        A manifest of 50 MB.

    Good gear:

        A manifest of 20 kB.
    """
    dockerfile = [gear.dockerfile.source] if gear.dockerfile is not None else []
    for source in (gear.manifest.source, *dockerfile):
        if source.too_large:
            yield Problem(
                source,
                START,
                f"the file has {source.size / 1e6:.0f} MB and is not checked, "
                f"expected at most {limits.FILE_BYTES // 1024**2} MB",
                "save the right file under this name, and keep data in files of its own",
            )
    if gear.dockerfile is not None and gear.dockerfile.is_too_long:
        source = gear.dockerfile.source
        if source.line_count > limits.DOCKERFILE_LINES:
            has, most = f"{source.line_count} lines", f"{limits.DOCKERFILE_LINES}"
        elif source.size > limits.DOCKERFILE_BYTES:
            has, most = f"{source.size / 1e6:.1f} MB", f"{limits.DOCKERFILE_BYTES // 10**6} MB"
        else:
            has, most = "too many words in lists, or variables,", f"{limits.DOCKERFILE_WORDS}"
        yield Problem(
            source,
            START,
            f"the Dockerfile has {has} and is not checked, expected at most {most}",
            "move long scripts and lists into files of their own, and copy these",
            severity=Severity.WARNING,
        )
