"""What tests ask of the machine: time of its processor, processes that end, and zizmor."""

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
import timeit
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gearlint.__main__ import OBJECTS

if sys.platform != "win32":
    import resource

HANGING = 120
"""Seconds of the wall clock after which what is not done is taken to wait for ever."""

YARDSTICK = 0.04
"""Seconds that `_work` takes on the machine that limits of time are made for."""


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """What is done meanwhile takes less than so many seconds of the processor, and never hangs.

    What else runs on the machine takes no part in that, and Python looks for garbage, of which
    earlier tests leave much, as seldom as gearlint lets it.
    """

    def stop(*_: object) -> None:
        pytest.fail(f"not done after {HANGING} seconds")

    thresholds = gc.get_threshold()
    gc.set_threshold(OBJECTS)
    if sys.platform != "win32":
        before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(HANGING)
    begun = time.process_time() + seconds_of_children()
    try:
        yield
    finally:
        spent = time.process_time() + seconds_of_children() - begun
        if sys.platform != "win32":
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        gc.set_threshold(*thresholds)
    assert Seconds(spent) < seconds


def seconds_of_children() -> float:
    """User and system time of the processes that this one has waited for; unknown on Windows."""
    if sys.platform == "win32":
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def on_a_quiet_machine(seconds: float) -> float:
    """What would take so many seconds if the processor were not as slow as it is at the moment.

    Others that are at work take of its caches and of its clock: what needs a second of it alone
    needs up to two beside them. A slow machine is like a busy one. They come and go: it is looked
    at for more than half a second.
    """
    measured = timeit.repeat(_work, timer=time.process_time, repeat=15, number=1)
    return seconds / max(1, max(measured) / YARDSTICK)


class Seconds(float):
    """Seconds of the processor, which are less than a limit if they are on a quiet machine.

    Only where they are over the limit is the machine looked at: that takes longer than most runs.
    """

    def __lt__(self, limit: float, /) -> bool:
        return float(self) < limit or on_a_quiet_machine(self) < limit


def _work() -> None:
    """A work that is always the same."""
    numbers = {str(number): (number % 7, number) for number in range(60_000)}
    sorted(numbers.items(), key=lambda item: item[1])


def wait_for_group(group: int) -> None:
    """Wait until each process of a group has ended, whether or not it was waited for."""
    until = time.monotonic() + HANGING
    while _is_at_work(group):
        assert time.monotonic() < until, f"a process of group {group} does not end"
        time.sleep(0.005)


def _is_at_work(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    stats = list(Path("/proc").glob("[0-9]*/stat"))
    return not stats or any(_is_of(group, stat) for stat in stats)


def _is_of(group: int, stat: Path) -> bool:
    """Whether a process is of a group, and has not ended."""
    try:
        state, _, process_group, *_ = stat.read_text().rpartition(") ")[2].split()
    except OSError:  # it is gone
        return False
    return int(process_group) == group and state not in ("Z", "X")


def require_zizmor_finds_nothing(directory: Path, *arguments: str) -> None:
    """zizmor accepts the workflows and actions of a directory that `arguments` name."""
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
    program = shutil.which("zizmor", path=places)
    if program is None:
        pytest.skip("zizmor is not installed: it has no wheel for this system")
    done = subprocess.run(
        [program, "--offline", "--no-progress", "--strict-collection", *arguments],
        cwd=directory,
        env={name: value for name, value in os.environ.items() if name != "GH_TOKEN"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
