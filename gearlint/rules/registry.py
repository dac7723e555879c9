"""What a rule is, and how one is registered and documented."""

import re
from collections.abc import Callable, Iterator

from gearlint.core.finding import Finding, Problem, Severity
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import brief_line
from gearlint.gear.gear import Gear

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal

    FixKind = Literal["", "safe", "unsafe", "both"]
    """The fixes that the findings of a rule may have: none, safe ones, unsafe ones, or both."""

Check = Callable[[Gear], Iterator[Problem]]

RULES: dict[str, "Rule"] = {}
"""Every rule by its code, in no order; all of them once `gearlint.rules` is imported."""


class Documentation(NamedTuple):
    """A rule's docstring: its first line, the text after it, and its two examples.

    `file` is the file that the examples show, whole or in part.
    """

    summary: str
    text: str
    file: str
    bad: str
    good: str


class Rule(NamedTuple):
    """One rule: `default` is false for rules that run only when they are selected.

    `fix` says whether its findings may have a fix.
    """

    code: str
    name: str
    severity: Severity
    default: bool
    check: Check
    fix: "FixKind"

    def findings(self, gear: Gear) -> list[Finding]:
        """What the rule finds in `gear`; no text of it can change a terminal or end the line."""
        problems = list(self.check(gear))
        return [self._finding(problem) for problem in problems] if problems else []

    def _finding(self, problem: Problem) -> Finding:
        return Finding(
            self.code,
            self.name,
            problem.severity or self.severity,
            problem.source,
            problem.span,
            brief_line(problem.message),
            brief_line(problem.help),
            problem.fix,
        )

    @property
    def documentation(self) -> Documentation:
        """The rule's docstring, taken apart."""
        from inspect import cleandoc

        text = cleandoc(self.check.__doc__ or "")
        summary, _, rest = text.partition("\n\n")
        prose, *examples = re.split(r"^Bad(.*):$", rest, maxsplit=1, flags=re.MULTILINE)
        heading, block = examples or ("", "")
        bad, _, good = block.partition(f"\nGood{heading}:\n")
        file = heading.strip() or "manifest.json"
        summary = summary.replace("\n", " ")
        return Documentation(summary, prose.strip(), file, _dedented(bad), _dedented(good))


def _dedented(block: str) -> str:
    from textwrap import dedent

    return dedent(block).strip("\n") + "\n" if block.strip() else ""


def rule(
    code: str, name: str, severity: Severity, *, default: bool = True, fix: "FixKind" = ""
) -> Callable[[Check], Check]:
    """Register the decorated function, whose docstring is its documentation, as a rule."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"two rules have the code {code}")
        RULES[code] = Rule(code, name, severity, default, check, fix)
        return check

    return register


def is_like_a_code(text: str) -> bool:
    """Whether a text is `GL` and a number, in any case, whether a rule has that code or not."""
    return text[:2].upper() == "GL" and text[2:].isdigit()


def code_meant(text: str) -> str:
    """The code that a text certainly means: in another case, or the name of its rule; else ""."""
    folded = text.casefold().replace("_", "-")
    codes = [rule.code for rule in RULES.values() if folded in (rule.code.casefold(), rule.name)]
    return "".join(codes)


def near_code(code: str) -> str:
    """`did you mean "GL201"?` where one character of a code is wrong, else an empty string.

    Another number is another rule, and no mistake.
    """
    if code.upper() in RULES:
        return f'did you mean "{code.upper()}"?'
    if is_like_a_code(code):
        return ""
    for known in sorted(RULES):
        if len(code) == len(known) and sum(a != b for a, b in zip(code, known, strict=True)) == 1:
            return f'did you mean "{known}"?'
    return ""
