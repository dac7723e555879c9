"""Variables of functions that are read before anything can have set them."""

import ast
from collections.abc import Iterator

from gearlint.python.nodes import caught
from gearlint.python.scopes import Binding, ModuleScope, Scope, Site, loop_around


def unset_reads(module: ModuleScope) -> Iterator[tuple[Site, ast.AST]]:
    """Each place where a function reads its own variable too early, and what sets it later."""
    loops = {id(each.iter) for each in ast.walk(module.node) if isinstance(each, ast.comprehension)}
    exempt: dict[Scope, set[str]] = {}
    statements: dict[Scope, dict[ast.AST, ast.AST]] = {}
    for site in (*module.names_read, *module.names_changed):
        name, scope = getattr(site.node, "id", ""), site.place.scope
        bindings = scope.bindings.get(name, ()) if isinstance(scope.node, _FUNCTION) else ()
        own = [each for each in bindings if id(each.node) not in loops]
        if own and not any(_may_set(each, site) for each in bindings):
            if scope not in exempt:
                exempt[scope] = _not_in_order(scope.node)
                statements[scope] = _statements(scope.node)
            if name not in exempt[scope]:
                yield site, statements[scope].get(own[0].node, own[0].node)


_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def _statements(function: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each statement of a function that sets names to a value, or to what is in it, by that."""
    found: dict[ast.AST, ast.AST] = {}
    for each in ast.walk(function):
        for value in (getattr(each, "value", None), getattr(each, "iter", None)):
            if isinstance(value, ast.AST):
                found.setdefault(value, each)
    return found


def _may_set(binding: Binding, site: Site) -> bool:
    """Whether what binds a name may have done so, or does so where that it has none is caught."""
    place, node = binding.place, binding.node
    if isinstance(node, ast.AugAssign) and binding.kind == "other":
        return False  # it needs a value itself
    loop = loop_around(site.place.block)
    return (
        place.order <= site.place.order
        or (loop is not None and loop.is_around(place.block))
        or any(_catches(block.guard, binding) for block in site.place.block.outward())
    )


def _catches(guard: ast.AST | None, binding: Binding) -> bool:
    """Whether a `try` catches all errors, and a handler of it binds the name."""
    return not caught(guard).isdisjoint(("Exception", "BaseException")) and any(
        block.guard in getattr(guard, "handlers", ()) for block in binding.place.block.outward()
    )


def _not_in_order(function: ast.AST) -> set[str]:
    """The names of a function that are another's, or are set within an expression."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found
