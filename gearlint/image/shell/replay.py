"""Replays a RUN on the model of an image.

The commands that work on files are replayed, known installers are known to leave the gear's files
alone, and any other command may have made anything in its working directory and in what it names.
"""

import posixpath
import re
from collections.abc import Callable, Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.nodes import Cause, Link
from gearlint.image.shell.commands import FILE_COMMANDS, TAKES_GLOBS
from gearlint.image.shell.downloads import FETCHERS
from gearlint.image.shell.installers import HARMLESS, install
from gearlint.image.shell.programs import start_code
from gearlint.image.shell.step import Invocation, Reading, Step, StepFailedError
from gearlint.image.shell.text_tools import TEXT_TOOLS
from gearlint.image.state import Image
from gearlint.syntax.dockerfile.model import Instruction
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.expansion import HOLE, Field
from gearlint.syntax.shell.model import Command, Kind, Reach, Redirection, Repeat
from gearlint.syntax.substitution import Lookup

_SHELLS = regex(r"(?:/usr)?(?:/bin/)?(?:ba|da|a|)sh\Z")
MAX_ROUNDS = 50
"""Of a loop; of a longer one the values are not known."""
_ERREXIT = regex(r"-[a-z]*e")
_SETS_ERREXIT = regex(r"\bset\s+(?:\S+\s+)*-\w*[eu]|errexit")
_ENDS_SHELL = regex(r"\b(?:exit|exec|return)\b")
_MAKES_USER = ("adduser", "useradd", "usermod")
_PREFIXES = ("command", "env", "exec", "nice", "nohup", "sudo", "time", "yes")
"""Programs that start the program that comes after them."""
_VALUED = {"env": ("-u", "--unset", "-C"), "sudo": ("-u", "-g"), "nice": ("-n",)}
"""The options of those that take a value."""
_RUNS_CODE = regex(
    r"(?:g?make|cmake|ninja|xargs|find|python[0-9.]*|(?:ba|da|a|)sh|Rscript|perl|node|ant|mvn|gradle)\Z"
)
"""Programs that run what is written in the gear's own files, which may do anything anywhere."""


def run(
    image: Image,
    instruction: Instruction,
    lookup: Lookup,
    read: Callable[[str], str | None],
) -> None:
    """Do to `image` what a RUN certainly does, and forget what it may have changed.

    `read` gives the text of a file of the build context by its path on disk, if it can be read.
    """
    program = () if isinstance(image.shell, Unknown) else image.shell
    errexit = any(_ERREXIT.match(option) for option in program[1:])
    reading = Reading(posixpath.basename(program[0]) if program else "", errexit)
    step = Step(image, instruction, lookup, read, reading)
    words = instruction.exec_form
    try:
        if words is not None:
            _argv(step, [word.text for word in words])
        elif instruction.heredocs:
            _heredoc(step)
        elif _reads_shell(image):
            _text(step, instruction.value, in_place=True)
        else:
            step.anything()
    except StepFailedError:
        pass


def _reads_shell(image: Image) -> bool:
    """Whether SHELL is one whose language is known, with `-c` among its options."""
    program = image.shell
    return (
        not isinstance(program, Unknown)
        and bool(_SHELLS.match(program[0]))
        and program[-1].startswith("-")
        and program[-1].endswith("c")
    )


def _heredoc(step: Step) -> None:
    """`RUN <<EOF`: a script of the shell, if nothing else is in the line."""
    documents = step.instruction.heredocs
    alone = len(documents) == 1 and re.fullmatch(
        r"\s*<<-?\s*[\"']?\w+[\"']?\s*", step.instruction.value
    )
    if alone and _reads_shell(step.image) and not documents[0].content.startswith("#!"):
        # Docker runs it as one script: a failing line does not stop it.
        step.can_fail = False
        _text(step, documents[0].text)
    else:
        step.anything()


def _argv(step: Step, argv: list[str]) -> None:
    """An exec form."""
    if len(argv) == 3 and _SHELLS.match(argv[0]) and re.fullmatch(r"-[a-z]*c", argv[1]):
        step.reading = step.reading._replace(
            shell=posixpath.basename(argv[0]), errexit=_ERREXIT.match(argv[1]) is not None
        )
        _text(step, argv[2])
    elif argv:
        name, *args = argv
        _start(step, _invocation(step, name, args, step.instruction.name_span))


def _text(step: Step, text: str, *, in_place: bool = False) -> None:
    """A command line; `in_place` where it is the text of the instruction itself."""

    def place(start: int, end: int) -> Span:
        return step.instruction.span_of(start, end) if in_place else step.instruction.name_span

    words = command_line.words_of(text)
    if words is not None:
        name, *args = words
        span = place(len(text) - len(text.lstrip()), len(text.rstrip()))
        step.files.cause = Cause(span)
        _start(step, _invocation(step, name, args, span))
        return
    if not step.files.budget.allows(len(text)):
        step.anything()
        return
    commands = command_line.parse(text, errexit=step.reading.errexit)
    if not commands.known:
        step.anything()
        return
    step.shell.follow(text)
    for command in commands.commands:
        _repeated(step, command, commands.commands, place(*command.span))


def _repeated(step: Step, command: Command, others: Sequence[Command], span: Span) -> None:
    """A command that may be in a loop, or in a function: for each value that is known of it."""
    shell = step.shell
    for repeat in command.repeats:
        names = set(repeat.names)
        if repeat.is_function:
            names.update(each.name for other in others for each in other.assignments)
        if repeat.moves or (repeat.is_function and any(each.name == "cd" for each in others)):
            shell.cwd = UNKNOWN
        shell.variables.update(dict.fromkeys(names, UNKNOWN))
        if repeat.variable:
            shell.variables[repeat.variable] = UNKNOWN
    inner = command.repeats[-1] if command.repeats else None
    values = _loop_values(step, inner) if inner and inner.variable else None
    for value in values or ():
        shell.variables[inner.variable if inner else ""] = value
        _simple_command(step, command, span)
    if values is None:
        _simple_command(step, command, span)


def _loop_values(step: Step, loop: Repeat) -> list[str] | None:
    """The values that the variable of a `for` takes, `None` where they are not known."""
    values: list[str] = []
    braces = _expands_braces(step)
    for word in loop.values:
        for field in expansion.expand(word, step.shell.value, braces=braces) or [Field(HOLE)]:
            found = [(field.text, True)] if field.pattern is None else _matches(step, field)
            if HOLE in field.text or not all(is_complete for _, is_complete in found):
                return None
            values += [text for text, _ in found]
        if len(values) > MAX_ROUNDS:
            return None
    return values


def _run_script(step: Step, text: str, shell: str, call: Invocation) -> None:
    """Replay a script of the gear, or the text of `sh -c`, in a shell of its own.

    `call` started it. A line of it that fails may not stop it, so that nothing of it certainly
    fails; where nobody looks whether the script fails, one that stops has not done the rest.
    """
    outer, step.reading = (
        step.reading,
        Reading(
            shell,
            _stops_at_failure(text, call),
            step.reading.is_checked and call.must_succeed,
            False,
        ),
    )
    stops = step.reading.errexit and not step.reading.is_checked
    step.reading = step.reading._replace(is_doubtful=stops or not call.certain or outer.is_doubtful)
    variables, cwd, can_fail = dict(step.shell.variables), step.shell.cwd, step.can_fail
    has_umask, step.can_fail = step.has_umask, False
    step.depth += 1
    try:
        _text(step, text)
    finally:
        step.depth -= 1
        step.can_fail, step.has_umask, step.reading = can_fail, has_umask, outer
        step.shell.variables, step.shell.cwd = variables, cwd


def _stops_at_failure(text: str, call: Invocation) -> bool:
    """Whether a shell may stop at the first command that fails."""
    first = text.partition("\n")[0]
    return (
        _SETS_ERREXIT.search(text) is not None
        or (first.startswith("#!") and " -" in first)
        or any(_ERREXIT.match(arg) for arg in call.args)
    )


def _invocation(step: Step, name: str, args: Sequence[str], span: Span) -> Invocation:
    """A command of plain words that is all of a text."""
    return Invocation(
        name, tuple(args), (True,) * len(args), certain=not step.reading.is_doubtful,
        must_succeed=step.reading.is_checked, span=span,
    )  # fmt: skip


def _simple_command(step: Step, command: Command, span: Span) -> None:
    must_succeed = command.must_succeed and step.reading.is_checked
    certain = not step.reading.is_doubtful and (
        command.reach is Reach.ALWAYS or (command.reach is Reach.IF_SUCCEEDED and must_succeed)
    )
    step.files.cause = Cause(span)
    for redirection in command.redirections:
        _redirect(step, redirection, certain=certain and must_succeed)
    if not command.words:
        step.shell.assign(command.assignments, certain=certain and command.shell == 0)
        return
    words = _expanded(step, command)
    if words is None:
        step.anything()
        return
    if not words or (command.shell != 0 and words[0][0] == "cd"):
        return
    args, complete = zip(*words[1:], strict=True) if words[1:] else ((), ())
    call = Invocation(words[0][0], args, complete, certain, must_succeed, span)
    _start(step, call, command.input)


def _expanded(step: Step, command: Command) -> list[tuple[str, bool]] | None:
    """The words that a command gets, and whether each is all that it stands for.

    `None` where there is too much to expand, or the program is not known.
    """
    words: list[tuple[str, bool]] = []
    braces = _expands_braces(step)
    for word in command.words:
        if braces is None and word.parts and word.parts[0].kind is Kind.BRACES:
            for either in (True, False):
                fields = expansion.expand(word, step.shell.value, hole=HOLE, braces=either) or []
                words += [(field.text, False) for field in fields]
            continue
        fields = expansion.expand(word, step.shell.value, hole=HOLE, braces=braces) or []
        if not step.files.budget.allows(sum(len(field.text) for field in fields)):
            return None
        for field in fields:
            if field.pattern is None:
                words.append((field.text, HOLE not in field.text))
            else:
                words += _matches(step, field)
    return None if words and HOLE in words[0][0] else words


def _expands_braces(step: Step) -> bool | None:
    """Whether the shell expands `{a,b}`: bash does, dash and busybox do not."""
    name = step.reading.shell
    if name == "sh":
        name = _sh_of(step.image)
    return {"bash": True, "dash": False, "busybox": False, "ash": False}.get(name)


def _sh_of(image: Image) -> str:
    """The shell that `/bin/sh` is, empty where that is not known."""
    there = image.files.find("/bin/sh", follow=False)
    return posixpath.basename(there.target) if isinstance(there, Link) else ""


def _matches(step: Step, field: expansion.Field) -> list[tuple[str, bool]]:
    """The paths that a glob stands for; the glob itself where no match is known, or none is."""
    path = step.absolute(field.pattern or "")
    paths, complete = step.files.matching(path) if path else ([], False)
    return [(each, complete) for each in paths] or [(field.text, complete)]


def _redirect(step: Step, redirection: Redirection, *, certain: bool) -> None:
    """`> FILE` makes a file, or fills one that is there."""
    if ">" not in redirection.operator or "&" in redirection.operator[1:]:
        return
    target = expansion.value(redirection.target, step.shell.value, hole=HOLE) or ""
    if not target:
        return
    path = step.absolute(target)
    there = step.files.find(path) if path else None
    if ">>" in redirection.operator and certain and there is not None and there is not UNKNOWN:
        return  # what is there stays, with its mode
    step.write(target, certain=certain)


def _start(step: Step, call: Invocation, source: Command | None = None) -> None:
    """A command with its arguments; `source` is the one whose output it reads."""
    step.files.visit(1 + len(call.args))
    if step.files.budget.is_spent:
        step.anything()
        return
    call = _behind_prefixes(call)
    name = posixpath.basename(call.name)
    if name in FILE_COMMANDS and call.name in (name, f"/bin/{name}", f"/usr/bin/{name}"):
        call = call._replace(name=name)
        if name != "cd" and not all(call.complete) and name not in TAKES_GLOBS:
            _partly_known(step, call)
        else:
            FILE_COMMANDS[name](step, call)
    elif not _is_known(step, call, name) and not start_code(step, call, source, _run_script):
        _foreign(step, call)


def _is_known(step: Step, call: Invocation, name: str) -> bool:
    """Do what a command does that is no program of the gear's; false where it is not known."""
    if name == "export":
        step.shell.export(call.args, certain=call.certain)
        return True
    if name == "unset":
        step.shell.unset(call.args, certain=call.certain)
        return True
    if name in ("source", "."):
        return _source(step, call)
    if name == "eval":
        step.shell.forget()
        return False
    if name == "umask":
        step.has_umask = call.args in (("022",), ("0022",), ())
        return True
    if name in _MAKES_USER:
        _make_user(step, call)
        return True
    if name == "dpkg-reconfigure" and "dash" in call.args:
        step.files.doubt("/bin/sh")  # which may be bash then
        return True
    if name in HARMLESS:
        return True
    if name in _PREFIXES:  # alone, it starts nothing
        return True
    for table in (FETCHERS, TEXT_TOOLS):
        if name in table:
            return table[name](step, call)
    if install(step, call):
        step.image.installed.update(call.args)
        return True
    return False


def _source(step: Step, call: Invocation) -> bool:
    """`source FILE`: a script of the gear is replayed, any other sets variables."""
    text = step.own_script(call.args[0]) if call.args else None
    if text is not None:
        reading = step.reading
        doubtful = not call.certain or _SETS_ERREXIT.search(text) is not None
        step.reading = reading._replace(is_doubtful=reading.is_doubtful or doubtful)
        _text(step, text)
        if not doubtful or not call.certain:
            step.reading = reading
        if _ENDS_SHELL.search(text):
            step.reading = step.reading._replace(is_doubtful=True)  # from here on
        return True
    path = step.absolute(call.args[0]) if call.args else None
    node = step.files.find(path) if path else UNKNOWN
    step.shell.forget()
    return not node or node is UNKNOWN


def _make_user(step: Step, call: Invocation) -> None:
    """`useradd [-d HOME] NAME` makes a home directory, by default below `/home`."""
    step.forget_named([arg for arg in call.args if "/" in arg])  # the others are names of users
    has_home = any(arg.startswith(("-d", "--home", "-b", "--base-dir")) for arg in call.args)
    words = [arg for arg in call.args if not arg.startswith("-")]
    if words and not has_home and HOLE not in words[-1]:
        step.image.homes[words[-1]] = f"/home/{words[-1]}"


def _partly_known(step: Step, call: Invocation) -> None:
    """A command that works on files, with operands that are not known."""
    operands = [arg for arg in call.args if not arg.startswith("-")]
    if call.name == "mkdir":
        for operand in operands:
            name = posixpath.basename(operand.rstrip("/"))
            path = step.absolute(operand)
            if path is None:
                step.image.has_unnamed_directories = True
            elif step.files.find(path) is None:
                step.doubt([operand])
            if step.absolute(operand) is None and HOLE not in name:
                step.scatter(operand)
            elif HOLE in name and step.files.find("/flywheel/v0") is None:
                step.files.doubt("/flywheel/v0")
        return
    step.mark_foreign()
    if call.name == "touch" or len(operands) < 2:
        step.doubt(operands)
        return
    *sources, target = operands
    path = step.absolute(target)
    if path is None:
        for source in sources:
            step.scatter(source)
        step.scatter(target)
    else:
        step.files.doubt(path)
    if call.name == "mv":
        step.doubt(source for source in sources if HOLE not in source)


def _behind_prefixes(call: Invocation) -> Invocation:
    """The command that `sudo`, `env -u X A=1` and the like start."""
    words = (call.name, *call.args)
    first, last = 0, len(call.args)
    while first < last and (name := posixpath.basename(words[first])) in _PREFIXES:
        start, first = first, first + 1
        while first <= last and (
            words[first].startswith("-") or (name == "env" and "=" in words[first])
        ):
            first += 2 if words[first] in _VALUED.get(name, ()) else 1
        if first > last:
            return call.from_word(start)._replace(args=(), complete=()) if start else call
    return call.from_word(first) if first else call


def _foreign(step: Step, call: Invocation) -> None:
    """A command of which nothing is known: its directory, and what it names, become unknown."""
    step.mark_foreign()
    words = [call.name, *call.args]
    if "/" in call.name or "/" in words or _RUNS_CODE.match(posixpath.basename(call.name)):
        step.files.blur_all()
    else:
        step.blur_cwd()
    step.forget_named(words)
