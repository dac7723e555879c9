"""What a JSON text consists of. All spans are byte offsets into it."""

from gearlint.core.finding import Edit
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span


class Fault(NamedTuple):
    """A place that is not valid JSON: its span, what is wrong, and what to do about it.

    `edits` certainly fix it; they are empty if nothing certainly does. `stand_in` has as many bytes
    as the span, and the text can be read with them instead; it is `None` where the mistake may be
    another one, at another place. `kind` is what faults of one kind have in common, if not the
    message.
    """

    span: Span
    message: str
    help: str
    edits: tuple[Edit, ...] = ()
    stand_in: bytes | None = None
    kind: str = ""


class Node:
    """A value: its `span`, the span of its `key` in an object, and its children.

    `members` are the values of an object by key, `items` those of an array. `is_repeated` is true
    if an earlier member of the same object has the same key.
    """

    __slots__ = ("is_repeated", "items", "key", "members", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.key: Span | None = None
        self.is_repeated = False
        self.members: dict[str, Node] = {}
        self.items: list[Node] = []

    @property
    def start(self) -> int:
        """The offset of its first byte."""
        return self.span.start


class Duplicate(NamedTuple):
    """A key given more than once in one object: the spans of one occurrence and of the next.

    `earlier` is the value at the earlier one, which does not count, `later` that at the next.
    """

    key: str
    first: Span
    again: Span
    earlier: Node
    later: Node


class Document(NamedTuple):
    """A parsed text: its value, the keys that are given twice, and what is not valid JSON."""

    root: Node
    duplicates: list[Duplicate]
    faults: list[Fault]
