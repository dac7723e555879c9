"""What a run may not come to, as a test decides on it: here, or where a function is called."""

import ast

from gearlint.core import limits
from gearlint.core.lazy import cached_property
from gearlint.python.always import always_run, may_end_well
from gearlint.python.evaluator import Evaluator
from gearlint.python.module import Module
from gearlint.python.nodes import is_plain, is_try
from gearlint.python.scopes import Block, ModuleScope, Place, Scope, is_caught

ERRORS = ("KeyError", "LookupError", "Exception", "BaseException", "TypeError")
"""The errors of what is read and is not there, and those that they are of."""
_OF_KEYS = ERRORS[:2]
"""Who calls a function and catches these knows that something may be missing."""


class Skipped:
    """The places of a program that a run may not come to."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._scopes: dict[Scope, bool] = {}
        self._depth = 0
        self._jumps: dict[Scope, dict[Block, int]] = {}

    @cached_property
    def _ends(self) -> dict[Scope, int]:
        """The number of the first place of each scope that may end the run well, after a test."""
        found: dict[Scope, int] = {}
        for module in self._evaluator.modules:
            for node, place in module.calls:
                if may_end_well(node) and _is_after_test(place):
                    found.setdefault(place.scope, place.order)
        return found

    @cached_property
    def _always(self) -> list[Module]:
        return always_run(self._evaluator.program)

    def may_be(self, place: Place) -> bool:
        """Whether a test decides on what is at a place, what leaves before it, or who calls it.

        What nothing is seen to call, a library calls, or nobody knows who.
        """
        left = [each.order for each in place.scope.leaves[:1]]
        left.append(self._ends.get(place.scope, place.order))
        if _is_after_test(place) or min(left) < place.order:
            return True
        jumps = self._jumps_of(place.scope)
        if any(jumps.get(each, place.order) < place.order for each in place.block.outward()):
            return True
        return self._scope_may_be(place.scope)

    def _jumps_of(self, scope: Scope) -> dict[Block, int]:
        """The number of the first place that may leave a loop, or a run of it, by the loop."""
        if scope not in self._jumps:
            found = self._jumps[scope] = {}
            for place in filter(_is_after_test, scope.jumps):
                loops = (each for each in place.block.outward() if each.is_loop)
                found.setdefault(next(loops, place.block), place.order)
        return self._jumps[scope]

    def _scope_may_be(self, scope: Scope) -> bool:
        if scope not in self._scopes:
            self._scopes[scope] = True  # a function that only itself calls is not called
            self._depth += 1
            self._scopes[scope] = self._depth > limits.PYTHON_LEVELS or self._is_skipped(scope)
            self._depth -= 1
        return self._scopes[scope]

    def _is_skipped(self, scope: Scope) -> bool:
        if isinstance(scope, ModuleScope):
            return self._evaluator.modules[scope] not in self._always
        if scope.is_class:
            return self._scope_may_be(scope.outer)
        if not is_plain(scope.node):
            return True  # a decorator may catch what it raises
        if not self._evaluator.spend(len(self._evaluator.calls.get(scope.name, ()))):
            return True
        return all(
            is_caught(site.place, *_OF_KEYS) or self.may_be(site.place)
            for site in self._evaluator.functions.calls_of(scope)
        )


def _is_after_test(place: Place) -> bool:
    return place.block.is_guarded(_is_test)


def _is_test(guard: ast.AST) -> bool:
    return not is_try(guard)
