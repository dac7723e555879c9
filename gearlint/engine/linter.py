"""Runs the chosen rules on a gear, and leaves out the findings that its files suppress."""

import os
from functools import lru_cache

from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.rules import RULES, Rule, choose
from gearlint.rules.registry import code_meant
from gearlint.rules.selectors import specificity

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.suppression import Suppression

RUNS_LAST = "GL006"
"""The rule for unused suppressions."""


class FailedRule(NamedTuple):
    """A rule that raised an error: a mistake in gearlint, or a file that cannot be read.

    For a file, `error` is a GearlintError. `path` is that of the manifest. Where several rules need
    what failed, it is the first of them.
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
    """The findings in one gear, in the order of the files, and the rules that failed."""

    findings: list[Finding]
    failures: list[FailedRule]


def chosen_rules(settings: Settings) -> list[Rule]:
    """The rules that the settings choose, in the order of their codes."""
    return _chosen(settings.select, settings.extend_select, settings.ignore)


# The gears of a repository have few settings.
@lru_cache(maxsize=16)
def _chosen(
    select: tuple[str, ...] | None, extend_select: tuple[str, ...], ignore: tuple[str, ...]
) -> list[Rule]:
    return choose(select, extend_select, ignore)


def lint(gear: Gear, settings: Settings) -> Result:
    """Run the rules that the settings choose on one gear. Never raises what a rule raises."""
    rules = chosen_rules(settings)
    failures: list[FailedRule] = []
    found: list[Finding] = []
    for rule in rules:
        if rule.code != RUNS_LAST:
            found += _run(rule, gear, failures)
    suppressed = _Suppressed(gear, settings)
    findings = [suppressed.spared(finding) for finding in found if finding not in suppressed]
    for rule in rules:
        if rule.code == RUNS_LAST:
            _mark_unknown_used(gear, rules)
            last = _run(rule, gear, failures)
            findings += [finding for finding in last if finding not in suppressed]
    findings = [
        finding._replace(severity=settings.severity.get(finding.code, finding.severity))
        for finding in findings
    ]
    findings.sort(key=lambda finding: (finding.source.path, finding.span, finding.code))
    return Result(findings, failures)


def _run(rule: Rule, gear: Gear, failures: list[FailedRule]) -> list[Finding]:
    try:
        return rule.findings(gear)
    except Exception as error:  # the other rules still run
        if all(failure.error is not error for failure in failures):  # as of the image
            failures.append(FailedRule(rule, gear.manifest.source.path, error))
        return []


def _mark_unknown_used(gear: Gear, rules: list[Rule]) -> None:
    """Mark the suppressions of rules that did not run as used: they may be needed."""
    running = {rule.code for rule in rules}
    for suppression in gear.suppressions:
        suppression.used = suppression.used or suppression.code not in running


class _Suppressed:
    """The findings that are not reported, by suppressions or `per-file-ignores`.

    Marks each suppression of a finding as used.
    """

    def __init__(self, gear: Gear, settings: Settings) -> None:
        self.gear = gear
        self.settings = settings
        self.selectors: dict[str, frozenset[str]] = {}
        self.ignored: dict[tuple[str, str], bool] = {}

    def __contains__(self, finding: Finding) -> bool:
        suppressions = self.suppressions.get((finding.source, finding.code), ())
        line = finding.start.line if suppressions else 0
        covering = [suppression for suppression in suppressions if suppression.covers(line)]
        for suppression in covering:
            suppression.used = True
        return bool(covering) or self._is_ignored(finding.source.path, finding.code)

    def spared(self, finding: Finding) -> Finding:
        """The finding, without its fix if a misspelt suppression is certainly meant for it."""
        meant = self.misspelt.get((finding.source, finding.code), ()) if finding.fix else ()
        line = finding.start.line if meant else 0
        is_meant = any(suppression.covers(line) for suppression in meant)
        return finding._replace(fix=None) if is_meant else finding

    @cached_property
    def misspelt(self) -> "dict[tuple[Source, str], list[Suppression]]":
        """The suppressions that are not written as such, by the code that they are meant for."""
        from gearlint.gear.suppression import codes_of

        found: dict[tuple[Source, str], list[Suppression]] = {}
        for suppression in self.gear.suppressions:
            if suppression.code not in RULES:
                meant = code_meant(suppression.code)
                for code in [meant] if meant else codes_of(suppression.code):
                    found.setdefault((suppression.source, code), []).append(suppression)
        for misread in self.gear.misread_suppressions:
            for one in misread.meant:
                found.setdefault((one.source, one.code), []).append(one)
        return found

    @cached_property
    def suppressions(self) -> "dict[tuple[Source, str], list[Suppression]]":
        """The suppressions of the gear by file and code."""
        found: dict[tuple[Source, str], list[Suppression]] = {}
        for suppression in self.gear.suppressions:
            found.setdefault((suppression.source, suppression.code), []).append(suppression)
        return found

    def _is_ignored(self, path: str, code: str) -> bool:
        """Whether `per-file-ignores` leaves out a rule for a file."""
        if path not in self.selectors:
            self.selectors[path] = frozenset(self.settings.ignored_in(os.path.abspath(path)))
        if (path, code) not in self.ignored:
            rule = RULES[code]
            self.ignored[path, code] = any(
                specificity(selector, rule) >= 0 for selector in self.selectors[path]
            )
        return self.ignored[path, code]
