"""Tries inputs on gearlint until one fails: `python -m tests.fuzz --inputs 1000000 [--seed 7]`.

`--again FILE` tries one input that failed, which was written to `.fuzz/`.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.fuzz import seeds
from tests.fuzz.runner import Failure, Tally, attempt, is_small, load, run, save, smaller
from tests.fuzz.targets import Target, targets
from tests.fuzz.workplace import Workplace

FOUND = Path(".fuzz").absolute()
REPORT_SECONDS = 60


def main() -> int:
    """Run with the arguments of the process; returns the exit code, 1 where an input fails."""
    arguments = _parser().parse_args()
    again = arguments.again and arguments.again.absolute()
    with tempfile.TemporaryDirectory(prefix="gearlint-fuzz-") as name:
        place = Workplace(Path(name).resolve() / "repository")
        with place.entered():
            chosen = [
                target
                for target in targets(place)
                if not arguments.target or target.name in arguments.target
            ]
            if again:
                return _again(chosen, again)
            return _search(chosen, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=0, help="stop after so many")
    parser.add_argument(
        "--seconds", type=float, default=0, help="stop after so many of the processor"
    )
    parser.add_argument("--seed", type=int, help="default: the time")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--target", action="append", help="only this one; may be repeated")
    parser.add_argument("--again", type=Path, metavar="FILE", help="try this input again")
    return parser


def _search(chosen: list[Target], arguments: argparse.Namespace) -> int:
    seed = arguments.seed if arguments.seed is not None else int(time.time())
    corpus = "with" if seeds.HAS_CORPUS else "without"
    print(f"seed {seed}, {corpus} the corpus of real manifests", flush=True)
    begun = reported = time.process_time()

    def goes_on(tally: Tally) -> bool:
        nonlocal reported
        now = time.process_time()
        if now - reported > REPORT_SECONDS:
            reported = now
            print(f"{sum(tally.inputs.values())} inputs, {now - begun:.0f} s", flush=True)
        enough = arguments.inputs and sum(tally.inputs.values()) >= arguments.inputs
        return not enough and not (arguments.seconds and now - begun > arguments.seconds)

    def report(failure: Failure) -> None:
        target = next(target for target in chosen if target.name == failure.target)
        if is_small(failure):
            failure = smaller(target, failure)
        path = FOUND / f"{seed}-{failure.target}-{failure.number}.json"
        save(failure, path)
        print(f"{failure}\nagain: python -m tests.fuzz --again {path}\n", flush=True)

    try:
        tally = run(chosen, seed, goes_on, arguments.first, report)
    except KeyboardInterrupt:
        return 130
    print(tally, flush=True)
    return 1 if tally.failures else 0


def _again(chosen: list[Target], path: Path) -> int:
    name, files = load(path)
    failure = attempt(next(target for target in chosen if target.name == name), 0, files)
    print(failure or "it fails no more")
    return 1 if failure else 0


if __name__ == "__main__":
    raise SystemExit(main())
