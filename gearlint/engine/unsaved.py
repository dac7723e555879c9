"""Checks or fixes one file as an editor has it, which may not be saved yet."""

from gearlint.core import limits
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding
from gearlint.core.source import real_path
from gearlint.engine.fixer import Fixer, Look
from gearlint.engine.linter import Result
from gearlint.engine.overlay import Overlay


class Unsaved(Fixer):
    """Checks gears with `data` as the content of the file at `path`; reports that file alone.

    With `fixes`, its fixes are applied; no file is written. Raises GearlintError where the content
    is too large.
    """

    def __init__(self, path: str, data: bytes, *, fixes: bool, is_unsafe: bool) -> None:
        super().__init__(is_unsafe=is_unsafe, writes=False)
        if len(data) > limits.FILE_BYTES:
            raise GearlintError(f"{path}: stdin has more than {limits.FILE_BYTES} bytes")
        self.fixes = fixes
        self.real = real_path(path)
        self.changes = {self.real: FileChange(self.real, data, data)}

    @property
    def data(self) -> bytes:
        """The content, with the fixes."""
        return self.changes[self.real].after

    def take(self, look: Look, root: str) -> Result:
        """Check the gear that `look` reads; returns what is found in the file."""
        result = super().take(look, root) if self.fixes else look(Overlay(self.changes))
        return result._replace(findings=[each for each in result.findings if self._is_own(each)])

    def _may_fix(self, finding: Finding) -> bool:
        return (
            super()._may_fix(finding)
            and finding.fix is not None
            and not finding.fix.makes_executable
            and real_path(finding.fix.source.path) == self.real
        )

    def _is_own(self, finding: Finding) -> bool:
        return real_path(finding.source.path) == self.real
