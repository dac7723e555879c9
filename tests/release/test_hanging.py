"""A git that would wait for ever: for a FIFO in `.git`, a hook, or a helper that does not end."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.release import command, processes
from tests.conftest import Run
from tests.machine import HANGING
from tests.repositories import Repository, Waiting

pytestmark = [
    pytest.mark.usefixtures("own_git_configuration"),
    pytest.mark.skipif(os.name == "nt", reason="Windows has no FIFOs"),
]
SECONDS = 0.5
ENDED = re.compile(r"gearlint: git [a-z-]+: did not end within 0\.5 seconds, and was ended")

PLACES = [
    "packed-refs", "HEAD", "config", "index", "shallow", "commondir", "refs", "refs/tags",
    "refs/tags/1.0.0_2.0.0", "refs/heads/main", "info/attributes", "info/exclude", "objects",
    "objects/info/alternates", "hooks", "hooks/pre-commit", "gearlint/lock",
]  # fmt: skip
WAITS = [
    ("index", "bump --gear"),
    ("index", "tag"),
    ("logs/HEAD", "bump --gear"),
    ("info/attributes", "bump --gear"),
    ("HEAD", "check --select ALL"),
    ("config", "version"),
    ("packed-refs", "check --changed-files"),
]


@pytest.fixture(autouse=True)
def _short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_READ_SECONDS", "GIT_STATUS_SECONDS", "GIT_RUN_SECONDS"):
        monkeypatch.setattr(limits, name, SECONDS)


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    """Whatever was started in the test's directory has ended with the test, or is about to."""
    yield
    until = time.monotonic() + 10
    while left := started_in(tmp_path):
        assert time.monotonic() < until, left
        time.sleep(0.02)


def started_in(directory: Path) -> list[str]:
    """The other processes that work in a directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            inside = Path(os.readlink(process / "cwd")).is_relative_to(directory)
            if inside and int(process.name) != os.getpid():
                found.append((process / "cmdline").read_text())
        except OSError:  # it has ended, or is another user's
            continue
    return found


def put_fifo(repository: Repository, place: str) -> None:
    path = repository.directory / ".git" / place
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize("place", PLACES)
def test_check_never_waits_for_a_fifo(place: str, repository: Repository, run: Run) -> None:
    put_fifo(repository, place)
    outcome = run("check", "--select", "GL2")  # GL205 reads the names of tags
    assert (outcome.code, outcome.stderr) == (0, "No findings in 1 gear.\n")
    assert run("check", "--fix").code == 0


@pytest.mark.parametrize("place", PLACES)
def test_version_reports_a_fifo_in_one_line(place: str, repository: Repository, run: Run) -> None:
    put_fifo(repository, place)
    outcome = run("version")
    assert outcome.code in (0, 2)
    assert len(outcome.stderr.splitlines()) == (outcome.code != 0)


@pytest.mark.parametrize(("place", "arguments"), WAITS)
def test_git_that_waits_for_a_fifo_is_ended(
    place: str, arguments: str, repository: Repository, run: Run
) -> None:
    repository.write("run.py", "#!/usr/bin/env python3\nprint('changed')\n")
    if arguments == "bump --gear":
        repository.commit()
    put_fifo(repository, place)
    outcome = run(*arguments.split())
    assert outcome.code == 2
    first, *others = outcome.stderr.splitlines()
    assert ENDED.match(first)
    assert others == (["1 gear could not be checked."] if "ALL" in arguments else [])


@pytest.mark.parametrize("command", ["bump --gear", "tag", "bump --gear --dry-run --push"])
def test_index_that_is_a_fifo_is_not_waited_for_as_a_hook_is(
    command: str, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GIT_RUN_SECONDS", 60.0)
    put_fifo(repository, "index")
    outcome = run(*command.split())
    assert outcome.code == 2
    assert outcome.stderr.startswith("gearlint: git status: did not end within 0.5 seconds")


def test_each_gear_of_a_repository_does_not_wait_anew(repository: Repository, run: Run) -> None:
    for number in range(8):
        repository.gear(directory=f"gear{number}")
    put_fifo(repository, "HEAD")
    begun = time.monotonic()
    outcome = run("check", "--select", "GL6")
    assert (outcome.code, outcome.stderr.count("did not end")) == (2, 1)
    assert outcome.stderr.endswith("\n9 gears could not be checked.\n")
    assert time.monotonic() - begun < 6 * SECONDS


@pytest.mark.parametrize("ignores", ["", "trap '' TERM INT HUP; "], ids=["", "ignores-signals"])
def test_hook_that_hangs_is_ended_with_all_that_it_started(
    ignores: str, repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_ENDING", 0.2)
    repository.hook("pre-commit", f"{ignores}sh -c '{ignores}sleep {HANGING}; true' | cat; true")
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert outcome.stderr.startswith("gearlint: git commit: did not end within 0.5 seconds")
    assert outcome.stderr.endswith("all is as it was before\n")
    assert repository.state == before
    assert run("version").code == 0


def test_program_that_a_hook_leaves_running_is_not_waited_for(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GIT_RUN_SECONDS", 10.0)
    monkeypatch.setattr(command, "_LOOKING", 0.1)
    repository.hook("post-commit", "until [ -e .git/end ]; do sleep 0.02; done &")
    outcome = run("bump", "--gear")
    repository.write(".git/end", "")
    assert outcome.code == 0
    assert repository.tags == ["1.0.0_2.0.0", "1.0.0_2.0.1"]


def test_helper_of_a_push_that_hangs_is_ended(repository: Repository, run: Run) -> None:
    repository.git("config", "core.sshCommand", f"sleep {HANGING} #")
    repository.git("remote", "add", "origin", "ssh://host.example/repository")
    before = repository.state
    outcome = run("bump", "--gear", "--push")
    assert (outcome.code, len(outcome.stderr.splitlines())) == (2, 1)
    assert outcome.stderr.startswith("gearlint: git ls-remote: did not end within 0.5 seconds")
    assert repository.state == before


def test_interrupt_of_gearlint_alone_ends_a_hook(repository: Repository) -> None:
    waiting = Waiting(repository)
    bump = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    process = subprocess.Popen(bump, stderr=subprocess.PIPE, start_new_session=True)
    waiting.reached(process)
    os.kill(process.pid, 2)
    process.communicate()
    assert process.returncode == 130  # and `waiting.end` is not needed


def test_file_that_becomes_a_fifo_while_it_is_read(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest, real = repository.directory / "manifest.json", os.open

    def exchanging(path: str, flags: int, mode: int = 0o777, **options: int | None) -> int:
        if os.fspath(path) == str(manifest):
            manifest.unlink()
            os.mkfifo(manifest)
        return real(path, flags, mode, **options)

    monkeypatch.setattr(os, "open", exchanging)
    outcome = run("check", "manifest.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "manifest.json: cannot be read: it is not a regular file any more" in outcome.stderr
