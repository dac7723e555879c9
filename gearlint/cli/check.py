"""`gearlint check`: find gears, lint them, report what was found."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from gearlint.cli.check_options import TEXTS, take_environment
from gearlint.cli.formats import outputs, write, write_file
from gearlint.cli.output import FAILED, FOUND, OK, print_difference, print_error
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.text import counted
from gearlint.engine.run import Checked, outcomes
from gearlint.engine.workers import processors
from gearlint.report.summary import OfGear, Report, summary

if TYPE_CHECKING:
    from gearlint.engine.fixer import Fixer


def run(arguments: Namespace) -> int:
    """Check the gears that the arguments name; returns the exit code."""
    fixer = _fixer(arguments)
    take_environment(arguments)
    outputs(arguments)  # what is wrong with them is said before anything is done
    jobs = 1 if fixer else arguments.jobs or processors()
    findings: list[Finding] = []
    errors: list[str] = []
    gears: list[OfGear] = []
    failed = False
    for outcome in outcomes(arguments, fixer, jobs):
        if not isinstance(outcome, Checked):
            errors.append(outcome.error)
            continue
        gears.append(OfGear(outcome.path, outcome.findings))
        findings += outcome.findings
        failed = failed or outcome.failed
        errors += outcome.errors
        for text in outcome.tracebacks if arguments.debug else ():
            print(text, end="", file=sys.stderr)
    fixed = 0
    if fixer is not None:
        errors += fixer.errors
        fixed = fixer.fixed
    report = Report(findings, len(gears), list(dict.fromkeys(errors)), fixed, gears)
    if fixer is not None and arguments.diff:
        failed = bool(fixer.changes)
        _print_difference(fixer, report, arguments)
    else:
        _print_report(report, arguments, fixer.notes if fixer is not None else [])
    if errors:
        return FAILED
    return FOUND if failed else OK


def _fixer(arguments: Namespace) -> "Fixer | None":
    """What fixes the gears, `None` where they are only to be checked."""
    if not (arguments.fix or arguments.diff):
        if arguments.unsafe_fixes:
            raise GearlintError("--unsafe-fixes fixes nothing by itself: give --fix or --diff too")
        return None
    formats = [name for name, _ in arguments.output_format or () if name not in TEXTS]
    if arguments.diff and formats:
        raise GearlintError(f"--diff shows a diff: leave out --output-format {formats[0]}")
    from gearlint.engine.fixer import Fixer

    return Fixer(is_unsafe=arguments.unsafe_fixes, writes=not arguments.diff)


def _print_difference(fixer: "Fixer", report: Report, arguments: Namespace) -> None:
    """The diff to stdout or a file, errors and the summary to stderr."""
    if arguments.output_file is not None:
        from gearlint.report import diff

        write_file(arguments.output_file, diff.render(fixer.changes.values()))
    else:
        print_difference(fixer.changes.values())
    number = counted(report.fixed, "problem") if report.fixed else "nothing"
    _print_aside(report, f"Would fix {number} in {counted(report.gears, 'gear')}.", arguments)


def _print_report(report: Report, arguments: Namespace, notes: list[str]) -> None:
    """Findings to stdout or a file; errors, notes and the summary to stderr."""
    write(report, arguments)
    for note in notes:
        print_error(note)
    _print_aside(report, summary(report), arguments)


def _print_aside(report: Report, in_short: str, arguments: Namespace) -> None:
    for line in report.errors:
        print_error(line)
    if not arguments.quiet and (report.gears or not report.errors):
        print(in_short, file=sys.stderr)
