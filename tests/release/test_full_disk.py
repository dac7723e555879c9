"""A disk that gets full during a bump, and a git that hangs: all is as it was before."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.machine import in_time
from tests.repositories import Repository

pytestmark = pytest.mark.usefixtures("own_git_configuration")

SIZE = 2_000_000


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """The current directory: a released gear with a CHANGELOG, on a disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        repository = Repository(disk / "gear")
        repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n" + "x" * 20_000)
        repository.release("1.0.0_2.0.0")
        monkeypatch.chdir(repository.directory)
        yield repository
    finally:
        monkeypatch.undo()
        subprocess.run(["umount", str(disk)], check=True)


def filling(repository: Repository, left: int) -> str:
    """A command that fills the disk but for so many thousands of bytes, once."""
    disk = repository.directory.parent
    free = f"$(( $(stat -f -c '%a*%S' {disk}) - {left}*1024 ))"
    return f"[ -e {disk}/fill ] || head -c {free} /dev/zero > {disk}/fill"


@pytest.mark.parametrize("hook", ["", "pre-commit", "commit-msg", "post-commit"])
@pytest.mark.parametrize("left", [0, 4, 8, 12, 60, 176, 184, 192])
def test_disk_that_gets_full(hook: str, left: int, small: Repository, run: Run) -> None:
    before = small.state
    if hook:
        small.hook(hook, filling(small, left))
    else:
        subprocess.run(["sh", "-c", filling(small, left)], check=True)
    outcome = run("bump", "--gear")
    (small.directory.parent / "fill").unlink()
    if outcome.code == 0:
        assert small.tags == ["1.0.0_2.0.0", "1.0.0_2.0.1"]
        assert small.git("status", "--porcelain") == ""
        return
    assert small.state == before
    assert "all is as it was before" in outcome.stderr or "cannot be written" in outcome.stderr
    (small.directory / ".git" / "hooks" / (hook or "none")).unlink(missing_ok=True)
    left_over = set(os.listdir(small.directory / ".git" / "gearlint"))
    assert left_over == {"lock"}
    assert run("bump", "--gear").code == 0


# --- a git that hangs


def hook_that_hangs(name: str, repository: Repository) -> None:
    repository.hook(name, "sleep 30 > /dev/null 2>&1")


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "post-commit", "pre-push"])
def test_hook_that_hangs_is_ended_and_all_undone(
    hook: str, repository: Repository, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("init", "--quiet", "--bare", "../remote.git")
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    hook_that_hangs(hook, repository)
    monkeypatch.setattr(limits, "GIT_RUN_SECONDS", 1.0)
    before = repository.state
    with in_time(20):
        outcome = run("bump", "--gear", "--push")
    assert outcome.code == 2
    assert "did not end within 1 seconds, and was ended" in outcome.stderr.replace("git push:", "")
    assert repository.state == before


def test_remote_that_hangs(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("remote", "add", "origin", "ext::sleep 30")
    repository.git("config", "protocol.ext.allow", "always")
    monkeypatch.setattr(limits, "GIT_READ_SECONDS", 1.0)
    before = repository.state
    for options in (["bump", "--gear", "--push"], ["bump", "--gear", "--push", "--dry-run"]):
        outcome = run(*options)
        assert outcome.code == 2
        assert "git ls-remote: did not end within 1 seconds" in outcome.stderr
    assert repository.state == before


@pytest.mark.parametrize("command", ["version", "check --select GL6", "bump --gear", "tag"])
@pytest.mark.parametrize("path", [".git/HEAD", ".git/index", ".git/packed-refs", ".git/config"])
def test_fifo_in_the_git_directory(
    path: str,
    command: str,
    repository: Repository,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_READ_SECONDS", "GIT_STATUS_SECONDS", "GIT_RUN_SECONDS"):
        monkeypatch.setattr(limits, name, 1.0)
    (repository.directory / path).unlink(missing_ok=True)
    os.mkfifo(path)
    with in_time(20):
        outcome = run(*command.split(" "))
    assert outcome.code == 2
    assert "internal error" not in outcome.stderr


@pytest.mark.parametrize("command", ["version", "check --select GL6", "bump --gear", "tag"])
@pytest.mark.parametrize("path", ["run.py", "CHANGELOG.md", "Dockerfile", "gearlint.toml"])
def test_fifo_among_the_files(path: str, command: str, repository: Repository, run: Run) -> None:
    repository.write("CHANGELOG.md", "## Unreleased\n")
    repository.write("gearlint.toml", "")
    repository.commit()
    (repository.directory / path).unlink()
    os.mkfifo(path)
    before = repository.git("for-each-ref")
    with in_time(20):
        outcome = run(*command.split(" "))
    assert "internal error" not in outcome.stderr
    assert outcome.code in (0, 1, 2)
    assert repository.git("for-each-ref") == before
