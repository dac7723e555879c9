"""`gearlint completion`: what makes a shell complete the command line."""

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator

from gearlint.cli.check_options import FORMATS
from gearlint.cli.output import OK
from gearlint.cli.parser import parser_for
from gearlint.rules import RULES
from gearlint.syntax.version import LEVELS

_PATHS = ("paths", "path", "output_file", "config", "stdin_filename")
"""Arguments that are paths."""
_WORDS = {
    "gear": LEVELS,
    "fail_on": ("error", "warning", "info"),
    "output_format": FORMATS,
    "rule": sorted(RULES),
    "select": sorted(RULES),
    "extend_select": sorted(RULES),
    "ignore": sorted(RULES),
}
"""Arguments that are one of these words, or several."""


def run(arguments: Namespace) -> int:
    """Print the script for a shell; returns the exit code."""
    import shtab

    parser = parser_for()
    for action in _actions(parser):
        if action.dest in _PATHS:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.dest in _WORDS and not action.choices:
            action.choices = _WORDS[action.dest]
        if action.option_strings and action.nargs == "?":
            action.nargs = None  # else bash offers its words again after one of them
    print(shtab.complete(parser, arguments.shell))
    return OK


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    """The arguments of a parser and of those of its commands. argparse has no public list."""
    for action in parser._actions:
        yield action
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                yield from _actions(command)
