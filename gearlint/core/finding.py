"""Findings, their severities and fixes. Knows nothing of gears or rules."""

from collections.abc import Iterable
from enum import IntEnum

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.core.lines import Position


class Severity(IntEnum):
    """How bad a finding is. Larger is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word in messages, settings and options: `info`, `warning` or `error`."""
        return self.name.lower()


class Edit(NamedTuple):
    """Replaces bytes `start` to `end`, offsets into the file as it was read, by `replacement`."""

    start: int
    end: int
    replacement: bytes


class Fix(NamedTuple):
    """A fix of a problem: edits of one file, in order and not overlapping. They belong together.

    A fix with `is_safe` does not change what the author meant; any other is a guess. With
    `makes_executable`, the file on disk also gets its executable bits.
    """

    source: Source
    edits: tuple[Edit, ...]
    is_safe: bool
    makes_executable: bool = False


class Problem(NamedTuple):
    """What a rule yields: one thing that is wrong, and where.

    `message` is one line without a full stop: what is wrong, with the value, and what was expected.
    `help` is empty, or one line that says what to do. `severity` overrides that of the rule. `fix`
    may change another file than `source`.
    """

    source: Source
    span: Span
    message: str
    help: str = ""
    severity: Severity | None = None
    fix: Fix | None = None


class Finding(NamedTuple):
    """A problem under the code, name and severity of the rule that found it."""

    code: str
    name: str
    severity: Severity
    source: Source
    span: Span
    message: str
    help: str
    fix: Fix | None

    @property
    def start(self) -> "Position":
        """The line and column in which it starts."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> "Position":
        """The line and column after it."""
        return self.source.position(self.span.end)

    @property
    def is_fixable(self) -> bool:
        """Whether `--fix` would fix it."""
        return self.fix is not None and self.fix.is_safe


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` after `edits`, which are in order and do not overlap."""
    pieces = []
    at = 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.replacement]
        at = edit.end
    return b"".join([*pieces, data[at:]])
