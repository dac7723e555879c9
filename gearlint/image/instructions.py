"""Replays the instructions of one stage on the model of its image."""

import posixpath
from collections.abc import Callable, Mapping

from gearlint.core import limits
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import Value
from gearlint.image.copying import copy
from gearlint.image.nodes import Cause, File
from gearlint.image.stages import automatic, declare, is_url, taken_sources
from gearlint.image.state import GEAR_DIRECTORY, Image, Start, TakenSource
from gearlint.syntax.dockerfile import Instruction, Stage
from gearlint.syntax.dockerfile.model import SUBSTITUTED
from gearlint.syntax.substitution import expand

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.build import Build


OF_PATHS = ("ADD", "COPY", "WORKDIR")
"""The instructions whose words are paths in the image, or of what is put there."""


class StageBuild:
    """One stage being built: stage number `index` (from 0), and its image as far as it is."""

    def __init__(self, builder: "Build", stage: Stage, index: int, image: Image) -> None:
        self.builder = builder
        self.stage = stage
        self.index = index
        self.image = image
        self.missed: set[str] = set()
        """The variables in the paths of the instruction that are none: others were meant."""

    def replay(self) -> None:
        """Do to the image what the instructions of the stage do."""
        for instruction in self.stage.instructions:
            self.image.has_own_settings |= any("/etc" in text for text in instruction.texts)
            self.missed.clear()
            self.take(instruction)
            has_variable = "$" in instruction.line.text or instruction.heredocs
            if has_variable and instruction.name in SUBSTITUTED:
                from gearlint.image.variables import note_unset

                names = note_unset(self, instruction)
                if instruction.name in OF_PATHS and not self.builder.as_written:
                    self.missed.update(names)
            if instruction.name in _HANDLERS:
                self.image.files.cause = Cause(instruction.name_span)
                _HANDLERS[instruction.name](self, instruction)

    def take(self, instruction: Instruction) -> None:
        """Record what an instruction takes from the build context."""
        excluded = tuple(flag.value or "" for flag in instruction.flags if flag.name == "exclude")
        for text in taken_sources(instruction):
            path = (self.expand(text) if "$" in text else text) or "."
            if not is_url(path):
                self.image.taken.append(TakenSource(path, excluded))

    def lookup(self, name: str) -> Value:
        """A variable as instructions see it."""
        if name in self.missed:
            return UNKNOWN
        arguments = self.image.arguments
        value = arguments[name] if name in arguments else self.image.variable(name)
        return self.builder.budget.values.read(automatic(name) if value is None else value)

    def expand(self, text: str) -> str | None:
        """A word with its variables replaced, `None` where that is unknown."""
        if any(f"$({name})" in text for name in self.missed):
            return None
        return expand(text, self.lookup, self.builder.dockerfile.escape)

    def absolute(self, path: str) -> str | None:
        """A path from `/`; `None` where the working directory is unknown, or it is too deep."""
        if path.startswith("/"):
            path = "/" + path.lstrip("/")
        elif isinstance(self.image.workdir, Unknown):
            return None
        else:
            path = posixpath.join(self.image.workdir, path)
        path = posixpath.normpath(path)
        return path if path.count("/") <= limits.DIRECTORY_LEVELS else None

    def fail(
        self,
        instruction: Instruction,
        message: str,
        span: Span | None = None,
        path: str = "",
        advice: str = "",
    ) -> None:
        """The build certainly fails at an instruction, at its name where `span` is `None`."""
        from gearlint.image.faults import FailedStep

        failed = FailedStep(instruction, span or instruction.name_span, message, path, advice)
        self.image.failed_steps.append(failed)

    def need_directory(self, instruction: Instruction, path: str) -> None:
        """Make a directory. The build fails if a file is there or above, which is taken for one."""
        files, line = self.image.files, instruction.start_line
        if files.directory_at(path, line) is not None:
            return
        from gearlint.image.faults import slash_missing

        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(2, len(parts) + 1))
        place = next((each for each in above if isinstance(files.find(each), File)), path)
        file = files.as_directory(place)
        advice = slash_missing(place, file) if file is not None else ""
        self.fail(instruction, f"{place} is a file", advice=advice)
        files.directory_at(path, line)


def _arg(build: StageBuild, instruction: Instruction) -> None:
    escape, outer = build.builder.dockerfile.escape, build.builder.lookup_global
    declare(instruction, build.image.arguments, build.lookup, escape, outer)


def _env(build: StageBuild, instruction: Instruction) -> None:
    values: dict[str, Value] = {}
    for pair in instruction.pairs:
        value = build.expand(pair.value.text) if pair.value else ""
        values[pair.key.text] = UNKNOWN if value is None else value
    build.image.environment.update(values)
    for name in values:
        build.image.arguments.pop(name, None)


def _workdir(build: StageBuild, instruction: Instruction) -> None:
    image = build.image
    directory = build.expand(instruction.value.strip())
    path = build.absolute(directory) if directory is not None else None
    if path is None:
        image.workdir = UNKNOWN
        if image.files.find(GEAR_DIRECTORY) is None:
            image.files.doubt(GEAR_DIRECTORY)  # it may be that one
        return
    image.workdir = path
    build.need_directory(instruction, path)


def _shell(build: StageBuild, instruction: Instruction) -> None:
    words = instruction.exec_form
    build.image.shell = tuple(word.text for word in words) if words else UNKNOWN


def _start(build: StageBuild, instruction: Instruction) -> None:
    """ENTRYPOINT and CMD."""
    image, words, text = build.image, instruction.exec_form, instruction.value.strip()
    if instruction.name == "ENTRYPOINT":
        image.inherited_entrypoint = ""
    if instruction.is_unreadable:
        image.cmd = UNKNOWN
        image.entrypoint = image.entrypoint if instruction.name == "CMD" else UNKNOWN
        return
    argv = None if words is None else tuple(word.text for word in words)
    start: Start | None = Start(instruction, argv, text)
    if argv == () or (argv is None and not text):
        start = None
    if instruction.name == "CMD":
        image.cmd = start
        return
    image.entrypoint = start
    # A CMD of the base does not outlive a new ENTRYPOINT.
    own = build.stage.instructions
    if not isinstance(image.cmd, Start) or image.cmd.instruction not in own:
        image.cmd = None


def _user(build: StageBuild, instruction: Instruction) -> None:
    user = build.expand(instruction.value.strip())
    build.image.user = UNKNOWN if user is None else user.partition(":")[0]


def _run(build: StageBuild, instruction: Instruction) -> None:
    from gearlint.image.shell import replay  # late: many Dockerfiles have no RUN

    replay.run(build.image, instruction, build.lookup, build.builder.context)


_HANDLERS: Mapping[str, Callable[[StageBuild, Instruction], None]] = {
    "ADD": copy, "ARG": _arg, "CMD": _start, "COPY": copy, "ENTRYPOINT": _start, "ENV": _env,
    "RUN": _run, "SHELL": _shell, "USER": _user, "WORKDIR": _workdir,
}  # fmt: skip
"""What each instruction does, by its name; the others do nothing to files or starts."""
