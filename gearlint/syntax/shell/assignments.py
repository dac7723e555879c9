"""The variables that the commands of a shell script set."""

from collections.abc import Iterator, Sequence

from gearlint.syntax.shell.model import Command, Kind, Part

DECLARE = ("declare", "export", "local", "readonly", "typeset")
"""The builtins that take assignments for arguments."""


def assigned(command: Command) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """The variables that a command sets by `=`, each with the parts of its value."""
    for each in command.assignments:
        yield each.name, each.value.parts
    for word in command.words[1:] if command.name in DECLARE else ():
        name, sign, value = word.parts[0].text.partition("=")
        if word.parts[0].kind is Kind.LITERAL and sign:
            first = (word.parts[0]._replace(text=value),) if value else ()
            yield name, (*first, *word.parts[1:])


def names_set(commands: Sequence[Command]) -> set[str]:
    """The names of the variables that the commands of a script set."""
    names = {name for command in commands for name, _ in assigned(command)}
    return names | {name for command in commands for name in set_otherwise(command)}


def set_otherwise(command: Command) -> Iterator[str]:
    """The variables that a command may set: by `read`, or as that of a loop."""
    yield from (repeat.variable for repeat in command.repeats if repeat.variable)
    if command.name in ("getopts", "mapfile", "printf", "read", "readarray", "unset"):
        yield from (word.literal for word in command.words[1:] if word.literal)
