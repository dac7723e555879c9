"""Runs a sub-command: its streams, its errors, its exit code. Imports it when it runs."""

import os
import sys
from collections.abc import Sequence
from io import RawIOBase
from types import SimpleNamespace

from gearlint.cli.output import BROKEN_PIPE, FAILED, INTERRUPTED, is_broken_pipe, print_error
from gearlint.core.errors import GearlintError

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

CHECK: "dict[str, Any]" = {
    "command": "check", "config": None, "select": None, "extend_select": None, "ignore": None,
    "fail_on": None, "fix": False, "unsafe_fixes": False, "diff": False, "add_ignores": False,
    "reason": None, "exit_zero": False, "stdin_filename": None, "show_files": False,
    "statistics": False, "jobs": None, "output_format": None, "output_file": None, "quiet": False,
    "color": "auto", "debug": False,
}  # fmt: skip
"""The arguments of `gearlint check` where no option is given, but for the paths."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run gearlint with the arguments, those of the process by default; returns the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        _prepare_streams()
        return _run(parsed(argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        code = BROKEN_PIPE if is_broken_pipe(error) else FAILED
        if code == FAILED:  # a full disk, a closed stdout
            from contextlib import suppress

            with suppress(OSError):
                print_error(
                    f"{error.filename or 'cannot go on'}: {error.strerror or 'stdout is closed'}"
                )
    # What is left in the buffers must not be flushed at exit.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


def parsed(argv: Sequence[str]) -> "Namespace":
    """The arguments, as the parser reads them; it exits where they are wrong.

    Making the parser takes as long as checking a gear. It is not needed for paths alone, with
    `--changed-files` as pre-commit gives it: tests/cli/test_parser.py compares the two. What begins
    as an option or a rule may be no path.
    """
    command, *others = argv or ("",)
    changed_files = others[:1] == ["--changed-files"]
    paths = others[changed_files:]
    if command == "check" and not any(path.startswith(("-", "GL", "gl")) for path in paths):
        plain: Any = SimpleNamespace(**CHECK, changed_files=changed_files, paths=paths)
        return plain  # type: ignore[no-any-return]
    from gearlint.cli.parser import parser_for

    if command == "help":  # which argparse does not know
        argv = [*argv[1:2], "--help"]
    parser = parser_for(*argv[:1])
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        sys.exit(FAILED)
    return arguments


def _run(arguments: "Namespace") -> int:
    try:
        # Not by importlib, which imports what nothing else here needs.
        command = getattr(
            __import__("gearlint.cli", fromlist=[arguments.command]), arguments.command
        )
        code: int = command.run(arguments)
        sys.stdout.flush()
    except OSError:
        raise
    except Exception as error:
        message = str(error)
        if not isinstance(error, GearlintError):
            message = f"internal error, please report it: {type(error).__name__}: {message}"
        from contextlib import suppress

        with suppress(OSError):
            if arguments.debug:
                _print_traceback()
            print_error(message)
        return FAILED
    return code


def _print_traceback() -> None:
    import traceback

    from gearlint.core.text import escaped

    for line in traceback.format_exc().splitlines():
        print(escaped(line), file=sys.stderr)


def _prepare_streams() -> None:
    """Let no output fail for its characters, and open what the caller has closed.

    Else a file that is opened later would get the number of stdout or stderr. What is written to a
    closed stdout fails, as on a full disk. With PYTHONUNBUFFERED, Python would lose without a word
    what a pipe or a disk does not take at once.
    """
    for name, mode in (("stdin", "r"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    if isinstance(getattr(sys.stdout, "buffer", None), RawIOBase):
        descriptor = sys.stdout.fileno()
        sys.stdout = open(descriptor, "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
