"""Which functions of a program may be called at all."""

from collections import Counter
from itertools import chain

from gearlint.core.lazy import cached_property
from gearlint.python.program import Program
from gearlint.python.scopes import Scope


class Called:
    """The functions of a program: those that nothing names are not called, as far as is known."""

    def __init__(self, program: Program) -> None:
        self._modules = program.modules

    def may_be(self, scope: Scope) -> bool:
        """Whether something names the functions that a scope is in, or others may call them.

        Python calls `__name__`, a decorator may keep what it is given, and what a class is built on
        may call its methods.
        """
        return all(
            each.parent is None
            or not each.name
            or each.name.startswith("__")
            or getattr(each.node, "decorator_list", ())
            or getattr(each.parent.node, "bases", ())
            or self._counts[each.name] > 1
            for each in scope.outward()
        )

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often each word is in the texts of all modules."""
        return Counter(chain.from_iterable(module.all_words for module in self._modules))
