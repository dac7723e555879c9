"""A bump that is killed: nothing is half done, and the next bump ends what was begun."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from gearlint.core.source import is_temporary
from tests.machine import wait_for_group
from tests.repositories import Repository, Waiting, content

KILLS = int(os.environ.get("GEARLINT_KILLS", "20"))
"""How often a bump that pushes is killed, and half as often one that does not.

`make e2e` sets more.
"""

SEED = 2026
COMMAND = [sys.executable, "-m", "gearlint", "bump", "--gear"]
FILES = ("manifest.json", "CHANGELOG.md", "Dockerfile", "run.py")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A released gear with a CHANGELOG, and hooks that take their time."""
    repository = Repository(tmp_path_factory.mktemp("killed") / "gear")
    repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n")
    repository.release("1.0.0_2.0.0")
    for name in ("pre-commit", "post-commit"):
        repository.hook(name, "sleep 0.02")
    return repository


class Moment(NamedTuple):
    """When a bump is killed: so many seconds after its start, or after it wrote its journal."""

    seconds: float
    after_journal: bool

    def wait(self, directory: Path, process: subprocess.Popen[bytes]) -> None:
        if self.after_journal:
            wait_for_journal(directory, process)
        time.sleep(self.seconds)


def wait_for_journal(
    directory: Path, process: subprocess.Popen[bytes], *, gone: bool = False
) -> None:
    journal = directory / ".git" / "gearlint" / "journal.json"
    while process.poll() is None and journal.exists() == gone:
        time.sleep(0.001)


@pytest.fixture(scope="module")
def moments(original: Repository, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moment]:
    """Random moments of a bump."""
    directories = [tmp_path_factory.mktemp("whole") / str(number) for number in range(3)]
    for directory in directories:
        shutil.copytree(original.directory, directory)
    return moments_of(COMMAND, directories)


def moments_of(command: Sequence[str], directories: Sequence[Path]) -> Iterator[Moment]:
    """Random moments of a command, three of four while it has its journal.

    It is measured in each of some directories.
    """
    measured = []
    for directory in directories:  # the quickest counts: others had to wait for the machine
        begun = time.monotonic()
        process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL)
        wait_for_journal(directory, process)
        there = time.monotonic()
        wait_for_journal(directory, process, gone=True)
        measured.append((there - begun, time.monotonic() - there))
        assert process.wait() == 0
    before, during = map(min, zip(*measured, strict=True))
    chance = random.Random(SEED)
    return (
        Moment(chance.uniform(0, 1.1 * (during if is_after else before)), is_after)
        for is_after in iter(lambda: chance.random() < 0.75, None)
    )


def whole_contents(repository: Repository, revision: str) -> dict[str, bytes]:
    return {
        name: subprocess.run(
            ["git", "show", f"{revision}:{name}"],
            cwd=repository.directory,
            capture_output=True,
            check=True,
        ).stdout
        for name in FILES
    }


def killed(directory: Path, moment: Moment, *, alone: bool, options: Sequence[str] = ()) -> None:
    """Kill a bump at a moment: gearlint alone, or with all that it started."""
    process = subprocess.Popen(
        [*COMMAND, *options],
        cwd=directory,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    moment.wait(directory, process)
    if alone:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_for_group(process.pid)  # of gearlint alone, the git that it started goes on to its end


@pytest.mark.parametrize("alone", [False, True], ids=["the-whole-group", "gearlint-alone"])
def test_next_bump_ends_what_a_killed_one_began(
    alone: bool, original: Repository, moments: Iterator[Moment], tmp_path: Path
) -> None:
    seen: dict[str, int] = {}
    for number in range(KILLS // 4):
        directory = tmp_path / str(number)
        shutil.copytree(original.directory, directory)
        killed(directory, next(moments), alone=alone)
        outcome = ended(directory)
        seen[outcome] = seen.get(outcome, 0) + 1
        shutil.rmtree(directory)
    assert sum(seen.values()) == KILLS // 4
    print(f"killed {KILLS // 4} times: {seen}")


def ended(directory: Path) -> str:
    """Confirm that all is whole after a kill, and again after the next bump; what that one said."""
    repository = Repository.at(directory)
    old = whole_contents(repository, "1.0.0_2.0.0")
    repository.git("fsck", "--strict", "--no-dangling")
    for tag in repository.tags:
        assert repository.git("cat-file", "-t", f"{tag}^{{commit}}") == "commit"
    for name in FILES:
        text = content(directory / name)
        assert text == old[name] or b"2.0.1" in text
        assert name != "manifest.json" or json.loads(text)["version"] in (
            "1.0.0_2.0.0",
            "1.0.0_2.0.1",
        )

    done = subprocess.run(COMMAND, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = re.match(r'gearlint: (undid|finished) "Release my-gear 1.0.0_2.0.1"', done.stderr)
    # Where it was killed after its end, the next bump is another one.
    is_next = done.stderr == "gearlint: my-gear: CHANGELOG.md has nothing under Unreleased\n"
    assert said or is_next or not done.stderr
    repository.git("fsck", "--strict", "--no-dangling")
    assert repository.git("status", "--porcelain") == ""
    assert not [path for path in directory.rglob("*") if is_temporary(path.name)]
    locks = {path.name for path in (directory / ".git").rglob("*.lock")}
    assert locks <= {"maintenance.lock"}  # which git takes on its own, in the background
    assert not (directory / ".git" / "gearlint" / "journal.json").exists()
    assert repository.git("rev-parse", "HEAD^{commit}") == repository.git(
        "rev-parse", f"{repository.tags[-1]}^{{commit}}"
    )
    count = int(repository.git("rev-list", "--count", "HEAD"))
    assert len(repository.tags) == count, "each commit has its tag"
    version = json.loads((directory / "manifest.json").read_text())["version"]
    assert version == repository.tags[-1]
    assert version == "1.0.0_2.0.1" or not said
    return said[1] if said else "nothing begun, or all done"


# --- of one gear, and then another is bumped


def two_gears(directory: Path, hook: str) -> Repository:
    """Two released gears that both changed since, and a hook that kills."""
    repository = Repository(directory)
    for name in ("a", "b"):
        repository.release("1.0.0_2.0.0", f"{name}/1.0.0_2.0.0", f"gears/{name}", name)
    for name in ("a", "b"):
        repository.write(f"gears/{name}/run.py", "new")
    repository.commit()
    repository.hook(hook, "kill -9 0")
    killed = subprocess.run(
        [*COMMAND, "gears/a"], cwd=directory, start_new_session=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    (directory / ".git" / "hooks" / hook).unlink()
    return repository


@pytest.mark.parametrize(
    ("hook", "options", "said", "bumped"),
    [
        ("post-commit", ["gears/b"], "finished", "ab"),
        ("pre-commit", ["gears/b"], "undid", "b"),
        ("post-commit", ["--changed"], "finished", "ab"),
        ("pre-commit", ["--changed"], "undid", "ab"),
        ("post-commit", ["gears/a"], "finished", "a"),
        ("pre-commit", ["gears/a"], "undid", "a"),
    ],
)
def test_what_was_asked_is_done_after_that_of_another_gear_is_ended(
    hook: str, options: list[str], said: str, bumped: str, tmp_path: Path
) -> None:
    repository = two_gears(tmp_path / "gears", hook)
    done = subprocess.run(
        [*COMMAND, *options], cwd=repository.directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f'{said} "Release a 1.0.0_2.0.1", which was begun and killed' in done.stderr
    new = [f"{name}/1.0.0_2.0.1" for name in bumped]
    assert repository.tags == sorted([*new, "a/1.0.0_2.0.0", "b/1.0.0_2.0.0"])
    assert repository.git("status", "--porcelain") == ""


def test_changed_after_all_of_it_was_finished(tmp_path: Path) -> None:
    repository = two_gears(tmp_path / "gears", "post-commit")
    repository.write("gears/b/run.py", content(repository.directory / "gears/a/run.py").decode())
    repository.git("tag", "--force", "b/1.0.0_2.0.0")
    command = [*COMMAND, "--changed", "--json"]
    done = subprocess.run(
        command, cwd=repository.directory, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["tags"] == ["a/1.0.0_2.0.1"]


# --- with a push


def with_remote(original: Repository, directory: Path) -> Repository:
    """A copy of the gear with a remote beside it, whose hooks take their time as well."""
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    bare = directory.with_suffix(".git")
    repository.git("init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    repository.git("remote", "add", "origin", str(bare))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main", "--tags")
    for name in ("pre-receive", "post-receive"):
        path = bare / "hooks" / name
        path.write_text("#!/bin/sh\nsleep 0.02\n")
        path.chmod(0o755)
    repository.hook("pre-push", "sleep 0.02")
    return repository


def pushed(repository: Repository) -> list[str]:
    """Confirm that the remote has all that is here, after the same command again; the tags."""
    command = [*COMMAND, "--push"]
    done = subprocess.run(
        command, cwd=repository.directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert repository.git("status", "--porcelain") == ""
    assert not (repository.directory / ".git" / "gearlint" / "journal.json").exists()
    listed = repository.git("ls-remote", "origin", "refs/heads/main", "refs/tags/*[0-9]")
    here = repository.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/tags")
    expected = {f"{repository.git('rev-parse', 'HEAD')} refs/heads/main", *here.split("\n")}
    assert {line.replace("\t", " ") for line in listed.split("\n")} == expected
    assert len(repository.tags) == int(repository.git("rev-list", "--count", "HEAD"))
    return repository.tags


@pytest.mark.parametrize("alone", [False, True], ids=["the-whole-group", "gearlint-alone"])
def test_same_command_ends_a_push_that_was_killed(
    alone: bool, original: Repository, tmp_path: Path
) -> None:
    whole = [with_remote(original, tmp_path / f"whole-{number}") for number in range(3)]
    moments = moments_of([*COMMAND, "--push"], [repository.directory for repository in whole])
    for number in range(KILLS // 2):
        repository = with_remote(original, tmp_path / str(number))
        # A server is not killed with its client, and would leave its locks.
        server = "setsid --wait git-receive-pack"
        repository.git("config", "remote.origin.receivepack", server)
        killed(repository.directory, next(moments), alone=alone, options=["--push"])
        assert pushed(repository)[-1] in ("1.0.0_2.0.1", "1.0.0_2.0.2")
        shutil.rmtree(repository.directory)
        shutil.rmtree(repository.directory.with_suffix(".git"))


@pytest.mark.parametrize(
    ("side", "hook"),
    [
        ("local", "post-commit"),
        ("local", "pre-push"),
        ("remote", "pre-receive"),
        ("remote", "post-receive"),
    ],
)
@pytest.mark.parametrize("then", ["free", "taken"])
def test_push_that_was_killed_is_finished_or_undone(
    side: str, hook: str, then: str, original: Repository, tmp_path: Path
) -> None:
    repository = with_remote(original, tmp_path / "gear")
    bare = tmp_path / "gear.git"
    hooks = (repository.directory / ".git" if side == "local" else bare) / "hooks"
    (hooks / hook).write_text("#!/bin/sh\nkill -9 0\n")
    (hooks / hook).chmod(0o755)
    done = subprocess.run(
        [*COMMAND, "--push"], cwd=repository.directory, start_new_session=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    (hooks / hook).unlink()
    has_arrived = hook == "post-receive"
    if then == "taken":
        repository.git("clone", "--quiet", str(bare), str(tmp_path / "other"))
        other = Repository(tmp_path / "other")
        other.commit("Other")
        other.git("push", "--quiet")
        again = subprocess.run(
            [*COMMAND, "--push"], cwd=repository.directory, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if not has_arrived:
            assert again.returncode == 2
            assert 'undid "Release my-gear 1.0.0_2.0.1", which was begun and kil' in again.stderr
            assert 'branch "main" has commits at "origin" that are not here' in again.stderr
            assert repository.tags == ["1.0.0_2.0.0"]
            assert repository.git("status", "--porcelain") == ""
        else:
            assert 'finished "Release my-gear 1.0.0_2.0.1"' in again.stderr
        repository.git("pull", "--quiet", "--rebase")
        return
    assert pushed(repository) == ["1.0.0_2.0.0", "1.0.0_2.0.1"]


def test_a_commit_of_somebody_else_after_the_kill_is_left(
    original: Repository, tmp_path: Path
) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    repository.hook("pre-commit", "kill -9 $(cut -d ' ' -f 4 /proc/$PPID/stat) $PPID; sleep 0.1")
    process = subprocess.Popen(
        COMMAND, cwd=directory, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.wait() == -signal.SIGKILL
    wait_for_group(process.pid)
    assert (directory / ".git" / "gearlint" / "journal.json").exists()
    (directory / ".git" / "index.lock").unlink(missing_ok=True)
    (directory / ".git" / "hooks" / "pre-commit").unlink()
    repository.write("other.txt", "x")
    repository.git("add", "other.txt")
    repository.git("commit", "--quiet", "--message", "Other", "--", "other.txt")
    refused = subprocess.run(
        [*COMMAND, "--dry-run"], cwd=directory, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "a bump was begun and killed" in refused.stderr
    done = subprocess.run(COMMAND, cwd=directory, capture_output=True, text=True, check=False)
    assert 'left "Release my-gear 1.0.0_2.0.1", which was begun and killed' in done.stderr
    assert done.returncode == 2
    assert "are not committed" in done.stderr or "are staged" in done.stderr
    assert repository.git("log", "-1", "--format=%s") == "Other"


@pytest.mark.parametrize("first", [[], ["--push"]], ids=["here", "push"])
@pytest.mark.parametrize("again", [[], ["--push"]], ids=["here", "push"])
def test_finished_release_is_reported_as_json_and_pushed(
    first: list[str], again: list[str], original: Repository, tmp_path: Path
) -> None:
    directory, bare = tmp_path / "gear", tmp_path / "bare.git"
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    repository.git("init", "--quiet", "--bare", str(bare))
    repository.git("remote", "add", "origin", str(bare))
    repository.hook("post-commit", "kill -9 0")
    killed = subprocess.run([*COMMAND, *first], cwd=directory, start_new_session=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    directory = directory.rename(tmp_path / "moved")
    (directory / ".git" / "hooks" / "post-commit").unlink()
    done = subprocess.run(
        [*COMMAND, *again, "--json"], cwd=directory, capture_output=True, text=True, check=True
    )
    assert 'finished "Release my-gear 1.0.0_2.0.1"' in done.stderr
    assert json.loads(done.stdout) == {
        "dry_run": False,
        "gears": [],
        "files": ["manifest.json", "CHANGELOG.md"],
        "commit": "Release my-gear 1.0.0_2.0.1",
        "tags": ["1.0.0_2.0.1"],
        "pushed": ["1.0.0_2.0.1"] if first or again else [],
    }
    refs = Repository.at(directory).git("ls-remote", str(bare))
    assert ("refs/heads/main" in refs) == bool(first or again)
    assert ("refs/tags/1.0.0_2.0.1" in refs) == bool(first or again)


def test_what_was_begun_is_undone_where_the_repository_was_moved_to(
    original: Repository, tmp_path: Path
) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    Repository.at(directory).hook("pre-commit", "kill -9 0")
    subprocess.run(COMMAND, cwd=directory, start_new_session=True, check=False)
    directory = directory.rename(tmp_path / "moved")
    (directory / ".git" / "hooks" / "pre-commit").unlink()
    assert ended(directory) == "undid"


def test_file_that_was_changed_since_is_left_and_reported(
    original: Repository, tmp_path: Path
) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    repository.hook("pre-commit", "echo more >> CHANGELOG.md; kill -9 0")
    subprocess.run(COMMAND, cwd=directory, start_new_session=True, check=False)
    done = subprocess.run(COMMAND, cwd=directory, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'begun and killed; changed since, and left so: "CHANGELOG.md"\n' in done.stderr
    assert repository.git("status", "--porcelain") == "M CHANGELOG.md"
    assert (directory / "CHANGELOG.md").read_text().endswith("more\n")


def test_a_later_commit_of_the_same_files_is_not_that_of_the_bump(
    original: Repository, tmp_path: Path
) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    repository.hook("pre-commit", "kill -9 0")
    subprocess.run(COMMAND, cwd=directory, start_new_session=True, check=False)
    (directory / ".git" / "hooks" / "pre-commit").unlink()
    for word in ("one", "two"):
        for name in ("CHANGELOG.md", "manifest.json"):
            path = directory / name
            path.write_text(f"{path.read_text()}\n")
        repository.git("commit", "--quiet", "--all", "--message", word)
    done = subprocess.run(COMMAND, cwd=directory, capture_output=True, text=True, check=True)
    assert "as it is: there are other commits since\n" in done.stderr
    assert repository.tags == ["1.0.0_2.0.0", "1.0.0_2.0.2"]


def test_git_that_outlives_gearlint_is_waited_for(original: Repository, tmp_path: Path) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    repository = Repository.at(directory)
    waiting = Waiting(repository)
    process = subprocess.Popen(
        COMMAND, cwd=directory, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    waiting.reached(process)
    process.kill()
    process.wait()
    early = subprocess.run(COMMAND, cwd=directory, capture_output=True, text=True, check=False)
    assert early.returncode == 2
    assert "another gearlint bump is at work in this repository" in early.stderr
    waiting.end()
    wait_for_group(process.pid)
    assert ended(directory) == "finished"


# --- at each of its steps

DRIVER = """
import os, signal, sys
from gearlint.cli.main import main
from gearlint.release import apply, journal, undo
from gearlint.release.git import Repository

moment, step = int(sys.argv[1]), 0


def stepwise(holder, name):
    function = getattr(holder, name)

    def stepped(*arguments, **options):
        global step
        step += 1
        if step == moment:
            os.killpg(0, signal.SIGKILL)
        return function(*arguments, **options)

    setattr(holder, name, stepped)


for holder, name in (
    (journal, "write"), (apply, "rewrite"), (undo, "rewrite"), (Repository, "run"),
    (journal, "remove"),
):
    stepwise(holder, name)
code = main(["bump", "--gear"])
print(step)
sys.exit(code)
"""
"""A bump that is killed right before one of its steps, each of which changes something."""

REFUSES_TAGS = (
    '[ "$1" = prepared ] || exit 0\n'
    "while read old new name; do case $name in refs/tags/*) exit 1;; esac; done"
)


def driven(directory: Path, moment: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DRIVER, str(moment)],
        cwd=directory,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )


def killed_at_each_step(original: Repository, directory: Path, first: int, *hook: str) -> list[str]:
    """What the next bump says, for each step of one, from the first, before which it is killed."""
    said: list[str] = []
    for moment in range(first, 40):
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(original.directory, directory)
        hooks = directory / ".git" / "hooks"
        shutil.rmtree(hooks)
        if hook:
            Repository.at(directory).hook(*hook)
        if driven(directory, moment).returncode != -signal.SIGKILL:
            return said
        shutil.rmtree(hooks, ignore_errors=True)
        said.append(ended(directory))
    raise AssertionError("never came to its end")


def test_killed_before_each_step(original: Repository, tmp_path: Path) -> None:
    # After two calls of git status: the journal, two files, add, commit, tag, and the journal.
    assert killed_at_each_step(original, tmp_path / "gear", 3) == [
        "nothing begun, or all done",
        "undid",
        "undid",
        "undid",
        "undid",
        "finished",
        "finished",
    ]


def test_killed_before_each_step_of_undoing(original: Repository, tmp_path: Path) -> None:
    # After the tag, which is refused: branch, two files, index, the journal, and git status.
    refused = ("reference-transaction", REFUSES_TAGS)
    said = killed_at_each_step(original, tmp_path / "gear", 9, *refused)
    assert said[0] == "finished", "as the next bump may make the tag"
    assert {"undid"} == set(said[1:-1])
    assert len(said) > 6
    assert said[-1] == "nothing begun, or all done"


@pytest.mark.parametrize(
    ("hook", "state", "ref", "outcome"),
    [
        ("pre-commit", "", "", "undid"),
        ("prepare-commit-msg", "", "", "undid"),
        ("commit-msg", "", "", "undid"),
        ("post-index-change", "", "", "undid"),
        ("reference-transaction", "prepared", "refs/heads/main", "undid"),
        ("reference-transaction", "committed", "refs/heads/main", "finished"),
        ("post-commit", "", "", "finished"),
        ("reference-transaction", "prepared", "refs/tags/1.0.0_2.0.1", "finished"),
        ("reference-transaction", "committed", "refs/tags/1.0.0_2.0.1", "finished"),
    ],
)
def test_killed_inside_of_git(
    hook: str, state: str, ref: str, outcome: str, original: Repository, tmp_path: Path
) -> None:
    directory = tmp_path / "gear"
    shutil.copytree(original.directory, directory)
    hooks = directory / ".git" / "hooks"
    shutil.rmtree(hooks)
    condition = f'[ "$1" = {state} ] && grep -q " {ref}$" || exit 0\n' if state else ""
    Repository.at(directory).hook(hook, f"{condition}kill -9 0")
    assert driven(directory, -1).returncode == -signal.SIGKILL
    shutil.rmtree(hooks)
    assert ended(directory) == outcome


@pytest.mark.parametrize("hook", ["pre-commit", "post-commit"])
def test_ending_what_was_killed_is_killed_as_well(
    hook: str, original: Repository, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    shutil.copytree(original.directory, begun)
    shutil.rmtree(begun / ".git" / "hooks")
    Repository.at(begun).hook(hook, "kill -9 0")
    assert driven(begun, -1).returncode == -signal.SIGKILL
    shutil.rmtree(begun / ".git" / "hooks")
    said: list[str] = []
    for moment in range(1, 40):
        directory = tmp_path / str(moment)
        shutil.copytree(begun, directory)
        if driven(directory, moment).returncode != -signal.SIGKILL:
            break
        said.append(ended(directory))
    assert said[0] == ("undid" if hook == "pre-commit" else "finished")
    assert len(said) >= 3, "the index, the tag, the journal"
