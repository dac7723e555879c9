"""The names of a Python text, by the table of symbols of Python itself.

`symtable` makes an object of each name, and takes as long again: `_symtable` is what it reads.
"""

import _symtable  # type: ignore[import-not-found]
import builtins

from gearlint.core.named_tuple import NamedTuple

OF_PYTHON = frozenset(dir(builtins)) | frozenset((
    # given to each module, class, or method of one
    "__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__", "__builtins__",
    "__annotations__", "__path__", "__cached__", "__dict__", "__class__", "__module__",
    "__qualname__", "__conditional_annotations__", "__classdict__", "__lazy_import__",
    # newer, or on other systems
    "ImportCycleError", "PythonFinalizationError", "WindowsError", "frozendict", "sentinel",
    # put there by what starts Python: gettext, line_profiler, IPython
    "_", "profile", "get_ipython", "display",
))  # fmt: skip
"""The names that no module need bind."""
OF_PYTHON_2 = frozenset((
    "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long",
    "raw_input", "reduce", "reload", "unichr", "unicode", "xrange", "StandardError",
))  # fmt: skip
"""The names that no module of Python 2 need bind, and that Python 3 does not have."""
AS_VARIABLES = frozenset((
    "all", "any", "bin", "dir", "filter", "format", "hash", "id", "input", "iter", "map", "max",
    "min", "next", "object", "range", "reversed", "round", "sum", "type", "vars", "zip",
))  # fmt: skip
"""Functions of Python whose names are those of variables elsewhere."""
_BEFORE_PATHS = ("open(", "Path(", "dir(", "dirs(", "path.", "join(")
_BEFORE, _AFTER = 80, 8
"""Characters before a name, and after it, that are looked at."""
_GLOBAL = (_symtable.GLOBAL_IMPLICIT, _symtable.GLOBAL_EXPLICIT)


_OF_NO_NAME = frozenset((
    "lambda", "listcomp", "setcomp", "dictcomp", "genexpr",
    "<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>",  # from Python 3.15 on
))  # fmt: skip
"""What functions without a name are called."""
_SET = _symtable.DEF_LOCAL | _symtable.DEF_IMPORT


class Symbols(NamedTuple):
    """Names of a module.

    `bound` are those that its text binds there. `unbound` are those that are looked up in it, and
    that nothing in its text binds: such a name may be a variable of a function all the same.
    `variables` are those that functions set and are not given, each with the line that the
    function begins in. `of_python` are those of `AS_VARIABLES` that are looked up as `unbound` are.
    """

    bound: frozenset[str]
    unbound: frozenset[str]
    variables: list[tuple[str, int]]
    of_python: frozenset[str]


def symbols_of(text: str) -> Symbols:
    """The names of a module. Raises what `compile` does."""
    top = _symtable.symtable(text, "", "exec")
    bound: set[str] = set()
    read: set[str] = set()
    variables: list[tuple[str, int]] = []
    pending = [top]
    while pending:
        table = pending.pop()
        pending += table.children
        is_top = table is top
        is_function = table.type == _symtable.TYPE_FUNCTION and table.name not in _OF_NO_NAME
        for name, flags in table.symbols.items():
            scope = (flags >> _symtable.SCOPE_OFF) & _symtable.SCOPE_MASK
            if not is_top and scope not in _GLOBAL:
                if is_function and flags & _SET and not flags & _symtable.DEF_PARAM:
                    variables.append((name, table.lineno))
                continue
            if flags & _symtable.DEF_BOUND:
                bound.add(name)
            elif flags & _symtable.USE:
                read.add(name)
    unbound = read - bound - OF_PYTHON
    unbound = {name for name in unbound if not _is_private(name)}
    of_python = AS_VARIABLES & read - bound
    return Symbols(frozenset(bound), frozenset(unbound), variables, of_python)


def may_be_variable(text: str, name: str) -> bool:
    """Whether a text may use a name as a variable, and not call it or hand it over."""
    at = text.find(name)
    while at >= 0:
        before, end = text[at - 1 : at], at + len(name)
        is_name = not before.isalnum() and before not in ("_", ".", "'", '"')
        if is_name and _is_variable(text, at, end):
            return True
        at = text.find(name, end)
    return False


def _is_variable(text: str, start: int, end: int) -> bool:
    """Whether what is around a name may take it for one of a variable."""
    after = text[end : end + _AFTER]
    if after.startswith(("(", "_")) or after[:1].isalnum():  # as most are
        return False
    after = after.lstrip(" \t")
    if after.startswith((".", "[")):
        return after[1:2] != "_" and not after[1:2].isspace()
    if after.startswith(("+", "/")):
        return '"' in after or "'" in after
    before = text[max(0, start - _BEFORE) : start].rstrip()
    if before.endswith(("+", "/")):
        return before[:-1].rstrip().endswith(('"', "'"))
    return before.endswith(("(", ",")) and any(name in before for name in _BEFORE_PATHS)


def _is_private(name: str) -> bool:
    """Whether Python gives a name another one in a class (`__name` is `_Class__name` there)."""
    return name.startswith("__") and not name.endswith("__")
