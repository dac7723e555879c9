"""The modules that a program of a gear imports: found where the image has them."""

import os
import posixpath
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, is_within
from gearlint.core.text import NearNames
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import Context
from gearlint.image.nodes import Directory, File, Node, from_context
from gearlint.image.state import Image
from gearlint.python.module import Module

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.called import Called

Reader = Callable[[File], Source | None]
"""Reads the file of the build context that a file of the image is a copy of."""

WORDS = ("config", "ontext", "lient", "input")
"""A text without any of these reads nothing of what Flywheel gives a gear."""
ALWAYS_FIRST = ("os", "sys")
"""Modules that Python imports before the script, so that no file of the gear hides them."""


class Found(NamedTuple):
    """Where a module is in the image; `node` is a file, or a directory that is a package.

    `is_meant` is whether nobody knows what is there, and the build context has such a module.
    """

    path: str
    node: File | Directory
    is_meant: bool = False

    @property
    def entries(self) -> Mapping[str, Node | None]:
        """What is in the directory; nothing in a file."""
        return self.node.entries if isinstance(self.node, Directory) else {}

    @property
    def modules(self) -> Iterator[str]:
        """The names of the modules that may be in the directory."""
        return (each.removesuffix(".py") for each in self.entries if each != "__init__.py")


class Main(NamedTuple):
    """A Python script that is started, and its path in the image.

    `search` are the directories of the image in which modules are looked for, in order; `None`
    among them is one that nobody knows. `is_always` is whether every run starts it, and
    `is_certain` whether it is known to be what Python runs then; `is_3` is whether that is a
    Python 3.
    """

    script: Source
    path: str
    search: list[str | None]
    is_always: bool
    is_certain: bool
    is_3: bool


class Program:
    """A Python script that is started, and the modules of the gear that it can import."""

    def __init__(self, started: Main, image: Image, context: Context, read: Reader) -> None:
        self.image = image
        self.read = read
        self.started = started
        self.context = context
        path, script = started.path, started.script
        self._beside = (posixpath.dirname(path), os.path.dirname(os.path.abspath(script.path)))
        self._bytes = Budget(limits.PYTHON_CHARACTERS)
        self.main = Module(script, path, "__main__", self._bytes)
        self._modules: dict[str, Module | None] = {path: self.main}
        self._found: dict[tuple[str, str], Found | Unknown | None] = {}
        self._origins: dict[str, list[str]] = {}
        self._compiled: dict[str, set[str]] = {}
        self.near_names: dict[Directory, NearNames] = {}

    def with_search(self, added: list[str | None]) -> "Program":
        """The same program, that looks for modules in more directories."""
        search = list(dict.fromkeys((*self.search, *added)))
        started = self.started._replace(search=search)
        return Program(started, self.image, self.context, self.read)

    @property
    def search(self) -> list[str | None]:
        """The directories in which modules are looked for."""
        return self.started.search

    @cached_property
    def may_read(self) -> bool:
        """Whether a module has a word without which nothing is read of options and inputs."""
        return any(word in module.text for module in self.modules for word in WORDS)

    @property
    def may_lack_names(self) -> bool:
        """Whether a module may read a name, or an attribute, that is not there."""
        return any(module.may_lack_names for module in self.modules)

    @cached_property
    def inner_directories(self) -> list[str]:
        """The directories beside the script that may be packages, and those of its modules."""
        top = self.search[0]
        place = self.image.files.find(top) if top is not None else None
        if top is None or not isinstance(place, Directory):
            return []
        entries = place.entries.items()
        inner = [posixpath.join(top, name) for name, node in entries if isinstance(node, Directory)]
        inner += [module.directory for module in self.modules]
        return [
            directory
            for directory in dict.fromkeys(inner)
            if all(map(str.isidentifier, posixpath.relpath(directory, top).split("/")))
        ]

    @cached_property
    def modules(self) -> list[Module]:
        """The script, and the modules of the gear that it imports, directly or not."""
        pending, seen = [self.main], {self.main.path: self.main}
        while pending and len(seen) < limits.PYTHON_MODULES:
            module = pending.pop(0)
            lines = module.lines_that_import
            for level, name in dict.fromkeys((line.level, line.name) for line in lines):
                for each in self._along(module, level, name):
                    if each.path not in seen:
                        seen[each.path] = each
                        pending.append(each)
        return list(seen.values())

    @cached_property
    def called(self) -> "Called":
        """Which functions of its modules may be called."""
        from gearlint.python.called import Called  # late: only where there may be a finding

        return Called(self.modules)

    def _along(self, module: Module, level: int, name: str) -> Iterator[Module]:
        """The modules that an import runs: the packages on the way, and what is named.

        Of `from package import name` any module of the package may be meant.
        """
        yield from self.run_by(module, level, name)
        found = self.find(module, level, name)
        if isinstance(found, Found):
            for entry, node in sorted(found.entries.items()):
                stem = entry.removesuffix(".py")
                if (stem != entry or isinstance(node, Directory)) and stem in module.text:
                    one = self.module_at(self._in(found.path, stem))
                    if one is not None:
                        yield one

    def run_by(self, module: Module, level: int, name: str) -> Iterator[Module]:
        """The modules that are run when another imports a name: the packages, and itself."""
        for dotted in accumulate(name.split("."), "{}.{}".format):
            found = self.find(module, level, dotted)
            if not isinstance(found, Found):
                return
            one = self.module_at(found)
            if one is not None:
                yield one

    @cached_property
    def origins(self) -> list[str]:
        """The directories of the build context that the gear's modules are from."""
        found = []
        for directory in filter(None, self.search):
            node = self.image.files.find(directory)
            if isinstance(node, Directory):
                found += self.origins_of(Found(directory, node))
        found.append(posixpath.relpath(self._beside[1], self.context.directory))
        return [path for path in dict.fromkeys(found) if not path.startswith("..")]

    def origins_of(self, package: Found) -> list[str]:
        """The directories of the build context that a directory of the image is from."""
        if not isinstance(package.node, Directory):
            return []
        if package.path not in self._origins:
            self._origins[package.path] = self._origins_of(package.node)
        return self._origins[package.path]

    def _origins_of(self, package: Directory) -> list[str]:
        found = [path for _, path in package.origins]
        tops = [
            posixpath.dirname(node.origin)
            for name, node in package.entries.items()
            if name.endswith(".py") and isinstance(node, File) and node.origin is not None
        ]
        found += [posixpath.relpath(top, self.context.directory) for top in dict.fromkeys(tops)]
        return list(dict.fromkeys(found))

    def binds(self, package: Found, name: str) -> bool:
        """Whether a package may have a name of its own that is not a module in it."""
        if "__init__.py" not in package.entries:
            return False
        module = self.module_at(package)
        if module is None or module.scope is None:
            return True
        return bool({name, "*", "__getattr__"} & module.scope.bindings.keys())

    def find(self, module: Module, level: int, name: str) -> Found | Unknown | None:
        """Where a module is that another imports; `None` if certainly in none of the directories.

        `level` is the number of leading dots. What is installed with the interpreter is not known.
        """
        if level:
            here: Found | Unknown | None = self._package(module, level)
        else:
            first, _, name = name.partition(".")
            here = self.top(first)
        for part in name.split(".") if name else ():
            if not isinstance(here, Found):
                return here
            here = self.part(here, part)
        return here

    def part(self, found: Found, name: str) -> Found | Unknown | None:
        """A module in another: none if that is a file."""
        return None if isinstance(found.node, File) else self._in(found.path, name)

    def _package(self, module: Module, level: int) -> Found | Unknown | None:
        if module.is_main and self.search[0] in (module.directory, None):
            return UNKNOWN  # not started as a module of a package, by `python -m`
        path = module.directory
        for _ in range(level - 1):
            path = posixpath.dirname(path)
        node = self.image.files.find(path)
        return Found(path, node) if isinstance(node, Directory) else UNKNOWN

    def top(self, name: str, search: "list[str | None] | None" = None) -> Found | Unknown | None:
        """Where a module without a dot is found: in one of `search`, by default all directories."""
        namespace: Found | None = None
        for directory in self.search if search is None else search:
            found = UNKNOWN if directory is None else self._in(directory, name)
            if isinstance(found, Unknown):
                return found
            if found is None:
                continue
            if not self.is_namespace(found):
                return found
            namespace = namespace or found
        return namespace

    def is_first(self, name: str) -> bool:
        """Whether no other directory in which modules are looked for may have one of a name."""
        top = name.partition(".")[0]
        places = [self.top(top, [directory]) for directory in self.search]
        return top not in sys.stdlib_module_names and sum(map(bool, places)) <= 1

    def is_namespace(self, found: Found) -> bool:
        """Whether it is a directory that certainly has no `__init__.py`."""
        init = posixpath.join(found.path, "__init__.py")
        return isinstance(found.node, Directory) and self.image.files.find(init) is None

    def _in(self, directory: str, name: str) -> Found | Unknown | None:
        key = (directory, name)
        if key not in self._found:
            self._found[key] = self._look(directory, name)
        return self._found[key]

    def _look(self, directory: str, name: str) -> Found | Unknown | None:
        path = posixpath.join(directory, name)
        package = self.image.files.find(path)
        if isinstance(package, Directory) and not self.is_namespace(Found(path, package)):
            return Found(path, package)
        place = self.image.files.find(directory)
        if isinstance(place, Directory) and not isinstance(package, Directory):
            if directory not in self._compiled:
                self._compiled[directory] = _compiled(place)
            if name in self._compiled[directory]:
                return UNKNOWN
        file = self.image.files.find(f"{path}.py")
        if isinstance(file, File):
            return Found(f"{path}.py", file)
        if isinstance(package, Directory):
            return Found(path, package)
        return self._meant(path) if UNKNOWN in (file, package) else None

    def _meant(self, path: str) -> Found | Unknown:
        """The module of the build context that is meant to be where nobody knows what is."""
        directory, origin = self._beside
        if not is_within(path, directory):
            return UNKNOWN
        top = posixpath.relpath(origin, self.context.directory)
        relative = posixpath.normpath(posixpath.join(top, posixpath.relpath(path, directory)))
        try:
            for end, kind in (("", "directory"), (".py", "file")):
                entry = self.context.entry(relative + end)
                if entry is not None and entry.kind == kind:
                    node = from_context(self.context, entry, 0)
                    if isinstance(node, File | Directory):
                        return Found(path + end, node, is_meant=True)
        except TooMuchError:
            pass
        return UNKNOWN

    def module_at(self, found: Found | Unknown | None) -> Module | None:
        """The module that is found, `None` where it is not a file of the gear that can be read."""
        if not isinstance(found, Found):
            return None
        path, node = found.path, found.node
        if isinstance(node, Directory):
            path = posixpath.join(path, "__init__.py")
            own = node.entries.get("__init__.py")
            inner = own if found.is_meant else self.image.files.find(path)
            if not isinstance(inner, File):
                return None
            node = inner
        if path not in self._modules:
            self._modules[path] = self._read(path, node, found.is_meant)
        return self._modules[path]

    def _read(self, path: str, file: File, is_meant: bool) -> Module | None:
        try:
            source = self.read(file)
        except GearlintError:
            return None
        if source is None or len(self._modules) > limits.PYTHON_MODULES:
            return None
        name = posixpath.basename(path).removesuffix(".py")
        return Module(source, path, name, self._bytes, is_meant=is_meant)


def _compiled(directory: Directory) -> set[str]:
    """The names of the modules in a directory that are machine code, or compiled."""
    compiled = (name for name in directory.entries if name.endswith((".so", ".pyc", ".pyd")))
    return {name.partition(".")[0] for name in compiled}
