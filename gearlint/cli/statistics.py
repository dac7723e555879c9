"""`gearlint check --statistics`: the numbers of findings, by rule and by gear."""

import json
from collections import Counter
from collections.abc import Iterator

from gearlint.core.text import escaped
from gearlint.report.summary import Report, statistics


def lines(report: Report, output_format: str) -> Iterator[str]:
    """A line for each rule and, of several gears, one for each with findings."""
    rows = statistics(report)
    if output_format == "json":
        keys = ("count", "code", "severity", "name")
        documents = []
        for number, code, severity, name in rows:
            values = (number, code, severity.label, name)
            by_gear = {
                gear.path: count
                for gear in report.gears
                if (count := sum(f.code == code and f.severity is severity for f in gear.findings))
            }
            documents.append({**dict(zip(keys, values, strict=True)), "gears": by_gear})
        yield json.dumps(documents, indent=2)
        return
    for number, code, severity, name in rows:
        yield f"{number:5}  {code}  {severity.label:7}  {name}"
    if len(report.gears) < 2:
        return
    gears = [(gear.path, Counter(f.code for f in gear.findings)) for gear in report.gears]
    worst = sorted((-codes.total(), path, codes) for path, codes in gears if codes)
    if worst:
        yield ""
    for number, path, codes in worst:
        shown = ", ".join(f"{code} {codes[code]}" for code in sorted(codes))
        yield f"{-number:5}  {escaped(path)}: {shown}"
