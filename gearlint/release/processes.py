"""Ends a process with all that it has started. Knows nothing of git.

A process group of its own would be shorter to end, but out of reach of Ctrl-C, of `timeout` and of
a CI server that cancels a job, and could not ask for a password at the terminal.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping

_ENDING = 2.0
"""Seconds in which what was asked to end does so; then it is killed."""


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those that it and they have started, and wait for it.

    Left alone are those that ended their tie to it, as a daemon does.
    """
    if os.name == "nt":
        _run("taskkill", "/T", "/F", "/PID", str(process.pid))
        process.kill()
    else:
        _end_all([process.pid, *_below(process.pid, _parents())], process)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _end_all(pids: list[int], process: "subprocess.Popen[bytes]") -> None:
    """Ask processes to end, then kill those that did not, and those that they started meanwhile."""
    _send(signal.SIGTERM, pids)
    until = time.monotonic() + _ENDING
    while left := _left(pids, process):
        if time.monotonic() > until:
            _send(signal.SIGKILL, left)
            break
        time.sleep(0.02)


def _left(pids: Iterable[int], process: "subprocess.Popen[bytes]") -> list[int]:
    """Those of some processes that are at work, and those below them."""
    process.poll()  # one that has ended, and was not waited for, counts as one that is there
    parents = _parents()
    at_work = [pid for pid in pids if pid in parents]
    return [*at_work, *(below for pid in at_work for below in _below(pid, parents))]


def _send(number: int, pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:  # it has ended, or is another user's
            continue


def _below(pid: int, parents: Mapping[int, int]) -> list[int]:
    """The processes that a process, or one that it has started, has started."""
    children = [child for child, parent in parents.items() if parent == pid]
    return [one for child in children for one in (child, *_below(child, parents))]


def _parents() -> dict[int, int]:
    """The parent of each process that is at work: from /proc, or by `ps` where there is none."""
    try:
        names = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        names = []
    lines = map(_stat, names) if names else _run("ps", "-A", "-o", "pid=,stat=,ppid=").split("\n")
    parents = {}
    for line in lines:
        fields = line.split()
        if len(fields) > 2 and fields[1][0] not in "ZX":
            parents[int(fields[0])] = int(fields[2])
    return parents


def _stat(name: str) -> str:
    """The number of a process, its state and its parent's number; nothing if it has ended."""
    try:
        with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
            return f"{name} {file.read().rpartition(') ')[2]}"
    except OSError:
        return ""


def _run(*command: str) -> str:
    """What a program of the system prints; nothing where it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=_ENDING
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
