"""Finds the commands of a RUN that are arguments of the one before, as the `&&` is missing."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.dockerfile.model import Instruction, Line
from gearlint.syntax.shell.command_line import SHELLS

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.model import Word

_VERBS = frozenset(
    ("add", "clean", "create", "install", "remove", "uninstall", "update", "upgrade")
)
_PACKAGE_MANAGERS = frozenset(
    ("apk", "apt", "apt-get", "conda", "dnf", "mamba", "microdnf", "npm", "pip", "yum")
)
_NO_PACKAGES = frozenset(
    ("apt-key", "cd", "chmod", "chown", "cp", "echo", "export", "groupadd", "ldconfig", "ln",
     "locale-gen", "mkdir", "mv", "rm", "touch", "update-alternatives", "useradd")
)  # fmt: skip
"""Commands whose name is neither a package's nor, where more words follow, that of a file."""
_FIRST = {
    "dpkg": regex(r"-i|--install|--configure|--add-architecture"),
    "git": regex(r"clone|checkout|submodule|config"),
    "make": regex(r"install|clean|all|-j\d*"),
    "sed": regex(r"-[inreE]+"),
    "tar": regex(r"-?[cxtvzjJf]*f[cxtvzjJ]*"),
}
"""What is behind the names of commands that packages have too, where they are commands."""
_TAKES_NO_COMMAND = (_NO_PACKAGES - {"echo", "export"}) | {
    "curl", "dpkg", "make", "sed", "tar", "unzip", "update-ca-certificates", "wget",
}  # fmt: skip
"""Commands that start none of their arguments, and do not just print or set them."""

_BEFORE = regex(r"sudo|-E|[A-Za-z_]\w*=\S*")
"""A word before the name of a command."""


class JoinedCommand(NamedTuple):
    """A command that is an argument of another one; `span` is that of its name in the file.

    It starts at `start` with the word `first`, as `sudo apt-get` does.
    """

    name: str
    taken_by: str
    span: Span
    first: str
    start: int


def joined_commands(instruction: Instruction) -> Iterator[JoinedCommand]:
    """The commands of a RUN that are arguments of the command before them.

    They begin a line, or are those of a package manager: no package has the name of one.
    """
    instruction = instruction.trigger or instruction
    if instruction.name != "RUN" or instruction.is_json or instruction.heredocs:
        return
    begins = set(_commands_of_lines(instruction.line))
    if not begins and not _may_have_managers(instruction.value):
        return
    from gearlint.syntax.shell import command_line

    for command in command_line.parse(instruction.value).commands:
        taken_by, words = command.name, command.words[1:]
        if taken_by is not None and _takes_no_command(taken_by, [word.literal for word in words]):
            for number, word in enumerate(words, start=1):
                span = instruction.span_of(*word.span)
                is_manager = _is_manager(taken_by) and _is_manager(word.literal or "")
                rest = (each.literal or "" for each in words[number:]) if is_manager else ()
                if span in begins or (is_manager and _begins_command(word.literal or "", [*rest])):
                    # At the end of a line `sudo` may be a package.
                    first = word if span in begins else _first_word(words[:number])
                    start, _ = instruction.span_of(*first.span)
                    begin = first.literal or ""
                    yield JoinedCommand(word.literal or "", taken_by, span, begin, start)


def _first_word(words: "Sequence[Word]") -> "Word":
    """The first word of the command whose name is the last of the words: `sudo`, or `A=1`."""
    *before, first = words
    while before and _BEFORE.fullmatch(before[-1].literal or ""):
        first = before.pop()
    return first


def _may_have_managers(text: str) -> bool:
    """Whether a word of a text is a package manager, and the one before ends no command."""
    words = text.split()
    return any(
        _is_manager(word) and not before.endswith(("&", "|", ";", "("))
        for before, word in pairwise(words)
    )


def _commands_of_lines(line: Line) -> Iterator[Span]:
    """The first words of lines, but for the first line, that look like commands."""
    for start, end in pairwise([*line.starts[1:], len(line.text)]):
        text = line.text[start:end]
        name, *arguments = text.split() or [""]
        if _begins_command(name, arguments):
            at = start + text.index(name)
            yield line.span(at, at + len(name))


def _is_manager(name: str) -> bool:
    """Whether it is a package manager, as `pip` and `pip3.9` are."""
    return name.rstrip("0123456789.") in _PACKAGE_MANAGERS


def _is_python(name: str) -> bool:
    return name.rstrip("0123456789.") == "python"


def _begins_command(name: str, arguments: list[str]) -> bool:
    first = arguments[0] if arguments else ""
    if _is_manager(name):
        verb = next((each for each in arguments if not each.startswith("-")), None)
        return verb in _VERBS
    if name in SHELLS or _is_python(name):
        return first in ("-c", "-lc", "-m") or first.endswith((".sh", ".py"))
    if name in ("curl", "wget"):
        return any("://" in each for each in arguments)
    if name in _FIRST:
        return _FIRST[name].fullmatch(first) is not None
    return name == "update-ca-certificates" or (name in _NO_PACKAGES and bool(first))


def _takes_no_command(name: str, arguments: list[str | None]) -> bool:
    """Whether none of a command's arguments is one that it starts, as it is with `xargs`."""
    if _is_manager(name):
        verbs = (each for each in arguments if each in _VERBS or each in ("run", "exec"))
        return next(verbs, None) in _VERBS  # `conda run` starts one
    if _is_python(name):
        return "-c" in arguments or arguments[:3] == ["-m", "pip", "install"]
    return name in _TAKES_NO_COMMAND or (name in SHELLS and "-c" in arguments)
