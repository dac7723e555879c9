"""What `.dockerignore` and the globs of COPY match, and that no pattern takes long."""

import re
import time
from pathlib import Path

import pytest

from gearlint.context import Context, glob_pattern

LIMIT = 0.5
"""Seconds; without care, each of the slow ones here takes years."""


def is_ignored(folder: Path, lines: str, path: str) -> bool:
    (folder / ".dockerignore").write_text(lines)
    return Context(str(folder), str(folder)).is_ignored(path)


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("*.py", "run.py"),
        ("a*b*c", "abc a__b__b_c"),
        ("*a*b*", "xxabyy"),
        ("?[a-c]", "xb"),
        ("[^a-c]", "d ]"),
        (r"[\]\-\\]", "] - \\"),
        (r"\*", "*"),
        ("[[&~|^]", "[ & ~ | ^"),
        ("[z-ab]", "b"),
        ("[^z-a]", "m"),
    ],
)
def test_glob_matches(glob: str, names: str) -> None:
    for name in names.split():
        assert glob_pattern(glob).match(name)


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("*.py", "run.pyc"),
        ("a*b*c", "acb"),
        ("*", "a/b"),
        ("[^a]", "/"),
        ("[z-a]", "m"),
        # Go refuses these, so they match nothing.
        ("[-a]", "a"),
        ("[a-]", "a"),
        ("[]a]", "a"),
        ("[a", "a"),
        ("[]", "]"),
        ("[a--b]", "b"),
    ],
)
def test_glob_does_not_match(glob: str, name: str) -> None:
    assert not glob_pattern(glob).match(name)


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("**/x", "x a/x a/b/x"),
        ("**.py", "a.py a/b.py"),
        ("a/**", "a/b a/b/c"),
        ("**", "a a/b"),
        ("**/**/x", "x a/x"),
        ("a**b", "ab ax/b a/b"),
        ("a/**/b/**/c", "a/b/c a/x/b/y/z/c"),
        ("**/a*/b", "q/ab/ac/b"),
        ("**/*.pyc", "x.pyc x/y.pyc"),
    ],
)
def test_dockerignore_line_matches(tmp_path: Path, line: str, paths: str) -> None:
    for path in paths.split():
        assert is_ignored(tmp_path, line, path)


@pytest.mark.parametrize(
    ("line", "path"), [("a/**", "a"), ("**/x", "ax"), ("a**b", "axb"), ("**/a/**/b", "a/x/c")]
)
def test_dockerignore_line_does_not_match(tmp_path: Path, line: str, path: str) -> None:
    assert not is_ignored(tmp_path, line, path)


@pytest.mark.parametrize(
    "line",
    ["*a" * 40 + "b", "*?" * 40 + "b", "**/a/" * 40 + "b", "a**" * 40 + "b", "/**" * 40 + "/b"],
)
def test_stars_of_dockerignore_take_no_time(tmp_path: Path, line: str) -> None:
    begun = time.perf_counter()
    assert not is_ignored(tmp_path, line, "a/" * 100 + "a" * 100 + "!")
    assert not is_ignored(tmp_path, line, "a" * 200)
    assert time.perf_counter() - begun < LIMIT


def test_dockerignore_past_any_use_ignores_nothing(tmp_path: Path) -> None:
    assert is_ignored(tmp_path, "a\n" + "[b" * 100 + "]\n", "a")
    assert not is_ignored(tmp_path, "a\n" + "b" * 200_000, "a")
    assert not is_ignored(tmp_path, "a" * 301, "a" * 301)


def test_glob_is_no_regular_expression() -> None:
    for char in "().+|{}$#-~&":
        assert glob_pattern(char).fullmatch(char)
    assert glob_pattern("a.c").match("abc") is None
    assert isinstance(glob_pattern("("), re.Pattern)
