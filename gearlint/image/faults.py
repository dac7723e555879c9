"""What is wrong with the build of an image."""

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.image.nodes import File
from gearlint.syntax.dockerfile import Instruction, Word


class FailedStep(NamedTuple):
    """A step of the build that certainly fails: the instruction, where in it, and why.

    `path` is the file that is missing when the step runs, if that is the reason, and
    `is_of_input` whether it is that of a `< FILE`; `advice` is what to do, if the message does not
    say it; `word` is the argument with one `=` instead of two.
    """

    instruction: Instruction
    span: Span
    message: str
    path: str = ""
    advice: str = ""
    word: str = ""
    is_of_input: bool = False


class MissingSource(NamedTuple):
    """A source of COPY or ADD that is not in the build context.

    `is_ignored` says that the ignore file leaves it out. `link` is the link that it is, or that is
    on the way to it, if that leads to nothing, and `target` where it leads, as written.
    """

    instruction: Instruction
    word: Word
    source: str
    is_ignored: bool
    link: str = ""
    target: str = ""


class ShellLack(NamedTuple):
    """Something in a RUN that bash has and dash, which runs it, has not.

    `what` goes on after "dash", `instead` says what to write; `fails` is whether the build
    certainly fails for it.
    """

    instruction: Instruction
    span: Span
    what: str
    instead: str
    fails: bool


class UnsetVariable(NamedTuple):
    """A variable in a word that Docker expands, which is not set there.

    `span` is where it is written. `known` are the variables that are set there, `is_certain` says
    that the base image does not set it either. With `is_called` it is set, and not read, as it is
    written like a command, `$(X)`.
    """

    instruction: Instruction
    span: Span
    name: str
    known: frozenset[str]
    is_certain: bool
    is_called: bool = False


def slash_missing(path: str, file: File) -> str:
    """What to do about a file that is where a directory has to be; empty if it is of no COPY."""
    if file.origin is None:
        return ""
    return f"write {path}/ in line {file.line}, which takes it for the name of a file"
