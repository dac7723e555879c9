"""What `python -c CODE` writes, as far as its syntax tree shows. Nothing is executed."""

import ast
import warnings

from gearlint.core import limits
from gearlint.core.lazy import regex

_STARTS_PROGRAMS = frozenset(("system", "popen", "Popen", "run", "call", "check_call", "execv"))

_QUIET = frozenset((
    "abs", "all", "any", "bool", "bytes", "dict", "enumerate", "filter", "float", "format",
    "getattr", "hasattr", "int", "isinstance", "len", "list", "map", "max", "min", "print", "range",
    "repr", "reversed", "round", "set", "sorted", "str", "sum", "super", "tuple", "type", "zip",
    "exit", "quit",
))  # fmt: skip
"""Built-in functions that write no file."""
_QUIET_MODULES = frozenset((
    "json", "sys", "platform", "re", "math", "datetime", "time", "string", "textwrap", "pprint",
    "struct", "collections", "itertools", "functools", "hashlib", "base64", "urllib.parse",
))  # fmt: skip
"""Modules whose functions write no file but those that are opened."""
_QUIET_OF_OS = frozenset((
    "environ", "getenv", "getcwd", "listdir", "path", "getpid", "uname", "sep", "linesep", "walk",
))  # fmt: skip


_OF_EACH_PYTHON = regex(
    r"(unterminated (?:triple-quoted )?string literal|unmatched '.'|'.' was never closed"
    r"|closing parenthesis '.' does not match opening parenthesis '.')"
)
"""What no version of Python takes."""


def refused_code(code: str) -> str:
    """Why each Python refuses code: a string or a bracket is not closed, or not opened.

    Empty where that is not so: the rest depends on the version.
    """
    try:
        _parsed(code)
    except SyntaxError as error:
        reason = _OF_EACH_PYTHON.match(error.msg)
        return reason[1] if reason is not None else ""
    except (ValueError, RecursionError, MemoryError):
        pass
    return ""


def _parsed(code: str) -> ast.AST:
    if len(code) > limits.PYTHON_CODE_CHARACTERS:
        raise ValueError
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(code)


def files_written(code: str) -> list[str] | None:
    """The paths that code opens for writing, `None` where it may write anything else."""
    try:
        tree = _parsed(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    written: list[str] = []
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.AsyncFunctionDef):
            return None
        if isinstance(node, ast.Call) and not _is_understood(node, names, written):
            return None
    return written


def _imported(tree: ast.AST) -> dict[str, str]:
    """The modules that names mean."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _is_understood(call: ast.Call, names: dict[str, str], written: list[str]) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        if function.id == "open":
            return _is_opened(call, written)
        if function.id in names:
            return names[function.id].rpartition(".")[0] in _QUIET_MODULES
        return function.id in _QUIET
    if not isinstance(function, ast.Attribute):
        return False
    chain = [function.attr]
    value = function.value
    while isinstance(value, ast.Attribute):
        chain.append(value.attr)
        value = value.value
    if isinstance(value, ast.Name) and value.id in names:
        module = names[value.id]
        if module in ("os", "os.path"):
            return chain[-1] in _QUIET_OF_OS
        return module in _QUIET_MODULES
    # A method of a value: of a text, a list, or a file that was opened.
    return function.attr not in _STARTS_PROGRAMS


def _is_opened(call: ast.Call, written: list[str]) -> bool:
    """`open(PATH, MODE)` with a mode and a path that are known."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    mode = given.get("mode") or (call.args[1] if len(call.args) > 1 else ast.Constant("r"))
    path = given.get("file") or (call.args[0] if call.args else None)
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
        return False
    if not set(mode.value) & set("wax+"):
        return True
    if not isinstance(path, ast.Constant) or not isinstance(path.value, str):
        return False
    written.append(path.value)
    return True
