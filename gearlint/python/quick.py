"""Whether a text may read a name that is not declared, without a syntax tree, which takes long."""

from gearlint.core.lazy import regex

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
_BEFORE = 12
"""Characters before a bracket that are looked at, for the name of a type."""
_STRUCTURE = frozenset((
    "config", "inputs", "destination", "location", "path", "name", "hierarchy", "id", "type",
    "object", "key", "base", "value", "info", "job", "debug", "mimetype", "modality", "tags",
))  # fmt: skip
"""Names of config.json itself."""
CLIENT_WORDS = ("lient", "get_destination", "get_container", "_bids", "Flywheel(")
"""A text without any of these uses no client."""


def names_read(text: str) -> set[str] | None:
    """The names of options and inputs that a text may read; `None` where it may read any."""
    found: set[str] = set()
    for match in _READ.finditer(text):
        if match[2] is not None:
            found.add(match[2])
        elif match[4] is not None and not _TYPES.search(
            text, max(0, match.start() - _BEFORE), match.start()
        ):
            return None
    return found - _STRUCTURE
