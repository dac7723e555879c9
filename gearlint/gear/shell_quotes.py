"""Quotes of a shell script that make another thing of a word than it looks like."""

import posixpath
from collections.abc import Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import brief_line
from gearlint.syntax.shell.assignments import names_set
from gearlint.syntax.shell.model import Command, Kind, Word

_TRANSLATED = regex(r"\$\"([A-Za-z_]\w*+)\"")
_PLAIN_WORD = regex(r"(?:\"(?:[^\"\\`$]|\$\w+|\$\{\w+\})*+\"|[\w./${}-])++\Z")
"""A word of texts and variables, a part of it in double quotes."""
_IN_QUOTES = regex(r"\"([^\"]*+)\"")
_STARRED = regex(r"\*[\w.*-]*+")
_TAKE_FILES = frozenset((
    "cat", "chmod", "chown", "cp", "gunzip", "gzip", "ln", "ls", "mv", "rm", "tar", "touch", "wc",
    "zip",
))  # fmt: skip
"""Programs that take names of files as they are."""
_MAKES_ARCHIVE = {
    "tar": regex(r"-?[A-Zabd-z]*+c[A-Za-z]*+\Z"),
    "zip": regex(r"-[0-9jmqruTy]+\Z|[^-]"),
}
"""The first word of those that do so only where they make an archive."""
_WITH_PATTERNS = regex(r"-[A-Za-z0-9]*[diRx]\Z|--")
"""An option of zip that patterns come after."""
_NO_STAR = "the shell expands no * in quotes"


class MisplacedQuotes(NamedTuple):
    """A part of a script, what is wrong with its quotes, and what is meant instead."""

    span: Span
    message: str
    meant: str


def translated_names(text: str, commands: Sequence[Command]) -> Iterator[MisplacedQuotes]:
    """Each `$"name"` with the name of a variable that the script sets."""
    names = names_set(commands)
    for command in commands:
        for word in (*command.words, *(each.value for each in command.assignments)):
            written = text[slice(*word.span)]
            for part in word.parts if '$"' in written else ():
                match = _TRANSLATED.fullmatch(part.text) if part.kind is Kind.UNKNOWN else None
                if match is None or match[1] not in names or written.count(match[0]) != 1:
                    continue
                start = word.span.start + written.index(match[0])
                message = f'{match[0]} is the text "{match[1]}", and not the variable'
                yield MisplacedQuotes(Span(start, start + len(match[0])), message, f'"${match[1]}"')


def quoted_globs(text: str, commands: Sequence[Command]) -> Iterator[MisplacedQuotes]:
    """Each word as `"$directory/*"` that a program takes for the name of a file, or a loop does."""
    functions = {command.function for command in commands}
    lists: dict[Span, str] = {}
    left: set[str] = (
        set()
    )  # variables of loops that are expanded without quotes, where the glob works
    for command in commands:
        name = posixpath.basename(command.name or "")
        if name in _TAKE_FILES - functions:
            for word in _files(name, command, text):
                message = f"{_NO_STAR}: {name} gets a name with a star"
                yield MisplacedQuotes(word.span, message, _meant(text[slice(*word.span)]))
        for repeat in command.repeats:
            lists.update({word.span: repeat.variable for word in repeat.values})
        parts = (part for word in command.words for part in word.parts)
        left.update(part.text for part in parts if part.kind is Kind.VARIABLE and not part.quoted)
    for span, variable in lists.items():
        written = text[slice(*span)]
        if variable not in left and _is_quoted_glob(written):
            yield MisplacedQuotes(
                span, f"{_NO_STAR}: the loop gets a name with a star", _meant(written)
            )


def _files(name: str, command: Command, text: str) -> Iterator[Word]:
    """The words of a command that are quoted globs where it takes names of files."""
    words = [text[slice(*word.span)] for word in command.words]
    makes = _MAKES_ARCHIVE.get(name)
    if makes is not None:
        if len(words) < 2 or makes.match(words[1]) is None:
            return
        if any(map(_WITH_PATTERNS.match, words[2:])) and name == "zip":
            return
    for word, written, before in zip(command.words[1:], words[1:], words, strict=False):
        is_value = makes is not None and before.startswith("-")
        if not is_value and not written.startswith("-") and _is_quoted_glob(written):
            yield word


def _is_quoted_glob(word: str) -> bool:
    if "*" not in word or _PLAIN_WORD.match(word) is None:
        return False
    return any("*" in part.partition("/")[2] for part in _IN_QUOTES.findall(word))


def _meant(word: str) -> str:
    """A word with what is from its stars on outside of the quotes."""
    return brief_line(_STARRED.sub(r'"\g<0>"', word).replace('""', ""))
