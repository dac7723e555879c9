"""What tests rely on when they time something, or wait for it, notices what it is there for."""

import subprocess
import sys
import time

import pytest

from gearlint.syntax import patterns
from tests import machine
from tests.conftest import forget
from tests.machine import Seconds, in_time, on_a_quiet_machine, wait_for_group


def work(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_what_takes_long_is_noticed() -> None:
    with pytest.raises(AssertionError), in_time(0.05):
        work(0.5)
    with pytest.raises(AssertionError), in_time(0.05):
        subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)


def test_waiting_takes_no_time_but_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_time(0.5):
        time.sleep(0.6)
    monkeypatch.setattr(machine, "HANGING", 1)
    with pytest.raises(pytest.fail.Exception, match="not done after 1 seconds"), in_time(10):
        time.sleep(60)


def test_a_quiet_machine_is_no_slower() -> None:
    assert on_a_quiet_machine(1) <= 1


def test_the_machine_is_looked_at_only_where_a_limit_is_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[float] = []

    def twice_as_slow(seconds: float) -> float:
        looks.append(seconds)
        return seconds / 2

    monkeypatch.setattr(machine, "on_a_quiet_machine", twice_as_slow)
    assert Seconds(1) < 2
    assert not looks
    assert Seconds(3) < 2
    assert not Seconds(4) < 2
    assert looks == [3, 4]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a zombie counts as a process")
def test_group_ends_with_its_last_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "HANGING", 0.2)
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        with pytest.raises(AssertionError, match="does not end"):
            wait_for_group(process.pid)
        monkeypatch.undo()
        process.kill()
        wait_for_group(process.pid)  # although nobody has waited for it yet
        assert process.returncode is None


def test_what_was_asked_before_is_forgotten() -> None:
    patterns.analysed("a+b")
    assert patterns.analysed.cache_info().currsize == 1
    forget()
    assert patterns.analysed.cache_info().currsize == 0
