"""The table of what functions of Python take."""

import sys
from pathlib import Path

import pytest

from gearlint.python.quick_signatures import OF_2, TABLE, table
from gearlint.python.signatures import parameters_of
from tests.python import signatures_table
from tests.python.signatures_table import includes, main, signatures_of, stub_signatures, widest

PYTHONS = sorted((Path.home() / ".pyenv" / "versions").glob("[23].*/bin/python"))


def of_table(name: str) -> list[str]:
    return [each.removeprefix(OF_2) for each in table()[name]]


@pytest.mark.parametrize("python", [Path(sys.executable), *PYTHONS], ids=str)
def test_each_python_takes_no_more(python: Path) -> None:
    found = signatures_of(str(python), table())
    assert len(found) > 80
    for name, signature in found.items():
        assert [signature] == widest([signature])
        assert any(
            includes(parameters_of(each), parameters_of(signature)) for each in of_table(name)
        ), (name, signature)


def test_nor_do_the_stubs_say_so() -> None:
    for name in table():
        for signature in stub_signatures(name):
            assert any(
                includes(parameters_of(each), parameters_of(signature)) for each in of_table(name)
            ), (name, signature)


def test_what_is_written_again_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(signatures_table, "TABLE", str(tmp_path / "table"))
    main([sys.executable])
    written = (tmp_path / "table").read_text()
    assert sorted(written.splitlines()) == sorted(Path(TABLE).read_text().splitlines())


@pytest.mark.parametrize(
    ("wider", "other", "is_included"),
    [
        ("a", "a", True),
        ("a, b=1", "a", True),
        ("a", "a, b=1", False),
        ("a, b", "a, b=1", False),
        ("a, b=1", "a, b", True),
        ("a, b", "a", False),
        ("a", "a, /", True),
        ("a, /", "a", False),
        ("b", "a", False),
        ("b", "a, /", True),
        ("a, *, b=1", "a", True),
        ("a, *, b", "a", False),
        ("a, b=1", "a, *, b=1", True),
        ("a, *, b=1", "a, b=1", False),
        ("a, *, b", "a, *, b", True),
        ("a, *, b", "a, *, b=1", False),
        ("a, *b", "a, b, /", True),
        ("a, *b", "a, b", False),
        ("a, *b, **c", "a, b", True),
        ("a, **b", "a, *, c=1", True),
        ("a", "a, *b", False),
        ("a", "a, **b", False),
    ],
)
def test_signatures_that_include_another(wider: str, other: str, *, is_included: bool) -> None:
    assert includes(parameters_of(wider), parameters_of(other)) == is_included
