"""The programs that an ENTRYPOINT, a CMD or the manifest's `command` starts."""

import posixpath
from collections.abc import Iterator, Sequence

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import DEFAULT_PATH, Value
from gearlint.image.budget import Values
from gearlint.image.launch import Argument, Launch
from gearlint.image.nodes import File
from gearlint.image.state import GEAR_DIRECTORY, Image, Start
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.command_line import SH_LIKE, SHELLS
from gearlint.syntax.substitution import Lookup

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.faults import FailedStep, ShellLack

_ONE_QUOTED = regex(r"""\s*(["'])([\w./=:,@+\s-]+)\1((?:\s+[\w./=-]+)*)\s*\Z""")


def entrypoint_of(image: Image) -> Start | None:
    """The instruction of the Dockerfile that says what the image starts, if one does."""
    if isinstance(image.entrypoint, Start):
        return image.entrypoint
    if image.entrypoint is None and isinstance(image.cmd, Start):
        return image.cmd
    return None


def launches_of_start(image: Image, start: Start) -> list[Launch]:
    """What an ENTRYPOINT, or a CMD in its place, certainly starts.

    The positions of the words of an exec form are indices of its elements. `["python run.py"]` is
    read as it was meant.
    """
    path, one = image.variable("PATH"), one_word(image, start)
    if start.argv is None:
        program = image.shell
        if isinstance(program, Unknown) or posixpath.basename(program[0]) not in SHELLS:
            return []
        if one is None:
            return list(launches_of_text(start.text, image.variable, path, image.workdir))
        launches = launches_of_text(" ".join(one.words), image.variable, path, image.workdir)
        return [_placed(each, one.start, one.end) for each in launches]
    first = words_in_one(image, start) or start.argv[:1]
    words = [Argument(text, 0, 0) for text in first]
    words += [Argument(text, index, index) for index, text in enumerate(start.argv) if index]
    if start is image.entrypoint:
        last = len(start.argv) - 1
        words += [Argument(text, last, last) for text in _cmd_words(image)]
    launch = Launch(tuple(words), image.workdir, path, by_shell=False)
    return list(with_inner(launch, image.variable))


def _cmd_words(image: Image) -> Sequence[str]:
    """The arguments that CMD gives an ENTRYPOINT in exec form; nobody points at them there."""
    if not isinstance(image.cmd, Start):
        return ()
    if image.cmd.argv is not None:
        return image.cmd.argv
    return () if isinstance(image.shell, Unknown) else (*image.shell, image.cmd.text)


def with_inner(launch: Launch, lookup: Lookup, depth: int = 0) -> Iterator[Launch]:
    """A launch, and what it starts in turn: behind `env`, `timeout`, ..., or by a shell's `-c`.

    `depth` is how many command lines of `-c` it is in.
    """
    for _ in range(limits.STARTED_PROGRAMS):
        yield launch
        name, words = posixpath.basename(launch.program.text), launch.words[1:]
        if launch.interpreter or ("." in name and name != "_entrypoint.sh"):  # as nearly always
            break
        from gearlint.image.wrappers import ENTRYPOINT_OF_MICROMAMBA, is_wrapper, wrapped

        is_own = "." in name and launch.program.text != ENTRYPOINT_OF_MICROMAMBA
        if is_own or not is_wrapper(name):
            break
        started = wrapped(name, [word.text for word in words])
        if started is None or started.first == len(words):
            return
        path = UNKNOWN if started.own_path else launch.path
        rest = words[started.first :]
        if name == "uv" and rest[0].text.endswith(".py"):  # which uv gives to Python
            rest = (rest[0]._replace(text="python"), *rest)
        launch = launch._replace(words=rest, path=path, by_shell=True)
    if depth >= limits.STARTED_PROGRAMS:  # `sh -c "$A"` may start itself
        return
    if name in SHELLS and len(words) > 1 and words[0].text == "-c":
        _, text, *_ = words
        for inner in launches_of_text(text.text, lookup, launch.path, launch.cwd, depth + 1):
            yield _placed(inner, text.start, text.end)


def _placed(launch: Launch, start: int, end: int) -> Launch:
    """A launch all of whose words are at one place."""
    words = tuple(word._replace(start=start, end=end) for word in launch.words)
    return launch._replace(words=words)


def launches_of_command(command: str, environment: Lookup) -> list[Launch]:
    """What the manifest's `command` certainly starts: it runs by bash in `/flywheel/v0`."""
    path = environment("PATH")
    return list(
        launches_of_text(
            command, environment, DEFAULT_PATH if path is None else path, GEAR_DIRECTORY
        )
    )


def launches_of_text(
    text: str, lookup: Lookup, path: Value, cwd: str | Unknown, depth: int = 0
) -> Iterator[Launch]:
    """The programs that a command line certainly starts in the image as it was built.

    What a program that is started has done to the files nobody knows: the list ends after it.
    `depth` is how many command lines of `sh -c` it is in.
    """
    if command_line.words_of(text) is not None and command_line.is_plain(text):
        spans = command_line.spans_of(text)
        words = tuple(Argument(text[slice(*span)], *span) for span in spans)
        path = Values(limits.STARTED_VALUE_CHARACTERS).read(path)
        yield from with_inner(Launch(words, cwd, path, by_shell=True), lookup, depth)
        return
    from gearlint.image.shell_starts import launches_of_line  # late: most command lines are plain

    yield from launches_of_line(text, lookup, path, cwd, depth)


def plain_words(text: str) -> Sequence[str] | None:
    """The words of a shell form that means the same in exec form, `None` for any other."""
    return text.split() if command_line.is_plain(text) else None


class OneWord(NamedTuple):
    """Several words that are written as one: the text, and the words with those after it.

    `start` and `end` are characters of the shell form, with the quotes; 0 for an exec form.
    """

    text: str
    words: tuple[str, ...]
    start: int = 0
    end: int = 0


def one_word(image: Image, start: Start) -> OneWord | None:
    """What is started, if its first word holds a space and is not a file's name."""
    if start.argv is None:
        match = _ONE_QUOTED.match(start.text)
        if match is None:
            return None
        text, others = match[2], match[3].split()
        found = OneWord(text, (*text.split(), *others), match.start(1), match.end(2) + 1)
    else:
        text = start.argv[0]
        found = OneWord(text, (*text.split(), *start.argv[1:]))
    if len(text.split()) < 2:
        return None
    path = posixpath.join(str(image.workdir), text)
    return None if isinstance(image.files.find(path), File) else found


def words_in_one(image: Image, start: Start) -> Sequence[str] | None:
    """The words that are one element of an exec form by mistake, if they are plain."""
    if start.argv is None or one_word(image, start) is None:
        return None
    return plain_words(start.argv[0])


def _shell_form(image: Image) -> tuple[Start, str] | None:
    """What is started in shell form, and the name of its shell, where both are known."""
    start = entrypoint_of(image)
    if start is None or start.argv is not None or isinstance(image.shell, Unknown):
        return None
    name = posixpath.basename(image.shell[0])
    is_shell = name in SH_LIKE and image.shell[1:] == ("-c",)
    return (start, name) if is_shell else None


def refused_start(image: Image) -> "FailedStep | None":
    """Where the shell refuses what is started, and why."""
    found = _shell_form(image)
    if found is None:
        return None
    start, shell = found
    fault = command_line.parse(start.text).fault
    if fault is None:
        return None
    from gearlint.image.faults import FailedStep

    if not command_line.is_refused(start.text, fault, shell):
        return None
    return FailedStep(start.instruction, start.span_of(*fault.span), fault.message)


def start_lack(image: Image) -> "ShellLack | None":
    """What of bash is in what is started, where its shell is dash."""
    found = _shell_form(image)
    if found is None:
        return None
    from gearlint.image.faults import ShellLack
    from gearlint.image.shell import dash  # late: most gears start something in exec form
    from gearlint.image.shell.command_words import shell_called

    if shell_called(image, found[1]) != "dash":
        return None
    text = found[0].text
    for span, lacking in dash.lacks(text, command_line.parse(text)):
        if lacking.fails:
            place = found[0].span_of(*span)
            return ShellLack(found[0].instruction, place, lacking.what, lacking.instead, fails=True)
    return None
