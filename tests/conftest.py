"""Fixtures: gears in temporary directories, and the real command run on them."""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from gearlint.cli.main import main
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.gear.gear import Gear
from gearlint.rules import Rule
from tests.machine import Seconds, seconds_of_children
from tests.repositories import Repository
from tests.windows import (
    LEFT_OUT,
    read_and_write_as_elsewhere,
    skip_names_that_it_has_not,
    skip_what_is_missing,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""The developers' corpus; not on a user's machine."""

needs_corpus = pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(),
    reason="the corpus of real manifests is not beside the project",
)


if sys.platform == "win32":
    collect_ignore = LEFT_OUT
    pytest_pyfunc_call = skip_names_that_it_has_not
    read_and_write_as_elsewhere()
    skip_what_is_missing()

# How long an example takes depends on what else runs.
settings.register_profile(
    "gearlint", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("gearlint")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait, for git and for what they started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection() -> None:
    """Look for no garbage among the tests: they are a million objects, and all are kept."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, but not among the tests."""
    gc.freeze()
    gc.enable()


def pytest_configure() -> None:
    """Let the processes of tests be interrupted where whoever started this ignores that (`&`)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Outcome(NamedTuple):
    """What a run of gearlint gave."""

    code: int
    stdout: str
    stderr: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of a run with `--output-format json`."""
        return list(json.loads(self.stdout)["findings"])

    @property
    def codes(self) -> list[str]:
        """The codes of those findings, in their order."""
        return [finding["code"] for finding in self.findings]


Run = Callable[..., Outcome]
Once = Callable[[str, Callable[[Path], object]], Path]


def is_read(name: str) -> bool:
    """Whether a variable of a CI server, or of gearlint's own, changes what gearlint writes."""
    return name.startswith(("GITHUB_", "GITLAB_", "CI_", "GEARLINT_"))


def seconds_of_processor(*arguments: object) -> tuple[Seconds, Outcome]:
    """User and system time of a gearlint of its own, from start to end, and what it gave.

    Unlike wall time it does not depend on what else runs, nor on what this process holds.
    """
    before = seconds_of_children()
    command = [sys.executable, "-m", "gearlint", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = Seconds(seconds_of_children() - before)
    return seconds, Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the gearlint command with the given arguments, in this process."""

    def run(*arguments: object) -> Outcome:
        forget()  # as a process of its own knows nothing yet
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run


@pytest.fixture
def check(run: Run) -> Run:
    """`gearlint check --output-format json` with the given arguments."""
    return lambda *arguments: run("check", "--output-format", "json", *arguments)


@pytest.fixture
def own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's and the system's git configuration away."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The current directory, with a gear whose version 1.0.0_2.0.0 is released."""
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0")
    return repository


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """A directory of a name for all processes that run tests, made by the first that needs it."""
    from filelock import FileLock  # it looks for what Windows has where tests pretend to be on it

    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        directory = shared / name
        with FileLock(f"{directory}.lock"):
            if not directory.exists():
                directory.mkdir()
                make(directory)
        return directory

    return once


def forget() -> None:
    """Empty the caches of gearlint; what stays are constants, which have no limit of size."""
    for function in caches(len(sys.modules)):
        function.cache_clear()


@cache
def caches(_modules: int) -> "list[_lru_cache_wrapper[object]]":
    """The functions of gearlint, while so many modules are imported, that keep some answers."""
    return [
        value
        for name, module in sys.modules.items()
        if name.startswith("gearlint.")
        for value in vars(module).values()
        if isinstance(value, _lru_cache_wrapper) and value.cache_parameters()["maxsize"]
    ]


@pytest.fixture(autouse=True)
def _ignorant() -> None:
    """Let nothing be known of what earlier tests asked: it would hide what an answer costs."""
    forget()


@pytest.fixture(autouse=True)
def mistakes_of_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Whatever a test lets a rule find has a help, and no fix that the rule's page denies.

    And no rule crashes, which would look as if it had found nothing. A test fails for what is in
    the list at its end.
    """
    findings = Rule.findings
    mistakes: list[str] = []

    def watched(rule: Rule, gear: Gear) -> list[Finding]:
        is_ours = rule.check.__module__.startswith("gearlint.")  # not one that a test has made
        try:
            found = findings(rule, gear)
        except Exception as error:
            if is_ours and not isinstance(error, GearlintError):
                mistakes.append(f"{rule.code} crashes: {error!r}")
            raise
        for finding in found:
            if is_ours and not finding.help:
                mistakes.append(f"{finding.code} {finding.message}")
            if is_ours and finding.fix is not None:
                undeclared = {"", "unsafe" if finding.fix.is_safe else "safe"}
                if rule.fix in undeclared:
                    mistakes.append(f"{finding.code} has a fix that its page does not name")
        return found

    monkeypatch.setattr(Rule, "findings", watched)
    yield mistakes
    assert not mistakes


@pytest.fixture(autouse=True)
def _in_temporary_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        *(name for name in os.environ if is_read(name)),
    ):
        monkeypatch.delenv(name, raising=False)
    assert not os.environ.get("GIT_DIR")
