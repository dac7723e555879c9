"""Which directory is the build context of a Dockerfile."""

import os

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.source import is_inside, real_path
from gearlint.image.context import Context


def find_context(
    dockerfile: str, root: str, sources: list[str], chosen: str | None = None, disk: Disk = DISK
) -> Context:
    """The context that a Dockerfile is written for.

    That is the `chosen` directory, or the Dockerfile's own, or the nearest above it, up to the
    repository's `root`, in which more of the `sources` of its COPY and ADD instructions are.
    """
    ignore_file = dockerfile + ".dockerignore"
    if chosen is not None:
        real = real_path(chosen)
        if not os.path.isdir(real):
            raise GearlintError(f"{chosen}: the setting context names no directory")
        if not is_inside(real, root):
            raise GearlintError(f"{chosen}: the setting context leads out of the repository")
        return Context(real, root, ignore_file, disk=disk)
    sources = list(dict.fromkeys(sources))[: limits.CONTEXT_SOURCES]
    directory = os.path.dirname(real_path(dockerfile, root))
    best = Context(directory, root, ignore_file, disk=disk)
    most = _count(best, sources)
    for number in range(2, limits.CONTEXT_DIRECTORIES + 1):
        if most == len(sources) or directory == root:
            break
        directory = os.path.dirname(directory)
        context = Context(directory, root, ignore_file, limits.CONTEXT_TRIES // number**2, disk)
        count = _count(context, sources)
        if count > most:
            best, most = context, count
    best.tries = Budget(limits.CONTEXT_TRIES)
    return best


def _count(context: Context, sources: list[str]) -> int:
    """How many of the sources are in a context."""
    return sum(1 for source in sources if _is_in(context, source))


def _is_in(context: Context, source: str) -> bool:
    try:
        return bool(context.matching(source, ignored=True))
    except TooMuchError:
        return False
