"""Whether a call of Python's own library may get what it does not take, without a syntax tree."""

from collections.abc import Iterator

from gearlint.core.lazy import regex

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    import re

    from gearlint.python.module import Module

_STARTER = regex(r"\b(Popen|call|check_call|check_output|run)\(\s*+")
_LOADER = regex(r"load(?<!\wload)(s?)\(\s*+")
_DUMPER = regex(r"dump(?<!\wdump)()\(\s*+")
"""These begin with characters that `re` finds fast: what is before them is looked at after."""
_ADDED = regex(r"\.(add_argument)\(\s*+")
_ARGUMENTS = regex(r"((?:[^()\"'#]|\"[^\"\n]*+\"|'[^'\n]*+'|#[^\n]*+|\([^()]*+\))*+)\)")
"""The arguments of a call, with brackets in brackets once."""
_SHORT = 100
"""Characters in which most calls end, by the first bracket."""
_STRING = regex(r"[a-zA-Z]{0,2}[\"']")
_PATH = regex(r"[a-zA-Z]{0,2}[\"']|os\.path|(?:pathlib\.)?Path\(")
_NAME = regex(r"(\w++)\s*+(?:,|\Z)")
_GIVES_STRING = regex(r"\b(\w++)[ \t]*+=[ \t]*+(?:\([ \t\n]*+)?[a-zA-Z]{0,2}[\"']")
_VALUE_OF_FLAG = regex(r"store_|count[\"']")
_TAKES_VALUE = regex(r"\b(?:choices|const|nargs|type)\s*+=")
_OF_OPTION = regex(r"\b(?:dest|required)\s*+=")
_OPTION = regex(r"[\"'](--?[A-Za-z][\w-]*+)[\"'](?!\s*+=)")


def may_misuse(module: "Module") -> bool:
    """Whether a call may get what a function of the library does not take."""
    from gearlint.python.quick_signatures import may_misfit

    return may_misuse_text(module.text) or may_misfit(module)


def may_misuse_text(text: str) -> bool:
    """Whether that may be a call that is looked for by the words of a text alone."""
    return (
        "os.environ(" in text
        or ("subprocess" in text and _may_start_text(text))
        or ("json" in text and _may_load_wrongly(text))
        or ("argparse" in text and _may_add_wrongly(text))
    )


def _may_start_text(text: str) -> bool:
    strings: set[str] | None = None
    for _, arguments in _calls(_STARTER, text):
        is_by_shell = "shell" in arguments and "shell=False" not in arguments
        if arguments.startswith(("[", "(")):
            if is_by_shell:
                return True
            continue
        name = _NAME.match(arguments)
        if is_by_shell or (name is None and not _STRING.match(arguments)):
            continue
        strings = set(_GIVES_STRING.findall(text)) if strings is None else strings
        if name is None or name[1] in strings:
            return True
    return False


def _may_load_wrongly(text: str) -> bool:
    strings: set[str] | None = None
    dumps = _calls(_DUMPER, text) if "dump(" in text else ()
    given = [(of, arguments) for of, arguments in _calls(_LOADER, text)]
    given += [(of, arguments.partition(",")[2]) for of, arguments in dumps]
    for of_text, arguments in given:
        word = arguments.partition(",")[0].strip()
        is_opened = f" as {word}:" in text or f" as {word}," in text  # as nearly always
        if of_text:
            if is_opened or word.startswith("open("):
                return True
        elif not word.isidentifier():
            if _PATH.match(word):
                return True
        elif not is_opened:
            strings = set(_GIVES_STRING.findall(text)) if strings is None else strings
            if word in strings:
                return True
    return False


def _may_add_wrongly(text: str) -> bool:
    seen: set[str] = {"-h", "--help"}
    for _, arguments in _calls(_ADDED, text):
        if _VALUE_OF_FLAG.search(arguments) and _TAKES_VALUE.search(arguments):
            return True
        is_option = arguments[1:2] == "-"
        if not is_option and _OF_OPTION.search(arguments):
            return True
        before, _, _ = arguments.partition("=")
        options = _OPTION.findall(before)
        if not seen.isdisjoint(options):
            return True
        seen.update(options)
    return False


def _calls(called: "re.Pattern[str]", text: str) -> Iterator[tuple[str, str]]:
    """The names and arguments of the calls of some functions."""
    for match in called.finditer(text):
        start = match.end()
        inside, end, _ = text[start : start + _SHORT].partition(")")
        if end and not any(character in inside for character in "(\"'#"):
            yield match[1], inside
        elif (within := _ARGUMENTS.match(text, start)) is not None:
            yield match[1], within[1]
