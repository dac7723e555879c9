"""Files under `--fix`: each is the old one or the fixed, whole, whatever happens meanwhile."""

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gearlint.core import atomic as writing
from gearlint.core.source import is_temporary
from tests.conftest import Outcome, Run
from tests.sound import manifest_text, write_gear

BAD = '"version": "1.0.1_2.0.0"'
OLD = manifest_text(BAD).encode()
NEW = OLD.replace(b":1.0.0_2.0.0", b":1.0.1_2.0.0")

KILLS = int(os.environ.get("GEARLINT_KILLS", "20"))
"""How often a run is killed; `make e2e` sets more."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def left_behind(directory: Path) -> list[Path]:
    return [path for path in directory.rglob(".*") if is_temporary(path.name)]


# Fixes the gear of its first argument, which imports all that is needed and may not be readable
# for another user; then, as `nobody` if it is root, fixes the others.
AS_NOBODY = """
import importlib, os, sys
import gearlint.report.concise
from gearlint.cli.main import main

main(["check", "--quiet", "--fix", "--select", "GL201,GL301", sys.argv[1]])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main(["check", "--fix", "--select", "GL201", "--output-format", "concise", *sys.argv[2:]]))
"""


@pytest.fixture
def everyones() -> Iterator[Path]:
    """A temporary directory that every user can enter, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory


def as_nobody(directory: Path, *arguments: str) -> Outcome:
    write_gear(directory / "first", BAD)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, "first", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def give_to_nobody(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, 65534, 65534)


# Killed


def test_killed_at_any_moment_every_file_is_old_or_new(run: Run, tmp_path: Path) -> None:
    manifests = [write_gear(tmp_path / f"gear-{number:02}", BAD) for number in range(50)]
    command = ["check", "--fix", "--quiet", "--select", "GL201"]
    moments, halves = random.Random(0), 0
    for _ in range(KILLS):
        for manifest in manifests:
            manifest.write_bytes(OLD)
        process = subprocess.Popen([sys.executable, "-m", "gearlint", *command], cwd=tmp_path)
        reached = moments.choice(manifests)
        while process.poll() is None and reached.read_bytes() == OLD:
            time.sleep(0.0005)
        time.sleep(moments.uniform(0, 0.01))  # what a gear takes
        process.send_signal(signal.SIGKILL)
        process.wait()
        contents = [manifest.read_bytes() for manifest in manifests]
        assert set(contents) <= {OLD, NEW}
        assert contents == sorted(contents, key=lambda content: content == OLD)
        halves += OLD in contents
        assert len(left_behind(tmp_path)) <= 1
        assert run(*command) == (0, "", "")
        assert all(manifest.read_bytes() == NEW for manifest in manifests)
        assert not left_behind(tmp_path)
    assert halves, "the kills came too late"


def test_what_a_killed_run_left_is_cleared_but_not_what_another_is_writing(
    run: Run, tmp_path: Path
) -> None:
    fcntl = pytest.importorskip("fcntl")

    path = write_gear(Path("gear"), BAD)
    stale, running = (path.parent / f".gearlint-{digit * 16}.tmp" for digit in "ab")
    others = [path.parent / name for name in (".gearlint-notes.tmp", ".gearlint-c.tmp", "x.tmp")]
    for file in (stale, running, *others):
        file.write_text("{")
    linked = path.parent / f".gearlint-{'d' * 16}.tmp"
    linked.symlink_to("run.py")
    with running.open() as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        assert run("check", "--fix").code == 0
    assert path.read_bytes() == NEW
    assert not stale.exists()
    assert all(file.exists() for file in (running, linked, *others))


def test_interrupted_run_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    path = write_gear(Path("gear"), BAD)
    monkeypatch.setattr(os, "fsync", interrupt)
    assert run("check", "--fix").code == 130
    assert path.read_bytes() == OLD
    assert not left_behind(tmp_path)


# What cannot be written


@pytest.fixture
def three(everyones: Path) -> Iterator[list[Path]]:
    """The manifests of three gears; what is done to the second must not touch the others."""
    yield [write_gear(everyones / name, BAD) for name in "abc"]
    for directory, _, _ in os.walk(everyones):
        Path(directory).chmod(0o755)


def test_read_only_directory(three: list[Path], everyones: Path) -> None:
    give_to_nobody(*three, *(path.parent for path in three))
    three[1].parent.chmod(0o555)
    outcome = as_nobody(everyones, "a", "b", "c")
    assert outcome.code == 2
    assert [path.read_bytes() for path in three] == [NEW, OLD, NEW]
    assert outcome.stderr.splitlines() == [
        "gearlint: b/manifest.json: not changed: no file can be made in its directory: "
        "Permission denied",
        "Fixed a/manifest.json: GL201 image-tag-mismatch",
        "Fixed c/manifest.json: GL201 image-tag-mismatch",
        "Fixed 2 problems, 1 error left in 3 gears.",
    ]
    assert outcome.stdout.startswith("b/manifest.json:")
    assert not left_behind(everyones)


def test_file_without_write_permission(three: list[Path], everyones: Path) -> None:
    give_to_nobody(*three, *(path.parent for path in three))
    three[1].chmod(0o444)
    outcome = as_nobody(everyones, "a", "b", "c")
    assert outcome.code == 2
    assert [path.read_bytes() for path in three] == [NEW, OLD, NEW]
    assert outcome.stderr.splitlines()[0] == (
        "gearlint: b/manifest.json: not changed: no permission to write to it"
    )
    assert stat.S_IMODE(three[1].stat().st_mode) == 0o444


@as_root
def test_full_disk(run: Run, three: list[Path], everyones: Path) -> None:
    disk = everyones / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted: {mounted.stderr.strip()}")
    try:
        path = write_gear(disk / "b", BAD)
        with (disk / "filler").open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while file.write(b"x" * size):
                        pass
                except OSError:
                    continue
        os.chdir(everyones)
        outcome = run("check", "--fix", "--select", "GL201", "a", "disk/b", "c", "--quiet")
        assert (outcome.code, outcome.stderr) == (
            2,
            "gearlint: disk/b/manifest.json: not changed: No space left on device\n",
        )
        assert path.read_bytes() == OLD
        assert not left_behind(disk)
    finally:
        os.chdir(everyones)
        subprocess.run(["umount", str(disk)], check=True)
    assert [three[0].read_bytes(), three[2].read_bytes()] == [NEW, NEW]


def change_as_another_program(path: Path, change: str, outside: Path) -> None:
    if change == "written":
        path.write_bytes(OLD + b"\n")
    elif change == "replaced":
        (path.parent / "x").write_bytes(b"{}")
        (path.parent / "x").replace(path)
    else:
        path.unlink()
        if change == "linked away":
            path.symlink_to(outside)


@pytest.mark.parametrize("change", ["written", "replaced", "removed", "linked away"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_file_that_another_program_changes_meanwhile(
    run: Run,
    three: list[Path],
    everyones: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    moment: str,
) -> None:
    # The other program is quicker than this one: at the moment when gearlint is about to write, or
    # when it has written all and is about to give the new file its place.
    path = three[1]
    outside = everyones.with_name(everyones.name + "-outside")
    outside.write_bytes(OLD)
    other_program = partial(change_as_another_program, path, change, outside)
    if moment == "before":
        rewrite = writing.rewrite

        def late(name: str, *arguments: object, **keywords: object) -> None:
            if "b" in Path(name).parts:
                other_program()
            rewrite(name, *arguments, **keywords)  # type: ignore[arg-type]

        monkeypatch.setattr(writing, "rewrite", late)
    else:
        fsync, calls = os.fsync, []

        def slow(descriptor: int) -> None:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                calls.append(descriptor)
                if len(calls) == 2:
                    other_program()
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", slow)
    os.chdir(everyones)
    outcome = run("check", "--fix", "--select", "GL201", "a", "b", "c")
    assert outcome.code == 2
    assert [three[0].read_bytes(), three[2].read_bytes()] == [NEW, NEW]
    assert outside.read_bytes() == OLD
    outside.unlink()
    assert outcome.stderr.startswith("gearlint: b/manifest.json: ")
    assert "Traceback" not in outcome.stderr
    assert not left_behind(everyones)
    if change == "removed":
        assert not path.exists()
        assert "no such file" in outcome.stderr
    elif change == "linked away":
        assert path.is_symlink()
        assert "leads out of the repository" in outcome.stderr
    else:
        assert path.read_bytes() == (OLD + b"\n" if change == "written" else b"{}")
        assert "not changed: another program has changed it meanwhile" in outcome.stderr


# What stays


def test_link_out_of_the_repository_is_not_followed(run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(OLD)
    sound = write_gear(tmp_path / "work" / "a", BAD)
    inside = write_gear(tmp_path / "work" / "b")
    (tmp_path / "work" / ".git").mkdir()
    inside.unlink()
    inside.symlink_to(outside)
    outcome = run("check", "--fix", "--select", "GL201", "work")
    assert outcome.code == 2
    assert "work/b/manifest.json: leads out of the repository" in outcome.stderr
    assert outside.read_bytes() == OLD
    assert inside.is_symlink()
    assert sound.read_bytes() == NEW


@pytest.mark.parametrize("target", ["../common/gear.json", "{}/common/gear.json"])
def test_link_inside_the_repository_stays_and_its_target_is_fixed(
    run: Run, tmp_path: Path, target: str
) -> None:
    (tmp_path / ".git").mkdir()
    link = write_gear(tmp_path / "gear")
    common = tmp_path / "common" / "gear.json"
    common.parent.mkdir()
    common.write_bytes(OLD)
    link.unlink()
    link.symlink_to(target.format(tmp_path))
    shown = run("check", "--diff", "gear")
    assert shown.stdout.startswith("--- a/common/gear.json\n")
    # The build does not follow a link out of its context, which is GL310.
    assert run("check", "--fix", "--ignore", "GL310", "gear").code == 0
    assert common.read_bytes() == NEW
    assert os.readlink(link) == target.format(tmp_path)
    assert not common.is_symlink()


def test_other_name_of_the_file_keeps_the_old_content(run: Run, tmp_path: Path) -> None:
    path = write_gear(tmp_path / "gear", BAD)
    other = tmp_path / "copy-made-with-cp-al.json"
    other.hardlink_to(path)
    assert run("check", "--fix", "gear").code == 0
    assert path.read_bytes() == NEW
    assert other.read_bytes() == OLD


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664, 0o640, 0o4755])
def test_mode_stays(run: Run, mode: int) -> None:
    path = write_gear(Path("gear"), BAD)
    path.chmod(mode)
    before = os.umask(0o077)
    try:
        assert run("check", "--fix").code == 0
    finally:
        os.umask(before)
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == mode


@as_root
def test_owner_stays(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    os.chown(path, 65534, 12345)
    path.chmod(0o6755)
    assert run("check", "--fix").code == 0
    info = path.stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (65534, 12345, 0o6755)


def test_extended_attributes_stay_and_the_time_does_not(run: Run) -> None:
    path = write_gear(Path("gear"), BAD)
    os.utime(path, (0, 0))
    try:
        os.setxattr(path, "user.note", b"kept")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    assert run("check", "--fix").code == 0
    assert os.getxattr(path, "user.note") == b"kept"
    assert path.stat().st_mtime > 0


def test_new_file_is_never_readable_for_more_people_than_the_old(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_gear(Path("gear"), BAD)
    path.chmod(0o600)
    modes, copystat = [], shutil.copystat

    def watched(source: str, target: str) -> None:
        modes.append(stat.S_IMODE(os.stat(target).st_mode))
        copystat(source, target)

    monkeypatch.setattr(shutil, "copystat", watched)
    assert run("check", "--fix").code == 0
    assert modes == [0o600]


def test_temporary_files_are_no_gears(run: Run) -> None:
    path = write_gear(Path("gear"))
    (path.parent / f".gearlint-{'0' * 16}.tmp").write_bytes(OLD)
    assert run("check").stderr == "No findings in 1 gear.\n"
