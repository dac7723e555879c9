"""Makes the problems of a gear from a path in the manifest, or from bytes of the Dockerfile."""

from typing import Protocol

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.source import START, Span
from gearlint.gear.manifest import Manifest, Path
from gearlint.image.launch import Argument
from gearlint.syntax.dockerfile import Dockerfile


class Documents(Protocol):
    """What a locator needs of a gear."""

    @property
    def manifest(self) -> Manifest: ...  # noqa: D102
    @property
    def dockerfile(self) -> Dockerfile | None: ...  # noqa: D102


class Locator:
    """Makes problems: `gear.at.value(("version",), "version is empty")`.

    `message`, `help`, `severity` and `fix` are those of `Problem`.
    """

    def __init__(self, gear: Documents) -> None:
        self._gear = gear

    def value(
        self,
        path: Path,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with the value at `path` in the manifest."""
        manifest = self._gear.manifest
        return Problem(manifest.source, manifest.opening(path), message, help, severity, fix)

    def key(
        self,
        path: Path,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with the key at `path` in the manifest, or with what it holds as a whole."""
        manifest = self._gear.manifest
        return Problem(manifest.source, manifest.key_span(path), message, help, severity, fix)

    def part(
        self,
        path: Path,
        start: int,
        end: int,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with characters `start` to `end` (from 0) of the string at `path`.

        A string with escapes or multi-byte characters is shown whole.
        """
        manifest = self._gear.manifest
        span = manifest.span(path)
        text = manifest.source.data[span.start + 1 : span.end - 1]
        if b"\\" not in text and text.isascii():
            span = Span(span.start + 1 + start, span.start + 1 + max(end, start + 1))
        return Problem(manifest.source, span, message, help, severity, fix)

    def command(
        self,
        word: Argument,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with a word of the manifest's `command`."""
        path = ("command",)
        return self.part(path, word.start, word.end, message, help, severity=severity, fix=fix)

    def dockerfile(
        self,
        span: Span,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with some bytes of the Dockerfile, which there must be."""
        dockerfile = self._gear.dockerfile
        assert dockerfile is not None  # noqa: S101
        return Problem(dockerfile.source, span, message, help, severity, fix)

    def line(
        self,
        line: int,
        message: str,
        help: str = "",
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Problem:
        """A problem with the Dockerfile's instruction that begins in a line (from 1)."""
        dockerfile = self._gear.dockerfile
        instructions = dockerfile.meant if dockerfile is not None else ()
        spans = (each.span for each in instructions if each.start_line == line)
        return self.dockerfile(next(spans, START), message, help, severity=severity, fix=fix)
