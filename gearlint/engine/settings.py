"""The settings of a gear, and what they say of its files. `settings_file` reads them."""

import os
from collections.abc import Callable, Iterator, Mapping

from gearlint.core.finding import Severity
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import real_path, relative_path
from gearlint.syntax.version import VersionFormat

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.bump_files import BumpFile

UNVERSIONED = (
    "README*", "CHANGELOG*", "LICENSE*", "docs", "tests", ".git*", ".circleci", ".travis.yml",
    ".pre-commit-config.yaml", ".editorconfig", ".idea", ".vscode", "*.swp", "*~", ".DS_Store",
    "gearlint.toml",
)  # fmt: skip
"""Files that change nothing of what a gear does, wherever they are."""

SEVERITIES = {severity.label: severity for severity in Severity}


class Bump(NamedTuple):
    """What `gearlint bump` changes besides the manifest and the Dockerfile."""

    files: "tuple[BumpFile, ...]" = ()


class Settings(NamedTuple):
    """The settings that apply to a gear.

    `select` is `None` for the rules that are on by default. Globs and paths are relative to the
    directory `base`, else of `file`, which is `None` where no file has settings. `given` names the
    fields that `file` sets.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    severity: Mapping[str, Severity] = {}
    version_format: VersionFormat | None = None
    exclude: tuple[str, ...] = ()
    gears: Mapping[str, tuple[str, ...]] = {}
    dockerfile: str | None = None
    context: str | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    tag_format: str | None = None
    unversioned: tuple[str, ...] = UNVERSIONED
    changelog: str | None = None
    bump: Bump = Bump()
    file: str | None = None
    given: frozenset[str] = frozenset()
    base: str | None = None

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields that a file can set."""
        return cls._fields[: cls._fields.index("file")]

    @property
    def directory(self) -> str:
        """The absolute directory that globs and paths are relative to."""
        if self.base is not None:
            return self.base
        return os.path.dirname(os.path.abspath(self.file)) if self.file else os.getcwd()

    def relative(self, path: str) -> str:
        """`path` relative to the directory of the settings, with `/`."""
        directory, name = os.path.split(os.path.abspath(path))
        real = os.path.join(real_path(directory), name)
        return relative_path(real, self.directory)

    def path_of(self, path: str | None) -> str | None:
        """A path of the settings as an absolute path; `None` if it is not set."""
        return None if path is None else os.path.normpath(os.path.join(self.directory, path))

    def excludes(self, path: str) -> bool:
        """Whether `exclude` leaves out a file or directory."""
        return bool(self.exclude) and _any_matches(self.exclude, self.relative(path))

    def owners_of(self, path: str) -> Iterator[str]:
        """The directories of the gears to which `gears` assigns a file, as they are written."""
        if self.gears:
            relative = self.relative(path)
            for directory, globs in self.gears.items():
                if _any_matches(globs, relative):
                    yield directory

    def claims(self, directory: str) -> Callable[[str], bool] | None:
        """Whether `gears` gives a file, by its absolute path, to the gear in `directory`.

        `None` where it gives nothing to that gear.
        """
        own = tuple(
            glob
            for other, globs in self.gears.items()
            if _is_same(os.path.join(self.directory, other), directory)
            for glob in globs
        )
        return (lambda path: _any_matches(own, self.relative(path))) if own else None

    def leaves_unversioned(self, path: str) -> bool:
        """Whether `unversioned` lets a file, by its absolute path, change without a version."""
        return _any_matches(self.unversioned, self.relative(path))

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors that `per-file-ignores` has for a file."""
        if not self.per_file_ignores:
            return ()
        from gearlint.core.globs import matching

        globs = matching(tuple(self.per_file_ignores), self.relative(path))
        return tuple(selector for glob in globs for selector in self.per_file_ignores[glob])


class Overrides(NamedTuple):
    """What a caller says instead of the settings files; `None` where it says nothing.

    `config` names the only file. With `settings` nothing else counts.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    fail_on: Severity | None = None
    config: str | None = None
    settings: Settings | None = None


def _any_matches(globs: tuple[str, ...], path: str) -> bool:
    if not globs:
        return False
    from gearlint.core.globs import any_matches  # most gears have no globs

    return any_matches(globs, path)


def _is_same(path: str, directory: str) -> bool:
    """Whether a path leads to a directory; false where it leads nowhere."""
    try:
        return os.path.samefile(path, directory)
    except (OSError, ValueError):
        return False
