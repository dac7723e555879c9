"""GL203-GL207, GL210: the version: its parts, its order, and whether it can be a tag."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule
from gearlint.syntax import image_reference
from gearlint.syntax.version import (
    GearVersion,
    distance,
    is_numbered,
    is_same,
    is_swapped,
    raised,
    without_v,
)

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.software import Evidence

_WRITE = (
    "write the version of the software and that of the gear, as 1.0.0_2.0.0, or only the latter"
)
_JOINED = regex(r"v?[0-9]+(?:\.[0-9]+)+-v?[0-9]+(?:\.[0-9]+)+\Z", re.IGNORECASE)
"""Two versions in one part."""
_DATE = regex(r"(?:19|20)[0-9]{2}[.-]?(?:0[1-9]|1[0-2])(?:[.-]?[0-3][0-9])?(?![0-9])")


@rule("GL203", "version-format", Severity.WARNING)
def version_format(gear: Gear) -> Iterator[Problem]:
    """The version is not one version, or two joined by `_`.

    No part may be empty, and one of the first two must start with a digit, after a `v` at most.
    Nobody refuses another version, but people and programs cannot tell which one is newer. With
    `version-format` set in the settings, each part that the format names must start with a digit,
    and it is an error. Source: tutorial "Gear Development on Flywheel"; the validator of `fw-gear`
    0.3.7 refuses an empty version, which no tag can equal.

    Bad:

        "version": "latest",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:latest"}}

    Good:

        "version": "1.0.0_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    text = gear.manifest.string("version")
    if text is None:
        return
    severity = Severity.ERROR if gear.options.version_format else Severity.WARNING
    if not text.strip():
        has_tag = gear.image_reference is not None and gear.image_reference.tag is not None
        yield gear.at.value(
            ("version",),
            "version is empty, expected one such as 1.0.0_2.0.0",
            _WRITE,
            severity=Severity.ERROR if has_tag else severity,
        )
        return
    version = gear.version
    if version is None:
        return
    if "" in version.parts:
        yield gear.at.value(
            ("version",),
            f"version {quoted(text)} has an empty part, expected one such as 1.0.0_2.0.0",
            _WRITE,
            severity=severity,
        )
    elif gear.options.version_format:
        for name, part in version.unnumbered_parts:
            yield gear.at.value(
                ("version",),
                f"the {name} part {quoted(part)} of the version does not start with a digit, as "
                f"the setting version-format = {quoted(version.version_format)} expects",
                "correct it, or the setting",
                severity=severity,
            )
    elif not version.has_numbered_part:
        yield gear.at.value(
            ("version",),
            f"version {quoted(text)} does not start with a digit, expected one such as 1.0.0_2.0.0",
            _WRITE,
        )


@rule("GL204", "version-one-part", Severity.INFO, fix="unsafe")
def version_one_part(gear: Gear) -> Iterator[Problem]:
    """The version has one part where the format has two.

    By custom a version has that of the wrapped software and that of the gear, joined by `_`. Many
    gears wrap no software, and have one part: set `version-format = "gear"` in gearlint.toml. It is
    a warning where `version-format` has two parts, where the newest release among the tags has
    them, and where the Dockerfile names a release of a software that the gear is named after (a
    date, as in `me/tool-dev:20200104`, is that of a build) and no tag is a release with one part.
    Source: tutorial "Gear Development on Flywheel".

    Bad:

        "version": "1.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0"}}

    Good:

        "version": "1.0.0_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    version = gear.version
    if version is None or len(version.expected_names) == 1 or len(version.parts) > 1:
        return
    if not is_numbered(version.text):
        return  # GL203 says so
    from gearlint.release.order import Ground, is_released, order_of

    order = order_of(gear)
    version = version._replace(version_format=order.version_format)
    evidence = _software_beside(gear, version)
    is_meant = order.ground is Ground.SETTING or order.shows_software
    is_meant = is_meant or (evidence is not None and not is_released(gear))
    is_joined = _JOINED.match(version.text) is not None
    software = without_v(evidence.version) if evidence is not None else None
    yield gear.at.value(
        ("version",),
        f"version {quoted(version.text)} has one part, expected two: {order.shown}",
        _how_to_join(gear, version, evidence, is_joined=is_joined)
        or f"{order.shown_by}{_IF_NO_SOFTWARE}",
        severity=Severity.WARNING if is_meant else Severity.INFO,
        fix=_software_added(gear, version, software) if software and not is_joined else None,
    )


_IF_NO_SOFTWARE = 'set version-format = "gear" in gearlint.toml if the gear wraps no software'


def _how_to_join(
    gear: Gear, version: GearVersion, evidence: "Evidence | None", *, is_joined: bool
) -> str:
    """What to write, and why; empty if it is not known."""
    if is_joined:
        return f'join the parts by "_": {version.text.replace("-", "_")}'
    if evidence is None or gear.dockerfile is None:
        return ""
    software = without_v(evidence.version)
    meant, setting = _joined(version, software), ""
    if not meant:
        meant = f"{version.text}_{software}"
        setting = ', and set version-format = "gear_software": the other order would look older'
    line = gear.dockerfile.source.position(evidence.span.start).line
    found = f"line {line} of the Dockerfile has {evidence.name} {evidence.version}"
    return f'{found}: write "{meant}"{setting}'


def _software_beside(gear: Gear, version: GearVersion) -> "Evidence | None":
    """The software's version by the Dockerfile, unless that seems to be the one there is."""
    evidence = gear.software_evidence
    if evidence is None or _DATE.match(evidence.version):
        return None
    if is_swapped(GearVersion(f"_{version.text}", "software_gear"), evidence.version):
        return None
    return evidence


def _software_added(gear: Gear, version: GearVersion, software: str) -> Fix | None:
    """Puts the software's version where it belongs."""
    meant = _joined(version, software)
    return _version_changed(gear, version, meant) if meant else None


def _joined(version: GearVersion, software: str) -> str:
    """The version with that of the software, empty if it would look older than it is."""
    from gearlint.syntax.version_order import sorts_above

    parts = {"software": software, "gear": version.text}
    meant = "_".join(parts[name] for name in version.expected_names)
    return "" if sorts_above(version.text, meant) else meant


def _version_changed(gear: Gear, version: GearVersion, text: str) -> Fix | None:
    """Writes another version, if it can be a tag and sorts as well as the old one."""
    from gearlint.gear.edits.manifest import rewritten

    is_worse = version._replace(text=text).pre_release and not version.pre_release
    if (
        not image_reference.is_tag(text)
        or len(text) > max(len(version.text), limits.VERSION_CHARACTERS)
        or is_worse
    ):
        return None
    return rewritten(gear.manifest, text, ("version",), is_safe=False)


@rule("GL205", "version-parts-swapped", Severity.WARNING, fix="unsafe")
def version_parts_swapped(gear: Gear) -> Iterator[Problem]:
    """The parts of the version are in the other order than the tags or the setting have them.

    The setting `version-format` says which part is the software's; without it the tags of the
    gear's releases, where one part moved alone in two releases or more and the other in none. What
    the Dockerfile builds on has the version of the part that should be the gear's own, or shares
    its first two numbers with it. In the example the gear is `fmriprep-gear` of version
    1.0.0_2.0.0, and `version-format` is `software_gear`. Source: tutorial "Gear Development on
    Flywheel"; most published gears have the gear's part first.

    Bad Dockerfile:

        FROM nipreps/fmriprep:2.0.0
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM nipreps/fmriprep:1.0.0
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    version = gear.version
    if version is None or len(version.parts) == 1:
        return
    if gear.options.version_format is None and not _has_tags(gear):
        return
    from gearlint.release.order import Ground, order_of

    order, evidence = order_of(gear), gear.software_evidence
    version = version._replace(version_format=order.version_format)
    if order.ground is Ground.SETTING:
        is_against = evidence is not None and is_swapped(version, evidence.version)
    else:
        is_against = order.is_against(version, evidence)
    if not is_against:
        return
    found = f"{evidence.name} is {evidence.version}, and " if evidence is not None else ""
    other = "_".join(reversed(order.version_format.split("_")))
    yield gear.at.value(
        ("version",),
        f"version {quoted(version.text)} has its parts swapped: {found}the order is {order.shown}, "
        f"as {order.reason}",
        f'write "{version.swapped}", or set version-format = "{other}" in gearlint.toml',
        fix=_version_changed(gear, version, version.swapped),
    )


def _has_tags(gear: Gear) -> bool:
    """Whether the gear's repository has tags."""
    if not gear.is_in_git:
        return False
    from gearlint.release.refs import tag_names

    return bool(tag_names(gear.root))


@rule("GL206", "software-version-drift", Severity.WARNING, fix="unsafe")
def software_version_drift(gear: Gear) -> Iterator[Problem]:
    """The software part of the version is not what the Dockerfile builds on.

    That is known from the tag of a base image, or an ARG or ENV `X_VERSION`, whose name shares a
    word with the gear's; where two of them disagree, the rule is silent. Where nothing shows the
    order of the parts, the software's is the one that is nearer to it. In the example the gear is
    `fmriprep-gear` of version 1.0.0_2.0.0. Source: seen in public gears, as `0.3.4_20.0.5` over
    `FROM poldracklab/fmriprep:20.0.7`.

    Bad Dockerfile:

        FROM nipreps/fmriprep:1.0.3
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM nipreps/fmriprep:1.0.0
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    evidence = gear.software_evidence
    if evidence is None:
        return
    from gearlint.release.order import Ground, order_of, version_of

    version = version_of(gear)
    if version is None:
        return
    swapped = is_swapped(version, evidence.version)  # as GL205 says
    software = version.gear_part if swapped else version.software_part
    if software is not None and not swapped and order_of(gear).ground is Ground.DEFAULT:
        other = version.gear_part
        if distance(other, evidence.version) < distance(software, evidence.version):
            software, version = other, version._replace(version_format="gear_software")
    if software is None or evidence.version.startswith(f"{software}."):
        return  # the version says it less precisely
    if re.match(rf"{re.escape(evidence.version)}[-.]?[A-Za-z]", software):
        return  # or calls it a pre-release, as 1.2.3-dev
    if not is_same(software, evidence.version):
        meant = _with_software(version, evidence.version)
        yield gear.at.dockerfile(
            evidence.span,
            f"{evidence.name} is {evidence.version}, but the version {quoted(version.text)} says "
            f"{quoted(software)}",
            "" if swapped else f'write "{meant}", or build on {software}',
            fix=None if swapped else _version_changed(gear, version, meant),
        )


def _with_software(version: GearVersion, software: str) -> str:
    """The version with another one of the software; where that is older, the gear's is raised."""
    from gearlint.syntax.version_order import sorts_above

    meant = version.with_parts(software=without_v(software))
    if sorts_above(version.text, meant.text):
        meant = meant.with_parts(gear=raised(meant.gear_part, "patch"))
    return meant.text


@rule("GL207", "invalid-tag", Severity.ERROR)
def invalid_tag(gear: Gear) -> Iterator[Problem]:
    """The version cannot be the tag of an image.

    The tag must equal the version, and a tag is made of letters, digits, `_`, `.` and `-`, at most
    128 of them, and does not start with `.` or `-`. A `+` as in semantic versions cannot be in it.
    Source: Docker's grammar of image references.

    Bad:

        "version": "1.0.0+2_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0-2_2.0.0"}}

    Good:

        "version": "1.0.0-2_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0-2_2.0.0"}}
    """
    version = gear.version
    if version is None or not version.text.strip() or image_reference.is_tag(version.text):
        return
    wrong = re.search(r"[^A-Za-z0-9_.-]", version.text) or re.match(r"[.-]", version.text)
    if not wrong:
        message = f"version {quoted(version.text)} cannot be the tag of an image: it is too long"
        yield gear.at.value(("version",), message, "shorten it to at most 128 characters")
        return
    better = re.sub(r"[^A-Za-z0-9_.-]+", "-", version.text).strip(".-")
    yield gear.at.part(
        ("version",),
        wrong.start(),
        wrong.end(),
        f"version {quoted(version.text)} cannot be the tag of an image because of the character "
        f"{quoted(wrong[0])}",
        f"for example {quoted(better or '1.0.0')}",
    )


@rule("GL210", "unsortable-version", Severity.WARNING, fix="unsafe")
def unsortable_version(gear: Gear) -> Iterator[Problem]:
    """The version does not sort where it belongs.

    The exchange and the `flywheel-cli` upgrade command compare versions by runs of digits and
    letters: comparing `v1.1.0` with `1.2.0` fails outright. Info where `2.0.0_rc1` sorts after
    `2.0.0`. Source: the version code of `flywheel-cli` 18.5.1.

    Bad:

        "version": "v2.0.0_1.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:v2.0.0_1.0.0"}}

    Good:

        "version": "2.0.0_1.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:2.0.0_1.0.0"}}
    """
    version = gear.version
    if version is None:
        return
    plain = version.without_v
    tag = gear.image_reference.tag if gear.image_reference is not None else None
    if plain != version.text and (tag is None or tag.text != plain):  # else GL201 says so
        part = next(part for part in version.parts if part != without_v(part))
        yield gear.at.value(
            ("version",),
            f'part {quoted(part)} of the version starts with "{part[0]}": Flywheel cannot '
            "compare it with a part that starts with a digit",
            f"write {quoted(plain)}",
            fix=_version_changed(gear, version, plain),
        )
    if version.pre_release:
        yield gear.at.value(
            ("version",),
            f"{quoted(version.pre_release)} marks {quoted(version.text)} as a pre-release, but "
            "Flywheel sorts it after the release",
            "remove it from the exchange once the release is there",
            severity=Severity.INFO,  # for those who make pre-releases it is not news
        )
