"""GL417: modules that are called, and names that are None where an attribute of them is read."""

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
HELPER = {"helper.py": "def main():\n    pass\n"}
MODULE = "is a module, which cannot be called"
ITS_OWN_LINE = "call that on a line of its own"
LOG = "import logging\nlog = logging.getLogger(__name__)"


def found(directory: Path, run: Run, files: dict[str, str]) -> list[str]:
    """`FILE:LINE:COLUMN severity: message; help` of GL417 in a gear that runs `run.py`."""
    write_gear(directory)
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{content}\n")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    outcome = run("check", "--select", "GL417", "--output-format", "json", directory)
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']} {each['severity']}: "
        f"{each['message']}; {each['help']}"
        for each in outcome.findings
    ]


ENDS = [
    ("import glob\nglob('*')", f'2:1 error: "glob" {MODULE}; write glob.glob()'),
    ("import datetime as d\nd(2020, 1, 1)", f'2:1 error: "d" {MODULE}; write datetime.datetime()'),
    ("import json\njson({})", f'2:1 error: "json" {MODULE}; call a function of it'),
    ("import helper\nhelper()", f'2:1 error: "helper" {MODULE}; call a function of it'),
    ("from lib import helper\nhelper()", f'2:1 error: "helper" {MODULE}; call a function of it'),
    (
        f"{LOG}\nlog('x')",
        '3:1 error: "log" is a logger, which cannot be called; write log.info(), or another',
    ),
    (
        "from logging import getLogger\nlogger = getLogger()\nlogger('x')",
        '3:1 error: "logger" is a logger, which cannot be called; write logger.info(), or another',
    ),
    (
        f"{LOG}.setLevel('INFO')\nlog.info('x')",
        f'3:1 error: "log" is None, as setLevel() returns nothing; {ITS_OWN_LINE}',
    ),
    (
        "import logging\nlog = logging.basicConfig()\ndef main():\n    log.info('x')\nmain()",
        f'4:5 error: "log" is None, as logging.basicConfig() returns nothing; {ITS_OWN_LINE}',
    ),
    (
        "import os\nfiles = os.listdir('.').sort()\nfiles.pop()",
        f'3:1 error: "files" is None, as sort() returns nothing; {ITS_OWN_LINE}',
    ),
    (
        "names = [1, 2].reverse()\nnames.pop()",
        f'2:1 error: "names" is None, as reverse() returns nothing; {ITS_OWN_LINE}',
    ),
    (
        "import os, sys\nif sys.argv:\n    path = os.makedirs('out')\n    path.strip()",
        f'4:5 warning: "path" is None, as os.makedirs() returns nothing; {ITS_OWN_LINE}',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), ENDS)
def test_found_where_python_ends(script: str, expected: str, tmp_path: Path, run: Run) -> None:
    helpers = {**HELPER, "lib/__init__.py": "", "lib/helper.py": HELPER["helper.py"]}
    assert found(tmp_path, run, {"run.py": script, **helpers}) == [f"run.py:{expected}"]
    outcome = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert outcome.stderr.splitlines()[-1].startswith(("TypeError", "AttributeError"))


@pytest.mark.parametrize(
    "script",
    [
        "import glob\nglob.glob('*')",
        "from glob import glob\nglob('*')",
        "import glob\nfrom glob import glob\nglob('*')",
        "import glob\nglob = glob.glob\nglob('*')",
        "import glob\ndef glob(pattern):\n    pass\nglob('*')",
        "import glob\ntry:\n    glob('*')\nexcept TypeError:\n    pass",
        "import glob\ndef never():\n    glob('*')",
        "import glob\ndef of(glob):\n    glob('*')\nof(print)",
        "import numpy\nnumpy()",  # it may make itself one that can be called
        "from lib import work\nwork()",
        "from lib import both\nboth()",
        "import shy\nshy()",
        f"{LOG}\nlog.setLevel('INFO')\nlog.info('x')",
        f"{LOG}.setLevel('INFO')\nlog = logging.getLogger()\nlog.info('x')",
        f"{LOG}.setLevel('INFO')\nif log:\n    log.info('x')",
        f"{LOG}.setLevel('INFO')\ntry:\n    log.info('x')\nexcept AttributeError:\n    pass",
        f"{LOG}.setLevel('INFO')\nprint(log.__class__)",
        f"{LOG}\nlog = log.info\nlog('x')",
        f"{LOG}\ndef of(log):\n    log('x')\nof(print)",
        f"{LOG}.getChild('x')\nlog.info('x')",
        "import os\nfiles = sorted(os.listdir('.'))\nfiles.pop()",
        "class A:\n    def sort(self):\n        return self\na = A().sort()\na.sort()",
        "def makedirs(path):\n    return path\na = makedirs('x')\na.strip()",
    ],
)
def test_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    files = {
        "lib/__init__.py": "from lib.other import work\nboth = work",
        "lib/other.py": "def work():\n    pass",
        "lib/both.py": "",
        "shy.py": "import sys\nsys.modules[__name__] = print",
    }
    assert found(tmp_path, run, {"run.py": script, **files}) == []
