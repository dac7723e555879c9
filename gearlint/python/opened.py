"""The files and directories below `/flywheel/v0` that a gear's own Python looks into."""

import ast
import posixpath
from collections.abc import Iterator
from enum import Enum

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span, is_within
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.python.evaluator import Evaluator
from gearlint.python.scopes import Place
from gearlint.python.values import LOGS, Value

OUTPUT = f"{GEAR_DIRECTORY}/output"


class Use(Enum):
    """What a call does with a path."""

    READS = "reads"
    WRITES = "writes"
    TESTS = "tests"  # whether it is there
    UNKNOWN = "unknown"


class Opened(NamedTuple):
    """A file or directory that a call is given, by its path from `/`."""

    path: str
    use: Use
    source: Source
    span: Span
    place: Place


_NAMES = ("os.path.", "pathlib.", "posixpath.", "logging.", "re.", "argparse.")
"""Libraries that do nothing with what is at a path."""
_BUILTINS = ("Path", "bool", "len", "list", "print", "repr", "set", "sorted", "str", "tuple")
_READ = ("os.listdir", "os.scandir", "os.walk", "os.stat", "os.chdir", "glob.glob", "glob.iglob")
_TEST = ("os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.lexists", "os.access")
_METHODS = {
    **dict.fromkeys(("read_text", "read_bytes", "iterdir", "glob", "rglob", "stat"), Use.READS),
    **dict.fromkeys(("write_text", "write_bytes", "mkdir", "touch"), Use.WRITES),
    **dict.fromkeys(("exists", "is_file", "is_dir"), Use.TESTS),
}
"""Methods of a path."""


def files_opened(evaluator: Evaluator) -> list[Opened]:
    """What calls are given whose path is known, in the order of the text."""
    found: list[Opened] = []
    for scope, module in evaluator.modules.items():
        for node, place in scope.calls:
            for path, use in _opened(node, place, evaluator):
                path = posixpath.normpath(posixpath.join(GEAR_DIRECTORY, path))
                if is_within(path, GEAR_DIRECTORY):
                    found.append(Opened(path, use, module.source, module.span(node), place))
    return found


def _opened(call: ast.Call, place: Place, evaluator: Evaluator) -> Iterator[tuple[str, Use]]:
    given = {word.arg: word.value for word in call.keywords}
    for callee in evaluator.callees(call, place):
        kind, name = callee[0], callee[-1]
        arguments: list[ast.expr] = list(call.args)
        if kind == "method" and callee[1] == ("context",) and name == "open_output" and arguments:
            for path in evaluator.texts(arguments[0], place):
                yield posixpath.join(OUTPUT, path), Use.WRITES
        elif kind == "method" and callee[1][0] == "text of" and name == "open":
            mode = given.get("mode") or (arguments[0] if arguments else None)
            yield callee[1][1], _by_mode(mode, place, evaluator)
        elif kind == "method" and callee[1][0] == "text of" and name in _METHODS:
            yield callee[1][1], _METHODS[name]
        elif kind == "library" and name in ("builtins.open", "io.open"):
            mode = given.get("mode") or (arguments[1] if len(arguments) > 1 else None)
            for path in evaluator.texts(arguments[0], place) if arguments else ():
                yield path, _by_mode(mode, place, evaluator)
        elif kind in ("library", "method", "other") and (use := _use_of(callee)) is not None:
            for each in (*arguments, *given.values()):
                for path in evaluator.texts(each, place):
                    if path.startswith("/"):  # any other text may be no path
                        yield path, use


def _use_of(callee: Value) -> Use | None:
    """What a function or method does with paths among its arguments; `None` if nothing."""
    if callee[0] == "method":
        is_plain = callee[1][0] == "text of" or callee[-1] in LOGS
        return None if is_plain else Use.UNKNOWN
    name = callee[1] if callee[0] == "library" else ""
    if name in _READ:
        return Use.READS
    if name in _TEST:
        return Use.TESTS
    is_name = name.startswith(_NAMES) or name.removeprefix("builtins.") in _BUILTINS
    return None if is_name else Use.UNKNOWN


def _by_mode(mode: ast.expr | None, place: Place, evaluator: Evaluator) -> Use:
    """What `open` with a mode does; without one it reads."""
    modes = evaluator.texts(mode, place) if mode is not None else ["r"]
    if not modes:
        return Use.UNKNOWN
    return Use.WRITES if any(set(each) & set("wax+") for each in modes) else Use.READS
