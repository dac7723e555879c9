"""The manifest: its values, and the spans of keys and values. Knows no rules."""

import re
from collections.abc import Mapping

from gearlint.core import limits
from gearlint.core.lazy import cached_property, regex
from gearlint.core.source import BOM, Source, Span
from gearlint.syntax.json_value import loads

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.jsontext import Document, Node

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Path = tuple[str | int, ...]
"""A path in the manifest: keys of objects, and indices (from 0) of arrays."""

_NOTHING: Mapping[str, Json] = {}

_STRING = regex(rb'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"?')
_QUOTES_OF_A_MEMBER = 4
_HOLDS_NO_VALUE = regex(rb'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"?|[\[{][ \t\r\n]*[\]}]')
"""Strings, and empty objects and arrays."""


class Manifest:
    """One manifest file.

    `value` is the parsed JSON. It is `None` where the file is not JSON, is nested too deep or holds
    too many values or backslashes, which `is_json`, `is_too_deep`, `has_too_many` and
    `has_too_many_escapes` tell apart. One with over a hundred times as many values as are looked at
    counts as JSON. Spans are byte offsets into `source.data`.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.value: Json = None
        self.is_json = False
        self.is_too_deep = False
        self.has_too_many = False
        self.has_too_many_escapes = False
        self.has_duplicates = False
        self._read()

    def _read(self) -> None:
        text = self.source.text
        if text is None or self.source.too_large or self.encoding == "UTF-16":
            return
        data = self.source.data
        self.has_too_many_escapes = data.count(b"\\") > limits.JSON_ESCAPES
        if self.has_too_many_escapes:
            self.has_too_many = True
        elif _marks(data) > limits.LOADED_VALUES and (
            data.count(b'"') > _QUOTES_OF_A_MEMBER * limits.LOADED_VALUES + limits.JSON_ESCAPES
            or _marks(_STRING.sub(b"", data)) > limits.LOADED_VALUES
        ):
            self.is_json = self.has_too_many = True
            return
        try:
            self._load(text)
        except ValueError:
            pass
        except RecursionError:
            self.is_too_deep = True
        levels = limits.MANIFEST_LEVELS
        if self.source.data.count(b"[") + self.source.data.count(b"{") > levels:
            self.is_too_deep = self.is_too_deep or _depth_exceeds(self.value, levels)
        if not self.is_too_deep and not self.has_too_many:
            self.has_too_many = _holds_too_many(self.source.data)
        if not self.is_json or self.is_too_deep or self.has_too_many:
            self.value = None

    def _load(self, text: str) -> None:
        constants: list[str] = []
        self.value = loads(
            text,
            object_pairs_hook=self._object,
            parse_constant=constants.append,
            # Python converts no integer of more digits than that.
            parse_int=lambda digits: int(digits[: limits.INTEGER_DIGITS]),
        )
        self.is_json = not constants

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) != len(pairs):
            self.has_duplicates = True
        return members

    @property
    def encoding(self) -> str:
        """`UTF-8`, `UTF-8 with a byte order mark`, `UTF-16`, or empty for anything else."""
        data = self.source.data
        if data.startswith(BOM):
            return "UTF-8 with a byte order mark"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:2] in (b"{\0", b"\0{"):
            return "UTF-16"
        return "UTF-8" if self.source.text is not None else ""

    @property
    def fields(self) -> Mapping[str, Json]:
        """The members of the manifest; empty where `value` is not an object."""
        return self.value if isinstance(self.value, dict) else _NOTHING

    def get(self, *path: str | int) -> Json:
        """The value at `path`; `None` if there is none."""
        value = self.value
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def string(self, *path: str | int) -> str | None:
        """The string at `path`; `None` if there is none."""
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def object(self, *path: str | int) -> Mapping[str, Json]:
        """The members of the object at `path`; empty if there is none."""
        value = self.get(*path)
        return value if isinstance(value, dict) else _NOTHING

    @cached_property
    def config(self) -> dict[str, dict[str, Json]]:
        """The config options that are objects, by name."""
        return {k: v for k, v in self.object("config").items() if isinstance(v, dict)}

    @cached_property
    def inputs(self) -> dict[str, dict[str, Json]]:
        """The inputs that are objects, by name."""
        return {k: v for k, v in self.object("inputs").items() if isinstance(v, dict)}

    @cached_property
    def document(self) -> "Document":
        """The positions in the file, which only findings need."""
        from gearlint.syntax import jsontext

        return jsontext.parse(self.source.data, self.source.text_start)

    def span(self, path: Path) -> Span:
        """The span of the value at `path`, or of the nearest existing value around it."""
        return self._nodes(path)[-1].span

    def key_span(self, path: Path) -> Span:
        """The span of the key at `path` with its quotes; as `opening` for an item of an array."""
        node = self._nodes(path)[-1]
        return node.key or self.opening(path)

    def opening(self, path: Path) -> Span:
        """The span of the value at `path`; for an object or array, of its opening bracket."""
        span = self.span(path)
        if self.source.data[span.start : span.start + 1] in (b"{", b"["):
            return Span(span.start, span.start + 1)
        return span

    def is_same(self, one: Span, other: Span) -> bool:
        """Whether the values at two spans are equal, whatever their layout; 1 is not 1.0."""
        first, second = self.source.data[slice(*one)], self.source.data[slice(*other)]
        return first == second or _canonical(first) == _canonical(second)

    def _nodes(self, path: Path) -> list["Node"]:
        """The nodes along `path` from the root, as far as they exist."""
        node = self.document.root
        nodes = [node]
        for part in path:
            if isinstance(part, str) and part in node.members:
                node = node.members[part]
            elif isinstance(part, int) and part < len(node.items):
                node = node.items[part]
            else:
                break
            nodes.append(node)
        return nodes


def variable_of(option: str) -> str:
    """The end of the name of the variable that an option has, after `FW_CONFIG_`.

    Empty where it has none. Source: the platform's server code, scitran/core `api/jobs/jobs.py`.
    """
    kept = option.replace("-", "")
    if not (kept.isascii() and kept.isidentifier()):  # most are: no pattern is compiled for them
        kept = re.sub(r"[^A-Za-z0-9_ ]", "", kept).replace(" ", "_")
    return kept.upper()


def _canonical(data: bytes) -> str:
    """A JSON text in one layout, with numbers as they are written."""
    import json

    def number(text: str) -> dict[str, str]:
        return {"\0number": text}

    return json.dumps(json.loads(data, parse_int=number, parse_float=number), sort_keys=True)


def _depth_exceeds(value: Json, limit: int) -> bool:
    level: list[Json] = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _holds_too_many(data: bytes) -> bool:
    """Whether JSON, or a text meant as JSON, holds more values than are looked at.

    Repeated keys count each time.
    """
    if _marks(data) <= limits.MANIFEST_VALUES:  # as nearly always
        return False
    return _marks(_HOLDS_NO_VALUE.sub(b"", data)) > limits.MANIFEST_VALUES


def _marks(data: bytes) -> int:
    """The number of values: one follows each opening bracket and each comma."""
    return data.count(b"{") + data.count(b"[") + data.count(b",")
