"""Runs the chosen rules on a gear, and leaves out what its author asked not to be told."""

import os
from typing import NamedTuple

from gearlint.finding import Finding
from gearlint.gear import Gear
from gearlint.rules import Rule, choose
from gearlint.rules.registry import specificity
from gearlint.settings import Settings

RUNS_LAST = "GL006"


class InternalError(NamedTuple):
    """A rule that failed on a gear: a mistake in gearlint."""

    rule: Rule
    path: str
    error: Exception

    def __str__(self) -> str:
        kind = type(self.error).__name__
        return f"internal error: rule {self.rule.code} failed on {self.path}: {kind}: {self.error}"


class Result(NamedTuple):
    """What linting one gear gave: its findings in the order of the file, and failed rules."""

    findings: list[Finding]
    internal_errors: list[InternalError]


def chosen_rules(settings: Settings) -> list[Rule]:
    """The rules that the settings choose, the one that watches suppressions last."""
    rules = choose(settings.select, settings.extend_select, settings.ignore)
    return sorted(rules, key=lambda rule: rule.code == RUNS_LAST)


def lint(gear: Gear, settings: Settings) -> Result:
    """Run the rules that the settings choose on one gear."""
    rules = chosen_rules(settings)
    running = {rule.code for rule in rules}
    for suppression in gear.suppressions:
        # Whether the suppression of a rule that does not run is needed cannot be known.
        suppression.used = suppression.code not in running
    result = Result([], [])
    for rule in rules:
        try:
            found = list(rule.findings(gear))
        except Exception as error:  # the other rules go on
            result.internal_errors.append(InternalError(rule, gear.manifest.source.path, error))
            continue
        for finding in found:
            if not _is_left_out(finding, rule, gear, settings):
                severity = settings.severity.get(finding.code, finding.severity)
                result.findings.append(finding._replace(severity=severity))
    result.findings.sort(key=lambda finding: (finding.source.path, finding.span, finding.code))
    return result


def _is_left_out(finding: Finding, rule: Rule, gear: Gear, settings: Settings) -> bool:
    left_out = False
    for suppression in gear.suppressions:
        if suppression.covers(finding.source, finding.code):
            suppression.used = left_out = True
    if settings.per_file_ignores:
        ignored = settings.ignored_in(os.path.abspath(finding.source.path))
        left_out = left_out or any(specificity(selector, rule) >= 0 for selector in ignored)
    return left_out
