"""GL411 where only a base image that is not known, or a package, could bring a module."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

UNKNOWN = """\
FROM example/unknown:1
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
COPY own ./own
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""
KNOWN = UNKNOWN.replace("example/unknown:1", "python:3.11\nRUN pip install numpy")
BESIDE = UNKNOWN.replace("COPY own", "COPY beside.py ./\nCOPY own")
GEAR = UNKNOWN.replace("example/unknown:1", "example/some-gear:1")
CURL = "RUN curl -o own/parer.py https://example.org/x"


def found(directory: Path, run: Run, script: str, dockerfile: str, **files: str) -> list[str]:
    """`LINE severity: message -> help` of GL411 in a gear with the package `own`."""
    write_gear(directory)
    names = {"own/__init__": "", "own/parser": "def parse():\n    pass\n", **files}
    for name, text in {"run": script, **names}.items():
        path = directory / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (directory / "Dockerfile").write_text(dockerfile)
    outcome = run("check", "--select", "GL411", "--output-format", "json", directory)
    return [
        f"{each['line']} {each['severity']}: {each['message']} -> {each['help']}"
        for each in outcome.findings
    ]


ADD = "add it, unless the base image brings it"
PARSER = 'the gear has no module "own.parer" -> did you mean "own.parser"?'
OWNS = 'the gear has no module "owns{0}" -> did you mean "own{0}"?'
BESIDES = 'the gear has no module "besides" -> did you mean "beside"?'
FOUND = [
    # a package of the gear lacks it
    ("from own.parer import parse\n", UNKNOWN, PARSER),
    ("import own.parer\n", UNKNOWN, PARSER),
    ("from own.writer import write\n", UNKNOWN, f'the gear has no module "own.writer" -> {ADD}'),
    ("from own.parer import parse\n", GEAR, PARSER),
    # the name of a package is misspelt
    ("from owns import parser\n", UNKNOWN, OWNS.format('')),
    ("from owns.parser import parse\n", KNOWN, OWNS.format('.parser')),
    ("from besides import x\n", BESIDE, BESIDES),
]  # fmt: skip
FILES = {
    "beside": "from besides import load\nx = 1\n",
    "other/a": "x = 1\n",
    "other/b": "x = 1\n",
    "own/step_1": "x = 1\n",
}


@pytest.mark.parametrize(("script", "dockerfile", "expected"), FOUND)
def test_found(script: str, dockerfile: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, dockerfile, **FILES) == [f"1 warning: {expected}"]


LEFT_ALONE = [
    ("from own import parser\nfrom own.parser import parse\n", UNKNOWN),
    ("try:\n    from own.parer import parse\nexcept ImportError:\n    pass\n", UNKNOWN),
    ("from own import parer\n", UNKNOWN),  # a name, that is no module
    ("import numpy\nfrom scipy import ndimage\n", UNKNOWN),
    # the base image may bring it: an older one of this gear, or what its comment says
    ("from own.writer import write\n", GEAR),
    ("import beside\nfrom other.a import x\n", UNKNOWN),
    ("from other.a import x\n", UNKNOWN.replace("COPY own", "COPY other/b.py other/\nCOPY own")),
    # a step may make it
    ("from own.parer import parse\n", UNKNOWN.replace("ENTRY", "RUN make\nENTRY")),
    ("from own.writer import x\n", UNKNOWN.replace("ENTRY", "RUN pip install own\nENTRY")),
    ("from own._version import x\n", UNKNOWN),
    (
        "from own.parer import x\n",
        UNKNOWN.replace("ENTRY", f"{CURL}\nENTRY"),
    ),
    # COPY may take it
    ("from own.parer import x\n", UNKNOWN.replace("COPY own", "COPY lost x/\nCOPY own")),
    # a library may be meant, whose name that module takes
    ("from owns.parser import parse\n", KNOWN.replace("numpy", "owns")),
    ("from besides import load\n", BESIDE),
    # the program may make it, ask for it, or have it from elsewhere
    ("open('own/writer.py', 'w').write('x = 1')\nfrom own.writer import x\n", UNKNOWN),
    (
        "from importlib.util import find_spec\nif find_spec('own.writer'):\n"
        "    from own.writer import x\n",
        UNKNOWN,
    ),
    ("import own\nown.__path__.append('/x')\nfrom own.writer import x\n", UNKNOWN),
    ("import sys\nsys.modules['owns'] = sys\nfrom owns import parser\n", UNKNOWN),
    ("import site\nsite.addsitedir('/x')\nfrom owns import parser\n", UNKNOWN),
    # the near module does not have what is imported, or another number
    ("from owns import numbers\n", UNKNOWN),
    ("import owns\n", UNKNOWN),
    ("from own.step_2 import x\n", GEAR),
    ("from beside2 import x\n", KNOWN.replace("COPY own", "COPY beside.py ./\nCOPY own")),
    ("from owm import parser\n", UNKNOWN),  # too short a name
    ("from parse import x\n", KNOWN.replace("COPY own ./own", "COPY own ./")),
    # the place of the script is not known
    ("from own.parer import x\n", UNKNOWN.replace("COPY run.py manifest.json ./\n", "")),
]


@pytest.mark.parametrize(("script", "dockerfile"), LEFT_ALONE)
def test_left_alone(script: str, dockerfile: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, dockerfile, **FILES) == []


@pytest.mark.parametrize("init", ["from x import *\n", "import sys\nsys.modules['a'] = 1\n"])
def test_a_package_that_may_have_others(init: str, tmp_path: Path, run: Run) -> None:
    files = {"own/__init__": init}
    assert found(tmp_path, run, "from own.parer import parse\n", UNKNOWN, **files) == []


NAMESPACE = UNKNOWN.replace("COPY own", "COPY other ./other\nCOPY own")


def test_a_namespace_package(tmp_path: Path, run: Run) -> None:
    script = "from other.aaab import x\n"
    assert found(tmp_path, run, script, NAMESPACE, **{"other/aaaa": "x = 1\n"}) == [
        '1 warning: the gear has no module "other.aaab" -> did you mean "other.aaaa"?'
    ]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("_aaa", {"other/aaaa": "x = 1\n"}),  # as tools make one
        ("aaab", {"other/aaaa": "x = 1\n", "other/aaab.in": "x = 1\n"}),  # what it is made of
    ],
)
def test_a_namespace_package_that_may_have_others(
    name: str, files: dict[str, str], tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, f"from other.{name} import x\n", NAMESPACE, **files) == []


def test_a_module_beside_the_one_that_imports_it(tmp_path: Path, run: Run) -> None:
    files = {"own/parser": "from .writr import write\n", "own/writer": "def write():\n    pass\n"}
    assert found(tmp_path, run, "from own import parser\n", UNKNOWN, **files) == [
        '1 warning: the gear has no module "writr" -> did you mean "writer"?'
    ]


def test_a_module_of_python_itself_is_not_misspelt(tmp_path: Path, run: Run) -> None:
    script = "from own.parer import parse\nfrom queue import Queue\n"
    dockerfile = UNKNOWN.replace("COPY own", "COPY queues.py ./\nCOPY own")
    assert found(tmp_path, run, script, dockerfile, queues="class Queue:\n    pass\n") == [
        f"1 warning: {PARSER}"
    ]
