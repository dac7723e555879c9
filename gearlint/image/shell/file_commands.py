"""What the commands that work on files do to the model: one function a command."""

import posixpath
from collections.abc import Callable, Mapping, Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import is_within
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.files import Files
from gearlint.image.nodes import Directory, File, walk
from gearlint.image.shell import modes
from gearlint.image.shell.modes import Mode, Permissions
from gearlint.image.shell.operands import parent, understood
from gearlint.image.shell.step import Invocation, Step
from gearlint.image.shell.transfers import cp, install, ln, mv

_CHMOD_OPTION = regex(r"(?:-[Rvfc]+|--recursive|--verbose|--changes)\Z")


def _missing_ones(files: Files, paths: list[str]) -> list[str]:
    """Those of the paths that certainly do not exist."""
    return [path for path in paths if not isinstance(files.find(path), File | Directory)]


def cd(step: Step, call: Invocation) -> None:
    """`cd DIRECTORY`; without one it is the home directory, `-` is the one before."""
    operands = [arg for arg in call.args if arg not in ("-P", "-L", "--")]
    target = operands[0] if len(operands) == 1 else ""
    variable = {"-": "OLDPWD", "": "" if operands else "HOME"}.get(target)
    if variable:
        value = step.shell.value(variable)
        target = value if isinstance(value, str) else ""
    path = step.absolute(target) if target else None
    before = UNKNOWN if call.in_copy else step.shell.cwd
    if path is None or not call.is_reached:
        step.shell.cwd = step.shell.variables["OLDPWD"] = UNKNOWN
        return
    path = posixpath.normpath(path)
    there = step.files.find(path)
    is_there = isinstance(there, Directory | Unknown)
    if there is UNKNOWN and not call.must_succeed and is_within(path, "/flywheel"):
        is_there = False  # where it fails, the next command runs in another directory
    elif not is_there:
        step.missing(call, path, "cd to")
        if not step.image.has_unnamed_directories:
            return  # it fails, and the shell stays where it is
    step.shell.cwd = path if is_there else UNKNOWN
    step.shell.variables["OLDPWD"] = before if is_there else UNKNOWN


def mkdir(step: Step, call: Invocation) -> None:
    """`mkdir [-p] DIRECTORY...`."""
    operands = understood(step, call, "pv", _missing_ones)
    if operands is None:
        return
    for path in operands.paths:
        there = step.files.find(path)
        above = step.files.find(parent(path))
        if "p" not in operands.letters and isinstance(there, File | Directory):
            step.stop(call, f"mkdir makes {path}, which is there already")
        if "p" not in operands.letters and above is None:
            step.missing(call, parent(path), "mkdir in")
        top = "/".join(path.split("/", 2)[:2])
        if step.files.find(top) is None and step.image.is_certainly_not_root and not call.by_sudo:
            what = f"mkdir makes {top} in /, by USER {step.image.user}, who is not root"
            step.report(call, what, "move it above USER, or write USER root before it")
        if step.files.directory_at(path, step.line) is None:
            step.stop(call, f"mkdir makes {path}, where a file is")


def touch(step: Step, call: Invocation) -> None:
    """`touch FILE...`."""
    operands = understood(step, call, "acm", _missing_ones)
    for path in operands.paths if operands else ():
        if step.files.find(path) is None:
            if step.files.find(posixpath.dirname(path)) is None:
                step.missing(call, posixpath.dirname(path), "touch in")
            step.files.put(path, step.new_file(), step.line, through=True)


def rm(step: Step, call: Invocation) -> None:
    """`rm [-rf] PATH...`."""
    operands = understood(step, call, "rRfvd")
    if operands is None:
        return
    complete = [
        each for arg, each in zip(call.args, call.complete, strict=False) if not arg.startswith("-")
    ]
    for path, is_complete in zip(operands.paths, complete, strict=False):
        there = step.files.find(path, follow=False)
        if there is None and is_complete and "f" not in operands.letters:
            step.missing(call, path, "rm of")
        if isinstance(there, Directory) and not operands.letters & {"r", "R", "d"}:
            step.stop(call, f"rm of {path}, which is a directory")
        step.files.remove(path)


def chmod(step: Step, call: Invocation) -> None:
    """`chmod [-R] MODE PATH...`."""
    options = [arg for arg in call.args if arg.startswith("-") and _CHMOD_OPTION.match(arg)]
    words = [
        (arg, complete)
        for arg, complete in zip(call.args, call.complete, strict=False)
        if arg not in options and arg != "--"
    ]
    mode = modes.parse(words[0][0]) if words else None
    if mode is None:
        step.files.forget_modes()  # of a mode that is not known any word may be a path
        return
    recursive = any("R" in option or "recursive" in option for option in options)
    quiet = any("f" in option for option in options)
    for arg, complete in words[1:]:
        path = step.absolute(arg)
        if path is None:
            step.files.forget_modes()
            continue
        files = _files(step, path, recursive)
        step.files.visit(len(files) * len(words[0][0]))
        if not call.certain:
            for file in files:
                file.forget_mode(step.files.cause)
        elif files:
            _need_no_umask(step, call, words[0][0], path, files)
            _chmod_files(step, call, path, files, mode)
        elif complete and not quiet and step.files.find(path) is None:
            step.missing(call, path, "chmod of")


def _need_no_umask(
    step: Step, call: Invocation, written: str, path: str, files: Sequence[File]
) -> None:
    """`chmod -w` fails, after its work, where a bit that is to go stays because of the umask.

    So does GNU's, of any mode that begins with `-` as an option does.
    """
    mode = modes.parse(written)
    is_option = written.startswith("-") and "--" not in call.args
    if not isinstance(mode, tuple) or not is_option or not step.has_gnu or not step.has_umask:
        return
    for file in files:
        if file.mode is None:
            continue
        new = modes.bits_after(mode, file.mode)
        if new & ~modes.bits_after(modes.of_all(mode), file.mode):
            what = f"chmod {written} of {path} leaves mode {new:o}, as the umask is 022"
            step.stop(call, what, advice=f"write a{written}")


def _chmod_files(
    step: Step, call: Invocation, path: str, files: Sequence[File], mode: Mode
) -> None:
    step.need_owner(call, path, files)
    for file in files if not step.files.budget.is_spent else ():
        new = modes.changed(mode, Permissions(file.mode, file.is_executable))
        bits = new.bits if step.has_umask or isinstance(mode, int) else None
        if bits is None and new.runs is None:
            file.forget_mode(step.files.cause)
        else:
            file.chmod(bits, step.line, runs=new.runs)


def _files(step: Step, path: str, recursive: bool) -> list[File]:
    """The file at a path, with `recursive` also all that are known to be below it."""
    node = step.files.find(path)
    nodes = list(walk(node)) if recursive and isinstance(node, Directory) else [node]
    step.files.visit(len(nodes))
    return [each for each in nodes if isinstance(each, File)]


def chown(step: Step, call: Invocation) -> None:
    """`chown` and `chgrp`: nobody looks at the owner of a file, but the file has to be there."""
    options = call.options
    if not all(_CHMOD_OPTION.match(option) and "f" not in option for option in options):
        step.image.lines_of_root.clear()
        return
    operands = [
        (arg, complete)
        for arg, complete in zip(call.args, call.complete, strict=False)
        if arg not in options
    ]
    for arg, complete in operands[1:]:
        path = step.absolute(arg)
        if path is None:
            continue
        if complete and step.files.find(path) is None:
            step.missing(call, path, f"{call.name} of")
        files = _files(step, path, any("R" in option for option in options))
        if call.name == "chown":
            step.need_owner(call, path, files)
        for file in files:
            if modes.has_set_id(file.mode):  # which it takes away
                file.forget_mode(step.files.cause, runs=file.is_executable)
    if step.image.is_root is not False:
        step.image.lines_of_root.clear()


FILE_COMMANDS: Mapping[str, Callable[[Step, Invocation], None]] = {
    "cd": cd, "chgrp": chown, "chmod": chmod, "chown": chown, "cp": cp, "install": install,
    "ln": ln, "mkdir": mkdir, "mv": mv, "rm": rm, "touch": touch,
}  # fmt: skip
"""What each command does, by its name."""

TAKES_GLOBS = ("chgrp", "chmod", "chown", "rm")
"""Those that need not know every match of a glob."""
