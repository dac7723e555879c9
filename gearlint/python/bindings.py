"""What a name is bound to at a place, and which function or module of Python that certainly is."""

import ast

from gearlint.python.nodes import module_bound
from gearlint.python.scopes import Binding, Place


def imported_name(node: ast.AST, place: Place) -> str:
    """The dotted name of the module, or the class of one, that an expression certainly is."""
    if isinstance(node, ast.Attribute):
        owner = imported_name(node.value, place)
        return f"{owner}.{node.attr}" if owner else ""
    bindings = bindings_of(node.id, place) if isinstance(node, ast.Name) else []
    owners = set(map(_imported, bindings))
    return owners.pop() if len(owners) == 1 else ""


def called_function(node: ast.expr, place: Place) -> str:
    """The dotted name of a function of a module, or of Python itself, that is certainly called."""
    if isinstance(node, ast.Name) and place.scope_of(node.id) is None:
        return node.id
    return imported_name(node, place)


def bindings_of(name: str, place: Place) -> list[Binding]:
    """What may have bound a name at a place: one, where a scope has them one after the other."""
    scope = place.scope_of(name)
    if scope is None:
        return []
    bindings = scope.bindings[name]
    if any(each.place.block is not scope.block for each in bindings):
        return bindings
    if scope is not place.scope:
        return bindings[-1:]
    return [each for each in bindings if each.place.order <= place.order][-1:]


def _imported(binding: Binding) -> str:
    node = binding.node
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return ""
    alias = node.names[binding.number]
    if isinstance(node, ast.ImportFrom):
        return "" if node.level else f"{node.module}.{alias.name}"
    return module_bound(alias)
