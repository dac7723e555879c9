"""Fixes gears: applies the fixes of findings until there are none left, then writes or shows them.

A gear is fixed in memory first. Each file is written once, as a whole.
"""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from gearlint.core import limits
from gearlint.core.change import FileChange
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, Finding, Fix, applied
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import executable, real_path, shown_path
from gearlint.core.text import listed
from gearlint.engine.linter import Result
from gearlint.engine.overlay import Overlay

HIDING = frozenset(("GL001", "GL002", "GL004", "GL005", "GL007"))
"""Rules for files that cannot be read as a whole, which hide what else is wrong with them."""
SILENCED = {"GL208": ("GL209",)}
"""Rules that are silent where another reports, and speak once that is fixed."""

Look = Callable[[Disk], Result]
"""Reads a gear from a file system and lints it."""

Changes = Mapping[str, FileChange]
"""Changes by the paths, absolute and without links, of their files."""


class Stable(NamedTuple):
    """A gear in which nothing is left to fix.

    `first` and `last` are what the first and the last round found, `changes` all that is to be
    written, and `codes` those of the findings that were fixed.
    """

    first: Result
    last: Result
    changes: Changes
    codes: frozenset[str]

    @property
    def brought(self) -> frozenset[str]:
        """The codes of findings that were not there before.

        None where a file could not be read at first: there, any finding may have been hidden.
        """
        before, after = self.first.findings, self.last.findings
        if not HIDING.isdisjoint(finding.code for finding in before):
            return frozenset()
        counts = [Counter((f.code, f.source.path) for f in each) for each in (before, after)]
        silenced = frozenset(code for fixed in self.codes for code in SILENCED.get(fixed, ()))
        return frozenset(code for code, _ in counts[1] - counts[0]) - silenced


def until_stable(look: Look, changes: Changes, is_wanted: Callable[[Finding], bool]) -> Stable:
    """Apply the fixes of all wanted findings to a gear, in memory, round by round.

    `changes` are there from the start. Of several fixes at one place, a round applies one, and of
    the many faults of a file it knows the first. So the number of rounds has no limit as long as
    there are fewer findings in each; only standstills are counted. Raises GearlintError after too
    many, or where a round comes back to what was there before.
    """
    first: Result | None = None
    before: Result | None = None
    codes: frozenset[str] = frozenset()
    seen = {_state(changes)}
    standstills = 0
    while True:
        result = look(Overlay(changes))
        first = first or result
        wanted = [found for found in result.findings if is_wanted(found)]
        fixed = _with_fixes(changes, wanted)
        if fixed is None:
            return Stable(first, result, changes, codes)
        of_round = {found.code for found in wanted}
        if before is not None and len(result.findings) >= len(before.findings):
            standstills += 1
        state = _state(fixed)
        if standstills == limits.STANDSTILLS or state in seen:
            raise GearlintError(
                f"{wanted[0].source.path}: not fixed: the fixes of {listed(sorted(of_round))} come "
                "to no end; please report this"
            )
        seen.add(state)
        changes, before, codes = fixed, result, codes | of_round


class Fixer:
    """Fixes one gear after another.

    With `writes`, files are written gear by gear; else the changes of all gears are collected in
    `changes`. With `is_unsafe`, unsafe fixes are applied too. `errors` is what could not be done,
    `notes` is what is left to do by hand, `fixed` counts the fixed findings, and `written` is what
    was changed.
    """

    def __init__(self, *, is_unsafe: bool, writes: bool) -> None:
        self.is_unsafe = is_unsafe
        self.writes = writes
        self.changes: Changes = {}
        self.errors: list[str] = []
        self.notes: list[str] = []
        self.fixed = 0
        self.written: list[FileChange] = []

    def take(self, look: Look, root: str) -> Result:
        """Fix the gear that `look` reads, in the repository `root`; returns what is left."""
        try:
            stable = self._harmless(look)
        except GearlintError as error:
            self.errors.append(str(error))
            return look(DISK)
        if not self.writes:
            self.changes = stable.changes
            self.fixed = sum(len(change.codes) for change in stable.changes.values())
            return stable.last
        for change in stable.changes.values():
            self._write(change, root)
        return look(DISK) if stable.changes else stable.last

    def _harmless(self, look: Look) -> Stable:
        """Fix the gear in memory, without the rules whose fixes bring new findings.

        A key that gets its right name, for example, is then seen by rules that passed it over. One
        rule after another is left out, and all of them if no single one is enough.
        """
        stable = self._fixed_without(frozenset(), look)
        if not stable.brought:
            return stable
        brought = stable.brought
        each = [frozenset((code,)) for code in sorted(stable.codes)]
        for barred in (*each, stable.codes):
            stable = self._fixed_without(barred, look)
            if not stable.brought:
                break
        # What was left out may do no harm any more, where others are fixed.
        later = until_stable(look, stable.changes, self._may_fix)
        if later.codes and not later.brought:
            return later._replace(first=stable.first, codes=stable.codes | later.codes)
        self.notes.append(
            f"{stable.last.findings[0].source.path}: not fixed: {listed(sorted(barred))}, "
            f"which would bring {listed(sorted(brought))}"
        )
        return stable

    def _fixed_without(self, barred: frozenset[str], look: Look) -> Stable:
        """Fix the gear in memory, but for the findings with `barred` codes."""
        return until_stable(
            look, self.changes, lambda found: self._may_fix(found) and found.code not in barred
        )

    def _may_fix(self, finding: Finding) -> bool:
        return finding.fix is not None and (finding.fix.is_safe or self.is_unsafe)

    def _write(self, change: FileChange, root: str) -> None:
        from gearlint.core.atomic import rewrite

        path = shown_path(change.path)
        try:
            rewrite(
                path, root, change.before, change.after, makes_executable=change.makes_executable
            )
        except GearlintError as error:
            self.errors.append(str(error))
            return
        self.fixed += len(change.codes)
        self.written.append(change)


def _with_fixes(changes: Changes, findings: Iterable[Finding]) -> Changes | None:
    """`changes` with the fixes of findings, in their order, that do not meet an earlier one.

    `None` where no fix has an effect.
    """
    taken: dict[str, list[Fix]] = {}
    edits: dict[str, list[Edit]] = {}
    codes: dict[str, list[str]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None:
            continue
        real = real_path(fix.source.path)
        others = taken.get(real, [fix])
        if (
            _has_effect(fix, real, changes)
            and fix.source.data == others[0].source.data
            and not _meet(edits.setdefault(real, []), fix.edits)
        ):
            taken.setdefault(real, []).append(fix)
            codes.setdefault(real, []).append(finding.code)
            for edit in fix.edits:
                at = bisect_left(edits[real], edit)
                if edits[real][at : at + 1] != [edit]:
                    edits[real].insert(at, edit)
    fixed = dict(changes)
    for real, chosen in taken.items():
        data = chosen[0].source.data
        change = changes.get(real) or FileChange(real, data, data)
        fixed[real] = change._replace(
            after=applied(data, edits[real]),
            makes_executable=change.makes_executable or any(f.makes_executable for f in chosen),
            codes=(*change.codes, *codes[real]),
        )
    return fixed if taken else None


def _state(changes: Changes) -> int:
    """A hash of how `changes` leave the files, and of nothing else."""
    return hash(frozenset((c.path, c.after, c.makes_executable) for c in changes.values()))


def _has_effect(fix: Fix, real: str, changes: Changes) -> bool:
    """Whether a fix changes the file at `real`, as it is after `changes`."""
    if any(fix.source.data[edit.start : edit.end] != edit.replacement for edit in fix.edits):
        return True
    if not fix.makes_executable or (real in changes and changes[real].makes_executable):
        return False
    mode = os.stat(real).st_mode
    return executable(mode) != mode


def _meet(taken: list[Edit], edits: tuple[Edit, ...]) -> bool:
    """Whether one of `edits` touches one of `taken`, which is in order and does not have it too."""
    for edit in edits:
        at = bisect_left(taken, edit)
        for near in taken[max(at - 1, 0) : at + 1]:
            first, second = sorted((near, edit))
            if second.start <= first.end and near not in edits:
                return True
    return False
