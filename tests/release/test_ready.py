"""When a repository is ready for a release, and what is said where it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gearlint.core.errors import GearlintError
from gearlint.release.git import Repository as Git
from gearlint.release.ready import confirm_ready, confirm_tags, confirm_tracked
from gearlint.release.undo import changed_files
from tests.repositories import Repository

pytestmark = pytest.mark.usefixtures("own_git_configuration")


def refusal(confirm: Callable[[], None]) -> str:
    """Why something is refused, empty if it is not."""
    try:
        confirm()
    except GearlintError as error:
        return str(error)
    return ""


def _nothing(repository: Repository) -> None:
    pass


def _file(name: str) -> Callable[[Repository], object]:
    return lambda repository: repository.write(f".git/{name}", "")


def _write(repository: Repository) -> None:
    repository.write("a.py", "new")


def _stage(repository: Repository) -> None:
    repository.write("a.py", "new")
    repository.write("b.py", "new")
    repository.git("add", "b.py")


def _detach(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--detach")


def _untracked(repository: Repository) -> None:
    repository.write("new.py", "")


def _nobody(repository: Repository) -> None:
    repository.git("config", "user.useConfigOnly", "true")
    repository.git("config", "--unset", "user.email")


DIRTY = 'changes of "a.py" are not committed: commit or stash them'
STATES = [
    # (what is done, whether a commit is to be made, --allow-dirty if there is one, what is said)
    (_nothing, True, False, ""),
    (_untracked, True, False, ""),
    (_write, True, False, f"{DIRTY}, or --allow-dirty"),
    (_write, False, None, DIRTY),
    (_write, True, True, ""),
    (_stage, True, False, 'changes of "b.py" are staged: commit or stash them, or --allow-dirty'),
    (_detach, True, False, "HEAD is detached: switch to a branch first"),
    (_detach, False, None, ""),
    (_nobody, True, False, "git does not know who you are: set user.name"),
    (_nobody, False, None, ""),
    (_file("MERGE_HEAD"), True, False, "under way: finish or abort it first"),
    (_file("MERGE_HEAD"), False, None, "under way: finish or abort it first"),
    (_file("index.lock"), True, True, "the index is locked: wait for the git that is at work"),
]


@pytest.mark.parametrize(("change", "commits", "allow_dirty", "said"), STATES)
def test_state_of_a_repository(
    change: Callable[[Repository], object],
    commits: bool,
    allow_dirty: bool | None,
    said: str,
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path)
    repository.write("a.py", "")
    repository.write("b.py", "")
    repository.commit()
    change(repository)
    git = Git(str(tmp_path))
    found = refusal(lambda: confirm_ready(git, commits=commits, allow_dirty=allow_dirty))
    assert found.startswith(said) or ("under way" in said and found == f"a merge is {said}")
    assert bool(found) == bool(said)
    assert found == said or "stash" not in found


def test_repository_without_a_commit_or_with_another_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path)
    with pytest.raises(GearlintError, match="has no commit yet"):
        confirm_ready(Git(str(tmp_path)), commits=False, allow_dirty=True)
    repository.commit()
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other"))
    with pytest.raises(GearlintError, match="GIT_INDEX_FILE in the environment is another index"):
        confirm_ready(Git(str(tmp_path)), commits=True, allow_dirty=True)
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / ".git" / "index"))
    confirm_ready(Git(str(tmp_path)), commits=True, allow_dirty=True)


LACKING = "in the image, but not tracked by git, so a clone would lack"
UNTRACKED = [
    ([], False, ""),
    (["a"], True, ""),
    (["a"], None, f'"a" is {LACKING} it: git add and commit, or ignore it'),
    (["a"], False, f'"a" is {LACKING} it: git add and commit, or ignore it, or --allow-dirty'),
    (["a", "b"], None, f'"a" and "b" are {LACKING} them: git add and commit, or ignore them'),
]


@pytest.mark.parametrize(("paths", "allow_dirty", "said"), UNTRACKED)
def test_files_that_a_clone_would_lack(
    paths: list[str], allow_dirty: bool | None, said: str
) -> None:
    assert refusal(lambda: confirm_tracked(paths, allow_dirty=allow_dirty)) == said


@pytest.mark.parametrize(
    ("tags", "refused"),
    [([], ""), (["1.0", "x/1.0"], ""), (["1.0", "a b"], "a b"), (["-x"], "-x"), (["a..b"], "a..b")],
)
def test_names_that_no_tag_can_have(tags: list[str], refused: str, tmp_path: Path) -> None:
    Repository(tmp_path)
    git, said = Git(str(tmp_path)), "cannot be the name of a tag: set another tag-format"
    found = refusal(lambda: confirm_tags(tags, git))
    assert found == (f'"{refused}" {said}' if refused else "")


def test_changed_files(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    for name in "abc":
        repository.write(name, "")
    repository.commit()
    repository.write("a", "new")
    repository.write("untracked", "")
    repository.git("mv", "b", "moved")
    assert changed_files(Git(str(tmp_path))) == {"a": " M", "b": "D ", "moved": "A "}
