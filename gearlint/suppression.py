"""What a gear's own files ask not to be told, and whether that was ever needed."""

from gearlint.manifest import Path
from gearlint.source import Source


class Suppression:
    """One code that a file asks to leave out: `code` as written, `path` where in the manifest.

    The linter sets `used` when it holds back a finding, or cannot know.
    """

    def __init__(self, source: Source, code: str, path: Path) -> None:
        self.source = source
        self.code = code
        self.path = path
        self.used = False

    def covers(self, source: Source, code: str) -> bool:
        """Whether a finding of `code` in the file `source` is one that was asked not to be told."""
        return source is self.source and code == self.code
