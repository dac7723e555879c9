"""Whether parsed arguments may lack an attribute that is read, without a syntax tree."""

from gearlint.core.lazy import regex

_DEST = regex(r"\bdest[ \t]*+=[ \t]*+[\"'](\w++)")
_QUOTED = regex(r"[\"']-{0,2}+([\w-]++)[\"']")
_SET = regex(r"(?m)^[ \t]*+(\w++)(?:[ \t]*+,[ \t]*+\w++)?[^=\n]{0,80}?=[ \t]*+(?:\w++\.)*+(\w++)\(")
"""A name that is set to what a function returns, and the function."""
_READ = regex(r"(?<![\w.])(\w++)\.([A-Za-z]\w*+)")


def may_lack_arguments(text: str) -> bool:
    """Whether a text may read an attribute of what it parses that it makes nowhere."""
    if "argparse" not in text or ("parse_args(" not in text and "parse_known_args(" not in text):
        return False
    parsed = {
        name
        for name, function in _SET.findall(text)
        if function in ("parse_args", "parse_known_args") or f"def {function}(" in text
    }
    read = {name for owner, name in _READ.findall(text) if owner in parsed}
    return bool(read) and not read <= _made(text)


def _made(text: str) -> set[str]:
    """The names that the options of a text may get."""
    found: set[str] = set()
    for piece in text.split("add_argument(")[1:]:
        arguments = piece.partition(")")[0]
        names = _DEST.findall(arguments) or _QUOTED.findall(arguments)
        found.update(name.replace("-", "_") for name in names)
    return found
