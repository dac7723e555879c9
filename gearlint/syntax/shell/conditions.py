"""What is between `[[` and `]]`: whether bash reads it."""

from collections.abc import Sequence

from gearlint.core.lazy import regex

_UNARY = regex("-[a-hknoprstuvwxzGLNORS]")
_BINARY = regex("==?|!=|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef)|[<>]")


def is_plain(parts: Sequence[str | None]) -> bool:
    """Whether what is between `[[` and `]]` is certainly right; `None` is a word with expansions.

    Operators are single characters of it.
    """
    groups: list[list[str | None]] = [[]]
    for before, part, after in zip([None, *parts], parts, [*parts[1:], None], strict=False):
        if part not in ("&", "|"):
            groups[-1].append(part)
        elif part == after:
            groups.append([])
        elif part != before:
            return False
    return all(map(_is_plain_condition, groups))


def _is_plain_condition(parts: list[str | None]) -> bool:
    negations = next((at for at, part in enumerate(parts) if part != "!"), len(parts))
    match parts[negations:]:
        case [_]:
            return True
        case [operator, _]:
            return _UNARY.fullmatch(operator or "") is not None
        case [_, operator, _]:
            return _BINARY.fullmatch(operator or "") is not None
    return False
