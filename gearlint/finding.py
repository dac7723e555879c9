"""What a rule says of a gear, and how bad it is. Knows nothing of gears or rules."""

from enum import IntEnum
from typing import NamedTuple

from gearlint.source import Source, Span


class Severity(IntEnum):
    """How bad a finding is; larger is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word for it in messages, settings and options: `info`, `warning` or `error`."""
        return self.name.lower()


class Problem(NamedTuple):
    """What a rule yields: one thing that is wrong, and where.

    `message` is one line without a full stop: what is wrong, with the value, and what was expected.
    `help`, if any, is one line that says what to do. `severity` overrides that of the rule.
    """

    source: Source
    span: Span
    message: str
    help: str = ""
    severity: Severity | None = None


class Finding(NamedTuple):
    """A problem under the code, name and severity of the rule that found it."""

    code: str
    name: str
    severity: Severity
    source: Source
    span: Span
    message: str
    help: str
