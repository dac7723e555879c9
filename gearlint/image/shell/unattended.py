"""What a RUN cannot do as nobody is there: answer a question, or use what a login shell sets up."""

import posixpath

from gearlint.core.lazy import regex
from gearlint.core.unknown import Unknown
from gearlint.image.nodes import Directory
from gearlint.image.shell.step import GOES_ON, NOTHING_TO_READ, Input, Invocation, Step
from gearlint.syntax.shell.command_line import SH_LIKE

_APT = ("apt", "apt-get")
_YUM = ("dnf", "yum")
_LEAVES_QUESTION = regex(r"-(?:[fmq]|-quiet|-fix-missing|-fix-broken|-no-install-[\w-]+)\Z")
"""Options with which a package manager still asks."""
_BRINGS_OTHERS = frozenset((
    "ffmpeg", "jq", "libgl1-mesa-glx", "python3-pip", "software-properties-common", "vim", "xvfb",
))  # fmt: skip
"""Packages that no official image has, nor all that they need."""
_BRINGS_OTHERS_TO_DISTRIBUTIONS = frozenset((
    "build-essential", "cmake", "g++", "gcc", "gfortran", "python3-dev", "python3-venv", "r-base",
))  # fmt: skip
"""Likewise of an image that is a distribution alone."""
_PROGRAMS_THAT_BRING_OTHERS = ("curl", "git", "npm", "octave", "python3", "ruby")
"""Programs whose package has their name, and needs others that an image without it lacks too."""
_NOT_ASKED = ("update", "upgrade", "dist-upgrade", "clean")
CONDAS = ("conda", "mamba", "micromamba")
"""What activates an environment, by a function that it has to set up in the shell."""
_SETS_UP = regex(r"(?:\A|[\s;&|({'\"])(?:\.|source|eval)\s")
OF_PROFILE = regex(r"-\w*[li]|--(?:login|rcfile|init-file)")
"""An option of a shell with which it reads a file that may set up others."""


def need_answer(step: Step, call: Invocation, given: Input) -> None:
    """The step fails where a package manager asks whether to go on, and reads no answer.

    apt asks where it installs more than it is given, dnf and yum always.
    """
    name = posixpath.basename(call.name)
    command, *packages = call.operands or [""]
    if name not in (*_APT, *_YUM) or command != "install" or given != NOTHING_TO_READ:
        return
    if not all(map(_LEAVES_QUESTION.match, call.options)) or not _asks(step, name, packages):
        return
    with GOES_ON:
        what = f"{name} install asks whether to go on, and nobody answers"
        step.stop(call, what, advice=f"write {name} install -y")


def _asks(step: Step, name: str, packages: list[str]) -> bool:
    """Whether a package manager that nothing has set up otherwise certainly asks."""
    base, image = step.image.base, step.image
    if base is None or base.top_level is None or image.foreign is not None:
        return False
    if "<" in step.instruction.value or step.shell.value("APT_CONFIG") is not None:
        return False
    if image.has_own_settings or isinstance(step.files.find("/etc/apt"), Directory):
        return False  # they may answer
    lacking = {each for each in _PROGRAMS_THAT_BRING_OTHERS if base.programs.get(each) is False}
    if name in _YUM:
        new = lacking - image.packages
        return base.family == "rhel" and not new.isdisjoint(packages)
    if base.family not in ("debian", "ubuntu") or not image.packages.issubset(_NOT_ASKED):
        return False
    added = _BRINGS_OTHERS_TO_DISTRIBUTIONS if base.name == base.family else frozenset()
    return image.has_package_lists and not (lacking | _BRINGS_OTHERS | added).isdisjoint(packages)


def need_shell_function(step: Step, call: Invocation) -> None:
    """The step fails where `conda activate` is the program, as no file has set up its function."""
    if call.name not in CONDAS or call.args[:1] != ("activate",):
        return
    shell = step.image.shell
    if isinstance(shell, Unknown) or any(map(OF_PROFILE.match, shell[1:])):
        return
    is_bash = posixpath.basename(shell[0]) == "bash"
    if is_bash and step.shell.value("BASH_ENV") is not None:
        return
    text = step.instruction.value
    if posixpath.basename(shell[0]) not in SH_LIKE or _SETS_UP.search(text) or step.scripts:
        return
    name = call.args[1] if len(call.args) == 2 and all(call.complete) else "NAME"
    instead = f"{call.name} run {'-p' if '/' in name else '-n'} {name}"
    with GOES_ON:
        step.stop(
            call,
            not_set_up(call.name),
            advice=f"start the programs of the environment by {instead}",
        )


def not_set_up(conda: str) -> str:
    """What is wrong where a program of `CONDAS` activates an environment without its function."""
    return f"{conda} activate works only in a shell that {conda} has set up"
