"""Conditions that are always true, as `~` makes a number of their boolean."""

import ast
from collections.abc import Iterable, Iterator

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import bindings_of, called_function, imported_name
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of
from gearlint.python.scopes import Place

_GIVE_BOOLEANS = frozenset((
    "all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass",
    *(f"os.path.{name}" for name in ("exists", "isabs", "isdir", "isfile", "islink", "lexists")),
))  # fmt: skip
_OF_TEXT = frozenset((
    "endswith", "isalnum", "isalpha", "isdecimal", "isdigit", "islower", "isnumeric", "isspace",
    "isupper", "startswith",
))  # fmt: skip
_OF_PATH = frozenset(("exists", "is_absolute", "is_dir", "is_file", "is_symlink"))
_GIVES_BOOLEAN = ast.In | ast.NotIn | ast.Is | ast.IsNot
"""Comparisons that give a boolean whatever they compare; others give an array of an array."""


class Inversion(NamedTuple):
    """A `~` before a boolean that is asked for; `meant` is what to write."""

    meant: str
    source: Source
    span: Span


def inversions(programs: Iterable[Program]) -> list[Inversion]:
    """Each such `~` of the modules that a program runs."""
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if "*" not in run.scope.bindings
        for one in _of_module(run)
    )
    return list({(one.source.path, one.span): one for one in found}.values())


def _of_module(run: ModuleRun) -> Iterator[Inversion]:
    places = {site.node: site.place for site in run.scope.names_read}
    for node in _conditions(run.scope.node):
        if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Invert):
            continue
        names = (places[each] for each in ast.walk(node.operand) if each in places)
        place = next(names, None)
        if (
            place is not None
            and run.program.called.may_be(place.scope)
            and _is_boolean(node.operand, place)
        ):
            meant = ast.unparse(ast.UnaryOp(ast.Not(), node.operand))
            yield Inversion(meant, run.module.source, run.module.span(node))


def _conditions(tree: ast.AST) -> Iterator[ast.expr]:
    """What is asked whether it is true: by `if`, `while`, `assert`, `and`, `or`, or `not`."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield _first(test)
            case ast.Assert(test=test) | ast.match_case(guard=ast.expr() as test):
                yield _first(test)
            case ast.comprehension(ifs=tests):
                yield from map(_first, tests)
            case ast.BoolOp(values=[_, *others]):
                yield from map(_first, others)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield _first(operand)


def _first(test: ast.expr) -> ast.expr:
    """What a test asks first."""
    while isinstance(test, ast.BoolOp):
        test = test.values[0]
    return test


def _is_boolean(node: ast.expr, place: Place, *, may_be_variable: bool = True) -> bool:
    """Whether an expression is certainly True or False."""
    match node:
        case ast.Constant(value=bool()) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=operators):
            return all(isinstance(each, _GIVES_BOOLEAN) for each in operators)
        case ast.BoolOp(values=values):
            return all(_is_boolean(each, place, may_be_variable=may_be_variable) for each in values)
        case ast.Name(id=name) if may_be_variable:
            bindings = bindings_of(name, place)
            return 0 < len(bindings) <= limits.PYTHON_BINDINGS and all(
                each.kind == "value"
                and isinstance(each.node, ast.expr)
                and _is_boolean(each.node, each.seen_from or each.place, may_be_variable=False)
                for each in bindings
            )
        case ast.Call(
            func=ast.Attribute(value=ast.JoinedStr() | ast.Constant(value=str()), attr=name)
        ):
            return name in _OF_TEXT
        case ast.Call(func=ast.Attribute(value=ast.Call(func=maker), attr=name)):
            return name in _OF_PATH and imported_name(maker, place) == "pathlib.Path"
        case ast.Call(func=function):
            return called_function(function, place) in _GIVE_BOOLEANS
    return False
