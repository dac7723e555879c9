"""Whether the text of a module may give it names that are not in the text."""

import re
from collections.abc import Iterable

from gearlint.core.lazy import regex

_WORDS = (
    "exec", "eval", "setattr", "__getattr__", "__path__", "__import__", "modules", "import_module",
    "getmodule", "globals", "locals", "vars", "__dict__", "global_enum", "_convert_",
)  # fmt: skip
"""A text without any of these has nothing of that kind, which is found far faster."""
_GIVES = regex(
    r"(?<![\w.])(?<!def )(?:exec|eval|globals|locals)\s*\(|(?:\A|\n)def\s+__getattr__\b"
    r"|\b(?:__path__|__import__|import_module|getmodule|sys\s*\.\s*modules)\b"
    r"|\bsys\s+import\b.*\bmodules\b|\b(?:global_enum|_convert_)\b"
)
"""What runs a text, answers for any name of a module, has modules as values, or fills one."""
_CHANGES = regex(r"\b(?:setattr|vars)\s*\((?:\s*([\w.]++)\s*[,)])?|\b__dict__\b")
"""What may change the names of an object (1, where that is written plainly)."""
_NO_NAME = regex(r"[^\w.]")
_FAR = 80
"""Characters before `.__dict__` in which its object is looked for."""


def may_be_given_names(text: str, imported: Iterable[str]) -> bool:
    """Whether a text may give its module names that are not in it; `imported` are what it imports.

    `setattr(context, name, value)` does so only where `context` may be a module: it is imported, or
    something in the text makes values of modules.
    """
    if not any(word in text for word in _WORDS):
        return False
    if _GIVES.search(text) is not None:
        return True
    modules = {"", *imported}
    return any(_changed(match) in modules for match in _CHANGES.finditer(text))


def _changed(match: re.Match[str]) -> str:
    """The first name of the object whose names may be changed; empty where it is not plain."""
    changed = match[1]
    if match[0] == "__dict__":
        start = match.start()
        changed = _NO_NAME.split(match.string[max(0, start - _FAR) : start])[-1]
    return (changed or "").partition(".")[0]
