"""Parts of paths that are lost, as a later one begins with a slash."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import imported_name
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of

_JOIN = ("os.path.join", "pathlib.Path", "pathlib.PurePath", "posixpath.join")


class DroppedParts(NamedTuple):
    """A part that begins with a slash, and the function that drops those before it."""

    part: str
    function: str
    source: Source
    span: Span


def dropped_parts(programs: Iterable[Program]) -> Iterator[DroppedParts]:
    """Each such part of the modules that a program runs, once."""
    seen: set[tuple[str, Span]] = set()
    for program in programs:
        for run in runs_of(program):
            for one in _of_module(run):
                if (one.source.path, one.span) not in seen:
                    seen.add((one.source.path, one.span))
                    yield one


def _of_module(run: ModuleRun) -> Iterator[DroppedParts]:
    for node, place in run.scope.calls:
        name = imported_name(node.func, place)
        if name in _JOIN and run.program.called.may_be(place.scope):
            for before, part in zip(node.args, node.args[1:], strict=False):
                text = _beginning(part)
                if text.startswith("/") and not _is_root(before):
                    span = run.module.span(part)
                    yield DroppedParts(text, f"{name}()", run.module.source, span)


def _beginning(part: ast.expr) -> str:
    """How the text of a part certainly begins."""
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]) | ast.BinOp(left=first, op=ast.Add()):
            return _beginning(first)
        case (
            ast.BinOp(left=left, op=ast.Mod())
            | ast.Call(func=ast.Attribute(value=left, attr="format"))
        ):
            return _beginning(left)
    return ""


def _is_root(part: ast.expr) -> bool:
    """Whether a part is the root, or empty, so that nothing is lost."""
    return isinstance(part, ast.Constant) and part.value in ("", "/")
