"""Finds the requirements of a RUN that the shell takes apart: `pip install numpy>=1.20`."""

import posixpath
from collections.abc import Iterator
from itertools import pairwise

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.dockerfile.model import Instruction

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.model import Command

_PIP = regex(r"pip[0-9.]*\Z")
_PYTHON = regex(r"python[0-9.]*\Z")
_CONDAS = ("conda", "mamba", "micromamba")
_BEFORE = regex(r"(?:(?:sudo|env|exec|time|-\w+)\Z|[A-Za-z_]\w*+=)")
"""A word before the name of a command."""
_NUMBER = (
    r"[0-9]++(?:\.(?:[0-9]++|\*))*+(?:[.-]?(?:a|b|c|rc|alpha|beta|dev|post|pre)[.-]?[0-9]*+)?"
    r"(?:\+[\w.]++)?"
)
_NAME = regex(r"[\"']?[A-Za-z0-9][\w.-]*+(?:\[[\w.,-]*+\])?(?:(?<!,)[!=~]=[\w.*+]++,)?[\"']?\Z")
"""A package, with what of it is wanted, as written."""
_VARIABLE = r"\$\{?\w++\}?"
_VERSIONS = regex(
    r"(?:[ \t]{1,9}(?=[<>]=))?"  # `x > 1` may be a redirection to a file 1, `x >=1` hardly
    rf"(?P<first>[<>])(?:=?{_NUMBER}|={_VARIABLE})"
    rf"(?:,(?:(?:[<>]=?|[!=~]=)(?:{_NUMBER}|{_VARIABLE}))?)*+(?=[\s;|)]|&&|\Z)"
)
"""What is behind the package: versions, of which some may be behind a `==` or `!=`."""
_NAMES_FILE = ("-c", "-e", "-f", "-i", "-n", "-p", "-r", "-t", "--file", "--requirement")
"""Options whose value is another thing than a package."""
_FILE_READ = regex(r"<([^<>]*)")


class Redirected(NamedTuple):
    """A requirement whose version the shell takes for a redirection.

    `package` is what `program` gets of it, `file` what the shell writes to, or reads from
    (`is_read`). `text` is all of it as written, `span` its place in the file. `is_plain` is
    whether double quotes around it make it one word.
    """

    program: str
    package: str
    file: str
    text: str
    span: Span
    is_read: bool
    is_plain: bool


def redirected_requirements(instruction: Instruction) -> Iterator[Redirected]:
    """The requirements of a RUN that the shell takes apart."""
    from gearlint.syntax.shell import command_line

    for command in command_line.parse(instruction.value).commands:
        program = installer(command) if command.redirections else ""
        if program:
            yield from _of_command(instruction, command, program)


def installer(command: "Command") -> str:
    """The program by which a command installs packages of Python or conda; empty if by none."""
    words = [word.literal or "" for word in command.words]
    first = next((at for at, word in enumerate(words) if not _BEFORE.match(word)), len(words))
    name, *args = words[first:] or [""]
    name = posixpath.basename(name)
    if (_PYTHON.match(name) and args[:2] == ["-m", "pip"]) or (name, args[:1]) == ("uv", ["pip"]):
        name, args = "pip", args[args.index("pip") + 1 :]
    verb = next((arg for arg in args if not arg.startswith("-")), "")
    if _PIP.match(name):
        return "pip" if verb == "install" else ""
    return name if name in _CONDAS and verb in ("install", "create") else ""


def _of_command(instruction: Instruction, command: "Command", program: str) -> Iterator[Redirected]:
    text = instruction.value
    for before, word in pairwise(command.words):
        start, end = word.span
        versions = _VERSIONS.match(text, end)
        if versions is None or before.literal in _NAMES_FILE or not _NAME.match(text[start:end]):
            continue
        at = versions.start("first")
        read = _FILE_READ.search(text, at, versions.end())
        written_to = text[at + 1 : versions.end()].partition(">")[0]
        file = read[1] if read is not None else written_to
        whole = text[start : versions.end()]
        yield Redirected(
            program,
            word.literal or text[start:end],
            file,
            whole,
            instruction.span_of(start, versions.end()),
            read is not None,
            is_plain=not any(sign in whole for sign in "\"'\\`"),
        )
