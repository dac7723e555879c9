"""GitLab's Code Quality report: a JSON list, shown in merge requests."""

import json
from collections.abc import Iterator

from gearlint.core.text import escaped
from gearlint.report.servers import by_severity, fingerprints, path_in
from gearlint.report.summary import Report

_SEVERITIES = by_severity(("info", "minor", "major"))


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    entries = []
    for finding, fingerprint in fingerprints(report):
        start, end = finding.start, finding.end
        advice = f" ({finding.help})" if finding.help else ""
        entries.append(
            {
                "description": f"{finding.code} {finding.message}{advice}",
                "check_name": finding.code,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": escaped(path_in(report, finding.source.path)),
                    "lines": {"begin": start.line},
                    "positions": {
                        "begin": {"line": start.line, "column": start.column},
                        "end": {"line": end.line, "column": end.column},
                    },
                },
            }
        )
    yield json.dumps(entries, indent=2)
