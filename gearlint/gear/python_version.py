"""Whether a script parses in another Python than the one that runs gearlint."""

import sys
import warnings
from functools import lru_cache

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.gear.script import PYTHON_2_STATEMENT, PYTHON_2_WORD, Fault, Script

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

_NEWER = regex(
    rb"(?m):=|^[ \t]*(?:match\b[^\n]*:|with[ \t]*\(|type[ \t]+\w|except[ \t]*\*"
    rb"|except[ \t]+[^(:\n]*,|(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[)"
    rb"|[(,][ \t\n]*/[ \t\n]*[,)]|\{[^{}\n]*=\}|\b(?:[tT][rR]?|[rR][tT])[\"']"
)
"""What may be of Python 3.8 or newer, so that an older one refuses it."""
_NESTED = regex(
    rb"""(?x)\b[fF][rR]?(?:
    "(?:[^"{}\\\n]|\{[^"{}\\\n]*+\})*+\{(?!\{)[^"{}\\\n]*+["\\]
    |'(?:[^'{}\\\n]|\{[^'{}\\\n]*+\})*+\{(?!\{)[^'{}\\\n]*+['\\])"""
)
"""An f-string with its own quote, or a backslash, in its braces: of Python 3.12."""
_WITH = regex(rb"(?m)^[ \t]*+with[ \t]*+\((?:[^()]|\([^()]*+\))*?\bas\b")
"""`with (a as b`, of Python 3.9."""
_UNPACKED = regex(rb"[\[({][ \t\n]*+\*[^\[\](){}]*\bfor\b")
"""`[*a for a in b]`, of Python 3.15."""
_LAZY = regex(rb"(?m)^[ \t]*+lazy[ \t]++(?:from|import)\b")
_NOT_TRIED = (
    (9, _WITH, "parenthesized context managers need Python 3.9"),
    (12, _NESTED, "an f-string with its own quote or a backslash in its braces needs Python 3.12"),
    (15, _UNPACKED, "unpacking in a comprehension needs Python 3.15"),
    (15, _LAZY, "lazy imports need Python 3.15"),
)
"""What newer Pythons (the first from 3.13 on) accept as an older one too; parso does not."""
_UNKNOWN_TO_US = regex(
    r"\b(?:[fFtT][rR]?|[rR][fFtT])[\"']|^\s*(?:type\s+\w|(?:async\s+)?(?:def|class)\s+\w+\s*\[)"
    r"|\blazy\b"
)
"""What Python 3.12 and newer accept and an older one refuses, in a line."""
_EXCEPT = regex(r"^\s*except\b")
"""What may have several types without parentheses, in a line."""
_SINCE_PARENTHESES = 14
"""The first Python 3 that takes these, as Python 2 does."""
_NAMES_ONCE = regex(r"\b(?:async|await)\b")
"""Names before Python 3.7, in a line."""
_LAST_OF_NAMES = 6
"""The last Python 3 in which those are names."""
_OLDEST, _NEWEST = 6, 15
"""The first and the last Python 3 whose grammar is known."""
_LAST_GRAMMAR = 14
"""The last Python 3 that parso knows: the next one refuses the same, but for what is above."""
_UNPACKING = "unpacking cannot be used in"
"""In the message on `[*a for a in b]`, which is of Python 3.15."""
_TABS = "tabs and spaces"
"""In the message on an indentation that Python 2 accepts."""


def may_be_newer(data: bytes, minor: int) -> bool:
    """Whether a text that this Python accepts may have what is newer than Python 3.`minor`."""
    return _NEWER.search(data) is not None or any(
        minor < since <= sys.version_info.minor and pattern.search(data) is not None
        for since, pattern, _ in _NOT_TRIED
    )


def fault_in_older(script: Script, minor: int) -> Fault | None:
    """What the older Python 3.`minor` refuses of a script that this one accepts."""
    data = script.source.data
    if _NEWER.search(data):
        import ast

        try:
            with warnings.catch_warnings(action="ignore"):
                ast.parse(data, feature_version=(3, minor))
        except SyntaxError as error:
            return script.fault_of(error)
        except (ValueError, RecursionError, MemoryError):
            pass  # unknown
    text = script.text
    for since, pattern, message in _NOT_TRIED:
        if minor < since <= sys.version_info.minor and (found := pattern.search(data)):
            line = script.source.position(found.end()).line
            if line in _lines_refused(text, minor):
                return script.fault_at(line, message)
    return None


def is_of_names_once(script: Script, fault: Fault, minor: int) -> bool:
    """Whether this Python may refuse a script only for a name that is none since Python 3.7.

    What else it refuses, the older Python 3.`minor` refuses as well.
    """
    return minor <= _LAST_OF_NAMES and _NAMES_ONCE.search(_line_of(script, fault)) is not None


def may_be_of_2(script: Script, fault: Fault) -> bool:
    """Whether what a Python 3 refuses may be of Python 2, as the script may be."""
    is_word = PYTHON_2_WORD.search(_line_of(script, fault)) is not None
    is_of_2 = is_word or PYTHON_2_STATEMENT.search(script.text) is not None
    return is_of_2 or _TABS in fault.message


def fault_in_others(
    script: Script, minor: int | None = None, *, is_3: bool = False
) -> Fault | None:
    """A syntax error of this Python that is one in the newer Python 3.`minor`, or in every Python.

    Only where that has nothing in the line that this one may not know, and parsers for the others
    stop there, or further down, as well. Of Python 2 it is one where nothing looks like that, or
    where a Python 3 certainly runs the script.
    """
    fault = script.fault
    if fault is None:
        return None
    line = _line_of(script, fault)
    if _UNKNOWN_TO_US.search(line) or _UNPACKING in fault.message:
        return None
    text = script.text
    if not is_3 and may_be_of_2(script, fault):
        return None
    if minor is None and _NAMES_ONCE.search(line):
        return None
    if (minor is None or minor >= _SINCE_PARENTHESES) and _EXCEPT.search(line):
        return None
    number = script.source.position(fault.span.start).line
    minors = [_OLDEST, _NEWEST] if minor is None else [minor]
    is_refused = all(max(_lines_refused(text, each), default=0) >= number for each in minors)
    return fault if is_refused else None


def _line_of(script: Script, fault: Fault) -> str:
    """The line that is refused."""
    return script.source.line(script.source.position(fault.span.start).line)


@lru_cache(maxsize=2)  # of one script: `--fix` asks again after each fix of another file
def _lines_refused(text: str, minor: int) -> list[int]:
    """The lines (from 1) that parso refuses as Python 3.`minor`.

    None without a grammar, or where it would take long.
    """
    if len(text) > limits.PARSO_CHARACTERS or minor > _NEWEST:
        return []
    from parso.grammar import load_grammar

    try:
        grammar = load_grammar(version=f"3.{min(minor, _LAST_GRAMMAR)}")
        tree = grammar.parse(text)
        if _steps(tree) > limits.PARSO_STEPS:
            return []
        return [issue.start_pos[0] for issue in grammar.iter_errors(tree)]
    except (NotImplementedError, RecursionError, ValueError):
        return []


def _steps(tree: "Any") -> int:
    """How often parso will look at a node: for each error it searches those beside it."""
    steps = 0
    pending = [tree]
    while pending:
        inner = getattr(pending.pop(), "children", ())
        steps += len(inner) * sum(each.type.startswith("error_") for each in inner)
        pending += inner
    return steps
