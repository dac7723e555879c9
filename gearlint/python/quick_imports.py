"""Whether a program may import what is not there of the gear, without a syntax tree."""

import sys
from collections.abc import Iterable, Iterator

from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property
from gearlint.image.nodes import Directory
from gearlint.python.module import ImportLine, Module
from gearlint.python.program import Found, Program


def may_miss(program: Program) -> bool:
    """Whether a module may import what is not there of the gear, by its lines alone."""
    imports = _Imports(program)
    try:
        return any(
            imports.may_lack(module, line)
            for module in program.modules
            for line in module.lines_that_import
        )
    except TooMuchError:
        return True


class _Imports:
    """The lines of a program that import, beside the modules of the gear."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lacking: dict[tuple[str, str], bool] = {}

    def may_lack(self, module: Module, line: ImportLine) -> bool:
        """Whether a line may import what is not there."""
        program = self._program
        if line.level and module.directory in program.search and not module.is_package:
            return True  # it may be in no package
        found = program.find(module, line.level, line.name)
        if found is None:
            top = line.name.partition(".")[0]
            if line.level or top in sys.stdlib_module_names:
                return line.level > 0
            if {top, f"{top}.py"} & self._own_names or isinstance(program.top(top), Found):
                return True
        if not isinstance(found, Found):
            from gearlint.python.near import may_be_misspelt  # late: the standard library has most

            return may_be_misspelt(program, module, line)
        pair = found.path, module.path
        if pair not in self._lacking:
            self._lacking[pair] = self._lacks(found, module.text)
        if self._lacking[pair]:
            return True
        taken = (name for name, _ in line.taken if program.part(found, name) is None)
        return self._lacks_name(found, taken) or any(
            self._lacks_name(each, module.words_after(name))
            for each, name in self._bound(found, line)
        )

    def _bound(self, found: Found, line: ImportLine) -> Iterator[tuple[Found, str]]:
        """The modules that an import of a module binds names to, each with its name."""
        if line.local:
            yield found, line.local
            name = line.local.partition(".")[0]
            top = self._program.top(name) if line.local == line.name else None
            if isinstance(top, Found):  # `import a.b` binds `a`
                yield top, name
        for name, local in line.taken:
            part = self._program.part(found, name)
            if isinstance(part, Found):
                yield part, local

    @cached_property
    def _own_names(self) -> set[str]:
        """What is in the build context where the gear's modules are from, and in the inner ones."""
        program = self._program
        nodes = map(program.image.files.find, program.inner_directories)
        inner = [name for node in nodes if isinstance(node, Directory) for name in node.entries]
        own = (name for place in program.origins for name in program.context.names(place))
        return {*inner, *own}

    def _lacks(self, package: Found, text: str) -> bool:
        """Whether a package lacks a module that it has in the build context, and a text names."""
        for place in self._program.origins_of(package):
            for name in self._program.context.names(place):
                stem = name.removesuffix(".py")
                if stem != name and package.entries.get(name) is None and stem in text:
                    return True
        return False

    def _lacks_name(self, found: Found, names: Iterable[str]) -> bool:
        """Whether a module neither binds one of these names nor has a module of that name."""
        program = self._program
        module = program.module_at(found)
        bound = (
            module.bound if module else frozenset[str]() if program.is_namespace(found) else None
        )
        return bound is not None and any(
            name not in bound and program.part(found, name) is None for name in names
        )
