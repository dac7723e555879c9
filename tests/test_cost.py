"""Large or hostile repositories are checked in time."""

from pathlib import Path

import pytest

from tests.conftest import seconds_of_processor
from tests.repositories import Repository

SECONDS = 2.0
"""Of the processor, for what takes far less than one."""


@pytest.mark.parametrize("stars", ["***/****/****/****/****/****/****/****/*", "****/" * 4 + "x"])
def test_stars_in_many_parts_of_a_gitignore(stars: str, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.gear(folder="packages/analysis/pipelines/gear")
    repository.write(".gitignore", f"{stars}\n*/*/*/x\n")
    seconds, outcome = seconds_of_processor("check", tmp_path, "--select", "GL1")
    assert (outcome.code, "in 1 gear" in outcome.stderr) == (0, True)
    assert seconds < SECONDS
