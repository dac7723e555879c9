"""Explains how a manifest breaks the schema: where, by which clause, and what was expected."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import brief, counted, listed, one_of, shown
from gearlint.gear.manifest import Json, Path

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any, Literal

    from gearlint.gear.schema.draft4 import ValidationError

    Clause = Literal[
        "missing-field", "unknown-field", "wrong-type", "name", "too-long", "license",
        "classification", "config-type", "config-default-and-optional", "snippet", "input-base",
        "input-extra-key", "environment",
    ]  # fmt: skip
    """The part of the specification that a fault breaks. Each belongs to one rule."""


class SchemaFault(NamedTuple):
    """One value that the schema does not allow.

    `keyword` is a keyword of draft 4. `path` leads to the value, or to the object that lacks, or
    must not have, `key`. `expected` and `found` are a few words: what the value must be, and what
    it is.
    """

    clause: "Clause"
    keyword: str
    path: Path
    key: str
    expected: str
    found: str


def describe(error: "ValidationError") -> str:
    """An error of jsonschema in a few words: `is the string "4", expected an integer`."""
    expected = _expected(error)
    if error.validator == "pattern":
        return f"is {_found(error)}, which does not match the option's pattern"
    if error.validator in ("minLength", "maxLength"):
        return f"has {counted(len(error.instance), 'character')}, expected {expected}"
    if error.validator in ("minItems", "maxItems"):
        return f"has {counted(len(error.instance), 'item')}, expected {expected}"
    if not expected:
        return f'is {_found(error)}, which the option\'s "{error.validator}" does not allow'
    return f"is {_found(error)}, expected {expected}"


def explained(
    value: dict[str, Json], schema: Mapping[str, "Any"], accepts: Callable[[Json], bool]
) -> Iterator[SchemaFault]:
    """The ways in which `value` breaks the schema of the manifest; one may come twice.

    `accepts` is the gate.
    """
    from gearlint.gear.schema.plain import plain_errors

    errors: Sequence[ValidationError] | None = plain_errors(value, schema, accepts)
    if errors is None:
        from gearlint.gear.schema.draft4 import manifest_validator

        errors = list(manifest_validator()(schema).iter_errors(value))
    places = [tuple(error.absolute_path) for error in errors]
    of_wrong_type = {
        place for place, error in zip(places, errors, strict=True) if error.validator == "type"
    }
    # The places of errors other than failed choices of alternatives, and all places around them.
    plain = {
        place[:end]
        for place, error in zip(places, errors, strict=True)
        if not error.context
        for end in range(len(place) + 1)
    }
    for place, error in zip(places, errors, strict=True):
        # One error is enough: a value of the wrong type is not reported as a wrong word too, nor a
        # failed choice where there is a plainer error.
        if error.validator != "enum" or place not in of_wrong_type:
            yield from _faults_of(error, covered=place in plain)


def _faults_of(error: "ValidationError", covered: bool) -> Iterator[SchemaFault]:
    if error.context:
        branch = _meant_branch(error)
        if branch:
            for cause in branch:
                yield from _faults_of(cause, covered=False)
            return
        if covered:
            return
    path: Path = tuple(error.absolute_path)
    for key in _keys_of(error):
        yield SchemaFault(
            _clause(path, error), str(error.validator), path, key, _expected(error), _found(error)
        )


def _meant_branch(error: "ValidationError") -> "list[ValidationError]":
    """The errors of the alternative that the author meant: that of the value's kind."""
    branches: dict[object, list[ValidationError]] = {}
    for cause in error.context or ():
        branches.setdefault(cause.schema_path[0], []).append(cause)
    for causes in branches.values():
        if not any(_is_of_another_kind(cause) for cause in causes):
            return causes
    return []


def _is_of_another_kind(cause: "ValidationError") -> bool:
    where = list(cause.relative_path)
    if where == ["base"] or (not where and cause.validator == "required"):
        return True
    return not where and cause.validator in ("type", "enum")


def _keys_of(error: "ValidationError") -> list[str]:
    """The keys that are missing, or not allowed; one empty key for any other error."""
    if error.validator == "required":
        # jsonschema reports each missing key by itself, and names it in its message alone.
        return [key for key in error.validator_value if error.message.startswith(repr(key))]
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {})
        return [key for key in error.instance if key not in allowed]
    return [""]


def _clause(path: Path, error: "ValidationError") -> "Clause":
    top = path[0] if path else ""
    keyword = error.validator
    if not path:
        return "missing-field" if keyword == "required" else "unknown-field"
    if top == "config" and len(path) > 1:
        return _clause_of_option(path, error)
    if top == "inputs" and len(path) > 1:
        return _clause_of_input(path, error)
    if top == "environment" and len(path) > 1:
        return "environment"
    if keyword == "maxLength":
        return "too-long"
    if top == "name" and keyword != "type":
        return "name"
    if top == "license" and keyword == "enum":
        return "license"
    if keyword == "enum":
        return "classification"
    return "wrong-type"


def _clause_of_option(path: Path, error: "ValidationError") -> "Clause":
    if len(path) == 2:
        if error.validator == "type":
            return "wrong-type"
        if error.validator == "not":
            return "config-default-and-optional"
    if error.validator == "required" and len(path) == 2:
        return "config-type"
    return "config-type" if path[2:] == ("type",) else "snippet"


_INPUT_CLAUSES: "dict[str, Clause]" = {
    "required": "input-base",
    "additionalProperties": "input-extra-key",
}


def _clause_of_input(path: Path, error: "ValidationError") -> "Clause":
    if len(path) == 2:
        return _INPUT_CLAUSES.get(str(error.validator), "wrong-type")
    if path[2] == "base":
        return "input-base"
    return "wrong-type" if len(path) == 3 and error.validator == "type" else "snippet"


_ARTICLES = {
    "array": "an array", "boolean": "true or false", "integer": "an integer", "null": "null",
    "number": "a number", "object": "an object", "string": "a string",
}  # fmt: skip


def _expected(error: "ValidationError") -> str:
    """What the schema wants, in a few words; empty where nothing short can be said."""
    keyword, wanted = str(error.validator), error.validator_value
    if keyword == "type":
        path = error.absolute_path
        if wanted == "object" and len(path) == 3 and path[0] == "inputs":
            return 'a JSON schema, as in {"enum": ["nifti"]}'
        return one_of(_kinds(wanted))
    if keyword == "enum":
        shortened = [*map(brief, wanted[:12]), *(["…"] if len(wanted) > 12 else [])]
        return one_of(shortened)
    if keyword in ("maximum", "maxLength", "maxItems", "minimum", "minLength", "minItems"):
        exclusive = error.schema.get(f"exclusive{keyword.capitalize()}") is True
        side = "most" if keyword.startswith("max") else "least"
        strict = "less than" if side == "most" else "more than"
        unit = "" if not keyword.endswith("Items") else " item" if wanted == 1 else " items"
        return f"{strict if exclusive else f'at {side}'} {brief(wanted)}{unit}"
    if keyword == "multipleOf":
        return f"a multiple of {brief(wanted)}"
    if keyword == "uniqueItems":
        return "each value once"
    if keyword == "dependencies":
        return _expected_beside(error)
    if keyword == "anyOf":
        return _expected_of_choice(error)
    return ""


def _expected_beside(error: "ValidationError") -> str:
    needed = [
        f'"{name}" beside "{key}"'
        for key, names in error.validator_value.items()
        if key in error.instance and isinstance(names, list)
        for name in names
        if name not in error.instance
    ]
    return listed(needed)


def _kinds(wanted: "Any") -> list[str]:
    """The types that the keyword `type` names, each with its article."""
    return [_ARTICLES[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted)]


def _expected_of_choice(error: "ValidationError") -> str:
    """The kinds of value that the alternatives take, each once; empty where kinds are not all."""
    kinds: dict[str, None] = {}
    for cause in error.context or ():
        if cause.validator == "type" and not cause.relative_path:
            kinds |= dict.fromkeys(_kinds(cause.validator_value))
        elif cause.validator == "enum" and cause.validator_value == list(_ARTICLES):
            kinds["a JSON type"] = None
        else:
            return ""
    return one_of(list(kinds))


def _found(error: "ValidationError") -> str:
    if error.validator == "maxLength":
        return str(len(error.instance))
    if error.validator == "minItems":
        return "an empty array"
    return shown(error.instance)
