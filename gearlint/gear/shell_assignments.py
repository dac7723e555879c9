"""Assignments of a shell script that a builtin, or a `$`, makes something else of."""

import re
from collections.abc import Iterable, Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import brief_line, quoted
from gearlint.syntax.shell.assignments import DECLARE
from gearlint.syntax.shell.model import Command

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_NO_NAME = regex(r"[\"'./0-9-]")
"""How a value begins that is certainly not the name of a variable."""
_WITH_DOLLAR = regex(r"\$\{?([A-Za-z_]\w*+)\}?(=(?!=).*)\Z", re.ASCII | re.DOTALL)


class Misread(NamedTuple):
    """An assignment that is none; `meant` is what to write, `is_safe` whether that is certain."""

    span: Span
    message: str
    meant: str
    is_safe: bool


def misread_assignments(text: str, commands: Iterable[Command]) -> Iterator[Misread]:
    """Each `export A = b` and each `$A=b` among the commands of a script."""
    for command in commands:
        words = [text[slice(*word.span)] for word in command.words]
        if words[:1] and words[0] in DECLARE:
            yield from _of_builtin(command, words)
        elif len(words) == 1 and not command.assignments:
            match = _WITH_DOLLAR.match(words[0])
            if match is not None:
                run = f"the shell runs {brief_line(quoted(words[0]))} as a program"
                message = f"{run}: what sets a variable has no $ before its name"
                yield Misread(command.words[0].span, message, match[1] + match[2], is_safe=False)


def _of_builtin(command: Command, words: list[str]) -> Iterator[Misread]:
    at = next((at for at, word in enumerate(words) if at and not word.startswith("-")), len(words))
    name, *others = words[at:] or [""]
    sign = others[0] if others else ""
    is_glued = name.endswith("=") and _NO_NAME.match(sign) is not None
    if not _NAME.match(name[:-1] if is_glued else name):
        return
    if not is_glued and (not sign.startswith("=") or sign.startswith("==")):
        return
    value = others if is_glued or sign == "=" else [sign]
    value = [word for word in value if word != "="]
    if len(value) != 1 or len(others) > 1 + (sign == "="):
        return
    meant = f"{name.rstrip('=')}={value[0].removeprefix('=')}"
    span = Span(command.words[at].span.start, command.words[-1].span.end)
    what = f"{words[0]} takes {brief_line(quoted(sign))} for a name"
    yield Misread(span, f"{what}: an assignment has no spaces around its =", meant, is_safe=True)
