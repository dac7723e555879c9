"""The file system that a gear is read from, so that a fix can be tried before it is written."""

import os
import stat

from gearlint.core.errors import GearlintError
from gearlint.core.lazy import kept_for_a_run
from gearlint.core.source import Source, read

OFF = ("false", "no", "off", "0")
"""What git takes for no."""

_IS_WINDOWS = os.name == "nt"


class Disk:
    """The files as they are. A subclass may show some of them as they would be."""

    def read(self, path: str, within: str) -> Source:
        """Read the file at `path`, as `source.read` does."""
        return read(path, within)

    def permissions(self, path: str, info: os.stat_result, root: str) -> int | None:
        """The permission bits of the file at `path`, whose `lstat` is `info`, in a repository.

        `None` where the bits do not say what the image gets. On Windows no file has executable
        bits, and `docker build` gives them to all. On a drive of Windows, as WSL mounts them, all
        files have the same bits, and git sets core.fileMode to false. Another checkout of the same
        commit has those that git knows, so neither is certain.
        """
        return stat.S_IMODE(info.st_mode) if has_modes(root) else None


def folds_case(path: str) -> bool:
    """Whether the file at `path` is found as `Run.py` too if it is `run.py`.

    So it mostly is on Windows, on macOS and on their drives where another system mounts them, but
    not where an image is built.
    """
    directory, name = os.path.split(path)
    try:
        other = os.lstat(os.path.join(directory, name.swapcase()))
        return os.path.samestat(other, os.lstat(path))
    except OSError:
        return False


@kept_for_a_run(maxsize=1024)
def has_modes(root: str) -> bool:
    """Whether the modes of files in the repository at `root` mean anything, as far as is known.

    Of git's settings only those of the repository itself are read, where git writes this one.
    """
    if _IS_WINDOWS:
        return False
    try:
        text = read(os.path.join(root, ".git", "config"), root).text or ""
    except GearlintError:
        return True
    has, section = True, ""
    for line in map(str.strip, text.lower().split("\n")):
        if line.startswith("["):
            header, _, line = line.partition("]")
            section = header[1:].strip()
        key, _, value = line.partition("=")
        if section == "core" and key.strip() == "filemode":
            has = value.split("#")[0].split(";")[0].strip().strip('"') not in OFF
    return has


DISK = Disk()
