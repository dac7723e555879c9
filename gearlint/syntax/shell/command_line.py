"""Reading a shell command line: its commands, their words. Knows no files, images or gears.

Read is the grammar of `sh` with what `bash` adds; where the two mean different things, a word is
unknown. A list that cannot be read for certain is not known, and holds no command.
"""

from functools import lru_cache

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.shell.model import RESERVED, Command, CommandList, Fault, Kind, Part, Word

MAX_CHARACTERS = 20_000
"""A longer text is not read; it takes about a quarter of a second to read one of this size."""

_UNBROKEN = regex(r"[^ \t]+")
_SPECIAL = regex(r"[^\S \t]|[\x00-\x08\x0e-\x1f\x7f|&;<>()$`\"'\\*?\[\]#~{}!]")
_SHELL_ONLY = RESERVED | frozenset((
    ".", ":", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen",
    "complete", "compopt", "continue", "declare", "dirs", "disown", "enable", "eval", "exec",
    "exit", "export", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "let",
    "local", "logout", "mapfile", "popd", "pushd", "read", "readarray", "readonly", "return",
    "set", "shift", "shopt", "source", "suspend", "times", "trap", "type", "typeset",
    "ulimit", "umask", "unalias", "unset", "wait",
))  # fmt: skip


@lru_cache(maxsize=16)  # several rules read one line
def parse(text: str, errexit: bool = False) -> CommandList:
    """The commands of `text`, as `sh -c` or `bash -c` reads it (`-e` too if `errexit`)."""
    if words_of(text) is not None:
        return CommandList((_one_command(text),))
    if len(text) > MAX_CHARACTERS:
        return CommandList((), known=False)
    from gearlint.syntax.shell import parser  # late: most command lines are plain

    return parser.read(text, errexit)


def syntax_error(text: str) -> Fault | None:
    """Why `bash -c` refuses `text`; `None` where it does not, or that is not certain."""
    return parse(text).fault


def is_plain(text: str) -> bool:
    """Whether `text` is nothing but a program and its arguments, separated by spaces.

    Then `text.split()` are the words, and the program starts the same without a shell. What only
    a shell can do (`cd`, `source`, `exec`) is not a program.
    """
    if _SPECIAL.search(text):
        return False
    first = text.split(None, 1)[:1]
    return bool(first) and "=" not in first[0] and first[0] not in _SHELL_ONLY


def words_of(text: str) -> list[str] | None:
    """The words of a text that is one simple command, in which each word stands for itself.

    `None` for any other text: `parse` tells what that is. Most lines are as simple as that, and
    read so in a tenth of the time.
    """
    if len(text) > MAX_CHARACTERS or _SPECIAL.search(text) or "alias" in text or "shopt" in text:
        return None
    words = text.split()
    return None if not words or "=" in words[0] or words[0] in RESERVED else words


def _one_command(text: str) -> Command:
    words = [
        Word((Part(Kind.LITERAL, found[0]),), Span(*found.span()))
        for found in _UNBROKEN.finditer(text)
    ]
    command = Command(words[0].span.start, 0)
    command.words = words
    command.span = Span(words[0].span.start, words[-1].span.end)
    return command
