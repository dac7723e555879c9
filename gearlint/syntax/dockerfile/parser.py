"""The parser of a Dockerfile: lines to directives, comments, instructions and here-documents.

Follows BuildKit's `parser.go`. Inside, a file has one character for each byte (Latin-1), so that
every offset is a byte offset; what is returned is decoded as UTF-8, other bytes as lone surrogates.
"""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property, regex
from gearlint.core.source import Source, Span
from gearlint.core.text import quoted
from gearlint.syntax.dockerfile.instruction_parser import InstructionParser, end_of_spaces
from gearlint.syntax.dockerfile.model import (
    Comment,
    Fault,
    Heredoc,
    Instruction,
    Line,
    Stage,
    decoded,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.dockerfile.heredoc import Terminators
    from gearlint.syntax.dockerfile.misread import Misread

_LIST = tuple("[{(=:\"'`\u201c\u201d\u201e\u2018\u2019")
_BEFORE_A_NAME = ("export", "set")
"""What a shell may have before `NAME=value`, and ENV may not."""
_GLUED = regex(r"[A-Z]{3}[\t ]")
_DIRECTIVE = regex(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.+)", re.DOTALL)


class Dockerfile:
    """One Dockerfile, parsed.

    `instructions` has all instructions in order, as Docker reads them; `misread` those that look
    otherwise; `meant` all as they were meant, or as Docker reads them if `as_written`. `stages`
    groups the latter after each FROM, without the FROM itself; `global_args` has the ARGs before
    the first FROM. `escape` is the escape character.
    `parse_faults` are the faults that the parser finds; `faults.faults_of` adds those of the
    instructions. If `is_too_long`, the file was not read and all of these are empty; so are the
    instructions if it `has_conflict`s of a merge.
    """

    def __init__(self, source: Source, *, as_written: bool = False) -> None:
        self.source = source
        self.is_too_long = (
            source.line_count > limits.DOCKERFILE_LINES
            or source.size > limits.DOCKERFILE_BYTES
            or source.data.count(b"$") > limits.DOCKERFILE_WORDS
        )
        parser = _Parser(Source(source.path, b"") if self.is_too_long else source)
        try:
            parser.parse()
        except TooMuchError:
            self.is_too_long = True
            parser = _Parser(Source(source.path, b""))
        self.has_conflict = _has_conflict(parser)
        self.escape = parser.escape
        self.directives = parser.directives
        self.comments = parser.comments
        self.instructions = parser.instructions
        self.global_args: list[Instruction] = []
        self.stages: list[Stage] = []
        self.meant: list[Instruction] = []
        self.misread: list[Misread] = []
        for instruction in self.instructions if as_written else self._as_meant():
            self._add(instruction)
        self.parse_faults = parser.faults

    def _as_meant(self) -> Iterator[Instruction]:
        """The instructions as they were meant; those that are misread are noted."""
        readings = None
        for instruction in self.instructions:
            inner = instruction.trigger or instruction
            if inner.name != "SHELL" and (inner.is_json or not _is_suspicious(inner)):
                yield instruction
                continue
            if readings is None:
                from gearlint.syntax.dockerfile.misread import Misreadings  # late: few have any

                readings = Misreadings(self.source, self.escape, self.misread)
            yield from readings.meant(instruction)

    def _add(self, instruction: Instruction) -> None:
        """Put an instruction in its stage."""
        self.meant.append(instruction)
        if instruction.name == "FROM":
            self.stages.append(Stage(instruction))
        elif self.stages:
            self.stages[-1].instructions.append(instruction)
        elif instruction.name == "ARG":
            self.global_args.append(instruction)

    @cached_property
    def stage_numbers(self) -> dict[str, list[int]]:
        """For each name, the numbers (0-based) of the stages that have it, in order."""
        numbers: dict[str, list[int]] = {}
        for number, stage in enumerate(self.stages):
            if stage.name is not None:
                numbers.setdefault(stage.name, []).append(number)
        return numbers

    @cached_property
    def global_names(self) -> frozenset[str]:
        """The names of the ARGs before the first FROM."""
        return frozenset(pair.key.text for each in self.global_args for pair in each.pairs)

    def is_misread(self, at: int) -> bool:
        """Whether a byte of the file is in an instruction that looks otherwise than it is read."""
        spans = (misread.written.span for misread in self.misread)
        return any(span.start <= at < span.end for span in spans)

    @property
    def syntax(self) -> str | None:
        """The value of `# syntax=`, the frontend that reads this file; `None` without one."""
        return self.directives.get("syntax")


def _is_suspicious(instruction: Instruction) -> bool:
    """Whether an instruction has something that Docker may read otherwise than it looks.

    No regular expression: with the curly quotes it would take longer to compile than all others.
    """
    value = instruction.value
    inner = value[3:].lstrip() if value[:3].upper() == "CMD" and value[3:4].isspace() else ""
    starts_list = value.startswith(_LIST) or inner.startswith(_LIST)
    has_capitals = value != value.lower()
    if starts_list or "#" in value or (has_capitals and _GLUED.search(value) is not None):
        return True
    pairs = instruction.pairs if instruction.name == "ENV" else ()
    words = (word for pair in pairs for word in pair if word is not None)
    return any(word.text.startswith("=") or word.text in _BEFORE_A_NAME for word in words)


def _has_conflict(parser: "_Parser") -> bool:
    """Whether git left merge conflicts; then they are the only faults, and nothing else is read."""
    if b"<<<<<<<" not in parser.data and b">>>>>>>" not in parser.data:
        return False
    from gearlint.syntax import merge_conflict  # late: few files have any

    bodies = [document.body for each in parser.instructions for document in each.heredocs]
    found = list(merge_conflict.conflicts(parser.data, parser.starts[0], tuple(bodies)))
    if found:
        parser.faults = [Fault(*conflict, merge_conflict.HELP) for conflict in found]
        parser.instructions = []
    return bool(found)


class _Parser:
    """Parses one file. All line numbers are 0-based, except where a docstring says otherwise."""

    def __init__(self, source: Source) -> None:
        self.data = source.data
        self.lines = source.data.decode("latin-1").split("\n")
        self.starts = [source.text_start, *source.line_starts[1:]]
        self.lines[0] = self.lines[0][source.text_start :]
        if not self.lines[-1]:
            self.lines.pop()
        self.escape = "\\"
        self.directives: dict[str, str] = {}  # by their names in lower case
        self.comments: list[Comment] = []
        self.instructions: list[Instruction] = []
        self.faults: list[Fault] = []

    def parse(self) -> None:
        """Parse the whole file. Raises TooMuchError if it has too many words."""
        for at, line in enumerate(self.lines):
            if len(line) > (most := limits.DOCKERFILE_LINE_BYTES):
                span = Span(self.starts[at], self.starts[at] + len(line))
                message = f"line of {len(line)} bytes, BuildKit reads at most {most}"
                self.fault(span, message, "break it with continuations, or use a script")
        at = self.read_directives()
        instructions = InstructionParser(self.escape, self.fault)
        while at < len(self.lines):
            at = self.read_line(at, instructions)

    def fault(self, span: Span, message: str, help: str) -> None:
        """Add a fault, unless there are too many already."""
        if len(self.faults) < limits.DOCKERFILE_FAULTS:
            self.faults.append(Fault(span, message, help))

    def content(self, at: int) -> tuple[str, int]:
        """Line `at` without its end, and the offset of its first character after spaces."""
        line = self.lines[at].rstrip("\r")
        return line, end_of_spaces(line, 0, len(line))

    def read_directives(self) -> int:
        """Read the parser directives at the top of the file; return the first line after them."""
        for at in range(len(self.lines)):
            line, start = self.content(at)
            if not line.startswith("#", start):
                return at
            after = end_of_spaces(line, start + 1, len(line))
            match = _DIRECTIVE.match(line, after)
            name = match[1].lower() if match else ""
            if match is None or name not in ("syntax", "escape", "check"):
                return at
            value = decoded(match[2].strip("\t\n\f\r ") or match[2][-1])
            span = Span(self.starts[at] + start, self.starts[at] + len(line))
            if name in self.directives:
                self.fault(span, f"a second {name} directive", "remove it")
            elif name == "escape" and value not in ("\\", "`"):
                self.fault(span, f"escape character {quoted(value)}", r"it can be \ or `")
            elif name == "escape":
                self.escape = value
            self.directives.setdefault(name, value)
        return len(self.lines)

    def read_line(self, at: int, instructions: InstructionParser) -> int:
        """Read the comment or instruction that begins on line `at`; return the line after it."""
        line, start = self.content(at)
        if start == len(line):
            return at + 1
        if line[start] == "#":
            self.add_comment(at, line, start)
            return at + 1
        joined, end = self.join(at, line, start)
        instruction = instructions.parse(joined)
        end = self.read_heredocs(instruction, at, end)
        last = self.starts[end - 1] + len(self.lines[end - 1].rstrip("\r"))
        instruction.span = Span(joined.offsets[0], last)
        instruction.start_line, instruction.end_line = at + 1, end
        if trigger := instruction.trigger:
            trigger.span = Span(trigger.name_span.start, last)
            trigger.start_line, trigger.end_line = at + 1, end
        self.instructions.append(instruction)
        return end

    def add_comment(self, at: int, line: str, start: int) -> None:
        """Add the comment on line `at`, whose `#` is at offset `start` of it."""
        span = Span(self.starts[at] + start, self.starts[at] + len(line))
        self.comments.append(Comment(decoded(line[start + 1 :]).strip(), span, at + 1))

    def join(self, at: int, line: str, start: int) -> tuple[Line, int]:
        """Join line `at` with its continuations, without the comments and empty lines in them.

        Returns the joined line and the line after it.
        """
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
        return Line(pieces, offsets), at

    def cut(self, line: str) -> tuple[str, bool]:
        """The line without its continuation character, and whether it had one."""
        kept = line.rstrip("\t ")
        if kept.endswith(self.escape) and kept[-2:-1] != self.escape:
            return kept[:-1], True
        return line, False

    def read_heredocs(self, instruction: Instruction, first: int, at: int) -> int:
        """Read the here-documents of an instruction on the lines from `first` to before `at`.

        Returns the line after them.
        """
        inner, line = instruction.trigger or instruction, instruction.line
        if "<<" not in line.text or inner.is_json or inner.name not in ("ADD", "COPY", "RUN"):
            return at
        if any(len(part) > limits.DOCKERFILE_LINE_BYTES for part in self.lines[first:at]):
            return at  # BuildKit does not get to the here-documents
        from gearlint.syntax.dockerfile import heredoc  # late: few files have any
        from gearlint.syntax.substitution import RefusedError

        for word in heredoc.words_of(decoded(line.text)):
            try:
                marker = heredoc.marker_of(word)
            except RefusedError as refused:
                self.fault(instruction.name_span, f"heredoc {quoted(word)}: {refused}", "")
                continue
            if marker is None:
                continue
            terminator = self.terminators.find(marker, at)
            if terminator is None and marker.loose:
                continue  # `$((1 << 3))`: only BuildKit since 2025 takes this for a heredoc
            if terminator is None:
                message = f"heredoc {quoted(marker.name)} is not terminated"
                self.fault(instruction.name_span, message, "a line with nothing else ends it")
                return len(self.lines)
            body = Span(self.starts[at], self.starts[terminator])
            text = decoded(self.data[body.start : body.end].decode("latin-1"))
            inner.heredocs.append(Heredoc(*marker[:3], text, body))
            at = terminator + 1
        instruction.heredocs = inner.heredocs
        return at

    @cached_property
    def terminators(self) -> "Terminators":
        """The lines of this file by which here-documents may end."""
        from gearlint.syntax.dockerfile.heredoc import Terminators

        return Terminators(self.lines)
