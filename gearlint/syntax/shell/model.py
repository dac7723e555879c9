"""What a shell command line consists of: commands, their words, the parts of a word.

Knows no grammar. All spans are in characters (0-based) of the text that was parsed.
"""

from enum import Enum

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span

TESTS = ("[", "[[", "test")
"""The names of the commands that test something."""


class Kind(Enum):
    """What a part of a word is."""

    LITERAL = "literal"
    VARIABLE = "variable"  # `$text`, or `${text:-default}`; the operators are - :- + :+ % %% # ##
    TILDE = "tilde"  # the home directory
    GLOB = "glob"  # one of * ? [
    BRACES = "braces"  # before the others: the word has {a,b}, which bash expands and sh does not
    UNKNOWN = "unknown"  # known only when it runs; `text` is its source


class Part(NamedTuple):
    """A piece of a word; `quoted` if it is neither split into fields nor read as a glob.

    `operator` and `default` are those of a variable `${text:-default}`.
    """

    kind: Kind
    text: str
    quoted: bool = False
    operator: str = ""
    default: tuple["Part", ...] = ()


UNKNOWN_PART = Part(Kind.UNKNOWN, "")


class Word(NamedTuple):
    """One word: its parts, without the quotes, and its span."""

    parts: tuple[Part, ...]
    span: Span

    @property
    def literal(self) -> str | None:
        """The word as the command gets it; `None` if that depends on an expansion."""
        text = ""
        for part in self.parts:
            if part.kind is not Kind.LITERAL:
                return None
            text += part.text
        return text

    @property
    def has_braces(self) -> bool:
        """Whether it has an `{a,b}`, which not every shell expands."""
        return bool(self.parts) and self.parts[0].kind is Kind.BRACES


class Assignment(NamedTuple):
    """`name=value` before a command; `span` covers both."""

    name: str
    value: Word
    span: Span


class Redirection(NamedTuple):
    """`operator target`; `descriptor` is the number (or `{name}`) before it, or empty.

    For a here-document (`<<`, `<<-`) the target is the delimiter, and `document` the text of its
    lines, `None` where that depends on an expansion.
    """

    operator: str
    descriptor: str
    target: Word
    document: str | None = None


class Reach(Enum):
    """When a command runs, if no command before it has ended the line."""

    ALWAYS = "always"
    IF_SUCCEEDED = "if succeeded"  # if what comes before its && succeeded
    MAYBE = "maybe"  # after ||, in if, while, for, case, functions, $(...), before & and |


class Repeat(NamedTuple):
    """A loop, a function, or a branch of an `if`, that a command is in.

    `variable` is that of `for`, else empty, and `values` the words that it takes. `names` are the
    variables that the loop sets, `moves` is whether it may change the directory: what they are
    depends on the rounds before. A function runs when it is called: then any variable may be
    another (`is_function`). A branch runs if the `tests` had the results given with them; a test
    is `None` where it is not a simple command.
    """

    variable: str = ""
    values: tuple[Word, ...] = ()
    names: frozenset[str] = frozenset()
    moves: bool = False
    is_function: bool = False
    tests: tuple[tuple["Command | None", bool], ...] = ()


class Command:
    """A simple command: its assignments, words and redirections; any of these may be empty.

    The redirections of a compound command (`{ ...; } > file`) are a command without words, after
    its commands. `[[ ... ]]` is a simple command; `(( ... ))` is left out.

    `must_succeed` is true if the whole line fails when the command fails. A command that is
    IF_SUCCEEDED and `must_succeed` has therefore run, and succeeded, if the whole line has.
    `shell` is 0 for the shell itself and another number for each copy of it (subshell, part of a
    pipeline, `$(...)`); `cd` and assignments have no effect outside of their copy.
    `repeats` are the loops, functions and branches that it is in, from the outermost; `function` is
    the name of the function whose body it is in. `inner_reach` is when it is reached in a turn of
    its loops, or in a call: IF_SUCCEEDED where that is so for the loop if the whole line has
    succeeded.
    `input` is the command of a pipeline whose output it reads, if that is a simple one. `span` does
    not include the bodies of here-documents.
    """

    __slots__ = (
        "assignments", "function", "inner_reach", "input", "must_succeed", "reach", "redirections",
        "repeats", "shell", "span", "words",
    )  # fmt: skip

    def __init__(self, start: int, shell: int) -> None:
        self.assignments: list[Assignment] = []
        self.words: list[Word] = []
        self.redirections: list[Redirection] = []
        self.input: Command | None = None
        self.function = ""
        self.inner_reach = Reach.ALWAYS
        self.reach = Reach.ALWAYS
        self.must_succeed = True
        self.repeats: tuple[Repeat, ...] = ()
        self.shell = shell
        self.span = Span(start, start)

    @property
    def is_reached(self) -> bool:
        """Whether it runs, or the whole line fails before."""
        is_after_others = self.reach is Reach.IF_SUCCEEDED and self.must_succeed
        return is_after_others or self.reach is Reach.ALWAYS

    @property
    def is_always(self) -> bool:
        """Whether the shell itself runs it, or the whole line fails before."""
        return self.is_reached and self.shell == 0

    @property
    def name(self) -> str | None:
        """The first word, `None` if there is none or it is not certain."""
        return self.words[0].literal if self.words else None


class Lack(Enum):
    """What a plain `sh` makes of something that bash has and POSIX has not."""

    REFUSED = "refused"  # the whole text is a syntax error
    STOPS = "stops"  # the shell stops where it expands it
    DIFFERS = "differs"  # it means something else


class Extension(NamedTuple):
    """Something of bash that POSIX has not: its span, how it is called, and what `sh` does."""

    span: Span
    name: str
    lack: Lack


class Fault(NamedTuple):
    """What bash certainly refuses: its span, and what is wrong.

    `command` is the character at which the outermost command begins that it is in: a shell reads
    the whole of that before it runs any of it.
    """

    span: Span
    message: str
    command: int = 0


class CommandList(NamedTuple):
    """The commands in the order in which they start, those of `$(...)` before their command.

    If not `known`, anything may run. `fault` is set if bash refuses the text. `extensions` are what
    only bash has, commands of its own and braces left out; they are known where the commands are.
    `outers` has, at the number of each copy of the shell, that of the shell that it is a copy of.
    """

    commands: tuple[Command, ...]
    known: bool = True
    fault: Fault | None = None
    extensions: tuple[Extension, ...] = ()
    outers: tuple[int, ...] = (0,)
