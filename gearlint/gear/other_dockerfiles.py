"""The Dockerfile of a gear that has none beside its manifest, and what to do about it."""

import os

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Source, is_inside, is_within, real_path, relative_path
from gearlint.core.text import quoted
from gearlint.gear.files import entries, read_file
from gearlint.gear.gear import MANIFEST, Gear

_NAME = regex(r"(?i:dockerfile(?!\.dockerignore)(?:[.-]\w+)?|\w+\.dockerfile)|Containerfile")


def what_to_do(gear: Gear) -> tuple[str, str]:
    """What is there instead of a Dockerfile beside the manifest, if anything, and what to do."""
    here = gear.real_directory
    if beside := next(iter(_dockerfiles(here)), None):
        advice = 'rename it to Dockerfile, or name it by the setting "dockerfile"'
        return f", only {quoted(beside)}", advice
    if above := _dockerfile_above(gear, here):
        name = quoted(relative_path(above, here))
        advice = f"if that builds the gear, {_setting(gear, here, above)}; else add one"
        return f", but {name} copies files of the gear", advice
    return "", 'add one, or name it by the setting "dockerfile"'


def _dockerfiles(directory: str) -> list[str]:
    """The names in a directory of what is called much like a Dockerfile."""
    names = [entry.name for entry in entries(directory) if entry.is_file(follow_symlinks=False)]
    found = [name for name in names if _NAME.fullmatch(name)]
    return sorted(found, key=lambda name: (name.lower() != "dockerfile", name))


def _dockerfile_above(gear: Gear, here: str) -> str:
    """The path of a Dockerfile above a gear, within its repository, that copies files of it, or "".

    It is not beside the manifest of another gear, and names in COPY or ADD the gear's directory,
    one above that, or what is in it; all of the build context says nothing.
    """
    above = [here]
    while is_inside(os.path.dirname(above[-1]), gear.root):
        above.append(os.path.dirname(above[-1]))
    for number, directory in enumerate(above[1 : limits.CONTEXT_DIRECTORIES], 1):
        if os.path.lexists(os.path.join(directory, MANIFEST)):
            continue
        paths = [relative_path(here, context) for context in above[number:]]
        for name in _dockerfiles(directory):
            source = read_file(os.path.join(directory, name), gear.root, gear.disk)
            if source is not None and _copies(source, paths):
                return os.path.join(directory, name)
    return ""


def _copies(source: Source, paths: list[str]) -> bool:
    """Whether a Dockerfile copies a directory, which has these paths in what may be its context."""
    from gearlint.image.context import cleaned
    from gearlint.image.stages import context_sources
    from gearlint.syntax.dockerfile import Dockerfile

    copied = {cleaned(word) for word in context_sources(Dockerfile(source))} - {""}
    return any(is_within(one, path) or is_within(path, one) for one in copied for path in paths)


def _setting(gear: Gear, here: str, dockerfile: str) -> str:
    """To write the setting that names a Dockerfile, and into which file."""
    own = (os.path.join(here, "gearlint.toml"), here)
    file, directory = map(real_path, gear.options.settings or own)
    line = f"dockerfile = {quoted(relative_path(dockerfile, directory))}"
    table = "[tool.gearlint] of " if os.path.basename(file) == "pyproject.toml" else ""
    return f"write {line} into {table}{quoted(relative_path(file, here))}"
