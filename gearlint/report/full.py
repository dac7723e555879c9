"""Findings for people: with the line of the file, carets under the place, and help.

`[*]` marks what `--fix` would fix.
"""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Finding, Severity
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

LEAST = 20
"""Columns of a source line that are shown, however narrow the terminal."""


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    findings = report.findings
    for finding in findings:
        yield from _finding(finding, report)
    if report.is_quiet:
        return
    fixes = [finding.fix for finding in findings if finding.fix]
    safe = sum(1 for fix in fixes if fix.is_safe)
    unsafe = f"{len(fixes) - safe} {'more ' if safe else ''}fixable with --fix --unsafe-fixes"
    if safe:
        and_unsafe = f", {unsafe}" if len(fixes) > safe else ""
        yield f"{_paint(_CYAN, '[*]', report.has_color)} {safe} fixable with --fix{and_unsafe}."
    elif fixes:
        yield f"{unsafe}."
    if findings and report.columns:
        worst = max(findings, key=lambda finding: finding.severity)
        yield f'Run "gearlint rule {worst.code}" for an explanation.'


def _paint(code: str, text: str, color: bool) -> str:
    return f"{code}{text}{_RESET}" if color else text


def _finding(finding: Finding, report: Report) -> Iterator[str]:
    def paint(code: str, text: str) -> str:
        return _paint(code, text, report.has_color)

    source, at = finding.source, finding.start
    tint = _OF_SEVERITY[finding.severity]
    place = paint(_BOLD, f"{escaped(source.path)}:{at.line}:{at.column}:")
    what = paint(tint, f"{finding.code} {finding.severity.label}:")
    mark = paint(_CYAN, "[*]") + " " if finding.is_fixable else ""
    yield f"{place} {what} {mark}{finding.message}"
    gutter = " " * len(str(at.line))
    bar = paint(_DIM, "|")
    if not source.is_empty:
        from gearlint.report.excerpt import excerpt  # late: most runs have nothing to show

        room = limits.SHOWN_LINE_COLUMNS
        if report.columns:
            room = max(report.columns - len(f" {gutter} | "), LEAST)
        text, carets = excerpt(source, finding.span, room)
        yield f" {gutter} {bar}"
        yield f" {paint(_DIM, str(at.line))} {bar} {text}".rstrip()
        yield f" {gutter} {bar} {paint(tint, carets)}"
    if finding.help:
        yield f" {gutter} {paint(_DIM, '=')} help: {finding.help}"
    yield ""
