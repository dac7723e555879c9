"""The names that `from module import *` gives, where the module is the gear's own."""

import ast

from gearlint.image.nodes import Directory
from gearlint.python.module import Module
from gearlint.python.program import Found, Program


class Stars:
    """What the modules of a program get by `import *`, each worked out once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[Module, set[str] | None] = {}

    def names(self, module: Module) -> set[str] | None:
        """The names that a module may get; `None` where that is not known.

        It is not of a library, of a module that may have names that its text does not say, and of
        modules that take all from each other. More than Python gives are among them: those that
        begin with `_` or are not in `__all__`, and the modules of a package.
        """
        if module not in self._known:
            self._known[module] = None  # as long as it is worked out
            self._known[module] = self._names(module)
        return self._known[module]

    def _names(self, module: Module) -> set[str] | None:
        if module.scope is None:
            return None
        names: set[str] = set()
        for binding in module.scope.bindings.get("*", ()):
            given = self._given(module, binding.node)
            if given is None:
                return None
            names |= given
        return names

    def _given(self, module: Module, node: ast.AST) -> set[str] | None:
        if not isinstance(node, ast.ImportFrom):
            return None
        found = self._program.find(module, node.level, node.module or "")
        given = self._program.module_at(found)
        if not isinstance(found, Found) or given is None or given.scope is None:
            return None
        if given.is_meant or given.may_have_other_names:
            return None
        names = self.names(given)
        entries = found.modules if isinstance(found.node, Directory) else ()
        listed = given.words_in_quotes if "__all__" in given.scope.bindings else ()
        return None if names is None else {*names, *given.scope.bindings, *entries, *listed}
