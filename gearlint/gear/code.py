"""The gear's own code: the Python programs that are started, and what they read."""

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gearlint.core.source import Source
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.manifest import Json
from gearlint.gear.run import Run
from gearlint.gear.script import Script, Scripts
from gearlint.image.context import Context
from gearlint.image.launch import Launch
from gearlint.image.nodes import File
from gearlint.image.state import Image

if TYPE_CHECKING:
    from gearlint.python.modules import Program
    from gearlint.python.reads import Reads
    from gearlint.python.values import Evaluator

PYTHONPATH = "PYTHONPATH"


class Started(NamedTuple):
    """A script that is started: its path in the image, and the directory its modules are first in.

    `is_certain` is whether it is known to be the file at that path.
    """

    script: Script
    path: str
    directory: str
    is_certain: bool


class Code:
    """The code of one gear; `environment` is the manifest's."""

    def __init__(
        self,
        run: Run,
        image: Image,
        context: Context,
        scripts: Scripts,
        environment: Mapping[str, Json],
    ) -> None:
        self._run = run
        self._image = image
        self._context = context
        self._scripts = scripts
        self._variables = environment

    @cached_property
    def started(self) -> list[Started]:
        """The scripts that are started, each once, by Flywheel and then by Docker."""
        found: dict[str, Started] = {}
        for launch in (*self._run.by_flywheel, *self._run.by_docker):
            for one in self._of(launch):
                found.setdefault(one.path, one)
        return list(found.values())

    def _of(self, launch: Launch) -> Iterator[Started]:
        module = _module_of(launch)
        if module is not None:
            yield from self._of_module(launch, module)
            return
        program = launch.started_file(self._image)
        if program is not None:
            yield from self._at(program.path)
        elif not launch.is_bare:
            yield from self._at(launch.absolute(launch.program.text))
        if launch.script is not None:
            yield from self._at(launch.absolute(launch.script.text))

    def _of_module(self, launch: Launch, name: str) -> Iterator[Started]:
        """What `python -m name` starts."""
        base = launch.absolute(".")
        if base is None:
            return
        path = posixpath.normpath(posixpath.join(base, *name.split(".")))
        for place in (f"{path}/__main__.py", f"{path}.py"):
            for one in self._at(place):
                yield one._replace(directory=posixpath.normpath(base))
                return

    def _at(self, path: str | None) -> Iterator[Started]:
        """The script of the gear that is at a path of the image, or is meant to be."""
        if path is None:
            return
        path = self._image.files.resolved(posixpath.normpath(path))
        node = self._image.files.find(path)
        is_certain = isinstance(node, File) and node.doubt is None
        if node is UNKNOWN:
            node = self._run.file_meant(path)
        script = self._scripts.of(node) if isinstance(node, File) else None
        if script is not None and not script.is_binary:
            yield Started(script, path, posixpath.dirname(path), is_certain)

    @cached_property
    def programs(self) -> "list[Program]":
        """The Python programs among them."""
        scripts = [one for one in self.started if one.script.is_python]
        if not scripts:
            return []
        from gearlint.python.modules import Program

        return [
            Program(
                one.script.source,
                one.path,
                [one.directory, *self._python_path],
                self._image,
                self._context,
                self._read,
            )
            for one in scripts
        ]

    @cached_property
    def _python_path(self) -> list[str | None]:
        """The directories of PYTHONPATH, in the manifest and in the image; `None`: unknown."""
        found: list[str | None] = []
        for value in (self._variables.get(PYTHONPATH), self._image.variable(PYTHONPATH)):
            if value is UNKNOWN:
                found.append(None)
            elif isinstance(value, str):
                found += [part for part in value.split(":") if part.startswith("/")]
        return list(dict.fromkeys(found))

    def _read(self, file: File) -> Source | None:
        script = self._scripts.of(file)
        return script.source if script is not None and not script.is_binary else None

    @cached_property
    def evaluators(self) -> "list[Evaluator]":
        """What the expressions of each program may be."""
        if not self.programs:
            return []
        from gearlint.python.values import Evaluator

        return [Evaluator(program, self._environment) for program in self.programs]

    def _environment(self, name: str) -> str | None:
        for value in (self._variables.get(name), self._image.variable(name)):
            if isinstance(value, str):
                return value
        return None

    @cached_property
    def reads(self) -> "list[Reads]":
        """What each program reads of options and inputs, where it may read any."""
        if not any(program.may_read for program in self.programs):
            return []
        from gearlint.python.reads import reads_of

        return [reads_of(evaluator) for evaluator in self.evaluators]


def _module_of(launch: Launch) -> str | None:
    """The module of `python -m MODULE`."""
    if launch.interpreter != "python":
        return None
    words = [word.text for word in launch.words[1:]]
    for word, following in zip(words, words[1:], strict=False):
        if word == "-m":
            return following
        if not word.startswith("-") or word.rstrip("uBOEsISvbdqx") != "-":
            return None
    return None
