"""What a person at a terminal gets that a pipe does not: colors, width, advice, progress."""

import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from unicodedata import category, east_asian_width

import pytest

from tests.conftest import Run
from tests.sound import write_gear

BAD = '"version": "1.0.1_2.0.0"'
"""Members that give a gear exactly one finding, GL201."""
COLOR = re.compile(r"\x1b\[[0-9;]*m")


PATIENT = (
    "-c",
    "from gearlint.cli import check\n"
    "check.PATIENCE = 1000\n"
    "from gearlint.__main__ import run\n"
    "run()",
)
"""A gearlint that shows no progress, however slow the machine is."""


def at_a_terminal(
    *arguments: str, columns: int = 80, code: Sequence[str] = PATIENT, **environment: str
) -> str:
    """What gearlint writes to a terminal of a width, on stdout and stderr together."""
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (24, columns))
    process = subprocess.Popen(
        [sys.executable, *code, *arguments],
        env={**os.environ, "TERM": "xterm", **environment},
        stdin=there,
        stdout=there,
        stderr=there,
    )
    os.close(there)
    chunks = []
    with os.fdopen(here, "rb", buffering=0) as terminal:
        try:
            while chunk := terminal.read(4096):
                chunks.append(chunk)
        except OSError:  # how Linux says that the other side is closed
            pass
    process.wait()
    return b"".join(chunks).decode().replace("\r\n", "\n")


def width(text: str) -> int:
    """The columns that a line takes."""
    wide = sum(east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(category(char) == "Mn" for char in text)


# The excerpt


@pytest.mark.parametrize("columns", [20, 60, 80, 120, 200])
@pytest.mark.parametrize("filler", ["x", "名", "\tx", "e\u0301", " é"])
@pytest.mark.parametrize(("before", "after"), [(300, 300), (0, 300), (300, 0), (30, 30)])
def test_excerpt_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, filler: str, before: int, after: int
) -> None:
    from gearlint.core.source import Source, Span
    from gearlint.report.excerpt import excerpt

    text = f'{filler * before}"GPL-3"{filler * after}'
    data = f"\n{text}\n".encode()
    start = data.index(b'"GPL-3"')
    line, carets = excerpt(Source("gear.json", data), Span(start, start + 7), columns)
    assert max(width(line), len(carets)) <= columns
    assert width(line) >= min(columns - 9, width(text.replace("\t", "    ")))
    column = carets.index("^")
    (place,) = [at for at in range(len(line)) if line[at:].startswith('"GPL-3"')]
    assert width(line[:place]) == column
    assert carets == " " * column + "^" * 7


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_line_of_an_excerpt_is_wrapped(columns: int) -> None:
    Path("gear.json").write_text(
        f'{{"name": "my-gear", "cite": "{"名" * 90}", "license": "GPL-3", "x": "{"y" * 90}"}}'
    )
    shown = at_a_terminal("check", "gear.json", "--select", "GL106", columns=columns)
    _, _, line, carets, *_ = COLOR.sub("", shown).splitlines()
    assert columns - 3 <= width(line) <= columns
    assert width(line[: line.index('"GPL-3"')]) == carets.index("^")


def test_place_at_the_end_of_a_line_that_fills_the_terminal() -> None:
    Path("gear.json").write_text(f'{{\n"a": "{"x" * 45}"')
    shown = at_a_terminal("check", "gear.json", "--select", "GL001", columns=57)
    _, _, line, carets, *_ = COLOR.sub("", shown).splitlines()
    assert max(len(line), len(carets)) <= 57


# The last line


def test_the_worst_rule_is_named_with_where_it_is_explained() -> None:
    write_gear(Path("gear"), f'{BAD},\n"label": ""')
    last = 'Run "gearlint rule GL201" for an explanation.'
    *_, advice, in_short = at_a_terminal("check").splitlines()
    assert (advice, in_short) == (last, "Found 1 error and 1 warning in 1 gear.")
    for options in (["--output-format", "concise"], ["--statistics"], ["-o", "report.txt"]):
        assert "Run " not in at_a_terminal("check", *options)
    assert "Run " not in Path("report.txt").read_text()
    assert "Run " not in at_a_terminal("check", "--quiet")


def test_no_rule_is_named_where_nothing_is_found(run: Run) -> None:
    write_gear(Path("gear"))
    assert at_a_terminal("check") == "No findings in 1 gear.\n"


def test_no_rule_is_named_off_a_terminal(run: Run) -> None:
    write_gear(Path("gear"), BAD)
    assert "Run " not in run("check").stdout


# Colors


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": ""}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": ""}, True),
    ],
)
@pytest.mark.parametrize("options", [[], ["--diff"]])
def test_colors_off_a_terminal_where_the_environment_forces_them(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    colored: bool,
    options: list[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    write_gear(Path("gear"), BAD)
    assert ("\x1b[" in run("check", *options).stdout) is colored
    assert "\x1b[" not in run("check", *options, "--color", "never").stdout
    assert "\x1b[" in run("check", *options, "--color", "always").stdout


@pytest.mark.parametrize("options", [[], ["--diff"]])
def test_a_file_has_no_colors_unless_they_are_asked_for(run: Run, options: list[str]) -> None:
    write_gear(Path("gear"), BAD)
    assert run("check", *options, "-o", "report.txt").code == 1
    assert "\x1b[" not in Path("report.txt").read_text()


def test_diff_in_colors_is_the_same_diff() -> None:
    path = write_gear(Path("gear"), BAD)
    path.write_text(path.read_text().replace("{\n", '{\n    "-- a": "",\n    "++ b": "",\n', 1))
    shown = at_a_terminal("check", "--diff", "--quiet")
    plain = at_a_terminal("check", "--diff", "--quiet", NO_COLOR="1")
    assert COLOR.sub("", shown) == plain
    assert shown.splitlines()[0] == "\x1b[1m--- a/gear/manifest.json\x1b[m"
    assert shown.splitlines()[2].startswith("\x1b[36m@@ ")
    removed = [line for line in shown.splitlines() if line.startswith("\x1b[31m-")]
    added = [line for line in shown.splitlines() if line.startswith("\x1b[32m+")]
    assert (len(removed), len(added)) == (1, 1)


def test_removed_line_that_looks_like_a_head_is_a_removed_line() -> None:
    from gearlint.core.change import FileChange
    from gearlint.report.diff import render_for_terminal

    Path("a").write_bytes(b"")
    change = FileChange(os.path.abspath("a"), b"-- x\n@@ y\nz\n", b"++ x\n@@ y\nw\n")
    lines = render_for_terminal([change], color=True).splitlines()
    assert "\x1b[31m--- x\x1b[m" in lines
    assert "\x1b[32m+++ x\x1b[m" in lines
    assert " @@ y" in lines


# What could not be checked


def test_gears_that_could_not_be_checked_are_counted(run: Run) -> None:
    write_gear(Path("good"))
    for name in ("gone", "gone2"):
        write_gear(Path(name))
        (Path(name) / "manifest.json").unlink()
        (Path(name) / "manifest.json").symlink_to("nowhere")
    outcome = run("check")
    assert outcome.code == 2
    last = outcome.stderr.splitlines()[-1]
    assert last == "No findings in 1 gear; 2 gears could not be checked."
    assert run("check", "gone").stderr.splitlines()[-1] == "1 gear could not be checked."
    write_gear(Path("bad"), BAD)
    last = run("check", "bad", "gone").stderr.splitlines()[-1]
    assert last == "Found 1 error in 1 gear; 1 gear could not be checked."


def test_a_gear_with_wrong_settings_could_not_be_checked(run: Run) -> None:
    write_gear(Path("good"))
    write_gear(Path("other"))
    Path("other/gearlint.toml").write_text("selct = []\n")
    outcome = run("check")
    assert outcome.code == 2
    last = outcome.stderr.splitlines()[-1]
    assert last == "No findings in 1 gear; 1 gear could not be checked."


def test_a_path_without_a_gear_is_no_gear_that_could_not_be_checked(run: Run) -> None:
    write_gear(Path("good"))
    Path("empty").mkdir()
    outcome = run("check", "good", "empty", "gone")
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-1] == "No findings in 1 gear."


# A clone that was never installed


def test_clone_that_is_not_installed_is_one_line() -> None:
    hide = (
        "import sys\n"
        "sys.modules['gearlint._built'] = None\n"
        "from gearlint.__main__ import run\n"
        "run()"
    )
    for name in ("a", "b"):
        write_gear(Path(name))
    command = [sys.executable, "-c", hide, "check", "."]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "gearlint: gearlint is not installed here: run pip install -e . where its files are\n"
        "2 gears could not be checked.\n"
    )


# Progress

IMPATIENT = (
    "-c",
    "import sys\n"
    "from gearlint.cli import check\n"
    "check.PATIENCE = 0\n"
    "from gearlint.cli.main import main\n"
    "code = main()\n"
    "print('rich' in sys.modules)\n"
    "sys.exit(code)",
)
"""A gearlint that has no patience, and says at the end whether it has imported rich."""


@pytest.mark.parametrize(("options", "text"), [((), "Checking 1 gear"), (("--fix",), "Fixing ")])
def test_a_run_that_takes_long_counts_the_gears_and_leaves_nothing(
    options: tuple[str, ...], text: str
) -> None:
    for number in range(3):
        write_gear(Path(f"{number}"))
    shown = at_a_terminal("check", *options, code=IMPATIENT)
    assert text in shown
    assert "\x1b[2K" in shown, "the line is taken away"
    assert shown.endswith("No findings in 3 gears.\nTrue\n")
    assert "\x1b[?25h" in shown, "the cursor is there again"


def test_a_line_is_there_while_one_gear_is_fixed() -> None:
    write_gear(Path("gear"))
    slow = IMPATIENT[1].replace(
        "check.PATIENCE = 0\n",
        "check.PATIENCE = 0.1\n"
        "import time\n"
        "from gearlint.engine import fixer\n"
        "fix = fixer.Fixer.take\n"
        "def slowly(*of):\n"
        "    while not hasattr(sys.modules.get('gearlint.cli.progress'), 'ProgressLine'):\n"
        "        time.sleep(0.01)\n"
        "    time.sleep(1)\n"
        "    return fix(*of)\n"
        "fixer.Fixer.take = slowly\n",
    )
    shown = at_a_terminal("check", "--fix", code=("-c", slow))
    assert len(set(re.findall("(.)\x1b\\[0m Fixing", shown))) > 1, "it moves"
    assert shown.endswith("No findings in 1 gear.\nTrue\n")


def test_no_progress_where_nobody_looks() -> None:
    write_gear(Path("gear"))
    assert at_a_terminal("check", "--quiet", code=IMPATIENT) == "False\n"
    command = [sys.executable, *IMPATIENT, "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "No findings in 1 gear.\n")


def test_a_short_run_imports_nothing_for_it() -> None:
    write_gear(Path("gear"))
    patient = ("-c", IMPATIENT[1].replace("check.PATIENCE = 0\n", "check.PATIENCE = 60\n"))
    assert at_a_terminal("check", code=patient) == "No findings in 1 gear.\nFalse\n"
