"""What the commands that work on files do to the model: one function a command."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gearlint.core.lazy import regex
from gearlint.core.source import is_inside
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.files import Directory, File, Files, Link, Node, copy_of, walk
from gearlint.image.shell import modes
from gearlint.image.shell.modes import Mode, Permissions
from gearlint.image.shell.step import Invocation, Step

_LONG = {
    "--archive": "a", "--force": "f", "--parents": "p", "--recursive": "r", "--symbolic": "s",
    "--verbose": "v", "--directory": "d",
}  # fmt: skip
_CHMOD_OPTION = regex(r"(?:-[Rvfc]+|--recursive|--verbose|--changes)\Z")


class Operands(NamedTuple):
    """The letters of a command's options, and its operands."""

    letters: frozenset[str]
    paths: list[str]


def split(args: Sequence[str], valued: str = "") -> Operands | None:
    """The options and operands of a command, `None` where they cannot be distinguished.

    `valued` are the letters that take a value: with one of those it is not known.
    """
    letters: set[str] = set()
    operands: list[str] = []
    for index, arg in enumerate(args):
        if arg == "--":
            operands += args[index + 1 :]
            break
        if arg.startswith("--"):
            if arg not in _LONG:
                return None
            letters.add(_LONG[arg])
        elif arg.startswith("-") and len(arg) > 1:
            if set(arg[1:]) & set(valued):
                return None
            letters.update(arg[1:])
        else:
            operands.append(arg)
    return Operands(frozenset(letters), operands)


def _understood(
    step: Step,
    call: Invocation,
    options: str,
    valued: str = "",
    changed: Callable[[Files, list[str]], list[str]] = lambda files, paths: paths,
) -> Operands | None:
    """The options, and the operands as paths from `/`, if all is certain.

    If not, what the command may have done is done: it may change what `changed` makes of the
    operands.
    """
    found = split(call.args, valued)
    paths = step.absolutes(found.paths) if found else None
    if found is None or paths is None or not found.letters <= set(options):
        step.doubt(call.args)
        return None
    if not call.certain:
        step.doubt(changed(step.files, paths))
        return None
    return Operands(found.letters, paths)


def _missing_ones(files: Files, paths: list[str]) -> list[str]:
    """Those of the paths where nothing is for certain."""
    return [path for path in paths if not isinstance(files.find(path), File | Directory)]


def _targets(files: Files, paths: list[str]) -> list[str]:
    """What `cp` and its like write: the last of the paths, or what goes into it."""
    *sources, target = paths or [""]
    if not isinstance(files.find(target), Directory):
        return [target]
    return [posixpath.join(target, posixpath.basename(source)) for source in sources]


def _parent(path: str) -> str:
    return posixpath.dirname(path.rstrip("/"))


def cd(step: Step, call: Invocation) -> None:
    """`cd DIRECTORY`."""
    operands = [arg for arg in call.args if arg not in ("-P", "-L", "--")]
    target = operands[0] if len(operands) == 1 else ""
    path = step.absolute(target) if target not in ("-", "") else None
    if path is None or not call.certain:
        step.shell.cwd = UNKNOWN
        return
    path = posixpath.normpath(path)
    is_there = isinstance(step.files.find(path), Directory | Unknown)
    if not is_there:
        step.missing(call, path, "cd to")
    step.shell.cwd = path if is_there else UNKNOWN


def mkdir(step: Step, call: Invocation) -> None:
    """`mkdir [-p] DIRECTORY...`."""
    operands = _understood(step, call, "pv", "mZ", _missing_ones)
    if operands is None:
        return
    for path in operands.paths:
        there = step.files.find(path)
        above = step.files.find(_parent(path))
        if "p" not in operands.letters and isinstance(there, File | Directory):
            step.stop(call, f"mkdir makes {path}, which is there already")
        if "p" not in operands.letters and above is None:
            step.missing(call, _parent(path), "mkdir in")
        if step.files.directory_at(path, step.line) is None:
            step.stop(call, f"mkdir makes {path}, where a file is")


def touch(step: Step, call: Invocation) -> None:
    """`touch FILE...`."""
    operands = _understood(step, call, "acm", "drt", _missing_ones)
    for path in operands.paths if operands else ():
        there = step.files.find(path)
        if there is None:
            if step.files.find(posixpath.dirname(path)) is None:
                step.missing(call, posixpath.dirname(path), "touch in")
            step.files.put(path, File(0o644, step.line), step.line, through=True)
        elif there is UNKNOWN:
            step.files.put(path, File(None, step.line), step.line)


def rm(step: Step, call: Invocation) -> None:
    """`rm [-rf] PATH...`."""
    operands = _understood(step, call, "rRfvd")
    if operands is None:
        return
    complete = [
        each for arg, each in zip(call.args, call.complete, strict=False) if not arg.startswith("-")
    ]
    for path, is_complete in zip(operands.paths, complete, strict=False):
        if not is_complete:
            continue
        there = step.files.find(path, follow=False)
        if there is None and "f" not in operands.letters:
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
    mode = modes.parse(words[0][0]) if len(words) > 1 else None
    if mode is None:
        step.doubt([arg for arg, _ in words[1:]])
        return
    recursive = any("R" in option or "recursive" in option for option in options)
    quiet = any("f" in option for option in options)
    for arg, complete in words[1:]:
        path = step.absolute(arg)
        if path is None:
            step.files.blur_all()
        elif not complete and step.files.find(path) is None:
            continue  # a glob of which no match is known
        elif not call.certain:
            _maybe_chmod(step, path, recursive)
        else:
            if not quiet and step.files.find(path) is None:
                step.missing(call, path, "chmod of")
            _chmod_path(step, path, mode, recursive)


def _chmod_path(step: Step, path: str, mode: Mode, recursive: bool) -> None:
    nodes = _nodes(step, path, recursive, 1 if isinstance(mode, int) else 1 + len(mode))
    for node in nodes if not step.files.budget.is_spent else ():
        old = Permissions(node.mode, node.is_executable if isinstance(node, File) else True)
        new = modes.changed(mode, old, is_directory=isinstance(node, Directory))
        if isinstance(node, File):
            node.chmod(new.bits, runs=new.runs)
        else:
            node.mode = new.bits


def _maybe_chmod(step: Step, path: str, recursive: bool) -> None:
    for node in _nodes(step, path, recursive, 1):
        if isinstance(node, File):
            node.chmod(None, runs=None)


def _nodes(step: Step, path: str, recursive: bool, cost: int) -> list[File | Directory]:
    """The file or directory at a path, with `recursive` and all that is known below it."""
    node = step.files.find(path)
    if not isinstance(node, File | Directory):
        return []
    nodes = list(walk(node)) if recursive else [node]
    step.files.visit(cost * len(nodes))
    return [each for each in nodes if isinstance(each, File | Directory)]


def chown(step: Step, call: Invocation) -> None:
    """`chown` and `chgrp`: nobody looks at the owner of a file, but the file has to be there."""
    options = [arg for arg in call.args if arg.startswith("-")]
    if not all(_CHMOD_OPTION.match(option) and "f" not in option for option in options):
        return
    operands = [
        (arg, complete)
        for arg, complete in zip(call.args, call.complete, strict=False)
        if arg not in options
    ]
    for arg, complete in operands[1:]:
        path = step.absolute(arg)
        if path is not None and complete and step.files.find(path) is None:
            step.missing(call, path, f"{call.name} of")


def cp(step: Step, call: Invocation) -> None:
    """`cp [-r] SOURCE... TARGET`."""
    operands = _understood(step, call, "rRafpvLPdu", "tST", _targets)
    if operands is None:
        return
    transfer = _transfer(step, call, operands, follow=True)
    for source, node, path in transfer or ():
        if isinstance(node, Unknown):
            step.doubt([source, path])
            continue
        if isinstance(node, Directory) and not operands.letters & {"r", "R", "a"}:
            step.stop(call, f"cp of {source}, which is a directory, without -r")
            return
        new = copy_of(node)
        if not operands.letters & {"a", "p"}:
            _set_copied_modes(new, step.files.find(path))
        if _is_into_itself(new, source, path):
            step.stop(call, f"cp of {source} into itself")
        if not step.files.put(path, new, step.line, through=True):
            step.stop(call, f"cp to {path}, where something else is")


def mv(step: Step, call: Invocation) -> None:
    """`mv SOURCE... TARGET`."""
    operands = _understood(step, call, "fvnu", "tST")
    if operands is None:
        return
    transfer = _transfer(step, call, operands, follow=False)
    for source, node, path in transfer or ():
        if isinstance(node, Unknown):
            step.doubt([source, path])
            continue
        new = copy_of(node)
        step.files.remove(source.rstrip("/"))
        if _is_into_itself(new, source, path):
            step.stop(call, f"mv of {source} into itself")
        if not step.files.put(path, new, step.line, through=False):
            step.stop(call, f"mv to {path}, where something else is")


def _is_into_itself(node: Node, source: str, path: str) -> bool:
    return isinstance(node, Directory) and is_inside(
        posixpath.normpath(path), posixpath.normpath(source)
    )


def _transfer(
    step: Step, call: Invocation, operands: Operands, *, follow: bool
) -> Iterator[tuple[str, Node | Unknown, str]] | None:
    """(source, what is there, where it goes) of cp and mv, one after another.

    `None` where nothing is certain; what may have been done is done then.
    """
    files = step.files
    if len(operands.paths) < 2 or operands.letters & {"n", "u"}:
        step.doubt(call.args)
        return None
    *sources, target = operands.paths
    nodes = [files.find(source, follow=follow) for source in sources]
    for source, node in zip(sources, nodes, strict=True):
        if node is None:
            step.missing(call, source, f"{call.name} of")
            return None
    there = files.find(target)
    if there is UNKNOWN:  # perhaps a directory, into which it goes
        step.doubt([target] if follow else operands.paths)
        return None
    if there is None and not _can_be_made(step, call, target, sources):
        return None
    into = isinstance(there, Directory)
    return _one_by_one(files, sources, target, into=into, follow=follow)


def _can_be_made(step: Step, call: Invocation, target: str, sources: list[str]) -> bool:
    """Whether a target that is not there can be made; the step fails where it certainly cannot."""
    is_directory = isinstance(step.files.find(sources[0]), Directory)
    if len(sources) > 1 or (target.endswith("/") and not is_directory):
        step.missing(call, target.rstrip("/"), f"{call.name} to")
        return False
    if step.files.find(_parent(target)) is None:
        step.missing(call, _parent(target), f"{call.name} to")
        return False
    return True


def _one_by_one(
    files: Files, sources: Iterable[str], target: str, *, into: bool, follow: bool
) -> Iterator[tuple[str, Node | Unknown, str]]:
    for source in sources:
        node = files.find(source, follow=follow)  # as it is after the one before
        if node is not None:
            name = posixpath.basename(source.rstrip("/"))
            yield source, node, posixpath.join(target, name) if into else target


def _set_copied_modes(new: Node, existing: Node | Unknown | None) -> None:
    """A copy has the mode of its source less the umask, or that of the file it overwrites."""
    if isinstance(new, File) and isinstance(existing, File):
        new.chmod(existing.mode, runs=existing.is_executable)
        return
    for node in walk(new):
        if isinstance(node, File) and isinstance(existing, Directory | Unknown):
            node.chmod(None, runs=None)
        elif isinstance(node, File) and node.mode is not None:
            # busybox keeps the set-user-ID bit and the like, GNU does not.
            mode = None if node.mode & 0o7000 else node.mode & ~0o022
            node.chmod(mode, runs=bool(node.mode & 0o111))


def install(step: Step, call: Invocation) -> None:
    """`install [-m MODE] SOURCE... TARGET`, `install -d DIRECTORY...`."""
    mode, rest = _mode_option(call.args)
    operands = _understood(step, call._replace(args=rest), "dDv", "ogtT", _targets)
    if operands is None or mode is None:
        if operands is not None:
            step.doubt(rest)
        return
    if "d" in operands.letters:
        for path in operands.paths:
            step.files.directory_at(path, step.line)
        return
    if len(operands.paths) < 2:
        step.doubt(rest)
        return
    *sources, target = operands.paths
    if "D" in operands.letters:
        step.files.directory_at(_parent(target), step.line)
    into = isinstance(step.files.find(target), Directory)
    for source in sources:
        node = step.files.find(source)
        if node is None:
            step.missing(call, source, "install of")
        if not isinstance(node, File) or step.files.find(target) is UNKNOWN:
            step.files.blur(target)
        else:
            new = node.copy()
            new.chmod(mode, runs=None)
            path = posixpath.join(target, posixpath.basename(source)) if into else target
            step.files.put(path, new, step.line)


def _mode_option(args: Sequence[str]) -> tuple[int | None, tuple[str, ...]]:
    """The mode of install, 0o755 by default and `None` if symbolic, and the other arguments."""
    text = "755"
    rest: list[str] = []
    pending = iter(args)
    for arg in pending:
        if arg in ("-m", "--mode"):
            text = next(pending, "")
        elif match := re.fullmatch(r"(?:-m|--mode=)([0-7]+)", arg):
            text = match[1]
        else:
            rest.append(arg)
    mode = modes.parse(text)
    return mode if isinstance(mode, int) else None, tuple(rest)


def ln(step: Step, call: Invocation) -> None:
    """`ln [-s] TARGET LINK`."""
    found = split(call.args, "tTS")
    if found is None or not found.letters <= set("sfnrv"):
        step.doubt(call.args)
        return
    # What a symbolic link leads to is written in it, and is below its own directory.
    is_symbolic = "s" in found.letters
    operands = found.paths
    paths = step.absolutes(operands[-1:] if is_symbolic else operands)
    if not paths:
        step.doubt(call.args)
        return
    sources = operands[:-1] if is_symbolic else paths[:-1]
    if not call.certain:
        places = _targets(step.files, [*sources, paths[-1]])
        for target, path in zip(sources, places, strict=False):
            _may_link(step, path, target)
    elif len(operands) != 2 or {"s", "r"} <= found.letters:
        step.doubt(operands)
    elif is_symbolic:
        _symbolic_link(step, call, found.letters, sources[0], paths[-1])
    else:
        _hard_link(step, call, found.letters, sources[0], paths[-1])


def _symbolic_link(
    step: Step, call: Invocation, letters: frozenset[str], target: str, path: str
) -> None:
    there = step.files.find(path, follow="n" not in letters)
    if isinstance(there, Directory):
        path = posixpath.join(path, posixpath.basename(target.rstrip("/")))
        there = step.files.find(path, follow=False)
    if there is UNKNOWN:
        _may_link(step, path, target)
        return
    if there is None:
        there = step.files.find(path, follow=False)
    if _can_link(step, call, letters, path, is_there=there is not None):
        step.files.remove(path)
        step.files.put(path, Link(target, step.line), step.line)


def _may_link(step: Step, path: str, target: str) -> None:
    """There may be a link at `path`: what is done to that may be done to what it leads to."""
    step.doubt([path])
    step.files.blur(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))


def _hard_link(
    step: Step, call: Invocation, letters: frozenset[str], target: str, path: str
) -> None:
    """A hard link is a second name, so that a later change through one is one of the other."""
    node = step.files.find(target)
    if node is None:
        step.missing(call, target, "ln of")
    if isinstance(step.files.find(path), Directory):
        path = posixpath.join(path, posixpath.basename(target))
    if not isinstance(node, File) or step.files.find(path) is UNKNOWN:
        step.doubt([target, path])
        return
    is_there = step.files.find(path, follow=False) is not None
    if _can_link(step, call, letters, path, is_there=is_there):
        step.files.remove(path)
        step.files.put(path, node, step.line)


def _can_link(
    step: Step, call: Invocation, letters: frozenset[str], path: str, *, is_there: bool
) -> bool:
    """Whether ln can make `path`; the step fails where it certainly cannot."""
    if is_there and "f" not in letters:
        step.stop(call, f"ln makes {path}, which is there already")
        return False
    if step.files.find(posixpath.dirname(path)) is None:
        step.missing(call, posixpath.dirname(path), "ln in")
        return False
    return True


FILE_COMMANDS: Mapping[str, Callable[[Step, Invocation], None]] = {
    "cd": cd, "chgrp": chown, "chmod": chmod, "chown": chown, "cp": cp, "install": install,
    "ln": ln, "mkdir": mkdir, "mv": mv, "rm": rm, "touch": touch,
}  # fmt: skip
"""What each command does, by its name."""

TAKES_GLOBS = ("chgrp", "chmod", "chown", "rm")
"""Those that need not know every match of a glob."""
