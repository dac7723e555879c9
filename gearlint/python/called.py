"""Which functions of a program may be called."""

import ast
import sys
from collections.abc import Iterator

from gearlint.core.lazy import cached_property, regex
from gearlint.python.module import Module
from gearlint.python.scopes import ModuleScope, Scope

_RUNS_TEXT = regex(r"\b(?:eval|exec)[ \t]*+\(")
"""What may use a name of which the code has only the text."""


class Called:
    """The functions of a program that may be called.

    Not those that nothing names, or only what is not called itself.
    """

    def __init__(self, modules: list[Module]) -> None:
        self._modules = modules

    def may_be(self, scope: Scope) -> bool:
        """Whether the functions and classes that a scope is in may all be called."""
        return all(name in self._named for name in _needed(scope))

    @cached_property
    def _named(self) -> set[str]:
        """The names that are used where a run may come to."""
        named: set[str] = set()
        uses: dict[Scope, set[str]] = {}
        for module in self._modules:
            if module.scope is None or _RUNS_TEXT.search(module.text):
                named |= module.words
            if module.scope is not None:
                named |= module.words_in_quotes
                named |= {name for name, _ in module.scope.renamed}
                for scope, name in _used(module.scope):
                    uses.setdefault(scope, set()).add(name)
        waiting: dict[str, list[Scope]] = {}
        pending = [*uses]
        while pending:
            scope = pending.pop()
            missing = next((name for name in _needed(scope) if name not in named), None)
            if missing is not None:
                waiting.setdefault(missing, []).append(scope)
                continue
            for name in uses[scope] - named:
                named.add(name)
                pending += waiting.pop(name, ())
        return named


def _needed(scope: Scope) -> Iterator[str]:
    """The names of the functions and classes that a scope is in, where only code calls them by.

    Python calls `__name__`, a decorator may keep what it is given, and what a class is built on
    may call its methods.
    """
    for each in scope.outward():
        is_decorated = bool(getattr(each.node, "decorator_list", ()))
        is_inherited = bool(getattr(each.outer.node, "bases", ()))
        is_by_name = each.name and not each.name.startswith("__")
        if is_by_name and not is_decorated and not is_inherited:
            yield each.name


def _used(module: ModuleScope) -> Iterator[tuple[Scope, str]]:
    """Each name and attribute that is read in a module, but for those of Python's own modules."""
    for site in module.names_read:
        if isinstance(site.node, ast.Name):
            yield site.place.scope, site.node.id
    for node, place in module.attributes_read:
        first: ast.AST = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if not (isinstance(first, ast.Name) and first.id in sys.stdlib_module_names):
            yield place.scope, node.attr
