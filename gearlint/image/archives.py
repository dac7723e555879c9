"""What an archive of the build context holds, as ADD and tar unpack it. Nothing is unpacked."""

import io
from typing import IO, TYPE_CHECKING, cast

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.image.nodes import Directory, File, Link, Node

if TYPE_CHECKING:
    from tarfile import TarInfo


class _Limited:
    """Reads from a file no more than an archive may have."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner = inner
        self.left = Budget(limits.ARCHIVE_BYTES)

    def read(self, size: int) -> bytes:
        self.left.require(size)
        return self.inner.read(size)


def unpacked(data: bytes, line: int) -> Directory | None:
    """The directory that an archive unpacks to, made in a line; `None` if that is not known.

    That is so of what is not a tar archive, has paths that lead out of it, devices, or too much.
    """
    import tarfile
    import zlib

    inner = _opened(data)
    if inner is None:
        return None
    root = Directory(line)
    left = Budget(limits.ARCHIVE_MEMBERS)
    try:
        with tarfile.open(fileobj=_Limited(inner), mode="r|") as tar:  # type: ignore[call-overload]
            for member in tar:
                left.require(1)
                if not _add(root, member, line):
                    return None
    except (tarfile.TarError, TooMuchError, OSError, EOFError, ValueError, zlib.error):
        return None
    except RecursionError:  # tarfile calls itself for each header that is about the next one
        return None
    return root


def _opened(data: bytes) -> IO[bytes] | None:
    """The archive without its compression."""
    file = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if data.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(file)
    return file if data[257:262] == b"ustar" else None


def _add(root: Directory, member: "TarInfo", line: int) -> bool:
    """Put a member of an archive into its place; false if that is not known."""
    if member.name.startswith("/"):
        return False
    *above, name = [part for part in member.name.split("/") if part not in ("", ".")] or [""]
    if ".." in above or any(part.startswith(".wh.") or part == ".." for part in (*above, name)):
        return False
    parent = _below(root, above, line)
    if parent is None:
        return False
    if not name:
        return member.isdir()
    there = parent.entries.get(name)
    if member.isdir():
        if there is None:
            parent.entries[name] = Directory(line)
        return there is None or isinstance(there, Directory)
    node = _node(root, member, line)
    if node is None or isinstance(there, Directory):
        return False
    parent.entries[name] = node
    return True


def _below(root: Directory, parts: list[str], line: int) -> Directory | None:
    """The directory at a path, made where there is none; `None` if something else is there."""
    for part in parts[: limits.DIRECTORY_LEVELS]:
        child = root.entries.setdefault(part, Directory(line))
        if not isinstance(child, Directory):
            return None
        root = child
    return root if len(parts) <= limits.DIRECTORY_LEVELS else None


def _node(root: Directory, member: "TarInfo", line: int) -> Node | None:
    if member.isreg():
        return File(member.mode & 0o7777, line)
    if member.issym():
        return Link(member.linkname, line)
    *above, name = member.linkname.split("/")
    parent = _below(root, [part for part in above if part not in ("", ".")], line)
    there = parent.entries.get(name) if parent is not None else None
    return there if isinstance(there, File) else None


def fits(new: Directory, there: object) -> bool:
    """Whether what is unpacked replaces no directory by a file, and no file by a directory."""
    if not isinstance(there, Directory):
        return there is None
    for name, node in new.entries.items():
        old = there.entries.get(name)
        if isinstance(node, Directory):
            if old is not None and not fits(node, old):
                return False
        elif isinstance(old, Directory):
            return False
    return True
