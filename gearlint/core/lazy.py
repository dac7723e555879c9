"""Regular expressions that are compiled when they are first used.

Most runs use few of them, and compiling them all would take longer than checking a gear. From its
first use on, one is as fast as any other.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import AnyStr, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


def regex(pattern: AnyStr, flags: int = 0) -> "re.Pattern[AnyStr]":
    """Like `re.compile`, but compiled on first use; a bad pattern raises then."""
    return cast("re.Pattern[AnyStr]", _Regex(partial(re.compile, pattern, flags)))


class _Regex:
    """Stands for a compiled expression, whose methods become its own when one is asked for."""

    __slots__ = (*_METHODS, "_compile")

    def __init__(self, compile: Callable[[], object]) -> None:
        self._compile = compile

    def __getattr__(self, name: str) -> object:
        # Called only for what is not there yet.
        compiled = self._compile()
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
