"""The command line: one sub-command, one function. Imports what a command needs when it runs."""

import os
import sys
from argparse import (
    ArgumentParser,
    ArgumentTypeError,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import RawIOBase

from gearlint import __version__
from gearlint.cli.output import BROKEN_PIPE, FAILED, INTERRUPTED, print_error
from gearlint.core.errors import GearlintError

TYPE_CHECKING = False  # as type checkers know it: --help does without importing typing
if TYPE_CHECKING:
    from argparse import _SubParsersAction
    from typing import NoReturn


def main(argv: Sequence[str] | None = None) -> int:
    """Run gearlint with the arguments, those of the process by default; returns the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        _prepare_streams()
        return _run(_parser(*argv[:1]).parse_args(argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        code = BROKEN_PIPE
    except OSError as error:  # a full disk, a closed stdout
        with suppress(OSError):
            print_error(
                f"{error.filename or 'cannot go on'}: {error.strerror or 'stdout is closed'}"
            )
        code = FAILED
    # What is left in the buffers must not be flushed at exit.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


def _run(arguments: Namespace) -> int:
    try:
        command = import_module(f"gearlint.cli.{arguments.command}")
        code: int = command.run(arguments)
        sys.stdout.flush()
    except OSError:
        raise
    except Exception as error:
        message = str(error)
        if not isinstance(error, GearlintError):
            message = f"internal error, please report it: {type(error).__name__}: {message}"
        with suppress(OSError):
            if arguments.debug:
                _print_traceback()
            print_error(message)
        return FAILED
    return code


def _print_traceback() -> None:
    import traceback

    from gearlint.core.text import escaped

    for line in traceback.format_exc().splitlines():
        print(escaped(line), file=sys.stderr)


def _prepare_streams() -> None:
    """Let no output fail for its characters, and open what the caller has closed.

    A file that is opened later would else take the place of stdout or stderr. What is written to a
    closed stdout fails, as on a full disk. With PYTHONUNBUFFERED, Python would lose without a word
    what a pipe or a disk does not take at once.
    """
    for name, mode in (("stdin", "r"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    if isinstance(getattr(sys.stdout, "buffer", None), RawIOBase):
        descriptor = sys.stdout.fileno()
        sys.stdout = open(descriptor, "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class _Parser(ArgumentParser):
    def error(self, message: str) -> "NoReturn":
        """Tell of wrong arguments as argparse does, but never raw: they may be names of files."""
        from gearlint.core.text import escaped

        super().error(escaped(message))


class _Formatter(RawDescriptionHelpFormatter):
    """As wide as the terminal; argparse by itself would import shutil to learn that."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except (AttributeError, OSError, ValueError):
            width = 80
        super().__init__(prog, width=min(width, 100) - 2)

    # Python 3.14 makes its colours before anything is shown, which takes a fifth of a short run.
    # They are made here when they are first used.

    def _set_color(self, color: bool) -> None:
        self._color = color

    def __getattr__(self, name: str) -> object:
        if name not in ("_theme", "_decolor"):
            raise AttributeError(name)
        super()._set_color(self._color)  # type: ignore[misc]
        return getattr(self, name)


def _parser(named: str = "") -> ArgumentParser:
    """The parser of the command line with the sub-command that is named, or with them all."""
    parser = _Parser(
        prog="gearlint",
        description="Checks Flywheel gears before they are built or uploaded.",
        epilog="Exit codes: 0 nothing found, 1 something found, 2 error.",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"gearlint {__version__}")
    commands: _SubParsersAction[_Parser] = parser.add_subparsers(
        # Given, so that argparse need not make it, which would import shutil.
        prog="gearlint",
        dest="command",
        metavar="COMMAND",
        required=True,
    )
    # Only the one that is asked for is made, if it is known: that of the others takes time.
    for name, add in _COMMANDS.items():
        if name == named or named not in _COMMANDS:
            add(commands)
    return parser


def _command(
    commands: "_SubParsersAction[_Parser]",
    name: str,
    help: str,
    description: str,
    epilog: str = "",
) -> ArgumentParser:
    return commands.add_parser(
        name, help=help, description=description, epilog=epilog, allow_abbrev=False,
        formatter_class=_Formatter,
    )  # fmt: skip


def _add_rule(commands: "_SubParsersAction[_Parser]") -> None:
    rule = _command(
        commands,
        "rule",
        help="explain a rule",
        description="Explain one rule with a bad and a good example, or list them all.",
    )
    rule.add_argument("rule", metavar="CODE", nargs="?", help="code or name of a rule")
    rule.add_argument("--all", action="store_true", help="list all rules")
    _add_format(rule, ("text", "json"))
    _add_debug(rule)


def _add_config(commands: "_SubParsersAction[_Parser]") -> None:
    config = _command(
        commands,
        "config",
        help="show the effective settings and where each came from",
        description="Show the effective settings for a path, and where each came from.",
    )
    config.add_argument(
        "path", metavar="PATH", nargs="?", default=".", help="file or directory (default: .)"
    )
    _add_selection(config)
    _add_format(config, ("text", "json"))
    _add_debug(config)


def _add_bump(commands: "_SubParsersAction[_Parser]") -> None:
    bump = _command(
        commands,
        "bump",
        help="make the next version: manifest, image tag, commit, git tag",
        description="Raise the version of a gear in its manifest, image tag and CHANGELOG, commit\n"
        "that, and tag the commit. All of it, or nothing.",
        epilog="Exit codes: 0 success, 2 error (changes are rolled back).",
    )
    bump.add_argument(
        "path", metavar="PATH", nargs="?", help="directory or manifest of a gear (default: .)"
    )
    bump.add_argument(
        "--gear", nargs="?", const="patch", metavar="LEVEL",
        help="raise the gear's part: major, minor, patch (default), or the version it gets",
    )  # fmt: skip
    bump.add_argument("--software", metavar="VERSION", help="set the software's part")
    bump.add_argument("--to", metavar="VERSION", help="set the whole version")
    bump.add_argument(
        "--changed", action="store_true",
        help="with --gear: every gear of the repository that changed since its last release",
    )  # fmt: skip
    bump.add_argument(
        "-n", "--dry-run", action="store_true", help="show what would be done, and do nothing"
    )
    bump.add_argument("--no-commit", action="store_true", help="only change the files")
    bump.add_argument("--no-tag", action="store_true", help="make no tag")
    bump.add_argument("--push", action="store_true", help="push branch and tag, both or neither")
    bump.add_argument("--allow-dirty", action="store_true", help="allow uncommitted changes")
    bump.add_argument(
        "--force",
        action="store_true",
        help="allow a version that does not sort above the newest release",
    )
    placeholders = "{name}, {version}, {software}, {gear} and {date} are replaced by their values"
    bump.add_argument("--message", metavar="TEXT", help=f"commit message; {placeholders}")
    bump.add_argument("--tag-message", metavar="TEXT", help="message of the tags, likewise")
    _add_format(bump, ("text", "json"))
    _add_json(bump)
    _add_debug(bump)


def _add_version(commands: "_SubParsersAction[_Parser]") -> None:
    version = _command(
        commands,
        "version",
        help="show the versions of gears and what was released of them",
        description="Show name, version and its parts, image, last release tag, and whether the\n"
        "gear has changed since; a table where there are several gears.",
    )
    version.add_argument(
        "path", metavar="PATH", nargs="?", default=".", help="file or directory (default: .)"
    )
    _add_format(version, ("text", "json"))
    _add_json(version)
    _add_debug(version)


def _add_check(commands: "_SubParsersAction[_Parser]") -> None:
    check = _command(
        commands,
        "check",
        help="check gears",
        description="Check the gears under the given paths.\n\n"
        "A directory stands for the gears in it, a JSON file for itself, any other file for\n"
        "the gear that owns it. Findings go to stdout, everything else to stderr.",
        epilog="Exit codes: 0 nothing at or above --fail-on (after --fix: nothing left), 1\n"
        "something, 2 error.",
    )
    check.add_argument(
        "paths", metavar="PATH", nargs="*", help="directory, manifest or other file (default: .)"
    )
    check.add_argument(
        "--changed-files",
        action="store_true",
        help="treat each PATH as a changed file and check the gear it belongs to, if any",
    )
    check.add_argument(
        "--fix", action="store_true", help="fix what can be fixed safely, then report the rest"
    )
    check.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: include fixes that may change what the gear does",
    )
    shows = check.add_mutually_exclusive_group()
    shows.add_argument(
        "--diff",
        action="store_true",
        help="show what --fix would change, and change nothing; exit with 1 if there is anything",
    )
    _add_selection(check)
    _add_format(check, ("full", "concise", "json"))
    check.add_argument(
        "-o", "--output-file", metavar="FILE", help="write the findings to FILE, not to stdout"
    )
    shows.add_argument(
        "--statistics", action="store_true", help="print only the number of findings of each rule"
    )
    check.add_argument(
        "--jobs", metavar="N", type=_jobs,
        help="check many gears in N processes at once (default: one a processor; --fix takes one)",
    )  # fmt: skip
    check.add_argument("-q", "--quiet", action="store_true", help="leave out the summary")
    check.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto",
        help="default: auto, on terminals unless NO_COLOR is set",
    )  # fmt: skip
    _add_debug(check)


_COMMANDS = {
    "check": _add_check,
    "bump": _add_bump,
    "version": _add_version,
    "rule": _add_rule,
    "config": _add_config,
}


def _add_selection(parser: ArgumentParser) -> None:
    codes = "comma-separated codes (GL201), prefixes of codes (GL2), names, or ALL"
    parser.add_argument("--select", metavar="RULES", type=_selectors, help=f"run these: {codes}")
    parser.add_argument(
        "--extend-select", metavar="RULES", type=_selectors, help="run these as well"
    )
    parser.add_argument("--ignore", metavar="RULES", type=_selectors, help="do not run these")
    parser.add_argument(
        "--fail-on", metavar="SEVERITY", type=_severity,
        help="exit with 1 from this severity on: error, warning (default) or info",
    )  # fmt: skip


def _add_format(parser: ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument(
        "--output-format", choices=formats, default=formats[0], help=f"default: {formats[0]}"
    )


def _add_json(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json", dest="output_format", action="store_const", const="json",
        help="the same as --output-format json",
    )  # fmt: skip


def _add_debug(parser: ArgumentParser) -> None:
    parser.add_argument("--debug", action="store_true", help="show tracebacks")


def _selectors(text: str) -> tuple[str, ...]:
    from gearlint.rules.selectors import is_selector, unknown_selector

    selectors = tuple(part.strip() for part in text.split(",") if part.strip())
    for selector in selectors:
        if not is_selector(selector):
            raise ArgumentTypeError(unknown_selector(selector))
    return selectors


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text[:9]) < 1:
        raise ArgumentTypeError(f'"{text}" is not a number of processes, expected 1 or more')
    return int(text[:9])


def _severity(text: str) -> object:
    from gearlint.core.text import one_of
    from gearlint.engine.settings import SEVERITIES

    if text not in SEVERITIES:
        raise ArgumentTypeError(f'"{text}" is not a severity, expected {one_of(list(SEVERITIES))}')
    return SEVERITIES[text]
