"""Names that are nearly others, and several names in a message."""

from itertools import product

from gearlint.core import limits
from gearlint.core.text import NearNames, is_one_edit_away, named

WORDS = ["".join(letters) for size in range(5) for letters in product("abAß", repeat=size)]


def test_near_names_are_those_that_are_one_edit_away() -> None:
    names = WORDS[::3]
    near = NearNames(names)
    for word in WORDS:
        assert set(near.of(word)) == {name for name in names if is_one_edit_away(word, name)}


def test_no_name_is_near_among_more_than_are_looked_at() -> None:
    names = [f"name{number:04}" for number in range(limits.NEAR_NAMES)]
    assert "name0000" in NearNames(names).of("nam0000")
    assert not list(NearNames([*names, "other"]).of("nam0000"))


def test_first_of_several_names() -> None:
    assert named(["a"]) == '"a"'
    assert named(["a", "b", "c"]) == '"a", "b" and "c"'
    assert named(["a", "b", "c", "d", "e"]) == '"a", "b", "c" and 2 more'
