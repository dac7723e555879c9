"""What a gear's own Python compares its options with, where their values are known."""

import ast
from collections.abc import Iterator, Mapping

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.evaluator import Evaluator
from gearlint.python.scopes import Place
from gearlint.python.values import OPTIONS, Value

Known = Mapping[Value, frozenset[str]]
"""The strings that each option may be: `("option", name)`, or `("text of option", name)`."""

_STRING = regex(r"[!=]=\s*+(\"[^\"\n]*+\"|'[^'\n]*+')")
_OTHERS = regex(
    r"(?:[\"']|(?:lower|upper|strip|casefold|title|capitalize)\(\))\s*+[!=]="
    r"|\bin\s*+[(\[{]\s*+[\"']|\bcase\s*+[\"']"
)
"""Comparisons with strings that are looked at in the syntax tree alone."""
_ALWAYS = frozenset(("__main__", "", "None"))
"""What is compared with for another reason: `str(None)` is "None"."""
_METHODS = ("lower", "upper", "strip", "casefold", "title", "capitalize")
"""Methods of a string that give another one, and need nothing for it."""


class Impossible(NamedTuple):
    """One place that compares an option, changed by these methods, with what it never is."""

    option: str
    methods: tuple[str, ...]
    text: str
    source: Source
    span: Span


def may_compare(text: str, known: Known) -> bool:
    """Whether a text may compare with a string that no option may be, without a syntax tree."""
    texts = {match[1][1:-1] for match in _STRING.finditer(text)}
    return not texts <= _ALWAYS.union(*known.values()) or _OTHERS.search(text) is not None


def impossible(evaluator: Evaluator, known: Known) -> Iterator[Impossible]:
    """The comparisons of options with strings of which they may be none."""
    found: list[Impossible] = []
    for scope, module in evaluator.modules.items():
        for node, place in scope.comparisons:
            for value, texts in compared(node):
                others = [_text(each) for each in texts]
                if not _ALWAYS.isdisjoint(others):
                    continue
                inner, methods = without_methods(value)
                option, values = _values(evaluator, inner, place, known)
                if option and {changed(each, methods) for each in values}.isdisjoint(others):
                    span = module.span(texts[0])
                    found.append(Impossible(option, methods, others[0], module.source, span))
    return iter(() if evaluator.is_spent else found)


def may_set_any(evaluator: Evaluator) -> bool:
    """Whether a program may set each of its options, as by a loop over all of them."""
    return any(
        OPTIONS in evaluator.of(node.value, place) and not evaluator.texts(node.slice, place)
        for scope in evaluator.modules
        for node, place, _ in scope.stores
        if isinstance(node, ast.Subscript)
    )


def changed(text: str, methods: tuple[str, ...]) -> str:
    """What methods of a string make of it, one after the other."""
    for method in methods:
        text = getattr(text, method)()
    return text


def without_methods(node: ast.AST) -> tuple[ast.AST, tuple[str, ...]]:
    """What such methods are called on, and their names."""
    methods: list[str] = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr not in _METHODS or node.args or node.keywords:
            break
        methods.insert(0, node.func.attr)
        node = node.func.value
    return node, tuple(methods)


def _text(node: ast.AST) -> str:
    """A string that is written out, else an empty one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def compared(node: ast.AST) -> Iterator[tuple[ast.AST, list[ast.expr]]]:
    """Each expression that is compared, and what with: it is one of these, or none."""
    if isinstance(node, ast.Match):
        for pattern in (each for case in node.cases for each in ast.walk(case.pattern)):
            if isinstance(pattern, ast.MatchValue):
                yield node.subject, [pattern.value]
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.Eq | ast.NotEq):
            yield left, [right]
            yield right, [left]
        elif isinstance(right, ast.Tuple | ast.List | ast.Set) and right.elts:
            yield left, right.elts


def _values(
    evaluator: Evaluator, node: ast.AST, place: Place, known: Known
) -> tuple[str, set[str]]:
    """The option that an expression is of, and what it may be; no option where that is unknown."""
    option, found = "", set[str]()
    for value in evaluator.of(node, place):
        if value[0] == "text of":
            found.add(value[1])
        elif value in known:
            option = value[1]
            found |= known[value]
        else:
            return "", found
    return option, found
