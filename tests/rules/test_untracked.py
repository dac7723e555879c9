"""GL326: a COPY source that is there, and that a clone of the repository would not have."""

from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.repositories import Repository
from tests.sound import DOCKERFILE

MESSAGE = 'COPY takes "{}", which git does not track, so a clone cannot be built'


def _gear(directory: Path, copied: str = "run.py manifest.json new.py ./") -> Repository:
    """A repository with a gear that is committed but for `new.py` and `lib`."""
    repository = Repository(directory)
    repository.gear()
    repository.write("Dockerfile", DOCKERFILE.replace("run.py manifest.json ./", copied))
    repository.commit()
    repository.write("new.py", "")
    repository.write("lib/sub/a.py", "")
    return repository


def _found(run: Run, directory: Path) -> list[str]:
    outcome = run("check", "--select", "GL326", "--output-format", "concise", directory)
    lines = outcome.stdout.splitlines()
    return [line.partition("info: ")[2] for line in lines if "GL326" in line]


@pytest.mark.parametrize(
    ("copied", "named"),
    [
        ("run.py manifest.json new.py ./", ["new.py"]),
        ("run.py manifest.json ./new.py ./", ["./new.py"]),
        ("run.py manifest.json ./\nADD new.py ./", ["new.py"]),
        ("run.py manifest.json ./\nCOPY new.py ./\nCOPY new.py /x", ["new.py"]),
        ("run.py manifest.json ./\nCOPY lib /x/", ["lib"]),
        ("run.py manifest.json ./\nCOPY lib/sub/ /x/", ["lib/sub/"]),
        ("run.py manifest.json lib/sub/a.py new.py ./", ["lib/sub/a.py", "new.py"]),
        ('run.py manifest.json ./\nCOPY ["new.py", "./"]', ["new.py"]),
        ("run.py manifest.json ./\nCOPY --chmod=755 \\\n  new.py ./", ["new.py"]),
    ],
)
def test_source_that_git_does_not_track(
    copied: str, named: list[str], tmp_path: Path, run: Run
) -> None:
    _gear(tmp_path, copied)
    found = [message.replace("ADD", "COPY") for message in _found(run, tmp_path)]
    assert found == [MESSAGE.format(name) for name in named]


@pytest.mark.parametrize(
    "copied",
    [
        "run.py manifest.json ./",
        ". ./",
        "run.py manifest.json *.py ./",
        "run.py manifest.json ./\nCOPY --from=alpine:3 new.py ./",
        "run.py manifest.json ./\nCOPY --from=alpine:3 /new.py ./",
        "run.py manifest.json ./\nCOPY <<new.py ./\nx\nnew.py",
        "run.py manifest.json ./\nADD https://example.org/new.py ./",
        "run.py manifest.json ./\nRUN cat new.py",
        "run.py manifest.json missing.py ./",  # GL310 says so
        "run.py manifest.json $NEW ./",
        "run.py manifest.json ./\nONBUILD COPY new.py ./",
    ],
)
def test_what_no_instruction_names_is_left_alone(copied: str, tmp_path: Path, run: Run) -> None:
    _gear(tmp_path, copied)
    assert _found(run, tmp_path) == []


@pytest.mark.parametrize(
    "commands",
    [
        ["add new.py"],
        ["add --intent-to-add new.py"],
        ["add new.py", "commit --quiet --message 2", "update-index --assume-unchanged new.py"],
        ["add new.py", "commit --quiet --message 2", "update-index --skip-worktree new.py"],
        ["add new.py", "update-index --index-version 4"],
        ["update-index --split-index"],
        ["add new.py", "update-index --split-index"],
        ["sparse-checkout set --cone --sparse-index lib"],
        ["rm --quiet --cached Dockerfile"],  # a gear that is not in the repository yet
    ],
)
def test_what_git_tracks_or_does_not_say_is_left_alone(
    commands: list[str], tmp_path: Path, run: Run
) -> None:
    repository = _gear(tmp_path)
    for command in commands:
        repository.git(*command.split())
    repository.write("new.py", "")
    repository.write(
        "run.py", (tmp_path / "run.py").read_text() if (tmp_path / "run.py").exists() else ""
    )
    assert _found(run, tmp_path) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitignore", "new.py\n"),
        (".gitignore", "*.py\n!run.py\n"),
        (".git/info/exclude", "# mine\n/new.*\n"),
        ("Makefile", "image:\n\tgenerate > new.py\n"),
        (".gitmodules", '[submodule "x"]\n\tpath = .\n'),
        (".dockerignore", "new.py\n"),  # GL311 says so
        (".git/index.lock", ""),
        (".git/index", "DIRC"),
    ],
)
def test_what_is_ignored_made_or_not_known_is_left_alone(
    path: str, text: str, tmp_path: Path, run: Run
) -> None:
    repository = _gear(tmp_path)
    repository.write(path, text)
    assert _found(run, tmp_path) == []


def test_gitignore_comes_after_the_exclude_file(tmp_path: Path, run: Run) -> None:
    repository = _gear(tmp_path)
    repository.write(".git/info/exclude", "new.py\n")
    repository.write(".gitignore", "!new.py\n")
    assert _found(run, tmp_path) == [MESSAGE.format("new.py")]


@pytest.mark.parametrize("version", ["2", "4"])
def test_directory_with_one_tracked_file_is_left_alone(
    version: str, tmp_path: Path, run: Run
) -> None:
    repository = _gear(tmp_path, "run.py manifest.json lib ./")
    repository.git("update-index", "--index-version", version)
    assert _found(run, tmp_path) == [MESSAGE.format("lib")]
    repository.write("lib/b.py", "")
    repository.git("add", "lib/b.py")
    assert _found(run, tmp_path) == []


def test_file_of_the_same_name_elsewhere_does_not_count(tmp_path: Path, run: Run) -> None:
    repository = _gear(tmp_path, "run.py manifest.json lib new.py ./")
    repository.write("a/lib/sub.py", "")
    repository.write("a/new.py", "")
    repository.git("add", "a")
    assert _found(run, tmp_path) == [MESSAGE.format("lib"), MESSAGE.format("new.py")]


def test_file_through_a_link_or_in_another_repository_is_left_alone(
    tmp_path: Path, run: Run
) -> None:
    repository = _gear(tmp_path, "run.py manifest.json link/a.py inner/a.py ./")
    (tmp_path / "link").symlink_to("shared")
    repository.write("shared/a.py", "")
    repository.git("add", "link", "shared")
    Repository(tmp_path / "inner")
    repository.write("inner/a.py", "")
    assert _found(run, tmp_path) == []


def test_gear_in_a_directory_and_in_another_work_tree(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "r")
    repository.gear(directory="gears/one")
    copied = DOCKERFILE.replace("manifest.json ./", "manifest.json new.py ./")
    repository.write("gears/one/Dockerfile", copied)
    repository.commit()
    repository.git("worktree", "add", "--quiet", "../other")
    for work_tree in (tmp_path / "r", tmp_path / "other"):
        (work_tree / "gears" / "one" / "new.py").touch()
        assert _found(run, work_tree) == [MESSAGE.format("new.py")]
    repository.git("-C", str(tmp_path / "other"), "add", ".")
    assert _found(run, tmp_path / "other") == []
    assert _found(run, tmp_path / "r") == [MESSAGE.format("new.py")]


def test_no_repository_or_none_with_an_index(tmp_path: Path, run: Run) -> None:
    repository = _gear(tmp_path)
    (tmp_path / ".git" / "index").unlink()
    assert _found(run, tmp_path) == []
    (tmp_path / ".git").rename(tmp_path / "git")
    assert _found(run, tmp_path) == []
    assert repository.directory == tmp_path


def test_index_that_would_have_to_be_taken_apart_each_time(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = _gear(tmp_path)
    repository.git("update-index", "--index-version", "4")
    assert _found(run, tmp_path) == [MESSAGE.format("new.py")]
    monkeypatch.setattr(limits, "GIT_INDEX_PACKED_BYTES", 10)
    assert _found(run, tmp_path) == []


def test_no_more_sources_than_the_limit_are_looked_for(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gear(tmp_path)
    monkeypatch.setattr(limits, "NAMED_SOURCES", 2)
    assert _found(run, tmp_path) == []
