"""Which of two gear versions is newer."""

from enum import Enum

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.syntax.version import PRE_RELEASE, plain_part, without_v

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

_STRICT = regex(r"([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:([ab])([0-9]+))?\Z")
_LOOSE = regex(r"[0-9]+|[a-z]+|\.|[^0-9a-z.]+")


class Order(Enum):
    """Where one version sorts against another."""

    BELOW = -1
    EQUAL = 0
    ABOVE = 1
    UNDEFINED = None


def flywheel_order(one: str, other: str) -> Order:
    """Where version `one` sorts against `other` in Flywheel's own order.

    It is undefined if it compares a number with a word (`1.0.4_1.2.0` and `1.0.4_v1.1.0`), and for
    texts of over 1000 characters, which are not versions.
    The order is that of the exchange and of `flywheel-cli` 18.5.1: strict if both are two or three
    numbers, otherwise loose, by runs of digits and runs of lower-case letters.
    """
    if max(len(one), len(other)) > limits.COMPARED_CHARACTERS:
        return Order.UNDEFINED
    strict = _strict_key(one), _strict_key(other)
    if strict[0] is not None and strict[1] is not None:
        return _order(strict[0], strict[1])
    loose = _loose_key(one), _loose_key(other)
    for left, right in zip(*loose, strict=False):
        if left != right:
            return _order(left, right) if type(left) is type(right) else Order.UNDEFINED
    return _order(len(loose[0]), len(loose[1]))


def order_by_parts(one: str, other: str) -> Order:
    """Where version `one` sorts against `other`, part by part; never undefined.

    For versions that Flywheel's order cannot compare. A `v` before a number is ignored; a number
    sorts after a word.
    """
    keys = [
        [part_key(part) for part in text[: limits.COMPARED_CHARACTERS].split("_")]
        for text in (one, other)
    ]
    return _order(*keys)


def _order(one: "Any", other: "Any") -> Order:
    return Order((one > other) - (one < other))


def is_older(one: str, other: str) -> bool:
    """Whether version `one` certainly came before `other`, a `v` before a number aside.

    By Flywheel's order, and before the release that `other` leads to if it is a pre-release. Never
    for a version with more parts.
    """
    older, newer = ("_".join(map(without_v, text.split("_"))) for text in (one, other))
    if older.count("_") > newer.count("_"):
        return False
    release = PRE_RELEASE.split(newer, maxsplit=1)[0].rstrip("-._+")
    return all(flywheel_order(older, text) is Order.BELOW for text in (newer, release))


def part_key(part: str) -> tuple[tuple[bool, int | str], ...]:
    """By what a part of a version is sorted: its runs of digits and of letters, words first."""
    return tuple((isinstance(run, int), run) for run in _loose_key(plain_part(part)))


def sorts_above(one: str, other: str) -> bool:
    """Whether version `one` is newer than `other`, by Flywheel's order or else part by part."""
    order = flywheel_order(one, other)
    if order is Order.UNDEFINED:
        order = order_by_parts(one, other)
    return order is Order.ABOVE


def _strict_key(text: str) -> tuple[int, int, int, str, int] | None:
    match = _STRICT.match(text)
    if match is None:
        return None
    major, minor, patch, letter, number = match.groups()
    # A release sorts after its pre-releases: "z" is after "a" and "b".
    return int(major), int(minor), int(patch or 0), letter or "z", int(number or 0)


def _loose_key(text: str) -> list[int | str]:
    return [int(run) if run.isdecimal() else run for run in _LOOSE.findall(text) if run != "."]
