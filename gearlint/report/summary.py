"""What a run found, as each output format gets it, and the numbers that sum it up."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gearlint.core.finding import Finding, Severity
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import counted, listed


class OfGear(NamedTuple):
    """What was found in one gear; `path` is that of its manifest."""

    path: str
    findings: Sequence[Finding]


class GearFacts(NamedTuple):
    """What a gear is called, its version and image, and its last release tag; empty if unknown."""

    name: str = ""
    label: str = ""
    version: str = ""
    image: str = ""
    last_tag: str = ""


class Report(NamedTuple):
    """The outcome of a run: the gears, with a finding or without, and what could not be done.

    `fixed` is the number of findings that were fixed, or would be with `--fix`. `root` is the
    absolute directory that a CI server's paths begin in, and `files_url` the address of that
    directory, with a `/` at its end, empty where it is not known. `unchecked` is the number of
    gears, beside `gears`, that could not be checked. `columns` is the width of the terminal that
    the report is shown on, 0 where it is not shown on one, and `has_color` whether it is in color
    there. `facts` are by the paths of manifests, for the page alone. `is_quiet` leaves out what a
    text says of all findings together.
    """

    gears: Sequence[OfGear]
    errors: list[str]
    fixed: int = 0
    root: str = ""
    files_url: str = ""
    unchecked: int = 0
    columns: int = 0
    has_color: bool = False
    facts: Mapping[str, GearFacts] = {}
    is_quiet: bool = False

    @property
    def findings(self) -> list[Finding]:
        """The findings of all gears."""
        return [finding for gear in self.gears for finding in gear.findings]


def summary(report: Report) -> str:
    """One line with the numbers of gears, findings and fixes, and of gears not checked."""
    unchecked = f"{counted(report.unchecked, 'gear')} could not be checked"
    if not report.unchecked:
        return f"{_found(report)}."
    return f"{_found(report)}; {unchecked}." if report.gears else f"{unchecked}."


def _found(report: Report) -> str:
    gears = counted(len(report.gears), "gear")
    fixed = f"Fixed {counted(report.fixed, 'problem')}, " if report.fixed else ""
    by_severity = Counter(finding.severity for finding in report.findings)
    if not by_severity:
        return f"{fixed}nothing left in {gears}" if fixed else f"No findings in {gears}"
    counts = [
        f"{number} info" if severity is Severity.INFO else counted(number, severity.label)
        for severity in sorted(Severity, reverse=True)
        if (number := by_severity[severity])
    ]
    if fixed:
        return f"{fixed}{listed(counts)} left in {gears}"
    return f"Found {listed(counts)} in {gears}"


def statistics(report: Report) -> list[tuple[int, str, Severity, str]]:
    """Count, code, severity and name of each rule with findings, most frequent first."""
    counts = Counter((f.code, f.severity, f.name) for f in report.findings)
    rows = [(number, code, severity, name) for (code, severity, name), number in counts.items()]
    return sorted(rows, key=lambda row: (-row[0], row[1]))
