"""Brackets that do not fit the indentation of a JSON text."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

CLOSERS = {"{": "}", "[": "]"}
_TOKEN = regex(r'"(?:[^"\\\n]|\\[^\n])*+(?:"|(?P<open>\\?))|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.ASCII)
_REST_IS_BLANK = regex(r"[ \t\r]*$", re.MULTILINE)


class Token(NamedTuple):
    """A token: its text, and where it starts and ends."""

    text: str
    start: int
    end: int
    is_open_string: bool = False


class Odd(NamedTuple):
    """A bracket that its line's indentation says is wrong.

    `insert_at` is where its closing bracket belongs; `None` for one that closes nothing. `within`
    is the bracket around one that is not closed.
    """

    bracket: Token
    insert_at: int | None
    within: Token | None = None


class _Open(NamedTuple):
    """An open bracket, and the indentation of its line."""

    token: Token
    indent: int


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of a text; a string that does not end on its line is an open string."""
    for match in _TOKEN.finditer(text, start, end):
        is_open = match["open"] is not None
        yield Token(match[0], match.start(), match.end(), is_open)


def brackets_by_indentation(text: str, start: int, tab: int) -> list[Odd]:
    """The brackets that are not closed, or close nothing, by the indentation of their lines.

    A tab ends at the next multiple of `tab` columns.

    Only lines that begin with a key or a bracket count, and the first line of a container sets the
    indentation of those that follow in it.
    """
    return _Scan(text, start, tab).odd


class _Scan:
    """Reads a text once. `children` is the indentation in each open container, if known."""

    def __init__(self, text: str, start: int, tab: int) -> None:
        self.text = text
        self.tab = tab
        self.odd: list[Odd] = []
        self.stack: list[_Open] = []
        self.children: list[int | None] = []
        self.ends: list[int] = [start, start]  # of the last two tokens
        self.last: Token | None = None
        self.last_closer: Token | None = None
        self.line_start = start
        for token in tokens(text, start, len(text)):
            if len(self.stack) > limits.MANIFEST_LEVELS:
                break
            self._take(token)

    def _take(self, token: Token) -> None:
        newline = self.text.rfind("\n", self.ends[-1], token.start)
        is_first = newline >= 0 or self.last is None
        if token.text == "," and _REST_IS_BLANK.match(self.text, token.end):
            is_first = False  # what was before it is removed
        if is_first:
            self.line_start = newline + 1 if newline >= 0 else self.line_start
            lead = self.text[self.line_start : token.start]
            self.indent = len(lead.expandtabs(self.tab))
        if token.text in ("}", "]"):
            self._close(token, is_first)
        else:
            if is_first:
                self._first(token)
            if token.text in ("{", "["):
                self.stack.append(_Open(token, self.indent))
                self.children.append(None)
        self.ends = [self.ends[-1] if token.text == "," else token.end, token.end]
        self.last = token

    def _first(self, token: Token) -> None:
        """Take a line that does not begin with a closing bracket."""
        while len(self.stack) > 1 and self._is_outside():
            self._unclosed()
        if not self.stack:
            if self.last_closer is not None and token.text not in ("{", "["):
                self.odd.append(Odd(self.last_closer, None))
            return
        known = self.children[-1]
        if known is None:
            self.children[-1] = self.indent
        elif self.indent > known and self.last_closer is not None:
            self.odd.append(Odd(self.last_closer, None))

    def _is_outside(self) -> bool:
        """Whether the line is indented less than the others in the innermost container."""
        known = self.children[-1]
        if known is None:
            return self.indent <= self.stack[-1].indent and self.last is not None
        return self.indent < known

    def _close(self, token: Token, is_first: bool) -> None:
        if is_first:
            # A line that is indented like no line with an open bracket is only untidy.
            is_known = any(opened.indent == self.indent for opened in self.stack[:-1])
            while is_known and self.stack[-1].indent > self.indent:
                self._unclosed()
            if self.stack and self.stack[-1].indent < self.indent:
                self.odd.append(Odd(token, None))
                return
        if self.stack:
            self.stack.pop()
            self.children.pop()
        self.last_closer = token

    def _unclosed(self) -> None:
        opened = self.stack.pop()
        self.children.pop()
        within = self.stack[-1].token if self.stack else None
        self.odd.append(Odd(opened.token, self._end_of_value(), within))

    def _end_of_value(self) -> int:
        """Where the last value ends, without a comma after it."""
        return self.ends[0] if self.last is not None and self.last.text == "," else self.ends[-1]
