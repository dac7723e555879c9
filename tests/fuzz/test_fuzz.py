"""Inputs by chance, always the same: those of a fixed seed, for a minute of the processor.

More, and others: `make fuzz`, or `python -m tests.fuzz --inputs 1000000`.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from gearlint.core.source import Source
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.dockerfile.faults import faults_of
from tests.fuzz import grammar, limits, seeds
from tests.fuzz.limits import Hang, Hog, restart
from tests.fuzz.runner import Failure, attempt, load, make, run, save, smaller
from tests.fuzz.seeds import Files
from tests.fuzz.targets import Target, targets
from tests.fuzz.workplace import Workplace

ROOT = Path(__file__).resolve().parents[2]
SECONDS = os.environ.get("GEARLINT_FUZZ_SECONDS", "60")
SEED = "1"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    with Workplace(tmp_path.resolve() / "repository").entered() as place:
        yield place


def test_no_input_does_harm(place: Workplace) -> None:
    # In a process of its own: this one may have memory to give that earlier tests took.
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", SECONDS, "--seed", SEED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr
    tried = {line.split()[-1] for line in done.stdout.splitlines() if "at most" in line}
    assert tried == {target.name for target in targets(place)}


@pytest.mark.skipif(not seeds.HAS_CORPUS, reason="the corpus of real manifests is not here")
def test_inputs_are_made_of_the_corpus_too() -> None:
    assert len(seeds.manifests()) > 140


def test_dockerfiles_of_the_grammar_get_past_the_parser() -> None:
    random = Random(1)
    for _ in range(200):
        read = Dockerfile(Source("Dockerfile", grammar.dockerfile(random)))
        assert not list(faults_of(read))
        assert read.stages


def test_shares_are_of_a_thousand(place: Workplace) -> None:
    assert sum(target.share for target in targets(place)) == 1000


def test_a_seed_makes_the_same_input_again(place: Workplace) -> None:
    for one, other in zip(targets(place), targets(place), strict=True):
        assert [make(one, 1, n) for n in range(20)] == [make(other, 1, n) for n in range(20)]
        assert [make(one, 1, n) for n in range(20)] != [make(one, 2, n) for n in range(20)]


# What the search is worth: harm that is done is found.

MUCH = 100_000_000
"""Bytes."""


def take(count: int) -> bytearray:
    """Memory that is not only asked for, but used: a byte of each page."""
    taken = bytearray(count)
    taken[::4096] = b"x" * len(taken[::4096])
    return taken


def planted(harm: str) -> Target:
    """Does harm where the input has an `x` in it."""

    def check(files: Files) -> None:
        if b"x" not in files["text"]:
            return
        match harm:
            case "exception":
                raise KeyError("x")
            case "hang":
                while True:
                    pass
            case "memory":
                take(MUCH)

    return Target("planted", 1, lambda random: {"text": random.randbytes(40)}, check)


ERRORS = {"exception": KeyError, "hang": Hang, "memory": Hog}

resets_peak = pytest.mark.skipif(
    not limits.forget_peak(), reason="no /proc/self/clear_refs: the peak of memory cannot be reset"
)


def found(harm: str) -> Failure:
    target = planted(harm)
    tally = run([target], 1, lambda tally: not tally.failures and tally.inputs["planted"] < 1000)
    assert tally.failures
    return tally.failures[0]


@pytest.mark.parametrize("harm", ["exception", "hang", pytest.param("memory", marks=resets_peak)])
def test_harm_is_found(harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    monkeypatch.setattr(limits, "MEBIBYTES", 50)
    failure = found(harm)
    assert isinstance(failure.error, ERRORS[harm])
    assert b"x" in failure.input["text"]


@resets_peak
def test_memory_that_was_used_before_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEBIBYTES", 50)
    take(3 * MUCH)
    assert isinstance(found("memory").error, Hog)


@resets_peak
def test_memory_that_was_used_before_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEBIBYTES", 50)
    held = take(MUCH)
    take(MUCH)
    target = planted("memory")
    assert attempt(target, 0, {"text": b"a"}) is None
    assert attempt(target, 0, {"text": b"a"}, floor=limits.peak()) is None
    del held


@resets_peak
def test_memory_that_is_kept_by_one_input_after_another_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MEBIBYTES", 240)
    kept: list[bytearray] = []
    target = Target("keeps", 1, lambda random: {}, lambda files: kept.append(take(MUCH)))
    tally = run([target], 1, lambda tally: not tally.failures and tally.inputs["keeps"] < 20)
    assert isinstance(tally.failures[0].error, Hog)
    assert tally.inputs["keeps"] == 3


def test_where_the_peak_cannot_be_reset_a_higher_one_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(limits, "_CLEAR_REFS", tmp_path / "none")
    monkeypatch.setattr(limits, "_STATUS", tmp_path / "none")
    assert not limits.forget_peak()
    before = limits.peak()
    assert before > 10
    held = [take(MUCH) for _ in range(1 + before // (MUCH >> 20))]
    assert limits.peak() > before
    del held


def test_failing_input_is_made_small_and_can_be_tried_again(tmp_path: Path) -> None:
    failure = smaller(planted("exception"), found("exception"))
    assert failure.input == {"text": b"x"}
    save(failure, tmp_path / "one.json")
    name, files = load(tmp_path / "one.json")
    assert name == "planted"
    assert attempt(planted("exception"), 0, files) is not None


def test_no_handler_of_exceptions_keeps_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.5)

    def check(files: Files) -> None:
        restart()
        try:
            while True:
                pass
        except Exception:
            return

    failure = attempt(Target("planted", 1, lambda random: {}, check), 0, {})
    assert failure is not None
    assert isinstance(failure.error, Hang)


def test_time_is_limited_nowhere_else() -> None:
    with limits.limited():
        restart()
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0
    restart()
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_inputs_are_found_fault_with_by_many_rules(place: Workplace) -> None:
    by_name = {target.name: target for target in targets(place)}
    codes: set[str] = set()
    for name in ("manifest-values", "dockerfile", "script", "command-line"):
        for number in range(60):
            place.put(by_name[name].make(Random(number)))
            codes |= {finding.code for finding in place.look().findings}
    assert len(codes) > 40, sorted(codes)


def test_search_for_new_code_tries_inputs() -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform")
    options = ["--seconds", "0", "--inputs", "1000", "--target", "shell"]
    command = [sys.executable, "-m", "tests.fuzz.guided", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tried = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
    assert tried is not None
    assert int(tried[1]) >= 1000


def test_search_for_new_code_reports_what_fails(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this platform")
    program = (
        "from tests.fuzz import guided\n"
        "from tests.fuzz.targets import Target\n"
        "def check(files):\n"
        "    if len(files['text']) > 3: raise KeyError('harm')\n"
        "target = Target('planted', 1, lambda random: {'text': b'abc'}, check)\n"
        f"guided.search(target, 60, 1, guided.Path({str(tmp_path)!r}))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "KeyError: 'harm'" in done.stdout) == (1, True)
    target, files = load(tmp_path / ".fuzz" / "guided-planted.json")
    assert (target, len(files["text"])) == ("planted", 4)
