"""JSON-schema snippets, as config options and file inputs hold them.

The parts of one, whether its references can be followed, and what in it a value does not satisfy.
A snippet is a stranger's: nothing in it is fetched, and no pattern of it can hang.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gearlint.manifest import Json, Path

if TYPE_CHECKING:
    from gearlint.schema import ValidationError

Schema = Mapping[str, Json]

_OF_ONE = ("additionalItems", "additionalProperties", "items", "not")
_OF_MANY = ("allOf", "anyOf", "items", "oneOf")
_BY_NAME = ("definitions", "dependencies", "patternProperties", "properties")
_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not")
_NO_CONSTRAINT = {"$schema", "base", "default", "description", "format", "id", "optional", "title"}

_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}


class Pattern(NamedTuple):
    """A regular expression in a snippet, and the path of the key or value that holds it."""

    text: str
    path: Path
    is_key: bool


def subschemas(schema: Json | Schema, path: Path) -> Iterator[tuple[Path, Schema]]:
    """`schema` at `path`, and every schema inside it with its own path."""
    pending: list[tuple[Path, Json | Schema]] = [(path, schema)]
    while pending:
        here, node = pending.pop()
        if not isinstance(node, dict):
            continue
        yield here, node
        for keyword in _OF_ONE:
            pending.append(((*here, keyword), node.get(keyword)))
        for keyword in _OF_MANY:
            many = node.get(keyword)
            if isinstance(many, list):
                pending.extend(((*here, keyword, index), part) for index, part in enumerate(many))
        for keyword in _BY_NAME:
            named = node.get(keyword)
            if isinstance(named, dict):
                pending.extend(((*here, keyword, name), part) for name, part in named.items())


def patterns(schema: Schema, path: Path) -> Iterator[Pattern]:
    """Every regular expression in a snippet."""
    for here, node in subschemas(schema, path):
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            yield Pattern(pattern, (*here, "pattern"), is_key=False)
        named = node.get("patternProperties")
        if isinstance(named, dict):
            for text in named:
                yield Pattern(text, (*here, "patternProperties", text), is_key=True)


def bad_references(schema: Schema, path: Path) -> Iterator[tuple[Path, str]]:
    """The path of each `$ref` in a snippet that cannot be followed, and why."""
    for here, node in subschemas(schema, path):
        if "$ref" not in node:
            continue
        target = node["$ref"]
        if not isinstance(target, str):
            yield (*here, "$ref"), "is no string"
        elif not target.startswith("#"):
            yield (*here, "$ref"), "leaves the snippet"
        elif _pointed_at(schema, target) is None:
            yield (*here, "$ref"), "leads to nothing in the snippet"
        elif _never_ends(schema, node):
            yield (*here, "$ref"), "never ends"


def _pointed_at(schema: Schema, reference: str) -> Schema | None:
    """The schema that a reference like `#/definitions/x` names inside `schema`."""
    node: Json | Schema = schema
    for part in reference[1:].split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list) and part.isdecimal() and len(part) < 6:
            node = node[int(part)] if int(part) < len(node) else None
        else:
            return None
    return node if isinstance(node, Mapping) else None


def _never_ends(schema: Schema, start: Schema) -> bool:
    """Whether judging a value by `start` comes back to judging the same value by `start`."""
    seen: set[int] = set()
    pending = [start]
    while pending:
        node = pending.pop()
        target = node.get("$ref")
        nexts: list[Json | Schema]
        if isinstance(target, str):
            nexts = [_pointed_at(schema, target)]
        else:
            nexts = [part for keyword in _SAME_VALUE for part in _listed(node.get(keyword))]
        for following in nexts:
            if following is start:
                return True
            if isinstance(following, Mapping) and id(following) not in seen:
                seen.add(id(following))
                pending.append(following)
    return False


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def is_of_type(value: Json, kind: str) -> bool:
    """Whether `value` is of a JSON type that config options have; `true` is no number."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def mismatch(value: Json, schema: Schema) -> "ValidationError | None":
    """The first thing in a valid snippet that `value` does not satisfy, `None` if it does.

    What cannot be known, as a pattern that takes too long, counts as satisfied. References must
    have been found good.
    """
    if _plainly_fits(value, schema):
        return None
    from jsonschema import Draft4Validator, exceptions, validators
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    from gearlint import patterns as expressions

    unknown: set[str] = set()

    def matches(text: str, instance: str) -> bool | None:
        if text in unknown or expressions.is_exponential(text):
            return None
        verdict = expressions.matches(text, instance)
        if verdict is None:
            unknown.add(text)  # it would take its time again
        return verdict

    def pattern(validator: Any, text: str, instance: Any, _: Any) -> Iterator[Any]:
        if isinstance(instance, str) and matches(text, instance) is False:
            yield exceptions.ValidationError("")  # jsonschema adds what it concerns

    def pattern_properties(
        validator: Any, named: Mapping[str, Json], instance: Any, _: Any
    ) -> Iterator[Any]:
        for text, subschema in named.items() if isinstance(instance, dict) else ():
            for key, item in instance.items():
                if matches(text, key):
                    yield from validator.descend(item, subschema, path=key, schema_path=text)

    def additional_properties(
        validator: Any, subschema: Any, instance: Any, schema: Mapping[str, Json]
    ) -> Iterator[Any]:
        if "patternProperties" not in schema:
            keyword = Draft4Validator.VALIDATORS["additionalProperties"]
            yield from keyword(validator, subschema, instance, schema) or ()

    extend: Any = validators.extend  # not annotated
    # Patterns are judged with a time limit, where jsonschema itself would ask `re`.
    guarded = extend(
        Draft4Validator,
        {
            "pattern": pattern,
            "patternProperties": pattern_properties,
            "additionalProperties": additional_properties,
        },
    )
    constraints = {key: part for key, part in schema.items() if key not in ("id", "$schema")}
    # An empty registry: no reference is looked up anywhere else.
    validator = guarded(constraints, registry=Registry())
    try:
        return next(iter(validator.iter_errors(value)), None)
    except (Unresolvable, RecursionError, ArithmeticError):
        return None


def _plainly_fits(value: Json, schema: Schema) -> bool:
    """Whether `value` satisfies a snippet of the common keywords; false is no verdict."""
    for keyword, wanted in schema.items():
        if keyword in _NO_CONSTRAINT:
            continue
        if keyword == "type":
            if not (isinstance(wanted, str) and wanted in _TYPES and is_of_type(value, wanted)):
                return False
        elif keyword == "enum":
            if not any(type(one) is type(value) and one == value for one in _listed(wanted)):
                return False
        elif keyword in ("minimum", "maximum"):
            if not (is_of_type(value, "number") and _in_order(keyword, value, wanted)):
                return False
        elif keyword in ("minLength", "maxLength"):
            if not (isinstance(value, str) and _in_order(keyword, len(value), wanted)):
                return False
        else:
            return False
    return True


def _in_order(keyword: str, value: Json, limit: Json) -> bool:
    if not isinstance(value, int | float) or not isinstance(limit, int | float):
        return False
    return value >= limit if keyword.startswith("min") else value <= limit
