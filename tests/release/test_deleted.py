"""`check --changed-files` without names: the gears of files that git has as deleted."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.repositories import Repository

pytestmark = pytest.mark.usefixtures("own_git_configuration")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Two gears, one in the other's directory, and a file beside them; the current directory."""
    repository = Repository(tmp_path / "repository")
    for name in ("a", "a/b", "c"):
        repository.gear(directory=name)
        repository.write(f"{name}/data.txt", "x")
    repository.write("README.md", "x")
    repository.commit()
    monkeypatch.chdir(repository.directory)
    for name in ("PRE_COMMIT", "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"):
        monkeypatch.delenv(name, raising=False)
    return repository


def number(run: Run, *paths: str) -> int:
    """How many gears are checked."""
    outcome = run("check", "--changed-files", *paths)
    assert outcome.code == 0
    return int(outcome.stderr.split()[-2])


@pytest.mark.parametrize(
    ("deleted", "expected"),
    [
        ([], 0),
        (["README.md"], 0),
        (["a/data.txt"], 1),
        (["a/data.txt", "c/data.txt", "README.md"], 2),
        (["a/b"], 1),
        (["a"], 0),
        (["a/manifest.json"], 0),
        (["a/b/manifest.json"], 1),
    ],
)
def test_gears_of_the_deleted_files(
    deleted: list[str], expected: int, repository: Repository, run: Run
) -> None:
    for path in deleted:
        repository.git("rm", "--quiet", "-r", path)
    assert number(run) == expected


def test_names_alone_count_but_under_pre_commit(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("rm", "--quiet", "a/data.txt")
    assert number(run, "c/run.py") == 1
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert number(run, "c/run.py") == 2


def test_file_that_was_moved_is_deleted_where_it_was(repository: Repository, run: Run) -> None:
    repository.git("config", "diff.renames", "copies")
    repository.git("config", "diff.relative", "true")
    repository.git("mv", "a/data.txt", "data.txt")
    assert number(run) == 1


def test_file_that_is_gone_from_disk_alone_is_not_deleted(repository: Repository, run: Run) -> None:
    (repository.directory / "a/data.txt").unlink()
    assert number(run) == 0


def test_what_is_pushed(repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("rm", "--quiet", "a/data.txt")
    repository.commit()
    repository.git("rm", "--quiet", "c/data.txt")
    assert number(run) == 1
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", first)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert number(run) == 1
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "nowhere")
    outcome = run("check", "--changed-files")
    assert outcome.code == 2
    assert outcome.stderr.startswith("gearlint: git diff: ")


def test_configuration_of_the_repository_runs_nothing(repository: Repository, run: Run) -> None:
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "core.pager",
    ):
        repository.git("config", key, "touch ../ran; false")
    repository.write(".git/info/attributes", "* diff=x\n")
    (repository.directory / "a/data.txt").unlink()
    repository.git("-c", "core.fsmonitor=false", "update-index", "--remove", "a/data.txt")
    (repository.directory.parent / "ran").unlink(missing_ok=True)
    assert number(run) == 1
    assert not (repository.directory.parent / "ran").exists()


def test_without_commit_and_without_repository(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "new")
    repository.gear()
    repository.git("add", "--all")
    repository.git("rm", "--quiet", "--cached", "run.py")
    monkeypatch.chdir(repository.directory)
    assert number(run) == 0
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path / "none")
    assert number(run) == 0


def test_git_that_hangs_is_ended(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text("#!/bin/sh\nsleep 30\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(limits, "GIT_READ_SECONDS", 0.5)
    begun = time.monotonic()
    outcome = run("check", "--changed-files")
    assert (outcome.code, outcome.stderr) == (
        2,
        "gearlint: git diff: did not end within 0.5 seconds, and was ended\n",
    )
    assert time.monotonic() - begun < 25


def test_asking_costs_little(repository: Repository) -> None:
    repository.git("rm", "--quiet", "README.md")
    code = (
        "import sys; from gearlint.cli.main import main; code = main(['check', '--changed-files'])"
        "; print('git' in sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository.directory,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n", "GitPython takes longer to import than a gear to check"
