"""The scripts for completion, in the shells themselves; and the manual page, as man reads it."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from select import select
from time import monotonic

import pytest

import hatch_build
from gearlint.cli.parser import parser_for
from gearlint.rules import RULES
from tests.conftest import Run
from tests.sound import write_gear

PROJECT = Path(__file__).resolve().parents[2]
RULES_OF_30 = sorted(code for code in RULES if code.startswith("GL30"))

COMPLETED = {
    "gearlint che": ["check"],
    "gearlint check --uns": ["--unsafe-fixes"],
    "gearlint rule GL30": RULES_OF_30,
    "gearlint check --output-format con": ["concise"],
    "gearlint check --fail-on w": ["warning"],
    "gearlint completion f": ["fish"],
    "gearlint bump --gear m": ["major", "minor"],
    "gearlint bump --gear p": ["patch"],
    "gearlint bump --gear minor my-g": ["my-gear/"],
    "gearlint check my-g": ["my-gear/"],
    "gearlint bump --pu": ["--push"],
}
"""What is typed, and the words that Tab gives for the last one."""


def needs(shell: str) -> pytest.MarkDecorator:
    """Skip where there is no such shell."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


def script(run: Run, shell: str) -> Path:
    """The script for a shell, in a file beside a gear."""
    write_gear(Path("my-gear"))
    outcome = run("completion", shell)
    assert (outcome.code, outcome.stderr) == (0, "")
    path = Path(f"completion.{shell}").absolute()
    path.write_text(outcome.stdout, encoding="utf-8")
    return path


def said(*command: str, **environment: str) -> str:
    """What a command prints, which must succeed and complain of nothing."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@needs("bash")
@pytest.mark.parametrize(("typed", "words"), COMPLETED.items())
def test_bash(run: Run, typed: str, words: list[str]) -> None:
    *before, last = typed.split(" ")
    program = (
        f"source {script(run, 'bash')}\n"
        f"COMP_WORDS=({' '.join(before)} {last}) COMP_CWORD={len(before)}\n"
        f"_shtab_gearlint gearlint {last} {before[-1]}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    shown = said("bash", "--norc", "-c", program).split()
    assert sorted(shown) == [word.rstrip("/") for word in words]


@needs("fish")
@pytest.mark.parametrize(("typed", "words"), COMPLETED.items())
def test_fish(run: Run, typed: str, words: list[str]) -> None:
    program = f"source {script(run, 'fish')}; complete -C '{typed}'"
    shown = said("fish", "--no-config", "-c", program, HOME=os.getcwd())
    assert sorted(line.split("\t")[0] for line in shown.splitlines()) == words


def until(terminal: int, text: str, seconds: float = 20) -> str:
    """What comes from a terminal until a text does; all there was where it does not come."""
    shown, end = "", monotonic() + seconds
    while text not in shown and (left := end - monotonic()) > 0:
        if select([terminal], [], [], left)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown


@needs("zsh")
def test_zsh(run: Run) -> None:
    script(run, "zsh").rename("_gearlint")
    here, there = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "HOME": os.getcwd()}
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=there, stdout=there, stderr=there, env=environment
    )
    try:
        begin = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy\n"
        os.write(here, begin.encode())
        assert "ready" in until(here, "ready")
        for typed, words in COMPLETED.items():
            if len(words) == 1:
                os.write(here, f"{typed}\t".encode())
                completed = " ".join([*typed.split(" ")[:-1], *words])
                assert completed in until(here, completed)
                os.write(here, b"\x15")  # the line is not run, but deleted
    finally:
        shell.kill()
        shell.wait()
        os.close(there)
        os.close(here)


def test_nothing_else_imports_shtab() -> None:
    write_gear(Path("gear"), '"label": ""')
    program = (
        "import sys\n"
        "from gearlint.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "sys.exit(bool({'shtab', 'rich'} & set(sys.modules)))"
    )
    for arguments in (["check"], ["rule", "GL2"], ["config"], ["explain", "gear"]):
        command = [sys.executable, "-c", program, *arguments]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


# The manual page


def test_manual_page_has_each_command_and_option() -> None:
    page = hatch_build.manual_page(PROJECT).replace("\\-", "-")
    heads = re.split(r"^\.SS (.*)$", page, flags=re.MULTILINE)
    sections = dict(zip(map(str.strip, heads[1::2]), heads[2::2], strict=True))
    (commands,) = [each for each in parser_for()._actions if each.dest == "command"]
    assert isinstance(commands.choices, dict)
    for name, command in commands.choices.items():
        (section,) = [text for head, text in sections.items() if name in head]
        for action in command._actions:
            for option in set(action.option_strings) - {"-h", "--help"}:
                assert f"{option}\\fR" in section


def test_manual_page_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    page = hatch_build.manual_page(PROJECT)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    assert hatch_build.manual_page(PROJECT) == page
    assert "\x1b" not in page


@needs("man")
def test_man_reads_the_manual_page_without_a_warning() -> None:
    Path("gearlint.1").write_text(hatch_build.manual_page(PROJECT), encoding="utf-8")
    shown = said("man", "--warnings", "-l", "gearlint.1", MANWIDTH="80", MANPAGER="cat")
    assert "gearlint - check Flywheel gears before they are built or uploaded" in shown
