"""The changes of fixes as a unified diff, for `patch -p1` and `git apply`."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import unified_diff

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.change import FileChange
from gearlint.core.source import shown_path
from gearlint.core.text import escaped, in_common

_CONTEXT = 3  # lines, as difflib has it

_HEAD = "head"
_COLORS = {_HEAD: "\x1b[1m", "@": "\x1b[36m", "-": "\x1b[31m", "+": "\x1b[32m"}
"""As in git: of the lines with the names of files, and of those that begin so."""
_RESET = "\x1b[m"


def render(changes: Iterable[FileChange]) -> bytes:
    """The diff of all changes, as bytes. Paths are relative to the current directory."""
    return "".join(text for _, text in _lines_of(changes)).encode("utf-8", "surrogateescape")


def render_for_terminal(changes: Iterable[FileChange], *, color: bool) -> str:
    """The diff of all changes, without characters that could change a terminal."""
    return "".join(
        f"{_shown(line, _COLORS.get(kind, '') if color else '')}\n"
        for kind, text in _lines_of(changes)
        for line in text.removesuffix("\n").split("\n")
    )


def _shown(line: str, color: str) -> str:
    line = escaped(line.replace("\t", "    ").removesuffix("\r"))
    return f"{color}{line}{_RESET}" if color else line


def _lines_of(changes: Iterable[FileChange]) -> Iterator[tuple[str, str]]:
    """Each line, or several, and its kind: one of `_COLORS`, or a space."""
    from gearlint.core.secrets import redacted

    budget = Budget(limits.DIFF_STEPS)
    for change in changes:
        path = shown_path(change.path).lstrip("/")
        before, after = _name(f"a/{path}"), _name(f"b/{path}")
        if change.makes_executable and not os.stat(change.path).st_mode & 0o100:
            yield _HEAD, f"diff --git {before} {after}\nold mode 100644\nnew mode 100755\n"
        # A name with a space ends with a tab, or `patch` would cut it at the space.
        tab = "\t" if " " in path else ""
        old, new = _lines(change.before), _lines(change.after)
        steps = _steps(old, new)
        if steps <= budget.left:
            budget.spend(steps)
            lines = unified_diff(old, new, before + tab, after + tab, n=_CONTEXT)
        else:
            lines = _one_change(old, new, before + tab, after + tab)
        for number, line in enumerate(map(redacted, lines)):
            kind = _HEAD if number < 2 else line[0]
            yield kind, line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _steps(old: list[str], new: list[str]) -> int:
    """About the most steps of difflib: all pairs of equal lines, for each change.

    It ignores lines that are there very often.
    """
    counts = Counter(new)
    changed = (Counter(old) - counts).total()
    too_many = len(new) // 100 + 1 if len(new) >= 200 else len(new)
    numbers = (counts[line] for line in old)
    return (changed + 1) * sum(number for number in numbers if number <= too_many)


def _one_change(old: list[str], new: list[str], before: str, after: str) -> Iterator[str]:
    head = in_common(old, new)
    tail = in_common(old[head:][::-1], new[head:][::-1])
    first = max(head - _CONTEXT, 0)
    ends = len(old) - tail, len(new) - tail
    lines = [min(tail, _CONTEXT) + end - first for end in ends]
    yield f"--- {before}\n"
    yield f"+++ {after}\n"
    yield f"@@ -{first + 1},{lines[0]} +{first + 1},{lines[1]} @@\n"
    yield from (f" {line}" for line in old[first:head])
    yield from (f"-{line}" for line in old[head : ends[0]])
    yield from (f"+{line}" for line in new[head : ends[1]])
    yield from (f" {line}" for line in old[ends[0] : ends[0] + _CONTEXT])


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _name(path: str) -> str:
    """A path as in diffs: in quotes if it has a character that would end it."""
    special = re.compile(r'[\x00-\x1f\x7f"\\]')
    if not special.search(path):
        return path
    return '"' + special.sub(lambda match: f"\\{ord(match[0]):03o}", path) + '"'
