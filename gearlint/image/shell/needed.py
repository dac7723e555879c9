"""What a command of a RUN cannot do without: itself, and what `pip install -r FILE` reads."""

import posixpath
from collections.abc import Iterator
from contextlib import suppress

from gearlint.core.lazy import regex
from gearlint.image.bases import PROGRAMS
from gearlint.image.launch import Argument, Launch, meant_program
from gearlint.image.shell.step import Invocation, Step, StepFailedError

_PIP = regex(r"pip[0-9.]*\Z")
_RUNS_FILE = regex(r"(?:python[0-9.]*|(?:ba|da|)sh|Rscript|perl)\Z")
_SCRIPT = regex(r"[\w./+-]+\.(?:py|sh|bash|R|r|pl)\Z")
_MODULE = ("-m", "pip")


def need_program(step: Step, call: Invocation) -> None:
    """The step fails where the program is one that gears use, and certainly not on PATH.

    Each program is reported once: what is to be done about it helps the later steps too.
    """
    name = call.name
    meant = None if name in PROGRAMS else meant_program(name)
    if (name not in PROGRAMS and meant is None) or not step.would_fail(call):
        return
    if step.image.base is None or call.by_sudo:  # nothing is known; it has a PATH of its own
        return
    path = step.shell.value("PATH")
    started = Launch((Argument(name, 0, 0),), step.shell.cwd, path, by_shell=True)
    if name in step.image.missed_programs or not started.is_nowhere(step.image):
        return
    step.image.missed_programs.add(name)
    is_2 = name == "python" and step.image.has_program("python3")
    advice = "install it in a step before this one" if meant is None else f"write {meant}"
    with suppress(StepFailedError):  # what is after it is replayed as it was meant
        step.stop(call, f"{name} is not in the image", advice="write python3" if is_2 else advice)


def need_code(step: Step, call: Invocation) -> None:
    """The step fails where a script, or a list of packages, is certainly not there."""
    for path, what in _needed(call):
        with suppress(StepFailedError):  # what is after it is replayed as it was meant
            step.need(call, path, what)


def _needed(call: Invocation) -> Iterator[tuple[str, str]]:
    """Each path, with what is done with it in words."""
    name, args = posixpath.basename(call.name), call.args
    if "/" in call.name and _SCRIPT.match(call.name):
        yield call.name, "it starts"
    if _RUNS_FILE.match(name):
        if args[:2] == _MODULE:
            name, args = "pip", args[2:]
        elif args and call.complete[0] and _SCRIPT.match(args[0]):
            yield args[0], f"{name} starts"
    if name == "uv" and args[:1] == ("pip",):
        name, args = "pip", args[1:]
    if _PIP.match(name) and args[:1] == ("install",):
        for path in _requirements(args):
            yield path, "pip install reads"


def _requirements(args: tuple[str, ...]) -> Iterator[str]:
    """The files that `-r` and `-c` name; addresses are none."""
    for option, value in zip(args, (*args[1:], ""), strict=True):
        path = ""
        if option in ("-r", "--requirement", "-c", "--constraint"):
            path = value
        elif option.startswith(("--requirement=", "--constraint=")):
            path = option.partition("=")[2]
        elif option.startswith(("-r", "-c")):
            path = option[2:].removeprefix("=")
        if path and ":" not in path and not path.startswith("-"):
            yield path
