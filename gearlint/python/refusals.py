"""The modes of `open` and the patterns of `re` that Python refuses, and in which versions."""

import warnings
from functools import lru_cache
from re import _parser, error  # type: ignore[attr-defined]

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

PLACES_OF_FLAGS = {
    "re.compile": 1, "re.findall": 2, "re.finditer": 2, "re.fullmatch": 2, "re.match": 2,
    "re.search": 2, "re.split": 3, "re.sub": 4, "re.subn": 4,
}  # fmt: skip
"""The functions that take a pattern first, and where they take flags."""
PLACES_OF_MODE = {"open": 1, "io.open": 1, "Path.open": 0}
"""The functions that take a mode, and where."""
_SINCE = 11
"""The first Python 3 without the mode `U`, and without flags in the middle of a pattern."""
_ENDS = frozenset("rwax")
"""Of these a mode has one."""
_ESCAPE = 'write "[{0}]" or "\\{0}" for the character itself'
_KINDS: tuple[tuple[str, str, str, int | None], ...] = (
    ("nothing to repeat", "repeats nothing", 'write ".*" for any text', None),
    ("multiple repeat", "has two repeats in a row", _ESCAPE.format("+"), None),
    ("missing ), unterminated subpattern", 'has a "(" without its ")"', _ESCAPE.format("("), None),
    ("unbalanced parenthesis", 'has a ")" without its "("', _ESCAPE.format(")"), None),
    ("unterminated character set", 'has a "[" without its "]"', 'write "\\[" for it', None),
    ("bad character range", 'has a "-" that makes no range', 'write the "-" last in its []', None),
    ("bad escape (end of pattern)", "ends with half an escape", 'write "\\\\" for it', None),
    ("min repeat greater than max repeat", "repeats fewer than it begins with", "swap them", None),
    ("unknown extension ?<", 'has a "(?<" that Python does not know', 'a name is "(?P<a>"', None),
    ("redefinition of group name", "gives two groups one name", "give them two names", None),
    ("bad escape", "has an escape that Python does not know", "write it without the \\", 0),
    ("global flags not at the start", "has flags that are not at its start",
     "write them first, or as an argument", _SINCE),
)  # fmt: skip
"""How a message of `re` begins, what it means, what to do, and since which Python 3."""
_KNOWN_ELSEWHERE = ("\\N", "\\z")
"""Escapes that one Python 3 knows and another does not."""
_TEXT = r"([rRuU]?)(?:\"(?!\"\")((?:[^\"\\\n]|\\.)*+)\"|'(?!'')((?:[^'\\\n]|\\.)*+)')"
_PATTERN = regex(rf"\s*+(?:pattern\s*+=\s*+)?((?:{_TEXT}\s*+){{1,20}}+)(?:,|\Z)")
_MODE = regex(r"(?:\A|,|\bmode\s*+=)\s*+[rRuU]?[\"']([^\"'\n]{0,8})[\"']\s*+(?:,|\Z)")


class Refusal(NamedTuple):
    """Why Python refuses a text, what to do, and since which Python 3: `None` if each does."""

    why: str
    advice: str
    since: int | None


def refused_mode(mode: str) -> Refusal | None:
    """Why a Python 3 has no such mode of `open`; `None` where each has it."""
    parts = set(mode)
    if "U" in parts and not parts & set("wax+"):
        plain = "r" + mode.replace("U", "").replace("r", "")
        if refused_mode(plain) is None and len(parts) == len(mode):
            return Refusal(f"Python 3.{_SINCE} and newer have no", f'write "{plain}"', _SINCE)
    is_known = parts <= _ENDS | set("bt+") and len(parts) == len(mode)
    if is_known and len(parts & _ENDS) == 1 and not parts >= {"b", "t"}:
        return None
    binary = "b" * ("b" in parts)
    advice = f'write "r{binary}+" to read and write what is there, "w{binary}+" to begin anew'
    if not parts >= {"r", "w"}:
        advice = "a mode is one of r, w, a and x, maybe with +, and with b or t"
    return Refusal("open() has no", advice, 0)


@lru_cache(maxsize=100)
def refused_pattern(pattern: str) -> Refusal | None:
    """Why Python refuses a regular expression; `None` where it does not, or this is not known."""
    if len(pattern) > limits.PATTERN_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            _parser.parse(pattern)
    except error as fault:
        message, at = fault.msg, fault.pos or 0
    except (OverflowError, ValueError, RecursionError, MemoryError):
        return None
    else:
        return None
    if pattern[at : at + 2] in _KNOWN_ELSEWHERE:
        return None
    kinds = (each for each in _KINDS if message.startswith(each[0]))
    for _, why, advice, since in kinds:
        return Refusal(f"{why}, at character {at + 1}", advice, since)
    return None


def may_be_refused(name: str, arguments: str) -> bool:
    """Whether a call of these functions may have a mode or pattern that is refused."""
    if name in PLACES_OF_MODE:
        if PLACES_OF_MODE[name]:
            arguments = f",{arguments.partition(',')[2]}"
        return any(refused_mode(match[1]) for match in _MODE.finditer(arguments))
    match = _PATTERN.match(arguments) if name in PLACES_OF_FLAGS else None
    return match is not None and refused_pattern(_joined(match[1])) is not None


def _joined(texts: str) -> str:
    """The string that strings one after the other are."""
    single = _SINGLE.fullmatch(texts.strip())
    if single is not None and ((single[1] in "rR" and single[1]) or "\\" not in single[0]):
        return single[2] if single[2] is not None else single[3]
    import ast

    try:
        with warnings.catch_warnings(action="ignore"):
            return str(ast.literal_eval(f"({texts})"))
    except (SyntaxError, ValueError):
        return ""


_SINGLE = regex(_TEXT)
