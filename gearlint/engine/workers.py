"""Does many tasks in several processes, and few tasks in this one. Knows nothing of gears."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from gearlint.core import limits
from gearlint.core.errors import GearlintError

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from typing import TypeVar

    Task = TypeVar("Task")
    Result = TypeVar("Result")

FEW = 100
"""Fewer tasks are done in this process: starting others takes longer."""

PATIENCE = 1.0
"""Seconds that a process may take to end, and that an interrupt may go unnoticed."""

_AT_ONCE = 32
"""Tasks that a process gets at once."""

_AHEAD = 4
"""Batches queued per process before the oldest result is awaited."""


def processors() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def results(
    do: "Callable[[Task], Result]", tasks: "Iterable[Task]", jobs: int
) -> "Iterator[Result]":
    """The result of `do` for each task, in the order of the tasks.

    Many tasks are done in `jobs` processes, so `do`, tasks and results must be picklable. Tasks are
    taken from the iterable as they are needed. Raises what `do` raises, and GearlintError if a
    process is killed.
    """
    remaining = iter(tasks)
    first = list(islice(remaining, FEW)) if jobs > 1 else []
    if len(first) < FEW:
        yield from map(do, chain(first, remaining))
    else:
        yield from _in_processes(do, chain(first, remaining), min(jobs, limits.JOBS))


def _in_processes(
    do: "Callable[[Task], Result]", tasks: "Iterator[Task]", jobs: int
) -> "Iterator[Result]":
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
                pending.append((batch, _submit(executor, do, batch)))
            except OSError:  # no process can be made: what is not done yet is done in this one
                _stop_processes()
                executor.shutdown(wait=False, cancel_futures=True)
                undone = [*(queued for queued, _ in pending), batch]
                yield from map(do, chain(*undone, tasks))
                return
            if len(pending) > _AHEAD * jobs:
                yield from _awaited(pending.popleft()[1])
        while pending:
            yield from _awaited(pending.popleft()[1])
    except BrokenProcessPool:
        raise GearlintError("a process of gearlint was killed; try --jobs 1") from None
    except BaseException:
        _stop_processes()
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    # Wait for it: at exit, Python may write to pipes that the pool is still closing.
    executor.shutdown()


def _submit(
    executor: "ProcessPoolExecutor", do: "Callable[[Task], Result]", batch: "list[Task]"
) -> "Future[list[Result]]":
    """Give a batch to the pool, which makes a process for it if need be.

    An interrupt is held back while it does: it would be lost, or leave half a process.
    """
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        return executor.submit(_do_all, do, batch)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        return executor.submit(_do_all, do, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _awaited(future: "Future[list[Result]]") -> "list[Result]":
    """What the future results in, waited for in turns.

    Python notices an interrupt after a wait that it did not break off, be it that it came just
    before the wait began, or that another thread received it.
    """
    from concurrent.futures import wait

    while not future.done():
        wait((future,), PATIENCE)
    return future.result()


def _executor(jobs: int) -> "ProcessPoolExecutor":
    import multiprocessing
    import sys
    from concurrent.futures.process import ProcessPoolExecutor

    # A fork has all modules already. Only on Linux is it safe.
    method = "fork" if sys.platform == "linux" else None
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(jobs, context, initializer=_begin_process)


def _begin_process() -> None:
    """Leave interrupts to the parent, and end when the parent has ended, for whatever reason."""
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # The pipe of the tasks does not show it: this process holds its other end open too.
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _stop_processes() -> None:
    """End the processes that still work, so that an interrupt does not wait for them."""
    import multiprocessing

    processes = multiprocessing.active_children()
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(PATIENCE)


def _do_all(do: "Callable[[Task], Result]", tasks: "list[Task]") -> "list[Result]":
    return [do(task) for task in tasks]
