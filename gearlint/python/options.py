"""Attributes that the gear's Python reads of its options, which are a dictionary."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.evaluator import Evaluator
from gearlint.python.runs import runs_of
from gearlint.python.scopes import is_caught
from gearlint.python.values import OPTIONS

_OF_FW_GEAR = regex(r"\b(?:from|import)[ \t]++fw_gear\b")
"""Whose options are an object of its own."""
_ASKS = regex(r"\b(?:has|get|set)attr\(")
_ATTRIBUTES = frozenset((*dir(dict), "has_key", "iteritems", "iterkeys", "itervalues"))


class WrongAttribute(NamedTuple):
    """An attribute `name` that is read of the options, which are called `owner` there."""

    name: str
    owner: str
    source: Source
    span: Span


def wrong_attributes(evaluators: Iterable[Evaluator]) -> list[WrongAttribute]:
    """Each attribute of the options that a module reads, and that no dictionary has."""
    found: dict[tuple[str, str, str], WrongAttribute] = {}
    for one in (one for evaluator in evaluators for one in _of_program(evaluator)):
        found.setdefault((one.source.path, one.owner, one.name), one)
    return list(found.values())


def _of_program(evaluator: Evaluator) -> Iterator[WrongAttribute]:
    modules = evaluator.program.modules
    if any(_OF_FW_GEAR.search(each.text) or _ASKS.search(each.text) for each in modules):
        return
    for run in runs_of(evaluator.program):
        for node, place in run.scope.attributes_read:
            if node.attr in _ATTRIBUTES or is_caught(place, "AttributeError"):
                continue
            is_of_options = evaluator.is_certainly(node.value, place, OPTIONS)
            if is_of_options and not evaluator.is_spent and run.program.called.may_be(place.scope):
                owner = ast.unparse(node.value)
                yield WrongAttribute(node.attr, owner, run.module.source, run.module.span(node))
