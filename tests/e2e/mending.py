"""`--fix` done to a generated gear: what it may change, and what has to start after it."""

import difflib
import json
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from gearlint.finding import Finding, Fix, Severity, applied
from gearlint.fixing import Fixer
from gearlint.gear import Gear
from gearlint.linter import Result, lint
from gearlint.manifest import Manifest
from gearlint.settings import Settings
from gearlint.source import executable, read
from tests.e2e.builder import Real
from tests.e2e.comparison import BUILDING, BY_BOTH, BY_DOCKER, BY_FLYWHEEL

CHANGES = {"GL315": "environment.PATH", "GL409": "command"}
"""The value of the manifest that the fix of a rule may change, of the rules that may find something
in the gears made here."""

WAYS = {"Docker": BY_DOCKER | BY_BOTH, "Flywheel": BY_FLYWHEEL | BY_BOTH}
"""The errors that say that a gear is not started, by who starts it."""

_FIXING = Lock()
"""What is being fixed is kept in a place that is one for the process."""


class Item(NamedTuple):
    """A file of a gear on disk: its bytes, or where it links to, and its mode."""

    content: bytes
    mode: int


class Mending(NamedTuple):
    """What `--fix` did to a gear: what is wrong with that, what it changed, and who starts it now.

    `promised` names the starts that failed, of which an error told, had a safe fix and is gone, and
    of which no other error is left: "Docker", "Flywheel".
    """

    contradictions: list[str]
    difference: str
    promised: list[str]


def mend(folder: Path, real: Real) -> Mending:
    """Do what `--fix` does to the gear in `folder`, of which the image is `real`."""
    old = _items(folder)
    with _FIXING:
        trouble, results = _fix(folder)
        new = _items(folder)
        trouble_again, results_again = _fix(folder)
    before, after = results[0].findings, results_again[0].findings
    wrong = [*trouble, *trouble_again, *_unexplained(folder, results, old, new)]
    wrong += [f"{code} in {path} is new" for code, path in _codes(after) - _codes(before)]
    if _items(folder) != new:
        wrong.append("a second run changes something")
    wrong += _other_values(old["manifest.json"].content, new["manifest.json"].content, before)
    return Mending(wrong, _difference(old, new), list(_promised(real, before, after)))


def _items(folder: Path) -> dict[str, Item]:
    """All files of a gear by their paths."""
    found = {}
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            found[str(path.relative_to(folder))] = Item(os.readlink(path).encode(), mode)
        elif not stat.S_ISDIR(mode):
            found[str(path.relative_to(folder))] = Item(path.read_bytes(), mode)
    return found


def _fix(folder: Path) -> tuple[list[str], list[Result]]:
    """Run the safe fixes; trouble, and what was found each time that the gear was looked at."""
    root = str(folder.resolve())
    results: list[Result] = []

    def look() -> Result:
        results.append(lint(Gear(Manifest(read(f"{root}/manifest.json", root)), root), Settings()))
        return results[-1]

    fixer = Fixer(is_unsafe=False, writes=True)
    fixer.fix(look, root)
    failures = [str(failure) for result in results for failure in result.failures]
    return [*fixer.trouble, *failures], results


def _codes(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.code, finding.source.path) for finding in findings)


# --- what was changed


def _unexplained(
    folder: Path, results: list[Result], old: dict[str, Item], new: dict[str, Item]
) -> Iterator[str]:
    """The files that are not, byte for byte, what the safe fixes that were offered make of them."""
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield f"{name} was {'made' if name in new else 'removed'}"
            continue
        rounds = [_safe_fixes(result, str(folder.resolve() / name)) for result in results]
        rounds = [fixes for fixes in rounds if fixes]
        states = [*(fixes[0].source.data for fixes in rounds), new[name].content]
        if old[name].content != states[0] or not all(
            _makes(before, fixes, after)
            for before, fixes, after in zip(states, rounds, states[1:], strict=False)
        ):
            yield f"{name} is changed beside the fixes"
        mode = old[name].mode
        if any(fix.makes_executable for fixes in rounds for fix in fixes):
            mode = executable(mode)
        if new[name].mode != mode:
            yield f"{name} has the mode {new[name].mode:o}, and had {old[name].mode:o}"


def _safe_fixes(result: Result, path: str) -> list[Fix]:
    """The safe fixes of a file, each once."""
    fixes = [finding.fix for finding in result.findings if finding.fix is not None]
    chosen = [fix for fix in fixes if fix.is_safe and os.path.realpath(fix.source.path) == path]
    return list(dict.fromkeys(chosen))


def _makes(before: bytes, fixes: Sequence[Fix], after: bytes) -> bool:
    """Whether some of the fixes, and nothing else, make `after` of `before`."""
    return any(
        applied(before, sorted({edit for fix in some for edit in fix.edits})) == after
        for number in range(len(fixes), -1, -1)
        for some in combinations(fixes, number)
    )


def _other_values(old: bytes, new: bytes, findings: list[Finding]) -> Iterator[str]:
    """The values of the manifest that differ, and that no finding is about."""
    allowed = {CHANGES.get(finding.code) for finding in findings if finding.fix is not None}
    before, after = dict(_values(json.loads(old))), dict(_values(json.loads(new)))
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path) and path not in allowed:
            yield f"{path} of the manifest is changed"


def _values(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(dotted path, value as JSON) of all that is no object."""
    if not isinstance(value, dict):
        yield path, json.dumps(value)
        return
    for key, member in value.items():
        yield from _values(member, f"{path}.{key}" if path else key)


def _difference(old: dict[str, Item], new: dict[str, Item]) -> str:
    """What was changed, for people."""
    lines: list[str] = []
    for name in sorted(old.keys() & new.keys()):
        if old[name] == new[name]:
            continue
        lines.append(f"{name}: mode {old[name].mode:o}, then {new[name].mode:o}")
        before, after = (_shown_lines(item.content) for item in (old[name], new[name]))
        lines += list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return "\n".join(lines)


def _shown_lines(content: bytes) -> list[str]:
    """The lines of a file with their ends to be seen."""
    return [repr(line)[1:] for line in content.splitlines(keepends=True)]


# --- what has to start


def _promised(real: Real, before: list[Finding], after: list[Finding]) -> Iterator[str]:
    """Who has to start the gear now and could not before."""
    if not real.built:
        return
    left = _errors(after, lambda finding: True)
    mended = _errors(before, lambda finding: finding.fix is not None and finding.fix.is_safe)
    for name, codes in WAYS.items():
        is_clean = left.isdisjoint(codes | BUILDING)
        if not real.starts_by[name].begun and is_clean and not mended.isdisjoint(codes):
            yield name


def _errors(findings: list[Finding], chosen: Callable[[Finding], bool]) -> set[str]:
    """The codes of the chosen errors."""
    return {
        finding.code
        for finding in findings
        if finding.severity is Severity.ERROR and chosen(finding)
    }
