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
