"""What cp, mv, install and ln do to the model: one function a command."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import is_within
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.files import Files
from gearlint.image.nodes import Directory, File, Link, Node, copy_of, files_in
from gearlint.image.shell import modes
from gearlint.image.shell.operands import Operands, parent, split, targets, understood
from gearlint.image.shell.step import Invocation, Step

_OF_GEARS = regex(r"run\Z|[\w-]+\.(?:py|sh|m|R)\Z")
"""Names of scripts that no program of a public image has."""


def cp(step: Step, call: Invocation) -> None:
    """`cp [-r] SOURCE... TARGET`."""
    operands = understood(step, call, "rRafpvLPdu", targets)
    if operands is None:
        return
    # A link is copied as a link where directories are.
    follow = "L" in operands.letters or not operands.letters & set("aPdrR")
    transfer = _transfer(step, call, operands, follow=follow)
    for source, node, path in transfer or ():
        is_directory = isinstance(node, Directory)
        if isinstance(node, Unknown) or (is_directory and "L" in operands.letters):
            step.doubt([path])  # a directory may have links in it
            continue
        if is_directory and not operands.letters & {"r", "R", "a"}:
            step.stop(call, f"cp of {source}, which is a directory, without -r")
            continue
        new = copy_of(node)
        if not operands.letters & {"a", "p"}:
            is_new = _is_own_name(path, source) and _is_program_of_base(step, path)
            _set_copied_modes(step, new, None if is_new else step.files.find(path))
        if _is_into_itself(new, source, path):
            step.stop(call, f"cp of {source} into itself")
        if isinstance(new, Link):
            if step.files.find(path, follow=False) is None:
                step.files.put(path, new, step.line)
            else:
                step.doubt([path])
        elif not step.files.put(path, new, step.line, through=True):
            step.stop(call, f"cp to {path}, where something else is")


def mv(step: Step, call: Invocation) -> None:
    """`mv SOURCE... TARGET`."""
    operands = understood(step, call, "fvnu")
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
        if not step.files.put(path, new, step.line):
            step.stop(call, f"mv to {path}, where something else is")


def _is_into_itself(node: Node, source: str, path: str) -> bool:
    return isinstance(node, Directory) and is_within(
        posixpath.normpath(path), posixpath.normpath(source)
    )


def _transfer(
    step: Step, call: Invocation, operands: Operands, *, follow: bool
) -> Iterator[tuple[str, Node | Unknown, str]] | None:
    """(source, what is there, where it goes) of cp and mv, one after another.

    `None` where nothing is certain; what may have been done is done then.
    """
    files = step.files
    if len(operands.paths) < 2:
        step.stop(call, f"{call.name} needs a source and a target")
        return None
    if operands.letters & {"n", "u"}:
        step.doubt(call.args)
        return None
    *sources, target = operands.paths
    nodes = [files.find(each, follow=follow or each.endswith("/")) for each in sources]
    for source, node in zip(sources, nodes, strict=True):
        if node is None:
            step.missing(call, source, f"{call.name} of")
    there = files.find(target)
    is_one = there is UNKNOWN and len(sources) == 1 and isinstance(nodes[0], File)
    if is_one and (_is_same_name(target, sources[0]) or _is_no_directory(step, target, sources[0])):
        return _one_by_one(files, sources, target, into=False, follow=follow)
    if there is UNKNOWN or (None in (there, *nodes) and step.image.has_unnamed_directories):
        # Perhaps a directory, into which it goes.
        step.doubt(operands.paths if call.name == "mv" else [target])
        return None
    if there is None and not _can_be_made(step, call, target, sources):
        return None
    into = isinstance(there, Directory)
    return _one_by_one(files, sources, target, into=into, follow=follow)


def _is_same_name(target: str, source: str) -> bool:
    """Whether a file keeps its name, so that what is there is surely no directory."""
    name = posixpath.basename(target)
    return name != "" and name == posixpath.basename(source)


def _is_no_directory(step: Step, path: str, source: str) -> bool:
    """Whether what is not known at a path is surely no directory: programs of a distribution.

    Nor is it one that is called as `source` is, a file of the gear.
    """
    is_plain = step.image.is_distribution or _is_own_name(path, source)
    return is_plain and _is_program_of_base(step, path)


def _is_program_of_base(step: Step, path: str) -> bool:
    """Whether what is not known at a path is a program of a base image of the table, if any."""
    parent, name = posixpath.split(path)
    return (
        name != ""
        and posixpath.basename(parent) in ("bin", "sbin")
        and step.image.base is not None
        and step.image.is_of_base(path)
    )


def _is_own_name(path: str, source: str) -> bool:
    """Whether a path ends as a script of the gear is called, at `source`, and no program is."""
    return _is_same_name(path, source) and _OF_GEARS.match(posixpath.basename(path)) is not None


def _can_be_made(step: Step, call: Invocation, target: str, sources: list[str]) -> bool:
    """Whether a target that is not there can be made; the step fails where it certainly cannot."""
    is_directory = isinstance(step.files.find(sources[0]), Directory)
    if len(sources) > 1 or (target.endswith("/") and not is_directory):
        step.missing(call, target.rstrip("/"), f"{call.name} to")
        return False
    if step.files.find(parent(target)) is None:
        step.missing(call, parent(target), f"{call.name} to")
        return False
    return True


def _one_by_one(
    files: Files, sources: Iterable[str], target: str, *, into: bool, follow: bool
) -> Iterator[tuple[str, Node | Unknown, str]]:
    for source in sources:
        # As it is after the one before.
        node = files.find(source, follow=follow or source.endswith("/"))
        if node is not None:
            name = posixpath.basename(source.rstrip("/"))
            yield source, node, posixpath.join(target, name) if into else target


def _set_copied_modes(step: Step, new: Node, existing: Node | Unknown | None) -> None:
    """A copy has the mode of its source less the umask, or that of the file it overwrites."""
    if isinstance(new, File) and isinstance(existing, File):
        new.chmod(existing.mode, step.line, runs=existing.is_executable)
        return
    for file in files_in(new):
        if isinstance(existing, Directory | Unknown):
            file.forget_mode(step.files.cause)
        elif file.mode is not None:
            # busybox keeps the set-user-ID bit and the like, GNU does not.
            is_known = step.has_umask and not file.mode & 0o7000
            mode = file.mode & ~0o022 if is_known else None
            file.chmod(mode, step.line, runs=file.is_executable)


def install(step: Step, call: Invocation) -> None:
    """`install [-m MODE] SOURCE... TARGET`, `install -d DIRECTORY...`."""
    mode, rest = _mode_option(call.args)
    operands = understood(step, call._replace(args=rest), "dDv", targets)
    if operands is None:
        return
    if "d" in operands.letters:
        for path in operands.paths:
            step.files.directory_at(path, step.line)
    elif mode is None or len(operands.paths) < 2:
        step.doubt(rest)
    else:
        _install_files(step, call, operands, mode)


def _install_files(step: Step, call: Invocation, operands: Operands, mode: int) -> None:
    *sources, target = operands.paths
    if "D" in operands.letters:
        step.files.directory_at(parent(target), step.line)
    there = step.files.find(target)
    into = isinstance(there, Directory)
    if len(sources) > 1 and not into:
        step.doubt([target])  # which busybox makes of the last one
        return
    if there is None and not _can_be_made(step, call, target, sources):
        return
    for source in sources:
        node = step.files.find(source)
        if node is None:
            step.missing(call, source, "install of")
        if not isinstance(node, File) or there is UNKNOWN:
            step.files.blur(target)
        else:
            new = node.copy()
            new.chmod(mode, step.line)
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
    found = split(call.args)
    if found is None or found.letters - set("sfnv"):
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
        places = targets(step.files, [*sources, paths[-1]])
        for target, path in zip(sources, places, strict=False):
            _may_link(step, path, target)
    elif len(operands) != 2:
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
    if path == "/bin/sh" and isinstance(step.files.find(path, follow=False), Link):
        there = None  # the shell of the base, and no directory
    if there is UNKNOWN and not _is_no_directory(step, path, target):
        _may_link(step, path, target)
        return
    there = step.files.find(path, follow=False)
    if there is UNKNOWN:
        there = None
    if isinstance(there, File) and step.has_gnu and _leads_to(step, target, path) == path:
        step.stop(call, f"ln links {path} to itself")
    if _can_link(step, call, letters, path, is_there=there is not None):
        step.files.remove(path)
        step.files.put(path, Link(target, step.line), step.line)


def _leads_to(step: Step, target: str, path: str) -> str:
    return step.files.resolved(posixpath.join(posixpath.dirname(path), target))


def _may_link(step: Step, path: str, target: str) -> None:
    """There may be a link at `path`: what is done to that may be done to what it leads to."""
    step.doubt([path])
    step.files.blur(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))


def _hard_link(
    step: Step, call: Invocation, letters: frozenset[str], target: str, path: str
) -> None:
    """A hard link is a second name, so that a later change through one is one of the other."""
    node = step.files.find(target, follow=False)
    if node is None:
        step.missing(call, target, "ln of")
    if isinstance(step.files.find(path), Directory):
        path = posixpath.join(path, posixpath.basename(target))
    if not isinstance(node, File | Link) or step.files.find(path) is UNKNOWN:
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
        step.doubt([path])
        return False
    return True
