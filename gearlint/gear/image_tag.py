"""Which image a manifest should name, where its tag is not the version. Knows no rules."""

from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.syntax.image_reference import ImageReference


def tag_doubt(gear: Gear, image: ImageReference, version: str) -> str:
    """Why it may not be the tag that is wrong, and what to do; empty if the tag is."""
    if base := base_instead(gear, image):
        return base
    if gear.builds_no_image:
        return (
            "the gear has no Dockerfile, its image is built elsewhere: set the version to the tag, "
            "or push the image under the version"
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
    return f"set the tag to the version, or the version to {quoted(tag)} if you forgot to raise it"


def base_instead(gear: Gear, image: ImageReference) -> str:
    """What to name instead of an image that the Dockerfile begins with; empty if it does not.

    A gear may be built on an older image of its own.
    """
    name = gear.manifest.string("name") or "my-gear"
    if gear.dockerfile is None or image.name == name:
        return ""
    from gearlint.image.stages import global_lookup
    from gearlint.syntax.substitution import expand

    dockerfile, lookup = gear.dockerfile, global_lookup(gear.dockerfile)
    bases = (expand(stage.base.text, lookup, dockerfile.escape) for stage in dockerfile.stages)
    if image.text not in bases:
        return ""
    own = f"ME/{name.lower()}:{gear.version.text if gear.version else 'VERSION'}"
    return f"this is the base image of the Dockerfile: name the gear's own, {quoted(own)}"
