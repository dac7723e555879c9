"""Where in a Dockerfile something was done, and why something is unknown."""

import posixpath
import re
from bisect import bisect_right

from gearlint.core import limits
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.unknown import Unknown
from gearlint.image.context import may_take_several
from gearlint.image.nodes import Cause
from gearlint.image.stages import base_of, global_lookup, instructions_of_image
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.substitution import expand

_TAIL = 24
"""Characters at the end of a text that are kept where its middle is left out."""

_SEPARATOR = re.compile(rb"&&|\|\||;")
_BEGIN = re.compile(rb"[^\s\\`]")
_NAME = re.compile(r"\$\{?([A-Za-z_]\w*)")
_COMMENT = re.compile(r"(?m)^[ \t]*#.*$")

_REASONS = {
    "ADD": "what it adds, or where to, is not known",
    "COPY": "what it copies, or where to, is not known",
    "ENV": "its value is not known",
    "RUN": "what it writes is not known",
    "WORKDIR": "its directory is not known",
}


class Place(NamedTuple):
    """An instruction of the Dockerfile, or a command of a RUN: its line, and its text in short."""

    line: int
    text: str


class Why(NamedTuple):
    """Why something is unknown, and the instruction that made it so, if one did."""

    reason: str
    line: int | None = None
    text: str | None = None


class Places:
    """The instructions of one Dockerfile, and the image that it builds."""

    def __init__(self, dockerfile: Dockerfile, image: Image) -> None:
        self.dockerfile = dockerfile
        self.image = image
        self.base = base_of(dockerfile)
        self.base_name = expand(
            self.base.base.text, global_lookup(dockerfile), dockerfile.escape
        )  # `None` where a variable has no known value
        self._starts = [each.span.start for each in dockerfile.meant]
        self._by_line = {each.start_line: each for each in dockerfile.meant}

    def of_line(self, line: int, path: str) -> Place | None:
        """The instruction that begins in a line; of a RUN, the command that works on a file."""
        instruction = self._by_line.get(line)
        if instruction is None:
            return None
        name = posixpath.basename(path).encode()
        for word in (name, b"chmod") if instruction.name == "RUN" else ():
            parts = [part for part in self._parts(instruction) if word in self._data(part)]
            if parts:
                return self._command(instruction, Span(parts[-1].end, parts[-1].end))
        return self._whole(instruction)

    def of_span(self, span: Span) -> Place:
        """The instruction around a span; of a RUN, the command there."""
        instruction = self._at(span.start)
        if instruction.name != "RUN" or span == instruction.name_span:
            return self._whole(instruction)
        return self._command(instruction, span)

    def why(self, cause: Cause) -> Why:
        """What people read of a cause."""
        if cause.span.start == cause.span.end:
            return Why(cause.reason)
        instruction = self._at(cause.span.start)
        reason = cause.reason or self._reason(instruction)
        return Why(reason, *self.of_span(cause.span))

    def why_base(self, reason: str) -> Why:
        """Something is unknown as it is so of the base image."""
        return Why(reason, *self._whole(self.base.instruction))

    @property
    def base_reason(self) -> str:
        """Why nothing is known of the base image."""
        if self.base_name is None:
            return "a variable in its name has no known value"
        from gearlint.image.bases.table import base_named

        if base_named(self.base_name) is not None:
            return "below a stage with ONBUILD, or too much to follow"
        return "not in the table of base images"

    def why_variable(self, name: str) -> Why:
        """Why the value of an environment variable is unknown."""
        for instruction in reversed(instructions_of_image(self.dockerfile)):
            for pair in instruction.pairs if instruction.name == "ENV" else ():
                if pair.key.text == name and pair.value is not None:
                    line = self.dockerfile.source.position(pair.key.span.start).line
                    text = shortened(f"ENV {name}={pair.value.text}")
                    return Why(self._unset(pair.value.text) or _REASONS["ENV"], line, text)
        return self.why_base("that of the base image is not known")

    def why_directory(self) -> Why:
        """Why the working directory is unknown."""
        for instruction in reversed(instructions_of_image(self.dockerfile)):
            if instruction.name == "WORKDIR":
                reason = self._unset(instruction.value) or _REASONS["WORKDIR"]
                return Why(reason, *self._whole(instruction))
        return self.why_base("that of the base image is not known")

    def _reason(self, instruction: Instruction) -> str:
        if instruction.name == "FROM":
            if self.image.base is not None:
                return "what else the base image has is not known"
            return f"the base image is {self.base_reason}" if self.base_name else self.base_reason
        if any(each.instruction is instruction for each in self.image.missing_sources):
            return "a source is not in the build context"
        words = instruction.words
        unset = self._unset(" ".join(word.text for word in words))
        if instruction.name in ("ADD", "COPY") and unset:
            return unset
        if instruction.name == "COPY" and any(may_take_several(word.text) for word in words):
            return "what its pattern matches is not known"
        if instruction.flag("from") is not None:
            return "what is in that image is not known"
        is_relative = bool(words) and not words[-1].text.startswith("/")
        if is_relative and isinstance(self.image.workdir, Unknown):
            return "the working directory is not known"
        return _REASONS.get(instruction.name, "what it does is not known")

    def _unset(self, text: str) -> str:
        """Which variable in a text has no known value, as a reason; empty if each has one."""
        for name in _NAME.findall(text):
            value = self.image.arguments.get(name) or self.image.variable(name)
            if not isinstance(value, str):
                return f"${name} has no known value"
        return ""

    def _at(self, offset: int) -> Instruction:
        return self.dockerfile.meant[bisect_right(self._starts, offset) - 1]

    def _whole(self, instruction: Instruction) -> Place:
        return Place(instruction.start_line, self._text(instruction.span))

    def _command(self, instruction: Instruction, span: Span) -> Place:
        """The commands of a RUN, joined by pipes, that are around a span."""
        parts = self._parts(instruction)
        start = max(part.start for part in parts if part.start <= span.start)
        end = min(part.end for part in parts if part.end >= min(span.end, parts[-1].end))
        text = self._text(Span(start, end))
        first = _BEGIN.search(self.dockerfile.source.data, start, end)
        line = self.dockerfile.source.position(first.start() if first else start).line
        return Place(line, text if text.startswith("RUN") else shortened(f"RUN {text}"))

    def _parts(self, instruction: Instruction) -> list[Span]:
        """What is between `&&`, `||` and `;` in a RUN, whatever is quoted there."""
        start, end = instruction.name_span.end, instruction.span.end
        start = max([start, *(flag.span.end for flag in instruction.flags)])
        found = list(_SEPARATOR.finditer(self.dockerfile.source.data, start, end))
        starts = [start, *(separator.end() for separator in found)]
        ends = [*(separator.start() for separator in found), end]
        return [Span(*each) for each in zip(starts, ends, strict=True)]

    def _data(self, span: Span) -> bytes:
        return self.dockerfile.source.data[slice(*span)]

    def _text(self, span: Span) -> str:
        text = self._data(span).decode("utf-8", "replace")
        continued = rf"{re.escape(self.dockerfile.escape)}[ \t]*(?:\r?\n|\Z)"
        return shortened(" ".join(re.sub(continued, " ", _COMMENT.sub("", text)).split()))


def shortened(text: str) -> str:
    """A text of which the middle is left out where it is long."""
    if len(text) <= limits.EXPLAINED_CHARACTERS:
        return text
    return f"{text[: limits.EXPLAINED_CHARACTERS - _TAIL - 1]}…{text[-_TAIL:]}"
