"""GL120-GL124, GL127-GL130: the options of a gear, each a JSON-schema snippet."""

from collections.abc import Iterator, Sequence

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import brief, did_you_mean, dotted, one_of, quoted, shown
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Path, variable_of
from gearlint.gear.schema import snippets as snippet
from gearlint.gear.schema.keys import misspelt_in_option
from gearlint.gear.schema.snippets import TYPES
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.schema.explain import SchemaFault

_SAY_WHAT = 'say in "description" what the option does'
_OTHER_NAMES = {
    "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "list": "array", "tuple": "array", "str": "string", "text": "string",
    "enum": "string", "choice": "string", "bool": "boolean", "flag": "boolean",
}  # fmt: skip
"""The types of other languages and programs."""
_LIMITS = {
    **dict.fromkeys(("integer", "number"), (("minimum", "maximum"),)),
    "string": (("minLength", "maxLength"),),
    "array": (("minItems", "maxItems"),),
}
"""The keywords that limit the values of a type, from below and from above."""


@rule("GL120", "config-type", Severity.ERROR)
def config_type(gear: Gear) -> Iterator[Problem]:
    """A config option has no type, or an unknown one.

    Every option has a `type`, which is array, boolean, integer, number or string. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad:

        "config": {"threads": {"type": "int", "default": 1, "description": "How many at once."}}

    Good:

        "config": {"threads": {"type": "integer", "default": 1, "description": "How many at once."}}
    """
    for option in {fault.path[1]: None for fault in gear.schema_faults("config-type")}:
        path: Path = ("config", option)
        kind = gear.manifest.get(*path, "type")
        expected = f"expected {one_of(TYPES)}"
        if "type" in misspelt_in_option(gear.manifest.object(*path)):
            continue  # GL135 says so
        if "type" not in gear.manifest.object(*path):
            from gearlint.gear.schema.advice import type_seen

            kind = type_seen(gear.manifest.object(*path)) or "string"
            advice = f'add "type": "{kind}", or the one that fits'
            if gear.manifest.get(*path, "base") in snippet.BASES:
                advice = 'this is an input: move it to "inputs"'
            yield gear.at.key(path, f"{dotted(path)} has no type, {expected}", advice)
        else:
            is_text = isinstance(kind, str)
            wrong = f"the type {brief(kind)}" if is_text else f"a type that is {shown(kind)}"
            yield gear.at.value(
                (*path, "type"), f"{dotted(path)} has {wrong}, {expected}", _type_meant(kind)
            )


def _type_meant(kind: object) -> str:
    """What to write instead of a type that there is not."""
    if isinstance(kind, list):
        return 'write one type; an option that may be left out has "optional": true'
    if not isinstance(kind, str):
        return 'write the type as a string, for example "string"'
    if kind.casefold() in ("file", "dicom", "nifti"):
        return 'a file is an input: move it to "inputs", with "base": "file"'
    if meant := _OTHER_NAMES.get(kind.casefold()):
        return f'did you mean "{meant}"?'
    return did_you_mean(kind, TYPES) or "write the type of the values that the option takes"


@rule("GL121", "config-default", Severity.ERROR)
def config_default(gear: Gear) -> Iterator[Problem]:
    """The default of a config option is not a value that the option takes.

    The option's own type, choices and limits hold for its default too; the upload is refused where
    they do not fit. Source: the validator of `fw-gear` 0.3.7.

    Bad:

        "config": {"threads": {"type": "integer", "default": "4", "description": "At once."}}

    Good:

        "config": {"threads": {"type": "integer", "default": 4, "description": "At once."}}
    """
    faults = gear.schema_faults("config-type") + gear.schema_faults("snippet")
    unfit = {fault.path[1] for fault in faults}
    for option, schema in gear.manifest.config.items():
        path: Path = ("config", option)
        if "default" not in schema or option in unfit:
            continue
        if any(gear.judge.bad_references(schema, path)):
            continue  # GL130 says so
        error = gear.judge.mismatch(schema["default"], schema)
        if error is not None:
            from gearlint.gear.schema.advice import for_default
            from gearlint.gear.schema.explain import describe

            yield gear.at.value(
                (*path, "default", *error.absolute_path),
                f"{_part_of_default(error.absolute_path)} of {quoted(option)} {describe(error)}",
                for_default(error),
            )


def _part_of_default(path: Sequence[str | int]) -> str:
    """The default, or the item or member of it that a path leads to."""
    parts = [f"item {one + 1}" if isinstance(one, int) else quoted(one) for one in reversed(path)]
    return " of ".join([*parts, "the default"]) if parts else "default"


@rule("GL122", "config-default-and-optional", Severity.ERROR, fix="unsafe")
def config_default_and_optional(gear: Gear) -> Iterator[Problem]:
    """A config option has both a default and `optional`.

    An option with a default always has a value, so it cannot be optional; the upload is refused
    even where `optional` is false. Source: manifest schema of `fw-gear` 0.3.7.

    Bad:

        "config": {
            "threads": {"type": "integer", "default": 1, "optional": true, "description": "Count."}
        }

    Good:

        "config": {"threads": {"type": "integer", "default": 1, "description": "At once."}}
    """
    for fault in gear.schema_faults("config-default-and-optional"):
        from gearlint.gear.edits.manifest import removed

        path = (*fault.path, "optional")
        yield gear.at.key(
            path,
            f'{dotted(fault.path)} has both "default" and "optional"',
            'remove "optional": an option with a default is never missing',
            fix=removed(gear.manifest, path, is_safe=False),
        )


@rule("GL123", "config-description", Severity.INFO)
def config_description(gear: Gear) -> Iterator[Problem]:
    """A config option has no description, or an empty one.

    The description is all that a user of the gear sees beside the option's name. Source: Flywheel's
    public documentation.

    Bad:

        "config": {"threads": {"type": "integer", "default": 1}}

    Good:

        "config": {"threads": {"type": "integer", "default": 1, "description": "How many at once."}}
    """
    for option, schema in gear.manifest.config.items():
        description = schema.get("description")
        if description is None and "description" in misspelt_in_option(schema):
            continue  # GL135 says so
        if description is None:
            message = f"option {quoted(option)} has no description"
            yield gear.at.key(("config", option), message, _SAY_WHAT)
        elif isinstance(description, str) and not description.strip():
            yield gear.at.value(
                ("config", option, "description"),
                f"description of option {quoted(option)} "
                f"{'has only whitespace' if description else 'is empty'}",
                _SAY_WHAT,
            )


@rule("GL124", "config-enum", Severity.WARNING)
def config_enum(gear: Gear) -> Iterator[Problem]:
    """The choices of an option repeat one, or no run can take one of them.

    A choice of another type can never be taken, nor any value where the `minimum` is greater than
    the `maximum`. An `enum` that repeats a choice is not a JSON schema, and the upload is refused:
    that is an error. Source: JSON schema draft 4, 5.1 to 5.5.

    Bad:

        "config": {"threads": {"type": "integer", "enum": [1, "2"], "description": "At once."}}

    Good:

        "config": {"threads": {"type": "integer", "enum": [1, 2], "description": "At once."}}
    """
    faults = gear.schema_faults("snippet")
    for path in {fault.path for fault in faults if _is_repeated_choice(fault)}:
        yield gear.at.value(
            path,
            f"{dotted(path)} has a choice twice, expected each once",
            "remove one of the two",
            severity=Severity.ERROR,
        )
    for option, schema in gear.manifest.config.items():
        kind, choices = schema.get("type"), schema.get("enum")
        if not isinstance(kind, str) or kind not in TYPES:
            continue
        for least, most in _LIMITS.get(kind, ()):
            if "default" not in schema and _is_greater(schema.get(least), schema.get(most)):
                yield gear.at.value(
                    ("config", option, most),
                    f"no value of {quoted(option)} can have a {most} of {brief(schema[most])} and "
                    f"a {least} of {brief(schema[least])}",
                    "exchange them, or write the right one",
                )
        for index, choice in enumerate(choices if isinstance(choices, list) else ()):
            if not snippet.is_of_type(choice, kind):
                yield gear.at.value(
                    ("config", option, "enum", index),
                    f"choice {brief(choice)} of {quoted(option)} is not of the type {quoted(kind)}",
                    _as_type(choice, kind),
                )


def _is_greater(least: object, most: object) -> bool:
    """Whether two limits are numbers that leave nothing between them."""
    first, last = (one if isinstance(one, int | float) else None for one in (least, most))
    return first is not None and last is not None and first > last


def _as_type(value: object, kind: str) -> str:
    from gearlint.gear.schema.advice import as_type

    return as_type(value, kind) or "remove it: no run can choose it"


@rule("GL127", "config-env-collision", Severity.WARNING)
def config_env_collision(gear: Gear) -> Iterator[Problem]:
    """Two options reach the run under one environment variable.

    Each option is also set as `FW_CONFIG_` and its name in upper case, with spaces turned to `_`;
    characters other than letters, digits, spaces and `_` are dropped, and one of the two variables
    is lost; config.json has both options. Source: the platform's server code, scitran/core
    `api/jobs/jobs.py`.

    Bad:

        "config": {
            "a-b": {"type": "integer", "default": 1, "description": "One."},
            "ab": {"type": "integer", "default": 2, "description": "Another."}
        }

    Good:

        "config": {
            "a_b": {"type": "integer", "default": 1, "description": "One."},
            "ab": {"type": "integer", "default": 2, "description": "Another."}
        }
    """
    by_variable: dict[str, str] = {}
    for option in gear.manifest.config:
        name = variable_of(option)
        if not name:
            continue
        first = by_variable.setdefault(name, option)
        if first != option:
            yield gear.at.key(
                ("config", option),
                f"options {quoted(first)} and {quoted(option)} both become FW_CONFIG_{name}, and "
                "one is lost as a variable; config.json has both",
                "rename one of them",
            )


@rule("GL128", "name-used-twice", Severity.WARNING)
def name_used_twice(gear: Gear) -> Iterator[Problem]:
    """An option and a file input have the same name.

    `fw gear local` makes one command-line flag of each, so that the gear cannot be tried locally.
    Source: `fw` command line tool.

    Bad:

        "config": {"mask": {"type": "boolean", "default": true, "description": "Use the mask."}},
        "inputs": {"mask": {"base": "file", "description": "The mask."}}

    Good:

        "config": {"use-mask": {"type": "boolean", "default": true, "description": "Use it."}},
        "inputs": {"mask": {"base": "file", "description": "The mask."}}
    """
    for name, given in gear.manifest.inputs.items():
        if given.get("base") == "file" and name in gear.manifest.config:
            yield gear.at.key(
                ("config", name),
                f"{quoted(name)} is the name of an option and of an input",
                "rename one of them",
            )


@rule("GL129", "required-option", Severity.INFO, default=False)
def required_option(gear: Gear) -> Iterator[Problem]:
    """An option has neither a default nor `optional`.

    Each run then has to give it a value, and a batch or gear rule stops without one. Source: gear
    specification.

    Bad:

        "config": {"threads": {"type": "integer", "description": "How many at once."}}

    Good:

        "config": {"threads": {"type": "integer", "default": 1, "description": "How many at once."}}
    """
    for option, schema in gear.manifest.config.items():
        if "default" not in schema and not schema.get("optional"):
            if not misspelt_in_option(schema).keys().isdisjoint(("default", "optional")):
                continue  # GL135 says so
            yield gear.at.key(
                ("config", option),
                f"option {quoted(option)} has no default and is not optional",
                'add a default, or "optional": true',
            )


@rule("GL130", "invalid-schema", Severity.ERROR)
def invalid_schema(gear: Gear) -> Iterator[Problem]:
    """An option or input is not a valid JSON schema (draft 4).

    Options, and the constraints on a file input, are small JSON schemas. The upload is refused
    where a keyword has a value that it cannot have. A `$ref` can only refer to a part of the same
    option, and not to itself. Source: manifest schema of `fw-gear` 0.3.7; JSON schema draft 4.

    Bad:

        "config": {"threads": {"type": "integer", "minimum": "1", "description": "At once."}}

    Good:

        "config": {"threads": {"type": "integer", "minimum": 1, "description": "At once."}}
    """
    for fault in gear.schema_faults("snippet"):
        if not _is_repeated_choice(fault) and not _is_of_newer_draft(gear, fault):
            yield gear.at.value(fault.path, *_not_a_schema(gear, fault))
    for path, schema in snippet.snippets_of(gear.manifest):
        for place, reason in gear.judge.bad_references(schema, path):
            target = brief(gear.manifest.get(*place))
            yield gear.at.value(
                place, f"$ref {target} {reason}", f"write out what it means in {dotted(path)}"
            )


def _not_a_schema(gear: Gear, fault: "SchemaFault") -> tuple[str, str]:
    """What is wrong with a keyword of an option or input, and what to do."""
    path, keyword = fault.path, next(key for key in reversed(fault.path) if isinstance(key, str))
    if fault.keyword == "dependencies":
        return f"{dotted(path)} has no {fault.expected}", "add the one, or remove the other"
    if not fault.expected:
        return f"{dotted(path)} is {fault.found}, which is not valid", f"remove {quoted(keyword)}"
    message = f"{dotted(path)} is {fault.found}, expected {fault.expected}"
    value = gear.manifest.get(*path)
    if keyword == "required" and isinstance(value, bool):
        return message, 'remove it: an option is required unless it has "optional": true'
    if keyword == "type" and isinstance(value, str):
        return message, _type_meant(value)
    from gearlint.gear.schema.advice import for_keyword

    advice = for_keyword(keyword, value, gear.manifest.object(*path[:-1]))
    return message, advice or f"write {fault.expected}, or remove {quoted(keyword)}"


def _is_of_newer_draft(gear: Gear, fault: "SchemaFault") -> bool:
    """Whether all that lacks its limit is a number, as in newer drafts, which is reported."""
    schema = gear.manifest.object(*fault.path) if fault.keyword == "dependencies" else {}
    alone = [
        schema[key]
        for key, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
        if key in schema and limit not in schema
    ]
    return bool(alone) and all(snippet.is_of_type(value, "number") for value in alone)


def _is_repeated_choice(fault: "SchemaFault") -> bool:
    return fault.path[-1] == "enum" and fault.keyword == "uniqueItems"
