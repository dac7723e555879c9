"""Strings that `%` or `format` gives more or fewer values than they have places for."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import counted, quoted
from gearlint.python.fields import Misfill, misfill
from gearlint.python.nodes import call_of
from gearlint.python.program import Program
from gearlint.python.quick_formats import places
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import is_caught

_ERRORS = ("IndexError", "KeyError", "LookupError", "ValueError")
"""What `format` raises."""


class Misformat(NamedTuple):
    """A string that takes other values; `is_certain` is whether every run fails."""

    message: str
    advice: str
    source: Source
    span: Span
    is_certain: bool


def misformats(programs: Iterable[Program]) -> list[Misformat]:
    """Each such string of the modules that a program runs."""
    runs = (run for program in programs for run in runs_of(program))
    found = (one for run in runs for one in (*_of_module(run), *_of_formats(run)))
    return surest(found, lambda one: (one.source.path, one.span))


def _of_module(run: ModuleRun) -> Iterator[Misformat]:
    for node, place in run.scope.operations:
        if not isinstance(node.op, ast.Mod):
            continue
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        taken = places(text) if isinstance(text, str) else None
        given = _given(node.right)
        if not isinstance(text, str) or taken is None or given == taken:
            continue
        if given is None and (taken or "%" in text or isinstance(node.right, ast.Dict)):
            continue  # it may be a tuple of as many
        if run.program.called.may_be(place.scope) and not is_caught(place, "TypeError"):
            # A string without a place takes a dictionary.
            is_certain = given is not None and run.always.comes_to(place)
            number = 1 if given is None else given
            span = run.module.span(node)
            message = f"{quoted(text)} takes {counted(taken, 'value')}, and is given {number}"
            advice = "write a %s for each value"
            advice = advice if taken < number else "give it a value for each %s"
            yield Misformat(message, advice, run.module.source, span, is_certain)


def _of_formats(run: ModuleRun) -> Iterator[Misformat]:
    for node, place in run.scope.calls:
        fault = _misfill(node)
        if fault is None or is_caught(place, *_ERRORS):
            continue
        if run.program.called.may_be(place.scope):
            span, is_certain = run.module.span(node), run.always.comes_to(place)
            yield Misformat(fault.why, fault.advice, run.module.source, span, is_certain)


def may_be_filled(literals: str, arguments: str) -> bool:
    """Whether `format` with these arguments may fill strings that are written one after another."""
    call = call_of(f"({literals}\n).format({arguments}\n)")
    return call is not None and _misfill(call) is None


def _misfill(node: ast.Call) -> Misfill | None:
    """Why `"...".format(...)` fails, for a string that is written out."""
    match node.func:
        case ast.Attribute(attr="format", value=ast.Constant(value=str(text))):
            names = {keyword.arg for keyword in node.keywords}
            if None in names or any(isinstance(each, ast.Starred) for each in node.args):
                return None
            return misfill(text, len(node.args), {each for each in names if each})
    return None


def _given(node: ast.expr) -> int | None:
    """How many values an expression is behind `%`; `None` where it may be one, or a tuple."""
    if isinstance(node, ast.Tuple):
        is_known = not any(isinstance(each, ast.Starred) for each in node.elts)
        return len(node.elts) if is_known else None
    return 1 if isinstance(node, ast.Constant | ast.JoinedStr) else None
