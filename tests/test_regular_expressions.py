"""No regular expression takes more than linear time in practice: neither gearlint's own, nor a
manifest's.

Each pattern in gearlint's modules is timed on long texts made for it: the characters and words that
it names, over and over, with an end on which it may fail. That finds what a tool that reads the
patterns finds too, and also reads possessive repeats, which such tools do not.
"""

import ast
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from itertools import chain, combinations, permutations
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

import pytest

import gearlint
from gearlint.core.lazy import _Regex
from gearlint.syntax import patterns
from tests.machine import in_time

PACKAGE = Path(gearlint.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "_built" not in path.parts and path.stem not in ("__init__", "__main__")
}
LONG = 9_000
"""Characters of a text: n² steps take twice the limit and more, n steps some ten microseconds."""
LIMIT = 0.03
ANCHORED = ("match", "fullmatch")
REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)
FEW = 4
"""As often as something may be repeated in each place of a text."""


class Used(NamedTuple):
    """A pattern in a module, and whether it is ever looked for from other places than one."""

    module: str
    pattern: re.Pattern[Any]
    searches: bool


def used() -> Iterator[Used]:
    """Every pattern that the modules name or compile, once for each."""
    parsed = {
        import_module(name): ast.parse(path.read_text(encoding="utf-8"))
        for name, path in MODULES.items()
    }
    yield from of_names(parsed)
    for module, tree in parsed.items():
        yield from of_calls(module, tree)


def of_names(parsed: dict[ModuleType, ast.Module]) -> Iterator[Used]:
    """Those that a module has under a name, with how it and those that import them use them."""
    named: dict[int, tuple[ModuleType, Any]] = {}
    for module in parsed:
        for value in vars(module).values():
            if isinstance(value, _Regex | re.Pattern):
                named.setdefault(id(value), (module, value))
    methods: dict[int, set[str]] = {key: set() for key in named}
    for module, tree in parsed.items():
        for expression, method in uses(tree):
            key = id(evaluated(expression, module))
            if key in methods:
                methods[key].add(method)
    for key, (module, value) in named.items():
        pattern: Any = value._compile() if isinstance(value, _Regex) else value
        searches = not methods[key] or not methods[key] <= {*ANCHORED, "pattern"}
        yield Used(module.__name__, pattern, searches)


def uses(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """What may be a pattern, with the attribute of it that is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and hasattr(re.Pattern, node.attr):
            yield node.value, node.attr


def evaluated(expression: ast.expr, module: ModuleType) -> Any:
    """What a name, a string or the like is in a module; `None` where it is of a function."""
    if isinstance(expression, ast.Name | ast.Attribute | ast.Constant | ast.JoinedStr | ast.BinOp):
        with suppress(NameError, AttributeError):
            return eval(ast.unparse(expression), vars(module))
    return None


def of_calls(module: ModuleType, tree: ast.Module) -> Iterator[Used]:
    """Those that are written where they are used: `re.sub("a+", ...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if getattr(node.func.value, "id", "") != "re":
            continue
        method = node.func.attr
        pattern = evaluated(node.args[0], module) if node.args else None
        if method in ("compile", "escape") or not isinstance(pattern, str | bytes):
            continue
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        flags = [text for text in map(ast.unparse, arguments) if text.startswith("re.")]
        compiled = re.compile(pattern, eval(flags[0]) if flags else 0)
        yield Used(module.__name__, compiled, method not in ANCHORED)


def parsed(pattern: re.Pattern[Any]) -> Any:
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    return _parser.parse(text, pattern.flags & (re.VERBOSE | re.MULTILINE | re.DOTALL))


def may_be_slow(pattern: re.Pattern[Any]) -> bool:
    """Whether something may be repeated as often as a text is long: else a place has few steps."""
    pending = [parsed(pattern)]
    while pending:
        for kind, value in pending.pop():
            if kind in REPEATS and value[1] > FEW:
                return True
            pending += inside(value)
    return False


def pieces(pattern: re.Pattern[Any]) -> list[str]:
    """The characters and the words that a pattern names, and some that most do not."""
    found = {" ", "\n", "a", "0", "\\", *"\"'#"}
    pending = [parsed(pattern)]
    while pending:
        word = ""
        for kind, value in pending.pop():
            if kind is _parser.LITERAL:
                word += chr(value)
                found.add(chr(value))
            found |= set(map(chr, of_set(value))) if kind is _parser.IN else set()
            pending += inside(value)
        found |= {word} - {""}
    return sorted(found, key=lambda piece: (piece.isalnum(), len(piece), piece))[:14]


def of_set(items: Any) -> list[int]:
    literals = [value for kind, value in items if kind is _parser.LITERAL]
    return literals + [value[0] for kind, value in items if kind is _parser.RANGE]


def inside(value: Any) -> list[Any]:
    """The patterns in an item of a pattern."""
    if isinstance(value, _parser.SubPattern):
        return [value]
    if isinstance(value, list | tuple):
        return [found for item in value for found in inside(item)]
    return []


def texts(each: Used) -> Iterator[str]:
    """Long texts: one or two pieces over and over, after a beginning and before an end.

    What is looked for from all places finds `ba` over and over in `ab` over and over.
    """
    named = pieces(each.pattern)
    longest = max(named, key=len)
    pairs = combinations(named, 2) if each.searches else permutations(named, 2)
    for pump in chain(named, map("".join, pairs)):
        body = pump * (LONG // len(pump))
        yield from (body, body + "\0", longest + body + "!", f'"{body}')


def seconds(run: Callable[[], object]) -> float:
    """How long it takes, at best of three where it takes long."""
    best = LIMIT + 1
    for _ in range(3):
        begun = time.process_time()
        run()
        best = min(best, time.process_time() - begun)
        if best < LIMIT:
            break
    return best


@cache
def patterns_of() -> dict[str, list[Used]]:
    """The patterns of each module, each once."""
    found: dict[str, list[Used]] = {}
    for each in {(each.module, each.pattern, each.searches): each for each in used()}.values():
        found.setdefault(each.module, []).append(each)
    return found


def test_patterns_are_found() -> None:
    assert sum(map(len, patterns_of().values())) > 500
    assert {"gearlint.syntax.jsontext.parser", "gearlint.rules.script"} <= patterns_of().keys()
    assert patterns_of().keys() <= {*MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_own_patterns_take_linear_time(module: str) -> None:
    for each in patterns_of().get(module, []):
        if not may_be_slow(each.pattern):
            continue
        is_bytes = isinstance(each.pattern.pattern, bytes)
        method = each.pattern.search if each.searches else each.pattern.match
        for text in texts(each):
            subject: Any = text.encode("latin-1", "replace") if is_bytes else text
            assert seconds(partial(method, subject)) < LIMIT, (each, text[:20], text[-3:])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("ab?c{1,4}", False), ("(?=a{2})[ab]", False), ("ab*", True), ("(?:aa?)++b", True)],
)
def test_patterns_that_may_be_slow(pattern: str, expected: bool) -> None:
    assert may_be_slow(re.compile(pattern)) is expected


@pytest.mark.parametrize("slow", [r"\s*x", "a+b", r"^\s*path\s*=", r"(?:\.0+)+\Z"])
def test_a_slow_pattern_would_be_found(slow: str) -> None:
    each = Used("", re.compile(slow, re.MULTILINE), searches=True)
    assert may_be_slow(each.pattern)
    assert any(seconds(partial(each.pattern.search, text)) > LIMIT for text in texts(each))


KNOWN = [
    "^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    r"^(?:(?:\w+\s?)+)$", r"^\d*[0-9](|.\d*[0-9]|)*$", r"(x+x+)+y", r"^(\w+\s*)+:$",
    r"((a{0,5}){0,5})*[c]", r"^(.*,)*x$", r"\A(?:[^,]*,)*\Z!", r"(?:(?:a|b)*c?)*d", r"(\s*\w+)*\.$",
]  # fmt: skip
"""Of the literature on slow patterns, and of reported ones."""


@pytest.mark.parametrize("pattern", KNOWN)
def test_known_bad_pattern_of_a_manifest_takes_no_time(pattern: str) -> None:
    for text in ("a" * 5_000 + "!", "aB, " * 1_000 + "\0", "x" * 4_999, "0" * 3_000 + "-"):
        with in_time(0.5):
            patterns.analysed(pattern)
            patterns.syntax_error(pattern)
            patterns.matches(pattern, text)
