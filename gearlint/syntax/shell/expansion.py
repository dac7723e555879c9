"""Expands the words of a shell command line to fields, with the values of variables."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.syntax.shell.model import UNKNOWN_PART, Kind, Part, Word

Lookup: TypeAlias = Callable[[str], str | Unknown | None]
"""From a variable's name to its value: `None` if it is unset, `UNKNOWN` if that is not known."""


class Field(NamedTuple):
    r"""An argument: its text, and its pattern if it has a glob (a quoted `*` is `\*` in that).

    The shell replaces a pattern by the files that match, and keeps the text if there are none.
    """

    text: str
    pattern: str | None = None


def expand(word: Word, lookup: Lookup) -> list[Field] | None:
    """The fields of `word`, split at spaces (whatever `IFS` is); `None` if they are not known."""
    literal = word.literal
    if literal is not None and word.parts:
        return [Field(literal)]
    fields: list[Field] = []
    text: list[str] = []
    pattern: list[str] = []
    started = is_glob = False

    def end() -> None:
        nonlocal started, is_glob
        if started:
            fields.append(Field("".join(text), "".join(pattern) if is_glob else None))
        text.clear()
        pattern.clear()
        started = is_glob = False

    for part, of_variable in _resolved(word.parts, lookup):
        if part.kind is Kind.UNKNOWN:
            return None
        if part.quoted or not of_variable:
            text.append(part.text)
            pattern.append(_PATTERN.sub(r"\\\g<0>", part.text) if part.quoted else part.text)
            is_glob = is_glob or part.kind is Kind.GLOB
            started = True
            continue
        if "\\" in part.text or "[" in part.text:
            return None  # shells do not agree whether that quotes or matches
        for piece in _PIECE.findall(part.text):
            if piece[0] in " \t\n":
                end()
            else:
                text.append(piece)
                pattern.append(piece)
                is_glob = is_glob or _GLOB.search(piece) is not None
                started = True
    end()
    return fields


def value(word: Word, lookup: Lookup) -> str | None:
    """`word` as an assignment's value or a redirection's target, not split; `None` if not known."""
    text = []
    for part, _ in _resolved(word.parts, lookup):
        if part.kind is Kind.UNKNOWN:
            return None
        text.append(part.text)
    return "".join(text)


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


_GLOB = regex(r"[*?\[]")
_PATTERN = regex(r"[\\*?\[\]!^-]")  # what may mean something in a pattern
_PIECE = regex(r"[ \t\n]+|[^ \t\n]+")
