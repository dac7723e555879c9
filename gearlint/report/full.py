"""Findings for people: with the line of the file, carets under the place, and help.

`[*]` marks what `--fix` would fix.
"""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Finding, Severity
from gearlint.core.source import Source
from gearlint.core.text import escaped
from gearlint.report.summary import Report

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_CYAN = "\x1b[36m"
_OF_SEVERITY = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
}


def render(report: Report, *, color: bool) -> Iterator[str]:
    """The lines of the report, without their ends."""
    for finding in report.findings:
        yield from _finding(finding, color)
    fixes = [finding.fix for finding in report.findings if finding.fix]
    safe = sum(1 for fix in fixes if fix.is_safe)
    unsafe = f"{len(fixes) - safe} {'more ' if safe else ''}fixable with --fix --unsafe-fixes"
    if safe:
        and_unsafe = f", {unsafe}" if len(fixes) > safe else ""
        yield f"{_paint(_CYAN, '[*]', color)} {safe} fixable with --fix{and_unsafe}."
    elif fixes:
        yield f"{unsafe}."


def _paint(code: str, text: str, color: bool) -> str:
    return f"{code}{text}{_RESET}" if color else text


def _finding(finding: Finding, color: bool) -> Iterator[str]:
    def paint(code: str, text: str) -> str:
        return _paint(code, text, color)

    source = finding.source
    at = source.position(finding.span.start)
    tint = _OF_SEVERITY[finding.severity]
    place = paint(_BOLD, f"{escaped(source.path)}:{at.line}:{at.column}:")
    what = paint(tint, f"{finding.code} {finding.severity.label}:")
    mark = paint(_CYAN, "[*]") + " " if finding.fix and finding.fix.is_safe else ""
    yield f"{place} {what} {mark}{finding.message}"
    gutter = " " * len(str(at.line))
    bar = paint(_DIM, "|")
    if source.data:
        text, carets = excerpt(source, finding)
        yield f" {gutter} {bar}"
        yield f" {paint(_DIM, str(at.line))} {bar} {text}".rstrip()
        yield f" {gutter} {bar} {paint(tint, carets)}"
    if finding.help:
        yield f" {gutter} {paint(_DIM, '=')} help: {finding.help}"
    yield ""


def excerpt(source: Source, finding: Finding) -> tuple[str, str]:
    """The line in which a finding starts, in printable characters, and the carets under it."""
    from gearlint.core.secrets import MARGIN, redacted  # late: most runs have nothing to show

    start = source.position(finding.span.start)
    end = source.position(max(finding.span.end, finding.span.start + 1))
    line = source.line(start.line)
    first = start.column - 1
    last = end.column - 1 if end.line == start.line else len(line)
    last = max(last, first + 1)
    head, tail, width = "", "", limits.SHOWN_LINE_CHARACTERS
    if len(line) > width:
        left = max(0, min(first - width // 3, len(line) - width))
        head, tail = "…" if left else "", "…" if left + width < len(line) else ""
        around = max(0, left - MARGIN)
        line = redacted(line[around : left + width + MARGIN])[left - around :][:width]
        first, last = first - left, min(last - left, width)
    else:
        line = redacted(line)
    cells = [_printable(char) for char in line]
    before = _width(head + "".join(cells[:first])) + max(first - len(cells), 0)
    under = _width("".join(cells[first:last])) or 1
    return head + "".join(cells) + tail, " " * before + "^" * under


def _printable(char: str) -> str:
    if char == "\t":
        return "    "
    return char if char.isprintable() else "\ufffd"


def _width(text: str) -> int:
    """The number of columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )
