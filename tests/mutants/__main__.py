"""Takes mutants by chance, runs the tests that run the changed line, and prints the survivors.

The work tree is never changed: each of the two workers has a copy of the project.
"""

import argparse
import difflib
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.sites import Mutant, count_of, mutant_of

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ["rules", "image", "python", "gear", "release", "engine"]
CACHE = PROJECT / ".mutants"
"""What was recorded, a file for each directory of tests."""
SECONDS = 6.0
"""Of tests for a mutant, as they took when they were recorded: the tests of its room come first."""
LIMIT = 60
"""Seconds after which a mutant counts as noticed: it does not end."""
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
WORKERS = 2
Record = dict[str, list[tuple[str, float]]]


def copy_to(directory: Path) -> Path:
    """A copy of the project, without what is not needed to run its tests."""
    ignored = shutil.ignore_patterns(".git", ".venv", ".mutants", "__pycache__", ".*_cache")
    return Path(shutil.copytree(PROJECT, directory / "project", ignore=ignored))


def run_tests(project: Path, tests: list[str], **environment: str) -> int:
    """What pytest returns for these files; a negative number if it does not end."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", "tests.mutants.plugin", *tests]
    if "MUTANTS_ONLY" in environment:
        command.append("-x")
    process = subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
        | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(LIMIT if "MUTANTS_ONLY" in environment else None)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return -1


def recorded(project: Path, rooms: list[str], anew: bool) -> Record:
    """For each line, as `path:line`, the tests of these rooms that run it, with their seconds."""
    record: Record = defaultdict(list)
    CACHE.mkdir(exist_ok=True)
    for room in rooms:
        file = CACHE / f"{room}.json"
        if anew or not file.exists():
            run_tests(project, [f"tests/{room}"], MUTANTS_RECORD=str(file))
        one = json.loads(file.read_text())
        for line, numbers in one["runs"].items():
            tests = [one["tests"][number] for number in numbers]
            record[line] += [(test, took) for test, took in tests if took is not None]
    return record


def tests_for(record: Record, path: str, line: int) -> list[str]:
    """The tests that run a line: those of its room first, the quickest first."""
    room = f"tests/{path.split('/')[0]}/"
    # A line within an expression may have no record of its own: that of the lines above counts.
    lines = (record.get(f"{path}:{number}") for number in range(line, max(line - 5, 0), -1))
    tests = sorted(next(filter(None, lines), []), key=lambda one: (room not in one[0], one[1]))
    chosen: list[str] = []
    left = SECONDS
    for test, took in tests:
        left -= took
        if left < 0 and chosen:
            break
        chosen.append(test)
    return chosen


def is_noticed(project: Path, path: str, mutant: Mutant, tests: list[str]) -> bool:
    """Whether a test fails with the mutant in that copy of the project."""
    file, listed = project / "gearlint" / path, project.parent / "only.json"
    original = file.read_text()
    listed.write_text(json.dumps(tests))
    file.write_text(mutant.after)
    try:
        files = sorted({test.split("::")[0] for test in tests})
        return run_tests(project, files, MUTANTS_ONLY=str(listed)) not in (0, 5)  # 5: no tests
    finally:
        file.write_text(original)


def difference(mutant: Mutant) -> str:
    """The lines that differ, as `-` and `+` lines."""
    lines = difflib.unified_diff(
        mutant.before.splitlines(), mutant.after.splitlines(), n=0, lineterm=""
    )
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--mutants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--room", choices=ROOMS, action="append")
    parser.add_argument("--tests", choices=ROOMS, action="append", help="of these rooms alone")
    parser.add_argument(
        "--record", action="store_true", help="record anew which test runs which line"
    )
    options = parser.parse_args()
    rooms = options.room or ROOMS
    files = [file for room in rooms for file in sorted((PROJECT / "gearlint" / room).rglob("*.py"))]
    sites = [(file, number) for file in files for number in range(count_of(file.read_text()))]
    chosen = random.Random(options.seed).sample(sites, min(options.mutants, len(sites)))
    equivalent = set(EQUIVALENT.read_text().split("\n\n")[1:])
    noticed, all_of, untested = Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as temporary:
        copies: queue.Queue[Path] = queue.Queue()
        for number in range(WORKERS):
            copies.put(copy_to(Path(temporary) / str(number)))
        record = recorded(copies.queue[0], options.tests or ROOMS, options.record)

        def judged(site: tuple[Path, int]) -> tuple[str, Mutant, list[str], bool]:
            path = site[0].relative_to(PROJECT / "gearlint").as_posix()
            mutant = mutant_of(site[0].read_text(), site[1])
            tests = tests_for(record, path, mutant.line)
            project = copies.get()
            try:
                return path, mutant, tests, bool(tests) and is_noticed(project, path, mutant, tests)
            finally:
                copies.put(project)

        with ThreadPoolExecutor(WORKERS) as pool:
            for path, mutant, tests, is_found in pool.map(judged, chosen):
                room, shown = path.split("/")[0], difference(mutant)
                if any(f"{path}\n{shown}" in reason for reason in equivalent):
                    continue
                all_of[room] += 1
                noticed[room] += is_found
                if not is_found:
                    untested += not tests
                    print(
                        f"gearlint/{path}:{mutant.line} ({len(tests)} tests)\n{shown}", flush=True
                    )
    for room, count in all_of.items():
        print(f"{room}: {noticed[room]} of {count} noticed")
    print(f"all: {noticed.total()} of {all_of.total()}, {untested} run by no test")
    print(f"seed {options.seed}")


if __name__ == "__main__":
    main()
