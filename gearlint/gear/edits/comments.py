"""Edits that remove a code from a `# gearlint: ignore[...]` comment, or the whole comment.

Only where that certainly leaves the file's meaning as it is: what looks like a comment of a script
may be in one of its strings.
"""

import re
import tokenize
from ast import PyCF_ONLY_AST
from functools import lru_cache
from io import BytesIO

from gearlint.core.finding import Edit, Fix
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.gear.script import Script
from gearlint.gear.suppression import Suppression, comments

_DIRECTIVE = regex(rb"#\s*(?:syntax|escape|check)\s*=", re.IGNORECASE)
_MAGIC = regex(rb"#!|(?:[^\n]*\n)?[^\n]*coding[:=]")


def without(suppression: Suppression, *, is_dockerfile: bool) -> Fix | None:
    """The fix that removes a suppression from a Dockerfile or script; `None` if it is not safe."""
    return _changed(suppression, is_dockerfile, None)


def corrected(suppression: Suppression, code: str, *, is_dockerfile: bool) -> Fix | None:
    """The fix that writes another code in a suppression; `None` if it is not safe."""
    return _changed(suppression, is_dockerfile, code.encode())


def _changed(suppression: Suppression, is_dockerfile: bool, code: bytes | None) -> Fix | None:
    source, span = suppression.source, suppression.span
    data = source.data
    start = data.rfind(b"\n", 0, span.start) + 1
    newline = data.find(b"\n", span.end)
    line = Span(start, newline + 1 if newline >= 0 else len(data))
    for comment, codes in comments(data, line):
        if span in codes:
            edit = _edit(data, span, comment, codes, line) if code is None else Edit(*span, code)
            if is_dockerfile:
                # The next line must not become a directive: it is one only before any comment.
                is_certain = not _DIRECTIVE.match(data, edit.end)
            else:
                is_certain = _is_certain_in_script(source, comment.start, edit)
            return Fix(source, (edit,), is_safe=True) if is_certain else None
    return None


def _edit(data: bytes, span: Span, comment: Span, codes: list[Span], line: Span) -> Edit:
    if len(codes) > 1:
        index = codes.index(span)
        if index + 1 < len(codes):
            return Edit(span.start, codes[index + 1].start, b"")
        return Edit(codes[index - 1].end, span.end, b"")
    rest = data[comment.end : line.end].rstrip(b"\r\n")
    line_end = comment.end + len(rest)
    if b"#" in rest:  # another comment follows
        return Edit(comment.start, line_end - len(rest.lstrip(b" \t")), b"")
    before = data[line.start : comment.start].rstrip(b" \t")
    return Edit(line.start + len(before), line_end, b"") if before else Edit(*line, b"")


def _is_certain_in_script(source: Source, comment: int, edit: Edit) -> bool:
    """Whether a comment starts at byte `comment`, and the script is the same without it."""
    data = source.data
    if data.count(b"\n", 0, edit.start) < 2 and _MAGIC.match(data, edit.end):
        return False
    start = data.rfind(b"\n", 0, comment) + 1
    line = data[start:comment]
    if Script(source).is_python:
        column = _python_comments(data).get(data.count(b"\n", 0, start) + 1)
        return column is not None and column <= len(line.decode("utf-8", "replace"))
    # Not in a string, not in a heredoc, and not after a line that is continued.
    before = data[:start]
    if any((before.count(quote) + line.count(quote)) % 2 for quote in (b"'", b'"', b"`")):
        return False
    if b"<<" in before or b"<<" in line or before.rstrip(b"\r\n").endswith(b"\\"):
        return False
    return not line or line[-1:] in b" \t"


@lru_cache(maxsize=1)
def _python_comments(data: bytes) -> dict[int, int]:
    """The lines (from 1) with a comment, and the character (from 0) at which it starts."""
    try:
        # tokenize takes quadratic time for a text that is not Python.
        compile(data, "<script>", "exec", PyCF_ONLY_AST, dont_inherit=True)
        tokens = list(tokenize.tokenize(BytesIO(data).readline))
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError):
        return {}
    return dict(token.start for token in tokens if token.type == tokenize.COMMENT)
