"""Whether a function may read a variable of its own before it is set, without a syntax tree."""

from collections.abc import Iterable
from itertools import accumulate

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex

_NOISE = regex(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?+'
    r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*+(?:''')?+"
    r'|"(?:[^"\\\n]|\\[\s\S])*+"?+'
    r"|'(?:[^'\\\n]|\\[\s\S])*+'?+"
    r"|#[^\n]*+"
)
"""A string or a comment."""
_TARGETS = regex(r"[\w\s,()\[\]*.]*+\Z")
_ASSIGNED = regex(r"[\w\s,()\[\]*.]*+=(?!=)")
_LOOPED = regex(r"[\w\s,()\[\]*.]*?\bin\b")
_DEFINED = regex(r"\s*(?:async )?(?:def|class) ")
_ANNOTATION = regex(r"\s*+:[^=\n]*+")
_EQUAL = regex(r"\s*=(?!=)")
_LOOPS = regex(r"\bfor\b([\w\s,()*]{1,80}?)\bin\b")
_READ = regex(r"(?<![\w.])\w++(?![\"']|\s*=(?!=))")
_WORD = regex(r"\w+")
_SET = regex(
    r"\n[ \t]++(?:(\w++)(?= = (?!.*\b\1\b))|for (\w++)(?:, (\w++))?+(?= in )|with .* as (\w++))"
)
"""Names that a line certainly sets, and does not read."""


def may_read_unset(text: str, variables: Iterable[tuple[str, int]]) -> bool:
    """Whether what a text has first of one of these may read it: a name, from a line on."""
    # A docstring or a comment may name it before.
    text = _NOISE.sub(lambda noise: "\n" * noise[0].count("\n") or "''", text) + "\n"
    # `splitlines` would begin a line after a form feed, and Python does not.
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    budget = Budget(limits.UNSET_CHARACTERS)
    places = {one.start(group) for one in _SET.finditer(text) for group in range(1, 5)}
    for name, line in variables:
        at = text.find(name, starts[line])
        if at == -1:
            continue
        if not budget.spend(at - starts[line]):
            return False
        is_set = at in places and not _is_of_word(text[at + len(name)])  # as most are
        if not is_set and _is_read_first(text, name, at, budget):
            return True
    return False


def _is_read_first(text: str, name: str, at: int, budget: Budget) -> bool:
    """Whether the first line that has a name reads it; it may be part of a word at `at`."""
    start = at
    while at != -1 and budget.spend(at - start):
        end = at + len(name)
        before, after = text[at - 1 : at], text[end : end + 1]
        if not (before == "." or _is_of_word(before) or _is_of_word(after)):
            line_start, line_end = text.rfind("\n", 0, at), text.find("\n", end)
            budget.spend(line_end - line_start)
            answer = _reads(text[line_start:at], name, text[end:line_end])
            if answer is not None:
                return answer
        start, at = at, text.find(name, end)
    return False


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _reads(before: str, name: str, after: str) -> bool | None:
    """Whether a line reads the first name of it, by what is around it; `None` if it is another."""
    definition = _DEFINED.match(before)
    is_defined = definition is not None and definition.end() == len(before)
    _, loop, targets = before.rpartition("for ")
    is_looped = loop and " in " not in targets and _LOOPED.match(after) is not None
    is_named = before.endswith(" as ") or after.lstrip().startswith(":=")
    if is_defined or is_looped or is_named or "import " in before:
        return False
    if (
        definition is not None or "lambda" in before or after.startswith(("'", '"'))  # as in f""
    ):
        return None
    annotation = _ANNOTATION.match(after) if before.isspace() else None
    if annotation is not None:  # of a variable, or of an argument in a line of its own
        after = after[annotation.end() :]
        if not after:
            return None
    if after.startswith((".", "[")):
        return not _is_of_loop(after, name)
    is_equal = _EQUAL.match(after) is not None
    if is_equal and not _is_closed(before):
        return None  # the name of an argument
    assigned = _ASSIGNED.match(after) if _TARGETS.match(before) else None
    if assigned is not None and _is_closed(before + assigned[0]):
        value = after[assigned.end() :]
        return name in _READ.findall(value) and not _is_of_loop(value, name)
    if is_equal:
        return None if "," in before else False  # `call(a,\n b=1, name=1)`, or `a = name = 1`
    return not _is_of_loop(after, name)


def _is_closed(text: str) -> bool:
    return text.count("(") == text.count(")")


def _is_of_loop(text: str, name: str) -> bool:
    """Whether a `for` sets it, as in a comprehension."""
    return any(name in _WORD.findall(targets) for targets in _LOOPS.findall(text))
