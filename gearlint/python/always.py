"""What a program imports, and what every run of it does."""

import ast
from collections.abc import Callable, Iterator

from gearlint.core.lazy import cached_property
from gearlint.python.module import Module
from gearlint.python.nodes import asks_version, called_name, decorators, names_of
from gearlint.python.program import Program
from gearlint.python.scopes import CallSite, ModuleScope, Place, Scope

_ENDS = ("exit", "_exit", "quit", "abort")
"""What ends a run, or may."""


def always_run(program: Program) -> list[Module]:
    """The script, and the modules that every run imports."""
    return _reached(program, is_run)


def imported(program: Program) -> list[Module]:
    """The script, and the modules that a run by Python 3 may import."""
    return _reached(program, lambda place: not place.block.is_guarded(asks_version))


def _reached(program: Program, counts: Callable[[Place], bool]) -> list[Module]:
    """The script, and what it imports at places that count, directly or not."""
    found, pending = [program.main], [program.main]
    while pending:
        module = pending.pop()
        for name, level in imported_by(module, counts):
            for each in program.run_by(module, level, name):
                if each not in found:
                    found.append(each)
                    pending.append(each)
    return found


def imported_by(module: Module, counts: Callable[[Place], bool]) -> Iterator[tuple[str, int]]:
    """(dotted name, leading dots) of what a module imports at places that count."""
    for node, place in module.scope.imports if module.scope is not None else ():
        if counts(place):
            for name, level, _ in names_of(node):
                yield name, level


def is_run(place: Place) -> bool:
    """Whether every run of a module does what is at a place."""
    scope: Scope = place.scope
    return scope is scope.module and place.block is scope.block


class AlwaysDone:
    """What every run of a module does, as far as nothing fails before, also in its functions.

    `is_always` is whether every run of the program imports it.
    """

    def __init__(self, module: ModuleScope, *, is_always: bool) -> None:
        self._module = module
        self._is_always = is_always

    def comes_to(self, place: Place) -> bool:
        """Whether every run does what is at a place."""
        return place.scope in self._called and self._is_reached(place)

    @cached_property
    def _called(self) -> dict[Scope, None]:
        """The module, and those of its functions that it always calls, in that order."""
        if not self._is_always:
            return {}
        calls: dict[Scope, list[CallSite]] = {}
        for call in self._module.calls:
            calls.setdefault(call.place.scope, []).append(call)
        found: dict[Scope, None] = {self._module: None}
        pending: list[Scope] = [self._module]
        while pending:
            for node, place in calls.get(pending.pop(), ()):
                if isinstance(node.func, ast.Name) and self._is_reached(place):
                    bindings = self._module.bindings.get(node.func.id, [])
                    called = bindings[0].scope if len(bindings) == 1 else None
                    if called is not None and called not in found and _runs_at_once(called.node):
                        found[called] = None
                        pending.append(called)
        return found

    def _is_reached(self, place: Place) -> bool:
        """Whether what runs a scope comes to a place in it."""
        return place.block is place.scope.block and self.is_before_end(place)

    def is_before_end(self, place: Place) -> bool:
        """Whether neither the function returns, nor a run may end well, before a place."""
        leaves = place.scope.leaves
        returns = bool(leaves) and leaves[0].order < place.order
        return not returns and place.order <= self._end  # `sys.exit(main())` ends after its main()

    @cached_property
    def _end(self) -> int:
        """The number of the place where a run may end well: at once where a function may end it."""
        ends = (
            place.order if place.scope is self._module else -1
            for node, place in self._module.calls
            if called_name(node) in _ENDS and not _is_failure(node)
        )
        return min(ends, default=self._module.end.order)


def _runs_at_once(node: ast.AST) -> bool:
    """Whether a call runs the body of a definition at once."""
    return isinstance(node, ast.FunctionDef) and not decorators(node)


def _is_failure(call: ast.Call) -> bool:
    """Whether a call ends a run with a code other than 0."""
    code = call.args[0] if call.args else None
    return isinstance(code, ast.Constant) and code.value not in (0, None)
