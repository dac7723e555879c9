"""GL125, GL126: the regular expressions in options and inputs."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.gear.schema.snippets import Pattern, patterns, snippets_of
from gearlint.rules.registry import rule

_PLAIN_END = regex(r"[\w.-]++\Z")
_NESTED = regex(
    r"(?<!\\)\((?:\?:)?"
    r"(\\[dDsSwW\W]|\[(?:\\.|[^\]\[\\])++\]|[^\\\[\](){}|*+?^$])"  # one character
    r"([+*])\)([+*])(?![+*?{])"
)


@rule("GL125", "invalid-pattern", Severity.ERROR)
def invalid_pattern(gear: Gear) -> Iterator[Problem]:
    r"""A pattern is not a regular expression of Python.

    Flywheel's validator applies patterns with Python's `re`, which refuses this one, so that every
    run fails. Source: `fw-gear` 0.3.7, which uses jsonschema.

    Bad:

        "config": {"id": {"type": "string", "pattern": "^sub-(\\d+$", "description": "Subject."}}

    Good:

        "config": {"id": {"type": "string", "pattern": "^sub-(\\d+)$", "description": "Subject."}}
    """
    for pattern in _patterns(gear):
        error = gear.judge.pattern_error(pattern.text)
        if error:
            at = gear.at.key if pattern.is_key else gear.at.value
            yield at(
                pattern.path,
                f"pattern {quoted(pattern.text)} is not valid: {error}",
                _not_a_glob(pattern.text) or "write a regular expression of Python's re module",
            )


def _not_a_glob(pattern: str) -> str:
    """What to write instead of a glob such as `*.nii.gz`; empty for another pattern."""
    end = pattern.removeprefix("*")
    if end == pattern or not _PLAIN_END.match(end):
        return ""
    return f"this is a glob: write {quoted(end.replace('.', '[.]') + '$')}"


@rule("GL126", "slow-pattern", Severity.WARNING)
def slow_pattern(gear: Gear) -> Iterator[Problem]:
    """A pattern can take exponential time.

    One repetition inside another, with several ways to share out the same text, makes Python's
    `re` try them all before it gives up: thirty characters can take minutes. Source: Davis et al.,
    The impact of regular expression denial of service in practice, 2018.

    Bad:

        "config": {"id": {"type": "string", "pattern": "^(a+)+$", "description": "Subject."}}

    Good:

        "config": {"id": {"type": "string", "pattern": "^a+$", "description": "Subject."}}
    """
    for pattern in _patterns(gear):
        if gear.judge.is_exponential(pattern.text):
            at = gear.at.key if pattern.is_key else gear.at.value
            yield at(
                pattern.path,
                f"pattern {quoted(pattern.text)} can take exponential time",
                _take_away(gear, pattern.text),
            )


def _take_away(gear: Gear, pattern: str) -> str:
    """What to take away from a slow pattern; the simpler one where it certainly means the same."""
    advice = "take away the repetition inside a repetition"
    has_more = "(?" in pattern.replace("(?:", "")  # a name, or a flag
    for nested in _NESTED.finditer(pattern) if not has_more else ():
        repeat = "+" if nested[2] == nested[3] == "+" else "*"
        simpler = pattern[: nested.start()] + nested[1] + repeat + pattern[nested.end() :]
        if not gear.judge.pattern_error(simpler) and not gear.judge.is_exponential(simpler):
            return f"{advice}: {quoted(simpler)}"
    return f"{advice}, or of its alternatives the one that matches what another does"


def _patterns(gear: Gear) -> Iterator[Pattern]:
    for path, schema in snippets_of(gear.manifest):
        yield from patterns(schema, path)
