"""Other files that a bump changes, as the settings name them."""

import re

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import START, Span
from gearlint.core.text import one_of, quoted, shown
from gearlint.gear.edits.keyed import span_at, value_at
from gearlint.syntax.version import GearVersion

PLACEHOLDERS = ("version", "software", "gear", "name", "date")
"""What may be in braces in a `[[tool.gearlint.bump.files]]`, and in messages of git."""


class BumpFile(NamedTuple):
    """A file that a bump changes: what is searched for in it, and what replaces that.

    `path` is relative to the directory of the settings. In all of them but `key`, `{version}` and
    the other placeholders are replaced by their values: of the old version in `search`, else of the
    new one. With `key`, the value at that key of a TOML or JSON file becomes `value`, and nothing
    is searched for.
    """

    path: str
    search: str = "{version}"
    replace: str = "{version}"
    key: str = ""
    value: str = "{version}"


class Difference(NamedTuple):
    """Where a file has another version: what is wrong there, and what it should be.

    `new` replaces the bytes of `span`; `None` where what is meant is not certain.
    """

    span: Span
    message: str
    new: str | None = None


def is_compared(file: BumpFile, version: GearVersion) -> bool:
    """Whether it is known what a file should have of the version that is there."""
    texts = file.path + (file.value if file.key else file.search)
    return "{date}" not in texts and not ("{software}" in texts and version.software_part is None)


def difference(file: BumpFile, data: bytes, version: GearVersion, name: str) -> Difference | None:
    """Where a file does not have what it should of a version; `None` where it has, or unknown.

    Raises GearlintError for texts that are too long.
    """
    if file.key:
        return _difference_at_key(file, data, formatted(file.value, version, name, ""))
    text = formatted(file.search, version, name, "")
    if pattern_of(text).search(data):
        return None
    missing = f"has no {in_quotes(text)}, which bump.files has"
    others = pattern_of_any(file.search).finditer(data)
    other = next(others, None)
    if other is None or next(others, None) is not None:
        return Difference(START, missing)
    written = in_quotes(other[0].decode("utf-8", "replace"))
    return Difference(Span(*other.span()), f"has {written}, expected {in_quotes(text)}", text)


def _difference_at_key(file: BumpFile, data: bytes, expected: str) -> Difference | None:
    left = Budget(limits.BUMP_BYTES)
    try:
        value = value_at(data, file.path, file.key)
        if value == expected:
            return None
        span = span_at(data, file.path, file.key, expected, left.spend)
    except ValueError:
        return None
    if value is None:
        return Difference(START, f"has no {quoted(file.key)}, which bump.files has")
    message = f"{quoted(file.key)} is {shown(value)}, expected {quoted(expected)}"
    if span is None:
        return Difference(START, message)
    return Difference(span, message, expected)


def in_quotes(text: str) -> str:
    """`text` as `quoted`, but in single quotes where it has double ones of its own."""
    return f"'{quoted(text)[1:-1]}'" if '"' in text else quoted(text)


def words_in_braces(template: str) -> list[str]:
    """The words in braces in a text. Only lower-case words: `{` may also mean itself."""
    return re.findall(r"\{([a-z]+)\}", template)


def unknown_placeholder(template: str) -> str:
    """What is wrong with a text that has a word in braces that is not one of PLACEHOLDERS."""
    for word in words_in_braces(template):
        if word not in PLACEHOLDERS:
            known = one_of([f"{{{placeholder}}}" for placeholder in PLACEHOLDERS])
            return f"has {{{word}}}, expected {known}"
    return ""


def formatted(template: str, version: GearVersion, name: str, date: str) -> str:
    """A text with the values of the placeholders in it.

    Raises GearlintError for one that is too long.
    """
    values = {
        "version": version.text,
        "software": version.software_part or "",
        "gear": version.gear_part,
        "name": name,
        "date": date,
    }
    length = len(template) + sum(
        template.count(f"{{{field}}}") * len(value) for field, value in values.items()
    )
    if length > (most := limits.BUMP_TEXT_CHARACTERS):
        raise GearlintError(
            f"{quoted(template)} would have over {most} characters with the values in it"
        )
    return re.sub(rf"\{{({'|'.join(PLACEHOLDERS)})\}}", lambda m: values[m[1]], template)


def pattern_of(text: str) -> re.Pattern[bytes]:
    """The pattern of a text with a version, but not where that is a part of longer numbers.

    `1.0.1` is not in `11.0.1`, `1.0.10`, `1.0.1.2`.
    """
    before = rb"(?<![0-9])(?<![0-9]\.)" if text[:1].isdigit() else b""
    after = rb"(?![0-9]|\.[0-9])" if text[-1:].isdigit() else b""
    return re.compile(before + re.escape(text.encode()) + after)


def pattern_of_any(template: str) -> re.Pattern[bytes]:
    """The pattern of a text with any versions instead of the placeholders."""
    pieces = re.split(rf"\{{(?:{'|'.join(PLACEHOLDERS)})\}}", template)
    joined = rb"([0-9][0-9A-Za-z_.+-]*+)".join(re.escape(piece.encode()) for piece in pieces)
    return re.compile(rb"(?<![0-9A-Za-z_.+-])" + joined if not pieces[0] else joined)
