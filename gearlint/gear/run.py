"""What is started when a gear runs, on Flywheel and by `docker run`."""

import posixpath
import sys
from collections.abc import Iterable, Iterator

from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, is_within
from gearlint.core.text import did_you_mean, is_one_edit_away, nearest
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.gear.manifest import Manifest
from gearlint.gear.script import Fault, Script, Scripts
from gearlint.image.bases import DEFAULT_PATH
from gearlint.image.context import Context, cleaned
from gearlint.image.launch import (
    RUN,
    Argument,
    Launch,
    files_of_the_gear,
    is_of_flywheel,
    meant_program,
)
from gearlint.image.nodes import Directory, File
from gearlint.image.stages import base_name, may_hold_a_gear
from gearlint.image.starts import entrypoint_of, launches_of_command, launches_of_start
from gearlint.image.state import GEAR_DIRECTORY, Image, Start
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.shell.command_line import SHELLS

_DOWNLOAD = regex(rb"curl|wget|bash\b|sh\b")
"""A command that runs what it fetches, which is not made for one gear."""

_PYTHON_IMAGES = ("python", "library/python", "flywheel/python")
_NO_RELEASE = regex(r"windows|rc|[ab]\d")
_BRINGS_PYTHON = regex(r"python|conda|pypy")


class Suspect(NamedTuple):
    """What is started and may be missing: no instruction copies it.

    `word` is the word that names it, `path` where it is looked for. `meant` is what to do if the
    word looks like a misspelling of a file of the gear that is there; empty otherwise.
    `is_left_behind` is whether the build context has the file, but no instruction copies it.
    """

    word: Argument
    path: str
    meant: str
    is_left_behind: bool

    @property
    def what(self) -> str:
        """What is started, for a message."""
        return f"{self.path}, which no instruction copies into the image"

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.meant:
            return self.meant
        if self.is_left_behind:
            return f"add COPY {self.source} {self.path}, unless the base image brings it"
        return "copy it or correct its name, unless the base image or a RUN brings it"

    @property
    def source(self) -> str:
        """Its path in the build context."""
        return posixpath.relpath(self.path, GEAR_DIRECTORY)


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
        context: Context | None,
    ) -> None:
        self.manifest = manifest
        self.dockerfile = dockerfile
        self._context = context
        self._image = image
        self._scripts = scripts

    @property
    def command(self) -> str:
        """The manifest's `command`, empty where there is none."""
        return self.manifest.string("command") or ""

    @cached_property
    def by_command(self) -> list[Launch]:
        """What the manifest's `command` starts."""
        command = self.command
        return launches_of_command(command, self._variable) if command else []

    def _variable(self, name: str) -> str | Unknown | None:
        """A variable of the manifest's `environment`; `None` for a PATH that it does not set."""
        value = self.manifest.object("environment").get(name)
        if isinstance(value, str):
            return value
        return None if name == "PATH" else UNKNOWN

    @cached_property
    def by_flywheel(self) -> list[Launch]:
        """What Flywheel starts: `command`, or `./run` where the manifest has none."""
        if not self.is_without_command:
            return self.by_command
        path = self._variable("PATH")
        return [RUN._replace(path=DEFAULT_PATH if path is None else path)]

    @property
    def is_without_command(self) -> bool:
        """Whether the manifest has no `command`, so that Flywheel starts `./run`."""
        return bool(self.manifest.fields) and "command" not in self.manifest.fields

    @cached_property
    def start(self) -> Start | None:
        """The ENTRYPOINT of the Dockerfile, or its CMD where there is none."""
        return entrypoint_of(self._image) if self._image is not None else None

    @cached_property
    def by_docker(self) -> list[Launch]:
        """What `docker run` starts: ENTRYPOINT, or CMD where there is none."""
        if self._image is None or self.start is None:
            return []
        return launches_of_start(self._image, self.start)

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
        if self._image is None:
            return []
        files = files_of_the_gear(self._image, (*self.by_docker, *self.by_flywheel))
        scripts = [self._scripts.of(file) for _, file in files]
        return list(dict.fromkeys(script for script in scripts if script is not None))

    @cached_property
    def unplaced_scripts(self) -> list[Script]:
        """The files of the gear that have the path of a program, where that is unknown."""
        found: list[Script] = []
        for launch in (*self.by_docker, *self.by_flywheel):
            word = launch.program
            path = None if launch.is_bare else launch.absolute(word.text)
            meant = self.file_meant(path) if path is not None else None
            if self._image is None or meant is None:
                continue
            script = self._scripts.of(meant)
            if script is not None and launch.find(self._image, word.text) is UNKNOWN:
                found.append(script)
        return list(dict.fromkeys(found))

    def file_meant(self, path: str) -> File | None:
        """The file of the build context that is meant to be at a path of the image."""
        relative = self._in_context(path)
        if self._context is None or not relative:
            return None
        return File(None, 0, f"{self._context.directory}/{relative}")

    @property
    def python_scripts(self) -> list[Script]:
        """Those of the scripts that are Python."""
        return [script for script in self.scripts if script.is_python and not script.is_binary]

    @property
    def has_python_3(self) -> bool:
        """Whether the image certainly has a Python 3 that is not newer than this interpreter."""
        minor = self.base_python_minor
        return minor is not None and minor <= sys.version_info.minor

    @property
    def has_base_python_3(self) -> bool:
        """Whether the base image is a Python 3."""
        return self.base_python_minor is not None

    @property
    def base_python_minor(self) -> int | None:
        """The 12 of the Python 3.12 that the base image is one of, `None` for any other."""
        if self.dockerfile is None or not self.dockerfile.stages:
            return None
        image, _, tag = base_name(self.dockerfile).removeprefix("docker.io/").partition(":")
        major, _, rest = tag.partition(".")
        flavour = rest.lstrip("0123456789")
        minor = rest.removesuffix(flavour)
        if image not in _PYTHON_IMAGES or major != "3" or not 1 <= len(minor) <= 3:
            return None
        return None if flavour and _NO_RELEASE.search(flavour) else int(minor)

    def fault_of(self, script: Script, *, is_3: bool | None = None) -> Fault | None:
        """The first syntax error that a Python script certainly has in the image.

        `is_3` is whether a Python 3 certainly runs it, `None` where the base image decides.
        """
        minor, own, fault = self.base_python_minor, sys.version_info.minor, script.fault
        if is_3 is False and fault is not None:
            from gearlint.gear.python_version import may_be_of_2

            if may_be_of_2(script, fault):
                return None
        is_older = minor is not None and minor < own
        if minor == own or (fault is None and not is_older):
            return fault
        from gearlint.gear import python_version

        if minor is None or not is_older:
            is_known = is_3 or minor is not None or self._is_for_python_3(script)
            return python_version.fault_in_others(script, minor, is_3=is_known)
        if fault is not None:
            return None if python_version.is_of_names_once(script, fault, minor) else fault
        is_certain = self.has_no_other_python
        return python_version.fault_in_older(script, minor) if is_certain else None

    def may_be_too_new(self, source: Source) -> bool:
        """Whether the image's Python may be too old for a text that this one accepts."""
        if self._older_minor is None:
            return False
        from gearlint.gear import python_version

        return python_version.may_be_newer(source.data, self._older_minor)

    @cached_property
    def _older_minor(self) -> int | None:
        """The 9 of the image's Python 3.9, where that is older than this one and runs the scripts.

        It is asked for each module.
        """
        minor = self.base_python_minor
        is_older = minor is not None and minor < sys.version_info.minor
        return minor if is_older and self.has_no_other_python else None

    def _is_for_python_3(self, script: Script) -> bool:
        """Whether something starts a script by a Python that is called `python3`."""
        image = self._image
        if image is None:
            return False
        for started in (*self.by_docker, *self.by_flywheel):
            for word, file in files_of_the_gear(image, [started]):
                is_itself = word is started.program
                name = script.interpreter if is_itself else posixpath.basename(started.program.text)
                if name.startswith("python3") and self._scripts.of(file) is script:
                    return True
        return False

    @property
    def has_no_other_python(self) -> bool:
        """Whether the Python of the base image is certainly the one that runs the scripts."""
        image = self._image
        if image is None or image.base is None or image.foreign is not None:
            return False
        if any(_BRINGS_PYTHON.search(package) for package in image.packages):
            return False
        return image.variable("PATH") == image.base.path and self._variable("PATH") is None

    def near_file(self, launch: Launch, word: Argument) -> str:
        """Where the file is that a word means, or `did you mean "run.py"?`; empty if nothing is.

        That is a file of its name anywhere, or of nearly its name in its directory. For a program
        that is looked up on PATH it is one that the base image has.
        """
        image, path = self._image, launch.absolute(word.text)
        if image is None or path is None:
            return ""
        if launch.is_bare and word is launch.program:
            if meant := meant_program(word.text):
                return f'did you mean "{meant}"?'
            programs = image.base.programs.items() if image.base is not None else ()
            known = [name for name, is_there in programs if is_there]
            known += ["python3"] if image.has_python3 else []
            return did_you_mean(word.text, known) or "install it, or correct its name"
        directory, name = posixpath.split(posixpath.normpath(path))
        elsewhere = image.files.path_of(name, GEAR_DIRECTORY)
        if elsewhere:
            return f"{name} is at {elsewhere}"
        place = image.files.find(directory)
        if not isinstance(place, Directory):
            return ""
        near = nearest(name, place.certain_files())
        return self._meant(launch, word, posixpath.join(directory, near)) if near else ""

    def _meant(self, launch: Launch, word: Argument, path: str) -> str:
        """`did you mean "run.py"?`, or how a file is started that the interpreter cannot read."""
        near = posixpath.basename(path)
        node = self._image.files.find(path) if self._image is not None else None
        script = self._scripts.of(node) if isinstance(node, File) else None
        other = ""
        if script is not None and word is launch.script:
            other = "a shell" if launch.interpreter == "python" and script.is_shell else ""
            other = "a Python" if launch.interpreter in SHELLS and script.is_python else other
        if not other:
            return f'did you mean "{near}"?'
        written = f"./{near}" if posixpath.dirname(path) == launch.cwd else path
        advice = f'"{near}" is {other} script: write "{written}" alone'
        is_usual = path == f"{GEAR_DIRECTORY}/run" and launch in self.by_command
        return f"{advice}, or leave out command" if is_usual else advice

    def why_missing(self, launch: Launch, word: Argument) -> tuple[str, str]:
        """Why what a word names is not in the image (": ...", or ""), and what to do."""
        from gearlint.gear.absence import why_absent

        image, path = self._image, launch.absolute(word.text)
        if image is not None and word is launch.module and (lack := launch.missing_module(image)):
            return "", lack.advice
        advice = self.near_file(launch, word) or "copy it into the image, or correct its name"
        is_bare = launch.is_bare and word is launch.program
        known = None
        if image is not None and path is not None and not is_bare:
            known = why_absent(image, self.dockerfile, path)
        if image is None or path is None or known is None:
            return "", advice
        name = posixpath.basename(posixpath.normpath(path))
        elsewhere = image.files.path_of(name, GEAR_DIRECTORY)
        return known[0], advice if elsewhere else known[1]

    def suspects(self, launches: Iterable[Launch]) -> Iterator[Suspect]:
        """What certainly is not there, but for a base image or a command that is not known."""
        for launch in launches if self._image is not None else ():
            yield from filter(None, (self._suspect(launch, word) for word in launch.by_path))

    def _suspect(self, launch: Launch, word: Argument) -> Suspect | None:
        image, path = self._image, launch.absolute(word.text)
        if image is None or path is None or launch.find(image, word.text) is not UNKNOWN:
            return None
        path = posixpath.normpath(path)
        if image.missing_sources and not image.is_of_base(path):
            return None  # one of them may be copied there
        directory, name = posixpath.split(path)
        place = image.files.find(directory)
        if not isinstance(place, Directory) or is_of_flywheel(path) or "$" in path:
            return None
        own = place.certain_files(is_own=True)
        near = next((known for known in own if is_one_edit_away(name, known)), "")
        relative = self._in_context(path)
        if relative and any(_holds(taken.path, relative) for taken in image.taken):
            return None  # in part, or to where nobody knows
        left_behind = bool(relative)
        is_own_place = bool(own) and directory.startswith(GEAR_DIRECTORY)
        if near or left_behind or (is_own_place and self._is_unlikely(path)):
            meant = self._meant(launch, word, posixpath.join(directory, near)) if near else ""
            return Suspect(word, path, meant, left_behind)
        return None

    def _in_context(self, path: str) -> str:
        """The path in the build context of the file that is meant to be at a path of the image.

        Empty if there is none.
        """
        relative = posixpath.relpath(path, GEAR_DIRECTORY)
        if self._context is None or relative.startswith(".."):
            return ""
        try:
            entry = self._context.entry(relative)
        except TooMuchError:
            return ""
        return relative if entry is not None and entry.kind == "file" else ""

    def _is_unlikely(self, path: str) -> bool:
        """Whether what could bring a file says nothing of it, and is not an image of a gear."""
        image, dockerfile = self._image, self.dockerfile
        if image is None or dockerfile is None:
            return False
        for cause in image.files.causes(path):
            text = dockerfile.source.data[cause.span.start : cause.span.end]
            is_download = _DOWNLOAD.match(text) and posixpath.basename(path).encode() not in text
            if cause.reason or (cause != image.origin and not is_download):
                return False
        name, own = base_name(dockerfile), (self.manifest.string("name") or "").lower()
        return not may_hold_a_gear(name) and own not in name


def _holds(source: str, path: str) -> bool:
    """Whether a source of COPY, ADD or a mount is a path of the build context, or above it."""
    return is_within(f"/{cleaned(path)}", f"/{cleaned(source)}")
