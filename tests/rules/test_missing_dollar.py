"""GL424: names of variables without their `$`, beside the real bash."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear


def check(directory: Path, run: Run, script: str) -> list[tuple[str, str, str]]:
    """Place, message and help of each finding of GL424 in a gear that runs this script."""
    write_gear(directory, '"command": "./run.sh"')
    (directory / "Dockerfile").write_text("FROM me/base\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    outcome = run("check", "--select", "GL424", "--output-format", "json", directory)
    assert {finding["severity"] for finding in outcome.findings} <= {"warning"}
    return [
        (f"{each['line']}:{each['column']}", each["message"], each["help"])
        for each in outcome.findings
    ]


EXIT = 'needs a number, and fails: "status" is a text here'
EMPTY = 'the test is of the text "MASK", which is never empty'
TEXT = 'the test compares the text "mode", not what the variable has'
FILE = "the test is of a file called "


@pytest.mark.parametrize(
    ("script", "place", "message", "name"),
    [
        ("true; status=$?\nexit status", "3:6", f"exit {EXIT}", "status"),
        ("f() { status=0; return status; }\nf", "2:24", f"return {EXIT}", "status"),
        ("MASK=$1\n[ -n MASK ] && echo", "3:6", EMPTY, "MASK"),
        ("read MASK\nif [[ -z MASK ]]; then echo; fi", "3:10", EMPTY, "MASK"),
        ("export MASK=\ntest -z MASK", "3:9", EMPTY, "MASK"),
        ("mode=$1\n[ mode = fast ] && echo", "3:3", TEXT, "mode"),
        ("for mode in a b; do [[ mode != 'a' ]] && echo; done", "2:24", TEXT, "mode"),
        ("mode=$1\n[[ -n $1 && mode == fast ]]", "3:13", TEXT, "mode"),
        ("WORK_DIR=/x\n[ -d WORK_DIR ]", "3:6", f'{FILE}"WORK_DIR"', "WORK_DIR"),
        ("WORK_DIR=/x\n[[ ! -f WORK_DIR/a.nii ]]", "3:9", f'{FILE}"WORK_DIR/a.nii"', "WORK_DIR"),
    ],
)
def test_found(script: str, place: str, message: str, name: str, tmp_path: Path, run: Run) -> None:
    assert check(tmp_path, run, script) == [(place, message, f"write ${name} for {name}")]


@pytest.mark.parametrize(
    "script",
    [
        "status=0\nexit $status",
        "exit status",
        "status=0\nexit 1",
        "status=0\nexit",
        "MASK=1\n[ -n $MASK ] && [[ -v MASK ]]",
        "MASK=1\n[ -n mask ]",
        "mode=1\n[ $mode = fast ] || [ fast = $mode ] || [ mode = $mode ]",
        "mode=1; fast=2\n[ mode = fast ]",  # two texts, as a template may have them
        "mode=1\n[[ mode -eq 1 ]]",  # bash takes its value there
        "mode=1\necho mode = fast",
        "mode=1\n[ 'mode x' = fast ]",
        "output=/x\n[ -d output ] || [ -f output/a ]",
        "README=/x\n[ -f README ]",
        "[ -d WORK_DIR ]",
        "WORK_DIR=/x\n[ -d WORK_DIRS/a ] || [ -d x/WORK_DIR ]",
        "WORK_DIR=/x\necho -d WORK_DIR",
    ],
)
def test_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    assert check(tmp_path, run, script) == []


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("status=0\nexit status", 2),
        ("MASK=\n[ -n MASK ]", 0),
        ("mode=fast\n[ mode = fast ]", 1),
        ("WORK_DIR=/\n[ -d WORK_DIR ]", 1),
    ],
)
def test_what_bash_does(script: str, code: int, tmp_path: Path) -> None:
    outcome = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, check=False, stderr=subprocess.DEVNULL
    )
    assert (outcome.returncode == 0) is (code == 0)
