"""Parts of paths that are lost, as a later one begins with a slash."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import imported_name
from gearlint.python.nodes import beginning
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of

_JOIN = ("os.path.join", "pathlib.Path", "pathlib.PurePath", "posixpath.join")


class DroppedParts(NamedTuple):
    """A part that begins with a slash, and the function that drops those before it."""

    part: str
    function: str
    source: Source
    span: Span


def dropped_parts(programs: Iterable[Program]) -> list[DroppedParts]:
    """Each such part of the modules that a program runs, once."""
    found = (one for program in programs for run in runs_of(program) for one in _of_module(run))
    return list({(one.source.path, one.span): one for one in found}.values())


def _of_module(run: ModuleRun) -> Iterator[DroppedParts]:
    for node, place in run.scope.calls:
        name = imported_name(node.func, place)
        if name in _JOIN and run.program.called.may_be(place.scope):
            for before, part in zip(node.args, node.args[1:], strict=False):
                text = beginning(part)
                if text.startswith("/") and not _is_root(before):
                    span = run.module.span(part)
                    yield DroppedParts(text, f"{name}()", run.module.source, span)


def _is_root(part: ast.expr) -> bool:
    """Whether a part is the root, or empty, so that nothing is lost."""
    return isinstance(part, ast.Constant) and part.value in ("", "/")
