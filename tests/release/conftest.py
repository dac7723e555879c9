"""The day, and a repository of several gears, for the tests of releases."""

from datetime import date
from pathlib import Path

import pytest

from gearlint.cli import bump
from tests.release.bumping import TODAY, members
from tests.repositories import Repository


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be one day all the time, whatever day it is when this file is read."""

    class Today(date):
        @classmethod
        def today(cls) -> "Today":
            return cls.fromisoformat(TODAY)

    monkeypatch.setattr(bump, "date", Today)


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The current directory: the released gears `qc` and `qc-extra`, and `new`, not released."""
    repository = Repository(tmp_path / "mono")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0", "qc/1.0.0_2.0.0", "gears/qc", "qc")
    repository.release("1.0.0_3.0.0", "qc-extra/1.0.0_3.0.0", "gears/extra", "qc-extra")
    repository.gear(members("1.0.0_0.1.0", name="new").replace("me/my-gear", "me/new"), "gears/new")
    repository.commit()
    return repository
