"""What is between `[[` and `]]`: whether bash reads it."""

from collections.abc import Sequence
from itertools import takewhile

from gearlint.core.lazy import regex
from gearlint.core.text import quoted

_UNARY = regex("-[a-hknoprstuvwxzGLNORS]")
_UNCERTAIN = frozenset("();\n")
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


def first_wrong(tokens: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], str] | None:
    """The first token that bash certainly refuses, and what is wrong with it.

    `tokens` are those between the brackets, as they are written, each with its place; an operator
    of one character is a token. From a parenthesis or line end on nothing is certain.
    """
    known = list(takewhile(lambda token: token[0] not in _UNCERTAIN, tokens))
    wrong = _first_wrong(known)
    if wrong is None and not _ends(tokens[len(known) :]):
        return None
    for token in known[: known.index(wrong[0]) if wrong is not None else None]:
        if token[0].endswith("]]"):
            return token, f"{quoted(token[0])} has no space before its ]]"
    return wrong


def _ends(tokens: Sequence[tuple[str, int]]) -> bool:
    """Whether no condition goes on with these, which are not the last: after `;` or a line end."""
    first = next((text for text, _ in tokens if text != "\n"), "")
    return first != "" and first not in "&|()" and tokens[0][0] in "\n;"


def _first_wrong(tokens: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], str] | None:
    group: list[tuple[str, int]] = []
    for at, (text, place) in enumerate(tokens):
        if text not in ("&", "|"):
            group.append((text, place))
        elif tokens[at + 1 : at + 2] == [(text, place + 1)]:
            if wrong := _wrong_of(group):
                return wrong
            group = []
        elif group or tokens[max(at - 1, 0)] != (text, place - 1):
            return None  # a single one
    return _wrong_of(group)


def _wrong_of(group: list[tuple[str, int]]) -> tuple[tuple[str, int], str] | None:
    """The first token of a condition without `&&` and `||` that is refused."""
    negations = next((at for at, (text, _) in enumerate(group) if text != "!"), len(group))
    group = group[negations:]
    words = [text for text, _ in group]
    if len(words) < 2 or words[0] in ("<", ">"):
        return None
    operator = words[1]
    is_binary = _BINARY.fullmatch(operator) is not None
    if words[0].startswith("-"):
        if is_binary or not _UNARY.fullmatch(words[0]):
            return None
        end = 2
    elif is_binary:
        end = 2 if words[2:3] in (["<"], [">"]) else 3
    elif operator.startswith("-") and operator not in ("-a", "-o"):
        return None  # another version may have it
    else:
        return group[1], f"{quoted(operator)} is not an operator of [["
    return (group[end], f"unexpected {quoted(words[end])} in [[") if len(words) > end else None
