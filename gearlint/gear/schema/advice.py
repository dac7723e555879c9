"""What to write for a value of the wrong JSON type."""

import json

from gearlint.core import limits
from gearlint.gear.manifest import Json, Path

_BASES = ("file", "context", "api-key")
_TYPES = ("array", "boolean", "integer", "number", "string")


def written_right(path: Path, value: Json, expected: str) -> str:
    """`write "1.0"`: a value at a path of the manifest as it was meant; empty if that is not known.

    `expected` is the type with its article, as in messages.
    """
    meant = _meant(path, value, expected)
    text = "" if meant is None else json.dumps(meant, ensure_ascii=False)
    return f"write {text}" if text and len(text) <= 2 * limits.QUOTED_CHARACTERS else ""


def _meant(path: Path, value: Json, expected: str) -> Json:
    is_text = isinstance(value, str)
    if expected == "true or false" and is_text:
        return {"true": True, "false": False}.get(str(value).lower())
    if expected == "an array" and is_text and value:
        return [value]
    if path == ("version",) and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if expected == "a string" and isinstance(value, list) and value:
        words = [str(word) for word in value if isinstance(word, str) and word]
        if len(words) == len(value):
            return (" " if path == ("command",) else ", ").join(words)
    if expected == "an object":
        if value == []:
            return {}
        if len(path) == 2 and path[0] == "inputs" and value in _BASES:
            return {"base": value}
        if len(path) == 2 and path[0] == "config" and value in _TYPES:
            return {"type": value}
    return None
