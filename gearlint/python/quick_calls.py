"""Whether a call may not fit the function of the gear that it names, without a syntax tree."""

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
    calls = (match for text in (texts if few else ()) for match in _CALL.finditer(text))
    return any(
        not all(_fits(call[2], parameters) for parameters in few[call[1]])
        for call in calls
        if call[1] in few
    )


def _parameters(text: str) -> _Parameters:
    parts = parts_of(text)
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
    parts = parts_of(text)
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


def parts_of(text: str) -> list[str]:
    """What is between the commas of parameters or arguments."""
    return [part for each in _APART.sub("x", text).split(",") if (part := each.strip())]
