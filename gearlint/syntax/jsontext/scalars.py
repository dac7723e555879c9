"""The strings, numbers and words of a JSON text: what is wrong in one, and its text."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Edit
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.jsontext.model import Fault

_ESCAPE_OR_BAD = regex(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<bad>[\x00-\x1f]|\\.)', re.DOTALL)
_NUMBER_LIKE = regex(rb"[-+]?\.?[0-9]")
_PYTHON_WORDS = {b"True": "true", b"False": "false", b"None": "null"}
_NO_NUMBERS = (b"NaN", b"Infinity", b"-Infinity")


def faults_of(kind: str, raw: bytes, span: Span, is_key: bool) -> Iterator[Fault]:
    """What is wrong in a scalar token, or in what seems meant as one.

    `kind` is the name of the token's group in the parser's expression, `raw` its bytes.
    """
    if kind == "string":
        for match in _ESCAPE_OR_BAD.finditer(raw):
            if match["bad"]:
                at = Span(span.start + match.start(), span.start + match.end())
                fault = _bad_in_string(at, match["bad"])
                yield fault._replace(stand_in=b"_" * (at.end - at.start))
    elif kind in ("curly", "half_curly"):
        advice = 'strings are in straight double quotes (")'
        edits = tuple(_straightened(span, raw))
        yield Fault(span, "curly quotes are not allowed in JSON", advice, edits, _string_like(raw))
    elif kind == "single":
        advice = 'strings are in double quotes (")'
        stand_in = None if b'"' in raw else _string_like(raw)
        yield Fault(span, "single quotes are not allowed in JSON", advice, (), stand_in)
    elif is_key:
        text = raw[:40].decode("utf-8", "replace")
        advice = f'write "{text}"' if len(raw) <= 40 else "write it in double quotes"
        stand_in = _string_like(raw) if len(raw) > 2 else None
        yield Fault(span, f"key {text} is not in quotes", advice, (), stand_in, "key")
    elif kind == "word":
        yield _bad_word(span, raw)


def _string_like(raw: bytes) -> bytes | None:
    """A string of as many bytes."""
    return b'"' + b"_" * (len(raw) - 2) + b'"' if len(raw) > 1 else None


def _bad_in_string(span: Span, raw: bytes) -> Fault:
    """The fault of a character, or of an escape, that a string must not have."""
    if raw.startswith(b"\\"):
        text = raw.decode("utf-8", "replace")
        return Fault(span, f"{text} is not a JSON escape", r"a backslash itself is written \\")
    if raw == b"\t":
        return Fault(span, "tab inside a string", r"write it as \t")
    code = f"\\u{raw[0]:04x}"
    return Fault(span, "control character inside a string", f"write it as {code}")


def _bad_word(span: Span, raw: bytes) -> Fault:
    """The fault of a value without quotes that is not a literal of JSON."""
    text = raw[:40].decode("utf-8", "replace")
    if raw in _PYTHON_WORDS:
        meant = _PYTHON_WORDS[raw]
        return Fault(span, f"{text} is not JSON", f"write {meant}", (), meant.encode())
    number = b"0".ljust(len(raw))
    if raw in _NO_NUMBERS:
        advice = "use a number, or a string"
        return Fault(span, f"{text} is not a JSON number", advice, (), number)
    if _NUMBER_LIKE.match(raw):
        advice = "write it like 0.5, or as a string in quotes"
        return Fault(span, f"{text} is not a JSON number", advice, (), number)
    advice = (
        "a value is a string in double quotes, a number, true, false, null, an object or an array"
    )
    return Fault(span, f"{text} is not JSON", advice)


def _straightened(span: Span, token: bytes) -> Iterator[Edit]:
    """Edits that replace the curly quotes of a string, of three bytes each, by straight ones."""
    if not token.startswith(b'"'):
        yield Edit(span.start, span.start + 3, b'"')
    if not token.endswith(b'"'):
        yield Edit(span.end - 3, span.end, b'"')


def text_of(token: bytes) -> str:
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
