"""The text files of a gear, as they are in its directory."""

import os
from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.disk import Disk
from gearlint.core.errors import GearlintError
from gearlint.core.source import Source, shown_path

_BINARY = frozenset((
    ".gz", ".nii", ".zip", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".png", ".jpg", ".jpeg", ".gif",
    ".svg", ".pdf", ".dcm", ".mat", ".so", ".whl", ".jar", ".pyc", ".pkl", ".h5", ".hdf5", ".npy",
    ".npz", ".mp4", ".mov", ".exe", ".bin", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx",
    ".ttf", ".woff", ".woff2", ".mgz", ".mnc", ".pt", ".pth", ".onnx",
))  # fmt: skip
_FIRST = 4096
"""Bytes of a file in which a NUL shows that it is not a text."""
_SKIPPED = frozenset(("node_modules", "venv", "__pycache__"))
"""Where the authors of a gear write nothing: in its tests there may be a key."""


def text_files(
    directory: str, root: str, disk: Disk, known: Mapping[str, Source]
) -> Iterator[Source]:
    """The texts below a directory, but those in hidden directories and in other gears.

    `root` is the directory of the repository, `known` what has been read of it, by absolute path.
    Files beyond the limits are left out.
    """
    files, size = 0, 0
    pending = [directory]
    while pending:
        here = pending.pop()
        below: list[str] = []
        for entry in entries(here):
            if entry.is_dir(follow_symlinks=False):
                is_skipped = entry.name.startswith(".") or entry.name in _SKIPPED
                if not is_skipped and not os.path.exists(os.path.join(entry, "manifest.json")):
                    below.append(entry.path)
                continue
            suffix = os.path.splitext(entry.name)[1].lower()
            if not entry.is_file(follow_symlinks=False) or suffix in _BINARY:
                continue
            length = entry.stat(follow_symlinks=False).st_size
            files, size = files + 1, size + length
            if files > limits.GEAR_FILES or size > limits.GEAR_BYTES:
                return
            if length > limits.GEAR_FILE_BYTES:
                continue
            source = known.get(entry.path)
            if source is None:
                source = read_file(entry.path, root, disk)
            if source is not None and b"\0" not in source.data[:_FIRST]:
                yield source
        pending += below[::-1]


def entries(directory: str) -> list["os.DirEntry[str]"]:
    """What is in a directory, by name; nothing where it cannot be read."""
    try:
        with os.scandir(directory or os.curdir) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def read_file(path: str, root: str, disk: Disk) -> Source | None:
    """The file at a path, `None` where it cannot be read."""
    try:
        return disk.read(shown_path(path), root)
    except GearlintError:
        return None
