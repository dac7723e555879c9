"""What the commands that work on text, and on lists of files, change."""

from collections.abc import Callable, Mapping

from gearlint.core.lazy import regex
from gearlint.image.nodes import File, Link
from gearlint.image.shell.harmless import HARMLESS
from gearlint.image.shell.readers import put_changed
from gearlint.image.shell.step import Invocation, Step

_AWK_WRITES = regex(r">\s*[\"\w]|\|\s*\"|system\s*\(|getline")
_SED_IN_PLACE = regex(r"(?:-[bEnrsuz]*+i|--in-place=?)(.*)\Z")
_AWK_IN_PLACE = regex(r"(?:-i ?|--include[= ])inplace(?: |\Z)")
_SORT_OUTPUT = regex(r"(?:--output=?|-[bcCdfghimnMrRsuVz]*o)(.*)\Z")
_SED_WRITES = regex(r"(?:\A|[;/0-9$}])\s*w\s+\S")


def sed(step: Step, call: Invocation) -> bool:
    """`sed -i SCRIPT FILE...` changes the content of files, and nothing else."""
    in_place = [match for arg in call.args if (match := _SED_IN_PLACE.match(arg))]
    if any(_SED_WRITES.search(arg) for arg in call.args):
        return False
    if not in_place:
        return True
    suffix = next(filter(None, (match[1] for match in in_place)), "")
    if "/" in suffix or "*" in suffix:
        return False
    _rewrite(step, call.args, suffix)
    return True


def _rewrite(step: Step, args: tuple[str, ...], suffix: str = "") -> None:
    """Those of the words that are files get another content, and a copy with a suffix."""
    for arg in args:
        path = step.absolute(arg)
        there = step.files.find(path, follow=False) if path else None
        if isinstance(there, Link):
            step.doubt([arg])  # GNU sed puts a file in its place
        elif isinstance(there, File):
            there.origin = None
        if suffix and path and there is not None:
            step.doubt([arg + suffix])


def convert(step: Step, call: Invocation) -> bool:
    """`dos2unix FILE...` changes the content of files; `dos2unix -n FROM TO...` writes others."""
    if not {"-n", "--newfile"} & set(call.args):
        _rewrite(step, call.args)
        return True
    for old, new in zip(call.operands[::2], call.operands[1::2], strict=False):
        put_changed(step, call, old, new, keeps=True, forces=True)
    return True


def uniq(step: Step, call: Invocation) -> bool:
    """`uniq [INPUT [OUTPUT]]`, and `xxd`."""
    for output in call.operands[1:]:
        step.write(output, certain=call.certain)
    return True


def awk(step: Step, call: Invocation) -> bool:
    """`awk`, whose program may write to files; `gawk -i inplace PROGRAM FILE...` changes them."""
    if any(_AWK_WRITES.search(arg) for arg in call.args):
        return False
    if any(_AWK_IN_PLACE.match(" ".join(pair)) for pair in call.followed):
        _rewrite(step, call.args)
    return True


def tee(step: Step, call: Invocation) -> bool:
    """`tee FILE...`."""
    for operand in call.operands:
        step.write(operand, certain=call.certain)
    return True


def sort(step: Step, call: Invocation) -> bool:
    """`sort [-o FILE]`."""
    for at, arg in enumerate(call.args):
        if match := _SORT_OUTPUT.match(arg):
            for output in (match[1],) if match[1] else call.args[at + 1 : at + 2]:
                step.write(output, certain=call.certain)
    return True


def find(step: Step, call: Invocation) -> bool:
    """`find DIRECTORY... [-exec COMMAND]`."""
    if {"-delete", "-fprint", "-fprintf", "-fls"} & set(call.args):
        return False
    for at, arg in enumerate(call.args):
        if arg in ("-exec", "-execdir", "-ok", "-okdir"):
            command = call.args[at + 1] if at + 1 < len(call.args) else ""
            if not _done_to_unknown(step, command):
                return False
    return True


def xargs(step: Step, call: Invocation) -> bool:
    """`xargs [OPTIONS] COMMAND`: a command whose operands nobody knows."""
    words = list(call.args)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-n", "-P", "-I", "-L", "-d", "-a", "-s") and words:
            words.pop(0)
    return _done_to_unknown(step, words[0] if words else "echo")


def _done_to_unknown(step: Step, command: str) -> bool:
    """Do a command to operands that nobody knows, if it is one that is harmless, or nearly so.

    That is one that changes permissions, or makes directories.
    """
    if command == "chmod":
        step.files.forget_modes()
    if command == "mkdir":
        step.image.has_unnamed_directories = True
    return command in HARMLESS or command in ("chmod", "chown", "chgrp", "mkdir")


TEXT_TOOLS: Mapping[str, Callable[[Step, Invocation], bool]] = {
    "sed": sed, "awk": awk, "gawk": awk, "mawk": awk, "tee": tee, "sort": sort, "find": find,
    "xargs": xargs, "dos2unix": convert, "unix2dos": convert, "uniq": uniq, "xxd": uniq,
}  # fmt: skip
"""What each of them does, by its name; false where that is not known."""
