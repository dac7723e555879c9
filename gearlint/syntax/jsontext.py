"""JSON as text: where each key and value stands, and each place that is not JSON.

The standard `json` module says what is valid and what it means; this module says where. Unlike it,
the parser here goes on after a mistake, so that an author hears of all of them at once.
"""

import re
from typing import NamedTuple

from gearlint.core.finding import Edit
from gearlint.core.lazy import regex
from gearlint.core.source import Span

MAX_FAULTS = 50
"""After so many faults the rest would be noise."""

MAX_STACK = 1000
"""Deeper than this nothing more is said of a document with a mistake."""

_TOKEN = regex(
    rb"""
      (?P<string> "[^"\\\n]*(?:\\[^\n][^"\\\n]*)*" )
    | (?P<punctuation> [{}\[\]:,] )
    | (?P<literal> (?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
                   (?=[ \t\r\n{}\[\]:,"/\#]|\Z) )
    | (?P<comment> //[^\n]* | \#[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<curly> (?:\xe2\x80[\x9c-\x9f]) (?:(?!\xe2\x80[\x9c-\x9f])[^"\n])*
                 (?:\xe2\x80[\x9c-\x9f]|") )
    | (?P<half_curly> "(?:(?!\xe2\x80[\x9c-\x9f])[^"\n])*\xe2\x80[\x9c-\x9f] )
    | (?P<single> '[^'\n]*' )
    | (?P<open> "[^\n]* )
    | (?P<word> [^ \t\r\n{}\[\]:,"]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE_OR_BAD = regex(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<bad>[\x00-\x1f]|\\.)', re.DOTALL)
_LOOKS_LIKE_MEMBER = regex(rb'\s*(?:"[^"\n]*"\s*:|[}\]])')
_LINE_END = regex(rb"[ \t\r]*(?:\n|\Z)")
_SPACES = regex(rb"[ \t]*")
_PYTHON_WORDS = {b"True": "true", b"False": "false", b"None": "null"}
_NO_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")


class Fault(NamedTuple):
    """A place that is not JSON: a span, what is wrong there, and what to do about it.

    `edits`, where there are any, certainly fix it.
    """

    span: Span
    message: str
    help: str
    edits: tuple[Edit, ...] = ()


class Node:
    """A value and where it stands: `span`, the span of its `key` in an object, and its children.

    `is_repeated` says that its key was given before, for a value that no longer counts.
    """

    __slots__ = ("is_repeated", "items", "key", "members", "span", "start")

    def __init__(self, start: int, key: Span | None) -> None:
        self.start = start
        self.span = Span(start, start)
        self.key = key
        self.is_repeated = False
        self.members: dict[str, Node] = {}
        self.items: list[Node] = []


class Duplicate(NamedTuple):
    """A key given more than once in one object: the spans of an earlier and of the next one.

    `earlier_value` is the span of the earlier one's value, which does not count.
    """

    key: str
    first: Span
    again: Span
    earlier_value: Span


class Document(NamedTuple):
    """What `parse` found: the value, the keys given twice, and what is not JSON."""

    root: Node
    duplicates: list[Duplicate]
    faults: list[Fault]


def parse(data: bytes, start: int = 0, max_faults: int = MAX_FAULTS) -> Document:
    """Parse UTF-8 `data` from byte offset `start` on; all spans are byte offsets into `data`.

    Without faults the root and its children are those of `json.loads`; with them, a best guess,
    which ends at the fault number `max_faults`.
    """
    return _Parser(data, max_faults).parse(start)


# What may come next. After an opening bracket the container may also end at once.
_VALUE, _VALUE_OR_END, _KEY, _KEY_OR_END, _COLON, _COMMA_OR_END, _DONE = range(7)


class _Parser:
    def __init__(self, data: bytes, max_faults: int) -> None:
        self.data = data
        self.max_faults = max_faults
        self.begin = 0
        self.faults: list[Fault] = []
        self.duplicates: list[Duplicate] = []
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.open = {b"{": 0, b"[": 0}  # how many of each are in the stack
        self.expect = _VALUE
        self.key: tuple[str, Span] | None = None
        self.comma = Span(0, 0)
        self.end = 0  # of the last token that counts

    def parse(self, start: int) -> Document:
        at = self.end = self.begin = start
        while match := _TOKEN.search(self.data, at):
            at = match.end()
            kind = match.lastgroup
            span = Span(match.start(), at)
            if kind == "comment":
                advice = "JSON has no comments: remove it"
                self.fault(span, "comment", advice, self.without_comment(span))
                if self.is_full:
                    break
                continue
            if self.expect == _DONE:
                self.fault(span, "text after the end of the JSON value", "remove it")
                break
            if kind == "punctuation":
                self.punctuation(span)
            elif kind == "open":
                at = self.open_string(span)
                if at < 0:
                    break
            else:
                self.scalar(kind or "", span)
            self.end = span.end
            if self.is_full or (self.faults and len(self.stack) > MAX_STACK):
                break
        else:
            self.finish()
        return Document(self.root or Node(start, None), self.duplicates, self.faults)

    @property
    def is_full(self) -> bool:
        """Whether there are as many faults as are reported."""
        return len(self.faults) >= self.max_faults

    def fault(self, span: Span, message: str, help: str, *edits: Edit) -> None:
        if not self.is_full:
            self.faults.append(Fault(span, message, help, edits))

    def bytes_of(self, span: Span) -> bytes:
        return self.data[span.start : span.end]

    def scalar(self, kind: str, span: Span) -> None:
        """A string, literal, or what seems meant as one."""
        if self.expect == _COMMA_OR_END:
            self.missing_comma()
        elif self.expect == _COLON:
            self.fault(span, 'no ":" between key and value', 'put a ":" between them')
            self.expect = _VALUE
        is_key = self.expect in (_KEY, _KEY_OR_END)
        self.check_scalar(kind, span, is_key)
        if is_key:
            self.key = (_text_of(self.bytes_of(span)), span)
            self.expect = _COLON
        else:
            self.add(Node(span.start, None)).span = span
            self.after_value()

    def check_scalar(self, kind: str, span: Span, is_key: bool) -> None:
        raw = self.bytes_of(span)
        if kind == "string":
            for match in _ESCAPE_OR_BAD.finditer(raw):
                if self.is_full:
                    break
                if match["bad"]:
                    self.bad_in_string(Span(span.start + match.start(), span.start + match.end()))
        elif kind in ("curly", "half_curly"):
            advice = 'strings stand in straight double quotes (")'
            self.fault(span, "curly quotes", advice, *_straightened(span, raw))
        elif kind == "single":
            self.fault(span, "single quotes", 'strings stand in double quotes (")')
        elif is_key:
            text = raw[:40].decode("utf-8", "replace")
            advice = f'write "{text}"' if len(raw) <= 40 else "write it in double quotes"
            self.fault(span, f"key {text} is not in quotes", advice)
        elif kind == "word":
            self.bad_word(span, raw)

    def bad_in_string(self, span: Span) -> None:
        raw = self.bytes_of(span)
        if raw.startswith(b"\\"):
            text = raw.decode("utf-8", "replace")
            self.fault(span, f"{text} is not a JSON escape", r"a backslash itself is written \\")
        elif raw == b"\t":
            self.fault(span, "tab inside a string", r"write it as \t")
        else:
            code = f"\\u{raw[0]:04x}"
            self.fault(span, "control character inside a string", f"write it as {code}")

    def bad_word(self, span: Span, raw: bytes) -> None:
        text = raw[:40].decode("utf-8", "replace")
        if raw in _PYTHON_WORDS:
            self.fault(span, f"{text} is not JSON", f"write {_PYTHON_WORDS[raw]}")
        elif raw in _NO_NUMBERS:
            self.fault(span, f"{text} is not a JSON number", "use a number, or a string")
        elif raw[:1].isdigit() or raw[:1] in (b"-", b"+", b"."):
            self.fault(
                span, f"{text} is not a JSON number", "write it like 0.5, or as a string in quotes"
            )
        else:
            self.fault(
                span, f"{text} is not JSON", "a value is a string in double quotes, a number, "
                "true, false, null, an object or an array",
            )  # fmt: skip

    def open_string(self, span: Span) -> int:
        """A string that does not end on its line; returns where to go on, or -1 to give up."""
        line = self.bytes_of(span)
        self.fault(
            Span(span.start, span.start + len(line.rstrip())),
            "string is not closed on its line",
            r'put the closing " (a line break inside a string is written \n)',
        )
        if not _LOOKS_LIKE_MEMBER.match(self.data, span.end):
            return -1
        # As if the quote had stood before the comma at the end of the line.
        known = len(self.faults)
        comma = line.rstrip().endswith(b",")
        self.scalar("string", span)
        del self.faults[known:]
        if comma and self.expect == _COMMA_OR_END:
            self.punctuation_comma(Span(span.end - 1, span.end))
        return span.end

    def punctuation(self, span: Span) -> None:
        mark = self.bytes_of(span)
        if mark in (b"{", b"["):
            self.open_container(span, mark)
        elif mark in (b"}", b"]"):
            self.close_container(span, mark)
        elif mark == b",":
            self.punctuation_comma(span)
        elif self.expect == _COLON:
            self.expect = _VALUE
        else:
            self.fault(span, 'unexpected ":"', "a colon stands only between a key and its value")

    def punctuation_comma(self, span: Span) -> None:
        if self.expect == _COMMA_OR_END:
            self.comma = span
            self.expect = _KEY if self.in_object() else _VALUE
        elif self.expect == _COLON or (self.expect == _VALUE and self.in_object()):
            self.no_value(span)
            self.expect = _KEY
        else:
            # In an array a value may be missing there.
            edits = [_without(span)] if self.in_object() else []
            self.fault(span, "comma with nothing before it", "remove it", *edits)

    def open_container(self, span: Span, mark: bytes) -> None:
        if self.expect == _COMMA_OR_END:
            self.missing_comma()
        elif self.expect == _COLON:
            self.fault(span, 'no ":" between key and value', 'put a ":" between them')
        if self.expect in (_KEY, _KEY_OR_END):
            self.fault(
                span, "value without a key", 'in an object each value has a key: "key": value'
            )
        self.stack.append(self.add(Node(span.start, None)))
        self.open[mark] += 1
        self.expect = _KEY_OR_END if mark == b"{" else _VALUE_OR_END

    def close_container(self, span: Span, mark: bytes) -> None:
        opener = b"{" if mark == b"}" else b"["
        if not self.open[opener]:
            self.fault(
                span, f'"{mark.decode()}" closes nothing', "remove it, or add what should open it"
            )
            return
        while True:
            node = self.stack[-1]
            matches = self.opener(node) == opener
            self.before_close(Span(self.end, self.end) if not matches else span)
            if not matches:
                self.unclosed(node, span)
            self.pop(span.end if matches else self.end)
            if matches:
                return

    def before_close(self, span: Span) -> None:
        if self.expect == _KEY or (self.expect == _VALUE and not self.in_object()):
            advice = "remove it: nothing follows"
            self.fault(self.comma, "trailing comma", advice, _without(self.comma))
        elif self.expect in (_COLON, _VALUE):
            self.no_value(span)

    def unclosed(self, node: Node, at: Span) -> None:
        opener = self.opener(node)
        closer = "}" if opener == b"{" else "]"
        line = self.data.count(b"\n", 0, node.start) + 1
        self.fault(
            at, f'"{closer}" is missing', f'the "{opener.decode()}" in line {line} is not closed'
        )

    def no_value(self, span: Span) -> None:
        self.fault(self.key[1] if self.key else span, "key without a value", 'write "key": value')
        self.key = None

    def missing_comma(self) -> None:
        self.fault(Span(self.end, self.end), "comma is missing", "put a comma after this value")
        self.expect = _KEY if self.in_object() else _VALUE

    def finish(self) -> None:
        end = Span(self.end, self.end)
        if self.root is None:
            if not self.faults:
                self.fault(end, "no JSON value", "expected an object: { ... }")
            return
        if self.stack:
            self.before_close(end)
            self.unclosed(self.stack[-1], end)
        while self.stack:
            self.pop(self.end)

    def without_comment(self, span: Span) -> Edit:
        """Takes a comment out: its lines where it has them for itself, else the spaces by it."""
        start, end = span
        if self.data.endswith(b"\r", start, end):
            end -= 1
        while start > self.begin and self.data[start - 1] in b" \t":
            start -= 1
        if start > self.begin and self.data[start - 1] != ord("\n"):
            return Edit(start, end, b"")
        if rest := _LINE_END.match(self.data, end):
            return Edit(start, rest.end(), b"")
        spaces = _SPACES.match(self.data, end)
        return Edit(span.start, spaces.end() if spaces else end, b"")

    def in_object(self) -> bool:
        return bool(self.stack) and self.opener(self.stack[-1]) == b"{"

    def opener(self, node: Node) -> bytes:
        return self.data[node.start : node.start + 1]

    def add(self, node: Node) -> Node:
        """Put a node where it belongs: under its key, in its array, or at the root."""
        if not self.stack:
            self.root = node
        elif self.key is not None:
            name, node.key = self.key
            members = self.stack[-1].members
            if name in members:
                earlier = members[name]
                self.duplicates.append(
                    Duplicate(name, earlier.key or node.key, node.key, earlier.span)
                )  # the last one counts, as for json.loads
                node.is_repeated = True
            members[name] = node
            self.key = None
        else:
            self.stack[-1].items.append(node)
        return node

    def pop(self, end: int) -> None:
        node = self.stack.pop()
        self.open[self.opener(node)] -= 1
        node.span = Span(node.start, end)
        self.after_value()

    def after_value(self) -> None:
        self.expect = _COMMA_OR_END if self.stack else _DONE


def _without(span: Span) -> Edit:
    return Edit(span.start, span.end, b"")


def _straightened(span: Span, token: bytes) -> list[Edit]:
    """Straight quotes for those of a string's two quotes, of three bytes each, that are curly."""
    edits = []
    if not token.startswith(b'"'):
        edits.append(Edit(span.start, span.start + 3, b'"'))
    if not token.endswith(b'"'):
        edits.append(Edit(span.end - 3, span.end, b'"'))
    return edits


def _text_of(token: bytes) -> str:
    """The text of a string token, or of what seems meant as one."""
    if b"\\" in token:
        import json

        try:
            return str(json.loads(token))
        except ValueError:
            pass
    quote = token[:1]
    if quote in (b'"', b"'") and len(token) > 1 and token.endswith(quote):
        token = token[1:-1]
    return token.decode("utf-8", "replace")
