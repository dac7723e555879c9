"""What must hold of whatever gearlint says; an AssertionError where it does not."""

import json
import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import Any

from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, Finding
from gearlint.core.source import Source, Span
from gearlint.engine.fixer import SILENCED
from gearlint.engine.linter import Result
from gearlint.report import concise, diff, full
from gearlint.report import json as json_report
from gearlint.report.summary import OfGear, Report
from tests.fuzz.limits import restart
from tests.fuzz.seeds import TESTS

CONCISE = re.compile(r"[^\n]*:[1-9][0-9]*:[1-9][0-9]*: GL[0-9]{3} (?:error|warning|info): [^\n]+")
_COLOR = re.compile(r"\x1b\[[0-9;]*m")

MAX_MESSAGE = 4_000
"""Characters of a message and its help: a line for people."""

HIDING = {"GL001", "GL002", "GL004", "GL005", "GL007"}
"""Rules on files that cannot be read: once they are fixed, other findings come up."""


def assert_inside(span: Span, size: int) -> None:
    """A span lies in `size` bytes or characters."""
    assert 0 <= span.start <= span.end <= size, f"{span} of {size}"


def assert_sound(result: Result) -> None:
    """No rule failed, and each finding is one line about a place that is in its file."""
    for failure in result.failures:
        if not isinstance(failure.error, GearlintError):
            raise failure.error
    for found in result.findings:
        assert_inside(found.span, len(found.source.data))
        assert found.message
        assert len(found.message) + len(found.help) < MAX_MESSAGE, len(found.message)
        assert_plain(found.message)
        assert_plain(found.help)
        if found.fix is not None:
            assert_edits(found.fix.source, found.fix.edits)


def assert_edits(source: Source, edits: tuple[Edit, ...]) -> None:
    """Edits lie in their file, in order, and none in another."""
    at = 0
    for edit in edits:
        assert at <= edit.start <= edit.end <= len(source.data), f"{edits} of {len(source.data)}"
        at = edit.end


def assert_reports(findings: list[Finding]) -> None:
    """Every format tells of the findings in its documented form."""
    report = Report([OfGear("manifest.json", findings)], [])
    restart()
    lines = list(concise.render(report))
    assert len(lines) == len(findings)
    for line in lines:
        assert_concise(line)
    restart()
    for line in full.render(report):
        assert_plain(line)
    restart()
    for line in full.render(report._replace(has_color=True)):
        assert_plain(_COLOR.sub("", line))
    restart()
    assert_document("\n".join(json_report.render(report)))


def assert_concise(line: str) -> None:
    """A line of concise output is `path:line:column: GL201 error: message`."""
    assert CONCISE.fullmatch(line), repr(line)
    assert_plain(line)


def assert_plain(line: str) -> None:
    """Nothing in a line could move a cursor or change a terminal."""
    assert line.isprintable(), repr(line)


def assert_document(text: str) -> None:
    """JSON output is ASCII, and an object of the shape that docs/json.md shows."""
    assert text.isascii()
    assert_shape(json.loads(text), documented(), "")


def assert_shape(value: Any, example: Any, where: str) -> None:
    """`value` has the keys and types of `example`, or is null where that may be."""
    if value is None and where in (".findings.help", ".findings.fix"):
        return
    assert type(value) is type(example), f"{where}: {value!r}"
    if isinstance(value, dict):
        assert list(value) == list(example), where
        for key, item in value.items():
            assert_shape(item, example[key], f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            assert_shape(item, example[0] if example else "", where)


@cache
def documented() -> Any:
    """The example in docs/json.md."""
    page = (TESTS.parent / "docs" / "json.md").read_text(encoding="utf-8")
    match = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert match
    return json.loads(match[1])


def assert_fixed(before: list[Finding], after: list[Finding]) -> None:
    """Fixing brought no finding that was not there, but for what an unreadable file had hidden."""
    if HIDING.isdisjoint(found.code for found in before):
        silenced = {code for found in before for code in SILENCED.get(found.code, ())}
        new = _counted(after) - _counted(before)
        brought = [each for each in new if each[0] not in silenced]
        assert not brought, f"fixing brought {sorted(brought)}"


def _counted(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((found.code, found.source.path) for found in findings)


def assert_difference(changes: Collection[FileChange]) -> None:
    """The diff of changes can be made, and in its form for terminals it is plain."""
    diff.render(changes)
    for line in diff.render_for_terminal(changes, color=False).split("\n"):
        assert_plain(line)
