"""Makes inputs, tries them, and keeps those that fail.

Each input has a number, and its own chance from seed, target and number: the same seeds on the
same files make it again.
"""

import base64
import json
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.fuzz.limits import Hang, forget_peak, limited, peak
from tests.fuzz.seeds import Files
from tests.fuzz.targets import Target

MAX_KEPT = 3
"""Failures at one place after which no more of them are reported."""


class Failure(NamedTuple):
    """An input that fails, and how; `place` is the innermost line of gearlint's in that."""

    target: str
    number: int
    input: Files
    error: BaseException
    place: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """What is the same for failures of one cause."""
        return self.target, type(self.error).__name__, self.place

    def __str__(self) -> str:
        shown = {
            name: data if len(data) < 2000 else data[:500] for name, data in self.input.items()
        }
        lines = "".join(traceback.format_exception(self.error)).splitlines()[-14:]
        trace = "\n".join(line[:300] for line in lines)
        return f"{self.target} {self.number} fails at {self.place}:\n{trace}\ninput: {shown}"


class Tally:
    """What was tried: inputs, seconds, memory and failures by target."""

    def __init__(self) -> None:
        self.inputs: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.slowest: dict[str, float] = {}
        self.memory: defaultdict[str, int] = defaultdict(int)
        self.failures: list[Failure] = []

    def __str__(self) -> str:
        rows = [
            f"{self.inputs[name]:9} {self.seconds[name]:8.1f} s {1000 * self.slowest[name]:8.0f} ms"
            f" {self.memory[name]:5} MiB at most  {name}"
            for name in self.inputs
        ]
        total = f"{sum(self.inputs.values()):9} {sum(self.seconds.values()):8.1f} s"
        return "\n".join([*rows, f"{total}, {len(self.failures)} failures"])


def make(target: Target, seed: int, number: int) -> Files:
    """The input of a number."""
    return target.make(Random(f"{seed} {target.name} {number}"))


def attempt(target: Target, number: int, files: Files, floor: int | None = None) -> Failure | None:
    """Try one input; `floor` is the memory that the search began with."""
    try:
        with limited(floor):
            target.check(files)
    except (Exception, AssertionError) as error:
        return Failure(target.name, number, files, error, _place(error))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        return Failure(target.name, number, files, error, _place(error))
    return None


def _place(error: BaseException) -> str:
    """Where it failed: the innermost line of gearlint, else of the check."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/gearlint/" in frame.filename] or list(frames)
    inner = [frame for frame in ours if "/tests/" not in frame.filename] or ours
    return f"{Path(inner[-1].filename).name}:{inner[-1].name}:{inner[-1].lineno}"


def run(
    targets: list[Target], seed: int, goes_on: Callable[[Tally], bool], first: int = 0,
    report: Callable[[Failure], None] = lambda failure: None,
) -> Tally:  # fmt: skip
    """Try inputs of all targets by their shares, from number `first` on, as long as it goes on."""
    tally = Tally()
    counts: Counter[tuple[str, str, str]] = Counter()
    numbers = {target.name: first for target in targets}
    forget_peak()
    floor = peak()
    for target in _turns(targets):
        if not goes_on(tally):
            return tally
        number = numbers[target.name]
        numbers[target.name] += 1
        files = make(target, seed, number)
        begun = time.process_time()
        failure = attempt(target, number, files, floor)
        spent = time.process_time() - begun
        tally.inputs[target.name] += 1
        tally.seconds[target.name] += spent
        tally.slowest[target.name] = max(spent, tally.slowest.get(target.name, 0.0))
        tally.memory[target.name] = max(peak() - floor, tally.memory[target.name])
        if failure is not None:
            tally.failures.append(failure)
            counts[failure.kind] += 1
            if counts[failure.kind] <= MAX_KEPT:
                report(failure)
    return tally


def _turns(targets: list[Target]) -> Iterator[Target]:
    """The targets in turn, each as often as its share says."""
    due = dict.fromkeys((target.name for target in targets), 0.0)
    most = max(target.share for target in targets)
    while True:
        for target in targets:
            due[target.name] += target.share / most
            if due[target.name] >= 1:
                due[target.name] -= 1
                yield target


def is_small(failure: Failure) -> bool:
    """Whether it takes little to make it smaller still."""
    size = sum(len(data) for data in failure.input.values())
    return size < 20_000 and not isinstance(failure.error, Hang)


def smaller(target: Target, failure: Failure) -> Failure:
    """The failure with as little in its files as still fails at the same place."""
    best = failure
    for name in failure.input.keys() - {"options", "name"}:
        size = len(best.input[name]) // 2
        while size:
            at = 0
            while at < len(best.input[name]):
                data = best.input[name]
                files = best.input | {name: data[:at] + data[at + size :]}
                found = attempt(target, failure.number, files)
                if found is not None and found.kind == failure.kind:
                    best = found
                else:
                    at += size
            size //= 2
    return best


def save(failure: Failure, path: Path) -> None:
    """Write an input to a file."""
    files = {name: base64.b64encode(data).decode() for name, data in failure.input.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"target": failure.target, "files": files}))


def load(path: Path) -> tuple[str, Files]:
    """The name of the target, and the input, of a file."""
    saved = json.loads(path.read_text())
    return saved["target"], {n: base64.b64decode(text) for n, text in saved["files"].items()}
