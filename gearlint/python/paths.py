"""The directories that a program adds to those in which Python looks for modules."""

import ast
import posixpath
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.python.evaluator import Evaluator
from gearlint.python.scopes import Place
from gearlint.python.values import UNKNOWN

_ADDS = regex(r"\bsys\.path\b|\baddsitedir\b|\bimport\s+path\b")
"""A text without one of these adds none."""

_ADDING = {"sys.path.append": 0, "sys.path.insert": 1, "site.addsitedir": 0}
"""The number of the argument that is the directory."""


def added_directories(evaluator: Evaluator) -> list[str | None]:
    """The directories of the image, each once; `None` is one that nobody knows."""
    found: list[str | None] = []
    for scope, module in evaluator.modules.items():
        if not _ADDS.search(module.text):
            continue
        for call, place in scope.calls:
            found += _added(call, place, evaluator)
        for node, place, _ in scope.stores:
            target = node.value if isinstance(node, ast.Subscript) else node
            if ("library", "sys.path") in evaluator.of(target, place):
                found.append(None)
    return list(dict.fromkeys(found))


def _added(call: ast.Call, place: Place, evaluator: Evaluator) -> Iterator[str | None]:
    """The directories that a call adds, `None` for one that nobody knows."""
    for callee in evaluator.callees(call, place):
        name = callee[1] if callee[0] == "library" else ""
        if name in _ADDING and len(call.args) > _ADDING[name]:
            for value in evaluator.of(call.args[_ADDING[name]], place) or UNKNOWN:
                if value[0] == "text of":
                    yield posixpath.normpath(posixpath.join(GEAR_DIRECTORY, value[1]))
                else:
                    yield None
        elif name == "sys.path.extend" or name in _ADDING:
            yield None
