"""Variables of the Dockerfile that `--fix` puts into the manifest's environment."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import DOCKERFILE, write_gear


def fixed(directory: Path, run: Run, dockerfile: str, members: str, code: str) -> str:
    """The manifest after `--fix` of one rule; a second run changes nothing."""
    manifest = write_gear(directory, members)
    (directory / "Dockerfile").write_text(dockerfile)
    run("check", "--fix", "--select", code, directory)
    text = manifest.read_text(encoding="utf-8")
    assert run("check", "--fix", "--select", code, directory).stdout == ""
    assert manifest.read_text(encoding="utf-8") == text
    return text


PATH = DOCKERFILE.replace("WORKDIR", "ENV PATH=/opt/conda/bin:$PATH\nWORKDIR", 1)
PLAIN = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
VALUE = f"/opt/conda/bin:/usr/local/bin:{PLAIN}"  # the python images set PATH themselves


@pytest.mark.parametrize(
    ("members", "written"),
    [
        ('"environment": {}', f'"PATH": "{VALUE}"'),
        ('"environment": {"A": "1"}', f'"environment": {{"A": "1", "PATH": "{VALUE}"}}'),
        ('"environment": {"A":"1"}', f'"environment": {{"A":"1","PATH":"{VALUE}"}}'),
    ],
)
def test_path_is_put_where_the_run_sees_it(
    members: str, written: str, tmp_path: Path, run: Run
) -> None:
    text = fixed(tmp_path, run, PATH, members, "GL315")
    assert written in text
    assert json.loads(text)["environment"]["PATH"] == VALUE


@pytest.mark.parametrize(
    ("base", "before"),
    [
        ("continuumio/miniconda3", "/opt/conda/bin:"),
        ("nvidia/cuda:12.4.1-base-ubuntu22.04", "/usr/local/nvidia/bin:/usr/local/cuda/bin:"),
    ],
)
def test_path_goes_on_with_that_of_the_base_image(
    base: str, before: str, tmp_path: Path, run: Run
) -> None:
    dockerfile = PATH.replace("python:3.11", base).replace("/opt/conda/bin", "/opt/venv/bin")
    text = fixed(tmp_path, run, dockerfile, '"environment": {}', "GL315")
    expected = f"/opt/venv/bin:{before}{PLAIN}"
    assert json.loads(text)["environment"]["PATH"] == expected


def test_a_stage_that_the_last_one_is_built_on_counts_and_no_other(
    tmp_path: Path, run: Run
) -> None:
    first, *others = PATH.splitlines(keepends=True)
    path = next(line for line in others if line.startswith("ENV PATH"))
    others.remove(path)
    on_it = [f"{first.rstrip()} AS base\n", path, "FROM base\n", *others]
    text = fixed(tmp_path, run, "".join(on_it), '"environment": {}', "GL315")
    assert json.loads(text)["environment"]["PATH"] == VALUE
    beside = [f"{first.rstrip()} AS other\n", path, first, *others]
    text = fixed(tmp_path, run, "".join(beside), '"environment": {}', "GL315")
    assert json.loads(text)["environment"] == {}


def test_environment_is_made_where_there_is_none(tmp_path: Path, run: Run) -> None:
    manifest = write_gear(tmp_path, without=("environment",))
    (tmp_path / "Dockerfile").write_text(PATH)
    run("check", "--fix", "--select", "GL315", tmp_path)
    assert json.loads(manifest.read_text())["environment"] == {"PATH": VALUE}


def test_all_variables_that_are_known_come_at_once(tmp_path: Path, run: Run) -> None:
    lines = "".join(f"ENV V{number}=x$V{number - 1}\n" for number in range(1, 30))
    steps = f"ARG NOBODY\nENV V0=y\nENV U=$NOBODY\n{lines}WORKDIR"
    dockerfile = DOCKERFILE.replace("WORKDIR", steps, 1)
    manifest = write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(dockerfile)
    outcome = run("check", "--fix", "--select", "GL318", "--output-format", "concise", tmp_path)
    environment = json.loads(manifest.read_text())["environment"]
    assert environment == {f"V{n}": "x" * n + "y" for n in range(30)}
    assert [line.split(": ")[-1] for line in outcome.stdout.splitlines()] == [
        "Flywheel does not pass U to the gear"
    ]


def test_fix_of_thousands_of_variables_is_not_reported_with_each(
    tmp_path: Path, run: Run, check: Run
) -> None:
    lines = "".join(f"ENV V{number}=x{number}\n" for number in range(1000))
    manifest = write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("WORKDIR", f"{lines}WORKDIR", 1))
    outcome = check("--select", "GL318", tmp_path)
    assert len(outcome.findings) == 1000
    assert len(outcome.stdout) < 3_000_000
    run("check", "--fix", "--select", "GL318", tmp_path)
    environment = json.loads(manifest.read_text())["environment"]
    assert environment == {f"V{number}": f"x{number}" for number in range(1000)}
    assert check("--select", "GL318", tmp_path).findings == []


def test_environment_of_a_manifest_that_cannot_be_read_is_unknown(
    tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, "oops")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("WORKDIR", "ENV V=x\nWORKDIR", 1))
    assert check("--select", "GL318", tmp_path).findings == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("GL315", "ENV PATH=conda/bin:$PATH"),
        ("GL315", "ENV PATH=~/conda/bin:$PATH"),
        ("GL315", "ENV PATH=/opt/conda/bin"),
        ("GL315", "ENV PATH='/opt/conda/bin:$PATH'"),
        ("GL315", "ENV PATH=/opt/conda/bin:$PATH\nENV PATH="),
        ("GL318", "ENV BIN=\\$HOME/bin"),
    ],
)
def test_value_that_the_manifest_may_not_have_gets_no_fix(
    code: str, line: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("WORKDIR", f"{line}\nWORKDIR", 1))
    (found,) = check("--select", code, tmp_path).findings
    assert found["fix"] is None


@pytest.mark.parametrize(
    "value", ["/opt/conda/bin:/usr/bin", "/opt/conda/bin:/bin/", "/opt/conda/bin::./x:.:/bin"]
)
def test_path_of_any_other_form_gets_one(value: str, tmp_path: Path, run: Run) -> None:
    dockerfile = DOCKERFILE.replace("WORKDIR", f"ENV PATH={value}\nWORKDIR", 1)
    text = fixed(tmp_path, run, dockerfile, '"environment": {}', "GL315")
    assert json.loads(text)["environment"]["PATH"] == value
