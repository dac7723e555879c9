"""The action, the GitLab component, the workflows and the image of gearlint itself."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gearlint import __version__
from gearlint.core.source import Source
from gearlint.report import servers
from gearlint.syntax.dockerfile import Dockerfile
from tests import address
from tests.address import PROJECT
from tests.machine import require_zizmor_finds_nothing

ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))


def test_zizmor_finds_nothing() -> None:
    require_zizmor_finds_nothing(PROJECT, "action.yml", ".github")


def test_actions_are_pinned_to_commits() -> None:
    for path in (PROJECT / "action.yml", *WORKFLOWS):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"\s*(?:- )?uses:", line):
                assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d", line), f"{path}: {line}"


def test_no_expression_is_in_a_command_of_the_action() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def run_step(name: str, directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the action as its shell does, with a gearlint that prints its arguments."""
    (step,) = [each for each in ACTION["runs"]["steps"] if each.get("name") == name]
    binary = directory / "bin" / "gearlint"
    binary.parent.mkdir()
    binary.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n')
    binary.chmod(0o755)
    output = directory / "output.txt"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={**os.environ, "PLACE": str(directory), "GITHUB_OUTPUT": str(output), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_gives_each_line_as_one_argument(tmp_path: Path) -> None:
    done = run_step(
        "Check the gears",
        tmp_path,
        PATHS="gears/a b\n$(touch x)\n--fix\n",
        ARGS="--fail-on\nerror\n",
        UPLOAD="true",
        SARIF="/tmp/s.sarif",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "<check><--fail-on><error><--output-format><sarif:/tmp/s.sarif><--output-format><full>"
        "<--><gears/a b><$(touch x)><--fix>"
    )
    assert (tmp_path / "output.txt").read_text() == "sarif=/tmp/s.sarif\n"
    assert not Path("x").exists()


@pytest.mark.parametrize("version", ["1.0; touch x", "1.0 --index-url=x", "git+https://x"])
def test_the_action_refuses_what_is_no_version(version: str, tmp_path: Path) -> None:
    done = run_step("Install gearlint", tmp_path, VERSION=version, ACTION=".", PYTHON="/bin/false")
    assert (done.returncode, "not a version" in done.stderr) == (2, True)


def test_the_component_is_yaml_with_its_version() -> None:
    text = (PROJECT / "templates" / "gearlint.yml").read_text(encoding="utf-8")
    spec, jobs = yaml.safe_load_all(text)
    assert spec["spec"]["inputs"]["version"]["default"] == __version__
    assert set(jobs) == {"gearlint"}
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", text))
    assert used == set(spec["spec"]["inputs"])


def test_the_image_is_not_root_and_copies_what_is_there() -> None:
    data = (PROJECT / "Dockerfile").read_bytes()
    dockerfile = Dockerfile(Source("Dockerfile", data))
    last = dockerfile.stages[-1].instructions
    assert [each.value for each in last if each.name == "USER"] == ["10001:10001"]
    copied = [
        word.text
        for each in dockerfile.instructions
        if each.name == "COPY" and each.flag("from") is None
        for word in each.words[:-1]
    ]
    assert all((PROJECT / name).exists() for name in copied)
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)


def test_the_address_is_the_same_everywhere() -> None:
    own = address.address()
    assert own == servers.PROJECT_URL
    name = own.rpartition("/")[2]
    for path in address.files():
        text = path.read_text(encoding="utf-8")
        for found in re.findall(rf"https://git(?:hub|lab)[\w.-]+/[\w-]+/{name}\b", text):
            assert found == own or "OWNER" in found or "/me/" in found, path


def test_security_policy_names_the_address() -> None:
    assert address.address() in (PROJECT / "SECURITY.md").read_text(encoding="utf-8")


def test_no_module_is_over_400_lines() -> None:
    for path in (PROJECT / "gearlint").rglob("*.py"):
        if "_built" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
