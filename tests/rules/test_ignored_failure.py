"""GL423: programs that the gear's Python starts, whose exit codes nothing looks at."""

import subprocess
import sys
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
MESSAGE = "the job goes on where this command fails: nothing looks at its exit code"
FAILS = "recon-all-of-nobody -i a.nii"


def found(directory: Path, run: Run, text: str, **modules: str) -> list[str]:
    """`FILE:LINE:COLUMN message` of GL423 in a gear that runs `run.py`."""
    write_gear(directory)
    for name, content in {"run": text, **modules}.items():
        (directory / f"{name}.py").write_text(f"{content}\n")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    outcome = run("check", "--select", "GL423", "--output-format", "json", directory)
    assert {each["severity"] for each in outcome.findings} <= {"info"}
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']} {each['message']}"
        for each in outcome.findings
    ]


FOUND = [
    (f"import os\nos.system('{FAILS}')", "2:1", 1),
    (f"from os import system\nsystem('{FAILS}')", "2:1", 1),
    (f"import os\ncommand = '{FAILS}'\nos.system(command)", "3:1", 1),
    (f"import os\nos.system(f'{FAILS}' + ' > x')\nos.system('{FAILS}')", "2:1", 2),
    (f"import subprocess\nsubprocess.call('{FAILS}', shell=True)", "2:1", 1),
    (f"import subprocess\nsubprocess.run('{FAILS}', shell=True)", "2:1", 1),
    (f"import subprocess\nsubprocess.Popen('{FAILS}', shell=True)", "2:1", 1),
    (f"import os\nos.system('mkdir -p x')\nos.system('{FAILS}')\nos.system('ls x')", "3:1", 1),
    (f"import os\ndef main():\n    os.system('{FAILS}')\nmain()", "3:5", 1),
]


@pytest.mark.parametrize(("text", "place", "number"), FOUND)
def test_found(text: str, place: str, number: int, tmp_path: Path, run: Run) -> None:
    more = f", nor at that of {number - 1} more command" if number > 1 else ""
    assert found(tmp_path, run, text) == [f"run.py:{place} {MESSAGE}{more}"]
    outcome = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, check=False)
    assert outcome.returncode == 0


def test_of_all_modules(tmp_path: Path, run: Run) -> None:
    text = "import helper\nhelper.start()"
    helper = f"import os\ndef start():\n    os.system('{FAILS}')"
    assert found(tmp_path, run, text, helper=helper) == [f"helper.py:3:5 {MESSAGE}"]
    helper += "\n    os.system('recon-all -version')"
    assert found(tmp_path, run, text, helper=helper) == [f"helper.py:3:5 {MESSAGE}"]


LEFT_ALONE = [
    f"import os\nif os.system('{FAILS}'):\n    raise SystemExit(1)",
    f"import os\ncode = os.system('{FAILS}')\nprint(code)\nos.system('{FAILS}')",
    f"import subprocess\nsubprocess.run('{FAILS}', shell=True, check=True)",
    f"import subprocess\nsubprocess.check_call('{FAILS}', shell=True)",
    f"import subprocess\nprocess = subprocess.Popen('{FAILS}')\nprocess.wait()",
    f"import os\nos.system('{FAILS}; echo $? > code.txt')",
    "import os\nos.system('mkdir -p x')\nos.system('cat x')",
    "import subprocess\nsubprocess.call(['rm', '-r'] + ['x'])\nsubprocess.call(('ls', 'x'))",
    "import os\nfor a in 'xy':\n    os.system('mkdir ' + a)\n    os.system('ls %s' % a)",
    "import os\nos.system('rm {}'.format('x'))\nos.system(f'rm {os.sep}')",
    "import os\nos.system('recon-all --version')",
    "import os\nos.system('env')\nos.system('sudo chmod -R 777 output')",
    f"import os\ndef never():\n    os.system('{FAILS}')",
    f"class os:\n    def system(command):\n        pass\nos.system('{FAILS}')",
    f"print('os.system(\"{FAILS}\")')",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


def test_a_module_that_looks_at_exit_codes(tmp_path: Path, run: Run) -> None:
    text = f"import os, helper\nos.system('{FAILS}')"
    helper = "def failed(process):\n    return process.returncode != 0"
    assert found(tmp_path, run, text, helper=helper) == []
