"""The lines of the keys of a TOML file."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gearlint.engine.toml_lines import Key, lines_of_keys

LINES: list[tuple[str, dict[Key, int]]] = [
    ("", {}),
    ("a = 1\n\n b=2 # c = 3", {("a",): 1, ("b",): 3}),
    ("a . 'b c' = 1\na.\"d\\te\" = 2.5", {("a",): 1, ("a", "b c"): 1, ("a", "d\te"): 2}),
    ("[ a . b ] # ]\nc = 1\n[a]\nd = 1979-05-27 07:32:00.5",
     {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 2, ("a", "d"): 4}),
    ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3",
     {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "b"): 4, ("a", 1, "c"): 5,
      ("a", 1, "c", "d"): 6}),
    ("a = {b = {c = 1}, d = [1, 2]}\ne = 1",
     {("a",): 1, ("a", "b"): 1, ("a", "b", "c"): 1, ("a", "d"): 1, ("e",): 2}),
    ("a = [\n  1, # [\n  [2, 3,\n  ], {b = 1},\n  {b = 2}\n]\nc = 1",
     {("a",): 1, ("a", 2): 4, ("a", 2, "b"): 4, ("a", 3): 5, ("a", 3, "b"): 5, ("c",): 7}),
    ('a = """\nb = 1\n[c]\\"""\n""\\\n"""""\nd = \'\'\'\ne = 1\n\\\'\'\'\'\nf = "\\"#"\ng = \'\\\'',
     {("a",): 1, ("d",): 6, ("f",): 9, ("g",): 10}),
    ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\n[[a]]\n[[a.b]]\n[a.b.d]\ne = 1",
     {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 0, "b", 0): 2, ("a", 0, "b", 0, "c"): 3,
      ("a", 0, "b", 1): 4, ("a", 1): 5, ("a", 1, "b"): 6, ("a", 1, "b", 0): 6,
      ("a", 1, "b", 0, "d"): 7, ("a", 1, "b", 0, "d", "e"): 8}),
    ("a = [{b = 1}, {b = 2},\n{b = 3, c = [\n1]}]\nd = 1",
     {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 1, ("a", 1): 1, ("a", 1, "b"): 1, ("a", 2): 2,
      ("a", 2, "b"): 2, ("a", 2, "c"): 2, ("d",): 4}),
    ("a = [[1, {b = 1}],\n[{c = 1}]]",
     {("a",): 1, ("a", 0, 1): 1, ("a", 0, 1, "b"): 1, ("a", 1, 0): 2, ("a", 1, 0, "c"): 2}),
    ("[a]\nb = {}\nc = []\nd = {e.f = [\n]}\n['g']\nh = ','\ni = 1",
     {("a",): 1, ("a", "b"): 2, ("a", "c"): 3, ("a", "d"): 4, ("a", "d", "e"): 4,
      ("a", "d", "e", "f"): 4, ("g",): 6, ("g", "h"): 7, ("g", "i"): 8}),
    ("a = 1\r\nb = '''\r\n'''\r\nc = 2\r\n", {("a",): 1, ("b",): 2, ("c",): 4}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), LINES)
def test_lines_of_keys(text: str, lines: dict[Key, int]) -> None:
    tomllib.loads(text)
    assert lines_of_keys(text) == lines


def tables() -> st.SearchStrategy[str]:
    """TOML of every form in random order; the names of some keys are in values too."""
    keys = st.sampled_from(["a", "b.c", "'a'", '"b"', '"\\u0063"', "a . 'x=y' . b", '"#["', "d-1"])
    leaves = st.sampled_from([
        "1", "+1.5e3", "true", "1979-05-27 07:32:00Z", '"a = 1"', "'b = [{'", '"\\"] a = 1"',
        '"""\na = 1\n[b]\n"""', "'''\nb.c = 1\n'''''", '""', "''", '""""a"""""',
    ])  # fmt: skip
    gaps = st.sampled_from(["", " ", "\n", " # a = 1 ]\n\t"])

    def nested(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        items = st.lists(st.tuples(gaps, values, gaps).map("".join), max_size=3)
        members = st.lists(st.tuples(keys, values).map(" = ".join), max_size=3)
        return items.map(lambda each: f"[{','.join(each)}]") | members.map(
            lambda each: f"{{ {', '.join(each)} }}"
        )

    pairs = st.tuples(keys, st.recursive(leaves, nested, max_leaves=6)).map(" = ".join)
    headers = keys.map("[{}]".format) | keys.map("[[ {} ]] # a".format)
    return st.lists(pairs | headers | gaps, max_size=8).map("\n".join)


def keys_of(value: object, key: Key = ()) -> Iterator[Key]:
    """The keys, and the indices of tables in arrays, that tomllib reads."""
    if isinstance(value, dict):
        if key:
            yield key
        for name, item in value.items():
            yield from ([(*key, name)] if not isinstance(item, dict) else [])
            yield from keys_of(item, (*key, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keys_of(item, (*key, index))


@given(tables())
def test_each_key_that_tomllib_reads_has_a_line(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # most often a key that is given twice
        return
    assert lines_of_keys(text).keys() == set(keys_of(table))
