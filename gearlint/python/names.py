"""What the names are that modules import from each other."""

import ast

from gearlint.python.modules import Found, Module
from gearlint.python.scopes import Binding, ModuleScope
from gearlint.python.values import (
    NOTHING,
    UNKNOWN,
    Values,
    union,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.evaluator import Evaluator


class Imported:
    """Names that are bound by an import."""

    def __init__(self, values: "Evaluator") -> None:
        self.values = values

    def starred(self, scope: ModuleScope, name: str) -> Values:
        """What `from module import *` may bind a name to."""
        found: list[Values] = []
        for binding in scope.bindings.get("*", ()):
            if isinstance(binding.node, ast.ImportFrom):
                found.append(self.imported_from(binding.node, name, scope))
        known = [values for values in found if values != UNKNOWN]
        return union(known) if known else (UNKNOWN if found else NOTHING)

    def of_module(self, module: Module, name: str) -> Values:
        """What a name is in a module."""
        scope = module.scope
        if scope is not None and name in scope.bindings:
            return union(self.values.bound(each, name) for each in scope.bound(name, scope.end))
        if scope is not None:
            starred = self.starred(scope, name)
            if starred:
                return starred
        if module.is_package:
            inner = self.values.program.find(module, 1, name)
            found = self.values.program.module_at(inner) if isinstance(inner, Found) else None
            if found is not None:
                return frozenset((("module", found),))
        return UNKNOWN

    def imported(self, binding: Binding, name: str) -> Values:
        """What an import binds a name to."""
        node, scope = binding.node, binding.place.scope.module
        if isinstance(node, ast.ImportFrom):
            return self.imported_from(node, node.names[binding.number].name, scope)
        assert isinstance(node, ast.Import)  # noqa: S101
        alias = node.names[binding.number]
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        return self._module_named(scope, 0, dotted)

    def imported_from(self, node: ast.ImportFrom, name: str, scope: ModuleScope) -> Values:
        """What `from module import name` gives."""
        module = self.values.modules[scope]
        inner = f"{node.module}.{name}" if node.module else name
        values = self._module_named(scope, node.level, node.module or "")
        found: list[Values] = []
        for value in values:
            if value[0] == "module":
                found.append(self.of_module(value[1], name))
            elif value[0] == "library":
                found.append(frozenset((("library", f"{value[1]}.{name}"),)))
        result = union(found) or UNKNOWN
        if result == UNKNOWN or (values and next(iter(values))[0] == "library"):
            place = self.values.program.find(module, node.level, inner)
            one = self.values.program.module_at(place) if isinstance(place, Found) else None
            if one is not None:
                return frozenset((("module", one),))
        return result

    def _module_named(self, scope: ModuleScope, level: int, name: str) -> Values:
        found = self.values.program.find(self.values.modules[scope], level, name)
        module = self.values.program.module_at(found) if isinstance(found, Found) else None
        if module is not None and (module.scope in self.values.modules):
            return frozenset((("module", module),))
        return frozenset((("library", name),)) if name else UNKNOWN
