"""Starts a program in the root directory of an image, as Docker's runc does. Run on its own.

    python starter.py ROOT DIRECTORY VARIABLES PROGRAM ARGUMENT...

VARIABLES is the environment as JSON. The program is looked up as Go's `exec.LookPath` has it, and
nothing takes a file without `#!` for a script of the shell.
"""

import ctypes
import json
import os
import stat
import sys


def look_up(program: str, path: str) -> str | None:
    """The file that is run: for a bare name the first one on PATH that is executable."""
    if "/" in program:
        return program if is_executable(program) else None
    for directory in path.split(":"):
        candidate = os.path.join(directory or ".", program)
        if is_executable(candidate):
            # Go refuses what it finds in the working directory.
            return candidate if candidate.startswith("/") else None
    return None


def is_executable(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return False
    return not stat.S_ISDIR(mode) and bool(mode & 0o111)


def mount_proc(root: str) -> None:
    """Mount /proc, for this process alone; without it busybox runs no script without `#!`."""
    new_mounts, private, recursive = 0x20000, 0x40000, 0x4000
    libc = ctypes.CDLL(None)
    os.makedirs(f"{root}/proc", exist_ok=True)
    libc.unshare(new_mounts)
    libc.mount(b"none", b"/", None, private | recursive, None)
    libc.mount(b"proc", f"{root}/proc".encode(), b"proc", 0, None)


def main() -> None:
    root, directory, variables, *argv = sys.argv[1:]
    environment = json.loads(variables)
    mount_proc(root)
    os.chroot(root)
    os.makedirs(directory, exist_ok=True)  # as Docker does before it starts a container
    os.chdir(directory)
    program = look_up(argv[0], environment.get("PATH", ""))
    if program is None:
        sys.exit(f"exec: {argv[0]!r}: executable file not found in $PATH, or permission denied")
    try:
        os.execve(program, argv, environment)
    except OSError as error:
        sys.exit(f"exec {program}: {error.strerror}")


main()
