"""Selectors: the words by which settings and options name rules."""

from collections.abc import Collection

from gearlint.core.text import did_you_mean, quoted
from gearlint.rules.registry import RULES, Rule, near_code


def specificity(selector: str, rule: Rule) -> int:
    """How closely a selector (`ALL`, `GL2`, `GL201`, `image-tag-mismatch`) names a rule.

    Larger is closer; -1 if it does not name the rule.
    """
    if selector == "ALL":
        return 0
    if selector == rule.name:
        return len(rule.code)
    return len(selector) if selector.startswith("GL") and rule.code.startswith(selector) else -1


def normalized(selector: str) -> str:
    """A selector as it is compared: a code in capitals, the name of a rule in small letters."""
    upper = selector.strip().upper()
    if upper == "ALL" or upper.startswith("GL"):
        return upper
    return upper.lower().replace("_", "-")


def is_selector(selector: str) -> bool:
    """Whether a selector names any rule."""
    return any(specificity(selector, rule) >= 0 for rule in RULES.values())


def choose(
    select: Collection[str] | None, extend_select: Collection[str], ignore: Collection[str]
) -> list[Rule]:
    """The rules to run, in the order of their codes.

    Without `select`, those that are on by default. Where a rule is both selected and ignored, the
    closer selector wins; `ignore` wins between equals.
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


def unknown_selector(selector: str) -> str:
    """The message for a selector that names no rule, with a near one if there is any."""
    names = [rule.name for rule in RULES.values()]
    hint = did_you_mean(selector, ["ALL", *names]) or near_code(selector) or _where_listed(selector)
    return f"{quoted(selector)} names no rule: {hint}"


def _where_listed(selector: str) -> str:
    family = selector[: len("GL2")].upper()
    return f'for a list, run "gearlint rule {family if is_selector(family) else "--all"}"'
