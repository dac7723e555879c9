"""When the commands of a loop, a branch or a function are reached."""

from collections.abc import Sequence

from gearlint.syntax.shell.model import Command, Reach


def _always(reach: Reach) -> Reach:
    return Reach.ALWAYS if reach is Reach.ALWAYS else Reach.MAYBE


def in_turns(commands: Sequence[Command]) -> None:
    """Mark the commands of a loop: how often they run depends on its words."""
    for command in commands:
        if len(command.repeats) == 1:
            command.inner_reach = _always(command.reach)
        else:
            command.inner_reach = _always(command.inner_reach)
        command.reach, command.must_succeed = Reach.MAYBE, False


def in_function(commands: Sequence[Command], name: str) -> None:
    """Mark the commands of a function: they run when it is called."""
    for command in commands:
        is_nested = command.function or len(command.repeats) > 1
        command.inner_reach = Reach.MAYBE if is_nested else _always(command.reach)
        command.function = name
        command.repeats = command.repeats[1:]
        command.reach, command.must_succeed = Reach.MAYBE, False
