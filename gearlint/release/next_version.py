"""The next version of a gear. Pure: reads what it is given, and writes nothing.

Every function raises GearlintError, with what to do, where the bump is refused.
"""

import os
import re
import shlex
from collections.abc import Iterable
from string import ascii_letters

from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import quoted
from gearlint.gear.bump_files import formatted
from gearlint.gear.gear import Gear
from gearlint.release.order import Ground, PartOrder
from gearlint.release.sound import (
    CannotRaiseError,
    agreed_version,
    confirm_form,
    confirm_order,
    confirm_own,
    confirm_sound,
)
from gearlint.release.tags import TagForm
from gearlint.syntax.version import (
    LEVELS,
    GearVersion,
    is_numbered,
    is_pre_release_suffix,
    is_release,
    raised,
    without_pre_release,
)
from gearlint.syntax.version_order import Order, flywheel_order, sorts_above

_PRE = regex(
    r"([-_.]?(?<![a-z])(?:rc|alpha|beta|dev|pre|preview|snapshot)[.-]?)([0-9]{0,9})(?=_|\Z)",
    re.IGNORECASE,
)
"""What makes a version a pre-release, and its number."""

_YEAR = regex(r"(?:19|20)[0-9]{2}\.")
"""The beginning of a version that is a date, such as 2024.12."""


class Request(NamedTuple):
    """What is asked for, of the gear's part a level or a version; `to` is the whole version.

    With `force` the next version need not sort above what is there. With `pre` it is a pre-release,
    and `gear` a level; without `gear` it is the next one after the present one.
    """

    gear: str | None = None
    software: str | None = None
    to: str | None = None
    force: bool = False
    pre: bool = False


class PastReleases(NamedTuple):
    """What is there of a gear's releases.

    `order` is that of the version's parts. `tags` are the names of all tags of the repository;
    `newest` is what the tag of the newest release has in it, a version or its gear's part.
    """

    order: PartOrder
    form: TagForm = TagForm()
    tags: frozenset[str] = frozenset()
    newest: str | None = None


class Release(NamedTuple):
    """One gear's next version, the order of its parts, and what there is to say of it."""

    name: str
    directory: str
    old: GearVersion
    new: GearVersion
    tag: str
    order: PartOrder
    notes: tuple[str, ...]

    def formatted(self, template: str, date: str, *, old: bool = False) -> str:
        """A text with the values of the placeholders in it, those of the old version with `old`.

        Raises GearlintError for one that is too long.
        """
        return formatted(template, self.old if old else self.new, self.name, date)


def release_of(gear: Gear, request: Request, past: PastReleases) -> Release:
    """The next version of a gear."""
    version = agreed_version(gear, past.order)
    new = _next_version(gear, version, request, past)
    path = gear.manifest.source.path
    confirm_sound(gear, version, new)
    confirm_form(gear, new, past.form, past.order.versions)
    tag = past.form.tag(new)
    if tag in past.tags:
        raise GearlintError(f"{path}: the tag {quoted(tag)} exists already: name a higher version")
    if new.text == version.text:
        raise GearlintError(
            f"{path}: the version is {quoted(new.text)} already; to release it as it is, run "
            f"{command_for('tag', gear)}"
        )
    advice = "" if request.force else "name a higher one, or give --force"
    notes = _of_tag_without_name(gear, version, past)
    notes += _compared(gear, new, _to_surpass(version, past), past, advice=advice)
    if not is_release(version.text) and not sorts_above(new.text, version.text):
        notes.append(f"Flywheel sorts the pre-release {quoted(version.text)} after it (GL210)")
    if not is_release(new.text):
        notes.append(f"{quoted(new.text)} is a pre-release, but sorts after its release (GL210)")
    return Release(_name_of(gear), gear.directory, version, new, tag, past.order, tuple(notes))


def present_release(gear: Gear, past: PastReleases) -> Release:
    """The release of the version that a gear has; its tag may exist."""
    version = agreed_version(gear, past.order)
    confirm_sound(gear, version, version)
    confirm_form(gear, version, past.form, past.order.versions)
    tag, notes = past.form.tag(version), _of_tag_without_name(gear, version, past)
    if tag not in past.tags and past.newest is not None:
        newest = (past.newest, f"the newest release {quoted(past.newest)}")
        advice = f"raise it first, as with {command_for('bump', gear, '--gear')}"
        notes += _compared(gear, version, [newest], past, advice=advice)
    return Release(_name_of(gear), gear.directory, version, version, tag, past.order, tuple(notes))


def tags_of(releases: Iterable[Release]) -> list[str]:
    """The tags of some releases, which must differ."""
    names: dict[str, str] = {}
    for release in releases:
        if release.tag in names:
            is_one_name = names[release.tag] == release.name
            advice = "give one another name" if is_one_name else "set tag-format with {name}"
            raise GearlintError(f"two gears would get the tag {quoted(release.tag)}: {advice}")
        names[release.tag] = release.name
    return list(names)


def command_for(command: str, gear: Gear, *options: str) -> str:
    """A command of gearlint for one gear, as it is typed in a shell in the current directory."""
    directory = gear.directory if gear.directory not in ("", ".") else ""
    if directory.startswith("-"):
        directory = f"./{directory}"
    words = ["gearlint", command, *([directory] if directory else []), *options]
    return shlex.join(words)


def _of_tag_without_name(gear: Gear, version: GearVersion, past: PastReleases) -> list[str]:
    """What there is to say of a tag that is the version alone, where one with a name is due.

    It may be the gear's, from before there were others beside it.
    """
    is_known = gear.options.tag_format is not None or past.newest is not None
    if is_known or past.form.before in ("", "v"):
        return []
    return [
        f"the tag {quoted(before + version.text)} is not taken for its release, as there are other "
        f'gears: for more of this form, set tag-format = "{before}{{version}}" in a gearlint.toml '
        "beside its manifest"
        for before in ("", "v")
        if before + version.text in past.tags
    ]


def _compared(
    gear: Gear,
    new: GearVersion,
    others: Iterable[tuple[str, str]],
    past: PastReleases,
    *,
    advice: str,
) -> list[str]:
    """Refuse a version that does not sort above some others; returns what there is to say of it.

    `others` are versions, and what they are called; without `advice` none is refused.
    """
    notes = []
    for other, what in others:
        text = past.form.text_of(new) if other == past.newest else new.text
        if flywheel_order(text, other) is Order.UNDEFINED:
            notes.append(
                f"Flywheel cannot compare {quoted(text)} with {what}: they were compared part by "
                "part"
            )
        if advice and not sorts_above(text, other):
            raise GearlintError(
                f"{gear.manifest.source.path}: version {quoted(new.text)} does not sort above "
                f"{what}: {advice}"
            )
    return notes


def _name_of(gear: Gear) -> str:
    name = gear.manifest.string("name") or os.path.basename(os.path.abspath(gear.directory))
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in name):
        raise GearlintError(
            f"{gear.manifest.source.path}: name {quoted(name)} cannot stand in a commit's message: "
            "see gearlint check"
        )
    return name


def _next_version(
    gear: Gear, version: GearVersion, request: Request, past: PastReleases
) -> GearVersion:
    if request.to is not None:
        return version._replace(text=request.to)
    path = gear.manifest.source.path
    confirm_order(gear, version, past.order)
    for part in (request.gear, request.software):
        if part is not None and "_" in part:
            raise GearlintError(f"{quoted(part)} is not a single part: --to takes a whole version")
    if request.software is not None and version.software_part is None:
        raise GearlintError(
            f"{path}: version {quoted(version.text)} has no part for the software: name the next "
            "with --to VERSION"
        )
    if past.order.ground in (Ground.TAGS, Ground.DEFAULT):
        confirm_own(gear, version)
    if request.pre or request.gear in LEVELS:
        version = _raised_version(gear, version, request, past)
        return version.with_parts(software=request.software)
    return version.with_parts(software=request.software, gear=request.gear)


def _raised_version(
    gear: Gear, version: GearVersion, request: Request, past: PastReleases
) -> GearVersion:
    """The version with its gear's part one level higher, or the next pre-release of it."""
    released = _released(version)
    is_begun = released.text != version.text
    level = request.gear
    if level is None and is_begun:
        level = "patch"  # so that the number of the pre-release alone is raised
    if level is None:
        raise GearlintError(
            f"{gear.manifest.source.path}: version {quoted(version.text)} is not a pre-release: "
            "say which is the next with --gear major, minor or patch"
        )
    part = _raised(released.gear_part, level, is_begun=is_begun)
    if part is None or _may_be_software(version, past.order):
        raise _cannot_raise(gear, version, past.order)
    if request.pre:
        return _pre_released(version, released, part, past)
    return released.with_parts(gear=part)


def _cannot_raise(gear: Gear, version: GearVersion, order: PartOrder) -> CannotRaiseError:
    software, advice = version.software_part, ""
    is_assumed = order.ground is Ground.DEFAULT and is_numbered(version.gear_part)
    if is_assumed and software is not None and _raised(software, "patch"):
        advice = (
            f'if {quoted(software)} is the gear\'s part, set version-format = "gear_software" in '
            "gearlint.toml, else "
        )
    elif _raised(version.gear_part, "minor"):
        advice = "give --gear minor, or "
    place = shlex.quote(gear.directory or ".")
    return CannotRaiseError(
        f"{gear.manifest.source.path}: the gear's part {quoted(version.gear_part)} of version "
        f"{quoted(version.text)} is not MAJOR.MINOR.PATCH, so it cannot be raised: {advice}name "
        f"the next with gearlint bump --to VERSION {place}"
    )


def _may_be_software(version: GearVersion, order: PartOrder) -> bool:
    """Whether the gear's part alone has a `v`, as tags of software have, and nothing shows it."""
    has_v = [text[:1] in ("v", "V") for _, text in version.named_parts]
    return order.ground is Ground.DEFAULT and has_v == [False, True]


def _pre_released(
    version: GearVersion, released: GearVersion, part: str, past: PastReleases
) -> GearVersion:
    """The next pre-release of `part`, in the form of the present one or of the newest in the tags.

    `released` is the version without what makes it a pre-release.
    """
    is_next = released.text != version.text and part == released.gear_part
    texts = [version.text, *past.order.versions]
    found = next(filter(None, map(_PRE.search, texts)), None)
    before = found[1] if found else "-rc"
    suffix = f"{before}{int(found[2] or 1) + 1 if found and is_next else 1}"
    new = released.with_parts(gear=part)
    if past.form.has_gear_part_only and version.software_part:  # a tag has no other part
        suffix = suffix.replace("_", "-")
    if suffix.startswith("_"):
        return new._replace(text=new.text + suffix)
    return new.with_parts(gear=part + suffix)


def _released(version: GearVersion) -> GearVersion:
    """The version without the `_rc1` at its end, or that at the end of the gear's part."""
    *before, last = version.parts
    if before and is_pre_release_suffix(last):
        return version._replace(text="_".join(before))
    return version.with_parts(gear=without_pre_release(version.gear_part))


def _raised(part: str, level: str, *, is_begun: bool = False) -> str | None:
    """The gear's next part; letters before its number stay. `None` where it is not clear.

    As of `inc0.2`, which sites count by two numbers, the patch. With `is_begun`, there was a
    pre-release of this one: it is the next, if it raises the level.
    """
    number = part.lstrip(ascii_letters)
    letters = part.removesuffix(number)
    higher = raised(number, level)
    if higher is None or _YEAR.match(number):
        return None
    lower = number.split(".")[LEVELS.index(level) + 1 :]
    if is_begun and not any(map(int, lower)):
        return part
    has_word = letters.lower() not in ("", "v")
    return None if has_word and number.count(".") < higher.count(".") else letters + higher


def _to_surpass(version: GearVersion, past: PastReleases) -> list[tuple[str, str]]:
    """The versions that the next one has to sort above, and what they are called."""
    found = []
    if past.newest is not None:
        found.append((past.newest, f"the newest release {quoted(past.newest)}"))
    if is_release(version.text) and version.text != past.newest:
        found.append((version.text, f"the version that is there, {quoted(version.text)}"))
    return found
