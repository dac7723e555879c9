"""GL425: parts of a path that are dropped, as a later one begins with a slash."""

import os.path
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""


def found(directory: Path, run: Run, text: str) -> list[str]:
    """`LINE:COLUMN function part` of GL425 in a gear that runs `run.py`."""
    write_gear(directory)
    (directory / "run.py").write_text(f"{text}\n")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    outcome = run("check", "--select", "GL425", "--output-format", "json", directory)
    assert {each["severity"] for each in outcome.findings} <= {"warning"}
    return [
        f"{each['line']}:{each['column']} {each['message'].split()[0]} "
        f"{each['message'].split(chr(34))[1]}"
        for each in outcome.findings
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nx = os.path.join(out, '/a.nii')", "2:23 os.path.join() /a.nii"),
        ("import os.path as op\nx = op.join('/x', name, f'/{name}')", "2:25 os.path.join() /"),
        ("from os.path import join\nx = join(out, '/%s' % name)", "2:15 os.path.join() /%s"),
        ("from os.path import join\nx = join(out, '/' + name)", "2:15 os.path.join() /"),
        ("from os.path import join\nx = join(\n    out,\n    '/a',\n)", "4:5 os.path.join() /a"),
        ("import pathlib\nx = pathlib.Path(out, '/a')", "2:23 pathlib.Path() /a"),
        (
            "from pathlib import PurePath\nx = PurePath(out, '/{}'.format(a))",
            "2:19 pathlib.PurePath() /{}",
        ),
    ],
)
def test_found(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    given = "import sys\nout, name, a = sys.argv[1:]\n"
    assert found(tmp_path, run, text) == [expected]
    assert found(tmp_path, run, f"{given}{text}")[0].split()[1:] == expected.split()[1:]


def test_what_python_does() -> None:
    assert os.path.join("/flywheel/v0/output", "/mask.nii") == "/mask.nii"
    assert str(Path("/flywheel/v0/output", "/mask.nii")) == "/mask.nii"


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.path.join('/x', 'a', name)",
        "import os\nos.path.join('/', '/x') + os.path.join('', '/y')",
        "import os\nos.path.join('/x')",
        "import os\nos.path.join(a, name + '/b')",
        "import os\nprint(os.path.join(a), '/b')",
        "', '.join(['a', '/b'])",
        "def join(a, b):\n    pass\njoin('a', '/b')",
        "import os\ndef never():\n    os.path.join(a, '/b')",
        "from mine import join\njoin('a', '/b')",
    ],
)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []
