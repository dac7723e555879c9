"""GL144: variables that programs look for, under a misspelt name."""

from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.sound import write_gear

DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["bash", "/flywheel/v0/run.sh"]
"""


def found(
    directory: Path, run: Run, script: str, dockerfile: str = "", environment: str = ""
) -> list[str]:
    """`FILE:LINE:COLUMN name -> meant` of GL144 in a gear that runs `run.sh`."""
    write_gear(directory, f'"command": "bash run.sh",\n"environment": {{{environment}}}')
    (directory / "Dockerfile").write_text(DOCKERFILE.replace("COPY", f"{dockerfile}COPY"))
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\npython3 main.py\n")
    (directory / "main.py").touch()
    outcome = run("check", "--select", "GL144", "--output-format", "json", directory)
    assert {each["severity"] for each in outcome.findings} <= {"warning"}
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']} "
        f"{each['message'].split(chr(34))[1]} -> {each['help'].split(chr(34))[1]}"
        for each in outcome.findings
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("PYHONPATH=/x python a.py", "run.sh:2:1 PYHONPATH -> PYTHONPATH"),
        ("export PYTHONPTAH=$PYTHONPATH:/x", "run.sh:2:8 PYTHONPTAH -> PYTHONPATH"),
        ("export PYTTHONPATH=/x", "run.sh:2:8 PYTTHONPATH -> PYTHONPATH"),
        ("export LD_LIBARY_PATH=/x", "run.sh:2:8 LD_LIBARY_PATH -> LD_LIBRARY_PATH"),
        ("export OMP_NUM_THREAD=4", "run.sh:2:8 OMP_NUM_THREAD -> OMP_NUM_THREADS"),
        ("FREESURFER_HONE=/x recon-all", "run.sh:2:1 FREESURFER_HONE -> FREESURFER_HOME"),
    ],
)
def test_found_in_a_script(script: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script) == [expected]


def test_found_elsewhere(tmp_path: Path, run: Run) -> None:
    steps = "ENV PYTHONPAHT /x\nARG DEBIAN_FRONTENT=noninteractive\n"
    assert found(tmp_path, run, "", steps, '"PYTONPATH": "/x"') == [
        "Dockerfile:3:5 PYTHONPAHT -> PYTHONPATH",
        "Dockerfile:4:5 DEBIAN_FRONTENT -> DEBIAN_FRONTEND",
        "manifest.json:31:22 PYTONPATH -> PYTHONPATH",
    ]


def test_found_in_python(tmp_path: Path, run: Run) -> None:
    found(tmp_path, run, "")
    (tmp_path / "main.py").write_text('import os\nos.environ["PYTHONPAT"] = "/x"\n')
    outcome = run("check", "--select", "GL144", "--output-format", "json", tmp_path)
    assert [(each["line"], each["column"]) for each in outcome.findings] == [(2, 13)]


@pytest.mark.parametrize(
    ("script", "dockerfile", "environment"),
    [
        ("export PYTHONPATH=/x LD_LIBRARY_PATH=/y", "ENV PYTHONPATH=/x\n", '"PYTHONPATH": "/x"'),
        ("export PYTHON_PATH=/x PYTHONUNBUFFERED=1", "ENV PYTHON_VERSION=3\n", ""),
        ("export PYHONPATH=/x; echo $PYHONPATH", "", ""),
        ("echo $PYHONPATH", "ENV PYHONPATH=/x\n", ""),
        ("export PYTHONPATHS=/x", "", ""),  # several, for a script
        ("# PYHONPATH=/x", "# ENV PYHONPATH=/x\n", ""),
        ("export MYPYTHONPATH=/x pyhonpath=/x PYHNPATH=/x", "", ""),
        ("echo $PYHONPATH: ${PYHONPATH=/x}", "", ""),
    ],
)
def test_left_alone(
    script: str, dockerfile: str, environment: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, script, dockerfile, environment) == []


def test_fix(tmp_path: Path, run: Run) -> None:
    places = found(tmp_path, run, "PYHONPATH=/x python a.py; PYHONPATH=/y python b.py")
    assert places == ["run.sh:2:1 PYHONPATH -> PYTHONPATH"]
    run("check", "--select", "GL144", "--fix", tmp_path)
    assert "PYHONPATH" in (tmp_path / "run.sh").read_text()
    run("check", "--select", "GL144", "--fix", "--unsafe-fixes", tmp_path)
    text = "PYTHONPATH=/x python a.py; PYTHONPATH=/y python b.py"
    assert (tmp_path / "run.sh").read_text() == f"#!/bin/bash\n{text}\npython3 main.py\n"


def test_a_file_that_sets_too_many_is_left_alone(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "PYHONPATH=/x python a.py\nOUTPUT_DIRECTORY=/y"
    assert len(found(tmp_path, run, text)) == 1
    monkeypatch.setattr(limits, "VARIABLES_SET", 1)
    assert found(tmp_path, run, text) == []
