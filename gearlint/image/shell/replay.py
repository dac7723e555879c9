"""Replays a RUN on the model of an image.

The commands that work on files are replayed, known installers are known to leave the gear's files
alone, and any other command may have made anything in its working directory and in what it names.
"""

import posixpath
import re
from collections.abc import Sequence
from functools import partial
from itertools import groupby, takewhile

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import Value
from gearlint.image.context import Context
from gearlint.image.faults import FailedStep, ShellLack
from gearlint.image.nodes import Cause
from gearlint.image.shell import dash, nounset
from gearlint.image.shell.command_words import expanded, expands_braces, matches, shell_called
from gearlint.image.shell.conditions import result
from gearlint.image.shell.pip import note_free_python
from gearlint.image.shell.start import SETS_ERREXIT, start
from gearlint.image.shell.state import Copies
from gearlint.image.shell.step import (
    Input,
    Invocation,
    Lines,
    Place,
    Reading,
    Step,
    StepFailedError,
)
from gearlint.image.stages import mount_targets
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Instruction
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.expansion import HOLE, Field
from gearlint.syntax.shell.model import (
    Command,
    CommandList,
    Reach,
    Redirection,
    Repeat,
)
from gearlint.syntax.substitution import Lookup

_VISITS = 40  # of files take as long as a command does
_ERREXIT = regex(r"-[a-z]*e")


def run(
    image: Image,
    instruction: Instruction,
    lookup: Lookup,
    context: Context,
) -> None:
    """Do to `image` what a RUN certainly does, and forget what it may have changed."""
    program = () if isinstance(image.shell, Unknown) else image.shell
    errexit = any(_ERREXIT.match(option) for option in program[1:])
    name = posixpath.basename(program[0]) if program else ""
    reading = Reading(name, errexit, nounset=nounset.is_set_by(program[1:], False))
    step = Step(image, instruction, lookup, context, reading, _LINES)
    step.shell.called = lambda: shell_called(image, step.reading.shell)
    note_free_python(step)
    for target in mount_targets(instruction):
        step.fill(target)
    words = instruction.exec_form
    try:
        if words is not None:
            _argv(step, [word.text for word in words])
        elif instruction.heredocs:
            _heredoc(step)
        elif _reads_shell(image):
            _text(step, instruction.value, step.place)
        else:
            step.anything()
    except StepFailedError:
        pass


def _reads_shell(image: Image) -> bool:
    """Whether SHELL is one whose language is known, with `-c` among its options, and no `-O`.

    Where a base image may have another one, that is bash.
    """
    program = image.shell
    return isinstance(program, Unknown) or (
        "-O" not in program
        and command_line.is_sh_like(program[0])
        and program[-1].startswith("-")
        and program[-1].endswith("c")
    )


def _heredoc(step: Step) -> None:
    """`RUN <<EOF`: a script of the shell, if nothing else is in the line."""
    documents = step.instruction.heredocs
    value = step.instruction.value
    alone = len(documents) == 1 and re.fullmatch(r"\s*<<-?\s*[\"']?\w+[\"']?\s*", value)
    if not _reads_shell(step.image) or (alone and documents[0].content.startswith("#!")):
        step.anything()
    elif alone:
        # Docker runs it as one script: a failing line does not stop it.
        step.can_fail = False
        _text(step, documents[0].text, partial(step.place_in, documents[0]))
    else:
        # Docker gives them to the shell, as they are below the line.
        ends = "".join(f"{each.content}{each.name}\n" for each in documents)
        _text(step, f"{value}\n{ends}", step.place)


def _argv(step: Step, argv: list[str]) -> None:
    """An exec form."""
    text = command_line.text_of(argv)
    if text is not None:
        step.reading = step.reading._replace(
            shell=posixpath.basename(argv[0]), errexit=_ERREXIT.match(argv[1]) is not None
        )
        _text(step, text, step.no_place)
    elif argv:
        name, *args = argv
        start(step, _invocation(step, name, args, step.instruction.name_span))


def _text(step: Step, text: str, place: Place | None = None) -> None:
    """A command line; `place` is where its characters are, `None` if not in the Dockerfile."""
    is_own, place = place is not None, place or step.no_place
    words = command_line.words_of(text)
    if words is not None:
        name, *args = words
        if is_own and name in dash.SUSPECTS:
            _note_lacks(step, text, command_line.parse(text), place)
        span = place(len(text) - len(text.lstrip()), len(text.rstrip()))
        step.files.cause = Cause(span)
        start(step, _invocation(step, name, args, span))
        return
    if not step.files.budget.shell.spend(len(text)):
        step.anything()
        return
    step.has_shopt = step.has_shopt or "shopt" in text
    commands = command_line.parse(text, errexit=step.reading.errexit)
    if not commands.known:
        fault = commands.fault if is_own else None
        if fault is not None and command_line.is_refused(text, fault, step.reading.shell):
            failure = FailedStep(step.instruction, place(*fault.span), fault.message)
            step.image.refused_steps.append(failure)
        step.anything()
        return
    if is_own:
        _note_lacks(step, text, commands, place)
    step.shell.follow(text)
    before = step.copies, step.functions
    step.copies = Copies(commands.outers, {})
    _commands(step, commands.commands, place)
    step.copies, step.functions = before  # a command has the number of its shell in its own text


def _run_script(step: Step, text: str, shell: str, call: Invocation) -> None:
    """Replay a script of the gear, or the text of `sh -c`, in a shell of its own.

    `call` started it. A line of it that fails may not stop it, so that nothing of it certainly
    fails; where nobody looks whether the script fails, one that stops has not done the rest.
    """
    if len(step.scripts) >= limits.BUILD_SCRIPTS:  # `sh -c "$A"` may start itself
        step.anything()
        return
    outer, can_fail, has_umask = step.reading, step.can_fail, step.has_umask
    errexit, is_checked = _stops_at_failure(text, call), outer.is_checked and call.must_succeed
    is_doubtful = (errexit and not is_checked) or not call.certain or outer.is_doubtful
    step.reading, step.can_fail = Reading(shell, errexit, is_checked, is_doubtful), False
    step.scripts.append(shell)
    try:
        with step.shell.child():
            _text(step, text)
    finally:
        step.scripts.pop()
        step.can_fail, step.has_umask, step.reading = can_fail, has_umask, outer


def _stops_at_failure(text: str, call: Invocation) -> bool:
    """Whether a shell may stop at the first command that fails."""
    first = text.partition("\n")[0]
    return (
        SETS_ERREXIT.search(text) is not None
        or (first.startswith("#!") and " -" in first)
        or any(_ERREXIT.match(arg) for arg in call.args)
    )


def _invocation(step: Step, name: str, args: Sequence[str], span: Span) -> Invocation:
    """A command of plain words that is all of a text."""
    return Invocation(
        name,
        tuple(args),
        (True,) * len(args),
        certain=not step.reading.is_doubtful,
        must_succeed=step.reading.is_checked,
        span=span,
        is_reached=not step.reading.is_skipped,
    )


def _commands(step: Step, commands: Sequence[Command], place: Place) -> None:
    """The commands of a line, with loops over known words done turn by turn."""
    step.functions = {command.function: [] for command in commands if command.function}
    for command in commands:
        if command.function:
            step.functions[command.function].append((command, place))
    _listed(step, [each for each in commands if not each.function], 0, place, certain=True)


def _listed(
    step: Step, commands: Sequence[Command], depth: int, place: Place, *, certain: bool
) -> None:
    """Commands that are in the same `depth` loops, each reached if `certain`."""
    for repeat, group in groupby(commands, lambda each: each.repeats[depth : depth + 1]):
        if repeat:
            _repeated(step, list(group), depth, place, certain=certain)
        else:
            for command in group:
                is_reached = _is_reached(step, command, in_loop=depth > 0)
                span = place(*command.span)
                _simple_command(step, command, span, certain=certain and is_reached)


def _is_reached(step: Step, command: Command, *, in_loop: bool) -> bool:
    """Whether a command certainly runs, or the step has failed before it."""
    reach = command.inner_reach if in_loop else command.reach
    must_succeed = command.must_succeed and step.reading.is_checked
    return reach is Reach.ALWAYS or (reach is Reach.IF_SUCCEEDED and (must_succeed or in_loop))


def _repeated(
    step: Step, commands: Sequence[Command], depth: int, place: Place, *, certain: bool
) -> None:
    """The commands of a loop, turn by turn where its words are known, else as ever they may be."""
    repeat, variables = commands[0].repeats[depth], step.shell.variables
    if repeat.tests and (is_taken := _is_taken(step, repeat)) is not None:
        if is_taken:
            _listed(step, commands, depth + 1, place, certain=certain)
        return
    leaves = any(command.name in ("break", "continue", "exit", "return") for command in commands)
    values = _values(step, repeat) if repeat.variable and certain and not leaves else None
    for value in values or ():
        step.files.visit(_VISITS)
        if step.files.budget.is_spent:  # all is unknown then
            break
        step.copies.forget(commands)
        variables[repeat.variable] = value
        _listed(step, commands, depth + 1, place, certain=True)
    if values is None:
        if not repeat.tests:  # what it sets in one turn is there in the next
            variables.update(dict.fromkeys((repeat.variable, *repeat.names), UNKNOWN))
        if (repeat.moves and not repeat.tests) or repeat.is_function:
            step.shell.cwd = UNKNOWN
            step.copies.forget(commands)
        if repeat.is_function:
            step.shell.forget()
        _listed(step, commands, depth + 1, place, certain=False)


def _is_taken(step: Step, branch: Repeat) -> bool | None:
    """Whether a branch of an `if` runs, `None` if that is not known."""
    results = [
        None if (result := step.results.get(test)) is None else result is wanted
        for test, wanted in branch.tests
    ]
    return False if False in results else None if None in results else True


def _values(step: Step, loop: Repeat) -> list[str] | None:
    """The words of a loop, `None` where they are not all known, or too many."""
    values: list[str] = []
    braces = expands_braces(step)
    for word in loop.values:
        for field in expansion.expand(word, step.shell.value, braces=braces) or [Field(HOLE)]:
            found = matches(step, field)
            if not all(is_complete for _, is_complete in found):
                return None
            values += [text for text, _ in found]
    return values if len(values) <= limits.LOOP_TURNS else None


def _call_function(step: Step, call: Invocation) -> None:
    """The commands of a function of the line."""
    if step.calls >= limits.FUNCTION_CALLS:
        step.anything()
        step.shell.cwd = UNKNOWN
        return
    step.calls += 1
    body, step.functions[call.name] = step.functions[call.name], []  # it may call itself
    moves = any(command.name in ("set", "shift") for command, _ in body)
    given = dict.fromkeys(_ARGUMENTS, UNKNOWN) if moves else _arguments(call)
    outer, step.shell.variables = step.shell.variables, {**step.shell.variables, **given}
    step.copies.forget(command for command, _ in body)
    for command, place in body:
        is_certain = call.certain and command.inner_reach is Reach.ALWAYS and not command.repeats
        _simple_command(step, command, place(*command.span), certain=is_certain)
    step.functions[call.name] = body
    step.calls -= 1
    step.shell.variables |= {name: outer.get(name, UNKNOWN) for name in _ARGUMENTS}


_ARGUMENTS = tuple("123456789")


def _arguments(call: Invocation) -> dict[str, Value]:
    """`$1` to `$9` in a function that is called so."""
    known = list(takewhile(bool, call.complete))
    others = None if len(known) == len(call.args) else UNKNOWN
    values: list[Value] = [*call.args[: len(known)], *[others] * len(_ARGUMENTS)]
    return dict(zip(_ARGUMENTS, values, strict=False))


def _simple_command(step: Step, command: Command, span: Span, *, certain: bool) -> None:
    """A command, in the directory that its copy of the shell is in."""
    outer = step.shell.cwd
    before = step.shell.cwd = step.copies.directory(command.shell, outer)
    try:
        _command(step, command, span, certain=certain)
    finally:
        if command.shell:
            if step.shell.cwd != before:
                step.copies.directories[command.shell] = step.shell.cwd
            step.shell.cwd = outer


def _command(step: Step, command: Command, span: Span, *, certain: bool) -> None:
    must_succeed = command.must_succeed and step.reading.is_checked
    is_reached = certain and not step.reading.is_skipped
    certain = certain and not step.reading.is_doubtful  # a script may have ended the shell
    if step.image.is_root is False and not must_succeed:
        certain = False  # another user than root may not be allowed to
    step.files.cause = Cause(span)
    step.files.visit(_VISITS)
    if step.reading.nounset and certain and command.shell == 0:
        nounset.need_variables(step, command, span)
    for redirection in command.redirections:
        _redirect(step, redirection, span, certain=certain and must_succeed)
    if not command.words:
        step.shell.assign(command.assignments, certain=is_reached and command.shell == 0)
    words = expanded(step, command)
    if words is None:
        step.anything()
    if not words:
        return
    name, (args, complete) = words[0][0], zip(*words[1:], strict=True) if words[1:] else ((), ())
    step.results[command] = result(step, name, args) if all(complete) else None
    call = Invocation(
        name, args, complete, certain, must_succeed, span,
        is_reached=is_reached, in_copy=command.shell != 0,
    )  # fmt: skip
    if name == "set" and command.shell == 0:
        nounset.follow(step, call)
    documents = [
        UNKNOWN if each.document is None else each.document
        for each in command.redirections
        if each.operator[:2] == "<<"
    ]
    document = documents[-1] if documents else None
    with step.shell.given(command.assignments, name, certain=is_reached and command.shell == 0):
        start(step, call, Input(command.input, document))


def _note_lacks(step: Step, text: str, commands: CommandList, place: Place) -> None:
    """Note the first of what bash has and this shell has not, one that fails before the others."""
    if shell_called(step.image, step.reading.shell) != "dash":
        return
    found = sorted(dash.lacks(text, commands), key=lambda each: (not each[1].fails, each[0]))
    for span, (what, instead, fails, _) in found[:1]:
        lack = ShellLack(step.instruction, place(*span), what, instead, fails)
        step.image.shell_lacks.append(lack)


def _redirect(step: Step, redirection: Redirection, span: Span, *, certain: bool) -> None:
    """`> FILE` makes a file, or fills one that is there; `< FILE` fails where there is none."""
    if redirection.operator == "<":
        target = expansion.value(redirection.target, step.shell.value, hole=HOLE) or ""
        reader = Invocation("<", (target,), (True,), certain, True, span)
        step.need_input(reader, target)
    if ">" not in redirection.operator or "&" in redirection.operator[1:]:
        return
    target = expansion.value(redirection.target, step.shell.value, hole=HOLE) or ""
    there = step.find(target)
    if ">>" in redirection.operator and certain and there is not None and there is not UNKNOWN:
        return  # what is there stays, with its mode
    step.write(target, certain=certain)


_LINES = Lines(_run_script, _text, _call_function)
