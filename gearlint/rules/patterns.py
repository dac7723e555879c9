"""GL125, GL126: the regular expressions in options and inputs."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.gear.schema.snippets import Pattern, patterns, snippets_of
from gearlint.rules.registry import rule


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
                "write a regular expression of Python's re module",
            )


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
                "write it so that no text can be repeated in two ways",
            )


def _patterns(gear: Gear) -> Iterator[Pattern]:
    for path, schema in snippets_of(gear.manifest):
        yield from patterns(schema, path)
