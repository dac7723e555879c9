"""Calls of Python's library with a mode or pattern, written out, that it refuses."""

import ast

from gearlint.core.text import quoted
from gearlint.python.bindings import imported_name
from gearlint.python.fault import Fault
from gearlint.python.refusals import (
    PLACES_OF_FLAGS,
    PLACES_OF_MODE,
    refused_mode,
    refused_pattern,
)
from gearlint.python.scopes import Place

_FLAGS = frozenset(
    f"re.{name}"
    for name in ("A", "ASCII", "DOTALL", "I", "IGNORECASE", "M", "MULTILINE", "S", "U", "UNICODE")
)
"""Flags that change nothing in what is refused."""


def refused_literal(call: ast.Call, name: str, place: Place) -> Fault | None:
    """What is wrong with the mode or the pattern that a function of this name is given."""
    if name in PLACES_OF_MODE:
        mode = _argument(call, PLACES_OF_MODE[name], "mode")
        if isinstance(mode, ast.Constant) and isinstance(mode.value, str):
            refusal = refused_mode(mode.value)
            if refusal is not None:
                message = f"{refusal.why} mode {quoted(mode.value)}"
                return Fault(message, refusal.advice, ("ValueError",), refusal.since)
    elif name in PLACES_OF_FLAGS:
        pattern = _argument(call, 0, "pattern")
        flags = _argument(call, PLACES_OF_FLAGS[name], "flags")
        if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
            refusal = refused_pattern(pattern.value)
            if refusal is not None and (flags is None or _are_plain(flags, place)):
                message = f"the pattern {quoted(pattern.value)} {refusal.why}"
                return Fault(message, refusal.advice, ("error", "PatternError"), refusal.since)
    return None


def _argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    """What a call gives by position, or by name."""
    if at < len(call.args):
        return call.args[at]
    return next((each.value for each in call.keywords if each.arg == name), None)


def _are_plain(flags: ast.expr, place: Place) -> bool:
    if isinstance(flags, ast.BinOp) and isinstance(flags.op, ast.BitOr):
        return _are_plain(flags.left, place) and _are_plain(flags.right, place)
    return imported_name(flags, place) in _FLAGS
