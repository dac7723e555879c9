"""Whether the quick look at the keys of inputs lets each misspelt key through."""

from string import ascii_letters

import pytest

from gearlint.python.quick_inputs import may_read_wrong_key, meant_key


def misspelt(key: str) -> set[str]:
    """The texts that are one letter from a key, and the key in capitals."""
    ends = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    letters = f"{ascii_letters}_"
    found = {before + letter + after for before, after in ends for letter in letters}
    found |= {before + letter + after[1:] for before, after in ends[:-1] for letter in letters}
    found |= {before + after[1:] for before, after in ends[:-1]}
    found |= {before + after[1] + after[0] + after[2:] for before, after in ends[:-2]}
    return found - {key} | {key.upper()}


@pytest.mark.parametrize("key", ["hierarchy", "location", "object"])
def test_a_misspelt_key_is_seen(key: str) -> None:
    assert not may_read_wrong_key(f'print(inputs["image"]["{key}"])')
    for each in misspelt(key):
        assert meant_key(each) == key
        assert may_read_wrong_key(f'print(inputs["image"]["{each}"])'), each


@pytest.mark.parametrize("key", ["base", "function", "objective", "direct", "a_location"])
def test_another_key_is_left_alone(key: str) -> None:
    assert not may_read_wrong_key(f'print(inputs["{key}"])')
