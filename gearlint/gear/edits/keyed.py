"""The value of a key in a TOML or JSON file, changed byte for byte."""

import re
from collections.abc import Callable

from gearlint.core.source import Span

SUFFIXES = (".toml", ".json")
"""The files in which a key can be found."""


def value_at(data: bytes, path: str, key: str) -> object:
    """What a file has at `key`, its parts separated by dots; `None` if nothing.

    The file is TOML or JSON by the end of its `path`. Raises ValueError where it is not that.
    """
    value = _parsed(data, path)
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def span_at(
    data: bytes, path: str, key: str, new: str, spends: Callable[[int], bool]
) -> Span | None:
    """Where the text at `key` is, which `new` is to replace, without its quotes.

    `None` where the text is not written plainly between quotes, or finding it costs more bytes to
    parse than `spends` allows. Raises ValueError as `value_at`.
    """
    old = value_at(data, path, key)
    if not isinstance(old, str) or re.search(r"[\"'\\\x00-\x1f\x7f]", old + new):
        return None
    expected = _parsed(data, path)
    *above, last = key.split(".")
    table = expected
    for part in above:
        table = table[part]  # type: ignore[index]
    table[last] = new  # type: ignore[index]
    wanted = repr(expected)  # of which a NaN is equal to itself
    for found in re.finditer(rb"([\"'])(" + re.escape(old.encode()) + rb")\1", data):
        if not spends(len(data)):
            return None
        changed = data[: found.start(2)] + new.encode() + data[found.end(2) :]
        try:
            if repr(_parsed(changed, path)) == wanted:
                return Span(*found.span(2))
        except ValueError:
            continue
    return None


def _parsed(data: bytes, path: str) -> object:
    try:
        text = data.decode()
        if path.endswith(".json"):
            import json

            return json.loads(text.removeprefix("\ufeff"))
        import tomllib

        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError from error
