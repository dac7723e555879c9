"""The validator of jsonschema for draft 4, with other functions for some keywords."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import attrs
from jsonschema import Draft4Validator, validators
from jsonschema.exceptions import ValidationError as _ValidationError

from gearlint.gear.manifest import Json

Keyword = Callable[[Any, Any, Any, Any], Any]
"""Judges a value by one keyword: takes the validator, the keyword's value, the value, the schema.

Yields errors, or returns `None` for no error.
"""

KEYWORDS: Mapping[str, Keyword] = Draft4Validator.VALIDATORS
"""The functions of jsonschema, by keyword."""


class ValidationError(Protocol):
    """What is read of an error of jsonschema."""

    @property
    def instance(self) -> Any: ...  # noqa: D102
    @property
    def message(self) -> str: ...  # noqa: D102
    @property
    def schema(self) -> Any: ...  # noqa: D102
    @property
    def validator(self) -> object: ...  # noqa: D102
    @property
    def validator_value(self) -> Any: ...  # noqa: D102
    @property
    def absolute_path(self) -> Sequence[str | int]: ...  # noqa: D102
    @property
    def relative_path(self) -> Sequence[str | int]: ...  # noqa: D102
    @property
    def schema_path(self) -> Sequence[str | int]: ...  # noqa: D102
    @property
    def context(self) -> "Sequence[ValidationError] | None": ...  # noqa: D102


def validator_class(keywords: Mapping[str, Keyword]) -> Any:
    """A validator class with these functions, whatever draft `$schema` names.

    Plain jsonschema changes to another class, with its own functions, inside a part of a schema
    that names a draft.
    """
    extend: Any = validators.extend  # not annotated
    made = extend(Draft4Validator, keywords)
    made.evolve = lambda validator, **changes: attrs.evolve(validator, **changes)
    return made


@cache
def manifest_validator() -> Any:
    """The validator class for whole manifests; to make one takes two milliseconds."""
    return validator_class({"uniqueItems": unique_items})


def failure() -> Any:
    """An error for a keyword to yield; jsonschema adds the value and the keyword."""
    return _ValidationError("")


def unique_items(
    validator: Any, wanted: Any, instance: Any, schema: Mapping[str, Json]
) -> Iterator[Any]:
    """`uniqueItems` in linear time: jsonschema compares arrays and objects pair by pair."""
    is_list = wanted is True and isinstance(instance, list)
    if is_list and len({_key(one) for one in instance}) < len(instance):
        yield failure()


def _key(value: Json) -> object:
    """A hashable that is equal for equal JSON values only: 1 equals 1.0, and not true."""
    if isinstance(value, list):
        return list, tuple(map(_key, value))
    if isinstance(value, dict):
        return dict, frozenset((key, _key(part)) for key, part in value.items())
    return (bool, value) if isinstance(value, bool) else value
