"""Texts that are something else than JSON with a mistake, as a whole or at marked places."""

import re

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax import merge_conflict
from gearlint.syntax.jsontext.model import Fault

_LFS = b"version https://git-lfs.github.com/spec/"
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
    found = [
        Fault(span, message, merge_conflict.HELP, kind="conflict")
        for span, message in merge_conflict.conflicts(data, start)
    ]
    if found:
        return found
    if html := _HTML.match(data, start):
        begin = start + len(html[0]) - len(html[0].lstrip())
        advice = "save the manifest itself: this looks like a web page"
        return [Fault(Span(begin, html.end()), "this is HTML or XML, not JSON", advice)]
    if not _OBJECT.search(data, start) and (yaml := _YAML.match(data, start)):
        begin = start + len(yaml[0]) - len(yaml[0].lstrip())
        advice = 'write it as JSON: { "name": ..., ... }'
        return [Fault(Span(begin, yaml.end()), "this is YAML, not JSON", advice)]
    return []
