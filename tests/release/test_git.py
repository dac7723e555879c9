"""What git knows of a repository, and which files are not as in a commit."""

import os
import subprocess
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.release.command import GitError, GitTimeoutError, printed
from gearlint.release.git import Entry, Tag, relative
from gearlint.release.git import Repository as Git
from tests.machine import HANGING
from tests.repositories import Repository

pytestmark = pytest.mark.usefixtures("own_git_configuration")


def test_tags_are_those_of_commits_the_newest_first(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write("a.py", "")
    first = repository.commit()
    for name, what in (("v1", first), ("blob", "HEAD:a.py"), ("tree", "HEAD^{tree}")):
        repository.git("tag", name, what)
    repository.git("tag", "--annotate", "--message", "x", "v2", first)
    repository.git("tag", "--annotate", "--message", "x", "of-a-blob", "HEAD:a.py")
    repository.git("switch", "--quiet", "--create", "other")
    second = repository.commit("Another")
    repository.git("tag", "v3")
    repository.git("switch", "--quiet", "main")
    git = Git(str(tmp_path))
    assert sorted(git.tags) == [Tag("v1", first), Tag("v2", first), Tag("v3", second)]
    assert git.reachable == {"v1", "v2"}
    assert (git.head, git.branch, git.branch_name) == (first, "refs/heads/main", "main")
    assert (git.succeeds("rev-parse", "v3"), git.succeeds("rev-parse", "v4")) == (True, False)


def test_repository_before_its_first_commit_and_with_a_detached_head(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    git = Git(str(tmp_path))
    assert (git.head, git.tags, git.branch_name) == (None, [], "main")
    repository.git("switch", "--quiet", "--detach", repository.commit())
    git = Git(str(tmp_path))
    assert (git.branch, git.branch_name, git.is_on_default_branch) == (None, "", False)
    assert not git.is_shallow


BRANCHES = [
    # (branches, the one that is checked out, the one of origin, whether it is the main one)
    (["main"], "main", "", True),
    (["master"], "master", "", True),
    (["main", "x"], "x", "", False),
    (["trunk"], "trunk", "", True),
    (["trunk", "x"], "x", "", True),
    (["main", "trunk"], "trunk", "trunk", True),
    (["main", "trunk"], "main", "trunk", False),
]


@pytest.mark.parametrize(("branches", "branch", "origin", "is_main"), BRANCHES)
def test_main_branch(
    branches: list[str], branch: str, origin: str, is_main: bool, tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    repository.commit()
    repository.git("branch", "--move", "main", branches[0])
    for name in branches[1:]:
        repository.git("branch", name)
    repository.git("switch", "--quiet", branch)
    if origin:
        repository.git("update-ref", f"refs/remotes/origin/{origin}", "HEAD")
        remote = f"refs/remotes/origin/{origin}"
        repository.git("symbolic-ref", "refs/remotes/origin/HEAD", remote)
    assert Git(str(tmp_path)).is_on_default_branch is is_main


def test_files_of_the_index_and_of_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path)
    for name in ("a.py", "b.py", "c.py", "d e.py"):
        repository.write(name, name)
    repository.write("lines", "a\n\n")
    (tmp_path / "a.py").chmod(0o755)
    (tmp_path / "link").symlink_to("a.py")
    head = repository.commit()
    repository.git("update-index", "--skip-worktree", "b.py")
    repository.git("update-index", "--assume-unchanged", "c.py")
    repository.write("new/x", "")
    git = Git(str(tmp_path))
    modes = {path: (entry.mode, entry.is_checked_out) for path, entry in git.index.items()}
    assert modes == {
        "a.py": ("100755", True), "b.py": ("100644", False), "c.py": ("100644", True),
        "d e.py": ("100644", True), "lines": ("100644", True), "link": ("120000", True),
    }  # fmt: skip
    assert git.tree(head).keys() == git.index.keys()
    assert git.tree(head)["a.py"] == Entry("100755", git.index["a.py"].hash)
    assert git.overlooked == {"b.py": "skip-worktree", "c.py": "assume-unchanged"}
    assert git.untracked == ["new/x"]
    assert git.file_at(head, "d e.py") == b"d e.py"
    assert git.file_at(head, "lines") == b"a\n\n"
    assert git.file_at(head, "lost.py") is None
    monkeypatch.setattr(limits, "FILE_BYTES", 6)
    assert git.file_at(head, "d e.py") == b"d e.py"
    monkeypatch.setattr(limits, "FILE_BYTES", 5)
    assert git.file_at(head, "d e.py") is None


def _mode(path: Path) -> None:
    path.chmod(0o755)


def _group(path: Path) -> None:
    path.chmod(0o654)


def _text(path: Path) -> None:
    path.write_text("new")


def _gone(path: Path) -> None:
    path.unlink()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("elsewhere")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHANGES = [
    # (what is done to a file, options of git, attributes, whether it is another than before)
    (None, [], "", False),
    (_text, [], "", True),
    (_mode, [], "", True),
    (_group, [], "", False),
    (_gone, [], "", True),
    (_link, [], "", True),
    (_pipe, [], "", True),
    (_mode, ["core.fileMode=false"], "", False),
    (_mode, ["core.fileMode=true"], "", True),
    (_text, ["core.autocrlf=true"], "", False),
    (_text, ["core.autocrlf=input"], "", False),
    (_text, ["core.autocrlf=false"], "", True),
    (_text, [], "*.py text", False),
    (_text, [], "*.py -text", True),
    (_text, [], "*.py filter=x", False),
    (_text, [], "*.txt text", True),
    (_text, [], "*.py diff=x", True),
]


@pytest.mark.parametrize(("change", "settings", "attributes", "is_changed"), CHANGES)
def test_file_that_is_not_as_in_a_commit(
    change: object, settings: list[str], attributes: str, is_changed: bool, tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    for name in ("a.py", "b.py", "other.py"):
        repository.write(name, "old")
    repository.write(".gitattributes", f"{attributes}\n")
    commit = repository.commit()
    for setting in settings:
        repository.git("config", *setting.split("="))
    if callable(change):
        change(tmp_path / "a.py")
        change(tmp_path / "other.py")
    changed = Git(str(tmp_path)).changed_since(commit, lambda path: path != "other.py")
    assert changed == (["a.py"] if is_changed else [])


def test_changes_of_the_index_and_of_many_files(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    names = [f"{number:03}.py" for number in range(505)]
    for name in (*names, "moved.py"):
        repository.write(name, "")
    repository.write(".gitattributes", "504.py text\n")
    (tmp_path / "link").symlink_to("a")
    commit = repository.commit()
    repository.git("mv", "moved.py", "there.py")
    for name in names:
        repository.write(name, "new")
    changed = Git(str(tmp_path)).changed_since(commit, lambda path: True)
    assert changed == [*names[:504], "moved.py", "there.py"]


def test_files_behind_a_link_and_submodules(tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit()
    repository = Repository(tmp_path / "gear")
    repository.write("sub/a.py", "")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../inner")
    commit = repository.commit()
    git = Git(str(tmp_path / "gear"))
    assert git.index["inner"].mode == "160000"
    assert git.changed_since(commit, lambda path: True) == []
    (tmp_path / "gear" / "sub").rename(tmp_path / "sub")
    (tmp_path / "gear" / "sub").symlink_to(tmp_path / "sub")
    assert Git(str(tmp_path / "gear")).changed_since(commit, lambda path: True) == ["sub/a.py"]


def test_repository_of_another_directory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path / "own")
    Repository(tmp_path / "other")
    (tmp_path / "own" / "below").mkdir()
    with pytest.raises(GearlintError, match="is not a git repository of its own, but part of"):
        Git(str(tmp_path / "own" / "below"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "own" / ".git"))
    Git(str(tmp_path / "own"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    with pytest.raises(GearlintError, match="another repository: unset it"):
        Git(str(tmp_path / "own"))


def test_objects_of_sha256(tmp_path: Path) -> None:
    repository = Repository.at(tmp_path)
    repository.git("init", "--quiet", "--object-format", "sha256", "--initial-branch", "main")
    repository.git("config", "user.name", "A. Author")
    repository.git("config", "user.email", "author@example.org")
    repository.write("a.py", "old")
    (tmp_path / "link").symlink_to("a.py")
    commit = repository.commit()
    assert Git(str(tmp_path)).changed_since(commit, lambda path: True) == []
    repository.write("a.py", "new")
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b.py")
    assert Git(str(tmp_path)).changed_since(commit, lambda path: True) == ["a.py", "link"]


ENDS = [
    # (what a git command does, what it printed, or why it failed)
    ("echo hello", "hello"),
    ("printf 'a\\n\\nb\\n\\n'", "a\n\nb\n"),
    ("echo hello; echo 'error: no' >&2", "hello"),
    ("exit 3", "git tag: exit code 3 without a word, as of a hook that refuses it"),
    ("echo out; exit 1", "git tag: exit code 1 without a word, as of a hook that refuses it"),
    ("echo 'fatal: no' >&2; exit 1", "git tag: no"),
    ("echo hint >&2; echo 'error: one:' >&2; echo 'fatal: two' >&2; exit 1", "git tag: one"),
    ("echo one >&2; echo two: >&2; exit 1", "git tag: two"),
    ("printf 'one\\r two \\r\\n\\n' >&2; exit 1", "git tag: two"),
    ("echo one; sleep 60", "git tag: did not end within 0.2 seconds, and was ended"),
    ("echo one; (sleep 5) & exit 0", "one"),
]


@pytest.mark.parametrize(("script", "expected"), ENDS)
def test_how_a_command_ends(script: str, expected: str) -> None:
    pipe = subprocess.PIPE
    seconds = 0.2 if "60" in script else HANGING
    with subprocess.Popen(["/bin/sh", "-c", script], stdout=pipe, stderr=pipe) as process:
        try:
            said = printed(process, ["--bare", "a=b", "tag", "x"], seconds)
        except (GitError, GitTimeoutError) as error:
            said = str(error)
            output = error.output
            assert "out" not in script.split(";")[0] or output == "out"
    assert said == expected


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_program_can_be_given(text: str, tmp_path: Path) -> None:
    Repository(tmp_path)
    with pytest.raises(GitError, match="git cannot be given"):
        Git(str(tmp_path)).run("tag", text)


def test_git_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repository(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GearlintError, match="git is not installed, or not on PATH"):
        Git(str(tmp_path))


def test_paths_as_git_writes_them() -> None:
    assert (relative("/a", "/a"), relative("/a/b/c", "/a")) == ("", "b/c")
