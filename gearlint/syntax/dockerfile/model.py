"""What a Dockerfile consists of: instructions and their parts, stages. Knows no grammar.

All spans are byte offsets into the file.
"""

import re
from itertools import accumulate

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span

INSTRUCTIONS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip

ANY_NAME = "|".join(sorted(INSTRUCTIONS, key=len, reverse=True))
"""A pattern of their names."""

SUBSTITUTED = frozenset(INSTRUCTIONS) - frozenset(
    ("CMD", "ENTRYPOINT", "HEALTHCHECK", "MAINTAINER", "RUN", "SHELL")
)
"""The instructions in whose words Docker replaces variables: in ARG only in the values, in ONBUILD
when the trigger runs. In the others the shell does, if there is one. (Docker's Dockerfile
reference, "Environment replacement"; BuildKit's `instructions/commands.go`.)"""

HEREDOC = regex(r"\d*<<(-?)[\t\n\f\r ]*([^<]*)", re.ASCII)
"""A word that may start a here-document: the `-` and the name."""


class Fault(NamedTuple):
    """What BuildKit refuses: its span, what is wrong, and what to do about it."""

    span: Span
    message: str
    help: str


class Comment(NamedTuple):
    """A comment line: the text after `#`, stripped; its span, `#` included; its line (1-based)."""

    text: str
    span: Span
    line: int


class Word(NamedTuple):
    """An argument as BuildKit has it, with its quotes and variables, and its span."""

    text: str
    span: Span


class Flag(NamedTuple):
    """`--name=value` without quotes; `value` is `None` if there is no `=`."""

    name: str
    value: str | None
    span: Span


class Pair(NamedTuple):
    """A key and its value in ENV, LABEL or ARG; `value` is `None` for an ARG without one."""

    key: Word
    value: Word | None


class Heredoc(NamedTuple):
    """A here-document: `content` as in the file, `body` its span without the terminator.

    `expand` is false if the name was quoted; `chomp` is true for `<<-`.
    """

    name: str
    expand: bool
    chomp: bool
    content: str
    body: Span

    @property
    def text(self) -> str:
        """The content without the leading tabs that `<<-` strips."""
        return re.sub("(?m)^\t+", "", self.content) if self.chomp else self.content


class Instruction:
    """One instruction with its continuation lines and here-documents.

    `name` is in upper case. `span` is that of the whole instruction, without the end of its last
    line; `start_line` and `end_line` are 1-based. `value` is the text after the flags, with the
    lines joined. `words` are the arguments as BuildKit splits them: one word for a shell form and
    for WORKDIR, USER, STOPSIGNAL and MAINTAINER; none for ENV and LABEL, which have `pairs` (ARG
    has both). `trigger` is the instruction inside an ONBUILD.

    `line` is the joined line that the instruction was read from; the value begins at `value_start`
    in it (a character offset). `is_unreadable` if a list was meant and it cannot be said which.
    """

    __slots__ = (
        "_heredocs_by_name",
        "_name_end",
        "_name_start",
        "end_line",
        "flags",
        "heredocs",
        "is_json",
        "is_unreadable",
        "line",
        "name",
        "pairs",
        "span",
        "start_line",
        "trigger",
        "value",
        "value_start",
        "words",
    )

    def __init__(self, name: str, line: "Line", start: int, name_end: int) -> None:
        self.name = name
        self.span = Span(0, 0)  # until its last line is known
        self.start_line = self.end_line = 0
        self.flags: list[Flag] = []
        self.value = ""
        self.value_start = name_end
        self.words: list[Word] = []
        self.is_json = False
        self.is_unreadable = False
        self.pairs: list[Pair] = []
        self.heredocs: list[Heredoc] = []
        self._heredocs_by_name: dict[str, Heredoc] = {}
        self.trigger: Instruction | None = None
        self.line = line
        self._name_start, self._name_end = start, name_end

    @property
    def name_span(self) -> Span:
        """The span of the name."""
        return self.line.span(self._name_start, self._name_end)

    @property
    def texts(self) -> list[str]:
        """The value, and what is in the here-documents."""
        return [self.value, *(document.content for document in self.heredocs)]

    @property
    def written_name(self) -> str:
        """The name as it is written."""
        return decoded(self.line.text[self._name_start : self._name_end])

    @property
    def exec_form(self) -> list[Word] | None:
        """The elements of a JSON array, each span with its quotes; `None` for the shell form."""
        if not self.is_json:
            return None
        return self.words[1:] if self.name == "HEALTHCHECK" else self.words

    def flag(self, name: str) -> Flag | None:
        """The last flag `--name`, `None` if there is none."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)

    def span_of(self, start: int, end: int) -> Span:
        """The bytes in the file of the characters `start` to `end` (0-based) of `value`."""
        offsets = self.line.byte_offsets(self.value_start, self.value)
        return self.line.span(offsets[start], offsets[end])

    def heredoc(self, word: Word) -> Heredoc | None:
        """The here-document that a word of COPY or ADD names, `None` for a plain path."""
        if not self.heredocs:
            return None
        from gearlint.syntax.dockerfile.heredoc import name_of  # late: few files have any

        name = name_of(word.text)
        if name is None:
            return None
        if not self._heredocs_by_name:  # of several with one name the last counts
            self._heredocs_by_name = {document.name: document for document in self.heredocs}
        return self._heredocs_by_name.get(name)


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
        """The `--platform` flag, `None` if there is none."""
        return self.instruction.flag("platform")


def is_named(words: list[Word]) -> bool:
    """Whether the words of a FROM end with `AS name`."""
    return len(words) == 3 and words[1].text.lower() == "as"


class Line:
    """The lines of an instruction joined into one, with the place of each piece in the file.

    `text` has one character for each byte (Latin-1), so offsets into it count bytes. `starts` and
    `offsets` are where each piece begins in `text` and in the file.
    """

    __slots__ = ("_byte_offsets", "offsets", "starts", "text")

    def __init__(self, pieces: list[str], offsets: list[int]) -> None:
        self.text = "".join(pieces)
        several = len(pieces) > 1
        self.starts = list(accumulate(map(len, pieces[:-1]), initial=0)) if several else [0]
        self.offsets = offsets
        self._byte_offsets: tuple[int, list[int] | range] | None = None

    def span(self, start: int, end: int) -> Span:
        """The span in the file of a range of `text`."""
        if len(self.starts) == 1:  # as nearly always
            return Span(self.offsets[0] + start, self.offsets[0] + end)
        first = self._offset(start)
        return Span(first, self._offset(end - 1) + 1 if end > start else first)

    def without(self, start: int, end: int) -> "Line":
        """The line without a range of `text`; what is left has its places in the file."""
        ends = [*self.starts[1:], len(self.text)]
        kept = [
            (low, high)
            for first, last in zip(self.starts, ends, strict=True)
            for low, high in ((first, min(last, start)), (max(first, end), last))
            if low < high
        ]
        kept = kept or [(0, 0)]
        return Line([self.text[a:b] for a, b in kept], [self._offset(a) for a, _ in kept])

    def end_of_piece(self, at: int) -> int:
        """Where in `text` the line of the file ends that `at` is in."""
        from bisect import bisect_right

        piece = bisect_right(self.starts, at)
        return self.starts[piece] if piece < len(self.starts) else len(self.text)

    def _offset(self, at: int) -> int:
        from bisect import bisect_right

        piece = bisect_right(self.starts, at) - 1
        return self.offsets[piece] + at - self.starts[piece]

    def byte_offsets(self, start: int, value: str) -> list[int] | range:
        """The offset in `text` of each character of the decoded `value` that begins at `start`."""
        if self._byte_offsets is None or self._byte_offsets[0] != start:
            offsets: list[int] | range = range(start, start + len(value) + 1)
            if not value.isascii():
                offsets = list(accumulate((len(encoded(c)) for c in value), initial=start))
            self._byte_offsets = (start, offsets)
        return self._byte_offsets[1]


def decoded(raw: str) -> str:
    """Text with one character for each byte as UTF-8; other bytes become lone surrogates."""
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8", "surrogateescape")


def encoded(text: str) -> str:
    """The reverse of `decoded`: one character for each byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
