"""Programs that read files, and fail where one is missing; those that compress them."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.conditions import is_missing
from gearlint.image.shell.operands import options, split
from gearlint.image.shell.step import Invocation, Step

_VALUED = {
    "cat": "", "cut": "bcdf", "head": "nc", "ls": "IwT", "md5sum": "", "sha1sum": "",
    "sha256sum": "", "sha512sum": "", "sort": "kotST", "tac": "s", "tail": "ncs", "wc": "",
}  # fmt: skip
"""The programs of which every operand is a file that is read: their options that take a value."""
_SCRIPTED = {
    "awk": "Ffvie", "gawk": "Ffvie", "mawk": "Ffv", "sed": "efl",
    "grep": "efmABCdD", "egrep": "efmABCdD", "fgrep": "efmABCdD",
}  # fmt: skip
"""Those that read files after a program, or a pattern, that is in their first operand."""
_READ_LISTS = ("-c", "--check", "--files0-from")
"""Options with which the operands are no files, or not all of them."""

_TAR_VALUED = "bCfFgHIKLNTVX"
_TAR_READS = frozenset(("-x", "-t", "--extract", "--get", "--list"))
_ENDINGS = {"unzip": (".zip", ".ZIP")}
"""What a program tries behind the name that it is given, too."""
_UNPACKERS_OF_MANY = ("tar", "unzip")
_IS_NO_NAME = regex(r"[:*?\[]")
"""What is in an address, in the name of a file of another machine, or in a pattern."""
_PACKAGE_FILE = regex(r"\.{0,2}/.*\.deb\Z", re.DOTALL)
_READS_ENVIRONMENT = ("create", "install", "update")
"""The sub-commands of conda that read the file of `--file`; `conda env export` writes it."""
_CONDAS = ("conda", "mamba", "micromamba")

_UNPACKED = regex(r"(?:\.(?:gz|bz2|xz|Z|lzma)|(?<=\.t)(?:gz|bz2?|xz))\Z")
_SUFFIXES = {"gzip": ".gz", "pigz": ".gz", "bzip2": ".bz2", "xz": ".xz"}
_UNPACKERS = ("gunzip", "bunzip2", "unxz", "uncompress", "unpigz")
_LONG = {
    "--stdout": "c", "--to-stdout": "c", "--decompress": "d", "--uncompress": "d", "--keep": "k",
    "--force": "f", "--test": "t", "--list": "l", "--verbose": "v", "--quiet": "q",
    "--best": "9", "--fast": "1", "--no-name": "n", "--name": "N",
}  # fmt: skip


def need_files(step: Step, call: Invocation, name: str) -> None:
    """The command fails if it is to read a file that is certainly not there."""
    if not all(call.complete):
        return
    for operand in _NAMED[name](name, call.args) if name in _NAMED else ():
        path = step.absolute(operand) if operand not in ("", "-") else None
        if path is None or _IS_NO_NAME.search(operand) or not is_missing(step, path):
            continue
        if name in _UNPACKERS_OF_MANY and isinstance(step.files.find(path), Directory):
            what = f"{name} reads {posixpath.normpath(path)}, which is a directory"
            step.report(call, what, "ADD unpacks an archive by itself: use COPY, or leave this out")
        elif all(step.files.find(path + ending) is None for ending in _ENDINGS.get(name, ())):
            step.need(call, operand, f"{name} reads")
    if name in _SCRIPTED:
        _need_first(step, call, name)
    if name not in _VALUED:
        return
    found, operands = options(call.args, _VALUED[name])
    if name.endswith("sum") and not found.keys().isdisjoint(_READ_LISTS):
        return
    _need(step, call, operands, name)


def _of_tar(_: str, args: Sequence[str]) -> Iterable[str]:
    """The archive that tar unpacks or lists, as in `tar xzf FILE` and `tar -x -f FILE`."""
    first, *rest = args or ("",)
    words, pending = [first], iter(rest)
    if not first.startswith("-"):  # the values are in the order of their letters
        words = []
        for letter in first:
            words += [f"-{letter}", *([next(pending, "")] if letter in _TAR_VALUED else ())]
    found, _operands = options([*words, *pending], _TAR_VALUED)
    return [] if _TAR_READS.isdisjoint(found) else [found.get("-f", found.get("--file", ""))]


def _of_unzip(_: str, args: Sequence[str]) -> Iterable[str]:
    return options(args, "dP")[1][:1]


def _of_packages(name: str, args: Sequence[str]) -> Iterable[str]:
    """The files of packages that `dpkg -i FILE...` or `apt-get install ./FILE` installs."""
    operands = [arg for arg in args if not arg.startswith("-")]
    if name == "dpkg":
        return operands if args[:1] in (("-i",), ("--install",)) else []
    return [each for each in operands if operands[0] == "install" and _PACKAGE_FILE.match(each)]


def _of_conda(name: str, args: Sequence[str]) -> Iterable[str]:
    """The files that name an environment; `conda install -f` had another meaning once."""
    is_env = args[:1] == ("env",)
    if args[is_env : is_env + 1] not in [(command,) for command in _READS_ENVIRONMENT]:
        return
    names = ("-f", "--file") if is_env or name == "micromamba" else ("--file",)
    for arg, following in zip(args, (*args[1:], ""), strict=True):
        if arg in names:
            yield following
        elif arg.startswith("--file="):
            yield arg.removeprefix("--file=")


def _of_r(name: str, args: Sequence[str]) -> Iterable[str]:
    """The script of `R -f FILE`, `R CMD BATCH FILE` and `Rscript --vanilla FILE`."""
    if name == "R" and args[:2] == ("CMD", "BATCH"):
        return options(args[2:], "")[1][:1]
    found, operands = options(args, "efg")
    if name == "R":
        return [found.get("-f", found.get("--file", ""))] if "--args" not in args else []
    is_code = "-e" in found or not args or not args[0].startswith("--")
    return [] if is_code else operands[:1]


_NAMED: Mapping[str, Callable[[str, Sequence[str]], Iterable[str]]] = {
    "tar": _of_tar, "unzip": _of_unzip, "R": _of_r, "Rscript": _of_r,
    **dict.fromkeys(("dpkg", "apt", "apt-get"), _of_packages), **dict.fromkeys(_CONDAS, _of_conda),
}  # fmt: skip
"""The files that a call names for a program to read, by the program."""


def _need_first(step: Step, call: Invocation, name: str) -> None:
    """The first file after a program must be there, whatever the program does with it."""
    args = [arg for arg in call.args if name != "sed" or not arg.startswith("-i")]
    found, operands = options(args, _SCRIPTED[name])
    if any(option.startswith("--") for option in found):
        return
    files = operands if {"-e", "-f"} & found.keys() else operands[1:]
    if name.endswith("awk") and (
        {"-e", "-f"} & found.keys() or not operands or "BEGIN" in operands[0]
    ):
        return  # which may read nothing
    _need(step, call, [file for file in files[:1] if "=" not in file], name)


def _need(step: Step, call: Invocation, operands: list[str], name: str) -> None:
    for operand in operands:
        path = step.absolute(operand) if operand not in ("", "-") else None
        if path is not None and step.files.find(path) is None and is_missing(step, path):
            step.missing(call, path, f"{name} of")


def compress(step: Step, call: Invocation) -> bool:
    """`gzip FILE...` and its like: FILE.gz instead of FILE, or the other way round."""
    found = split(call.args, long=_LONG)
    if found is None or found.letters - set("cdfklnNqtv123456789"):
        return False
    letters, operands = found
    name = posixpath.basename(call.name)
    if not all(call.complete):
        for operand in operands:
            step.fill(posixpath.dirname(operand))
        return True
    _need(step, call, operands, name)
    unpacks = name in _UNPACKERS or "d" in letters
    for operand in operands if letters.isdisjoint("clt") else ():
        new = _unpacked(operand) if unpacks else operand + _SUFFIXES[name]
        put_changed(step, call, operand, new, keeps="k" in letters, forces="f" in letters)
    return True


def _unpacked(name: str) -> str:
    """The name of what is in a compressed file; the same where nobody knows."""
    short = _UNPACKED.sub("", name)
    return f"{short}ar" if short.endswith(".t") else short


def put_changed(
    step: Step, call: Invocation, old: str, new: str, *, keeps: bool, forces: bool
) -> None:
    """A file is put at `new`, with the permissions of that at `old`, which is taken away."""
    before, after = step.absolute(old), step.absolute(new)
    node = step.files.find(before) if before else UNKNOWN
    is_free = after is not None and step.files.find(after, follow=False) is None
    is_done = call.certain and call.must_succeed and (is_free or forces)
    if not is_done or before is None or after is None or not isinstance(node, File):
        step.doubt([old, new])
        return
    if step.files.find(after) is UNKNOWN:
        step.doubt([new])
    else:
        made = node.copy()
        made.origin = None
        if made.mode is None or made.mode & 0o7022:  # busybox asks the umask, GNU does not
            made.forget_mode(step.files.cause, runs=made.is_executable)
        step.files.put(after, made, step.line)
    if not keeps and before != after:
        step.files.remove(before)


COMPRESSORS: Mapping[str, Callable[[Step, Invocation], bool]] = dict.fromkeys(
    (*_SUFFIXES, *_UNPACKERS), compress
)
"""What each of them does, by its name; false where that is not known."""
