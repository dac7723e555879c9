"""Calls of the debugger that the Python of a gear makes."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import imported_name
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Place

_SETS_TRACE = frozenset(("pdb.set_trace", "ipdb.set_trace", "pudb.set_trace"))
_ASKED_FOR = ("debug", "pdb", "isatty", "environ")
"""What the test has that asks whether the debugger is wanted."""


class Breakpoint(NamedTuple):
    """A call of the debugger; `is_certain` is whether every run comes to it, and it is pdb."""

    source: Source
    span: Span
    is_certain: bool


def breakpoints(programs: Iterable[Program]) -> list[Breakpoint]:
    """Each place where a module calls the debugger."""
    found = (
        one
        for program in programs
        if not any("breakpointhook" in module.text for module in program.modules)
        for run in runs_of(program)
        for one in _of_module(run)
    )
    return surest(found, lambda one: (one.source.path, one.span))


def _of_module(run: ModuleRun) -> Iterator[Breakpoint]:
    for node, place in run.scope.calls:
        name = _debugger(node.func, place)
        if name and run.program.called.may_be(place.scope) and not _is_asked_for(place):
            is_certain = name != "other" and run.always.comes_to(place)
            yield Breakpoint(run.module.source, run.module.span(node), is_certain)


def _debugger(function: ast.AST, place: Place) -> str:
    """The debugger that a call of a function starts: `pdb`, `other`, or none."""
    if isinstance(function, ast.Name) and function.id == "breakpoint":
        return "pdb" if place.scope_of(function.id) is None else ""
    name = imported_name(function, place)
    if name not in _SETS_TRACE:
        return ""
    return "pdb" if name == "pdb.set_trace" else "other"


def _is_asked_for(place: Place) -> bool:
    """Whether a test around a place, or around the functions it is in, asks for the debugger."""
    blocks = (place.block, *(scope.around for scope in place.scope.outward()))
    return any(block is not None and block.is_guarded(_asks_for_debugger) for block in blocks)


def _asks_for_debugger(guard: ast.AST) -> bool:
    """Whether what guards a block is a test that asks whether the debugger is wanted."""
    if not isinstance(guard, ast.expr):
        return False
    test = ast.dump(guard).lower()
    return any(word in test for word in _ASKED_FOR)
