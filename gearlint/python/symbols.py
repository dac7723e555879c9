"""The names that a Python text looks up and never binds, by the table of symbols of Python itself.

`symtable` makes an object of each name, and takes as long again: `_symtable` is what it reads.
"""

import _symtable  # type: ignore[import-not-found]
import builtins

_OF_PYTHON = frozenset(dir(builtins)) | frozenset((
    # newer, or on other systems
    "PythonFinalizationError", "WindowsError",
    # put there by what starts Python: gettext, line_profiler, IPython
    "_", "profile", "get_ipython", "display",
))  # fmt: skip
"""The names that no module need bind; those of the form `__name__` are left out anyway."""
OF_PYTHON_2 = frozenset((
    "apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long",
    "raw_input", "reduce", "reload", "unichr", "unicode", "xrange", "StandardError",
))  # fmt: skip
"""The names that no module of Python 2 need bind, and that Python 3 does not have."""
_GLOBAL = (_symtable.GLOBAL_IMPLICIT, _symtable.GLOBAL_EXPLICIT)


def unbound_names(text: str) -> frozenset[str]:
    """The names that are looked up in a module, and that nothing in its text binds there.

    A name may be a variable of a function all the same. Raises what `compile` does.
    """
    top = _symtable.symtable(text, "", "exec")
    bound: set[str] = set()
    read: set[str] = set()
    pending = [top]
    while pending:
        table = pending.pop()
        pending += table.children
        is_top = table is top
        for name, flags in table.symbols.items():
            scope = (flags >> _symtable.SCOPE_OFF) & _symtable.SCOPE_MASK
            if not is_top and scope not in _GLOBAL:
                continue
            if flags & _symtable.DEF_BOUND:
                bound.add(name)
            elif flags & _symtable.USE:
                read.add(name)
    unbound = read - bound - _OF_PYTHON
    return frozenset(name for name in unbound if not name.startswith("__"))
