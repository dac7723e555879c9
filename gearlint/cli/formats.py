"""Writes a report in each format that is asked for, to stdout or a file."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence

from gearlint.cli.check_options import FORMATS, TEXTS
from gearlint.cli.output import (
    is_on_github,
    print_difference,
    print_error,
    print_line,
    terminal_columns,
    use_color,
)
from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_inside, real_path, shown_path
from gearlint.core.text import escaped, listed
from gearlint.engine.discovery import repository_root, search_limit
from gearlint.report.summary import Report

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import TextIO

    from gearlint.core.change import FileChange


class Output(NamedTuple):
    """One format, and the file it is written to; `None` for stdout."""

    format: str
    file: str | None = None


def outputs(arguments: "Namespace") -> list[Output]:
    """What is written where. Raises GearlintError where two formats would share a place.

    In a workflow of GitHub the annotations go with the text, unless a format is given.
    """
    given = list(dict.fromkeys(Output(*each) for each in arguments.output_format or ()))
    chosen = given or [Output(TEXTS[0])]
    without = [index for index, each in enumerate(chosen) if each.file is None]
    if len(without) > 1:
        names = listed([chosen[index].format for index in without])
        raise GearlintError(f"{names} would both go to one place: give a file, as in sarif:FILE")
    if arguments.output_file is not None:
        if arguments.output_file in FORMATS:
            word = arguments.output_file
            raise GearlintError(f"-o {word}: expected a file: did you mean --output-format {word}?")
        if not without:
            raise GearlintError("-o: each format has a file already")
        chosen[without[0]] = chosen[without[0]]._replace(file=arguments.output_file)
    others = [each.format for each in chosen if each.format not in (*TEXTS, "json")]
    if arguments.statistics and others:
        raise GearlintError(f"--statistics are text or json: leave out {others[0]}")
    files = [os.path.abspath(each.file) for each in chosen if each.file is not None]
    for file in files:
        if os.path.basename(file) in ("manifest.json", "Dockerfile") and os.path.exists(file):
            raise GearlintError(f"{shown_path(file)}: is a file of a gear: name another")
    if len(set(files)) < len(files):
        raise GearlintError("two formats would be written to one file")
    return chosen


def print_report(
    report: Report,
    in_short: str,
    arguments: "Namespace",
    *,
    notes: Sequence[str] = (),
    stdout: "TextIO | None" = None,
) -> None:
    """Findings to stdout, another stream or files; errors, notes and the summary to stderr."""
    _write_all(report, arguments, stdout or sys.stdout)
    for note in notes:
        print_error(note)
    print_aside(report, in_short, arguments)


def print_changes(
    changes: "Collection[FileChange]", report: Report, in_short: str, arguments: "Namespace"
) -> None:
    """The diff to stdout or a file, errors and the summary to stderr."""
    if arguments.output_file is not None:
        from gearlint.report import diff

        write_file(arguments.output_file, diff.render(changes))
    else:
        print_difference(changes, arguments.color)
    print_aside(report, in_short, arguments)


def print_files(paths: Iterable[str], report: Report, arguments: "Namespace") -> None:
    """The files to stdout, errors to stderr."""
    for path in paths:
        print(escaped(path))
    print_aside(report, "", arguments)


def print_aside(report: Report, in_short: str, arguments: "Namespace") -> None:
    """Errors, and a summary, to stderr."""
    for line in report.errors:
        print_error(line)
    is_of_gears = report.gears or report.unchecked or not report.errors
    if in_short and not arguments.quiet and is_of_gears:
        for line in in_short.split("\n"):
            print_line(line)


def _write_all(report: Report, arguments: "Namespace", stdout: "TextIO") -> None:
    chosen = outputs(arguments)
    names = {each.format for each in chosen}
    is_default = not arguments.output_format and is_on_github()
    if is_default or not names <= {*TEXTS, "json"}:
        report = located(report)
    if "html" in names and not arguments.statistics:
        from gearlint.cli.page import with_facts

        report = with_facts(report, arguments)
    for each in chosen:
        columns = 0 if each.file else terminal_columns(stdout)
        color = _use_color(each, arguments)
        shown = report._replace(columns=columns, has_color=color, is_quiet=arguments.quiet)
        _write(each, _lines(each, shown, arguments), stdout)
    if is_default and not arguments.statistics:
        _write(Output("github"), _rendered("github", report), stdout)
        _append_summary(_rendered("markdown", report))


def _lines(output: Output, report: Report, arguments: "Namespace") -> Iterable[str]:
    if arguments.statistics:
        from gearlint.cli.statistics import lines

        return lines(report, output.format)
    return _rendered(output.format, report)


def _rendered(name: str, report: Report) -> Iterator[str]:
    if not report.findings and name in TEXTS:
        return iter(())
    from importlib import import_module

    renderer = import_module(f"gearlint.report.{name}")
    lines: Iterator[str] = renderer.render(report)
    return lines


def located(report: Report) -> Report:
    """The report with the root of the repository, and its address where the CI server says it."""
    root = repository_root(real_path(os.getcwd()))
    environment = os.environ
    url = ""
    if is_on_github():
        names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
        server, repository, commit = (environment.get(name, "") for name in names)
        if server and repository and commit:
            url = f"{server}/{repository}/blob/{commit}/"
    elif environment.get("CI_PROJECT_URL") and environment.get("CI_COMMIT_SHA"):
        url = f"{environment['CI_PROJECT_URL']}/-/blob/{environment['CI_COMMIT_SHA']}/"
    return report._replace(root=root, files_url=url)


def _write(output: Output, lines: Iterable[str], stdout: "TextIO") -> None:
    if output.file is not None:
        text = "".join(f"{line}\n" for line in lines)
        write_file(output.file, text.encode("utf-8", "backslashreplace"))
        return
    if is_on_github() and output.format != "github":
        from gearlint.report.github import harmless

        lines = map(harmless, lines)
    text = "".join(f"{line}\n" for line in lines)
    if text:  # where stdout is closed, that fails
        if output.format not in TEXTS and not stdout.isatty():  # programs expect UTF-8
            stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            stdout.write(text)
        stdout.flush()


def _append_summary(lines: Iterable[str]) -> None:
    """Add to the summary of the job, where the runner has named a file for it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    text = "".join(f"{line}\n" for line in lines)
    try:
        with open(path, "ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        print_error(f"{path}: cannot be written: {error.strerror}")


def _use_color(output: Output, arguments: "Namespace") -> bool:
    if arguments.color == "auto" and output.file is not None:
        return False
    return use_color(arguments.color)


def write_file(path: str, data: bytes) -> None:
    """Write a report so that a reader finds the old file or the new one, never half of one.

    A link to a file is replaced, not followed: it may be one of the repository's, to any file. A
    pipe, a terminal or the like is written to. Raises GearlintError where the report cannot be
    written, or would leave the repository by a link to a directory.
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
