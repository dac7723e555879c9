"""The value of a JSON text is what `json` says, on every Python that the tests run on."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gearlint.syntax import json_value

ROOT = Path(__file__).parents[2]

TEXTS = (
    "{}", "[]", '""', "0", "-1", "1.5e3", "-0", "1E400", "true", "false", "null", "NaN",
    "-Infinity",
    " \t\r\n{ \"a\" : [ 1 , 2 ] }\n\n", '{"a": 1, "a": 2}', '{"a": {"b": [{}, {"c": null}]}}',
    r'"\u00e9\n\\\/ \ud83d\ude00"', '"é 😀"', r'"\ud800"', '[{"k": "v"}, {"k": "v"}]', "9" * 5000,
    # what is not JSON
    "", " ", "{", "}", "[1,]", '{"a": 1,}', '{"a" 1}', "{'a': 1}", '"a', '"\\x"', '"a\nb"',
    "01", "1 2", "{} x", "[] ,", "nul", "\x0b{}", "{}\x0c", "\xa0{}", "+1", ".5", "1.", "tru",
    "\ufeff", '{1: 2}', "[" * 100_000,
)  # fmt: skip


def value_of(loads: Callable[..., Any], text: str) -> str:
    """The value, and what the hooks are given; else what is raised."""
    told: list[object] = []

    def hook(given: Any) -> Any:
        told.append(given)
        return dict(given) if isinstance(given, list) else f"<{given}>"

    try:
        value = loads(text, object_pairs_hook=hook, parse_constant=hook, parse_int=hook)
    except RecursionError:
        return "too deep"
    except ValueError:
        return "not JSON"
    return repr((value, told))


def without_json(text: str) -> str:
    """What it is where nothing has imported `json`, or each time anew."""
    for name in ("json", "json.decoder", "json.scanner", "json.encoder"):
        sys.modules.pop(name, None)
    return value_of(json_value.loads, text)


@pytest.fixture(scope="module")
def values() -> dict[str, str]:
    """What each text is in a process of its own."""
    program = "from tests.syntax import test_json_value as t; t.main()"
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    return dict(zip(TEXTS, result.stdout.decode().split("\0"), strict=True))


def main() -> None:
    sys.stdout.write("\0".join([ascii(without_json(text)) for text in TEXTS]))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_as_json_reads_it(text: str, values: dict[str, str]) -> None:
    expected = value_of(json.loads, text)
    assert value_of(json_value.loads, text) == expected
    assert values[text] == ascii(expected)


def test_json_is_asked_where_its_inner_parts_may_be_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, text in enumerate(TEXTS):
        monkeypatch.setattr(sys, "version_info", (3, 15) if number % 2 else (3, 11))
        monkeypatch.setattr(sys.implementation, "name", "cpython" if number % 2 else "pypy")
        monkeypatch.setattr("json.loads", lambda text, **hooks: ("asked", text, *hooks))
        assert value_of(json_value.loads, text).startswith("(('asked'")
        monkeypatch.undo()


def test_json_is_not_imported() -> None:
    program = "from gearlint.gear import manifest; import sys; print('json' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"
