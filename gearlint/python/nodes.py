"""What the nodes of a syntax tree say by themselves."""

import ast
import warnings
from collections.abc import Iterator, Sequence

_PLAIN = frozenset(("property", "cached_property", "staticmethod", "classmethod"))
OF_VERSIONS = frozenset(("version_info", "version", "PY2", "PY3", "hexversion"))
"""What a test names that asks for the version of Python."""


def call_of(text: str) -> ast.Call | None:
    """The call that a text certainly is; `None` where Python refuses it, or it is another thing."""
    try:
        with warnings.catch_warnings(action="ignore"):
            node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return node if isinstance(node, ast.Call) else None


def last_name(node: ast.AST | None) -> str:
    """`c` of `a.b.c` and of `c`, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def called_name(call: ast.AST) -> str:
    """The last name of what is called."""
    return last_name(getattr(call, "func", None))


def beginning(text: ast.expr) -> str:
    """What is written of a text from its beginning on: `a/` of `"a/" + b` and of `f"a/{b}"`."""
    match text:
        case ast.Constant(value=str(written)):
            return written
        case (
            ast.JoinedStr(values=[first, *_])
            | ast.BinOp(op=ast.Add() | ast.Mod(), left=first)
            | ast.Call(func=ast.Attribute(attr="format", value=first))
        ):
            return beginning(first)
    return ""


def is_try(node: ast.AST | None) -> bool:
    """Whether a node is a `try`, also one with `except*`."""
    return isinstance(node, ast.Try | ast.TryStar)


def caught(guard: ast.AST | None) -> frozenset[str]:
    """The names of the errors that a `try`, or `with suppress(...)`, catches.

    `except:` is `except BaseException:`.
    """
    types: Sequence[ast.AST | None] = ()
    if isinstance(guard, ast.Try | ast.TryStar):
        types = [handler.type for handler in guard.handlers]
    elif isinstance(guard, ast.Call) and called_name(guard) == "suppress":
        types = guard.args
    names = {last_name(name) for each in types if each for name in ast.walk(each)}
    return frozenset(names | {"BaseException"} if None in types else names)


def decorators(node: ast.AST) -> list[str]:
    """The last names of the decorators of a definition."""
    return [last_name(each) for each in getattr(node, "decorator_list", ())]


def is_property(node: ast.AST) -> bool:
    """Whether a function is read as an attribute."""
    return not {"property", "cached_property"}.isdisjoint(decorators(node))


def is_plain(node: ast.AST) -> bool:
    """Whether the decorators of a function leave what it gives as it is."""
    return _PLAIN.issuperset(decorators(node))


def asks_version(guard: ast.AST) -> bool:
    """Whether what guards a block is a test that asks for the version of Python."""
    if not isinstance(guard, ast.expr):
        return False
    return any(last_name(each) in OF_VERSIONS for each in ast.walk(guard))


def is_for_a_version(guard: ast.AST) -> bool:
    """Whether what guards a block is a test that asks for the version of Python, and no call."""
    return not isinstance(guard, ast.Call) and asks_version(guard)


def names_of(node: ast.AST) -> "Iterator[tuple[str, int, ast.alias]]":
    """(dotted name, leading dots, its node) of each module that an import may be of."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, 0, alias
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            name = f"{node.module}.{alias.name}" if node.module else alias.name
            yield name, node.level, alias


def is_main_test(test: ast.AST) -> bool:
    """Whether a test is `__name__ == "__main__"`."""
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, test.comparators[0])
    is_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return is_name and any(getattr(side, "value", None) == "__main__" for side in sides)


def module_of(node: ast.AST, alias: ast.alias) -> str:
    """The dotted name of the module that an import is of; empty in `from . import name`."""
    return node.module or "" if isinstance(node, ast.ImportFrom) else alias.name


def module_bound(alias: ast.alias) -> str:
    """The dotted name of the module that `import` binds a name to: `a` of `import a.b`."""
    return alias.name if alias.asname else alias.name.partition(".")[0]
