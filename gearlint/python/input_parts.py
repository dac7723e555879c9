"""Keys that a gear's Python reads of an input, or of its location, and that are not there."""

import ast
from collections.abc import Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import did_you_mean, quoted
from gearlint.python.evaluator import Evaluator
from gearlint.python.quick_inputs import OF_LOCATION, PARTS, meant_key
from gearlint.python.scopes import Place, is_caught
from gearlint.python.values import INPUT, PART

_ERRORS = ("KeyError", "LookupError", "Exception", "BaseException")
_RAISES = "so this raises KeyError"


class WrongKey(NamedTuple):
    """A key that an input, or its location, does not have: what is wrong, and what to do."""

    message: str
    advice: str
    source: Source
    span: Span


def wrong_keys(evaluator: Evaluator) -> Iterator[WrongKey]:
    """The keys that raise KeyError wherever the program comes to them."""
    stores = (site for scope in evaluator.modules for site in scope.stores)
    for node, place, _ in stores:
        if isinstance(node, ast.Subscript) and evaluator.of(node.value, place) & {INPUT, PART}:
            return  # the program gives it keys of its own
    for scope, module in evaluator.modules.items():
        for node, place in scope.reads:
            if not isinstance(node, ast.Subscript) or is_caught(place, *_ERRORS):
                continue
            match node.slice:
                case ast.Constant(value=str(key)):
                    found = _fault(evaluator, node.value, key, place)
                    if found is not None:
                        span = module.span(node.slice)
                        yield WrongKey(*found, module.source, span)


def _fault(evaluator: Evaluator, owner: ast.expr, key: str, place: Place) -> tuple[str, str] | None:
    """What is wrong with a key that is read of an expression, and what to do."""
    match owner:
        case ast.Subscript(value=value, slice=ast.Constant(value="location")):
            if key in OF_LOCATION or not evaluator.is_certainly(value, place, INPUT):
                return None
            advice = did_you_mean(key, OF_LOCATION) or 'it has "path" and "name"'
            return f"the location of an input has no {quoted(key)}, {_RAISES}", advice
    part = PARTS.get(key, "")
    meant = meant_key(key)
    if not (part or meant) or not evaluator.is_certainly(owner, place, INPUT):
        return None
    raises = f"an input has no {quoted(key)}, {_RAISES}"
    if part:
        return f"{raises}: its {quoted(part)} has it", f"write [{quoted(part)}][{quoted(key)}]"
    return raises, f"did you mean {quoted(meant)}?"
