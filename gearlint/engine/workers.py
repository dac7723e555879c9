"""Does many tasks in several processes, and a few in this one. Knows nothing of gears."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from gearlint.core import limits
from gearlint.core.errors import GearlintError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

FEW = 100
"""Fewer tasks are done in this process: starting others would take longer."""

PATIENCE = 1.0
"""Seconds that a process which is ended may take for that."""

_AT_ONCE = 32
"""Tasks that a process is given at once."""

_AHEAD = 4
"""Batches queued per process before the oldest result is awaited."""

Task = TypeVar("Task")
Result = TypeVar("Result")


def processors() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def results(do: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """What `do` gives for each task, in the order of the tasks.

    Many tasks are done in so many processes as `jobs` says; `do`, tasks and results must then be
    such as can be pickled. Tasks are taken as they are needed. What `do` raises is raised here;
    GearlintError if a process is killed.
    """
    remaining = iter(tasks)
    first = list(islice(remaining, FEW)) if jobs > 1 else []
    if len(first) < FEW:
        yield from map(do, chain(first, remaining))
    else:
        yield from _in_processes(do, chain(first, remaining), min(jobs, limits.JOBS))


def _in_processes(
    do: Callable[[Task], Result], tasks: Iterator[Task], jobs: int
) -> Iterator[Result]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        executor = _executor(jobs)
    except (OSError, ImportError, NotImplementedError):  # no semaphores, too many open files
        yield from map(do, tasks)
        return
    pending: deque[tuple[list[Task], Future[list[Result]]]] = deque()
    try:
        while batch := list(islice(tasks, _AT_ONCE)):
            try:
                with _interrupts_held_back():
                    pending.append((batch, executor.submit(_do_all, do, batch)))
            except OSError:  # no process can be made: what is not done yet is done in this one
                _stop_processes()
                executor.shutdown(wait=False, cancel_futures=True)
                undone = [*(queued for queued, _ in pending), batch]
                yield from map(do, chain(*undone, tasks))
                return
            if len(pending) > _AHEAD * jobs:
                yield from pending.popleft()[1].result()
        while pending:
            yield from pending.popleft()[1].result()
    except BrokenProcessPool:
        raise GearlintError("a process of gearlint was killed; try --jobs 1") from None
    except BaseException:
        _stop_processes()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    # Waited for: Python, at exit, may else write to what the pool is just closing.
    executor.shutdown()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let no interrupt come while a process is being made: it would be lost, or half known."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _executor(jobs: int) -> "ProcessPoolExecutor":
    import multiprocessing
    import sys
    from concurrent.futures.process import ProcessPoolExecutor

    # A copy of this process has all modules already; only on Linux it is safe to make one.
    method = "fork" if sys.platform == "linux" else None
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(jobs, context, initializer=_begin_process)


def _begin_process() -> None:
    """Leave interrupts to the parent, and end when that has ended, however it did."""
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # Nothing else tells: the pipe of the tasks, which is waited on, is held open here, too.
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _stop_processes() -> None:
    """End what is still at work, so that an interrupt need not wait for it."""
    import multiprocessing

    processes = multiprocessing.active_children()
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(PATIENCE)


def _do_all(do: Callable[[Task], Result], tasks: list[Task]) -> list[Result]:
    return [do(task) for task in tasks]
