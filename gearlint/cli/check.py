"""`gearlint check`: find gears, lint them, report what was found."""

import os
import sys
from collections.abc import Iterator

from gearlint.cli.output import FAILED, FOUND, OK, print_difference, print_error
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.source import is_inside, real_path
from gearlint.core.text import counted
from gearlint.engine.discovery import search_limit
from gearlint.engine.run import Checked, outcomes
from gearlint.engine.workers import processors
from gearlint.report.summary import Report, statistics, summary

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from gearlint.engine.fixer import Fixer


def run(arguments: "Namespace") -> int:
    """Check the gears that the arguments name; returns the exit code."""
    fixer = _fixer(arguments)
    jobs = 1 if fixer else arguments.jobs or processors()
    findings: list[Finding] = []
    errors: list[str] = []
    gears = 0
    failed = False
    for outcome in outcomes(arguments, fixer, jobs):
        if not isinstance(outcome, Checked):
            errors.append(outcome.error)
            continue
        gears += 1
        findings += outcome.findings
        failed = failed or outcome.failed
        errors += outcome.errors
        for text in outcome.tracebacks if arguments.debug else ():
            print(text, end="", file=sys.stderr)
    fixed = 0
    if fixer is not None:
        errors += fixer.errors
        fixed = fixer.fixed
    report = Report(findings, gears, list(dict.fromkeys(errors)), fixed)
    if fixer is not None and arguments.diff:
        failed = bool(fixer.changes)
        _print_difference(fixer, report, arguments)
    else:
        _print_report(report, arguments, fixer.notes if fixer is not None else [])
    if errors:
        return FAILED
    return FOUND if failed else OK


def _fixer(arguments: "Namespace") -> "Fixer | None":
    """What fixes the gears, `None` where they are only to be checked."""
    if not (arguments.fix or arguments.diff):
        if arguments.unsafe_fixes:
            raise GearlintError("--unsafe-fixes fixes nothing by itself: give --fix or --diff too")
        return None
    if arguments.diff and arguments.output_format == "json":
        raise GearlintError("--diff shows a diff: leave out --output-format json")
    from gearlint.engine.fixer import Fixer

    return Fixer(is_unsafe=arguments.unsafe_fixes, writes=not arguments.diff)


def _print_difference(fixer: "Fixer", report: Report, arguments: "Namespace") -> None:
    """The diff to stdout or a file, errors and the summary to stderr."""
    if arguments.output_file is not None:
        from gearlint.report import diff

        _write(arguments.output_file, diff.render(fixer.changes.values()))
    else:
        print_difference(fixer.changes.values())
    number = counted(report.fixed, "problem") if report.fixed else "nothing"
    _print_aside(report, f"Would fix {number} in {counted(report.gears, 'gear')}.", arguments)


def _print_report(report: Report, arguments: "Namespace", notes: list[str]) -> None:
    """Findings to stdout or a file; errors, notes and the summary to stderr."""
    if arguments.statistics:
        lines = _statistics(report, arguments.output_format)
    else:
        lines = _rendered(report, arguments)
    text = "".join(f"{line}\n" for line in lines)
    if arguments.output_file is None:
        if text:  # where stdout is closed, that fails
            sys.stdout.write(text)
            sys.stdout.flush()
    else:
        _write(arguments.output_file, text.encode("utf-8", "backslashreplace"))
    for note in notes:
        print_error(note)
    _print_aside(report, summary(report), arguments)


def _rendered(report: Report, arguments: "Namespace") -> Iterator[str]:
    name = arguments.output_format
    if not report.findings and name != "json":  # the others say nothing
        return iter(())
    # Not by importlib, which imports what nothing else here needs.
    renderer: Any = getattr(__import__("gearlint.report", fromlist=[name]), name)
    lines: Iterator[str] = renderer.render(report, color=_use_color(arguments))
    return lines


def _print_aside(report: Report, in_short: str, arguments: "Namespace") -> None:
    for line in report.errors:
        print_error(line)
    if not arguments.quiet and (report.gears or not report.errors):
        print(in_short, file=sys.stderr)


def _statistics(report: Report, output_format: str) -> Iterator[str]:
    rows = statistics(report)
    if output_format == "json":
        import json

        keys = ("count", "code", "severity", "name")
        yield json.dumps(
            [dict(zip(keys, (n, c, s.label, name), strict=True)) for n, c, s, name in rows],
            indent=2,
        )
        return
    for number, code, severity, name in rows:
        yield f"{number:5}  {code}  {severity.label:7}  {name}"


def _use_color(arguments: "Namespace") -> bool:
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    if arguments.output_file is not None or os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _write(path: str, data: bytes) -> None:
    """Write a report so that a reader finds the old file or the new one, never half of one.

    A link to a file is replaced, not followed: it may be one of the repository's, to any file. So
    is a link to a directory refused that leads out of the repository.
    """
    from gearlint.core.atomic import write_whole

    directory, top = os.path.dirname(os.path.abspath(path)), search_limit(os.getcwd())
    if is_inside(directory, top) and not is_inside(real_path(directory), top):
        raise GearlintError(f"{path}: leads out of the repository, not written")
    try:
        if _is_stream(path):
            with open(path, "wb") as file:
                file.write(data)
        else:
            write_whole(path, data)
    except OSError as error:
        raise GearlintError(f"{path}: cannot be written: {error.strerror}") from None


def _is_stream(path: str) -> bool:
    """Whether a path leads to a pipe, a terminal or the like, or is such as /dev/stdout."""
    if not os.path.isfile(path):
        return os.path.exists(path)
    directory = real_path(os.path.dirname(path))  # there, a link stays one
    return any(is_inside(directory, system) for system in ("/dev", "/proc"))
