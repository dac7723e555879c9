"""Finds the instructions that are words of another one, as a line goes on or no break is there."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.dockerfile.model import ANY_NAME, Instruction

_AFTER = r"(?=[\t ]+[^\s|)=&;<>(])"
_NAME = regex(rf"(?:{ANY_NAME}){_AFTER}")
_GLUED = regex(
    rf"(?<=[}}\])\"'])(?:ADD|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|RUN|WORKDIR){_AFTER}"
    rf"|(?<=[a-z0-9])(?:COPY|ENTRYPOINT|RUN|WORKDIR){_AFTER}"
)
_BEFORE_COMMAND = regex(r"(?:\A|[;&|(]|\{[\t ]|(?<![\w./-])(?:then|else|do|!))[\t ]*\Z")
_JOINS = regex(r"(?:&&|\|\||[;&|])[\t ]*\Z")
_PRINTS = regex(r"(?:\A|[;&|({]|(?<![\w./-])(?:then|else|do))[\t ]*(?:echo|printf)\s[^;&|]*\Z")
_GOES_TO_FILE = regex(r"[>|]")
_NOT_GLUED = ("ARG", "ENV", "LABEL", "MAINTAINER")


class Swallowed(NamedTuple):
    """An instruction's name that is a word of another instruction.

    `at` is where in the joined line; `backslash` is the byte in the file of the character that
    continues the line before it, `None` if it is in the middle of a line. `is_command` if it is
    where a shell command begins.
    """

    name: str
    at: int
    span: Span
    backslash: int | None
    is_command: bool


def swallowed(instruction: Instruction, escape: str) -> list[Swallowed]:
    """The instructions that an instruction has taken for words of its own, in order."""
    inner = instruction.trigger or instruction
    text, start = inner.line.text, inner.value_start
    if instruction.heredocs or inner.is_json or not _NAME.search(text, start):
        return []
    if inner.name == "HEALTHCHECK":  # CMD and NONE are its own
        start = _end_of_word(text, start)
    return list(_found(inner, start, escape))


def joined_before(text: str, start: int, end: int) -> int:
    """Where a part of a command line ends without the `&&` or `;` at its end."""
    match = _JOINS.search(text, start, end)
    return match.start() if match else end


def _end_of_word(text: str, start: int) -> int:
    match = re.compile(r"\S*").match(text, start)
    return match.end() if match else start


def _found(instruction: Instruction, start: int, escape: str) -> Iterator[Swallowed]:
    line, text = instruction.line, instruction.line.text
    is_run = instruction.name == "RUN"
    quoted = _Quotes(text, start, escape)
    for match in islice(_NAME.finditer(text, start), limits.SWALLOWED_INSTRUCTIONS):
        at = match.start()
        if quoted.at(at):
            continue
        before = text[start:at]
        first_of_line = _start_of_line(instruction, at)
        is_command = is_run and _BEFORE_COMMAND.search(before) is not None
        if is_command and re.search(rf"\b{match[0]}[\t ]*\(", text):
            continue  # a function
        is_glued = instruction.name not in _NOT_GLUED and _GLUED.match(text, at) is not None
        if not (is_command or first_of_line or is_glued):
            continue
        if is_run and not is_command and _PRINTS.search(before):
            is_at_margin = first_of_line == at and not _GOES_TO_FILE.search(text, at)
            if not is_at_margin:
                continue
        yield Swallowed(
            match[0],
            at,
            line.span(*match.span()),
            line.span(first_of_line - 1, first_of_line).end if first_of_line else None,
            is_command,
        )


def _start_of_line(instruction: Instruction, at: int) -> int:
    """Where in the joined line the line of the file begins of which `at` is the first word.

    0 if it is not the first word, or that of the first line.
    """
    line = instruction.line
    start = line.starts[bisect_right(line.starts, at) - 1]
    return 0 if line.text[start:at].strip("\t ") else start


class _Quotes:
    """Which parts of a text are in quotes. What follows a `#` is not."""

    def __init__(self, text: str, start: int, escape: str) -> None:
        self._text = text
        self._escape = escape
        self._at = start
        self._quote = ""
        self._is_comment = False

    def at(self, at: int) -> bool:
        """Whether an offset is in quotes. Must be asked from left to right."""
        while self._at < at:
            char = self._text[self._at]
            if self._is_comment:
                break
            if char == self._escape and self._quote != "'":
                self._at += 1
            elif self._quote:
                if char == self._quote:
                    self._quote = ""
            elif char in "'\"":
                self._quote = char
            elif char == "#" and self._text[self._at - 1] in "\t ":
                self._is_comment = True
            self._at += 1
        return bool(self._quote)
