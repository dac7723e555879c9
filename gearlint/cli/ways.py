"""What `gearlint check` does with the gears, if it does not only check them."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from gearlint.cli.check_options import TEXTS
from gearlint.cli.formats import print_aside, print_changes, print_files, print_report
from gearlint.core import limits
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.source import shown_path
from gearlint.core.text import counted
from gearlint.engine.files import Lister
from gearlint.engine.fixer import Fixer
from gearlint.engine.ignores import Ignorer
from gearlint.engine.unsaved import Unsaved
from gearlint.report.summary import Report, summary
from gearlint.rules import RULES

Way: TypeAlias = Fixer | Ignorer | Lister | Unsaved


def way_of(arguments: Namespace) -> Way:
    """What the options ask for. Raises GearlintError where they contradict each other."""
    _confirm(arguments)
    if arguments.show_files:
        return Lister()
    if arguments.add_ignores:
        return _ignorer(arguments)
    if arguments.stdin_filename is not None:
        return _unsaved(arguments)
    return Fixer(is_unsafe=arguments.unsafe_fixes, writes=not arguments.diff)


def _confirm(arguments: Namespace) -> None:
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise GearlintError("--unsafe-fixes fixes nothing by itself: give --fix or --diff too")
    formats = [name for name, _ in arguments.output_format or () if name not in TEXTS]
    if arguments.diff and formats:
        raise GearlintError(f"--diff shows a diff: leave out --output-format {formats[0]}")
    if arguments.reason is not None and not arguments.add_ignores:
        raise GearlintError("--reason is that of --add-ignores: give both")
    options = ("fix", "add_ignores", "show_files")
    given = [f"--{name.replace('_', '-')}" for name in options if getattr(arguments, name)]
    if len(given) > 1:
        raise GearlintError(f"{given[0]} and {given[1]} are two things: give one after the other")


def _ignorer(arguments: Namespace) -> Ignorer:
    from gearlint.gear.edits.comments import is_reason

    reason = arguments.reason or ""
    if not is_reason(reason):
        raise GearlintError("--reason: expected one line without #, ` and backslashes")
    if arguments.stdin_filename is not None:
        raise GearlintError("--add-ignores changes files: leave out --stdin-filename")
    return Ignorer(reason=reason.strip(), writes=not arguments.diff)


def _unsaved(arguments: Namespace) -> Unsaved:
    if arguments.paths != ["-"]:
        raise GearlintError("--stdin-filename PATH is the name of what is read from -: give - too")
    data = sys.stdin.buffer.read(limits.FILE_BYTES + 1)
    arguments.paths = [arguments.stdin_filename]
    fixes = arguments.fix or arguments.diff
    return Unsaved(arguments.stdin_filename, data, fixes=fixes, is_unsafe=arguments.unsafe_fixes)


def finish(way: Way, report: Report, failed: bool, arguments: Namespace) -> tuple[Report, bool]:
    """Print what came of it; returns the whole report, and whether something is left to do."""
    if isinstance(way, Lister):
        print_files(way.files, report, arguments)
        return report, False
    if isinstance(way, Ignorer):
        way.finish()
    errors = list(dict.fromkeys([*report.errors, *way.errors]))
    report = report._replace(errors=errors, fixed=way.fixed)
    number = counted(way.fixed, "problem") if way.fixed else "nothing"
    what = f"{number} in {counted(len(report.gears), 'gear')}."
    verb = "suppress" if isinstance(way, Ignorer) else "fix"
    if arguments.diff:
        changes = [change for change in way.changes.values() if _changes(change)]
        print_changes(changes, report, f"Would {verb} {what}", arguments)
        return report, bool(changes)
    if isinstance(way, Ignorer):
        print_aside(report, f"Suppressed {what}", arguments)
        return report, False
    if isinstance(way, Unsaved) and way.fixes:
        sys.stdout.buffer.write(way.data)
        print_report(report, summary(report), arguments, stdout=sys.stderr)
        return report, failed
    in_short = "\n".join([*_fixes(way), summary(report)])
    print_report(report, in_short, arguments, notes=way.notes)
    return report, failed


def _fixes(fixer: Fixer) -> Iterator[str]:
    """What was fixed, a line for each file."""
    for change in fixer.written:
        counts = sorted(Counter(change.codes).items())
        rules = [
            f"{code} {RULES[code].name}" + (f" ({number} times)" if number > 1 else "")
            for code, number in counts
        ]
        yield f"Fixed {shown_path(change.path)}: {', '.join(rules)}"


def _changes(change: FileChange) -> bool:
    return change.makes_executable or change.before != change.after
