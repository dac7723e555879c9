"""Variables in the words of a Dockerfile, as Docker substitutes them.

Follows BuildKit's own lexer (moby/buildkit, frontend/dockerfile/shell). Knows nothing of files.
"""

from collections.abc import Callable

from gearlint.core.unknown import Unknown

Lookup = Callable[[str], str | Unknown | None]
"""From a variable's name to its value: `None` if it is unset, `UNKNOWN` if that is not known."""


class RefusedError(Exception):
    """BuildKit's parser or lexer refuses a text; the message says why, `help` what to do."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


def unset(name: str) -> None:
    """A lookup in which every variable is unset."""
    return


def expand(word: str, lookup: Lookup, escape: str = "\\", quotes: bool = True) -> str | None:
    """`word` as Docker substitutes it: variables replaced, quotes and escapes removed.

    `escape` is the Dockerfile's escape character. With `quotes=False` quotes are kept, as in the
    here-documents of COPY and ADD. Returns `None` if the result depends on something unknown, or
    if Docker refuses the word.
    """
    if "$" not in word and "'" not in word and '"' not in word and escape not in word:
        return word
    from gearlint.syntax.lexer import Lexer

    try:
        return Lexer(word, lookup, escape, quotes=quotes).until("")
    except (RefusedError, RecursionError):
        return None
