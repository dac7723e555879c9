"""The run script: its first line, its line ends, whether it is Python that parses. Never run."""

import re
import warnings
from functools import cached_property
from typing import NamedTuple

from gearlint.source import BOM, Source, Span

_PYTHON = re.compile(r"(?:.*/)?python[0-9.]*\Z")


class Mistake(NamedTuple):
    """Where a script does not parse, and why."""

    span: Span
    message: str


class Script:
    """A script in the build context, as it was read."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def has_shebang(self) -> bool:
        """Whether the file starts with `#!`, as the kernel has it."""
        return self.source.data.startswith(b"#!")

    @property
    def has_marked_shebang(self) -> bool:
        """Whether a byte order mark stands before the `#!`, which hides it from the kernel."""
        return self.source.data.startswith(BOM + b"#!")

    @cached_property
    def first_line(self) -> bytes:
        """The first line without its LF."""
        return self.source.data.split(b"\n", 1)[0]

    @property
    def first_span(self) -> Span:
        """The span of the first line."""
        return Span(0, len(self.first_line))

    @property
    def has_carriage_return(self) -> bool:
        """Whether the `#!` line ends with CRLF, so that its interpreter's name ends with CR."""
        return self.has_shebang and self.first_line.endswith(b"\r")

    @cached_property
    def shebang(self) -> list[str]:
        """The words after `#!`: the interpreter and its argument."""
        if not self.has_shebang:
            return []
        return self.first_line[2:].decode("utf-8", "replace").split()

    @property
    def is_binary(self) -> bool:
        """Whether this is no text: a program of machine code or an archive."""
        return b"\0" in self.source.data[:4096] or self.source.data.startswith(b"PK\x03\x04")

    @property
    def is_python(self) -> bool:
        """Whether it is Python, by its `#!` line, or, without one, by its name."""
        words = self.shebang
        if not words:
            return self.source.path.endswith(".py")
        name = words[1] if len(words) > 1 and words[0].endswith("/env") else (words or [""])[0]
        return bool(_PYTHON.match(name))

    @cached_property
    def mistake(self) -> Mistake | None:
        """Why it is not Python as this interpreter has it, `None` if it is."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(self.source.data, "script", "exec", dont_inherit=True)
        except SyntaxError as error:
            return self._mistake(error)
        except (ValueError, RecursionError, MemoryError):
            return None
        return None

    def _mistake(self, error: SyntaxError) -> Mistake | None:
        starts = self.source.line_starts
        line = error.lineno or 1
        if line > len(starts):
            line = len(starts)
        text = self.source.line(line)
        start = starts[line - 1] + len(text[: max((error.offset or 1) - 1, 0)].encode())
        start = min(start, len(self.source.data))
        message = re.sub(r"\s*\(.*?line \d+\)", "", str(error.msg))
        return Mistake(Span(start, min(start + 1, len(self.source.data))), message)
