"""Whether the values behind a `%` may not fit the string before it, without a syntax tree."""

from gearlint.core.lazy import regex
from gearlint.python.quick_calls import parts_of

_FORMATTED = regex(
    r"(\"[^\"\n]*+\"|'[^'\n]*+')[ \t\n\\)]{0,99}+%[ \t\n\\]*+"
    r"(?:\(((?:[^()]|\([^()]*+\))*+)\)|([^ \t\n\\=]))"
)
"""A string before `%` (1); behind it the values in brackets (2), or the first character (3)."""
_PLACE = regex(r"%(\()?[-#0 +]*+(\*|\d*+)(?:\.(\*|\d*+))?[hlL]?(.?)")
_CONVERSIONS = frozenset("diouxXeEfFgGcrsa%")


def may_misformat(text: str) -> bool:
    """Whether a string may have places for more or fewer values than `%` gives it."""
    before = text.split("%")[:-1]
    return any(piece.rstrip(" \t\n\\)").endswith(("'", '"')) for piece in before) and any(
        places(match[1]) != len(parts_of(match[2]))
        if match[2] is not None
        else match[3] == "(" or "%" not in match[1] or (match[3] in "'\"" and places(match[1]) != 1)
        for match in _FORMATTED.finditer(text)
    )


def places(text: str) -> int | None:
    """How many values a string takes behind `%`; `None` where it takes them by name, or fails."""
    number = 0
    for match in _PLACE.finditer(text):
        if match[1] or match[4] not in _CONVERSIONS:
            return None
        number += (match[4] != "%") + (match[2], match[3]).count("*")
    return number
