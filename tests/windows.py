"""On Windows: which tests are left out, and which are skipped once they come to what it lacks."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

LEFT_OUT = [
    "cli/test_completion.py",  # terminals, shells
    "cli/test_processes.py",  # sh, signals
    "cli/test_terminal.py",  # terminals
    "e2e",  # images of Linux
    "fuzz",  # limits of time and memory by signals and /proc
    "release/test_bump_killed.py",  # signals
    "release/test_full_disk.py",  # FIFOs, limits of the size of files
    "release/test_hanging.py",  # FIFOs, signals
    "test_hostile_repository.py",  # strace, FIFOs
    "test_memory.py",  # limits of memory
]
"""Tests, from here, that are of other systems altogether."""

_INVALID_NAME = 123
"""What Windows says of a file name with `"`, `*` or a control character."""
_MISSING = ("chown", "fork", "getxattr", "killpg", "mkfifo", "setxattr")


def read_and_write_as_elsewhere() -> None:
    """Texts of tests are UTF-8 and keep their line ends, as where gears are written."""
    write, read = Path.write_text, Path.read_text

    def write_text(self: Path, data: str, encoding: str = "utf-8", **more: str) -> int:
        return write(self, data, encoding=encoding, **{"newline": "", **more})

    def read_text(self: Path, encoding: str = "utf-8", errors: str | None = None) -> str:
        return read(self, encoding, errors)

    setattr(Path, "write_text", write_text)  # noqa: B010
    setattr(Path, "read_text", read_text)  # noqa: B010


def skip_what_is_missing() -> None:
    """Skip a test that calls what Windows does not have, or takes an executable bit away."""

    def skip(*_: object, **__: object) -> None:
        pytest.skip("Windows does not have it")

    chmod = os.chmod

    def chmod_or_skip(path: "str | os.PathLike[str]", mode: int, **options: bool) -> None:
        if not mode & 0o111 and not Path(path).is_dir():
            pytest.skip("Windows has no executable bits")
        chmod(path, mode, **options)

    for name in _MISSING:
        setattr(os, name, skip)
    setattr(signal, "SIGKILL", signal.SIGTERM)  # noqa: B010  # os.kill ends a process by each
    setattr(os, "geteuid", lambda: -1)  # noqa: B010
    setattr(os, "chmod", chmod_or_skip)  # noqa: B010


@pytest.hookimpl(wrapper=True)
def skip_names_that_it_has_not() -> Generator[None, object, object]:
    """Skip a test that makes a file of a name that no file has there."""
    try:
        return (yield)
    except OSError as error:
        if getattr(error, "winerror", 0) == _INVALID_NAME:
            pytest.skip("no file of Windows has such a name")
        raise
