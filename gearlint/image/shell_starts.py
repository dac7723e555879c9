"""What a command line or a script starts, as far as a shell has to be followed for it."""

import posixpath
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import Value
from gearlint.image.budget import Values
from gearlint.image.launch import Argument, Launch
from gearlint.image.shell.harmless import HARMLESS
from gearlint.image.shell.state import ShellState
from gearlint.image.starts import with_inner
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.model import Command, Reach
from gearlint.syntax.substitution import Lookup


def launches_of_line(
    text: str, lookup: Lookup, path: Value, cwd: str | Unknown, depth: int
) -> Iterator[Launch]:
    """The programs that a command line certainly starts in the image as it was built.

    What a program that is started has done to the files nobody knows: the list ends after it.
    `depth` is how many command lines of `sh -c` it is in.
    """
    commands = command_line.parse(text)
    functions = {command.function for command in commands.commands}
    state = _state(lookup, path, cwd)
    for command in commands.commands[: limits.STARTED_COMMANDS] if commands.known else ():
        if command.shell == 0:
            set_variables(command, state, certain=command.is_always)
        if not command.is_always or not command.must_succeed:
            if (command.words and command.name not in HARMLESS) or _writes(command):
                return
            continue
        launch = _launch(command, state)
        if launch is None:
            if command.words:
                return
        else:
            _do_to_shell(launch, len(command.words), state)
            name = launch.program.text
            if name == "exec" and len(launch.words) > 1:
                inner = launch._replace(words=launch.words[1:])
                yield from with_inner(inner, state.value, depth)
                return
            if command_line.is_plain(name) and name not in functions:
                yield from with_inner(launch, state.value, depth)
                if name not in HARMLESS:
                    return
        if _writes(command):
            return


def launches_of_script(
    text: str, lookup: Lookup, path: Value, cwd: str | Unknown
) -> Iterator[tuple[Launch, Command]]:
    """What a shell script may start or source, each with its command; not only what is certain.

    The directory of a launch is unknown after a `cd` that may or may not have been done.
    """
    state = _state(lookup, path, cwd)
    state.follow(text)
    for command in command_line.parse(text).commands[: limits.STARTED_COMMANDS]:
        launch = _launch(command, state)
        is_certain = command.reach is not Reach.MAYBE and command.shell == 0
        set_variables(command, state, certain=is_certain)
        if launch is None or launch.program.text == "export":
            continue
        name = launch.program.text
        if name in (".", "source", "eval") and command.shell == 0:
            state.variables["PATH"] = UNKNOWN  # from here on
        if name in ("cd", "pushd", "popd") and command.shell == 0:
            known = name == "cd" and is_certain and len(launch.words) == len(command.words) == 2
            target = state.absolute(launch.words[1].text) if known else None
            state.cwd = target or UNKNOWN
            continue
        if name == "exec" and len(launch.words) > 1:
            launch = launch._replace(words=launch.words[1:])
        for inner in with_inner(launch, state.value):
            yield inner, command


def _state(lookup: Lookup, path: Value, cwd: str | Unknown) -> ShellState:
    """A shell that is started with these variables and this PATH, in a directory."""
    values = Values(limits.STARTED_VALUE_CHARACTERS)
    state = ShellState(lambda name: values.read(lookup(name)), cwd, values)
    state.variables["PATH"] = path
    return state


def set_variables(command: Command, state: ShellState, *, certain: bool) -> None:
    """Do what an assignment, `export` or `unset` does to the variables of the shell."""
    words = [word.text for word in _arguments(command, state.value)]
    if not command.words:
        state.assign(command.assignments, certain=certain)
    elif words[:1] == ["export"]:
        state.export(words[1:], certain=certain)
        if len(words) != len(command.words):
            state.variables["PATH"] = UNKNOWN
    elif words[:1] == ["unset"]:
        state.unset(words[1:], certain=False)


def _launch(command: Command, state: ShellState) -> Launch | None:
    """What a command starts, `None` if no word of it is known; a PATH before it is its own."""
    words = tuple(_arguments(command, state.value))
    path = state.value("PATH")
    for assignment in command.assignments:
        if assignment.name == "PATH":
            path = state.assigned(assignment)
    return Launch(words, state.cwd, path, by_shell=True) if words else None


def _source(script: str, state: ShellState) -> None:
    """A script sets variables; only one of the gear may change the directory too."""
    path = state.absolute(script)
    if path is None or path.startswith(GEAR_DIRECTORY):
        state.cwd = UNKNOWN
    before = state.value("PATH")
    state.variables["PATH"] = UNKNOWN
    if path is not None and path.endswith("/bin/activate") and isinstance(before, str):
        state.variables["PATH"] = f"{posixpath.dirname(path)}:{before}"


def _do_to_shell(launch: Launch, words: int, state: ShellState) -> None:
    """Do what a command of so many `words` does to the shell itself."""
    name, operands = launch.program.text, [word.text for word in launch.words[1:]]
    is_complete = len(launch.words) == words
    if name == "cd":
        is_known = is_complete and len(operands) == 1
        state.cwd = (state.absolute(operands[0]) or UNKNOWN) if is_known else UNKNOWN
    elif name in ("source", ".") and is_complete and operands:
        _source(operands[0], state)
    elif name in ("source", ".", "eval"):
        state.variables["PATH"] = state.cwd = UNKNOWN


def _writes(command: Command) -> bool:
    """Whether a command makes or fills a file by a redirection."""
    return any(">" in redirection.operator for redirection in command.redirections)


def _arguments(command: Command, lookup: Lookup) -> Iterator[Argument]:
    for word in command.words:
        fields = expansion.expand(word, lookup)
        if fields is None or any(field.pattern is not None for field in fields):
            return
        if any("{" in field.text for field in fields):
            return  # a template of Flywheel's: `{config.option}`
        for field in fields:
            yield Argument(field.text, *word.span)
