"""What distributions of Python bring and need, in any version: `distributions.txt`.

A line of it is a distribution, the modules that it has, `/`, and the distributions that it needs,
each in any version and system: too many make gearlint silent, too few a false alarm. All that one
needs are in the table too. The tests compare it with what is installed where they run.
"""

import os
import sys
from collections.abc import Set
from functools import cache

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.program import Program

TABLE = f"{os.path.dirname(__file__)}/distributions.txt"
OF_IMAGE = frozenset(("pip", "setuptools", "wheel"))
"""What the images of Python have; from 3.12 on pip alone."""
_OFTEN = ("importlib-metadata", "importlib-resources", "packaging", "six", "typing-extensions")
"""What one version or another of many distributions needs."""
_ADDED = {
    "contextvars": 7, "dataclasses": 7, "graphlib": 9, "zoneinfo": 9, "tomllib": 11,
    "annotationlib": 14, "compression": 14, "profiling": 15,
    **dict.fromkeys(("sre_compile", "sre_constants", "sre_parse"), 0),  # newer ones may lack them
}  # fmt: skip
"""The first Python 3 that has a module, by its minor version."""
_REMOVED = {
    "binhex": 11, "dummy_threading": 9, "formatter": 10, "macpath": 8, "macurl2path": 7,
    "parser": 10, "symbol": 10,
    **dict.fromkeys(("asynchat", "asyncore", "distutils", "imp", "smtpd"), 12),
    **dict.fromkeys((
        "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap",
        "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib",
        "uu", "xdrlib",
    ), 13),
}  # fmt: skip
"""The first that has it no more."""


@cache
def _table() -> dict[str, tuple[list[str], list[str]]]:
    with open(TABLE, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    found = {}
    for name, *words in lines:
        at = words.index("/")
        found[name] = words[:at], words[at + 1 :]
    return found


def modules_of(distributions: Set[str], minor: int) -> set[str] | None:
    """The modules that an image of Python 3 with these distributions may have, by first names.

    Without those of Python itself. `None` where one of them is not in the table.
    """
    table = _table()
    pending = [*distributions, *(OF_IMAGE if minor < 12 else ("pip",))]
    if not distributions <= OF_IMAGE:
        pending += _OFTEN
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in table:
            return None
        if name not in seen:
            seen.add(name)
            pending += table[name][1]
    return {module for name in seen for module in table[name][0]}


def distribution_of(module: str) -> str:
    """The distribution that is usually installed for a module; the module itself if none is known.

    Of several the one with its name, or else the shortest.
    """
    names = [name for name, (modules, _) in _table().items() if module in modules]
    plain = module.lower().replace("_", "-")
    names.sort(key=lambda name: (name != plain, len(name), name))
    return names[0] if names else plain


def is_of_python(module: str, minor: int | None = None) -> bool:
    """Whether a module is one of Python 3's own library, in that minor version or in any.

    Or may be: what begins with `_` comes and goes.
    """
    if module.startswith("_") or module == "test":
        return True
    if minor is None or (module not in _ADDED and module not in _REMOVED):
        return module in sys.stdlib_module_names or module in _ADDED or module in _REMOVED
    return _ADDED.get(module, 0) <= minor < _REMOVED.get(module, sys.maxsize)


def may_lack_packages(program: "Program", installed: Set[str], minor: int) -> bool:
    """Whether a module may import what is not there, by its lines alone."""
    names = {
        line.name.partition(".")[0]
        for module in program.modules
        for line in module.lines_that_import
        if not line.level
    }
    return any(
        not is_of_python(name, minor) and program.top(name) is None for name in names - installed
    )
