"""`gearlint check`: find gears, lint them, report what was found."""

import os
import sys
from time import monotonic

from gearlint.cli.check_options import overrides_of, take_environment
from gearlint.cli.formats import outputs, print_report
from gearlint.cli.output import FAILED, FOUND, OK
from gearlint.core.errors import GearlintError
from gearlint.engine.discovery import repository_root
from gearlint.engine.run import Checked, outcomes
from gearlint.engine.workers import processors
from gearlint.report.summary import OfGear, Report, summary
from gearlint.rules.registry import is_like_a_code

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from gearlint.cli.progress import ProgressLine
    from gearlint.cli.ways import Way
    from gearlint.engine.run import Unchecked

    Outcome = Checked | Unchecked

PATIENCE = 1.0
"""Seconds after which a line on the terminal shows how far a run is."""

_OTHER_WAYS = ("fix", "diff", "unsafe_fixes", "add_ignores", "reason", "show_files")


def run(arguments: "Namespace") -> int:
    """Check the gears that the arguments name; returns the exit code."""
    _refuse_rules(arguments.paths)
    way = _way(arguments)
    take_environment(arguments)
    outputs(arguments)  # what is wrong with them is said before anything is done
    if arguments.changed_files and (not arguments.paths or "PRE_COMMIT" in os.environ):
        from gearlint.release.deleted import deleted_files

        arguments.paths = [*arguments.paths, *deleted_files(repository_root(os.getcwd()))]
    found = outcomes(
        arguments.paths or ([] if arguments.changed_files else ["."]),
        overrides_of(arguments),
        way,
        owners_alone=arguments.changed_files,
        jobs=1 if way else arguments.jobs or processors(),
    )
    errors: list[str] = []
    gears: list[OfGear] = []
    unchecked = 0
    failed = False
    for outcome in _watched(found, arguments):
        if not isinstance(outcome, Checked):
            errors.append(outcome.error)
            unchecked += outcome.is_gear
            continue
        errors += outcome.errors
        if outcome.errors and not outcome.findings:
            unchecked += 1
        else:
            gears.append(OfGear(outcome.path, outcome.findings))
        failed = failed or outcome.failed
        for text in outcome.tracebacks if arguments.debug else ():
            print(text, end="", file=sys.stderr)
    report = Report(gears, list(dict.fromkeys(errors)), unchecked=unchecked)
    if way is None:
        print_report(report, summary(report), arguments)
    else:
        from gearlint.cli.ways import finish

        report, failed = finish(way, report, failed, arguments)
    if report.errors:
        return FAILED
    return FOUND if failed and not arguments.exit_zero else OK


def _refuse_rules(paths: "Sequence[str]") -> None:
    """Say of a code among the paths how rules are listed."""
    for path in paths:
        if is_like_a_code(path) and not os.path.lexists(path):
            raise GearlintError(
                f"{path}: no such file or directory; rules are separated by commas, without "
                "spaces, as in --ignore GL109,GL314"
            )


def _watched(outcomes: "Iterator[Outcome]", arguments: "Namespace") -> "Iterator[Outcome]":
    """The outcomes; where they take long, a line on the terminal counts them meanwhile."""
    if arguments.quiet or not sys.stderr.isatty():
        yield from outcomes
        return
    line: ProgressLine | None = None
    is_fixing = arguments.fix

    def begin() -> None:
        from gearlint.cli.progress import ProgressLine

        nonlocal line
        line = ProgressLine("Fixing" if is_fixing else "Checking", moves=is_fixing)

    timer = None
    if is_fixing:  # one gear may take long, and no process is forked beside the thread
        from threading import Timer

        timer = Timer(PATIENCE, begin)
        timer.start()
    start = monotonic()
    try:
        for number, outcome in enumerate(outcomes, 1):
            if line is None and timer is None and monotonic() - start >= PATIENCE:
                begin()
            if line is not None:
                line.show(number)
            yield outcome
    finally:
        if timer is not None:
            timer.cancel()
            timer.join()
        if line is not None:
            line.close()


def _way(arguments: "Namespace") -> "Way | None":
    """What is done with the gears, `None` where they are only checked."""
    if arguments.stdin_filename is None and not any(
        getattr(arguments, name) for name in _OTHER_WAYS
    ):
        if "-" in arguments.paths:
            raise GearlintError("-: the name of what is on stdin is missing: --stdin-filename PATH")
        return None
    from gearlint.cli.ways import way_of

    return way_of(arguments)
