"""What every run of a program imports."""

import ast
from collections.abc import Iterator

from gearlint.python.module import Module
from gearlint.python.program import Program
from gearlint.python.scopes import Place, Scope


def always_run(program: Program) -> list[Module]:
    """The script, and the modules that every run imports."""
    found, pending = [program.main], [program.main]
    while pending:
        module = pending.pop()
        for name, level in always_imported(module):
            for each in program.run_by(module, level, name):
                if each not in found:
                    found.append(each)
                    pending.append(each)
    return found


def always_imported(module: Module) -> Iterator[tuple[str, int]]:
    """(dotted name, leading dots) of what every run of a module imports, a module or a name."""
    for node, place in module.scope.imports if module.scope is not None else ():
        if is_run(place):
            for name, level, _ in names_of(node):
                yield name, level


def names_of(node: ast.AST) -> "Iterator[tuple[str, int, ast.alias]]":
    """(dotted name, leading dots, its node) of each module that an import may be of."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, 0, alias
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            name = f"{node.module}.{alias.name}" if node.module else alias.name
            yield name, node.level, alias


def is_run(place: Place) -> bool:
    """Whether every run of a module does what is at a place."""
    scope: Scope = place.scope
    return scope is scope.module and place.block is scope.block
