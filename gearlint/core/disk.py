"""The file system that a gear is read from, so that a fix can be tried before it is written."""

import os
import stat

from gearlint.core.source import Source, read


class Disk:
    """The files as they are. A subclass may show some of them as they would be."""

    def read(self, path: str, within: str) -> Source:
        """Read the file at `path`, as `source.read` does."""
        return read(path, within)

    def permissions(self, path: str, info: os.stat_result) -> int:
        """The permission bits of the file at `path`, whose `lstat` is `info`."""
        return stat.S_IMODE(info.st_mode)


DISK = Disk()
