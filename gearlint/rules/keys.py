"""GL135: the keys of options and inputs."""

from collections.abc import Iterator, Mapping

from gearlint.core import limits
from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.text import dotted, quoted
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Json, Path
from gearlint.gear.schema import faults
from gearlint.gear.schema.keys import misspelt_keys
from gearlint.rules.registry import rule

_IS_JUDGED_ELSEWHERE = frozenset(("$ref", "pattern", "patternProperties"))
"""Keys whose values have rules of their own."""


@rule("GL135", "misspelt-key", Severity.WARNING, fix="both")
def misspelt_key(gear: Gear) -> Iterator[Problem]:
    """A key of an option or input is misspelt.

    Keys that Flywheel does not know are ignored: with `defualt` an option has no default, with
    `min` no limit, with `choices` (for `enum`) any value. Nothing is said of a key that is near to
    no known one, that another draft of JSON schema has, or where the right one is there too. An
    error where the upload is refused, as what is missing then is required. The fix of `min`, `max`
    and `choices` is unsafe. Source: manifest schema of `fw-gear` 0.3.7; JSON schema draft 4; seen
    in public gears.

    Bad:

        "config": {"threads": {"type": "integer", "defualt": 4, "description": "How many at once."}}

    Good:

        "config": {"threads": {"type": "integer", "default": 4, "description": "How many at once."}}
    """
    for number, (path, meant) in enumerate(misspelt_keys(gear.manifest)):
        key = str(path[-1])
        yield gear.at.key(
            path,
            f"{dotted(path[:-1])} has the key {quoted(key)}, which Flywheel does not know",
            f'did you mean "{meant}"?',
            severity=Severity.ERROR if _is_refused(gear, path, meant) else None,
            fix=_renamed(gear, path, meant) if number < limits.TRIED_FIXES else None,
        )


def _is_refused(gear: Gear, path: Path, meant: str) -> bool:
    """Whether the upload is refused for the key; GL103, GL120 and GL131 leave that to this rule."""
    if len(path) != 3:
        return False
    if path[0] == "config":
        return meant == "type"
    return meant == "base" or not isinstance(gear.manifest.get(*path), dict)


def _renamed(gear: Gear, path: Path, meant: str) -> Fix | None:
    """The fix that corrects the key, where its value fits there and no other rule then speaks."""
    from gearlint.gear.edits.manifest import renamed
    from gearlint.gear.schema.snippets import is_of_type, subschemas

    value = gear.manifest.get(*path)
    corrected = _with_key(gear.manifest.object(*path[:2]), path[2:], meant)
    parts = [node for part in ({meant: value}, value) for _, node in subschemas(part, ())]
    if any(not _IS_JUDGED_ELSEWHERE.isdisjoint(part) for part in parts):
        return None
    alone: dict[str, Json] = {str(path[0]): {str(path[1]): corrected}}
    if any(fault.path[:1] == path[:1] for fault in faults(alone)):
        return None
    if path[0] == "config":
        kind, choices = str(corrected["type"]), corrected.get("enum", [])
        if isinstance(choices, list) and not all(is_of_type(each, kind) for each in choices):
            return None  # GL124 would say so
        is_bound = "default" in corrected and not any(gear.judge.bad_references(corrected, ()))
        if is_bound and gear.judge.mismatch(corrected["default"], corrected) is not None:
            return None  # GL121 would say so
    is_safe = str(path[-1]).casefold() not in ("choices", "max", "min")
    return renamed(gear.manifest, path, meant, is_safe=is_safe)


def _with_key(schema: Mapping[str, Json], path: Path, key: str) -> dict[str, Json]:
    """A schema in which the key at a path below it is another one."""
    first, *others = path
    changed: dict[str, Json] = {}
    for name, value in schema.items():
        if name != first:
            changed[name] = value
        elif others:
            changed[name] = _below(value, tuple(others), key)
        else:
            changed[key] = value
    return changed


def _below(value: Json, path: Path, key: str) -> Json:
    if isinstance(value, list):
        others = path[1:]
        return [_below(one, others, key) if at == path[0] else one for at, one in enumerate(value)]
    return _with_key(value, path, key) if isinstance(value, dict) else value
