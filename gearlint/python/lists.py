"""The lists that a gear's own Python writes out, and what it appends to them."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.python.evaluator import Evaluator
from gearlint.python.scopes import CallSite, Place, Site, StoreSite

_ADDING = ("append", "extend")


class Lists:
    """The lists of a module, as far as each is only written out and appended to."""

    def __init__(
        self, evaluator: Evaluator, calls: Iterable[CallSite], stores: Iterable[StoreSite]
    ) -> None:
        self._evaluator = evaluator
        self._added: dict[ast.AST, list[Site]] = {}
        self._changed: set[ast.AST] = set()
        """Those whose elements may be others in the end."""
        for call, place in calls:
            if isinstance(call.func, ast.Attribute):
                self._add(call, call.func, place)
        for node, place, _ in stores:
            if isinstance(node, ast.Subscript) and (literal := self._literal(node.value, place)):
                self._changed.add(literal.node)

    def _add(self, call: ast.Call, method: ast.Attribute, place: Place) -> None:
        literal = self._literal(method.value, place)
        if literal is None:
            return
        if method.attr not in _ADDING or len(call.args) != 1:
            self._changed.add(literal.node)
            return
        given = call.args if method.attr == "append" else getattr(call.args[0], "elts", ())
        self._added.setdefault(literal.node, []).extend(Site(each, place) for each in given)

    def elements(self, node: ast.AST, place: Place) -> Iterator[Site]:
        """The elements that are known of an expression, each with the place that it is put in."""
        literal = self._literal(node, place)
        if literal is None or literal.node in self._changed:
            return
        elements = [Site(each, literal.place) for each in getattr(literal.node, "elts", ())]
        elements += self._added.get(literal.node, ())
        if self._evaluator.spend(len(elements)):  # many calls may get the same list
            yield from elements

    def _literal(self, node: ast.AST, place: Place) -> Site | None:
        """The list or tuple of the same module that an expression certainly is."""
        value = self._evaluator.certain(node, place)
        if value[:1] != ("literal",) or value[1].place.scope.module is not place.scope.module:
            return None
        return value[1] if isinstance(value[1].node, ast.List | ast.Tuple) else None
