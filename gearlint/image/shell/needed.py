"""What a command of a RUN reads and cannot do without: `pip install -r FILE`, `python FILE`."""

import posixpath
from collections.abc import Iterator
from contextlib import suppress

from gearlint.core.lazy import regex
from gearlint.image.shell.step import Invocation, Step, StepFailedError

_PIP = regex(r"pip[0-9.]*\Z")
_RUNS_FILE = regex(r"(?:python[0-9.]*|(?:ba|da|)sh|Rscript|perl)\Z")
_SCRIPT = regex(r"[\w./+-]+\.(?:py|sh|bash|R|r|pl)\Z")
_MODULE = ("-m", "pip")


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
