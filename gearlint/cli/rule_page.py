"""The page of a rule: what is wrong and why, whether there is a fix, how to suppress it."""

from collections.abc import Iterator
from textwrap import indent

from gearlint.rules import Rule

MANIFEST, DOCKERFILE, SCRIPT = "manifest.json", "Dockerfile", "run.py"

_REPORTED_IN: dict[str, tuple[str, ...]] = {
    "GL001": (), "GL002": (), "GL004": (), "GL007": (),  # of a file that is not read
    "GL006": (MANIFEST, DOCKERFILE, SCRIPT),
    "GL205": (MANIFEST,),
    "GL301": (MANIFEST,),
    "GL311": (DOCKERFILE,),
    "GL315": (DOCKERFILE,), "GL318": (DOCKERFILE,), "GL326": (DOCKERFILE,),
    "GL324": (DOCKERFILE, SCRIPT),
    "GL401": (MANIFEST,), "GL403": (MANIFEST, SCRIPT),
    "GL405": (), "GL410": (),  # a comment in the `#!` line would be part of it
    "GL407": (MANIFEST, DOCKERFILE, SCRIPT),
    "GL604": (MANIFEST,), "GL605": (),
    "GL701": (MANIFEST, DOCKERFILE, SCRIPT),
    "GL702": (MANIFEST, DOCKERFILE),
}  # fmt: skip
"""The files in which a rule reports something that can be suppressed there.

Those of the other rules are the files that their examples show.
"""

_FIXES = {
    "": "No fix.",
    "safe": "A safe fix is sometimes available: gearlint check --fix.",
    "unsafe": "An unsafe fix is sometimes available: gearlint check --fix --unsafe-fixes.",
    "both": "A fix is sometimes available: gearlint check --fix where it is safe, with "
    "--unsafe-fixes\nwhere it is not.",
}


def lines(rule: Rule) -> Iterator[str]:
    """The page of a rule as text, in paragraphs that may hold several lines."""
    summary, text, file, bad, good = rule.documentation
    off = "" if rule.default else ", only when selected"
    yield f"{rule.code} {rule.name} ({rule.severity.label}{off})"
    yield f"\n{summary}"
    if text:
        yield f"\n{text}"
    yield f"\n{fix(rule)}"
    yield f"\nBad {file}:\n\n{indent(bad, '    ')}"
    yield f"Good {file}:\n\n{indent(good, '    ')}"
    yield "To suppress it:\n"
    yield from (f"    {where}: {what}" for where, what in suppressions(rule))


def fix(rule: Rule) -> str:
    """Whether the rule has a fix, and the command that applies it."""
    return _FIXES[rule.fix]


def suppressions(rule: Rule) -> Iterator[tuple[str, str]]:
    """Where the rule can be suppressed, and what to write there."""
    for file in reported_in(rule):
        if file == MANIFEST:
            yield file, f'"custom": {{"gearlint": {{"ignore": ["{rule.code}"]}}}}'
        else:
            where = "above the instruction" if file == DOCKERFILE else "in a script, above the line"
            yield (
                f"{file}, {where}" if file == DOCKERFILE else where,
                (f"# gearlint: ignore[{rule.code}]"),
            )
    yield "gearlint.toml", f'ignore = ["{rule.code}"]'


def reported_in(rule: Rule) -> tuple[str, ...]:
    """The files with findings of the rule that can be suppressed there; `run.py` is any script."""
    return _REPORTED_IN.get(rule.code, (rule.documentation.file,))
