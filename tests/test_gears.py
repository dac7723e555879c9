"""Whole small gears, checked by the real command; each was once read wrongly in a real one.

`WHY.md` of each says what it is about, `expected.txt` what gearlint says of it. To write the
latter anew: `python -m tests.test_gears`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GEARS = Path(__file__).parent / "gears"
NAMES = sorted(path.name for path in GEARS.iterdir() if path.is_dir())


def said(name: str) -> str:
    """What `gearlint check` prints of a gear, from within it, without notes."""
    outcome = subprocess.run(
        [sys.executable, "-m", "gearlint", "check", "--output-format", "concise", "."],
        cwd=GEARS / name,
        env={**os.environ, "PYTHONPATH": str(GEARS.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    return outcome.stdout + outcome.stderr


@pytest.mark.parametrize("name", NAMES)
def test_gear(name: str) -> None:
    assert said(name) == (GEARS / name / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_gear_says_why_it_is_here(name: str) -> None:
    assert (GEARS / name / "WHY.md").read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    for name in NAMES:
        (GEARS / name / "expected.txt").write_text(said(name), encoding="utf-8")
