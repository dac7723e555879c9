"""docs/releasing.md: its commands and workflows are run, on empty directories and bare remotes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.machine import require_zizmor_finds_nothing
from tests.repositories import Repository
from tests.sound import DOCKERFILE, write_gear

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
WORKFLOWS = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", TEXT, re.DOTALL))
"""The files of workflows, by their paths."""

FIRST, MINOR = "1.0.0_2.0.0", "1.0.0_2.1.0"


def commands(name: str) -> list[str]:
    """The commands of a block of the page."""
    (block,) = re.findall(rf"<!-- {name} -->\n```console\n(.*?)```", TEXT, re.DOTALL)
    return [line.removeprefix("$ ") for line in block.splitlines()]


def scripts(path: str, job: str) -> list[str]:
    """The shell scripts of a job, but for those that need a network or Docker."""
    found = yaml.safe_load(WORKFLOWS[path])
    if path.startswith(".github/"):
        texts = [step["run"] for step in found["jobs"][job]["steps"] if "run" in step]
    else:
        texts = found[job]["script"]
    return [text for text in texts if not text.startswith(("pip ", "docker "))]


class Machine:
    """Somebody's machine: a directory, and remotes that are bare repositories beside it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.bare = place / "remotes" / "me" / "my-gear.git"
        binaries = place / "bin"
        binaries.mkdir(parents=True)
        command = binaries / "gearlint"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gearlint "$@"\n')
        command.chmod(0o755)
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch", "main", self.bare], check=True
        )
        hosts = ("https://example.org/", "https://x-access-token:t@github.com/")
        pairs = [
            (f"url.{place}/remotes/.insteadOf", host)
            for host in (*hosts, "https://release:t@gitlab.example.org/")
        ]
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_")
        } | {
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": str(len(pairs)),
        }
        for number, (key, value) in enumerate(pairs):
            self.environment |= {
                f"GIT_CONFIG_KEY_{number}": key,
                f"GIT_CONFIG_VALUE_{number}": value,
            }

    def shell(self, script: str, directory: Path, code: int = 0, **more: str) -> str:
        """What a script prints, run as by a workflow."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=directory,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def developer(self, script: str, directory: Path) -> str:
        """The same, by somebody whom git knows."""
        who = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "A. Author"), ("EMAIL", "author@example.org"))
        }
        return self.shell(script, directory, 0, **who)

    def job(self, path: str, job: str, commit: str, name: str, code: int = 0) -> str:
        """Run a job on a commit, checked out anew as CI does; gives the outputs of its steps."""
        directory = self.place / name
        subprocess.run(["git", "clone", "--quiet", self.bare, directory], check=True)
        how = (
            ["-B", "main"] if path.startswith(".github/") and "check" not in path else ["--detach"]
        )
        subprocess.run(["git", "checkout", "--quiet", *how, commit], cwd=directory, check=True)
        output = self.place / f"{name}.output"
        output.touch()
        values = {
            "TOKEN": "t", "RELEASE_TOKEN": "t", "LEVEL": "minor",
            "GITHUB_REPOSITORY": "me/my-gear", "GITHUB_OUTPUT": str(output),
            "CI_SERVER_HOST": "gitlab.example.org", "CI_PROJECT_PATH": "me/my-gear",
        }  # fmt: skip
        for script in scripts(path, job):
            self.shell(script, directory, code, **values)
        return output.read_text()

    @property
    def there(self) -> dict[str, str]:
        """The refs of the remote, tags with the commits that they point to."""
        fields = (
            "%(refname:lstrip=1) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
        )
        printed = subprocess.run(
            ["git", "for-each-ref", f"--format={fields}"],
            cwd=self.bare,
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(line.split(" ") for line in printed.stdout.splitlines())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def released(machine: Machine) -> Path:
    """The gear after the first commands of the page."""
    directory = machine.place / "work"
    directory.mkdir()
    begin, *rest = commands("by hand")
    machine.developer(begin, directory)
    write_gear(directory)
    for command in rest:
        machine.developer(command, directory)
    return directory


def test_by_hand(machine: Machine) -> None:
    directory = released(machine)
    there = machine.there
    assert there == {"heads/main": there["heads/main"], f"tags/{FIRST}": there["heads/main"]}
    (directory / "run.py").write_text("# changed\n")
    for command in commands("by hand, again"):
        machine.developer(command, directory)
    assert machine.there[f"tags/{MINOR}"] == machine.there["heads/main"] != there["heads/main"]
    assert (
        Repository.at(directory).git("status", "--porcelain", "--branch") == "## main...origin/main"
    )


@pytest.mark.parametrize(
    ("check", "release"),
    [
        (".github/workflows/check.yml", ".github/workflows/release.yml"),
        (".gitlab-ci.yml", ".gitlab-ci.yml"),
    ],
    ids=["GitHub", "GitLab"],
)
def test_with_pull_requests(check: str, release: str, machine: Machine) -> None:
    directory = released(machine)
    (directory / "run.py").write_text("# changed\n")
    switch, commit, *rest = commands("pull request")
    for command in (switch, commit):
        machine.developer(command, directory)
    machine.developer("git push --quiet origin compressed", directory)
    machine.job(check, "check", "origin/compressed", "not-raised", code=1)
    for command in rest:
        machine.developer(command, directory)
    machine.job(check, "check", "origin/compressed", "raised")
    machine.developer(
        "git switch --quiet main; git merge --quiet --no-ff --no-edit compressed; git push --quiet",
        directory,
    )
    assert f"tags/{MINOR}" not in machine.there
    output = machine.job(release, "tag", "origin/main", "merged")
    assert machine.there[f"tags/{MINOR}"] == machine.there["heads/main"]
    before = machine.there
    again = machine.job(release, "tag", "origin/main", "again")
    assert machine.there == before
    if check.startswith(".github/"):
        assert (output, again) == (f'tags=["{MINOR}"]\n', "tags=[]\n")


def test_by_a_button(machine: Machine) -> None:
    directory = released(machine)
    (directory / "run.py").write_text("# changed\n")
    machine.developer("git commit --quiet --all --message x; git push --quiet", directory)
    machine.job(".github/workflows/bump.yml", "bump", "origin/main", "button")
    assert machine.there[f"tags/{MINOR}"] == machine.there["heads/main"]
    # As the page says of GitLab: a commit is checked out, and no branch.
    clone = machine.place / "gitlab"
    machine.developer(f"git clone --quiet {machine.bare} {clone}", machine.place)
    (switch,) = re.findall(r"`(git switch --force-create .*)`", TEXT)
    commit = machine.there["heads/main"]
    machine.developer(f"git checkout --quiet --detach {commit}", clone)
    values = f"CI_COMMIT_BRANCH=main; CI_COMMIT_SHA={commit}"
    machine.developer(f"{values}; {switch}; gearlint bump --gear --push", clone)
    assert machine.there["tags/1.0.0_2.1.1"] == machine.there["heads/main"]


def test_monorepo(machine: Machine) -> None:
    directory = machine.place / "work"
    repository = Repository(directory)
    for name in ("first", "second"):
        image = f'{{"category": "analysis", "image": "me/{name}:{FIRST}"}}'
        members = f'"name": "{name}",\n"custom": {{"gear-builder": {image}}}'
        repository.gear(members, f"gears/{name}")
        copied = f"COPY common common\nCOPY gears/{name}/run.py gears/{name}/manifest.json ./"
        dockerfile = DOCKERFILE.replace("COPY run.py manifest.json ./", copied)
        repository.write(f"gears/{name}/Dockerfile", dockerfile)
    repository.write("common/lib.py", "")
    repository.commit()
    machine.developer(f"git remote add origin {machine.bare}; git push -u origin main", directory)
    changes = iter(["common/lib.py", "gears/first/run.py"])
    for command in commands("monorepo"):
        if command.startswith("git commit"):
            repository.write(next(changes), "# changed\n")
        machine.developer(command, directory)
    tags = {name.removeprefix("tags/") for name in machine.there if name.startswith("tags/")}
    raised = {f"{name}/1.0.0_2.0.{patch}" for name in ("first", "second") for patch in (0, 1)}
    assert tags == {*raised, "first/1.0.0_2.1.0"}
    assert machine.there["tags/first/1.0.0_2.1.0"] == machine.there["heads/main"]
    assert next(changes, None) is None


def test_workflows_are_yaml_with_what_releases_need() -> None:
    assert len(WORKFLOWS) == 4
    for path, text in WORKFLOWS.items():
        found: Any = yaml.safe_load(text)
        assert "GIT_DEPTH: 0" in text or "fetch-depth: 0" in text
        assert path.startswith(".github/") == ("jobs" in found)


def test_workflows_pass_zizmor(tmp_path: Path) -> None:
    for path, text in WORKFLOWS.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    require_zizmor_finds_nothing(tmp_path, "--persona=auditor", ".github")
