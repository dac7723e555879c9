"""Why there is no gear under a path. Imported where there is none."""

import os
from collections.abc import Iterator, Sequence

from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.source import real_path, relative_path, shown_path
from gearlint.engine.discovery import PassedOver, SettingsOf, gear_at, search_limit, walk
from gearlint.gear.gear import MANIFEST, TESTS
from gearlint.gear.manifest import Manifest


def no_gear(path: str, passed: Sequence[PassedOver], settings_of: SettingsOf) -> GearlintError:
    """The error for a path under which there is no gear, but manifests that were passed over."""
    reason = "" if passed else _of_the_gear_above(path, settings_of)
    if reason:
        return GearlintError(f"{path}: no gear found: {reason}")
    passed = [*passed, *_in_tests(path, settings_of)]
    if not passed:
        return GearlintError(f"{path}: no gear found (no manifest.json that is a gear's)")
    named = [
        f"{shown_path(os.path.abspath(one.path))} {one.reason}"
        for one in passed[: limits.MANIFESTS_NAMED]
    ]
    if len(passed) > len(named):
        named.append(f"and {len(passed) - len(named)} more")
    return GearlintError(f"{path}: no gear found: {'; '.join(named)}")


def _of_the_gear_above(path: str, settings_of: SettingsOf) -> str:
    """Why the gear that a path is in is not found by it; empty where it is in none."""
    absolute = os.path.abspath(path)
    directory = real_path(path if os.path.isdir(path) else os.path.dirname(absolute))
    limit = search_limit(directory)
    while not _has_gear(directory, settings_of):
        parent = os.path.dirname(directory)
        if directory == limit or parent == directory:
            return ""
        directory = parent
    if settings_of(path).excludes(path):
        return "it is excluded by the settings"
    return f"it is part of the gear in {relative_path(directory)}: give that"


def _has_gear(directory: str, settings_of: SettingsOf) -> bool:
    path = os.path.join(directory, MANIFEST)
    return os.path.lexists(path) and isinstance(gear_at(path, settings_of), Manifest)


def _in_tests(path: str, settings_of: SettingsOf) -> Iterator[PassedOver]:
    """The gears that are left out for a directory above them."""
    for item in walk(path, settings_of(path), tests=True):
        if not isinstance(item, str):
            continue
        skipped = TESTS.intersection(os.path.relpath(item, path).split(os.sep))
        if skipped and _has_gear(os.path.dirname(item), settings_of):
            reason = f'is skipped, as directories called "{min(skipped)}" are: give its path'
            yield PassedOver(item, reason)
