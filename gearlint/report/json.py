"""JSON for programs: one object, described in docs/json.md. Fields are added, never changed."""

import json
from collections.abc import Iterator

from gearlint.core.finding import Finding, Fix
from gearlint.report.summary import Report

FORMAT = 1
"""A larger number would mean that a field has changed its meaning."""


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    document = {
        "format": FORMAT,
        "gears": len(report.gears),
        "findings": [_finding(finding) for finding in report.findings],
        "errors": report.errors,
        "fixed": report.fixed,
    }
    yield json.dumps(document, indent=2)


def _finding(finding: Finding) -> dict[str, object]:
    start, end = finding.start, finding.end
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
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> dict[str, object] | None:
    from gearlint.core.secrets import is_written_by

    if is_written_by(fix):
        return None
    edits = []
    for edit in fix.edits:
        start, end = (fix.source.position(offset) for offset in (edit.start, edit.end))
        edits.append(
            {
                "start_line": start.line,
                "start_column": start.column,
                "end_line": end.line,
                "end_column": end.column,
                "replacement": edit.replacement.decode("utf-8", "backslashreplace"),
            }
        )
    return {
        "safe": fix.is_safe,
        "path": fix.source.path,
        "makes_executable": fix.makes_executable,
        "edits": edits,
    }
