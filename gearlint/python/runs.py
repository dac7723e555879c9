"""The modules that a run of a program may import, each with what every run does."""

from collections.abc import Callable, Hashable, Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.python.always import AlwaysDone, always_run, imported
from gearlint.python.module import Module
from gearlint.python.program import Program
from gearlint.python.scopes import ModuleScope

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    class _Found(Protocol):
        @property
        def is_certain(self) -> bool: ...

    One = TypeVar("One", bound=_Found)


class ModuleRun(NamedTuple):
    """A module that a run of a program may import, with its names.

    `always` is what every run of the module does.
    """

    module: Module
    scope: ModuleScope
    program: Program
    always: AlwaysDone


def runs_of(program: Program) -> Iterator[ModuleRun]:
    """The modules that a run of a program may import, those that can be parsed."""
    started = program.started
    always = always_run(program) if started.is_always and started.is_certain else []
    for module in imported(program):
        if module.scope is not None:
            is_always = module in always and not module.is_meant
            done = AlwaysDone(module.scope, is_always=is_always)
            yield ModuleRun(module, module.scope, program, done)


def surest(found: "Iterable[One]", key: "Callable[[One], Hashable]") -> "list[One]":
    """Of those with one key the first that every run comes to, or else the first."""
    chosen: dict[Hashable, One] = {}
    for one in found:
        before = chosen.setdefault(key(one), one)
        if one.is_certain and not before.is_certain:
            chosen[key(one)] = one
    return list(chosen.values())
