"""The line of a file in which a finding starts, as wide as there is room, and carets under it."""

from unicodedata import category, east_asian_width

from gearlint.core import limits
from gearlint.core.secrets import MARGIN, redacted
from gearlint.core.source import Source, Span

_CHARACTERS = 4
"""In one column at most: a letter and its accents. Of a line with more, less is shown."""


def excerpt(source: Source, span: Span, columns: int) -> tuple[str, str]:
    """The line in printable characters, and the carets. Both take at most so many columns.

    A longer line is cut around the place, and has `…` where it is.
    """
    start = source.position(span.start)
    end = source.position(max(span.end, span.start + 1))
    line, cut, has_more = source.piece(span.start, limits.EXTRACT_CHARACTERS)
    first = start.column - 1 - cut
    last = end.column - 1 - cut if end.line == start.line else len(line)
    reach = columns if line.isascii() else columns * _CHARACTERS
    at = max(0, first - reach)
    around = max(0, at - MARGIN)
    near = redacted(line[around : first + reach + MARGIN])[at - around :][: first + reach - at]
    if near.isascii() and near.isprintable():  # as most are: thousands may be of one long line
        cells, widths = list(near), [1] * len(near)
    else:
        cells = [_printable(char) for char in near]
        widths = [_width(cell) for cell in cells]
    if first - at >= len(cells):  # the end of the line
        cells += " " * (first - at + 1 - len(cells))
        widths += [1] * (len(cells) - len(widths))
    if cut or has_more or len(near) < len(line) or sum(widths) > columns:
        left, right = _window(widths, first - at, columns - len("……"))
    else:
        left, right = 0, len(widths)
    head = "…" if cut + at + left else ""
    tail = "…" if has_more or at + right < len(line) else ""
    before = len(head) + sum(widths[left : first - at])
    under = sum(widths[first - at : min(last - at, right)]) or 1
    return head + "".join(cells[left:right]).rstrip() + tail, " " * before + "^" * under


def _window(widths: list[int], at: int, columns: int) -> tuple[int, int]:
    """The first cell that is shown and the one after the last, a third of them before `at`."""
    left = _back(widths, at, columns // 3)
    right, room = left, columns
    while right < len(widths) and widths[right] <= room:
        room -= widths[right]
        right += 1
    return _back(widths, left, room), right


def _back(widths: list[int], at: int, room: int) -> int:
    """The first of the cells before `at` that have room."""
    while at and widths[at - 1] <= room:
        at -= 1
        room -= widths[at]
    return at


def _printable(char: str) -> str:
    if char == "\t":
        return "    "
    return char if char.isprintable() else "\ufffd"


def _width(cell: str) -> int:
    """The number of columns that a cell takes on a terminal."""
    if cell.isascii():
        return len(cell)
    if category(cell) in ("Mn", "Me"):  # accents
        return 0
    return 2 if east_asian_width(cell) in "WF" else 1
