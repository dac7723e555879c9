"""The lines of the keys of a TOML file, which tomllib does not report."""

import tomllib
from collections.abc import Callable

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

Key = tuple[str | int, ...]
"""The keys from the root to a value, with the index (from 0) in arrays: `("a", "b", 0)`."""

_TOKEN = regex(
    r'''(?x)
    (?P<text> """ (?: [^"\\] | \\[\s\S] | "(?!"") )*+ """ "{0,2}
            | \'\'\' (?: [^'] | '(?!\'\') )*+ \'\'\' '{0,2}
            | " (?: [^"\\\n] | \\. )*+ "
            | ' [^'\n]*+ '
            | [^\s\[\]{},=.\#"']++ )
    | \# [^\n]*+
    | (?P<mark> [\n\[\]{},=] )'''
)


def lines_of_keys(text: str) -> dict[Key, int]:
    """The line (from 1) of each key, table and array of valid TOML, where it is first named.

    A table in an array is at its first line: that of its header, or of its `{`.
    """
    scanner = _Scanner()
    for token in _TOKEN.finditer(text):
        if token["text"]:
            scanner.take_text(token["text"])
        elif token["mark"]:
            _MARKS[token["mark"]](scanner)
        scanner.line += token[0].count("\n")
    return scanner.lines


class _Open(NamedTuple):
    """An array or inline table that has not ended yet."""

    key: Key
    is_array: bool


class _Scanner:
    """Follows the structure of a file from token to token, and skips what is in values.

    `line` is that of the token. `place` is the key of the value that is being read. It is `None`
    while a key is being read, with its parts so far in `parts`. `table` is the key of the last
    header, and `brackets` counts the `[` of a header that has not ended yet.
    """

    def __init__(self) -> None:
        self.line = 1
        self.lines: dict[Key, int] = {}
        self.place: Key | None = None
        self.parts: list[str] = []
        self.table: Key = ()
        self.brackets = 0
        self.open: list[_Open] = []
        self.sizes: dict[Key, int] = {}  # of arrays of tables

    def take_text(self, text: str) -> None:
        if self.place is None:
            self.parts.append(_unquoted(text))

    def begin_value(self) -> None:
        key = self.open[-1].key if self.open else self.table
        for part in self.parts:
            key = (*key, part)
            self.lines.setdefault(key, self.line)
        self.place = key
        self.parts = []

    def open_bracket(self) -> None:
        if self.place is None:
            self.brackets += 1
        else:
            self.open.append(_Open(self.place, is_array=True))
            self.place = (*self.place, 0)

    def close_bracket(self) -> None:
        if self.brackets:
            self._end_header()
        elif self.open:
            self.place = self.open.pop().key

    def _end_header(self) -> None:
        key: Key = ()
        for part in self.parts[:-1]:
            key = (*key, part)
            self.lines.setdefault(key, self.line)
            if key in self.sizes:  # the last table of the array
                key = (*key, self.sizes[key] - 1)
        key = (*key, self.parts[-1])
        self.lines.setdefault(key, self.line)
        if self.brackets > 1:
            self.sizes[key] = self.sizes.get(key, 0) + 1
            key = (*key, self.sizes[key] - 1)
            self.lines[key] = self.line
        self.table = self.place = key  # nothing else follows in the line
        self.brackets = 0

    def open_brace(self) -> None:
        if self.place is not None:
            self.lines.setdefault(self.place, self.line)
            self.open.append(_Open(self.place, is_array=False))
        self.place = None
        self.parts = []

    def close_brace(self) -> None:
        self.place = self.open.pop().key if self.open else None

    def end_item(self) -> None:
        self.parts = []
        if self.place is not None and self.open and self.open[-1].is_array:
            *array, index = self.place
            self.place = (*array, int(index) + 1)
        else:
            self.place = None

    def end_line(self) -> None:
        if not self.open:
            self.place = None
            self.parts = []


_MARKS: dict[str, Callable[[_Scanner], None]] = {
    "=": _Scanner.begin_value,
    "[": _Scanner.open_bracket,
    "]": _Scanner.close_bracket,
    "{": _Scanner.open_brace,
    "}": _Scanner.close_brace,
    ",": _Scanner.end_item,
    "\n": _Scanner.end_line,
}


def _unquoted(key: str) -> str:
    """A part of a key without its quotes and escapes."""
    if "\\" in key and key.startswith('"'):
        return next(iter(tomllib.loads(f"{key} = 0")))
    return key[1:-1] if key[0] in "\"'" else key
