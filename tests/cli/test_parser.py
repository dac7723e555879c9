"""What gearlint overrides in argparse, none of which is public, and where it does without."""

import sys
from argparse import HelpFormatter, RawDescriptionHelpFormatter
from collections.abc import Callable

import pytest

from gearlint.cli.main import parsed
from gearlint.cli.parser import _Formatter, parser_for

LOOK = (
    "argparse makes its colours in another way in this Python: see whether _Formatter in "
    "gearlint/cli/parser.py still defers that, and whether it is still worth it"
)


class Recorder(RawDescriptionHelpFormatter):
    """The names that `_set_color` of this Python's argparse sets."""

    made: frozenset[str] = frozenset()

    def _set_color(self, *arguments: object, **options: object) -> None:
        before = {*vars(self)}
        super()._set_color(*arguments, **options)  # type: ignore[misc]
        self.made |= {*vars(self)} - before - {"made"}


def test_argparse_makes_its_colours_as_the_formatter_expects() -> None:
    has_colours = sys.version_info >= (3, 14)
    assert hasattr(HelpFormatter, "_set_color") == has_colours, LOOK
    recorder = Recorder("gearlint", width=80)
    if has_colours:
        recorder._set_color(False)
    for name in ("_theme", "_decolor"):
        assert hasattr(recorder, name) == has_colours, LOOK
    # Where argparse itself defers them, they are properties, and the formatter need not.
    if not hasattr(HelpFormatter, "_theme"):
        assert recorder.made == ({"_theme", "_decolor"} if has_colours else set()), LOOK


def sets_them(formatter: HelpFormatter, color: bool) -> None:
    """As in Python 3.14."""
    formatter._theme = formatter._decolor = f"color={color}"  # type: ignore[attr-defined]


def defers_them(formatter: HelpFormatter, color: bool, *, file: object = None) -> None:
    """As in Python 3.15, where the two are properties."""
    formatter._late = f"color={color} file={file}"  # type: ignore[attr-defined]


@pytest.mark.skipif(hasattr(HelpFormatter, "_theme"), reason="argparse itself defers them")
@pytest.mark.parametrize(
    ("set_color", "options", "made"),
    [
        (sets_them, {}, "color=True"),
        (defers_them, {"file": "stderr"}, "color=True file=stderr"),
    ],
)
def test_colours_are_made_when_they_are_used(
    set_color: Callable[..., None],
    options: dict[str, str],
    made: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[bool] = []

    def counted(formatter: HelpFormatter, color: bool, **options: str) -> None:
        calls.append(color)
        set_color(formatter, color, **options)

    monkeypatch.setattr(HelpFormatter, "_set_color", counted, raising=False)
    if set_color is defers_them:
        for name in ("_theme", "_decolor"):
            late = property(lambda formatter: formatter._late)
            monkeypatch.setattr(HelpFormatter, name, late, raising=False)
    parser_for("check")
    formatter = _Formatter("gearlint")
    formatter._set_color(True, **options)
    assert calls == []
    assert (formatter._theme, formatter._decolor) == (made, made)
    assert calls == [True]


def test_another_name_is_not_made_up() -> None:
    with pytest.raises(AttributeError, match="_other"):
        _ = _Formatter("gearlint")._other


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["."],
        ["a", "b c", ""],
        ["--changed-files"],
        ["--changed-files", "a", "b"],
        ["-q", "a"],
        ["a", "-q"],
        ["--", "-a"],
        ["--changed-files", "--", "a"],
    ],
)
def test_arguments_without_argparse_are_those_of_argparse(arguments: list[str]) -> None:
    argv = ["check", *arguments]
    assert vars(parsed(argv)) == vars(parser_for("check").parse_args(argv))


@pytest.mark.parametrize(
    "arguments",
    [["a", "--changed-files", "b"], ["--changed-files", "a", "--changed-files", "b"], ["--x"]],
)
def test_what_argparse_refuses_is_left_to_it(arguments: list[str]) -> None:
    argv, outcomes = ["check", *arguments], []
    for parse in (parsed, parser_for("check").parse_args):
        try:
            outcomes.append(vars(parse(argv)))
        except SystemExit as error:
            outcomes.append({"exit": error.code})
    assert outcomes[0] == outcomes[1]
