"""What a run of a program may come to: its modules, and the functions that may be called."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import chain

from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.python.always import AlwaysDone, always_run, imported
from gearlint.python.module import Module
from gearlint.python.program import Program
from gearlint.python.scopes import ModuleScope, Scope

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    class _Found(Protocol):
        @property
        def is_certain(self) -> bool: ...

    One = TypeVar("One", bound=_Found)


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


class ModuleRun(NamedTuple):
    """A module that a run of a program may import, with its names.

    `called` is what may be called of the program, and `always` what every run of the module does.
    """

    module: Module
    scope: ModuleScope
    program: Program
    called: Called
    always: AlwaysDone


def runs_of(program: Program) -> Iterator[ModuleRun]:
    """The modules that a run of a program may import, those that can be parsed."""
    started, called = program.started, Called(program)
    always = always_run(program) if started.is_always and started.is_certain else []
    for module in imported(program):
        if module.scope is not None:
            is_always = module in always and not module.is_meant
            done = AlwaysDone(module.scope, is_always=is_always)
            yield ModuleRun(module, module.scope, program, called, done)


def surest(found: "Iterable[One]", key: "Callable[[One], Hashable]") -> "list[One]":
    """Of those with one key the first that every run comes to, or else the first."""
    chosen: dict[Hashable, One] = {}
    for one in found:
        before = chosen.setdefault(key(one), one)
        if one.is_certain and not before.is_certain:
            chosen[key(one)] = one
    return list(chosen.values())
