"""One RUN while its commands are replayed: what they work on, and how the step fails."""

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from gearlint.core.source import Span
from gearlint.core.unknown import Unknown
from gearlint.image.context import MAX_DEPTH
from gearlint.image.shell.state import ShellState
from gearlint.image.state import FailedStep, Image
from gearlint.syntax.dockerfile import Instruction
from gearlint.syntax.substitution import Lookup


class StepFailedError(Exception):
    """The step certainly fails here."""


class Invocation(NamedTuple):
    """One simple command as the shell starts it.

    `complete` says of each argument whether it is all that it stands for: of a glob of which not
    every match is known, it is not. `certain` is whether the command runs, and the step fails if
    it does. `span` is its place in the Dockerfile, in bytes.
    """

    name: str
    args: tuple[str, ...]
    complete: tuple[bool, ...]
    certain: bool
    span: Span

    def from_word(self, number: int) -> "Invocation":
        """The command that begins with a word of this one (from 1): of `env A=1 chmod`, with 2."""
        name, *args = self.args[number - 1 :]
        return self._replace(name=name, args=tuple(args), complete=self.complete[number:])


class Step:
    """What the commands of one RUN share: the image, and the shell that runs them."""

    def __init__(self, image: Image, instruction: Instruction, lookup: Lookup) -> None:
        self.image = image
        self.files = image.files
        self.instruction = instruction
        self.line = instruction.start_line
        self.shell = ShellState(lookup, image.workdir, image.files.budget.values)
        # What is mounted is there for this step alone.
        self.can_fail = not any(flag.name == "mount" for flag in instruction.flags)

    def absolute(self, path: str) -> str | None:
        """A path from `/`; `None` where the working directory is unknown or it is too deep."""
        absolute = self.shell.absolute(path)
        return None if absolute is None or absolute.count("/") > MAX_DEPTH else absolute

    def absolutes(self, operands: Sequence[str]) -> list[str] | None:
        """Paths from `/`, `None` where one of them is not known."""
        found = [self.absolute(operand) for operand in operands]
        return None if None in found else [path for path in found if path is not None]

    def stop(self, call: Invocation, message: str, path: str = "") -> None:
        """The command fails, and with it the step, if that is certain."""
        if call.certain and self.can_fail:
            self.image.failed_steps.append(FailedStep(self.instruction, call.span, message, path))
            raise StepFailedError

    def missing(self, call: Invocation, path: str, what: str) -> None:
        """The command fails as `path`, that it works on, is certainly not there."""
        absolute = posixpath.normpath(path)
        self.stop(call, f"{what} {absolute}", absolute)

    def mark_foreign(self) -> None:
        """A command runs that is not known, and may put a program anywhere."""
        self.image.foreign = self.image.foreign or self.files.cause

    def anything(self) -> None:
        """Anything may have been done anywhere."""
        self.mark_foreign()
        self.files.blur_all()

    def doubt(self, operands: Sequence[str]) -> None:
        """Each of the operands may have been made, changed or taken away."""
        self.mark_foreign()
        for operand in operands:
            path = self.absolute(operand)
            if path is None:
                self.files.blur_all()
                return
            if not operand.startswith("-"):
                self.files.doubt(path)

    def blur_cwd(self) -> None:
        """Anything may have been put into the working directory."""
        if isinstance(self.shell.cwd, Unknown):
            self.files.blur_all()
        else:
            self.files.blur(self.shell.cwd)
