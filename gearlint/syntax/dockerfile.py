"""The Dockerfile: instructions with spans, stages, and variables as Docker substitutes them.

Follows the rules of BuildKit's own parser (moby/buildkit, frontend/dockerfile), and goes on after
a mistake. Knows nothing of images: what an instruction does to one is not its concern.

Inside, a file is held with one character for each byte (Latin-1), so that every offset is a byte
offset; what is handed out is decoded as UTF-8, bytes that are not UTF-8 as lone surrogates.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple

from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.core.text import quoted
from gearlint.syntax.substitution import Lexer, RefusedError, unset

INSTRUCTIONS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip

SUBSTITUTED = frozenset(INSTRUCTIONS) - frozenset(
    ("CMD", "ENTRYPOINT", "HEALTHCHECK", "MAINTAINER", "RUN", "SHELL")
)
"""The instructions in whose words Docker substitutes variables; of ARG in the values only, of
ONBUILD when the trigger runs. In the others the shell, if any, does. (Docker's Dockerfile
reference, "Environment replacement"; BuildKit's `instructions/commands.go`.)"""

MAX_LINE = 65535
"""Bytes of one line, its LF not counted, that BuildKit reads."""

MAX_LINES = 10_000
"""A Dockerfile of more is not looked at; the longest public ones have some hundred."""

MAX_WORDS = 30_000
"""Nor one whose lists, of arguments or of variables, have more; public ones have some hundred."""

MAX_FAULTS = 50
"""After so many faults the rest would be noise."""


class Fault(NamedTuple):
    """What BuildKit refuses: where, what is wrong there, and what to do about it."""

    span: Span
    message: str
    help: str


class Comment(NamedTuple):
    """A comment line: the text after its `#`, trimmed; its span from the `#`; its line (from 1)."""

    text: str
    span: Span
    line: int


class Directive(NamedTuple):
    """A parser directive, as `# escape=`: its name in lower case, its value, its span."""

    name: str
    value: str
    span: Span


class Word(NamedTuple):
    """An argument as BuildKit has it (quotes and variables still in it), and its bytes."""

    text: str
    span: Span


class Flag(NamedTuple):
    """`--name=value` without quotes; `value` is `None` where there is no `=`."""

    name: str
    value: str | None
    span: Span


class Pair(NamedTuple):
    """A key and its value in ENV, LABEL or ARG; an ARG may have no value."""

    key: Word
    value: Word | None


class Heredoc(NamedTuple):
    """A here-document: `content` is as the file has it, `body` its span, without the terminator.

    `expand` is false where the name was quoted; `chomp` is true for `<<-`.
    """

    name: str
    expand: bool
    chomp: bool
    content: str
    body: Span

    @property
    def text(self) -> str:
        """The content without the leading tabs that `<<-` takes away."""
        return re.sub("(?m)^\t+", "", self.content) if self.chomp else self.content


class Instruction:
    """One instruction with its continuation lines and heredocs.

    `name` is in upper case, `name_span` where it stands, `span` all of it without the last line's
    end; `start_line` and `end_line` count from 1. `value` is what follows the flags, lines joined.
    `words` are the arguments as BuildKit distinguishes them: of a shell form, and of WORKDIR, USER,
    STOPSIGNAL and MAINTAINER, one word; of ENV and LABEL none, as they have `pairs` (ARG has both).
    `trigger` is the instruction inside an ONBUILD.
    """

    __slots__ = (
        "_heredocs_by_name", "_line", "_name_end", "_name_start", "_start", "end_line", "flags",
        "heredocs", "is_json", "name", "pairs", "span", "start_line", "trigger", "value", "words",
    )  # fmt: skip

    def __init__(self, name: str, line: "_Line", start: int, name_end: int) -> None:
        self.name = name
        self.span = Span(0, 0)  # until its last line is known
        self.start_line = self.end_line = 0
        self.flags: list[Flag] = []
        self.value = ""
        self.words: list[Word] = []
        self.is_json = False
        self.pairs: list[Pair] = []
        self.heredocs: list[Heredoc] = []
        self._heredocs_by_name: dict[str, Heredoc] = {}
        self.trigger: Instruction | None = None
        self._line = line
        self._name_start, self._name_end = start, name_end
        self._start = name_end  # of the value, in the joined line

    @property
    def name_span(self) -> Span:
        """Where the name stands."""
        return self._line.span(self._name_start, self._name_end)

    @property
    def exec_form(self) -> list[Word] | None:
        """The elements of a JSON array, each span with its quotes; `None` for the shell form."""
        if not self.is_json:
            return None
        return self.words[1:] if self.name == "HEALTHCHECK" else self.words

    def flag(self, name: str) -> Flag | None:
        """The last flag `--name`."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)

    def span_of(self, start: int, end: int) -> Span:
        """The bytes in the file of the characters `start` to `end` (from 0) of `value`."""
        offsets = self._line.byte_offsets(self._start, self.value)
        return self._line.span(offsets[start], offsets[end])

    def heredoc(self, word: Word) -> Heredoc | None:
        """The here-document that a word of COPY or ADD stands for, `None` for a plain path."""
        try:
            marker = _heredoc_marker(word.text) if self.heredocs else None
        except (RefusedError, RecursionError):
            return None
        if marker is None:
            return None
        if not self._heredocs_by_name:  # of those of one name the last counts
            self._heredocs_by_name = {document.name: document for document in self.heredocs}
        return self._heredocs_by_name.get(marker.name)


class Stage:
    """A build stage: its FROM, the base as written, its name in lower case, its instructions."""

    __slots__ = ("base", "instruction", "instructions", "name")

    def __init__(self, instruction: Instruction) -> None:
        words = instruction.words
        self.instruction = instruction
        self.instructions: list[Instruction] = []
        self.base = words[0] if words else Word("", instruction.name_span)
        self.name = words[2].text.lower() if is_named(words) else None

    @property
    def platform(self) -> Flag | None:
        """The `--platform` flag."""
        return self.instruction.flag("platform")


class Dockerfile:
    """One Dockerfile.

    `instructions` are all of them in order; `stages` holds each from its FROM on (FROM itself not
    among its instructions), `global_args` the ARGs before the first. `escape` is the escape
    character. `parse_faults` is what the parser of BuildKit refuses; `dockerfile_faults` adds the
    rest. Of one that `is_too_long` nothing is known.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.is_too_long = False
        parser = _Parser(source)
        try:
            parser.parse()
        except TooMuchError:
            self.is_too_long = True
            parser = _Parser(Source(source.path, b""))
        self.escape = parser.escape
        self.directives = parser.directives
        self.comments = parser.comments
        self.instructions = parser.instructions
        self.global_args: list[Instruction] = []
        self.stages: list[Stage] = []
        for instruction in self.instructions:
            if instruction.name == "FROM":
                self.stages.append(Stage(instruction))
            elif self.stages:
                self.stages[-1].instructions.append(instruction)
            elif instruction.name == "ARG":
                self.global_args.append(instruction)
        self.parse_faults = parser.faults

    @cached_property
    def stage_numbers(self) -> dict[str, list[int]]:
        """The numbers (from 0) of the stages of each name, in order."""
        numbers: dict[str, list[int]] = {}
        for number, stage in enumerate(self.stages):
            if stage.name is not None:
                numbers.setdefault(stage.name, []).append(number)
        return numbers

    @property
    def syntax(self) -> str | None:
        """The value of `# syntax=`, the frontend that reads this file."""
        return next((d.value for d in self.directives if d.name == "syntax"), None)


# What is a space to Go: in a string of bytes, and (in UTF-8) in a text. One character, one byte.
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

_DIRECTIVE = regex(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.+)", re.DOTALL)

_JSON_START = regex(r"\[[\t\n\r ]*(\]?)")
_JSON_STRING = regex(
    r'("[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")'
    r"[\t\n\r ]*+(,[\t\n\r ]*+|\])"
)
_JSON = ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME")
_LIST = ("ADD", "COPY", "EXPOSE", "FROM", "VOLUME")
HEREDOC = regex(r"\d*<<(-?)[\t\n\f\r ]*([^<]*)", re.ASCII)


@cache
def _quoted_word(escape: str) -> re.Pattern[str]:
    """A word of ENV, LABEL or ARG; a group matches where it ends with an escape of nothing."""
    e = re.escape(escape)
    return re.compile(
        rf"""(?: [^\t-\r '"{e}\xc2\xe1-\xe3]++ | (?!{_WIDE_SPACE})[\xc2\xe1-\xe3] | {e}. | ({e})\Z
             | '[^']*+(?:'|\Z) | "(?:[^"{e}]|{e}.)*+(?:"|({e})?\Z) )++""",
        re.VERBOSE | re.DOTALL,
    )


def _decoded(raw: str) -> str:
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8", "surrogateescape")


def _encoded(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


class _Line:
    """The lines of an instruction joined into one, and where each piece of it is in the file."""

    __slots__ = ("_byte_offsets", "offsets", "starts", "text")

    def __init__(self, pieces: list[str], offsets: list[int]) -> None:
        self.text = "".join(pieces)
        several = len(pieces) > 1
        self.starts = list(accumulate(map(len, pieces[:-1]), initial=0)) if several else [0]
        self.offsets = offsets
        self._byte_offsets: tuple[int, list[int] | range] | None = None

    def span(self, start: int, end: int) -> Span:
        if len(self.starts) == 1:  # as nearly always
            return Span(self.offsets[0] + start, self.offsets[0] + end)
        first = self._offset(start)
        return Span(first, self._offset(end - 1) + 1 if end > start else first)

    def _offset(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        return self.offsets[piece] + at - self.starts[piece]

    def byte_offsets(self, start: int, value: str) -> list[int] | range:
        """The offsets in the joined line of each character of the value that begins at `start`."""
        if self._byte_offsets is None or self._byte_offsets[0] != start:
            offsets: list[int] | range = range(start, start + len(value) + 1)
            if not value.isascii():
                offsets = list(accumulate((len(_encoded(c)) for c in value), initial=start))
            self._byte_offsets = (start, offsets)
        return self._byte_offsets[1]


class _Parser:
    """What BuildKit's `parser` package does: lines to instructions, with their words."""

    def __init__(self, source: Source) -> None:
        self.data = source.data
        self.lines = source.data.decode("latin-1").split("\n")
        self.starts = [source.text_start, *source.line_starts[1:]]
        self.lines[0] = self.lines[0][source.text_start :]
        if not self.lines[-1]:
            self.lines.pop()
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.comments: list[Comment] = []
        self.instructions: list[Instruction] = []
        self.faults: list[Fault] = []
        self.words_left = MAX_WORDS

    def parse(self) -> None:
        """Read it all. Raises TooMuchError where it has too many lines or words."""
        if len(self.starts) > MAX_LINES:
            raise TooMuchError
        for at, line in enumerate(self.lines):
            if len(line) > MAX_LINE:
                span = Span(self.starts[at], self.starts[at] + len(line))
                message = f"line of {len(line)} bytes, BuildKit reads at most {MAX_LINE}"
                self.fault(span, message, "break it with continuations, or use a script")
        at = self.read_directives()
        while at < len(self.lines):
            at = self.read_line(at)

    def fault(self, span: Span, message: str, help: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(span, message, help))

    def content(self, at: int) -> tuple[str, int]:
        """Line `at` (from 0) without its end, and where its first character stands in it."""
        line = self.lines[at].rstrip("\r")
        return line, _end_of_spaces(line, 0, len(line))

    def read_directives(self) -> int:
        """Read the parser directives, which only the first lines can be; return what follows."""
        for at in range(len(self.lines)):
            line, start = self.content(at)
            if not line.startswith("#", start):
                return at
            after = _end_of_spaces(line, start + 1, len(line))
            match = _DIRECTIVE.match(line, after)
            name = match[1].lower() if match else ""
            if match is None or name not in ("syntax", "escape", "check"):
                return at
            value = _decoded(match[2].strip("\t\n\f\r ") or match[2][-1])
            span = Span(self.starts[at] + start, self.starts[at] + len(line))
            if any(name == known.name for known in self.directives):
                self.fault(span, f"a second {name} directive", "remove it")
            elif name == "escape" and value not in ("\\", "`"):
                self.fault(span, f"escape character {quoted(value)}", r"it can be \ or `")
            elif name == "escape":
                self.escape = value
            self.directives.append(Directive(name, value, span))
        return len(self.lines)

    def read_line(self, at: int) -> int:
        """Read what begins on line `at` (from 0); return the line after it."""
        line, start = self.content(at)
        if start == len(line):
            return at + 1
        if line[start] == "#":
            self.add_comment(at, line, start)
            return at + 1
        joined, end = self.join(at, line, start)
        instruction = self.instruction(joined, 0, len(joined.text))
        end = self.read_heredocs(instruction, joined, at, end)
        last = self.starts[end - 1] + len(self.lines[end - 1].rstrip("\r"))
        instruction.span = Span(joined.offsets[0], last)
        instruction.start_line, instruction.end_line = at + 1, end
        if trigger := instruction.trigger:
            trigger.span = Span(trigger.name_span.start, last)
            trigger.start_line, trigger.end_line = at + 1, end
        self.instructions.append(instruction)
        return end

    def add_comment(self, at: int, line: str, start: int) -> None:
        span = Span(self.starts[at] + start, self.starts[at] + len(line))
        self.comments.append(Comment(_decoded(line[start + 1 :]).strip(), span, at + 1))

    def join(self, at: int, line: str, start: int) -> tuple[_Line, int]:
        """Join line `at` with its continuations; comments and empty lines in them drop out."""
        piece, continues = self.cut(line[start:])
        pieces, offsets = [piece], [self.starts[at] + start]
        at += 1
        while continues and at < len(self.lines):
            line, start = self.content(at)
            if start < len(line) and line[start] == "#":
                self.add_comment(at, line, start)
            elif start < len(line):
                piece, continues = self.cut(line)
                pieces.append(piece)
                offsets.append(self.starts[at])
            at += 1
        return _Line(pieces, offsets), at

    def cut(self, line: str) -> tuple[str, bool]:
        """The line without its continuation character, and whether it had one."""
        kept = line.rstrip("\t ")
        if kept.endswith(self.escape) and kept[-2:-1] != self.escape:
            return kept[:-1], True
        return line, False

    def instruction(self, line: _Line, start: int, end: int, outer: bool = True) -> Instruction:
        """The instruction in part of a joined line; its lines are not known yet."""
        text = line.text
        start, end = _trimmed(text, start, end)
        name_end = _end(_WORD, text, start, end)
        name = _decoded(text[start:name_end])
        instruction = Instruction(name.upper() if name.isascii() else name, line, start, name_end)
        at = self.read_flags(instruction, _end(_SEPARATOR, text, name_end, end), end)
        at, end = _trimmed(text, at, end)
        instruction._start = at
        instruction.value = _decoded(text[at:end])
        if at < end:
            self.read_arguments(instruction, at, end, outer)
        return instruction

    def read_flags(self, instruction: Instruction, at: int, end: int) -> int:
        """Take the `--flags` that begin at `at`; return where the rest begins.

        BuildKit goes by bytes here: what is not ASCII in a flag, it takes for Latin-1.
        """
        text = instruction._line.text
        while True:
            while at < end and text[at] in _BYTE_SPACE:
                at += 1
            if not text.startswith("--", at, end):
                return at
            flag, stop = _flag(text, at, end, self.escape)
            if flag == "--":
                return stop
            name, equals, value = flag.partition("=")
            span = instruction._line.span(at, stop)
            instruction.flags.append(Flag(name[2:], value if equals else None, span))
            at = stop

    def read_arguments(self, instruction: Instruction, at: int, end: int, outer: bool) -> None:
        name, line = instruction.name, instruction._line
        if name in ("ARG", "ENV", "LABEL"):
            self.read_pairs(instruction, at, end)
        elif name == "ONBUILD":
            # Only one deep: a chain of them is refused anyway, and can be longer than the stack.
            instruction.trigger = self.instruction(line, at, end, outer=False) if outer else None
        elif name == "HEALTHCHECK":
            stop = next((i for i in range(at, end) if line.text[i] in _BYTE_SPACE), end)
            instruction.words.append(self.word(line, at, stop))
            at = next((i for i in range(stop, end) if line.text[i] not in _BYTE_SPACE), end)
            if at < end and not self.read_json(instruction, at, end):
                instruction.words.append(self.word(line, at, end))
        elif name in _JSON and self.read_json(instruction, at, end):
            return
        elif name in _LIST:
            for match in _WORD.finditer(line.text, at, end):
                instruction.words.append(self.word(line, *match.span()))
        elif name in INSTRUCTIONS:
            instruction.words.append(self.word(line, at, end))

    def word(self, line: _Line, start: int, end: int, text: str | None = None) -> Word:
        """The word at a place of a line, which may stand there for another `text`.

        Raises TooMuchError after too many.
        """
        self.words_left -= 1
        if self.words_left < 0:
            raise TooMuchError
        text = _decoded(line.text[start:end]) if text is None else text
        return Word(text, line.span(start, end))

    def read_json(self, instruction: Instruction, at: int, end: int) -> bool:
        """Read the exec form; false where BuildKit takes the text for the shell form."""
        line = instruction._line
        at = _end_of_spaces(line.text, at, end)
        if not line.text.startswith("[", at, end):
            return False
        strings = _json_strings(line.text, at, end)
        if strings is None and not _is_json(_decoded(line.text[at:end])):
            return False
        if strings is None:
            message = f"{instruction.name} with a JSON array that holds other than strings"
            self.fault(line.span(at, end), message, "put every element in double quotes")
        instruction.is_json = True
        instruction.words += [self.word(line, at, end, text) for text, at, end in strings or ()]
        return True

    def read_pairs(self, instruction: Instruction, at: int, end: int) -> None:
        name, line = instruction.name, instruction._line
        words = list(self.split_quoted(line.text, at, end))
        if name != "ARG" and words and "=" not in line.text[slice(*words[0])]:
            spaces = _SEPARATOR.search(line.text, at, end)
            if spaces is None:
                message = f"{name} needs a name and a value"
                self.fault(line.span(at, end), message, f"write {name} NAME=value")
                return
            key, value = self.word(line, at, spaces.start()), self.word(line, spaces.end(), end)
            instruction.pairs.append(Pair(key, value))
            return
        for start, stop in words:
            equals = line.text.find("=", start, stop)
            if name == "ARG":
                instruction.words.append(self.word(line, start, stop))
            elif equals < 0:
                word = self.word(line, start, stop)
                message = f"{name} {quoted(word.text)} has no ="
                self.fault(word.span, message, "put a value with spaces in double quotes")
                return
            key = self.word(line, start, stop if equals < 0 else equals)
            assigned = None if equals < 0 else self.word(line, equals + 1, stop)
            instruction.pairs.append(Pair(key, assigned))

    def split_quoted(self, text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
        pattern = _quoted_word(self.escape)
        while match := pattern.match(text, _end_of_spaces(text, at, end), end):
            at = match.end()
            stop = at - 1 if match.lastindex else at
            if stop > match.start():
                yield match.start(), stop

    def read_heredocs(self, instruction: Instruction, line: _Line, first: int, at: int) -> int:
        """Read the here-documents of lines `first` to `at`; return the line after them."""
        inner = instruction.trigger or instruction
        if "<<" not in line.text or inner.is_json or inner.name not in ("ADD", "COPY", "RUN"):
            return at
        if any(len(part) > MAX_LINE for part in self.lines[first:at]):
            return at  # BuildKit comes to no heredoc
        for word in _heredoc_words(_decoded(line.text)):
            try:
                marker = _heredoc_marker(word)
            except RefusedError as refused:
                self.fault(instruction.name_span, f"heredoc {quoted(word)}: {refused}", "")
                continue
            if marker is None:
                continue
            terminator = self.terminator(marker, at)
            if terminator is None and marker.loose:
                continue  # `$((1 << 3))`: only BuildKit since 2025 takes this for a heredoc
            if terminator is None:
                message = f"heredoc {quoted(marker.name)} is not terminated"
                self.fault(instruction.name_span, message, "a line with nothing else ends it")
                return len(self.lines)
            body = Span(self.starts[at], self.starts[terminator])
            text = _decoded(self.data[body.start : body.end].decode("latin-1"))
            inner.heredocs.append(Heredoc(*marker[:3], text, body))
            at = terminator + 1
        instruction.heredocs = inner.heredocs
        return at

    def terminator(self, marker: "_Marker", at: int) -> int | None:
        """The line (from 0), from `at` on, that ends a heredoc."""
        name = _encoded(marker.name)
        lines = self._chomped if marker.chomp else self._plain
        if lines.get(name, -1) < at:
            return None
        strip = "\t" if marker.chomp else ""
        return next(i for i in range(at, len(self.lines)) if self._bare(i).lstrip(strip) == name)

    def _bare(self, at: int) -> str:
        return self.lines[at].rstrip("\r")

    # Each possible terminator with its last line: a search that finds nothing costs nothing.
    @cached_property
    def _plain(self) -> dict[str, int]:
        return {self._bare(at): at for at in range(len(self.lines))}

    @cached_property
    def _chomped(self) -> dict[str, int]:
        return {self._bare(at).lstrip("\t"): at for at in range(len(self.lines))}


def _end(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    match = pattern.match(text, at, end)
    return match.end() if match else at


def _end_of_spaces(text: str, at: int, end: int) -> int:
    if at < end and "!" <= text[at] <= "~":
        return at  # as nearly always
    return _end(_SPACES, text, at, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the spaces around it."""
    start = _end_of_spaces(text, start, end)
    inner = text[start:end]
    if inner.isascii():
        return start, start + len(inner.rstrip(_ASCII_SPACE))
    return start, start + len(_encoded(_decoded(inner).rstrip(SPACE)))


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
    match = _JSON_START.match(text, at, end)
    strings: list[tuple[str, int, int]] = []
    while match:
        if match[match.lastindex or 0] == "]":
            return strings if match.end() == end else None
        match = _JSON_STRING.match(text, match.end(), end)
        if match:
            token = _decoded(match[1])
            string = str(json.loads(token)) if "\\" in token else token[1:-1]
            if not string.isascii():
                string = re.sub("[\ud800-\udfff]", "\ufffd", string)
            strings.append((string, *match.span(1)))
    return None


def _is_json(text: str) -> bool:
    """Whether Go, which knows no NaN and no number past a double, takes `text` for JSON."""

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


class _Marker(NamedTuple):
    """A word like `<<EOF`; `loose` where there are spaces before the name."""

    name: str
    expand: bool
    chomp: bool
    loose: bool


def _heredoc_words(line: str) -> list[str]:
    try:
        return Lexer(line, unset, raw_quotes=True, raw_escapes=True, keep_unset=True).split()
    except (RefusedError, RecursionError):
        return []


def _heredoc_marker(word: str) -> _Marker | None:
    match = HEREDOC.fullmatch(word) if "<<" in word else None
    if match is None or not match[2]:
        return None
    names = Lexer(match[2], unset, keep_unset=True).split()
    raw = Lexer(match[2], unset, raw_quotes=True, keep_unset=True).split()
    if len(names) != 1:
        return None
    if len(raw) != 1:
        raise RefusedError("its name cannot be read")
    expand = _count_quotes(names[0]) == _count_quotes(raw[0])
    loose = match.start(2) > match.end(1)
    return _Marker(names[0], expand, match[1] == "-", loose)


def _count_quotes(text: str) -> int:
    return text.count("'") + text.count('"')


def is_named(words: list[Word]) -> bool:
    """Whether the words of a FROM end with `AS name`."""
    return len(words) == 3 and words[1].text.lower() == "as"
