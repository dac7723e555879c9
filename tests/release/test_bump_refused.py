"""`gearlint bump`, on real git repositories: where it is refused, and takes back what it did."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gearlint.release.command import GitError
from gearlint.release.git import Repository as Git
from tests.conftest import Run
from tests.machine import wait_for_group
from tests.release.bumping import bumped, members, refused, version_of
from tests.repositories import Repository, Waiting
from tests.sound import DOCKERFILE, SCRIPT, manifest_text

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


# --- refusals


def dirty(repository: Repository) -> None:
    repository.write("run.py", "# changed\n")


def staged(repository: Repository) -> None:
    dirty(repository)
    repository.git("add", "run.py")


def detached(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--detach", "HEAD")


def conflict(repository: Repository, how: str) -> None:
    repository.git("switch", "--quiet", "--create", "other")
    repository.write("x.txt", "1\n")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("x.txt", "2\n")
    repository.commit()
    repository.git(how, "other", fails=True)
    assert repository.git("status", "--porcelain")


def merging(repository: Repository) -> None:
    conflict(repository, "merge")


def rebasing(repository: Repository) -> None:
    conflict(repository, "rebase")


def locked(repository: Repository) -> None:
    repository.write(".git/index.lock", "")


def nobody(repository: Repository) -> None:
    repository.git("config", "--unset", "user.name")
    repository.git("config", "--unset", "user.email")
    repository.git("config", "user.useConfigOnly", "true")


def tagged(repository: Repository) -> None:
    repository.git("tag", "1.0.0_2.0.1")


def released(repository: Repository) -> None:
    repository.git("tag", "1.0.0_2.1.0")


def disagreeing(repository: Repository) -> None:
    repository.gear('"version": "1.0.0_2.0.5"')
    repository.commit()


def pinned(repository: Repository) -> None:
    image = f"me/my-gear:1.0.0_2.0.0@sha256:{'0' * 64}"
    repository.gear(f'"custom": {{"gear-builder": {{"category": "qa", "image": "{image}"}}}}')
    repository.commit()


def unreadable(repository: Repository) -> None:
    repository.write("manifest.json", "{")
    repository.commit()


def contradictory(repository: Repository) -> None:
    repository.gear(members("1.0.0_20.0.7", name="fmriprep"))
    repository.write("Dockerfile", DOCKERFILE.replace("python:3.11", "nipreps/fmriprep:20.0.7"))
    repository.commit()
    for tag in ("1.0.0_20.0.5", "1.0.0_20.0.6", "1.0.0_20.0.7"):
        repository.git("tag", tag)


def swapped(repository: Repository) -> None:
    repository.gear(members("20.0.7_1.1.3"))
    repository.commit()
    for tag in ("1.1.0_20.0.7", "1.1.1_20.0.7", "1.1.2_20.0.7"):
        repository.git("tag", tag)


def untracked(repository: Repository) -> None:
    repository.git("rm", "--quiet", "--cached", "manifest.json")
    repository.git("commit", "--quiet", "--message", "Untracked")


def failing_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "echo 'no good: \033[31mred' >&2; exit 1")


def failing_message_hook(repository: Repository) -> None:
    repository.hook("commit-msg", "echo wrong message; exit 1")


def silent_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "exit 1")


def fixing_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "echo >> manifest.json; git add --update; echo fixed; exit 1")


def hook_that_refuses_the_tag_and_the_way_back(repository: Repository) -> None:
    repository.hook(
        "reference-transaction",
        '[ "$1" = prepared ] || exit 0\n'
        "while read old new name; do case $name in\n"
        "refs/tags/*) exit 1;;\n"
        "refs/heads/*) git merge-base --is-ancestor $old $new || exit 1;;\n"
        "esac; done",
    )


def failing_signature(repository: Repository) -> None:
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


def failing_signature_as_newer_git_tells_it(repository: Repository) -> None:
    repository.hook("pre-commit", "echo 'error: gpg failed to sign the data:' >&2; exit 1")


def failing_signature_of_the_tag(repository: Repository) -> None:
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


REFUSALS = [
    (dirty, 'changes of "run.py" are not committed: commit or stash them, or --allow-dirty'),
    (staged, 'changes of "run.py" are staged: commit or stash them, or --allow-dirty'),
    (detached, "HEAD is detached: switch to a branch first"),
    (merging, "a merge is under way: finish or abort it first"),
    (rebasing, "a rebase is under way: finish or abort it first"),
    (locked, "the index is locked: wait for the git that is at work, or remove "),
    (nobody, "git does not know who you are: set user.name and user.email with git config"),
    (tagged, 'manifest.json: the tag "1.0.0_2.0.1" exists already: name a higher version'),
    (released, 'does not sort above the newest release "1.0.0_2.1.0": name a higher one, or give --force'),
    (disagreeing, "do not agree: run gearlint check --fix first"),
    (pinned, "has the digest of the old version: take it out"),
    (unreadable, "manifest.json: cannot be read as a manifest: see gearlint check"),
    (contradictory, 'by the tags its parts are <software>_<gear>, as the second part moves alone in the tags, as from 1.0.0_20.0.6 to 1.0.0_20.0.7, but the Dockerfile has fmriprep 20.0.7: set version-format in gearlint.toml'),
    (swapped, "but the version has them the other way round: set version-format in gearlint.toml"),
    (untracked, '"manifest.json" is in the image, but not tracked by git'),
    (failing_hook, "git commit: no good: \\u001b[31mred; all is as it was before"),
    (failing_message_hook, "all is as it was before"),
    (silent_hook, "git commit: exit code 1 without a word, as of a hook that refuses it; all is as it was before"),
    (fixing_hook, "git commit: fixed; all is as it was before\n"),
    (hook_that_refuses_the_tag_and_the_way_back, "hook; all is as it was before"),
    (failing_signature, "git commit: gpg failed to sign the data; all is as it was before"),
    (failing_signature_as_newer_git_tells_it, "git commit: gpg failed to sign the data; all is as it was before"),
    (failing_signature_of_the_tag, "all is as it was before"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("prepare", "reported"), REFUSALS, ids=lambda value: getattr(value, "__name__", "")
)
def test_refusal_leaves_all_as_it_was(
    prepare: "object", reported: str, repository: Repository, run: Run
) -> None:
    assert callable(prepare)
    prepare(repository)
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert reported in outcome.stderr
    assert "\033" not in outcome.stderr
    assert outcome.stdout == ""
    assert repository.state == before
    assert not (repository.directory / ".git" / "gearlint" / "journal.json").exists()
    repository.git("fsck", "--strict")


def test_hook_that_says_very_much(repository: Repository, run: Run) -> None:
    repository.hook("pre-commit", "yes no | head -c 3000000; echo the end >&2; exit 1")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "git commit: the end; all is as it was before" in outcome.stderr
    assert len(outcome.stderr) < 300_000


def test_lock_that_leads_out(repository: Repository, run: Run) -> None:
    outside = repository.directory.parent / "outside"
    lock = repository.directory / ".git" / "gearlint" / "lock"
    lock.parent.mkdir()
    lock.symlink_to(outside)
    outcome = run("bump", "--gear")
    assert (outcome.code, len(outcome.stderr.splitlines())) == (2, 1)
    assert not outside.exists()


def test_what_a_failing_hook_did_to_other_files(repository: Repository, run: Run) -> None:
    before = repository.state
    repository.hook("pre-commit", "touch new; git add new; echo >> run.py; exit 1")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert 'as it was before, but for "run.py", changed meanwhile' in outcome.stderr
    assert repository.state["index"] == before["index"]
    assert repository.git("status", "--porcelain").split() == ["M", "run.py", "??", "new"]


def test_undoing_that_fails_is_reported_and_tried_again(repository: Repository, run: Run) -> None:
    repository.hook("post-commit", "touch .git/refs/heads/main.lock; git tag 1.0.0_2.0.1 HEAD^")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "undoing it failed (git update-ref: " in outcome.stderr
    assert "the next gearlint bump tries that again" in outcome.stderr
    (repository.directory / ".git" / "hooks" / "post-commit").unlink()
    repository.git("tag", "--delete", "1.0.0_2.0.1")
    assert repository.git("log", "-1", "--format=%s") == "Release my-gear 1.0.0_2.0.1"
    outcome = run("bump", "--gear")
    assert (outcome.code, repository.tags[-1]) == (0, "1.0.0_2.0.1")
    assert outcome.stderr.startswith("gearlint: finished ")
    assert repository.git("status", "--porcelain") == ""


def test_another_repository_in_the_environment(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.release("1.0.0_2.0.0")
    states = repository.state, other.state
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(other.directory / ".git"))
        outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "/other/.git, another repository: unset it" in outcome.stderr
    with monkeypatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert (
        outcome.stderr == "gearlint: GIT_INDEX_FILE in the environment is another index: unset it\n"
    )
    assert (repository.state, other.state) == states
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert run("bump", "--gear").code == 0


def test_worktree_and_submodule(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("worktree", "add", "--quiet", "../tree", "-b", "tree")
    monkeypatch.setenv("GIT_DIR", str(repository.directory / ".git" / "worktrees" / "tree"))
    assert run("bump", "--gear", tmp_path / "tree").code == 0
    monkeypatch.delenv("GIT_DIR")
    above = Repository(tmp_path / "above")
    above.release("1.0.0_1.0.0", "own/1.0.0_1.0.0", "own", "own")
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../gear", "sub")
    above.write("own/run.py", SCRIPT + "# new\n")
    above.commit()
    monkeypatch.chdir(above.directory)
    outcome = run("bump", "--gear", "--changed", "--json")
    assert bumped(outcome) == {"own": "1.0.0_1.0.1"}
    above.git("-C", "sub", "config", "user.name", "A. Author")
    above.git("-C", "sub", "config", "user.email", "author@example.org")
    assert run("bump", "--gear", "minor", "sub").code == 0
    assert "1.0.0_2.1.0" in above.git("-C", "sub", "tag").split()
    above.git("rm", "-r", "--quiet", "own")
    above.git("commit", "--all", "--quiet", "--message", "No gear")
    refused(run("bump", "--gear"), ".: its gears are in submodules: name the directory of one")
    assert run("tag").stdout == "Nothing to do.\n"


@pytest.mark.parametrize("text", ["", "[]", '{"changes": [["a", "b", "c"]], "entries": {}}'])
def test_journal_that_cannot_be_read(text: str, repository: Repository, run: Run) -> None:
    repository.write(".git/gearlint/journal.json", text)
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        assert "journal.json: is not a journal of a bump" in outcome.stderr


@pytest.mark.parametrize("name", [r"a\u0000b", r"a\ud800b", r"a\udc80b"])
def test_name_that_no_program_can_be_given(name: str, repository: Repository, run: Run) -> None:
    repository.gear(members("1.0.0_2.0.0", name=name))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert (outcome.code, outcome.stdout) == (2, "")
    (line,) = outcome.stderr.splitlines()
    assert line.endswith(f'name "{name}" cannot stand in a commit\'s message: see gearlint check')
    assert repository.state == before


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_argument_that_git_cannot_be_given(text: str, repository: Repository) -> None:
    with pytest.raises(GitError, match="git cannot be given"):
        Git(str(repository.directory)).read("check-ref-format", text)


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85"])
def test_tag_with_what_ends_a_line_elsewhere(end: str, repository: Repository, run: Run) -> None:
    repository.git("tag", f"1.0.0_2.0.0{end}x")
    outcome = run("version", "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    outcome = run("bump", "--gear")
    assert (outcome.code, version_of(repository.directory)[0]) == (0, "1.0.0_2.0.1"), outcome.stderr


JOURNAL: dict[str, object] = {
    "branch": "refs/heads/main",
    "commits": True,
    "message": "m",
    "tags": {},
    "changes": [],
    "entries": {},
}
ENTRY = ["100644", "0" * 40, True]


@pytest.mark.parametrize(
    "members",
    [
        {"branch": "../../other/poetry"},
        {"branch": "refs/heads/../../../../other/poetry"},
        {"branch": "refs/heads/"},
        {"branch": None},
        {"head": "--stdin"},
        {"head": None},
        {"commits": 1},
        {"message": ["m"]},
        {"tags": []},
        {"tags": {"../../../../other/poetry": "m"}},
        {"tags": {"-d": "m"}},
        {"tags": {"1.0.0": 1}},
        {"changes": [["../other/poetry.lock", "", ""]], "entries": {"../other/poetry.lock": ENTRY}},
        {"changes": [["link/poetry.lock", "", ""]], "entries": {"link/poetry.lock": ENTRY}},
        {"changes": [[".git/config", "", ""]], "entries": {".git/config": ENTRY}},
        {"changes": [["/etc/passwd", "", ""]], "entries": {"/etc/passwd": ENTRY}},
        {"changes": [["a\0b", "", ""]], "entries": {"a\0b": ENTRY}},
        {"changes": [["a\ud800b", "", ""]], "entries": {"a\ud800b": ENTRY}},
        {"changes": [["run.py", "", ""]], "entries": {}},
        {"changes": [["run.py", "", ""]], "entries": {"run.py": ["--stdin", "0" * 40]}},
        {"entries": []},
        {"more": 1},
    ],
    ids=str,
)
def test_journal_that_no_bump_wrote(
    members: dict[str, object], repository: Repository, run: Run
) -> None:
    lock = repository.directory.parent / "other" / "poetry.lock"
    lock.parent.mkdir()
    lock.write_text("")
    (repository.directory / "link").symlink_to(lock.parent)
    before = repository.state
    journal = JOURNAL | {"head": repository.git("rev-parse", "HEAD")} | members
    repository.write(".git/gearlint/journal.json", json.dumps(journal))
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    (line,) = outcome.stderr.splitlines()
    assert "journal.json: is not a journal of a bump" in line
    assert lock.exists()
    assert repository.state == before


def test_locks_are_those_of_the_git_directory_alone(repository: Repository, run: Run) -> None:
    heads = repository.directory / ".git" / "refs" / "heads"
    (heads / "link").symlink_to(repository.directory.parent)
    lock = repository.directory.parent / "poetry.lock"
    journal = JOURNAL | {"head": repository.git("rev-parse", "HEAD")}
    journal["branch"] = "refs/heads/link/poetry"
    repository.write(".git/gearlint/journal.json", json.dumps(journal))
    lock.write_text("")
    run("bump", "--gear")
    assert lock.exists()


@pytest.mark.parametrize("kind", ["fifo", "directory", "link", "large", "deep"])
def test_journal_that_is_not_a_file_of_ours(kind: str, repository: Repository, run: Run) -> None:
    path = repository.directory / ".git" / "gearlint" / "journal.json"
    path.parent.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "large":
        path.write_bytes(b" " * (16 * 1024 * 1024 + 1))
    else:
        path.write_text('{"changes": ' + "[" * 200_000 + "]" * 200_000 + "}")
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        (line,) = outcome.stderr.splitlines()
        assert "journal.json: is not a journal of a bump" in line


def test_repository_of_another_user(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    outcome = run("version")
    assert outcome.code == 2
    assert "run git config --global --add safe.directory " in outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for another process")
@pytest.mark.parametrize("whole", [True, False], ids=["with-git", "gearlint-alone"])
def test_interrupt_during_a_hook(whole: bool, repository: Repository) -> None:
    before = repository.state
    waiting = Waiting(repository)
    command = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    waiting.reached(process)
    (os.killpg if whole else os.kill)(process.pid, signal.SIGINT)
    _, reported = process.communicate()
    assert (process.returncode, reported) == (
        130,
        "gearlint: interrupted; all is as it was before\n",
    )
    waiting.end()
    wait_for_group(process.pid)  # a git that were left would make its commit now
    assert repository.state == before


def test_version_below_the_newest_can_be_forced(repository: Repository, run: Run) -> None:
    released(repository)
    assert run("bump", "--gear", "--force").code == 0
    assert "1.0.0_2.0.1" in repository.tags


def test_refusal_without_a_commit(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "new")
    monkeypatch.chdir(repository.gear())
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert outcome.stderr == "gearlint: the repository has no commit yet: make the first one\n"


def test_refusal_outside_of_a_repository(tmp_path: Path, run: Run) -> None:
    directory = tmp_path / "gear"
    directory.mkdir()
    (directory / "manifest.json").write_text(manifest_text())
    outcome = run("bump", "--gear", directory)
    assert outcome.code == 2
    assert "is in no git repository: run git init, and commit the gear first" in outcome.stderr


def test_refusal_in_a_shallow_clone_without_tags(
    repository: Repository, tmp_path: Path, run: Run
) -> None:
    repository.commit("Another")
    repository.git(
        "clone", "--quiet", "--depth=1", "--no-tags", f"file://{repository.directory}", "../s"
    )
    repository.git("-C", "../s", "config", "user.name", "A. Author")
    repository.git("-C", "../s", "config", "user.email", "author@example.org")
    outcome = run("bump", "--gear", tmp_path / "s")
    assert outcome.code == 2
    assert "run git fetch --unshallow --tags" in outcome.stderr
    outcome = run("bump", "--gear", "--changed", tmp_path / "s")
    assert outcome.code == 2
    assert "run git fetch --unshallow --tags" in outcome.stderr


def test_hook_that_changes_the_commit(repository: Repository, run: Run) -> None:
    repository.hook("pre-commit", "echo x > made.txt; git add made.txt")
    repository.hook("commit-msg", 'echo "Signed-off-by: x" >> "$1"')
    assert run("bump", "--gear").code == 0
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("show", "--format=", "--name-only").split() == [
        "made.txt",
        "manifest.json",
    ]


def test_hooks_filters_and_signer_are_run_as_by_git_commit(
    repository: Repository, run: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        repository.hook(name, f"echo {name} >> {log}")
    repository.git("config", "filter.f.clean", f"echo filter >> {log}; cat")
    repository.write(".gitattributes", "*.json filter=f\n")
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "gpg.ssh.program", "sign")
    repository.git("config", "user.signingKey", "key::ssh-ed25519 AAAA")
    signer = tmp_path / "bin" / "sign"
    signer.parent.mkdir()
    signer.write_text(f'#!/bin/sh\necho signer >> {log}\nfor a; do :; done\necho s > "$a.sig"\n')
    signer.chmod(0o755)
    path = f"{signer.parent}{os.pathsep}{os.environ['PATH']}"
    pytest.MonkeyPatch().setenv("PATH", path)
    repository.git("-c", "commit.gpgSign=false", "commit", "--quiet", "--allow-empty", "-m", "x")
    repository.commit()
    log.write_text("")
    assert run("bump", "--gear").code == 0
    ran = log.read_text().split()
    assert set(ran) == {
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "filter",
        "signer",
    }


# --- the commit is read back


REVERTS = "git cat-file blob HEAD:manifest.json > manifest.json; git add manifest.json"


@pytest.mark.parametrize(
    ("hook", "text", "reported"),
    [
        ("pre-commit", REVERTS, 'has version "1.0.0_2.0.0" in the commit, not "1.0.0_2.0.1"'),
        ("pre-commit", "git reset --quiet HEAD manifest.json", 'has version "1.0.0_2.0.0"'),
        ("pre-commit", "git rm --quiet --cached manifest.json", "has no version in the commit"),
        (
            "pre-commit",
            "echo '{}' > manifest.json; git add manifest.json",
            "has no version in the commit",
        ),
        (
            "post-commit",
            f"[ -e .git/once ] && exit; touch .git/once; {REVERTS.replace('HEAD', 'HEAD^')}; "
            "git commit --quiet --amend --no-edit",
            'has version "1.0.0_2.0.0" in the commit',
        ),
    ],
)
def test_commit_without_the_version_is_undone(
    hook: str, text: str, reported: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n")
    repository.commit()
    repository.hook(hook, text)
    before = repository.state
    refused(run("bump", "--gear"), f"manifest.json: {reported}", "; all is as it was before\n")
    assert repository.state == before
    (repository.directory / ".git" / "hooks" / hook).unlink()
    assert run("bump", "--gear").code == 0


def test_hook_that_writes_the_manifest_anew_but_keeps_the_version(
    repository: Repository, run: Run
) -> None:
    write = "import json; d = json.load(open('manifest.json')); json.dump(d, open('manifest.json', 'w'))"
    repository.hook("pre-commit", f'{sys.executable} -c "{write}"; git add manifest.json')
    assert run("bump", "--gear").code == 0
    assert repository.tags[-1] == "1.0.0_2.0.1"


@pytest.mark.parametrize("option", ["assume-unchanged", "skip-worktree"])
def test_file_that_git_overlooks_is_refused(option: str, repository: Repository, run: Run) -> None:
    repository.git("update-index", f"--{option}", "manifest.json")
    before = repository.state
    refused(
        run("bump", "--gear"),
        "manifest.json: git is set to ignore changes of it: run git update-index "
        f"--no-{option} manifest.json\n",
    )
    assert repository.state == before
    assert run("bump", "--gear", "--no-commit").code == 0
    repository.git("checkout", "--quiet", "--force", ".")
    repository.git("update-index", f"--no-{option}", "manifest.json")
    repository.git("checkout", "--quiet", ".")
    assert run("bump", "--gear").code == 0


# --- two at once


def test_two_bumps_at_once(repository: Repository) -> None:
    """One wins, and is not done until the other has said so."""
    waiting = Waiting(repository)
    command = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    both = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    while all(process.poll() is None for process in both):
        time.sleep(0.01)
    waiting.end()
    outcomes = [(process.communicate()[1], process.returncode) for process in both]
    assert sorted(code for _, code in outcomes) == [0, 2]
    (reported,) = [error for error, code in outcomes if code]
    assert "another gearlint bump is at work in this repository" in reported
    assert version_of(repository.directory)[0] == "1.0.0_2.0.1"
    assert repository.tags == ["1.0.0_2.0.0", "1.0.0_2.0.1"]
