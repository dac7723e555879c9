"""The files that a gear's own Python opens below `/flywheel/v0`."""

import ast
import posixpath
from collections.abc import Iterator

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span, is_within
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.python.evaluator import Evaluator
from gearlint.python.scopes import Place

OUTPUT = f"{GEAR_DIRECTORY}/output"
METADATA = f"{OUTPUT}/.metadata.json"
"""What Flywheel reads after the run."""


class Opened(NamedTuple):
    """A file that is opened, by its path from `/`; `is_written` is whether it is written to."""

    path: str
    is_written: bool
    source: Source
    span: Span


def files_opened(evaluator: Evaluator) -> list[Opened]:
    """The files whose paths are known, in the order of the text; `METADATA` may be among them."""
    found: list[Opened] = []
    for scope, module in evaluator.modules.items():
        for node, place in scope.calls:
            if isinstance(node, ast.Call):
                for path, is_written in _opened(node, place, evaluator):
                    path = posixpath.normpath(posixpath.join(GEAR_DIRECTORY, path))
                    if is_within(path, GEAR_DIRECTORY):
                        found.append(Opened(path, is_written, module.source, module.span(node)))
    return found


def _opened(call: ast.Call, place: Place, evaluator: Evaluator) -> Iterator[tuple[str, bool]]:
    given = {word.arg: word.value for word in call.keywords}
    for callee in evaluator.callees(call, place):
        kind, name = callee[0], callee[-1]
        arguments: list[ast.expr] = list(call.args)
        if kind == "library" and name in ("builtins.open", "io.open") and arguments:
            mode = given.get("mode") or (arguments[1] if len(arguments) > 1 else None)
            for path in evaluator.texts(arguments[0], place):
                yield path, _writes(mode, place, evaluator)
        elif kind == "method" and callee[1] == ("context",) and name == "open_output" and arguments:
            for path in evaluator.texts(arguments[0], place):
                yield posixpath.join(OUTPUT, path), True
        elif kind == "method" and callee[1][0] == "text of" and name == "open":
            mode = given.get("mode") or (arguments[0] if arguments else None)
            yield callee[1][1], _writes(mode, place, evaluator)
        elif kind == "method" and callee[1][0] == "text of" and name in _OF_PATH:
            yield callee[1][1], name.startswith("write")


_OF_PATH = ("read_text", "read_bytes", "write_text", "write_bytes")


def _writes(mode: ast.expr | None, place: Place, evaluator: Evaluator) -> bool:
    """Whether a mode of `open` writes; without one it reads."""
    modes = evaluator.texts(mode, place) if mode is not None else ["r"]
    return any(set(each) & set("wax+") for each in modes)
