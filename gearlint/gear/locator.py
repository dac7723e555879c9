"""Makes the problems of a gear from where they are in its files."""

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.source import START, Source, Span
from gearlint.gear.manifest import Path
from gearlint.image.launch import Argument

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Protocol, TypedDict, Unpack

    from gearlint.gear.gear import Gear

    class More(TypedDict, total=False):
        """What else a problem may have."""

        severity: Severity | None
        fix: Fix | None

    class Found(Protocol):
        """What was found in the gear's own code, and whether every run comes to it."""

        @property
        def source(self) -> Source: ...  # noqa: D102
        @property
        def span(self) -> Span: ...  # noqa: D102
        @property
        def is_certain(self) -> bool: ...  # noqa: D102


class Locator:
    """Makes problems: `gear.at.value(("version",), "version is empty")`.

    `message`, `help`, `severity` and `fix` are those of `Problem`.
    """

    def __init__(self, gear: "Gear") -> None:
        self._gear = gear

    def value(self, path: Path, message: str, help: str = "", **more: "Unpack[More]") -> Problem:
        """A problem with the value at `path` in the manifest."""
        manifest = self._gear.manifest
        return Problem(manifest.source, manifest.opening(path), message, help, **more)

    def key(self, path: Path, message: str, help: str = "", **more: "Unpack[More]") -> Problem:
        """A problem with the key at `path` in the manifest, or with what it holds as a whole."""
        manifest = self._gear.manifest
        return Problem(manifest.source, manifest.key_span(path), message, help, **more)

    def part(
        self,
        path: Path,
        start: int,
        end: int,
        message: str,
        help: str = "",
        **more: "Unpack[More]",
    ) -> Problem:
        """A problem with characters `start` to `end` (from 0) of the string at `path`.

        A string with escapes or multi-byte characters is shown whole.
        """
        manifest = self._gear.manifest
        span = manifest.span(path)
        text = manifest.source.data[span.start + 1 : span.end - 1]
        if b"\\" not in text and text.isascii():
            span = Span(span.start + 1 + start, span.start + 1 + max(end, start + 1))
        return Problem(manifest.source, span, message, help, **more)

    def command(
        self, word: Argument, message: str, help: str = "", **more: "Unpack[More]"
    ) -> Problem:
        """A problem with a word of the manifest's `command`."""
        return self.part(("command",), word.start, word.end, message, help, **more)

    def dockerfile(
        self, span: Span, message: str, help: str = "", **more: "Unpack[More]"
    ) -> Problem:
        """A problem with some bytes of the Dockerfile, which there must be."""
        dockerfile = self._gear.dockerfile
        assert dockerfile is not None  # noqa: S101
        return Problem(dockerfile.source, span, message, help, **more)

    def line(self, line: int, message: str, help: str = "", **more: "Unpack[More]") -> Problem:
        """A problem with the Dockerfile's instruction that begins in a line (from 1)."""
        dockerfile = self._gear.dockerfile
        instructions = dockerfile.meant if dockerfile is not None else ()
        spans = (each.span for each in instructions if each.start_line == line)
        return self.dockerfile(next(spans, START), message, help, **more)

    def code(
        self, found: "Found", message: str, help: str = "", *, fix: Fix | None = None
    ) -> Problem:
        """A problem with what was found in the gear's own code: a warning if it is not certain."""
        severity = None if found.is_certain else Severity.WARNING
        return Problem(found.source, found.span, message, help, severity, fix)
