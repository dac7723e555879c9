"""GL110-GL116: the manifest's `custom`: the image's name, the category, the exchange's words."""

from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.text import brief, did_you_mean, dotted, nearest, one_of, quoted
from gearlint.gear import schema
from gearlint.gear.gear import DEPRECATED_IMAGE, IMAGE, Gear
from gearlint.gear.manifest import Json
from gearlint.rules.registry import rule

CATEGORIES = ("analysis", "classifier", "converter", "qa", "utility")
SUITES = (
    "Conversion", "Curation", "Quality Assurance", "Utility", "Export", "Report",
    "Image Processing", "Other",
)  # fmt: skip
COMMON = {
    "function": ("Conversion", "Quality Assurance", "Image Processing - Structural", "Utility"),
    "modality": ("MR", "CT", "PT", "US"),
    "organ": ("Brain", "Heart", "Liver", "Lung"),
    "therapeutic_area": ("Neurology", "Oncology", "Psychiatry/Psychology"),
}
"""Words of a classification that many gears have."""


@rule("GL110", "image-missing", Severity.ERROR, fix="safe")
def image_missing(gear: Gear) -> Iterator[Problem]:
    """The manifest names no image under `custom.gear-builder.image`.

    Flywheel runs the image that is named there. `custom.docker-image` is its deprecated place.
    Source: the validator of `fw-gear` 0.3.7.

    Bad:

        "custom": {"docker-image": "me/my-gear:1.0.0_2.0.0"}

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    manifest = gear.manifest
    if not _can_have_builder(gear):
        return
    value = manifest.get(*IMAGE)
    if value not in (None, "") or IMAGE[0] in gear.misspelt_fields.values():
        return  # of the latter GL102 says so
    if misspelt := _misspelt_builder(gear):
        yield gear.at.key(
            ("custom", misspelt),
            f"{dotted(IMAGE)} is missing",
            f'rename {quoted(misspelt)} to "gear-builder"',
            fix=_builder_renamed(gear, misspelt),
        )
        return
    if IMAGE[1] not in manifest.object("custom") and _holds_builder(manifest.object(IMAGE[1])):
        return  # GL102 says so
    is_deprecated = bool(manifest.string(*DEPRECATED_IMAGE))
    if is_deprecated:
        advice = f"move the image here from the deprecated {dotted(DEPRECATED_IMAGE)}"
    elif IMAGE[1] in manifest.object("custom"):
        advice = _key_meant(gear, "image") or "name the image, with the version as its tag"
    else:
        advice = _builder_elsewhere(gear) or f"add {_builder_meant(gear)}"
    problem = gear.at.value if value is not None else gear.at.key
    yield problem(
        DEPRECATED_IMAGE if is_deprecated and value is None else IMAGE,
        f"{dotted(IMAGE)} is {'empty' if value == '' else 'missing'}",
        advice,
        fix=_image_moved(gear) if is_deprecated else None,
    )


def _key_meant(gear: Gear, key: str) -> str:
    """Which key of `gear-builder` is to be renamed to one that it lacks; empty if none is."""
    builder = gear.manifest.object(*IMAGE[:2])
    texts = [one for one, value in builder.items() if isinstance(value, str) and value]
    near = nearest(key, texts) or next((one for one in texts if one == f"docker-{key}"), "")
    return f'rename {quoted(near)} to "{key}"' if near and key not in builder else ""


def _builder_elsewhere(gear: Gear) -> str:
    """What to move where the builder's keys, or the builder, are in another object."""
    custom = gear.manifest.object("custom")
    if isinstance(custom.get("image"), str):
        return 'move "image" and "category" into an object "gear-builder" in custom'
    within = [
        key for key in custom if _holds_builder(gear.manifest.object("custom", key, IMAGE[1]))
    ]
    return f'move "gear-builder" out of {dotted(("custom", within[0]))}' if within else ""


def _misspelt_builder(gear: Gear) -> str:
    """The key in `custom` that is meant for `gear-builder`; empty if there is none, or that too."""
    custom = gear.manifest.object("custom")
    if IMAGE[1] in custom:
        return ""
    builders = [key for key in custom if _holds_builder(gear.manifest.object("custom", key))]
    return nearest("gear-builder", builders)


def _builder_renamed(gear: Gear, misspelt: str) -> Fix | None:
    """Renames it to `gear-builder`, unless something in it would then be reported."""
    from gearlint.gear.edits.manifest import renamed
    from gearlint.syntax import image_reference

    builder = gear.manifest.object("custom", misspelt)
    image = image_reference.parse(gear.manifest.string("custom", misspelt, "image") or "")
    tag = image.tag.text if image.tag is not None and not image.fault else None
    if tag != gear.manifest.string("version") or builder.get("category") not in CATEGORIES:
        return None
    return renamed(gear.manifest, ("custom", misspelt), "gear-builder", is_safe=True)


def _holds_builder(value: Mapping[str, Json]) -> bool:
    return not value.keys().isdisjoint(("category", "image"))


def _builder_meant(gear: Gear) -> str:
    """`"gear-builder": {...}` with a category, and the image by the gear's name and version."""
    name, version = gear.manifest.string("name") or "my-gear", gear.manifest.string("version")
    image = f"REGISTRY/{name.lower()}:{version or 'VERSION'}"
    category = _category_seen(gear)
    return f'"gear-builder": {{"category": "{category}", "image": "{image}"}} to custom'


def _category_seen(gear: Gear) -> str:
    """The category that the gear's name and label speak of."""
    from gearlint.gear.vocabulary import category_seen

    texts = (gear.manifest.string("name"), gear.manifest.string("label"))
    return category_seen(" ".join(text[: limits.QUOTED_CHARACTERS] for text in texts if text))


def _image_moved(gear: Gear) -> Fix | None:
    from gearlint.gear.edits.manifest import moved

    _, builder, key = IMAGE
    return moved(gear.manifest, DEPRECATED_IMAGE, str(builder), str(key), is_safe=True)


def _can_have_builder(gear: Gear) -> bool:
    """Whether `custom` and its `gear-builder` are objects or missing; GL103 reports others."""
    if not isinstance(gear.manifest.value, dict):
        return False
    for path in (IMAGE[:1], IMAGE[:2]):
        if path[-1] not in gear.manifest.object(*path[:-1]):
            return True
        if not isinstance(gear.manifest.get(*path), dict):
            return False
    return True


@rule("GL111", "deprecated-docker-image", Severity.INFO, fix="safe")
def deprecated_docker_image(gear: Gear) -> Iterator[Problem]:
    """The image is named a second time in its deprecated place.

    `custom.docker-image` beside an equal `custom.gear-builder.image` does nothing but drift apart
    from it one day; once they differ, the upload is refused (GL112). Source: the validator of
    `fw-gear` 0.3.7.

    Bad:

        "custom": {
            "docker-image": "me/my-gear:1.0.0_2.0.0",
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}
        }

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    image = gear.manifest.string(*IMAGE)
    if image and gear.manifest.string(*DEPRECATED_IMAGE) == image:
        from gearlint.gear.edits.manifest import removed

        yield gear.at.key(
            DEPRECATED_IMAGE,
            f"{dotted(DEPRECATED_IMAGE)} is deprecated and repeats {dotted(IMAGE)}",
            "remove it",
            fix=removed(gear.manifest, DEPRECATED_IMAGE, is_safe=True),
        )


@rule("GL112", "images-disagree", Severity.ERROR)
def images_disagree(gear: Gear) -> Iterator[Problem]:
    """The image is named twice, and differently.

    `custom.gear-builder.image` and the deprecated `custom.docker-image` must be the same, or the
    upload is refused. Source: the validator of `fw-gear` 0.3.7.

    Bad:

        "custom": {
            "docker-image": "me/my-gear:0.9.0_2.0.0",
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}
        }

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    image, deprecated = gear.manifest.string(*IMAGE), gear.manifest.string(*DEPRECATED_IMAGE)
    if image and deprecated and image != deprecated:
        yield gear.at.value(
            DEPRECATED_IMAGE,
            f"{dotted(DEPRECATED_IMAGE)} is {quoted(deprecated)}, "
            f"but {dotted(IMAGE)} is {quoted(image)}",
            f"remove {dotted(DEPRECATED_IMAGE)}, which is deprecated; if that is the image to run, "
            f"write it under {dotted(IMAGE)} first",
        )


@rule("GL113", "unknown-category", Severity.WARNING)
def unknown_category(gear: Gear) -> Iterator[Problem]:
    """The gear's category is missing or unknown.

    `custom.gear-builder.category` is analysis, classifier, converter, qa or utility; it decides
    where the gear is offered and whether its results become an analysis. Source: the categories of
    `flywheel-cli` 18.5.1.

    Bad:

        "custom": {"gear-builder": {"category": "importer", "image": "me/my-gear:1.0.0_2.0.0"}}

    Good:

        "custom": {"gear-builder": {"category": "converter", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    path = ("custom", "gear-builder", "category")
    custom = gear.manifest.object("custom")
    is_moved = bool(gear.manifest.string(*DEPRECATED_IMAGE)) and not _misspelt_builder(gear)
    if not _can_have_builder(gear) or not (path[1] in custom or is_moved):
        return  # GL110 reports the missing object
    category = gear.manifest.get(*path)
    expected = f"expected {one_of(CATEGORIES)}"
    if category is None:
        add = f'add "category": "{_category_seen(gear)}", or the one that fits'
        advice = _key_meant(gear, "category") or add
        yield gear.at.key(path, f"{dotted(path)} is missing, {expected}", advice)
    elif isinstance(category, str) and category not in CATEGORIES:
        from gearlint.gear.vocabulary import category_meant

        meant = category_meant(category, CATEGORIES)
        yield gear.at.value(
            path,
            f"unknown category {quoted(category)}, {expected}",
            f'did you mean "{meant}"?' if meant else 'write "utility" where no other fits',
        )


@rule("GL114", "disabled-gear", Severity.WARNING)
def disabled_gear(gear: Gear) -> Iterator[Problem]:
    """The gear is disabled.

    With `custom.flywheel.invalid` set, Flywheel does not run it. Source: gear specification.

    Bad:

        "custom": {
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {"invalid": true}
        }

    Good:

        "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
    """
    path = ("custom", "flywheel", "invalid")
    if gear.manifest.get(*path) is True:
        yield gear.at.key(
            path,
            f"{dotted(path)} is true: Flywheel does not run this gear",
            'remove "invalid" once the gear works',
        )


@rule("GL115", "unknown-suite", Severity.INFO, default=False)
def unknown_suite(gear: Gear) -> Iterator[Problem]:
    """The suite is not one of the exchange's.

    A site may have suites of its own; the public exchange has eight. Source: the classification
    check of `fw-gear` 0.3.7.

    Bad:

        "custom": {
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {"suite": "Image Procesing"}
        }

    Good:

        "custom": {
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {"suite": "Image Processing"}
        }
    """
    path = ("custom", "flywheel", "suite")
    suite = gear.manifest.string(*path)
    if suite is not None and suite not in SUITES:
        yield gear.at.value(
            path,
            f"suite {quoted(suite)} is not one of the exchange, expected {one_of(SUITES)}",
            _suite_meant(suite) or 'write "Other" where none fits',
        )


def _suite_meant(suite: str) -> str:
    """The suite that was misspelt; it begins alike, so none for `Preprocessing`."""
    return did_you_mean(suite, [one for one in SUITES if one[:1] == suite[:1].upper()])


@rule("GL116", "unknown-classification", Severity.ERROR)
def unknown_classification(gear: Gear) -> Iterator[Problem]:
    """A classification is not a word of its vocabulary.

    `species`, `organ`, `function`, `modality` and `therapeutic_area` under
    `custom.flywheel.classification` have fixed words; other keys are free. Source: manifest schema
    of `fw-gear` 0.3.7.

    Bad:

        "custom": {
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {"classification": {"modality": ["MRI"]}}
        }

    Good:

        "custom": {
            "gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"},
            "flywheel": {"classification": {"modality": ["MR"]}}
        }
    """
    for fault in gear.schema_faults("classification"):
        kind = str(fault.path[3])
        value = gear.manifest.get(*fault.path)
        words = schema.words("custom", "flywheel", "classification", kind)
        yield gear.at.value(
            fault.path,
            f"unknown {kind.replace('_', ' ')} {brief(value)}, expected one of the {len(words)} "
            "in the specification",
            (did_you_mean(value, words) if isinstance(value, str) else "")
            or f"for example {one_of(COMMON.get(kind, words[:4]))}",
        )
