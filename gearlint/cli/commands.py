"""The arguments of the commands other than check. Imported where one of them is asked for."""

from argparse import ArgumentParser

from gearlint.cli.parser import add_command, add_debug, add_selection

TYPE_CHECKING = False  # as in cli/parser.py
if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from gearlint.cli.parser import _Parser


def _add_bump(commands: "_SubParsersAction[_Parser]") -> None:
    bump = add_command(
        commands,
        "bump",
        usage="[OPTION...] [PATH...]",
        help="make the next version: manifest, image tag, commit, git tag",
        description="Raise the version of a gear in its manifest, image tag and CHANGELOG, commit\n"
        "that, and tag the commit. All of it, or nothing.",
        example="gearlint bump --gear minor --push",
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
        help="with --gear: its pre-release; alone: the next one",
    )
    bump.add_argument("--software", metavar="VERSION", help="set the software's part")
    bump.add_argument("--to", metavar="VERSION", help="set the whole version")
    bump.add_argument(
        "--changed",
        action="store_true",
        help="with --gear: every gear, in the repository or below PATHs, that changed since its "
        "last release",
    )
    _add_dry_run(bump)
    bump.add_argument("--no-commit", action="store_true", help="only change the files")
    bump.add_argument("--no-tag", action="store_true", help="make no tag (see gearlint tag --help)")
    bump.add_argument(
        "--push",
        action="store_true",
        help="push branch and tag; undo all if they are refused",
    )
    bump.add_argument(
        "--allow-dirty",
        action="store_true",
        help="allow uncommitted changes and untracked files",
    )
    bump.add_argument(
        "--force",
        action="store_true",
        help="allow a version that is not above the newest one",
    )
    bump.add_argument(
        "--message",
        metavar="TEXT",
        help="commit message, with {name}, {version}, {software}, {gear} and {date} as needed",
    )
    bump.add_argument("--tag-message", metavar="TEXT", help="message of the tags, likewise")
    _add_text_or_json(bump)


def _add_tag(commands: "_SubParsersAction[_Parser]") -> None:
    tag = add_command(
        commands,
        "tag",
        usage="[OPTION...] [PATH...]",
        help="release the version that is in the manifest: make its git tag",
        description="Tag the commit that is checked out with the version that a gear has: its\n"
        "first release, or one whose version a pull request raised with bump --no-tag.\n"
        "Does nothing where the tag exists and the gear has not changed since.",
        example="gearlint tag --push",
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
        help="message of the tags, with {name}, {version}, {software}, {gear} and {date} as needed",
    )
    _add_text_or_json(tag)


def _add_version(commands: "_SubParsersAction[_Parser]") -> None:
    version = add_command(
        commands,
        "version",
        usage="[OPTION...] [PATH]",
        help="show the versions of gears and what was released of them",
        description="Show name, version and its parts, image, last release tag, and whether the\n"
        "gear has changed since; a table where there are several gears.",
        example="gearlint version gears",
    )
    _add_path(version, "file or directory")
    version.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="list the files that count, and mark those that changed since the last tag",
    )
    version.add_argument(
        "--notes",
        nargs="?",
        const="",
        metavar="VERSION",
        help="print what the CHANGELOG says of the version, or of another one",
    )
    _add_text_or_json(version)


def _add_explain(commands: "_SubParsersAction[_Parser]") -> None:
    explain = add_command(
        commands,
        "explain",
        usage="[OPTION...] [PATH]",
        help="show what is known of a gear's image, and why the rest is not",
        description="Show what gearlint knows of the image that a gear's Dockerfile builds: its\n"
        "base, what docker run and Flywheel start, where those files come from, and for\n"
        "all that is unknown the instruction that made it so.",
        example="gearlint explain gears/my-gear",
    )
    _add_path(explain, "directory, manifest or other file of a gear")
    _add_text_or_json(explain)


def _add_rule(commands: "_SubParsersAction[_Parser]") -> None:
    rule = add_command(
        commands,
        "rule",
        usage="[OPTION...] RULE",
        help="explain a rule, or list rules",
        description="Explain one rule with a bad and a good example, or list a family or all.",
        example="gearlint rule GL201",
    )
    rule.add_argument(
        "rule",
        metavar="RULE",
        nargs="?",
        help="code (GL201) or name of a rule, or how codes begin (GL2)",
    )
    rule.add_argument("--all", action="store_true", help="list all rules")
    _add_format(rule)
    add_debug(rule)


def _add_config(commands: "_SubParsersAction[_Parser]") -> None:
    config = add_command(
        commands,
        "config",
        usage="[OPTION...] [PATH]",
        help="show the effective settings and where each came from",
        description="Show the effective settings for a path, and where each came from.",
        example="gearlint config gears/my-gear",
    )
    _add_path(config, "file or directory")
    add_selection(config)
    _add_format(config)
    add_debug(config)


def _add_schema(commands: "_SubParsersAction[_Parser]") -> None:
    schema = add_command(
        commands,
        "schema",
        usage="[OPTION...] [NAME]",
        help="print the JSON schema of manifests or settings, for editors",
        description="Print the JSON schema of manifest.json, or of gearlint.toml.",
        example="gearlint schema > gear-manifest.schema.json",
    )
    schema.add_argument(
        "schema",
        metavar="NAME",
        nargs="?",
        choices=("manifest", "config"),
        default="manifest",
        help="manifest (default) or config",
    )
    add_debug(schema)


def _add_completion(commands: "_SubParsersAction[_Parser]") -> None:
    completion = add_command(
        commands,
        "completion",
        usage="SHELL",
        help="print the script for completion in bash, zsh or fish",
        description="Print a script that lets the Tab key complete commands, options and rules.\n"
        "Save it where the shell looks for it:\n\n"
        "  bash  ~/.local/share/bash-completion/completions/gearlint\n"
        "  zsh   _gearlint in a directory of $fpath\n"
        "  fish  ~/.config/fish/completions/gearlint.fish",
        example="gearlint completion fish > ~/.config/fish/completions/gearlint.fish",
    )
    completion.add_argument(
        "shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish"
    )
    add_debug(completion)


def _add_dry_run(parser: ArgumentParser) -> None:
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="show what would be done, and do nothing"
    )


def _add_path(parser: ArgumentParser, what: str) -> None:
    parser.add_argument("path", metavar="PATH", nargs="?", default=".", help=f"{what} (default: .)")


def _add_format(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--output-format",
        metavar="FORMAT",
        choices=("text", "json"),
        default="text",
        help="text (default) or json",
    )


def _add_text_or_json(parser: ArgumentParser) -> None:
    _add_format(parser)
    parser.add_argument(
        "--json",
        dest="output_format",
        action="store_const",
        const="json",
        help="the same as --output-format json",
    )
    add_debug(parser)


OTHERS = {
    "bump": _add_bump,
    "tag": _add_tag,
    "version": _add_version,
    "explain": _add_explain,
    "rule": _add_rule,
    "config": _add_config,
    "schema": _add_schema,
    "completion": _add_completion,
}
"""What adds each command."""
