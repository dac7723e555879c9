"""The words that a command of a RUN gets: variables, braces and globs expanded."""

import posixpath

from gearlint.image.nodes import Link
from gearlint.image.shell.step import Step
from gearlint.image.state import Image
from gearlint.syntax.shell import expansion
from gearlint.syntax.shell.expansion import HOLE
from gearlint.syntax.shell.model import Command


def expanded(step: Step, command: Command) -> list[tuple[str, bool]] | None:
    """The words that a command gets, and whether each is all that it means.

    `None` where there is too much to expand, or the program is not known.
    """
    words: list[tuple[str, bool]] = []
    braces = expands_braces(step)
    for word in command.words:
        if braces is None and word.has_braces:
            for either in (True, False):
                fields = expansion.expand(word, step.shell.value, hole=HOLE, braces=either) or []
                words += [(field.text, False) for field in fields]
            continue
        fields = expansion.expand(word, step.shell.value, hole=HOLE, braces=braces) or []
        if not step.files.budget.shell.spend(sum(len(field.text) for field in fields)):
            return None
        for field in fields:
            words += matches(step, field)
    return None if words and HOLE in words[0][0] else words


def number(word: str) -> int | None:
    """The number that a word is, `None` if it is not one, or one that may not fit in 64 bits."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 18 else None


def expands_braces(step: Step) -> bool | None:
    """Whether the shell expands `{a,b}`: bash does, dash and busybox do not."""
    name = shell_called(step.image, step.reading.shell)
    return {"bash": True, "dash": False, "busybox": False, "ash": False}.get(name)


def shell_called(image: Image, name: str) -> str:
    """The shell of a name: of `sh` the one that `/bin/sh` is, empty where that is not known."""
    if name != "sh":
        return name
    there = image.files.find("/bin/sh", follow=False)
    return posixpath.basename(there.target) if isinstance(there, Link) else ""


def matches(step: Step, field: expansion.Field) -> list[tuple[str, bool]]:
    """A field, or the paths that its glob matches; the glob itself where no match is known."""
    if step.has_shopt and (field.pattern is not None or "(" in field.text):
        return [(HOLE, False)]
    if field.pattern is None:
        return [(field.text, HOLE not in field.text)]
    path = step.absolute(field.pattern)
    paths, complete = step.files.matching(path) if path else ([], False)
    return [(each, complete) for each in paths] or [(field.text, complete)]
