"""Whether a text may use an option as another type than it has, without a syntax tree."""

from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.lazy import regex

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int, float), "number": (int, float), "boolean": (bool,),
    "array": (list,),
}  # fmt: skip
"""What Python makes of an option in config.json, by its `type`: each of these may be."""
NUMBERS = ("integer", "number", "boolean")
_BEFORE = 200
"""Characters before an expression that are looked at."""
_OF_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_OF_EXPRESSION = f"{_OF_NAME}.[]\"'"
_ENDS_VALUE = (*_OF_NAME, "]", ")", '"', "'")
_AFTER = regex(
    r"(?:\.(\w++)|\[([\"']?)|(?:[=!]=|[<>]=?|not\s++in\b|in\b|is\b|\+(?!=)|[-*]|//?)"
    r"[\s\[({]*+(?:([a-zA-Z]{0,2}[\"']|str\()|([\d-]|True\b|False\b)))"
)
"""After an expression: an attribute (1), a key (2), or an operator and a text (3) or number (4).

A part by its number is an empty key.
"""
_BEGINS_AFTER = (".", "[", "=", "!", "<", ">", "not", "in", "is", "+", "-", "*", "/")
_COMPARED = regex(r"\s*+\)(?:\.\w++\(\))*+\s*+(?:[=!]=|in\b|not\b)")
"""After what `str()` is given: a comparison, maybe of what methods make of it."""
_ADDS = ("+", "-", "/", "==", "!=", "<", ">", "<=", ">=")
_ENDS_TEXT = ('"', "'", ")")
_TAKES_TEXT = frozenset((
    "append", "extend", "join", "Path", "makedirs", "mkdir", "system", "loads", "basename",
    "dirname", "abspath", "splitext", "expanduser", "len", "list", "sorted", "enumerate", "set",
    "tuple", "range", "int", "float", "run", "Popen", "call", "check_call", "check_output",
))  # fmt: skip
"""Functions that may not take a number, or a list."""
_FORMATS_NUMBER = regex(r"%[-+ #\d.]*+[diouxXeEfFgG]")


def may_misuse_type(text: str, types: Mapping[str, str]) -> bool:
    """Whether a text may use one of these options, by their names, as another type."""
    words: dict[str, str] = {}
    for name, type_ in types.items():
        if name not in text:
            continue
        for start, end in _reads(text, name):
            lead = _lead(text, start)
            if _may_not_fit(text, lead, end, type_):
                return True
            words[name.replace("-", "_")] = type_
            target, sign, value = lead.rpartition("\n")[2].partition("=")
            if sign and not value and text[end:].partition("\n")[0].strip() == "":
                words[target.rpartition(".")[2].strip()] = type_
        if len(words) > limits.PYTHON_WORDS:
            return True
    return any(_word_may_not_fit(text, word, type_) for word, type_ in words.items())


def _reads(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where an option is read: `"x"]`, `"x")` or `"x", default)`, with what is behind its name."""
    for quoted in (f'"{name}"', f"'{name}'"):
        at = text.find(quoted)
        while at >= 0:
            end = at + len(quoted)
            if text[end : end + 1] in ("]", ")"):
                yield at, end + 1
            elif text[end : end + 1] == "," and (close := text.find(")", end)) >= 0:
                yield at, close + 1
            at = text.find(quoted, end)


def _word_may_not_fit(text: str, word: str, type_: str) -> bool:
    at = text.find(word) if word else -1
    for _ in range(limits.PYTHON_WORDS):
        if at < 0:
            return False
        end = at + len(word)
        around = text[max(0, at - 1) : at] + text[end : end + 1]
        is_word = not any(each.isalnum() or each in "_\"'" for each in around)
        if is_word and _may_not_fit(text, _lead(text, at), end, type_):
            return True
        at = text.find(word, end)
    return True


def _lead(text: str, at: int) -> str:
    """What is before an expression that ends, or begins, at an offset."""
    before = text[max(0, at - _BEFORE) : at].rstrip(_OF_EXPRESSION)
    if before.endswith("(") and text.startswith((".get(", ".pop("), at - 5):
        before = before[:-1].rstrip(_OF_EXPRESSION)
    return before.rstrip(" \t")


def _may_not_fit(text: str, lead: str, end: int, type_: str) -> bool:
    """Whether an option may not fit between what is before it and what is at `end`."""
    is_text, is_number = type_ == "string", type_ in NUMBERS
    rest = text[end : end + _BEFORE].lstrip(" \t")
    after = _AFTER.match(rest) if rest.startswith(_BEGINS_AFTER) else None
    if after is not None:
        attribute, key, string, _ = after.groups()
        if attribute:
            return not all(hasattr(each, attribute) for each in TYPES[type_])
        fits = is_text if string else is_number
        if key is not None:
            fits = not key and not is_number
        if not fits:
            return True
    if type_ == "boolean" and lead.endswith("str(") and _COMPARED.match(rest):
        return True
    if lead.endswith("match") or (lead.endswith("=") and "environ[" in lead.rpartition("\n")[2]):
        return True
    if lead.endswith(_ADDS):
        other = lead.rstrip("+-/=!<>").rstrip()[-1:]
        return (other in _ENDS_TEXT and not is_text) or (other.isdigit() and not is_number)
    if lead.endswith(" in"):
        return is_number
    if not is_number and "%" in lead and _FORMATS_NUMBER.search(lead):
        return True
    return lead.endswith(("(", ",", "[", ":")) and _takes_others(lead, type_)


def _takes_others(lead: str, type_: str) -> bool:
    """Whether what is open before an expression may not take an option of this type."""
    closed = 0
    for at in range(len(lead) - 1, -1, -1):
        closed += (lead[at] in ")]}") - (lead[at] in "([{")
        if closed < 0:
            before = lead[:at].rstrip()
            name = before[len(before.rstrip(_OF_NAME)) :]
            if lead[at] == "(":
                return name in _TAKES_TEXT if type_ != "string" else name == "range"
            is_list = lead[at] == "[" and not before.endswith(_ENDS_VALUE)
            return type_ != "string" and (is_list or before.endswith(("env=", "env =")))
    return False
