"""What becomes of what is misread, or not set: does Docker, or what it builds, certainly fail?"""

from collections.abc import Sequence

from gearlint.core.lazy import cached_property
from gearlint.core.source import Span
from gearlint.image.budget import ImageBudget
from gearlint.image.build import Build
from gearlint.image.context import Context
from gearlint.image.faults import MissingSource
from gearlint.image.stages import numbers_of_image
from gearlint.image.state import GEAR_DIRECTORY, Image, Start
from gearlint.syntax.dockerfile import INSTRUCTIONS, Dockerfile, Fault, Instruction
from gearlint.syntax.dockerfile.misread import Misread
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Command

_MAKE_DIRECTORIES = ("ADD", "COPY", "RUN", "WORKDIR")


class AsWritten:
    """The image that Docker makes of a Dockerfile as it is written, not as it was meant.

    `faults` are what BuildKit refuses of it, `meant` is the image that was meant.
    """

    def __init__(
        self,
        dockerfile: Dockerfile,
        context: Context,
        faults: Sequence[Fault],
        meant: Image | None = None,
    ) -> None:
        self.dockerfile = Dockerfile(dockerfile.source, as_written=True)
        self.context = context
        self.faults = faults
        build = Build(self.dockerfile, context, ImageBudget(), as_written=True)
        self.needed = build.needed() if self.dockerfile.stages else set()
        self.image: Image | None = None if faults else build.build()
        has_directory = meant is not None and meant.files.find(GEAR_DIRECTORY) is not None
        self.loses_directory = has_directory and not self._has_directory()
        self.final = numbers_of_image(self.dockerfile)
        """The last stage, after those that it is built on."""

    def is_refused(self, instruction: Instruction) -> bool:
        """Whether BuildKit refuses an instruction, and with it the whole Dockerfile."""
        return any(_is_in(fault.span, instruction) for fault in self.faults)

    def fails(self, misread: Misread) -> bool:
        """Whether an instruction certainly makes the build, or what it builds, fail."""
        instruction = misread.written
        if self.is_refused(instruction):
            return True
        stage = self._stage(instruction)
        if stage not in self.needed or self.image is None or instruction.trigger:
            return False
        if instruction.span in self._failing:
            return True
        makes_directory = any(each.name in _MAKE_DIRECTORIES for each in misread.swallowed)
        if self.loses_directory and makes_directory and stage in self.final:
            return True
        match instruction.name:
            case "EXPOSE" | "STOPSIGNAL":
                return True
            case "ADD" | "COPY":
                return _takes_no_path(instruction)
            case "RUN":
                return self._run_fails(misread)
            case "USER":
                return self._user_fails(instruction, stage)
            case "VOLUME":
                return stage in self.final
            case "WORKDIR":
                return stage in self.final and not self._has_directory()
            case "ENTRYPOINT" | "CMD":
                return self._is_started(self.image, instruction) and (
                    instruction.value.startswith(("[", "{"))
                    or any(part.fails_in_shell for part in misread.parts)
                )
        return False

    def fails_at(self, instruction: Instruction) -> bool:
        """Whether the build stops at an instruction, or the image has no directory of the gear."""
        if self.image is None or self._stage(instruction) not in self.needed:
            return False
        return self.loses_directory or instruction.span in self._failing

    def _has_directory(self) -> bool:
        """Whether the gear's directory is in the image, or may be."""
        return self.image is None or self.image.files.find(GEAR_DIRECTORY) is not None

    def _stage(self, instruction: Instruction) -> int:
        """The number (from 0) of the stage that an instruction is in, -1 before the first FROM."""
        starts = [stage.instruction.span.start for stage in self.dockerfile.stages]
        return sum(start <= instruction.span.start for start in starts) - 1

    @cached_property
    def _failing(self) -> set[Span]:
        """The steps that the model of the image knows to fail."""
        if self.image is None:
            return set()
        steps = (*self.image.failed_steps, *self.image.refused_steps)
        sources = [each for each in self.image.missing_sources if not self._may_be_made(each)]
        return {step.instruction.span for step in steps} | {
            source.instruction.span for source in sources
        }

    def _may_be_made(self, missing: MissingSource) -> bool:
        source = missing.source.lstrip("/")
        is_word = source.startswith("#") or source in INSTRUCTIONS  # whatever a Makefile has
        return not (missing.is_ignored or is_word) and self.context.may_be_made(source)

    def _run_fails(self, misread: Misread) -> bool:
        """Whether the shell finds no program, or a package manager no package, of such a name."""
        part, value = misread.parts[0], misread.written.value
        if part.broken_list is not None:
            return part.broken_list.fails_in_shell
        if part.comments:  # after a list
            return value[1:2] == '"' and not any(mark in part.meant.value for mark in "|&;")
        return any(
            command.must_succeed and command.is_reached and _is_not_found(command)
            for command in command_line.parse(value).commands
        )

    def _user_fails(self, instruction: Instruction, stage: int) -> bool:
        """Whether something is done as a user who cannot be there: with a space in the name."""
        built_on_it = [each for each in self.final if each >= stage]
        stages = built_on_it if stage in self.final else [stage]
        for following in (i for each in stages for i in self.dockerfile.stages[each].instructions):
            if following.span.start <= instruction.span.start:
                continue
            if following.name == "USER":
                return False
            if following.name == "RUN":
                return True
        return stage in self.final

    def _is_started(self, image: Image, instruction: Instruction) -> bool:
        start = image.entrypoint if instruction.name == "ENTRYPOINT" else image.cmd
        if instruction.name == "CMD" and image.entrypoint is not None:
            return False
        return isinstance(start, Start) and start.instruction.span == instruction.span


def _is_in(span: Span, instruction: Instruction) -> bool:
    return instruction.span.start <= span.start < instruction.span.end


def _is_not_found(command: Command) -> bool:
    """Whether a command is an instruction's name, or installs a package by such a name."""
    words = [word.literal for word in command.words]
    if not words or words[0] is None:
        return False
    takes_packages = ("add", "install", "update")
    installs = words[0] in ("apt", "apt-get", "apk") and any(map(words.count, takes_packages))
    return words[0] in INSTRUCTIONS or (installs and not set(INSTRUCTIONS).isdisjoint(words))


def _takes_no_path(instruction: Instruction) -> bool:
    """Whether the first source is `[a,`, a pattern without its end, or `{"a",`."""
    first = instruction.words[0].text
    return first.startswith("{") or (first.startswith("[") and "]" not in first)
