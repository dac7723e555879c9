"""Calls of the gear's own functions whose arguments do not fit their parameters."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.evaluator import Evaluator
from gearlint.python.module import Module
from gearlint.python.nodes import called_name, decorators
from gearlint.python.program import Found, Program
from gearlint.python.runs import runs_of, surest
from gearlint.python.scopes import ModuleScope, Place, is_caught

_ALTERED = regex(r"\.(\w++)(?=[^=\n(]{0,80}=(?!=))|\b(\w++)(?=\.__\w{1,40}+[^=\n(]{0,80}=(?!=))")
"""A name that a module sets in another (`module.name = 1`), or whose function it alters."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class WrongCall(NamedTuple):
    """A call that fails; `is_certain` is whether every run comes to it.

    `why` is what does not fit, `parameters` are those of the function as they are written.
    """

    function: str
    why: str
    parameters: str
    source: Source
    span: Span
    is_certain: bool


def wrong_calls(evaluators: Iterable[Evaluator]) -> list[WrongCall]:
    """Each call that fails for its arguments, once: as certain as of any program."""
    found = (call for evaluator in evaluators for call in _of_program(evaluator))
    return surest(found, lambda call: (call.source.path, call.span))


def _of_program(evaluator: Evaluator) -> Iterator[WrongCall]:
    program = evaluator.program
    runs = list(runs_of(program))
    plain = {run.scope for run in runs if not _may_have_others(run.module, run.scope, program)}
    altered = {name for each in program.modules for name in chain(*_ALTERED.findall(each.text))}
    for run in runs:
        for node, place in run.scope.calls if run.scope in plain else ():
            function = _called(node, place, evaluator, plain)
            why = misfit(node, function.args) if function is not None else ""
            if function is None or not why or is_caught(place, "TypeError"):
                continue  # who catches all errors does not mean this one
            if run.program.called.may_be(place.scope) and function.name not in altered:
                yield WrongCall(
                    function.name,
                    why,
                    _written(function.args),
                    run.module.source,
                    run.module.span(node),
                    run.always.comes_to(place),
                )


def _may_have_others(module: Module, scope: ModuleScope, program: Program) -> bool:
    """Whether names of a module may be what its text does not say, or those of a library."""
    stars = [binding.node for binding in scope.bindings.get("*", ())]
    return module.may_have_other_names or not all(
        isinstance(program.find(module, star.level, star.module or ""), Found)
        for star in stars
        if isinstance(star, ast.ImportFrom)
    )


def _called(
    node: ast.Call, place: Place, evaluator: Evaluator, plain: set[ModuleScope]
) -> Function | None:
    """The function that is certainly called by its name: of one of these modules, not decorated."""
    if isinstance(node.func, ast.Attribute) and any(
        kind != "module" for kind, *_ in evaluator.of(node.func.value, place)
    ):
        return None  # `name = function` in a class makes a method of it, which is given `self`
    values = evaluator.callees(node, place)
    kind, *scope = next(iter(values)) if len(values) == 1 else ("",)
    if kind != "scope" or scope[0].parent not in plain:
        return None
    function = scope[0].node
    if not isinstance(function, Function) or decorators(function):
        return None
    return function if called_name(node) == function.name else None


def misfit(call: ast.Call, parameters: ast.arguments) -> str:
    """What does not fit of the arguments of a call; empty if all do, or that is not known."""
    keywords = [keyword.arg for keyword in call.keywords]
    if None in keywords or any(isinstance(each, ast.Starred) for each in call.args):
        return ""
    by_position = [*parameters.posonlyargs, *parameters.args]
    number = len(call.args)
    if number > len(by_position) and parameters.vararg is None:
        return f"is given {number} arguments, and takes {len(by_position) or 'none'}"
    taken = {each.arg for each in by_position[:number]}
    named = {each.arg for each in (*parameters.args, *parameters.kwonlyargs)}
    for keyword in filter(None, keywords):
        if keyword not in named and parameters.kwarg is None:
            return f'has no parameter "{keyword}"'
        if keyword in taken & named:
            return f'is given "{keyword}" twice'
    needed = by_position[: len(by_position) - len(parameters.defaults)]
    pairs = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    needed += [each for each, default in pairs if default is None]
    given = taken | named.intersection(keywords)
    missing = next((each.arg for each in needed if each.arg not in given), None)
    return f'is not given "{missing}"' if missing is not None else ""


@lru_cache(maxsize=100)
def _written(parameters: ast.arguments) -> str:
    return ast.unparse(parameters)
