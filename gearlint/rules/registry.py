"""What a rule is, and how one is registered, chosen and documented."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from gearlint.core.finding import Finding, Problem, Severity
from gearlint.core.text import brief_line
from gearlint.gear.gear import Gear

Check = Callable[[Gear], Iterator[Problem]]

RULES: dict[str, "Rule"] = {}
"""Every rule by its code, in the order of the codes once all modules are imported."""


class Documentation(NamedTuple):
    """A rule's docstring: its first line, the text after it, and its two examples.

    `file` is the file of which the examples are, or are a part.
    """

    summary: str
    text: str
    file: str
    bad: str
    good: str


class Rule(NamedTuple):
    """One rule: `default` is false for rules that run only when they are selected."""

    code: str
    name: str
    severity: Severity
    default: bool
    check: Check

    def findings(self, gear: Gear) -> Iterator[Finding]:
        """What the rule finds in `gear`; no text of it can change a terminal or end the line."""
        for problem in self.check(gear):
            yield Finding(
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
    code: str, name: str, severity: Severity, *, default: bool = True
) -> Callable[[Check], Check]:
    """Register the decorated function, whose docstring is its documentation, as a rule."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"two rules have the code {code}")
        RULES[code] = Rule(code, name, severity, default, check)
        return check

    return register


def specificity(selector: str, rule: Rule) -> int:
    """How closely a selector (`ALL`, `GL2`, `GL201`, `image-tag-mismatch`) names a rule.

    Larger is closer; -1 if it does not name it at all.
    """
    if selector == "ALL":
        return 0
    if selector == rule.name:
        return len(rule.code)
    return len(selector) if selector.startswith("GL") and rule.code.startswith(selector) else -1


def is_selector(selector: str) -> bool:
    """Whether a selector names any rule."""
    return any(specificity(selector, rule) >= 0 for rule in RULES.values())


def choose(
    select: Collection[str] | None, extend_select: Collection[str], ignore: Collection[str]
) -> list[Rule]:
    """The rules to run, in the order of their codes.

    Without `select`, those that are on by default. Where selecting and ignoring meet, the closer
    selector wins, and ignoring wins between equals.
    """
    chosen = []
    for rule in sorted(RULES.values()):
        wanted = 0 if select is None and rule.default else -1
        for selector in (*(select or ()), *extend_select):
            wanted = max(wanted, specificity(selector, rule))
        unwanted = max(specificity(selector, rule) for selector in ignore) if ignore else -1
        if wanted > unwanted:
            chosen.append(rule)
    return chosen
