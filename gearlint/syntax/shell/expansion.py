"""Expands the words of a shell command line to fields, with the values of variables."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN
from gearlint.syntax.shell.model import UNKNOWN_PART, Kind, Part, Word
from gearlint.syntax.substitution import Lookup


class Field(NamedTuple):
    r"""An argument: its text, and its pattern if it has a glob (a quoted `*` is `\*` in that).

    The shell replaces a pattern by the files that match, and keeps the text if there are none.
    """

    text: str
    pattern: str | None = None


HOLE = "\0"
"""In a word that is not known as a whole, what is unknown; no word has this character itself."""


def expand(
    word: Word, lookup: Lookup, *, hole: str = "", braces: bool | None = None
) -> list[Field] | None:
    """The fields of `word`, split at spaces (whatever `IFS` is); `None` if they are not known.

    With a `hole`, what is unknown is that text instead. `braces` is whether the shell expands
    `{a,b}`, `None` if that is unknown.
    """
    literal = word.literal
    if literal is not None and word.parts:
        return [Field(literal)]
    if word.has_braces:
        plain = word._replace(parts=word.parts[1:])
        if braces is False:
            return expand(plain, lookup, hole=hole)
        expanded = _with_braces(plain, lookup) if braces else None
        return [Field(hole)] if expanded is None and hole else expanded
    fields = _Fields()
    for part, of_variable in _resolved(word.parts, lookup):
        if part.kind is Kind.UNKNOWN:
            if not hole:
                return None
            fields.add(hole, hole, is_glob=False)
        elif part.quoted or not of_variable:
            pattern = _PATTERN.sub(r"\\\g<0>", part.text) if part.quoted else part.text
            fields.add(part.text, pattern, is_glob=part.kind is Kind.GLOB)
        elif "\\" in part.text or "[" in part.text:
            return [Field(hole)] if hole else None  # shells do not agree what that means
        else:
            fields.split(part.text)
    fields.end()
    return fields.done


class _Fields:
    """The fields of a word, made from one part of it after the other; `done` are complete."""

    def __init__(self) -> None:
        self.done: list[Field] = []
        self.text: list[str] = []
        self.pattern: list[str] = []
        self.is_started = self.is_glob = False

    def add(self, text: str, pattern: str, *, is_glob: bool) -> None:
        """Add a text, which may be empty, to the field that is being made."""
        self.text.append(text)
        self.pattern.append(pattern)
        self.is_started = True
        self.is_glob = self.is_glob or is_glob

    def split(self, text: str) -> None:
        """Add the value of a variable; spaces in it end a field."""
        for piece in _PIECE.findall(text):
            if piece[0] in " \t\n":
                self.end()
            else:
                self.add(piece, piece, is_glob=_GLOB.search(piece) is not None)

    def end(self) -> None:
        """End the field that is being made, if there is one."""
        if self.is_started:
            pattern = "".join(self.pattern) if self.is_glob else None
            self.done.append(Field("".join(self.text), pattern))
        self.text.clear()
        self.pattern.clear()
        self.is_started = self.is_glob = False


def value(word: Word, lookup: Lookup, *, hole: str = "") -> str | None:
    """`word` as an assignment's value or a redirection's target, not split; `None`: unknown.

    With a `hole`, what is unknown is that text instead.
    """
    text = []
    for part, _ in _resolved(word.parts, lookup):
        if part.kind in (Kind.UNKNOWN, Kind.BRACES):
            if not hole:
                return None
            text.append(hole)
        else:
            text.append(part.text)
    return "".join(text)


def _with_braces(word: Word, lookup: Lookup) -> list[Field] | None:
    """The fields of a word with braces, as bash makes them; `None` where they are not known."""
    text = []
    for part, _ in _resolved(word.parts, lookup):
        is_plain = not _SPACE.search(part.text) and not (part.quoted and _BRACE.search(part.text))
        if part.kind is not Kind.LITERAL or not is_plain:
            return None
        text.append(part.text)
    pending = ["".join(text)]
    done: list[Field] = []
    while pending:
        each = pending.pop()
        choices = _choices(each)
        if choices is None or len(pending) + len(done) > limits.BRACE_WORDS:
            return None
        pending += reversed(choices)
        done += [] if choices else [Field(each)]
    return done


def _choices(text: str) -> list[str] | None:
    """What the first `{a,b}` makes of a text: nothing without one, `None` of a `{1..3}`."""
    for opening in _OPENING.finditer(text):
        depth, commas = 0, [opening.start()]
        for brace in _BRACE.finditer(text, opening.end()):
            if brace[0] == "{":
                depth += 1
            elif brace[0] == "}" and depth:
                depth -= 1
            elif not depth:
                commas.append(brace.start())
                if brace[0] == "}":
                    break
        else:
            continue
        before, after = text[: opening.start()], text[commas[-1] + 1 :]
        if len(commas) > 2:
            return [before + text[a + 1 : b] + after for a, b in pairwise(commas)]
        if ".." in text[commas[0] : commas[1]]:
            return None
    return []


def _resolved(parts: tuple[Part, ...], lookup: Lookup) -> Iterator[tuple[Part, bool]]:
    """The parts with variables replaced by their values, each with whether it comes from one."""
    for part in parts:
        if part.kind is Kind.TILDE:
            home = lookup("HOME")
            yield Part(Kind.LITERAL, home, True) if isinstance(home, str) else UNKNOWN_PART, False
        elif part.kind is Kind.VARIABLE:
            found = lookup(part.text)
            if found is UNKNOWN:
                yield UNKNOWN_PART, True
                continue
            if part.operator[:1] in ("%", "#"):
                text = _trimmed(found or "", part)
                yield UNKNOWN_PART if text is None else Part(Kind.LITERAL, text, part.quoted), True
                continue
            is_set = bool(found) if ":" in part.operator else found is not None
            if part.operator[-1:] == ("+" if is_set else "-"):
                if part.quoted:  # a field, even where the default is empty
                    yield Part(Kind.LITERAL, "", True), True
                for default, _ in _resolved(part.default, lookup):
                    yield default, True
            else:
                text = found if is_set and found and part.operator[-1:] != "+" else ""
                yield Part(Kind.LITERAL, text, part.quoted), True
        else:
            yield part, False


def _trimmed(value: str, variable: Part) -> str | None:
    """`${X%pattern}` and its like: a match at the end, or the start, is taken away.

    `None` where the pattern is not plain text, or it is too long to try.
    """
    operator, glob = variable.operator, "".join(part.text for part in variable.default)
    plain = all(
        part.kind is Kind.LITERAL and part.quoted == variable.quoted for part in variable.default
    )
    if (
        not plain
        or len(value) > limits.TRIMMED_CHARACTERS
        or len(glob) > limits.TRIMMED_CHARACTERS
        or "\\" in glob
    ):
        return None
    cuts = range(len(value) + 1)
    is_end, is_longest = operator[0] == "%", len(operator) == 2
    # The shortest match at the end begins last.
    for cut in cuts if is_end == is_longest else reversed(cuts):
        piece, rest = (value[cut:], value[:cut]) if is_end else (value[:cut], value[cut:])
        if fnmatchcase(piece, glob):
            return rest
    return value


_SPACE = regex(r"\s")
_OPENING = regex(r"\{")
_BRACE = regex(r"[{},]")
_GLOB = regex(r"[*?\[]")
_PATTERN = regex(r"[\\*?\[\]!^-]")  # what may mean something in a pattern
_PIECE = regex(r"[ \t\n]+|[^ \t\n]+")
