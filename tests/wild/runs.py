"""Breaks the gears of one repository in every way, and says what gearlint made of it."""

import tempfile
import traceback
from pathlib import Path
from typing import Literal, NamedTuple

from tests.wild import breaks, gears
from tests.wild.lint import Finding, lint
from tests.wild.model import Why, why_silent
from tests.wild.started import Broken, gear_at

State = Literal["reported", "silent", "broken before", "crash"]


class Break(NamedTuple):
    """What came of one way: `codes` are those of the new findings, `why` of the silent ones.

    "broken before" is a gear that did not start anyway, and of which that was reported.
    """

    way: str
    state: State
    codes: tuple[str, ...] = ()
    why: Why | None = None


_OF_COMMAND = ("GL302", "GL4")
_OF_ENTRYPOINT = ("GL302", "GL303", "GL304", "GL305", "GL306")
"""What says that a gear does not start as it is."""


class Row(NamedTuple):
    """What came of one gear: what was found in it as it is, and the ways that apply to it."""

    gear: str
    findings: tuple[Finding, ...]
    crash: str
    breaks: tuple[Break, ...]

    @property
    def errors(self) -> list[Finding]:
        """The errors of the gear as it is."""
        return [found for found in self.findings if found.severity == "error"]


def rows_of(repository: Path, *, is_all: bool = False) -> list[Row]:
    """The rows of the gears in a repository: of its first one, or of all."""
    places = gears.gears_in(repository)
    if not is_all:
        places = places[:1]
    if not places:
        return []
    with tempfile.TemporaryDirectory(prefix="gearlint-wild-") as name:
        root = Path(name).resolve() / repository.name
        gears.copy(repository, root)
        return [_row(repository.name, place, root) for place in places]


def _row(repository: str, place: gears.Place, root: Path) -> Row:
    shown = repository if place.directory == "." else f"{repository}/{place.directory}"
    gear = gear_at(root / place.directory, place.dockerfile, root)
    before = lint(gear.directory)
    done = [_break(gear, way, before.findings) for way in breaks.WAYS] if not before.crash else []
    findings = sorted(
        found._replace(path=found.path.removeprefix(f"{root}/")) for found in before.findings
    )
    return Row(shown, tuple(findings), before.crash, tuple(one for one in done if one))


def _break(gear: Broken, way: str, before: frozenset[Finding]) -> Break | None:
    """Break a gear in one way, if it can be."""
    change = breaks.WAYS[way](gear)
    if change is None:
        return None
    with breaks.applied(change):
        after = lint(gear.directory)
        if after.crash:
            return Break(way, "crash", why=Why("crash", after.crash))
        found_after = _by_old_name(after.findings, change.subject.name)
        new = sorted({found.code for found in found_after - before if found.is_of_starting})
        if new:
            return Break(way, "reported", tuple(new))
        codes = _OF_COMMAND if change.subject.by == "command" else _OF_ENTRYPOINT
        old = [found for found in before & found_after if found.severity == "error"]
        if any(found.code.startswith(codes) for found in old):
            return Break(way, "broken before")
        try:
            why = why_silent(gear.manifest_path, change.subject, way)
        except Exception:
            why = Why("the cause is not known", traceback.format_exc())
        return Break(way, "silent", why=why)


def _by_old_name(findings: frozenset[Finding], name: str) -> frozenset[Finding]:
    """Findings as if nothing had been renamed: what was there before is not new by its name."""
    other = breaks.other_name(name)
    return frozenset(
        found._replace(
            path=found.path.replace(other, name), message=found.message.replace(other, name)
        )
        for found in findings
    )
