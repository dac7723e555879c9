"""Relative imports in what is run outside of any package."""

import ast

from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.image.nodes import File
from gearlint.python.always import imported_by, is_run
from gearlint.python.module import Module
from gearlint.python.program import Found, Program

_OF_PACKAGE = frozenset(("__package__", "__path__", "__spec__"))
"""Names by which a module may say that it is in a package, or is one."""


class MissingPackage(NamedTuple):
    """A relative import, as `written`, in a module that is in no package.

    `name` is that of the module, empty for the script. `instead` is what imports the same, where
    that is known.
    """

    written: str
    name: str
    instead: str


class Packages:
    """The packages of one program; `always_run` are the modules that every run imports."""

    def __init__(self, program: Program, always_run: list[Module]) -> None:
        self._program = program
        self._always_run = always_run

    def missing(self, node: ast.ImportFrom, module: Module) -> MissingPackage | None:
        """What a relative import lacks that every run of a module does; `None` if it may work."""
        if module not in self._without:
            return None
        instead: ast.stmt = ast.Import(node.names)
        names = [alias.name for alias in node.names]
        if node.module:
            instead = ast.ImportFrom(node.module, node.names, 0)
            names = [node.module.partition(".")[0]]
        top = self._program.top
        is_beside = node.level == 1 and all(isinstance(top(name), Found) for name in names)
        name = "" if module.is_main else module.name
        return MissingPackage(ast.unparse(node), name, ast.unparse(instead) if is_beside else "")

    @cached_property
    def _without(self) -> list[Module]:
        """The script and the modules that every run has outside of any package."""
        names = {
            name.partition(".")[0]
            for module in self._always_run
            for name, level in imported_by(module, is_run)
            if not level
        }
        found = [self._file_at_top(name) for name in names]
        main, started = self._program.main, self._program.started
        if started.is_certain and main.directory == started.search[0]:  # not by `-m package.main`
            found.append(main)
        return [module for module in found if module is not None and _has_no_package(module)]

    def _file_at_top(self, name: str) -> Module | None:
        """The file of the gear that certainly is the module of a name without a dot."""
        found = self._program.top(name)
        if not isinstance(found, Found) or found.is_meant or not isinstance(found.node, File):
            return None
        return self._program.module_at(found) if self._program.is_first(name) else None


def _has_no_package(module: Module) -> bool:
    """Whether nothing in a module says that it is in a package."""
    if module.scope is None or "__name__" in module.scope.bindings:
        return False
    return not _OF_PACKAGE & module.words
