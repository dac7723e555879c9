"""The options of `gearlint check` that say what becomes of its findings."""

import os

TYPE_CHECKING = False  # as in cli/parser.py
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from gearlint.engine.settings import Overrides

TEXTS = ("full", "concise")
FORMATS = (*TEXTS, "json", "sarif", "github", "gitlab", "junit", "markdown", "html")


def add_outputs(check: "ArgumentParser") -> None:
    """Add the options for formats and files."""
    check.add_argument(
        "--output-format",
        metavar="FORMAT",
        action="append",
        type=output_format,
        help=f"full (default), {', '.join(FORMATS[1:-1])} or {FORMATS[-1]}; or FORMAT:FILE",
    )
    check.add_argument(
        "-o",
        "--output-file",
        metavar="FILE",
        help="write to FILE, not to stdout",
    )


def add_ways(check: "ArgumentParser") -> None:
    """Add the options for what else is done than checking and fixing."""
    check.add_argument(
        "--add-ignores",
        action="store_true",
        help="suppress all that is found, in the gears' files",
    )
    check.add_argument("--reason", metavar="TEXT", help="with --add-ignores: why, in one line")
    check.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 though something is found"
    )
    check.add_argument(
        "--stdin-filename",
        metavar="PATH",
        help="check stdin (give - too) as if it were the file at PATH; with --fix, print it fixed",
    )
    check.add_argument(
        "--show-files", action="store_true", help="list the files that would be checked"
    )


def output_format(text: str) -> tuple[str, str | None]:
    """A format, and the file it is written to, if not to stdout."""
    from argparse import ArgumentTypeError

    name, colon, file = text.partition(":")
    if name not in FORMATS:
        from gearlint.core.text import did_you_mean, one_of

        hint = did_you_mean(name, FORMATS) or f"expected {one_of(FORMATS)}"
        raise ArgumentTypeError(f'"{name}" is not an output format: {hint}')
    if colon and not file:
        raise ArgumentTypeError(f'"{text}" names no file after the colon')
    return name, file or None


def overrides_of(arguments: "Namespace") -> "Overrides":
    """What the command line says instead of the settings files."""
    from gearlint.engine.settings import Overrides

    return Overrides(
        select=arguments.select,
        extend_select=arguments.extend_select,
        ignore=arguments.ignore,
        fail_on=arguments.fail_on,
        config=arguments.config,
    )


def take_environment(arguments: "Namespace") -> dict[str, str]:
    """Set the options that are not given, but named by a variable of the environment.

    Returns the variable of each that was set. Raises GearlintError for a wrong value.
    """
    taken = {}
    for variable, option, parse in _VARIABLES:
        text = os.environ.get(variable)
        if text and getattr(arguments, option, None) is None:
            setattr(arguments, option, _parsed(text, variable, parse))
            taken[option] = variable
    return taken


def _parsed(text: str, variable: str, parse: "Callable[[str], object]") -> object:
    from argparse import ArgumentTypeError

    from gearlint.core.errors import GearlintError

    try:
        return parse(text)
    except ArgumentTypeError as error:
        raise GearlintError(f"{variable}: {error}") from None


def _formats(text: str) -> "Sequence[tuple[str, str | None]]":
    return [output_format(part.strip()) for part in text.split(",") if part.strip()]


def severity(text: str) -> object:
    """The severity of a word. Raises ArgumentTypeError if there is none."""
    from argparse import ArgumentTypeError

    from gearlint.core.text import one_of
    from gearlint.engine.settings import SEVERITIES

    if text not in SEVERITIES:
        raise ArgumentTypeError(f'"{text}" is not a severity, expected {one_of(list(SEVERITIES))}')
    return SEVERITIES[text]


_VARIABLES = (
    ("GEARLINT_OUTPUT_FORMAT", "output_format", _formats),
    ("GEARLINT_OUTPUT_FILE", "output_file", str),
    ("GEARLINT_CONFIG", "config", str),
    ("GEARLINT_FAIL_ON", "fail_on", severity),
)
"""Variable, option, and what makes the value of the text."""
