"""What is worked out on first use: properties, answers that are kept, and regular expressions.

A run uses few regular expressions, and compiling all would take longer than checking a gear. From
its first use on, one is as fast as any other.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from functools import _lru_cache_wrapper
    from functools import cached_property as cached_property  # noqa: TID251
    from typing import Any, AnyStr

    kept_for_a_run = lru_cache
else:

    class cached_property:  # noqa: N801 - as in functools
        """As in functools, but without the lock that Python 3.11 takes for each value."""

        def __init__(self, function):
            self.function = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            value = instance.__dict__[self.name] = self.function(instance)
            return value

    def kept_for_a_run(maxsize):
        """As `lru_cache`, for what files and git say: it is asked again after `forget`."""

        def kept(function):
            _KEPT.append(lru_cache(maxsize)(function))
            return _KEPT[-1]

        return kept


_KEPT: "list[_lru_cache_wrapper[Any]]" = []


def forget() -> None:
    """Forget what is kept for a run: in another one the files may be others."""
    for kept in _KEPT:
        kept.cache_clear()


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
