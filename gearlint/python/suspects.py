"""Modules that the gear has nowhere, and that only an unknown base image or package could bring."""

import ast
import posixpath
import re

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory, File
from gearlint.image.stages import base_name, may_hold_a_gear
from gearlint.python.installs import Installs
from gearlint.python.missing_names import Lacking
from gearlint.python.module import Module
from gearlint.python.near import near_module, near_top
from gearlint.python.nodes import module_of
from gearlint.python.program import Found

_LOOKS_ELSEWHERE = regex(r"\b(?:sys\s*\.\s*(?:modules|meta_path|path_hooks)|addsitedir|__path__)\b")
"""What may give a program modules that are not where modules are looked for."""


class SuspectModule(NamedTuple):
    """A module that the gear does not have.

    `target` is where in the image it is looked for, `near` the module of the gear that is meant.
    """

    name: str
    target: str
    near: str


class Suspects:
    """The suspects among what one program imports."""

    def __init__(self, lacking: Lacking, installs: Installs) -> None:
        self._program = lacking.program
        self._lacking = lacking
        self._installs = installs

    def of_import(
        self, module: Module, node: ast.AST, alias: ast.alias, level: int
    ) -> SuspectModule | None:
        """What an import of a name may lack."""
        whole = module_of(node, alias)
        parts = whole.split(".") if whole else []
        above = self._program.find(module, level, "") if level else None
        for number in range(len(parts)):
            dotted = ".".join(parts[: number + 1])
            here = self._program.find(module, level, dotted)
            if isinstance(here, Found) and not here.is_meant:
                above = here
                continue
            if not number and not level and not isinstance(here, Found):
                return self._misspelt(whole, node, alias)
            return self._missing_in(above, parts[number], dotted) if here is UNKNOWN else None
        return None

    def _misspelt(self, whole: str, node: ast.AST, alias: ast.alias) -> SuspectModule | None:
        """A misspelt name of a module of the gear that has what is imported."""
        top, dot, rest = whole.partition(".")
        program = self._program
        near = near_top(program, top)
        found = program.top(near) if near else None
        for part in rest.split(".") if rest else ():
            found = program.part(found, part) if isinstance(found, Found) else None
        if not isinstance(found, Found) or found.is_meant or not isinstance(node, ast.ImportFrom):
            return None  # nothing says that it is meant
        owner = program.module_at(found)
        scope = owner.scope if owner is not None else None
        bindings = scope.bindings.get(alias.name, []) if scope is not None else []
        # A module of nearly the name of a library may have it from there.
        has_name = any(binding.kind != "import" for binding in bindings)
        if not has_name and not isinstance(program.part(found, alias.name), Found):
            return None
        if self._installs.may_provide(top) or self._may_be_elsewhere(top):
            return None
        target = posixpath.join(program.search[0] or "", top)
        return SuspectModule(whole, target, f"{near}{dot}{rest}")

    def _missing_in(self, package: object, name: str, dotted: str) -> SuspectModule | None:
        """A module that a package of the gear lacks, in the image and in the build context."""
        if not isinstance(package, Found) or not isinstance(package.node, Directory):
            return None
        path = posixpath.join(package.path, name)
        if not (self._is_of_base(path) and self._is_of_base(f"{path}.py")):
            return None
        if self._program.module_at(package) is not None:
            if not self._lacking.has_nowhere(package, name, is_module=False):
                return None
        elif name.startswith("_") or self._lacking.may_be_module(package, name):
            return None
        if self._may_be_elsewhere(name):
            return None
        near = near_module(self._program, name, package.node)
        if not near and not self._may_only_be_of_base(dotted):
            return None
        above = dotted.rpartition(".")[0]
        meant = f"{above}.{near}".lstrip(".") if near else ""
        return SuspectModule(dotted, f"{path}.py", meant)

    def _may_be_elsewhere(self, name: str) -> bool:
        """Whether a module of the program may make one of a name, ask for it, or look elsewhere."""
        file, quoted = f"{name}.py", rf"[\"'](?:\w+\.)*{re.escape(name)}[\"']"
        return any(
            file in module.text
            or may_look_elsewhere(module.text)
            or re.search(quoted, module.text) is not None
            for module in self._program.modules
        )

    def _is_of_base(self, path: str) -> bool:
        """Whether what is at a path is not known for the base image alone."""
        image = self._program.image
        is_placed = isinstance(image.files.find(self._program.main.path), File)
        if not is_placed or image.missing_sources:  # one of them may be copied there
            return False
        return image.is_of_base(path)

    def _may_only_be_of_base(self, name: str) -> bool:
        """Whether the base image would have to bring a module, and does not look like a gear."""
        if may_hold_a_gear(base_name(self._installs.dockerfile)):
            return False
        return not self._installs.may_provide(name.partition(".")[0])


def may_look_elsewhere(text: str) -> bool:
    """Whether a module may give its program modules that are not where modules are looked for."""
    return _LOOKS_ELSEWHERE.search(text) is not None
