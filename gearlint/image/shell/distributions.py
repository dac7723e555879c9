"""What pip installs by its name, and whether anything else may bring packages of Python."""

import posixpath
import re
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.image.nodes import File
from gearlint.image.shell.pip_arguments import LISTS, Given
from gearlint.image.shell.step import Invocation, Step

_NAME = regex(
    r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)[ \t]*+(?:\(?[ \t]*+[=<>~!][^\[@/]*+\)?)?(?:;.*)?\Z"
)
"""A requirement of a name, maybe with versions and a marker: without extras, address or path."""
_OF_OTHERS = frozenset((
    "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "--trusted-host", "--cache-dir",
    "--no-binary", "--only-binary", "--progress-bar", "--root-user-action",
))  # fmt: skip
"""Options that do not say what is installed."""
_OTHERS = frozenset(("conda", "easy_install", "mamba", "micromamba", "pdm", "pipenv", "pipx"))
"""What else installs packages of Python."""
_OF_LINE = regex(r"(?<![ \t])[ \t]++--(?:hash|config-settings|global-option)[= ]\S+")
_READS = regex(r"(?:-r|--requirement)[ \t=]*+(\S+)")
_EDITABLE = regex(r"-e|--editable")
COMMENT = regex(r"(?:\A|\s)#.*")
"""A comment in a line of a file of requirements, as pip has it."""
_LEVELS = 5
"""Files of requirements that name one another; what deeper ones have is unknown."""


def normalized(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def note_other_installers(step: Step, call: Invocation) -> None:
    """A command may bring packages of Python that are not known."""
    if posixpath.basename(call.name) in _OTHERS:
        step.image.has_other_distributions = True


def note_distributions(step: Step, call: Invocation, arguments: list[Given]) -> None:
    """A `pip install` is run."""
    image = step.image
    if image.has_other_distributions:
        return
    for option, value, _ in arguments:
        if option in _OF_OTHERS:
            continue
        required = iter((option or value,)) if option not in LISTS else _of_file(step, value)
        for each in required:
            match = _NAME.match(each)
            if match is None:
                image.has_other_distributions = True
                return
            image.distributions.add(normalized(match[1]))
    if not all(call.complete):
        image.has_other_distributions = True


def _of_file(step: Step, path: str, level: int = 0) -> Iterator[str]:
    """The requirements of a file, and of those that it names; an empty one for what is unknown."""
    absolute = step.absolute(path) if path else None
    node = step.files.find(absolute) if absolute else None
    origin = node.origin if isinstance(node, File) and node.doubt is None else None
    text = step.context.text_of(origin) if origin is not None else None
    if absolute is None or origin is None or text is None or level > _LEVELS:
        yield ""
        return
    if origin in step.image.distribution_lists:
        return
    step.image.distribution_lists.add(origin)
    for line in text.replace("\\\n", " ").splitlines():
        requirement = _OF_LINE.sub("", COMMENT.sub("", line)).strip()
        read = _READS.match(requirement)
        if read is not None:
            yield from _of_file(
                step, posixpath.join(posixpath.dirname(absolute), read[1]), level + 1
            )
        elif requirement and (not requirement.startswith("-") or _EDITABLE.match(requirement)):
            yield requirement
