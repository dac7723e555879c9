"""Stops what takes too long, and tells what takes too much memory."""

import gc
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gearlint.__main__ import OBJECTS

SECONDS = 2.0
"""Of processor time, so that a busy machine makes no failure, for one thing that gearlint does."""

MEBIBYTES = 500

_is_limited = False


class Hang(BaseException):
    """It took too long. No `except Exception` of gearlint's keeps it."""


class Hog(BaseException):
    """It took too much memory."""


@contextmanager
def limited() -> Iterator[None]:
    """Raise Hang or Hog in what is done meanwhile, or after it."""

    def stop(*_: object) -> None:
        raise Hang(f"over {SECONDS} s of processor time")

    global _is_limited
    memory, thresholds = used(), gc.get_threshold()
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
    if used() > max(MEBIBYTES, memory):
        raise Hog(f"{used()} MiB")


def restart() -> None:
    """Give the next thing its full time, where time is limited."""
    if _is_limited:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def used() -> int:
    """The most memory that this process ever had, in MiB."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
