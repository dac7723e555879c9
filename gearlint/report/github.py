"""Annotations for GitHub Actions: a workflow command for each finding.

A line is a command if it begins with `::`, or has `##[` anywhere in it.
"""

from collections.abc import Iterator

from gearlint.core.text import escaped
from gearlint.report.servers import by_severity, path_in
from gearlint.report.summary import Report

_COMMANDS = by_severity(("notice", "warning", "error"))


def render(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    for finding in report.findings:
        start, end = finding.start, finding.end
        path = path_in(report, finding.source.path)
        properties = {
            "title": f"gearlint {finding.code}",
            "file": path,
            "line": str(start.line),
            "endLine": str(end.line),
        }
        if start.line == end.line:  # columns of several lines are refused
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
        text = f"{escaped(path)}:{start.line}:{start.column}: {finding.code} {finding.message}"
        if finding.help:
            text += f"\n{finding.help}"
        yield _command(_COMMANDS[finding.severity], properties, text)
    for error in report.errors:
        yield _command("error", {"title": "gearlint"}, escaped(error))


def _command(name: str, properties: dict[str, str], text: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(text)}"


def _data(text: str) -> str:
    text = text.replace("##[", r"\u0023#[")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escaped(_data(text).replace(":", "%3A").replace(",", "%2C"))


def harmless(line: str) -> str:
    """A line of other text, changed where the runner would take it for a command."""
    line = line.replace("##[", r"\u0023#[")
    rest = line.lstrip()
    if rest.startswith("::"):
        return line[: len(line) - len(rest)] + r"\u003a" + rest[1:]
    return line
