"""What is started when a gear runs, on Flywheel and by `docker run`."""

import re
import sys
from functools import cached_property

from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.gear.manifest import Manifest
from gearlint.gear.script import Script, Scripts
from gearlint.image.launch import RUN, Launch
from gearlint.image.nodes import File
from gearlint.image.stages import base_of
from gearlint.image.starts import entrypoint_of, launches_of_command, launches_of_start
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Dockerfile


class Run:
    """The run of one gear: the programs that are certainly started, and the scripts among them.

    Without an `image` (there is no Dockerfile, or one that Docker refuses) only what the manifest
    says is known.
    """

    def __init__(
        self,
        manifest: Manifest,
        dockerfile: Dockerfile | None,
        image: Image | None,
        scripts: Scripts,
    ) -> None:
        self._manifest = manifest
        self._dockerfile = dockerfile
        self._image = image
        self._scripts = scripts

    @cached_property
    def by_command(self) -> list[Launch]:
        """What the manifest's `command` starts."""
        command = self._manifest.string("command")
        return launches_of_command(command, self._variable) if command else []

    def _variable(self, name: str) -> str | Unknown | None:
        """A variable of the manifest's `environment`; `None` for a PATH that it does not set."""
        value = self._manifest.object("environment").get(name)
        if isinstance(value, str):
            return value
        return None if name == "PATH" else UNKNOWN

    @property
    def by_flywheel(self) -> list[Launch]:
        """What Flywheel starts: `command`, or `./run` where the manifest has none."""
        return [RUN] if self.is_without_command else self.by_command

    @property
    def is_without_command(self) -> bool:
        """Whether the manifest has no `command`, so that Flywheel starts `./run`."""
        return bool(self._manifest.fields) and "command" not in self._manifest.fields

    @cached_property
    def by_docker(self) -> list[Launch]:
        """What `docker run` starts: ENTRYPOINT, or CMD where there is none."""
        start = entrypoint_of(self._image) if self._image is not None else None
        if self._image is None or start is None:
            return []
        return launches_of_start(self._image, start)

    @cached_property
    def command_programs(self) -> list[File]:
        """The files of the image that Flywheel's bash starts as programs of their own."""
        if self._image is None:
            return []
        programs = [started.started_file(self._image) for started in self.by_flywheel]
        return [program.file for program in programs if program is not None]

    @cached_property
    def scripts(self) -> list[Script]:
        """The scripts of the build context that are started, by Docker and then by Flywheel."""
        image = self._image
        if image is None:
            return []
        nodes: list[object] = []
        for started in (*self.by_docker, *self.by_flywheel):
            program, word = started.started_file(image), started.script
            nodes += [program.file] if program else []
            nodes += [started.find(image, word.text)] if word else []
        scripts = [self._scripts.of(node) for node in nodes if isinstance(node, File)]
        return list(dict.fromkeys(script for script in scripts if script is not None))

    @property
    def python_scripts(self) -> list[Script]:
        """Those of the scripts that are Python."""
        return [script for script in self.scripts if script.is_python and not script.is_binary]

    @property
    def has_python_3(self) -> bool:
        """Whether the image certainly has a Python 3 that is not newer than this interpreter."""
        if self._dockerfile is None or not self._dockerfile.stages:
            return False
        base = base_of(self._dockerfile).base.text
        tag = re.match(r"(?:docker\.io/)?(?:library/|flywheel/)?python:3\.(\d{1,3})(?!\d)", base)
        return tag is not None and int(tag[1]) <= sys.version_info.minor
