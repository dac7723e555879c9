"""Builds real images from seeds and compares: `python -m tests.e2e --seeds 500 [--first 0]`."""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.e2e.builder import Buildah, why_not
from tests.e2e.runs import Outcome, run


def outcomes(seeds: range, jobs: int) -> Iterator[Outcome]:
    """Those of the seeds, `jobs` at once, each with a storage of its own."""
    with tempfile.TemporaryDirectory(prefix="gearlint-e2e-") as name:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            free.put(Path(name) / str(number))

        def one(seed: int) -> Outcome:
            directory = free.get()
            try:
                return run(seed, Buildah(directory), directory / "gears")
            finally:
                free.put(directory)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(one, seeds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e", description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="how many (default: 500)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument("--jobs", type=int, default=2, help="builds at once (default: 2)")
    arguments = parser.parse_args()
    if reason := why_not():
        print(reason, file=sys.stderr)
        return 2
    begun = time.monotonic()
    counts: Counter[str] = Counter()
    features: Counter[str] = Counter()
    for outcome in outcomes(
        range(arguments.first, arguments.first + arguments.seeds), arguments.jobs
    ):
        counts.update(outcome.counts)
        features.update(outcome.case.features)
        if outcome.contradictions:
            print(outcome.report, end="\n\n", flush=True)
        elif outcome.verdict.unknown:
            print(f"seed {outcome.case.seed}: {'; '.join(outcome.verdict.unknown)}", flush=True)
        elif outcome.rebuilt is not None and outcome.rebuilt.verdict.unknown:
            unknown = "; ".join(outcome.rebuilt.verdict.unknown)
            print(f"seed {outcome.case.seed} after --fix: {unknown}", flush=True)
    for name, count in sorted(features.items(), key=lambda item: -item[1]):
        print(f"{count:6} {name}")
    print(f"{arguments.seeds} seeds in {time.monotonic() - begun:.0f} s:", dict(counts))
    failing = counts["images that fail"]
    if failing and counts["unknown"] > failing / 20:
        print("more than one in twenty of the images that fail are unknown")
        return 1
    return 1 if counts["contradictions"] else 0


if __name__ == "__main__":
    sys.exit(main())
