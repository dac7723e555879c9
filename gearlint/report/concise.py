"""One line for each finding: `path:line:column: GL201 error: [*] message`.

`[*]` marks what `--fix` would fix.
"""

from collections.abc import Iterator

from gearlint.core.finding import Finding
from gearlint.core.text import escaped
from gearlint.report.summary import Report


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    for finding in report.findings:
        yield line(finding)


def line(finding: Finding) -> str:
    """One finding. Lines and columns count from 1, columns in characters."""
    path, at = escaped(finding.source.path), finding.start
    severity = finding.severity.label
    mark = "[*] " if finding.is_fixable else ""
    return f"{path}:{at.line}:{at.column}: {finding.code} {severity}: {mark}{finding.message}"
