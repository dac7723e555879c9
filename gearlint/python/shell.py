"""What a shell script reads of options and inputs: by `jq`, FW_CONFIG variables, and paths."""

from bisect import bisect_left
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.source import Source
from gearlint.python.reads import PATH, Kind, Read, Reads, nothing_read
from gearlint.syntax.substitution import Lookup

_WORDS = regex(rb"jq\b|FW_CONFIG_|/input\b")
"""A text without one of these reads none."""

_COMMENT = regex(r"(?m)(?:^|(?<=[ \t;]))#[^\n]*+|(\\.|'[^'\n]*+'?+|\"(?:[^\"\\\n]|\\.)*+\"?+)")
"""A comment, or what is quoted and so has none: the group, to the end of a line at most."""
_JQ = regex(r"(?m)^.*\bjq\b.*$")
_CONFIG_NAMES = regex(r"(?m)^[ \t]*(?:export[ \t]+|local[ \t]+)?(\w+)=\S*\bconfig\.json")
_PATH = regex(
    r"\.(config|inputs)(?:\.|\[\\?\"|\.\\?\")([A-Za-z_][\w-]*)(?:\\?\"\]?)?(?![\w-]*[ \t]*=[^=])"
)
_FUNCTION = regex(
    r"(?m)^[ \t]*+(?:function[ \t]++)?([\w-]++)[ \t]*+(?:\([ \t]*+\))?[ \t]*+\n?[ \t]*+\{"
)
_OF_FIRST = regex(r"\.(config|inputs)\.(['\"]{0,4})\$\{?1\b")
"""A path of `jq` that ends with the first argument, and the quotes before that."""
_CALL = regex(r"(?:\$\(|`)[ \t]*+([\w-]++)[ \t]++['\"]?([\w-]++)['\"]?[ \t]*+(?=[)`])")
"""A function that is called with one argument, for what it prints."""
_USED = regex(r"\$\{(\w++)\}|\$(\w++)")
_VARIABLE = regex(r"\$\{?(FW_CONFIG_(\w+))")
_GIVEN = regex(r"\b(FW_CONFIG_\w++)=")
_ASKED_FOR = regex(r"\bread\s([^\n]*+)")
_CONFIG_NAME = regex(r"FW_CONFIG_\w++")
_MINUS = "jq -"
"""How `jq .config.a-b` reads an option that is called `a-b`: it takes `b` from `a`."""
_MINUS_OF_FUNCTION = "jq - of a function"
"""How `of a-b` reads it, where that is `jq .config.$1`."""
_KINDS: dict[str, Kind] = {"config": "option", "inputs": "input"}


def reads_of_shell(source: Source, lookup: Lookup) -> Reads:
    """What a script reads, in the order of its text.

    `lookup` has the variables that it is started with.
    """
    reads = nothing_read()
    if not _WORDS.search(source.data) or source.text is None:
        return reads
    text = _COMMENT.sub(lambda match: match[1] or " " * len(match[0]), source.text)
    for start, end, kind, name, how in (*_by_jq(text), *_by_function(text), *_by_variable(text)):
        span = source.span_of_text(start, end)
        reads.reads.append(Read(kind, name, how, True, False, source, span))
    if "/input" in text:
        from gearlint.python.shell_paths import input_paths

        paths = input_paths(source.text, lookup)
        for name, place in paths.places:
            span = source.span_of_text(*place)
            reads.reads.append(Read("input", name, PATH, True, False, source, span))
        reads.own["input"].update(paths.own)
    reads.reads.sort(key=lambda read: read.span)
    return reads


def _by_jq(text: str) -> Iterator[tuple[int, int, Kind, str, str]]:
    files = set(_CONFIG_NAMES.findall(text))
    for line in _JQ.finditer(text):
        used = {match[1] or match[2] for match in _USED.finditer(line[0])}
        if "config.json" not in line[0] and not used & files:
            continue
        for match in _PATH.finditer(text, line.start(), line.end()):
            is_bare = _has_minus(match[2]) and text[match.start(2) - 1] == "."
            how = _MINUS if is_bare else "jq"
            yield match.start(2), match.end(2), _KINDS[match[1]], match[2], how


def _has_minus(name: str) -> bool:
    return "-" in name.rstrip("-")


def _by_function(text: str) -> Iterator[tuple[int, int, Kind, str, str]]:
    """`name() { jq ".config.$1" ...; }`, called with a name."""
    headers = list(_FUNCTION.finditer(text))
    starts = [header.start() for header in headers]
    functions: dict[str, tuple[Kind, bool]] = {}
    for path in _OF_FIRST.finditer(text):
        above = bisect_left(starts, path.start())
        if above:
            is_bare = not path[2].startswith("\"'")  # else the first is a quote of jq
            functions[headers[above - 1][1]] = _KINDS[path[1]], is_bare
    for call in _CALL.finditer(text) if functions else ():
        if call[1] in functions:
            kind, is_bare = functions[call[1]]
            how = _MINUS_OF_FUNCTION if is_bare and _has_minus(call[2]) else "jq"
            yield call.start(2), call.end(2), kind, call[2], how


def _by_variable(text: str) -> Iterator[tuple[int, int, Kind, str, str]]:
    own = set(_GIVEN.findall(text))
    for line in _ASKED_FOR.findall(text):
        own.update(_CONFIG_NAME.findall(line))
    for match in _VARIABLE.finditer(text):
        if match[1] not in own:
            yield *match.span(1), "option", match[2], "variable"
