"""Variables that the gear's shell scripts expand, and that nothing of the gear sets."""

import posixpath
import re
from collections.abc import Iterator
from itertools import chain

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import is_one_edit_away
from gearlint.gear.code import Code
from gearlint.gear.gear import Gear
from gearlint.gear.script import Script
from gearlint.image.shell.state import OF_SHELLS
from gearlint.image.stages import PROXIES
from gearlint.image.variables import MENTIONED, SETS_OTHERS, misspelt
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Command, Kind

_EXPANDED = regex(r"\$\{?([A-Za-z_]\w*+)")
_ASSIGNED = regex(r"(?<![$\w{])([A-Za-z_]\w*+)\+?=")
_OF_PROGRAMS = frozenset((
    "FREESURFER_HOME", "FSLDIR", "LD_LIBRARY_PATH", "MATLABPATH", "OMP_NUM_THREADS", "PYTHONPATH",
    "SUBJECTS_DIR", "TMPDIR",
))  # fmt: skip
"""What programs look for, by its right name, whether it is set or not."""
_EVAL = regex(r"\beval\b[^\n]*+")
_OF_EVAL = regex(r"(?<!\w)(\w*+)\$\{?\w++\}?(\w*+)=")
"""What `eval` sets, by the beginning and the end of its name: `eval "opt_${arg}=1"`."""
_ENTRIES = regex(r"\.(config|inputs)[ \t]*+\|[ \t]*+to_entries\[\][^\"\n]*+\\?\"(\w*+)\\\(\.key\)=")
"""What `eval` sets by jq for each option or input: by `"config_\\(.key)=\\(.value)"`."""
_READ = regex(r"\b(?:read|mapfile|readarray)\b")
_OF_OTHERS = PROXIES | {
    "auto_resume", "container", "histchars",  # of Docker and bash
    "d", "os", "output", "tmp1", "tmp2", "tmp3",  # of FreeSurfer's file
}  # fmt: skip
"""Names with small letters that something else than the gear sets."""
_SETUP = regex(
    r"/(?:etc/fsl/(?:[0-9.]+/)?fsl|fslconf/fsl|SetUpFreeSurfer|FreeSurferEnv|docker-env|conda)\.sh\Z"
    r"|/bin/activate\Z"
)
"""Files of programs that are sourced, and set names in capitals, but for those above."""
_ASKED = regex(r"-[nz][ \t]++[\"']?\$\{?([A-Za-z_]\w*+)|\$\{([A-Za-z_]\w*+):?[-+?]")
"""Whether a variable is set: the script knows that it may not be."""
_SETTERS = frozenset((
    "declare", "env", "export", "let", "local", "mapfile", "printf", "read", "readarray",
    "readonly", "typeset",
))  # fmt: skip
_LONG = 8
"""Characters of a name that no image has by chance besides one that is nearly the same."""
_LETTERS = regex(r"[A-Z]++")
_ANY_NAME = regex(r"[^=]*?(?:\$[\w{(]|`)|-\w*n")
"""A word of those that may name any variable, or makes another name for one (`-n`)."""
_OF_PYTHON = regex(r"environ|\benv\b")


class UnsetVariable(NamedTuple):
    """A variable that a script expands, the one that is meant, if that is certain, and where."""

    name: str
    meant: str
    source: Source
    span: Span


def unset_variables(gear: Gear) -> Iterator[UnsetVariable]:
    """Each such variable of the shell scripts that are started, once in a script.

    A name in capitals may be one of the image's environment: it counts where that is known, or
    where it is long, and only if it is nearly one that is set.
    """
    if gear.code is None:
        return
    known: set[str] | None = None
    for script in gear.code.shell_scripts:
        text = script.text
        unset = set(_EXPANDED.findall(text)).difference(MENTIONED.findall(text))
        if not unset:
            continue
        if known is None:
            known = _known(gear)
        by_eval = _set_by_eval(text)
        entries = _set_of_entries(text, gear)
        assigned = frozenset(_ASSIGNED.findall(text)) | entries.names
        unset = {
            name
            for name in unset - known - entries.names
            if (not _may_be_of_image(name, gear, text) or _is_a_letter_off(name, assigned))
            and not any(name.startswith(one) and name.endswith(two) for one, two in by_eval)
        }
        if not 0 < len(unset) <= limits.UNSET_VARIABLES:
            continue
        meant = {name: _meant(name, assigned) for name in unset}
        near = {one for one in unset if meant[one] and len(one) >= limits.MISSPELT_CHARACTERS}
        own = {name for name in unset if entries.prefixes and name.startswith(entries.prefixes)}
        others = {name for name in unset - near - _OF_OTHERS if not _is_of_images(name)} | own
        others.difference_update(*_ASKED.findall(text))
        if others and _may_set_any(gear.code, script):
            others = set()
        for name, span in _expansions(text, near | others):
            at = script.source.span_of_text(*span)
            yield UnsetVariable(name, meant[name], script.source, at)


def _meant(name: str, assigned: frozenset[str]) -> str:
    """The variable that is nearly called so, of a short name the only one; empty without one."""
    meant = misspelt(name, assigned)
    if not meant and 1 < len(name) < limits.MISSPELT_CHARACTERS:
        near = [one for one in assigned if is_one_edit_away(name, one)]
        meant = near[0] if len(near) == 1 else ""
    return "" if _is_of_a_family(name, meant) else meant


def _is_a_letter_off(name: str, assigned: frozenset[str]) -> bool:
    """Whether a long name in capitals is one that the script sets, but for a letter within it."""
    if len(name) < _LONG or name in OF_SHELLS | _OF_PROGRAMS:
        return False
    meant = misspelt(name, assigned)
    is_plural = f"{name}S" == meant or f"{meant}S" == name
    return _LETTERS.sub("", name) == _LETTERS.sub("", meant) and not is_plural and meant != ""


def _is_of_images(name: str) -> bool:
    """Whether a name begins as those of ENV do: `FSLDIR`, `HCPPIPEDIR_Templates`."""
    return name.partition("_")[0].isupper()


def _may_set_any(code: Code, own: Script) -> bool:
    """Whether the gear's code may set a variable of its `own` script whose name it does not have.

    What `eval` sets there by a part of its name is known.
    """
    is_by_shell = any(one.script is own for one in code.started_by_flywheel)
    if not is_by_shell and any(map(_OF_PYTHON.search, code.python_texts)):
        return True  # Python may start it with others
    read = {posixpath.basename(one.path) for one in code.started if one.is_sourced}
    for one in code.started:
        line = command_line.parse(one.script.text) if one.script.is_shell else None
        for each in line.commands if line is not None else ():
            if each.name == "eval":
                text = one.script.text[slice(*each.span)]
                if one.script is not own or not (_OF_EVAL.search(text) or _ENTRIES.search(text)):
                    return True
            elif not _sets_known(one.script.text, each, read):
                return True
        if line is not None and not line.known:
            return True
    return False


def _sets_known(text: str, command: Command, read: set[str]) -> bool:
    """Whether the names that a command sets are in a script: `read` are those it may source."""
    words = [text[slice(*word.span)].strip("\"'") for word in command.words[1:]]
    if command.name in (".", "source"):
        file = words[0] if words else ""
        return _SETUP.search(file) is not None or posixpath.basename(file) in read
    if command.name == "env":
        words = words[:2]
    elif command.name == "printf":
        words = words[1:2] if words[:1] == ["-v"] else []
    return command.name not in _SETTERS or not any(map(_ANY_NAME.match, words))


class _Entries(NamedTuple):
    """What `eval` sets by jq: the names, and how they begin."""

    names: frozenset[str]
    prefixes: tuple[str, ...]


def _set_of_entries(text: str, gear: Gear) -> _Entries:
    """What a script sets for each option or input that the manifest declares."""
    found = [match.groups() for line in _EVAL.findall(text) for match in _ENTRIES.finditer(line)]
    names = (f"{prefix}{key}" for kind, prefix in found for key in gear.manifest.object(kind))
    return _Entries(frozenset(names), tuple(prefix for _, prefix in found if prefix))


def _set_by_eval(text: str) -> set[tuple[str, str]]:
    """How the names of what `eval` sets begin and end; both are empty where it may be any name.

    So it is of what a program prints or `read` reads, and where the line is not all of it.
    Where `eval` runs a command that is put together in the script, its names are in the script.
    """
    found: set[tuple[str, str]] = set()
    lines = _EVAL.findall(text)
    reads = bool(lines) and _READ.search(text) is not None
    for line in lines:
        names = set(_OF_EVAL.findall(line))
        if line.count("$(") == 1 and _ENTRIES.search(line):
            continue
        is_part = line.endswith("\\") or any(line.count(quote) % 2 for quote in "'\"")
        if is_part or "$(" in line or "`" in line or (reads and not names):
            return {("", "")}
        found |= names
    return found


def _known(gear: Gear) -> set[str]:
    """All words of the gear's code, its Dockerfile and its environment that may set a variable."""
    sources = [gear.dockerfile.source] if gear.dockerfile is not None else []
    if gear.code is not None:
        sources += [started.script.source for started in gear.code.started]
        sources += [each.source for program in gear.code.programs for each in program.modules]
    words = (MENTIONED.findall(source.text or "") for source in dict.fromkeys(sources))
    return {*gear.manifest.object("environment"), *chain.from_iterable(words)}


def _may_be_of_image(name: str, gear: Gear, text: str) -> bool:
    """Whether a variable with a name as those of ENV may be set outside of the gear's code."""
    if name != name.upper():
        return False
    image = gear.image
    is_unset = image is not None and image.variable(name) is None
    is_unset = is_unset and name not in OF_SHELLS | _OF_PROGRAMS
    return not is_unset or SETS_OTHERS.search(text) is not None


def _is_of_a_family(name: str, other: str) -> bool:
    """Whether the names differ in a part of one or two letters, as `opt_a` and `opt_b`."""
    pairs = zip(re.split("_", name), re.split("_", other), strict=False)
    return any(one != two and max(len(one), len(two)) <= 2 for one, two in pairs)


def _expansions(text: str, names: set[str]) -> Iterator[tuple[str, Span]]:
    """The first place of each of some variables where the shell expands it, with its name.

    Not one that says what to take where it is not set, as `${name:-default}`.
    """
    found: set[str] = set()
    for command in command_line.parse(text).commands if names else ():
        for word in (*command.words, *(each.value for each in command.assignments)):
            for part in word.parts:
                name = part.text
                is_wanted = name in names and name not in found
                if part.kind is Kind.VARIABLE and not part.operator and is_wanted:
                    match = re.compile(rf"\$\{{?{name}\b\}}?").search(text, *word.span)
                    if match is not None:
                        found.add(name)
                        yield name, Span(*match.span())
