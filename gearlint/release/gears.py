"""The gears of a repository, by which the tags of each are told apart. Knows no git."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import kept_for_a_run
from gearlint.core.source import read
from gearlint.gear.gear import MANIFEST, is_skipped, why_not_a_gear
from gearlint.gear.manifest import Manifest


def named_gears(paths: Iterable[str], root: str) -> Iterator[tuple[str, str]]:
    """The directory and the name of each gear among files of the repository at `root`.

    Paths are relative to `root`, with `/`; the directory of the root is an empty string.
    """
    for path in paths:
        directory, _, file = path.rpartition("/")
        if file != MANIFEST or any(map(is_skipped, directory.split("/"))):
            continue
        try:
            manifest = Manifest(read(os.path.join(root, path), root))
        except GearlintError:
            continue
        if why_not_a_gear(manifest) is None:
            yield directory, manifest.string("name") or ""


@kept_for_a_run(maxsize=4)
def gears_on_disk(root: str) -> dict[str, str]:
    """The names of the gears in the repository at `root` by their directories.

    Those that `.gitignore` leaves out do not count. Raises TooMuchError in a repository of more
    than `limits.GEAR_DIRECTORIES` directories.
    """
    from gearlint.syntax.gitignore import GitIgnore

    ignored = GitIgnore(root)
    paths = [path for path in _manifests(root) if not ignored.covers(os.path.join(root, path))]
    return dict(named_gears(sorted(paths), root))


def _manifests(root: str) -> Iterator[str]:
    left = Budget(limits.GEAR_DIRECTORIES)
    pending = [""]
    while pending:
        below = pending.pop()
        left.require(1)
        with suppress(OSError), os.scandir(os.path.join(root, below)) as entries:
            for entry in entries:
                if entry.name == MANIFEST:
                    yield below + MANIFEST
                elif entry.is_dir(follow_symlinks=False) and not is_skipped(entry.name):
                    pending.append(f"{below}{entry.name}/")
