"""Suppressions: what the files of a gear ask not to be reported."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import dotted, quoted, shown
from gearlint.gear.manifest import Manifest, Path
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.dockerfile.model import Comment

_COMMENT = regex(rb"#\s*gearlint:\s*ignore\[([^\]\n]*)\]")
_CODE = regex(rb"[^,\s]+")
_SIMILAR = regex(rb"#[ \t]*+gearlint\b([^#\n]*+)", re.IGNORECASE)
_ASKED = regex(r"([\s:=-]*+)([a-z]++)(.*)", re.IGNORECASE | re.DOTALL)
_COMMANDS = frozenset(("disable", "ignore"))
_WORDS = _COMMANDS.union(
    ("allow", "disabled", "disables", "ignored", "ignores", "nolint", "noqa", "off", "skip"),
    ("suppress", "suppressed", "suppresses"),
)
_RULES = regex(r"[\s(]*+(?:GL\d{3}\b|(?:all|[a-z]++(?:-[a-z]++)++)\W*+\Z)", re.IGNORECASE)
_WHOLE_CODE = regex(r"\bGL\d{3}\b", re.IGNORECASE)
_PATH: Path = ("custom", "gearlint", "ignore")


class Suppression:
    """One code that a file suppresses, as written, and the span (byte offsets) where it does.

    `lines` (from 1) are those whose findings it covers, `None` for the whole file. The linter sets
    `used` where it suppresses a finding, or where it may.
    """

    def __init__(self, source: Source, code: str, span: Span, lines: range | None) -> None:
        self.source = source
        self.code = code
        self.span = span
        self.lines = lines
        self.used = False

    def covers(self, line: int) -> bool:
        """Whether it covers a finding of its code in a line of its file."""
        return self.lines is None or line in self.lines


def in_manifest(manifest: Manifest) -> Iterator[Suppression]:
    """The suppressions in `custom.gearlint.ignore`; each covers the whole manifest.

    What follows a colon is the reason: `"GL134: as in the paper"`.
    """
    codes = manifest.get(*_PATH)
    for index, text in enumerate(codes if isinstance(codes, list) else ()):
        if isinstance(text, str):
            code = text.partition(":")[0].strip()
            yield Suppression(manifest.source, code, manifest.span((*_PATH, index)), None)


def in_dockerfile(dockerfile: Dockerfile) -> Iterator[Suppression]:
    """The suppressions in comments of a Dockerfile; each covers the instruction that follows it.

    A comment between the lines of an instruction covers that instruction, one at the end nothing.
    """
    for comment in dockerfile.comments:
        if comment.text.startswith("gearlint:"):
            lines = _lines_below(dockerfile, comment)
            yield from _suppressions(dockerfile.source, comment.span, lines)


def _lines_below(dockerfile: Dockerfile, comment: Comment) -> range:
    """The lines of the instruction that follows a comment, or has it between its lines."""
    following = bisect_left(dockerfile.instructions, comment.line, key=lambda i: i.end_line)
    if following == len(dockerfile.instructions):
        return range(0)
    instruction = dockerfile.instructions[following]
    return range(instruction.start_line, instruction.end_line + 1)


def in_script(source: Source) -> Iterator[Suppression]:
    """The suppressions in comments of a script; each covers its own line and the next."""
    if b"gearlint:" not in source.data:
        return
    for number, start in enumerate(source.line_starts, start=1):
        end = source.data.find(b"\n", start)
        end = len(source.data) if end == -1 else end
        yield from _suppressions(source, Span(start, end), range(number, number + 2))


def _suppressions(source: Source, within: Span, lines: range) -> Iterator[Suppression]:
    for _, codes in comments(source.data, within):
        for span in codes:
            code = source.data[span.start : span.end].decode("utf-8", "replace")
            yield Suppression(source, code, span, lines)


def comments(data: bytes, within: Span) -> Iterator[tuple[Span, list[Span]]]:
    """The comments `# gearlint: ignore[...]` in a part of a file, each with its codes (spans)."""
    for match in _COMMENT.finditer(data, *within):
        codes = _CODE.finditer(data, *match.span(1))
        yield Span(*match.span()), [Span(*code.span()) for code in codes]


class Misread(NamedTuple):
    """What looks like a suppression and is none, and the suppressions that it is meant for."""

    source: Source
    span: Span
    message: str
    help: str
    meant: list[Suppression]


def misread_in_manifest(manifest: Manifest) -> Iterator[Misread]:
    """What `custom.gearlint` holds beside a list of texts under `ignore`."""
    outer = _PATH[:-1]
    ours, listed = manifest.get(*outer), manifest.get(*_PATH)

    def misread(span: Span, message: str, value: object) -> Misread:
        codes = codes_of(value)
        written = ", ".join(f'"{code}"' for code in codes) or '"GL134"'
        meant = [Suppression(manifest.source, code, span, None) for code in codes]
        advice = f'write "gearlint": {{"ignore": [{written}]}}'
        return Misread(manifest.source, span, message, advice, meant)

    if not isinstance(ours, dict):
        message = f"{dotted(outer)} is {shown(ours)}, expected an object with a list of codes"
        yield misread(manifest.span(outer), message, ours)
        return
    for key in ours:
        if key != _PATH[-1]:
            message = f'{dotted(outer)} has the key {quoted(key)}, expected "ignore"'
            yield misread(manifest.key_span((*outer, key)), message, ours[key])
    if listed is not None and not isinstance(listed, list):
        message = f"{dotted(_PATH)} is {shown(listed)}, expected a list of codes"
        yield misread(manifest.span(_PATH), message, listed)
    for index, text in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(text, str):
            message = f"{dotted(_PATH)} has {shown(text)} in it, expected codes of rules"
            yield misread(manifest.span((*_PATH, index)), message, text)


def misread_in_dockerfile(dockerfile: Dockerfile) -> Iterator[Misread]:
    """The comments of a Dockerfile that look like a suppression and are none."""
    for comment in dockerfile.comments:
        if comment.text[:8].lower() == "gearlint":
            lines = _lines_below(dockerfile, comment)
            yield from _misread(dockerfile.source, comment.span, lines)


def misread_in_script(source: Source) -> Iterator[Misread]:
    """The comments of a script that look like a suppression and are none."""
    for match in _SIMILAR.finditer(source.data):
        number = source.position(match.start()).line
        yield from _misread(source, Span(*match.span()), range(number, number + 2))


def _misread(source: Source, within: Span, lines: range) -> Iterator[Misread]:
    match = _SIMILAR.match(source.data, *within)
    if match is None or any(codes for _, codes in comments(source.data, Span(*match.span()))):
        return
    rest = match[1].decode("utf-8", "replace")
    if _is_asked(rest):
        span = Span(match.start(), match.start() + len(match[0].rstrip()))
        comment = match[0].decode("utf-8", "replace").strip()
        codes = codes_of(rest)
        meant = [Suppression(source, code, span, lines) for code in codes]
        advice = f"write # gearlint: ignore[{', '.join(codes) or 'GL307'}]"
        yield Misread(source, span, f"{quoted(comment)} suppresses nothing", advice, meant)


def _is_asked(rest: str) -> bool:
    """Whether what follows `# gearlint` asks it to be silent, and does not only speak of it."""
    asked = _ASKED.match(rest)
    if asked is None:
        return False
    marks, word, after = asked.groups()
    if word.lower() not in _WORDS:
        return ":" in marks and not _WHOLE_CODE.sub("", rest).strip(" \t\r:,[]")
    is_command = bool(marks.strip()) or word.lower() in _COMMANDS
    has_rules = is_command and _RULES.match(after) is not None
    is_bare = bool(marks.strip()) and not after.strip()
    return after.lstrip()[:1] in ("[", "=", ":") or has_rules or is_bare


def codes_of(value: object) -> list[str]:
    """The codes of rules in a text, or in the texts of a list, each once; none in a long text."""
    texts = value if isinstance(value, list) else [value]
    found: dict[str, None] = {}
    for text in texts:
        if isinstance(text, str) and len(text) <= limits.SUPPRESSION_CHARACTERS:
            found |= dict.fromkeys(map(str.upper, _WHOLE_CODE.findall(text)))
    return list(found)
