"""Here-documents of a Dockerfile: their markers (`<<EOF`), and the line that ends one.

Imported only for a Dockerfile that has `<<` in it.
"""

from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.dockerfile.model import HEREDOC, encoded
from gearlint.syntax.lexer import Lexer
from gearlint.syntax.substitution import RefusedError, unset


class Marker(NamedTuple):
    """A word like `<<EOF`; `loose` if there are spaces before the name."""

    name: str
    expand: bool
    chomp: bool
    loose: bool


def words_of(line: str) -> list[str]:
    """The words of a joined line, with their quotes; none if BuildKit refuses it."""
    try:
        return Lexer(line, unset, raw_quotes=True, raw_escapes=True, keep_unset=True).split()
    except (RefusedError, RecursionError):
        return []


def marker_of(word: str) -> Marker | None:
    """The marker that a word is, `None` for any other word.

    Raises RefusedError, or RecursionError if substitutions nest too deep.
    """
    match = HEREDOC.fullmatch(word) if "<<" in word else None
    if match is None or not match[2]:
        return None
    names = Lexer(match[2], unset, keep_unset=True).split()
    raw = Lexer(match[2], unset, raw_quotes=True, keep_unset=True).split()
    if len(names) != 1:
        return None
    if len(raw) != 1:
        raise RefusedError("its name cannot be read")
    expand = _count_quotes(names[0]) == _count_quotes(raw[0])
    loose = match.start(2) > match.end(1)
    return Marker(names[0], expand, match[1] == "-", loose)


def name_of(word: str) -> str | None:
    """The name in a marker, `None` for any other word and for one that BuildKit refuses."""
    try:
        marker = marker_of(word)
    except (RefusedError, RecursionError):
        return None
    return None if marker is None else marker.name


def _count_quotes(text: str) -> int:
    return text.count("'") + text.count('"')


class Terminators:
    """The lines of a Dockerfile; any of them may end a here-document.

    `lines` have one character for each byte. All line numbers are 0-based.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def find(self, marker: Marker, at: int) -> int | None:
        """The first line from `at` on that ends the here-document, `None` if there is none."""
        name = encoded(marker.name)
        last = self._chomped if marker.chomp else self._plain
        if last.get(name, -1) < at:
            return None
        strip = "\t" if marker.chomp else ""
        return next(i for i in range(at, len(self.lines)) if self._bare(i).lstrip(strip) == name)

    def _bare(self, at: int) -> str:
        return self.lines[at].rstrip("\r")

    # The last line of each text, so that a search that finds nothing costs nothing.
    @cached_property
    def _plain(self) -> dict[str, int]:
        return {self._bare(at): at for at in range(len(self.lines))}

    @cached_property
    def _chomped(self) -> dict[str, int]:
        return {self._bare(at).lstrip("\t"): at for at in range(len(self.lines))}
