"""Which image a manifest should name, where its tag is not the version. Knows no rules."""

from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.syntax import image_reference
from gearlint.syntax.image_reference import ImageReference


def tag_doubt(gear: Gear, image: ImageReference, version: str) -> str:
    """Why it may not be the tag that is wrong, and what to do; empty if the tag is."""
    if base := base_instead(gear, image):
        return base
    is_own = _is_named_after(gear, image)
    if gear.builds_no_image:
        to_tag = "set the version to the tag, or " if is_own else ""
        return (
            f"the gear has no Dockerfile, its image is built elsewhere: {to_tag}push the image "
            "under the version"
        )
    from gearlint.syntax.version_order import is_older

    tag = image.tag.text if image.tag else ""
    if "_" in version and tag in version.split("_"):
        return (
            "the tag is a part of the version, as if meant: set it to all of the version, then "
            "build and push the image under it"
        )
    if tag in ("latest", f"v{version}") or is_older(tag, version):
        return ""
    if not is_own:
        return (
            f"set the tag to the version if {quoted(image.name)} is this gear's image, else name "
            "the gear's own"
        )
    return f"set the tag to the version, or the version to {quoted(tag)} if you forgot to raise it"


def _is_named_after(gear: Gear, image: ImageReference) -> bool:
    """Whether the image has all words of the gear's name: another's version is not the gear's."""
    from gearlint.image.software import words_in

    name = image.name.lower()
    return all(word in name for word in words_in(gear.manifest.string("name") or ""))


def base_instead(gear: Gear, image: ImageReference) -> str:
    """What to name instead of the image that the Dockerfile is built on, of whatever tag.

    Empty if it is another. A gear may be built on an older image of its own.
    """
    name = gear.manifest.string("name") or "my-gear"
    if gear.dockerfile is None or image.name == name:
        return ""
    from gearlint.image.stages import global_lookup
    from gearlint.syntax.substitution import expand

    dockerfile, lookup = gear.dockerfile, global_lookup(gear.dockerfile)
    bases = (expand(stage.base.text, lookup, dockerfile.escape) for stage in dockerfile.stages)
    found = [image_reference.parse(base) for base in bases if base is not None]
    named = image.registry, image.repository.text
    if all((base.registry, base.repository.text) != named for base in found):
        return ""
    own = f"ME/{name.lower()}:{gear.version.text if gear.version else 'VERSION'}"
    return f"this is the base image of the Dockerfile: name the gear's own, {quoted(own)}"
