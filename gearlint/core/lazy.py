"""Regular expressions that are compiled on first use.

A run uses few of them, and compiling all would take longer than checking a gear. From its first use
on, one is as fast as any other.
"""

import re
from collections.abc import Callable
from functools import partial

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any, AnyStr

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


def regex(pattern: "AnyStr", flags: int = 0) -> "re.Pattern[AnyStr]":
    """As `re.compile`, but on first use; a bad pattern raises `re.error` then."""
    expression: Any = _Regex(partial(re.compile, pattern, flags))
    return expression  # type: ignore[no-any-return]


class _Regex:
    """Compiles its expression when one of its methods is first used, and takes over its methods."""

    __slots__ = (*_METHODS, "_compile")

    def __init__(self, compile: Callable[[], object]) -> None:
        self._compile = compile

    def __getattr__(self, name: str) -> object:
        # Python calls this only for attributes that are not set yet.
        compiled = self._compile()
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
