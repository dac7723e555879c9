"""Modules that a program imports, and that neither Python nor what is installed has."""

import ast
from collections.abc import Iterator, Set

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.always import always_run, imported, is_run
from gearlint.python.distributions import is_of_python
from gearlint.python.imports import may_fail
from gearlint.python.nodes import names_of
from gearlint.python.program import Program
from gearlint.python.suspects import may_look_elsewhere


class Uninstalled(NamedTuple):
    """An import of such a module, by its first name; `is_certain` is whether every run does it."""

    module: str
    is_certain: bool
    source: Source
    span: Span


def uninstalled(program: Program, installed: Set[str], minor: int) -> Iterator[Uninstalled]:
    """The first import of each module that is not there, in Python 3 of a minor version.

    `installed` are the first names of the modules that may be installed.
    """
    if any(may_look_elsewhere(module.text) for module in program.modules):
        return
    always = always_run(program) if program.started.is_always else []
    found: set[str] = set()
    for module in imported(program):
        for node, place in module.scope.imports if module.scope is not None else ():
            if may_fail(place, "ImportError", "ModuleNotFoundError"):
                continue
            for name, level, alias in names_of(node):
                top = name.partition(".")[0]
                if level or top in installed or top in found or is_of_python(top, minor):
                    continue
                if program.top(top) is None:
                    found.add(top)
                    is_certain = module in always and is_run(place) and not module.is_meant
                    span = module.span(alias if isinstance(node, ast.Import) else node)
                    yield Uninstalled(top, is_certain, module.source, span)
