"""GL326: what the image takes from its build context, and a clone of the repository lacks."""

import os
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.finding import Problem, Severity
from gearlint.core.source import real_path
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.image.context import cleaned
from gearlint.image.stages import taken_sources
from gearlint.image.state import Image
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Instruction, Word


@rule("GL326", "copy-source-untracked", Severity.INFO)
def copy_source_untracked(gear: Gear) -> Iterator[Problem]:
    """A COPY or ADD takes a file that git neither tracks nor ignores.

    It is in this directory, and not in a clone of the repository: the build stops there, as in CI.
    Only what is named in full is looked at, not globs, and only where the Dockerfile itself is
    tracked. What a Makefile or CI file names may be made before the build, and is not reported.
    Source: git's documentation, "gitignore" and "gitformat-index".

    Bad:

        COPY run.py /flywheel/v0/ in a Dockerfile, and a run.py that git does not track.

    Good:

        COPY run.py /flywheel/v0/ in a Dockerfile, after git add run.py.
    """
    context, image, dockerfile = gear.context, gear.image, gear.dockerfile
    if context is None or image is None or dockerfile is None or not gear.is_in_git:
        return
    from gearlint.release.index import index_of

    index = index_of(gear.root)
    if index is None or not index.tracks(real_path(dockerfile.source.path)):
        return
    for instruction, word, path in islice(_named(image, dockerfile), limits.NAMED_SOURCES):
        full = os.path.join(context.directory, path)
        is_tracked = context.on_disk(path) is None or index.tracks(full)
        if is_tracked or not index.lacks(full) or context.may_be_made(path):
            continue
        yield gear.at.dockerfile(
            word.span,
            f"{instruction.name} takes {quoted(word.text)}, which git does not track, so a clone "
            "cannot be built",
            "git add it, or exclude it by .gitignore if it is made before the build",
        )


def _named(image: Image, dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Word, str]]:
    """What COPY and ADD name in the build context and find there, each path once."""
    left = {cleaned(taken.path) for taken in image.taken}
    left -= {"", *(cleaned(missing.source) for missing in image.missing_sources)}
    for instruction in dockerfile.instructions:
        sources = taken_sources(instruction) if instruction.name in ("ADD", "COPY") else ()
        for word in instruction.words[:-1] if sources else ():
            path = cleaned(word.text)
            if path in left and word.text in sources:
                left.remove(path)
                yield instruction, word, path
