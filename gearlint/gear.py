"""A gear: its documents, each read on first use. Knows no rules."""

import os
from functools import cached_property

from gearlint import reference, schema
from gearlint.finding import Problem
from gearlint.manifest import Manifest, Path
from gearlint.reference import ImageReference
from gearlint.schema import Clause, Violation
from gearlint.source import Span
from gearlint.suppression import Suppression
from gearlint.version import GearVersion, VersionFormat

IMAGE: Path = ("custom", "gear-builder", "image")
DEPRECATED_IMAGE: Path = ("custom", "docker-image")


class Gear:
    """One gear, found by its manifest.

    `chosen_format` is the version format that the settings name, if they do.
    """

    def __init__(self, manifest: Manifest, chosen_format: VersionFormat | None = None) -> None:
        self.manifest = manifest
        self.chosen_format = chosen_format

    @property
    def folder(self) -> str:
        """The folder of the manifest."""
        return os.path.dirname(self.manifest.source.path)

    @cached_property
    def version(self) -> GearVersion | None:
        """The manifest's version, if it is a string with something in it."""
        text = self.manifest.string("version")
        return GearVersion(text, self.chosen_format or "software_gear") if text else None

    @cached_property
    def image_path(self) -> Path | None:
        """Where the manifest names its image: the path of a string with something in it."""
        for path in (IMAGE, DEPRECATED_IMAGE):
            if self.manifest.string(*path):
                return path
        return None

    @cached_property
    def image_reference(self) -> ImageReference | None:
        """The reference of the gear's image, from either of its two places."""
        path = self.image_path
        return reference.parse(self.manifest.string(*path) or "") if path else None

    @cached_property
    def _violations(self) -> list[Violation]:
        value = self.manifest.value
        return schema.violations(value) if isinstance(value, dict) else []

    def violations(self, clause: Clause) -> list[Violation]:
        """The ways in which the manifest breaks one clause of the schema."""
        return [violation for violation in self._violations if violation.clause == clause]

    @cached_property
    def suppressions(self) -> list[Suppression]:
        """What the gear's files ask not to be told."""
        codes = self.manifest.get("custom", "gearlint", "ignore")
        return [
            Suppression(self.manifest.source, code, ("custom", "gearlint", "ignore", index))
            for index, code in enumerate(codes if isinstance(codes, list) else ())
            if isinstance(code, str)
        ]

    def at_value(self, path: Path, message: str, help: str = "") -> Problem:
        """A problem with the value at `path` in the manifest."""
        return Problem(self.manifest.source, self.manifest.opening(path), message, help)

    def at_key(self, path: Path, message: str, help: str = "") -> Problem:
        """A problem with the key at `path` in the manifest, or with what it holds as a whole."""
        return Problem(self.manifest.source, self.manifest.key_span(path), message, help)

    def at_part(self, path: Path, start: int, end: int, message: str, help: str = "") -> Problem:
        """A problem with characters `start` to `end` of the string at `path` in the manifest."""
        span = self.manifest.span(path)
        text = self.manifest.source.data[span.start + 1 : span.end - 1]
        # A string with escapes or multi-byte characters is shown whole.
        if b"\\" not in text and text.isascii():
            span = Span(span.start + 1 + start, span.start + 1 + max(end, start + 1))
        return Problem(self.manifest.source, span, message, help)
