"""What a program takes for given: it reads it in every run, and asks for it nowhere."""

import ast
from collections.abc import Mapping, Set
from itertools import takewhile

from gearlint.core import limits
from gearlint.python.always import AlwaysDone, always_run
from gearlint.python.evaluator import Evaluator
from gearlint.python.nodes import called_name, is_plain, is_try
from gearlint.python.reads import Kind, Read, Reads
from gearlint.python.scopes import ModuleScope, Place, Scope, is_caught

_OF_KEYS = ("KeyError", "LookupError")
"""Who calls a function and catches these knows that something may be missing."""


def taken(evaluator: Evaluator, reads: Reads, names: Mapping[Kind, Set[str]]) -> list[Read]:
    """The reads of a program that raise an error in every run where one of the names is not there.

    `reads` are all of it. Nothing is said of what the gear may set, or ask for, itself.
    """
    unknown = reads.changed | reads.asked
    found = [
        read
        for read in reads.reads
        if read.name in names[read.kind] - reads.own[read.kind] and read.kind not in unknown
        if not (read.is_guarded or read.has_default)
    ]
    if not found:
        return []
    asked, reached = _asked(evaluator), _Reached(evaluator)
    return [
        read
        for read in found
        if read.name not in asked and read.place is not None and reached.comes_to(read.place)
    ]


def _asked(evaluator: Evaluator) -> set[str]:
    """The strings of the modules, but those in `x["name"]`, `{"name": ...}`, and calls of `pop`.

    Whoever has a name in a list, a test or a call may ask by it: `all(n in config for n in NAMES)`.
    """
    found: set[str] = set()
    for module in evaluator.modules:
        strings = {}
        reading: set[ast.AST | None] = set()
        for node in ast.walk(module.node):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings[node] = node.value
            elif isinstance(node, ast.Subscript):
                reading.add(node.slice)
            elif isinstance(node, ast.Call) and called_name(node) in ("pop", "open_input"):
                reading.update(node.args)
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                reading.update(key for key, value in pairs if not isinstance(value, ast.Constant))
        found.update(text for node, text in strings.items() if node not in reading)
    return found


class _Reached:
    """What every run of a program comes to, as far as nothing fails before."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        always = always_run(evaluator.program)
        self._always = {
            scope: AlwaysDone(scope, is_always=True)
            for scope, module in evaluator.modules.items()
            if module in always
        }
        self._scopes: dict[Scope, bool] = {}
        self._depth = 0

    def comes_to(self, place: Place) -> bool:
        """Whether every run does what is at a place."""
        scope, done = place.scope, self._always.get(place.scope.module)
        around = takewhile(lambda block: block is not scope.block, place.block.outward())
        return (
            done is not None
            and all(is_try(block.guard) for block in around)
            and done.is_before_end(place)
            and self._is_run(scope)
        )

    def _is_run(self, scope: Scope) -> bool:
        """Whether every run runs a module, or calls a function."""
        if isinstance(scope, ModuleScope):
            return True
        if scope not in self._scopes:
            self._scopes[scope] = False  # a function that only itself calls is not called
            self._depth += 1
            self._scopes[scope] = self._depth < limits.PYTHON_LEVELS and self._is_called(scope)
            self._depth -= 1
        return self._scopes[scope]

    def _is_called(self, scope: Scope) -> bool:
        calls = self._evaluator.calls.get(scope.name, ())
        if not is_plain(scope.node) or not self._evaluator.spend(len(calls)):
            return False  # a decorator may catch what it raises
        return any(
            self.comes_to(site.place) and not is_caught(site.place, *_OF_KEYS)
            for site in self._evaluator.functions.calls_of(scope)
        )
