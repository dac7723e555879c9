"""Edits that write a `# gearlint: ignore[...]` comment, or remove it or a code from it.

Only where that certainly leaves the file's meaning as it is: what looks like a comment of a script
may be in one of its strings.
"""

import re
import tokenize
from ast import PyCF_ONLY_AST, dump
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO

from gearlint.core.finding import Edit, Fix, applied
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, newline_at
from gearlint.gear.script import Script
from gearlint.gear.suppression import Suppression, comments
from gearlint.syntax.dockerfile import Dockerfile, Instruction

_DIRECTIVE = regex(rb"[ \t\v\f\r]*#\s*(?:syntax|escape|check)\s*=", re.IGNORECASE)
_MAGIC = regex(rb"#!|(?:[^\n]*\n)?[^\n]*coding[:=]")


def without(suppression: Suppression, *, is_dockerfile: bool) -> Fix | None:
    """The fix that removes a suppression from a Dockerfile or script; `None` if it is not safe."""
    return _changed(suppression, is_dockerfile, None)


def corrected(suppression: Suppression, code: str, *, is_dockerfile: bool) -> Fix | None:
    """The fix that writes another code in a suppression; `None` if it is not safe."""
    return _changed(suppression, is_dockerfile, code.encode())


def is_reason(text: str) -> bool:
    """Whether a text can stand behind a suppression as its reason, in every kind of file."""
    return text.isprintable() and not any(char in text for char in "#\\`")


def above_instructions(
    dockerfile: Dockerfile, codes: Mapping[Instruction, Iterable[str]], reason: str
) -> list[Edit]:
    """The edits that put a comment above each of the instructions."""
    return [
        _line_above(dockerfile.source, instruction.start_line, _comment(of_it, reason))
        for instruction, of_it in codes.items()
    ]


def at_lines(source: Source, codes: Mapping[int, Iterable[str]], reason: str) -> dict[int, Edit]:
    """The edits that put a comment above lines (from 1) of a script, or at their ends.

    `codes` are those of each line. Lines where no comment can be have no edit.
    """
    of_lines = {line: _comment(of_it, reason) for line, of_it in codes.items()}
    if Script(source).is_python:
        return _in_python(source, of_lines)
    above = {line: _line_above(source, line, comment) for line, comment in of_lines.items()}
    return {
        line: edit for line, edit in above.items() if _is_certain_in_shell(source.data, edit.start)
    }


def _in_python(source: Source, comments: Mapping[int, bytes]) -> dict[int, Edit]:
    data, starts = source.data, source.line_starts
    edits = {}
    inside = _lines_inside(data)
    for line, comment in comments.items():
        if inside is None or (line == 1 and data.startswith(b"#!")):
            continue
        above = _line_above(source, line, comment)
        if line not in inside and not _hides_a_first_line(data, above.start, above.end):
            edits[line] = above
        elif line + 1 not in inside:
            end = starts[line] if line < len(starts) else len(data)
            end = above.start + len(data[above.start : end].rstrip())
            edits[line] = Edit(end, end, b"  " + comment)
    is_certain = not edits or _tree(data) == _tree(applied(data, sorted(edits.values())))
    return edits if is_certain else {}


def _changed(suppression: Suppression, is_dockerfile: bool, code: bytes | None) -> Fix | None:
    source, span = suppression.source, suppression.span
    data = source.data
    start = data.rfind(b"\n", 0, span.start) + 1
    newline = data.find(b"\n", span.end)
    line = Span(start, len(data) if newline == -1 else newline + 1)
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
    if _hides_a_first_line(data, edit.start, edit.end):
        return False
    start = data.rfind(b"\n", 0, comment) + 1
    line = data[start:comment]
    if Script(source).is_python:
        column = _python_comments(data).get(data.count(b"\n", 0, start) + 1)
        return column is not None and column <= len(line.decode("utf-8", "replace"))
    if _may_be_inside(data[:start], line):
        return False
    return not line or line[-1:] in b" \t"


def _may_be_inside(before: bytes, line: bytes = b"") -> bool:
    """Whether what comes after the start of a line of a shell script may be no text of its own.

    In a string or a heredoc, for example, or after a line that is continued.
    """
    is_open = any((before + line).count(quote) % 2 for quote in (b"'", b'"', b"`"))
    return is_open or b"<<" in before + line or before.rstrip(b"\r\n").endswith(b"\\")


def _python_comments(data: bytes) -> dict[int, int]:
    """The lines (from 1) with a comment, and the character (from 0) at which it starts."""
    return dict(token.start for token in _tokens(data) or () if token.type == tokenize.COMMENT)


def _lines_inside(data: bytes) -> set[int] | None:
    """The lines (from 1) of a Python script that begin in a string, or go on with the one before.

    `None` if it is not Python.
    """
    tokens = _tokens(data)
    if tokens is None:
        return None
    commented = _python_comments(data)
    lines = enumerate(data.split(b"\n"), start=2)
    inside = {
        below
        for below, line in lines
        if line.rstrip(b"\r").endswith(b"\\") and below - 1 not in commented
    }
    opened: list[int] = []
    for token in tokens:
        kind = tokenize.tok_name[token.type]
        if kind.endswith("STRING_START"):
            opened.append(token.start[0])
        elif kind.endswith("STRING"):
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif kind.endswith("STRING_END"):
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return inside


@lru_cache(maxsize=1)
def _tokens(data: bytes) -> list[tokenize.TokenInfo] | None:
    """The tokens of a Python script, `None` if it is not Python."""
    try:
        # tokenize takes quadratic time for a text that is not Python.
        compile(data, "<script>", "exec", PyCF_ONLY_AST, dont_inherit=True)
        return list(tokenize.tokenize(BytesIO(data).readline))
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError):
        return None


def _comment(codes: Iterable[str], reason: str) -> bytes:
    return f"# gearlint: ignore[{', '.join(codes)}] {reason}".rstrip().encode()


def _line_above(source: Source, line: int, comment: bytes) -> Edit:
    data = source.data
    start = source.line_start(line)
    end = source.line_starts[line] if line < len(source.line_starts) else len(data)
    text = data[start:end]
    indent = text[: len(text) - len(text.lstrip(b" \t"))]
    return Edit(start, start, indent + comment + newline_at(data, start))


def _is_certain_in_shell(data: bytes, start: int) -> bool:
    """Whether a line that is added at byte `start` is a comment, and changes nothing else."""
    before = data[:start]
    if _may_be_inside(before) or before.rstrip(b"\r\n").endswith((b"|", b"&&")):
        return False
    return not _hides_a_first_line(data, start, start)


def _hides_a_first_line(data: bytes, start: int, end: int) -> bool:
    """Whether what follows byte `end` would come to another line, and counts in the first ones."""
    return data.count(b"\n", 0, start) < 2 and _MAGIC.match(data, end) is not None


def _tree(data: bytes) -> str:
    """The syntax tree of a Python script, without places; empty if it is not Python."""
    try:
        tree = compile(data, "<script>", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return dump(tree)
