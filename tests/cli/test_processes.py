"""The real process where its surroundings are poor: output, locale, home, disk, files, signals."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.machine import HANGING
from tests.repositories import Repository
from tests.sound import write_gear

SOUND, FOUND, FAILED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
GEARLINT = Path(sys.executable).with_name("gearlint")

Done = subprocess.CompletedProcess[bytes]


def name_of(number: int) -> str:
    return f"{number:0200}"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of 200 gears: their findings, with long paths, are more than a pipe takes."""
    directory = tmp_path_factory.mktemp("many")
    for number in range(200):
        write_gear(directory / name_of(number), '"label": "",\n"description": "",\n"author": ""')
    return directory


@pytest.fixture(autouse=True)
def gears(tmp_path: Path) -> None:
    """A gear without a finding, `sound`, and one with a finding, `bad`, in a repository."""
    (tmp_path / ".git").mkdir()
    write_gear(tmp_path / "sound")
    write_gear(tmp_path / "bad", '"label": ""')


def shell(line: str, *arguments: object, **environment: str) -> Done:
    """Run a line of `sh`, in which `$@` is gearlint with the arguments."""
    command = ["sh", "-c", line, "sh", str(GEARLINT), *map(str, arguments)]
    env = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, timeout=HANGING, env=env, check=False)
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"Exception ignored" not in done.stderr
    return done


def check(line: str, gear: str, *options: str) -> Done:
    return shell(line, "check", gear, *options)


# Output


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_full_disk_is_an_error(output_format: str) -> None:
    done = check('"$@" > /dev/full', "bad", "--output-format", output_format)
    assert done.returncode == FAILED
    assert done.stderr == b"gearlint: cannot go on: No space left on device\n"


@pytest.mark.parametrize("arguments", [("rule", "--all"), ("rule", "GL201"), ("config",)])
def test_full_disk_is_an_error_for_each_command(arguments: Sequence[str]) -> None:
    done = shell('"$@" > /dev/full', *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (FAILED, 1)


def test_bump_that_cannot_be_reported_is_made(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "full")
    repository.release("1.0.0_2.0.0")
    done = shell('"$@" > /dev/full', "bump", "--gear", repository.directory)
    assert done.returncode == FAILED
    assert done.stderr == (
        b"gearlint: the new version is made, and stays, but cannot be reported: No space left on "
        b"device\n"
    )
    assert repository.git("tag", "--points-at", "HEAD") == "1.0.0_2.0.1"


def test_report_that_cannot_be_written_is_an_error() -> None:
    done = check('"$@"', "bad", "-o", "/dev/full")
    assert done.returncode == FAILED
    assert done.stderr == b"gearlint: /dev/full: cannot be written: No space left on device\n"


@pytest.mark.parametrize("before", [None, b"old"])
@pytest.mark.parametrize("option", ["--statistics", "--diff"])
def test_report_past_a_limit_leaves_nothing_behind(option: str, before: bytes | None) -> None:
    write_gear(Path("fixable"), '"version": "1.0.1_2.0.0"')
    if before is not None:
        Path("report").write_bytes(before)
    there = sorted(os.listdir())
    done = check('ulimit -f 0; "$@"', "fixable", option, "-o", "report")
    assert (done.returncode, done.stdout) == (FAILED, b"")
    assert done.stderr == b"gearlint: report: cannot be written: File too large\n"
    assert sorted(os.listdir()) == there
    assert before is None or Path("report").read_bytes() == before


def test_diff_as_json_is_refused() -> None:
    done = check('"$@"', "bad", "--diff", "--output-format", "json", "-o", "report")
    assert (done.returncode, done.stdout) == (FAILED, b"")
    assert done.stderr.startswith(b"gearlint: --diff shows a diff: ")
    assert len(done.stderr.splitlines()) == 1
    assert not Path("report").exists()


def test_report_to_a_pipe_by_its_name() -> None:
    os.mkfifo("pipe")
    done = check('cat pipe & "$@"; code=$?; wait; exit $code', "bad", "-o", "pipe")
    assert done.returncode == FOUND
    assert b"GL108" in done.stdout
    assert Path("pipe").is_fifo()


@pytest.mark.parametrize(
    ("gear", "code"), [("bad", FAILED), ("sound", SOUND)], ids=["finding", "no finding"]
)
def test_closed_stdout_is_an_error_where_there_is_something_to_say(gear: str, code: int) -> None:
    done = check('"$@" >&-', gear)
    assert done.returncode == code
    assert (b"gearlint: cannot go on: stdout is closed\n" in done.stderr) is (code == FAILED)


def test_report_in_a_file_needs_no_stdout() -> None:
    assert check('"$@" >&-', "bad", "-o", "report").returncode == FOUND
    assert b"GL108" in Path("report").read_bytes()


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "<&- 2>&-", "2>/dev/null <&-"])
def test_closed_stderr_and_stdin_change_nothing(closed: str) -> None:
    done = check(f'"$@" {closed}', "bad", "--output-format", "concise")
    assert (done.returncode, len(done.stdout.splitlines())) == (FOUND, 1)
    assert check(f'"$@" {closed}', "sound").returncode == SOUND


def test_file_that_is_fixed_does_not_take_the_place_of_a_closed_stream() -> None:
    path = write_gear(Path("fixed"), '"version": "1.0.1_2.0.0"')
    assert check('"$@" <&- >&- 2>&-', "fixed", "--fix").returncode == SOUND
    assert path.read_text().startswith('{\n    "name"')
    assert path.read_text().endswith("\n}\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
def test_closed_pipe_ends_quietly(many: Path, output_format: str, unbuffered: str) -> None:
    line = '{ "$@"; echo $? > code; } | head -c 1'
    options = ("check", many, "--output-format", output_format)
    done = shell(line, *options, PYTHONUNBUFFERED=unbuffered)
    assert len(done.stdout) == 1
    assert not done.stderr
    assert Path("code").read_text().strip() == str(BROKEN_PIPE)


def test_reader_that_is_gone_already() -> None:
    os.mkfifo("gone")
    done = check('{ read _ < gone; "$@"; echo $? > code; } | { exec <&-; echo > gone; }', "bad")
    assert Path("code").read_text().strip() == str(BROKEN_PIPE)
    assert not done.stderr


# Surroundings


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "nonsense"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent"},
        {"TMPDIR": "/nonexistent"},
        {"COLUMNS": "0", "TERM": "nonsense"},
    ],
    ids=lambda environment: " ".join(f"{k}={v}" for k, v in environment.items()),
)
def test_locale_home_and_terminal_do_not_matter(environment: dict[str, str]) -> None:
    directory = Path("gëar")
    write_gear(directory, '"label": "",\n"author": "É. Author →",\n"license": "É→"')
    done = shell('"$@"', "check", directory, **environment)
    assert done.returncode == FOUND
    assert b"GL106" in done.stdout
    assert b"GL108" in done.stdout
    assert shell('"$@"', "--help", **environment).returncode == SOUND


def test_empty_environment() -> None:
    done = check('exec env -i "$@"', "bad")
    assert (done.returncode, done.stdout.count(b"GL108")) == (FOUND, 1)


def test_name_that_is_not_of_the_locale() -> None:
    name = b"g\xff\xe9ar"
    write_gear(Path(os.fsdecode(name)), '"label": ""')
    for output_format in ("full", "concise", "json"):
        done = check('"$@"', os.fsdecode(name), "--output-format", output_format)
        assert done.returncode == FOUND
        done.stdout.decode("ascii" if output_format == "json" else "utf-8")


def test_twenty_open_files_are_enough() -> None:
    for number in range(60):
        write_gear(Path(f"many/{number}"), '"version": "1.0.1_2.0.0"')
    done = check('ulimit -n 20; "$@"', "many", "--output-format", "concise")
    assert (done.returncode, len(done.stdout.splitlines())) == (FOUND, 60)
    assert check('ulimit -n 20; "$@"', "many", "--fix").returncode == SOUND


def test_directory_that_is_gone() -> None:
    done = check('mkdir here && cd here && rmdir ../here && "$@"', ".")
    assert done.returncode == FAILED
    assert len(done.stderr.splitlines()) == 1


def can_mount() -> bool:
    """Whether this user can make a file system of its own read-only."""
    if not shutil.which("unshare"):
        return False
    line = "mount --bind / /mnt && mount -o remount,ro,bind /mnt"
    return (
        subprocess.run(
            ["unshare", "-m", "sh", "-c", line], capture_output=True, check=False
        ).returncode
        == 0
    )


@pytest.mark.skipif(not can_mount(), reason="only root can make a read-only disk")
def test_read_only_disk() -> None:
    path = write_gear(Path("fixed"), '"version": "1.0.1_2.0.0"').resolve()
    before = path.read_bytes()
    mount = 'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" && exec "$@"'
    line = f"exec unshare -m sh -c '{mount}' sh \"$@\""
    assert check(line, "bad").returncode == FOUND
    assert check(line, "sound").returncode == SOUND
    done = check(line, "fixed", "--fix", "--output-format", "concise")
    assert (done.returncode, len(done.stdout.splitlines())) == (FAILED, 1)
    assert b"fixed/manifest.json: not changed: " in done.stderr
    done = check(line, "bad", "-o", "report")
    assert done.returncode == FAILED
    assert done.stderr == b"gearlint: report: cannot be written: Read-only file system\n"
    assert path.read_bytes() == before


# Signals


@pytest.mark.parametrize("module", ["gearlint.cli.main", "json", "gearlint.rules.fields"])
def test_interrupt_while_the_program_is_read(module: str) -> None:
    program = (
        "import os, signal, sys\n"
        "def interrupt(event, arguments):\n"
        f"    if event == 'import' and arguments[0] == {module!r}:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.addaudithook(interrupt)\n"
        "sys.argv = ['gearlint', 'check', 'bad']\n"
        "from gearlint.__main__ import run\n"
        "run()"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, timeout=HANGING, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"")


INTERRUPTING = """
import os, signal, sys
gear, parent = sys.argv.pop(1), os.getpid()
def interrupt(event, arguments):
    if event == "open" and str(arguments[0]).endswith(f"/{gear}/manifest.json"):
        os.kill(parent, signal.SIGINT)
sys.addaudithook(interrupt)
from gearlint.__main__ import run
run()
"""
"""A gearlint that is interrupted when it, or a process of it, opens the manifest of a gear."""


@pytest.mark.parametrize("options", [(), ("--fix",), ("--diff",), ("--output-format", "json")])
@pytest.mark.parametrize("gear", [name_of(0), name_of(150)], ids=["first", "middle"])
def test_interrupt(many: Path, gear: str, options: Sequence[str]) -> None:
    command = [sys.executable, "-c", INTERRUPTING, gear, "check", str(many), *options]
    done = subprocess.run(command, capture_output=True, timeout=HANGING, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, b"", b"")


def test_what_nobody_thought_of_is_an_error_too() -> None:
    program = (
        "import sys\n"
        "from gearlint.cli import config\n"
        "def run(arguments): raise KeyError('x\x1b')\n"
        "config.run = run\n"
        "sys.argv = ['gearlint', 'config', *sys.argv[1:]]\n"
        "from gearlint.__main__ import run\n"
        "run()"
    )
    for options in ([], ["--debug"]):
        command = [sys.executable, "-c", program, *options]
        done = subprocess.run(command, capture_output=True, timeout=HANGING, check=False)
        assert (done.returncode, done.stdout) == (FAILED, b"")
        reported = done.stderr.splitlines()[-1]
        assert reported.startswith(b"gearlint: internal error, please report it: KeyError: ")
        assert (b"Traceback" in done.stderr) is bool(options)
        assert b"\x1b" not in done.stderr
