"""The hook, run by the real pre-commit on real repositories."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.first_gear import HOOK
from tests.sound import write_gear
from tests.test_packaging import copy_of_the_project

BAD = '"version": "1.0.1_2.0.0"'
"""The image's tag says otherwise: GL201."""

_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A. Author"), ("EMAIL", "author@example.org"))
}


class Outcome(subprocess.CompletedProcess[str]):
    """What a command gave, with everything that it printed in `stdout`."""


def run(directory: Path, *command: str, home: Path | None = None) -> Outcome:
    """Run a command in a directory, away from the user's own git configuration."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GIT_CONFIG", "PRE_COMMIT", "PYTHONPATH", "SKIP"))
    }
    environment |= {**_IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    environment["PRE_COMMIT_COLOR"] = "never"
    if home is not None:
        environment["PRE_COMMIT_HOME"] = str(home)
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Outcome(done.args, done.returncode, done.stdout)


def git(directory: Path, *arguments: str) -> str:
    outcome = run(directory, "git", *arguments)
    assert outcome.returncode == 0, outcome.stdout
    return outcome.stdout.strip()


def commit_all(directory: Path) -> None:
    git(directory, "init", "--quiet", "--initial-branch", "main")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "All")


@pytest.fixture(scope="module")
def tool(once: Once) -> Path:
    """This working tree as a repository of its own: pre-commit installs from a commit."""
    return once("tool", lambda directory: commit_all(copy_of_the_project(directory)))


@pytest.fixture(scope="module")
def home(once: Once) -> Path:
    """Where pre-commit keeps the environment of the hook, which it makes once, and locks."""
    return once("pre-commit", lambda _: None)


@pytest.fixture
def gears(tmp_path: Path, tool: Path) -> Path:
    """A repository of three gears, two of them bad, which uses the hook."""
    directory = tmp_path / "gears"
    write_gear(directory / "good")
    write_gear(directory / "bad", BAD)
    write_gear(directory / "worse", BAD)
    for name in ("good", "bad", "worse"):
        (directory / name / "run.py").write_text("print()\n")
    (directory / "README.md").write_text("Three gears.\n")
    (directory / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tool}\n  rev: {git(tool, 'rev-parse', 'HEAD')}\n"
        "  hooks:\n  - id: gearlint\n    args: [--output-format=concise]\n"
    )
    commit_all(directory)
    return directory


def pre_commit(directory: Path, home: Path, *arguments: str) -> Outcome:
    return run(directory, sys.executable, "-m", "pre_commit", *arguments, home=home)


def checked(outcome: Outcome) -> list[str]:
    """The paths of the findings that an outcome shows, in their order."""
    return [line.split(":")[0] for line in outcome.stdout.splitlines() if " GL" in line]


def test_try_repo_checks_the_gear_of_the_changed_file(gears: Path, tool: Path, home: Path) -> None:
    # Once, as it installs gearlint each time.
    outcome = pre_commit(gears, home, "try-repo", str(tool), "gearlint", "--files", "bad/run.py")
    assert outcome.returncode == 1, outcome.stdout
    assert "bad/manifest.json:" in outcome.stdout
    assert "GL201 error:" in outcome.stdout
    assert "Failed\n" in outcome.stdout
    assert "worse" not in outcome.stdout


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["bad/run.py"], ["bad"]),
        (["bad/manifest.json", "bad/run.py"], ["bad"]),
        (["good/run.py", "README.md"], []),
        (["README.md"], []),
        (["good/run.py", "worse/manifest.json"], ["worse"]),
    ],
)
def test_only_the_gears_of_the_changed_files_are_checked_each_once(
    gears: Path, home: Path, files: list[str], expected: list[str]
) -> None:
    outcome = pre_commit(gears, home, "run", "gearlint", "--files", *files)
    assert outcome.returncode == (1 if expected else 0), outcome.stdout
    assert ("Failed\n" if expected else HOOK) in outcome.stdout
    assert checked(outcome) == [f"{name}/manifest.json" for name in expected]


def test_all_files_checks_every_gear_once(gears: Path, home: Path) -> None:
    outcome = pre_commit(gears, home, "run", "gearlint", "--all-files")
    assert outcome.returncode == 1
    assert checked(outcome) == ["bad/manifest.json", "worse/manifest.json"]


@pytest.mark.parametrize("kind", ["binary", "link"])
def test_any_kind_of_file_stands_for_its_gear(gears: Path, home: Path, kind: str) -> None:
    path = gears / "bad" / "weights"
    if kind == "binary":
        path.write_bytes(bytes(range(256)))
    else:
        path.symlink_to("../good/run.py")
    git(gears, "add", "--all")
    outcome = pre_commit(gears, home, "run", "gearlint")
    assert outcome.returncode == 1, outcome.stdout
    assert checked(outcome) == ["bad/manifest.json"]


@pytest.mark.parametrize("hook", ["gearlint", "gearlint-fix", "gearlint-release"])
@pytest.mark.parametrize(
    ("own", "is_checked"),
    [("", False), ("    exclude: ^$\n", True), ("    args: [--output-format=concise]\n", False)],
    ids=["plain", "exclude", "args"],
)
def test_name_of_a_file_is_not_an_option(
    gears: Path, home: Path, hook: str, own: str, is_checked: bool
) -> None:
    config = gears / ".pre-commit-config.yaml"
    text = config.read_text().replace("    args: [--output-format=concise]\n", own)
    config.write_text(text.replace("id: gearlint\n", f"id: {hook}\n"))
    write_gear(gears, BAD if hook == "gearlint" else "")
    git(gears, "add", "--all")
    git(gears, "commit", "--quiet", "--message", "A gear at the top")
    (gears / f"--output-file={hook}.txt").write_text("")
    git(gears, "add", "--all")
    stage = ["--hook-stage", "pre-push"] if hook == "gearlint-release" else []
    outcome = pre_commit(gears, home, "run", hook, *stage)
    assert not (gears / f"{hook}.txt").exists()
    if hook == "gearlint":
        assert outcome.returncode == int(is_checked), outcome.stdout


def test_commit_goes_through_with_sound_gears_alone(gears: Path, home: Path) -> None:
    installed = pre_commit(gears, home, "install")
    assert installed.returncode == 0, installed.stdout
    before = git(gears, "rev-parse", "HEAD")
    write_gear(gears / "good", BAD)
    refused = run(gears, "git", "commit", "--all", "--message", "Bad", home=home)
    assert refused.returncode != 0
    assert checked(refused) == ["good/manifest.json"]
    assert git(gears, "rev-parse", "HEAD") == before
    # The image's tag follows the version.
    text = (gears / "good" / "manifest.json").read_text().replace("1.0.0_2", "1.0.1_2")
    (gears / "good" / "manifest.json").write_text(text)
    accepted = run(gears, "git", "commit", "--all", "--message", "Good", home=home)
    assert accepted.returncode == 0, accepted.stdout
    assert git(gears, "log", "-1", "--format=%s") == "Good"


def test_settings_of_the_repository_hold_in_the_hook(gears: Path, home: Path) -> None:
    (gears / "gearlint.toml").write_text('exclude = ["worse"]\nignore = ["GL201"]\n')
    outcome = pre_commit(gears, home, "run", "gearlint", "--all-files")
    assert outcome.returncode == 0, outcome.stdout


def test_fixing_hook_changes_files_and_fails_and_then_passes(gears: Path, home: Path) -> None:
    config = gears / ".pre-commit-config.yaml"
    text = config.read_text().replace("id: gearlint\n", "id: gearlint-fix\n")
    config.write_text(text)
    git(gears, "add", "--all")
    first = pre_commit(gears, home, "run", "gearlint-fix", "--files", "bad/run.py")
    assert first.returncode == 1, first.stdout
    assert "files were modified by this hook" in first.stdout
    assert "Fixed bad/manifest.json: GL201 image-tag-mismatch\n" in first.stdout
    assert "Fixed 1 problem, nothing left in 1 gear." in first.stdout
    assert git(gears, "diff", "--name-only") == "bad/manifest.json"
    git(gears, "add", "--all")
    second = pre_commit(gears, home, "run", "gearlint-fix", "--files", "bad/run.py")
    assert second.returncode == 0, second.stdout


def test_release_hook_stops_a_push_of_a_gear_whose_version_was_not_raised(
    gears: Path, home: Path, tmp_path: Path
) -> None:
    config = gears / ".pre-commit-config.yaml"
    config.write_text(config.read_text().replace("id: gearlint\n", "id: gearlint-release\n"))
    git(gears, "add", "--all")
    git(gears, "commit", "--quiet", "--message", "The other hook")
    git(gears, "tag", "my-gear/1.0.0_2.0.0")
    remote = tmp_path / "remote.git"
    git(gears, "init", "--quiet", "--bare", "--initial-branch", "main", str(remote))
    git(gears, "remote", "add", "origin", str(remote))
    git(gears, "push", "--quiet", "origin", "main")
    installed = pre_commit(gears, home, "install", "--hook-type", "pre-push")
    assert installed.returncode == 0, installed.stdout

    (gears / "good" / "run.py").write_text("# changed\n")
    git(gears, "commit", "--quiet", "--all", "--message", "Changed")
    refused = run(gears, "git", "push", "origin", "main", home=home)
    assert refused.returncode != 0, refused.stdout
    assert "GL601 error:" in refused.stdout
    assert git(gears, "ls-remote", str(remote), "main").split()[0] == git(
        gears, "rev-parse", "HEAD^"
    )

    text = (gears / "good" / "manifest.json").read_text().replace("_2.0.0", "_2.0.1")
    (gears / "good" / "manifest.json").write_text(text)
    git(gears, "commit", "--quiet", "--all", "--message", "Raised")
    accepted = run(gears, "git", "push", "origin", "main", home=home)
    assert accepted.returncode == 0, accepted.stdout


# --- files that are deleted, of which pre-commit gives no names


def use(gears: Path, home: Path, hook: str, *types: str) -> None:
    """Let a repository use another hook, at these moments of git alone."""
    config = gears / ".pre-commit-config.yaml"
    config.write_text(config.read_text().replace("id: gearlint\n", f"id: {hook}\n"))
    git(gears, "add", "--all")
    git(gears, "commit", "--quiet", "--allow-empty", "--message", "The hook")
    chosen = [option for name in types for option in ("--hook-type", name)]
    installed = pre_commit(gears, home, "install", *chosen)
    assert installed.returncode == 0, installed.stdout


def test_commit_that_only_deletes_checks_the_gear(gears: Path, home: Path) -> None:
    use(gears, home, "gearlint", "pre-commit")
    git(gears, "rm", "--quiet", "good/run.py")
    refused = run(gears, "git", "commit", "--message", "Deleted", home=home)
    assert refused.returncode != 0, refused.stdout
    assert checked(refused) == ["good/Dockerfile"]
    (gears / "README.md").write_text("Beside another file.\n")
    refused = run(gears, "git", "commit", "--all", "--message", "Deleted", home=home)
    assert refused.returncode != 0, refused.stdout
    assert checked(refused) == ["good/Dockerfile"]

    git(gears, "rm", "--quiet", "-r", "--force", "good", "bad")
    accepted = run(gears, "git", "commit", "--message", "Two gears less", home=home)
    assert accepted.returncode == 0, accepted.stdout
    (gears / "README.md").write_text("No gear at all.\n")
    accepted = run(gears, "git", "commit", "--all", "--message", "No gear", home=home)
    assert accepted.returncode == 0, accepted.stdout


def test_push_that_only_deletes_checks_the_gear(gears: Path, home: Path, tmp_path: Path) -> None:
    use(gears, home, "gearlint-release", "pre-push")
    (gears / "good" / "Dockerfile").write_text("FROM python:3.11\nCOPY . /flywheel/v0/\n")
    (gears / "good" / "data.txt").write_text("x\n")
    git(gears, "add", "--all")
    git(gears, "commit", "--quiet", "--message", "All of it is copied")
    git(gears, "tag", "my-gear/1.0.0_2.0.0")
    remote = tmp_path / "remote.git"
    git(gears, "init", "--quiet", "--bare", "--initial-branch", "main", str(remote))
    git(gears, "remote", "add", "origin", str(remote))
    git(gears, "push", "--quiet", "--no-verify", "origin", "main")
    git(gears, "rm", "--quiet", "good/data.txt")
    git(gears, "commit", "--quiet", "--message", "Deleted")
    refused = run(gears, "git", "push", "origin", "main", home=home)
    assert refused.returncode != 0, refused.stdout
    assert "GL601 error:" in refused.stdout
    git(gears, "rm", "--quiet", "-r", "good")
    git(gears, "commit", "--quiet", "--message", "A gear less")
    accepted = run(gears, "git", "push", "origin", "main", home=home)
    assert accepted.returncode == 0, accepted.stdout


def test_merges(gears: Path, home: Path) -> None:
    use(gears, home, "gearlint", "pre-commit", "pre-merge-commit")
    git(gears, "checkout", "--quiet", "-b", "other")
    git(gears, "rm", "--quiet", "good/run.py")
    git(gears, "commit", "--quiet", "--no-verify", "--message", "Deleted")
    git(gears, "checkout", "--quiet", "main")
    (gears / "README.md").write_text("Ours.\n")
    git(gears, "commit", "--quiet", "--all", "--no-verify", "--message", "Ours")
    refused = run(gears, "git", "merge", "--no-edit", "other", home=home)
    assert refused.returncode != 0, refused.stdout
    assert checked(refused) == ["good/Dockerfile"]
    git(gears, "merge", "--abort")
    # With a conflict, the commit that ends the merge is checked.
    git(gears, "checkout", "--quiet", "other")
    (gears / "README.md").write_text("Theirs.\n")
    git(gears, "commit", "--quiet", "--all", "--no-verify", "--message", "Theirs")
    git(gears, "checkout", "--quiet", "main")
    conflict = run(gears, "git", "merge", "other", home=home)
    assert "CONFLICT" in conflict.stdout
    (gears / "README.md").write_text("Both.\n")
    refused = run(gears, "git", "commit", "--all", "--message", "Merged", home=home)
    assert refused.returncode != 0, refused.stdout
    assert checked(refused) == ["good/Dockerfile"]


def test_fixing_hook_does_not_run_while_pushing(gears: Path, home: Path, tmp_path: Path) -> None:
    use(gears, home, "gearlint-fix", "pre-commit", "pre-push")
    remote = tmp_path / "remote.git"
    git(gears, "init", "--quiet", "--bare", "--initial-branch", "main", str(remote))
    git(gears, "remote", "add", "origin", str(remote))
    accepted = run(gears, "git", "push", "origin", "main", home=home)
    assert accepted.returncode == 0, accepted.stdout
    assert git(gears, "status", "--porcelain") == ""
    (gears / "bad" / "run.py").write_text("# changed\n")
    git(gears, "add", "--all")
    refused = run(gears, "git", "commit", "--message", "Changed", home=home)
    assert refused.returncode != 0, refused.stdout
    assert git(gears, "diff", "--name-only") == "bad/manifest.json"
