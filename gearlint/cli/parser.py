"""The arguments of the command line, by argparse. Imports nothing that --help does not need."""

import os
from argparse import ArgumentError, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence

from gearlint import __version__
from gearlint.cli.check_options import add_outputs, add_ways, severity

TYPE_CHECKING = False  # as type checkers know it: --help does without importing typing
if TYPE_CHECKING:
    from argparse import Action, Namespace, _SubParsersAction
    from typing import NoReturn


class _Parser(ArgumentParser):
    """Reports wrong arguments as the command's own that they were given to, with what was meant."""

    def error(self, message: str) -> "NoReturn":
        """Report wrong arguments as argparse does, but escaped: they may be names of files."""
        from gearlint.core.text import escaped

        option, needless, _ = message.partition(": ignored explicit argument ")
        message = f"{option} takes no value" if needless else message
        super().error(f"{escaped(message)}\nFor help, run: {self.prog} --help")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: "Namespace | None" = None
    ) -> "tuple[Namespace, list[str]]":
        """Parse all arguments: none is left for the parser of the whole, whose usage is another."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            from gearlint.cli.hints import unknown_arguments

            self.error(unknown_arguments(self, unknown))
        return parsed, unknown

    # Not public, but the only place to report a wrong command, or a wrong word for an option, in
    # words of our own: tests/cli/test_hints.py watches it.
    def _check_value(self, action: "Action", value: object) -> None:
        if action.choices is not None and value not in action.choices:
            from gearlint.cli.hints import not_a_choice, unknown_command

            if action.dest == "command":
                raise ArgumentError(None, unknown_command(str(value), list(action.choices)))
            raise ArgumentError(action, not_a_choice(str(value), list(action.choices)))


class _Formatter(RawDescriptionHelpFormatter):
    """As wide as the terminal; argparse by itself would import shutil to learn that."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except (AttributeError, OSError, ValueError):
            width = 80
        super().__init__(prog, max_help_position=26, width=min(width, 100) - 2)

    # Python 3.14 makes its colours before anything is shown, which takes a fifth of a short run:
    # `_set_color` sets `_theme` and `_decolor` for each option that is added. They are made here
    # when they are first used. Neither name is public: tests/cli/test_parser.py watches them.

    def _set_color(self, *arguments: object, **options: object) -> None:
        self._color = arguments, options

    def __getattr__(self, name: str) -> object:
        if name not in ("_theme", "_decolor"):
            raise AttributeError(name)
        arguments, options = self._color
        super()._set_color(*arguments, **options)  # type: ignore[misc]
        return object.__getattribute__(self, name)


def parser_for(command: str = "") -> ArgumentParser:
    """The parser of the command line with one sub-command, or with all where it is unknown."""
    parser = _Parser(
        prog="gearlint",
        usage="gearlint COMMAND [OPTION...] [PATH...]",
        description="Checks Flywheel gears before they are built or uploaded.",
        epilog="Example: gearlint check .\n\n"
        "gearlint COMMAND --help shows the options of a command.\n"
        "Exit codes: 0 nothing found, 1 something found, 2 error.",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    version = f"gearlint {__version__}"
    parser.add_argument(
        "-V", "--version", action="version", version=version, help="show the version and exit"
    )
    commands: _SubParsersAction[_Parser] = parser.add_subparsers(
        # Given, so that argparse need not make it, which would import shutil.
        prog="gearlint",
        title="commands",
        dest="command",
        metavar="COMMAND",
    )
    # Making the parsers of the others takes time.
    if command == "check":
        _add_check(commands)
        return parser
    from gearlint.cli.commands import OTHERS

    for name, add in {"check": _add_check, **OTHERS}.items():
        if name == command or command not in OTHERS:
            add(commands)
    return parser


def add_command(
    commands: "_SubParsersAction[_Parser]",
    name: str,
    *,
    usage: str,
    help: str,
    description: str,
    example: str,
    epilog: str = "Exit codes: 0 success, 2 error.",
) -> ArgumentParser:
    """Add a sub-command; `usage` is what follows its name."""
    return commands.add_parser(
        name,
        usage=f"gearlint {name} {usage}",
        help=help,
        description=description,
        epilog=f"Example: {example}\n\n{epilog}",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )


def _add_check(commands: "_SubParsersAction[_Parser]") -> None:
    check = add_command(
        commands,
        "check",
        usage="[OPTION...] [PATH...]",
        help="check gears, and fix what can be fixed",
        description="Check gears. Findings go to stdout, everything else to stderr.",
        example="gearlint check --fix gears/my-gear",
        epilog="Exit codes: 0 nothing at or above --fail-on, 1 something, 2 error.",
    )
    check.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="directory, manifest or file of a gear (default: .)",
    )
    check.add_argument("--fix", action="store_true", help="apply safe fixes, then report the rest")
    check.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: also fixes that may be wrong",
    )
    shows = check.add_mutually_exclusive_group()
    shows.add_argument(
        "--diff", action="store_true", help="show what --fix would change, as a diff"
    )
    check.add_argument(
        "--changed-files",
        action="store_true",
        help="PATHs are changed files: check the gears they belong to; without PATHs, ask git for "
        "deleted ones",
    )
    add_selection(check)
    add_outputs(check)
    add_ways(check)
    shows.add_argument(
        "--statistics",
        action="store_true",
        help="print the numbers of findings only, by rule and gear",
    )
    check.add_argument(
        "--jobs",
        metavar="N",
        type=_jobs,
        help="processes for many gears (default: one a processor)",
    )
    check.add_argument("-q", "--quiet", action="store_true", help="leave out the summary")
    check.add_argument(
        "--color",
        metavar="WHEN",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto (default: on a terminal), always or never",
    )
    add_debug(check)


def add_selection(parser: ArgumentParser) -> None:
    """Add the options for the settings and the rules."""
    parser.add_argument("--config", metavar="FILE", help="take all settings from FILE")
    parser.add_argument(
        "--select",
        metavar="RULES",
        type=_selectors,
        help="run only these: codes (GL201), prefixes (GL2), names or ALL, separated by commas",
    )
    parser.add_argument(
        "--extend-select", metavar="RULES", type=_selectors, help="run these as well"
    )
    parser.add_argument("--ignore", metavar="RULES", type=_selectors, help="do not run these")
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        type=severity,
        help="exit with 1 from error, warning (default) or info on",
    )


def add_debug(parser: ArgumentParser) -> None:
    """Add the option that shows where an error came from."""
    parser.add_argument("--debug", action="store_true", help="show tracebacks")


def _selectors(text: str) -> tuple[str, ...]:
    from gearlint.rules import is_selector
    from gearlint.rules.selectors import normalized, unknown_selector

    selectors = tuple(normalized(part) for part in text.split(",") if part.strip())
    for selector in selectors:
        if not is_selector(selector):
            raise ArgumentTypeError(unknown_selector(selector))
    return selectors


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text[:9]) < 1:
        raise ArgumentTypeError(f'"{text}" is not a number of processes, expected 1 or more')
    return int(text[:9])
