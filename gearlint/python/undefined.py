"""Names that the Python of a gear reads, and that nothing defines, or not yet."""

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.python.nodes import OF_VERSIONS, caught, is_for_a_version, last_name
from gearlint.python.own_functions import misuses
from gearlint.python.program import Program
from gearlint.python.runs import ModuleRun, runs_of, surest
from gearlint.python.scopes import Scope, Site, is_caught
from gearlint.python.stars import Stars
from gearlint.python.symbols import OF_PYTHON_2
from gearlint.python.unset import unset_reads

_OF_MISUSE = ("AttributeError", "TypeError")
"""What is raised where a function is used as a variable."""


class UndefinedName(NamedTuple):
    """A name that is read, and where; `is_certain` is whether every run comes to it.

    `reader` is the function that reads it, and `owner` another one that has a variable of that
    name; both are empty where there is none. `known` are the names that it may be meant for.
    `set_in` is the line in which the reader sets it, only later; 0 where nothing defines it.
    `misuse` is why it is not that of Python, where it has the name of a function of it.
    """

    name: str
    source: Source
    span: Span
    is_certain: bool
    reader: str
    owner: str
    known: frozenset[str]
    set_in: int = 0
    misuse: str = ""


def undefined_names(programs: Iterable[Program]) -> list[UndefinedName]:
    """Each name that a module reads and nothing defines, once: where every run reads it, if any.

    A function's own variable that it sets only later is one of that function.
    """
    found = (
        one
        for program in programs
        for stars in (Stars(program),)
        for run in runs_of(program)
        for reads in (_Reads(run, stars),)
        for one in chain(reads.undefined(), reads.unset())
    )
    return surest(found, lambda one: (one.source.path, one.name, one.reader if one.set_in else ""))


class _Reads:
    """The names that one module of a program reads."""

    def __init__(self, run: ModuleRun, stars: Stars) -> None:
        self._stars = stars
        self._module, self._scope, self._program, self._always = run
        self._others = [each for each in run.program.modules if each is not run.module]
        is_3 = run.program.started.is_3 and run.module.words.isdisjoint(OF_VERSIONS)
        self._may_be_2 = not is_3

    def undefined(self) -> Iterator[UndefinedName]:
        """Each name that nothing defines, once: where every run reads it, if any."""
        starred = self._stars.names(self._module) if "*" in self._scope.bindings else set()
        if starred is None or len(self._module.unbound - starred) > limits.UNDEFINED_NAMES:
            return
        known = starred | (OF_PYTHON_2 if self._may_be_2 else frozenset())
        own = self._module.misused
        names = (self._module.unbound | own) - known
        unbound = {name for name in names if not self._is_given(name)}
        misused = misuses(self._scope, own) if own else {}
        first: dict[str, Site] = {}
        certain: dict[str, Site] = {}
        for site in self._scope.names_read:
            name, place = last_name(site.node), site.place
            is_bound = name not in unbound or place.scope_of(name) is not None
            if is_bound or place.block.is_guarded(_exempts):
                continue
            if name in own and (site.node not in misused or is_caught(place, *_OF_MISUSE)):
                continue
            if self._program.called.may_be(place.scope):
                first.setdefault(name, site)
                if self._always.comes_to(place):
                    certain.setdefault(name, site)
        for name, site in first.items():
            site = certain.get(name, site)
            one = self._found(name, site, is_certain=name in certain)
            yield one._replace(misuse=misused.get(site.node, ""))

    def unset(self) -> Iterator[UndefinedName]:
        """Each variable of a function that it reads before anything in it can have set it."""
        for site, setting in unset_reads(self._scope) if self._module.may_read_unset else ():
            place = site.place
            if place.block.is_guarded(_exempts) or is_caught(place, "UnboundLocalError"):
                continue
            if self._program.called.may_be(place.scope):
                is_certain = self._always.comes_to(place)
                one = self._found(last_name(site.node), site, is_certain=is_certain)
                set_at = self._module.span(setting).start
                yield one._replace(set_in=self._module.source.position(set_at).line)

    def _found(self, name: str, site: Site, *, is_certain: bool) -> UndefinedName:
        scope = site.place.scope
        return UndefinedName(
            name,
            self._module.source,
            self._module.span(site.node),
            is_certain,
            reader="" if scope.is_class else scope.name,
            owner=next((one.name for one in _functions(self._scope) if name in one.bindings), ""),
            known=frozenset().union(*(each.bindings for each in scope.outward())),
        )

    def _is_given(self, name: str) -> bool:
        """Whether another module may give a name to it (`module.name = 1`), or to all modules."""
        return any(
            "builtin" in each.text or "__globals__" in each.text
            for each in (self._module, *self._others)
        ) or any(name in each.attributes_set for each in self._others)


def _functions(scope: Scope) -> Iterator[Scope]:
    """The functions that are defined in a scope, and in those and in its classes."""
    for binding in chain.from_iterable(scope.bindings.values()):
        if binding.scope is not None:
            if not binding.scope.is_class:
                yield binding.scope
            yield from _functions(binding.scope)


def _exempts(guard: ast.AST) -> bool:
    """Whether a guard is for checks of types, one version of Python, or the lack of a name."""
    if is_for_a_version(guard) or last_name(guard) == "TYPE_CHECKING":
        return True
    return "NameError" in caught(guard)  # who catches all errors does not mean this one
