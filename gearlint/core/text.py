"""Puts values and lists of words in messages: short, on one line, safe on a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from gearlint.core import limits

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.core.budget import Budget


def escaped(text: str) -> str:
    r"""`text` with each character that could move a cursor or change a terminal as `\uXXXX`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _code(ord(char)) for char in text)


def _code(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def brief_line(text: str) -> str:
    """`text` escaped, and cut where it is longer than anyone would read."""
    return escaped(_safe(text, limits.MESSAGE_CHARACTERS))


def _safe(text: str, most: int) -> str:
    """`text` without keys and passwords, cut to so many characters."""
    from gearlint.core.secrets import MARGIN, redacted

    return _cut(redacted(text[: most + MARGIN]), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def quoted(text: str) -> str:
    """`text` in double quotes, escaped, and cut where it is long."""
    return f'"{escaped(_safe(text, limits.QUOTED_CHARACTERS))}"'


def shown(value: object) -> str:
    """A JSON value as a message names it: `the string "a"`, `the number 1`, `an object`."""
    if isinstance(value, str):
        return f"the string {quoted(value)}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return f"the number {_number(value)}"


def brief(value: object) -> str:
    """A JSON value without its type: `"a"`, `1`, `an object`."""
    if isinstance(value, str):
        return quoted(value)
    return shown(value).removeprefix("the number ")


def _number(value: object) -> str:
    if value in (float("inf"), float("-inf")):
        return "beyond what a number can be"
    try:
        text = str(value)
    except ValueError:  # Python does not print more, but reads them in hexadecimal, as in TOML
        return "of more than 4300 digits"
    return _cut(text, limits.QUOTED_CHARACTERS)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """`did you mean "near"?` if a candidate is near to `word`, else an empty string."""
    near = nearest(word, candidates)
    return f'did you mean "{near}"?' if near else ""


def nearest(word: str, candidates: Iterable[str], budget: "Budget | None" = None) -> str:
    """The candidate most like `word` (the case of letters does not count), or an empty string.

    Of several that are as like it, the one that begins like it. Also an empty string where a budget
    of `limits.NEAR_STEPS` does not allow to compare all of them.
    """
    if len(word) > 2 * limits.QUOTED_CHARACTERS or (budget is not None and budget.is_spent):
        return ""
    from difflib import SequenceMatcher

    folded = word.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    if budget is not None and not budget.spend(len(by_folded) * len(word) ** 2):
        return ""
    matcher = SequenceMatcher(b=folded)
    best = 0.6, 0, ""
    for candidate in by_folded:
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() < best[0] or matcher.quick_ratio() < best[0]:
            continue  # the ratio, which takes far longer, is not more than these
        best = max(best, (matcher.ratio(), in_common(candidate, folded), candidate))
    return by_folded[best[2]] if best[2] else ""


def is_one_edit_away(word: str, other: str) -> bool:
    """Whether one character is missing, added, changed or swapped with the next; or only case."""
    if word.casefold() == other.casefold():
        return word != other
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = in_common(word, other)
    if at == len(shorter):
        return True
    if len(word) != len(other):
        return shorter[at:] == longer[at + 1 :]
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return word[at + 1 :] == other[at + 1 :] or swapped == other


def in_common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items two sequences have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


class NearNames:
    """Names among which those are looked for that are one edit away from a word, not one by one.

    Of more than `limits.NEAR_NAMES` none is found, nor one that is too long to be quoted.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for name in names if len(names) <= limits.NEAR_NAMES else ():
            for rest in _rests(name):
                self._by_rest.setdefault(rest, []).append(name)

    def of(self, word: str) -> Iterator[str]:
        """The names for which `is_one_edit_away` says so; some more than once."""
        for rest in _rests(word):
            for name in self._by_rest.get(rest, ()):
                if is_one_edit_away(word, name):
                    yield name


def _rests(word: str) -> dict[str, None]:
    """A word, and what is left of it without a character: two that are near share one of these."""
    if len(word) > limits.QUOTED_CHARACTERS:
        return {}
    shorter = (word[:at] + word[at + 1 :] for at in range(len(word)))
    return dict.fromkeys((word, word.casefold(), *shorter))


def digits(text: str) -> str:
    """The digits of a text: `t1` and `t2` are two things, and neither is the other misspelt."""
    return "".join(filter(str.isdigit, text))


def one_of(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return _joined(words, "or")


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return _joined(words, "and")


def named(names: Sequence[str], at_most: int = limits.NAMES_LISTED) -> str:
    """`"a", "b", "c" and 2 more`: all if they are not more, else the first, and how many others."""
    shown = names if len(names) <= at_most else names[: limits.NAMES_LISTED]
    words = [quoted(name) for name in shown]
    others = len(names) - len(words)
    return listed([*words, f"{others} more"] if others else words)


def _joined(words: Sequence[str], conjunction: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def dotted(path: Sequence[str | int]) -> str:
    """A path in the manifest as people write it: `config.speed.enum[2]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        if not part or len(part) > limits.QUOTED_CHARACTERS or "." in part:
            part = quoted(part)
        text += ("." if text else "") + escaped(part)
    return text
