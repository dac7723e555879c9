"""GL416: variables of shell scripts that are misspelt."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

KNOWN = "FROM python:3.11\n"
UNKNOWN = "FROM me/base\n"
END = 'WORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["bash", "/flywheel/v0/run.sh"]\n'


def found(directory: Path, run: Run, text: str, base: str = KNOWN, **files: str) -> list[str]:
    """`FILE:LINE:COLUMN name -> meant` of GL416 in a gear that runs `run.sh`."""
    write_gear(directory, '"command": "bash run.sh"')
    (directory / "Dockerfile").write_text(base + END)
    for name, content in {"run.sh": f"#!/bin/bash\n{text}\n", **files}.items():
        (directory / name.replace("__", ".")).write_text(content)
    outcome = run("check", "--select", "GL416", "--output-format", "json", directory)
    assert {each["severity"] for each in outcome.findings} <= {"warning"}
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']} "
        f"{each['message'].split(chr(34))[1]} -> {each['help'].split(chr(34))[1]}"
        for each in outcome.findings
    ]


@pytest.mark.parametrize("base", [KNOWN, UNKNOWN])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phantom=1\n[[ $phatom == 1 ]] && ls", "run.sh:3:4 phatom -> phantom"),
        ('phantom="$(x)"\nif [ "${phatom}" = 1 ]; then ls; fi', "run.sh:3:7 phatom -> phantom"),
        ("read -r line\nsuffix=.nii\ncp a a$sufix; echo $sufix", "run.sh:4:7 sufix -> suffix"),
        ("export outdir=/x\ntarget=$outdr/a", "run.sh:3:8 outdr -> outdir"),
        (". /etc/profile\noutdir=/x\nls $outdr", "run.sh:4:4 outdr -> outdir"),
        ('outdir=/x\nline="ls $outdir"\neval $line\nls $outdr', "run.sh:5:4 outdr -> outdir"),
        ("outdir=/x\nread a\neval \"opt_${1}='a'\"\nls $outdr", "run.sh:5:4 outdr -> outdir"),
    ],
)
def test_found(text: str, expected: str, base: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text, base) == [expected]


def test_names_in_capitals(tmp_path: Path, run: Run) -> None:
    text = "export PYTHONPATH=/x:$PYTONPATH"
    assert found(tmp_path, run, text) == ["run.sh:2:22 PYTONPATH -> PYTHONPATH"]
    # they may be of the environment
    assert found(tmp_path, run, text, UNKNOWN) == []
    assert found(tmp_path, run, f". /x/setup.sh\n{text}") == []
    assert found(tmp_path, run, text, f"{KNOWN}ENV PYTONPATH=/y\n") == []
    others = "HOSTNAMES=a\nPYTHON_VERSIONS=1\necho $HOSTNAME $PYTHON_VERSION"
    assert found(tmp_path, run, others) == []
    assert found(tmp_path, run, "PYHONPATH=/x:$PYTHONPATH") == []  # which programs read


LEFT_ALONE = [
    "phantom=1\necho $phantom",
    "phantom=1\necho '$phatom' # $phatom",
    "phantom=1\ncat <<'E'\n$phatom\nE",
    "phantom=1\necho ${phatom:-2} ${phatom-2} ${phatom:+2}",
    "phantom=1\n: ${phatom:=2}; echo $phatom",
    "phantom=1\nread -r phatom\necho $phatom",
    "phantom=1\nfor phatom in a b; do echo $phatom; done",
    "phantom=1\nprintf -v phatom x; echo $phatom",
    "phantom=1\nmapfile -t phatom < x; echo ${phatom[0]}",
    "phantom=1\n(( phatom = 2 )); echo $phatom",
    "phantom=1\ngetopts ab phatom; echo $phatom",
    "phantom=1\neval $(x)\necho $phatom",
    "phantom=1\neval `x`\necho $phatom",
    "phantom=1\nread -r line < x\neval $line\necho $phatom",
    "phantom=1\neval $1=2\necho $phatom",
    'phantom=1\neval "ph${1}=2"\necho $phatom',
    'phantom=1\neval "${1}tom=2"\necho $phatom',
    "phantom=1\neval \\\n $(x)\necho $phatom",
    "phantom=1\neval '\n'$(x)\necho $phatom",
    'phantoms=1\neval "p${1}=2"\necho $phantom',
    "opt_a=1\necho $opt_b",
    "image1=1\necho $image2",
    "echo $phatom",
    "name=$1\necho $nmae",  # of four letters another may be meant
    "phantom=1\necho $fantome",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


@pytest.mark.parametrize(
    ("base", "files"),
    [
        (f"{KNOWN}ENV phatom=1\n", {}),
        (KNOWN, {"lib.sh": "phatom=1\n"}),
        (KNOWN, {"main.py": "import os\nos.environ['phatom'] = '1'\n"}),
    ],
)
def test_set_elsewhere(base: str, files: dict[str, str], tmp_path: Path, run: Run) -> None:
    text = "phantom=1\n. ./lib.sh\npython3 main.py\necho $phatom"
    assert found(tmp_path, run, text, base, **files) == []


def test_set_by_the_manifest(tmp_path: Path, run: Run) -> None:
    text = "phantom=1\necho $phatom"
    assert len(found(tmp_path, run, text)) == 1
    write_gear(tmp_path, '"command": "bash run.sh",\n"environment": {"phatom": "1"}')
    outcome = run("check", "--select", "GL416", "--output-format", "json", tmp_path)
    assert outcome.findings == []


def test_many_variables_are_left_alone(tmp_path: Path, run: Run) -> None:
    text = "phantom=1\n" + "".join(f"echo $phantom{'x' * number}\n" for number in range(1, 200))
    assert found(tmp_path, run, text) == []
