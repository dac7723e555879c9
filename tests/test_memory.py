"""What a run takes at most, whatever is in the files: seconds of the processor, and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.machine import on_a_quiet_machine
from tests.sound import write_gear

_LAUNCHER = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
code = subprocess.run([sys.executable, "-m", "gearlint", *sys.argv[1:]]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print("\\n", code, used.ru_utime + used.ru_stime, used.ru_maxrss // unit, file=sys.stderr)
"""
"""Starts gearlint from a small process: the memory of whoever starts one counts as its own."""


LARGE = 15_900_000
"""Bytes of a large file: just under the limit."""


class Run(NamedTuple):
    """The exit code of a gearlint, and what it took: seconds of the processor, and MB at most."""

    code: int
    seconds: float
    megabytes: int
    stdout: str


def measured(*arguments: object) -> Run:
    """Run gearlint in a process of its own."""
    command = [sys.executable, "-c", _LAUNCHER, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "internal error" not in done.stderr
    code, seconds, megabytes = done.stderr.split()[-3:]
    return Run(int(code), on_a_quiet_machine(float(seconds)), int(megabytes), done.stdout)


def options(patterns: list[str], default: str) -> str:
    """The `config` of a manifest with an option for each pattern."""
    return '"config": ' + json.dumps({
        f"o{one}": {
            "description": "x", "type": "string", "pattern": pattern, "default": default
        } for one, pattern in enumerate(patterns)
    })  # fmt: skip


def nested(repeat: str, levels: int) -> str:
    return "^" + "(?:" * levels + "b?a" + f"){repeat}" * levels + "$"


DOUBLING = ("+", "+?", "++", "{1,}", "{1,2}", "{2}", "{1,3}?")
PATTERNS = {
    **{f"{repeat} in {repeat}": [nested(repeat, 24)] for repeat in DOUBLING},
    "look-ahead": ["(?=" * 24 + "a+" + ")+" * 24],
    "conditions": ["(x)?" + "(?:(?(1)b|" * 24 + "a" + ")+)" * 24],
    "many that are large": [f"^(?:ab?){{{6000 + one}}}" for one in range(300)],
    "many that double": [nested("+", 11) + f"|{one}" for one in range(1000)],
    "wide ranges": [
        "(?i)" + "".join(f"[\\u{one:04x}-\\uff{at:02x}]" for at in range(10))
        for one in range(256, 1256)
    ],
    "wide ranges in loops": [
        "(?i)^(" + "".join(f"[\\u{one:04x}-\\uff{at:02x}]*" for at in range(10)) + ")*$"
        for one in range(256, 1256)
    ],
}


@pytest.mark.parametrize("patterns", PATTERNS.values(), ids=PATTERNS)
def test_compiling_patterns(tmp_path: Path, patterns: list[str]) -> None:
    write_gear(tmp_path, options(patterns, "a" * 30))
    run = measured("check", tmp_path)
    assert run.code in (0, 1)
    assert run.megabytes < 150
    assert run.seconds < 3


@pytest.mark.parametrize("options", [("--jobs", "1"), ("--jobs", "2"), ("--fix",)])
def test_memory_does_not_grow_with_the_number_of_large_files(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    made = []
    for number in range(120):
        gear = tmp_path / f"gear{number}"
        gear.mkdir()
        write_gear(gear)
        with (gear / "manifest.json").open("r+b") as file:
            file.truncate(0)
            file.truncate(LARGE if number % 4 == 0 else 100)  # of NULs, which take no disk
        made.append(gear)
    few = measured("check", *options, *made[:4])
    many = measured("check", *options, tmp_path)
    assert many.code == 1
    assert many.megabytes < few.megabytes + 60
    named = measured("check", *options, *(gear / "manifest.json" for gear in made))
    assert named.megabytes < few.megabytes + 60
