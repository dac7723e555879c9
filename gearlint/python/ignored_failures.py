"""Programs that the gear's Python starts, and whose failure nothing in it notices."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import imported_name
from gearlint.python.nodes import beginning
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


def ignored_failures(programs: Iterable[Program]) -> list[IgnoredFailure]:
    """The first such call of each program of which no call has its value used."""
    found: dict[tuple[str, Span], IgnoredFailure] = {}
    for program in programs:
        calls = [call for run in runs_of(program) for call in _calls(run)]
        ignored = [each for each in calls if not _ALONGSIDE.match(each.command)]
        if ignored and all(each.is_statement for each in calls):
            _, _, source, span = ignored[0]
            one = IgnoredFailure(len(ignored), source, span)
            found.setdefault((source.path, span), one)
    return list(found.values())


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
        case ast.List(elts=[first, *_]) | ast.Tuple(elts=[first, *_]):
            return beginning(first)
        case ast.BinOp(left=left):
            return _written(left)
    return beginning(command)
