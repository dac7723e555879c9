"""A gear: its documents, each read on first use. Knows no rules."""

import os
import re
import sys
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from gearlint.core.budget import Budget
from gearlint.core.disk import DISK, Disk
from gearlint.core.finding import Fix, Problem
from gearlint.core.source import Span, shown_path
from gearlint.core.text import nearest
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.gear import schema
from gearlint.gear.manifest import Manifest, Path
from gearlint.gear.schema import Clause, SchemaFault
from gearlint.syntax import image_reference
from gearlint.syntax.image_reference import ImageReference
from gearlint.syntax.version import GearVersion, VersionFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from gearlint.gear.changelog import Changelog
    from gearlint.gear.script import Script
    from gearlint.gear.snippets import Judge
    from gearlint.gear.suppression import Suppression
    from gearlint.image.context import Context
    from gearlint.image.files import File
    from gearlint.image.launch import Launch
    from gearlint.image.software import Evidence
    from gearlint.image.state import Image
    from gearlint.syntax.dockerfile import Dockerfile, Fault

MANIFEST = "manifest.json"
DOCKERFILES = ("Dockerfile", "dockerfile")
SKIPPED_DIRECTORIES = frozenset(("node_modules", "venv", "tests", "test"))
"""No gear is looked for in them, nor in hidden directories."""

IMAGE: Path = ("custom", "gear-builder", "image")
DEPRECATED_IMAGE: Path = ("custom", "docker-image")


def is_gear(manifest: Manifest) -> bool:
    """Whether a `manifest.json` is a gear's, and not a web extension's or a web application's.

    It is an object with `inputs` or `config` beside `name`, `version` or `custom`, or one whose
    `custom` names a gear builder. The template of a gear (`"name": "{{name}}"`) is not a gear yet.
    """
    fields = manifest.fields
    if "{{" in (manifest.string("name") or ""):
        return False
    if "gear-builder" in manifest.object("custom"):
        return True
    return bool(
        {"inputs", "config"} & fields.keys() and {"name", "version", "custom"} & fields.keys()
    )


class Gear:
    """One gear, found by its manifest.

    `root` is the directory of its repository, absolute and without links: nothing outside is read.
    `chosen_format`, `chosen_dockerfile`, `chosen_context` and `chosen_tag_format` are what the
    settings name, if any. `claims` says of an absolute path whether the settings make it the
    gear's own (`True`) or nobody's (`False`).
    """

    def __init__(
        self,
        manifest: Manifest,
        root: str,
        chosen_format: VersionFormat | None = None,
        chosen_dockerfile: str | None = None,
        chosen_context: str | None = None,
        chosen_tag_format: str | None = None,
        claims: "Callable[[str], bool | None] | None" = None,
        disk: Disk = DISK,
    ) -> None:
        self.manifest = manifest
        self.root = root
        self.disk = disk
        self.chosen_format = chosen_format
        self.chosen_tag_format = chosen_tag_format
        self.claims = claims
        self._chosen_dockerfile = chosen_dockerfile
        self._chosen_context = chosen_context
        self._scripts: dict[str, Script | None] = {}
        self.trial_budget = Budget()
        """What may be spent on all the images that are built to try a fix."""

    @property
    def directory(self) -> str:
        """The directory of the manifest."""
        return os.path.dirname(self.manifest.source.path)

    @property
    def stands_alone(self) -> bool:
        """Whether this is a manifest by another name, of which only itself is looked at."""
        return os.path.basename(self.manifest.source.path) != MANIFEST

    @cached_property
    def dockerfile(self) -> "Dockerfile | None":
        """The Dockerfile, `None` if there is none. Raises GearlintError if it cannot be read."""
        if self.stands_alone:
            return None
        path = self._chosen_dockerfile
        if path is None:
            for name in DOCKERFILES:
                if os.path.lexists(beside := os.path.join(self.directory, name)):
                    path = beside
                    break
            else:
                return None
        from gearlint.syntax.dockerfile import Dockerfile

        return Dockerfile(self.disk.read(shown_path(path), self.root))

    @cached_property
    def dockerfile_faults(self) -> "list[Fault]":
        """What BuildKit certainly refuses of the Dockerfile."""
        if self.dockerfile is None:
            return []
        from gearlint.syntax.dockerfile_faults import faults_of

        return faults_of(self.dockerfile)

    @cached_property
    def context(self) -> "Context | None":
        """The build context, `None` without a Dockerfile."""
        if self.dockerfile is None:
            return None
        from gearlint.image.build import context_sources
        from gearlint.image.context import find_context

        sources = context_sources(self.dockerfile)
        path = self.dockerfile.source.path
        return find_context(path, self.root, sources, self._chosen_context, self.disk)

    @cached_property
    def image(self) -> "Image | None":
        """The image that is built; `None` without a Dockerfile, or with one that is refused."""
        if self.dockerfile is None or self.context is None or self.dockerfile_faults:
            return None
        from gearlint.image.build import build

        return build(self.dockerfile, self.context)

    @cached_property
    def command_launches(self) -> "list[Launch]":
        """The programs that the manifest's `command` certainly starts."""
        command = self.manifest.string("command")
        if not command:
            return []
        from gearlint.image.launch import launches_of_command

        environment = self.manifest.object("environment")

        def lookup(name: str) -> "str | Unknown | None":
            value = environment.get(name)
            if isinstance(value, str):
                return value
            return None if name == "PATH" else UNKNOWN

        return launches_of_command(command, lookup)

    @cached_property
    def judge(self) -> "Judge":
        """What judges the values and patterns of the manifest."""
        from gearlint.gear.snippets import Judge

        return Judge()

    @property
    def run_launches(self) -> "list[Launch]":
        """What the run starts: `command`, or `./run` where the manifest has none."""
        if not self.manifest.fields or "command" in self.manifest.fields:
            return self.command_launches
        from gearlint.image.launch import RUN

        return [RUN]

    @cached_property
    def command_programs(self) -> "list[File]":
        """The files of the image that `command` starts as programs of their own."""
        found: list[File] = []
        for started in self.command_launches if self.image is not None else ():
            program = started.started_file(self.image) if self.image is not None else None
            if program is not None:
                found.append(program.file)
        return found

    @cached_property
    def run_scripts(self) -> "list[Script]":
        """The scripts from the build context that ENTRYPOINT, CMD, `command` or `./run` starts."""
        image = self.image
        if image is None:
            return []
        from gearlint.image.files import File
        from gearlint.image.launch import entrypoint_of, launches_of_start

        start = entrypoint_of(image)
        nodes: list[object] = []
        for started in (*(launches_of_start(image, start) if start else []), *self.run_launches):
            program, word = started.started_file(image), started.script
            nodes += [program.file] if program else []
            nodes += [started.find(image, word.text)] if word else []
        scripts = [self.script(node) for node in nodes if isinstance(node, File)]
        return list(dict.fromkeys(script for script in scripts if script is not None))

    @cached_property
    def software_evidence(self) -> "Evidence | None":
        """What the Dockerfile says of the version of the software that the gear is named after."""
        name = self.manifest.string("name")
        if not name or self.dockerfile is None:
            return None
        from gearlint.image.software import software_version

        return software_version(self.dockerfile, name)

    @cached_property
    def changelog(self) -> "Changelog | None":
        """The CHANGELOG beside the manifest, `None` if there is none, or it is too large."""
        from gearlint.gear.changelog import NAMES, Changelog

        for name in NAMES:
            path = os.path.join(self.directory, name)
            if os.path.isfile(path):
                source = self.disk.read(shown_path(path), self.root)
                return None if source.too_large else Changelog(source)
        return None

    @property
    def python_scripts(self) -> "list[Script]":
        """Those of the run scripts that are Python."""
        return [script for script in self.run_scripts if script.is_python and not script.is_binary]

    @property
    def has_python_3(self) -> bool:
        """Whether the image is certainly one of a Python 3 that is not newer than this one."""
        if self.dockerfile is None or not self.dockerfile.stages:
            return False
        from gearlint.image.build import base_of

        base = base_of(self.dockerfile).base.text
        tag = re.match(r"(?:docker\.io/)?(?:library/|flywheel/)?python:3\.(\d{1,3})(?!\d)", base)
        return tag is not None and int(tag[1]) <= sys.version_info.minor

    def may_be_made(self, path: str) -> bool:
        """Whether a file of the build context that is not there may be made before the build."""
        return self.context is None or self.context.may_be_made(path)

    def span_of_line(self, line: int) -> Span:
        """The span of the Dockerfile's instruction that starts in a line (from 1)."""
        for instruction in self.dockerfile.instructions if self.dockerfile else ():
            if instruction.start_line == line:
                return instruction.span
        return Span(0, 0)

    def script(self, file: "File") -> "Script | None":
        """The script that a file of the image is, as far as it is known, `None` if it is not."""
        if file.origin is None:
            return None
        if file.origin not in self._scripts:
            from gearlint.gear.script import Script, is_too_long

            source = self.disk.read(shown_path(file.origin), self.root)
            self._scripts[file.origin] = None if is_too_long(source) else Script(source)
        return self._scripts[file.origin]

    @cached_property
    def version(self) -> GearVersion | None:
        """The manifest's version, if it is a string with something in it."""
        text = self.manifest.string("version")
        return GearVersion(text, self.chosen_format or "software_gear") if text else None

    @cached_property
    def image_path(self) -> Path | None:
        """Where the manifest names its image: the path of a string with something in it."""
        for path in (IMAGE, DEPRECATED_IMAGE):
            if self.manifest.string(*path):
                return path
        return None

    @cached_property
    def image_reference(self) -> ImageReference | None:
        """The reference of the gear's image, from either of its two places."""
        path = self.image_path
        return image_reference.parse(self.manifest.string(*path) or "") if path else None

    @cached_property
    def _schema_faults(self) -> list[SchemaFault]:
        value = self.manifest.value
        return schema.faults(value) if isinstance(value, dict) else []

    def schema_faults(self, clause: Clause) -> list[SchemaFault]:
        """The ways in which the manifest breaks one clause of the schema."""
        return [fault for fault in self._schema_faults if fault.clause == clause]

    @cached_property
    def misspelt_fields(self) -> dict[str, str]:
        """The unknown top-level fields that are near to one that is missing, with that one."""
        unknown = [fault.key for fault in self.schema_faults("unknown-field")]
        known = schema.known_fields() if unknown else []
        missing = [field for field in known if field not in self.manifest.fields]
        near = {field: nearest(field, missing) for field in unknown}
        return {field: meant for field, meant in near.items() if meant}

    @cached_property
    def suppressions(self) -> "list[Suppression]":
        """The suppressions in the gear's files; of scripts, those that rules have asked for."""
        from gearlint.gear.suppression import (
            MAX_SUPPRESSIONS,
            in_dockerfile,
            in_manifest,
            in_script,
        )

        found = [in_manifest(self.manifest)]
        if self.dockerfile is not None:
            found.append(in_dockerfile(self.dockerfile))
        found += [in_script(script.source) for script in self._scripts.values() if script]
        files = [list(islice(file, MAX_SUPPRESSIONS + 1)) for file in found]
        return [one for file in files if len(file) <= MAX_SUPPRESSIONS for one in file]

    def at_dockerfile(
        self, span: Span, message: str, help: str = "", *, fix: Fix | None = None
    ) -> Problem:
        """A problem with some bytes of the Dockerfile."""
        assert self.dockerfile is not None  # noqa: S101
        return Problem(self.dockerfile.source, span, message, help, fix=fix)

    def at_value(
        self, path: Path, message: str, help: str = "", *, fix: Fix | None = None
    ) -> Problem:
        """A problem with the value at `path` in the manifest."""
        span = self.manifest.opening(path)
        return Problem(self.manifest.source, span, message, help, fix=fix)

    def at_key(
        self, path: Path, message: str, help: str = "", *, fix: Fix | None = None
    ) -> Problem:
        """A problem with the key at `path` in the manifest, or with what it holds as a whole."""
        span = self.manifest.key_span(path)
        return Problem(self.manifest.source, span, message, help, fix=fix)

    def at_part(
        self,
        path: Path,
        start: int,
        end: int,
        message: str,
        help: str = "",
        *,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with characters `start` to `end` of the string at `path` in the manifest."""
        span = self.manifest.span(path)
        text = self.manifest.source.data[span.start + 1 : span.end - 1]
        # A string with escapes or multi-byte characters is shown whole.
        if b"\\" not in text and text.isascii():
            span = Span(span.start + 1 + start, span.start + 1 + max(end, start + 1))
        return Problem(self.manifest.source, span, message, help, fix=fix)
