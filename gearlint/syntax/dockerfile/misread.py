"""What Docker reads otherwise than it looks: lists, comments, spaces, swallowed instructions.

An instruction that is misread is here beside what was meant by it, so that one mistake is reported
once and not with all that follows from it.
"""

from collections.abc import Iterator
from copy import copy
from itertools import pairwise

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.syntax.dockerfile.broken_list import SHELL_FORMS, BrokenList, broken_list
from gearlint.syntax.dockerfile.instruction_parser import InstructionParser, trimmed
from gearlint.syntax.dockerfile.model import Instruction, Line, Word
from gearlint.syntax.dockerfile.swallowed import Swallowed, joined_before, swallowed
from gearlint.syntax.shell.command_line import SHELLS

_MARK = regex(r"[#'\"]")
_SPACED = regex(r"([A-Za-z_]\w*)[ \t]++(=)(?![=~>])[ \t]*+(?=\S)")
"""The begin of `ENV NAME = value`, whose value Docker takes to be `= value`."""
_EXPORTED = regex(r"((?:export|set)[ \t]++)[A-Za-z_]\w*=")
"""The begin of `ENV export NAME=value`, which sets `export`."""
_HAVE_NO_COMMENT = ("LABEL", "MAINTAINER", "ONBUILD")


class Part(NamedTuple):
    """An instruction as Docker reads it, and as it was meant.

    `comments` are spans of comments that Docker takes for words, `broken_list` the list that it
    takes for a command line or for paths, and `stray` the name and the sign of `ENV NAME = value`,
    or the word before the name of `ENV export NAME=value`. A list has its place in `written`.
    """

    written: Instruction
    meant: Instruction
    comments: tuple[Span, ...]
    broken_list: BrokenList | None
    stray: Span | None

    @property
    def fails_in_shell(self) -> bool:
        """Whether it has a list on which a shell certainly fails."""
        return self.broken_list is not None and self.broken_list.fails_in_shell


class Misread(NamedTuple):
    """An instruction of the file that is misread: `parts` are those that were meant by it."""

    written: Instruction
    swallowed: tuple[Swallowed, ...]
    parts: tuple[Part, ...]

    @property
    def meant(self) -> list[Instruction]:
        """The instructions that were meant; a trigger is not among them."""
        return [self.written] if self.written.trigger else [part.meant for part in self.parts]


class Misreadings:
    """Finds the instructions of one Dockerfile that are misread, and adds them to `found`."""

    def __init__(self, source: Source, escape: str, found: list[Misread]) -> None:
        self.source = source
        self.escape = escape
        self.found = found
        self._is_shell = True

    def meant(self, instruction: Instruction) -> list[Instruction]:
        """What was meant by an instruction: mostly itself.

        Must be asked for each SHELL, and in the order of the file.
        """
        if instruction.name == "SHELL" and instruction.exec_form:
            programs = [word.text.rpartition("/")[2] for word in instruction.exec_form]
            self._is_shell = any(program in SHELLS for program in programs)
        inner = instruction.trigger or instruction
        if inner.is_json or len(self.found) >= limits.MISREAD_INSTRUCTIONS:
            return [instruction]
        misread = self._misread(instruction, inner)
        if misread is None:
            return [instruction]
        self.found.append(misread)
        return misread.meant

    def _misread(self, instruction: Instruction, inner: Instruction) -> Misread | None:
        if inner.heredocs or (inner.name in SHELL_FORMS and not self._is_shell):
            return None
        if len(inner.value) > limits.MISREAD_CHARACTERS:
            return None
        taken = swallowed(instruction, self.escape)
        try:
            parts = tuple(self._parts(inner, taken)) if taken else (self._part(inner),)
        except TooMuchError:  # too many words
            return None
        if taken or any(part.comments or part.broken_list or part.stray for part in parts):
            return Misread(instruction, tuple(taken), parts)
        return None

    def _parts(self, instruction: Instruction, taken: list[Swallowed]) -> Iterator[Part]:
        """The instructions between the names that were swallowed."""
        line, text = instruction.line, instruction.line.text
        starts = [0, *(each.at for each in taken), len(text)]
        for start, end in pairwise(starts):
            stop = joined_before(text, start, end) if end < len(text) else end
            part = line.without(stop, len(text)).without(0, start)
            written = self._parse(part)
            if start == 0 and instruction.name == "RUN" and not written.value:
                continue  # `RUN RUN a`
            first = part.offsets[0]
            written.span = Span(first, part.span(len(part.text), len(part.text)).start)
            if part.text:
                written.span = Span(first, part.span(*trimmed(part.text, 0, len(part.text))).end)
            written.start_line = self.source.position(first).line
            written.end_line = self.source.position(written.span.end).line
            yield self._part(written)

    def _part(self, written: Instruction) -> Part:
        comments, meant = self._without_comments(written)
        if comments and not self._is_better(written, meant):
            comments, meant = [], written
        found = broken_list(meant)
        is_list = found is not None or meant.is_json or meant.value.upper() == "NONE"
        if comments and written.name in SHELL_FORMS and not is_list:
            comments, meant = [], written
        if found is not None:
            meant = _with_list(meant, found)
        stray, meant = self._without_stray(meant)
        return Part(written, meant, tuple(comments), found, stray)

    def _parse(self, line: Line, faults: list[Span] | None = None) -> Instruction:
        def report(span: Span, message: str, help: str) -> None:
            if faults is not None:
                faults.append(span)

        instruction = InstructionParser(self.escape, report).parse(line)
        return instruction.trigger or instruction

    def _parsed_again(self, written: Instruction, line: Line) -> Instruction:
        """What a line makes of an instruction, in its place."""
        meant = self._parse(line)
        meant.span, meant.start_line = written.span, written.start_line
        meant.end_line = written.end_line
        return meant

    def _without_comments(self, written: Instruction) -> tuple[list[Span], Instruction]:
        """The comments in an instruction, and the instruction without them."""
        if "#" not in written.value or written.is_json or written.name in _HAVE_NO_COMMENT:
            return [], written
        is_list = written.value.startswith(("[", "{")) or written.name == "HEALTHCHECK"
        if written.name in SHELL_FORMS and not is_list:
            return [], written
        line, at = written.line, written.value_start
        comments: list[Span] = []
        while (start := self._comment(line, at, is_list)) is not None:
            end = line.end_of_piece(start)
            comments.append(line.span(*trimmed(line.text, start, end)))
            line, at = line.without(start, end), start
            if len(comments) >= limits.SWALLOWED_INSTRUCTIONS:
                break
        if not comments:
            return [], written
        return comments, self._parsed_again(written, line)

    def _without_stray(self, written: Instruction) -> tuple[Span | None, Instruction]:
        """What makes ENV set another name or value than it looks, and ENV without that."""
        line, at = written.line, written.value_start
        if written.name != "ENV":
            return None, written
        if match := _SPACED.match(line.text, at):
            stray, sign = line.span(match.start(), match.end(2)), match.span(2)
            return stray, self._parsed_again(written, line.without(*sign))
        if match := _EXPORTED.match(line.text, at):
            stray = line.span(*trimmed(line.text, *match.span(1)))
            return stray, self._parsed_again(written, line.without(*match.span(1)))
        return None, written

    def _comment(self, line: Line, at: int, is_list: bool) -> int | None:
        """Where in a joined line a `#` begins a word outside of quotes, from `at` on."""
        quote, text = "", line.text
        for match in _MARK.finditer(text, at):
            start, char = match.start(), match[0]
            before = text[start - 1 : start]
            if before == self.escape and quote != "'":
                continue
            if quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char == "#" and (before in "\t " or (is_list and before == "]")):
                return start
        return None

    def _is_better(self, written: Instruction, meant: Instruction) -> bool:
        """Whether an instruction is right without its comments, and has no other fault."""
        if not meant.value or meant.value.endswith(self.escape):
            return False  # what continues it is on the next line, which GL005 reports
        match written.name:
            case "COPY" | "ADD":
                words = meant.words
                return len(words) > 1 or meant.value.startswith(("[", "{"))
            case "FROM":
                return len(meant.words) in (1, 3)
            case "ENV":
                faults: list[Span] = []
                self._parse(written.line, faults)
                return not faults  # else GL005 says so
            case "SHELL":
                return meant.is_json
            case "HEALTHCHECK":
                return meant.is_json or meant.value.upper() == "NONE" or "[" in meant.value
        return True


def _with_list(instruction: Instruction, found: BrokenList) -> Instruction:
    """An instruction with the list that was meant; one that nobody can read has no words."""
    meant = copy(instruction)
    if found.elements is None:
        meant.is_unreadable = True
        meant.words = []
        return meant
    meant.is_json = True
    words = [Word(each.text, instruction.span_of(each.start, each.end)) for each in found.elements]
    meant.words = [*instruction.words[:1], *words] if found.start else words
    return meant
