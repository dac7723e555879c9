"""Gear versions and their parts; `version_order` says which of two is newer.

A gear's version is one part or several joined by `_`: by convention the version of the wrapped
software and that of the gear, in one order or the other, and then whatever a site adds. A part is
rarely strict (`6.0.1-5`, `20230220`, `v1.1.0`, `24.0.07`), so the text is always kept as written.
"""

import re

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal

    VersionFormat = Literal["software_gear", "gear_software", "gear"]
else:
    VersionFormat = str

FORMATS: tuple[VersionFormat, ...] = ("software_gear", "gear_software", "gear")

LEVELS = ("major", "minor", "patch")

_DATES = 10_000_000
"""A number in a version that is this large or larger is a date, such as 20240930."""

FLAVOUR = regex(r"-(?!rc|alpha|beta|dev|pre)[A-Za-z].*")
"""What follows the version in an image's tag, up to its end, and is not a pre-release."""

_ALPHA_OR_BETA = regex(r"[A-Za-z]*[0-9]+(?:\.[0-9]+)+[ab][0-9]+\Z")
"""A part such as `1.2.0a1`; not a hash that ends like one, as `5af76a9`."""

PRE_RELEASE = regex(
    r"(?<![a-z])(?:rc|alpha|beta|dev|pre|preview|snapshot)(?:[._-]?[0-9]+)?(?=[._+-]|\Z)",
    re.IGNORECASE,
)


class GearVersion(NamedTuple):
    """A version as written, and the format that names its parts."""

    text: str
    version_format: VersionFormat

    @property
    def parts(self) -> list[str]:
        """The parts between the underscores, as written."""
        return self.text.split("_")

    @property
    def without_v(self) -> str:
        """The version without the `v` before the numbers of its parts."""
        return "_".join(map(without_v, self.parts))

    @property
    def expected_names(self) -> list[str]:
        """`software` and `gear`, or `gear` alone: the parts that the format has, in their order."""
        return self.version_format.split("_")

    @property
    def named_parts(self) -> list[tuple[str, str]]:
        """(`software` or `gear`, text) of the parts that the format names, in order.

        A version with one part, or with a second that only makes it a pre-release (`1.0.0_rc1`),
        has only the gear's, whatever the format.
        """
        first, *others = self.parts
        if not others or (len(others) == 1 and is_pre_release_suffix(others[0])):
            return [("gear", first)]
        return list(zip(self.expected_names, self.parts, strict=False))

    @property
    def gear_part(self) -> str:
        """The gear's own part."""
        return dict(self.named_parts)["gear"]

    @property
    def software_part(self) -> str | None:
        """The part of the wrapped software, `None` if the version has none."""
        return dict(self.named_parts).get("software")

    @property
    def extra_parts(self) -> list[str]:
        """The parts after those that the format names, such as `inc1.0`."""
        return self.parts[len(self.named_parts) :]

    @property
    def unnumbered_parts(self) -> list[tuple[str, str]]:
        """Those of `named_parts` that do not start with a digit, optionally after `v`."""
        return [(name, text) for name, text in self.named_parts if not is_numbered(text)]

    @property
    def has_numbered_part(self) -> bool:
        """Whether one of the first two parts starts with a digit, optionally after `v`.

        A version must have one; where a format was set, it must have no `unnumbered_parts` instead.
        """
        return any(map(is_numbered, self.parts[:2]))

    @property
    def swapped(self) -> str:
        """The version with its first two parts in the other order."""
        return "_".join([*self.parts[1::-1], *self.parts[2:]])

    @property
    def pre_release(self) -> str:
        """The suffix that makes it a pre-release (`rc1`, `beta`), or an empty string.

        `1.2.0a1` and `1.2.0b1`, which Flywheel's order knows, are not meant.
        """
        if not any(map(str.isalpha, self.text)):
            return ""
        match = PRE_RELEASE.search(self.text)
        return match.group() if match else ""

    def with_parts(self, *, software: str | None = None, gear: str | None = None) -> "GearVersion":
        """This version with another software part, gear part, or both; the rest is kept."""
        new = {"software": software, "gear": gear}
        named = [new[name] or text for name, text in self.named_parts]
        return self._replace(text="_".join([*named, *self.extra_parts]))


def raised(part: str, level: str) -> str | None:
    """A part with its `major`, `minor` or `patch` number one higher, and those after it 0.

    `None` if it is not two or three plain numbers (`20230220`, `6.0.1-5`, `v1.1.0`, `24.0.07`), if
    a number that would change is a date (`1.0.20240930`), or if it is too long.
    """
    if len(part) > limits.VERSION_CHARACTERS:
        return None
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(part)
    except InvalidVersion:
        return None
    numbers = version.release
    if ".".join(map(str, numbers)) != part or len(numbers) not in (2, 3):
        return None
    at = LEVELS.index(level)
    higher = [*numbers, 0][at] + 1
    if any(number >= _DATES for number in (*numbers[at:], higher)):
        return None
    rest = [0] * (len(numbers) - at - 1)
    return ".".join(map(str, [*numbers[:at], higher, *rest]))


def is_numbered(part: str) -> bool:
    """Whether a part starts with a digit, optionally after `v`."""
    first = part[1:2] if part[:1] in ("v", "V") else part[:1]
    return "0" <= first <= "9"


def without_v(text: str) -> str:
    """A version without the `v` or `V` before its number, if there is one."""
    return text[1:] if text[:1] in ("v", "V") and is_numbered(text) else text


def without_flavour(text: str) -> str:
    """A version without the flavour of the image: `5.0.11` for `5.0.11-xenial`."""
    return FLAVOUR.sub("", text) if "-" in text else text


def is_same(one: str, other: str) -> bool:
    """Whether two texts are the same version, except for a leading `v` and trailing zeros."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    parts = plain_part(text).split(".")
    while len(parts) > 1 and parts[-1] and not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)


def plain_part(part: str) -> str:
    """A part of a version in small letters, and without a `v` before its number."""
    return without_v(part).lower()


def is_swapped(version: GearVersion, software: str) -> bool:
    """Whether the version `software` is in the gear's part, and not in the software's part.

    It is in the part that is the same version, or else in the only part with the same first two
    numbers.
    """
    own, gear_part = version.software_part, version.gear_part
    if own is None or is_same(own, software):
        return False
    if is_same(gear_part, software):
        return True
    numbers = _first_numbers(software)
    return len(numbers) == 2 and numbers == _first_numbers(gear_part) != _first_numbers(own)


def distance(one: str, other: str) -> tuple[int, int]:
    """How far a version is from another: the less numbers they begin with alike, the farther.

    The first member is that number, below 0; the second how far the next numbers are apart.
    """
    pairs = list(zip(_numbers(one), _numbers(other), strict=False))
    alike = next((at for at, (a, b) in enumerate(pairs) if a != b), len(pairs))
    a, b = pairs[alike] if alike < len(pairs) else (0, 0)
    return -alike, abs(a - b)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]{1,9}", without_v(text))]


def _first_numbers(text: str) -> list[int]:
    """The first two numbers of a version; empty if it does not begin with two."""
    match = re.match(r"([0-9]{1,9})\.([0-9]{1,9})", without_v(text))
    return [int(match[1]), int(match[2])] if match else []


def is_release(text: str) -> bool:
    """Whether a version is not a pre-release (`2.0.0_rc1`, `1.2.0-beta`, `1.2.0b1`)."""
    return not any(_ALPHA_OR_BETA.match(part) for part in text.split("_")) and not (
        PRE_RELEASE.search(text)
    )


def is_pre_release_suffix(part: str) -> bool:
    """Whether a part says that the version is a pre-release, and nothing else (`rc1`)."""
    return part[:1].isalpha() and PRE_RELEASE.fullmatch(part) is not None


def without_pre_release(part: str) -> str:
    """A part without what makes it a pre-release, if that is at its end: 1.0.0 for 1.0.0-rc.1."""
    match = PRE_RELEASE.search(part)
    return part[: match.start()].rstrip(".-+") if match and match.end() == len(part) else part
