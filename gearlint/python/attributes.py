"""What modules of Python have, in any version from 2.7 on and any system: `attributes.txt`.

A line of it is a module, or a class in it, and the names that it has; those that begin with `_` are
left out. `tests/python/attributes_table.py` writes it.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from gearlint.core.text import is_one_edit_away
from gearlint.python.module import ImportLine, Module

TABLE = f"{os.path.dirname(__file__)}/attributes.txt"
_SHORTEST = 3
"""Characters of a name that is misspelt: of shorter ones too many are near."""


@cache
def table() -> dict[str, frozenset[str]]:
    """The names by the dotted name of a module, or of a class in it."""
    with open(TABLE, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    return {key: frozenset(names) for key, *names in lines}


@cache
def _keys_by_beginning() -> dict[str, list[str]]:
    """The names of the table, by each dotted name that they begin with."""
    found: dict[str, list[str]] = {}
    for key in table():
        for beginning in accumulate(key.split("."), "{}.{}".format):
            found.setdefault(beginning, []).append(key)
    return found


def may_lack_attributes(module: Module) -> bool:
    """Whether a module may read what a module of Python does not have, by its lines alone."""
    return any(
        _may_lack(module, key, local, taken)
        for line in module.lines_that_import
        if not line.level
        for key, local, taken in _imported(line)
    )


def _imported(line: ImportLine) -> Iterator[tuple[str, str, list[str]]]:
    """The modules, and classes, that a line imports: what each is called, and what is taken."""
    names = [(line.name, line.local)] if line.local else []
    names += [(f"{line.name}.{name}", local) for name, local in line.taken]
    if line.local == line.name:  # `import os.path` binds `os`
        first = line.name.partition(".")[0]
        names = [(first, first)]
    elif line.name in table():
        yield line.name, "", [name for name, _ in line.taken]
    for top, local in names:
        for key in _keys_by_beginning().get(top, ()):
            yield key, local + key.removeprefix(top), []


def _may_lack(module: Module, key: str, local: str, taken: list[str]) -> bool:
    if any(meant_for(key, name) for name in taken):
        return True
    names = module.words_after(local) - table()[key] if local else ()
    return any(
        re.search(rf"(?<![\w.]){local}\.{name}\b", module.text)  # and not of `photos.name`
        for name in names
        if meant_for(key, name)
    )


def meant_for(key: str, name: str) -> str:
    """The dotted name that is certainly meant by a name that a module lacks; empty if unknown."""
    known = table()
    if name in known[key] or name.startswith("_") or len(name) < _SHORTEST:
        return ""
    for other in _keys_by_beginning()[key.partition(".")[0]]:
        if name in known[other]:
            return f"{other}.{name}"
    near = (each for each in sorted(known[key]) if is_one_edit_away(name, each))
    return next((f"{key}.{each}" for each in near), "")
