"""Keys of an input that a gear's Python reads of it, and that are in a part of it."""

import ast
from collections.abc import Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.evaluator import Evaluator
from gearlint.python.quick_inputs import PARTS
from gearlint.python.scopes import is_caught
from gearlint.python.values import INPUT

_ERRORS = ("KeyError", "LookupError", "Exception", "BaseException")


class MisplacedKey(NamedTuple):
    """A key that is read of an input, and that only a part of it has."""

    key: str
    source: Source
    span: Span


def misplaced_keys(evaluator: Evaluator) -> Iterator[MisplacedKey]:
    """The keys that raise KeyError wherever the program comes to them."""
    stores = (site for scope in evaluator.modules for site in scope.stores)
    for node, place, _ in stores:
        if isinstance(node, ast.Subscript) and INPUT in evaluator.of(node.value, place):
            return  # the program gives it keys of its own
    for scope, module in evaluator.modules.items():
        for node, place in scope.reads:
            if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
                continue
            key = node.slice
            if key.value not in PARTS or is_caught(place, *_ERRORS):
                continue
            if evaluator.is_certainly(node.value, place, INPUT):
                yield MisplacedKey(str(key.value), module.source, module.span(key))
