"""Whether a module or logger may be called, or a name be None, without a syntax tree."""

from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.python.module import Module
from gearlint.python.program import Found, Program

_GIVE_NOTHING = (
    "addFilter(", "addHandler(", "basicConfig(", "filterwarnings(", "makedirs(", "mkdir(",
    "reverse(", "rmtree(", "setLevel(", "shuffle(", "sort(",
)  # fmt: skip
"""The ends of calls that return nothing."""
_ASSIGNS = regex(r"[ \t]*+[A-Za-z_]\w*+[ \t]*+(?::[^=\n]*+)?=(?!=)[^\n#]*\Z")
_LOGGER = regex(r"(?<!\w)([A-Za-z_]\w*+)[ \t]*+=[ \t]*+(?:logging\.)?getLogger\(")


def may_misuse_values(program: Program) -> bool:
    """Whether a module or logger may be called, or a name be set to what returns nothing."""
    return any(
        _may_set_to_none(module.text)
        or any(_is_called(module.text, name) for name in _not_callable(program, module))
        for module in program.modules
    )


def _not_callable(program: Program, module: Module) -> Iterator[str]:
    """The names that are modules or loggers, by its lines alone."""
    if "getLogger(" in module.text:
        yield from _LOGGER.findall(module.text)
    for line in module.lines_that_import:
        if line.local:
            yield line.local
        elif not line.level:
            for name, local in line.taken:
                if f"{local}(" in module.text:
                    found = program.find(module, 0, f"{line.name}.{name}")
                    if isinstance(found, Found):
                        yield local


def _is_called(text: str, name: str) -> bool:
    at = text.find(f"{name}(")
    while at >= 0:
        before = text[at - 1 : at]
        if not (before.isalnum() or before in ("_", ".")):
            return True
        at = text.find(f"{name}(", at + 1)
    return False


def _may_set_to_none(text: str) -> bool:
    for end in _GIVE_NOTHING:
        at = text.find(end)
        while at >= 0:
            if _ASSIGNS.match(text[text.rfind("\n", 0, at) + 1 : at]):
                return True
            at = text.find(end, at + 1)
    return False
