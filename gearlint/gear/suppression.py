"""Suppressions: what the files of a gear ask not to be reported."""

from bisect import bisect_left
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.gear.manifest import Manifest
from gearlint.syntax.dockerfile import Dockerfile

_COMMENT = regex(rb"#\s*gearlint:\s*ignore\[([^\]\n]*)\]")
_CODE = regex(rb"[^,\s]+")


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
    path = ("custom", "gearlint", "ignore")
    codes = manifest.get(*path)
    for index, text in enumerate(codes if isinstance(codes, list) else ()):
        if isinstance(text, str):
            code = text.partition(":")[0].strip()
            yield Suppression(manifest.source, code, manifest.span((*path, index)), None)


def in_dockerfile(dockerfile: Dockerfile) -> Iterator[Suppression]:
    """The suppressions in comments of a Dockerfile; each covers the instruction that follows it.

    A comment between the lines of an instruction covers that instruction.
    """
    for comment in dockerfile.comments:
        if not comment.text.startswith("gearlint:"):
            continue
        following = bisect_left(dockerfile.instructions, comment.line, key=lambda i: i.end_line)
        if following < len(dockerfile.instructions):
            instruction = dockerfile.instructions[following]
            lines = range(instruction.start_line, instruction.end_line + 1)
            yield from _suppressions(dockerfile.source, comment.span, lines)


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
