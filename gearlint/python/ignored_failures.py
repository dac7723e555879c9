"""Programs that the gear's Python starts, and whose failure nothing in it notices."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import imported_name
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of

_STARTERS = ("os.system", *(f"subprocess.{name}" for name in ("Popen", "call", "run")))
_ALONGSIDE = regex(
    r"\s*(?:sudo\s+)?(?:cat|chmod|chown|cp|date|df|du|echo|env|export|find|free|gunzip|gzip|hostname"
    r"|ls|mkdir|mv|nproc|printenv|printf|pwd|rm|rmdir|sed|tail|tar|touch|tree|uname|unzip|which"
    r"|whoami|zip)\b|\S*\s+--?(?:help|v|version)\s*\Z"
)
"""A command that is not what a gear is for: it tidies up, or shows something."""


class IgnoredFailure(NamedTuple):
    """A call that starts a program; `number` is how many of them its script and modules have."""

    number: int
    source: Source
    span: Span


def ignored_failures(programs: Iterable[Program]) -> Iterator[IgnoredFailure]:
    """The first such call of each program of which no call has its value used."""
    seen: set[tuple[str, Span]] = set()
    for program in programs:
        calls = [call for run in runs_of(program) for call in _calls(run)]
        ignored = [each for each in calls if not _ALONGSIDE.match(each.command)]
        if ignored and all(each.is_statement for each in calls):
            first = ignored[0]
            if (first.source.path, first.span) not in seen:
                seen.add((first.source.path, first.span))
                yield IgnoredFailure(len(ignored), first.source, first.span)


class _Call(NamedTuple):
    """A call that starts a program, as far as `command` is written in it."""

    command: str
    is_statement: bool
    source: Source
    span: Span


def _calls(run: ModuleRun) -> Iterator[_Call]:
    statements = {id(node.value) for node in ast.walk(run.scope.node) if isinstance(node, ast.Expr)}
    for node, place in run.scope.calls:
        if imported_name(node.func, place) in _STARTERS and run.program.called.may_be(place.scope):
            command = _written(node.args[0]) if node.args else ""
            span = run.module.span(node)
            yield _Call(command, id(node) in statements, run.module.source, span)


def _written(command: ast.expr) -> str:
    """What is written of a command from its beginning on."""
    match command:
        case ast.Constant(value=str(text)):
            return text
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return _written(first)
        case ast.BinOp(left=left) | ast.Call(func=ast.Attribute(value=left, attr="format")):
            return _written(left)
        case ast.JoinedStr(values=[first, *_]):
            return _written(first)
    return ""
