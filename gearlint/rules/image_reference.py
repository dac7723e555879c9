"""GL201, GL202, GL208, GL209, GL211: the image's name, and whether its tag is the version."""

from collections.abc import Iterator

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import DEPRECATED_IMAGE, IMAGE, Gear
from gearlint.rules.registry import rule
from gearlint.syntax import image_reference
from gearlint.syntax.image_reference import ImageReference
from gearlint.syntax.version import GearVersion

_CHANGE_TAG = "set the tag to the version, then build and push the image under it"


@rule("GL201", "image-tag-mismatch", Severity.ERROR, fix="both")
def image_tag_mismatch(gear: Gear) -> Iterator[Problem]:
    """The tag of the image is not the version.

    The two must be equal, or the upload is refused; where it is not, people run another image than
    the version says. Where they differ, the version counts, but for a `v` that it begins with. A
    warning for `custom.docker-image`, which is not compared: GL110 says that the image is missing.
    Source: the validator of `fw-gear` 0.3.7.

    Bad:

        "version": "1.0.1_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}

    Good:

        "version": "1.0.1_2.0.0",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.1_2.0.0"}}
    """
    image, version, path = gear.image_reference, gear.version, gear.image_path
    if image is None or version is None or path is None or image.fault:
        return
    if image.tag is None or not image.tag.text or not image_reference.is_tag(version.text):
        return
    if image.has_port or image.is_pinned:
        return  # GL209 says so
    tag = image.tag.text
    if tag == version.text:
        return
    if tag == version.without_v:
        from gearlint.gear.edits.manifest import rewritten

        advice = f"set the version to {quoted(tag)}: Flywheel cannot compare one with a v"
        fix = rewritten(gear.manifest, tag, ("version",), is_safe=True)
    else:
        from gearlint.gear.image_tag import base_instead, tag_doubt

        doubt = tag_doubt(gear, image, version.text)
        advice = doubt or _CHANGE_TAG
        fix = None
        if not base_instead(gear, image):
            fix = _image_renamed(gear, _tagged(image, version), is_safe=not doubt)
    message = f"image tag {quoted(tag)} differs from the version {quoted(version.text)}"
    severity = Severity.WARNING if path == DEPRECATED_IMAGE else Severity.ERROR
    at = image.tag.start, image.tag.end
    yield gear.at.part(path, *at, message, advice, severity=severity, fix=fix)


@rule("GL202", "image-tag-missing", Severity.WARNING, fix="both")
def image_tag_missing(gear: Gear) -> Iterator[Problem]:
    """The image has no tag.

    Without one Docker takes `latest`, whatever that is by then. The tag must be the version. It is
    an error where another colon is in the reference, as that of a digest: what follows is taken
    for the tag, and the upload is refused. Info where the name has neither a registry nor a user,
    as `my-gear`: nobody can push it so, and it is that of an image on one machine. Source: gear
    specification; the validator of `fw-gear` 0.3.7, which accepts a reference without any colon.

    Bad:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear"}}

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    image, path = gear.image_reference, gear.image_path
    if image is None or path is None or image.fault or (image.tag and image.tag.text):
        return
    expected = f" {quoted(gear.version.text)}" if gear.version else ""
    by_digest = ", only a digest" if image.digest else ""
    severity = Severity.WARNING if "/" in image.text else Severity.INFO
    from gearlint.gear.image_tag import base_instead

    tagged, base = _tagged(image, gear.version), base_instead(gear, image)
    advice = base or "write a colon and the version after it"
    yield gear.at.value(
        path,
        f"image {quoted(image.text)} has no tag{by_digest}, expected the version{expected}",
        advice if base or tagged == image.text else f"write {quoted(tagged)}",
        severity=Severity.ERROR if ":" in image.text else severity,
        fix=None if base else _image_renamed(gear, tagged, is_safe=not gear.builds_no_image),
    )


def _tagged(image: ImageReference, version: GearVersion | None) -> str:
    """The reference with the version as its tag; as it is where the version cannot be one."""
    if version is None or not image_reference.is_tag(version.text):
        return image.text
    return image.tagged(version.text)


def _image_renamed(gear: Gear, text: str, *, is_safe: bool) -> Fix | None:
    """Gives the image another reference, in its deprecated place too where the two are equal."""
    from gearlint.gear.edits.manifest import rewritten

    old = gear.image_reference.text if gear.image_reference else ""
    places = [path for path in (IMAGE, DEPRECATED_IMAGE) if gear.manifest.string(*path) == old]
    return rewritten(gear.manifest, text, *places, is_safe=is_safe)


@rule("GL208", "invalid-image-reference", Severity.ERROR, fix="unsafe")
def invalid_image_reference(gear: Gear) -> Iterator[Problem]:
    """The image is not named as Docker names images.

    A reference is `registry/path/name:tag`, with a path in lower case. A first part with a dot, a
    port or an upper-case letter is a registry. Source: Docker's grammar of image references.

    Bad:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/My-Gear:1.0.0_2.0.0"}}

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    image, path = gear.image_reference, gear.image_path
    if image is not None and path is not None and image.fault:
        legal = _legal(image, gear.version)
        yield gear.at.part(
            path,
            image.fault_at.start,
            image.fault_at.end,
            f"image {quoted(image.text)} {image.fault}",
            f"write {quoted(legal)}"
            if legal != image.text
            else "write it as registry/path/name:tag, with the path in lower case",
            fix=_image_renamed(gear, legal, is_safe=False),
        )


def _legal(image: ImageReference, version: GearVersion | None) -> str:
    """The reference without spaces and with its path in lower case; as it is if that is not enough.

    A space between two words of the path becomes a hyphen, one within the tag may mean anything. It
    is not enough either where it then lacks a tag that the version cannot give.
    """
    text = image.text
    for mark in "/:@":
        text = mark.join(part.strip() for part in text.split(mark))
    if any(char.isspace() for char in text.rpartition("/")[2].partition(":")[2]):
        return image.text
    better = image_reference.parse("-".join(text.split()))
    for start in (better.repository.start, 0):
        end = better.repository.end
        text = better.text[:start] + better.text[start:end].lower() + better.text[end:]
        legal = image_reference.parse(text)
        has_tag = bool(legal.tag and legal.tag.text)
        if not legal.fault and (has_tag or (version and image_reference.is_tag(version.text))):
            return text
    return image.text


@rule("GL209", "unreadable-image-reference", Severity.WARNING)
def unreadable_image_reference(gear: Gear) -> Iterator[Problem]:
    """The image has a registry port, or a digest beside its tag.

    Docker reads such a reference, but Flywheel's own tools split it at its colons and crash.
    Whether its tag is the version is not reported then. Source: the validators of `fw-gear` 0.3.7
    and `flywheel-gear-toolkit` 0.6.22.

    Bad:

        "custom": {
            "gear-builder": {
                "category": "analysis",
                "image": "registry.example.org:5000/me/my-gear:1.0.0_2.0.0"
            }
        }

    Good:

        "custom": {
            "gear-builder": {
                "category": "analysis",
                "image": "registry.example.org/me/my-gear:1.0.0_2.0.0"
            }
        }
    """
    image, path = gear.image_reference, gear.image_path
    if image is None or path is None or image.fault:
        return
    cannot = "which Flywheel's own tools cannot read"
    if image.has_port:
        yield gear.at.part(
            path,
            0,
            len(image.registry or ""),
            f"image {quoted(image.text)} has a port or colon in its registry, {cannot}",
            "name a registry without a port",
        )
    elif image.is_pinned:
        yield gear.at.part(
            path,
            image.text.index("@"),
            len(image.text),
            f"image {quoted(image.text)} has a digest beside its tag, {cannot}",
            "leave out the digest",
        )


@rule("GL211", "image-name-mismatch", Severity.INFO, default=False)
def image_name_mismatch(gear: Gear) -> Iterator[Problem]:
    """The image and the gear have different names.

    Nothing fails, but people look for the image under the gear's name. Source: a check that the
    validator of `fw-gear` 0.3.7 has and does not use.

    Bad:

        "name": "my-gear",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/gear:1.0.0_2.0.0"}}

    Good:

        "name": "my-gear",
        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    image, path, name = gear.image_reference, gear.image_path, gear.manifest.string("name")
    if image is not None and path is not None and name and not image.fault and image.name != name:
        yield gear.at.part(
            path,
            image.repository.start,
            image.repository.end,
            f"the image is called {quoted(image.name)}, but the gear {quoted(name)}",
            "give both the same name",
        )
