"""GL419: `~` of a boolean in a condition, which is always true."""

import warnings
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.rules.test_wrong_arguments import found

BEFORE = """\
import os
from os.path import isfile
import os.path as osp
from pathlib import Path
import sys

path = sys.argv[0]
"""
MESSAGE = "warning: ~ makes -1 or -2 of a boolean, which are both true; write"
BOOLEANS = [
    "os.path.exists(path)", "os.path.isabs(path)", "isfile(path)", "osp.isdir(path)",
    "os.path.islink(path)", "Path(path).exists()", "Path('a', path).is_file()",
    "isinstance(path, str)", "callable(path)", "any((path,))", "all(each for each in path)",
    "f'{path}'.startswith('a')", "'a'.endswith(path)", "f'{path}'.isdigit()",
    "(path is None)", "(path is not None)", "('a' in path)", "('a' not in path)",
    "(not path)", "(isfile(path) and 'a' in path)", "('a' in path or True)",
]  # fmt: skip


@pytest.mark.parametrize("boolean", BOOLEANS)
def test_found(boolean: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, f"{BEFORE}if ~{boolean}:\n    print(path)")
    assert line.startswith(f"run.py:8 {MESSAGE} not ")
    # So it is.
    names: dict[str, object] = {}
    with warnings.catch_warnings(action="ignore"):
        exec(f"{BEFORE}value = ~{boolean}\nis_bool = type({boolean}) is bool", names)
    assert names["is_bool"]
    assert names["value"] in (-1, -2)


@pytest.mark.parametrize(
    "code",
    [
        "while ~isfile(path): print(path)",
        "if path:\n    pass\nelif ~isfile(path):\n    pass",
        "if(~isfile(path)): pass",
        "assert ~isfile(path)",
        "print(1 if ~isfile(path) else 2)",
        "if path and ~isfile(path): pass",
        "if ~isfile(path) or path: pass",
        "is_there = path or (~isfile(path))",
        "is_there = not ~isfile(path)",
        "print([each for each in path if ~isfile(each)])",
        "def check():\n    if ~isfile(path):\n        pass\ncheck()",
        "match path:\n    case 'a' if ~isfile(path):\n        pass",
        "flag = isfile(path)\nif ~flag: pass",
        "if path:\n    flag = isfile(path)\nelse:\n    flag = False\nif ~flag: pass",
        "flag = path\nflag = True\nif ~flag: pass",
        "flag = False\ndef check():\n    if ~flag:\n        pass\ncheck()",
    ],
)
def test_conditions(code: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, f"{BEFORE}{code}")
    assert MESSAGE in line
    assert line.endswith(("not isfile(path)", "not isfile(each)", "not flag"))


def test_what_to_write(tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, f"{BEFORE}if ~('a' in path and isfile(path)): pass")
    assert line == f"run.py:8 {MESSAGE} not ('a' in path and isfile(path))"


@pytest.mark.parametrize(
    "code",
    [
        # it may be an array or a number
        "if ~(path == 'a'): pass",
        "if ~(path > 1): pass",
        "if ~('a' in path and path): pass",
        "if ~(None is path > 1): pass",
        "if ~mask.all(): pass",
        "if ~len(path): pass",
        "if ~path.exists(): pass",
        "if ~path.startswith('a'): pass",
        "if ~'a'.find(path): pass",
        "if ~Path(path).stat(): pass",
        "if ~open(path).exists(): pass",
        "if ~os.path.getsize(path): pass",
        "if ~1 and path: pass",
        "flag = 1\nif ~flag: pass",
        "flag = True\nif path:\n    flag = path\nif ~flag: pass",
        "flag = True\nother = flag\nif ~other: pass",
        "flag = True\nflag += 1\nif ~flag: pass",
        "flag = False\nflag = flag or path\nif ~flag: pass",
        "def check(isfile):\n    global flag\n    flag = isfile(path)\ncheck(id)\nif ~flag: pass",
        "with isfile(path) as flag:\n    if ~flag: pass",
        "if ~nothing: pass",
        "def check(flag=False):\n    if ~flag:\n        pass\ncheck()",
        "for flag in (True, False):\n    if ~flag: pass",
        "flag, other = True, path\nif ~flag: pass",
        "if path:\n" + "    flag = True\n" * 101 + "if ~flag: pass",
        # of another function
        "def isfile(path):\n    return 1\nif ~isfile(path): pass",
        "any = path.any\nif ~any(path): pass",
        "from numpy import any\nif ~any(path): pass",
        "from numpy import *\nif ~any(path): pass",
        # no conditions
        "value = ~isfile(path)",
        "value = ~isfile(path) and path\nif ~path: pass",
        "print(path[~isfile(path)], -isfile(path))",
        "if (~isfile(path)) == -1: pass",
        "if path[not path, ~isfile(path)]: pass",
        "if +isfile(path) or not isfile(path): pass",
        # never called
        "def check():\n    if ~isfile(path):\n        pass",
    ],
)
def test_left_alone(code: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, f"{BEFORE}{code}") == []
