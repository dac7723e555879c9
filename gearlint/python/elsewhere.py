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
    `has_name` is whether the module certainly has the names that are imported or read of it.
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
        own = program.module_at(found)
        if not isinstance(found, Found) or found.is_meant or own is None:
            continue  # it may be a directory of other files
        is_file = isinstance(found.node, File)
        is_implicit = directory == module.directory and not program.started.is_3
        has_nothing = isinstance(node, ast.ImportFrom) and is_file and alias.name not in own.words
        if is_implicit or has_nothing or any(each.may_add_modules for each in program.modules):
            return None
        package = posixpath.relpath(directory, program.search[0] or "/").replace("/", ".")
        instead: ast.stmt = ast.ImportFrom(package, [alias], 0)
        names = module.words_after(alias.asname or whole)
        if isinstance(node, ast.ImportFrom):
            instead = ast.ImportFrom(f"{package}.{whole}", node.names, 0)
            names = {alias.name}
        elif whole != name:
            instead = ast.Import([ast.alias(f"{package}.{whole}", alias.asname)])
        scope = own.scope if is_file and "." not in whole else None
        has_name = scope is not None and bool(names) and names <= scope.bindings.keys()
        return ModuleElsewhere(name, found.path, package, ast.unparse(instead), has_name)
    return None
