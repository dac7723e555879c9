"""Whether the values behind a `%`, or of `format`, may not fit a string, without a syntax tree."""

from gearlint.core.lazy import regex
from gearlint.python.fields import misfill
from gearlint.python.quick_calls import parts_of
from gearlint.python.quick_signatures import ARGUMENTS

_FORMATTED = regex(
    r"(\"[^\"\n]*+\"|'[^'\n]*+')[ \t\n\\)]{0,99}+%[ \t\n\\]*+"
    r"(?:\(((?:[^()]|\([^()]*+\))*+)\)|([^ \t\n\\=]))"
)
"""A string before `%` (1); behind it the values in brackets (2), or the first character (3)."""
_PLACE = regex(r"%(\()?[-#0 +]*+(\*|\d*+)(?:\.(\*|\d*+))?[hlL]?(.?)")
_BACKWARDS = regex(
    r"\s*+\)?\s*+((?:"
    r"(?:\"\"\"(?:[^\"]|\"(?!\"\"))*+\"\"\"|'''(?:[^']|'(?!''))*+'''"
    r"|\"(?:[^\"\n]|\"(?=\\))*+\"|'(?:[^'\n]|'(?=\\))*+')[bBfFrRuU]{0,2}+\s*+){1,20}+)"
)
"""Strings one after the other, maybe in brackets, from their last character to the first."""
_NAMED = regex(r"(\w++)\s*+=(?!=)")
_FORMAT = ".format("
_FAR = 2000
"""Characters of such strings that are looked at."""
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


def may_misfill(text: str) -> bool:
    """Whether `format` may give a string less than it has places for."""
    at = 0
    for before in text.split(_FORMAT)[:-1]:
        at += len(before) + len(_FORMAT)
        found = _BACKWARDS.match(before[:-_FAR:-1])
        given = ARGUMENTS.match(text, at) if found is not None and "{" in found[1] else None
        if found is not None and given is not None and _misfills(found[1][::-1], given[1]):
            return True
    return False


def _misfills(literals: str, arguments: str) -> bool:
    parts = parts_of(arguments)
    named = [_NAMED.match(part) for part in parts]
    names = {match[1] for match in named if match is not None}
    if any(part.startswith("*") for part in parts):
        return False
    if misfill(literals, len(parts) - len(names), names) is None:
        return False  # what is around the strings makes no place for a value
    from gearlint.python.formats import may_be_filled

    return not may_be_filled(literals, arguments)
