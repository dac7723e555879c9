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
TESTS = [*ROOMS, "cli", "test_platforms.py", "test_limits.py", "test_hostile.py"]
CACHE = PROJECT / ".mutants"
"""What was recorded, a file for each directory of tests."""
SECONDS, MORE = 6.0, 40.0
"""Of tests for a mutant, as they took when recorded, and of more for one that survives those."""
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
WORKERS = 2
Record = dict[str, list[tuple[str, float]]]


class Copy:
    """A copy of the project, and a process that runs its tests."""

    def __init__(self, project: Path, directory: Path) -> None:
        ignored = shutil.ignore_patterns(".git", ".venv", ".mutants", ".*_cache")
        self.project = Path(shutil.copytree(project, directory / "project", ignore=ignored))
        self.process: subprocess.Popen[str] | None = None

    def run(self, tests: list[str], seconds: int = 0, **environment: str) -> int:
        """What pytest returns for these files, negative if it does not end in those seconds."""
        if self.process is None:
            # No bytecode is written: that of a mutant could be taken for that of another.
            self.process = subprocess.Popen(
                [sys.executable, "-B", "-m", "tests.mutants.forks"],
                cwd=self.project,
                env={**os.environ, "PYTHONPATH": str(self.project)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin
        assert self.process.stdout
        arguments = ["-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "tests.mutants.plugin"]
        arguments += tests
        if "MUTANTS_ONLY" not in environment:
            arguments.remove("-x")
        print(json.dumps([arguments, environment, seconds]), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def compile(self) -> None:
        """Write the bytecode of the package and the tests."""
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        command += [f"tests/{room}" for room in TESTS]
        environment = {**os.environ, "PYTHONPATH": str(self.project)}
        subprocess.run(
            command, cwd=self.project, env=environment, stdout=subprocess.DEVNULL, check=True
        )

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()


def is_recorded(room: str) -> bool:
    """Whether a record is there that is newer than all code and tests."""
    code = (file for top in ("gearlint", "tests") for file in (PROJECT / top).rglob("*.py"))
    newest = max(file.stat().st_mtime for file in code)
    record = CACHE / f"{room}.json"
    return record.exists() and record.stat().st_mtime > newest


def recorded(copies: queue.Queue[Copy], rooms: list[str]) -> Record:
    """For each line, as `path:line`, the tests of these rooms that run it, with their seconds."""
    record: Record = defaultdict(list)
    CACHE.mkdir(exist_ok=True)

    def run(room: str) -> None:
        copy = copies.get()
        copy.run([f"tests/{room}"], MUTANTS_RECORD=str(CACHE / f"{room}.json"))
        copies.put(copy)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, (room for room in rooms if not is_recorded(room))))
    for room in rooms:
        one = json.loads((CACHE / f"{room}.json").read_text())
        for line, numbers in one["runs"].items():
            tests = [one["tests"][number] for number in numbers]
            record[line] += [(test, took) for test, took in tests if took is not None]
    return record


def tests_for(record: Record, path: str, line: int, left: float) -> list[str]:
    """Tests that run a line, of so many seconds.

    First one of each file, then those that run most of the module, then the quickest.
    """
    # A line within an expression may have no record of its own: that of the lines above counts.
    lines = (record.get(f"{path}:{number}") for number in range(line, max(line - 5, 0), -1))
    tests = next(filter(None, lines), [])
    of_module = Counter(
        test for key, runs in record.items() if key.startswith(f"{path}:") for test, _ in runs
    )
    quickest = sorted(tests, key=lambda one: one[1])
    closest = sorted(quickest, key=lambda one: -of_module[one[0]])
    by_file = {test.split("::")[0]: (test, took) for test, took in reversed(closest)}
    chosen: list[str] = []
    for wanted, enough in ((by_file.values(), left / 2), (closest, left / 4), (quickest, 0.0)):
        for test, took in wanted:
            if test not in chosen and left - took >= enough:
                left -= took
                chosen.append(test)
    return chosen or [test for test, _ in quickest[:1]]


def is_noticed(copy: Copy, path: str, mutant: Mutant, tests: list[str], seconds: float) -> bool:
    """Whether a test fails, or does not end, with the mutant in that copy of the project."""
    file, listed = copy.project / "gearlint" / path, copy.project.parent / "only.json"
    original = file.read_text()
    listed.write_text(json.dumps(tests))
    file.write_text(mutant.after)
    try:
        files = sorted({test.split("::")[0] for test in tests})
        ended = copy.run(files, int(20 + 2 * seconds), MUTANTS_ONLY=str(listed))
    finally:
        file.write_text(original)
    if ended < 0:
        print(f"gearlint/{path}:{mutant.line} does not end\n{difference(mutant)}", flush=True)
    return ended not in (0, 5)  # 5: no tests


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
    parser.add_argument("--tests", choices=TESTS, action="append", help="of these rooms alone")
    options = parser.parse_args()
    rooms = options.room or ROOMS
    files = [file for room in rooms for file in sorted((PROJECT / "gearlint" / room).rglob("*.py"))]
    sites = [(file, number) for file in files for number in range(count_of(file.read_text()))]
    chosen = random.Random(options.seed).sample(sites, min(options.mutants, len(sites)))
    equivalent = set(EQUIVALENT.read_text().split("\n\n")[1:])
    noticed, all_of, untested = Counter[str](), Counter[str](), 0
    with tempfile.TemporaryDirectory() as temporary:
        first = Copy(PROJECT, Path(temporary) / "0")
        first.compile()
        each = [first]
        each += [Copy(first.project, Path(temporary) / str(at)) for at in range(1, WORKERS)]
        copies: queue.Queue[Copy] = queue.Queue()
        for one in each:
            assert one.run(["tests/image/test_context.py"]) == 0, "the tests fail without a change"
            copies.put(one)
        record = recorded(copies, options.tests or TESTS)

        def judged(site: tuple[Path, int]) -> tuple[str, Mutant, list[str], bool]:
            path = site[0].relative_to(PROJECT / "gearlint").as_posix()
            mutant = mutant_of(site[0].read_text(), site[1])
            tests = tests_for(record, path, mutant.line, SECONDS)
            more = [
                test for test in tests_for(record, path, mutant.line, MORE) if test not in tests
            ]
            copy = copies.get()
            try:
                found = bool(tests) and is_noticed(copy, path, mutant, tests, SECONDS)
                if more and not found:
                    found = is_noticed(copy, path, mutant, more, MORE)
            finally:
                copies.put(copy)
            return path, mutant, tests + more, found

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
        for one in each:
            one.close()
    for room, count in all_of.items():
        print(f"{room}: {noticed[room]} of {count} noticed")
    print(f"all: {noticed.total()} of {all_of.total()}, {untested} run by no test")
    print(f"seed {options.seed}")


if __name__ == "__main__":
    main()
