"""Inputs that reach new code beget further ones: `python -m tests.fuzz.guided --seconds 60`.

Each target whose input is one file gets so many seconds. libFuzzer, by way of atheris, changes the
inputs and keeps those that reach code no other has reached; it begins with some of those that
`python -m tests.fuzz` makes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["gearlint"]):  # before any other import of it
    from tests.fuzz.runner import attempt, save, smaller
    from tests.fuzz.targets import Target, targets
    from tests.fuzz.workplace import Workplace

FOUND = Path(".fuzz").absolute()
BEGINNINGS = 300
MAX_BYTES = 20_000


def main() -> int:
    """Run with the arguments of the process; returns the exit code, 1 where an input fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.guided", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--inputs", type=int, default=-1, help="of each target, if so many are few")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", help="only this one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gearlint-guided-") as name:
        directory = Path(name).resolve()
        place = Workplace(directory / "repository")
        with place.entered():
            by_name = {t.name: t for t in targets(place) if len(t.make(Random(0))) == 1}
            if arguments.target:
                target = by_name[arguments.target]
                search(target, arguments.seconds, arguments.seed, directory, arguments.inputs)
    return max([_in_own_process(target) for target in by_name])


def _in_own_process(target: str) -> int:
    # libFuzzer ends the process that it runs in.
    command = [sys.executable, "-m", "tests.fuzz.guided", *sys.argv[1:], "--target", target]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    reported = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    print(f"{target}: {reported[0].split()[-1] if reported else done.stderr} inputs", flush=True)
    return done.returncode


def search(target: Target, seconds: int, seed: int, directory: Path, inputs: int = -1) -> None:
    """Try inputs of one target, and end the process: with 1 after the first that fails, else 0."""
    beginnings = directory / "beginnings"
    beginnings.mkdir()
    for number in range(BEGINNINGS):
        ((key, data),) = target.make(Random(f"{seed} {number}")).items()
        (beginnings / str(number)).write_bytes(data)

    def one(data: bytes) -> None:
        failure = attempt(target, 0, {key: data})
        if failure is not None:
            failure = smaller(target, failure)
            path = FOUND / f"guided-{target.name}.json"
            save(failure, path)
            print(f"{failure}\nagain: python -m tests.fuzz --again {path}", flush=True)
            os._exit(1)

    options = {"max_total_time": seconds, "runs": inputs, "seed": seed, "max_len": MAX_BYTES,
               "timeout": 60, "verbosity": 0, "print_final_stats": 1}  # fmt: skip
    atheris.Setup(
        [sys.argv[0], str(beginnings), *(f"-{name}={value}" for name, value in options.items())],
        one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    raise SystemExit(main())
