"""Markdown for the summary of a job, or a comment: a table of the gears, then the findings."""

import re
from collections import Counter
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Finding, Severity
from gearlint.core.text import counted, escaped
from gearlint.report.servers import path_in, rule_url, url_of
from gearlint.report.summary import OfGear, Report, summary

_MARKUP = re.compile(r"[^A-Za-z0-9\s.,;/?'\"%-]", re.ASCII)
_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "💡"}


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends.

    What would be too long for GitHub's summary of a job is counted instead.
    """
    yield "## gearlint"
    yield ""
    yield _text(summary(report))
    for error in report.errors:
        yield ""
        yield f"> ❌ {_text(error)}"
    if not report.gears:
        return
    left = limits.SUMMARY_BYTES
    rows = ["", "| gear | errors | warnings | info |", "| :-- | --: | --: | --: |"]
    rows += [_row(report, gear) for gear in sorted(report.gears, key=_badness)]
    sections = (line for gear in report.gears for line in _section(report, gear))
    omitted = 0
    for line in (*rows, *sections):
        left -= len(line.encode("utf-8", "backslashreplace")) + 1
        if left >= 0 and not omitted:
            yield line
        else:
            omitted += 1
    if omitted:
        yield ""
        yield f"… and {counted(omitted, 'more line')}: see the log of the job."


def _counts(gear: OfGear) -> list[int]:
    numbers = Counter(finding.severity for finding in gear.findings)
    return [numbers[severity] for severity in sorted(Severity, reverse=True)]


def _badness(gear: OfGear) -> tuple[list[int], str]:
    return [-number for number in _counts(gear)], gear.path


def _row(report: Report, gear: OfGear) -> str:
    name = path_in(report, gear.path)
    cells = " | ".join(str(number) if number else "" for number in _counts(gear))
    return f"| {_link(name, url_of(report, gear.path))} | {cells} |"


def _section(report: Report, gear: OfGear) -> Iterator[str]:
    if not gear.findings:
        return
    yield ""
    yield f"### {_text(path_in(report, gear.path))}"
    yield ""
    yield "| | place | rule | what is wrong |"
    yield "| :-- | :-- | :-- | :-- |"
    for finding in gear.findings:
        yield _line(report, finding)


def _line(report: Report, finding: Finding) -> str:
    path = path_in(report, finding.source.path)
    line = finding.start.line
    place = _link(f"{path}:{line}", url_of(report, finding.source.path, line))
    rule = f"[{finding.code}]({rule_url(finding.code)})"
    advice = f"<br>{_text(finding.help)}" if finding.help else ""
    sign = f"{_SIGNS[finding.severity]} {finding.severity.label}"
    return f"| {sign} | {place} | {rule} | {_text(finding.message)}{advice} |"


def _link(text: str, url: str) -> str:
    shown = _text(text)
    return f"[{shown}]({url})" if url else shown  # brackets and the like are encoded in it


def _text(text: str) -> str:
    """A text in which nothing is markup, an address, or the name of a user."""
    text = escaped(text).replace("www.", "www\0.").replace("@", "@\0")
    text = _MARKUP.sub(lambda match: _entity(match[0]), text)
    return text.replace("\0", "<!-- -->")


def _entity(char: str) -> str:
    return f"&#{ord(char)};" if char.isascii() and char != "\0" else char  # \0 is ours
