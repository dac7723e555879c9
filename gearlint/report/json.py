"""For programs: one JSON object, described in the README; fields are added, never changed."""

import json
from collections.abc import Iterator

from gearlint.finding import Finding
from gearlint.report import Report

FORMAT = 1
"""Raised if a field ever had to change its meaning."""


def render(report: Report, *, color: bool) -> Iterator[str]:
    """The lines of the report, without their ends."""
    document = {
        "format": FORMAT,
        "gears": report.gears,
        "findings": [_finding(finding) for finding in report.findings],
        "trouble": report.trouble,
    }
    yield json.dumps(document, indent=2)


def _finding(finding: Finding) -> dict[str, str | int | None]:
    start = finding.source.position(finding.span.start)
    end = finding.source.position(finding.span.end)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": finding.message,
        "help": finding.help or None,
        "path": finding.source.path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
