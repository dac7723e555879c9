"""`NamedTuple` of the core does what that of typing does."""

import collections
import copy
import pickle
import subprocess
import sys
import typing
from collections.abc import Callable
from typing import Any

import pytest

from gearlint.core.named_tuple import NamedTuple


class Ours(NamedTuple):
    """As any in gearlint."""

    path: str
    line: int
    kind: "str | None" = None
    number: int = 7

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path}:{self.line}"


class Theirs(typing.NamedTuple):
    """The same."""

    path: str
    line: int
    kind: "str | None" = None
    number: int = 7

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path}:{self.line}"


TYPE: Any = type(NamedTuple)
CLASSES = pytest.mark.parametrize("kind", [Ours, Theirs])
MADE = [
    lambda kind: kind("a", 1),
    lambda kind: kind("a", 1, "k"),
    lambda kind: kind("a", 1, "k", 2),
    lambda kind: kind("a", line=1),
    lambda kind: kind(line=1, path="a", number=3),
    lambda kind: kind(*("a", 1), kind="k"),
    lambda kind: kind("a", 1)._replace(line=2),
    lambda kind: kind("a", 1)._replace(),
]


@pytest.mark.parametrize("make", MADE)
def test_the_same_is_made(make: Callable[[Any], Any]) -> None:
    ours, theirs = make(Ours), make(Theirs)
    assert tuple(ours) == tuple(theirs)
    assert ours == theirs
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    for made in (pickle.loads(pickle.dumps(ours)), copy.copy(ours), copy.deepcopy(ours)):
        assert made == ours
        assert type(made) is Ours


@pytest.mark.parametrize(
    "make",
    [
        lambda kind: kind("a"),
        lambda kind: kind("a", 1, "k", 2, 3),
        lambda kind: kind("a", 1, path="b"),
        lambda kind: kind("a", 1, none=2),
        lambda kind: kind("a", number=2),
    ],
)
@CLASSES
def test_what_does_not_fit_is_refused(make: Callable[[Any], Any], kind: Any) -> None:
    with pytest.raises(TypeError):
        make(kind)


@CLASSES
def test_its_fields_cannot_be_set(kind: Any) -> None:
    for name in ("line", "other"):
        with pytest.raises(AttributeError):
            setattr(kind("a", 1), name, 2)


@CLASSES
def test_the_class_says_what_it_has(kind: Any) -> None:
    assert kind._fields == kind.__match_args__ == ("path", "line", "kind", "number")
    assert kind("a", 1).place == "a:1"
    match kind("a", 1):
        case Ours(path, line) | Theirs(path, line):
            assert (path, line) == ("a", 1)


def test_fields_are_read_as_those_of_the_standard_library() -> None:
    assert collections._tuplegetter is type(Theirs.path)  # type: ignore[attr-defined]
    assert type(Ours.path) is type(Theirs.path)


@pytest.mark.parametrize("number", range(18))
def test_any_number_of_fields(number: int) -> None:
    names = [f"field_{index}" for index in range(number)]
    body = {"__annotations__": dict.fromkeys(names, int), "__module__": __name__}
    made = TYPE("Many", (NamedTuple,), dict(body))
    assert tuple(made(*range(number))) == tuple(range(number))
    assert made(**dict.fromkeys(names, 1))._asdict() == dict.fromkeys(names, 1)
    with pytest.raises(TypeError):
        made(*range(number + 1))


def test_annotations_that_are_made_later() -> None:
    """As Python 3.14 has them in the body of a class."""
    body = {"__annotate_func__": lambda _: {"first": int, "second": str}, "second": "x"}
    made = TYPE("Later", (NamedTuple,), body)
    assert made(1)._asdict() == {"first": 1, "second": "x"}


def test_it_does_not_import_typing() -> None:
    code = "import sys; sys.modules['typing'] = None; import gearlint.core.named_tuple"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
