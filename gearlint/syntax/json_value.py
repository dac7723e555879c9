"""The value of a JSON text, as `json.loads` gives it.

Importing `json` compiles six regular expressions, which takes half as long as all that is done for
one gear. What it asks to read a text is in C, and needs none of them.
"""

import sys
from collections.abc import Callable
from types import SimpleNamespace

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

_SPACE = " \t\n\r"


def loads(
    text: str,
    *,
    object_pairs_hook: "Callable[[list[tuple[str, Any]]], Any]",
    parse_constant: "Callable[[str], Any]",
    parse_int: "Callable[[str], Any]",
) -> "Any":
    """The value of a text that has no byte order mark; the hooks are those of `json.loads`.

    Raises ValueError where the text is not JSON, and RecursionError where it is nested too deep.
    """
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 15):
        import json  # whose inner parts may be others

        return json.loads(
            text,
            object_pairs_hook=object_pairs_hook,
            parse_constant=parse_constant,
            parse_int=parse_int,
        )
    from _json import make_scanner

    decoder: Any = SimpleNamespace(
        strict=True,
        object_hook=None,
        object_pairs_hook=object_pairs_hook,
        parse_constant=parse_constant,
        parse_float=float,
        parse_int=parse_int,
    )
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        value, end = make_scanner(decoder)(text, start)
    except StopIteration as error:
        raise ValueError("there is no value") from error
    if text[end:].strip(_SPACE):
        raise ValueError("something is after the value")
    return value
