"""Attributes of modules of Python that the Python of a gear reads, and that they do not have."""

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.attributes import meant_for, table
from gearlint.python.bindings import imported_name
from gearlint.python.nodes import is_for_a_version
from gearlint.python.program import ALWAYS_FIRST, Found, Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import ModuleScope, Place, Scope, is_caught

_ERRORS = ("AttributeError", "BaseException", "ImportError", "ModuleNotFoundError")


class MissingAttribute(NamedTuple):
    """What a module, or a class of it, lacks, and where it is read; `meant` is what it is for.

    `written` is how the module is called there. `is_certain` is whether every run comes to it.
    """

    name: str
    owner: str
    written: str
    meant: str
    source: Source
    span: Span
    is_certain: bool


def missing_attributes(programs: Iterable[Program]) -> list[MissingAttribute]:
    """Each attribute that a module reads and that is not there, once: where every run does."""
    found = (
        one
        for program in programs
        for run in runs_of(program)
        if run.module.may_lack_attributes and "*" not in run.scope.bindings
        for one in _Attributes(run).missing()
    )
    return surest(found, lambda one: (one.source.path, one.owner, one.name))


class _Attributes:
    """The attributes of modules that one module of a program reads."""

    def __init__(self, run: ModuleRun) -> None:
        self._module, self._scope, self._program, self._always = run

    def missing(self) -> Iterator[MissingAttribute]:
        for node, place in self._scope.attributes_read:
            yield from self._of_attribute(node, place, may_be_skipped=False)
        for taken, place in self._scope.imports:
            if isinstance(taken, ast.ImportFrom) and not taken.level and taken.module in table():
                for alias in taken.names:
                    yield from self._found(taken.module, alias.name, "", alias, place)
        for node, place in _annotations(self._scope):
            yield from self._of_attribute(node, place, may_be_skipped=True)

    def _of_attribute(
        self, node: ast.Attribute, place: Place, *, may_be_skipped: bool
    ) -> Iterator[MissingAttribute]:
        owner = imported_name(node.value, place)
        if owner in table():
            written = ast.unparse(node.value)
            for one in self._found(owner, node.attr, written, node, place):
                yield one._replace(is_certain=one.is_certain and not may_be_skipped)

    def _found(
        self, owner: str, name: str, written: str, node: ast.AST, place: Place
    ) -> Iterator[MissingAttribute]:
        meant = meant_for(owner, name)
        if not meant or self._may_be_given(name) or not self._program.called.may_be(place.scope):
            return
        if is_caught(place, *_ERRORS) or place.block.is_guarded(is_for_a_version):
            return
        first = owner.partition(".")[0]
        place_of = None
        if first not in ALWAYS_FIRST:
            place_of = self._program.find(self._module, 0, first)
            if isinstance(place_of, Found):
                return  # a module of the gear has that name
        span = self._module.span(node)
        is_certain = place_of is None and self._always.comes_to(place)
        yield MissingAttribute(name, owner, written, meant, self._module.source, span, is_certain)

    def _may_be_given(self, name: str) -> bool:
        """Whether something sets the attribute, or asks for it."""
        return any(
            name in each.attributes_set or name in each.words_in_quotes
            for each in self._program.modules
        )


def _annotations(module: ModuleScope) -> Iterator[tuple[ast.Attribute, Place]]:
    """Each attribute in the annotations of functions; Python before 3.14 reads them."""
    if any(getattr(node, "module", "") == "__future__" for node, _ in module.imports):
        return
    pending: list[Scope] = [module]
    while pending:
        for binding in chain.from_iterable(pending.pop().bindings.values()):
            if binding.kind == "definition" and binding.scope is not None:
                pending.append(binding.scope)
                for annotation in _annotations_of(binding.node):
                    for node in ast.walk(annotation):
                        if isinstance(node, ast.Attribute):
                            yield node, binding.place


def _annotations_of(function: ast.AST) -> Iterator[ast.AST]:
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        for each in (*given, arguments.vararg, arguments.kwarg):
            if each is not None and each.annotation is not None:
                yield each.annotation
    returned = getattr(function, "returns", None)
    if returned is not None:
        yield returned
