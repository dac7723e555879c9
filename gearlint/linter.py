"""Runs the chosen rules on a gear, and leaves out what its author asked not to be told."""

import os
from typing import NamedTuple

from gearlint.errors import GearlintError
from gearlint.finding import Finding
from gearlint.gear import Gear
from gearlint.rules import RULES, Rule, choose
from gearlint.rules.registry import specificity
from gearlint.settings import Settings

RUNS_LAST = "GL006"


class Failure(NamedTuple):
    """A rule that could not do its work on a gear.

    That is a mistake in gearlint, unless `error` is a GearlintError: a file that cannot be read.
    """

    rule: Rule
    path: str
    error: Exception

    def __str__(self) -> str:
        if isinstance(self.error, GearlintError):
            return str(self.error)
        kind = type(self.error).__name__
        return f"internal error: rule {self.rule.code} failed on {self.path}: {kind}: {self.error}"


class Result(NamedTuple):
    """What linting one gear gave: its findings in the order of the files, and failures."""

    findings: list[Finding]
    failures: list[Failure]


def chosen_rules(settings: Settings) -> list[Rule]:
    """The rules that the settings choose, in the order of their codes."""
    return choose(settings.select, settings.extend_select, settings.ignore)


def lint(gear: Gear, settings: Settings) -> Result:
    """Run the rules that the settings choose on one gear."""
    rules = chosen_rules(settings)
    failures: list[Failure] = []
    found = [
        finding
        for rule in rules
        if rule.code != RUNS_LAST
        for finding in _run(rule, gear, failures)
    ]
    findings = [finding for finding in found if not _is_left_out(finding, gear, settings)]
    for rule in rules:
        if rule.code == RUNS_LAST:
            _spare_the_unknown(gear, rules)
            last = _run(rule, gear, failures)
            findings += [finding for finding in last if not _is_left_out(finding, gear, settings)]
    findings = [
        finding._replace(severity=settings.severity.get(finding.code, finding.severity))
        for finding in findings
    ]
    findings.sort(key=lambda finding: (finding.source.path, finding.span, finding.code))
    return Result(findings, failures)


def _run(rule: Rule, gear: Gear, failures: list[Failure]) -> list[Finding]:
    try:
        return list(rule.findings(gear))
    except Exception as error:  # the other rules go on
        failures.append(Failure(rule, gear.manifest.source.path, error))
        return []


def _spare_the_unknown(gear: Gear, rules: list[Rule]) -> None:
    """Whether the suppression of a rule that did not run is needed cannot be known."""
    running = {rule.code for rule in rules}
    for suppression in gear.suppressions:
        suppression.used = suppression.used or suppression.code not in running


def _is_left_out(finding: Finding, gear: Gear, settings: Settings) -> bool:
    left_out = False
    for suppression in gear.suppressions:
        if suppression.covers(finding.source, finding.code, finding.span):
            suppression.used = left_out = True
    if settings.per_file_ignores and not left_out:
        rule = RULES[finding.code]
        ignored = settings.ignored_in(os.path.abspath(finding.source.path))
        left_out = any(specificity(selector, rule) >= 0 for selector in ignored)
    return left_out
