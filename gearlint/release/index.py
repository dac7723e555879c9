"""Whether git tracks a file, from the index of its repository: no git runs.

Nearly every file that is asked about is tracked, and is found by looking for its name among the
bytes. The index is taken apart only where it is not found so.
"""

import os
from bisect import bisect_left
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import cached_property, kept_for_a_run
from gearlint.core.source import places, read, relative_path
from gearlint.release.refs import GitDirectories, git_directories

_HEADER_BYTES = 12
_PACKED = b"DIRC\0\0\0\4"  # version 4, in which most names are not written out


@kept_for_a_run(maxsize=16)
def index_of(root: str) -> "Index | None":
    """The index of the repository with its work tree at `root`; `None` where it is not known."""
    try:
        directories = git_directories(root)
        if directories is None:
            return None
        source = read(os.path.join(directories.own, "index"), directories.own)
    except GearlintError:
        return None
    is_packed = source.data.startswith(_PACKED) and source.size > limits.GIT_INDEX_PACKED_BYTES
    return None if source.too_large or is_packed else Index(root, directories, source.data)


class Index:
    """The index, `data`, of the repository with its work tree at `root`.

    Paths are absolute, and without links but those of the work tree itself.
    """

    def __init__(self, root: str, directories: GitDirectories, data: bytes) -> None:
        self.root = root
        self._directories = directories
        self._data = data

    def tracks(self, path: str) -> bool:
        """Whether git certainly tracks a file, or any in a directory."""
        name = os.fsencode(self._place(path))
        if self._data.startswith(_PACKED):
            return _has(self._tracked or [], name)
        return self._has_name(name + b"\0") or self._has_name(name + b"/")

    def lacks(self, path: str) -> bool:
        """Whether git certainly neither tracks nor ignores what is at `path`.

        Of what is in another repository below this one, as in a submodule, that is not known.
        """
        above = places(self._place(path))
        if not path.isascii() or any(self._is_repository(place) for place in above):
            return False
        *links, name = map(os.fsencode, above)
        tracked = self._tracked
        if tracked is None or _has(tracked, name) or any(_has_file(tracked, one) for one in links):
            return False
        return not self._is_ignored(path)

    def _place(self, path: str) -> str:
        """A path as git has it."""
        return relative_path(path, self.root)

    def _has_name(self, name: bytes) -> bool:
        """Whether a path of the index begins with these bytes; its length is written before it."""
        data = self._data
        at = data.find(name, _HEADER_BYTES)
        while at != -1:
            length = data.find(b"\0", at) - at
            if data[at - 1] == length & 0xFF and data[at - 2] & 0x0F == length >> 8:
                return True
            at = data.find(name, at + 1)
        return False

    @cached_property
    def _tracked(self) -> list[bytes] | None:
        """The paths in it, sorted; `None` where they are not known, as while git writes another."""
        from gearlint.syntax.git_index import tracked

        if os.path.lexists(os.path.join(self._directories.own, "index.lock")):
            return None
        with suppress(GearlintError):
            return sorted(tracked(self._data))
        return None

    def _is_repository(self, place: str) -> bool:
        return os.path.lexists(os.path.join(self.root, place, ".git"))

    def _is_ignored(self, path: str) -> bool:
        """Whether an ignore file leaves it out, or may."""
        from gearlint.syntax.gitignore import GitIgnore

        exclude = os.path.join(self._directories.shared, "info", "exclude")
        lines: list[str] = []
        try:
            if os.path.lexists(exclude):
                data = read(exclude, self._directories.shared).data
                lines = data.decode("utf-8", "replace").splitlines()
            return GitIgnore(self.root, lines).covers(path)
        except (GearlintError, TooMuchError):
            return True


def _has(tracked: list[bytes], name: bytes) -> bool:
    """Whether a file, or any in a directory, is among the paths, which are sorted."""
    at = bisect_left(tracked, name + b"/")
    is_directory = at < len(tracked) and tracked[at].startswith(name + b"/")
    return is_directory or _has_file(tracked, name)


def _has_file(tracked: list[bytes], name: bytes) -> bool:
    at = bisect_left(tracked, name)
    return at < len(tracked) and tracked[at] == name
