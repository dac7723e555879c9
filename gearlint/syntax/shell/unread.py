"""Finds the words after the command of `bash -c`, which the command does not get."""

import posixpath
from collections.abc import Iterator, Sequence
from itertools import takewhile

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.shell import command_line

_BARE = regex(r"[\w./=:,@%+-]+\Z")
"""A word with nothing that a shell reads."""
_NAMES = frozenset(("-", "--", "_", "{}", *command_line.SHELLS))
"""What is written for `$0`, before what is meant to be `$1`."""


class UnreadWords(NamedTuple):
    """Of the words `meant`, a shell runs the first alone, `command`, as they are after its `-c`.

    `option` is the shell with its options. `span` is from the first word to the last.
    """

    option: str
    command: str
    meant: str
    span: Span


def in_text(text: str) -> Iterator[UnreadWords]:
    """Such words of the commands of a text; the spans are characters of it."""
    for command in command_line.parse(text).commands:
        found = in_words([(word.literal or "", word.span) for word in command.words])
        if found is not None:
            yield found


def in_words(words: Sequence[tuple[str, Span]]) -> UnreadWords | None:
    """Such words of one command, each with its span; an empty word is not known."""
    texts = [text for text, _ in words]
    options = [*takewhile(lambda text: text.startswith("-"), texts[1:])]
    if not options or posixpath.basename(texts[0]) not in command_line.SHELLS:
        return None
    rest = texts[1 + len(options) :]
    is_command = options[-1].endswith("c") and not options[-1].startswith("--")
    if not is_command or len(rest) < 2 or rest[1] in _NAMES or not all(map(_BARE.match, rest)):
        return None
    span = Span(words[-len(rest)][1].start, words[-1][1].end)
    return UnreadWords(" ".join((texts[0], *options)), rest[0], " ".join(rest), span)
