"""Which part of a gear's version is the software's and which the gear's own, and how that is known.

The one place that decides it: the setting `version-format`; else what the tags of the gear's
releases show clearly; else where the Dockerfile's version of the software is; else `software_gear`.
`check` has the names of the tags from the files of git, `bump` and `version` from git.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from functools import lru_cache, partial
from itertools import pairwise

from gearlint.core import limits
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import real_path
from gearlint.gear.gear import Gear
from gearlint.release.own_tags import OwnTags
from gearlint.release.refs import tag_names
from gearlint.release.tags import newest_release
from gearlint.syntax.version import (
    GearVersion,
    VersionFormat,
    is_numbered,
    is_release,
    is_same,
    is_swapped,
    without_v,
)
from gearlint.syntax.version_order import part_key

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.software import Evidence

CLEAR_MOVES = 2
"""Releases in which one part moved alone, and the other in none, that make the order clear."""

_Key = tuple[tuple[bool, int | str], ...]

_TWO_PART: tuple[VersionFormat, VersionFormat] = ("software_gear", "gear_software")


class Ground(Enum):
    """What the order of the parts is known from."""

    SETTING = "setting"
    TAGS = "tags"
    DOCKERFILE = "dockerfile"
    DEFAULT = "default"


class PartOrder(NamedTuple):
    """The order of the parts, what it is known from, and that in words.

    `versions` are those in the gear's tags; `check` does not look for them if a setting decides.
    `doubt` says what of the tags speaks against a default, without making another order clear.
    """

    version_format: VersionFormat
    ground: Ground
    reason: str
    versions: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def shown(self) -> str:
        """The order as messages show it: `<gear>_<software>`."""
        return "_".join(f"<{name}>" for name in self.version_format.split("_"))

    @property
    def shows_software(self) -> bool:
        """Whether the newest release in the tags has a part for the software."""
        return is_pair(newest_release(self.versions) or "")

    @property
    def shown_by(self) -> str:
        """What shows that a version has two parts, to begin a help with; empty if nothing does."""
        if self.ground is Ground.SETTING:
            return "version-format has two: "
        if self.shows_software:
            return f'the newest tag has two, "{newest_release(self.versions)}": '
        return ""

    def is_against(self, version: GearVersion, evidence: "Evidence | None") -> bool:
        """Whether a version has its parts the other way round than the tags clearly have them.

        The Dockerfile's evidence says where the software is, unless the tags have the same text
        there. Without evidence the part that should be the gear's own is a version of the software
        in the tags, and only the other part goes on from the gear's own versions.
        """
        own = version._replace(version_format=self.version_format)
        if self.ground is not Ground.TAGS or own.software_part is None:
            return False
        released = [GearVersion(text, self.version_format) for text in self.versions]
        pairs = [one for one in released if is_pair(one.text)]
        software = [one.software_part or "" for one in pairs]
        if any(is_same(own.software_part, text) for text in software):
            return False
        if evidence is not None:
            return is_swapped(own, evidence.version)
        majors = {_major(one.gear_part) for one in pairs}
        return (
            any(is_same(own.gear_part, text) for text in software)
            and _major(own.gear_part) not in majors
            and _major(own.software_part) in majors
        )


def _major(part: str) -> str:
    return re.split(r"[.+-]", without_v(part))[0].lstrip("0")


@lru_cache(maxsize=1)
def order_of(gear: Gear) -> PartOrder:
    """The order of the parts of a gear's version, as the files of its repository show it."""
    return order_by(gear, () if gear.options.version_format else versions_in_tags(gear))


def order_by(gear: Gear, versions: Iterable[str]) -> PartOrder:
    """The order of the parts of a gear's version; `versions` are those in the gear's tags."""
    chosen = gear.options.version_format
    versions = tuple(versions)
    if chosen is not None:
        return PartOrder(chosen, Ground.SETTING, "version-format is set", versions)
    pairs: dict[tuple[_Key, _Key], str] = {}
    for text in versions:
        if is_pair(text) and is_release(text):
            first, second = text.split("_")[:2]
            pairs.setdefault((_key(first), _key(second)), text)
    moves = [(order, _moves(pairs, order)) for order in _TWO_PART]
    clear = [(order, found) for order, found in moves if len(found) >= CLEAR_MOVES]
    if len(clear) == 1:
        [(order, found)] = clear
        place = "second" if order == "software_gear" else "first"
        before, after = found[-1]
        reason = f"the {place} part moves alone in the tags, as from {before} to {after}"
        return PartOrder(order, Ground.TAGS, reason, versions)
    assumed = _by_dockerfile(gear)._replace(versions=versions)
    if assumed.ground is not Ground.DEFAULT:
        return assumed
    doubt = _doubt(gear.version, pairs, versions)
    reason = f"{assumed.reason} clearly, although {doubt}" if doubt else assumed.reason
    return assumed._replace(doubt=doubt, reason=reason)


def _doubt(
    version: GearVersion | None, pairs: dict[tuple[_Key, _Key], str], versions: tuple[str, ...]
) -> str:
    """What of the tags speaks for the gear's part before the software's, empty if nothing does."""
    ends = sorted(pairs, key=lambda key: (key[1], key[0]))
    for before, after in pairwise(ends):
        if before[1] == after[1]:
            return f"the first part moves alone in the tags, from {pairs[before]} to {pairs[after]}"
    if pairs and version is not None and version.software_part is not None:
        single = newest_release(text for text in versions if "_" not in text)
        majors = _major(version.software_part), _major(version.gear_part)
        if single is not None and majors[0] == _major(single) != majors[1]:
            return f"the first part goes on from the tag of {single}"
    return ""


def version_of(gear: Gear) -> GearVersion | None:
    """The gear's version with its parts in the order that `order_of` finds."""
    version = gear.version
    if version is None or len(version.parts) == 1:
        return version
    return version._replace(version_format=order_of(gear).version_format)


def _moves(pairs: dict[tuple[_Key, _Key], str], order: VersionFormat) -> list[tuple[str, str]]:
    """The releases, each with the one before it, in which the gear's part alone moved.

    None if in one the software's part alone moved: then the tags do not show this order. Dates are
    not known: the releases are in the order of the software, and then of the gear's part.
    """
    software = 0 if order == "software_gear" else 1
    moves = []
    for before, after in pairwise(
        sorted(pairs, key=lambda key: (key[software], key[1 - software]))
    ):
        if before[software] == after[software]:
            moves.append((pairs[before], pairs[after]))
        elif before[1 - software] == after[1 - software]:
            return []
    return moves


def _key(part: str) -> _Key:
    """By what a part is sorted; the same for `1.0` and `1.0.0`."""
    key = part_key(part)
    while key[-1:] == ((True, 0),):
        key = key[:-1]
    return key


def is_pair(text: str) -> bool:
    """Whether a version has two parts, at least, that are versions."""
    parts = text.split("_")[:2]
    is_short = len(text) <= limits.VERSION_CHARACTERS
    return is_short and len(parts) == 2 and all(map(is_numbered, parts))


def _by_dockerfile(gear: Gear) -> PartOrder:
    try:
        evidence = gear.software_evidence
    except GearlintError:  # a Dockerfile that cannot be read, as other rules say
        evidence = None
    if evidence is not None and gear.version is not None:
        reason = f"the Dockerfile has {evidence.name} {evidence.version}"
        for order, other in (_TWO_PART, _TWO_PART[::-1]):
            if is_swapped(gear.version._replace(version_format=other), evidence.version):
                return PartOrder(order, Ground.DOCKERFILE, reason)
    return PartOrder("software_gear", Ground.DEFAULT, "neither tags nor Dockerfile show the order")


def versions_in_tags(gear: Gear) -> tuple[str, ...]:
    """The versions in the tags of a gear's releases, as far as files of its repository show them.

    None where no tag of the repository has two parts.
    """
    names = () if gear.stands_alone else tag_names(gear.root)
    return _own_versions(gear, names) if any("_" in name for name in names) else ()


def is_released(gear: Gear) -> bool:
    """Whether a tag is a release of the gear, as far as files of its repository show it."""
    return not gear.stands_alone and bool(_own_versions(gear, tag_names(gear.root)))


def _own_versions(gear: Gear, tags: Iterable[str]) -> tuple[str, ...]:
    own = OwnTags(gear, partial(_other_names, gear))
    with suppress(TooMuchError):  # a repository too large to know
        found = [own.version_in(tag) for tag in tags]
        return tuple(text for text in found if text is not None)
    return ()


def _other_names(gear: Gear) -> list[str]:
    """The names of the other gears of the repository, none for a gear at its top."""
    from gearlint.release.gears import gears_on_disk

    real = gear.real_directory
    if real == gear.root:
        return []
    gears = gears_on_disk(gear.root)
    return [
        other for directory, other in gears.items() if real_path(f"{gear.root}/{directory}") != real
    ]
