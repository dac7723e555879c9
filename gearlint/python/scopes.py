"""The names of a module: where each is bound, and the places where something is read or called."""

import ast
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import takewhile

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.python.nodes import caught


class Block:
    """Statements that run one after the other; `guard` is the test, `try` or handler around them.

    What is bound in a block is not certainly bound outside of it.
    """

    def __init__(
        self, parent: "Block | None", guard: ast.AST | None = None, *, is_loop: bool = False
    ) -> None:
        self.parent = parent
        self.guard = guard
        self.is_loop = is_loop
        self.caught: frozenset[str] = caught(guard)
        """The names of the errors that are caught around what is in it, as they are written."""
        if parent is not None:
            self.caught |= parent.caught
        self._answers: dict[Callable[[ast.AST], bool], bool] = {}

    def outward(self) -> "Iterator[Block]":
        """This block and those around it."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def is_around(self, inner: "Block") -> bool:
        """Whether this is `inner` or a block around it."""
        return any(block is self for block in inner.outward())

    def is_guarded(self, asks: "Callable[[ast.AST], bool]") -> bool:
        """Whether `asks` says so of what guards this block or one around it.

        Each is asked once: it may be long, and as many places may be in a block.
        """
        if asks not in self._answers:
            is_outer = self.parent is not None and self.parent.is_guarded(asks)
            self._answers[asks] = is_outer or (self.guard is not None and asks(self.guard))
        return self._answers[asks]


class Place(NamedTuple):
    """Where something is: its scope, the block of it, and its number in the order of the text."""

    scope: "Scope"
    block: Block
    order: int

    def scope_of(self, name: str) -> "Scope | None":
        """The scope that binds a name that is read here; that of a class is seen in it alone."""
        for scope in self.scope.outward():
            if name in scope.bindings and (scope is self.scope or not scope.is_class):
                return scope
        return None


class Binding(NamedTuple):
    """What binds a name.

    A `kind` is `value` (of `node`), `with`, `item` (one of those of `node`), `part` (number
    `number` of what is unpacked), `parameter` (at `number`), `import`, `definition` (of `scope`),
    or `other`. `seen_from` is where `node` is, if not at `place`: a function binds a name of one
    around it.
    """

    kind: str
    place: Place
    node: ast.AST
    number: int = 0
    scope: "Scope | None" = None
    seen_from: Place | None = None


class Site(NamedTuple):
    """A node, and where it is."""

    node: ast.AST
    place: Place


class StoreSite(NamedTuple):
    """What is assigned to, where, and the value: `None` where it is not assigned alone."""

    node: ast.AST
    place: Place
    value: ast.AST | None = None


class CallSite(NamedTuple):
    """A call, and where it is."""

    node: ast.Call
    place: Place


class OperationSite(NamedTuple):
    """What is between two values, and where it is."""

    node: ast.BinOp
    place: Place


class AttributeSite(NamedTuple):
    """An attribute, and where it is."""

    node: ast.Attribute
    place: Place


class Scope:
    """A module, class or function: its bindings by name, in the order of the text."""

    def __init__(
        self,
        module: "ModuleScope",
        parent: "Scope | None",
        node: ast.AST,
        around: Block | None = None,
    ) -> None:
        self.module = module
        self.parent = parent
        self.node = node
        self.around = around
        """The block that it is defined in."""
        self.name: str = getattr(node, "name", "")
        self.bindings: dict[str, list[Binding]] = {}
        self.block = Block(None)
        self.returns: list[Site] = []
        """Each value that it returns."""
        self.leaves: list[Place] = []
        """Each `return`, also without a value."""
        self.is_generator = False
        self.tests: list[ast.AST] = []
        self.declared: dict[str, Scope] = {}
        """The names of `global` and `nonlocal`, and the scope that each is bound in."""
        self.attributes: dict[str, list[Site]] = {}
        """Of a class: what its methods set on their first parameter, by name."""

    @property
    def outer(self) -> "Scope":
        """The scope that it is in; a module is in none, and is its own."""
        return self.parent or self

    def outward(self) -> "Iterator[Scope]":
        """This scope and those around it, up to the module."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def is_class(self) -> bool:
        """Whether it is the body of a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def arguments(self) -> ast.arguments | None:
        """The parameters of a function as they are written."""
        return getattr(self.node, "args", None)

    @property
    def first_parameter(self) -> str:
        """The name of the first parameter of a function, empty if there is none."""
        arguments = self.parameters
        return arguments[0].arg if arguments else ""

    @property
    def parameters(self) -> list[ast.arg]:
        """The parameters of a function that may be given by their position."""
        given = self.arguments
        return [*given.posonlyargs, *given.args] if given is not None else []

    def bound(self, name: str, place: Place) -> list[Binding]:
        """The bindings of a name that may hold at a place in this scope.

        One more than `limits.PYTHON_BINDINGS` where there are more.
        """
        bindings = self.bindings.get(name, [])
        first = bisect_left(bindings, place.order, key=_order)
        found: list[Binding] = []
        for binding in reversed(bindings[max(0, first - limits.PYTHON_BINDINGS - 1) : first]):
            found.append(binding)
            if binding.place.block.is_around(place.block):
                break
        loop = loop_around(place.block)
        if loop is not None:
            later = bindings[first : first + limits.PYTHON_BINDINGS]
            found += takewhile(lambda binding: loop.is_around(binding.place.block), later)
        return found

    @property
    def end(self) -> Place:
        """The place after all of it."""
        return Place(self, self.block, sys.maxsize)


def _order(binding: Binding) -> int:
    return binding.place.order


def is_caught(place: Place, *errors: str) -> bool:
    """Whether one of these errors is caught by this name around a place."""
    return not place.block.caught.isdisjoint(errors)


def loop_around(block: Block) -> Block | None:
    """The outermost loop that a block is in."""
    return next((each for each in reversed([*block.outward()]) if each.is_loop), None)


class ModuleScope(Scope):
    """The names of a module, and the places of interest in it.

    `is_main` is whether it is started, and not imported.
    """

    def __init__(self, tree: ast.Module, *, is_main: bool) -> None:
        super().__init__(self, None, tree)
        self.is_main = is_main
        self.reads: list[Site] = []
        """Each `x[...]` that is read."""
        self.calls: list[CallSite] = []
        self.attributes_read: list[AttributeSite] = []
        self.names_read: list[Site] = []
        """Each name that is read, also as the beginning of `x.y`."""
        self.names_changed: list[Site] = []
        """Each name that is read to be changed, as in `x += 1`."""
        self.stores: list[StoreSite] = []
        """Each `x[...] = ...`, `x.y = ...` and `del`."""
        self.wholes: list[Site] = []
        """Each use of a mapping as a whole: a loop over it, `in`, `**`, an argument."""
        self.comparisons: list[Site] = []
        """Each comparison, and each `match`."""
        self.operations: list[OperationSite] = []
        """Each `x + y`, `x % y` and the like."""
        self.imports: list[Site] = []
        self.renamed: list[tuple[str, str]] = []
        """What is imported under another name: its name, and the other one."""
        self.mentioned: set[str] = set()
        """Names and attributes that are read anywhere."""
