"""Evaluates expressions of a gear's Python, as far as the reading of its options needs."""

import ast
import posixpath
import sys
from collections.abc import Callable, Sequence

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.python.functions import Classes, Functions
from gearlint.python.imported_names import Imported
from gearlint.python.libraries import Libraries
from gearlint.python.module import Module
from gearlint.python.nodes import called_name, is_plain
from gearlint.python.program import Program
from gearlint.python.scopes import Binding, CallSite, ModuleScope, Place, Scope, Site
from gearlint.python.values import (
    DOCUMENT,
    NOTHING,
    OF_INPUT,
    OF_VALUES,
    OPTIONS,
    UNKNOWN,
    Value,
    Values,
    concatenated,
    of_document,
    of_options,
    only,
    union,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any


class Evaluator:
    """Evaluates the expressions of a program; `environment` gives its environment variables."""

    def __init__(self, program: Program, environment: Callable[[str], str | None]) -> None:
        self.program = program
        self.environment = environment
        self.modules: dict[ModuleScope, Module] = {}
        self.calls: dict[str, list[CallSite]] = {}
        self.libraries = Libraries(self)
        self.functions = Functions(self)
        self.classes = Classes(self)
        self.imports = Imported(self)
        self._known: dict[int, Values] = {}
        self._active: dict[int, int] = {}
        self._lowest = limits.PYTHON_STEPS
        self._steps = Budget(limits.PYTHON_STEPS)
        for module in program.modules:
            if module.scope is not None:
                self.modules[module.scope] = module
                for site in module.scope.calls:
                    self.calls.setdefault(called_name(site.node), []).append(site)
        for scope in self.modules:
            for name, other in scope.renamed:
                self.calls.setdefault(name, []).extend(self.calls.get(other, ()))
        self._evaluators: dict[type, Callable[[Any, Place], Values]] = {
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
            ast.BoolOp: self._either,
            ast.IfExp: self._either,
            ast.BinOp: self._operation,
            ast.NamedExpr: self._inner,
            ast.Await: self._inner,
            ast.Starred: self._inner,
            ast.Dict: self._dict,
            ast.Tuple: self._literal,
            ast.List: self._literal,
            ast.Set: self._literal,
        }

    @property
    def is_spent(self) -> bool:
        """Whether there was too much to evaluate: all is unknown then."""
        return self._steps.is_spent

    def spend(self, number: int = 1) -> bool:
        """Count so many things that are looked at; returns whether that may be done."""
        return self._steps.spend(number)

    def of(self, node: ast.AST, place: Place) -> Values:
        """The values that an expression may have."""
        key = id(node)
        if key in self._known:
            return self._known[key]
        if key in self._active:
            self._lowest = min(self._lowest, self._active[key])
            return NOTHING
        evaluate = self._evaluators.get(type(node))
        if evaluate is None or not self.spend():
            return UNKNOWN
        depth = len(self._active)
        if depth > limits.PYTHON_LEVELS:
            return UNKNOWN
        outer, self._lowest = self._lowest, limits.PYTHON_STEPS
        self._active[key] = depth
        try:
            values = evaluate(node, place)
        except RecursionError:
            if depth:
                raise
            self._active.clear()
            return UNKNOWN
        del self._active[key]
        if len(values) > limits.PYTHON_VALUES:
            values = UNKNOWN
        if self._lowest >= depth:  # it does not depend on one that is not known yet
            self._known[key] = values
            self._lowest = outer
        else:
            self._lowest = min(outer, self._lowest)
        return values

    def certain(self, node: ast.AST, place: Place) -> Value:
        """The value that an expression can only be; empty where it may be several, or `None`."""
        values = self.of(node, place)
        return next(iter(values)) if len(values) == 1 else ()

    def is_certainly(self, node: ast.AST, place: Place, value: Value) -> bool:
        """Whether an expression can only be one value."""
        return self.of(node, place) == {value}

    def may_be_of_gear(self, name: str) -> bool:
        """Whether what is imported by a name may be the gear's own, of which nothing is known."""
        top = name.partition(".")[0]
        is_known = top in sys.stdlib_module_names or top.startswith(("flywheel", "fw_"))
        return not is_known and self.program.top(top) is not None

    def texts(self, node: ast.AST, place: Place) -> list[str]:
        """The strings that an expression may be, as far as they are known."""
        return sorted(value[1] for value in self.of(node, place) if value[0] == "text of")

    # Expressions

    def _constant(self, node: ast.Constant, place: Place) -> Values:
        if node.value is None:
            return NOTHING
        if isinstance(node.value, str) and len(node.value) <= limits.PYTHON_TEXT_CHARACTERS:
            return only(("text of", node.value))
        return UNKNOWN

    def _joined(self, node: ast.JoinedStr, place: Place) -> Values:
        parts: list[Values] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion not in (-1, 115):
                    return UNKNOWN
                parts.append(self.of(part.value, place))
            else:
                parts.append(self.of(part, place))
        return concatenated(parts)

    def _operation(self, node: ast.BinOp, place: Place) -> Values:
        if isinstance(node.op, ast.BitOr):
            return self.of(node.left, place) | self.of(node.right, place)
        if not isinstance(node.op, ast.Add | ast.Div):
            return UNKNOWN
        sides = [self.of(node.left, place), self.of(node.right, place)]
        if isinstance(node.op, ast.Div):
            sides.insert(1, only(("text of", "/")))
        return concatenated(sides)

    def _inner(self, node: "Any", place: Place) -> Values:
        return self.of(node.value, place)

    def _either(self, node: ast.BoolOp | ast.IfExp, place: Place) -> Values:
        parts = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            parts = node.values[-1:]
        return union(self.of(part, place) for part in parts)

    def _dict(self, node: ast.Dict, place: Place) -> Values:
        if not node.keys:
            return NOTHING
        copied = [self.of(v, place) for k, v in zip(node.keys, node.values, strict=True) if not k]
        if copied:  # with keys of its own beside them, it has more than they have
            return union(copied if len(copied) == len(node.keys) else (*copied, UNKNOWN))
        return self._literal(node, place)

    def _literal(self, node: ast.AST, place: Place) -> Values:
        return only(("literal", Site(node, place)))

    def _name(self, node: ast.Name, place: Place) -> Values:
        for scope in place.scope.outward():
            if not scope.is_class or scope is place.scope:
                here = place if scope is place.scope else scope.end
                found = scope.bound(node.id, here)
                if len(found) > limits.PYTHON_BINDINGS:
                    return UNKNOWN
                if found:
                    return union(self.bound(each, node.id) for each in found)
                if node.id in scope.bindings and not scope.is_class:
                    return UNKNOWN
        if node.id == "__file__":
            return only(("text of", self.modules[place.scope.module].path))
        starred = self.imports.starred(place.scope.module, node.id)
        return starred or only(("library", f"builtins.{node.id}"))

    def bound(self, binding: Binding, name: str) -> Values:
        """What a binding binds a name to."""
        place = binding.seen_from or binding.place
        kind, node = binding.kind, binding.node
        if kind == "value":
            return self.of(node, place)
        if kind == "with":
            return union(self._entered(value) for value in self.of(node, place))
        if kind == "item":
            return self.items(node, place)
        if kind == "part":
            return self._part(node, place, binding.number)
        if kind == "parameter" and isinstance(node, ast.arg):
            return self.functions.parameter(node, place.scope, binding.number)
        if kind == "import":
            return self.imports.imported(binding)
        if binding.scope is not None:
            return only(("scope", binding.scope))
        return UNKNOWN

    def _entered(self, value: Value) -> Values:
        """What `with value as x` gives."""
        if value[0] == "instance":
            entered = self.classes.method(value[1], "__enter__")
            if entered is not None:
                return self.returned(entered)
        return only(value)

    def items(self, node: ast.AST, place: Place) -> Values:
        """What a loop over an expression gives, one by one."""
        found: list[Values] = []
        for value in self.of(node, place):
            if value[0] == "literal":
                site = value[1]
                inner = site.node.keys if isinstance(site.node, ast.Dict) else site.node.elts
                if not self.spend(len(inner)):
                    return UNKNOWN
                found += [self.of(each, site.place) for each in inner if each is not None]
            else:
                found.append(UNKNOWN)
        return union(found)

    def _part(self, node: ast.AST, place: Place, index: int) -> Values:
        """Number `index` of what an expression is unpacked to."""
        found: list[Values] = []
        for value in self.of(node, place):
            elements: Sequence[ast.AST] = ()
            if value[0] == "literal":
                elements = getattr(value[1].node, "elts", ())
            is_plain = not any(isinstance(each, ast.Starred) for each in elements)
            if is_plain and index < len(elements):
                found.append(self.of(elements[index], value[1].place))
            else:
                found.append(UNKNOWN)
        return union(found)

    # Attributes and items

    def _attribute(self, node: ast.Attribute, place: Place) -> Values:
        return union(self.attribute_of(value, node.attr) for value in self.of(node.value, place))

    def attribute_of(self, value: Value, name: str) -> Values:
        """An attribute of a value."""
        kind = value[0]
        if kind == "library":
            return only(("library", f"{value[1]}.{name}"))
        if kind == "module":
            return self.imports.of_module(value[1], name)
        if kind == "instance":
            return self.classes.of_instance(value[1], name)
        if kind == "scope" and value[1].is_class:
            found = value[1].bindings.get(name)
            return union(self.bound(each, name) for each in found) if found else UNKNOWN
        if kind == "arguments":
            return self.libraries.of_arguments(value[1], name)
        if kind == "text of" and name == "parent":
            return only(("text of", posixpath.dirname(value[1]) or "."))
        return only(OF_VALUES.get((kind, name)))

    def _subscript(self, node: ast.Subscript, place: Place) -> Values:
        found: list[Values] = []
        for value in self.of(node.value, place):
            has_keys = value[0] in ("document", "options", "literal")
            keys = self.texts(node.slice, place) if has_keys else []
            if value == DOCUMENT:
                found.append(union(of_document(key) for key in keys) if keys else UNKNOWN)
            elif value == OPTIONS:
                found.append(of_options(keys))
            elif value in OF_INPUT:
                found.append(only(OF_INPUT[value]))
            elif value[0] == "library" and value[1] == "os.environ":
                found.append(self.variables(node.slice, place))
            elif value[0] == "literal" and isinstance(value[1].node, ast.Dict):
                found.append(self._of_dict(value[1], keys))
            else:
                found.append(UNKNOWN)
        return union(found)

    def _of_dict(self, site: Site, keys: list[str]) -> Values:
        assert isinstance(site.node, ast.Dict)  # noqa: S101
        pairs = zip(site.node.keys, site.node.values, strict=True)
        found = [
            self.of(value, site.place)
            for key, value in pairs
            if isinstance(key, ast.Constant) and key.value in keys
        ]
        return union(found) if found else UNKNOWN

    def variables(self, name: ast.AST, place: Place) -> Values:
        """The values of environment variables, by an expression for their names."""
        values = [self.environment(text) for text in self.texts(name, place)]
        known = [value for value in values if value is not None]
        return frozenset(("text of", value) for value in known) or UNKNOWN

    # Calls

    def _call(self, node: ast.Call, place: Place) -> Values:
        return union(self._called(value, node, place) for value in self.callees(node, place))

    def callees(self, node: ast.Call, place: Place) -> Values:
        """What is called: `("method", value, name)` for a method of what is not the gear's."""
        if not isinstance(node.func, ast.Attribute):
            return self.of(node.func, place)
        found: list[Values] = []
        for value in self.of(node.func.value, place):
            if value[0] in ("library", "module", "scope"):
                found.append(self.attribute_of(value, node.func.attr))
            elif value[0] == "instance":
                found.append(self.classes.callee_of_instance(value, node.func.attr))
            else:
                found.append(only(("method", value, node.func.attr)))
        return union(found)

    def _called(self, callee: Value, node: ast.Call, place: Place) -> Values:
        kind = callee[0]
        if kind == "library":
            return self.libraries.of_library(callee[1], node, place)
        if kind == "method":
            return self.libraries.of_method(callee[1], callee[2], node, place)
        if kind == "scope" and callee[1].is_class:
            return only(("instance", callee[1]))
        if kind == "scope":
            return self.returned(callee[1])
        return UNKNOWN

    def returned(self, scope: Scope) -> Values:
        """What a function of the gear returns."""
        if scope.is_generator or not is_plain(scope.node):
            return UNKNOWN
        return union(self.of(site.node, site.place) for site in scope.returns)
