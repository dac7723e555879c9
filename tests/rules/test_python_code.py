"""GL312: code that `python -c` is given in a RUN, and that no Python takes."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

LATER = """\
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""


def found(directory: Path, run: Run, steps: str) -> list[str]:
    write_gear(directory)
    (directory / "Dockerfile").write_text(f"FROM python:3.11\n{steps}\n{LATER}")
    findings = run("check", "--select", "GL312", "--output-format", "json", directory).findings
    return [f"{each['line']}: {each['message']}; {each['help']}" for each in findings]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("""RUN python -c 'print("a)'""", "unterminated string literal"),
        ("RUN python3 -c 'open(\"/tmp/a, \"w\").write(\"\")'", "unterminated string literal"),
        ('RUN true && \\\n    python -c "print(1"', "'(' was never closed"),
        ("RUN python -u -c 'print(1))'", "unmatched ')'"),
        ('RUN ["python", "-c", "print([1)"]', "closing parenthesis ')' does not match opening "
         "parenthesis '['"),
        ("RUN python -c 'a = \"\"\"b'", "unterminated triple-quoted string literal"),
    ],
)  # fmt: skip
def test_found(step: str, reason: str, tmp_path: Path, run: Run) -> None:
    (one,) = found(tmp_path, run, step)
    assert f" -c refuses its code: {reason}; correct the quotes and brackets of the code" in one


@pytest.mark.parametrize(
    "step",
    [
        'RUN python -c \'import os, json; f = open("/tmp/e.json", "w"); json.dump({}, f)\'',
        "RUN python -c 'print 1'",  # Python 2 takes it
        "RUN python -c 'import'",
        "RUN python -c 'print(1' || true",
        "RUN if [ -f x ]; then python -c 'print(1'; fi",
        'RUN python -c "print(\'$(cat x)"',  # what it is nobody knows
        "ARG CODE\nRUN python -c $CODE",
        "RUN perl -c 'print(1'",
        "RUN python -m a -c 'print(1'",
        "RUN python -c \"f'{a'\"",
    ],
)
def test_left_alone(step: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, step) == []
