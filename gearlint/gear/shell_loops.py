"""Loops of a shell script that run once, as their list is one word in quotes."""

from collections.abc import Collection, Iterator, Sequence

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import brief_line
from gearlint.syntax.shell.assignments import assigned
from gearlint.syntax.shell.model import Command, Kind, Part

_OF_COMMAND = ('"$(', '"`')
_ADVICE = "leave out the quotes"
_ALL = ('"$*"', '[*]}"')


class LoopOnce(NamedTuple):
    """The list of such a loop, what is wrong with it, and what to do."""

    span: Span
    message: str
    advice: str


def loops_once(
    text: str, commands: Sequence[Command], starts: Collection[int]
) -> Iterator[LoopOnce]:
    """The loops over one expansion in quotes; `starts` are the places of such words.

    Not over the words of an array, nor over a variable that is set to one word somewhere, nor
    where a `break` may be meant to end the first turn.
    """
    lists: dict[Span, tuple[Part, ...]] = {}
    left: set[Span] = set()
    names: set[str] = set()  # that are one word somewhere
    for command in commands:
        names.update(name for name, parts in assigned(command) if _is_one_word(parts))
        for repeat in command.repeats:
            names.add(repeat.variable)
            if len(repeat.values) == 1 and repeat.values[0].span.start in starts:
                [listed] = repeat.values
                lists[listed.span] = listed.parts
                if command.name == "break":
                    left.add(listed.span)
    for span, (part, *others) in lists.items():
        word = text[slice(*span)]
        is_of_command = word.startswith(_OF_COMMAND)
        if others or span in left or part.text in names:
            continue
        if not is_of_command and ("@" in word or word.startswith('"${!')):
            continue
        advice = _ADVICE
        if word.endswith(_ALL):
            advice = f"write {brief_line(word.replace('*', '@'))}"
        yield LoopOnce(span, f"the loop runs once: {brief_line(word)} is one word", advice)


def _is_one_word(parts: tuple[Part, ...]) -> bool:
    """Whether a value is written out, and has no space in it."""
    text = "".join(part.text for part in parts)
    return all(part.kind is Kind.LITERAL for part in parts) and len(text.split()) == 1
