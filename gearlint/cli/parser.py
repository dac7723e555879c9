"""The arguments of the command line, by argparse. Imports nothing that --help does not need."""

import os
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence

from gearlint import __version__
from gearlint.cli.check_options import add_outputs, add_schema, add_ways

TYPE_CHECKING = False  # as type checkers know it: --help does without importing typing
if TYPE_CHECKING:
    from argparse import _SubParsersAction
    from typing import NoReturn


class _Parser(ArgumentParser):
    def error(self, message: str) -> "NoReturn":
        """Report wrong arguments as argparse does, but escaped: they may be names of files."""
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
    # Making the parsers of the others takes time.
    for name, add in _COMMANDS.items():
        if name == command or command not in _COMMANDS:
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
        name,
        help=help,
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=_Formatter,
    )


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
        "paths",
        metavar="PATH",
        nargs="*",
        help="directory or manifest of a gear (default: .); several with --changed",
    )
    bump.add_argument(
        "--gear",
        nargs="?",
        const="patch",
        metavar="LEVEL",
        help="raise the gear's part: major, minor, patch (default), or the version it gets",
    )
    bump.add_argument(
        "--pre",
        action="store_true",
        help="a pre-release of the version of --gear; without it, the next pre-release",
    )
    bump.add_argument("--software", metavar="VERSION", help="set the software's part")
    bump.add_argument("--to", metavar="VERSION", help="set the whole version")
    bump.add_argument(
        "--changed",
        action="store_true",
        help="with --gear: every gear of the repository, or below the given paths, that changed "
        "since its last release",
    )
    _add_dry_run(bump)
    bump.add_argument("--no-commit", action="store_true", help="only change the files")
    bump.add_argument(
        "--no-tag", action="store_true", help="make no tag: for pull requests, see gearlint tag"
    )
    bump.add_argument(
        "--push",
        action="store_true",
        help="push branch and tag, both or neither; undo all if they are refused",
    )
    bump.add_argument(
        "--allow-dirty",
        action="store_true",
        help="allow uncommitted changes, and untracked files in the image",
    )
    bump.add_argument(
        "--force",
        action="store_true",
        help="allow a version that does not sort above the newest release",
    )
    placeholders = "{name}, {version}, {software}, {gear} and {date} are replaced by their values"
    bump.add_argument("--message", metavar="TEXT", help=f"commit message; {placeholders}")
    bump.add_argument("--tag-message", metavar="TEXT", help="message of the tags, likewise")
    _add_text_or_json(bump)


def _add_tag(commands: "_SubParsersAction[_Parser]") -> None:
    tag = _command(
        commands,
        "tag",
        help="release the version that is in the manifest: make its git tag",
        description="Tag the commit that is checked out with the version that a gear has: its\n"
        "first release, or one whose version a pull request raised with bump --no-tag. Does\n"
        "nothing where the tag exists and the gear has not changed since.",
        epilog="Exit codes: 0 success, 2 error (changes are rolled back).",
    )
    tag.add_argument(
        "paths", metavar="PATH", nargs="*", help="directory of gears, or a manifest (default: .)"
    )
    _add_dry_run(tag)
    tag.add_argument("--push", action="store_true", help="push the tags that the remote lacks")
    tag.add_argument(
        "--tag-message",
        metavar="TEXT",
        help="message of the tags; {name}, {version}, {software}, {gear} and {date} are replaced",
    )
    _add_text_or_json(tag)


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
    version.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="list the files that count, and mark those that changed since the last tag",
    )
    _add_text_or_json(version)


def _add_explain(commands: "_SubParsersAction[_Parser]") -> None:
    explain = _command(
        commands,
        "explain",
        help="show what is known of a gear's image, and why the rest is not",
        description="Show what gearlint knows of the image that a gear's Dockerfile builds: its\n"
        "base, what docker run and Flywheel start, where those files come from, and for\n"
        "all that is unknown the instruction that made it so.",
        epilog="Example: gearlint explain gears/my-gear --output-format json\n\n"
        "Exit codes: 0 success, 2 error.",
    )
    explain.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default=".",
        help="directory, manifest or other file of a gear (default: .)",
    )
    _add_text_or_json(explain)


def _add_check(commands: "_SubParsersAction[_Parser]") -> None:
    check = _command(
        commands,
        "check",
        help="check gears",
        description="Check the gears under the given paths.\n\n"
        "PATH may be a directory (all gears below it), a manifest, or any file of a gear.\n"
        "Findings go to stdout, everything else to stderr.",
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
    add_outputs(check)
    add_ways(check)
    shows.add_argument(
        "--statistics",
        action="store_true",
        help="print only the numbers of findings, by rule and by gear",
    )
    check.add_argument(
        "--jobs",
        metavar="N",
        type=_jobs,
        help="check many gears in N processes at once (default: one a processor; --fix takes one)",
    )
    check.add_argument("-q", "--quiet", action="store_true", help="leave out the summary")
    check.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto, on terminals unless NO_COLOR is set",
    )
    _add_debug(check)


_COMMANDS = {
    "check": _add_check,
    "bump": _add_bump,
    "tag": _add_tag,
    "version": _add_version,
    "explain": _add_explain,
    "rule": _add_rule,
    "config": _add_config,
    "schema": add_schema,
}


def _add_selection(parser: ArgumentParser) -> None:
    codes = "comma-separated codes (GL201), prefixes of codes (GL2), names, or ALL"
    parser.add_argument(
        "--config", metavar="FILE", help="take the settings from FILE, and from no other"
    )
    parser.add_argument("--select", metavar="RULES", type=_selectors, help=f"run these: {codes}")
    parser.add_argument(
        "--extend-select", metavar="RULES", type=_selectors, help="run these as well"
    )
    parser.add_argument("--ignore", metavar="RULES", type=_selectors, help="do not run these")
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        type=severity,
        help="exit with 1 from this severity on: error, warning (default) or info",
    )


def _add_dry_run(parser: ArgumentParser) -> None:
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="show what would be done, and do nothing"
    )


def _add_text_or_json(parser: ArgumentParser) -> None:
    _add_format(parser, ("text", "json"))
    _add_json(parser)
    _add_debug(parser)


def _add_format(parser: ArgumentParser, formats: Sequence[str]) -> None:
    parser.add_argument(
        "--output-format", choices=formats, default=formats[0], help=f"default: {formats[0]}"
    )


def _add_json(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        dest="output_format",
        action="store_const",
        const="json",
        help="the same as --output-format json",
    )


def _add_debug(parser: ArgumentParser) -> None:
    parser.add_argument("--debug", action="store_true", help="show tracebacks")


def _selectors(text: str) -> tuple[str, ...]:
    from gearlint.rules import is_selector
    from gearlint.rules.selectors import unknown_selector

    selectors = tuple(part.strip() for part in text.split(",") if part.strip())
    for selector in selectors:
        if not is_selector(selector):
            raise ArgumentTypeError(unknown_selector(selector))
    return selectors


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text[:9]) < 1:
        raise ArgumentTypeError(f'"{text}" is not a number of processes, expected 1 or more')
    return int(text[:9])


def severity(text: str) -> object:
    """The severity of a word. Raises ArgumentTypeError if there is none."""
    from gearlint.core.text import one_of
    from gearlint.engine.settings import SEVERITIES

    if text not in SEVERITIES:
        raise ArgumentTypeError(f'"{text}" is not a severity, expected {one_of(list(SEVERITIES))}')
    return SEVERITIES[text]
