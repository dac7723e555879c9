"""GL420: calls of the debugger that were left in the gear's Python."""

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


def found(directory: Path, run: Run, text: str, dockerfile: str = DOCKERFILE) -> list[str]:
    """`LINE:COLUMN severity: message; help` of GL420 in a gear that runs `run.py`."""
    write_gear(directory)
    (directory / "run.py").write_text(f"{text}\n")
    (directory / "Dockerfile").write_text(dockerfile)
    outcome = run("check", "--select", "GL420", "--output-format", "json", directory)
    return [
        f"{each['line']}:{each['column']} {each['severity']}: {each['message']}; {each['help']}"
        for each in outcome.findings
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("breakpoint()", "1:1 error"),
        ("import pdb; pdb.set_trace()", "1:13 error"),
        ("from pdb import set_trace as stop\nstop()", "2:1 error"),
        ("def main():\n    breakpoint()\nif __name__ == '__main__':\n    main()", "2:5 error"),
        ("def main():\n    import pdb\n    pdb.set_trace()\nmain()", "3:5 error"),
        ("import ipdb\nipdb.set_trace()", "2:1 warning"),
        ("if input():\n    breakpoint()", "2:5 warning"),
        ("try:\n    breakpoint()\nexcept Exception:\n    pass", "2:5 warning"),
        (
            "class A:\n    def breakpoint(self):\n        pass\n"
            "    def run(self):\n        breakpoint()\nA().run()",
            "5:9 warning",
        ),
    ],
)
def test_found(text: str, place: str, tmp_path: Path, run: Run) -> None:
    message = "the debugger ends the job, which has no terminal; remove it"
    assert found(tmp_path, run, text) == [f"{place}: {message}"]


@pytest.mark.parametrize(
    "text",
    [
        "print('breakpoint()')  # breakpoint()",
        "def breakpoint():\n    pass\nbreakpoint()",
        "class A:\n    def breakpoint():\n        pass\n    breakpoint()",
        "def unused():\n    breakpoint()",
        "import sys\nif '--debug' in sys.argv:\n    breakpoint()",
        "import os\nif os.getenv('DEBUG'):\n    print(lambda: breakpoint())",
        "import os\nif os.getenv('DEBUG'):\n    def f():\n        breakpoint()\n    f()",
        "import sys\nif sys.stdin.isatty():\n    breakpoint()",
        "import os\nif os.environ.get('STOP'):\n    breakpoint()",
        "import sys\nsys.breakpointhook = print\nbreakpoint()",
        "import tracer\ntracer.set_trace()",
        "import pdb\npdb.run('1')",
        "breakpoint",
    ],
)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


def test_where_the_environment_turns_it_off(tmp_path: Path, run: Run) -> None:
    off = DOCKERFILE.replace("WORKDIR", "ENV PYTHONBREAKPOINT=0\nWORKDIR")
    assert found(tmp_path, run, "breakpoint()", off) == []
