"""Finds command lines that change nothing but their own shell: `cd /opt`, `export A=1`."""

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.shell import command_line

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.model import Command

_SETS = frozenset(
    ("declare", "export", "readonly", "set", "typeset", "ulimit", "umask", "unset")
)  # fmt: skip
_READS = frozenset(
    ("basename", "cat", "cut", "date", "dirname", "echo", "grep", "head", "ls", "nproc", "printf",
     "pwd", "readlink", "realpath", "tail", "tr", "uname", "which")
)  # fmt: skip
"""Programs that only print."""
_CONDAS = ("conda", "mamba", "micromamba")
_SETUP = regex(
    r"(?:activate|(?:bash)?\.?bashrc|\.?(?:bash_)?profile|environment|(?:fsl|conda|mamba|nvm)\.sh"
    r"|SetUpFreeSurfer\.sh|SetUpHCPPipeline\.sh"
    r"|(?!build|create|init|install|make|set)(?:[a-z]{1,20}[-_])?env\.sh)\Z"
)
"""Files to source that do nothing but set variables and functions."""


class OwnChange(NamedTuple):
    """A command that changes its own shell: its name, the first word behind that, and its span.

    `variable` is the one that it sets, where it is an assignment or `export`.
    """

    name: str
    operand: str
    variable: str
    span: Span


def own_changes(text: str) -> list[OwnChange]:
    """The commands of a text that does nothing else than change its own shell.

    None where it may do more, or nothing at all. Spans are those of the text; what is in the
    text of a `bash -c` has the place of that.
    """
    changes: list[OwnChange] = []
    for command in command_line.parse(text).commands:
        found = _changes_of(command, text)
        if found is None:
            return []
        changes += found
    return changes


def _changes_of(command: "Command", text: str) -> list[OwnChange] | None:
    """What a command changes of its shell, `None` where it may do more."""
    if command.function or any(
        each.target.literal != "/dev/null" and "&" not in each.operator
        for each in command.redirections
    ):
        return None
    if not command.words:
        names = [each.name for each in command.assignments if not command.shell]
        return [OwnChange("", "", name, command.span) for name in names]
    name, operands = command.name or "", command.words[1:]
    written = text[slice(*operands[0].span)] if operands else ""
    if command.shell:
        return [] if name in _READS or _is_change(name, written) else None
    if command_line.is_sh_like(name):
        inner = own_changes(
            command_line.text_of([word.literal or "" for word in command.words]) or ""
        )
        return [each._replace(span=command.span) for each in inner] or None
    if name in ("true", ":"):
        return []
    if not _is_change(name, written):
        return None
    variable = written.partition("=")[0] if name == "export" and "=" in written else ""
    return [OwnChange(name, written, variable, command.span)]


def _is_change(name: str, operand: str) -> bool:
    if name in ("cd", "popd", "pushd"):
        return True
    if name in _CONDAS:
        return operand in ("activate", "deactivate")
    if name in ("source", "."):
        return _SETUP.match(operand.rpartition("/")[2].strip("\"'")) is not None
    return name in _SETS and bool(operand)
