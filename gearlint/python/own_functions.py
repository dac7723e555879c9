"""Names of functions of Python itself that are used as if they were variables."""

import ast
import builtins
from collections.abc import Collection, Iterator

from gearlint.core.text import quoted
from gearlint.python.bindings import called_function
from gearlint.python.scopes import ModuleScope

_TAKE_PATHS = frozenset((
    "open", "os.listdir", "os.makedirs", "os.mkdir", "os.path.abspath", "os.path.basename",
    "os.path.dirname", "os.path.exists", "os.path.isdir", "os.path.isfile", "os.path.join",
    "os.path.splitext", "pathlib.Path",
))  # fmt: skip
_OF_SEVERAL = ("os.path.join", "pathlib.Path")
"""Those of them that take as many paths as they are given."""


def misuses(scope: ModuleScope, names: Collection[str]) -> dict[ast.AST, str]:
    """Each place that uses one of these names as no function can be, and why.

    A name may be bound there all the same.
    """
    return {
        node: why
        for node, why in _uses(scope)
        if isinstance(node, ast.Name) and node.id in names and why
    }


def _uses(scope: ModuleScope) -> Iterator[tuple[ast.AST, str]]:
    nodes: list[ast.AST] = [site.node for site in scope.attributes_read]
    nodes += [site.node for site in scope.reads]
    nodes += [site.node for site in scope.stores]
    for node in nodes:
        if isinstance(node, ast.Attribute):
            has_it = node.attr.startswith("_") or hasattr(_function(node.value), node.attr)
            yield node.value, "" if has_it else f"which has no attribute {quoted(node.attr)}"
        elif isinstance(node, ast.Subscript):
            function = _function(node.value)
            has_items = function is type or hasattr(function, "__class_getitem__")
            yield node.value, "" if has_items else "which has no items"
    for operation, _ in scope.operations:
        if isinstance(operation.op, ast.Add | ast.Div):
            sides = (operation.left, operation.right)
            if any(map(_is_text, sides)):
                yield from ((each, "which cannot be joined with a string") for each in sides)
    for call, place in scope.calls:
        name = called_function(call.func, place)
        if name in _TAKE_PATHS:
            for given in call.args if name in _OF_SEVERAL else call.args[:1]:
                yield given, f"which {name}() does not take"


def _function(node: ast.AST) -> object:
    return getattr(builtins, getattr(node, "id", ""), None)


def _is_text(node: ast.expr) -> bool:
    is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_string or isinstance(node, ast.JoinedStr)
