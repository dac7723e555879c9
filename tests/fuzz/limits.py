"""Stops what takes too long, and reports what takes too much memory."""

import gc
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gearlint.__main__ import OBJECTS

SECONDS = 2.0
"""Of processor time, so that a busy machine makes no failure, for one thing that gearlint does."""

MEBIBYTES = 450
"""For one input, above what the process had before the first."""

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_FORGET_PEAK = b"5"

_is_limited = False


class Hang(BaseException):
    """It took too long. No `except Exception` of gearlint's keeps it."""


class Hog(BaseException):
    """It took too much memory."""


@contextmanager
def limited(floor: int | None = None) -> Iterator[None]:
    """Raise Hang or Hog in what is done meanwhile, or after it.

    Memory counts from `floor`, what a search had before its first input, so that one which keeps
    more and more is noticed too; without a floor, from what there is now.
    """

    def stop(*_: object) -> None:
        raise Hang(f"over {SECONDS} s of processor time")

    global _is_limited
    forget_peak()
    memory, thresholds = peak(), gc.get_threshold()
    floor = memory if floor is None else floor
    gc.set_threshold(OBJECTS)  # as gearlint does
    before = signal.signal(signal.SIGPROF, stop)
    try:
        _is_limited = True
        restart()
        yield
    finally:
        _is_limited = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        gc.set_threshold(*thresholds)
    most = peak()
    if most > max(floor + MEBIBYTES, memory):
        raise Hog(f"{most} MiB, {memory} before this input, {floor} before the first")


def restart() -> None:
    """Give the next thing its full time, where time is limited."""
    if _is_limited:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def forget_peak() -> bool:
    """Let `peak` be of what comes from now on; whether that can be done here: on Linux alone."""
    try:
        file = os.open(_CLEAR_REFS, os.O_WRONLY)
    except OSError:
        return False
    try:
        return os.write(file, _FORGET_PEAK) > 0
    except OSError:
        return False
    finally:
        os.close(file)


def peak() -> int:
    """The most memory that this process had since `forget_peak`, else ever, in MiB."""
    try:
        fields = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) >> 10
    except (OSError, KeyError):
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
