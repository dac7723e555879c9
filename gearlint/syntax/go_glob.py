"""Globs as Go's `filepath.Match` reads them, in COPY, ADD and `.dockerignore`."""

import re
from functools import lru_cache

from gearlint.core.lazy import regex

# A set of a glob as Go has it: in it, `]`, `-` and `\` are plain characters only after a `\`.
_RANGE = regex(r"(\\.|[^\]\\-])(?:-(\\.|[^\]\\-]))?", re.DOTALL)
_SET = regex(r"(\^?)((?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+)\]", re.DOTALL)
NOTHING = re.compile(r"(?!)")
"""Matches no path."""


@lru_cache(maxsize=4096)
def glob_pattern(glob: str) -> re.Pattern[str]:
    """One part of a path as a pattern of Go's `filepath.Match`, to be matched from the start.

    A malformed one matches nothing.
    """
    chunks = [""]  # what is between the stars
    at = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            chunks.append("")
        elif char == "?":
            chunks[-1] += "[^/]"
        elif char == "\\":
            if at == len(glob):
                return NOTHING
            chunks[-1] += re.escape(glob[at])
            at += 1
        elif char == "[":
            group = _SET.match(glob, at)
            if group is None:
                return NOTHING
            chunks[-1] += _set(group[2], is_negated=bool(group[1]))
            at = group.end()
        else:
            chunks[-1] += re.escape(char)
    first, *rest = chunks
    # What is between two stars is taken where it first fits, and no other place is tried: many
    # stars would else take exponential time.
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1] if chunk)
    last = f"[^/]*?{rest[-1]}" if rest else ""
    return re.compile(rf"{first}{middle}{last}\Z", re.DOTALL)


def shell_pattern(glob: str) -> re.Pattern[str]:
    """The same for a shell, which also negates a set by `!`; a leading dot is the caller's."""
    return glob_pattern(glob.replace("[!", "[^"))


def _set(items: str, *, is_negated: bool) -> str:
    """One character of, or with `is_negated` not of, the characters and ranges between brackets."""
    ranges = [
        (low.removeprefix("\\"), (high or low).removeprefix("\\"))
        for low, high in _RANGE.findall(items)
    ]
    inner = "".join(f"{re.escape(a)}-{re.escape(b)}" for a, b in ranges if a <= b)
    if is_negated:
        return f"[^/{inner}]"
    return f"(?!/)[{inner}]" if inner else "(?!)"
