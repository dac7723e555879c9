"""What is said of a wrong command line, with what was meant. Imported where one is wrong."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from shlex import quote

from gearlint.cli.parser import parser_for
from gearlint.core.text import did_you_mean, is_one_edit_away, nearest, one_of, quoted

_COMMANDS_OF_OTHERS = {
    "lint": "check",
    "fix": "check --fix",
    "diff": "check --diff",
    "release": "bump",
    "rules": "rule --all",
    "settings": "config",
}
"""Words that other programs have for what gearlint does."""

_OPTIONS_OF_OTHERS = {
    "--diff": "--dry-run",
    "--dry-run": "--diff",
    "--extend-ignore": "--ignore",
    "--failure-threshold": "--fail-on",
    "--format": "--output-format",
    "--json": "--output-format json",
    "--major": "--gear major",
    "--minor": "--gear minor",
    "--no-color": "--color never",
    "--no-fail": "--exit-zero",
    "--patch": "--gear patch",
    "--severity": "--fail-on",
    "--unsafe": "--unsafe-fixes",
    "--unsafe-fix": "--unsafe-fixes",
    "--version": "--to VERSION",
}
"""Options that other programs have for what a command of gearlint does."""

_CAUTIOUS = ("--fix", "--unsafe-fixes", "--add-ignores", "--push", "--force", "--allow-dirty")
"""Options that write or push more: whoever tries what is proposed must have meant it."""


def unknown_command(word: str, commands: Sequence[str]) -> str:
    """The message for a word that is not a command: it may be a path, a rule or misspelt."""
    from gearlint.rules.registry import is_like_a_code

    message = f"there is no command {quoted(word)}"
    if is_like_a_code(word):
        return f"{message}; to explain a rule, run: gearlint rule {word.upper()}"
    exists = os.path.lexists(word)
    meant = _COMMANDS_OF_OTHERS.get(word) or nearest(word, commands)
    if meant and not (exists and not is_one_edit_away(word, meant)):
        return f'{message}: did you mean "{meant}"?'
    if exists or os.sep in word or word.endswith(".json"):
        return f"{message}; to check a path, run: gearlint check {quote(word)}"
    return f"{message}, expected {one_of(commands)}"


def unknown_arguments(parser: ArgumentParser, words: Sequence[str]) -> str:
    """The message for what a command does not take: an option, or one path too many."""
    options = [word for word in words if word.startswith("-") and len(word) > 1]
    if not options:
        return f"{quoted(words[0])} is one argument too many"
    option = options[0].partition("=")[0]
    own = _options_of(parser)
    hint = _other_word(option, own)
    owners = [name for name, command in _commands() if option in _options_of(command)]
    if owners and not hint:
        return f"{quoted(option)} is an option of gearlint {one_of(owners)}"
    hint = hint or _of_elsewhere(option) or _misspelt(option, own)
    return f"there is no option {quoted(option)}{f': {hint}' if hint else ''}"


def _other_word(option: str, own: Sequence[str]) -> str:
    """The hint where a command has another word for an option, or its opposite."""
    meant = _OPTIONS_OF_OTHERS.get(option, "")
    if meant.split(" ")[0] in own:
        return f'did you mean "{meant}"?'
    positive = option.removeprefix("--no-")
    opposite = f"--{positive}" if positive != option else f"--no-{option[2:]}"
    return f"leave out {opposite}" if opposite in own else ""


def _of_elsewhere(option: str) -> str:
    """The hint for an option that is one without a command, or a setting."""
    if option in _options_of(parser_for()):
        return f'did you mean "gearlint {option}"?'
    from gearlint.engine.settings import Settings

    name = option[2:]
    is_setting = name.replace("-", "_") in Settings.names()
    return f"{name} is a setting of gearlint.toml" if is_setting else ""


def _misspelt(option: str, own: Sequence[str]) -> str:
    """The hint with the option that is most like another: without what they all begin with."""
    near = {
        each.lstrip("-"): each
        for each in own
        if is_one_edit_away(option, each)
        or (each not in _CAUTIOUS and each.startswith("--no-") == option.startswith("--no-"))
    }
    meant = nearest(option.lstrip("-"), near)
    return f'did you mean "{near[meant]}"?' if meant else ""


def not_a_choice(word: str, words: Sequence[str]) -> str:
    """The message for a word that an option does not take."""
    hint = did_you_mean(word, words) or f"expected {one_of(words)}"
    return f"{quoted(word)} is not valid: {hint}"


def _options_of(parser: ArgumentParser) -> list[str]:
    return [option for action in parser._actions for option in action.option_strings]


def _commands() -> Iterator[tuple[str, ArgumentParser]]:
    """The name and the parser of each command. argparse has no public list."""
    for action in parser_for()._actions:
        if isinstance(action.choices, dict):
            yield from action.choices.items()
