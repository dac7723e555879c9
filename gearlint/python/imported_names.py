"""What the names are that modules import from each other."""

import ast

from gearlint.core import limits
from gearlint.python.module import Module
from gearlint.python.nodes import module_bound
from gearlint.python.scopes import Binding, ModuleScope
from gearlint.python.symbols import OF_PYTHON
from gearlint.python.values import NOTHING, UNKNOWN, Values, only, union

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.evaluator import Evaluator


class Imported:
    """Names that are bound by an import."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self.evaluator = evaluator
        self._active: set[tuple[Module, str]] = set()

    def starred(self, scope: ModuleScope, name: str) -> Values:
        """What `from module import *` may bind a name to."""
        bindings = scope.bindings.get("*", ())
        stars = [one.node for one in bindings if isinstance(one.node, ast.ImportFrom)]
        found = [self.imported_from(node, name, scope) for node in stars]
        known = union(values for values in found if values != UNKNOWN)
        if (
            not known
            and name in OF_PYTHON
            and all(self._lacks(each, scope, name) for each in stars)
        ):
            return NOTHING  # it is Python's own
        return known or union(found)

    def _lacks(self, node: ast.ImportFrom, scope: ModuleScope, name: str) -> bool:
        """Whether a module of the gear certainly has no name of its own."""
        above = [value[1] for value in self._module_named(scope, node.level, node.module or "")]
        return bool(above) and not any(
            {name, "*"} & each.scope.bindings.keys() or each.may_have_other_names for each in above
        )

    def of_module(self, module: Module, name: str) -> Values:
        """What a name is in a module."""
        scope = module.scope
        assert scope is not None  # noqa: S101
        if name in scope.bindings:
            return union(self.evaluator.bound(each, name) for each in scope.bound(name, scope.end))
        if (module, name) in self._active:  # modules import all names from each other
            return NOTHING
        if len(self._active) > limits.PYTHON_LEVELS:
            return UNKNOWN
        self._active.add((module, name))
        try:
            found = self.starred(scope, name)
        finally:
            self._active.remove((module, name))
        if found <= UNKNOWN and module.is_package:
            found = self._module_named(scope, 1, name) or found
        return found or UNKNOWN

    def imported(self, binding: Binding) -> Values:
        """What an import binds its name to."""
        node, scope = binding.node, binding.place.scope.module
        if isinstance(node, ast.ImportFrom):
            return self.imported_from(node, node.names[binding.number].name, scope)
        assert isinstance(node, ast.Import)  # noqa: S101
        dotted = module_bound(node.names[binding.number])
        return self._module_named(scope, 0, dotted) or only(("library", dotted))

    def imported_from(self, node: ast.ImportFrom, name: str, scope: ModuleScope) -> Values:
        """What `from module import name` gives."""
        above = self._module_named(scope, node.level, node.module or "")
        if above:
            return union(self.of_module(value[1], name) for value in above)
        dotted = f"{node.module}.{name}" if node.module else name
        values = self._module_named(scope, node.level, dotted)
        return values or (UNKNOWN if node.level else only(("library", dotted)))

    def _module_named(self, scope: ModuleScope, level: int, name: str) -> Values:
        """The module of the gear that has a name, nothing if it is not known."""
        program = self.evaluator.program
        module = program.module_at(program.find(self.evaluator.modules[scope], level, name))
        is_read = module is not None and module.scope in self.evaluator.modules
        return only(("module", module)) if is_read else NOTHING
