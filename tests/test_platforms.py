"""What is different on Windows, on macOS and on drives that WSL mounts, as far as it can be played.

The workflow `test.yml` runs the tests on the systems themselves.
"""

import json
import ntpath
import os
import subprocess
import sys
from errno import EINVAL, ENOSPC, EPIPE
from pathlib import Path
from types import SimpleNamespace

import pytest

from gearlint.cli import output
from gearlint.core import atomic, disk, source
from gearlint.core.atomic import rewrite
from gearlint.engine.workers import processors
from gearlint.image import context
from tests.address import PROJECT
from tests.conftest import Run
from tests.sound import write_gear
from tests.windows import LEFT_OUT

DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . ./
ENTRYPOINT ["/flywheel/v0/run.py"]
"""


def gear(directory: Path, dockerfile: str = DOCKERFILE, *, mode: int = 0o644) -> Path:
    directory.mkdir(parents=True)
    (directory / "run.py").write_text("#!/usr/bin/env python3\nprint(1)\n")
    (directory / "run.py").chmod(mode)
    (directory / "Dockerfile").write_text(dockerfile)
    write_gear(directory, '"command": "./run.py"')
    return directory


# Executable bits

MODES = "GL306,GL312,GL403"

CONFIGURATIONS = [
    ("[core]\n\tbare = false\n\tfilemode = false\n", False),
    ("[Core] fileMode=No\r\n", False),
    ('[core]\nfilemode = "off" ; as on drives\n', False),
    ("[core]\n\tfilemode = false\n[core]\n\tfilemode = true\n", True),
    ("[core]\n\tfilemode = true\n", True),
    ('[core "x"]\n\tfilemode = false\n', True),
    ("[other]\n\tfilemode = false\n", True),
    ("[core]\n#\tfilemode = false\n", True),
    ("[core]\n\tfilemode\n", True),
    ("\xff", True),
    ("", True),
]


@pytest.mark.parametrize(("text", "has_modes"), CONFIGURATIONS)
def test_modes_mean_what_git_says_of_them(
    tmp_path: Path, text: str, has_modes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_IS_WINDOWS", False)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(text.encode("latin-1"))
    assert disk.has_modes(str(tmp_path)) is has_modes


def test_modes_where_there_is_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_IS_WINDOWS", False)
    assert disk.has_modes(str(tmp_path))
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    disk.has_modes.cache_clear()
    assert disk.has_modes(str(tmp_path))


def test_a_missing_bit_is_found_where_files_have_bits(check: Run) -> None:
    gear(Path("gear"))
    assert "GL403" in check("--select", MODES, "gear").codes


@pytest.mark.parametrize("system", ["Windows", "a drive"])
def test_a_missing_bit_is_unknown_where_no_file_has_one(
    check: Run, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    gear(Path("gear"), mode=0o666)
    if system == "Windows":
        monkeypatch.setattr(disk, "_IS_WINDOWS", True)
    else:
        os.mkdir(".git")
        Path(".git/config").write_text("[core]\n\tfilemode = false\n")
    before = sorted((path, path.read_bytes()) for path in Path("gear").iterdir())
    assert check("--select", MODES, "gear").codes == []
    assert check("--select", MODES, "--fix", "--unsafe-fixes", "gear").codes == []
    assert sorted((path, path.read_bytes()) for path in Path("gear").iterdir()) == before
    assert Path("gear/run.py").stat().st_mode & 0o777 == 0o666


def test_what_the_dockerfile_does_to_a_bit_is_known_there_too(
    check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    chmod = DOCKERFILE.replace("ENTRYPOINT", "RUN chmod 644 run.py\nENTRYPOINT")
    removing = gear(Path("gear"), chmod)
    flagged = gear(Path("other"), DOCKERFILE.replace("COPY", "COPY --chmod=644"))
    monkeypatch.setattr(disk, "_IS_WINDOWS", True)
    for directory in (removing, flagged):
        assert check("--select", MODES, str(directory)).codes == ["GL403"]


def test_explain_says_why_a_bit_is_unknown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    gear(Path("gear"))
    monkeypatch.setattr(disk, "_IS_WINDOWS", True)
    said = "unknown whether it is executable: files have no modes here (Windows, or git's"
    assert said in run("explain", "gear").stdout


def test_explain_names_what_made_a_bit_unknown(run: Run) -> None:
    dockerfile = DOCKERFILE.replace("ENTRYPOINT", "RUN chmod $(cat mode) run.py\nENTRYPOINT")
    gear(Path("gear"), dockerfile)
    assert "files have no modes" not in run("explain", "gear").stdout


def test_processors_where_a_process_is_bound_to_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert processors() == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processors() == 1


@pytest.mark.parametrize(
    ("system", "error", "is_broken"),
    [
        ("posix", BrokenPipeError(EPIPE, "Broken pipe"), True),
        ("posix", OSError(EINVAL, "Invalid argument"), False),
        ("nt", OSError(EINVAL, "Invalid argument"), True),
        ("nt", OSError(EINVAL, "Invalid argument", "findings.txt"), False),
        ("nt", OSError(ENOSPC, "No space left"), False),
    ],
)
def test_a_reader_that_goes_away_is_known(
    system: str, error: OSError, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "os", SimpleNamespace(**{**vars(os), "name": system}))
    assert output.is_broken_pipe(error) is is_broken


# Upper and lower case


def fold_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `os` find files as on a drive that tells no case from another."""

    def found(path: object) -> str:
        here = "/"
        for name in str(path).split("/")[1:]:
            names = {each.lower(): each for each in os.listdir(here)}
            here = os.path.join(here, names.get(name.lower(), name))
        return here

    folding = vars(os) | {
        "lstat": lambda path: os.lstat(found(path)),
        "stat": lambda path: os.stat(found(path)),
    }
    for module in (context, disk, source):
        monkeypatch.setattr(module, "os", SimpleNamespace(**folding))


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("run.py", True),
        ("Run.py", False),
        ("src/1", True),
        ("SRC/1", False),
        ("src/lib.PY", False),
        ("src/lib.py", True),
        ("Src", False),
        ("", True),
    ],
)
def test_names_are_those_that_the_directory_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, is_there: bool
) -> None:
    (tmp_path / "src").mkdir()
    for name in ("run.py", "src/1", "src/lib.py"):
        (tmp_path / name).touch()
    fold_case(monkeypatch)
    top = context.Context(str(tmp_path), str(tmp_path))
    assert (top.on_disk(path) is not None) is is_there
    assert bool(top.matching(path)) is is_there


@pytest.mark.parametrize("folds", [False, True])
def test_copy_of_a_file_in_the_wrong_case(
    check: Run, monkeypatch: pytest.MonkeyPatch, folds: bool
) -> None:
    gear(Path("gear"), DOCKERFILE.replace("COPY .", "COPY Run.py manifest.json"))
    if folds:
        fold_case(monkeypatch)
    (finding,) = check("--select", "GL310", str(Path("gear").resolve())).findings
    assert "Run.py" in finding["message"]
    assert finding["help"] == 'did you mean "run.py"?'


def test_two_files_of_one_name_in_two_cases(tmp_path: Path) -> None:
    for name in ("run.py", "RUN.PY"):
        (tmp_path / name).touch()
    assert not disk.folds_case(str(tmp_path / "run.py"))


# Paths


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The paths of Windows, as far as nothing is read or written."""
    monkeypatch.setattr(ntpath, "abspath", lambda path: ntpath.join("C:\\work", path))
    own = {"path": ntpath, "sep": "\\", "getcwd": lambda: "C:\\work"}
    monkeypatch.setattr(source, "os", SimpleNamespace(**{**vars(os), **own}))


@pytest.mark.usefixtures("windows")
def test_paths_of_windows() -> None:
    assert source.relative_path("C:\\work\\gear\\run.py", "C:\\work") == "gear/run.py"
    assert source.relative_path("C:\\other", "C:\\work\\gear") == "../../other"
    assert source.relative_path("D:\\gear\\run.py", "C:\\work") == "D:/gear/run.py"
    assert source.shown_path("C:\\work\\gear\\run.py") == "gear/run.py"
    assert source.shown_path("D:\\gear\\run.py") == "D:/gear/run.py"
    assert source.top_of("D:\\gear\\run.py") == "D:\\"
    assert source.top_of("gear") == "C:\\"
    assert source.is_inside("D:\\gear\\run.py", "D:\\")
    assert source.is_inside("D:\\gear\\run.py", "D:\\gear")
    assert not source.is_inside("D:\\gears", "D:\\gear")
    assert source.is_within("/flywheel/v0", "/flywheel")
    assert not source.is_within("/flywheels", "/flywheel")


def test_the_ignore_file_is_named_by_its_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    path = SimpleNamespace(
        **{**vars(ntpath), "isfile": lambda path: path.endswith(".dockerignore")}
    )
    monkeypatch.setattr(context, "os", SimpleNamespace(**{**vars(os), "path": path}))
    assert context.Context("C:\\work\\gear", "C:\\work").ignore_name == ".dockerignore"


# What Windows does not have

# Half of a program: what is imported before this knows the system that it is on.
LACKS = """
for name in ("fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"):
    sys.modules[name] = None
for module, names in {
    os: "O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK chown fchmod fchown fork getegid geteuid"
        " getgid getpgid getuid killpg lchown mkfifo mknod nice pread sched_getaffinity setsid",
    signal: "SIGALRM SIGHUP SIGKILL SIGPIPE SIGQUIT alarm pthread_sigmask setitimer siginterrupt",
}.items():
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks = set(), set(), set()
"""

WITHOUT = f"""
import os, shutil, signal, subprocess, sys, tempfile, gearlint.core.source
{LACKS}
sys.argv[0] = "gearlint"
from gearlint.__main__ import run
run()
"""

IMPORT_TESTS = f"""
import concurrent.futures.process, git, hypothesis, importlib, multiprocessing.pool, os
import pathlib, platform, psutil, pytest, shutil, signal, subprocess, sys, tempfile, uuid
{LACKS}
sys.platform = "win32"
shutil.which = lambda *_, **__: None  # from Python 3.12 on it asks a module of Windows
import tests.conftest
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def without(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_check_fix_and_the_rest_without_what_windows_lacks() -> None:
    gear(Path("gear"), DOCKERFILE.replace("ENTRYPOINT", "RUN chmod 644 run.py\nENTRYPOINT"))
    for arguments in (["check", "gear"], ["check", "--diff", "gear"], ["check", "--fix", "gear"]):
        done = without(*arguments)
        assert "internal error" not in done.stderr, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
    assert "Fixed" in done.stderr
    assert [path.name for path in Path("gear").iterdir() if path.name.startswith(".")] == []
    for arguments in (["explain", "gear"], ["version", "gear"], ["config"], ["rule", "GL306"]):
        done = without(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments


def test_bump_without_what_windows_lacks(repository: object) -> None:
    done = without("bump", "--gear", ".")
    assert done.returncode == 0, done.stderr
    assert "1.0.0_2.0.1" in Path("manifest.json").read_text(encoding="utf-8")


def test_tests_that_are_not_left_out_can_be_imported() -> None:
    tests = PROJECT / "tests"
    left_out = [tests / each for each in LEFT_OUT]
    assert [path for path in left_out if not path.exists()] == []
    names = [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in sorted(tests.rglob("test_*.py"))
        if not any(path.is_relative_to(each) for each in (*left_out, tests / "gears"))
    ]
    command = [sys.executable, "-c", IMPORT_TESTS, *names]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("_nothing_by_descriptor")
def test_a_file_is_replaced_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old\r\n")
    rewrite(str(file), str(tmp_path), b"old\r\n", b"new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert os.listdir(tmp_path) == ["file"]


@pytest.fixture
def _nothing_by_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"name": "nt", "supports_dir_fd": set()}
    monkeypatch.setattr(atomic, "os", SimpleNamespace(**{**vars(os), **own}))


# Consoles


@pytest.mark.parametrize(
    ("encoding", "format_"),
    [
        ("cp1252", "full"),
        ("cp437", "full"),
        ("cp1252", "json"),
        ("cp1252", "junit"),
        ("cp1252", "html"),
    ],
)
def test_any_console_prints_what_is_found(encoding: str, format_: str) -> None:
    gear(Path("gear"))
    manifest = json.loads(Path("gear/manifest.json").read_text())
    manifest["label"] = "→ é 中 " * 30
    manifest["license"] = "é→中"
    Path("gear/manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gearlint", "check", "--output-format", format_, "gear"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout
    # What programs read is UTF-8 everywhere, what people read as their console has it.
    done.stdout.decode(encoding if format_ == "full" else "utf-8")
