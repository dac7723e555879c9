"""What is shown of findings, without the files that they were found in: those may be large."""

from collections.abc import Iterable

from gearlint.core import limits
from gearlint.core.finding import Finding
from gearlint.core.lines import Piece, Position
from gearlint.core.source import Source


class Extract(Source):
    """Of a file its path, and what was taken of it: positions, and pieces of lines.

    It has no `data`; `is_empty`, `position`, `piece` and `line` (cut) answer as those of the file
    for what was taken, and raise KeyError for anything else.
    """

    def __init__(
        self,
        path: str,
        size: int,
        is_empty: bool,
        positions: dict[int, Position],
        pieces: dict[int, Piece],
    ) -> None:
        super().__init__(path, b"", size)
        self._is_empty = is_empty
        self._positions = positions
        self._pieces = pieces

    def __reduce__(self) -> tuple[type[Source], tuple[object, ...]]:
        """For another process."""
        return Extract, (self.path, self.size, self._is_empty, self._positions, self._pieces)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read of the file."""
        return self._is_empty

    def position(self, offset: int) -> Position:
        """The line and column of a byte offset that was taken."""
        return self._positions[offset]

    def piece(self, offset: int, most: int) -> Piece:
        """The characters of a line before and after a byte offset that was taken."""
        return self._pieces[offset]

    def line(self, number: int) -> str:
        """What was taken of a line in which a finding begins."""
        offset = next(at for at in self._pieces if self._positions[at].line == number)
        return self._pieces[offset].text


def extracted(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, with what is shown of their files instead of these."""
    extracts: dict[Source, Extract] = {}

    def of(source: Source, *offsets: int) -> Extract:
        if source not in extracts:
            extracts[source] = Extract(source.path, source.size, source.is_empty, {}, {})
        positions = extracts[source]._positions
        for offset in offsets:
            if offset not in positions:
                positions[offset] = source.position(offset)
        return extracts[source]

    found = []
    for finding in findings:
        start, end = finding.span
        extract = of(finding.source, start, end, max(end, start + 1))
        extract._pieces.setdefault(start, finding.source.piece(start, limits.EXTRACT_CHARACTERS))
        fix = finding.fix
        if fix is not None:
            offsets = [offset for edit in fix.edits for offset in (edit.start, edit.end)]
            fix = fix._replace(source=of(fix.source, *offsets))
        found.append(finding._replace(source=extract, fix=fix))
    return found
