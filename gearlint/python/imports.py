"""Which modules of the gear, and names of them, a program imports that are not there."""

import ast
import posixpath
import sys
from collections.abc import Iterator
from itertools import accumulate

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span, is_within
from gearlint.core.text import nearest
from gearlint.image.nodes import Directory
from gearlint.python.always import always_run, imported, is_run
from gearlint.python.copies import Copies, Given, ModuleRenamed, in_context
from gearlint.python.elsewhere import ModuleElsewhere, module_elsewhere
from gearlint.python.installs import Installs
from gearlint.python.missing_names import ImportedModule, Lacking, MissingName
from gearlint.python.module import Module
from gearlint.python.nodes import is_try, last_name, names_of
from gearlint.python.packages import MissingPackage, Packages
from gearlint.python.program import Found, Program
from gearlint.python.scopes import ModuleScope, Place, is_caught
from gearlint.python.suspects import SuspectModule, Suspects

_ANY = ("Exception", "BaseException")


class MissingModule(NamedTuple):
    """A module of the gear that is not in the image.

    `name` is its dotted name, `origin` its file or directory in the build context, empty where the
    gear has none, and `target` where in the image it is looked for. `is_flat` is whether what is in
    the directory was copied, and not itself. `near` is one of the package that may be meant.
    `is_of_script` is whether it is of a package beside the script, which no other can add to, and
    `is_of_namespace` whether it is of a directory that another may have parts of.
    """

    name: str
    origin: str
    target: str
    is_flat: bool = False
    near: str = ""
    is_of_script: bool = False
    is_of_namespace: bool = False


Missing = (
    MissingModule | MissingName | MissingPackage | ModuleElsewhere | ModuleRenamed | SuspectModule
)


class MissingImport(NamedTuple):
    """An import of what is not there; `is_certain` is whether every run does it."""

    what: "Missing"
    is_certain: bool
    source: Source
    span: Span


def missing_imports(
    programs: list[Program], installs: Installs, scripts: list[str], *, has_paths: bool
) -> list[MissingImport]:
    """What programs import of the gear and is certainly not there, each once.

    `scripts` are the texts of what is started and is not Python, and `has_paths` is whether a
    script may set other directories in which to look for modules.
    """
    found: dict[tuple[str, str], MissingImport] = {}
    suggestions = Budget(limits.NEAR_STEPS)
    given = Given(programs, scripts)
    for program in programs:
        for one in Imports(program, installs, suggestions).missing():
            what = one.what
            if _key(one) in found:
                continue
            if isinstance(what, MissingModule) and _may_be_installed(what, installs):
                continue
            if isinstance(what, ModuleElsewhere | ModuleRenamed):
                if has_paths or (installs.may_bring_others and not what.has_name):
                    continue
                if installs.may_be_provided(what.name, program.image.base):
                    continue
            if isinstance(what, ModuleRenamed) and given.may_be(what.name):
                continue
            if isinstance(what, ModuleElsewhere):
                one = one._replace(is_certain=one.is_certain and not installs.may_bring_others)
            found[_key(one)] = one
    return list(found.values())


def _key(one: MissingImport) -> tuple[str, str]:
    """What is the same in the imports of the same."""
    what = one.what
    if isinstance(what, MissingPackage):
        return one.source.path, what.written
    if isinstance(what, MissingName):
        return what.target, what.name
    return what.path if isinstance(what, ModuleElsewhere) else what.target, ""


def _may_be_installed(what: MissingModule, installs: Installs) -> bool:
    if what.is_of_script and not installs.may_extend_packages:
        return False
    return installs.may_provide(what.name.partition(".")[0])


class Imports:
    """The imports of one program; `suggestions` is what is left of `limits.NEAR_STEPS`."""

    def __init__(self, program: Program, installs: Installs, suggestions: Budget) -> None:
        self.program = program
        self.lacking = Lacking(program, suggestions)
        self._copies = Copies(program)
        self._suspects = Suspects(self.lacking, installs)

    def missing(self) -> Iterator[MissingImport]:
        """What is certainly not there, at each place that imports it or reads it of a module."""
        for module in imported(self.program):
            if module.scope is not None:
                yield from self._of_imports(module, module.scope)
                yield from self._of_attributes(module, module.scope)

    def _of_imports(self, module: Module, scope: ModuleScope) -> Iterator[MissingImport]:
        for node, place in scope.imports:
            if may_fail(place, "ImportError", "ModuleNotFoundError"):
                continue
            relative = None
            if isinstance(node, ast.ImportFrom) and node.level and is_run(place):
                relative = self._packages.missing(node, module)
            if relative is not None:
                yield self._found(relative, module, place, node)
                continue
            for name, level, alias in names_of(node):
                modules = name.count(".") + isinstance(node, ast.Import)
                missing: Missing | None = self._missing(module, level, name, modules)
                if missing is None and not level and self._is_unknown(name):
                    missing = module_elsewhere(self.program, module, node, alias)
                    missing = missing or self._copies.renamed(node, alias)
                if missing is None:
                    missing = self._suspects.of_import(module, node, alias, level)
                if isinstance(missing, MissingName):
                    yield self._found(missing, module, place, alias)
                elif missing is not None and not module.is_meant:
                    whole = alias if isinstance(node, ast.Import) else node
                    yield self._found(missing, module, place, whole)

    def _of_attributes(self, module: Module, scope: ModuleScope) -> Iterator[MissingImport]:
        for node, place in scope.attributes_read:
            if not may_fail(place, "AttributeError"):
                missing = self.lacking.attribute_of(node, place, module)
                if missing is not None:
                    yield self._found(missing, module, place, node)

    def _found(
        self,
        what: Missing,
        module: Module,
        place: Place,
        node: ast.AST,
    ) -> MissingImport:
        is_certain = module in self._always_run and is_run(place)
        is_certain = is_certain and self.program.started.is_always
        if isinstance(what, MissingName):
            is_certain = is_certain and what.is_certain
        elif isinstance(what, SuspectModule):
            is_certain = False
        elif isinstance(what, MissingModule):
            is_certain = is_certain and not what.is_of_namespace
        elif isinstance(what, ModuleElsewhere | ModuleRenamed):  # else a step may have installed it
            is_certain = is_certain and self.program.image.foreign is None
        return MissingImport(what, is_certain, module.source, module.span(node))

    @cached_property
    def _packages(self) -> Packages:
        return Packages(self.program, self._always_run)

    @cached_property
    def _always_run(self) -> list[Module]:
        return always_run(self.program)

    def _missing(
        self, module: Module, level: int, name: str, modules: int
    ) -> MissingModule | MissingName | None:
        """What an import needs and is not there, `None` where nothing is certainly missing.

        So many of the parts of the name are `modules`; what is taken of the last one may be none.
        """
        above = self.program.find(module, level, "") if level else None
        parts = name.split(".")
        for number, dotted in enumerate(accumulate(parts, "{}.{}".format)):
            here = self.program.find(module, level, dotted)
            if here is None:
                if not isinstance(above, Found):
                    return self._of_top(dotted)
                missing = self._of_package(above, parts[number], dotted, number < modules)
                if missing is None and number == modules:
                    name = dotted.rpartition(".")[0]
                    return self.lacking.name_of(ImportedModule(above, level, name), parts[number])
                return missing
            above = here
        return None

    def _is_unknown(self, name: str) -> bool:
        """Whether a name is of no module of the gear or of Python, as far as that is certain."""
        top = name.partition(".")[0]
        is_known = top in sys.stdlib_module_names or top == "__main__"
        return not is_known and self.program.top(top) is None

    def _of_top(self, name: str) -> MissingModule | None:
        if not self._is_unknown(name):
            return None
        directory = self.program.search[0]
        for place in self.program.origins:
            origin = in_context(self.program.context, place, name)
            if origin and directory is not None:
                target = posixpath.join(directory, posixpath.basename(origin))
                is_flat = self._is_flat(origin)
                if not is_flat:
                    copies = self._copies.of(origin)
                    is_flat = copies is not None and directory in copies  # by COPY utils/*.py
                    if not is_flat and copies != []:
                        return None
                return MissingModule(name, origin, target, is_flat)
        return None

    def _is_flat(self, origin: str) -> bool:
        """Whether what is in a directory of the context was copied to where modules are found."""
        for directory in self.program.search:
            node = self.program.image.files.find(directory) if directory else None
            if isinstance(node, Directory) and any(path == origin for _, path in node.origins):
                return True
        return False

    def _of_package(
        self, package: Found, name: str, dotted: str, is_module: bool
    ) -> MissingModule | None:
        """A module that is missing in a package that is there."""
        binds = self.program.binds(package, name)
        if binds and not is_module:
            return None
        for place in self.program.origins_of(package):
            origin = in_context(self.program.context, place, name)
            if origin and binds:
                return None
            if origin:
                target = posixpath.join(package.path, posixpath.basename(origin))
                return MissingModule(
                    dotted, origin, target, is_of_script=self._is_of_script(package)
                )
        is_namespace = self.lacking.is_namespace(package)
        is_module = is_module or is_namespace
        if not is_module or not self.lacking.has_nowhere(package, name, is_module=is_module):
            return None
        return MissingModule(
            dotted,
            "",
            posixpath.join(package.path, f"{name}.py"),
            near=nearest(name, package.modules, self.lacking.suggestions),
            is_of_script=self._is_of_script(package),
            is_of_namespace=is_namespace,
        )

    def _is_of_script(self, package: Found) -> bool:
        """Whether a package is, or is in, a regular one where modules are looked for first.

        Python looks for its modules there alone, whatever is installed.
        """
        first = self.program.search[0]
        if first is None or not is_within(package.path, first) or package.path == first:
            return False
        path = first
        for number, part in enumerate(posixpath.relpath(package.path, first).split("/")):
            path = posixpath.join(path, part)
            node = self.program.image.files.find(path)
            if not isinstance(node, Directory) or not (number or node.entries.get("__init__.py")):
                return False
            module = self.program.module_at(Found(path, node))
            if module is None and node.entries.get("__init__.py") is not None:
                return False
            if module is not None and module.may_add_modules:
                return False
        return True


def may_fail(place: Place, *errors: str) -> bool:
    """Whether an error is caught at a place, by any name, or it is for checks of types only."""
    return is_caught(place, *errors, *_ANY) or place.block.is_guarded(_is_not_always)


def _is_not_always(guard: ast.AST) -> bool:
    """Whether a guard is of what is done only where something failed, or for checks of types."""
    if is_try(guard):
        return False
    is_handler = isinstance(guard, ast.ExceptHandler)
    return is_handler or any(last_name(each) == "TYPE_CHECKING" for each in ast.walk(guard))
