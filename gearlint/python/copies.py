"""Modules of the gear that are in the image under other names."""

import ast
import posixpath
from collections.abc import Iterable
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.image.context import Context
from gearlint.image.nodes import Directory, File, Node
from gearlint.python.nodes import module_of
from gearlint.python.program import Program
from gearlint.python.suspects import may_look_elsewhere

_QUOTED = regex(r"[\"'][^\"'\n]*")
"""What is after a quote: a string, or what is between two."""
_WORD = regex(r"\w+")
_BETWEEN_NAMES = regex(r"[\s/\"'=;&|(){}]+")


class ModuleRenamed(NamedTuple):
    """A module that is imported by its name in the build context, and has another in the image.

    `origin` is its file or directory in the build context, `path` where that is in the image, and
    `target` where it is looked for. `has_name` is whether it has what is imported of it.
    """

    name: str
    origin: str
    path: str
    target: str
    has_name: bool


class Copies:
    """Where in the image the modules of the build context are."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._context = program.context
        self._words: dict[str, set[str]] = {}

    def of(self, origin: str) -> list[str] | None:
        """The paths of a module of the context in the image; `None`: that is not known."""
        full = posixpath.join(self._context.directory, origin)
        return None if self._nodes is None else self._paths.get(full, [])

    @cached_property
    def _nodes(self) -> list[tuple[str, Node]] | None:
        """All that is in the image, each with its path; `None` where it is too much."""
        nodes: list[tuple[str, Node]] = [("/", self._program.image.files.root)]
        for path, node in nodes:  # which grow meanwhile
            if len(nodes) > limits.WALKED_NODES:
                return None
            if isinstance(node, Directory):
                inner = node.entries.items()
                nodes += [(posixpath.join(path, name), each) for name, each in inner if each]
        return nodes

    @cached_property
    def _paths(self) -> dict[str, list[str]]:
        """The paths in the image of what is from the context, by where that is."""
        found: dict[str, list[str]] = {}
        for path, node in self._nodes or ():
            if isinstance(node, Directory):
                for top, place in node.origins:
                    found.setdefault(posixpath.join(top.directory, place), []).append(path)
            elif isinstance(node, File) and node.origin is not None:
                directory, name = posixpath.split(node.origin)
                if name == "__init__.py":
                    found.setdefault(directory, []).append(posixpath.dirname(path))
                found.setdefault(node.origin, []).append(path)
        return found

    @cached_property
    def _names(self) -> set[str]:
        """The names of all that is in the image, without what is after a dot."""
        return {posixpath.basename(path).partition(".")[0] for path, _ in self._nodes or ()}

    def renamed(self, node: ast.AST, alias: ast.alias) -> ModuleRenamed | None:
        """The module of the gear that an import means, where it only has another name."""
        whole = module_of(node, alias)
        name, *parts = whole.split(".")
        directory = self._program.search[0]
        for place in self._program.origins if directory is not None else ():
            origin = in_context(self._context, place, name)
            if not origin:
                continue
            paths = self.of(origin)
            if not paths or name in self._names:
                return None
            taken = alias.name if isinstance(node, ast.ImportFrom) else ""
            has_name = bool(taken or parts) and self._has(origin, parts, taken)
            target = posixpath.join(directory or "", posixpath.basename(origin))
            return ModuleRenamed(name, origin, paths[0], target, has_name)
        return None

    def _has(self, path: str, parts: list[str], name: str) -> bool:
        """Whether a module of the context has modules in one another, and in the last one a name.

        Of a name it is enough that it is in the text. An empty one is not looked for.
        """
        for part in parts:
            inner = in_context(self._context, path, part)
            if inner is None:
                return False
            path = inner
        if not name or in_context(self._context, path, name):
            return True
        if path not in self._words:
            file = path if path.endswith(".py") else posixpath.join(path, "__init__.py")
            text = self._context.text_of(posixpath.join(self._context.directory, file)) or ""
            self._words[path] = set(_WORD.findall(text))
        return name in self._words[path]


def in_context(context: Context, directory: str, name: str) -> str | None:
    """The module of a name in a directory of the build context, `None` if there is none."""
    path = posixpath.normpath(posixpath.join(directory, name))
    file, entry = context.on_disk(f"{path}.py"), context.on_disk(path)
    if file is not None and file.kind == "file":
        return f"{path}.py"
    if entry is not None and entry.kind == "directory" and _holds_python(context, path):
        return path
    return None


def _holds_python(context: Context, path: str) -> bool:
    with suppress(TooMuchError):
        return any(name.endswith(".py") for name in context.names(path))
    return False


class Given:
    """The names that what is started may give a module: by a link, a copy, or an import hook.

    `scripts` are the texts of what is started and is not Python.
    """

    def __init__(self, programs: Iterable[Program], scripts: Iterable[str]) -> None:
        self._scripts = scripts
        self._texts = [module.text for program in programs for module in program.modules]

    def may_be(self, name: str) -> bool:
        """Whether a module may have a name that is not in the image."""
        return self._may_look_elsewhere or not self._names.isdisjoint((name, f"{name}.py"))

    @cached_property
    def _may_look_elsewhere(self) -> bool:
        return any(map(may_look_elsewhere, self._texts))

    @cached_property
    def _names(self) -> set[str]:
        strings = (string for text in self._texts for string in _QUOTED.findall(text))
        texts = (*self._scripts, *strings)
        return {name for text in texts for name in _BETWEEN_NAMES.split(text)}
