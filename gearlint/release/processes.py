"""Ends a process with all that it has started. Knows nothing of git.

A process group of its own would be shorter to end, but out of reach of Ctrl-C, of `timeout` and of
a CI server that cancels a job, and could not ask for a password at the terminal.
"""

import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from psutil import STATUS_ZOMBIE, AccessDenied, NoSuchProcess, Process

_ENDING = 2.0
"""Seconds in which what was asked to end does so; then it is killed."""


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those that it and they have started, and wait for it.

    Left alone are those that ended their tie to it, as a daemon does.
    """
    try:
        whole = _with_children(Process(process.pid))
    except NoSuchProcess:
        whole = []
    _each(Process.terminate, whole)
    until = time.monotonic() + _ENDING
    while left := [one for one in whole if _is_at_work(one)]:
        if time.monotonic() > until:
            # With what they have started meanwhile.
            _each(Process.kill, [each for one in left for each in _with_children(one)])
            break
        time.sleep(0.02)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _with_children(process: Process) -> list[Process]:
    try:
        return [process, *process.children(recursive=True)]
    except NoSuchProcess:
        return [process]


def _is_at_work(process: Process) -> bool:
    """Whether a process has not ended; one that nobody has waited for yet has."""
    with suppress(NoSuchProcess):
        return process.is_running() and process.status() != STATUS_ZOMBIE
    return False


def _each(send: Callable[[Process], None], processes: Iterable[Process]) -> None:
    for process in processes:
        # One that has ended, or is another user's, is left.
        with suppress(NoSuchProcess, AccessDenied):
            send(process)
