"""Which directory is the build context of a Dockerfile."""

import os
from contextlib import suppress

from gearlint.core import limits
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
    directory = os.path.dirname(real_path(dockerfile))
    counts: dict[str, int] = {}
    for _ in range(limits.CONTEXT_DIRECTORIES):
        tries = limits.CONTEXT_TRIES // (1 + len(counts)) ** 2
        context = Context(directory, root, tries=tries, disk=disk)
        counts[directory] = sum(_is_in(context, source) for source in sources)
        if counts[directory] == len(sources) or directory == root:
            break
        directory = os.path.dirname(directory)
    best = max(counts, key=lambda each: counts[each])  # the first of several
    return Context(best, root, ignore_file, disk=disk)


def _is_in(context: Context, source: str) -> bool:
    with suppress(TooMuchError):
        return bool(context.matching(source, ignored=True))
    return False
