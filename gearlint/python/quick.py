"""Whether a text may read a name that is not declared, without a syntax tree, which takes long."""

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple

_READING = r"\.(?:get|pop|get_input\w*|open_input|get_context_value)\([ \t\n]*"
_READ = regex(
    rf"(?:\[(?<=[\w\])]\[)[ \t]*|{_READING})(?:([\"'])((?:(?!\1)[^\\\n{{}}])*)\1(?=[ \t\n]*[\],)])"
    r"|(-?[0-9:]+\]|\]|\))|([^\s]))"
)
"""Each `x[...]` and `x.get(...)`: of a plain string (2), of a number or nothing (3), else (4).

Both begin with a character that `re` finds fast: what is before the bracket is looked at after it.
"""
_TYPES = regex(
    r"\b(?:[Ll]ist|[Dd]ict|[Tt]uple|[Ss]et|Optional|Union|Callable|Iterator|Iterable|Sequence"
    r"|Mapping|Any|Literal|[Tt]ype|Generator|Final|ClassVar|sys\.argv|os\.environ)\Z"
)
_BEFORE = 16
"""Characters before a bracket that are looked at, for a name."""
_TOP = frozenset(("config", "inputs", "destination", "job", "debug"))
"""Names at the top of config.json, and the option that `fw-gear` reads."""
_INNER = frozenset((
    "location", "path", "name", "hierarchy", "id", "type", "object", "key", "base", "value",
    "info", "mimetype", "modality", "tags",
))  # fmt: skip
"""Names within an input or the destination, which an option may have, too."""
_OPTIONS = regex(r"(?i)(?:conf|cfg|opt|param|arg|setting)\w*[\"']?[\])]*\Z")
"""The end of what looks like all the options."""
CLIENT_WORDS = ("lient", "get_destination", "get_container", "_bids", "Flywheel(")
"""A text without any of these uses no client."""


_INPUT_DIRECTORY = regex(
    r"/input\b(?:/([A-Za-z_][\w-]*+)(?=[/\"']))?|[\"']input/([A-Za-z_][\w-]*+)(?=[/\"'])"
    r"|([\"'])input/?\3"
)
"""The directory of the inputs, in one text or as a part of a path, and of which input (1, 2)."""


def names_input_directory(text: str) -> bool:
    """Whether a text may read an input by its directory, `/flywheel/v0/input/NAME`."""
    return "input" in text and _INPUT_DIRECTORY.search(text) is not None


def names_read(text: str) -> set[str] | None:
    """The names of options and inputs that a text may read; `None` where it may read any."""
    found: set[str] = set()
    for match in _READ.finditer(text):
        start = match.start()
        if match[2] is not None:
            if match[2] not in _INNER or _OPTIONS.search(text, max(0, start - _BEFORE), start):
                found.add(match[2])
        elif match[4] is not None and not _TYPES.search(text, max(0, start - _BEFORE), start):
            return None
    found -= _TOP
    for match in _INPUT_DIRECTORY.finditer(text) if "input" in text else ():
        name = match[1] or match[2]
        if name is None:
            return None
        found.add(name)
    return found


_DEFINITION = regex(r"\ndef[ \t]++(\w++)[ \t]*+\(([^()]*+)\)")
"""A function of a module whose parameters have no brackets but `[]` and `{}`."""
_CALL = regex(r"\b(\w++)\(((?:[^()]|\([^()]*+\))*+)\)")
_APART = regex(r"\"[^\"\n]*+\"|'[^'\n]*+'|\([^()]*+\)|\[[^\[\]]*+\]|\{[^{}]*+\}|==")
"""What may have a comma or `=` of its own."""
_MOST = 5
"""Functions of one name that are looked at."""
_NAMED = regex(r"(\w++)[^=]*+(=)?")


class _Parameters(NamedTuple):
    """The parameters of a function: those that may be given by position, and by name alone.

    With `is_open` it takes others too. `needed` are the names of those without a default.
    """

    by_position: tuple[str, ...]
    by_name: frozenset[str]
    needed: frozenset[str]
    is_open: bool


def may_misfit(texts: list[str]) -> bool:
    """Whether a call may not fit the parameters of a function of that name, of any module."""
    functions: dict[str, set[_Parameters]] = {}
    for text in texts:
        for match in _DEFINITION.finditer(f"\n{text}"):
            functions.setdefault(match[1], set()).add(_parameters(match[2]))
    single = {name: found for name, found in functions.items() if len(found) <= _MOST}
    return any(
        not all(_fits(match[2], parameters) for parameters in single.get(match[1], ()))
        for text in (texts if single else ())
        for match in _CALL.finditer(text)
    )


def _parameters(text: str) -> _Parameters:
    parts = _parts(text)
    star = next((number for number, part in enumerate(parts) if part.startswith("*")), len(parts))
    named = [_NAMED.match(part) for part in parts]
    return _Parameters(
        tuple(match[1] for match in named[:star] if match),
        frozenset(match[1] for match in named[star:] if match),
        frozenset(match[1] for match in named if match and not match[2]),
        any(part.startswith("*") and part != "*" for part in parts),
    )


def _fits(text: str, parameters: _Parameters) -> bool:
    """Whether arguments fit parameters; those that are not known do."""
    parts = _parts(text)
    matches = [_NAMED.match(part) for part in parts]
    names = {match[1] for match in matches if match is not None and match[2]}
    number = len(parts) - len(names)
    taken = parameters.by_position[:number]
    given = names.union(taken)
    return any(part.startswith("*") for part in parts) or (
        parameters.needed <= given
        and names.isdisjoint(taken)
        and (
            parameters.is_open
            or (number == len(taken) and names <= parameters.by_name.union(parameters.by_position))
        )
    )


def _parts(text: str) -> list[str]:
    """What is between the commas of parameters or arguments."""
    return [part for each in _APART.sub("x", text).split(",") if (part := each.strip())]
