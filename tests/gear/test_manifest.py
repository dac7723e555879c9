"""How much of a manifest is looked at (GL004 reports what is too much), and where values are."""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.source import Source
from gearlint.gear.manifest import Manifest
from tests.conftest import Run
from tests.sound import write_gear

MANY = limits.MANIFEST_VALUES


@pytest.mark.parametrize(
    ("value", "is_too_much"),
    [
        (f"[{'0,' * MANY}0]", True),
        (f"[{'{},' * MANY}0]", True),
        (f"[{'0,' * (MANY // 2)}0]", False),
        (f'"{"[0]," * MANY}"', False),  # in a string
        (f"[{'{},' * (MANY // 2 + MANY // 4)}0]", False),  # an empty object holds no value
        ('"' + r"\\" * (limits.JSON_ESCAPES // 2 + 1) + '"', True),
        ('"' + r"\\" * (limits.JSON_ESCAPES // 4) + '"', False),
        ("[" * (limits.MANIFEST_LEVELS + 1) + "]" * (limits.MANIFEST_LEVELS + 1), True),
        ("[" * (limits.MANIFEST_LEVELS - 2) + "]" * (limits.MANIFEST_LEVELS - 2), False),
    ],
    ids=range(9),
)
def test_what_is_too_much(value: str, is_too_much: bool, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, f'"custom": {{"gear-builder": {{"category": "qa"}}, "x": {value}}}')
    assert check(tmp_path, "--select", "GL004").codes == (["GL004"] if is_too_much else [])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("a", "b", 0), "1"),
        (("a", "b", 1), "[1]"),
        (("a", "b", "c"), "[1]"),
        (("a", "c", 0), '{"b": [1]}'),
        ((0,), '{"a": {"b": [1]}}'),
    ],
)
def test_what_is_not_there_is_reported_around_it(path: tuple[str | int, ...], place: str) -> None:
    source = Source("manifest.json", b'{"a": {"b": [1]}}')
    assert source.data[slice(*Manifest(source).span(path))].decode() == place
