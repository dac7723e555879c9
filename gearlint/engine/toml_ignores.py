"""Adds entries to `per-file-ignores` of a settings file, and keeps all other bytes."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.source import Source, shown_path
from gearlint.engine.toml_lines import lines_of_keys

_KEY = "per-file-ignores"
_ARRAY_IN_A_LINE = regex(r"([^\n#=]*=[ \t]*\[[^\]\n#]*)\]")


def with_ignores(source: Source, ignores: Mapping[str, Sequence[str]], reason: str) -> bytes:
    """The settings file with codes for each glob; `source` may be empty, for a new file.

    Raises GearlintError where the file is laid out in another way than is known here.
    """
    text = source.text
    path = shown_path(source.path)
    is_whole = not path.endswith("pyproject.toml")
    prefix = () if is_whole else ("tool", "gearlint")
    unclear = GearlintError(f"{path}: not changed: add to {_KEY} by hand: {_shown(ignores)}")
    if text is None:
        raise unclear
    try:
        before = tomllib.loads(text)
        added = _with_ignores(text, ignores, reason, prefix)
        after = tomllib.loads(added)
        wanted = _table(before, prefix).setdefault(_KEY, {})
        for glob, codes in ignores.items():
            wanted[glob] = [*wanted.get(glob, []), *codes]
        if before != after:
            raise unclear
        return source.data[: source.text_start] + added.encode()
    except (ValueError, KeyError, AttributeError, TypeError):  # TOML, or not of a known layout
        raise unclear from None


def _shown(ignores: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{json.dumps(glob)} = {json.dumps(list(ignores[glob]))}" for glob in ignores)


def _table(document: dict[str, Any], prefix: Sequence[str]) -> dict[str, Any]:
    for part in prefix:
        document = document[part]
    return document


def _with_ignores(
    text: str, ignores: Mapping[str, Sequence[str]], reason: str, prefix: tuple[str, ...]
) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = lines_of_keys(text)
    rows = text.split("\n")
    new = [f"# {reason}"] if reason else []
    for glob, codes in ignores.items():
        shown = ", ".join(f'"{code}"' for code in codes)
        line = lines.get((*prefix, _KEY, glob))
        if line is None:
            new.append(f"{json.dumps(glob, ensure_ascii=False)} = [{shown}]")
            continue
        row = rows[line - 1]
        array = _ARRAY_IN_A_LINE.match(row)
        if array is None:
            raise ValueError("not in one line")
        codes_before = array[1].rstrip(" \t")
        space = array[1][len(codes_before) :]
        comma = "," if codes_before.endswith(",") else ""
        codes_before = codes_before.removesuffix(",")
        glue = "" if codes_before.endswith("[") else ", "
        rows[line - 1] = f"{codes_before}{glue}{shown}{comma}{space}]{row[array.end() :]}"
    if new[-1:] == [f"# {reason}"] or not new:
        return "\n".join(rows)
    header = lines.get((*prefix, _KEY))
    if header is not None:
        rows[header:header] = [row + newline[:-1] for row in new]
        if header == len(rows) - len(new):  # the header was the last line, without an end
            rows[header - 1] = rows[header - 1].rstrip("\r") + newline[:-1]
            rows.append("")
        return "\n".join(rows)
    whole = "\n".join(rows)
    if whole and not whole.endswith("\n"):
        whole += newline
    if whole:
        whole += newline
    return whole + newline.join([f"[{'.'.join((*prefix, _KEY))}]", *new, ""])
