"""Tests of a shell script, as `[ -f x ]`, that the shell reads otherwise than they look."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import brief_line, quoted
from gearlint.syntax.shell.model import Command

_GLUED_WORD = regex(r"(\[\[?+)([-\"'$!][^\s\]]*+)")
_JOINT = regex(r"[ \t\\\n]*+(&&|\|\|)[ \t\\\n]*+\Z")
_NUMBER = regex(r"[0-9]+\Z")
_NUMERIC = {">": ("writes to", "-gt"), "<": ("reads", "-lt")}


class WrongTest(NamedTuple):
    """A part of a test, what is wrong with it, and what to do."""

    span: Span
    message: str
    advice: str


def wrong_tests(text: str, commands: Iterable[Command]) -> Iterator[WrongTest]:
    """The tests without a space at a bracket, or their last one, and those that write to a file."""
    listed = list(commands)
    for command in listed:
        span = command.words[0].span if command.words else command.span
        match = _GLUED_WORD.fullmatch(text, *span)
        if match is not None:
            message = f"the script runs {quoted(match[0])} as a program: it lacks a space"
            yield WrongTest(span, message, f"write {brief_line(f'{match[1]} {match[2]}')}")
        if command.name == "[":
            yield from _of_bracket(text, command)
    for command, following in pairwise(listed):
        if command.name == "[" and _last(text, command) != "]" and following.name != "[":
            joint = _JOINT.match(text, command.span.end, following.span.start)
            if joint is not None and _last(text, following) == "]":
                span = Span(command.span.start, following.span.end)
                message = f"the test ends at the {joint[1]}, without its bracket, and fails"
                yield WrongTest(span, message, f"write ] {joint[1]} [ instead")


def _of_bracket(text: str, command: Command) -> Iterator[WrongTest]:
    last = _last(text, command)
    end = command.words[-1].span
    if last != "]" and last.endswith("]") and "[" not in last:
        message = (
            f"the test ends in {brief_line(quoted(last))}, not in a bracket, and is never true"
        )
        yield WrongTest(end, message, f"write {brief_line(f'{last[:-1]} ]')}")
    for each in command.redirections:
        what, instead = _NUMERIC.get(each.operator, ("", ""))
        target = text[slice(*each.target.span)]
        if what and not each.descriptor and _NUMBER.match(target) and each.target.span < end:
            message = f"the test {what} a file called {quoted(target)}, by its {each.operator}"
            yield WrongTest(each.target.span, message, f"write {instead} {target}")


def _last(text: str, command: Command) -> str:
    """The last word of a command as it is written."""
    return text[slice(*command.words[-1].span)] if command.words else ""
