"""Lists the files that are read of each gear (`check --show-files`)."""

from typing import TYPE_CHECKING

from gearlint.core.disk import DISK
from gearlint.core.source import shown_path
from gearlint.engine.linter import Result, lint

if TYPE_CHECKING:
    from gearlint.engine.run import Look


class Lister:
    """Collects the files of the gears in `files`, each once."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}

    def take(self, look: "Look", root: str) -> Result:
        """Note the files of one gear: its settings, manifest, Dockerfile and scripts."""
        gear = look.gear(DISK)
        failures = lint(gear, look.settings).failures
        paths = [look.settings.file] if look.settings.file else []
        paths += [source.path for source in gear.sources]
        self.files |= dict.fromkeys(map(shown_path, paths))
        return Result([], failures)
