"""GL144: variables that programs look for, under a misspelt name."""

from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.core.text import is_one_edit_away, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

_HALVES = {
    "PYTHONPATH": (b"PYTHO", b"NPATH"), "LD_LIBRARY_PATH": (b"LD_LIBR", b"ARY_PATH"),
    "FREESURFER_HOME": (b"FREESUR", b"FER_HOME"), "OMP_NUM_THREADS": (b"OMP_NUM", b"_THREADS"),
    "DEBIAN_FRONTEND": (b"DEBIAN_", b"FRONTEND"),
}  # fmt: skip
"""Variables of which no other has nearly the name; one wrong letter leaves a half of it whole."""
_PLAIN = frozenset(name.replace("_", "") for name in _HALVES)
_NAME = regex(rb"(?<![\w$\\{-])([A-Z][A-Z_]{7,15})(?=[\"']?\]?[ \t]*+[=:]|[ \t]+/)")
"""A name in capitals that is set: `X=1`, `ENV X /y`, `"X": "1"`, `environ["X"] = "1"`."""
_COMMENT_LINE = regex(rb"[ \t]*+#")


@rule("GL144", "misspelt-known-variable", Severity.WARNING, fix="unsafe")
def misspelt_known_variable(gear: Gear) -> Iterator[Problem]:
    """The gear sets a variable that nothing reads, and whose name is nearly a well-known one.

    `PYHONPATH=/flywheel/v0` changes nothing: Python looks for PYTHONPATH, and does not find the
    module. Looked for in `environment`, in the Dockerfile, and in the scripts of the gear that are
    run; known are PYTHONPATH, LD_LIBRARY_PATH, FREESURFER_HOME, OMP_NUM_THREADS and
    DEBIAN_FRONTEND, with one letter wrong, missing or too many, or two of them exchanged. Nothing
    is said of a name that the gear reads itself, nor of PYTHON_PATH and PYTHONPATHS, which may be
    meant. Source: seen in public gears.

    Bad:

        "environment": {"PYHONPATH": "/flywheel/v0"}

    Good:

        "environment": {"PYTHONPATH": "/flywheel/v0"}
    """
    sources = [gear.manifest.source]
    sources += [gear.dockerfile.source] if gear.dockerfile is not None else []
    if gear.code is not None:
        sources += [started.script.source for started in gear.code.started]
        sources += [each.source for one in gear.code.programs for each in one.modules]
    sources = list(dict.fromkeys(sources))
    for source in sources:
        for name, meant, span in _misspelt(source) if _may_misspell(source.data) else ():
            if not any(_reads(each.data, name.encode()) for each in sources):
                yield Problem(
                    source,
                    span,
                    f"nothing reads {quoted(name)}",
                    f"did you mean {quoted(meant)}?",
                    fix=Fix(source, (Edit(span.start, span.end, meant.encode()),), is_safe=False),
                )


def _may_misspell(data: bytes) -> bool:
    """Whether a half of a name is without the other, as far as is cheap."""
    return any(
        half in data and data.count(half) != data.count(name.encode())
        for name, halves in _HALVES.items()
        for half in halves
    )


def _misspelt(source: Source) -> Iterator[tuple[str, str, Span]]:
    """Each misspelt name that is set, with the one that is meant."""
    names = {match[1] for match in _NAME.finditer(source.data)}
    meant = {name: near for name in names if (near := _meant(name.decode()))}
    found = (match for match in _NAME.finditer(source.data) if match[1] in meant)
    for match in islice(found, limits.UNSET_VARIABLES) if meant else ():
        start = source.data.rfind(b"\n", 0, match.start()) + 1
        if not _COMMENT_LINE.match(source.data, start):
            yield match[1].decode(), meant[match[1]], Span(*match.span(1))


def _meant(name: str) -> str:
    """The well-known name of which a name is a misspelling; empty if there is none."""
    if name.replace("_", "") in _PLAIN:
        return ""
    swapped = (name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1))
    near = {name, *swapped}
    return next((known for known in _HALVES if known in near or is_one_edit_away(name, known)), "")


def _reads(data: bytes, name: bytes) -> bool:
    """Whether a text has a name anywhere else than where it is set."""
    return name in data and data.count(name) != sum(
        match[1] == name for match in _NAME.finditer(data)
    )
