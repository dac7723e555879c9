"""What `gearlint.syntax.patterns` uses of Python's private `re._parser` and `re._compiler`.

Where one of these tests fails, a new Python has changed them. Exponential patterns are then missed,
or reported wrongly; `re` itself is not affected.
"""

import ast
import re
import sys
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from gearlint.syntax import patterns

LOOK = (
    f"Python {sys.version_info.major}.{sys.version_info.minor} has changed a private module of re: "
    "compare Lib/re/_parser.py and Lib/re/_compiler.py with the previous ones, and adapt "
    "`_Automaton.item`, `_Automaton.repeat` and `_one` in gearlint/syntax/patterns.py"
)
NAMES = {
    "_compiler": {"_combine_flags", "compile"},
    "_parser": {
        "ANY", "AT", "BRANCH", "IN", "LITERAL", "MAXREPEAT", "MAX_REPEAT", "MIN_REPEAT",
        "NOT_LITERAL", "POSSESSIVE_REPEAT", "SUBPATTERN", "State", "SubPattern", "parse",
    },
}  # fmt: skip
A, B = ("LITERAL", 97), ("LITERAL", 98)
SHAPES: dict[str, list[Any]] = {
    "a": [A],
    "[^a]": [("NOT_LITERAL", 97)],
    "[a-c]": [("IN", [("RANGE", (97, 99))])],
    r"\d": [("IN", [("CATEGORY", "CATEGORY_DIGIT")])],
    ".": [("ANY", None)],
    "^": [("AT", "AT_BEGINNING")],
    r"\b": [("AT", "AT_BOUNDARY")],
    "(a)": [("SUBPATTERN", (1, 0, 0, [A]))],
    "(?s-i:a)": [("SUBPATTERN", (None, int(re.S), int(re.I), [A]))],
    "ab|ba": [("BRANCH", (None, [[A, B], [B, A]]))],
    "a*": [("MAX_REPEAT", (0, "MAXREPEAT", [A]))],
    "a{2,3}?": [("MIN_REPEAT", (2, 3, [A]))],
    "a++": [("POSSESSIVE_REPEAT", (1, "MAXREPEAT", [A]))],
}
"""Patterns, and what `parse` makes of them; constants by their names."""

NOT_UNDERSTOOD = ["a*+", "(?>a)", "(?=a)", "(?<!a)", r"(a)\1", "(a)?(?(1)b)"]


def plain(value: Any) -> Any:
    """What `parse` returns as lists and tuples, constants by their names."""
    if isinstance(value, list | _parser.SubPattern):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return getattr(value, "name", None) or value


def test_these_names_are_used() -> None:
    tree = ast.parse(Path(patterns.__file__).read_text(encoding="utf-8"))
    used: dict[str, set[str]] = {module: set() for module in NAMES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.get(node.value.id, set()).add(node.attr)
    assert used == NAMES, "NAMES, in this file, must be what patterns.py uses"


@pytest.mark.parametrize("module", NAMES)
def test_the_names_exist(module: str) -> None:
    found = {"_compiler": _compiler, "_parser": _parser}[module]
    missing = [name for name in sorted(NAMES[module]) if not hasattr(found, name)]
    assert not missing, LOOK


@pytest.mark.parametrize("pattern", SHAPES)
def test_shape_of_a_parsed_pattern(pattern: str) -> None:
    assert plain(_parser.parse(pattern)) == SHAPES[pattern], LOOK


@pytest.mark.parametrize("pattern", NOT_UNDERSTOOD)
def test_what_is_not_understood_has_a_kind_of_its_own(pattern: str) -> None:
    kinds = {kind for kind, _ in _parser.parse(pattern)}
    names = NAMES["_parser"] - {"POSSESSIVE_REPEAT"}  # only its copies are counted
    understood = {getattr(_parser, name) for name in names if name.isupper()}
    assert kinds - understood, LOOK


def test_constants_are_compared_by_identity() -> None:
    ((kind, (_, high, _)),) = _parser.parse("a*")
    assert kind is _parser.MAX_REPEAT, LOOK
    assert high is _parser.MAXREPEAT, LOOK


def test_flags_of_a_pattern_and_of_a_group() -> None:
    flags = _parser.parse("(?i)a").state.flags
    assert flags & re.I, LOOK
    assert flags & re.U, LOOK
    combined = _compiler._combine_flags(flags, int(re.S), int(re.I))
    assert combined == (flags | re.S) & ~re.I, LOOK
    assert _compiler._combine_flags(flags, int(re.A), 0) & (re.A | re.U) == re.A, LOOK


@pytest.mark.parametrize(
    ("pattern", "matched", "other"),
    [("a", "a", "b"), ("[^a]", "b", "a"), ("[a-c]", "b", "d"), (".", "a", "\n"), (r"\b", "a", "")],
)
def test_one_item_is_compiled_by_itself(pattern: str, matched: str, other: str) -> None:
    (item,) = _parser.parse(pattern)
    compiled = _compiler.compile(_parser.SubPattern(_parser.State(), [item]), int(re.U))
    assert isinstance(compiled, re.Pattern), LOOK
    assert compiled.match(matched), LOOK
    assert not compiled.match(other), LOOK
