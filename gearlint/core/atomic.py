"""Replaces a file by another as a whole, or leaves all as it was. Knows nothing of gears."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.source import executable, read, real_path

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
    try:
        _confirm(path, within, before)
        if not os.access(real, os.W_OK):
            raise GearlintError(f"{path}: not changed: no permission to write to it")
        if after != before:
            remove_leftovers(os.path.dirname(real))
            _replace(path, within, before, after, makes_executable)
        elif makes_executable:
            os.chmod(real, executable(stat.S_IMODE(os.stat(real).st_mode)))
    except OSError as error:
        raise GearlintError(f"{path}: not changed: {error.strerror or error}") from None


def _confirm(path: str, within: str, before: bytes) -> None:
    if read(path, within).data != before:
        raise GearlintError(f"{path}: not changed: another program has changed it meanwhile")


def _replace(path: str, within: str, before: bytes, after: bytes, makes_executable: bool) -> None:
    from shutil import copystat

    real = real_path(path)
    directory = os.path.dirname(real)
    try:
        file = _new_in(directory, 0o600)
    except OSError as error:
        raise GearlintError(
            f"{path}: not changed: no file can be made in its directory: {error.strerror}"
        ) from None
    with _put_in_place(file, real):
        file.write(after)
        file.flush()
        info = os.stat(real)
        for owner in ((-1, info.st_gid), (info.st_uid, -1)) if hasattr(os, "chown") else ():
            with suppress(OSError):
                os.chown(file.name, *owner)
        copystat(real, file.name)
        os.utime(file.name)
        if makes_executable:
            os.chmod(file.name, executable(stat.S_IMODE(info.st_mode)))
        os.fsync(file.fileno())
        _confirm(path, within, before)
    with suppress(OSError):  # not every system can sync a directory
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: str, data: bytes) -> None:
    """Write a file, new or instead of another; no reader ever finds a part of it.

    Raises OSError, and changes nothing, where that is not possible.
    """
    file = _new_in(os.path.dirname(path), 0o666)
    with _put_in_place(file, path):
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _new_in(directory: str, mode: int) -> BinaryIO:
    """A new temporary file in a directory."""
    path = os.path.join(directory, f".gearlint-{os.urandom(8).hex()}.tmp")
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))


@contextmanager
def _put_in_place(file: BinaryIO, path: str) -> Iterator[None]:
    """Once `file` is written, replace the one at `path` by it; if that fails, remove it.

    It is locked until then, or until this process has ended.
    """
    try:
        with file:
            _lock(file)
            yield
            if os.name == "nt":  # an open file cannot be renamed there
                file.close()
            os.replace(file.name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(file.name)
        raise


def remove_leftovers(directory: str) -> None:
    """Remove the temporary files in `directory` whose process has ended."""
    with suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    with open(entry.path, "rb") as file:
                        is_left = _lock(file)
                    if is_left:
                        os.unlink(entry.path)


def _lock(file: BinaryIO) -> bool:
    """Lock a file for this process; false if another process may have locked it."""
    try:
        import fcntl
    except ImportError:  # Windows, where an open file cannot be removed anyway
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
