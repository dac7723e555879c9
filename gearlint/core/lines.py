"""The lines of a file, found as they are asked for: there may be millions of them."""

from gearlint.core.named_tuple import NamedTuple

_BLOCK = 4096
"""Bytes whose lines are counted at once."""
_CHARACTER_BYTES = 4
"""The most that a character has."""


class Position(NamedTuple):
    """A place as people count: line and column from 1, the column in characters."""

    line: int
    column: int


class Piece(NamedTuple):
    """A part of a line, after `before` characters of it; `has_more` is whether others follow."""

    text: str
    before: int
    has_more: bool


class Lines:
    """The lines of `data`, numbered from 1; a line ends after its LF.

    Columns count characters, from 1; bytes that are not UTF-8 count as the U+FFFD that is shown
    instead. The first line begins at `text_start`, after a byte order mark.
    """

    def __init__(self, data: bytes, text_start: int) -> None:
        self.data = data
        self.text_start = text_start
        self._before: list[int] = []  # the LFs before each block
        self._starts: dict[int, int] = {}
        self._counted: dict[int, tuple[list[int], list[int]]] = {}  # offsets, characters before
        self._is_ascii = data.isascii()

    def span(self, offset: int) -> tuple[int, int]:
        """Where the line begins and ends that holds a byte offset, without its CR LF, or LF."""
        end = self.data.find(b"\n", offset)
        end = len(self.data) if end < 0 else end - (self.data[end - 1 : end] == b"\r")
        start = self._start(self._number(offset), offset)
        return start, max(start, end)

    def character(self, offset: int) -> int:
        """Where the character begins that holds a byte offset; CR LF is one."""
        if self.data[offset - 1 : offset + 1] == b"\r\n":
            return offset - 1
        if offset >= len(self.data) or self.data[offset] & 0xC0 != 0x80:
            return offset
        for begin in range(offset - 1, max(-1, offset - _CHARACTER_BYTES), -1):
            if self.data[begin] & 0xC0 != 0x80:
                return begin if begin + _width(self.data[begin : begin + 4]) > offset else offset
        return offset

    def position(self, offset: int) -> Position:
        """The line and the column of the character at a byte offset, or of the end of the file."""
        offset = max(self.text_start, min(offset, len(self.data)))
        number = self._number(offset)
        start = self._start(number, offset)
        column = self._characters(start, max(start, self.character(offset))) + 1
        return Position(number, column)

    def piece(self, offset: int, most: int) -> Piece:
        """Up to `most` characters of a line before and after a byte offset."""
        offset = max(offset, self.text_start)
        start, end = self.span(offset)
        at = max(start, self.character(offset))
        # A character has at most four bytes; the first one may be cut in the middle.
        before = self.data[max(start, at - 4 * most - 4) : at].decode("utf-8", "replace")
        after = self.data[at : min(end, at + 4 * most + 4)].decode("utf-8", "replace")
        before = before[max(0, len(before) - most) :]
        column = self.position(offset).column - 1
        return Piece(before + after[:most], column - len(before), len(after) > most)

    def _number(self, offset: int) -> int:
        """The number of the line that holds a byte offset."""
        if not self._before:
            self._before = self._counted_by_block()
        block = min(offset // _BLOCK, len(self._before) - 1)
        return self._before[block] + self.data.count(b"\n", block * _BLOCK, offset) + 1

    def _counted_by_block(self) -> list[int]:
        counts = [0]
        for at in range(0, len(self.data) - _BLOCK, _BLOCK):
            counts.append(counts[-1] + self.data.count(b"\n", at, at + _BLOCK))
        return counts

    def _start(self, number: int, offset: int) -> int:
        """Where the line of this number begins, which holds a byte offset."""
        if number not in self._starts:
            self._starts[number] = self.data.rfind(b"\n", 0, offset) + 1 or self.text_start
        return min(self._starts[number], offset)

    def _characters(self, start: int, offset: int) -> int:
        """The number of characters between two offsets of a line that starts at `start`.

        Counts on from the last offset that was counted, so that many offsets of a line are cheap.
        """
        if self._is_ascii:
            return offset - start
        from bisect import bisect_right

        offsets, counts = self._counted.setdefault(start, ([start], [0]))
        at = bisect_right(offsets, offset)
        between = self.data[offsets[at - 1] : offset].decode("utf-8", "replace")
        if between:
            offsets.insert(at, offset)
            counts.insert(at, counts[at - 1] + len(between))
            at += 1
        return counts[at - 1]


def _width(data: bytes) -> int:
    """How many bytes the first character has, or become one U+FFFD where they are none."""
    try:
        return len(data.decode()[0].encode())
    except UnicodeDecodeError as error:
        return error.end if error.start == 0 else len(data[: error.start].decode()[0].encode())
