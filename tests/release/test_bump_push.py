"""`gearlint bump --push`, on real git repositories and remotes."""

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.release.bumping import refused
from tests.repositories import Repository

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


@pytest.fixture
def remote(repository: Repository, tmp_path: Path) -> Path:
    """A bare repository that `main` is pushed to."""
    bare = tmp_path / "remote.git"
    repository.git("init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    repository.git("remote", "add", "origin", str(bare))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main", "--tags")
    return bare


def test_push_of_branch_and_tag(repository: Repository, remote: Path, run: Run) -> None:
    assert run("bump", "--gear", "--push").code == 0
    listed = repository.git("ls-remote", str(remote))
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in listed
    assert "refs/tags/1.0.0_2.0.1" in listed


@pytest.mark.parametrize(
    ("options", "tags", "pushed"),
    [
        (["--push"], ["1.0.0_2.0.1"], ["1.0.0_2.0.1"]),
        (["--push", "--dry-run"], ["1.0.0_2.0.1"], ["1.0.0_2.0.1"]),
        (["--push", "--no-tag"], [], []),
        ([], ["1.0.0_2.0.1"], []),
    ],
)
@pytest.mark.usefixtures("remote")
def test_pushed_tags_as_json(
    options: list[str], tags: list[str], pushed: list[str], run: Run
) -> None:
    document = json.loads(run("bump", "--gear", "--json", *options).stdout)
    assert (document["tags"], document["pushed"]) == (tags, pushed)


def test_remote_to_push_to(repository: Repository, remote: Path, run: Run) -> None:
    repository.git("remote", "rename", "origin", "one")
    repository.git("config", "--unset", "branch.main.remote")
    assert run("bump", "--gear", "--push", "--dry-run").code == 0  # there is but the one
    repository.git("remote", "add", "two", str(remote))
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 2
    assert 'the remotes "one" and "two": say which one to push to with git config' in outcome.stderr
    assert repository.tags == ["1.0.0_2.0.0"]
    repository.git("config", "remote.pushDefault", "two")
    assert run("bump", "--gear", "--push").code == 0


def test_version_that_is_there_and_not_released(repository: Repository, run: Run) -> None:
    repository.git("tag", "--delete", "1.0.0_2.0.0")
    outcome = run("bump", "--to", "1.0.0_2.0.0")
    assert outcome.code == 2
    assert "to release it as it is, run gearlint tag\n" in outcome.stderr


HAS_OTHERS = 'branch "main" has commits at "origin" that are not here: run git pull first'
HAS_TAG = (
    'the tag "1.0.0_2.0.1" exists at "origin" already: run git fetch --tags, and name a higher'
)


def other_clone(repository: Repository, remote: Path) -> Repository:
    repository.git("clone", "--quiet", str(remote), "../other")
    other = Repository(remote.parent / "other")
    other.commit("Other")
    return other


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("knows", [False, True], ids=["unknown", "fetched"])
@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "diverged"])
def test_branch_that_is_not_up_to_date_is_refused(
    dry: list[str], knows: bool, ahead: bool, repository: Repository, remote: Path, run: Run
) -> None:
    other_clone(repository, remote).git("push", "--quiet")
    if ahead:
        repository.commit("Mine")
    if knows:
        repository.git("fetch", "--quiet")
    before = repository.state
    refused(run("bump", "--gear", "--push", *dry), HAS_OTHERS)
    assert repository.state == before
    repository.git("pull", "--quiet", "--rebase")
    assert run("bump", "--gear", "--push", *dry).code == 0


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_tag_that_the_remote_has_is_refused(
    dry: list[str], repository: Repository, remote: Path, run: Run
) -> None:
    other = other_clone(repository, remote)
    other.git("tag", "1.0.0_2.0.1")
    other.git("push", "--quiet", "origin", "1.0.0_2.0.1")
    before = repository.state
    refused(run("bump", "--gear", "--push", *dry), HAS_TAG)
    assert repository.state == before
    assert run("bump", "--gear", "minor", "--push", *dry).code == 0


def test_commits_that_are_not_pushed_yet_are_pushed_too(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.commit("Mine")
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.endswith("push: main to origin\n")
    assert repository.git("rev-parse", "HEAD") in repository.git("ls-remote", str(remote))


def test_branch_that_the_remote_does_not_have(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.git("switch", "--quiet", "--create", "new")
    assert run("bump", "--gear", "--push").code == 0
    assert "refs/heads/new" in repository.git("ls-remote", str(remote))


def test_branch_with_another_name_at_the_remote(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.git("config", "push.default", "upstream")
    repository.git("branch", "--move", "main", "mine")
    assert run("bump", "--gear", "--push").stdout.endswith("push: main to origin\n")
    listed = repository.git("ls-remote", str(remote))
    assert f"{repository.git('rev-parse', 'HEAD')}\trefs/heads/main" in listed
    assert "refs/heads/mine" not in listed


def test_remote_that_cannot_be_asked(repository: Repository, remote: Path, run: Run) -> None:
    moved = remote.rename(remote.parent / "away")
    before = repository.state
    refused(run("bump", "--gear", "--push"), "git ls-remote: ")
    refused(run("bump", "--gear", "--push", "--dry-run"), "git ls-remote: ")
    assert repository.state == before
    moved.rename(remote)
    assert run("bump", "--gear", "--push").code == 0


def remote_hook(remote: Path, name: str, text: str) -> Path:
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("side", "hook", "text", "reported"),
    [
        ("remote", "pre-receive", "echo no releases today; exit 1", "pre-receive hook declined"),
        ("remote", "update", 'case "$1" in refs/tags/*) exit 1;; esac', "hook declined"),
        ("local", "pre-push", "echo not now >&2; exit 1", "the push is refused"),
    ],
)
@pytest.mark.parametrize("options", [["--gear"], ["--gear", "--no-tag"], ["--gear", "minor"]])
def test_push_that_is_refused_leaves_all_as_it_was(
    side: str,
    hook: str,
    text: str,
    reported: str,
    options: list[str],
    repository: Repository,
    remote: Path,
    run: Run,
) -> None:
    if hook == "update" and "--no-tag" in options:
        return
    repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n")
    repository.commit()
    if side == "remote":
        path = remote_hook(remote, hook, text)
    else:
        repository.hook(hook, text)
        path = repository.directory / ".git" / "hooks" / hook
    before, there = repository.state, repository.git("ls-remote", str(remote))
    outcome = run("bump", "--push", *options)
    refused(outcome, reported, "; all is as it was before\n")
    assert "run git push" not in outcome.stderr
    assert repository.state == before
    assert repository.git("ls-remote", str(remote)) == there
    path.unlink()
    outcome = run("bump", "--push", *options)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stderr == ""


def test_push_of_which_the_end_is_not_known(repository: Repository, remote: Path, run: Run) -> None:
    """The remote takes it and is then gone, once it never got it."""
    head = repository.git("rev-parse", "HEAD")
    for number, (hook, said) in enumerate((("post-receive", "finished"), ("pre-push", "finished"))):
        moved = remote.parent / "away"
        text = f"mv {remote} {moved}; exit 1"
        if hook == "pre-push":
            repository.hook(hook, text)
        else:
            path = remote_hook(remote, hook, f"{text.replace('exit 1', 'kill -9 $PPID')}")
        outcome = run("bump", "--gear", "--push")
        refused(outcome, "whether the push arrived is not known", "run the same command again")
        assert repository.git("rev-parse", "HEAD^") == head
        refused(run("bump", "--gear", "--push"), "is not known")
        assert repository.git("rev-parse", "HEAD^") == head
        moved.rename(remote)
        if hook == "pre-push":
            (repository.directory / ".git" / "hooks" / hook).unlink()
        else:
            path = remote / "hooks" / hook
            path.unlink()
        outcome = run("bump", "--gear", "--push")
        assert outcome.code == 0, outcome.stderr
        assert said in outcome.stderr
        head = repository.git("rev-parse", "HEAD")
        assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))
        assert f"refs/tags/1.0.0_2.0.{number + 1}" in repository.git("ls-remote", str(remote))


def test_push_that_arrived_although_it_failed(
    repository: Repository, remote: Path, run: Run
) -> None:
    remote_hook(remote, "post-receive", "kill -9 $PPID")
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 0, outcome.stderr
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))
    assert "1.0.0_2.0.1" in repository.tags
    assert run("bump", "--gear", "--no-tag", "--push").code == 0
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))


def test_two_clones_that_bump_at_once(repository: Repository, remote: Path, run: Run) -> None:
    """Both have asked the remote before one pushes: one wins, the other is as it was."""
    repository.git("clone", "--quiet", str(remote), "../other")
    other = Repository(remote.parent / "other")
    other.git("config", "user.name", "B. Author")  # or both may make one and the same commit
    command = f"{sys.executable} -m gearlint bump --gear --push {other.directory} >&2"
    repository.hook("pre-push", f"unset $(git rev-parse --local-env-vars); {command}")
    before = repository.state
    outcome = run("bump", "--gear", "--push")
    refused(outcome, "the push is refused", "all is as it was before")
    assert repository.state == before
    assert other.git("rev-parse", "HEAD") in repository.git("ls-remote", str(remote))
    refused(run("bump", "--gear", "--push"), HAS_OTHERS)
