"""What to do about a value of the wrong type, a default, a URL or an unknown field."""

import json
import re
from collections.abc import Mapping

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.text import brief, did_you_mean, is_one_edit_away, quoted
from gearlint.gear.manifest import Json, Path
from gearlint.gear.schema.snippets import BASES, TYPES, is_of_type

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.schema.draft4 import ValidationError

_LIMITS = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}
_KINDS = {
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), "number"),
    **dict.fromkeys(("maxItems", "maxLength", "minItems", "minLength"), "integer"),
}
"""The types of what keywords have."""
_NEED = {
    **dict.fromkeys(("minimum", "maximum", "multipleOf", *_LIMITS), "number"),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems"), "array"),
}
"""The types of the values that keywords are for."""
_FEW_CHOICES = 8
_LARGE = 2**53
"""From here on a number with a fraction may be any of several integers."""

_HOST_AND_PATH = regex(r"[\w-]++(?:\.[\w-]++)++(?::\d++)?(?:/\S*+)?\Z")
_OF_GIT = regex(r"(?:\w++@)([\w.-]++):([\w.~/-]++)\Z")
_BEGINS_WITH_WEB = regex(r"[a-z]++:/", re.IGNORECASE)


def address_meant(text: str) -> str:
    """The URL that is meant without its scheme, with a wrong one, or as git has it; or empty."""
    if of_git := _OF_GIT.match(text):
        text = f"{of_git[1]}/{of_git[2].removesuffix('.git').lstrip('/')}"
    scheme = "https"
    if _BEGINS_WITH_WEB.match(text):
        scheme = text.partition(":")[0].lower()
        near = [one for one in ("https", "http") if scheme == one or is_one_edit_away(scheme, one)]
        scheme, text = (scheme if scheme in near else "".join(near[:1])), text[len(scheme) + 1 :]
        text = text.lstrip("/")
    return f"{scheme}://{text}" if scheme and _HOST_AND_PATH.match(text) else ""


def place_of_field(field: str, value: Json) -> str:
    """Where a top-level field belongs that no manifest has: an input, an option, the builder's."""
    given = value if isinstance(value, dict) else {}
    if given.get("base") in BASES:
        return '"inputs"'
    if given.get("type") in TYPES:
        return '"config"'
    return "custom.gear-builder" if field in ("category", "image") else '"custom"'


def written_right(path: Path, value: Json, expected: str) -> str:
    """`write "1.0"`: a value at a path of the manifest as it was meant; empty if that is not known.

    `expected` is the type with its article, as in messages.
    """
    if path[:1] == ("inputs",) and path[2:] == ("required",) and isinstance(value, bool):
        optional = 'write "optional": true instead'
        return 'remove "required": an input is, if it is not optional' if value else optional
    if path[:1] == ("inputs",) and path[2:] == ("default",):
        return 'remove "default": a file is chosen for each run'
    if path in (("source",), ("url",)) and value is None:
        return 'write "" where there is none'
    meant = _meant(path, value, expected)
    text = "" if meant is None else json.dumps(meant, ensure_ascii=False)
    return f"write {text}" if text and len(text) <= 2 * limits.QUOTED_CHARACTERS else ""


def _meant(path: Path, value: Json, expected: str) -> Json:
    is_text = isinstance(value, str)
    if expected == "true or false" and is_text:
        return {"true": True, "false": False}.get(str(value).lower())
    if expected == "an array" and is_text and value:
        return [value]
    if path == ("version",) and is_of_type(value, "number"):
        return str(value)
    if expected == "a string" and isinstance(value, list) and value:
        words = [str(word) for word in value if isinstance(word, str) and word]
        if len(words) == len(value):
            return (" " if path == ("command",) else ", ").join(words)
    if expected == "an object":
        if value == []:
            return {}
        if len(path) == 2 and path[0] == "inputs" and value in BASES:
            return {"base": value}
        if len(path) == 2 and path[0] == "config" and value in TYPES:
            return {"type": value}
    return None


def for_default(error: "ValidationError") -> str:
    """What to do about a default that is not a value of its option."""
    value, wanted, keyword = error.instance, error.validator_value, str(error.validator)
    change = f'change the default, or "{keyword}" of the option'
    if keyword == "type" and value is None:
        return 'remove "default", and add "optional": true where there need not be a value'
    if keyword == "type" and isinstance(wanted, str):
        return as_type(value, wanted) or change
    if keyword == "enum" and isinstance(value, str):
        return did_you_mean(value, [one for one in wanted if isinstance(one, str)]) or change
    return change


def for_keyword(keyword: str, value: Json, schema: Mapping[str, Json]) -> str:
    """What to write for a keyword of a schema that has a wrong value; empty if nobody knows."""
    if limit := _LIMITS.get(keyword):
        both = f'write "{limit}": {brief(value)}, "{keyword}": true'
        return both if is_of_type(value, "number") and limit not in schema else ""
    if keyword == "enum" and isinstance(value, str) and 0 < value.count(",") < _FEW_CHOICES:
        if len(value) > limits.QUOTED_CHARACTERS:
            return ""
        return f"write [{', '.join(quoted(word.strip()) for word in value.split(','))}]"
    return as_type(value, _KINDS.get(keyword, ""))


def type_seen(schema: Mapping[str, Json]) -> str:
    """The type that an option without one has by its keywords, default or choices, or ""."""
    choices = schema.get("enum")
    values = [schema["default"]] if schema.get("default") is not None else choices
    values = values if isinstance(values, list) else []
    kinds = [one for one in TYPES if values and all(is_of_type(value, one) for value in values)]
    needed = [kind for keyword, kind in _NEED.items() if keyword in schema]
    return next(iter(kinds if not needed or needed[0] in kinds else needed), "")


def as_type(value: object, kind: str) -> str:
    """What to write where a value is meant that has another JSON type; empty if nobody knows."""
    if kind == "string" and isinstance(value, bool | int | float):
        return f'write "{brief(value)}", in quotes'
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return f"write {int(value)}" if abs(value) < _LARGE else ""
    if not isinstance(value, str):
        return ""
    plain = {"boolean": r"(?i)true|false", "integer": r"-?(?:0|[1-9]\d{0,17})"}
    plain["number"] = plain["integer"] + r"(?:\.\d{1,17})?"
    if kind in plain and re.fullmatch(plain[kind], value, re.ASCII):
        return f"write {value.lower()}, without quotes"
    return f"write [{quoted(value)}]" if kind == "array" else ""
