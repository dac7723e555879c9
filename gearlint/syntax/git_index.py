"""The index of git: which paths are tracked, and with which modes. Reads bytes, and no file."""

import struct

from gearlint.core import limits
from gearlint.core.errors import GearlintError

_STAT_BYTES = 40  # before the object's name: ten numbers, the mode is the seventh
_MODE_AT = 24
_EXTENDED = 0x4000  # two more bytes of flags follow, since version 3
_NAME_LENGTH = 0x0FFF


def tracked(data: bytes) -> dict[bytes, int]:
    """The paths of an index, from the top of the work tree with `/`, each with its mode.

    A mode is git's: 0o100644, 0o100755, 0o120000 (a link) or 0o160000 (a submodule). A path with a
    conflict has the mode of its last stage. Raises GearlintError if `data` is damaged, of another
    version than 2, 3 and 4, too large, or not all of the index (a split or a sparse one). Source:
    git's documentation, "gitformat-index".
    """
    name_bytes = _object_name_bytes(data)
    end = len(data) - name_bytes
    try:
        signature, version, count = struct.unpack_from(">4sII", data)
        if signature != b"DIRC" or version not in (2, 3, 4):
            raise GearlintError("is not an index of a known version")
        modes, at = _entries(data[:end], version, count, _STAT_BYTES + name_bytes)
        while at < end:
            name, length = struct.unpack_from(">4sI", data, at)
            if not b"A" <= name[:1] <= b"Z":
                raise GearlintError("needs an extension that is not known")
            at += 8 + length
    except (struct.error, ValueError, IndexError):
        raise GearlintError("is damaged") from None
    if at != end:
        raise GearlintError("is damaged")
    return modes


def _object_name_bytes(data: bytes) -> int:
    """How long names of objects are: as the checksum at the end, of which git may write zeros."""
    from hashlib import sha1, sha256

    if not any(data[-20:]) and any(data[-32:-20]):
        return 20
    if data[-20:] == sha1(data[:-20], usedforsecurity=False).digest():
        return 20
    if data[-32:] == sha256(data[:-32]).digest():
        return 32
    raise GearlintError("is damaged")


def _entries(data: bytes, version: int, count: int, flags_at: int) -> tuple[dict[bytes, int], int]:
    """The modes by path, and where the entries end. `flags_at` is counted from an entry's start."""
    modes: dict[bytes, int] = {}
    path, start, left = b"", 12, limits.GIT_INDEX_PATH_BYTES
    for _ in range(count):
        (mode,) = struct.unpack_from(">I", data, start + _MODE_AT)
        (flags,) = struct.unpack_from(">H", data, start + flags_at)
        at = start + flags_at + (4 if flags & _EXTENDED else 2)
        if version == 4:
            dropped, at = _dropped(data, at)
            path = path[: len(path) - dropped]
        else:
            path = b""
        end = data.index(b"\0", at)
        path += data[at:end]
        if len(path) < _NAME_LENGTH and len(path) != flags & _NAME_LENGTH:
            raise ValueError
        left -= len(path)
        if left < 0:
            raise GearlintError("is too large")
        modes[path] = mode
        start = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
    return modes, start


def _dropped(data: bytes, at: int) -> tuple[int, int]:
    """How many bytes of the path before are dropped at its end, and where that number ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
    return value, at + 1
