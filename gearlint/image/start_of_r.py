"""What R does with its arguments without a terminal, as in a job or while an image is built."""

import re
from collections.abc import Sequence

from gearlint.core.lazy import regex

_STILL_ASKS = frozenset((
    "--no-environ", "--no-init-file", "--no-restore", "--no-restore-data", "--no-site-file", "-q",
    "--quiet", "--restore", "--silent", "--verbose",
))  # fmt: skip
"""Options with which R does not know what to do with its workspace, so that it stops at once."""
_QUOTED = regex(r"\"(?:[^\"\\]|\\.?)*+(\")?|'(?:[^'\\]|\\.?)*+(')?|`[^`]*+(`)?|#[^\n]*+", re.DOTALL)
"""What is quoted, with its last quote if it has one, or a comment."""
_RAW_OR_ENDS = regex(r"\b(?:[rR][\"'][-(\[{]|q(?:uit)?\()")
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}
_INSTALLED = regex(
    r"(?:\A|[;\n])[ \t]*+(?:\w++::)?(?:install\.packages|install_github|BiocManager::install)\("
    r"\s*+(?:c\(\s*+)?([A-Za-z][\w.]*+)\s*+[,)]"
)
"""A statement that installs a package whose name has no quotes."""
_OF_BASE = frozenset(("F", "FALSE", "LETTERS", "NA", "NULL", "T", "TRUE", "letters"))
_SETS_OTHERS = regex(r"\b(?:assign|attach|data|eval|load|source|sys\.source)\(")


def stops_at_once(args: Sequence[str]) -> bool:
    """Whether R certainly ends without having run anything, as with `R FILE` and `R < FILE`."""
    return [*args[:1]] not in (["CMD"], ["RHOME"]) and all(
        arg in _STILL_ASKS or not arg.startswith("-") for arg in args
    )


def refused_code(code: str) -> str:
    """Why R stops at code, given by `-e`: an open quote or bracket, or a package without quotes.

    Empty where that is not known.
    """
    if _RAW_OR_ENDS.search(code):
        return ""
    if any(not (match[0][0] == "#" or match.lastindex) for match in _QUOTED.finditer(code)):
        return "a quote is not closed"
    plain = _QUOTED.sub("''", code)
    expected: list[str] = []
    for character in plain:
        if character in _CLOSED_BY:
            expected.append(_CLOSED_BY[character])
        elif character in ")]}" and (not expected or expected.pop() != character):
            return f"{character} closes no bracket"
    if expected:
        return "a bracket is not closed"
    bare = _INSTALLED.search(plain)
    if bare is None or bare[1] in _OF_BASE or _SETS_OTHERS.search(plain):
        return ""
    name = re.escape(bare[1])
    is_set = re.search(rf"(?<![\w.]){name}\s*+(?:<<?-|=(?!=))|->\s*+{name}\b", plain)
    return "" if is_set else f"the package {bare[1]} has no quotes, as the shell took them"
