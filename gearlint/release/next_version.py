"""The next version of a gear. Pure: reads what it is given, and writes nothing.

Every function raises GearlintError, with what to do, where the bump is refused.
"""

import os
import re
import shlex
from collections.abc import Iterable
from string import ascii_letters

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import quoted
from gearlint.gear.bump_files import formatted
from gearlint.gear.gear import DEPRECATED_IMAGE, IMAGE, Gear
from gearlint.image.software import all_versions
from gearlint.release.order import Ground, PartOrder
from gearlint.release.tags import TagForm
from gearlint.syntax import image_reference
from gearlint.syntax.version import (
    LEVELS,
    GearVersion,
    Order,
    flywheel_order,
    is_pre_release_suffix,
    is_release,
    is_same,
    is_swapped,
    raised,
    sorts_above,
    without_pre_release,
)

_OWN = regex(r"(?:\A|_)GEAR_VERSION\Z", re.IGNORECASE)
"""An ARG or ENV with the gear's own version."""


_PRE = regex(
    r"([-_.]?(?<![a-z])(?:rc|alpha|beta|dev|pre|preview|snapshot)[.-]?)([0-9]{0,9})(?=_|\Z)",
    re.IGNORECASE,
)
"""What makes a version a pre-release, and its number."""

_YEAR = regex(r"(?:19|20)[0-9]{2}\.")
"""The beginning of a version that is a date, such as 2024.12."""


class CannotRaiseError(GearlintError):
    """The gear's part of a version is not one whose next is clear."""


class Request(NamedTuple):
    """What is asked for, of the gear's part a level or a version; `to` is the whole version.

    With `force` the next version need not sort above what is there. With `pre` it is a pre-release,
    the next one of the present one without `gear`.
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
    version = _agreed_version(gear)._replace(version_format=past.order.version_format)
    new = _next_version(gear, version, request, past)
    path = gear.manifest.source.path
    _confirm_sound(gear, version, new)
    tag = past.form.tag(new)
    if tag in past.tags:
        raise GearlintError(f"{path}: the tag {quoted(tag)} exists already: name a higher version")
    if new.text == version.text:
        raise GearlintError(
            f"{path}: the version is {quoted(new.text)} already; to release it as it is, run "
            f"{command_for('tag', gear)}"
        )
    advice = "" if request.force else "name a higher one, or give --force"
    notes = _compared(gear, new, _to_surpass(version, past), past, advice=advice)
    if not is_release(version.text) and not sorts_above(new.text, version.text):
        notes.append(f"Flywheel sorts the pre-release {quoted(version.text)} after it (GL210)")
    if not is_release(new.text):
        notes.append(f"{quoted(new.text)} is a pre-release, but sorts after its release (GL210)")
    return Release(_name_of(gear), gear.directory, version, new, tag, past.order, tuple(notes))


def present_release(gear: Gear, past: PastReleases) -> Release:
    """The release of the version that a gear has; its tag may exist."""
    version = _agreed_version(gear)._replace(version_format=past.order.version_format)
    _confirm_sound(gear, version, version)
    tag, notes = past.form.tag(version), list[str]()
    if tag not in past.tags and past.newest is not None:
        newest = (past.newest, f"the newest release {quoted(past.newest)}")
        advice = f"raise it first, as with {command_for('bump', gear, '--gear')}"
        notes = _compared(gear, version, [newest], past, advice=advice)
    return Release(_name_of(gear), gear.directory, version, version, tag, past.order, tuple(notes))


def command_for(command: str, gear: Gear, *options: str) -> str:
    """A command of gearlint for one gear, as it is typed in a shell in the current directory."""
    directory = gear.directory if gear.directory not in ("", ".") else ""
    if directory.startswith("-"):
        directory = f"./{directory}"
    words = ["gearlint", command, *([directory] if directory else []), *options]
    return shlex.join(words)


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


def _agreed_version(gear: Gear) -> GearVersion:
    """The version of a gear whose manifest agrees with itself."""
    manifest, version = gear.manifest, gear.version
    path = manifest.source.path
    if not manifest.fields:
        raise GearlintError(f"{path}: cannot be read as a manifest: see gearlint check")
    if version is None or not version.text.strip():
        raise GearlintError(f"{path}: has no version that can be raised: see gearlint check")
    for place in (IMAGE, DEPRECATED_IMAGE):
        image = manifest.string(*place)
        if image is None:
            continue
        named = image_reference.parse(image)
        tag = named.tag.text if named.tag and not named.fault else None
        if tag != version.text:
            raise GearlintError(
                f"{path}: version {quoted(version.text)} and image {quoted(image)} do not agree: "
                "run gearlint check --fix first"
            )
        if named.digest is not None:
            raise GearlintError(
                f"{path}: image {quoted(image)} has the digest of the old version: take it out"
            )
    return version


def _next_version(
    gear: Gear, version: GearVersion, request: Request, past: PastReleases
) -> GearVersion:
    if request.to is not None:
        return version._replace(text=request.to)
    path = gear.manifest.source.path
    _confirm_order(gear, version, past.order)
    for part in (request.gear, request.software):
        if part is not None and "_" in part:
            raise GearlintError(f"{quoted(part)} is not a single part: --to takes a whole version")
    if request.software is not None and version.software_part is None:
        raise GearlintError(
            f"{path}: version {quoted(version.text)} has no part for the software: name the next "
            "with --to VERSION"
        )
    if past.order.ground in (Ground.TAGS, Ground.DEFAULT):
        _confirm_own(gear, version)
    part = request.gear
    released = _released(version)
    is_begun = released.text != version.text
    if request.pre and part is None and is_begun:
        part = "patch"  # the number of the pre-release
    if request.pre and part not in LEVELS:
        raise GearlintError(
            f"{path}: version {quoted(version.text)} is not a pre-release: say which is the next "
            "with --gear major, minor or patch"
        )
    if part in LEVELS:
        part = _raised(released.gear_part, str(part), is_begun)
        if part is None or _may_be_software(version, past.order):
            place = shlex.quote(gear.directory or ".")
            raise CannotRaiseError(
                f"{path}: the gear's part {quoted(version.gear_part)} of version "
                f"{quoted(version.text)} is not MAJOR.MINOR.PATCH, so it cannot be raised: name "
                f"the next with gearlint bump --to VERSION {place}"
            )
        if request.pre:
            released = _pre_released(version, released, part, past)
        version, part = released, None if request.pre else part
    return version.with_parts(software=request.software, gear=part)


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
    if past.form.has_gear_part_only:  # a tag has no other part
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


def _raised(part: str, level: str, is_begun: bool) -> str | None:
    """The gear's next part; letters before its number stay. `None` where it is not clear.

    With `is_begun`, there was a pre-release of this one: it is the next, if it raises the level.
    """
    number = part.lstrip(ascii_letters)
    letters = part.removesuffix(number)
    higher = raised(number, level)
    if higher is None or _YEAR.match(number):
        return None
    lower = number.split(".")[LEVELS.index(level) + 1 :]
    return part if is_begun and not any(map(int, lower)) else letters + higher


def _confirm_order(gear: Gear, version: GearVersion, order: PartOrder) -> None:
    """Refuse where the tags show one order of the parts, and the Dockerfile or the version another.

    Refuse as well where nothing shows the order, and the tags speak against what is then assumed.
    What is set is not doubted.
    """
    if order.doubt and version.software_part is not None:
        raise GearlintError(
            f"{gear.manifest.source.path}: version {quoted(version.text)}: which of its parts is "
            f"the gear's is not clear, as {order.doubt}: set version-format in gearlint.toml"
        )
    evidence = gear.software_evidence if order.ground is Ground.TAGS else None
    other = "the version has them the other way round"
    if evidence is not None and is_swapped(version, evidence.version):
        other = f"the Dockerfile has {evidence.name} {evidence.version}"
    elif not order.is_against(version, evidence):
        return
    raise GearlintError(
        f"{gear.manifest.source.path}: version {quoted(version.text)}: by the tags its parts are "
        f"{order.shown}, as {order.reason}, but {other}: set version-format in gearlint.toml"
    )


def _confirm_own(gear: Gear, version: GearVersion) -> None:
    """Refuse where the gear's part is the version of something that the Dockerfile builds on.

    Not where the software's part is such a version: then the other is equal by chance. What is
    called `GEAR_VERSION` is the gear's own.
    """
    if gear.dockerfile is None:
        return
    pieces = all_versions(gear.dockerfile, gear.image_repository)
    found = [piece for piece in pieces if not _OWN.search(piece.name)]
    software = version.software_part
    if software and any(is_same(software, piece.version) for piece in found):
        return
    for piece in found:
        if is_same(version.gear_part, piece.version):
            raise GearlintError(
                f"{gear.manifest.source.path}: the gear's part {quoted(version.gear_part)} of "
                f"version {quoted(version.text)} seems to be the software's, as the Dockerfile "
                f"has {piece.name} {piece.version}: name the next with --to VERSION, or set "
                "version-format"
            )


def _confirm_sound(gear: Gear, old: GearVersion, version: GearVersion) -> None:
    """Refuse a version that the rules on versions would call an error."""
    has_format = gear.options.version_format is not None
    unnumbered = version.unnumbered_parts if has_format else []
    fault = ""
    if not image_reference.is_tag(version.text):
        fault = "cannot be the tag of an image"
    elif len(version.text) > limits.VERSION_CHARACTERS:
        fault = f"has over {limits.VERSION_CHARACTERS} characters"
    elif not all(version.parts):
        fault = "has an empty part"
    elif unnumbered:
        name, part = unnumbered[0]
        fault = f"has the {name} part {quoted(part)}, which does not start with a number"
    elif not has_format and old.has_numbered_part and not version.has_numbered_part:
        fault = "does not start with a number"
    if fault:
        path = gear.manifest.source.path
        raise GearlintError(f"{path}: {quoted(version.text)} {fault}: name another version")


def _to_surpass(version: GearVersion, past: PastReleases) -> list[tuple[str, str]]:
    """The versions that the next one has to sort above, and what they are called."""
    found = []
    if past.newest is not None:
        found.append((past.newest, f"the newest release {quoted(past.newest)}"))
    if is_release(version.text) and version.text != past.newest:
        found.append((version.text, f"the version that is there, {quoted(version.text)}"))
    return found
