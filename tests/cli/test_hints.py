"""What a wrong command line is answered with: the usage of the command, and what was meant."""

import json
from pathlib import Path

import pytest

from gearlint.cli.parser import parser_for
from gearlint.rules import RULES
from tests.conftest import Run
from tests.sound import write_gear

COMMANDS = ("check", "bump", "tag", "version", "explain", "rule", "config", "schema", "completion")


def refusal(run: Run, *arguments: str) -> tuple[str, str]:
    """The usage and the message that wrong arguments get."""
    outcome = run(*arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    usage, message, _ = outcome.stderr.splitlines()
    return usage, message.partition(" error: ")[2]


# The whole


def test_no_command_shows_the_help_and_is_an_error(run: Run) -> None:
    outcome = run()
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == run("--help").stdout


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_as_a_command(run: Run, command: tuple[str, ...]) -> None:
    assert run("help", *command) == run(*command, "--help")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal_and_has_an_example(run: Run, command: str) -> None:
    lines = run(*command.split(), "--help").stdout.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    (example,) = [line for line in lines if line.startswith("Example: ")]
    assert example.startswith(f"Example: gearlint {command}")


def test_help_has_every_command(run: Run) -> None:
    assert {action.dest for action in parser_for()._actions} >= {"command"}
    (action,) = [each for each in parser_for()._actions if each.dest == "command"]
    assert tuple(action.choices or ()) == COMMANDS


# Commands


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("chekc", 'there is no command "chekc": did you mean "check"?'),
        ("rules", 'there is no command "rules": did you mean "rule --all"?'),
        ("lint", 'there is no command "lint": did you mean "check"?'),
        ("CHECK", 'there is no command "CHECK": did you mean "check"?'),
        (".", 'there is no command "."; to check a path, run: gearlint check .'),
        ("a gear", "there is no command \"a gear\"; to check a path, run: gearlint check 'a gear'"),
        ("gone/g", 'there is no command "gone/g"; to check a path, run: gearlint check gone/g'),
        ("gl304", 'there is no command "gl304"; to explain a rule, run: gearlint rule GL304'),
        ("versions", 'there is no command "versions": did you mean "version"?'),
        (
            "xyz",
            'there is no command "xyz", expected check, bump, tag, version, explain, rule, config,'
            " schema or completion",
        ),
    ],
)
def test_a_word_that_is_not_a_command(run: Run, word: str, said: str) -> None:
    write_gear(Path("a gear"))
    Path("versions").mkdir()
    usage, message = refusal(run, word)
    assert usage == "usage: gearlint COMMAND [OPTION...] [PATH...]"
    assert message == said


def test_a_directory_that_is_only_a_little_like_a_command_is_a_path(run: Run) -> None:
    Path("my-rule").mkdir()
    assert refusal(run, "my-rule")[1].endswith("run: gearlint check my-rule")


# Options


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check --fixx", 'there is no option "--fixx": did you mean "--fix"?'),
        ("check --selct=GL2 .", 'there is no option "--selct": did you mean "--select"?'),
        ("check --json", 'there is no option "--json": did you mean "--output-format json"?'),
        ("check --zzz", 'there is no option "--zzz"'),
        ("version --fix", '"--fix" is an option of gearlint check'),
        ("rule --json", 'there is no option "--json": did you mean "--output-format json"?'),
        ("version a b", '"b" is one argument too many'),
        ("check --color alwyas", 'argument --color: "alwyas" is not valid: did you mean "always"?'),
        ("check --color x", 'argument --color: "x" is not valid: expected auto, always or never'),
        ("rule --output-format jsn", 'argument --output-format: "jsn" is not valid: did you mean'),
        ("completion tcsh", 'argument SHELL: "tcsh" is not valid: expected bash, zsh or fish'),
        ("check --slect GL2 .", 'there is no option "--slect": did you mean "--select"?'),
        ("check --fix=1", "argument --fix takes no value"),
    ],
)
def test_wrong_arguments_of_a_command(run: Run, arguments: str, said: str) -> None:
    usage, message = refusal(run, *arguments.split())
    assert usage.startswith(f"usage: gearlint {arguments.split()[0]} ")
    assert message.startswith(said)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        # Another word for it
        ("bump --patch", 'did you mean "--gear patch"?'),
        ("bump --diff", 'did you mean "--dry-run"?'),
        ("check --no-color", 'did you mean "--color never"?'),
        ("bump --minor", 'did you mean "--gear minor"?'),
        ("bump --major", 'did you mean "--gear major"?'),
        ("bump --version 1.2.3", 'did you mean "--to VERSION"?'),
        ("check --extend-ignore=GL1", 'did you mean "--ignore"?'),
        ("check --severity=error", 'did you mean "--fail-on"?'),
        ("check --no-fail", 'did you mean "--exit-zero"?'),
        ("check --failure-threshold error", 'did you mean "--fail-on"?'),
        ("check --dry-run", 'did you mean "--diff"?'),
        ("check --unsafe", 'did you mean "--unsafe-fixes"?'),
        ("check --unsafe-fix", 'did you mean "--unsafe-fixes"?'),
        # The opposite
        ("check --no-fix", "leave out --fix"),
        ("bump --no-push", "leave out --push"),
        ("bump --tag", "leave out --no-tag"),
        # An option without a command, or a setting
        ("check --version", 'did you mean "gearlint --version"?'),
        ("tag -V", 'did you mean "gearlint -V"?'),
        ("check --per-file-ignores", "per-file-ignores is a setting of gearlint.toml"),
        ("check --exclude=a", "exclude is a setting of gearlint.toml"),
        ("bump --tag-format x", "tag-format is a setting of gearlint.toml"),
        # Misspelt
        ("check --ad-ignores", 'did you mean "--add-ignores"?'),
        ("check --unsafe-fixs", 'did you mean "--unsafe-fixes"?'),
        ("bump --psuh", 'did you mean "--push"?'),
        ("bump --notag", 'did you mean "--no-tag"?'),
        ("check --statistics-only", 'did you mean "--statistics"?'),
        ("check -Q", 'did you mean "-q"?'),
    ],
)
def test_an_option_that_does_not_exist(run: Run, arguments: str, hint: str) -> None:
    option = arguments.split()[1].partition("=")[0]
    assert refusal(run, *arguments.split())[1] == f'there is no option "{option}": {hint}'


@pytest.mark.parametrize(
    "arguments",
    [
        # Nothing that writes or pushes more than what was typed, if it is not nearly that
        "check --fixes",
        "check --only-unsafe-fixes",
        "bump --publish",
        "tag --pushed",
        "bump --enforce",
        "bump --allow-all",
        # Nor the opposite
        "bump --tags",
        # Nor what has little more than the hyphens in common
        "check --file",
        "check --base",
    ],
)
def test_an_option_that_is_like_no_other(run: Run, arguments: str) -> None:
    message = refusal(run, *arguments.split())[1]
    assert message == f'there is no option "{arguments.split()[1]}"'


def test_an_option_without_a_command(run: Run) -> None:
    assert refusal(run, "--fix")[1] == '"--fix" is an option of gearlint check'


@pytest.mark.parametrize("arguments", ["check GL314", "check --ignore GL109, GL314"])
def test_rules_separated_by_spaces(run: Run, arguments: str) -> None:
    outcome = run(*arguments.split())
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == (
        "gearlint: GL314: no such file or directory; rules are separated by commas, without "
        "spaces, as in --ignore GL109,GL314\n"
    )


def test_a_file_that_is_named_like_a_rule_is_a_path(run: Run) -> None:
    Path("GL314").mkdir()
    write_gear(Path("GL314"))
    assert run("check", "GL314").code == 0


def test_wrong_arguments_cannot_change_a_terminal(run: Run) -> None:
    for arguments in (["\x1b[2J"], ["check", "--\x1b[2J"], ["check", "--color", "\x1b[2J"]):
        outcome = run(*arguments)
        assert outcome.code == 2
        assert "\x1b" not in outcome.stderr


# Rules


@pytest.mark.parametrize("selector", ["gl201", "GL201", "gl20", "image-tag-mismatch", " Gl2 "])
def test_select_in_any_case(check: Run, selector: str) -> None:
    write_gear(Path("gear"), '"version": "1.0.1_2.0.0", "label": ""')
    assert check("--select", selector).codes == ["GL201"]


@pytest.mark.parametrize("selector", ["all", "ALL", "Image_Tag_Mismatch"])
def test_select_all_and_names_in_any_case(check: Run, selector: str) -> None:
    write_gear(Path("gear"), '"version": "1.0.1_2.0.0"')
    assert "GL201" in check("--select", selector).codes
    assert "GL201" not in check("--ignore", selector).codes


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("image-tag-mismach", 'did you mean "image-tag-mismatch"?'),
        ("GL20l", 'did you mean "GL201"?'),
        ("GL150", 'for a list, run "gearlint rule GL1"'),
        ("GL9", 'for a list, run "gearlint rule --all"'),
        ("nothing-like-it", 'for a list, run "gearlint rule --all"'),
    ],
)
def test_a_rule_that_does_not_exist(run: Run, selector: str, said: str) -> None:
    assert refusal(run, "check", "--select", selector)[1].endswith(f"names no rule: {said}")
    outcome = run("rule", selector)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == f'gearlint: rule: "{selector}" names no rule: {said}\n'


@pytest.mark.parametrize("family", ["GL20", "gl20", "GL2"])
def test_rule_lists_a_family(run: Run, family: str) -> None:
    expected = sorted(code for code in RULES if code.startswith(family.upper()))
    shown = run("rule", family)
    assert [line.split()[0] for line in shown.stdout.splitlines()] == expected
    documents = json.loads(run("rule", family, "--output-format", "json").stdout)
    assert [document["code"] for document in documents] == expected
    listed = run("rule", "--all").stdout
    assert shown.stdout in listed


@pytest.mark.parametrize("name", ["gl201", "GL201", "image-tag-mismatch", "Image_Tag_Mismatch"])
def test_rule_explains_one(run: Run, name: str) -> None:
    assert run("rule", name).stdout.startswith("GL201 image-tag-mismatch (error)\n\n")
    assert json.loads(run("rule", name, "--output-format", "json").stdout)["code"] == "GL201"
