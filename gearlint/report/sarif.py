"""SARIF 2.1.0, for code scanning on GitHub and other viewers."""

import json
import os
from collections.abc import Iterator
from typing import Any

from gearlint import __version__
from gearlint.core.finding import Edit, Finding, Fix
from gearlint.core.secrets import is_written_by
from gearlint.core.source import Source, Span
from gearlint.core.text import escaped
from gearlint.report.servers import (
    PROJECT_URL,
    by_severity,
    encoded,
    fingerprints,
    path_in,
    rule_url,
)
from gearlint.report.summary import Report
from gearlint.rules import RULES, Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = by_severity(("note", "warning", "error"))
_ROOT = "%SRCROOT%"


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    codes = sorted({finding.code for finding in report.findings})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "gearlint",
                "informationUri": PROJECT_URL,
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(RULES[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [
            _result(report, finding, codes.index(finding.code), fingerprint)
            for finding, fingerprint in fingerprints(report)
        ],
    }
    if report.root:
        uri = f"file://{encoded(report.root)}"
        run["originalUriBaseIds"] = {_ROOT: {"uri": f"{uri.rstrip('/')}/"}}
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    summary, text, file, bad, good = rule.documentation
    prose = f"{summary}\n\n{text}".strip()
    examples = ((f"Bad {file}", bad), (f"Good {file}", good))
    # One fence that no example has in it.
    fenced = "".join(f"\n\n{title}:\n\n~~~~\n{example}\n~~~~" for title, example in examples)
    plain = "".join(f"\n\n{title}:\n\n{example}" for title, example in examples)
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": prose},
        "help": {"text": prose + plain, "markdown": prose + fenced},
        "helpUri": rule_url(rule.code),
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.default},
        "properties": {"tags": ["flywheel", "gear"], "precision": "very-high"},
    }


def _invocation(report: Report) -> dict[str, Any]:
    notes = [{"level": "error", "message": {"text": escaped(text)}} for text in report.errors]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _result(report: Report, finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    text = f"{finding.message}: {finding.help}" if finding.help else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _place(report, finding.source),
                    "region": _region(finding.source, finding.span),
                }
            }
        ],
        "partialFingerprints": {"gearlint/v1": fingerprint},
    }
    if finding.fix is not None and finding.fix.edits and not is_written_by(finding.fix):
        result["fixes"] = [_fix(report, finding.fix)]
    return result


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    which = "Safe fix" if fix.is_safe else "Unsafe fix: it may change what the gear does"
    return {
        "description": {"text": which},
        "artifactChanges": [
            {
                "artifactLocation": _place(report, fix.source),
                "replacements": [_replacement(fix.source, edit) for edit in fix.edits],
            }
        ],
    }


def _replacement(source: Source, edit: Edit) -> dict[str, Any]:
    text = edit.replacement.decode("utf-8", "backslashreplace")
    return {
        "deletedRegion": _region(source, Span(edit.start, edit.end)),
        "insertedContent": {"text": text},
    }


def _place(report: Report, source: Source) -> dict[str, str]:
    path = path_in(report, source.path)
    if os.path.isabs(path):
        return {"uri": f"file:///{encoded(path.lstrip('/'))}"}
    if not report.root:
        return {"uri": encoded(path)}
    return {"uri": encoded(path), "uriBaseId": _ROOT}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
