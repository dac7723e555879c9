"""GL10x and GL11x: the manifest's own fields and its `custom` part."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import brief, did_you_mean, dotted, listed, nearest, one_of, quoted
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

PLACEHOLDERS = (
    "Created by the gear builder. Edit the manifest file to give this gear a description!",
    "New Gear Builder",
    "List citations here.",
)
_MAY_BE_EMPTY: dict[str, Json] = {"source": "", "url": "", "config": {}, "inputs": {}}
_URI = regex(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+\Z")


@rule("GL101", "missing-field", Severity.ERROR)
def missing_field(gear: Gear) -> Iterator[Problem]:
    """A required field is missing.

    Required are `author`, `config`, `description`, `inputs`, `label`, `license`, `name`, `source`,
    `url` and `version`; the upload is refused without any of them. `source` and `url` may be empty
    strings, `config` and `inputs` empty objects. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "inputs": {}, "config": {}
        }

    Good:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0", "author": "A. Author", "license": "MIT", "url": "", "source": "",
            "inputs": {}, "config": {}
        }
    """
    for fault in gear.schema_faults("missing-field"):
        message = f'required field "{fault.key}" is missing'
        yield gear.at.value((), message, fix=_field_added(gear, fault.key))


def _field_added(gear: Gear, field: str) -> Fix | None:
    """Adds a field that may be empty, or follows; none that seems to be there misspelt."""
    value = _MAY_BE_EMPTY.get(field)
    if field == "label" and re.fullmatch(r"[a-z0-9-]{1,100}", name := _name(gear)):
        value = name
    if value is None or field in gear.misspelt_fields.values():
        return None
    from gearlint.gear.edits.manifest import inserted

    return inserted(gear.manifest, field, value, schema.known_fields(), is_safe=True)


def _name(gear: Gear) -> str:
    return gear.manifest.string("name") or ""


@rule("GL102", "unknown-field", Severity.ERROR)
def unknown_field(gear: Gear) -> Iterator[Problem]:
    """A top-level field that no manifest has.

    The schema allows no other fields, so the upload is refused. What is your own goes under
    `custom`. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "maintainers": "A. Author"

    Good:

        "maintainer": "A. Author"
    """
    given: set[str] = set()
    for fault in gear.schema_faults("unknown-field"):
        field, near = fault.key, gear.misspelt_fields.get(fault.key, "")
        yield gear.at.key(
            (field,),
            f"unknown field {quoted(field)}",
            f'did you mean "{near}"?' if near else 'what is your own goes under "custom"',
            fix=_field_renamed(gear, field, near) if near not in given else None,
        )
        given |= {near} - {""}


def _field_renamed(gear: Gear, field: str, near: str) -> Fix | None:
    """Gives a field the name that is near, if its value fits there; without one, removes it."""
    from gearlint.gear.edits.manifest import removed, renamed

    if not near:
        return removed(gear.manifest, (field,), is_safe=False)
    alone: Json = {near: gear.manifest.get(field)}
    if any(fault.path[:1] == (near,) for fault in schema.faults(alone)):
        return None
    return renamed(gear.manifest, (field,), near, is_safe=False)


@rule("GL103", "wrong-type", Severity.ERROR)
def wrong_type(gear: Gear) -> Iterator[Problem]:
    """A value is of the wrong JSON type.

    The schema fixes the type of every known field, and the upload is refused where one differs.
    Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "capabilities": "networking"

    Good:

        "capabilities": ["networking"]
    """
    for fault in gear.schema_faults("wrong-type"):
        yield gear.at.value(
            fault.path,
            f"{dotted(fault.path)} is {fault.found}, expected {fault.expected}",
        )


@rule("GL104", "invalid-name", Severity.ERROR)
def invalid_name(gear: Gear) -> Iterator[Problem]:
    """The name has characters that a gear's name cannot have.

    A name is made of lower-case letters, digits and hyphens. Source: manifest schema of `fw-gear`
    0.3.7.

    Bad:

        "name": "My_Gear"

    Good:

        "name": "my-gear"
    """
    for fault in gear.schema_faults("name"):
        from gearlint.gear.edits.manifest import rewritten

        name = _name(gear)
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        other = re.search(r"[^a-z0-9-]", name)
        wrong = f"{quoted(name)} has {quoted(other[0])}" if other else "is empty"
        yield gear.at.value(
            fault.path,
            f"name {wrong}, expected lower-case letters, digits and hyphens only",
            f"for example {quoted(better)}" if better else "",
            fix=rewritten(gear.manifest, better, ("name",), is_safe=False)
            if better and len(better) <= max(len(name), 100)
            else None,
        )


@rule("GL105", "too-long", Severity.ERROR)
def too_long(gear: Gear) -> Iterator[Problem]:
    """A text is longer than its field allows.

    `name`, `label`, `author`, `maintainer` and `version` hold 100 characters, `source` and `url`
    1000, `description` and `cite` 5000. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "label": "A gear whose label goes on, and on, until it has reported everything that the description is really meant for"

    Good:

        "label": "A gear with a label"
    """  # noqa: E501
    for fault in gear.schema_faults("too-long"):
        yield gear.at.value(
            fault.path,
            f"{dotted(fault.path)} has {fault.found} characters, expected {fault.expected}",
        )


@rule("GL106", "unknown-license", Severity.ERROR)
def unknown_license(gear: Gear) -> Iterator[Problem]:
    """The license is not one that Flywheel knows.

    It is an OSI identifier in exact case, `Flywheel MSA` or `Other`. Source: manifest schema of
    `fw-gear` 0.3.7.

    Bad:

        "license": "Apache 2.0"

    Good:

        "license": "Apache-2.0"
    """
    for fault in gear.schema_faults("license"):
        value = gear.manifest.get("license")
        near = nearest(value, schema.words("license")) if isinstance(value, str) else ""
        yield gear.at.value(
            fault.path,
            f"license {brief(value)} is not an OSI identifier that Flywheel knows",
            f'did you mean "{near}"?' if near else 'where none fits, it is "Other"',
            fix=_license_written_right(gear),
        )


def _license_written_right(gear: Gear) -> Fix | None:
    """Where only case, spaces and punctuation differ from exactly one identifier, that one."""
    value = gear.manifest.string("license")
    plain = _without_punctuation(value or "")
    same = [word for word in schema.words("license") if _without_punctuation(word) == plain]
    if len(same) != 1:
        return None
    from gearlint.gear.edits.manifest import rewritten

    return rewritten(gear.manifest, same[0], ("license",), is_safe=True)


def _without_punctuation(text: str) -> str:
    """`text` in one case, without what separates words; a `+` means something."""
    return re.sub(r"[\s\-_.,:;/()\"']+", "", text.casefold())


@rule("GL107", "invalid-uri", Severity.WARNING)
def invalid_uri(gear: Gear) -> Iterator[Problem]:
    """`source` or `url` is not a URL.

    Each is a URI such as `https://github.com/me/my-gear`, or the empty string. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad:

        "url": "github.com/me/my-gear"

    Good:

        "url": "https://github.com/me/my-gear"
    """
    for field in ("source", "url"):
        value = gear.manifest.string(field)
        if value and not _URI.match(value):
            yield gear.at.value(
                (field,),
                f"{field} {quoted(value)} is not a URL, expected one or an empty string",
                _better_address(value),
            )


def _better_address(value: str) -> str:
    if _URI.match(value.strip()):
        return "remove the blank at its end or start"
    if re.match(r"[\w-]+(\.[\w-]+)+(/\S*)?\Z", value):
        return f"for example {quoted('https://' + value)}"
    return ""


@rule("GL108", "blank-field", Severity.WARNING)
def blank_field(gear: Gear) -> Iterator[Problem]:
    """`label`, `author` or `description` is empty.

    People find a gear by its label and judge it by its description. Source: Flywheel's public
    documentation.

    Bad:

        "description": ""

    Good:

        "description": "Averages all images of a session."
    """
    for field in ("label", "author", "description"):
        value = gear.manifest.string(field)
        if value is not None and not value.strip():
            yield gear.at.value((field,), f"{field} is {'blank' if value else 'empty'}")


@rule("GL109", "placeholder-text", Severity.WARNING)
def placeholder_text(gear: Gear) -> Iterator[Problem]:
    """A field still holds the text of the template it was made from.

    Source: the gear builder's template and the tutorial "Gear Development on Flywheel".

    Bad:

        "author": "New Gear Builder"

    Good:

        "author": "A. Author"
    """
    for field, value in gear.manifest.fields.items():
        if isinstance(value, str) and value in PLACEHOLDERS:
            yield gear.at.value(
                (field,), f"{field} is the template's {quoted(value)}, expected the gear's own"
            )


@rule("GL110", "image-missing", Severity.ERROR)
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
    if value not in (None, ""):
        return
    is_deprecated = bool(manifest.string(*DEPRECATED_IMAGE))
    problem = gear.at.value if value is not None else gear.at.key
    yield problem(
        DEPRECATED_IMAGE if is_deprecated and value is None else IMAGE,
        f"{dotted(IMAGE)} is {'empty' if value == '' else 'missing'}",
        f"move the image here from the deprecated {dotted(DEPRECATED_IMAGE)}"
        if is_deprecated
        else "name the image, with the version as its tag",
        fix=_image_moved(gear) if is_deprecated else None,
    )


def _image_moved(gear: Gear) -> Fix | None:
    from gearlint.gear.edits.manifest import moved

    _, builder, key = IMAGE
    return moved(gear.manifest, DEPRECATED_IMAGE, str(builder), str(key), is_safe=True)


def _can_have_builder(gear: Gear) -> bool:
    """Whether `custom` and its `gear-builder` are objects or missing; of others GL103 tells."""
    if not isinstance(gear.manifest.value, dict):
        return False
    for path in (IMAGE[:1], IMAGE[:2]):
        if path[-1] not in gear.manifest.object(*path[:-1]):
            return True
        if not isinstance(gear.manifest.get(*path), dict):
            return False
    return True


@rule("GL111", "deprecated-docker-image", Severity.WARNING)
def deprecated_docker_image(gear: Gear) -> Iterator[Problem]:
    """The image is named a second time in its deprecated place.

    `custom.docker-image` beside an equal `custom.gear-builder.image` does nothing but drift apart
    from it one day. Source: the validator of `fw-gear` 0.3.7.

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
            f"remove {dotted(DEPRECATED_IMAGE)}, which is deprecated",
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
    if not _can_have_builder(gear):
        return
    category = gear.manifest.get(*path)
    expected = f"expected {one_of(CATEGORIES)}"
    if category is None:
        yield gear.at.key(path[:2], f"{dotted(path)} is missing, {expected}")
    elif isinstance(category, str) and category not in CATEGORIES:
        yield gear.at.value(
            path,
            f"unknown category {quoted(category)}, {expected}",
            did_you_mean(category, CATEGORIES),
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
        yield gear.at.key(path, f"{dotted(path)} is true: Flywheel will not run this gear")


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
            f"suite {quoted(suite)} is not of the exchange, which has {listed(SUITES)}",
            _suite_meant(suite),
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
