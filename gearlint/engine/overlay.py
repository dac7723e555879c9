"""The file system with changes that are not written yet."""

import os
from collections.abc import Mapping

from gearlint.core.change import FileChange
from gearlint.core.disk import Disk
from gearlint.core.source import Source, executable, real_path


class Overlay(Disk):
    """The files as they would be after `changes`, whose keys are paths without links.

    Only files that exist are changed, so what cannot be read on disk cannot be read here.
    """

    def __init__(self, changes: Mapping[str, FileChange]) -> None:
        self.changes = changes

    def read(self, path: str, within: str) -> Source:
        """Read the file at `path`. Raises what `source.read` raises."""
        source = super().read(path, within)
        change = self.changes.get(real_path(path))
        return source if change is None else Source(path, change.after)

    def permissions(self, path: str, info: os.stat_result, root: str) -> int | None:
        """The permission bits of the file at `path`, as `Disk.permissions` says."""
        mode = super().permissions(path, info, root)
        if mode is None or not self.changes:
            return mode
        change = self.changes.get(real_path(path))
        return executable(mode) if change is not None and change.makes_executable else mode
