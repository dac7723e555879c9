"""What a command of a RUN cannot do without: itself, its script, a function of its shell."""

import posixpath
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import PROGRAMS
from gearlint.image.launch import Argument, Launch, meant_program
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.step import Invocation, Step
from gearlint.image.shell.system_packages import OF_ROOT
from gearlint.syntax.shell.command_line import SH_LIKE

_RUNS_FILE = regex(r"(?:python[0-9.]*|Rscript|perl)\Z")
_SCRIPT = regex(r"[\w./+-]+\.(?:py|sh|bash|R|r|pl)\Z")
_MANAGERS = {
    "alpine": "apk", "amazon": "yum", "debian": "apt-get", "rhel": "dnf or yum",
    "ubuntu": "apt-get",
}  # fmt: skip
"""The package manager of each family."""
_OF_SYSTEM = regex(r"/(?:usr/(?:local/)?)?s?bin\Z")
INSTALL_BEFORE = "install it in a step before this one"
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
    missed, is_needed = step.image.missed_programs, step.would_fail(call) and not call.by_sudo
    if name in OF_ROOT and name not in missed and is_needed and _has_no_system(step):
        what = f"{name} is not found, as PATH leaves out the directories of the system"
        step.report(call, what, "write :$PATH at the end of the PATH that ENV sets")
        missed.update(OF_ROOT)
        return
    meant = None if name in PROGRAMS else meant_program(name)
    if (name in PROGRAMS or meant is not None) and is_missed(step, call, name):
        what = f"{name} is not in the image"
        step.report(call, what, f"write {meant}" if meant else _instead(step, name))


def _has_no_system(step: Step) -> bool:
    """Whether PATH has nothing in which a program of a known distribution is."""
    path = step.shell.value("PATH") if step.image.base is not None else UNKNOWN
    if not isinstance(path, str) or reads_profile(step):
        return False
    return all(_is_of_others(step, directory) for directory in path.split(":") if directory)


def _is_of_others(step: Step, directory: str) -> bool:
    """Whether a directory of PATH is certainly none of the system, nor a link to one."""
    path = step.absolute(directory)
    if path is None:
        return False
    path = step.files.resolved(posixpath.normpath(path))
    node = step.files.find(path)
    is_known = node is None or isinstance(node, Directory) or step.image.is_of_base(path)
    return is_known and _OF_SYSTEM.match(path) is None


def is_missed(step: Step, call: Invocation, name: str) -> bool:
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
        return "leave it out: the step runs as root" if step.image.is_root else INSTALL_BEFORE
    if name in OF_ROOT and base is not None and base.family in _MANAGERS:
        return f"use {_MANAGERS[base.family]}, which this image has"
    return INSTALL_BEFORE


def reads_profile(step: Step) -> bool:
    """Whether the shell may read files of its own first, which set PATH."""
    shell = step.image.shell
    return isinstance(shell, Unknown) or any(map(OF_PROFILE.match, shell[1:]))


def need_scripts(step: Step, call: Invocation) -> None:
    """The step fails where a script that it starts is certainly not there, or not executable."""
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


def need_answer_of_r(step: Step, call: Invocation) -> None:
    """The step fails where R would ask whether to save its workspace, as in `R < install.R`.

    Or where it stops at the code that it is given by `-e`.
    """
    program = posixpath.basename(call.name)
    if program not in ("R", "Rscript") or not all(call.complete):
        return
    from gearlint.image.start_of_r import refused_code, stops_at_once

    codes = [code for option, code in call.followed if option == "-e"]
    if codes and (why := refused_code("\n".join(codes))):
        advice = "put the code in single quotes, and what is quoted in it in double ones"
        step.report(call, f"{call.name} -e stops at its code: {why}", advice)
    if program == "R" and stops_at_once(call.args):
        ignored = f"R ignores {call.operands[0]}, and stops" if call.operands else ""
        what = ignored or "R stops, as nothing says whether to save its workspace"
        step.report(call, what, "write Rscript FILE, or R --no-save < FILE")


def need_shell_function(step: Step, call: Invocation) -> None:
    """The step fails where `conda activate` is the program, as no file has set up its function."""
    if call.name not in CONDAS or call.args[:1] != ("activate",):
        return
    shell = step.image.shell
    if isinstance(shell, Unknown) or reads_profile(step):
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
