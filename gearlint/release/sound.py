"""Whether a version of a gear can be raised, and released; else GearlintError says what to do."""

import re
from collections.abc import Collection

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.text import quoted
from gearlint.gear.gear import DEPRECATED_IMAGE, IMAGE, Gear
from gearlint.image.installed import installed_versions
from gearlint.image.software import Evidence, all_versions, words_in
from gearlint.release.order import Ground, PartOrder, is_pair
from gearlint.release.tags import TagForm
from gearlint.syntax import image_reference
from gearlint.syntax.image_reference import ImageReference
from gearlint.syntax.version import GearVersion, is_same, is_swapped

_OWN = regex(r"(?:\A|_)GEAR_VERSION\Z", re.IGNORECASE)
"""An ARG or ENV with the gear's own version."""


class CannotRaiseError(GearlintError):
    """It is not clear which part of a version is the gear's, what comes next, or its tag."""


def agreed_version(gear: Gear, order: PartOrder) -> GearVersion:
    """The version of a gear whose manifest agrees with itself, with its parts in an order."""
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
                f"{_what_to_do(gear, named, version)}"
            )
        if named.digest is not None:
            raise GearlintError(
                f"{path}: image {quoted(image)} has the digest of the old version: take it out"
            )
    return version._replace(version_format=order.version_format)


def _what_to_do(gear: Gear, image: ImageReference, version: GearVersion) -> str:
    """What gearlint check says of an image whose tag is not the version."""
    if image != gear.image_reference or image.fault or image.has_port or image.is_pinned:
        return "see gearlint check"
    from gearlint.gear.image_tag import base_instead, tag_doubt

    tag = image.tag.text if image.tag else ""
    if not tag and gear.builds_no_image:
        return "see gearlint check"
    doubt = base_instead(gear, image)
    if tag and tag != version.without_v:
        doubt = tag_doubt(gear, image, version.text)
    return doubt or "run gearlint check --fix first"


def confirm_order(gear: Gear, version: GearVersion, order: PartOrder) -> None:
    """Refuse where the tags show one order of the parts, and the Dockerfile or the version another.

    Refuse as well where nothing shows the order, and the tags speak against what is then assumed.
    What is set is not doubted.
    """
    if order.doubt and version.software_part is not None:
        raise CannotRaiseError(
            f"{gear.manifest.source.path}: version {quoted(version.text)}: which of its parts is "
            f"the gear's is not clear, as {order.doubt}: set version-format in gearlint.toml"
        )
    evidence = gear.software_evidence if order.ground is Ground.TAGS else None
    other = "the version has them the other way round"
    if evidence is not None and is_swapped(version, evidence.version):
        other = f"the Dockerfile has {evidence.name} {evidence.version}"
    elif not order.is_against(version, evidence):
        return
    raise CannotRaiseError(
        f"{gear.manifest.source.path}: version {quoted(version.text)}: by the tags its parts are "
        f"{order.shown}, as {order.reason}, but {other}: set version-format in gearlint.toml"
    )


def confirm_own(gear: Gear, version: GearVersion) -> None:
    """Refuse where the gear's part is the version of something that the Dockerfile builds on.

    Not where the software's part is such a version: then the other is equal by chance. What is
    called `GEAR_VERSION` is the gear's own. What the Dockerfile installs counts after its base
    images: that of which the gear has the name, as other numbers are equal by chance.
    """
    if gear.dockerfile is None:
        return
    software, words = version.software_part, words_in(gear.manifest.string("name") or "")
    built_on = all_versions(gear.dockerfile, gear.image_repository)
    found: list[Evidence] = []
    installed = (each for each in installed_versions(gear.dockerfile) if each.is_of(words))
    for pieces in (built_on, installed):
        found += [piece for piece in pieces if not _OWN.search(piece.name)]
        if software and any(is_same(software, piece.version) for piece in found):
            return
        piece = next((one for one in found if is_same(version.gear_part, one.version)), None)
        if piece is not None:
            raise CannotRaiseError(
                f"{gear.manifest.source.path}: the gear's part {quoted(version.gear_part)} of "
                f"version {quoted(version.text)} seems to be the software's, as the Dockerfile "
                f"has {piece.name} {piece.version}: name the next with --to VERSION, or set "
                "version-format"
            )


def confirm_sound(gear: Gear, old: GearVersion, version: GearVersion) -> None:
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


def confirm_form(
    gear: Gear, version: GearVersion, form: TagForm, versions: Collection[str]
) -> None:
    """Refuse the first version with two parts where the gear's tags, of one part, begin with `v`.

    `versions` are those in its tags, which are of `form`. Of the public gears that came to have
    two parts, those with a `v` before one left it out.
    """
    is_shown = not versions or any(map(is_pair, versions))
    if gear.options.tag_format is not None or is_shown or form.has_gear_part_only:
        return
    if form.before.endswith("v") and is_pair(version.text):
        before = form.before.removesuffix("v")
        raise CannotRaiseError(
            f"{gear.manifest.source.path}: version {quoted(version.text)} is the first with two "
            "parts, and whether its tag begins with v, as those before, is not clear: set "
            f"tag-format = {quoted(before + '{version}')} or {quoted(form.before + '{version}')} "
            "in gearlint.toml"
        )
