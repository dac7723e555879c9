"""Parses a shell command line: its commands and their words. Knows no files, images or gears.

The grammar is that of `sh` with the additions of `bash`; where the two differ, a word is unknown.
A command line that cannot be parsed with certainty is not known, and has no commands.
"""

from collections.abc import Iterator, Sequence

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex
from gearlint.core.source import Span

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.model import Command, CommandList, Fault

RESERVED = frozenset((
    "if", "then", "elif", "else", "fi", "for", "select", "while", "until", "do", "done",
    "case", "in", "esac", "function", "coproc", "time", "{", "}", "[[", "]]", "!",
))  # fmt: skip
"""The reserved words of bash."""
SH_LIKE = ("ash", "bash", "dash", "sh")
"""The shells whose grammar this is, but for what `may_read_otherwise`."""
SHELLS = (*SH_LIKE, "ksh", "zsh")
"""Those and others that take a script, or a command line after `-c`."""
_SPECIAL = frozenset("|&;<>()$`\"'\\*?[]#~{}!\x7f").union(map(chr, range(0x20))) - {"\t"}
_SHELL_ONLY = RESERVED | frozenset((
    ".", ":", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
    "complete", "compopt", "continue", "declare", "dirs", "disown", "enable", "eval", "exec",
    "exit", "export", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "let",
    "local", "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly", "return",
    "set", "shift", "shopt", "source", "suspend", "times", "trap", "type", "typeset",
    "ulimit", "umask", "unalias", "unset", "wait",
))  # fmt: skip
_ENDS_EARLY = regex(r"(?m)(?<![\w.])(?:eval|exec|exit|return|source)(?![\w.(=])|^[ \t]*\.\s")
_WITH_TEXT = regex(r"-[a-z]*c\Z")
_BASH_ONLY = regex(r"\[\[|\]\]|\bfunction\b|\(\s*\)(?!\s*\{\s)|\$\(\((?![^()'\"`\\]*\)\))")
"""What bash reads in a way of its own: dash may not refuse it."""


_PARSED: "dict[tuple[str, bool], CommandList]" = {}
"""What was parsed last, the newest at the end: several rules read one text."""
_KEPT = Budget(limits.PARSED_SHELL_CHARACTERS)
_OVERHEAD = 1000  # characters, for what is kept besides


def parse(text: str, errexit: bool = False) -> "CommandList":
    """The commands of `text`, as `sh -c` or `bash -c` runs it, with `-e` if `errexit`.

    All spans are in characters (0-based) of `text`.
    """
    if len(text) > limits.SHELL_CHARACTERS:
        return _parse(text, errexit)
    found = _PARSED.pop((text, errexit), None)
    if found is None:
        found = _parse(text, errexit)
        _KEPT.spend(len(text) + _OVERHEAD)
        while _KEPT.is_spent:
            oldest = next(iter(_PARSED))
            del _PARSED[oldest]
            _KEPT.spend(-len(oldest[0]) - _OVERHEAD)
    _PARSED[text, errexit] = found
    return found


def run_before_end(text: str) -> "Iterator[Command]":
    """The commands of a script, up to where it certainly ends: what comes next may be none."""
    from gearlint.syntax.shell.model import Reach

    for command in parse(text).commands:
        if command.name in ("exec", "exit") and command.reach is Reach.ALWAYS and not command.shell:
            return
        yield command


def _parse(text: str, errexit: bool) -> "CommandList":
    from gearlint.syntax.shell.model import CommandList

    if words_of(text) is not None:
        return CommandList((_one_command(text),))
    if len(text) > limits.SHELL_CHARACTERS:
        return CommandList((), known=False)
    from gearlint.syntax.shell import parser  # late: most command lines are plain

    return parser.read(text, errexit)


def syntax_error(text: str) -> "Fault | None":
    """Why `bash -c` refuses `text`; `None` if it does not, or that is not certain."""
    return None if words_of(text) is not None else parse(text).fault


def is_sh_like(program: str) -> bool:
    """Whether a program, by its name or path, is a shell whose grammar this is."""
    directory, _, name = program.rpartition("/")
    return name in SH_LIKE and directory in ("", "/bin", "/usr/bin")


def text_of(argv: Sequence[str]) -> str | None:
    """The text of `bash -c TEXT`, with other letters before the `c` or none; `None` for others."""
    is_text = len(argv) == 3 and is_sh_like(argv[0]) and _WITH_TEXT.match(argv[1]) is not None
    return argv[2] if is_text else None


def may_read_otherwise(shell: str, text: str) -> bool:
    """Whether a shell may accept what bash refuses: it reads some words in its own way."""
    return shell != "bash" and _BASH_ONLY.search(text) is not None


def may_end_within(text: str) -> bool:
    """Whether a shell may end in the middle of `text`, and never read what follows."""
    return _ENDS_EARLY.search(text) is not None


def is_refused(text: str, fault: "Fault", shell: str) -> bool:
    """Whether a shell refuses a text that bash refuses, and has not ended before it."""
    return not (may_end_within(run_before(text, fault)) or may_read_otherwise(shell, text))


def run_before(text: str, fault: "Fault") -> str:
    """What a shell runs before it comes to a fault: it reads a whole line, or command, at once."""
    return text[: text.rfind("\n", 0, fault.command) + 1]


def is_plain(text: str) -> bool:
    """Whether `text` is only a program and its arguments, separated by spaces.

    Then `text.split()` gives the words, and the program starts the same without a shell. What only
    a shell can do (`cd`, `source`, `exec`) is not a program.
    """
    if _has_special(text):
        return False
    first = text.split(None, 1)[:1]
    return bool(first) and "=" not in first[0] and first[0] not in _SHELL_ONLY


def words_of(text: str) -> list[str] | None:
    """The words of a text that is one simple command without quotes or expansions.

    `None` for any other text, which takes `parse`. Most lines are that simple, and split in a tenth
    of the time that `parse` needs.
    """
    is_long = len(text) > limits.SHELL_CHARACTERS
    if is_long or _has_special(text) or "alias" in text or "shopt" in text:
        return None
    words = text.split()
    return None if not words or "=" in words[0] or words[0] in RESERVED else words


def _has_special(text: str) -> bool:
    """Whether a text has a character that is not plain in a shell, or a space of another kind."""
    if not _SPECIAL.isdisjoint(text):
        return True
    return not text.isascii() and any(char.isspace() and char not in " \t" for char in text)


def spans_of(text: str) -> list[Span]:
    """Where the words of such a text are, in characters."""
    spans: list[Span] = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append(Span(start, at))
    return spans


def _one_command(text: str) -> "Command":
    from gearlint.syntax.shell.model import Command, Kind, Part, Word

    words = [Word((Part(Kind.LITERAL, text[slice(*span)]),), span) for span in spans_of(text)]
    command = Command(words[0].span.start, 0)
    command.words = words
    command.span = Span(words[0].span.start, words[-1].span.end)
    return command
