"""What a shell command line consists of, and what its words become. Knows no grammar."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias

from gearlint.lazy import regex
from gearlint.source import Span
from gearlint.unknown import UNKNOWN, Unknown

Lookup: TypeAlias = Callable[[str], str | Unknown | None]
"""The value of the variable of a name, `None` where it is unset."""

RESERVED = frozenset((
    "if", "then", "elif", "else", "fi", "for", "select", "while", "until", "do", "done",
    "case", "in", "esac", "function", "coproc", "time", "{", "}", "[[", "]]", "!",
))  # fmt: skip
"""The reserved words of bash."""


class Kind(Enum):
    """What a part of a word is."""

    LITERAL = "literal"
    VARIABLE = "variable"  # `$text`, or `${text:-default}` with one of the operators - :- + :+
    TILDE = "tilde"  # the home folder
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


class Field(NamedTuple):
    r"""An argument: its text, and the pattern it is if it holds a glob (a quoted `*` is `\*`).

    The shell puts the files that match in its place, and leaves the text where there are none.
    """

    text: str
    pattern: str | None = None


def expand(word: Word, lookup: Lookup) -> list[Field] | None:
    """The fields that `word` becomes, split at blanks (`IFS` is not looked at); `None`: unknown."""
    literal = word.literal
    if literal is not None and word.parts:
        return [Field(literal)]
    fields: list[Field] = []
    text: list[str] = []
    pattern: list[str] = []
    started = is_glob = False

    def end() -> None:
        nonlocal started, is_glob
        if started:
            fields.append(Field("".join(text), "".join(pattern) if is_glob else None))
        text.clear()
        pattern.clear()
        started = is_glob = False

    for part, of_variable in _resolved(word.parts, lookup):
        if part.kind is Kind.UNKNOWN:
            return None
        if part.quoted or not of_variable:
            text.append(part.text)
            pattern.append(_PATTERN.sub(r"\\\g<0>", part.text) if part.quoted else part.text)
            is_glob = is_glob or part.kind is Kind.GLOB
            started = True
            continue
        if "\\" in part.text or "[" in part.text:
            return None  # whether that quotes or matches, shells do not agree
        for piece in _PIECE.findall(part.text):
            if piece[0] in " \t\n":
                end()
            else:
                text.append(piece)
                pattern.append(piece)
                is_glob = is_glob or _GLOB.search(piece) is not None
                started = True
    end()
    return fields


def value(word: Word, lookup: Lookup) -> str | None:
    """`word` as an assignment's value or a redirection's target, not split; `None`: unknown."""
    text = []
    for part, _ in _resolved(word.parts, lookup):
        if part.kind is Kind.UNKNOWN:
            return None
        text.append(part.text)
    return "".join(text)


def _resolved(parts: tuple[Part, ...], lookup: Lookup) -> Iterator[tuple[Part, bool]]:
    """The parts with the values of variables, and whether each is one; UNKNOWN where it is so."""
    for part in parts:
        if part.kind is Kind.TILDE:
            home = lookup("HOME")
            yield Part(Kind.LITERAL, home, True) if isinstance(home, str) else UNKNOWN_PART, False
        elif part.kind is Kind.VARIABLE:
            found = lookup(part.text)
            if found is UNKNOWN:
                yield UNKNOWN_PART, True
                continue
            is_set = bool(found) if ":" in part.operator else found is not None
            if part.operator[-1:] == ("+" if is_set else "-"):
                if part.quoted:  # a field, even where the default is empty
                    yield Part(Kind.LITERAL, "", True), True
                for default, _ in _resolved(part.default, lookup):
                    yield default, True
            else:
                text = found if is_set and found and part.operator[-1:] != "+" else ""
                yield Part(Kind.LITERAL, text, part.quoted), True
        else:
            yield part, False


_GLOB = regex(r"[*?\[]")
_PATTERN = regex(r"[\\*?\[\]!^-]")  # what may mean something in a pattern
_PIECE = regex(r"[ \t\n]+|[^ \t\n]+")
