"""Variables of functions that are read before anything can have set them."""

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache

from gearlint.python.nodes import caught
from gearlint.python.scopes import Binding, ModuleScope, Place, Scope, Site, loop_around


def unset_reads(module: ModuleScope) -> Iterator[tuple[Site, ast.AST]]:
    """Each place where a function reads its own variable too early, and what sets it later."""
    loops = {id(each.iter) for each in ast.walk(module.node) if isinstance(each, ast.comprehension)}
    exempt: dict[Scope, set[str]] = {}
    statements: dict[Scope, dict[ast.AST, ast.AST]] = {}
    variables: dict[tuple[Scope, str], _Variable] = {}
    for site in (*module.names_read, *module.names_changed):
        name, scope = getattr(site.node, "id", ""), site.place.scope
        if name not in scope.bindings or not isinstance(scope.node, _FUNCTION):
            continue
        if (scope, name) not in variables:
            variables[scope, name] = _Variable(scope.bindings[name], loops)
        variable = variables[scope, name]
        if variable.own is not None and not variable.may_be_set(site.place):
            if scope not in exempt:
                exempt[scope] = _not_in_order(scope.node)
                statements[scope] = _statements(scope.node)
            if name not in exempt[scope]:
                yield site, statements[scope].get(variable.own, variable.own)


_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def _statements(function: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each statement of a function that sets names to a value, or to what is in it, by that."""
    found: dict[ast.AST, ast.AST] = {}
    for each in ast.walk(function):
        for value in (getattr(each, "value", None), getattr(each, "iter", None)):
            if isinstance(value, ast.AST):
                found.setdefault(value, each)
    return found


class _Variable:
    """What sets a variable of a function; `loops` are the values that comprehensions go over."""

    def __init__(self, bindings: list[Binding], loops: set[int]) -> None:
        own = (each.node for each in bindings if id(each.node) not in loops)
        self.own = next(own, None)
        places = [each.place for each in bindings if not _needs_value(each)]
        self._first = min((place.order for place in places), default=sys.maxsize)
        self._loops = {loop_around(place.block) for place in places}
        self._guards = {block.guard for place in places for block in place.block.outward()}

    def may_be_set(self, place: Place) -> bool:
        """Whether it may be set before a place, or where an error that it has none is caught."""
        loop = loop_around(place.block)
        return (
            self._first <= place.order
            or (loop is not None and loop in self._loops)
            or place.block.is_guarded(self._is_set_by)
        )

    def _is_set_by(self, guard: ast.AST) -> bool:
        """Whether a `try` catches all errors, and a handler of it sets the variable."""
        handlers = getattr(guard, "handlers", ())
        return not self._guards.isdisjoint(handlers) and _catches_all(guard)


def _needs_value(binding: Binding) -> bool:
    """Whether what binds a name needs a value of it itself, as `x += 1`."""
    return isinstance(binding.node, ast.AugAssign) and binding.kind == "other"


@lru_cache(maxsize=100)  # of one `try` it is asked for each variable
def _catches_all(guard: ast.AST) -> bool:
    return not caught(guard).isdisjoint(("Exception", "BaseException"))


def _not_in_order(function: ast.AST) -> set[str]:
    """The names of a function that are another's, or are set within an expression."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found
