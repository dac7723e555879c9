"""What fixes would change, as a unified diff that `patch -p1` and `git apply` take."""

import os
import re
from collections.abc import Iterator
from difflib import unified_diff

from gearlint.fixing import Changes
from gearlint.wording import escaped


def render(changes: Changes) -> bytes:
    """The diff of all changes, byte for byte; paths are from the current folder."""
    return "".join(_lines_of(changes)).encode("utf-8", "surrogateescape")


def render_for_terminal(changes: Changes) -> str:
    """The same, without what could change a terminal."""
    lines = "".join(_lines_of(changes)).split("\n")
    return "\n".join(escaped(line.replace("\t", "    ").removesuffix("\r")) for line in lines)


def _lines_of(changes: Changes) -> Iterator[str]:
    for real, change in changes.items():
        path = change.path.replace(os.sep, "/").lstrip("/")
        before, after = _name(f"a/{path}"), _name(f"b/{path}")
        if change.makes_executable and not os.stat(real).st_mode & 0o100:
            yield f"diff --git {before} {after}\nold mode 100644\nnew mode 100755\n"
        # A name with a blank ends with a tab, or what reads it would take it for shorter.
        tab = "\t" if " " in path else ""
        old, new = _lines(change.before), _lines(change.after)
        for line in unified_diff(old, new, before + tab, after + tab):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _name(path: str) -> str:
    """A path as diffs have it: in quotes where it has a character that would end it."""
    special = re.compile(r'[\x00-\x1f\x7f"\\]')
    if not special.search(path):
        return path
    return '"' + special.sub(lambda match: f"\\{ord(match[0]):03o}", path) + '"'
