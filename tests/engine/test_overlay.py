"""The file system with changes that are not written yet."""

import os
from pathlib import Path

import pytest

from gearlint.core.change import FileChange
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.engine.overlay import Overlay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with a file, and a link to it."""
    root = tmp_path.resolve()
    (root / "file").write_bytes(b"old")
    (root / "file").chmod(0o640)
    (root / "link").symlink_to("file")
    return root


def changing(path: Path, after: bytes, *, makes_executable: bool = False) -> Overlay:
    return Overlay({str(path): FileChange(str(path), b"old", after, makes_executable)})


@pytest.mark.parametrize("name", ["file", "link"])
def test_change_is_read_by_each_path_of_the_file(root: Path, name: str) -> None:
    source = changing(root / "file", b"new").read(str(root / name), str(root))
    assert (source.path, source.data, source.size) == (str(root / name), b"new", 3)


def test_change_is_seen_in_its_overlay_alone(root: Path) -> None:
    one, other = changing(root / "file", b"one"), changing(root / "other", b"other")
    data = [disk.read(str(root / "file"), str(root)).data for disk in (one, other, DISK)]
    assert data == [b"one", b"old", b"old"]


@pytest.mark.parametrize("name", ["gone", "..", "link-out"])
def test_what_cannot_be_read_on_disk_cannot_be_read_here(root: Path, name: str) -> None:
    (root / "link-out").symlink_to(root.parent)
    path = root / name
    overlay = changing(Path(os.path.realpath(path)), b"new")
    with pytest.raises(GearlintError):
        overlay.read(str(path), str(root))


@pytest.mark.parametrize(("makes_executable", "mode"), [(True, 0o750), (False, 0o640)])
def test_executable_bits(root: Path, makes_executable: bool, mode: int) -> None:
    path = root / "file"
    overlay = changing(path, b"old", makes_executable=makes_executable)
    assert overlay.permissions(str(path), path.lstat(), str(root)) == mode
    assert DISK.permissions(str(path), path.lstat(), str(root)) == 0o640


def test_unknown_permissions_stay_unknown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "permissions", lambda *_: None)
    overlay = changing(root / "file", b"old", makes_executable=True)
    assert overlay.permissions(str(root / "file"), (root / "file").lstat(), str(root)) is None
