"""A place where a text stops being JSON, and changes that could repair it.

Texts are decoded as Latin-1, so that offsets are of characters and of bytes alike.
"""

from collections.abc import Callable

from gearlint.core.budget import Budget
from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.jsontext.indentation import CLOSERS, Token, tokens


class Change(NamedTuple):
    """Replaces characters `start` to `end` by `text`."""

    start: int
    end: int
    text: str


class Repair(NamedTuple):
    """Changes in order, and the mistake that they would undo: at `start` to `end`."""

    changes: tuple[Change, ...]
    start: int
    end: int
    message: str
    help: str

    def applied(self, text: str) -> str:
        """The text after the changes."""
        pieces, at = [], 0
        for change in self.changes:
            pieces += [text[at : change.start], change.text]
            at = change.end
        return "".join([*pieces, text[at:]])


class Place:
    """Where a strict parser stopped: `at` is the start of the token it did not expect.

    `line_of` makes the number of a line, from 1, of an offset. `scans` are the characters whose
    indentation may yet be looked at.
    """

    def __init__(
        self, text: str, at: int, begin: int, line_of: Callable[[int], int], scans: Budget
    ) -> None:
        self.text = text
        self.scans = scans
        self.line_of = line_of
        self.begin = begin
        before = list(tokens(text, begin, at))
        self.opened = before.pop().start if before and before[-1].is_open_string else -1
        if self.opened < 0:
            at = len(text) - len(text[at:].lstrip(" \t\r\n"))
        self.at = at
        self.before = before
        self.stack: list[Token] = []
        self.colons: list[int] = [-1]  # after the last colon of each level
        for token in before:
            self._take(token)

    def _take(self, token: Token) -> None:
        if token.text in CLOSERS:
            self.stack.append(token)
            self.colons.append(-1)
        elif token.text in ("}", "]") and self.stack:
            self.stack.pop()
            self.colons.pop()
        elif token.text == ":":
            self.colons[-1] = token.end

    @property
    def previous(self) -> Token | None:
        """The token before it."""
        return self.before[-1] if self.before else None

    @property
    def char(self) -> str:
        """The character there; empty at the end of the text."""
        return self.text[self.at : self.at + 1]

    @property
    def after_previous(self) -> int:
        """The end of what came before, without a comma."""
        for token in reversed(self.before):
            if token.text != ",":
                return token.end
        return self.begin


def insertion(at: int, text: str, span: tuple[int, int], message: str, help: str) -> Repair:
    """A repair that inserts a text."""
    return Repair((Change(at, at, text),), *span, message, help)


def replacement(start: int, end: int, text: str, message: str, help: str = "remove it") -> Repair:
    """A repair that replaces what is wrong by a text, or removes it by an empty one."""
    return Repair((Change(start, end, text),), start, end, message, help)


def readable(text: str) -> str:
    """A part of the text as its author sees it, cut where it is long."""
    shown = text.encode("latin-1").decode("utf-8", "replace")
    if len(shown) == 1 and not shown.isprintable():
        return f"character U+{ord(shown):04X}"
    return shown if len(shown) <= 40 else shown[:39] + "…"
