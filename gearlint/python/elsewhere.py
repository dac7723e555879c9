"""Modules of the gear that are in the image, but where no modules are looked for."""

import ast
import posixpath

from gearlint.core.named_tuple import NamedTuple
from gearlint.image.nodes import File
from gearlint.python.module import Module
from gearlint.python.nodes import module_of
from gearlint.python.program import Found, Program


class ModuleElsewhere(NamedTuple):
    """A module that is imported by its bare name, and is only in another directory.

    `package` is the dotted name of that directory, and `instead` what imports the module from it.
    `has_name` is whether the module certainly has the names that are imported or read
    of it.
    """

    name: str
    path: str
    package: str
    instead: str
    has_name: bool


def module_elsewhere(
    program: Program, module: Module, node: ast.AST, alias: ast.alias
) -> ModuleElsewhere | None:
    """The module that an import means, where it is only in another directory of the script's.

    For Python 2 it may be beside the module that imports it.
    """
    whole = module_of(node, alias)
    name = whole.partition(".")[0]
    for directory in program.inner_directories:
        found = program.top(name, [directory])
        if not isinstance(found, Found) or not _is_own(program, found):
            continue
        is_implicit = directory == module.directory and not program.started.is_3
        is_meant = not isinstance(node, ast.ImportFrom) or _has(program, found, alias.name)
        if is_implicit or not is_meant or any(each.may_add_modules for each in program.modules):
            return None
        package = posixpath.relpath(directory, program.search[0] or "/").replace("/", ".")
        instead: ast.stmt = ast.ImportFrom(package, [alias], 0)
        if isinstance(node, ast.ImportFrom):
            instead = ast.ImportFrom(f"{package}.{whole}", node.names, 0)
        elif whole != name:
            instead = ast.Import([ast.alias(f"{package}.{whole}", alias.asname)])
        names = {alias.name}
        if isinstance(node, ast.Import):
            names = module.words_after(alias.asname or whole)
        has_name = bool(names) and all(_binds(program, found, whole, each) for each in names)
        return ModuleElsewhere(name, found.path, package, ast.unparse(instead), has_name)
    return None


def _is_own(program: Program, found: Found) -> bool:
    """Whether it certainly is a module of the gear, and not a directory of other files."""
    module = program.module_at(found)
    return module is not None and not found.is_meant


def _has(program: Program, found: Found, name: str) -> bool:
    """Whether the text of a module has a name, or it is a package that may have it."""
    module = program.module_at(found)
    return module is not None and (not isinstance(found.node, File) or name in module.words)


def _binds(program: Program, found: Found, whole: str, name: str) -> bool:
    """Whether a module that is a file binds a name that is imported of it."""
    module = program.module_at(found) if isinstance(found.node, File) else None
    scope = module.scope if module is not None and "." not in whole else None
    return scope is not None and name in scope.bindings
