"""What a bump would change. Pure: reads what it is given, and writes nothing.

Every function raises GearlintError, with what to do, where the bump is refused.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Edit, applied
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, real_path
from gearlint.core.text import quoted, shown
from gearlint.gear.bump_files import BumpFile, difference, in_quotes, is_compared, pattern_of
from gearlint.gear.edits import manifest as manifest_edits
from gearlint.gear.edits.dockerfile import software_raised
from gearlint.gear.edits.keyed import span_at, value_at
from gearlint.gear.gear import DEPRECATED_IMAGE, IMAGE, Gear
from gearlint.gear.manifest import Path
from gearlint.release.changelogs import changelog_of
from gearlint.release.next_version import Release, tags_of
from gearlint.syntax import image_reference
from gearlint.syntax.version import is_release


class Plan(NamedTuple):
    """All that a bump does: the files, one commit, and tags, by their names with their messages.

    Without `commits` only the files change, and there are no tags.
    """

    releases: tuple[Release, ...]
    changes: tuple[FileChange, ...]
    message: str
    tags: Mapping[str, str]
    commits: bool


# --- the files


class OtherVersionError(GearlintError):
    """A file of `bump.files` has another version than that which is there."""


class PlannedChanges:
    """The changes of files, gathered; each by its path without links.

    `bytes` are those that may yet be searched and written by replacing texts.
    """

    def __init__(self) -> None:
        self.by_path: dict[str, FileChange] = {}
        self.bytes = Budget(limits.BUMP_BYTES)

    def add(self, source: Source, edits: Iterable[Edit]) -> None:
        """Edits of a file as it was read; no other may have changed it."""
        edits = sorted(edits)
        if not edits:
            return
        path = real_path(source.path)
        if path in self.by_path:
            raise GearlintError(f"{source.path}: belongs to two gears, and cannot follow both")
        self.by_path[path] = FileChange(path, source.data, applied(source.data, edits))

    def replace(self, source: Source, old: str, new: str) -> None:
        """Replace `old` by `new`; refuses where it is not there, or more than once.

        It is not where it is a part of longer numbers: `1.0.1` is not in `11.0.1`, `1.0.10`,
        `1.0.1.2`.
        """
        change = self._of(source)
        searched, replacement = old.encode(), new.encode()
        cost = len(change.after) + change.after.count(searched) * len(replacement)
        if not self.bytes.spend(cost):
            raise GearlintError(
                f"{source.path}: bump.files has over {limits.BUMP_BYTES} bytes to go through in all"
            )
        data, count = pattern_of(old).subn(lambda _: replacement, change.after)
        if count != 1:
            what = f"{source.path}: {in_quotes(old)}, which bump.files has, is"
            if count:
                raise GearlintError(f"{what} in it {count} times: make search longer")
            raise OtherVersionError(f"{what} not in it")
        self.by_path[change.path] = change._replace(after=data)

    def set_key(self, source: Source, key: str, old: str, new: str) -> None:
        """Put `new` instead of `old` at a key of a TOML or JSON file; refuses where that is not."""
        change = self._of(source)
        try:
            value = value_at(change.after, change.path, key)
            span = span_at(change.after, change.path, key, new, self.bytes.spend)
        except ValueError:
            raise GearlintError(
                f"{source.path}: cannot be read, so {quoted(key)}, which bump.files has, is unknown"
            ) from None
        if value != old:
            has = f"is {shown(value)}" if value is not None else "is not in it"
            raise OtherVersionError(
                f"{source.path}: {quoted(key)}, which bump.files has, {has}, expected {quoted(old)}"
            )
        if span is None:
            raise GearlintError(f"{source.path}: {quoted(key)} cannot be changed: use search")
        after = applied(change.after, [Edit(*span, new.encode())])
        self.by_path[change.path] = change._replace(after=after)

    def _of(self, source: Source) -> FileChange:
        path = real_path(source.path)
        return self.by_path.get(path) or FileChange(path, source.data, source.data)


def add_changes(
    changes: PlannedChanges,
    release: Release,
    gear: Gear,
    files: Sequence[tuple[BumpFile, Source]],
    date: str,
) -> tuple[str, ...]:
    """Add what a release changes to `changes`; returns what there is to say of it.

    `files` are those of `[[tool.gearlint.bump.files]]`, as they were read.
    """
    _add_manifest(changes, release, gear)
    notes: list[str] = []
    old, new = release.old.software_part, release.new.software_part
    if gear.dockerfile is not None and old and new and old != new:
        edits, notes = software_raised(gear.dockerfile, old, new)
        changes.add(gear.dockerfile.source, edits)
    for file, source in files:
        try:
            _add_file(changes, release, file, source, date)
        except OtherVersionError as error:
            if is_compared(file, release.old):
                found = difference(file, source.data, release.old, release.name)
                if found is not None and found.new is not None:
                    raise GearlintError(f"{error}: gearlint check --fix sets it (GL605)") from None
            raise
    notes += _add_changelog(changes, release, gear, files, date)
    return tuple(notes)


def _add_file(
    changes: PlannedChanges, release: Release, file: BumpFile, source: Source, date: str
) -> None:
    if file.key:
        value = release.formatted(file.value, date, old=True)
        changes.set_key(source, file.key, value, release.formatted(file.value, date))
    else:
        search = release.formatted(file.search, date, old=True)
        changes.replace(source, search, release.formatted(file.replace, date))


def _add_changelog(
    changes: PlannedChanges,
    release: Release,
    gear: Gear,
    files: Sequence[tuple[BumpFile, Source]],
    date: str,
) -> list[str]:
    """Add the version to the CHANGELOG; returns what there is to say of that.

    Not a pre-release, whose notes wait for the release.
    """
    changelog = changelog_of(gear)
    if changelog is None or not is_release(release.new.text):
        return []
    name = os.path.basename(changelog.source.path)
    path = real_path(changelog.source.path)
    if path in changes.by_path:
        is_own = any(real_path(source.path) == path for _, source in files)
        return [] if is_own else [f"{name} is another gear's as well, which is put into it alone"]
    old, new = release.old, release.new
    has_short = changelog.has_heading_of(old.gear_part)
    is_short = has_short and not changelog.has_heading_of(old.text)
    version = new.gear_part if is_short else new.text
    if changelog.has_heading_of(version):
        changes.add(changelog.source, changelog.dated(version, date))
        return []
    edits, note = changelog.released(version, release.tag, date)
    changes.add(changelog.source, edits)
    return [f"{name} {note}"] if note else []


def _add_manifest(changes: PlannedChanges, release: Release, gear: Gear) -> None:
    manifest = gear.manifest
    texts: dict[Path, str] = {("version",): release.new.text}
    for place in (IMAGE, DEPRECATED_IMAGE):
        image = image_reference.parse(manifest.string(*place) or "")
        if image.tag is not None:
            texts[place] = image.tagged(release.new.text)
    edits: list[Edit] = []
    for place, text in texts.items():
        fix = manifest_edits.rewritten(manifest, text, place, is_safe=True)
        if fix is None:
            raise GearlintError(
                f"{manifest.source.path}: {place[-1]} cannot be changed: see gearlint check"
            )
        edits += fix.edits
    changes.add(manifest.source, edits)


def plan_of(
    releases: Sequence[Release],
    changes: PlannedChanges,
    message: str,
    tag_message: str,
    date: str,
    *,
    commits: bool,
    tags: bool,
) -> Plan:
    """The plan of some releases; the messages may hold placeholders."""
    tag_messages = (release.formatted(tag_message, date) for release in releases)
    messages_of_tags = dict(zip(tags_of(releases), tag_messages, strict=True))
    messages = dict.fromkeys(release.formatted(message, date) for release in releases)
    changed = tuple(change for change in changes.by_path.values() if change.before != change.after)
    if not (commits and tags):
        messages_of_tags = {}
    return Plan(tuple(releases), changed, ", ".join(messages), messages_of_tags, commits)
