"""One instruction of a Dockerfile: from a joined line to its name, flags and arguments.

Follows BuildKit's `line_parsers.go` and `split_command.go`. Reads lines with one character for each
byte (Latin-1); what it returns is decoded as UTF-8, other bytes as lone surrogates.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.text import quoted
from gearlint.syntax.dockerfile.model import (
    INSTRUCTIONS,
    Flag,
    Instruction,
    Line,
    Pair,
    Word,
    decoded,
    encoded,
)

# What Go counts as a space: in a string of bytes, and (in UTF-8) in a text.
_ASCII_SPACE = "\t\n\v\f\r "
_BYTE_SPACE = _ASCII_SPACE + "\x85\xa0"
_WIDE_SPACE = (
    r"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
)
SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_SPACES = regex(rf"(?:[\t-\r ]|{_WIDE_SPACE})*+")
_SEPARATOR = regex(r"[\t\v\f\r ]+")
_WORD = regex(r"[^\t\v\f\r ]+")

_JSON_ITEM = regex(r'[\t\n\r ]*+("(?:[^"\\\x00-\x1f]|\\.)*+")?[\t\n\r ]*+([,\]])')
"""A string of a JSON array, or none, and what comes after it. Its escapes may not be valid."""
_TAKES_JSON = ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME")
_TAKES_LIST = ("ADD", "COPY", "EXPOSE", "FROM", "VOLUME")


class InstructionParser:
    """Parses the instructions of one Dockerfile, whose escape character is `escape`.

    `report` is called with what BuildKit refuses: a span, a message and a help. All offsets are
    character offsets into a joined line.
    """

    def __init__(self, escape: str, report: Callable[[Span, str, str], None]) -> None:
        self.escape = escape
        self.report = report
        self.words = Budget(limits.DOCKERFILE_WORDS)

    def parse(self, line: Line) -> Instruction:
        """The instruction in a joined line; its line numbers and here-documents are not set.

        Raises TooMuchError once all instructions together have too many words.
        """
        return self.instruction(line, 0, len(line.text))

    def instruction(self, line: Line, start: int, end: int, outer: bool = True) -> Instruction:
        """The instruction in part of a line; `outer` is false for the trigger of an ONBUILD."""
        text = line.text
        start, end = trimmed(text, start, end)
        name_end = _match_end(_WORD, text, start, end)
        name = decoded(text[start:name_end])
        instruction = Instruction(name.upper() if name.isascii() else name, line, start, name_end)
        at = self.read_flags(instruction, name_end, end)
        at, end = trimmed(text, at, end)
        instruction.value_start = at
        instruction.value = decoded(text[at:end])
        if at < end:
            self.read_arguments(instruction, at, end, outer)
        return instruction

    def read_flags(self, instruction: Instruction, at: int, end: int) -> int:
        """Read the `--flags` after `at` and spaces; return where the rest begins.

        BuildKit reads bytes here: it takes what is not ASCII in a flag for Latin-1.
        """
        text = instruction.line.text
        while True:
            while at < end and text[at] in _BYTE_SPACE:
                at += 1
            if not text.startswith("--", at, end):
                return at
            flag, stop = _flag(text, at, end, self.escape)
            if flag == "--":
                return stop
            name, equals, value = flag.partition("=")
            span = instruction.line.span(at, stop)
            instruction.flags.append(Flag(name[2:], value if equals else None, span))
            at = stop

    def read_arguments(self, instruction: Instruction, at: int, end: int, outer: bool) -> None:
        """Read the arguments between two offsets, in the form that the instruction takes."""
        name, line = instruction.name, instruction.line
        if name in ("ARG", "ENV", "LABEL"):
            self.read_pairs(instruction, at, end)
        elif name == "ONBUILD":
            # Only one level: a chain of them is refused anyway, and may be deeper than the stack.
            instruction.trigger = self.instruction(line, at, end, outer=False) if outer else None
        elif name == "HEALTHCHECK":
            stop = next((i for i in range(at, end) if line.text[i] in _BYTE_SPACE), end)
            instruction.words.append(self.word(line, at, stop))
            at = next((i for i in range(stop, end) if line.text[i] not in _BYTE_SPACE), end)
            if at < end and not self.read_json(instruction, at, end):
                instruction.words.append(self.word(line, at, end))
        elif name in _TAKES_JSON and self.read_json(instruction, at, end):
            return
        elif name in _TAKES_LIST:
            for match in _WORD.finditer(line.text, at, end):
                instruction.words.append(self.word(line, *match.span()))
        elif name in INSTRUCTIONS:
            instruction.words.append(self.word(line, at, end))

    def word(self, line: Line, start: int, end: int, text: str | None = None) -> Word:
        """The word in a range of a line; `text` is its text where it is written differently.

        Raises TooMuchError after too many words.
        """
        self.words.require(1)
        text = decoded(line.text[start:end]) if text is None else text
        return Word(text, line.span(start, end))

    def read_json(self, instruction: Instruction, at: int, end: int) -> bool:
        """Read the exec form; return whether it is one. BuildKit reads all else as shell form."""
        line = instruction.line
        at = end_of_spaces(line.text, at, end)
        if not line.text.startswith("[", at, end):
            return False
        strings = _json_strings(line.text, at, end)
        if strings is None and not _is_json(decoded(line.text[at:end])):
            return False
        if strings is None:
            message = f"{instruction.name} with a JSON array that holds other than strings"
            self.report(line.span(at, end), message, "put every element in double quotes")
        instruction.is_json = True
        instruction.words += [self.word(line, at, end, text) for text, at, end in strings or ()]
        return True

    def read_pairs(self, instruction: Instruction, at: int, end: int) -> None:
        """Read the keys and values of ARG, ENV or LABEL."""
        name, line = instruction.name, instruction.line
        words = self.split_quoted(line.text, at, end)
        first = next(words, None)
        if first is None:
            return
        if name != "ARG" and "=" not in line.text[slice(*first)]:
            spaces = _SEPARATOR.search(line.text, at, end)
            if spaces is None:
                message = f"{name} needs a name and a value"
                self.report(line.span(at, end), message, f"write {name} NAME=value")
                return
            key, value = self.word(line, at, spaces.start()), self.word(line, spaces.end(), end)
            instruction.pairs.append(Pair(key, value))
            return
        for start, stop in chain((first,), words):
            equals = line.text.find("=", start, stop)
            if name == "ARG":
                instruction.words.append(self.word(line, start, stop))
            elif equals < 0:
                word = self.word(line, start, stop)
                message = f"{name} {quoted(word.text)} has no ="
                advice = "put a value with spaces in double quotes"
                last = instruction.pairs[-1]
                if last.value is not None and not last.value.text:
                    advice = f"write {last.key.text}={word.text}"
                if word.text.startswith("#"):
                    advice = "put the comment on a line of its own"
                self.report(word.span, message, advice)
                return
            key = self.word(line, start, stop if equals < 0 else equals)
            assigned = None if equals < 0 else self.word(line, equals + 1, stop)
            instruction.pairs.append(Pair(key, assigned))

    def split_quoted(self, text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
        """The ranges of the words of ARG, ENV or LABEL, split at spaces outside of quotes."""
        pattern = _quoted_word(self.escape)
        while match := pattern.match(text, end_of_spaces(text, at, end), end):
            at = match.end()
            stop = at - 1 if match.lastindex else at
            if stop > match.start():
                yield match.start(), stop


@cache
def _quoted_word(escape: str) -> re.Pattern[str]:
    """A word of ARG, ENV or LABEL; a group matches an escape character at its very end."""
    e = re.escape(escape)
    return re.compile(
        rf"""(?: [^\t-\r '"{e}\xc2\xe1-\xe3]++ | (?!{_WIDE_SPACE})[\xc2\xe1-\xe3] | {e}. | ({e})\Z
             | '[^']*+(?:'|\Z) | "(?:[^"{e}]|{e}.)*+(?:"|({e})?\Z) )++""",
        re.VERBOSE | re.DOTALL,
    )


def _match_end(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    match = pattern.match(text, at, end)
    return match.end() if match else at


def end_of_spaces(text: str, at: int, end: int) -> int:
    """The offset of the first character from `at` on that is not part of a space, at most `end`."""
    if at < end and "!" <= text[at] <= "~":
        return at  # as nearly always
    return _match_end(_SPACES, text, at, end)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the spaces at both ends."""
    start = end_of_spaces(text, start, end)
    inner = text[start:end]
    if inner.isascii():
        return start, start + len(inner.rstrip(_ASCII_SPACE))
    return start, start + len(encoded(decoded(inner).rstrip(SPACE)))


def _flag(text: str, at: int, end: int, escape: str) -> tuple[str, int]:
    """The flag at `at` without its quotes and escapes, and where it ends."""
    out: list[str] = []
    quote = ""
    while at < end and (quote or text[at] not in _BYTE_SPACE):
        char = text[at]
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == escape:
            at += 1
            out.append(text[at : min(at + 1, end)])
        else:
            out.append(char)
        at += 1
    return "".join(out), min(at, end)


def _json_strings(text: str, at: int, end: int) -> list[tuple[str, int, int]] | None:
    """The elements of a JSON array of strings, each with its range; `None` for anything else."""
    strings: list[tuple[str, int, int]] = []
    at += len("[")
    while match := _JSON_ITEM.match(text, at, end):
        if match[1] is not None:
            token = decoded(match[1])
            string = _json_string(token) if "\\" in token else token[1:-1]
            if string is None:
                return None
            if not string.isascii():
                string = re.sub("[\ud800-\udfff]", "\ufffd", string)
            strings.append((string, *match.span(1)))
        elif strings or match[2] == ",":
            return None
        at = match.end()
        if match[2] == "]":
            return strings if at == end else None
    return None


def _json_string(token: str) -> str | None:
    """What a JSON string with escapes says; `None` where it is not valid."""
    import json  # late: it takes long to import, and few Dockerfiles need it

    try:
        return str(json.loads(token))
    except ValueError:
        return None


def _is_json(text: str) -> bool:
    """Whether Go accepts `text` as JSON, without NaN and numbers that do not fit in a double."""
    import json  # late, as above

    def number(digits: str) -> float:
        value = float(digits)
        if value - value != 0:
            raise ValueError
        return value

    try:
        json.loads(text, parse_constant=number, parse_int=number, parse_float=number)
    except (ValueError, RecursionError):
        return False
    return True
