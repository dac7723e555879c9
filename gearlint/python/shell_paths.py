"""The inputs that a shell script reads by their directories: `/flywheel/v0/input/NAME`."""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.image.budget import Values
from gearlint.image.shell.state import ShellState
from gearlint.image.shell_starts import set_variables
from gearlint.image.state import GEAR_DIRECTORY, input_at
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.expansion import HOLE
from gearlint.syntax.shell.model import TESTS, Command, Word
from gearlint.syntax.substitution import Lookup

_MAKE = ("curl", "git", "install", "ln", "mkdir", "rm", "tee", "touch", "wget")
"""Commands that make what they name, or take it away."""
_MAKE_LAST = ("cp", "mv", "rsync", "scp")
_PRINT = ("echo", "printf")
_TARGET = regex(r"-[CPdo]\Z|-O\Z|--?\w*(?:out|dest|target|dir)")
"""An option whose value is a directory or file that is written."""


class InputPaths(NamedTuple):
    """The words of a script that name the directory of an input, in the order of the commands.

    `places` has the name with its span in characters (from 0); a path that is given to a variable
    alone is none. `own` are the names of directories that the script makes.
    """

    places: list[tuple[str, Span]]
    own: set[str]


def input_paths(text: str, lookup: Lookup) -> InputPaths:
    """The directories of inputs that a script names; `lookup` has the variables it starts with."""
    values = Values(limits.STARTED_VALUE_CHARACTERS)
    state = ShellState(lambda name: values.read(lookup(name)), GEAR_DIRECTORY, values)
    found = InputPaths([], set())
    used: set[str] = set()
    for command in command_line.parse(text).commands[: limits.STARTED_COMMANDS]:
        for word in _words(command):
            fields = expansion.expand(word, state.value, hole=HOLE) or ()
            for name in filter(None, (input_at(field.text) for field in fields)):
                if _is_made(command, word):
                    found.own.add(name)
                if command.words:
                    used.add(name)
                start = text.find(name, *word.span)
                if start >= 0:  # else it is in the value of a variable
                    found.places.append((name, Span(start, start + len(name))))
        # Not always certain; but what is set twice to a path is the same directory in a gear.
        set_variables(command, state, certain=True)
    places = [(name, span) for name, span in found.places if name in used]
    return found._replace(places=places)


def _words(command: Command) -> Iterator[Word]:
    """The words that may name a directory; those of a `for` once for each command in it."""
    if command.name not in _PRINT:
        yield from command.words
    yield from (assignment.value for assignment in command.assignments)
    yield from (redirection.target for redirection in command.redirections)
    for repeat in command.repeats:
        yield from repeat.values


def _is_made(command: Command, word: Word) -> bool:
    """Whether a command makes what one of its words names, or puts something there."""
    if any(word is each.target and ">" in each.operator for each in command.redirections):
        return True
    at = next((at for at, each in enumerate(command.words) if each is word), 0)
    if not at:
        return False
    before = command.words[at - 1].literal or ""
    return (
        command.name in _MAKE
        or (command.name in _MAKE_LAST and at == len(command.words) - 1)
        or (command.name not in TESTS and _TARGET.match(before) is not None)
    )
