"""Strings that `%` gives more or fewer values than they have places for."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.program import Program
from gearlint.python.quick_formats import places
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import is_caught


class Misformat(NamedTuple):
    """A string that takes another number of values; `is_certain` is whether every run fails."""

    text: str
    taken: int
    given: int
    source: Source
    span: Span
    is_certain: bool


def misformats(programs: Iterable[Program]) -> list[Misformat]:
    """Each such string of the modules that a program runs."""
    found = (one for program in programs for run in runs_of(program) for one in _of_module(run))
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
            yield Misformat(text, taken, number, run.module.source, span, is_certain)


def _given(node: ast.expr) -> int | None:
    """How many values an expression is behind `%`; `None` where it may be one, or a tuple."""
    if isinstance(node, ast.Tuple):
        is_known = not any(isinstance(each, ast.Starred) for each in node.elts)
        return len(node.elts) if is_known else None
    return 1 if isinstance(node, ast.Constant | ast.JoinedStr) else None
