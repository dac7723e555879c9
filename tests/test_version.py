"""Versions: parts as written, and Flywheel's own order."""

import pytest

from gearlint.version import GearVersion, VersionFormat, compare


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
    assert (version.software, version.gear, version.extra) == (software, gear, extra)
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
    assert compare(earlier, later) == -1
    assert compare(later, earlier) == 1


@pytest.mark.parametrize(("one", "other"), [("1.2", "1.2.0"), ("1.0_2", "1.0_2"), ("1.02", "1.2")])
def test_different_texts_can_be_equal(one: str, other: str) -> None:
    assert compare(one, other) == 0


def test_a_number_against_a_word_cannot_be_compared() -> None:
    assert compare("1.0.4_v1.1.0", "1.0.4_1.2.0") is None


def test_absurd_lengths_are_not_compared() -> None:
    assert compare("9" * 5000, "1") is None
