"""One gear: its documents, each read on first use. Knows no rules."""

import os
from collections.abc import Callable, Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, real_path, shown_path
from gearlint.gear import schema
from gearlint.gear.manifest import Manifest, Path
from gearlint.gear.script import Scripts
from gearlint.syntax import image_reference
from gearlint.syntax.image_reference import ImageReference
from gearlint.syntax.version import GearVersion, VersionFormat

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.bump_files import BumpFile
    from gearlint.gear.changelog import Changelog
    from gearlint.gear.code import Code
    from gearlint.gear.locator import Locator
    from gearlint.gear.run import Run
    from gearlint.gear.schema.explain import Clause, SchemaFault
    from gearlint.gear.schema.snippets import Judge
    from gearlint.gear.suppression import Misread, Suppression
    from gearlint.image.as_written import AsWritten
    from gearlint.image.budget import ImageBudget
    from gearlint.image.context import Context
    from gearlint.image.software import Evidence
    from gearlint.image.state import Image
    from gearlint.syntax.dockerfile import Dockerfile, Fault

MANIFEST = "manifest.json"
DOCKERFILES = ("Dockerfile", "dockerfile")
TESTS = frozenset(("tests", "test"))
"""What directories of tests are called."""
_SKIPPED = frozenset(("node_modules", "venv", *TESTS))

IMAGE: Path = ("custom", "gear-builder", "image")
DEPRECATED_IMAGE: Path = ("custom", "docker-image")


def is_skipped(name: str) -> bool:
    """Whether no gear is looked for in directories of a name: hidden ones are skipped too."""
    return name in _SKIPPED or (name.startswith(".") and name not in (".", ".."))


def why_not_a_gear(manifest: Manifest) -> str | None:
    """Why a `manifest.json` is not a gear's, in a few words; `None` for a gear's.

    It may be a web extension's or a web application's. A gear has `inputs` or `config` beside
    `name`, `version` or `custom`, or a gear builder in `custom`. The template of a gear
    (`"name": "{{name}}"`) is not a gear yet.
    """
    fields = manifest.fields
    if "{{" in (manifest.string("name") or ""):
        return "is a template: its name has {{"
    if "gear-builder" in manifest.object("custom"):
        return None
    if not {"inputs", "config"} & fields.keys():
        return 'has neither "inputs" nor "config"'
    if not {"name", "version", "custom"} & fields.keys():
        return 'has no "name", "version" or "custom"'
    return None


class Options(NamedTuple):
    """What the settings say of one gear; `None` where they say nothing.

    `dockerfile`, `context` and `changelog` are absolute paths; `missing_dockerfile` is what to say
    where the first does not exist. `claims` takes the absolute path of a file and returns whether
    the setting `gears` gives it to the gear; `unversioned`, whether it may change without another
    version: by the setting of that name, or, without `has_unversioned`, by the default of it.
    `bump_files` are those that a bump changes besides, with absolute paths. `settings` are the
    settings file, if there is one, and the directory of the paths in it.
    """

    version_format: VersionFormat | None = None
    tag_format: str | None = None
    dockerfile: str | None = None
    missing_dockerfile: str = ""
    context: str | None = None
    claims: Callable[[str], bool] | None = None
    unversioned: Callable[[str], bool] | None = None
    has_unversioned: bool = False
    changelog: str | None = None
    bump_files: "tuple[BumpFile, ...]" = ()
    settings: tuple[str, str] | None = None


class Gear:
    """One gear, found by its manifest.

    `root` is the directory of its repository, absolute and without links. All files are read from
    `disk`, and none outside of `root`. `trial_budget` is what may be spent on the images that are
    built to try a fix.

    Raises GearlintError, from whatever needs it, where a document is there and cannot be read.
    """

    def __init__(
        self,
        manifest: Manifest,
        root: str,
        options: Options = Options(),  # noqa: B008 - immutable
        disk: Disk = DISK,
        trial_budget: "ImageBudget | None" = None,
    ) -> None:
        self.manifest = manifest
        self.root = root
        self.options = options
        self.disk = disk
        self._trial_budget = trial_budget
        self.scripts = Scripts(root, disk)

    @property
    def directory(self) -> str:
        """The directory of the manifest."""
        return os.path.dirname(self.manifest.source.path)

    @property
    def real_directory(self) -> str:
        """The directory of the manifest, absolute and without links."""
        return real_path(self.directory or ".")

    @property
    def stands_alone(self) -> bool:
        """Whether the manifest has another name than `manifest.json`: only it is checked then."""
        return os.path.basename(self.manifest.source.path) != MANIFEST

    @property
    def at(self) -> "Locator":
        """Makes problems from where they are in the gear."""
        from gearlint.gear.locator import Locator

        return Locator(self)  # not kept: the two would hold each other in memory

    @cached_property
    def dockerfile(self) -> "Dockerfile | None":
        """The Dockerfile, `None` if there is none."""
        path = None if self.stands_alone else self._dockerfile_path
        if path is None:
            return None
        from gearlint.syntax.dockerfile import Dockerfile

        try:
            return Dockerfile(self.disk.read(shown_path(path), self.root))
        except GearlintError:
            if self.options.missing_dockerfile and not os.path.lexists(path):
                raise GearlintError(self.options.missing_dockerfile) from None
            raise

    @property
    def is_in_git(self) -> bool:
        """Whether it is in a git repository."""
        return os.path.lexists(os.path.join(self.root, ".git"))

    @property
    def builds_no_image(self) -> bool:
        """Whether there is no Dockerfile, where one is looked for: the image is another's."""
        path = self._dockerfile_path
        return not self.stands_alone and (path is None or not os.path.lexists(path))

    @property
    def _dockerfile_path(self) -> str | None:
        if self.options.dockerfile is not None:
            return self.options.dockerfile
        paths = (os.path.join(self.directory, name) for name in DOCKERFILES)
        return next((path for path in paths if os.path.lexists(path)), None)

    @cached_property
    def dockerfile_faults(self) -> "list[Fault]":
        """What BuildKit certainly refuses of the Dockerfile."""
        if self.dockerfile is None:
            return []
        from gearlint.syntax.dockerfile.faults import faults_of

        return faults_of(self.dockerfile)

    @cached_property
    def context(self) -> "Context | None":
        """The build context, `None` without a Dockerfile."""
        if self.dockerfile is None:
            return None
        from gearlint.image.context_search import find_context
        from gearlint.image.stages import context_sources

        sources = context_sources(self.dockerfile)
        path = self.dockerfile.source.path
        return find_context(path, self.root, sources, self.options.context, self.disk)

    @cached_property
    def image(self) -> "Image | None":
        """The image that is built, `None` without a Dockerfile that BuildKit accepts."""
        if isinstance(self._built, Exception):
            raise self._built
        return self._built

    @cached_property
    def _built(self) -> "Image | Exception | None":
        """The image, or what went wrong, which would do so again for each rule that asks."""
        if self.dockerfile is None or self.context is None or self.dockerfile_faults:
            return None
        from gearlint.image.build import build

        try:
            return build(self.dockerfile, self.context)
        except Exception as error:
            return error

    @cached_property
    def as_written(self) -> "AsWritten | None":
        """What Docker makes of the Dockerfile where it is misread, `None` without a Dockerfile."""
        if self.dockerfile is None or self.context is None:
            return None
        from gearlint.image.as_written import AsWritten

        return AsWritten(self.dockerfile, self.context, self.dockerfile_faults, self.image)

    @cached_property
    def trial_budget(self) -> "ImageBudget":
        """What may be spent on the images that are built to try a fix."""
        from gearlint.image.budget import ImageBudget

        return self._trial_budget or ImageBudget()

    @cached_property
    def run(self) -> "Run":
        """What is started when the gear runs."""
        from gearlint.gear.run import Run

        return Run(self.manifest, self.dockerfile, self.image, self.scripts, self.context)

    @cached_property
    def code(self) -> "Code | None":
        """The gear's own code that is started; `None` where it is not known what is."""
        from gearlint.gear.code import code_of

        return code_of(self)

    @property
    def sources(self) -> list[Source]:
        """The manifest, the Dockerfile, and the scripts that were read so far."""
        dockerfile = [self.dockerfile.source] if self.dockerfile is not None else []
        return [
            self.manifest.source,
            *dockerfile,
            *(script.source for script in self.scripts.read),
        ]

    @property
    def text_files(self) -> "Iterator[Source]":
        """The texts of the gear's directory; only the manifest where it stands alone."""
        if self.stands_alone:
            return iter((self.manifest.source,))
        from gearlint.gear.files import text_files

        by_path = {os.path.abspath(source.path): source for source in self.sources}
        return text_files(os.path.abspath(self.directory), self.root, self.disk, by_path)

    def as_read_before(self, source: Source) -> Source:
        """One of `text_files`, now among the sources too: the suppressions in it count."""
        if source in self.sources:
            return source
        script = self.scripts.at(os.path.abspath(source.path))
        return script.source if script is not None else source

    @cached_property
    def software_evidence(self) -> "Evidence | None":
        """What the Dockerfile says of the version of the software that the gear is named after."""
        name = self.manifest.string("name")
        if not name or self.dockerfile is None:
            return None
        from gearlint.image.software import software_version

        return software_version(self.dockerfile, name, self.image_repository)

    @cached_property
    def changelog(self) -> "Changelog | None":
        """The CHANGELOG that is set, else that beside the manifest; `None` if there is none."""
        if self.options.changelog is not None:
            return self._changelog_at(self.options.changelog)
        return self.changelog_in(self.directory)

    def changelog_in(self, directory: str) -> "Changelog | None":
        """The CHANGELOG in a directory, `None` if there is none, or it is too large."""
        from gearlint.gear.changelog import NAMES

        paths = (os.path.join(directory, name) for name in NAMES)
        path = next(filter(os.path.isfile, paths), None)
        return None if path is None else self._changelog_at(path)

    def _changelog_at(self, path: str) -> "Changelog | None":
        from gearlint.gear.changelog import Changelog

        source = self.disk.read(shown_path(path), self.root)
        return None if source.too_large else Changelog(source)

    @cached_property
    def version(self) -> GearVersion | None:
        """The manifest's version, `None` where it is not a string, is empty, or far too long."""
        text = self.manifest.string("version")
        if len(text or "") > limits.COMPARED_CHARACTERS:
            return None
        return GearVersion(text, self.options.version_format or "software_gear") if text else None

    @cached_property
    def image_path(self) -> Path | None:
        """The path in the manifest of the image's reference, `None` if there is no string."""
        for path in (IMAGE, DEPRECATED_IMAGE):
            if self.manifest.string(*path):
                return path
        return None

    @cached_property
    def image_reference(self) -> ImageReference | None:
        """The reference of the gear's image, `None` if the manifest has none."""
        path = self.image_path
        return image_reference.parse(self.manifest.string(*path) or "") if path else None

    @property
    def image_repository(self) -> str:
        """The repository of the gear's image (`me/my-gear`), empty if the manifest names none."""
        return self.image_reference.repository.text if self.image_reference else ""

    @cached_property
    def judge(self) -> "Judge":
        """Judges the values and patterns of the manifest."""
        from gearlint.gear.schema.snippets import Judge

        return Judge()

    @cached_property
    def _schema_faults(self) -> "list[SchemaFault]":
        value = self.manifest.value
        return schema.faults(value) if isinstance(value, dict) else []

    def schema_faults(self, clause: "Clause") -> "list[SchemaFault]":
        """The ways in which the manifest breaks one clause of the schema."""
        return [fault for fault in self._schema_faults if fault.clause == clause]

    @cached_property
    def misspelt_fields(self) -> dict[str, str]:
        """The unknown top-level fields that mean a missing one, each with that one."""
        unknown = [fault.key for fault in self.schema_faults("unknown-field")]
        if not unknown:
            return {}
        from gearlint.gear.vocabulary import field_meant

        missing = [one for one in schema.known_fields() if one not in self.manifest.fields]
        near = {field: field_meant(field, missing) for field in unknown}
        return {field: meant for field, meant in near.items() if meant}

    @cached_property
    def suppressions(self) -> "list[Suppression]":
        """The suppressions in the gear's files; of scripts, in those that have been read so far."""
        if not self._names_gearlint(b"gearlint:"):
            return []
        from gearlint.gear.suppression import in_dockerfile, in_manifest, in_script

        found = [in_manifest(self.manifest)]
        if self.dockerfile is not None:
            found.append(in_dockerfile(self.dockerfile))
        found += [in_script(script.source) for script in self.scripts.read]
        files = [list(islice(file, limits.SUPPRESSIONS + 1)) for file in found]
        return [one for file in files if len(file) <= limits.SUPPRESSIONS for one in file]

    @cached_property
    def misread_suppressions(self) -> "list[Misread]":
        """What looks like a suppression in these files, and is none."""
        if not self._names_gearlint(b"earlint"):
            return []
        from gearlint.gear.suppression import (
            misread_in_dockerfile,
            misread_in_manifest,
            misread_in_script,
        )

        found = []
        if "gearlint" in self.manifest.object("custom"):
            found.append(misread_in_manifest(self.manifest))
        if self.dockerfile is not None:
            found.append(misread_in_dockerfile(self.dockerfile))
        found += [misread_in_script(script.source) for script in self.scripts.read]
        return [one for file in found for one in islice(file, limits.SUPPRESSIONS)]

    def _names_gearlint(self, text: bytes) -> bool:
        """Whether `custom` has a key `gearlint`, or the Dockerfile or a script the text."""
        sources = [script.source for script in self.scripts.read]
        if self.dockerfile is not None:
            sources.append(self.dockerfile.source)
        is_there = any(text in source.data for source in sources)
        return is_there or "gearlint" in self.manifest.object("custom")
