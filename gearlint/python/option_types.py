"""What a gear's own Python does with an option that no value of the option's type does."""

import ast
import operator
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import PurePath

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import quoted
from gearlint.python.comparisons import changed, compared, without_methods
from gearlint.python.evaluator import Evaluator
from gearlint.python.library_calls import STARTERS
from gearlint.python.lists import Lists
from gearlint.python.nodes import called_name
from gearlint.python.quick_types import NUMBERS, TYPES
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Place, StoreSite, is_caught

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

    Types = tuple[type, ...]

_EXAMPLES: "dict[type, Any]" = {
    str: "a", int: 1, float: 0.5, bool: True, list: ["a"], PurePath: PurePath("a"),
}  # fmt: skip
"""A value of each type: what raises TypeError with it does so with all of them."""
_TEXT = (str, PurePath)
"""What the evaluator takes for a text may be a path."""
_CALLED = {str: "a string", int: "a number", float: "a number", bool: "a boolean", list: "a list"}
_COMPARED = "compared with"
_OPERATORS: "dict[type, tuple[Callable[[Any, Any], object], str]]" = {
    ast.Add: (operator.add, "added to"),
    ast.Sub: (operator.sub, "calculated with"),
    ast.Mult: (operator.mul, "calculated with"),
    ast.Div: (operator.truediv, "calculated with"),
    ast.Lt: (operator.lt, _COMPARED),
    ast.LtE: (operator.le, _COMPARED),
    ast.Gt: (operator.gt, _COMPARED),
    ast.GtE: (operator.ge, _COMPARED),
}
_FUNCTIONS: "dict[str, Callable[[Any], object]]" = {
    **{f"builtins.{each.__name__}": each for each in (enumerate, float, int, len, list, range)},
    **{f"builtins.{each.__name__}": each for each in (set, sorted, tuple)},
    **dict.fromkeys(("json.loads", "os.makedirs", "os.mkdir", "os.system"), os.fspath),
    **{f"os.path.{each}": os.fspath for each in ("abspath", "basename", "dirname", "expanduser")},
    **{f"os.path.{each}": os.fspath for each in ("join", "splitext")},
    "pathlib.Path": os.fspath,
}
"""Functions, and what takes the same as the first of their arguments, or all of these."""
_OF_SEVERAL = ("os.path.join", "pathlib.Path")
"""Those of them that take as many as they are given."""
_STARTERS = frozenset(f"subprocess.{name}" for name in STARTERS)
_COMPARE = {
    "string": "compare it with a string", "boolean": "it is True or False",
    "integer": "compare it with a number", "number": "compare it with a number",
    "array": "it is a list",
}  # fmt: skip
_CONVERT = {
    "string": 'declare it as "number", or convert it by float()',
    "array": "take its items one by one",
    **dict.fromkeys(NUMBERS, "it is one value"),
}
_DECLARED = {str: 'declare it as "string"', list: 'declare it as "array"'}
_ASK_TYPE = frozenset(("isinstance", "type", "hasattr", "getattr"))
_NOT_SET = ("", "None")
"""What an option that is not set may be compared with: nothing is lost if it never is."""
_CONVERSION = regex(r"%(?:%|[-+ #0]*+\d*+(?:\.\d++)?[hlL]?([a-zA-Z]))")
_OF_NUMBER = frozenset("diouxXeEfFgG")
"""The conversions of `%` that take a number."""
_WRITTEN = 40
"""Characters of an expression that an advice repeats."""
_TYPE_ERROR = ("TypeError", "Exception", "BaseException")
_ATTRIBUTE_ERROR = ("AttributeError", "Exception", "BaseException")


class Misuse(NamedTuple):
    """A place that uses an option as another type; `is_certain` is whether every run fails there.

    `why` says what is wrong, after the option and its type.
    """

    option: str
    why: str
    advice: str
    source: Source
    span: Span
    is_certain: bool


class _Fault(NamedTuple):
    """A use of an option, where a run has to come for it, and the errors: none if it goes on."""

    node: ast.AST
    places: tuple[Place, ...]
    option: str
    why: str
    advice: str
    errors: tuple[str, ...] = _TYPE_ERROR


def misuses(evaluator: Evaluator, types: Mapping[str, str]) -> list[Misuse]:
    """What the modules of a program do with options of these types, by name."""
    asked = _asked(evaluator)
    uses = _Uses(evaluator, {name: types[name] for name in types if name not in asked})
    found = [
        Misuse(
            fault.option,
            fault.why,
            fault.advice,
            run.module.source,
            run.module.span(fault.node),
            bool(fault.errors) and all(map(run.always.comes_to, fault.places)),
        )
        for run in runs_of(evaluator.program)
        for fault in uses.of_module(run)
        if not any(is_caught(place, *fault.errors) for place in fault.places)
        and all(run.program.called.may_be(place.scope) for place in fault.places)
    ]
    return [] if evaluator.is_spent else surest(found, lambda one: (one.source.path, one.span))


def _asked(evaluator: Evaluator) -> set[str]:
    """The options whose type the program asks for."""
    return {
        value[1]
        for scope in evaluator.modules
        for node, place in scope.calls
        if called_name(node) in _ASK_TYPE and node.args
        for value in evaluator.of(node.args[0], place)
        if value[0] == "option"
    }


def _is_in(part: "Any", whole: "Any") -> bool:
    return part in whole


def _fails(action: "Callable[..., object]", *operands: "Types") -> bool:
    """Whether Python raises TypeError for values of these types; not if one is unknown."""
    examples = list(product(*operands))
    return bool(examples) and all(_raises(action, *each) for each in examples)


def _raises(action: "Callable[..., object]", *operands: type) -> bool:
    try:
        action(*(_EXAMPLES[each] for each in operands))
    except TypeError:
        return True
    except ValueError:
        return False
    return False


def _may_equal(type_: str, constant: object) -> bool:
    """Whether an option of a type may be equal to a constant."""
    if isinstance(constant, str):
        return type_ == "string"
    return type_ in NUMBERS or not isinstance(constant, int | float)


class _Uses:
    """The uses of the options of a program that do not fit their types."""

    def __init__(self, evaluator: Evaluator, types: Mapping[str, str]) -> None:
        self.evaluator = evaluator
        self.types = types
        self._is_3 = evaluator.program.started.is_3

    def of_module(self, run: ModuleRun) -> Iterator[_Fault]:
        """The faults of one module."""
        scope = run.scope
        for node, place in scope.comparisons:
            yield from self._compared(node, place)
            if isinstance(node, ast.Compare) and len(node.ops) == 1:
                right = node.comparators[0]
                yield from self._calculated(node.left, node.ops[0], right, place)
        for operation, place in scope.operations:
            yield from self._calculated(operation.left, operation.op, operation.right, place)
            yield from self._formatted(operation, place)
        for attribute, place in scope.attributes_read:
            yield from self._attribute(attribute, place)
        for node, place in scope.reads:
            if isinstance(node, ast.Subscript):
                yield from self._item(node, place)
        for node, place in scope.wholes:
            if not isinstance(node, ast.Compare):
                yield from self._refused(iter, "a loop", node, place)
        for store in scope.stores:
            yield from self._stored(store)
        lists = Lists(self.evaluator, scope.calls, scope.stores)
        for call, place in scope.calls:
            yield from self._called(call, place, lists)

    # What an expression is

    def _option(self, node: ast.AST, place: Place) -> str:
        """The option that an expression certainly is; empty where there is none."""
        value = self.evaluator.certain(node, place)
        return value[1] if value[:1] == ("option",) and value[1] in self.types else ""

    def _types(self, node: ast.AST, place: Place) -> "Types":
        """The types that an expression may have; none where that is not known."""
        option = self._option(node, place)
        if option:
            return TYPES[self.types[option]]
        first = node
        while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add):
            first = first.left
        if isinstance(first, ast.JoinedStr):
            return (str,)
        if isinstance(first, ast.Constant):
            type_ = type(first.value)
            return (type_,) if type_ is str or (first is node and type_ in _EXAMPLES) else ()
        values = self.evaluator.of(first, place)
        is_text = all(value[0] in ("text of", "text of option") for value in values)
        return _TEXT if values and is_text else ()

    # What is done with it

    def _compared(self, node: ast.AST, place: Place) -> Iterator[_Fault]:
        """`==` and `in` that are never true."""
        for value, others in compared(node):
            constants = [each.value for each in others if isinstance(each, ast.Constant)]
            if len(constants) < len(others) or not {*_NOT_SET, None}.isdisjoint(constants):
                continue
            option = self._option(value, place)
            if option:
                if any(_may_equal(self.types[option], each) for each in constants):
                    continue
                advice = _COMPARE[self.types[option]]
            else:
                option = self._text_of_boolean(value, place, constants)
                advice = 'str() makes "True" or "False" of it'
            if option:
                constant = constants[0]
                text = quoted(constant) if isinstance(constant, str) else str(constant)
                yield _Fault(others[0], (place,), option, f"which is never {text}", advice, ())

    def _text_of_boolean(self, node: ast.AST, place: Place, constants: Sequence[object]) -> str:
        """The boolean whose text, as `str()` makes it, is none of these."""
        inner, methods = without_methods(node)
        value = self.evaluator.certain(inner, place)
        if value[:1] != ("text of option",) or self.types.get(value[1]) != "boolean":
            return ""
        texts = {changed(text, methods) for text in ("True", "False")}
        return "" if texts & {*constants} else value[1]

    def _calculated(
        self, left: ast.AST, sign: ast.AST, right: ast.AST, place: Place
    ) -> Iterator[_Fault]:
        """`x + y`, `x < y`, and `x in y`."""
        if isinstance(sign, ast.In | ast.NotIn):
            yield from self._refused(iter, '"in"', right, place)
            types = self._types(left, place), self._types(right, place)
            if self._option(left, place) and _fails(_is_in, *types):
                why = "which cannot be looked for in a string"
                yield self._fault(left, (place,), why, is_text=True)
        elif type(sign) in _OPERATORS:
            action, verb = _OPERATORS[type(sign)]
            if verb == _COMPARED and not self._is_3:
                return  # Python 2 compares what it likes
            types = self._types(left, place), self._types(right, place)
            options = self._option(left, place), self._option(right, place)
            if any(options) and _fails(action, *types):
                node, other = (left, types[1]) if options[0] else (right, types[0])
                why = f"which cannot be {verb} {_CALLED[other[0]]}"
                fault = self._fault(node, (place,), why, is_text=other[0] is str)
                if verb == _COMPARED:
                    fault = fault._replace(advice=_COMPARE[self.types[fault.option]])
                yield fault

    def _formatted(self, node: ast.BinOp, place: Place) -> Iterator[_Fault]:
        """`"%d" % x`."""
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        if not isinstance(node.op, ast.Mod) or not isinstance(text, str):
            return
        conversions = [match[1] for match in _CONVERSION.finditer(text) if match[1]]
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        if len(conversions) != len(values) or "%(" in text or "*" in text:
            return
        for conversion, value in zip(conversions, values, strict=True):
            option = self._option(value, place)
            if conversion in _OF_NUMBER and option and self.types[option] not in NUMBERS:
                yield self._fault(value, (place,), f"which %{conversion} does not take")

    def _attribute(self, node: ast.Attribute, place: Place) -> Iterator[_Fault]:
        option = self._option(node.value, place) if self._is_3 else ""
        if option and not any(hasattr(each, node.attr) for each in TYPES[self.types[option]]):
            of = next((each for each in (str, list) if hasattr(each, node.attr)), None)
            advice = _DECLARED[of] if of is not None else "it is the value itself"
            why = f"which has no attribute {quoted(node.attr)}"
            yield _Fault(node, (place,), option, why, advice, _ATTRIBUTE_ERROR)

    def _item(self, node: ast.Subscript, place: Place) -> Iterator[_Fault]:
        option = self._option(node.value, place)
        if not option or isinstance(node.slice, ast.Slice):
            return
        is_key = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        if self.types[option] in NUMBERS or is_key:
            what = "keys" if is_key else "parts"
            why = f"which has no {what}"
            yield _Fault(node, (place,), option, why, "it is the value itself")

    def _refused(
        self, action: "Callable[[Any], object]", by: str, node: ast.AST, *places: Place
    ) -> Iterator[_Fault]:
        """What something takes that does not take it, as Python itself says."""
        if self._option(node, places[0]) and _fails(action, self._types(node, places[0])):
            is_text = action is os.fspath
            yield self._fault(node, places, f"which {by} does not take", is_text=is_text)

    def _stored(self, store: StoreSite) -> Iterator[_Fault]:
        node, place, value = store
        if not isinstance(node, ast.Subscript) or value is None:
            return
        if self.evaluator.is_certainly(node.value, place, ("library", "os.environ")):
            yield from self._refused(os.fspath, "os.environ", value, place)

    def _called(self, call: ast.Call, place: Place, lists: Lists) -> Iterator[_Fault]:
        callees = self.evaluator.callees(call, place)
        callee = next(iter(callees)) if len(callees) == 1 else ()
        if callee[:1] == ("library",):
            name = callee[1]
            if name in _STARTERS:
                for node, at in lists.elements(call.args[0], place) if call.args else ():
                    yield from self._refused(os.fspath, name, node, at, place)
                yield from self._environment(call, place)
            if name in _FUNCTIONS:
                given = call.args if name in _OF_SEVERAL else call.args[:1]
                for node in given:
                    by = f"{name.removeprefix('builtins.')}()"
                    yield from self._refused(_FUNCTIONS[name], by, node, place)
        elif self._is_join(call, place):
            for node, at in lists.elements(call.args[0], place):
                yield from self._refused(os.fspath, "join()", node, at, place)

    def _is_join(self, call: ast.Call, place: Place) -> bool:
        """Whether a call is `"...".join(x)`."""
        if not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
            return False
        return call.func.attr == "join" and str in self._types(call.func.value, place)

    def _environment(self, call: ast.Call, place: Place) -> Iterator[_Fault]:
        """The variables that are written out in `env=`."""
        for word in call.keywords:
            if word.arg == "env" and isinstance(word.value, ast.Dict):
                for node in word.value.values:
                    yield from self._refused(os.fspath, "the environment", node, place)

    def _fault(
        self, node: ast.AST, places: tuple[Place, ...], why: str, *, is_text: bool = False
    ) -> _Fault:
        """A fault, and to convert the option as its advice: to a string with `is_text`."""
        option = self._option(node, places[0])
        advice = _CONVERT[self.types[option]]
        if is_text and self.types[option] in NUMBERS:
            written = ast.unparse(node)
            advice = f"write str({written})" if len(written) < _WRITTEN else "convert it by str()"
        return _Fault(node, places, option, why, advice)
