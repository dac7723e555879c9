"""What functions of Python take, in any version from 3.6 on: `signatures.txt`.

A line is one signature, and a call is wrong only where it fits none of its function. Those that
begin with `2 ` are of Python 2, where that takes more. It is written by
`tests/python/signatures_table.py`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from gearlint.core.lazy import regex
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
    return any(
        may_be_refused(name, arguments)
        or (not _may_fit(arguments, name) and not _is_certain_to_fit(arguments, name))
        for name, arguments in _calls(module)
    )


@cache
def _ends() -> frozenset[str]:
    return frozenset(name[-_END:] for name in table())


def _calls(module: Module) -> Iterator[tuple[str, str]]:
    """The calls of these functions, each with its arguments."""
    imported: dict[str, str] | None = None
    known, ends, text = table(), _ends(), module.text
    at = 0
    for piece in text.split("(")[:-1]:
        at += len(piece) + 1
        before = piece.rstrip()
        if before[-_END:] not in ends:
            continue
        match = _WORD.match(before[:-_LONG:-1])
        written = before[-match.end() :] if match is not None else ""
        if before.removesuffix(written).endswith("def "):
            continue
        if written not in known:
            imported = _imported(module) if imported is None else imported
            first, dot, rest = written.partition(".")
            if first in imported:
                written = f"{imported[first]}{dot}{rest}"
            elif dot and "pathlib" in text:
                written = f"{PATH}.{written.rpartition('.')[2]}"
            if written not in known:
                continue
        inside, end, _ = text[at : at + _SHORT].partition(")")
        if end and not any(each in inside for each in "(\"'#"):
            yield written, inside
        elif within := ARGUMENTS.match(text, at):
            yield written, within[1]


def _imported(module: Module) -> dict[str, str]:
    """The dotted names that the lines of a module import, by what each is called there."""
    found: dict[str, str] = {}
    for line in module.lines_that_import:
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
def _numbers(name: str) -> tuple[bool, ...]:
    """Whether it takes no argument, and whether one."""
    return tuple(
        is_one
        for is_one, arguments in ((False, ""), (True, "x"))
        if any(fits(arguments, each) for each in _parameters(name))
    )


def _may_fit(arguments: str, name: str) -> bool:
    if not any(each in arguments for each in ",=*"):
        return bool(arguments.strip()) in _numbers(name)
    return any(fits(arguments, each) for each in _parameters(name))


def _is_certain_to_fit(arguments: str, name: str) -> bool:
    """Whether the arguments fit, as Python reads them by themselves."""
    from gearlint.python.signatures import fit

    return fit(arguments, name)
