"""`--fix` done to a generated gear: what it may change, and what has to start after it."""

import difflib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from gearlint.core.finding import Finding, Severity
from gearlint.engine.settings import Settings
from tests.e2e.builder import Real
from tests.e2e.comparison import BUILDING, BY_BOTH, BY_DOCKER, BY_FLYWHEEL
from tests.fixes import Item, items, wrongs

CHANGES = {"GL315": "environment.PATH", "GL409": "command"}
"""The value of the manifest that the fix of a rule may change, of the rules that may find something
in the gears made here."""

WAYS = {"Docker": BY_DOCKER | BY_BOTH, "Flywheel": BY_FLYWHEEL | BY_BOTH}
"""The errors that say that a gear is not started, by who starts it."""

_FIXING = Lock()
"""What is being fixed is kept in a place that is one for the process."""


class Fixing(NamedTuple):
    """What `--fix` did to a gear: what is wrong with that, what it changed, and who starts it now.

    `promised` names the starts that failed, of which an error reported, had a safe fix and is gone,
    and of which no other error is left: "Docker", "Flywheel".
    """

    contradictions: list[str]
    difference: str
    promised: list[str]


def fix(directory: Path, real: Real) -> Fixing:
    """Do what `--fix` does to the gear in `directory`, of which the image is `real`."""
    old = items(directory)
    with _FIXING:
        fixed, wrong = wrongs(directory, Settings(), unsafe=False)
    new = items(directory)
    wrong += _other_values(old["manifest.json"].content, new["manifest.json"].content, fixed.before)
    promised = list(_promised(real, fixed.before, fixed.after))
    return Fixing(wrong, _difference(old, new), promised)


# --- what was changed


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
    fixed = _errors(before, lambda finding: finding.fix is not None and finding.fix.is_safe)
    for name, codes in WAYS.items():
        is_clean = left.isdisjoint(codes | BUILDING)
        if not real.starts_by[name].begun and is_clean and not fixed.isdisjoint(codes):
            yield name


def _errors(findings: list[Finding], chosen: Callable[[Finding], bool]) -> set[str]:
    """The codes of the chosen errors."""
    return {
        finding.code
        for finding in findings
        if finding.severity is Severity.ERROR and chosen(finding)
    }
