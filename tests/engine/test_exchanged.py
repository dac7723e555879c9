"""A directory of a gear that is exchanged with a link, over and over, while the gear is fixed."""

import os
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from gearlint.core import atomic
from gearlint.core.errors import GearlintError
from tests.conftest import Run
from tests.sound import write_gear

RUNS = int(os.environ.get("GEARLINT_EXCHANGES", "150"))
BEFORE, AFTER = b"before\n", b"after\n"


def exchange(inner: Path, aside: Path, link: Path, end: Event) -> None:
    while not end.is_set():
        os.rename(inner, aside)
        os.rename(link, inner)
        os.rename(inner, link)
        os.rename(aside, inner)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no descriptors of directories")
def test_nothing_outside_is_written_through_a_link(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (inner := root / "gear").mkdir(parents=True)
    outside.mkdir()
    link = tmp_path / "link"
    link.symlink_to(outside)
    (outside / "file").write_bytes(BEFORE)
    end = Event()
    thread = Thread(target=exchange, args=(inner, root / "aside", link, end))
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread.start()
    written = 0
    try:
        for _ in range(RUNS):
            try:
                atomic.rewrite(str(inner / "file"), str(root), BEFORE, AFTER)
                written += 1
            except GearlintError:
                pass
            assert (outside / "file").read_bytes() == BEFORE
            assert os.listdir(outside) == ["file"]
            for directory in (inner, root / "aside"):
                if not directory.is_symlink() and directory.is_dir():
                    with_file = directory / "file"
                    break
            else:
                continue
            try:
                descriptor = os.open(with_file.parent, os.O_RDONLY | os.O_NOFOLLOW)
                opened = os.open("file", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=descriptor)
                os.truncate(opened, 0)
                os.write(opened, BEFORE)
                os.close(opened)
                os.close(descriptor)
            except OSError:
                continue
    finally:
        end.set()
        thread.join()
        sys.setswitchinterval(switching)


@pytest.mark.parametrize("moment", ["fsync", "utime"])
def test_directory_that_becomes_a_link_while_its_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (inner := root / "gear").mkdir(parents=True)
    outside.mkdir()
    for directory in (inner, outside):
        (directory / "file").write_bytes(BEFORE)
    real = getattr(os, moment)

    def exchanging(*arguments: object, **options: object) -> None:
        if not inner.is_symlink():
            inner.rename(root / "aside")
            inner.symlink_to(outside)
        real(*arguments, **options)

    monkeypatch.setattr(os, moment, exchanging)
    atomic.rewrite(str(inner / "file"), str(root), BEFORE, AFTER)
    assert (outside / "file").read_bytes() == BEFORE
    assert (root / "aside" / "file").read_bytes() == AFTER
    assert os.listdir(outside) == os.listdir(root / "aside") == ["file"]


def test_without_descriptors_it_is_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (inner := root / "gear").mkdir(parents=True)
    outside.mkdir()
    for directory in (inner, outside):
        (directory / "file").write_bytes(BEFORE)
    monkeypatch.setattr(os, "supports_dir_fd", set())
    real = os.fsync

    def exchanging(descriptor: int) -> None:
        inner.rename(root / "aside")
        inner.symlink_to(outside)
        real(descriptor)

    atomic.rewrite(str(inner / "file"), str(root), BEFORE, AFTER)
    monkeypatch.setattr(os, "fsync", exchanging)
    with pytest.raises(GearlintError, match="leads out of the repository"):
        atomic.rewrite(str(inner / "file"), str(root), AFTER, BEFORE)
    assert (outside / "file").read_bytes() == BEFORE


@pytest.mark.parametrize("change", ["vanishes", "becomes a pipe", "becomes a directory"])
def test_file_that_changes_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    (path := tmp_path / "file").write_bytes(BEFORE)
    real = os.access

    def changing(*arguments: object, **options: object) -> bool:
        path.unlink()
        if change == "becomes a pipe":
            os.mkfifo(path)
        elif change == "becomes a directory":
            path.mkdir()
        return True

    monkeypatch.setattr(os, "access", changing)
    monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, changing})
    assert real(tmp_path, os.R_OK)
    with pytest.raises(GearlintError, match="not changed") as caught:
        atomic.rewrite(str(path), str(tmp_path), BEFORE, AFTER)
    assert "\n" not in str(caught.value)
    assert [name for name in os.listdir(tmp_path) if name.endswith(".tmp")] == []


@pytest.mark.parametrize("name", ["manifest.json", "Dockerfile", "run.py", ".dockerignore"])
@pytest.mark.parametrize(
    "change", ["vanishes", "becomes a directory", "becomes a link that leads out"]
)
def test_file_that_changes_while_it_is_read_is_reported_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, name: str, change: str
) -> None:
    write_gear(gear := tmp_path / "gear")
    (outside := tmp_path / "outside").write_text("SECRET")
    (path := gear / name).touch()
    real = os.open

    def changing(opened: str, flags: int, mode: int = 0o777, **options: int | None) -> int:
        if opened == str(path) and path.is_file() and not path.is_symlink():
            path.unlink()
            if change == "becomes a directory":
                path.mkdir()
            elif change != "vanishes":
                path.symlink_to(outside)
        return real(opened, flags, mode, **options)

    (gear / ".git").mkdir()
    monkeypatch.setattr(os, "open", changing)
    outcome = run("check", gear, "--output-format", "concise")
    assert outcome.code in (0, 1, 2)
    assert "internal error" not in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "SECRET" not in outcome.stdout
    if outcome.code == 2:
        *lines, _ = outcome.stderr.splitlines()
        assert lines
        assert all(line.startswith(f"gearlint: gear/{name}: ") for line in lines)
