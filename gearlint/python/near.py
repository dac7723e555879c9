"""Names of modules that are nearly those of the gear's own: whether an import may be misspelt."""

import sys

from gearlint.core.text import NearNames, digits
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory, File
from gearlint.python.program import Found, Program

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.module import ImportLine, Module

_SHORTEST = 4
"""Characters of a name that is misspelt: of shorter ones too many are near."""


def may_be_misspelt(program: Program, module: "Module", line: "ImportLine") -> bool:
    """Whether an import may be of a module that the gear has nowhere, without a syntax tree."""
    top = line.name.partition(".")[0]
    if not line.level and near_top(program, top):
        return True
    if program.image.base is not None:
        return False
    first = program.find(module, line.level, "" if line.level else top)
    is_there = isinstance(first, Found) and not first.is_meant
    return is_there and program.find(module, line.level, line.name) is UNKNOWN


def near_top(program: Program, name: str) -> str:
    """The module beside the script that has nearly a name; empty if there is none."""
    first = program.search[0]
    place = program.image.files.find(first) if first is not None else None
    if name in sys.stdlib_module_names or not isinstance(place, Directory):
        return ""
    return near_module(program, name, place)


def near_module(program: Program, name: str, directory: Directory) -> str:
    """The module of the build context in a directory that has nearly a name, and no other number.

    Empty if there is none.
    """
    if len(name) < _SHORTEST:
        return ""
    if directory not in program.near_names:
        program.near_names[directory] = NearNames(_own(directory))
    near = program.near_names[directory].of(name)
    return next((own for own in near if digits(own) == digits(name)), "")


def _own(directory: Directory) -> list[str]:
    """The names of the modules of the build context that are in a directory."""
    found = []
    for name, node in directory.entries.items():
        if isinstance(node, File) and node.origin is not None and name.endswith(".py"):
            found.append(name.removesuffix(".py"))
        elif isinstance(node, Directory) and node.origins and name.isidentifier():
            found.append(name)
    return found
