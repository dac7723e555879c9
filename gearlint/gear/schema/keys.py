"""The keys of options, inputs and the schemas in them, and which of them are misspelt."""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import is_one_edit_away
from gearlint.gear.manifest import Manifest, Path
from gearlint.gear.schema.snippets import Schema, is_of_type, subschemas

_DRAFT_4 = frozenset((
    "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default",
    "definitions", "dependencies", "description", "enum", "exclusiveMaximum", "exclusiveMinimum",
    "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern",
    "patternProperties", "properties", "required", "title", "type", "uniqueItems",
))  # fmt: skip
_OTHER_DRAFTS = frozenset((
    "$anchor", "$comment", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor",
    "$recursiveRef", "$vocabulary", "const", "contains", "contentEncoding", "contentMediaType",
    "contentSchema", "dependentRequired", "dependentSchemas", "deprecated", "disallow",
    "divisibleBy", "else", "examples", "extends", "if", "maxContains", "minContains",
    "prefixItems", "propertyNames", "readOnly", "then", "unevaluatedItems",
    "unevaluatedProperties", "writeOnly",
))  # fmt: skip
"""Keys of other drafts of JSON schema: Flywheel ignores them, but they are spelt right."""
_OF_OPTION = _DRAFT_4 | {"optional"}
_OF_INPUT = {
    "file": frozenset(("base", "description", "optional", "type")),
    "context": frozenset(("base", "description")),
    "api-key": frozenset(("base", "description", "read-only")),
}
_OF_FILE = frozenset((
    "classification", "created", "hash", "info", "measurements", "mimetype", "modality",
    "modified", "name", "origin", "size", "tags", "zip_member_count",
))  # fmt: skip
"""What else a file has, which an input may have a schema for."""
_OTHER_WORDS = {"choices": "enum", "max": "maximum", "min": "minimum"}
_SHORTEST = 3
"""Characters of a key that is misspelt: of shorter ones too many are near."""
_LONGEST = max(map(len, _DRAFT_4)) + 1


class MisspeltKey(NamedTuple):
    """A key that is nearly `meant`, which its object may have and has not."""

    path: Path
    meant: str


def misspelt_keys(manifest: Manifest) -> Iterator[MisspeltKey]:
    """The misspelt keys of options and file inputs, and of the schemas in them.

    Other inputs may have no other keys at all, misspelt ones or not.
    """
    for name, given in manifest.config.items():
        yield from _misspelt_within(given, ("config", name), _OF_OPTION)
    for name, given in manifest.inputs.items():
        if given.get("base", "file") != "file":
            continue
        path: Path = ("inputs", name)
        for meant, key in misspelt_in_input(given).items():
            yield MisspeltKey((*path, key), meant)
        for key, constraint in given.items():
            if isinstance(constraint, dict):
                yield from _misspelt_within(constraint, (*path, key), _DRAFT_4)


def misspelt_in_option(option: Schema) -> dict[str, str]:
    """The misspelt keys of an option, by the keys that are meant."""
    return _misspelt(option, _OF_OPTION)


def misspelt_in_input(given: Schema) -> dict[str, str]:
    """The misspelt keys of an input, by the keys that are meant."""
    base = given.get("base")
    is_known = isinstance(base, str) and base in _OF_INPUT
    return _misspelt(given, _OF_INPUT[str(base) if is_known else "file"], _OF_FILE)


def _misspelt_within(schema: Schema, path: Path, known: frozenset[str]) -> Iterator[MisspeltKey]:
    for here, node in subschemas(schema, path):
        allowed = known if here == path else _DRAFT_4
        for meant, key in _misspelt(node, allowed).items():
            yield MisspeltKey((*here, key), meant)


def _misspelt(
    node: Schema, known: frozenset[str], others: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The keys of an object that are nearly one that it may have, and has not, by that one."""
    if node.keys() <= known or len(node) > limits.MISSPELT_KEYS:  # as nearly always
        return {}
    found: dict[str, list[str]] = {}
    for key in node:
        if key not in known and key not in others and key not in _OTHER_DRAFTS:
            near = _near(key, known, node)
            if len(near) == 1 and near[0] not in node:
                found.setdefault(near[0], []).append(key)
    return {meant: keys[0] for meant, keys in found.items() if len(keys) == 1}


def _near(key: str, known: frozenset[str], node: Schema) -> list[str]:
    """The known keys that one may be meant for."""
    if not _SHORTEST <= len(key) <= _LONGEST:
        return []
    meant = _OTHER_WORDS.get(key.casefold())
    if meant is not None:
        is_limit = node.get("type") in ("integer", "number") and is_of_type(node.get(key), "number")
        fits = isinstance(node.get(key), list) if meant == "enum" else is_limit
        return [meant] if meant in known and fits else []
    folded = key.casefold()
    return [
        one
        for one in known
        if len(one) > _SHORTEST
        and (folded == one.casefold() or is_one_edit_away(folded, one.casefold()))
    ]
