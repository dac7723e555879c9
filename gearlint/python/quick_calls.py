"""Whether a call may not fit the function of the gear that it names, without a syntax tree.

And whether the values behind a `%` may not fit the string before it.
"""

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

_DEFINITION = regex(r"\ndef[ \t]++(\w++)[ \t]*+\(([^()]*+)\)")
"""A function of a module whose parameters have no brackets but `[]` and `{}`."""
_CALL = regex(r"\b(\w++)\(((?:[^()]|\([^()]*+\))*+)\)")
_APART = regex(r"\"[^\"\n]*+\"|'[^'\n]*+'|\([^()]*+\)|\[[^\[\]]*+\]|\{[^{}]*+\}|==")
"""What may have a comma or `=` of its own."""
_MOST = 5
"""Functions of one name that are looked at."""
_NAMED = regex(r"(\w++)[^=]*+(=)?")
_FORMATTED = regex(
    r"(\"[^\"\n]*+\"|'[^'\n]*+')[ \t\n\\)]{0,99}+%[ \t\n\\]*+"
    r"(?:\(((?:[^()]|\([^()]*+\))*+)\)|([^ \t\n\\=]))"
)
"""A string before `%` (1); behind it the values in brackets (2), or the first character (3)."""
_PLACE = regex(r"%(\()?[-#0 +]*+(\*|\d*+)(?:\.(\*|\d*+))?[hlL]?(.?)")
_CONVERSIONS = frozenset("diouxXeEfFgGcrsa%")


class _Parameters(NamedTuple):
    """The parameters of a function: those that may be given by position, and by name alone.

    With `is_open` it takes others too. `needed` are the names of those without a default.
    """

    by_position: tuple[str, ...]
    by_name: frozenset[str]
    needed: frozenset[str]
    is_open: bool


def may_misfit(texts: list[str]) -> bool:
    """Whether a call may not fit the parameters of a function of that name, of any module."""
    functions: dict[str, set[_Parameters]] = {}
    for text in texts:
        for match in _DEFINITION.finditer(f"\n{text}"):
            functions.setdefault(match[1], set()).add(_parameters(match[2]))
    few = {name: found for name, found in functions.items() if len(found) <= _MOST}
    return any(
        not all(_fits(match[2], parameters) for parameters in few.get(match[1], ()))
        for text in (texts if few else ())
        for match in _CALL.finditer(text)
    )


def may_misformat(text: str) -> bool:
    """Whether a string may have places for more or fewer values than `%` gives it."""
    return any(
        places(match[1]) != len(_parts(match[2]))
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


def _parameters(text: str) -> _Parameters:
    parts = _parts(text)
    star = next((number for number, part in enumerate(parts) if part.startswith("*")), len(parts))
    named = [_NAMED.match(part) for part in parts]
    return _Parameters(
        tuple(match[1] for match in named[:star] if match),
        frozenset(match[1] for match in named[star:] if match),
        frozenset(match[1] for match in named if match and not match[2]),
        any(part.startswith("*") and part != "*" for part in parts),
    )


def _fits(text: str, parameters: _Parameters) -> bool:
    """Whether arguments fit parameters; those that are not known do."""
    parts = _parts(text)
    matches = [_NAMED.match(part) for part in parts]
    names = {match[1] for match in matches if match is not None and match[2]}
    number = len(parts) - len(names)
    taken = parameters.by_position[:number]
    given = names.union(taken)
    return any(part.startswith("*") for part in parts) or (
        parameters.needed <= given
        and names.isdisjoint(taken)
        and (
            parameters.is_open
            or (number == len(taken) and names <= parameters.by_name.union(parameters.by_position))
        )
    )


def _parts(text: str) -> list[str]:
    """What is between the commas of parameters or arguments."""
    return [part for each in _APART.sub("x", text).split(",") if (part := each.strip())]
