"""Runs git, by GitPython, and says in one line why a command of it failed. Knows no repository."""

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.text import quoted

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from git.cmd import Git

READING = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
READING_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
}
"""With these, reading runs nothing of a repository's own: no fsmonitor, no transport."""

_LOOKING = 1.0
"""Seconds after which it is looked again whether git has ended, though its output is open."""


class GitError(GearlintError):
    """A git command that failed; `output` is all that it, or a hook of it, said."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class GitTimeoutError(GearlintError):
    """A git command, or a hook of it, that did not end in time, and was ended with all below it."""

    output = ""


def git_in(directory: str) -> "Git":
    """GitPython's way to git, working in a directory."""
    # Without git, GitPython would fail where it is imported, and at length.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    from git.cmd import Git

    return Git(directory)


def execute(
    git: "Git",
    arguments: Sequence[str],
    environment: Mapping[str, str],
    seconds: float,
    inherited: Sequence[int] = (),
) -> str:
    """What a git command prints, without the end of its last line.

    `inherited` are file descriptors that it and its children keep open. Raises GearlintError where
    there is no git, GitError where it fails, and GitTimeoutError after so many seconds.
    """
    from git.exc import GitCommandNotFound

    _confirm_arguments(arguments)
    try:
        running = git.execute(
            [git.GIT_PYTHON_GIT_EXECUTABLE or "git", *arguments],
            as_process=True,
            env=environment,
            pass_fds=tuple(inherited) if os.name != "nt" else (),
        )
    except GitCommandNotFound:
        raise GearlintError("git is not installed, or not on PATH") from None
    process = running.proc
    assert process is not None  # noqa: S101
    return printed(process, arguments, seconds)


def printed(process: "subprocess.Popen[bytes]", arguments: Sequence[str], seconds: float) -> str:
    """What a git that is running prints; raises as `execute`."""
    try:
        out, error = _output(process, seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise GitTimeoutError(
            f"git {_name_of(arguments)}: did not end within {seconds:g} seconds, and was ended"
        ) from None
    except BaseException:  # an interrupt: git must not go on with what is then undone
        _end(process)
        raise
    if process.returncode:
        raise _error_of(arguments, process.returncode, out, error)
    return _text(out)


def _end(process: "subprocess.Popen[bytes]") -> None:
    from gearlint.release.processes import end  # for what goes wrong only

    end(process)


def _output(process: "subprocess.Popen[bytes]", seconds: float) -> tuple[bytes, bytes]:
    """What a process prints until it ends; raises TimeoutExpired after so many seconds.

    A program that a hook left running may have its output open, and is not waited for.
    """
    until, has_ended = time.monotonic() + seconds, False
    while True:
        left = max(0, until - time.monotonic())
        try:
            return process.communicate(timeout=min(left, _LOOKING))
        except subprocess.TimeoutExpired as waiting:
            # On Windows it does not come with what was printed so far.
            if has_ended and os.name != "nt":
                return waiting.output or b"", waiting.stderr or b""
            if left == 0:
                raise
            has_ended = process.poll() is not None


def _error_of(arguments: Sequence[str], code: int, out: bytes, error: bytes) -> GitError:
    """Why a git command failed, in one line, with what it printed."""
    texts = [_text(stream[-limits.GIT_OUTPUT_BYTES :]) for stream in (out, error)]
    lines = [line.strip() for line in re.split(r"[\r\n]", texts[1]) if line.strip()]
    reasons = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    silent = f"exit code {code} without a word, as of a hook that refuses it"
    reason = (reasons or lines[-1:] or [silent])[0].rstrip(":")
    reason = reason.removeprefix("fatal: ").removeprefix("error: ")
    return GitError(f"git {_name_of(arguments)}: {reason}", "\n".join(filter(None, texts)))


def _name_of(arguments: Sequence[str]) -> str:
    return next(word for word in arguments if not word.startswith("-") and "=" not in word)


def _confirm_arguments(arguments: Sequence[str]) -> None:
    """Refuse a text, as of a gear's name, that no program can be given."""
    for argument in arguments:
        try:
            is_sound = b"\0" not in os.fsencode(argument)
        except UnicodeEncodeError:
            is_sound = False
        if not is_sound:
            raise GitError(
                f"git cannot be given {quoted(argument)}: U+0000 or half a surrogate pair"
            )


def _text(output: bytes) -> str:
    """What git prints, without the end of its last line."""
    return os.fsdecode(output).removesuffix("\n")
