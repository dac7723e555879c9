"""The build context: the files that `docker build` would send, and what `.dockerignore` leaves out.

Reads names and modes below one directory, and never follows a link out of it.
"""

import os
import posixpath
import re
import stat
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.disk import DISK, Disk, folds_case
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import (
    Source,
    is_directory,
    is_temporary,
    names_in,
    open_regular,
    places,
)
from gearlint.core.text import is_one_edit_away, nearest
from gearlint.syntax.gitignore import patterns

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal

    from gearlint.image.build_products import BuildProducts
    from gearlint.syntax.dockerignore import Lines

_OTHERWISE = 10  # tries, for what Python does besides
_SENDING = 30  # tries, to look at what is sent and make a node of it
_OF_GLOB = 3  # tries, for a character of a glob
_GLOB_CHARACTERS = frozenset("*?[\\")
_CHARACTERS = 50  # of a path, that a try reads

_ARCHIVE = regex(r"\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tlz)\Z", re.IGNORECASE)
_HEAD_BYTES = 512
_MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


class Entry(NamedTuple):
    """A file, directory or symbolic link of the context: `path` from its top with `/`.

    `mode` is the permission bits, `None` where they are unknown, `target` where a link leads, as
    written.
    """

    path: str
    kind: "Literal['file', 'directory', 'link']"
    mode: int | None
    target: str = ""


class Context:
    """A build context: its top `directory`, absolute, without links, in the repository `root`.

    `tries` is what may be spent on finding what its patterns match.
    """

    def __init__(
        self,
        directory: str,
        root: str,
        ignore_file: str | None = None,
        tries: int = limits.CONTEXT_TRIES,
        disk: Disk = DISK,
    ) -> None:
        self.directory = directory
        self.root = root
        self.disk = disk
        self._ignore_file = ignore_file
        self._names_by_directory: dict[str, list[str]] = {}
        self._is_own_directory = {"": True}
        self._entries: dict[str, Entry | None] = {}
        self._holding: dict[str, bool] = {}
        self._fits: dict[str, tuple[list[str], bool]] = {}
        self._folds_case: bool | None = None
        self.tries = Budget(tries)

    @cached_property
    def ignore_file(self) -> str | None:
        """The ignore file that applies: that of the Dockerfile, else `.dockerignore` at the top."""
        for path in (self._ignore_file, os.path.join(self.directory, ".dockerignore")):
            if path and os.path.isfile(path):
                return path
        return None

    @property
    def ignore_name(self) -> str:
        """The name of that file, or the usual one."""
        return os.path.basename(self.ignore_file or ".dockerignore")

    @cached_property
    def _ignore_lines(self) -> list[str]:
        text = self.text_of(self.ignore_file) if self.ignore_file is not None else None
        return text.split("\n") if text else []

    @cached_property
    def _ignore(self) -> "list[Lines] | None":
        """The ignore file, `None` where it is too long to try."""
        if not self._ignore_lines:
            return []
        lines = patterns(self._ignore_lines)
        if lines is None:
            return None
        from gearlint.syntax.dockerignore import grouped

        return grouped(lines)

    def is_ignored(self, path: str) -> bool:
        """Whether the ignore file leaves out a path.

        As BuildKit walks down to it: a line that fits a directory fits all below, and one with `!`
        is tried only on what is left out so far, so that `!data` takes nothing back from `*.txt`.
        Raises TooMuchError where that cannot be reported in time.
        """
        if self._ignore is None:
            raise TooMuchError(path)
        return bool(self._ignore) and self._fitting(path, self._ignore)[1]

    def excluding_line(self, path: str) -> tuple[int, str]:
        """The number (from 1) and the text of the line that leaves out a path; 0 if none does.

        Also 0 where it cannot be found in time.
        """
        try:
            fits = self._fitting(path, self._ignore)[0] if self._ignore else []
        except TooMuchError:
            fits = []
        line = next((line for line in reversed(fits) if line and line[0] != "!"), "")
        return self._numbers[line] if line else 0, line

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The last line (from 1) of each text in the ignore file."""
        return {line.strip(): number for number, line in enumerate(self._ignore_lines, start=1)}

    def _fitting(self, place: str, ignore: "list[Lines]") -> tuple[list[str], bool]:
        """The line of each group that fits a place or a directory above it, and if it is left out.

        Empty for a group of which none does.
        """
        pending = []
        while place and place not in self._fits:
            pending.append(place)
            place = posixpath.dirname(place)
        fits, ignored = self._fits[place] if place else ([""] * len(ignore), False)
        for below in reversed(pending):
            fits, ignored = self._fits[below] = self._tried(below, fits, ignore)
        return fits, ignored

    def _tried(self, place: str, above: list[str], ignore: "list[Lines]") -> tuple[list[str], bool]:
        fits, ignored = list(above), False
        self.tries.require(_OTHERWISE + len(ignore))
        for index, lines in enumerate(ignore):
            if not fits[index] and lines.are_negated == ignored:
                self.tries.require(len(lines.texts) + lines.globs * len(place) // _CHARACTERS)
                fits[index] = lines.fitting(place)
            if fits[index]:
                ignored = not lines.are_negated
        return fits, ignored

    @cached_property
    def takes_back(self) -> bool:
        """Whether any line of the ignore file starts with `!`."""
        return any(lines.are_negated for lines in self._ignore or ())

    def on_disk(self, path: str) -> Entry | None:
        """What is at `path`, ignored or not; `None` if nothing is, or only through a link away."""
        if path not in self._entries:
            self._entries[path] = self._look(path)
        return self._entries[path]

    def _look(self, path: str) -> Entry | None:
        full = os.path.join(self.directory, path) if path else self.directory
        try:
            if not self._has_directory(posixpath.dirname(path)):
                return None
            info = os.lstat(full)
        except (OSError, ValueError):
            return None
        if path and not self._is_spelt_so(path):
            return None
        return _entry(path, full, info, self.disk.permissions(full, info, self.root))

    def _is_spelt_so(self, path: str) -> bool:
        """Whether what is at a path has exactly this name, as it must where the image is built."""
        directory, name = posixpath.split(path)
        if self._folds_case is None and name.swapcase() != name:
            self._folds_case = folds_case(os.path.join(self.directory, path))
        if not self._folds_case:
            return True
        try:
            return name in self.names(directory)
        except TooMuchError:
            return True

    def _has_directory(self, path: str) -> bool:
        """Whether there is a directory at `path`, and not only through a link that leads away."""
        known = self._is_own_directory
        if path not in known:
            for here in places(path):
                if here not in known:
                    full = os.path.join(self.directory, here)
                    known[here] = (
                        known.get(posixpath.dirname(here), False)
                        and is_directory(full, self.directory)
                        and self._is_spelt_so(here)
                    )
        return known[path]

    def entry(self, path: str) -> Entry | None:
        """What is at `path` in the context as it is sent, `None` if nothing is.

        Raises TooMuchError as `is_ignored`.
        """
        if path.count("/") > limits.DIRECTORY_LEVELS:
            raise TooMuchError(path)
        entry = self.on_disk(path)
        if entry is None or not path or not self.is_ignored(path):
            return entry
        # As the directory of what is taken back in, it comes along.
        return entry if entry.kind == "directory" and self._holds_some(path) else None

    def _holds_some(self, path: str) -> bool:
        """Whether any of what is in a directory that is left out is taken back in."""
        if path not in self._holding:
            self._holding[path] = self.takes_back and any(self.entries(path))
        return self._holding[path]

    def entries(self, path: str) -> Iterator[Entry]:
        """What is in the directory at `path` as it is sent, in the order of the names.

        Raises TooMuchError for a directory with too many entries, and as `is_ignored`.
        """
        for name in self.names(path):
            self.tries.require(_SENDING)
            entry = self.entry(posixpath.join(path, name))
            if entry is not None:
                yield entry

    def names(self, path: str) -> list[str]:
        """The names in the directory at `path`, those ignored too. Raises TooMuchError."""
        if path not in self._names_by_directory:
            names = names_in(os.path.join(self.directory, path))
            if len(names) > limits.DIRECTORY_ENTRIES:
                raise TooMuchError(path)
            self._names_by_directory[path] = [name for name in names if not is_temporary(name)]
        return self._names_by_directory[path]

    def _names_to_try(self, path: str, glob: str) -> list[str]:
        names = self.names(path)
        self.tries.require((_OTHERWISE + _OF_GLOB * len(glob)) * len(names))
        return names

    def matching(self, source: str, *, ignored: bool = False) -> list[Entry]:
        """What a source of COPY or ADD takes: `source` as written, with globs as Go has them.

        With `ignored`, also what the ignore file leaves out. The top itself has the path ``.
        Raises TooMuchError as `entries`.
        """
        clean = cleaned(source)
        if clean.count("/") > limits.DIRECTORY_LEVELS:
            raise TooMuchError(source)
        look = self.on_disk if ignored else self.entry
        if not is_glob(clean):
            entry = look(clean)
            return [entry] if entry else []
        from gearlint.syntax.go_glob import glob_pattern

        found = [""]
        for part in clean.split("/"):
            if len(part) > limits.GLOB_CHARACTERS:
                raise TooMuchError(source)
            pattern = glob_pattern(part)
            found = [
                posixpath.join(directory, name)
                for directory in found
                if (at := self.on_disk(directory)) and at.kind == "directory"
                for name in self._names_to_try(directory, part)
                if pattern.match(name)
            ]
        return [entry for path in found if (entry := look(path))]

    def link_on_the_way(self, source: str) -> Entry | None:
        """The link above a source, as written, that does not lead to a directory of the context."""
        clean = cleaned(source)
        for place in places(posixpath.dirname(clean)):
            if not place or (entry := self.on_disk(place)) is None:
                return None
            if entry.kind == "link":
                return None if self._has_directory(place) else entry
        return None

    def is_behind_link(self, path: str) -> bool:
        """Whether a directory above a path, or what is there, is a link."""
        return any(
            (entry := self.on_disk(place)) is not None and entry.kind == "link"
            for place in (*places(posixpath.dirname(path)), path)
            if place
        )

    def near(self, path: str, *, alone: bool = False) -> str:
        """The path of what is there that differs from a path a little, in one name, or "".

        With `alone` that name is one edit away, or no other is like it.
        """
        for place in places(path):
            if self.on_disk(place) is not None:
                continue
            directory, name = posixpath.split(place)
            try:
                names = self.names(directory)
            except TooMuchError:
                return ""
            near = nearest(name, names) if len(names) <= limits.NEAR_NAMES else ""
            if alone and near and not is_one_edit_away(name, near):
                near = "" if nearest(name, set(names) - {near}) else near
            meant = posixpath.join(directory, near) + path[len(place) :]
            return meant if near and self.on_disk(meant) is not None else ""
        return ""

    def may_be_made(self, path: str) -> bool:
        """Whether what is not there may be made, or checked out, before the image is built."""
        return self._products.may_be_made(path)

    @cached_property
    def _products(self) -> "BuildProducts":
        from gearlint.image.build_products import BuildProducts

        return BuildProducts(self.directory, self.root, self.disk)

    def text_of(self, path: str) -> str | None:
        """The text of a file of the context by its path on disk, `None` if it cannot be read."""
        source = self._read(path)
        return source.text if source is not None else None

    def bytes_of(self, path: str) -> bytes:
        """The bytes of a file of the context by its path on disk, none if it cannot be read."""
        source = self._read(path)
        return source.data if source is not None else b""

    def _read(self, path: str) -> Source | None:
        try:
            return self.disk.read(path, self.root)
        except GearlintError:
            return None

    def is_archive(self, path: str) -> bool:
        """Whether ADD would unpack the file at `path`."""
        if _ARCHIVE.search(path):
            return True
        try:
            with open_regular(os.path.join(self.directory, path)) as file:
                head = file.read(_HEAD_BYTES)
        except OSError:
            return False
        return head.startswith(_MAGIC) or head[257:262] == b"ustar"


def cleaned(source: str) -> str:
    """A path in the context from its top, as COPY and ADD read it, without `.`, `..` and `//`."""
    return posixpath.normpath("/" + source).lstrip("/")


def is_glob(source: str) -> bool:
    """Whether a path of COPY or ADD is read as a glob, and not letter by letter."""
    return not _GLOB_CHARACTERS.isdisjoint(source)


def may_take_several(source: str) -> bool:
    r"""Whether a path of COPY or ADD may fit any number of files, or none: a `\` is not enough."""
    return is_glob(source.replace("\\", ""))


def _entry(path: str, full: str, info: os.stat_result, mode: int | None) -> Entry | None:
    if stat.S_ISLNK(info.st_mode):
        return Entry(path, "link", None, os.readlink(full))
    if stat.S_ISDIR(info.st_mode):
        return Entry(path, "directory", mode)
    return Entry(path, "file", mode) if stat.S_ISREG(info.st_mode) else None
