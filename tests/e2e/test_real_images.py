"""What gearlint says of an image against the image that buildah builds.

More seeds than the 25 of every run: `python -m tests.e2e --seeds 500`.
"""

import os
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from tests.e2e.builder import Buildah, why_not
from tests.e2e.generator import make
from tests.e2e.runs import Outcome, run

SEEDS = int(os.environ.get("GEARLINT_E2E_SEEDS", "25"))
FIRST = 25
"""Of the 25 seeds from here on some are of gears that `--fix` makes start."""

ALL = range(FIRST, FIRST + SEEDS)

OutcomeOf = Callable[[int], Outcome]

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "real images are built")


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Buildah:
    return Buildah(tmp_path_factory.mktemp("storage"))


@pytest.fixture(scope="module")
def outcome_of(buildah: Buildah, tmp_path_factory: pytest.TempPathFactory) -> OutcomeOf:
    """What came of a seed, which is run once for all tests, whichever asks first."""
    return cache(lambda seed: run(seed, buildah, tmp_path_factory.mktemp(f"seed-{seed}")))


@pytest.mark.parametrize("seed", ALL)
def test_gearlint_is_right_about_the_image(seed: int, outcome_of: OutcomeOf) -> None:
    outcome = outcome_of(seed)
    assert not outcome.contradictions, f"\n{outcome.report}"


@pytest.mark.skipif(len(ALL) < 25, reason="GEARLINT_E2E_SEEDS are too few to count")
def test_images_that_start_and_that_fail_are_both_many(outcome_of: OutcomeOf) -> None:
    outcomes = [outcome_of(seed) for seed in ALL]
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts.update(outcome.counts)
    assert counts["images that start"] > len(outcomes) / 4
    assert counts["images that fail"] > len(outcomes) / 4
    # One in twenty; of few images one may be.
    assert counts["unknown"] <= max(1, counts["images that fail"] / 20)
    assert counts["fixed and started"] > 0


def test_the_same_seed_gives_the_same_gear() -> None:
    assert make(7) == make(7)
    assert make(7).dockerfile != make(8).dockerfile
