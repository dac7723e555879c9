"""Fixes gears: applies the fixes of findings until there are none left, and writes or shows that.

All is done in memory first, and each file is then written once: it is the old one, or the fixed.
"""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from gearlint.core.change import FileChange
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, Finding, Fix, applied
from gearlint.core.source import executable, real_path, shown_path
from gearlint.core.text import listed
from gearlint.engine.linter import Result
from gearlint.engine.overlay import Overlay

MAX_ROUNDS = 10
"""Rounds that may find as much as the one before; more mean that two rules undo each other."""

HIDING = frozenset(("GL001", "GL002", "GL004", "GL005", "GL007"))
"""Rules on files that cannot be read as a whole: behind what they find there may be anything."""

Look = Callable[[Disk], Result]
"""Reads a gear from a file system and lints it."""


class _Settled(NamedTuple):
    """What fixing in memory came to: what is left, the changes, and the codes of what was fixed.

    `brought` are the codes of findings that were not there before.
    """

    result: Result
    changes: dict[str, FileChange]
    codes: frozenset[str]
    brought: frozenset[str]

    @property
    def path(self) -> str:
        """A file of which something is left to say."""
        return self.result.findings[0].source.path


class Fixer:
    """Fixes one gear after another.

    With `writes`, each at once; else the changes of all of them are gathered in `changes`.
    `is_unsafe` also takes the fixes that guess. `errors` is what could not be done, `notes` what
    is left to do, `fixed` the number of findings that are no more.
    """

    def __init__(self, *, is_unsafe: bool, writes: bool) -> None:
        self.is_unsafe = is_unsafe
        self.writes = writes
        self.changes: dict[str, FileChange] = {}
        self.errors: list[str] = []
        self.notes: list[str] = []
        self.fixed = 0

    def fix(self, look: Look, root: str) -> Result:
        """Fix the gear that `look` reads, in the repository `root`; returns what is left of it."""
        try:
            result, changes = self._harmless(look, root)
        except GearlintError as error:
            self.errors.append(str(error))
            return look(DISK)
        if not self.writes:
            self.changes = changes
            self.fixed = sum(change.fixed for change in changes.values())
            return result
        for change in changes.values():
            self._write(change, root)
        return look(DISK) if changes else result

    def _harmless(self, look: Look, root: str) -> tuple[Result, dict[str, FileChange]]:
        """As `_settled`, but without the fixes of a rule that bring findings that were not there.

        What is renamed, or is legal from then on, may be judged by rules that passed it over.
        """
        settled = self._settled(look, root)
        if brought := settled.brought:
            each = [frozenset((code,)) for code in sorted(settled.codes)]
            for barred in (*each, settled.codes):
                settled = self._settled(look, root, barred)
                if not settled.brought:
                    break
            self.notes.append(
                f"{settled.path}: not fixed: {listed(sorted(barred))}, which would bring "
                f"{listed(sorted(brought))}"
            )
        return settled.result, settled.changes

    def _settled(self, look: Look, root: str, barred: frozenset[str] = frozenset()) -> "_Settled":
        """Fix the gear in memory until nothing changes, but for what the `barred` rules find."""
        changes = dict(self.changes)
        codes: set[str] = set()
        first: Result | None = None
        rounds = before = 0
        while True:
            result = look(Overlay(dict(changes)))
            first = first or result
            wanted = [
                finding
                for finding in result.findings
                if self._may_fix(finding) and finding.code not in barred
            ]
            if not _apply((f.fix for f in wanted if f.fix), changes):
                return _Settled(result, changes, frozenset(codes), _brought(first, result))
            codes |= {finding.code for finding in wanted}
            rounds += len(result.findings) >= before  # of fixes at one place, each applies one
            before = len(result.findings)
            if rounds > MAX_ROUNDS:
                names = listed(sorted({finding.code for finding in wanted}))
                raise GearlintError(
                    f"{wanted[0].source.path}: not fixed: the fixes of {names} come to no end; "
                    "please report this"
                )

    def _may_fix(self, finding: Finding) -> bool:
        return finding.fix is not None and (finding.fix.is_safe or self.is_unsafe)

    def _write(self, change: FileChange, root: str) -> None:
        from gearlint.core.atomic import rewrite
        from gearlint.release.git import ignores_modes

        path = shown_path(change.path)
        try:
            rewrite(
                path, root, change.before, change.after,
                makes_executable=change.makes_executable,
            )  # fmt: skip
        except GearlintError as error:
            self.errors.append(str(error))
            return
        self.fixed += change.fixed
        if change.makes_executable and ignores_modes(root):
            from shlex import quote

            self.notes.append(
                f"{path}: is executable now, but git does not look at that here "
                f"(core.fileMode): run git update-index --chmod=+x {quote(path)}"
            )


def _brought(before: Result, after: Result) -> frozenset[str]:
    """The codes of findings that were not there, but for what an unreadable file had hidden."""
    if not HIDING.isdisjoint(finding.code for finding in before.findings):
        return frozenset()
    counts = [Counter((f.code, f.source.path) for f in one.findings) for one in (before, after)]
    return frozenset(code for code, _ in counts[1] - counts[0])


def _apply(fixes: Iterable[Fix], changes: dict[str, FileChange]) -> bool:
    """Add to `changes` the fixes that do not meet another; whether there were any."""
    taken: dict[str, list[Fix]] = {}
    edits: dict[str, list[Edit]] = {}
    for fix in fixes:
        real = real_path(fix.source.path)
        others = taken.get(real, [fix])
        has_effect = _is_to_be_executable(real, fix, changes) or any(
            fix.source.data[edit.start : edit.end] != edit.replacement for edit in fix.edits
        )
        if (
            has_effect
            and fix.source.data == others[0].source.data
            and not _meet(edits.setdefault(real, []), fix.edits)
        ):
            taken.setdefault(real, []).append(fix)
            for edit in fix.edits:
                at = bisect_left(edits[real], edit)
                if edits[real][at : at + 1] != [edit]:
                    edits[real].insert(at, edit)
    for real, chosen in taken.items():
        data = chosen[0].source.data
        change = changes.get(real) or FileChange(real, data, data)
        changes[real] = change._replace(
            after=applied(data, edits[real]),
            makes_executable=change.makes_executable or any(f.makes_executable for f in chosen),
            fixed=change.fixed + len(chosen),
        )
    return bool(taken)


def _is_to_be_executable(real: str, fix: Fix, changes: dict[str, FileChange]) -> bool:
    if not fix.makes_executable or (real in changes and changes[real].makes_executable):
        return False
    mode = os.stat(real).st_mode
    return executable(mode) != mode


def _meet(taken: list[Edit], edits: tuple[Edit, ...]) -> bool:
    """Whether one of the edits touches one of the `taken`, in order, that is not among them."""
    for edit in edits:
        at = bisect_left(taken, edit)
        if taken[at : at + 1] == [edit]:
            continue
        for near in taken[max(at - 1, 0) : at + 1]:
            first, second = sorted((near, edit))
            if second.start <= first.end and near not in edits:
                return True
    return False
