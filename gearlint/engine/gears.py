"""The gears under a path, each with the settings that apply to it."""

import os

from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import cached_property
from gearlint.core.source import real_path, relative_path, shown_path, top_of
from gearlint.core.text import quoted
from gearlint.engine import discovery
from gearlint.engine.discovery import PassedOver
from gearlint.engine.settings import Overrides, Settings
from gearlint.gear.gear import Gear, Options
from gearlint.gear.manifest import Manifest

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.budget import ImageBudget


def gears_under(path: str) -> list[tuple[Gear, Settings]]:
    """The gears under a path, without those that `exclude` leaves out.

    Raises GearlintError if there is none, or if one cannot be read.
    """
    settings_of = SettingsFinder()
    found = []
    passed = []
    for item in discovery.find(path, settings_of(path), discovery.Owners(settings_of)):
        manifest = discovery.gear_at(item, settings_of) if isinstance(item, str) else item
        if isinstance(manifest, GearlintError):
            raise manifest
        if isinstance(manifest, PassedOver):
            passed.append(manifest)
            continue
        chosen = settings_of(manifest.source.path)
        if path.endswith(".json") or not chosen.excludes(manifest.source.path):
            found.append((gear_of(manifest, chosen), chosen))
    if not found:
        from gearlint.engine.no_gear import no_gear

        raise no_gear(path, passed, settings_of)
    return found


def gear_of(
    manifest: Manifest,
    chosen: Settings,
    disk: Disk = DISK,
    trial_budget: "ImageBudget | None" = None,
) -> Gear:
    """The gear of a manifest, with the options that the settings give it.

    `disk` and `trial_budget` are those of `Gear`.
    """
    path = os.path.abspath(manifest.source.path)
    options = Options(
        version_format=chosen.version_format,
        tag_format=chosen.tag_format,
        dockerfile=chosen.path_of(chosen.dockerfile),
        missing_dockerfile=_missing_dockerfile(chosen) if chosen.dockerfile is not None else "",
        context=chosen.path_of(chosen.context),
        claims=chosen.claims(os.path.dirname(path)),
        unversioned=chosen.leaves_unversioned,
        has_unversioned="unversioned" in chosen.given,
        changelog=chosen.path_of(chosen.changelog),
        bump_files=tuple(
            file._replace(path=os.path.join(chosen.directory, file.path))
            for file in chosen.bump.files
        ),
        settings=(chosen.file, chosen.directory) if chosen.file else None,
    )
    return Gear(manifest, root_of(path), options, disk, trial_budget)


def _missing_dockerfile(chosen: Settings) -> str:
    """What to say where the Dockerfile that is set does not exist."""
    file = shown_path(chosen.file) if chosen.file else "settings"
    base = "the current directory" if chosen.base else "this file"
    name = quoted(chosen.dockerfile or "")
    return f"{file}: dockerfile {name} does not exist (it is relative to {base})"


def root_of(path: str) -> str:
    """The root of the repository of a manifest: its own directory outside of any repository."""
    return discovery.repository_root(os.path.dirname(os.path.abspath(path)))


class SettingsFinder:
    """Finds the settings that apply to paths, and reads each file once.

    What `overrides` say counts instead of the files. What the file that they name says of paths is
    relative to the current directory.
    """

    def __init__(self, overrides: Overrides = Overrides()) -> None:  # noqa: B008 - immutable
        self.overrides = overrides
        self._known: dict[str, Settings | GearlintError] = {}  # by directory

    def __call__(self, path: str) -> Settings:
        """The settings that apply to a file or directory.

        Raises GearlintError, with the file and the line, for a wrong key or value.
        """
        if self.overrides.settings is not None:
            return self.overrides.settings
        chosen = self._nearest(path) if self.overrides.config is None else self._named
        given = {
            field: value
            for field, value in self.overrides._asdict().items()
            if value is not None and field != "config"
        }
        return chosen._replace(**given) if given else chosen

    def _nearest(self, path: str) -> Settings:
        """The settings of the nearest file beside a path, or above it in its repository."""
        directory = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
        directory = discovery.existing(directory)
        directory = real_path(directory, discovery.repository_root(directory))
        root = discovery.search_limit(directory)
        passed = []
        while directory not in self._known:
            passed.append(directory)
            own = _settings_in(directory, root)
            parent = os.path.dirname(directory)
            if own is not None or directory == root or parent == directory:
                self._known[directory] = own or Settings()
            else:
                directory = parent
        chosen = self._known[directory]
        self._known.update(dict.fromkeys(passed, chosen))
        if isinstance(chosen, GearlintError):
            raise chosen
        return chosen

    @cached_property
    def _named(self) -> Settings:
        """The settings of the one file that the user names."""
        from gearlint.engine.settings_file import load

        file = self.overrides.config or ""
        path = os.path.abspath(file)
        whole = os.path.basename(path) != "pyproject.toml"
        read = load(path, top_of(path), whole=whole, typed=file) or Settings()
        return read._replace(file=path, base=os.getcwd())


def _settings_in(directory: str, root: str) -> Settings | GearlintError | None:
    """The settings of the files of one directory, or what is wrong in them; `None` if none."""
    own = os.path.join(directory, "gearlint.toml")
    shared = os.path.join(directory, "pyproject.toml")
    # A gearlint.toml that is not a file is reported: it was meant for gearlint.
    has_own = os.path.lexists(own)
    if not has_own and os.path.lexists(hidden := os.path.join(directory, ".gearlint.toml")):
        return GearlintError(f"{relative_path(hidden)}: is not read: rename it to gearlint.toml")
    if not has_own and not os.path.isfile(shared):
        return None
    from gearlint.engine.settings_file import load

    try:
        return load(own, root, whole=True) if has_own else load(shared, root, whole=False)
    except GearlintError as error:
        return error
