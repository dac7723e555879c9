"""What a string takes of the values that `format` gives it."""

# `string`, which uses it, takes long to import.
from _string import formatter_parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Set

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import counted, is_one_edit_away, quoted

_LEVELS = 2
"""Fields in one another: Python takes no more."""
_FIRST = regex(r"[^.\[]*+")
_BRACES = "write {{ and }} for braces that are meant"


class Misfill(NamedTuple):
    """Why a string cannot be filled, and what to do."""

    why: str
    advice: str


def misfill(text: str, number: int, names: Set[str]) -> Misfill | None:
    """Why `format` fails with so many values, and some by these names; `None` if it may not."""
    if len(text) > limits.PYTHON_TEXT_CHARACTERS:
        return None
    shown = quoted(text)
    try:
        fields = [match[0] for each in _fields(text, 1) if (match := _FIRST.match(each))]
    except ValueError:
        return Misfill(f"{shown} has a brace that is not a place for a value", _BRACES)
    indices = [int(each) for each in fields if each.isdecimal()]
    unnumbered = fields.count("")
    if indices and unnumbered:
        return Misfill(f"{shown} has places with a number and without", "number all, or none")
    for name in fields:
        if name and not name.isdecimal() and name not in names:
            near = [each for each in sorted(names) if is_one_edit_away(name, each)]
            advice = f"did you mean {quoted(near[0])}?" if near else f"give it {name}=..."
            advice = advice if name.isidentifier() else _BRACES
            return Misfill(f"{shown} takes {quoted(name)}, and is not given it", advice)
    taken = max(indices, default=unnumbered - 1) + 1
    if taken <= number:
        return None
    what = f"{shown} takes {counted(taken, 'value')}, and is given {number}"
    return Misfill(what, "give it a value for each {}")


def _fields(text: str, level: int) -> Iterator[str]:
    for _, name, inner, _ in formatter_parser(text):
        if name is not None:
            yield name
            if inner and level < _LEVELS:
                yield from _fields(inner, level + 1)
