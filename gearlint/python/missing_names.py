"""Names that are taken from modules of the gear, and that these do not have."""

import ast
import posixpath
from itertools import chain

from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_within
from gearlint.core.text import nearest
from gearlint.python.module import Module
from gearlint.python.nodes import module_bound
from gearlint.python.program import Found, Program
from gearlint.python.scopes import Binding, Place, Scope


class MissingName(NamedTuple):
    """A name that a module of the gear does not have.

    `module` is the dotted name of the module, `target` its path in the image, and `near` a name
    of it that may be meant. `is_certain` is whether it is known to be the module that is imported.
    """

    module: str
    name: str
    target: str
    near: str
    is_certain: bool


class ImportedModule(NamedTuple):
    """A module that is imported: where it is, and by how many leading dots and which name."""

    found: Found
    level: int
    name: str


class Lacking:
    """The names that the modules of one program lack."""

    def __init__(self, program: Program, suggestions: Budget) -> None:
        self.program = program
        self.suggestions = suggestions
        self._stems_by_place: dict[str, set[str]] = {}
        self._named: dict[tuple[Scope, str], ImportedModule | None] = {}

    def name_of(self, above: ImportedModule, name: str) -> MissingName | None:
        """A name, if the module does not have it: nothing in its text binds it.

        Nor does any other module of the program set it, as far as that can be seen.
        """
        found, module = above.found, self.program.module_at(above.found)
        if module is None or module.scope is None or name == "*" or name.startswith("__"):
            return None
        if {"*", "__getattr__"} & module.scope.bindings.keys() or module.may_have_other_names:
            return None
        if self.may_be_set(module, name):
            return None
        if module.is_package and (name.startswith("_") or self.may_be_module(found, name)):
            return None
        is_certain = not module.is_meant and (above.level > 0 or self.program.is_first(above.name))
        near = nearest(name, chain(module.scope.bindings, found.modules), self.suggestions)
        shown = above.name or posixpath.basename(found.path)
        return MissingName(shown, name, module.path, near, is_certain)

    def may_be_set(self, module: Module, name: str) -> bool:
        """Whether a module binds a name, or another may set it there."""
        outside, bound = self._set_from_outside, module.bound
        return outside is None or name in outside or bound is None or name in bound

    def attribute_of(self, node: ast.Attribute, place: Place, module: Module) -> MissingName | None:
        """What `module.name` reads at a place of a module, if `module` does not have it."""
        above = self._module_of(node.value, place, module)
        if above is None or self.program.part(above.found, node.attr) is not None:
            return None
        return self.name_of(above, node.attr)

    def _module_of(self, node: ast.AST, place: Place, module: Module) -> ImportedModule | None:
        """The one module of the gear that an expression certainly is."""
        if isinstance(node, ast.Attribute):
            above = self._module_of(node.value, place, module)
            return self._part(above, node.attr) if above is not None else None
        if not isinstance(node, ast.Name) or (scope := place.scope_of(node.id)) is None:
            return None
        key = scope, node.id
        if key not in self._named:
            imported = {self._imported(binding, module) for binding in scope.bindings[node.id]}
            self._named[key] = imported.pop() if len(imported) == 1 else None
        return self._named[key]

    def _imported(self, binding: Binding, module: Module) -> ImportedModule | None:
        node = binding.node
        if isinstance(node, ast.Import):
            return self._found(module, 0, module_bound(node.names[binding.number]))
        if isinstance(node, ast.ImportFrom):
            above = self._found(module, node.level, node.module or "")
            return self._part(above, node.names[binding.number].name) if above else None
        return None

    def _found(self, module: Module, level: int, name: str) -> ImportedModule | None:
        found = self.program.find(module, level, name)
        return ImportedModule(found, level, name) if isinstance(found, Found) else None

    def _part(self, above: ImportedModule, name: str) -> ImportedModule | None:
        """A module in a package, if the package has no name of its own like it."""
        found = self.program.part(above.found, name)
        if not isinstance(found, Found) or self.program.binds(above.found, name):
            return None
        return ImportedModule(found, above.level, f"{above.name}.{name}".lstrip("."))

    @cached_property
    def _set_from_outside(self) -> set[str] | None:
        """The names that modules may set in each other, `None` where one cannot be read."""
        names: set[str] = set()
        modules = self.program.modules
        for module in modules:
            if module.scope is None:
                return None
            stores = (site.node for site in module.scope.stores)
            names |= {node.attr for node in stores if isinstance(node, ast.Attribute)}
        # By setattr(module, "name", 1), or asked for by hasattr(module, "name").
        if any(each.may_have_other_names or "hasattr" in each.words for each in modules):
            names.update(*(each.words_in_quotes for each in modules))
        return names

    def _stems(self, place: str) -> set[str]:
        """The names in a directory of the context that have a dot, up to it.

        Raises TooMuchError.
        """
        if place not in self._stems_by_place:
            names = self.program.context.names(place)
            self._stems_by_place[place] = {name.partition(".")[0] for name in names if "." in name}
        return self._stems_by_place[place]

    def has_nowhere(self, package: Found, name: str, *, is_module: bool) -> bool:
        """Whether the gear has no module of a name in a package, and no tool makes one.

        That is certain but for a namespace package, which may have parts elsewhere; one of which
        the program imports nothing may be all elsewhere. A package may set modules of its own or
        look for them elsewhere. Of other sources tools make modules, and `_version`. Without
        `is_module` the name may be of anything, as in `from package import name`.
        """
        if name.startswith("_") or self.may_be_module(package, name):
            return False
        if self.is_namespace(package):
            return any(is_within(each.path, package.path) for each in self.program.modules)
        main = self.program.module_at(package)
        if main is None or main.scope is None:
            return False
        is_starred = "*" in main.scope.bindings  # another may do it for this one then
        if any(each.may_add_modules for each in (self.program.modules if is_starred else [main])):
            return False
        if is_module:  # what is set in a package is not a module of it, but for Python's own table
            return name not in main.words_in_quotes and not self._is_end_of_text(name)
        return not is_starred and not self.may_be_set(main, name)

    def _is_end_of_text(self, name: str) -> bool:
        """Whether a text in quotes ends with a dot and a name, as the keys of `sys.modules` do."""
        ends = (f'.{name}"', f".{name}'")
        return any(end in module.text for module in self.program.modules for end in ends)

    def is_namespace(self, package: Found) -> bool:
        """Whether a package is a directory of the gear beside the script, without `__init__.py`."""
        first = self.program.search[0]
        is_beside = first is not None and is_within(package.path, first) and package.path != first
        return is_beside and not package.is_meant and self.program.is_namespace(package)

    def may_be_module(self, package: Found, name: str) -> bool:
        """Whether a tool may make a module of a name in a package, or that is not known."""
        places = self.program.origins_of(package)
        try:
            return not places or any(
                self.program.context.may_be_made(posixpath.join(place, f"{name}.py"))
                or name in self._stems(place)
                for place in places
            )
        except TooMuchError:
            return True
