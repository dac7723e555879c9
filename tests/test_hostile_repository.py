"""A repository that means harm: nothing of it runs, leaves it, or reaches the terminal raw."""

import json
import os
import py_compile
import re
import shutil
import socket
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.machine import in_time
from tests.sound import DOCKERFILE, manifest_text, write_gear

SOUND, FOUND, FAILED = 0, 1, 2
GEARLINT = str(Path(sys.executable).with_name("gearlint"))
CHECKS = [("check",), ("check", "--diff"), ("check", "--fix"), ("config",)]

GIT_RUNS = [
    "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "diff.external",
    "filter.x.clean", "filter.x.smudge", "filter.x.process",
]  # fmt: skip
"""Settings by which git runs a program."""
MODULES = [
    "json", "re", "os", "argparse", "sitecustomize", "usercustomize", "typing", "regex", "tomllib",
    "pathspec", "jsonschema", "encodings", "difflib", "parso", "referencing",
]  # fmt: skip


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Where something of the repository leaves a mark if it runs."""
    return tmp_path / "it-ran"


@pytest.fixture
def repository(tmp_path: Path, trap: Path) -> Path:
    """A repository with a gear in which all that git or Python might run would spring the trap."""
    directory = tmp_path / "repository"
    write_gear(directory / "gear", '"label": "",\n"version": "1.0.1_2.0.0"')
    subprocess.run(["git", "init", "-q", str(directory)], check=True)
    (directory / "hook").write_text(f"#!/bin/sh\ntouch {trap}\n")
    (directory / "hook").chmod(0o755)
    (directory / ".git" / "hooks" / "post-index-change").write_text(f"#!/bin/sh\ntouch {trap}\n")
    (directory / ".git" / "hooks" / "post-index-change").chmod(0o755)
    hook = directory / "hook"
    for key in GIT_RUNS:
        subprocess.run(["git", "-C", str(directory), "config", key, str(hook)], check=True)
    (directory / ".gitattributes").write_text("* filter=x diff=x merge=x text eol=crlf\n")
    (directory / "gearlint.toml").write_text('select = ["ALL"]\n')
    (directory / ".gitignore").write_text("*.o\n")
    return directory


def lay_modules(directory: Path, trap: Path) -> None:
    """Put modules of Python's and of others into a directory, which spring the trap if imported."""
    code = f"open({str(trap)!r}, 'w').close()\n"
    for name in MODULES:
        (directory / f"{name}.py").write_text(code)
        py_compile.compile(str(directory / f"{name}.py"), doraise=True)
    # One whose bytecode alone springs the trap: by its time and size it is that of the source.
    source = directory / "bytecode.py"
    source.write_text(code)
    py_compile.compile(str(source), doraise=True)
    stat = source.stat()
    source.write_text("#" * (len(code) - 1) + "\n")
    os.utime(source, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (directory / "x.pth").write_text(f"import os; {code}")
    (directory / "pyvenv.cfg").write_text("home = .\n")


@pytest.mark.parametrize("name", [*MODULES, "bytecode"])
def test_module_of_the_repository_springs_the_trap_if_it_is_imported(
    name: str, tmp_path: Path, trap: Path
) -> None:
    lay_modules(tmp_path, trap)
    assert not trap.exists()
    assert Path(cache_from_source(str(tmp_path / f"{name}.py"))).exists()
    code = "import sys; sys.path.insert(0, sys.argv[1]); sys.modules.pop(sys.argv[2], None); "
    python = [sys.executable, "-I", "-X", "frozen_modules=off", "-c"]
    subprocess.run([*python, code + "__import__(sys.argv[2])", str(tmp_path), name], check=True)
    assert trap.exists()


@pytest.mark.parametrize("arguments", CHECKS, ids=" ".join)
@pytest.mark.parametrize("place", [".", "gear"])
@pytest.mark.parametrize("start", [[GEARLINT], [sys.executable, "-m", "gearlint"]], ids=["", "-m"])
def test_nothing_of_the_repository_runs(
    repository: Path, trap: Path, start: list[str], place: str, arguments: tuple[str, ...]
) -> None:
    lay_modules(repository, trap)
    lay_modules(repository / "gear", trap)
    done = subprocess.run(
        [*start, *arguments], cwd=repository / place, capture_output=True, text=True, check=False
    )
    assert done.returncode in (SOUND, FOUND)
    assert "Traceback" not in done.stderr
    assert not trap.exists()


# strace


def can_trace() -> str:
    """Why system calls cannot be watched here, empty if they can."""
    if not shutil.which("strace"):
        return "strace is not here"
    probe = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "strace may not watch a process here" if probe.returncode else ""


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "strace watches")
@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
@pytest.mark.parametrize("gear", ["sound", "bad"])
def test_check_connects_nowhere_runs_nothing_and_reads_what_is_its_own(
    repository: Path, tmp_path: Path, gear: str, output_format: str
) -> None:
    home = tmp_path / "home"
    for name in (".gitconfig", ".netrc", ".config/git/config", ".ssh/config", ".pydistutils.cfg"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.gearlint]\n")  # above the repository
    if gear == "sound":
        write_gear(repository / "gear")
    command = ["check", "gear", "--ignore", "GL6", "--output-format", output_format]
    lines = system_calls(tmp_path, repository, home, command)
    assert_it_keeps_to_itself(lines)
    opened = {match[1] for line in lines if (match := re.search(r"= \d+<([^>]*)>$", line))}
    assert str(repository / "gear" / "manifest.json") in opened
    assert not [path for path in opened if not is_its_own(path, repository)]
    assert not changed_files(lines)


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "strace watches")
def test_fix_writes_beside_what_it_fixes_and_nowhere_else(repository: Path, tmp_path: Path) -> None:
    lines = system_calls(
        tmp_path, repository, tmp_path, ["check", "gear", "--fix", "--ignore", "GL6"]
    )
    assert_it_keeps_to_itself(lines)
    gear = repository / "gear"
    changed = changed_files(lines)
    assert str(gear / "manifest.json") in changed
    assert {os.path.dirname(path) for path in changed} == {str(gear)}


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "strace watches")
def test_release_rules_run_git_alone(repository: Path, trap: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(repository), "-c", "core.fsmonitor=false"]
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["add", "gear"], ["commit", "-qm", "All", "--no-verify"], ["tag", "1.0.0"]):
        subprocess.run(
            [*git, *identity, "-c", "filter.x.clean=cat", "-c", "filter.x.process=", *arguments],
            check=True,
        )
    trap.unlink(missing_ok=True)
    (repository / "gear" / "run.py").write_text("# changed\n")
    lines = system_calls(tmp_path, repository, tmp_path, ["check", "gear", "--select", "GL6"])
    programs = [
        os.path.basename(line.split('"')[1]) for line in lines if line.startswith("execve(")
    ]
    assert programs.count("git") > 2
    assert set(programs[1:]) == {"git"}
    assert not [line for line in lines if line.startswith(("connect", "bind", "sendto"))]
    assert not trap.exists()


def system_calls(directory: Path, repository: Path, home: Path, arguments: list[str]) -> list[str]:
    """The system calls of gearlint in a repository, as strace reports them."""
    calls = directory / "calls"
    traced = "trace=%process,%network,%file"
    command = ["strace", "-f", "-qq", "-y", "-e", traced, "-o", str(calls), GEARLINT, *arguments]
    environment = {**os.environ, "HOME": str(home)}
    subprocess.run(command, cwd=repository, env=environment, capture_output=True, check=False)
    return [line.split(" ", 1)[1].strip() for line in calls.read_text().splitlines()]


@pytest.mark.skipif(bool(can_trace()), reason=can_trace() or "strace watches")
def test_directory_of_workflows_that_leads_out_is_not_listed(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (repository / ".github").mkdir()
    (repository / ".github" / "workflows").symlink_to(tmp_path / "outside")
    (repository / "gear" / "Dockerfile").write_text("FROM python:3.11\nCOPY none /flywheel/v0/\n")
    lines = system_calls(tmp_path, repository, tmp_path, ["check", "gear", "--select", "GL310"])
    opened = [line for line in lines if line.startswith("open") and "/.github/" in line]
    assert not opened


def assert_it_keeps_to_itself(lines: list[str]) -> None:
    """No other program is run, no process made, nothing connected to."""
    assert sum(line.startswith("execve") for line in lines) == 1  # its own start
    others = ("connect", "socket", "bind", "sendto", "fork", "vfork", "clone")
    assert not [line for line in lines if line.startswith(others)]


def changed_files(lines: list[str]) -> set[str]:
    """The files that system calls opened to write, made, removed or gave another name or mode."""
    changes = ("rename", "unlink", "chmod", "fchmod", "chown", "mkdir", "link", "symlink")
    return {
        os.path.join(directory, path)
        for line in lines
        if line.startswith(changes) or "O_WRONLY" in line or "O_RDWR" in line
        for directory, path in re.findall(r'(?:<([^>]*)>, )?"([^"]*)"', line)
    }


def is_its_own(path: str, repository: Path) -> bool:
    """Whether a file is in the repository, Python's or the system's."""
    package = str(Path(__file__).resolve().parents[1])
    places = [str(repository), package, sys.prefix, sys.base_prefix, *filter(None, sys.path)]
    places += ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/locale.alias"]
    places.append("/proc/sys/vm/overcommit_memory")  # as Python 3.13 asks
    if re.fullmatch(r"/proc/\d+/maps", path):  # as Python 3.14 asks, for the size of its stack
        return True
    return any(Path(path).is_relative_to(os.path.realpath(place)) for place in places)


# Settings that lead elsewhere


ELSEWHERE = [
    'dockerfile = "../outside/Dockerfile"',
    'dockerfile = "/etc/passwd"',
    'dockerfile = "/dev/zero"',
    'dockerfile = "link"',
    'dockerfile = "."',
    'context = ".."',
    'context = "/"',
    'context = "directory-link"',
    'context = "/dev/zero"',
]


@pytest.mark.parametrize("setting", ELSEWHERE)
def test_settings_lead_out_of_the_repository_in_vain(
    repository: Path, tmp_path: Path, run: Run, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Dockerfile").write_text("SECRET of another\n")
    (repository / "link").symlink_to(outside / "Dockerfile")
    (repository / "directory-link").symlink_to(outside)
    (repository / "gearlint.toml").write_text(setting + "\n")
    monkeypatch.chdir(repository)
    for options in ((), ("--fix", "--unsafe-fixes"), ("--diff",)):
        outcome = run("check", *options)
        assert outcome.code == FAILED
        assert "SECRET" not in outcome.stdout + outcome.stderr
        assert "root:" not in outcome.stdout + outcome.stderr
        assert outcome.stderr.startswith("gearlint: ")
    assert (outside / "Dockerfile").read_text() == "SECRET of another\n"


@pytest.mark.parametrize(
    "setting",
    [
        'exclude = ["../**", "/", "..", "**/..", "", "["]',
        '[gears]\n"../outside" = ["**"]\n"/" = ["*"]',
        '[gears]\n"link" = ["**"]',
        '[gears]\n"gear/../link" = ["**"]',
        '[gears]\n"link/../repository/link" = ["**"]',
        '[per-file-ignores]\n"../*" = ["ALL"]',
        '[gears]\n"\\u0000" = ["**"]',
    ],
)
def test_globs_of_settings_stay_in_the_repository(
    repository: Path, tmp_path: Path, run: Run, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    write_gear(outside, '"name": "SECRET",\n"version": "1.0.1_2.0.0"')
    before = (outside / "manifest.json").read_bytes()
    for directory in (repository, repository / "repository"):
        directory.mkdir(exist_ok=True)
        (directory / "link").symlink_to(outside)
    (repository / "gearlint.toml").write_text(setting + "\n")
    monkeypatch.chdir(repository)
    changed = ("--changed-files", "gear/run.py")
    for arguments in ((), ("gear/run.py",), changed, ("--fix", *changed)):
        outcome = run("check", *arguments)
        assert "SECRET" not in outcome.stdout + outcome.stderr
        assert "outside/manifest" not in outcome.stdout
        assert outcome.code in (FOUND, FAILED)
        if arguments and ("outside" in setting or "link" in setting):
            (line,) = outcome.stderr.splitlines()[:1]
            assert line.startswith("gearlint: gearlint.toml: setting gears: ")
            assert line.endswith(" leads out of the repository")
    assert (outside / "manifest.json").read_bytes() == before


ABSURD = [
    "select = [" + '"GL1", ' * 20_000 + "]",
    "a = " + "[" * 5_000,
    "a = " + "{a=" * 5_000,
    "a" + ".a" * 50_000 + " = 1",
    "a = 1\n" * 30_000,
    'exclude = ["' + "[" * 50_000 + '"]',
    'exclude = ["' + "*a" * 1_000 + '"]',
    "x" * 150_000,
    'fail-on = "' + "x" * 100_000 + '"',
    "severity = {" + ", ".join(f'GL{n} = "error"' for n in range(9_000)) + "}",
    "exclude = [" + ", ".join(f'"{n}"' for n in range(20_000)) + "]",
    "a = 9" + "9" * 5_000,
    "fail-on = 0x" + "f" * 5_000,
    'dockerfile = "' + "a/" * 50_000 + '"',
    'dockerfile = "\\u0000"',
    'context = "\\u0000"',
    "\x1b]0;x\x07 = 1",
    '"\\u001b[31m" = 1',
]


@pytest.mark.parametrize(
    "text", ABSURD, ids=lambda text: text[:12].encode("unicode_escape").decode()
)
def test_absurd_settings_are_reported_in_one_line(
    repository: Path, run: Run, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "gearlint.toml").write_text(text + "\n", encoding="utf-8")
    monkeypatch.chdir(repository)
    for arguments in (("gear",), ("--changed-files", "gear/run.py")):
        with in_time(1):
            outcome = run("check", "--output-format", "concise", *arguments)
        assert (outcome.code, outcome.stdout) == (FAILED, "")
        (line,) = outcome.stderr.splitlines()
        assert line.startswith("gearlint: gearlint.toml:")
        assert line.isprintable()
        assert "internal error" not in line
        assert len(line) < 1000


def test_other_settings_of_absurd_size_do_not_matter(repository: Path, run: Run) -> None:
    (repository / "gearlint.toml").unlink()
    (repository / "pyproject.toml").write_text("a" + ".a" * 50_000 + " = 1\n")
    assert run("check", repository).code == FOUND


# What reaches the terminal


EVIL = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\u2066\x7f\r"


def assert_plain(text: str, *, lines: int | None = None) -> None:
    for line in text.split("\n"):
        assert line.isprintable(), repr(line)
    assert lines is None or text.count("\n") == lines


@pytest.mark.parametrize("output_format", ["full", "concise", "json"])
@pytest.mark.parametrize("options", [(), ("--fix",), ("--statistics",)], ids=" ".join)
def test_escape_codes_reach_no_terminal(
    run: Run, tmp_path: Path, output_format: str, options: tuple[str, ...]
) -> None:
    directory = tmp_path / f"gear{EVIL}\n"
    members = {
        "name": EVIL,
        "version": EVIL,
        "license": EVIL,
        "url": EVIL,
        "command": f"./{EVIL}x {EVIL}",
        "environment": {EVIL: 1},
        EVIL: EVIL,
        "inputs": {EVIL: {"base": EVIL, EVIL: 1}},
        "config": {EVIL: {"type": EVIL, "pattern": f"({EVIL}"}},
        "author": f"{EVIL}\n",
        "custom": {"gear-builder": {"category": EVIL, "image": EVIL}},
    }
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in members.items()}
    write_gear(directory, ",\n".join(f"{json.dumps(key)}: {text}" for key, text in texts.items()))
    dockerfile = DOCKERFILE.replace("\nENTRY", f"\nCOPY {EVIL}a .\nENV A{EVIL}=b C{EVIL}=d\nENTRY")
    (directory / "Dockerfile").write_text(
        f"{dockerfile}CMD ['{EVIL}']\n# gearlint: ignore[{EVIL}]\nFOO{EVIL}\n", encoding="utf-8"
    )
    run("check", directory, "--select", "ALL", "--output-format", output_format, *options)
    outcome = run("check", directory, "--select", "ALL", "--output-format", output_format, *options)
    assert outcome.code == FOUND
    assert_plain(outcome.stdout)
    assert_plain(outcome.stderr)


def test_file_name_with_a_newline_is_one_line_a_finding(run: Run, tmp_path: Path) -> None:
    for name in ("a\nb", "c\rd", "e\u2028f", "g\x85h"):
        write_gear(tmp_path / name, '"label": ""')
    outcome = run("check", tmp_path, "--output-format", "concise", "--quiet")
    assert outcome.code == FOUND
    assert_plain(outcome.stdout, lines=4)
    assert len(outcome.stdout.splitlines()) == 4


def test_error_with_such_a_file_is_one_line(run: Run, tmp_path: Path) -> None:
    directory = tmp_path / f"a\n{EVIL}"
    write_gear(directory)
    (directory / "Dockerfile").unlink()
    (directory / "Dockerfile").symlink_to(f"missing\n{EVIL}")
    outcome = run("check", directory, "--quiet")
    assert outcome.code == FAILED
    assert_plain(outcome.stderr, lines=1)


# Files that are not files, beside the manifest (whose own are in test_hostile.py)


KINDS = ["FIFO", "socket", "device", "link away", "10 GB", "directory", "loop"]
NAMES = [".dockerignore", ".gitignore", "run.py", "Makefile", ".gitmodules", "data", "Dockerfile",
         "gearlint.toml", "pyproject.toml"]  # fmt: skip


def make(kind: str, path: Path) -> None:
    path.unlink(missing_ok=True)
    match kind:
        case "FIFO":
            os.mkfifo(path)
        case "socket":
            here = Path.cwd()
            os.chdir(path.parent)  # the path of a socket has at most 107 bytes
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(path.name)
            os.chdir(here)
        case "device":
            path.symlink_to("/dev/zero")
        case "link away":
            path.symlink_to("/etc/passwd")
        case "10 GB":
            path.touch()
            os.truncate(path, 10 * 10**9)
        case "directory":
            path.mkdir()
        case "loop":
            path.symlink_to(path.name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_file_that_is_not_one_is_passed_over_or_reported(
    run: Run, tmp_path: Path, name: str, kind: str
) -> None:
    write_gear(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "data").write_text("data")
    dockerfile = DOCKERFILE.replace("COPY", "ADD data missing /x/\nCOPY")
    (tmp_path / "Dockerfile").write_text(dockerfile)
    make(kind, tmp_path / name)
    with in_time(1):
        outcome = run("check", tmp_path, "--select", "ALL", "--quiet", "--output-format", "concise")
    assert outcome.code == FAILED if outcome.stderr else outcome.code in (SOUND, FOUND)
    assert "root:" not in outcome.stdout
    assert "internal error" not in outcome.stderr
    if name == "Dockerfile":
        reported = "GL007" in outcome.stdout if kind == "10 GB" else outcome.code == FAILED
        assert reported


def test_dockerfile_past_any_use_is_reported_and_not_looked_at(run: Run, tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE + "RUN x\n" * 30_000)
    with in_time(1):
        outcome = run("check", tmp_path, "--output-format", "concise", "--quiet")
    assert outcome.stdout.count("GL007 warning:") == len(outcome.stdout.splitlines()) == 1


def test_manifest_of_too_many_values_is_reported_and_not_looked_at(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "gear.json"
    path.write_text(
        manifest_text('"config": {' + ", ".join(f'"{n}": 1' for n in range(25_000)) + "}")
    )
    outcome = run("check", path, "--output-format", "concise", "--quiet")
    assert outcome.stdout.count("GL004 warning:") == len(outcome.stdout.splitlines()) == 1


def test_build_files_without_end_are_not_read(run: Run, tmp_path: Path) -> None:
    write_gear(tmp_path)
    dockerfile = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(dockerfile.replace("COPY", "COPY missing ./\nCOPY", 1))
    for number in range(250):
        path = tmp_path / f"{number:03}.yml"
        path.touch()
        os.truncate(path, 16_000_000)
    with in_time(1):
        assert run("check", tmp_path, "--select", "GL310").code == FOUND


@pytest.mark.parametrize(
    "command",
    [["check", "*"], ["check", "--jobs"], ["check", "--fail-on"], ["bump", "--gear", "minor"]],
)
def test_wrong_arguments_are_not_reported_raw(command: list[str], tmp_path: Path) -> None:
    arguments = [*command, "--\x1b]0;x\x07" if "*" in command else "\x1b]0;x\x07"]
    done = subprocess.run([GEARLINT, *arguments], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == FAILED
    assert rb"\u001b]0;x\u0007" in done.stderr
    assert b"\x1b" not in done.stderr
