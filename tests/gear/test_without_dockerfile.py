"""The code of a gear whose image is built elsewhere: what it is meant to run is read."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear


def found(directory: Path, run: Run, script: str, members: str = "", utils: str = "") -> list[str]:
    """`FILE:LINE CODE severity` of each finding on the code of a gear without a Dockerfile."""
    write_gear(directory, members)
    (directory / "Dockerfile").unlink()
    (directory / "run.py").write_text(script)
    (directory / "utils.py").write_text(utils)
    outcome = run("check", "--select", "GL4,GL5", "--output-format", "json", directory)
    return [
        f"{Path(each['path']).name}:{each['line']} {each['code']} {each['severity']}"
        for each in outcome.findings
    ]


READS = 'import flywheel\n\nprint(flywheel.GearContext().config["{}"])\n'


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print(\n", "run.py:1 GL406 warning"),
        ("print(image)\n", "run.py:1 GL417 warning"),
        (READS.format("thread"), "run.py:3 GL501 warning"),
    ],
)
@pytest.mark.parametrize("members", ["", '"command": "/flywheel/v0/run.py"'])
def test_found(script: str, expected: str, members: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, members) == [expected]


def test_in_a_module(tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, "import utils\n", utils="print(image)\n") == [
        "utils.py:1 GL417 warning"
    ]


@pytest.mark.parametrize(
    ("script", "members"),
    [
        (READS.format("threads"), ""),
        ("import other\nfrom utils import load\n", ""),  # the image may have them
        ("print(\n", '"command": "other"'),
        ("print(\n", '"command": "/opt/run.py"'),
    ],
)
def test_left_alone(script: str, members: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, members) == []


def test_a_dockerfile_that_docker_refuses(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text("print(image)\n")
    (tmp_path / "Dockerfile").write_text("FROM a b c\n")
    assert not run("check", "--select", "GL417", tmp_path).code
