"""The bytes of one file, and the lines and columns in them. Knows nothing of what they mean."""

import gc
import os
import stat
from itertools import accumulate

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from gearlint.core.lines import Lines, Piece, Position

BOM = b"\xef\xbb\xbf"
_BLOCK = 4096
"""Characters whose bytes are counted at once."""
NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)  # Windows has none


class Span(NamedTuple):
    """A half-open range of byte offsets in a file: `start` is part of it, `end` is not."""

    start: int
    end: int


START = Span(0, 0)
"""Where a file is reported that is wrong as a whole, or lacks something."""


class Source:
    """One file as it was read.

    `path` is the file's path, absolute or as it was named; `data` its bytes, or `None` when it is
    larger than `limits.FILE_BYTES`; `size` the number of its bytes.
    """

    def __init__(self, path: str, data: bytes | None, size: int | None = None) -> None:
        self.path = path
        self.data = data if data is not None else b""
        self.too_large = data is None
        self.size = len(self.data) if size is None else size

    def __reduce__(self) -> tuple[type["Source"], tuple[object, ...]]:
        """For another process: what was read, without what was computed from it."""
        return Source, (self.path, None if self.too_large else self.data, self.size)

    @cached_property
    def text(self) -> str | None:
        """The content as text, without a byte order mark; `None` if it is not UTF-8."""
        try:
            return self.data[self.text_start :].decode("utf-8")
        except UnicodeDecodeError:
            return None

    @property
    def text_start(self) -> int:
        """The byte offset of the text: after a UTF-8 byte order mark, if there is one."""
        return len(BOM) if self.data.startswith(BOM) else 0

    def span_of_text(self, start: int, end: int) -> Span:
        """The bytes of the characters `start` to `end` (from 0) of a file that is UTF-8."""
        return Span(self._offset_of(start), self._offset_of(end))

    def _offset_of(self, character: int) -> int:
        """The byte offset of a character of the text (from 0), or of its end."""
        text = self.text or ""
        block = min(character, len(text)) // _BLOCK
        return self._blocks[block] + len(text[block * _BLOCK : character].encode())

    @cached_property
    def _blocks(self) -> list[int]:
        """The byte offset at which each block of the text begins, and that of its end."""
        text = self.text or ""
        pieces = (text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK))
        return list(accumulate((len(piece.encode()) for piece in pieces), initial=self.text_start))

    @cached_property
    def line_starts(self) -> list[int]:
        """The byte offset of the start of each line; a line ends after its LF.

        For files of few lines: they all become numbers.
        """
        starts = [0]
        while (end := self.data.find(b"\n", starts[-1])) >= 0:
            starts.append(end + 1)
        return starts

    @cached_property
    def _lines(self) -> "Lines":
        from gearlint.core.lines import Lines  # late: a clean gear has no lines to name

        return Lines(self.data, self.text_start)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read: the file is empty, or too large."""
        return not self.data

    @property
    def line_count(self) -> int:
        """The number of lines; the last one may be empty."""
        return self.data.count(b"\n") + 1

    def position(self, offset: int) -> "Position":
        """The line and column of a byte offset, which may be that after the last byte.

        They are inside the line: in the middle of a character those of the character, in the line's
        end those of that end.
        """
        return self._lines.position(offset)

    def line_start(self, number: int) -> int:
        """The offset of the first character of line `number`, from 1 (after a byte order mark)."""
        return self.line_starts[number - 1] if number > 1 else self.text_start

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its end; other bytes than UTF-8 as U+FFFD."""
        start, end = self._lines.span(self.line_start(number))
        return self.data[start:end].decode("utf-8", "replace")

    def piece(self, offset: int, most: int) -> "Piece":
        """Up to `most` characters of a line before and after a byte offset."""
        return self._lines.piece(offset, most)


def read(path: str, within: str) -> Source:
    """Read the file at `path`, following symbolic links only inside the directory `within`.

    `within` is absolute and has no link in it. Raises GearlintError where there is no such file,
    it is not a regular file, it cannot be read, or it lies outside of `within`. Never reads more
    than `limits.FILE_BYTES`.
    """
    real = real_path(path, within)
    try:
        info = os.stat(real)
        if not is_inside(real, within):
            raise GearlintError(f"{path}: leads out of the repository (to {real}), not read")
        if stat.S_ISDIR(info.st_mode):
            raise GearlintError(f"{path}: is a directory, expected a file")
        if not stat.S_ISREG(info.st_mode):
            raise GearlintError(f"{path}: is not a regular file")
        if info.st_size > limits.FILE_BYTES:
            return Source(path, None, info.st_size)
        # The path had no link when it was looked at.
        with open_regular(real, flags=NO_LINK) as file:
            # Python makes room for all that is asked for; a file that grew has more.
            data = file.read(info.st_size + 1)
            if len(data) > info.st_size:
                data += file.read(limits.FILE_BYTES + 1 - len(data))
    except FileNotFoundError:
        if os.path.islink(path):
            raise GearlintError(f"{path}: links to {real}, which does not exist") from None
        raise GearlintError(f"{path}: no such file or directory") from None
    except OSError as error:
        raise GearlintError(f"{path}: cannot be read: {error.strerror or error}") from None
    _collect(len(data))
    if len(data) > limits.FILE_BYTES:
        return Source(path, None, len(data))
    return Source(path, data)


def open_regular(path: str, directory: int | None = None, flags: int = 0) -> "BinaryIO":
    """Open a file to be read, from a directory by its descriptor if one is given.

    Does not wait for somebody to write into a FIFO. Raises OSError for all but regular files.
    """
    flags |= os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, dir_fd=directory)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        import errno

        raise OSError(errno.EINVAL, "it is not a regular file any more")
    return os.fdopen(descriptor, "rb")


class _Uncollected:
    """How much was read since garbage was collected: a gear and its parts refer to each other."""

    size = 0


def _collect(size: int) -> None:
    """Count what was read, and collect garbage where it may hold much: Python counts objects."""
    _Uncollected.size += size
    if _Uncollected.size > limits.UNCOLLECTED_BYTES:
        _Uncollected.size = 0
        gc.collect()


def real_path(path: str, above: str = "") -> str:
    """`path` as an absolute path without links; with them where they are more than 40 or so.

    `above` may be a directory without links: only what is below it is looked at then. Raises
    GearlintError where a link is replaced meanwhile.
    """
    try:
        return (above and _without_links(path, above)) or os.path.realpath(path)
    except RecursionError:  # the system does not follow so many either
        return os.path.abspath(path)
    except OSError:
        raise GearlintError(f"{path}: was changed while it was read") from None


def _without_links(path: str, above: str) -> str:
    """`path` as an absolute path if it is below `above` and has no link there, else ""."""
    absolute = os.path.abspath(path)
    below = absolute.removeprefix(os.path.join(above, ""))
    # A `..` after a link leads elsewhere, and on Windows more than links do.
    if below == absolute or os.pardir in path or os.sep != "/":
        return ""
    here = above.rstrip("/")
    try:
        for part in below.split("/"):
            here = f"{here}/{part}"
            if stat.S_ISLNK(os.lstat(here).st_mode):
                return ""
    except (OSError, ValueError):  # then nothing below it can be looked at either
        pass
    return absolute


def executable(mode: int) -> int:
    """Permission bits with the executable bit for everyone who may read."""
    return mode | (mode & 0o444) >> 2


def has_any(data: bytes, texts: "Iterable[str]") -> bool:
    """Whether one of some ASCII texts is in `data`.

    Where `in` is asked of bytes, Python raises and catches an error each time, so a str is asked.
    """
    return any(map(data.decode("latin-1").__contains__, texts))


def newline_at(data: bytes, at: int) -> bytes:
    """The end of the line with byte `at`; of a last line without one, that of the line before."""
    end = data.find(b"\n", at)
    if end < 0:
        end = data.rfind(b"\n", 0, at)
    return b"\r\n" if end > 0 and data[end - 1 : end] == b"\r" else b"\n"


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one that gearlint writes before it replaces a file."""
    return name.startswith(".gearlint-") and name.endswith(".tmp")


def shown_path(path: str) -> str:
    """A path for messages: relative if it is below the current directory, else absolute."""
    absolute, here = os.path.abspath(path), os.getcwd()
    shown = os.curdir if absolute == here else absolute.removeprefix(os.path.join(here, ""))
    return shown.replace(os.sep, "/")


def relative_path(path: str, directory: str = os.curdir) -> str:
    """A path from a directory, with `/` on every system; absolute if it is on another drive."""
    try:
        path = os.path.relpath(path, directory)
    except ValueError:
        path = os.path.abspath(path)
    return path.replace(os.sep, "/")


def top_of(path: str) -> str:
    """The root of the file system, or of the drive, that a path is on."""
    return os.path.splitdrive(os.path.abspath(path))[0] + os.sep


def is_inside(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies below it; both absolute and normalised."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def is_within(path: str, directory: str) -> bool:
    """As `is_inside`, for paths with `/` on every system, as those in an image."""
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def places(path: str) -> list[str]:
    """The directories above a relative path with `/`, from the top, and the path itself."""
    ends = [at for at, char in enumerate(path) if char == "/"]
    return [*(path[:end] for end in ends), path]


def names_in(directory: str) -> list[str]:
    """The names in a directory, in order; none in one that cannot be read."""
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def is_directory(path: str, within: str) -> bool:
    """Whether `path` is a directory, or a link to one inside `within`."""
    try:
        if not stat.S_ISLNK(mode := os.lstat(path).st_mode):
            return stat.S_ISDIR(mode)
        real = real_path(path)
        return is_inside(real, within) and os.path.isdir(real)
    except (OSError, ValueError):
        return False
