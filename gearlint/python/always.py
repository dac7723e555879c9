"""What a program imports, and what every run of it does."""

import ast
from collections.abc import Callable, Iterator

from gearlint.python.module import Module
from gearlint.python.program import Program
from gearlint.python.scopes import Place, Scope

OF_VERSIONS = frozenset(("version_info", "version", "PY2", "PY3", "hexversion"))
"""What a test names that asks for the version of Python."""


def always_run(program: Program) -> list[Module]:
    """The script, and the modules that every run imports."""
    return _reached(program, always_imported)


def imported(program: Program) -> list[Module]:
    """The script, and the modules that a run by Python 3 may import."""
    return _reached(program, _imported)


def _reached(
    program: Program, imported_by: Callable[[Module], Iterator[tuple[str, int]]]
) -> list[Module]:
    found, pending = [program.main], [program.main]
    while pending:
        module = pending.pop()
        for name, level in imported_by(module):
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


def _imported(module: Module) -> Iterator[tuple[str, int]]:
    for node, place in module.scope.imports if module.scope is not None else ():
        guards = (block.guard for block in place.block.outward())
        if not any(isinstance(each, ast.expr) and asks_version(each) for each in guards):
            for name, level, _ in names_of(node):
                yield name, level


def asks_version(test: ast.expr) -> bool:
    """Whether the test of an `if` asks for the version of Python."""
    names = {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(test)}
    return not names.isdisjoint(OF_VERSIONS)


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
