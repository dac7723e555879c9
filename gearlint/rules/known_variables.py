"""GL144: variables that programs look for, under a misspelt name."""

from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, has_any
from gearlint.core.text import is_one_edit_away, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

_HALVES = {
    "PYTHONPATH": ("PYTHO", "NPATH"), "LD_LIBRARY_PATH": ("LD_LIBR", "ARY_PATH"),
    "FREESURFER_HOME": ("FREESUR", "FER_HOME"), "OMP_NUM_THREADS": ("OMP_NUM", "_THREADS"),
    "DEBIAN_FRONTEND": ("DEBIAN_", "FRONTEND"),
}  # fmt: skip
"""Variables of which no other has nearly the name; one wrong letter leaves a half of it whole."""
_ALL_HALVES = tuple(half for halves in _HALVES.values() for half in halves)
_PLAIN = frozenset(name.replace("_", "") for name in _HALVES)
_NAME = regex(rb"(?<![\w$\\{-])([A-Z][A-Z_]{7,15})(?=[\"']?\]?[ \t]*+[=:]|[ \t]+/)")
"""A name in capitals that is set: `X=1`, `ENV X /y`, `"X": "1"`, `environ["X"] = "1"`."""
_COMMENT_LINE = regex(rb"[ \t]*+#")


@rule("GL144", "misspelt-known-variable", Severity.WARNING, fix="unsafe")
def misspelt_known_variable(gear: Gear) -> Iterator[Problem]:
    """The gear sets a variable that nothing reads, and whose name is nearly a well-known one.

    `PYHONPATH=/flywheel/v0` changes nothing: Python looks for PYTHONPATH, and does not find the
    module. Looked for in `environment`, in the Dockerfile, and in the scripts of the gear that are
    run, and reported once a name and file; known are PYTHONPATH, LD_LIBRARY_PATH, FREESURFER_HOME,
    OMP_NUM_THREADS and DEBIAN_FRONTEND, with one letter wrong, missing or too many, or two of them
    exchanged. Nothing is said of a name that the gear reads itself, nor of PYTHON_PATH and
    PYTHONPATHS, which may be meant. Source: seen in public gears.

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
        for name, spans in _misspelt(source).items() if _may_misspell(source.data) else ():
            if not any(_reads(each.data, name) for each in sources):
                meant = _meant(name)
                edits = tuple(Edit(span.start, span.end, meant.encode()) for span in spans)
                yield Problem(
                    source,
                    spans[0],
                    f"nothing reads {quoted(name.decode())}",
                    f"did you mean {quoted(meant)}?",
                    fix=Fix(source, edits, is_safe=False),
                )


def _may_misspell(data: bytes) -> bool:
    """Whether a half of a name is without the other, as far as is cheap."""
    return has_any(data, _ALL_HALVES) and any(
        data.count(half.encode()) != data.count(name.encode())
        for name, halves in _HALVES.items()
        for half in halves
    )


def _misspelt(source: Source) -> dict[bytes, list[Span]]:
    """Each misspelt name that is set, with its places."""
    found: dict[bytes, list[Span]] = {}
    for match in _NAME.finditer(source.data):
        start = source.data.rfind(b"\n", 0, match.start()) + 1
        if not _COMMENT_LINE.match(source.data, start):
            found.setdefault(match[1], []).append(Span(*match.span(1)))
    if len(found) > limits.VARIABLES_SET:
        return {}
    return {name: spans for name, spans in found.items() if _meant(name)}


def _meant(name: bytes) -> str:
    """The well-known name of which a name is a misspelling; empty if there is none."""
    text = name.decode()
    if text.replace("_", "") in _PLAIN:
        return ""
    return next((known for known in _HALVES if is_one_edit_away(text, known)), "")


def _reads(data: bytes, name: bytes) -> bool:
    """Whether a text has a name anywhere else than where it is set."""
    return name in data and data.count(name) != sum(
        match[1] == name for match in _NAME.finditer(data)
    )
