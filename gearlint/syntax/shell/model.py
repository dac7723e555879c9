"""What a shell command line consists of. Knows no grammar."""

from enum import Enum
from typing import NamedTuple

from gearlint.core.source import Span

RESERVED = frozenset((
    "if", "then", "elif", "else", "fi", "for", "select", "while", "until", "do", "done",
    "case", "in", "esac", "function", "coproc", "time", "{", "}", "[[", "]]", "!",
))  # fmt: skip
"""The reserved words of bash."""


class Kind(Enum):
    """What a part of a word is."""

    LITERAL = "literal"
    VARIABLE = "variable"  # `$text`, or `${text:-default}` with one of the operators - :- + :+
    TILDE = "tilde"  # the home directory
    GLOB = "glob"  # one of * ? [
    UNKNOWN = "unknown"  # what only running it could tell; `text` is its source


class Part(NamedTuple):
    """A piece of a word; `quoted` where it is neither split into fields nor read as a glob."""

    kind: Kind
    text: str
    quoted: bool = False
    operator: str = ""
    default: tuple["Part", ...] = ()


UNKNOWN_PART = Part(Kind.UNKNOWN, "")


class Word(NamedTuple):
    """One word: its parts, without the quotes, and its span in characters of the text."""

    parts: tuple[Part, ...]
    span: Span

    @property
    def literal(self) -> str | None:
        """The word as the command gets it; `None` where an expansion has a say in that."""
        text = ""
        for part in self.parts:
            if part.kind is not Kind.LITERAL:
                return None
            text += part.text
        return text


class Assignment(NamedTuple):
    """`name=value` before a command; the span is that of the whole."""

    name: str
    value: Word
    span: Span


class Redirection(NamedTuple):
    """`operator target`, with the number (or `{name}`) before it as `descriptor`.

    Of a here-document (`<<`, `<<-`) the target is the delimiter, and `body` the span of its lines.
    """

    operator: str
    descriptor: str
    target: Word
    body: Span | None = None


class Reach(Enum):
    """When a command is reached, provided that no command before it has ended the line."""

    ALWAYS = "always"
    IF_SUCCEEDED = "if succeeded"  # if what stands before its && succeeded
    MAYBE = "maybe"  # after ||, in if, while, for, case, functions, pipelines, subshells, before &


class Command:
    """A simple command: assignments, words and redirections, each possibly none of them.

    The redirections of a compound command (`{ ...; } > file`) stand after its commands, as a
    command without words. `[[ ... ]]` counts as a simple command, `(( ... ))` as none.

    `must_succeed`: if it fails, so does the whole line. A command that is IF_SUCCEEDED and
    `must_succeed` has therefore run, and succeeded, if the line as a whole has.
    `shell` is 0 for the shell itself and another number for each copy of it (subshell, part of a
    pipeline, `$(...)`): what `cd` and assignments do there ends with it.
    `span` is in characters of the text, without the bodies of here-documents.
    """

    __slots__ = (
        "assignments", "must_succeed", "reach", "redirections", "shell", "span", "words",
    )  # fmt: skip

    def __init__(self, start: int, shell: int) -> None:
        self.assignments: list[Assignment] = []
        self.words: list[Word] = []
        self.redirections: list[Redirection] = []
        self.reach = Reach.ALWAYS
        self.must_succeed = True
        self.shell = shell
        self.span = Span(start, start)

    @property
    def name(self) -> str | None:
        """The first word, where it is certain."""
        return self.words[0].literal if self.words else None


class Fault(NamedTuple):
    """A certain syntax error: its span in characters of the text, and what is wrong."""

    span: Span
    message: str


class CommandList(NamedTuple):
    """The commands in the order in which they start, those of `$(...)` before their command.

    Where not `known`, anything may run. `fault` is set where bash refuses the text.
    """

    commands: tuple[Command, ...]
    known: bool = True
    fault: Fault | None = None
