"""Versions: parts as written, and Flywheel's own order."""

import random
from itertools import groupby, product

import pytest

from gearlint.syntax.version import (
    GearVersion,
    VersionFormat,
    is_release,
    is_swapped,
    raised,
    without_flavour,
    without_v,
)
from gearlint.syntax.version_order import Order, flywheel_order, order_by_parts


@pytest.mark.parametrize(
    ("text", "format", "software", "gear", "extra"),
    [
        ("6.0.1_1.2.3", "software_gear", "6.0.1", "1.2.3", []),
        ("1.4.3_23.0.1", "gear_software", "23.0.1", "1.4.3", []),
        ("2.1.3_24.0.2_inc1.0", "gear_software", "24.0.2", "2.1.3", ["inc1.0"]),
        ("1.2.3", "gear", None, "1.2.3", []),
        ("1.2.3_hotfix", "gear", None, "1.2.3", ["hotfix"]),
        ("1.2.3", "software_gear", None, "1.2.3", []),
        ("24.0.07_v1.1.0", "software_gear", "24.0.07", "v1.1.0", []),
        ("20230220_6.0.1-5", "gear_software", "6.0.1-5", "20230220", []),
    ],
)
def test_parts_are_kept_as_written(
    text: str, format: VersionFormat, software: str | None, gear: str, extra: list[str]
) -> None:
    version = GearVersion(text, format)
    assert (version.software_part, version.gear_part) == (software, gear)
    assert version.extra_parts == extra
    assert "_".join(version.parts) == text


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("2.0.0_rc1", "rc1"),
        ("0.0.0_alpha6", "alpha6"),
        ("1.0.0-beta.2_2.0", "beta.2"),
        ("0.1.0rc1", "rc1"),
        ("0.3.dev", "dev"),
        ("0.0.6-dev", "dev"),
        ("2.1.3_24.0.2_inc1.0", ""),
        ("6.0.1-5", ""),
        ("23ec2b6", ""),
        ("1.2.0a1", ""),
        ("1.0.0_device2", ""),
        ("1.0.0_prepared", ""),
    ],
)
def test_pre_release_is_known_by_its_suffix(text: str, suffix: str) -> None:
    assert GearVersion(text, "software_gear").pre_release == suffix


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("1.9.0", "1.10.0"),  # numbers, not text
        ("1.2", "1.2.1"),
        ("1.0a1", "1.0"),  # strict versions know pre-releases
        ("1.0a2", "1.0b1"),
        ("1.4.3_23.0.1", "1.4.3_23.0.2"),
        ("1.4.3_23.0.1", "1.4.10_1.0.0"),
        ("2.0.0", "2.0.0_rc1"),  # and the loose order does not
        ("1.0.0", "1.0.0_0"),
        ("24.0.07", "24.0.8"),
    ],
)
def test_order_is_flywheels_own(earlier: str, later: str) -> None:
    assert flywheel_order(earlier, later) is Order.BELOW
    assert flywheel_order(later, earlier) is Order.ABOVE


@pytest.mark.parametrize(("one", "other"), [("1.2", "1.2.0"), ("1.0_2", "1.0_2"), ("1.02", "1.2")])
def test_different_texts_can_be_equal(one: str, other: str) -> None:
    assert flywheel_order(one, other) is Order.EQUAL


def test_a_number_against_a_word_cannot_be_compared() -> None:
    assert flywheel_order("1.0.4_v1.1.0", "1.0.4_1.2.0") is Order.UNDEFINED


def test_digits_that_are_not_decimal_are_a_word() -> None:
    assert flywheel_order("1.²", "1.2") is Order.UNDEFINED
    assert flywheel_order("1.²", "1.²") is Order.EQUAL


def test_absurd_lengths_are_not_compared() -> None:
    assert flywheel_order("9" * 5000, "1") is Order.UNDEFINED


# --- compared with an oracle: the rules of the specification, written independently


def kind_of(char: str) -> str:
    if char in "0123456789":
        return "digits"
    return "letters" if char in "abcdefghijklmnopqrstuvwxyz" else "dot" if char == "." else "rest"


def loose(text: str) -> list[int | str]:
    runs = [(kind, "".join(run)) for kind, run in groupby(text, kind_of)]
    return [int(run) if kind == "digits" else run for kind, run in runs if kind != "dot"]


def strict(text: str) -> tuple[list[int], tuple[int, str, int]] | None:
    before = text.rstrip("0123456789")
    letter = before[-1:] if before[-1:] in ("a", "b") else ""
    numbers = (before[:-1] if letter else text).split(".")
    if not all(number.isdigit() for number in numbers) or len(numbers) not in (2, 3):
        return None
    if letter and before == text:
        return None
    suffix = (0, letter, int(text[len(before) :])) if letter else (1, "", 0)
    return [*map(int, numbers), 0][:3], suffix


def oracle(one: str, other: str) -> int | None:
    keys = strict(one), strict(other)
    left, right = keys if None not in keys else (loose(one), loose(other))
    try:
        return (left > right) - (left < right)  # type: ignore[operator]
    except TypeError:
        return None


def random_version(chance: random.Random) -> str:
    def number() -> str:
        return str(chance.choice((0, 1, 2, 9, 10, 11, 20230220))).zfill(chance.choice((1, 1, 1, 2)))

    def part() -> str:
        text = ".".join(number() for _ in range(chance.randint(1, 3)))
        return (
            chance.choice(("", "", "", "", "v", "inc"))
            + text
            + chance.choice(
                ("", "", "", "", "", "a1", "b2", "rc1", "-5", "-beta", ".dev", "A", "é")
            )
        )

    return "_".join(part() for _ in range(chance.randint(1, 3)))


def test_order_of_random_pairs_is_that_of_the_oracle() -> None:
    chance = random.Random(2026)
    outcomes = []
    for _ in range(2_000):
        one, other = random_version(chance), random_version(chance)
        if chance.random() < 0.3:
            other = chance.choice((one, f"{one}_1", one.replace("1", "2", 1), f"{one}.0"))
        order = flywheel_order(one, other)
        assert order is Order(oracle(one, other)), (one, other)
        outcomes.append(order)
    assert all(outcomes.count(order) > 50 for order in Order)


def test_what_cannot_be_compared_is_ordered_part_by_part() -> None:
    assert order_by_parts("1.0.4_v1.1.0", "1.0.4_1.2.0") is Order.BELOW
    assert order_by_parts("1.0.4_1.10.0", "1.0.4_v1.9.0") is Order.ABOVE
    assert order_by_parts("1.0_rc1", "1.0_1") is Order.BELOW
    assert order_by_parts("v1.0_2", "1.0_2") is Order.EQUAL
    chance = random.Random(7)
    versions = [random_version(chance) for _ in range(60)]
    for one, other in product(versions, repeat=2):
        assert order_by_parts(one, other) is Order(-order_by_parts(other, one).value)


@pytest.mark.parametrize(
    "text",
    ["2.0.0_rc1", "1.0_2.0-beta", "1.2.0a1", "1.0_1.2.0b3", "1.0.dev2", "1.0_inc1.0rc2", "v1.2a1"],
)
def test_pre_releases_are_not_releases(text: str) -> None:
    assert not is_release(text)


@pytest.mark.parametrize(
    "text",
    [
        "2.0.0",
        "6.0.1-5_1.0",
        "4.3.6a",
        "1.0_5.0_optibet",
        "7.1.1-03d",
        "1.0_2.0_5af76a9",
        "1.0_6a9",
    ],
)
def test_other_suffixes_are_releases(text: str) -> None:
    assert is_release(text)


@pytest.mark.parametrize(
    ("part", "level", "new"),
    [
        ("1.9999999", "minor", None),  # which would become a date
        ("1.0.20240930", "patch", None),
        ("1.0.20240930", "minor", None),
        ("20240930.1", "major", None),
        ("20240930.1", "minor", "20240930.2"),
        ("1.0.2024", "patch", "1.0.2025"),
    ],
)
def test_date_is_not_raised(part: str, level: str, new: str | None) -> None:
    assert raised(part, level) == new


@pytest.mark.parametrize(
    ("text", "plain"),
    [("v1.0", "1.0"), ("V1.0", "1.0"), ("1.0", "1.0"), ("vv1", "vv1"), ("v", "v"), ("x1", "x1")],
)
def test_one_v_before_a_number_is_left_out(text: str, plain: str) -> None:
    assert without_v(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("5.0.11-xenial", "5.0.11"),
        ("5.0-cuda11-slim.1+x", "5.0"),
        ("6.0.1-5", "6.0.1-5"),
        ("6.0.1-5-gpu", "6.0.1-5"),
        ("1.0-rc1", "1.0-rc1"),
        ("1.0-beta", "1.0-beta"),
    ],
)
def test_flavour_is_left_out(text: str, plain: str) -> None:
    assert without_flavour(text) == plain


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("2.0.0_1.0.0", True),
        ("2.0.3_1.0.0", True),  # the first two numbers are enough
        ("2.0.0_2.0.0", False),  # the software's part is right
        ("2.0.3_2.0.1", False),  # both may be meant
        ("3.0.0_1.0.0", False),
        ("2.0.0", False),
    ],
)
def test_the_version_of_the_software_is_in_the_gears_part(text: str, swapped: bool) -> None:
    assert is_swapped(GearVersion(text, "gear_software"), "2.0.0") is swapped
