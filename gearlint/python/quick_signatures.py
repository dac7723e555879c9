"""What functions of Python take, in any version from 3.6 on: `signatures.txt`.

A line is one signature, and a call is wrong only where it fits none of its function. Those that
begin with `2 ` are of Python 2, where that takes more. It is written by
`tests/python/signatures_table.py`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from gearlint.core.lazy import cached_property, regex
from gearlint.python.module import Module
from gearlint.python.quick_calls import Parameters, fits, parameters_in
from gearlint.python.refusals import may_be_refused

TABLE = f"{os.path.dirname(__file__)}/signatures.txt"
OF_2 = "2 "
PATH = "Path"
"""What the methods of a path are written after in the table."""

_PLAIN = r"[^()\"'#]++|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|#[^\n]*+"
ARGUMENTS = regex(rf"((?:{_PLAIN}|\((?:{_PLAIN}|\((?:{_PLAIN}|\([^()]*+\))*+\))*+\))*+)\)")
"""The arguments of a call, with brackets in brackets thrice."""
_WORD = regex(r"[\w.]++")
_END = 3
"""Characters at the end of a name that tell it from most others."""
_LONG = 60
"""Characters that the longest name has, as it is written."""
_FEW = 6
"""Arguments that most calls have fewer of."""
_SHORT = 80
"""Characters in which most calls end, by the first bracket."""


@cache
def table() -> Mapping[str, Sequence[str]]:
    """The signatures by the dotted name of a function; those of Python 2 begin with `2 `."""
    found: dict[str, list[str]] = {}
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            mark = OF_2 if line.startswith(OF_2) else ""
            name, _, rest = line.removeprefix(mark)[:-2].partition("(")
            found.setdefault(name, []).append(mark + rest)
    return found


def may_misfit(module: Module) -> bool:
    """Whether a call of a module may give a function of Python what it does not take."""
    return any(_is_wrong(name, arguments) for name, arguments in _calls(module))


@lru_cache(maxsize=1000)
def _is_wrong(name: str, arguments: str) -> bool:
    if may_be_refused(name, arguments):
        return True
    if any(fits(arguments, each) for each in _parameters(name)):
        return False
    from gearlint.python.signatures import fit

    return not fit(arguments, name)


@cache
def _ends() -> frozenset[str]:
    return frozenset(name[-_END:] for name in table())


def _calls(module: Module) -> Iterator[tuple[str, str]]:
    """The calls of these functions that may not fit, each with its arguments."""
    ends, text, names = _ends(), module.text, _Names(module)
    at = 0
    for piece in text.split("(")[:-1]:
        at += len(piece) + 1
        before = piece.rstrip() if piece[-1:].isspace() else piece
        if before[-_END:] not in ends:
            continue
        match = _WORD.match(before[:-_LONG:-1])
        written = match[0][::-1] if match is not None else ""
        name = names.of(written)
        if not name or before.removesuffix(written).endswith("def "):
            continue
        inside, end, _ = text[at : at + _SHORT].partition(")")
        if end and not ("(" in inside or '"' in inside or "'" in inside or "#" in inside):
            number = inside.count(",") + 1 if inside.strip() else 0
            if "=" in inside or "*" in inside or number not in _numbers(name):
                yield name, inside
        elif within := ARGUMENTS.match(text, at):
            yield name, within[1]


class _Names:
    """The dotted names of the functions in the table, by how a module writes them."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._has_paths = "pathlib" in module.text
        self._known = table()

    def of(self, written: str) -> str:
        """The name of the function; empty for any other."""
        if written in self._known:
            return written
        first, dot, rest = written.partition(".")
        name = ""
        if first in self._imported:
            name = f"{self._imported[first]}{dot}{rest}"
        elif dot and self._has_paths:
            name = f"{PATH}.{written.rpartition('.')[2]}"
        return name if name in self._known else ""

    @cached_property
    def _imported(self) -> dict[str, str]:
        """The dotted names that the lines of the module import, by what each is called there."""
        found: dict[str, str] = {}
        for line in self._module.lines_that_import:
            if line.local == line.name:
                first = line.name.partition(".")[0]
                found[first] = first
            elif line.local:
                found[line.local] = line.name
            found |= {local: f"{line.name}.{name}" for name, local in line.taken}
        return found


@cache
def _parameters(name: str) -> list[Parameters]:
    return [parameters_in(each) for each in table()[name] if not each.startswith(OF_2)]


@cache
def _numbers(name: str) -> frozenset[int]:
    """How many arguments it takes by their places, of few."""
    return frozenset(
        number
        for number in range(_FEW)
        if any(fits(", ".join("x" * number), each) for each in _parameters(name))
    )
