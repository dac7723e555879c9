"""The JSON-schema snippets of config options and file inputs.

Walks a snippet, checks its references and patterns, and judges values by it. Snippets are
untrusted: nothing that one names is fetched, and no pattern can hang.
"""

from collections.abc import Callable, Iterator, Mapping

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.gear.manifest import Json, Manifest, Path

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

    from gearlint.gear.schema.draft4 import Keyword, ValidationError

Schema = Mapping[str, Json]

_COPIES_A_STEP = 5  # items of a pattern that `regex` compiles in one step

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
TYPES = tuple(_TYPES)
"""The types that an option may have."""
BASES = ("file", "context", "api-key")
"""The bases that an input may have."""


def snippets_of(manifest: Manifest) -> Iterator[tuple[Path, Schema]]:
    """The snippets of options, and those under the keys of file inputs, each with its path."""
    for option, schema in manifest.config.items():
        yield ("config", option), schema
    for name, given in manifest.inputs.items():
        if given.get("base") == "file":
            for key, constraint in given.items():
                if isinstance(constraint, dict):
                    yield ("inputs", name, key), constraint


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
        pending += [((*here, keyword), node[keyword]) for keyword in _OF_ONE if keyword in node]
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


def _pointed_at(schema: Schema, reference: str) -> Schema | None:
    """The schema inside `schema` that a reference like `#/definitions/x` names."""
    from urllib.parse import unquote

    node: Json | Schema = schema
    for part in unquote(reference[1:]).split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping):
            node = node.get(part)
        elif isinstance(node, list) and part.isdecimal() and len(part) < 6:
            node = node[int(part)] if int(part) < len(node) else None
        else:
            return None
    return node if isinstance(node, Mapping) else None


def _never_ends(schema: Schema, start: Schema, steps: Budget) -> bool:
    """Whether `start` refers to itself for the same value, so that judging it would not end.

    False where the steps do not suffice to know.
    """
    seen: set[int] = set()
    pending = [start]
    while pending and steps.spend(1):
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
    """Whether `value` has one of the JSON types of config options; `true` is not a number."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


class Judge:
    """Judges the values and patterns of one manifest, in a limited number of steps.

    What is unknown, or would take too long, counts as satisfied. Steps are counted for all snippets
    together: each keyword may read all of a value, so their product is what takes time.
    """

    def __init__(self) -> None:
        self._steps = Budget(limits.SNIPPET_STEPS)
        self._pattern_steps = Budget(limits.SNIPPET_PATTERN_STEPS)
        self._errors: dict[str, str | None] = {}
        self._exponential: dict[str, bool] = {}
        self._unknown: set[str] = set()

    def pattern_error(self, pattern: str) -> str | None:
        """What is wrong with a pattern, `None` if nothing, or after too many patterns."""
        from gearlint.syntax.patterns import compiling_steps, syntax_error

        if pattern not in self._errors:
            self._errors[pattern] = None
            if self._pattern_steps.spend(compiling_steps(pattern)):
                self._errors[pattern] = syntax_error(pattern)
            else:
                self._unknown.add(pattern)
        return self._errors[pattern]

    def is_exponential(self, pattern: str) -> bool:
        """Whether a pattern certainly takes exponential time; false after too many patterns."""
        from gearlint.syntax.patterns import analysed

        if pattern not in self._exponential:
            self._exponential[pattern] = False
            if not self._pattern_steps.is_spent:
                self._exponential[pattern], steps = analysed(pattern)
                self._pattern_steps.spend(steps)
        return self._exponential[pattern]

    def bad_references(self, schema: Schema, path: Path) -> Iterator[tuple[Path, str]]:
        """The path of each `$ref` of a snippet that cannot be followed, and why not."""
        for here, node in subschemas(schema, path):
            if "$ref" not in node:
                continue
            target = node["$ref"]
            if not isinstance(target, str):
                yield (*here, "$ref"), "is not a string"
            elif not target.startswith("#"):
                yield (*here, "$ref"), "refers to another document"
            elif _pointed_at(schema, target) is None:
                yield (*here, "$ref"), "refers to nothing"
            elif _never_ends(schema, node, self._steps):
                yield (*here, "$ref"), "refers to itself"

    def mismatch(self, value: Json, schema: Schema) -> "ValidationError | None":
        """The first error of `value` by a valid snippet, `None` if it has none.

        `bad_references` must have found no bad reference in the snippet.
        """
        if _plainly_fits(value, schema):
            return None
        if _plainly_is_of_another_type(value, schema):
            from gearlint.gear.schema.plain import PlainError

            return PlainError("type", schema["type"], value, schema)
        from referencing import Registry
        from referencing.exceptions import Unresolvable

        constraints = {key: part for key, part in schema.items() if key not in ("id", "$schema")}
        # An empty registry: no reference is looked up anywhere else.
        validator = self._validator(constraints, registry=Registry())
        try:
            return next(iter(validator.iter_errors(value)), None)
        except (Unresolvable, RecursionError, ArithmeticError, TooMuchError):
            return None

    @cached_property
    def _validator(self) -> "Any":
        """The validator class, with keywords that count their steps and patterns that end."""
        from gearlint.gear.schema.draft4 import KEYWORDS, unique_items, validator_class

        keywords: dict[str, Keyword] = {
            **KEYWORDS,
            "pattern": self._pattern,
            "patternProperties": self._pattern_properties,
            "additionalProperties": _additional_properties,
            "uniqueItems": unique_items,
        }
        return validator_class(
            {name: self._counted(name, judge) for name, judge in keywords.items()}
        )

    def _counted(self, name: str, judge: "Keyword") -> "Keyword":
        def counted(validator: "Any", wanted: "Any", instance: "Any", schema: "Any") -> "Any":
            self._steps.require(_steps(name, wanted, instance))
            return judge(validator, wanted, instance, schema)

        return counted

    def _matches(self, pattern: str, text: str) -> bool | None:
        from gearlint.syntax.patterns import copies, matches

        if self.pattern_error(pattern) or pattern in self._unknown or self.is_exponential(pattern):
            return None
        self._steps.require(limits.SNIPPET_STEPS // 1000 + copies(pattern) // _COPIES_A_STEP)
        verdict = matches(pattern, text)
        if verdict is None:
            self._unknown.add(pattern)  # it would take its time again
            self._steps.require(limits.SNIPPET_STEPS // 5)
        return verdict

    def _pattern(
        self, validator: "Any", pattern: str, instance: "Any", _: "Any"
    ) -> "Iterator[Any]":
        from gearlint.gear.schema.draft4 import failure

        if isinstance(instance, str) and self._matches(pattern, instance) is False:
            yield failure()

    def _pattern_properties(
        self, validator: "Any", named: Mapping[str, Json], instance: "Any", _: "Any"
    ) -> "Iterator[Any]":
        for pattern, subschema in named.items() if isinstance(instance, dict) else ():
            for key, item in instance.items():
                if self._matches(pattern, key):
                    yield from validator.descend(item, subschema, path=key, schema_path=pattern)


def _additional_properties(
    validator: "Any", subschema: "Any", instance: "Any", schema: Mapping[str, Json]
) -> "Iterator[Any]":
    from gearlint.gear.schema.draft4 import KEYWORDS

    if "patternProperties" not in schema:
        keyword = KEYWORDS["additionalProperties"]
        yield from keyword(validator, subschema, instance, schema) or ()


def _steps(keyword: str, wanted: Json, instance: Json) -> int:
    """About how many values a keyword reads itself, without those of its subschemas."""
    if keyword == "uniqueItems" and isinstance(instance, list):
        return len(instance)
    return 1 + (len(wanted) if isinstance(wanted, list | dict) else 0)


def _plainly_fits(value: Json, schema: Schema) -> bool:
    """Whether `value` satisfies a snippet that has common keywords alone.

    False also means that only jsonschema can tell.
    """
    return all(
        keyword in _NO_CONSTRAINT or (keyword in _PLAIN and _PLAIN[keyword](keyword, value, wanted))
        for keyword, wanted in schema.items()
    )


def _plainly_is_of_another_type(value: Json, schema: Schema) -> bool:
    """Whether the first error of `value` by a snippet of common keywords is that of its type."""
    keywords = [keyword for keyword in schema if keyword not in _NO_CONSTRAINT]
    kind = schema.get("type")
    return (
        keywords[:1] == ["type"]
        and _PLAIN.keys() >= set(keywords)
        and isinstance(kind, str)
        and kind in _TYPES
        and not is_of_type(value, kind)
    )


def _has_type(_: str, value: Json, wanted: Json) -> bool:
    return isinstance(wanted, str) and wanted in _TYPES and is_of_type(value, wanted)


def _is_listed(_: str, value: Json, wanted: Json) -> bool:
    return any(type(one) is type(value) and one == value for one in _listed(wanted))


def _is_in_range(keyword: str, value: Json, limit: Json) -> bool:
    return is_of_type(value, "number") and _in_order(keyword, value, limit)


def _has_length(keyword: str, value: Json, limit: Json) -> bool:
    kind = list if keyword.endswith("Items") else str
    return isinstance(value, kind) and _in_order(keyword, len(value), limit)


def _has_items(_: str, value: Json, wanted: Json) -> bool:
    if not isinstance(value, list) or not isinstance(wanted, dict) or len(value) > _FEW:
        return False
    return all(not isinstance(one, list) and _plainly_fits(one, wanted) for one in value)


_PLAIN: Mapping[str, Callable[[str, Json, Json], bool]] = {
    "type": _has_type,
    "enum": _is_listed,
    "items": _has_items,
    **dict.fromkeys(("minimum", "maximum"), _is_in_range),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _has_length),
}
_FEW = 100
"""Items that are compared without counting steps."""


def _in_order(keyword: str, value: "Any", limit: "Any") -> bool:
    return bool(value >= limit if keyword.startswith("min") else value <= limit)
