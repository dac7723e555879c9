"""Merge conflicts that git left in a text."""

import re
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span

HELP = "keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"
_MARKER = regex(rb"^(?:<{7}|>{7})(?: [^\n]*)?\r?$", re.MULTILINE)


class Conflict(NamedTuple):
    """A merge conflict: the span of its first marker, and a message with its lines."""

    span: Span
    message: str


def conflicts(data: bytes, start: int = 0, left_alone: tuple[Span, ...] = ()) -> Iterator[Conflict]:
    """Each merge conflict from byte `start` on, but for markers within the spans `left_alone`."""
    if b"<<<<<<<" not in data and b">>>>>>>" not in data:
        return
    found = islice(_MARKER.finditer(data, start), 2 * limits.JSON_FAULTS)
    markers = [
        marker
        for marker in found
        if not any(span.start <= marker.start() < span.end for span in left_alone)
    ]
    is_end_of_last = False
    line, counted = 1, 0
    for marker, end in zip(markers, [*markers, None][1:], strict=False):
        if is_end_of_last:
            is_end_of_last = False
            continue
        is_end_of_last = end is not None and marker[0][:1] == b"<" and end[0][:1] == b">"
        line += data.count(b"\n", counted, marker.start())
        counted = marker.start()
        lines = f"line {line}"
        if is_end_of_last and end is not None:
            last = line + data.count(b"\n", counted, end.start())
            lines = f"lines {line} to {last}"
        span = Span(marker.start(), marker.start() + len(marker[0].rstrip()))
        yield Conflict(span, f"merge conflict in {lines}")
