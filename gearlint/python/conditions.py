"""What the tests of a scope ask for: those of `if`, `while` and the like."""

import ast

from gearlint.python.scopes import Scope


class Conditions:
    """The tests of a scope: many places may be in it, so that they are read once."""

    def __init__(self, scope: Scope) -> None:
        self.nodes = dict.fromkeys(node for test in scope.tests for node in ast.walk(test))
        self._names = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        self._variables: set[str] = set()
        self._texts: dict[object, list[ast.AST]] = {}
        for asked in filter(None, map(_asked, self.nodes)):
            if isinstance(asked, ast.Name):
                self._variables.add(asked.id)
            elif isinstance(asked, ast.Constant):
                self._texts.setdefault(asked.value, []).append(asked)
        self._assigned: dict[ast.AST, set[str]] = {}
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding.kind == "value":
                    self._assigned.setdefault(binding.node, set()).add(name)

    def are_of(self, call: ast.Call) -> bool:
        """Whether one has a call in it, or a name that it is assigned to."""
        return call in self.nodes or not self._names.isdisjoint(self._assigned.get(call, ()))

    def ask_for(self, key: ast.AST, name: str) -> bool:
        """Whether one asks for a key, which may be called `name`, elsewhere than where it is."""
        if isinstance(key, ast.Name) and key.id in self._variables:
            return True
        return any(each is not key for each in self._texts.get(name, ()))


def _asked(node: ast.AST) -> ast.AST | None:
    """What a part of a test asks for: by `in`, or by a call such as `get`."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        return node.left
    return node.args[0] if isinstance(node, ast.Call) and node.args else None
