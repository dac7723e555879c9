"""The parser of a JSON text, which goes on after a mistake."""

import re

from gearlint.core import limits
from gearlint.core.finding import Edit
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.jsontext.model import Document, Duplicate, Fault, Node
from gearlint.syntax.jsontext.scalars import faults_of, text_of

_NEXT_TOKEN = regex(
    rb"""[ \t\r\n]*+ (?:
      (?P<string> "[^"\\\n]*(?:\\[^\n][^"\\\n]*)*" )
    | (?P<punctuation> [{}\[\]:,] )
    | (?P<literal> (?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
                   (?=[ \t\r\n{}\[\]:,"/\#]|\xc2\xa0|\Z) )
    | (?P<space> (?:\xc2\xa0|\xe2\x80[\x80-\x8b\xaf]|\xe3\x80\x80|\xef\xbb\xbf)+ )
    | (?P<comment> //[^\n]* | \#[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<curly> (?:\xe2\x80[\x9c-\x9f]) (?:(?!\xe2\x80[\x9c-\x9f])[^"\n])*
                 (?:\xe2\x80[\x9c-\x9f]|") )
    | (?P<half_curly> "(?:(?!\xe2\x80[\x9c-\x9f])[^"\n])*\xe2\x80[\x9c-\x9f] )
    | (?P<single> '[^'\n]*' )
    | (?P<open> "[^\n]* )
    | (?P<word> [^ \t\r\n{}\[\]:,"]+ )
    )""",
    re.VERBOSE | re.DOTALL,
)
_LOOKS_LIKE_MEMBER = regex(rb'\s*(?:"[^"\n]*"\s*:|[}\]])')
_LINE_END = regex(rb"[ \t\r]*(?:\n|\Z)")
_SPACES = regex(rb"[ \t]*")
_HIDES_MARK = regex(rb"(?://|#)[ \t]*[,:{}\[\]]")
_NOT_LINE_END = regex(rb"[^\r\n]")
_AFTER_A_VALUE = (b",", b"}", b"]", b"\n", b"\r")


def parse(data: bytes, start: int = 0, max_faults: int = limits.JSON_FAULTS) -> Document:
    """Parse UTF-8 `data` from byte offset `start` on; all spans are byte offsets into `data`.

    Without faults the root and its children are those of `json.loads`. With faults they are a best
    guess, and parsing stops at fault number `max_faults`. Never raises.
    """
    return _Parser(data, max_faults).parse(start)


# What may come next. After an opening bracket the container may also end.
_VALUE, _VALUE_OR_END, _KEY, _KEY_OR_END, _COLON, _COMMA_OR_END, _DONE = range(7)


class _Parser:
    """Reads one text token by token; `expect` is what may come next, `stack` what is open."""

    def __init__(self, data: bytes, max_faults: int) -> None:
        self.data = data
        self.max_faults = max_faults
        self.begin = 0  # of the text in `data`
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
        """Parse from byte offset `start` to the end, or until no more is reported."""
        at = self.end = self.begin = start
        while match := _NEXT_TOKEN.match(self.data, at):
            at = match.end()
            kind = match.lastgroup or ""
            span = Span(match.start(kind), at)
            if kind == "comment":
                advice = "JSON has no comments: remove it"
                edit, blank = self.without_comment(span), self.blank_for(span)
                self.fault(span, "comments are not allowed in JSON", advice, edit, stand_in=blank)
                if self.is_full:
                    break
                continue
            if kind == "space":
                self.other_space(span)
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
                self.scalar(kind, span)
            self.end = span.end
            if self.is_full or (self.faults and len(self.stack) > limits.JSON_LEVELS):
                break
        else:
            self.finish()
        return Document(self.root or Node(Span(start, start)), self.duplicates, self.faults)

    @property
    def is_full(self) -> bool:
        """Whether no more faults are reported."""
        return len(self.faults) >= self.max_faults

    def fault(
        self, span: Span, message: str, help: str, *edits: Edit, stand_in: bytes | None = None
    ) -> None:
        """Add a fault, unless there are `max_faults` already."""
        if not self.is_full:
            self.faults.append(Fault(span, message, help, edits, stand_in))

    def bytes_of(self, span: Span) -> bytes:
        """The bytes of the text that a span covers."""
        return self.data[span.start : span.end]

    def other_space(self, span: Span) -> None:
        """Report spaces that JSON does not have, as what is copied from a page of the web has."""
        spaces = self.bytes_of(span).decode()
        seen = sum(space not in "\u200b\ufeff" for space in spaces)
        self.fault(
            span,
            f"unexpected character U+{ord(spaces[0]):04X}",
            "write a plain space instead" if seen else "remove it",
            Edit(*span, b" " * seen),
            stand_in=self.blank_for(span),
        )

    def scalar(self, kind: str, span: Span) -> None:
        """Take a string, a literal, or what seems meant as one."""
        if self.expect == _COMMA_OR_END:
            self.missing_comma()
        elif self.expect == _COLON:
            self.fault(span, 'no ":" between key and value', 'put a ":" between them')
            self.expect = _VALUE
        is_key = self.expect in (_KEY, _KEY_OR_END)
        raw = self.bytes_of(span)
        for fault in faults_of(kind, raw, span, is_key):
            if self.is_full:
                break
            if not fault.edits and not self.stands_alone(span, is_key):
                fault = fault._replace(stand_in=None)
            self.faults.append(fault)
        if is_key:
            self.key = (text_of(raw), span)
            self.expect = _COLON
        else:
            self.add(Node(span))
            self.after_value()

    def stands_alone(self, span: Span, is_key: bool) -> bool:
        """Whether what follows a token is what follows a whole key or value."""
        after = _SPACES.match(self.data, span.end)
        at = after.end() if after else span.end
        return self.data[at : at + 1] in ((b":",) if is_key else (b"", *_AFTER_A_VALUE))

    def open_string(self, span: Span) -> int:
        """Take a string that does not end on its line; return where to go on, or -1 to give up."""
        line = self.bytes_of(span)
        self.fault(
            Span(span.start, span.start + len(line.rstrip())),
            "string is not closed on its line",
            r'put the closing " (a line break inside a string is written \n)',
        )
        if not _LOOKS_LIKE_MEMBER.match(self.data, span.end):
            return -1
        # Go on as if the quote were there, before a comma at the end of the line.
        known = len(self.faults)
        comma = line.rstrip().endswith(b",")
        self.scalar("string", span)
        del self.faults[known:]
        if comma and self.expect == _COMMA_OR_END:
            self.take_comma(Span(span.end - 1, span.end))
        return span.end

    def punctuation(self, span: Span) -> None:
        """Take a bracket, a comma or a colon."""
        mark = self.bytes_of(span)
        if mark in (b"{", b"["):
            self.open_container(span, mark)
        elif mark in (b"}", b"]"):
            self.close_container(span, mark)
        elif mark == b",":
            self.take_comma(span)
        elif self.expect == _COLON:
            self.expect = _VALUE
        else:
            self.fault(span, 'unexpected ":"', "a colon stands only between a key and its value")

    def take_comma(self, span: Span) -> None:
        """Take a comma."""
        if self.expect == _COMMA_OR_END:
            self.comma = span
            self.expect = _KEY if self.in_object() else _VALUE
        elif self.expect == _COLON or (self.expect == _VALUE and self.in_object()):
            self.no_value(span)
            self.expect = _KEY
        else:
            # In an array a value may be missing there, so removing it is not certainly right.
            edits = [_without(span)] if self.in_object() else []
            message = "comma with nothing before it"
            # After an opening bracket it is rather the closing one that is missing.
            stand_in = None if self.expect in (_KEY_OR_END, _VALUE_OR_END) else b" "
            self.fault(span, message, "remove it", *edits, stand_in=stand_in)

    def open_container(self, span: Span, mark: bytes) -> None:
        """Take a `{` or `[`."""
        if self.expect == _COMMA_OR_END:
            self.missing_comma()
        elif self.expect == _COLON:
            self.fault(span, 'no ":" between key and value', 'put a ":" between them')
        if self.expect in (_KEY, _KEY_OR_END):
            self.fault(
                span, "value without a key", 'in an object each value has a key: "key": value'
            )
        self.stack.append(self.add(Node(span)))
        self.open[mark] += 1
        self.expect = _KEY_OR_END if mark == b"{" else _VALUE_OR_END

    def close_container(self, span: Span, mark: bytes) -> None:
        """Take a `}` or `]`, which also closes what was opened after its own opening bracket."""
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
        """Report what is missing or too much before a container ends at `span`."""
        if self.expect == _KEY or (self.expect == _VALUE and not self.in_object()):
            advice = "remove it: nothing follows"
            # At the end of the text, or before another bracket, it is rather something else.
            closer = rb"\}" if self.in_object() else rb"\]"
            after = b"" if len(self.stack) > 1 else rb"[ \t\r\n]*(?:[/#]|\Z)"
            fits = re.compile(rb"[ \t\r\n]*(?:[/#]|" + closer + after + rb")")
            stand_in = b" " if fits.match(self.data, self.comma.end) else None
            edit = _without(self.comma)
            self.fault(
                self.comma,
                "trailing commas are not allowed in JSON",
                advice,
                edit,
                stand_in=stand_in,
            )
        elif self.expect in (_COLON, _VALUE):
            self.no_value(span)

    def unclosed(self, node: Node, at: Span) -> None:
        """Report at `at` that a container is not closed."""
        opener = self.opener(node)
        closer = "}" if opener == b"{" else "]"
        line = self.data.count(b"\n", 0, node.start) + 1
        self.fault(
            at, f'"{closer}" is missing', f'the "{opener.decode()}" in line {line} is not closed'
        )

    def no_value(self, span: Span) -> None:
        """Report the last key, which has no value, or `span` if there is no key."""
        self.fault(self.key[1] if self.key else span, "key without a value", 'write "key": value')
        self.key = None

    def missing_comma(self) -> None:
        """Report that a comma is missing after the last token, and go on as if it were there."""
        self.fault(Span(self.end, self.end), "comma is missing", "put a comma after this value")
        self.expect = _KEY if self.in_object() else _VALUE

    def finish(self) -> None:
        """End the text: close what is open, and report that."""
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
        """An edit that removes a comment: whole lines, or, beside other text, the spaces too."""
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

    def blank_for(self, span: Span) -> bytes | None:
        """Spaces for a comment; `None` where it is rather a mark before a key or value."""
        raw = self.bytes_of(span)
        in_member = self.expect == _COLON or (self.expect == _VALUE and self.in_object())
        if _HIDES_MARK.match(raw) or (in_member and b'"' in raw and not raw.startswith(b"/*")):
            return None
        return _NOT_LINE_END.sub(b" ", raw)

    def in_object(self) -> bool:
        """Whether the innermost open container is an object."""
        return bool(self.stack) and self.opener(self.stack[-1]) == b"{"

    def opener(self, node: Node) -> bytes:
        """The bracket that opens a container."""
        return self.data[node.start : node.start + 1]

    def add(self, node: Node) -> Node:
        """Add a node under its key, to its array, or as the root."""
        if not self.stack:
            self.root = node
        elif self.key is not None:
            name, node.key = self.key
            members = self.stack[-1].members
            if name in members:
                earlier = members[name]
                self.duplicates.append(
                    Duplicate(name, earlier.key or node.key, node.key, earlier, node)
                )  # the last one counts, as for json.loads
                node.is_repeated = True
            members[name] = node
            self.key = None
        else:
            self.stack[-1].items.append(node)
        return node

    def pop(self, end: int) -> None:
        """Close the innermost container at byte offset `end`."""
        node = self.stack.pop()
        self.open[self.opener(node)] -= 1
        node.span = Span(node.start, end)
        self.after_value()

    def after_value(self) -> None:
        """Expect what may come after a value."""
        self.expect = _COMMA_OR_END if self.stack else _DONE


def _without(span: Span) -> Edit:
    """An edit that removes a span."""
    return Edit(span.start, span.end, b"")
