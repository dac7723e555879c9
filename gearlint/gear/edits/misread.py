"""Edits of instructions that Docker reads otherwise than they look. Knows no rules.

The functions return `None` where the effect is not certain.
"""

import re

from gearlint.core.finding import Edit, Fix, applied
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, newline_at
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.dockerfile.misread import Misread, Part

_NEXT = b"FROM scratch\n"
"""An instruction to come after one, which it must not take in."""
_ONE_WORD = regex(r"""[^\s"'\\`]+|"[^"\\`]*"|'[^'\\`]*'""")
_SPEAKS_TO_A_TOOL = regex(rb"#\s*(?:syntax|escape|check)\s*=|#\s*gearlint:", re.IGNORECASE)


def made_list(dockerfile: Dockerfile, misread: Misread, part: Part) -> Fix | None:
    """The fix that makes a JSON list of what was meant to be one; comments after it go above."""
    found = part.broken_list
    if found is None or found.elements is None:
        return None
    meant, edits = part.meant, []
    for each in found.replacements:
        span = meant.span_of(each.start, each.end)
        before = meant.value[each.start - 1 : each.start]
        if each.start == each.end and not (before.isspace() or before in "[{,"):
            at = meant.span_of(each.start - 1, each.end).end  # not on the next line
            span = Span(at, at)
        edits.append(Edit(*span, each.text.encode()))
    above = _comments_above(dockerfile, misread, part)
    if above is None:
        return None
    fix = _fix(dockerfile, [*above, *edits])
    made = _instruction(dockerfile, misread.written, fix.edits)
    is_list = [word.text for word in made.exec_form or ()] == [each.text for each in found.elements]
    return fix if is_list else None


def _instruction(
    dockerfile: Dockerfile, written: Instruction, edits: tuple[Edit, ...]
) -> Instruction:
    """What edits inside of an instruction make of it, with no other parsed again."""
    start, end = written.span
    inside = [Edit(each.start - start, each.end - start, each.replacement) for each in edits]
    directive = f"# escape={dockerfile.escape}\n".encode()
    text = directive + applied(dockerfile.source.data[start:end], inside) + b"\n" + _NEXT
    made = Dockerfile(Source(dockerfile.source.path, text)).instructions[0]
    return made.trigger or made


def comments_above(dockerfile: Dockerfile, misread: Misread, part: Part) -> Fix | None:
    """The fix that moves the comments in an instruction to lines above it."""
    edits = _comments_above(dockerfile, misread, part)
    return _fix(dockerfile, edits) if edits else None


def without_stray(dockerfile: Dockerfile, misread: Misread, part: Part) -> Fix | None:
    """The fix that makes `NAME=value` of `NAME = value` or `export NAME=value`.

    None for more words without quotes.
    """
    pairs, stray = part.meant.pairs, part.stray
    value = pairs[0].value if pairs else None
    if stray is None or value is None or part.comments:
        return None
    if stray.end <= pairs[0].key.span.start:
        return _fix(dockerfile, [Edit(stray.start, pairs[0].key.span.start, b"")])
    if not _ONE_WORD.fullmatch(value.text):
        return None
    return _fix(dockerfile, [Edit(pairs[0].key.span.end, value.span.start, b"=")])


def _comments_above(dockerfile: Dockerfile, misread: Misread, part: Part) -> list[Edit] | None:
    data, start = dockerfile.source.data, misread.written.span.start
    comments = [data[slice(*span)] for span in part.comments]
    if len(misread.parts) > 1 or any(map(_SPEAKS_TO_A_TOOL.match, comments)):
        return None
    end = newline_at(data, start)
    indent = data[:start].rpartition(b"\n")[2]
    if indent.strip(b" \t"):
        indent = b""  # a byte order mark
    lines = b"".join(comment + end + indent for comment in comments)
    edits = [Edit(start, start, lines)] if lines else []
    for span in part.comments:
        before = len(data[: span.start].rstrip(b" \t"))
        edits.append(Edit(before, span.end, b""))
    return edits


def _fix(dockerfile: Dockerfile, edits: list[Edit]) -> Fix:
    """A safe fix of the edits, in order; those that insert at one place are one."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        last = merged[-1] if merged else None
        if last is not None and last.end == edit.start == last.start == edit.end:
            merged[-1] = Edit(*last[:2], last.replacement + edit.replacement)
        else:
            merged.append(edit)
    return Fix(dockerfile.source, tuple(merged), is_safe=True)
