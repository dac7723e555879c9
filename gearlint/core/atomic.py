"""Replaces a file by another as a whole, or leaves all as it was. Knows nothing of gears."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.source import NO_LINK, executable, is_inside, open_regular, read, real_path

_OURS = regex(r"\.gearlint-[0-9a-f]{16}\.tmp")
"""The names of temporary files. `source.is_temporary` must know them too."""


def rewrite(
    path: str, within: str, before: bytes, after: bytes, *, makes_executable: bool = False
) -> None:
    """Replace the content `before` of the file at `path` by `after`.

    A reader finds either the old content or the new, even if this process is killed. The file keeps
    its mode, its extended attributes and, as far as this user may set it, its owner. With
    `makes_executable`, whoever may read the file may also execute it. Symbolic links are followed
    inside the directory `within`, and stay; hard links keep the old content. Temporary files that
    killed processes left in the directory are removed.

    Raises GearlintError, and changes nothing, where that is not possible or the file does not have
    the content `before`.
    """
    real = real_path(path)
    name = os.path.basename(real)
    try:
        with _opened(os.path.dirname(real), within) as directory:
            _confirm(path, within, directory.read(name), before)
            if not os.access(directory.place(name), os.W_OK, dir_fd=directory.descriptor):
                raise GearlintError(f"{path}: not changed: no permission to write to it")
            if after != before:
                directory.remove_leftovers()
                _replace(path, within, directory, name, before, after, makes_executable)
            elif makes_executable:
                with directory.open(name) as file:
                    _change_mode(file, directory.place(name))
    except OSError as error:
        raise GearlintError(f"{path}: not changed: {error.strerror or error}") from None


def _confirm(path: str, within: str, data: bytes | None, before: bytes) -> None:
    """Refuse a file that is not what it was; `data` is `None` where it is read by its path."""
    if (read(path, within).data if data is None else data) != before:
        raise GearlintError(f"{path}: not changed: another program has changed it meanwhile")


class _Directory:
    """A directory in which files are replaced, by its descriptor where the system has those.

    Then it stays the same one, whatever its path, or one above it, leads to meanwhile.
    """

    def __init__(self, path: str, descriptor: int | None = None) -> None:
        self.path = path
        self.descriptor = descriptor

    def place(self, name: str) -> str:
        """How a file in it is named: from it, or by its path."""
        return name if self.descriptor is not None else os.path.join(self.path, name)

    def open(self, name: str) -> BinaryIO:
        """A regular file in it, which is not a link, to be read."""
        return open_regular(self.place(name), self.descriptor, NO_LINK)

    def read(self, name: str) -> bytes | None:
        """The content of a file; `None` where there is no descriptor."""
        if self.descriptor is None:
            return None
        with self.open(name) as file:
            return file.read(limits.FILE_BYTES + 1)

    def new(self, mode: int) -> tuple[str, BinaryIO]:
        """The name of a new temporary file in it, and the file."""
        name = f".gearlint-{os.urandom(8).hex()}.tmp"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        opened = os.open(self.place(name), flags, mode, dir_fd=self.descriptor)
        return name, os.fdopen(opened, "wb")

    @contextmanager
    def put_in_place(self, temporary: str, file: BinaryIO, name: str) -> Iterator[None]:
        """Once `file` is written, replace the one of this name; if that fails, remove it.

        It is locked until then, or until this process has ended.
        """
        own = self.descriptor
        try:
            with file:
                try_lock(file)
                yield
                if os.name == "nt":  # an open file cannot be renamed there
                    file.close()
                os.replace(self.place(temporary), self.place(name), src_dir_fd=own, dst_dir_fd=own)
        except BaseException:
            with suppress(OSError):
                os.unlink(self.place(temporary), dir_fd=own)
            raise

    def remove_leftovers(self) -> None:
        """Remove the temporary files in it whose process has ended."""
        where = self.path if self.descriptor is None else self.descriptor
        with suppress(OSError):
            for name in filter(_OURS.fullmatch, os.listdir(where)):
                with suppress(OSError):
                    with self.open(name) as file:
                        is_left = try_lock(file)
                    if is_left:
                        os.unlink(self.place(name), dir_fd=self.descriptor)

    def sync(self) -> None:
        """Have the system write down what is in it, where it can."""
        with suppress(OSError):
            if self.descriptor is not None:
                os.fsync(self.descriptor)


@contextmanager
def _opened(path: str, within: str) -> Iterator[_Directory]:
    """A directory without links in its path, in the directory `within`, which has none either."""
    if not {os.open, os.rename, os.unlink, os.access} <= os.supports_dir_fd:
        yield _Directory(path)
        return
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    if not is_inside(path, within):
        raise GearlintError(f"{path}: leads out of the repository, not changed")
    descriptor = os.open(within, flags)
    try:
        for part in os.path.relpath(path, within).split(os.sep):
            below = os.open(part, flags, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield _Directory(path, descriptor)
    finally:
        os.close(descriptor)


def _replace(
    path: str,
    within: str,
    directory: _Directory,
    name: str,
    before: bytes,
    after: bytes,
    makes_executable: bool,
) -> None:
    from shutil import copystat

    try:
        temporary, file = directory.new(0o600)
    except OSError as error:
        raise GearlintError(
            f"{path}: not changed: no file can be made in its directory: {error.strerror}"
        ) from None
    with directory.put_in_place(temporary, file, name), directory.open(name) as old:
        file.write(after)
        file.flush()
        info = os.fstat(old.fileno())
        for owner in ((-1, info.st_gid), (info.st_uid, -1)) if hasattr(os, "fchown") else ():
            with suppress(OSError):
                os.fchown(file.fileno(), *owner)
        if directory.descriptor is None:
            copystat(directory.place(name), directory.place(temporary))
        else:  # by descriptors, which it takes too
            copystat(old.fileno(), file.fileno())  # type: ignore[arg-type]
        os.utime(file.fileno() if directory.descriptor is not None else directory.place(temporary))
        if makes_executable:
            _change_mode(file, directory.place(temporary))
        os.fsync(file.fileno())
        _confirm(path, within, directory.read(name), before)
        if os.name == "nt":  # an open file cannot be replaced there
            old.close()
    directory.sync()


def _change_mode(file: BinaryIO, path: str) -> None:
    """Let everyone execute a file who may read it."""
    mode = executable(stat.S_IMODE(os.fstat(file.fileno()).st_mode))
    if hasattr(os, "fchmod"):
        os.fchmod(file.fileno(), mode)
    else:
        os.chmod(path, mode)


def write_whole(path: str, data: bytes) -> None:
    """Write a file, new or instead of another; no reader ever finds a part of it.

    Raises OSError, and changes nothing, where that is not possible.
    """
    directory = _Directory(os.path.dirname(path))
    temporary, file = directory.new(0o666)
    with directory.put_in_place(temporary, file, os.path.basename(path)):
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def remove_leftovers(directory: str) -> None:
    """Remove the temporary files in `directory` whose process has ended."""
    _Directory(directory).remove_leftovers()


def try_lock(file: BinaryIO | int) -> bool:
    """Lock a file for this process, by a descriptor too; false if another may have locked it."""
    try:
        import fcntl
    except ImportError:  # Windows, which has no such lock, but removes no open file either
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
