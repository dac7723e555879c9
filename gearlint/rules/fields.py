"""GL101-GL105, GL107-GL109, GL117: the manifest's own fields."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import did_you_mean, dotted, is_one_edit_away, quoted
from gearlint.gear import schema
from gearlint.gear.gear import IMAGE, Gear
from gearlint.gear.manifest import Json, Path
from gearlint.rules.registry import rule

PLACEHOLDERS = (
    "Created by the gear builder. Edit the manifest file to give this gear a description!",
    "New Gear Builder",
    "List citations here.",
)
"""Texts of the gear builder's template."""

_LEFT_OPEN = frozenset(("FIXME", "TBD", "TODO", "Todo", "todo"))
PROSE = ("label", "description", "author", "maintainer", "cite")
CAPABILITY = "networking"
_OF_CUSTOM_FLYWHEEL = ("classification", "invalid", "module", "show-job", "suite")

_EXAMPLES = {
    "author": '"A. Author"', "config": "{}", "description": '"Averages images."', "inputs": "{}",
    "label": '"My gear"', "license": '"MIT"', "name": '"my-gear"', "source": '""', "url": '""',
    "version": '"1.0.0"',
}  # fmt: skip
"""A value of each required field."""
_PERSON = "write the name of the person or lab that made the gear"
_MEANING = {
    "author": _PERSON,
    "maintainer": _PERSON,
    "label": 'write the name that people see, for example "My gear"',
    "description": "write in a sentence what the gear does",
    "cite": 'write what to cite, or "" where there is nothing to cite',
}
"""What to write into a field of prose."""
_TEMPLATE = regex(r"\{\{[^{}]*\}\}")
_MAY_BE_EMPTY: dict[str, Json] = {"source": "", "url": "", "config": {}, "inputs": {}}
_IN_SCHEME = str.maketrans("", "", "+.-")
_NOT_IN_URI = frozenset('<>"{}|\\^`\x7f').union(map(chr, range(0x21)))
_ADDRESS = '"https://example.org/my-gear"'
_WEB = ("http", "https")


@rule("GL101", "missing-field", Severity.ERROR, fix="safe")
def missing_field(gear: Gear) -> Iterator[Problem]:
    """A required field is missing.

    Required are `author`, `config`, `description`, `inputs`, `label`, `license`, `name`, `source`,
    `url` and `version`; the upload is refused without any of them. `source` and `url` may be empty
    strings, `config` and `inputs` empty objects. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }

    Good:

        {
            "name": "my-gear", "label": "My gear", "description": "Averages images.",
            "version": "1.0.0_2.0.0", "author": "A. Author", "license": "MIT", "url": "",
            "source": "", "command": "python run.py", "inputs": {}, "config": {},
            "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:1.0.0_2.0.0"}}
        }
    """
    for fault in gear.schema_faults("missing-field"):
        if fault.key in gear.misspelt_fields.values():
            continue  # GL102 says so
        message = f'required field "{fault.key}" is missing'
        places = list(_elsewhere(gear.manifest.value, fault.key))
        fix = None if places else _field_added(gear, fault.key)
        yield gear.at.value((), message, _move_out(gear, fault.key, places), fix=fix)


def _elsewhere(value: Json, field: str, path: Path = ()) -> Iterator[Path]:
    """The paths of all members of that name."""
    members = value.items() if isinstance(value, dict) else ()
    for key, member in members:
        if key == field:
            yield (*path, key)
        yield from _elsewhere(member, field, (*path, key))
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from _elsewhere(item, field, (*path, index))


def _move_out(gear: Gear, field: str, places: list[Path]) -> str:
    """What to do where the field is in another object, as after a misplaced brace."""
    kind = dict if field in ("config", "inputs") else str
    for path in places:
        is_own = path[0] in ("config", "inputs") and len(path) > 2  # of an option or input
        if isinstance(gear.manifest.get(*path), kind) and not is_own:
            line = gear.manifest.source.position(gear.manifest.key_span(path).start).line
            return f"{quoted(field)} is in {dotted(path[:-1])}, line {line}: move it out"
    return f'add it, for example "{field}": {_EXAMPLES[field]}'


def _field_added(gear: Gear, field: str) -> Fix | None:
    """Adds a field that may be empty, or a label."""
    value = _MAY_BE_EMPTY.get(field)
    if field == "label" and re.fullmatch(r"[a-z0-9-]{1,100}", name := _name(gear)):
        value = name
    if value is None:
        return None
    from gearlint.gear.edits.manifest import inserted

    return inserted(gear.manifest, field, value, schema.known_fields(), is_safe=True)


def _name(gear: Gear) -> str:
    return gear.manifest.string("name") or ""


@rule("GL102", "unknown-field", Severity.ERROR, fix="unsafe")
def unknown_field(gear: Gear) -> Iterator[Problem]:
    """A top-level field that no manifest has.

    The schema allows no other fields, so the upload is refused. What is your own goes under
    `custom`. A required field that is only misspelt is not missing too (GL101). A field `flywheel`
    is allowed and ignored: a warning where it has what belongs to `custom.flywheel`. Source:
    manifest schema of `fw-gear` 0.3.7; the ignored field is seen in public gears.

    Bad:

        "capability": ["networking"]

    Good:

        "capabilities": ["networking"]
    """
    given: set[str] = set()
    for fault in gear.schema_faults("unknown-field"):
        from gearlint.gear.schema.advice import place_of_field

        field, near = fault.key, gear.misspelt_fields.get(fault.key, "")
        place = place_of_field(field, gear.manifest.get(field))
        if field in _OF_CUSTOM_FLYWHEEL:
            place = "custom.flywheel"
        advice = f"move it into {place}, or remove it"
        if field == IMAGE[1] and field not in gear.manifest.object("custom"):
            advice = f"move it into {place}"  # without it GL110 would follow
        yield gear.at.key(
            (field,),
            f"unknown field {quoted(field)}",
            f'did you mean "{near}"?' if near else advice,
            fix=_field_renamed(gear, field, near) if near and near not in given else None,
        )
        given |= {near} - {""}
    of_custom = gear.manifest.object("custom", "flywheel")
    for key in gear.manifest.object("flywheel"):
        if key in _OF_CUSTOM_FLYWHEEL and key not in of_custom:
            yield gear.at.key(
                ("flywheel", key),
                f'nothing reads "{key}" here, expected it in custom.flywheel',
                f'move it: "custom": {{"flywheel": {{"{key}": ...}}}}',
                severity=Severity.WARNING,
            )


def _field_renamed(gear: Gear, field: str, near: str) -> Fix | None:
    """Gives a field the name that is near, if its value fits there."""
    from gearlint.gear.edits.manifest import renamed

    alone: dict[str, Json] = {near: gear.manifest.get(field)}
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
        from gearlint.gear.schema.advice import written_right
        from gearlint.gear.schema.keys import misspelt_in_input

        if fault.path[0] == "inputs" and len(fault.path) == 3:
            misspelt = misspelt_in_input(gear.manifest.object(*fault.path[:2])).values()
            if fault.path[2] in misspelt and gear.manifest.get(*fault.path[:2], "base") == "file":
                continue  # GL135 says so
        yield gear.at.value(
            fault.path,
            f"{dotted(fault.path)} is {fault.found}, expected {fault.expected}",
            written_right(fault.path, gear.manifest.get(*fault.path), fault.expected)
            or f"write {fault.expected or 'a value of another type'}",
        )


@rule("GL104", "invalid-name", Severity.ERROR, fix="unsafe")
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
        beginning = name[: limits.REWRITTEN_CHARACTERS].lower()
        better = re.sub(r"[^a-z0-9]+", "-", beginning).strip("-")
        other = re.search(r"[^a-z0-9-]", name)
        wrong = f"{quoted(name)} has {quoted(other[0])} in it" if other else "is empty"
        yield gear.at.value(
            fault.path,
            f"name {wrong}, expected only lower-case letters, digits and hyphens",
            f"for example {quoted(better or 'my-gear')}",
            fix=rewritten(gear.manifest, better, ("name",), is_safe=False) if better else None,
        )


@rule("GL105", "too-long", Severity.ERROR)
def too_long(gear: Gear) -> Iterator[Problem]:
    """A text is longer than its field allows.

    `name`, `label`, `author`, `maintainer` and `version` hold 100 characters, `source` and `url`
    1000, `description` and `cite` 5000. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "label": "A gear whose label goes on, and on, until it has said everything that the description is really meant for"

    Good:

        "label": "A gear with a label"
    """  # noqa: E501
    for fault in gear.schema_faults("too-long"):
        yield gear.at.value(
            fault.path,
            f"{dotted(fault.path)} has {fault.found} characters, expected {fault.expected}",
            "shorten it",
        )


@rule("GL107", "invalid-uri", Severity.WARNING, fix="both")
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
        if value and not _is_uri(value):
            from gearlint.gear.edits.manifest import rewritten
            from gearlint.gear.schema.advice import address_meant

            is_spaced = _is_uri(value.strip())
            meant = value.strip() if is_spaced else address_meant(value)
            meant = meant if _is_uri(meant) else ""
            advice = f"for example {quoted(meant)}"
            if is_spaced:
                advice = "remove the space at its start or end"
            elif left := _TEMPLATE.search(value):
                advice = f"replace {quoted(left[0])}, which is from a template"
            elif not meant:
                advice = f'for example {_ADDRESS}, or "" where there is none'
                advice = advice if value.strip() else 'write ""'
            yield gear.at.value(
                (field,),
                f"{field} {quoted(value)} is not a URL, expected one or an empty string",
                advice,
                fix=rewritten(gear.manifest, meant, (field,), is_safe=is_spaced) if meant else None,
            )


def _is_uri(value: str) -> bool:
    scheme, _, rest = value.partition(":")
    letters = scheme.translate(_IN_SCHEME)
    is_scheme = letters.isascii() and letters.isalnum() and scheme[0].isalpha()
    if not is_scheme or rest.split() != [rest] or not _NOT_IN_URI.isdisjoint(rest):
        return False
    if scheme.lower() in _WEB:
        return rest.startswith("//") and rest[2:3] not in ("", "/")
    return not rest.startswith("//") or not any(is_one_edit_away(scheme, one) for one in _WEB)


@rule("GL108", "empty-field", Severity.WARNING)
def empty_field(gear: Gear) -> Iterator[Problem]:
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
            what = "has only whitespace" if value else "is empty"
            yield gear.at.value((field,), f"{field} {what}", _MEANING[field])


@rule("GL109", "placeholder-text", Severity.WARNING)
def placeholder_text(gear: Gear) -> Iterator[Problem]:
    """A field still holds the text of the template it was made from, or `TODO`.

    That is a text of the gear builder's template, or `{{ }}`, which nothing replaces in a field
    that people read; or `TODO`, `TBD` or `FIXME` alone. (In `command`, `{{ name }}` is replaced by
    the value of an option.) Source: the gear builder's template and the tutorial "Gear Development
    on Flywheel".

    Bad:

        "author": "New Gear Builder"

    Good:

        "author": "A. Author"
    """
    for field, value in gear.manifest.fields.items():
        if not isinstance(value, str):
            continue
        if value in PLACEHOLDERS:
            yield gear.at.value(
                (field,),
                f"{field} still says {quoted(value)}, from the template",
                _MEANING.get(field, "write the gear's own text"),
            )
        elif field not in PROSE:
            continue
        elif value.strip(" .:") in _LEFT_OPEN:
            yield gear.at.value((field,), f"{field} still says {quoted(value)}", _MEANING[field])
        elif "{{" in value and (left := _TEMPLATE.search(value)):
            yield gear.at.part(
                (field,),
                *left.span(),
                f"{field} still has {quoted(left[0])} in it, from a template",
                _MEANING[field],
            )


@rule("GL117", "unknown-capability", Severity.WARNING)
def unknown_capability(gear: Gear) -> Iterator[Problem]:
    """The gear asks for a capability that no site has.

    A job is started only where all capabilities of its gear are there, and `networking` is the only
    one: the jobs of a gear with another one wait for ever. Source: gear specification,
    "Capabilities".

    Bad:

        "capabilities": ["gpu"]

    Good:

        "capabilities": ["networking"]
    """
    capabilities = gear.manifest.get("capabilities")
    for index, name in enumerate(capabilities if isinstance(capabilities, list) else ()):
        if isinstance(name, str) and name != CAPABILITY:
            yield gear.at.value(
                ("capabilities", index),
                f"capability {quoted(name)} is unknown: jobs of this gear are never started",
                did_you_mean(name, (CAPABILITY,))
                or f'remove it: "{CAPABILITY}" is the only capability',
            )
