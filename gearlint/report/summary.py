"""What a run found, and the formats to tell it in: one module each, with one function `render`."""

from collections import Counter
from typing import NamedTuple

from gearlint.core.finding import Finding, Severity
from gearlint.core.text import counted, listed


class Report(NamedTuple):
    """The outcome of a run: findings, the number of gears, and what could not be done.

    `mended` is how many findings are no more, or would be, for their fixes.
    """

    findings: list[Finding]
    gears: int
    trouble: list[str]
    mended: int = 0


def summary(report: Report) -> str:
    """One line that says how it went."""
    gears = counted(report.gears, "gear")
    mended = f"Fixed {counted(report.mended, 'problem')}, " if report.mended else ""
    if not report.findings:
        return f"{mended}nothing left in {gears}." if mended else f"No findings in {gears}."
    by_severity = Counter(finding.severity for finding in report.findings)
    counts = [
        "1 note" if (severity, number) == (Severity.INFO, 1) else counted(number, noun)
        for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"),
                               (Severity.INFO, "note"))
        if (number := by_severity[severity])
    ]  # fmt: skip
    if mended:
        return f"{mended}{listed(counts)} left in {gears}."
    return f"Found {listed(counts)} in {gears}."


def statistics(report: Report) -> list[tuple[int, str, Severity, str]]:
    """(count, code, severity, name) of every rule that found something, most frequent first."""
    counts = Counter((f.code, f.severity, f.name) for f in report.findings)
    rows = [(number, code, severity, name) for (code, severity, name), number in counts.items()]
    return sorted(rows, key=lambda row: (-row[0], row[1]))
