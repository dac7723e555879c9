"""GL412: the files of a gear that its own Python uses by their paths, and the image lacks."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

V0 = "/flywheel/v0"
FILES = ("data/a.json", "go.sh", "work.py", "manifest.json")


def found(
    directory: Path, run: Run, script: str, copy: str = "run.py", lines: str = ""
) -> list[tuple[str, int, str, str]]:
    """The severity, line, message and help of GL412."""
    write_gear(directory)
    for name in FILES[:-1]:
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text("{}")
    (directory / "run.py").write_text(f"#!/usr/bin/env python3\n{script}\n")
    (directory / "Dockerfile").write_text(
        f"FROM python:3.11\nWORKDIR {V0}\nCOPY {copy} ./\n{lines}\n"
        f'ENTRYPOINT ["python", "{V0}/run.py"]\n'
    )
    arguments = ("check", "--select", "GL412", "--output-format", "json")
    return [
        (each["severity"], each["line"], each["message"], each["help"])
        for each in run(*arguments, directory).findings
    ]


@pytest.mark.parametrize(
    ("script", "line", "name"),
    [
        (f"import json\nc = json.load(open('{V0}/data/a.json'))", 3, "data/a.json"),
        (f"from pathlib import Path\nPath('{V0}/manifest.json').read_text()", 3, "manifest.json"),
        (f"import subprocess\nsubprocess.run(['bash', '{V0}/go.sh', 'x'])", 3, "go.sh"),
        (f"W = '{V0}/work.py'\nimport subprocess as s\ns.call(['python', W])", 4, "work.py"),
        (f"import pandas\npandas.read_json('{V0}/data/a.json')\nopen('{V0}/data/a.json')", 3,
         "data/a.json"),
    ],
)  # fmt: skip
def test_a_file_that_nothing_copies(
    script: str, line: int, name: str, tmp_path: Path, run: Run
) -> None:
    message = f"the script uses {V0}/{name}, which is not in the image"
    assert found(tmp_path, run, script) == [
        ("warning", line, message, f"add COPY {name} {V0}/{name}")
    ]


@pytest.mark.parametrize(
    ("script", "copy", "lines"),
    [
        (f"open('{V0}/data/a.json')", ".", ""),
        (f"open('{V0}/data/a.json')", "run.py", f"COPY data {V0}/data"),
        (f"open('{V0}/data/a.json')", "run.py", "RUN ./make"),
        (f"open('{V0}/data/b.json')", "run.py", ""),  # it may be made
        (f"open('{V0}/config.json')", "run.py", ""),
        (f"open('{V0}/data/a.json', 'w')", "run.py", ""),
        (f"open('{V0}/data/a.json', 'w')\nopen('{V0}/data/a.json')", "run.py", ""),
        (f"import os\nif os.path.exists('{V0}/go.sh'):\n    open('{V0}/go.sh')", "run.py", ""),
        (f"from pathlib import Path\nPath('{V0}/go.sh').is_file() and open('{V0}/go.sh')", "run.py",
         ""),
        (f"import shutil\nshutil.copy('a', '{V0}/go.sh')\nopen('{V0}/go.sh')", "run.py", ""),
        (f"import pandas\npandas.DataFrame().to_json('{V0}/data/a.json')", "run.py", ""),
        (f"# open('{V0}/go.sh')\nX = '{V0}/go.sh'\nprint('{V0}/go.sh')", "run.py", ""),
        (f"import os\nos.listdir('{V0}/data')", "run.py", ""),
        ("open('/opt/go.sh')", "run.py", ""),
    ],
)  # fmt: skip
def test_left_alone(script: str, copy: str, lines: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, copy, lines) == []
