"""Times whole processes, and takes their memory."""

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


class Time(NamedTuple):
    """Milliseconds of a process from start to end: of the run least disturbed, and the median."""

    least: float
    median: float


def in_turn(hyperfine: str, commands: list[list[str]], rounds: int, runs: int = 3) -> list[Time]:
    """The time of each command; in each round each is run so many times, one after the other."""
    times: list[list[float]] = [[] for _ in commands]
    for number in range(rounds + 1):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            subprocess.run(
                [
                    hyperfine, "--shell=none", "--ignore-failure", "--style=none",
                    f"--runs={runs}", f"--export-json={file.name}", *map(shlex.join, commands),
                ],
                check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            results = json.loads(Path(file.name).read_text())["results"]
        if number:  # the first round fills the caches
            for found, result in zip(times, results, strict=True):
                found += [1000 * seconds for seconds in result["times"]]
    return [Time(min(found), median(found)) for found in times]


def memory(command: list[str]) -> float:
    """MiB that a process has in use at most."""
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss / 1024
