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
    """The value of a text; the hooks are those of `json.loads`, and may be called twice.

    Raises ValueError where the text is not JSON, and RecursionError where it is nested too deep.
    """
    hooks: dict[str, Any] = {
        "object_pairs_hook": object_pairs_hook,
        "parse_constant": parse_constant,
        "parse_int": parse_int,
    }
    if sys.implementation.name == "cpython" and sys.version_info < (3, 15):
        from _json import make_scanner

        decoder: Any = SimpleNamespace(strict=True, object_hook=None, parse_float=float, **hooks)
        start = len(text) - len(text.lstrip(_SPACE))
        try:
            value, end = make_scanner(decoder)(text, start)
        except (StopIteration, SystemError):  # Python 3.11 has no error for it without `json`
            pass
        else:
            if not text[end:].strip(_SPACE):
                return value
    import json  # which knows other Pythons, and says what is wrong

    return json.loads(text, **hooks)
