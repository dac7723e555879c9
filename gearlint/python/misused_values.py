"""Modules and loggers that are called, and names that are None where an attribute is read."""

import ast
import sys
from collections.abc import Iterable, Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.bindings import called_function, imported_name
from gearlint.python.program import Found, Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Place, is_caught

_LISTS = ("glob.glob", "list", "os.listdir", "sorted")
_OF_LIST = frozenset(("reverse", "sort"))
_GET_LOGGER = "logging.getLogger"
_OF_LOGGER = frozenset(("addFilter", "addHandler", "setLevel"))
_GIVE_NOTHING = frozenset((
    "logging.basicConfig", "os.makedirs", "os.mkdir", "random.shuffle", "shutil.rmtree",
    "warnings.filterwarnings",
))  # fmt: skip
_HAVE_THEIR_NAME = frozenset(("copy", "datetime", "glob", "pprint", "time"))
"""Modules with a function or class of their own name."""


class MisusedValue(NamedTuple):
    """A name that is used as it cannot be: why, and what to do.

    `is_certain` is whether every run comes to it.
    """

    name: str
    why: str
    advice: str
    source: Source
    span: Span
    is_certain: bool


def misused_values(programs: Iterable[Program]) -> list[MisusedValue]:
    """Each name that is so used in a module, once: where every run does."""
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if "*" not in run.scope.bindings
        for one in (*_called(run), *_attributes_of_none(run))
    )
    return surest(found, lambda one: (one.source.path, one.name))


def _called(run: ModuleRun) -> Iterator[MisusedValue]:
    for node, place in run.scope.calls:
        if not isinstance(node.func, ast.Name) or is_caught(place, "TypeError"):
            continue
        name = imported_name(node.func, place)
        if name and _is_module(run, name):
            is_own = name not in _HAVE_THEIR_NAME
            advice = "call a function of it" if is_own else f"write {name}.{name}()"
            why = "is a module, which cannot be called"
            yield from _found(run, node.func, place, why, advice)
        elif _is_logger(node.func.id, place):
            why, advice = "is a logger, which cannot be called", "write {}.info(), or another"
            yield from _found(run, node.func, place, why, advice.format(node.func.id))


def _is_logger(name: str, place: Place) -> bool:
    given = _only_call(name, place)
    return given is not None and called_function(given.value.func, given.place) == _GET_LOGGER


def _is_module(run: ModuleRun, name: str) -> bool:
    """Whether a dotted name is that of a module, of Python or of the gear."""
    program = run.program
    found = program.find(run.module, 0, name)
    if not isinstance(found, Found):
        return name in sys.stdlib_module_names
    module = program.module_at(found)
    parent, _, last = name.rpartition(".")
    package = program.find(run.module, 0, parent) if parent else None
    if isinstance(package, Found) and program.binds(package, last):
        return False
    return module is not None and "sys.modules" not in module.text


def _attributes_of_none(run: ModuleRun) -> Iterator[MisusedValue]:
    for node, place in run.scope.attributes_read:
        if not isinstance(node.value, ast.Name) or node.attr.startswith("__"):
            continue
        name = node.value.id
        function = _gives_none(name, place)
        if function and not is_caught(place, "AttributeError") and not _is_asked_for(name, place):
            why = f"is None, as {function}() returns nothing"
            yield from _found(run, node.value, place, why, "call that on a line of its own")


class _Given(NamedTuple):
    """A call whose value a name is set to, and where."""

    value: ast.Call
    place: Place


def _only_call(name: str, place: Place) -> _Given | None:
    """The call whose value is all that a name is ever set to, if there is one."""
    scope = place.scope_of(name)
    bindings = scope.bindings[name] if scope is not None else []
    if len(bindings) != 1 or bindings[0].kind != "value":
        return None
    value = bindings[0].node
    return _Given(value, bindings[0].place) if isinstance(value, ast.Call) else None


def _gives_none(name: str, place: Place) -> str:
    """The function that returns nothing, to which a name is set; empty if that is not certain."""
    given = _only_call(name, place)
    if given is None:
        return ""
    value, at = given
    if called_function(value.func, at) in _GIVE_NOTHING:
        return called_function(value.func, at)
    if not isinstance(value.func, ast.Attribute):
        return ""
    of, method = value.func.value, value.func.attr
    maker = called_function(of.func, at) if isinstance(of, ast.Call) else ""
    is_list = isinstance(of, ast.List | ast.ListComp) or maker in _LISTS
    is_none = (is_list and method in _OF_LIST) or (maker == _GET_LOGGER and method in _OF_LOGGER)
    return method if is_none else ""


def _is_asked_for(name: str, place: Place) -> bool:
    """Whether what guards a place has the name in it."""

    def has_it(guard: ast.AST) -> bool:
        return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(guard))

    return place.block.is_guarded(has_it)


def _found(
    run: ModuleRun, node: ast.expr, place: Place, why: str, advice: str
) -> Iterator[MisusedValue]:
    if isinstance(node, ast.Name) and run.program.called.may_be(place.scope):
        span, is_certain = run.module.span(node), run.always.comes_to(place)
        yield MisusedValue(node.id, why, advice, run.module.source, span, is_certain)
