"""What a command of a RUN cannot do without: itself, its code, a Python or shell set up for it."""

import posixpath
import re
from collections.abc import Iterator
from itertools import dropwhile

from gearlint.core.lazy import regex
from gearlint.core.unknown import Unknown
from gearlint.image.bases import DEFAULT_PATH, PROGRAMS
from gearlint.image.launch import Argument, Launch, meant_program
from gearlint.image.nodes import File
from gearlint.image.shell.installers import PIP
from gearlint.image.shell.requirements import (
    FLAG,
    files_named,
    has_git,
    need_project,
    need_valid_file,
    need_valid_words,
)
from gearlint.image.shell.step import Invocation, Step
from gearlint.image.shell.system_packages import OF_ROOT, is_of_base
from gearlint.syntax.shell.command_line import SH_LIKE

_RUNS_FILE = regex(r"(?:python[0-9.]*|Rscript|perl)\Z")
_SCRIPT = regex(r"[\w./+-]+\.(?:py|sh|bash|R|r|pl)\Z")
_MODULE = ("-m", "pip")
_OF_PIP = ("pip", "pip3", "python", "python3")
"""What installs packages to the Python that the system has."""
_MANAGERS = {
    "alpine": "apk", "amazon": "yum", "debian": "apt-get", "rhel": "dnf or yum",
    "ubuntu": "apt-get",
}  # fmt: skip
"""The package manager of each family."""
_BEFORE = "install it in a step before this one"
_FREES_PYTHON = regex(r"EXTERN|break_system|(?<!--)break-system", re.IGNORECASE)
_NOT_FOR_SYSTEM = regex(r"-\w*[th]|--(?:br|ta|prefix|root(?:=|\Z)|py|dry|help)")
"""Options with which pip does not install to the Python that it belongs to."""
_PACKAGES_OF_PIP = frozenset(("python3-pip", "py3-pip", "py-pip"))
_OTHER_PYTHON = regex(r"python3\.|/")
_VARIABLES_OF_PIP = (
    "BASH_ENV", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_CONFIG_FILE", "PIP_PREFIX", "PIP_ROOT",
    "PIP_TARGET", "XDG_CONFIG_HOME",
)  # fmt: skip
_FILES_OF_PIP = (
    "/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/root/.config/pip/pip.conf", "/root/.pip/pip.conf",
    "/usr/bin/pip", "/usr/bin/pip3", "/usr/bin/python3",
    "/usr/local/bin/pip", "/usr/local/bin/pip3", "/usr/local/bin/python", "/usr/local/bin/python3",
)  # fmt: skip
"""What would have pip install, or be another one, where it is not of the base image."""
CONDAS = ("conda", "mamba", "micromamba")
"""What activates an environment, by a function that it has to set up in the shell."""
_SETS_UP = regex(r"(?:\A|[\s;&|({'\"])(?:\.|source|eval)\s")
OF_PROFILE = regex(r"-\w*[li]|--(?:login|rcfile|init-file)")
"""An option of a shell with which it reads a file that may set up others."""


def need_program(step: Step, call: Invocation) -> None:
    """The step fails where the program is one that gears use, and certainly not on PATH.

    Each program is reported once: what is to be done about it helps the later steps too.
    """
    name = call.name
    meant = None if name in PROGRAMS else meant_program(name)
    if (name in PROGRAMS or meant is not None) and _is_missed(step, call, name):
        what = f"{name} is not in the image"
        step.report(call, what, f"write {meant}" if meant else _instead(step, name))


def _is_missed(step: Step, call: Invocation, name: str) -> bool:
    """Whether the step fails as it needs a program that is not there: true once for each."""
    image = step.image
    if not step.would_fail(call) or image.base is None or call.by_sudo:
        return False  # or nothing is known; sudo has a PATH of its own
    path = step.shell.value("PATH")
    started = Launch((Argument(name),), step.shell.cwd, path, by_shell=True)
    if name in image.missed_programs or not started.is_nowhere(image):
        return False
    image.missed_programs.add(name)
    return True


def _instead(step: Step, name: str) -> str:
    """What to do about a program that is not there."""
    base = step.image.base
    if name == "python" and step.image.has_python3:
        return "write python3"
    if name == "sudo":
        return "leave it out: the step runs as root" if step.image.is_root else _BEFORE
    if name in OF_ROOT and base is not None and base.family in _MANAGERS:
        return f"use {_MANAGERS[base.family]}, which this image has"
    return _BEFORE


def note_free_python(step: Step) -> None:
    """The step takes away the file that has pip refuse, or has pip ignore it."""
    base = step.image.base
    if base is not None and base.refuses_pip:
        step.image.has_free_python |= any(map(_FREES_PYTHON.search, step.instruction.texts))


def need_free_python(step: Step, call: Invocation) -> None:
    """The step fails where pip may not install to the Python of the distribution's packages."""
    base, image = step.image.base, step.image
    if base is None or not base.refuses_pip or image.has_free_python or image.foreign is not None:
        return
    args = _arguments_of_install(call) if call.name in _OF_PIP else ()
    if not args or any(map(_NOT_FOR_SYSTEM.match, args)) or not all(call.complete):
        return
    if image.is_root is not True or "HOME" in image.environment or _reads_profile(step):
        return
    packages = image.packages  # of which `python3.9`, or an alternative, is another Python
    if not packages & _PACKAGES_OF_PIP or any(map(_OTHER_PYTHON.search, packages)):
        return
    is_set = any(step.shell.value(name) is not None for name in _VARIABLES_OF_PIP)
    if is_set or step.shell.value("PATH") != DEFAULT_PATH:
        return
    if not all(is_of_base(step, path) for path in _FILES_OF_PIP):
        return
    what = "pip refuses to install: the Python of this image is for its package manager (PEP 668)"
    step.report(call, what, "make a virtual environment, or add --break-system-packages")
    image.has_free_python = True  # said once


def _reads_profile(step: Step) -> bool:
    """Whether the shell may read files of its own first, which set PATH."""
    shell = step.image.shell
    return isinstance(shell, Unknown) or any(map(OF_PROFILE.match, shell[1:]))


def need_code(step: Step, call: Invocation) -> None:
    """The step fails where a script, or a list of packages, is certainly not there."""
    arguments = _arguments_of_install(call)
    if arguments:
        need_valid_words(step, call, arguments)
        need_project(step, call, arguments)
        lists = list(files_named(arguments))
        needs_git = [has_git(word) for word in arguments]
        needs_git += [need_valid_file(step, call, path) for path in lists]
        if any(needs_git) and call.name != "uv" and _is_missed(step, call, "git"):
            step.report(call, "pip needs git, which is not in the image", _BEFORE)
        for path in lists:
            step.need(call, path, "pip install reads")
    for path, what in _scripts(call):
        step.need(call, path, what)
    _need_executable(step, call)


def _need_executable(step: Step, call: Invocation) -> None:
    """The step fails where a file is started that is certainly not executable."""
    path = step.absolute(call.name) if "/" in call.name else None
    node = step.files.find(path) if path else None
    if path is not None and isinstance(node, File) and node.is_executable is False:
        what = f"it starts {posixpath.normpath(path)}, which is not executable"
        step.report(call, what, f"add chmod +x {call.name} before it")


def _scripts(call: Invocation) -> Iterator[tuple[str, str]]:
    """The paths of the scripts that are started, each with what is done with it in words."""
    name, args = posixpath.basename(call.name), call.args
    if "/" in call.name and _SCRIPT.match(call.name):
        yield call.name, "it starts"
    is_script = bool(args) and call.complete[0] and _SCRIPT.match(args[0]) is not None
    if is_script and (name in SH_LIKE or _RUNS_FILE.match(name)):
        yield args[0], f"{name} starts"


def _arguments_of_install(call: Invocation) -> tuple[str, ...]:
    """The words of a `pip install` from `install` on; none of another command."""
    name, args = posixpath.basename(call.name), call.args
    if _RUNS_FILE.match(name) and args[:2] == _MODULE:
        name, args = "pip", args[2:]
    if name == "uv" and args[:1] == ("pip",):
        name, args = "pip", args[1:]
    args = tuple(dropwhile(FLAG.match, args))
    return args if PIP.match(name) and args[:1] == ("install",) else ()


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
    advice = f"start the programs of the environment by {instead}"
    step.report(call, not_set_up(call.name), advice)


def not_set_up(conda: str) -> str:
    """What is wrong where a program of `CONDAS` activates an environment without its function."""
    return f"{conda} activate works only in a shell that {conda} has set up"
