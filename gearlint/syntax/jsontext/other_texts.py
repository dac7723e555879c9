"""Texts that are something else than JSON with a mistake, as a whole or at marked places."""

import re
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.jsontext.model import Fault

_LFS = b"version https://git-lfs.github.com/spec/"
_MARKER = regex(rb"^(?:<{7}|>{7})(?: [^\n]*)?$", re.MULTILINE)
_HTML = regex(rb"\s*<(?:!|\?|[a-zA-Z])[^\n]*", re.ASCII)
_OBJECT = regex(rb"^[ \t]*\{", re.MULTILINE)
_YAML = regex(rb"\s*(?:---[^\n]*\n\s*)?[A-Za-z_][\w-]*:(?: [^\n]*)?$", re.MULTILINE | re.ASCII)


def other_text(data: bytes, start: int = 0) -> list[Fault]:
    """What a text is instead of JSON: a merge conflict, a Git LFS pointer, HTML or YAML.

    One fault for each conflict, else at most one; empty if the text is meant as JSON.
    """
    if data.startswith(_LFS, start):
        return [
            Fault(
                Span(start, data.find(b"\n", start) if b"\n" in data[start:] else len(data)),
                "this is a Git LFS pointer, not the manifest",
                'run "git lfs pull", or keep the manifest out of LFS (.gitattributes)',
            )
        ]
    conflicts = list(_conflicts(data, start))
    if conflicts:
        return conflicts
    if html := _HTML.match(data, start):
        begin = start + len(html[0]) - len(html[0].lstrip())
        advice = "save the manifest itself: this looks like a web page"
        return [Fault(Span(begin, html.end()), "this is HTML or XML, not JSON", advice)]
    if not _OBJECT.search(data, start) and (yaml := _YAML.match(data, start)):
        begin = start + len(yaml[0]) - len(yaml[0].lstrip())
        advice = 'write it as JSON: { "name": ..., ... }'
        return [Fault(Span(begin, yaml.end()), "this is YAML, not JSON", advice)]
    return []


def _conflicts(data: bytes, start: int) -> Iterator[Fault]:
    """A fault for each merge conflict, at its first marker."""
    markers = list(islice(_MARKER.finditer(data, start), 2 * limits.JSON_FAULTS))
    following = [*markers, None][1:]
    is_end_of_last = False
    line, counted = 1, 0
    for marker, end in zip(markers, following, strict=True):
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
        yield Fault(
            Span(marker.start(), marker.start() + len(marker[0].rstrip())),
            f"merge conflict in {lines}",
            "keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>",
            kind="conflict",
        )
