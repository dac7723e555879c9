"""Large or hostile repositories are checked in time."""

from pathlib import Path

import pytest

from tests.conftest import seconds_of_processor
from tests.repositories import Repository
from tests.sound import write_gear

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


def test_many_globs_for_many_findings(tmp_path: Path) -> None:
    globs = "".join(f'"other/{number}/*.json" = ["GL2"]\n' for number in range(600))
    (tmp_path / "gearlint.toml").write_text(f"[per-file-ignores]\n{globs}")
    options = ", ".join(f'"o{number}": {{"type": "text"}}' for number in range(600))
    write_gear(tmp_path / "gear", f'"config": {{{options}}}')
    seconds, outcome = seconds_of_processor("check", tmp_path, "--output-format", "json")
    assert len(outcome.findings) >= 600
    assert seconds < SECONDS


def test_many_globs_for_many_folders(tmp_path: Path) -> None:
    globs = ", ".join(f'"folder/*/{number}"' for number in range(500))
    (tmp_path / "gearlint.toml").write_text(f"exclude = [{globs}]\n")
    for number in range(400):
        (tmp_path / "folder" / f"{number}").mkdir(parents=True)
    write_gear(tmp_path / "gear")
    seconds, outcome = seconds_of_processor("check", tmp_path)
    assert outcome.code == 0
    assert seconds < SECONDS
