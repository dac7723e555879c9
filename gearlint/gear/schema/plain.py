"""Errors that are plain from the schema once the gate has refused a field.

jsonschema takes longer to import than a run takes without it. In most manifests that break the
schema a field is missing, unknown, of another type or not one of the words. Whether a field is
right is the gate's verdict alone, on a sound manifest with that field; what is wrong in it is plain
where its part of the schema leaves one answer.
"""

from collections.abc import Callable, Mapping

from gearlint.core.named_tuple import NamedTuple
from gearlint.gear.manifest import Json, Path
from gearlint.gear.schema.snippets import BASES, is_of_type

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any


class PlainError(NamedTuple):
    """As jsonschema's error for the same value, in what is read of one."""

    validator: str
    validator_value: "Any"
    instance: "Any"
    schema: "Any"
    absolute_path: Path = ()
    message: str = ""
    relative_path: Path = ()
    schema_path: Path = ()
    context: None = None


def plain_errors(
    manifest: dict[str, Json], schema: Mapping[str, "Any"], accepts: Callable[[Json], bool]
) -> list[PlainError] | None:
    """All errors of a manifest, `None` where one of them is not plain.

    `accepts` is the gate. No part of the schema joins two fields, so each is judged by itself.
    """
    fields, required = schema["properties"], schema["required"]
    sound: dict[str, Json] = {key: fields[key]["examples"][0] for key in required}
    if not accepts(sound):
        return None
    errors = [
        PlainError("required", required, manifest, schema, message=repr(key))
        for key in required
        if key not in manifest
    ]
    if not manifest.keys() <= fields.keys():
        errors.append(PlainError("additionalProperties", False, manifest, schema))
    for key, value in manifest.items():
        if key not in fields or accepts({**sound, key: value}):
            continue
        wrong: list[PlainError | None] = [_of_value(value, fields[key], (key,))]
        if key == "inputs" and isinstance(value, dict):
            wrong = [
                _of_input(one, schema["definitions"]["input"], ("inputs", name))
                for name, one in value.items()
                if not accepts({**sound, "inputs": {name: one}})
            ]
        for error in wrong:
            if error is None:
                return None
            errors.append(error)
    return errors


def _of_value(value: Json, schema: Mapping[str, "Any"], path: Path) -> PlainError | None:
    """The only error of a value that the gate has refused, `None` where there may be another."""
    kind = schema.get("type")
    is_right = isinstance(value, dict) if kind == "object" else is_of_type(value, kind or "string")
    if kind and not is_right:
        return PlainError("type", kind, value, schema, path)
    if kind in ("string", None) and "enum" in schema:
        return PlainError("enum", schema["enum"], value, schema, path)
    if "not" in schema and schema["minLength"] <= len(str(value)) <= schema["maxLength"]:
        return PlainError("not", schema["not"], value, schema, path)
    return None


def _of_input(value: Json, schema: Mapping[str, "Any"], path: Path) -> PlainError | None:
    """As `_of_value`, for an input: of one with a wrong base, nothing else can be said."""
    if isinstance(value, dict) and "base" in value and value["base"] not in BASES:
        return _of_value(value["base"], schema["properties"]["base"], (*path, "base"))
    return None
