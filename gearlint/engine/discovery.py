"""Finds the manifests of gears: those under a path, and those that own a file."""

import os
from collections.abc import Callable, Iterator

from gearlint.core import limits
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import kept_for_a_run, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_inside, read, real_path, shown_path, top_of
from gearlint.core.text import shown
from gearlint.engine.settings import Settings
from gearlint.gear.gear import DOCKERFILES, MANIFEST, TESTS, is_skipped, why_not_a_gear
from gearlint.gear.manifest import Manifest
from gearlint.syntax.gitignore import GitIgnore

SettingsOf = Callable[[str], Settings]
"""Finds the settings that apply to a path. Raises GearlintError for a wrong settings file."""

_KEY_OF_A_GEAR = regex(
    rb"[\"'\x9c\x9d](version|inputs|config|gear-builder|license)(?:[\"']|\xe2\x80[\x9c-\x9f])\s*:"
)  # in curly quotes too, the last byte of which is \x9c or \x9d


class PassedOver(NamedTuple):
    """A `manifest.json` at `path` that is not a gear's, and in a few words why."""

    path: str
    reason: str


@kept_for_a_run(maxsize=4096)
def repository_root(directory: str) -> str:
    """The root of the git repository of an absolute directory, without links.

    Outside of any repository, the directory itself.
    """
    here = real = real_path(directory)
    while not _is_repository(here):
        parent = os.path.dirname(here)
        if parent == here:
            return real
        here = parent
    return here


@kept_for_a_run(maxsize=4096)
def _is_repository(directory: str) -> bool:
    return os.path.lexists(os.path.join(directory, ".git"))


def search_limit(directory: str) -> str:
    """The topmost directory in which settings and gears are searched; `/` without a repository."""
    root = repository_root(directory)
    return root if _is_repository(root) else top_of(root)


def find(
    path: str, settings: Settings, owners: "Owners"
) -> Iterator[str | Manifest | PassedOver | GearlintError]:
    """The manifests that a path of the command line means, or why one cannot be read.

    For a directory, the path of each `manifest.json` in it, which `gear_at` reads, or why it is
    left out; for a JSON file, that file; for any other file, the manifest of the gear that owns it,
    which `owners` finds. Raises GearlintError if there is no such path.
    """
    if os.path.isdir(path):
        yield from walk(path, settings)
    elif path.endswith(".json"):
        yield manifest_at(path)
    elif not os.path.lexists(path):
        raise GearlintError(f"{path}: no such file or directory")
    else:
        yield from owners(path, settings)


class Owners:
    """Finds the gears that own files, and reads each manifest once."""

    def __init__(self, settings_of: SettingsOf) -> None:
        self.settings_of = settings_of
        self._owner: dict[str, str | GearlintError | None] = {}
        self._nearest: dict[str, str | GearlintError | None] = {}
        self._by_setting: dict[tuple[str | None, str], str | GearlintError] = {}

    def __call__(self, path: str, settings: Settings) -> Iterator[str | GearlintError]:
        """The manifests of the gears that own a file: by the setting `gears`, and the nearest.

        The file need not exist. Excluded files have no owner, and no file has a gear in a directory
        that is never searched. Raises GearlintError where `gears` names something else than a gear
        of the repository.
        """
        if settings.excludes(path):
            return
        owners = settings.owners_of(path)
        yield from dict.fromkeys(self._named(directory, settings) for directory in owners)
        nearest = self._nearest_above(real_path(os.path.dirname(os.path.abspath(path))))
        if nearest is not None:
            yield nearest

    def _named(self, directory: str, settings: Settings) -> str | GearlintError:
        """The gear in a directory that the setting `gears` names."""
        key = (settings.file, directory)
        if key not in self._by_setting:
            self._by_setting[key] = self._find_named(directory, settings)
        return self._by_setting[key]

    def _find_named(self, directory: str, settings: Settings) -> str | GearlintError:
        setting = f"{shown_path(settings.file or '')}: setting gears"
        place = ""
        if "\0" not in directory:
            place = real_path(os.path.join(settings.directory, directory))
            if not is_inside(place, repository_root(settings.directory)):
                raise GearlintError(f"{setting}: {directory} leads out of the repository")
        owner = self._in(place) if place else None
        if owner is None:
            raise GearlintError(f"{setting}: there is no gear in {directory}")
        return owner

    def _nearest_above(self, directory: str) -> str | GearlintError | None:
        """The manifest of the gear in a directory without links, or in the nearest above it."""
        root, limit = repository_root(existing(directory)), search_limit(existing(directory))
        passed, found = [], None
        while directory not in self._nearest:
            passed.append(directory)
            parts = os.path.relpath(directory, root).split(os.sep)
            found = None if any(map(is_skipped, parts)) else self._in(directory)
            parent = os.path.dirname(directory)
            if found is not None or directory == limit or parent == directory:
                break
            directory = parent
        else:
            found = self._nearest[directory]
        self._nearest.update(dict.fromkeys(passed, found))
        return found

    def _in(self, directory: str) -> str | GearlintError | None:
        """The path of a directory's manifest if it is a gear's, or why it cannot be read."""
        if directory not in self._owner:
            path = os.path.join(directory, MANIFEST)
            found = gear_at(path, self.settings_of) if os.path.lexists(path) else None
            if isinstance(found, PassedOver):
                found = None
            self._owner[directory] = found.source.path if isinstance(found, Manifest) else found
        return self._owner[directory]


def existing(directory: str) -> str:
    """The directory, or the nearest above it that exists."""
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    return directory


def walk(
    top: str, settings: Settings, *, tests: bool = False
) -> Iterator[str | PassedOver | GearlintError]:
    """What `find` gives for a directory; with `tests`, also from directories called so."""
    ignored = GitIgnore(repository_root(os.path.abspath(top)))
    pending = [top]
    while pending:
        directory = pending.pop()
        try:
            with os.scandir(directory) as entries:
                found = list(entries)
        except OSError as error:
            yield GearlintError(f"{directory}: cannot be read: {error.strerror}")
            continue
        names = {entry.name for entry in found}
        if MANIFEST in names:
            path = os.path.join(directory, MANIFEST)
            if settings.excludes(path):
                yield PassedOver(path, "is excluded by the settings")
            else:
                is_ignored = _is_ignored(path, ignored)
                yield PassedOver(path, "is ignored by .gitignore") if is_ignored else path
        else:
            for name in sorted(name for name in names if name.lower() == MANIFEST):
                other = os.path.join(directory, name)
                yield PassedOver(other, f"is not read: rename it to {MANIFEST}")
        below = [
            entry.path
            for entry in found
            if entry.is_dir(follow_symlinks=False)
            and (not is_skipped(entry.name) or (tests and entry.name in TESTS))
            and not settings.excludes(entry.path)
        ]
        pending.extend(sorted(below, reverse=True))


def _is_ignored(path: str, ignored: GitIgnore) -> bool:
    """Whether `.gitignore` files certainly leave a manifest out."""
    ignored.steps.left += limits.GITIGNORE_STEPS_A_MANIFEST
    try:
        return ignored.covers(path)
    except TooMuchError:
        return False


def identity(path: str) -> tuple[int, int, str]:
    """A key that is equal for all paths of one file: its directory, and its name there.

    Raises OSError if the directory cannot be read.
    """
    if os.path.islink(path):
        path = real_path(path)
    directory, name = os.path.split(path)
    info = os.stat(directory or os.curdir)
    return info.st_dev, info.st_ino, name


def gear_at(path: str, settings_of: SettingsOf) -> Manifest | PassedOver | GearlintError:
    """The `manifest.json` at a path if it is a gear's, or why it is not or cannot be read.

    A manifest that cannot be read or is not a JSON object is taken for a gear's if a Dockerfile is
    beside it or named by the settings beside it, or if its text has two keys of a gear.
    """
    manifest = manifest_at(path)
    if isinstance(manifest, GearlintError):
        reason = "cannot be read, and no Dockerfile is beside it"
        return manifest if _has_dockerfile(path, settings_of) else PassedOver(path, reason)
    if isinstance(manifest.value, dict):
        why_not = why_not_a_gear(manifest)
        return PassedOver(path, why_not) if why_not else manifest
    if _has_dockerfile(path, settings_of) or _has_keys_of_a_gear(manifest):
        return manifest
    is_other = manifest.is_json and not manifest.is_too_deep and not manifest.has_too_many
    reason = f"is {shown(manifest.value)}" if is_other else "is not valid JSON"
    return PassedOver(path, f"{reason}, and nothing shows that it is a gear's")


def _has_dockerfile(path: str, settings_of: SettingsOf) -> bool:
    """Whether a Dockerfile is beside a manifest, or named by the settings beside it."""
    directory = os.path.dirname(path)
    if any(os.path.isfile(os.path.join(directory, name)) for name in DOCKERFILES):
        return True
    try:
        settings = settings_of(path)
    except GearlintError:
        return False
    is_beside = settings.directory == real_path(os.path.abspath(directory))
    return is_beside and settings.dockerfile is not None


def _has_keys_of_a_gear(manifest: Manifest) -> bool:
    data = manifest.source.data.replace(b"\0", b"")  # of UTF-16
    return len({match[1] for match in _KEY_OF_A_GEAR.finditer(data)}) > 1


def manifest_at(path: str) -> Manifest | GearlintError:
    """The JSON file at `path`, taken for a manifest, or why it cannot be read."""
    path = os.path.abspath(path)
    try:
        return Manifest(read(shown_path(path), repository_root(os.path.dirname(path))))
    except GearlintError as error:
        return error
