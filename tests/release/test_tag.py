"""`gearlint tag`, on real git repositories and remotes: releases the version that is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.release.bumping import refused
from tests.repositories import Repository
from tests.sound import SCRIPT

pytestmark = pytest.mark.usefixtures("own_git_configuration")


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The current directory: a gear that was never released, pushed to a bare remote."""
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear()
    repository.commit()
    repository.git("init", "--quiet", "--bare", "--initial-branch", "main", "../remote.git")
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repository


def there(repository: Repository) -> set[str]:
    """The refs of the remote."""
    return {
        line.split("\t")[1] for line in repository.git("ls-remote", "--refs", "origin").split("\n")
    }


def raised(
    repository: Repository, version: str, directory: str = ".", name: str = "my-gear"
) -> None:
    """Commit another version of a gear, as a pull request that was merged."""
    image = f'"custom": {{"gear-builder": {{"category": "qa", "image": "me/x:{version}"}}}}'
    repository.gear(f'"name": "{name}",\n"version": "{version}",\n{image}', directory)
    repository.commit()


def test_first_release(new: Repository, run: Run) -> None:
    outcome = run("tag")
    assert (outcome.code, outcome.stdout) == (0, "my-gear 1.0.0_2.0.0: tag 1.0.0_2.0.0\n")
    assert new.tags == ["1.0.0_2.0.0"]
    assert new.git("cat-file", "-t", "1.0.0_2.0.0") == "tag"
    assert new.git("tag", "--format", "%(contents:subject)") == "my-gear 1.0.0_2.0.0"
    assert there(new) == {"refs/heads/main"}


def test_said_again_it_does_nothing_more(new: Repository, run: Run) -> None:
    assert run("tag").code == 0
    before = new.state
    outcome = run("tag")
    assert outcome.code == 0
    assert outcome.stdout == (
        "my-gear 1.0.0_2.0.0: tag 1.0.0_2.0.0, which exists already\nNothing to do.\n"
    )
    assert new.state == before
    outcome = run("tag", "--push")
    assert outcome.stdout.endswith("exists already\npush: 1.0.0_2.0.0 to origin\n")
    assert run("tag", "--push").stdout.endswith("Nothing to do.\n")
    new.write("notes.md", "not in the image")
    new.commit()
    assert run("tag", "--push").stdout.endswith("Nothing to do.\n")
    assert new.tags == ["1.0.0_2.0.0"]


def test_version_that_a_pull_request_raised(new: Repository, run: Run) -> None:
    assert run("tag", "--push").code == 0
    new.git("switch", "--quiet", "-c", "feature")
    new.write("run.py", SCRIPT + "# new\n")
    new.commit()
    assert run("bump", "--gear", "--no-tag", "--push").code == 0
    assert new.tags == ["1.0.0_2.0.0"]
    new.git("switch", "--quiet", "main")
    new.git("merge", "--quiet", "--no-ff", "-m", "Merge", "feature")
    new.git("push", "--quiet")
    assert run("check", "--select", "GL6", ".").code == 0
    outcome = run("tag", "--push", "--json")
    assert json.loads(outcome.stdout) == {
        "dry_run": False,
        "gears": [
            {
                "name": "my-gear",
                "directory": ".",
                "version": "1.0.0_2.0.1",
                "tag": "1.0.0_2.0.1",
                "notes": [],
            }
        ],
        "tags": ["1.0.0_2.0.1"],
        "pushed": ["1.0.0_2.0.1"],
    }
    assert "refs/tags/1.0.0_2.0.1" in there(new)
    assert new.git("rev-parse", "1.0.0_2.0.1^{commit}") == new.git("rev-parse", "main")


def test_gear_that_changed_since_its_tag_is_refused(new: Repository, run: Run) -> None:
    assert run("tag").code == 0
    new.write("run.py", SCRIPT + "# new\n")
    new.commit()
    before = new.state
    refused(
        run("tag"),
        'version "1.0.0_2.0.0" is released, as tag "1.0.0_2.0.0", and the gear has changed since: '
        "raise the version, as with gearlint bump --gear\n",
    )
    assert new.state == before


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_what_is_refused(dry: list[str], new: Repository, run: Run) -> None:
    assert run("tag").code == 0
    raised(new, "1.0.0_1.9.0")
    refused(run("tag", *dry), "does not sort above the newest release", "gearlint bump --gear\n")
    raised(new, "1.0.0__2.1.0")
    refused(run("tag", *dry), '"1.0.0__2.1.0" has an empty part')
    raised(new, "1.0.0_2.1.0")
    new.write("run.py", "new")
    refused(run("tag", *dry), 'changes of "run.py" are not committed')
    new.git("update-index", "--assume-unchanged", "manifest.json")
    new.git("checkout", "--quiet", "run.py")
    new.gear('"version": "1.0.0_2.2.0",\n"custom": {}')
    refused(run("tag", *dry), 'version "1.0.0_2.2.0" is not committed: commit it first')
    refused(run("tag", "nowhere", *dry), "nowhere: no such file or directory")
    refused(
        run("tag", "--tag-message", "{nme}", *dry), "--tag-message has {nme}, expected {version}"
    )
    assert new.tags == ["1.0.0_2.0.0"]


def test_dry_run_makes_nothing(new: Repository, run: Run) -> None:
    before = new.state, there(new)
    outcome = run("tag", "--push", "--dry-run")
    assert outcome.stdout == ("my-gear 1.0.0_2.0.0: tag 1.0.0_2.0.0\npush: 1.0.0_2.0.0 to origin\n")
    assert (new.state, there(new)) == before


# --- the remote


def test_branch_is_pushed_with_the_tag_where_it_is_not_there(new: Repository, run: Run) -> None:
    new.commit("Not pushed yet")
    assert run("tag", "--push").code == 0
    assert new.git("rev-parse", "HEAD") in new.git("ls-remote", "origin", "refs/heads/main")
    assert "refs/tags/1.0.0_2.0.0" in there(new)


def test_only_the_tag_is_pushed_where_the_branch_went_on(
    new: Repository, tmp_path: Path, run: Run
) -> None:
    new.git("clone", "--quiet", "../remote.git", "../other")
    other = Repository(tmp_path / "other")
    other.commit("Later")
    other.git("push", "--quiet")
    assert run("tag", "--push").code == 0
    assert "refs/tags/1.0.0_2.0.0" in there(new)
    assert other.git("rev-parse", "HEAD") in new.git("ls-remote", "origin", "refs/heads/main")


def test_branch_that_the_remote_would_not_take(new: Repository, tmp_path: Path, run: Run) -> None:
    new.git("clone", "--quiet", "../remote.git", "../other")
    other = Repository(tmp_path / "other")
    other.commit("Later")
    other.git("push", "--quiet")
    new.commit("Mine")
    refused(run("tag", "--push"), 'branch "main" has commits at "origin" that are not here')
    assert new.tags == []


def test_detached_head_of_a_pipeline(new: Repository, run: Run) -> None:
    new.git("switch", "--quiet", "--detach")
    assert run("tag", "--push").code == 0
    assert "refs/tags/1.0.0_2.0.0" in there(new)
    raised(new, "1.0.0_2.1.0")
    refused(run("tag", "--push"), 'HEAD is detached, and on no branch of "origin": push its branch')
    assert new.tags == ["1.0.0_2.0.0"]


def test_tag_that_the_remote_has_of_this_commit_or_of_another(
    new: Repository, tmp_path: Path, run: Run
) -> None:
    new.git("clone", "--quiet", "../remote.git", "../other")
    other = Repository(tmp_path / "other")
    other.git("tag", "1.0.0_2.0.0")
    other.git("push", "--quiet", "--tags")
    outcome = run("tag", "--push")  # somebody released the same commit
    assert outcome.code == 0, outcome.stderr
    new.git("tag", "--delete", "1.0.0_2.0.0")
    new.commit("Later")
    refused(run("tag", "--push"), 'the tag "1.0.0_2.0.0" exists at "origin" at another commit')
    assert new.tags == []


def test_push_that_is_refused_leaves_no_tag(new: Repository, run: Run) -> None:
    new.hook("pre-push", "exit 1")
    before = new.state
    refused(run("tag", "--push"), "the push is refused", "; all is as it was before\n")
    assert new.state == before
    (new.directory / ".git" / "hooks" / "pre-push").unlink()
    assert run("tag", "--push").code == 0


def test_same_command_finishes_what_was_killed(new: Repository, run: Run) -> None:
    new.hook("pre-push", "kill -9 0")
    command = [sys.executable, "-m", "gearlint", "tag", "--push"]
    assert subprocess.run(command, start_new_session=True, check=False).returncode < 0
    (new.directory / ".git" / "hooks" / "pre-push").unlink()
    assert new.tags == ["1.0.0_2.0.0"]
    assert run("tag", "--push").code == 0
    assert "refs/tags/1.0.0_2.0.0" in there(new)


def test_tag_ends_a_bump_that_was_killed(new: Repository, run: Run) -> None:
    assert run("tag").code == 0
    new.hook("post-commit", "kill -9 0")
    command = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    assert subprocess.run(command, start_new_session=True, check=False).returncode < 0
    (new.directory / ".git" / "hooks" / "post-commit").unlink()
    refused(run("tag", "--dry-run"), "a bump was begun and killed")
    outcome = run("tag", "--push")
    assert outcome.code == 0
    assert 'finished "Release my-gear 1.0.0_2.0.1"' in outcome.stderr
    assert "refs/tags/1.0.0_2.0.1" in there(new)


# --- several gears


def test_gears_of_a_monorepo(new: Repository, run: Run) -> None:
    for name in ("a", "b", "c"):
        raised(new, "1.0.0_1.0.0", f"gears/{name}", name)
    new.git("rm", "--quiet", "manifest.json", "Dockerfile", "run.py")
    new.commit()
    assert run("tag", "gears/a").stdout == "a 1.0.0_1.0.0: tag a/1.0.0_1.0.0\n"
    raised(new, "1.0.0_1.1.0", "gears/b", "b")
    new.write("gears/a/run.py", "new")
    new.commit()
    outcome = run("tag", "--push", ".", "gears/c")
    assert outcome.code == 0
    assert "and the gear has changed since" in outcome.stderr
    assert outcome.stderr.endswith("as with gearlint bump gears/a --gear; left as it is\n")
    assert new.tags == ["a/1.0.0_1.0.0", "b/1.0.0_1.1.0", "c/1.0.0_1.0.0"]
    assert {"refs/tags/b/1.0.0_1.1.0", "refs/tags/c/1.0.0_1.0.0"} < there(new)
    refused(run("tag", "gears/a"), "has changed since: raise the version")


def test_one_of_several_tags_that_is_refused_leaves_none(new: Repository, run: Run) -> None:
    for name in ("a", "b"):
        raised(new, "1.0.0_1.0.0", f"gears/{name}", name)
    new.hook(
        "reference-transaction",
        '[ "$1" = prepared ] && grep -q refs/tags/b && exit 1; exit 0',
    )
    before = new.state
    refused(run("tag", "gears"), "all is as it was before")
    assert new.state == before


def test_paths_of_two_repositories(new: Repository, tmp_path: Path, run: Run) -> None:
    Repository(tmp_path / "other").gear()
    Repository(tmp_path / "other").commit()
    refused(run("tag", ".", "../other"), "../other: is in another repository than .")


@pytest.mark.parametrize("ends_detached", [False, True], ids=["github", "gitlab"])
def test_pipeline_after_each_merge(
    ends_detached: bool, new: Repository, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in docs/releasing.md: a clone for each merge, of which the second raised no version."""
    for number, expected in enumerate(([], [], ["1.0.0_2.0.1"])):
        if number:
            new.git("switch", "--quiet", "-c", f"request{number}")
            new.write("README.md" if number == 1 else "run.py", f"# {number}")
            new.commit()
            if number == 2:
                assert run("bump", "--gear", "--no-tag").code == 0
            new.git("switch", "--quiet", "main")
            new.git("merge", "--quiet", "--no-ff", "-m", "Merge", f"request{number}")
            new.git("push", "--quiet")
        clone = tmp_path / f"clone{number}"
        new.git("clone", "--quiet", str(tmp_path / "remote.git"), str(clone))
        fresh = Repository(clone)
        if ends_detached:
            fresh.git("switch", "--quiet", "--detach")
        monkeypatch.chdir(clone)
        assert run("tag", "--push").code == 0
        assert run("tag", "--push").stdout.endswith("Nothing to do.\n")
        monkeypatch.chdir(new.directory)
        assert there(new) >= {f"refs/tags/{tag}" for tag in expected}
    assert {ref for ref in there(new) if "tags" in ref} == {
        "refs/tags/1.0.0_2.0.0",
        "refs/tags/1.0.0_2.0.1",
    }
