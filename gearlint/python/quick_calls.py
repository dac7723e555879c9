"""Whether a call may not fit the function of the gear that it names, without a syntax tree."""

from collections.abc import Iterator, Set

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

_DEFINITION = regex(r"\ndef[ \t]++(\w++)[ \t]*+\(([^()]*+)\)")
"""A function of a module whose parameters have no brackets but `[]` and `{}`."""
_ARGUMENTS = regex(r"((?:[^()]|\([^()]*+\))*+)\)")
_NO_WORD = regex(r"\W")
_APART = regex(r"\"[^\"\n]*+\"|'[^'\n]*+'|\([^()]*+\)|\[[^\[\]]*+\]|\{[^{}]*+\}|==")
"""What may have a comma or `=` of its own."""
_MOST = 5
"""Functions of one name that are looked at."""
_NAMED = regex(r"(\w++)[^=]*+(=)?")


class Parameters(NamedTuple):
    """The parameters of a function: those that may be given by position, and by name alone.

    With `has_star` it takes more by position, with `has_stars` by name. `needed` are the names of
    those without a default.
    """

    by_position: tuple[str, ...]
    by_name: frozenset[str]
    needed: frozenset[str]
    has_star: bool
    has_stars: bool


def may_misfit(texts: list[str]) -> bool:
    """Whether a call may not fit the parameters of a function of that name, of any module."""
    functions: dict[str, set[str]] = {}
    for text in texts:
        for match in _DEFINITION.finditer(f"\n{text}"):
            functions.setdefault(match[1], set()).add(match[2])
    few = {name: found for name, found in functions.items() if len(found) <= _MOST}
    calls = (call for text in (texts if few else ()) for call in _calls(text, few.keys()))
    parameters_of: dict[str, list[Parameters]] = {}
    for name, arguments in calls:
        if name not in parameters_of:
            parameters_of[name] = [parameters_in(each) for each in few[name]]
        if not all(fits(arguments, parameters) for parameters in parameters_of[name]):
            return True
    return False


def _calls(text: str, names: Set[str]) -> Iterator[tuple[str, str]]:
    """The calls of these names, each with its arguments. Far faster than a pattern for calls."""
    at = 0
    for before in text.split("(")[:-1]:
        at += len(before) + 1
        words = before.rsplit(None, 2)
        if not words or words[-2:-1] == ["def"]:
            continue
        name = words[-1].rpartition(".")[2]
        if not name.isidentifier():
            name = _NO_WORD.split(name)[-1]
        if name in names and (match := _ARGUMENTS.match(text, at)):
            yield name, match[1]


def parameters_in(text: str) -> Parameters:
    """The parameters that are written between the brackets of a function."""
    parts = parts_of(text)
    if "/" in parts:  # those before it have no name that a call may use
        slash = parts.index("/")
        parts[: slash + 1] = [f"_{part}" for part in parts[:slash]]
    star = next((number for number, part in enumerate(parts) if part.startswith("*")), len(parts))
    named = [_NAMED.match(part) for part in parts]
    return Parameters(
        tuple(match[1] for match in named[:star] if match),
        frozenset(match[1] for match in named[star:] if match),
        frozenset(match[1] for match in named if match and not match[2]),
        any(part.startswith("*") and part[1:2] not in ("", "*") for part in parts),
        any(part.startswith("**") for part in parts),
    )


def fits(text: str, parameters: Parameters) -> bool:
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
        and (parameters.has_star or number == len(taken))
        and (parameters.has_stars or names <= parameters.by_name.union(parameters.by_position))
    )


def parts_of(text: str) -> list[str]:
    """What is between the commas of parameters or arguments."""
    return [part for each in _APART.sub("x", text).split(",") if (part := each.strip())]
