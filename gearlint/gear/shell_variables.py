"""Variables of the gear's shell scripts that nothing sets, and that are nearly one that is set."""

import re
from collections.abc import Iterator
from itertools import chain

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.gear.gear import Gear
from gearlint.image.shell.state import OF_SHELLS
from gearlint.image.variables import MENTIONED, SETS_OTHERS, misspelt
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Kind

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
_READ = regex(r"\b(?:read|mapfile|readarray)\b")


class MisspeltVariable(NamedTuple):
    """A variable that a script expands, the one that is meant, and where."""

    name: str
    meant: str
    source: Source
    span: Span


def misspelt_variables(gear: Gear) -> Iterator[MisspeltVariable]:
    """Each such variable of the shell scripts that are started, once in a script.

    A name in capitals may be one of the image's environment: it counts where that is known.
    """
    if gear.code is None:
        return
    known: set[str] | None = None
    for script in gear.code.shell_scripts:
        text = script.text
        unset = set(_EXPANDED.findall(text)).difference(MENTIONED.findall(text))
        if not unset:
            continue
        by_eval = _set_by_eval(text)
        if ("", "") in by_eval:
            continue
        if known is None:
            known = _known(gear)
        unset = {
            name
            for name in unset - known
            if not _may_be_of_image(name, gear, text)
            and not any(name.startswith(one) and name.endswith(two) for one, two in by_eval)
        }
        if not 0 < len(unset) <= limits.UNSET_VARIABLES:
            continue
        assigned = frozenset(_ASSIGNED.findall(text))
        meant = {name: misspelt(name, assigned) for name in unset}
        for name, span in _expansions(text, {name for name, one in meant.items() if one}):
            if not _is_of_a_family(name, meant[name]):
                at = script.source.span_of_text(*span)
                yield MisspeltVariable(name, meant[name], script.source, at)


def _set_by_eval(text: str) -> set[tuple[str, str]]:
    """How the names of what `eval` sets begin and end; both are empty where it may be any name.

    So it is of what a program prints or `read` reads, and where the line is not all of it.
    Where `eval` runs a command that is put together in the script, its names are in the script.
    """
    found = set[tuple[str, str]]()
    lines = _EVAL.findall(text)
    reads = bool(lines) and _READ.search(text) is not None
    for line in lines:
        names = set(_OF_EVAL.findall(line))
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
    found = set[str]()
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
