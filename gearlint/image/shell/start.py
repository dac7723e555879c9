"""What one command of a RUN does: which of the known commands it is, or what it may have done."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory
from gearlint.image.shell.conditions import need_file
from gearlint.image.shell.distributions import note_other_installers
from gearlint.image.shell.downloads import FETCHERS
from gearlint.image.shell.file_commands import FILE_COMMANDS, TAKES_GLOBS
from gearlint.image.shell.found_files import found_by, of_exec, of_xargs
from gearlint.image.shell.harmless import HARMLESS
from gearlint.image.shell.installers import install
from gearlint.image.shell.needed import (
    need_answer_of_r,
    need_program,
    need_scripts,
    need_shell_function,
)
from gearlint.image.shell.pip import need_free_python, need_installable
from gearlint.image.shell.programs import start_code
from gearlint.image.shell.readers import COMPRESSORS, need_files
from gearlint.image.shell.step import NOTHING_TO_READ, Input, Invocation, Step
from gearlint.image.shell.system_packages import (
    need_answer,
    need_lists,
    need_root,
    note_lists_removed,
)
from gearlint.image.shell.text_tools import TEXT_TOOLS
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.image.wrappers import is_wrapper, wrapped
from gearlint.syntax.dockerfile import INSTRUCTIONS
from gearlint.syntax.shell.command_line import SH_LIKE
from gearlint.syntax.shell.expansion import HOLE

SETS_ERREXIT = regex(r"\bset\s+(?:\S+\s+)*-\w*[eu]|errexit")
"""A text that makes its shell stop where a command fails."""
_ENDS_SHELL = regex(r"\b(?:exit|exec|return)\b")
"""Not `source`: what a script sources in its turn is looked at there."""
_TOOLS = {**FETCHERS, **TEXT_TOOLS, **COMPRESSORS}
_SETS_SH = {"dpkg-reconfigure": "dash", "update-alternatives": "/bin/sh"}
"""What sets another shell as `/bin/sh`, with the argument by which it does."""
_MAKES_USER = ("adduser", "useradd", "usermod")
_USERADD_VALUED = regex(r"-[a-zA-Z]*[bcdefgGKpsuZ]\Z|--[a-z]+\Z(?<!--create-home)(?<!--system)")
"""The options of useradd that take a value."""
_SKELETON = frozenset((".bash_logout", ".bash_profile", ".bashrc", ".cshrc", ".emacs", ".profile"))
"""What distributions have in `/etc/skel`."""
_MAKES_OWNERS = ("cp", "install")
_MAY_BE_ROOT = regex(r" (?:-o|--non-unique|-[a-z]*u0(?: |\Z)|-[a-z]*u (?![1-9][0-9]*(?: |\Z)))")
"""Options of `useradd` by which a user may be root by another name."""
_RUNS_CODE = regex(
    r"(?:g?make|cmake|ninja|xargs|find|python[0-9.]*|Rscript|perl|node|ant|mvn|gradle|"
    rf"{'|'.join(SH_LIKE)})\Z"
)
"""Programs that run what is written in the gear's own files, which may do anything anywhere."""


def start(step: Step, call: Invocation, given: Input = NOTHING_TO_READ) -> None:
    """A command with its arguments; `given` is what it reads."""
    step.files.visit(len(call.args))
    if step.files.budget.is_spent:
        step.anything()
        return
    call = _behind_wrappers(step, call)
    name = posixpath.basename(call.name)
    # /usr/bin/sh is the same where /bin is a link to /usr/bin.
    if call.args[-1:] == ("/usr/bin/sh",) or _SETS_SH.get(name) in call.args:
        step.files.doubt("/bin/sh")  # which may be bash then
    if name in ("find", "xargs") and all(call.complete):
        on_found = _on_found(step, call, given, name)
        if on_found is not None:
            start(step, on_found)
            return
    note_lists_removed(step, call)
    if name == "rm":  # what may be taken away is still thought to be there
        call = call.without_unknown_words()
    if call.name in step.functions:
        step.lines.call_function(step, call)
    elif name in FILE_COMMANDS and call.name in (name, f"/bin/{name}", f"/usr/bin/{name}"):
        call = call._replace(name=name)
        if name in _MAKES_OWNERS:
            step.image.lines_of_root.clear()
        if name != "cd" and not all(call.complete) and name not in TAKES_GLOBS:
            _partly_known(step, call)
        else:
            FILE_COMMANDS[name](step, call)
    elif not _is_known(step, call, name, given) and not start_code(step, call, given):
        _foreign(step, call)


def _on_found(step: Step, call: Invocation, given: Input, name: str) -> Invocation | None:
    """The command that `find` or `xargs` starts with all that is found, if that is known."""
    if name == "xargs":
        return of_xargs(step, call, given)
    found = found_by(step, call.args)
    return of_exec(call, found) if found else None


def _is_known(step: Step, call: Invocation, name: str, given: Input) -> bool:
    """Do what a command does that is not a program of the gear; false where it is not known."""
    if name == "export":
        step.shell.export(call.args, certain=call.is_reached and not call.in_copy)
    if name in ("source", "."):
        return _source(step, call)
    if name == "unset":
        step.shell.unset(call.args, certain=call.is_reached and not call.in_copy)
    if name == "eval":
        step.shell.forget()
    if name == "umask":
        is_usual = call.args in (("022",), ("0022",), ())
        step.has_umask = is_usual and (step.has_umask or not call.in_copy)
    if name in _MAKES_USER:
        _make_user(step, call)
        return True
    need_program(step, call)
    need_root(step, call)
    need_lists(step, call)
    need_free_python(step, call)
    need_answer(step, call, given)
    need_shell_function(step, call)
    need_answer_of_r(step, call)
    need_installable(step, call)
    note_other_installers(step, call)
    need_scripts(step, call)
    need_file(step, call)
    need_files(step, call, name)
    if name in HARMLESS or name in INSTRUCTIONS:  # there is no program RUN
        return True
    if is_wrapper(name, by_subcommand=False):  # alone, it starts nothing
        return wrapped(name, call.args) is not None
    return _TOOLS.get(name, install)(step, call)


def _source(step: Step, call: Invocation) -> bool:
    """`source FILE`: a script of the gear is replayed, any other sets variables."""
    text = step.own_script(call.args[0]) if call.args else None
    if text is not None:
        _source_own(step, call, text)
        return True
    node = step.find(call.args[0]) if call.args else UNKNOWN
    step.shell.forget()
    if len(step.scripts) >= limits.BUILD_SCRIPTS:  # it may be one of the gear
        step.anything()
    return not node or node is UNKNOWN


def _source_own(step: Step, call: Invocation, text: str) -> None:
    """A script of the gear in this shell: it may set `-e`, or end the shell."""
    reading = step.reading
    doubtful = not call.certain or SETS_ERREXIT.search(text) is not None
    step.reading = reading._replace(
        is_doubtful=reading.is_doubtful or doubtful,
        is_skipped=reading.is_skipped or call.in_copy or not call.is_reached,
    )
    step.scripts.append(reading.shell)  # it may source itself
    step.lines.run(step, text)
    step.scripts.pop()
    if not doubtful or not call.certain:
        step.reading = reading
    if _ENDS_SHELL.search(text):
        step.reading = step.reading._replace(is_doubtful=True)  # from here on


def _make_user(step: Step, call: Invocation) -> None:
    """`useradd [-d HOME] NAME` makes a home directory, by default below `/home`."""
    step.image.has_other_root |= _MAY_BE_ROOT.search(" ".join(("", *call.args))) is not None
    step.forget_named([arg for arg in call.args if "/" in arg])  # the others are names of users
    has_home = any(arg.startswith(("-d", "--home", "-b", "--base-dir")) for arg in call.args)
    words = call.operands
    step.image.users.update(words[-1:])
    if words and not has_home and HOLE not in words[-1]:
        step.image.homes[words[-1]] = f"/home/{words[-1]}"
        if _makes_home(step, call):
            path = step.image.homes[words[-1]]
            home = Directory(step.line, vague=step.files.cause)
            home.names = _SKELETON
            step.files.remove(path)  # where one is already, useradd fails, or leaves it as it is
            step.files.put(path, home, step.line)


def _makes_home(step: Step, call: Invocation) -> bool:
    """Whether a home directory is certainly made, with what a distribution puts there."""
    name, words = posixpath.basename(call.name), call.operands
    if not (step.image.is_distribution and call.certain and call.must_succeed):
        return False
    if step.image.foreign or not step.image.is_of_base("/etc/skel"):
        return False
    if any(arg.startswith(("-k", "--skel", "-R", "--root", "-P")) for arg in call.args):
        return False
    if name == "adduser":
        return [word for word in words if word] == words[-1:] and "-H" not in call.args
    has_value = len(call.args) > 1 and _USERADD_VALUED.match(call.args[-2]) is not None
    is_made = any(re.match(r"--create-home\Z|-[a-zA-Z]*m", arg) for arg in call.args)
    return name == "useradd" and is_made and not has_value and call.args[-1] == words[-1]


def _partly_known(step: Step, call: Invocation) -> None:
    """A command that works on files, with operands that are not known."""
    operands = call.operands
    if call.name == "mkdir":
        for operand in operands:
            name = posixpath.basename(operand.rstrip("/"))
            path = step.absolute(operand)
            step.image.has_unnamed_directories |= path is None
            if path is not None and step.files.find(path) is None:
                step.doubt([operand])
            elif path is None and HOLE not in name:
                step.scatter(operand)
            elif path is None and step.files.find(GEAR_DIRECTORY) is None:
                step.files.doubt(GEAR_DIRECTORY)
        return
    step.image.mark_foreign()
    if call.name == "touch" or len(operands) < 2:
        _doubt(step, operands)
        return
    *sources, target = operands
    path = step.absolute(target)
    if path is None:
        for source in sources:
            step.scatter(source)
        step.scatter(target)
    else:
        step.files.doubt(path)
    if call.name == "mv":
        step.doubt(source for source in sources if HOLE not in source)


def _doubt(step: Step, operands: list[str]) -> None:
    """What is named may be there, or not; of `/tmp/$(date)` the directory is known."""
    for operand in operands:
        directory, _, name = operand.rpartition("/")
        if HOLE in name and directory and HOLE not in directory:
            step.fill(directory)
        else:
            step.doubt([operand])


def _behind_wrappers(step: Step, call: Invocation) -> Invocation:
    """The command that `sudo`, `env -u X A=1` and the like start."""
    if call.name == "sudo" and call.name not in step.functions:
        need_program(step, call)
    words = (call.name, *call.args)
    first, is_root = 0, False
    while is_wrapper(name := posixpath.basename(words[first]), by_subcommand=False):
        inner = wrapped(name, words[first + 1 :])
        if inner is None or first + 1 + inner.first == len(words):
            return call
        first += 1 + inner.first
        is_root = is_root or name in ("gosu", "su-exec", "sudo")  # all may be root's, by setuid
    if not first:
        return call
    # `env NAME=value`
    step.shell.elusive.update(arg.partition("=")[0] for arg in call.args if "=" in arg)
    return call.from_word(first)._replace(by_sudo=is_root)


def _foreign(step: Step, call: Invocation) -> None:
    """A command of which nothing is known: its directory, and what it names, become unknown."""
    step.image.mark_foreign()
    words = [call.name, *call.args]
    if "/" in call.name or "/" in words or _RUNS_CODE.match(posixpath.basename(call.name)):
        step.files.blur_all()
    else:
        step.blur_cwd()
    step.forget_named(words)
