"""What the functions of a gear are given, and what its classes have."""

import ast
from collections.abc import Iterator

from gearlint.python.nodes import decorators, is_property
from gearlint.python.scopes import CallSite, Scope
from gearlint.python.values import (
    CONTEXT,
    CONTEXT_CLASS,
    OF_VALUES,
    OTHER,
    UNKNOWN,
    Value,
    Values,
    only,
    union,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.evaluator import Evaluator

_CALL_NO_METHODS = ("abc.", "builtins.", "enum.", "typing.")
"""The modules whose classes call no methods of those that are built on them, but `__name__`."""


class Functions:
    """The parameters of functions."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self.evaluator = evaluator

    def parameter(self, argument: ast.arg, scope: Scope, index: int) -> Values:
        """What a parameter is given where the function is called, else by its annotation."""
        owner = scope.outer
        decorated = decorators(scope.node)
        is_method = owner.is_class and "staticmethod" not in decorated
        if is_method and index == 0:
            kind = "scope" if "classmethod" in decorated else "instance"
            return only((kind, owner))
        default = _default_of(scope, argument, index)
        found = union(self._given(argument.arg, scope, index - is_method, default))
        if found <= UNKNOWN and self._is_annotated_context(argument, owner):
            return only(CONTEXT)  # an annotation may be wrong: where it is called counts
        return found or UNKNOWN

    def _is_annotated_context(self, argument: ast.arg, scope: Scope) -> bool:
        written = argument.annotation
        return written is not None and any(
            map(_is_context_class, self.evaluator.of(written, scope.end))
        )

    def _given(
        self, name: str, scope: Scope, index: int, default: ast.AST | None
    ) -> Iterator[Values]:
        """What each call gives a parameter."""
        for site in self.calls_of(scope):
            call = site.node
            if not self.evaluator.spend():
                yield UNKNOWN
                return
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            is_starred = any(isinstance(each, ast.Starred) for each in call.args)
            if name in given:
                yield self.evaluator.of(given[name], site.place)
            elif is_starred or None in given:
                yield UNKNOWN
            elif 0 <= index < len(call.args):
                yield self.evaluator.of(call.args[index], site.place)
            elif default is not None:
                yield self.evaluator.of(default, scope.outer.end)
        if self._may_be_called_elsewhere(scope):
            yield UNKNOWN

    def calls_of(self, scope: Scope) -> Iterator[CallSite]:
        """The calls of a function of the gear."""
        name = scope.name
        is_init = name == "__init__" and scope.outer.is_class
        for site in self.evaluator.calls.get(scope.outer.name if is_init else name, ()):
            for value in self.evaluator.callees(site.node, site.place):
                meant = value[1] if value[0] == "scope" else None
                if is_init and meant is not None and meant.is_class:
                    meant = self.evaluator.classes.method(meant, "__init__")
                if meant is scope:
                    yield site

    def _may_be_called_elsewhere(self, scope: Scope) -> bool:
        """Whether something is called by its name of which nobody knows what it is."""
        sites = self.evaluator.calls.get(scope.name, ()) if scope.parent is not scope.module else ()
        for site in sites:
            if any(value == OTHER or (value[0] == "method" and value[1] == OTHER)
                   for value in self.evaluator.callees(site.node, site.place)):  # fmt: skip
                return True
        return False


class Classes:
    """The attributes and methods of instances."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self.evaluator = evaluator

    def classes(self, scope: Scope) -> Iterator[Scope | Value]:
        """A class and those that it is built on: of the gear, or as values."""
        pending, seen = [scope], {id(scope)}
        while pending:
            here = pending.pop()
            yield here
            place = here.outer.end
            for base in getattr(here.node, "bases", ()):
                for value in self.evaluator.of(base, place):
                    if value[0] != "scope":
                        yield value
                    elif id(value[1]) not in seen:
                        seen.add(id(value[1]))
                        pending.append(value[1])

    def of_instance(self, scope: Scope, name: str) -> Values:
        """An attribute of an instance of a class of the gear."""
        found: list[Values] = []
        for each in self.classes(scope):
            if isinstance(each, tuple):
                if _is_context_class(each):
                    found.append(only(OF_VALUES.get(("context", name))))
                continue
            found += [
                self.evaluator.of(site.node, site.place) for site in each.attributes.get(name, ())
            ]
            for binding in each.bindings.get(name, ()):
                inner = binding.scope
                if inner is not None and is_property(inner.node):
                    found.append(self.evaluator.returned(inner))
                else:
                    found.append(self.evaluator.bound(binding, name))
            if found:
                break
        return union(found) if found else UNKNOWN

    def method(self, scope: Scope, name: str) -> Scope | None:
        """The method of a class, or of one that it is built on."""
        for each in self.classes(scope):
            if isinstance(each, Scope):
                for binding in each.bindings.get(name, ()):
                    if binding.scope is not None:
                        return binding.scope
        return None

    def is_called_by_others(self, method: Scope) -> bool:
        """Whether what the class of a method is built on is not of the gear, and may call it."""
        return any(
            isinstance(each, tuple)
            and not (each[0] == "library" and each[1].startswith(_CALL_NO_METHODS))
            for each in self.classes(method.outer)
        )

    def callee_of_instance(self, value: Value, name: str) -> Values:
        """What `instance.name(...)` calls."""
        found = self.of_instance(value[1], name)
        bases = (each for each in self.classes(value[1]) if isinstance(each, tuple))
        if found == UNKNOWN and any(map(_is_context_class, bases)):
            return only(("method", CONTEXT, name))
        return found


def _is_context_class(value: Value) -> bool:
    return value[0] == "library" and CONTEXT_CLASS.match(value[1]) is not None


def _default_of(scope: Scope, argument: ast.arg, index: int) -> ast.AST | None:
    """The default of a parameter."""
    arguments = scope.arguments
    assert arguments is not None  # noqa: S101
    if index < 0:
        return arguments.kw_defaults[arguments.kwonlyargs.index(argument)]
    first = len(scope.parameters) - len(arguments.defaults)
    return arguments.defaults[index - first] if index >= first else None
