"""`--fix` done to a whole gear in a directory of its own, and what it may change of the files."""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from gearlint.core.disk import Disk
from gearlint.core.finding import Finding, Fix, applied
from gearlint.core.source import executable
from gearlint.engine.fixer import Fixer
from gearlint.engine.linter import Result, lint
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest


class Item(NamedTuple):
    """A file of a gear on disk: its bytes, or where it links to, and its mode."""

    content: bytes
    mode: int


class Fixed(NamedTuple):
    """A run of `--fix`: what went wrong, and what was found each time the gear was looked at."""

    errors: list[str]
    results: list[Result]

    @property
    def before(self) -> list[Finding]:
        """What was found at first."""
        return self.results[0].findings

    @property
    def after(self) -> list[Finding]:
        """What is left."""
        return self.results[-1].findings


def fix(directory: Path, settings: Settings, *, unsafe: bool) -> Fixed:
    """Fix the gear in a directory; `unsafe` also takes the fixes that guess."""
    root = str(directory.resolve())
    results: list[Result] = []

    def look(disk: Disk) -> Result:
        manifest = Manifest(disk.read(f"{root}/manifest.json", root))
        results.append(lint(Gear(manifest, root, disk=disk), settings))
        return results[-1]

    fixer = Fixer(is_unsafe=unsafe, writes=True)
    fixer.take(look, root)
    failures = [str(failure) for result in results for failure in result.failures]
    return Fixed([*fixer.errors, *failures], results)


def wrongs(directory: Path, settings: Settings, *, unsafe: bool) -> tuple[Fixed, list[str]]:
    """Fix the gear in a directory, twice; the first run, and what must not be but is.

    That is: a file changed beside the fixes, a finding that was not there before, errors, and
    anything that the second run does.
    """
    old = items(directory)
    run = fix(directory, settings, unsafe=unsafe)
    new = items(directory)
    again = fix(directory, settings, unsafe=unsafe)
    wrong = [*run.errors, *again.errors, *_unexplained(directory, run, old, new, unsafe)]
    wrong += [f"{code} in {path} is new" for code, path in _codes(run.after) - _codes(run.before)]
    if items(directory) != new:
        wrong.append("a second run changes something")
    return run, wrong


def items(directory: Path) -> dict[str, Item]:
    """All files of a directory by their paths in it."""
    found = {}
    for path in directory.rglob("*"):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            found[str(path.relative_to(directory))] = Item(os.readlink(path).encode(), mode)
        elif not stat.S_ISDIR(mode):
            found[str(path.relative_to(directory))] = Item(path.read_bytes(), mode)
    return found


def _codes(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.code, finding.source.path) for finding in findings)


def _unexplained(
    directory: Path, run: Fixed, old: dict[str, Item], new: dict[str, Item], unsafe: bool
) -> Iterator[str]:
    """The files that are not, byte for byte, what the fixes that were offered make of them."""
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield f"{name} was {'made' if name in new else 'removed'}"
            continue
        path = str(directory.resolve() / name)
        rounds = [fixes for result in run.results if (fixes := _fixes(result, path, unsafe))]
        states = [*(fixes[0].source.data for fixes in rounds), new[name].content]
        if old[name].content != states[0] or not all(map(_makes, states[:-1], rounds, states[1:])):
            yield f"{name} is changed beside the fixes"
        mode = old[name].mode
        if any(each.makes_executable for fixes in rounds for each in fixes):
            mode = executable(mode)
        if new[name].mode != mode:
            yield f"{name} has the mode {new[name].mode:o}, and had {old[name].mode:o}"


def _fixes(result: Result, path: str, unsafe: bool) -> list[Fix]:
    """The fixes of a file that may be taken, each once."""
    fixes = [found.fix for found in result.findings if found.fix is not None]
    return list(
        dict.fromkeys(
            each
            for each in fixes
            if (each.is_safe or unsafe) and os.path.realpath(each.source.path) == path
        )
    )


def _makes(before: bytes, fixes: Sequence[Fix], after: bytes) -> bool:
    """Whether some of the fixes, and nothing else, make `after` of `before`."""
    return any(
        applied(before, sorted({edit for each in some for edit in each.edits})) == after
        for number in range(len(fixes), -1, -1)
        for some in combinations(fixes, number)
    )
