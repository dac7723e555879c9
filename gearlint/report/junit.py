"""JUnit XML: a suite for each gear, and in it a test that failed for each finding."""

from collections.abc import Iterator
from itertools import groupby

from gearlint.core.finding import Finding, Severity
from gearlint.core.text import escaped
from gearlint.report.concise import line
from gearlint.report.servers import path_in
from gearlint.report.summary import OfGear, Report


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends.

    A test is a rule in a file; info does not fail one.
    """
    suites = [_Suite(report, each) for each in report.gears]
    failures = sum(suite.failures for suite in suites)
    tests = sum(len(suite.cases) for suite in suites) + len(report.errors)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield _tag(
        "testsuites",
        name="gearlint",
        tests=str(tests),
        failures=str(failures),
        errors=str(len(report.errors)),
    )
    for suite in suites:
        yield from suite.lines()
    if report.errors:
        number = str(len(report.errors))
        yield "  " + _tag("testsuite", name="errors", tests=number, failures="0", errors=number)
        for error in report.errors:
            yield f"    {_tag('testcase', name='gearlint', classname='gearlint')}"
            yield f"      {_tag('error', message=error)}</error>"
            yield "    </testcase>"
        yield "  </testsuite>"
    yield "</testsuites>"


class _Suite:
    """The tests of one gear; one that passed if nothing is found."""

    def __init__(self, report: Report, gear: OfGear) -> None:
        self.name = path_in(report, gear.path)
        self.cases: list[tuple[str, str, list[Finding]]] = []
        ordered = sorted(gear.findings, key=_case)
        for (code, path), findings in groupby(ordered, key=_case):
            self.cases.append((code, path_in(report, path), list(findings)))
        self.failures = sum(1 for _, _, findings in self.cases if _failed(findings))
        if not self.cases:
            self.cases.append(("gearlint", self.name, []))

    def lines(self) -> Iterator[str]:
        """The suite as XML."""
        tests, failures = str(len(self.cases)), str(self.failures)
        yield "  " + _tag("testsuite", name=self.name, tests=tests, failures=failures, errors="0")
        for code, path, findings in self.cases:
            first = findings[0] if findings else None
            name = f"{code} {first.name}" if first else code
            yield f"    {_tag('testcase', name=name, classname=path, file=path)}"
            shown = "\n".join(_text(finding) for finding in findings)
            if first and _failed(findings):
                worst = max(findings, key=lambda found: found.severity)
                kind = worst.severity.label
                yield f"      {_tag('failure', type=kind, message=worst.message)}"
                yield f"{_escaped(shown)}</failure>"
            elif first:
                yield f"      <system-out>{_escaped(shown)}</system-out>"
            yield "    </testcase>"
        yield "  </testsuite>"


def _case(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.source.path


def _failed(findings: list[Finding]) -> bool:
    return any(finding.severity > Severity.INFO for finding in findings)


def _text(finding: Finding) -> str:
    return f"{line(finding)}\n  help: {finding.help}" if finding.help else line(finding)


def _tag(element: str, /, **attributes: str) -> str:
    """The tag that opens an element."""
    given = "".join(f' {key}="{_escaped(escaped(value))}"' for key, value in attributes.items())
    return f"<{element}{given}>"


def _escaped(text: str) -> str:
    """A text of printable characters and line ends, as it is written in XML."""
    for char, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "apos")):
        text = text.replace(char, f"&{entity};")
    return text
