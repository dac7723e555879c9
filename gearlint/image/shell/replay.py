"""Replays a RUN on the model of an image.

The commands that work on files are replayed, known installers are known to leave the gear's files
alone, and any other command may have made anything in its working directory and in what it names.
"""

import posixpath
import re
from collections.abc import Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.unknown import Unknown
from gearlint.image.nodes import Cause, Directory, File
from gearlint.image.shell.commands import FILE_COMMANDS, TAKES_GLOBS
from gearlint.image.shell.installers import HARMLESS, installs_elsewhere
from gearlint.image.shell.step import Invocation, Step, StepFailedError
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Instruction
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.model import Command, Reach, Redirection
from gearlint.syntax.substitution import Lookup

_SHELLS = regex(r"(?:/usr)?(?:/bin/)?(?:ba|da|a|)sh\Z")
_ERREXIT = regex(r"-[a-z]*e")
_PACKED = regex(r"\.(?:t?gz|bz2|t?xz|zst|Z|lzma|lz4|zip|tar|7z|rar|cab)\Z")
_MAKES_HOME = ("adduser", "useradd", "usermod")
_PREFIXES = ("command", "env", "exec", "nice", "sudo", "time")
"""Programs that start the program that comes after them."""
_OWN_CODE = regex(
    r"(?:g?make|cmake|ninja|xargs|python[0-9.]*|bash|sh|Rscript|perl|node|ant|mvn|gradle)\Z"
)
"""Programs that run what is written in the gear's own files, which may do anything anywhere."""


def run(image: Image, instruction: Instruction, lookup: Lookup) -> None:
    """Do to `image` what a RUN certainly does, and forget what it may have changed."""
    step = Step(image, instruction, lookup)
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


def _errexit(image: Image) -> bool:
    options = () if isinstance(image.shell, Unknown) else image.shell[1:]
    return any(_ERREXIT.match(option) for option in options)


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
    commands = command_line.parse(text, errexit=_errexit(step.image))
    if not commands.known:
        step.anything()
        return
    for command in commands.commands:
        _simple_command(step, command, place(*command.span))


def _invocation(step: Step, name: str, args: Sequence[str], span: Span) -> Invocation:
    """A command of plain words, which certainly runs."""
    return Invocation(name, tuple(args), (True,) * len(args), certain=True, span=span)


def _simple_command(step: Step, command: Command, span: Span) -> None:
    certain = command.must_succeed and command.reach is not Reach.MAYBE
    step.files.cause = Cause(span)
    for redirection in command.redirections:
        _redirect(step, redirection, certain=certain)
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
    _start(step, Invocation(words[0][0], args, complete, certain, span))


def _expanded(step: Step, command: Command) -> list[tuple[str, bool]] | None:
    """The words that a command gets, and whether each is all that it stands for; `None`: unknown.

    What is known of the words before one that is not, is no longer known of the files they name.
    """
    words: list[tuple[str, bool]] = []
    for word in command.words:
        fields = expansion.expand(word, step.shell.value)
        if fields is None:
            _foreign(step, [text for text, _ in words])
            return None
        if not step.files.budget.allows(sum(len(field.text) for field in fields)):
            return None
        for field in fields:
            words += [(field.text, True)] if field.pattern is None else _matches(step, field)
    return words


def _matches(step: Step, field: expansion.Field) -> list[tuple[str, bool]]:
    """The paths that a glob stands for; the glob itself where no match is known, or none is."""
    path = step.absolute(field.pattern or "")
    paths, complete = step.files.matching(path) if path else ([], False)
    return [(each, complete) for each in paths] or [(field.text, complete)]


def _redirect(step: Step, redirection: Redirection, *, certain: bool) -> None:
    """`> FILE` makes a file, or fills one that is there."""
    if ">" not in redirection.operator or "&" in redirection.operator[1:]:
        return
    target = expansion.value(redirection.target, step.shell.value)
    path = step.absolute(target) if target else None
    if path is None:
        if target is None:
            step.files.blur_all()
        return
    there = step.files.find(path)
    if path.startswith("/dev/") or isinstance(there, Directory):
        return
    if not certain:
        step.files.doubt(path)
    elif isinstance(there, File):
        there.origin = there.origin if ">>" in redirection.operator else None
    elif there is None:
        step.files.put(path, File(0o644, step.line), step.line, through=True)
    else:
        step.files.blur(posixpath.dirname(path))


def _start(step: Step, call: Invocation) -> None:
    """A command with its arguments."""
    step.files.visit(1 + len(call.args))
    if step.files.budget.is_spent:
        step.anything()
        return
    call = _behind_prefixes(call)
    name = posixpath.basename(call.name)
    args = list(call.args)
    if name in FILE_COMMANDS and call.name in (name, f"/bin/{name}", f"/usr/bin/{name}"):
        if name != "cd" and not all(call.complete) and name not in TAKES_GLOBS:
            _foreign(step, [call.name, *args])
        else:
            FILE_COMMANDS[name](step, call._replace(name=name))
    elif name == "export":
        step.shell.export(args, certain=call.certain)
    elif name in HARMLESS:
        return
    elif name in _MAKES_HOME:
        _forget_named(step, [arg for arg in args if "/" in arg])  # the others are names of users
    elif installs_elsewhere(name, args):
        if name == "poetry":
            step.files.blur(step.absolute(".venv") or "/")
        step.image.installed.update(args)
    else:
        _foreign(step, [call.name, *args])


def _behind_prefixes(call: Invocation) -> Invocation:
    """The command that `sudo`, `env A=1` and the like start."""
    words = (call.name, *call.args)
    first, last = 0, len(call.args)
    while first < last and posixpath.basename(words[first]) in _PREFIXES:
        is_env = posixpath.basename(words[first]) == "env"
        first += 1
        while is_env and first < last and "=" in words[first]:
            first += 1
    return call.from_word(first) if first else call


def _foreign(step: Step, words: Sequence[str]) -> None:
    """A command of which nothing is known: its directory, and what it names, become unknown."""
    step.mark_foreign()
    program = words[0] if words else ""
    if "/" in program or _OWN_CODE.match(program) or "/" in words:
        step.files.blur_all()
    else:
        step.blur_cwd()
    _forget_named(step, words)


def _forget_named(step: Step, words: Sequence[str]) -> None:
    """What a command names becomes unknown: it may make, change or replace that."""
    for index, word in enumerate(words):
        # `--prefix=/opt/x`, `-C/opt/x`, and shell text in an argument.
        for piece in re.split(r"[\s=:,;&|<>()'\"]+", word):
            path = piece[piece.find("/") :] if re.match(r"-\w/", piece) else piece
            absolute = step.absolute(path) if path else None
            if absolute is not None and _is_path(step, absolute, path):
                absolute = posixpath.normpath(absolute)
                # Beside it may be more: of `gunzip x.gz` x, of `split y x` xaa and xab.
                if _PACKED.search(path) or step.files.find(absolute) is None:
                    step.files.blur(posixpath.dirname(absolute))
                step.files.blur(absolute, rewritten=index > 0)


def _is_path(step: Step, absolute: str, word: str) -> bool:
    """Whether a word of a command may be meant as a path."""
    is_there = isinstance(step.files.find(absolute), File | Directory)
    return is_there or "/" in word or word in (".", "..")
