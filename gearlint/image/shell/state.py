"""What a shell, and each copy of it, knows between two commands: its variables, its directory."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import Value
from gearlint.image.budget import Values
from gearlint.syntax.shell import expansion
from gearlint.syntax.shell.expansion import HOLE
from gearlint.syntax.shell.model import Assignment, Command
from gearlint.syntax.substitution import Lookup

_SET_BY_SHELLS = frozenset((
    "BASH", "BASHPID", "BASH_VERSION", "COLUMNS", "DIRSTACK", "EPOCHSECONDS", "EUID", "GROUPS",
    "HOSTNAME", "HOSTTYPE", "IFS", "LINENO", "LINES", "MACHTYPE", "OPTARG", "OPTERR", "OPTIND",
    "OSTYPE", "PIPESTATUS", "PPID", "PS1", "PS2", "PS4", "RANDOM", "REPLY", "SECONDS", "SHELL",
    "SHELLOPTS", "SHLVL", "TERM", "UID",
))  # fmt: skip
"""Variables that one shell or another sets itself, or a builder."""
OF_SHELLS = _SET_BY_SHELLS | {
    "BASH_SOURCE", "FUNCNAME", "HISTFILE", "HOME", "LOGNAME", "OLDPWD", "PATH", "USER",
}  # fmt: skip
"""Those, and what a script, a login or its user has besides: none is another one misspelt."""
_NOT_SET_BY_DASH = frozenset((
    "BASH", "BASHPID", "BASH_VERSION", "DIRSTACK", "EPOCHSECONDS", "EUID", "GROUPS", "HOSTTYPE",
    "MACHTYPE", "OSTYPE", "PIPESTATUS", "RANDOM", "SECONDS", "SHELLOPTS", "UID",
))  # fmt: skip
"""Those that bash sets, and neither dash nor what starts it; of these busybox sets two."""
_SETS_VARIABLES = regex(
    r"(?<![\w/.$=-])(?:read|mapfile|readarray|getopts|declare|typeset|local|readonly|let|printf\s+-v)"
    r"(?=\s)[^;&|\n()<>]*|\(\([^\n]{0,50}|\$\{\w+:?=",
    re.DOTALL,
)
"""What sets a variable otherwise than by `NAME=value`, `export` and `for`."""
_SPECIAL_BUILTINS = frozenset((
    ".", ":", "eval", "exec", "export", "readonly", "set", "shift", "times", "trap", "unset",
))  # fmt: skip
_UNSET = regex(r"\bunset\b[^;&|\n()<>]*")
_NAME = regex(r"[A-Za-z_]\w*")


class Copies(NamedTuple):
    """The copies of a shell in a text: their outer shells, and the directories that they are in."""

    outers: tuple[int, ...]
    directories: dict[int, str | Unknown]

    def directory(self, shell: int, outermost: str | Unknown) -> str | Unknown:
        """The directory of the shell of a number: as long as it does not move, the outer one's."""
        while shell and shell not in self.directories:
            shell = self.outers[shell]
        return self.directories[shell] if shell else outermost

    def forget(self, commands: Iterable[Command]) -> None:
        """The copies that run the commands are made anew, and may then be anywhere."""
        commands = list(commands)
        if any(command.shell and command.name in (None, "cd") for command in commands):
            self.directories.update({c.shell: UNKNOWN for c in commands if c.shell})


class ShellState:
    """Variables and working directory of one shell.

    `outer` is the environment that it was started with, `cwd` the directory it is in, `home` the
    home directory of the user.
    """

    def __init__(
        self,
        outer: Lookup,
        cwd: str | Unknown,
        values: Values,
        home: str | Unknown = UNKNOWN,
    ) -> None:
        self.outer = outer
        self.called: Callable[[], str] = str
        """Which shell it is (`dash`), empty where that is not known."""
        self.home = home
        self.cwd = cwd
        self.values = values
        self.variables: dict[str, Value] = {}
        """What was set since the shell started."""
        self.exported: set[str] = set()
        """Those that a program gets which it starts, beside what it was started with itself."""
        self.elusive: set[str] = set()
        """Variables that are set in a way that is not followed."""

    def follow(self, text: str) -> None:
        """A command line is about to run: what it sets in other ways is not known from now on."""
        found_in_loops = _UNSET.findall(text) if "done" in text else []
        for found in (*_SETS_VARIABLES.findall(text), *found_in_loops):
            self.elusive.update(_NAME.findall(found))

    def forget(self) -> None:
        """Any variable may be another."""
        self.outer = lambda name: UNKNOWN
        self.variables.clear()

    def value(self, name: str) -> Value:
        """The value of a variable, `None` where it is unset."""
        if name in self.elusive or "IFS" in self.variables:  # which says how they are split
            return UNKNOWN
        if name in self.variables:
            return self.values.read(self.variables[name])
        if name.isdecimal():  # an argument of a function or script
            return UNKNOWN
        if name == "PWD":
            return self.values.read(self.cwd)
        if name in _SET_BY_SHELLS and not self._leaves_unset(name):
            return UNKNOWN
        value = self.outer(name)
        return self.home if name == "HOME" and value is None else value

    def _leaves_unset(self, name: str) -> bool:
        """Whether the shell is certainly one that does not set a variable that others set."""
        called = self.called() if name in _NOT_SET_BY_DASH else ""
        is_of_busybox = name in ("RANDOM", "EPOCHSECONDS")
        return called == "dash" or (called == "busybox" and not is_of_busybox)

    def assigned(self, assignment: Assignment) -> Value:
        """The value that `NAME=value` gives a variable."""
        value = expansion.value(assignment.value, self.value)
        return UNKNOWN if value is None else value

    def assign(self, assignments: Iterable[Assignment], *, certain: bool = True) -> None:
        """`NAME=value` without a program: it holds from now on, if that is certain."""
        for assignment in assignments:
            self.variables[assignment.name] = self.assigned(assignment) if certain else UNKNOWN

    def export(self, operands: Iterable[str], *, certain: bool) -> None:
        """`export NAME=value ...`."""
        for operand in operands:
            name, equals, value = operand.partition("=")
            self.exported.add(name)
            if equals:
                is_known = certain and HOLE not in value
                self.variables[name] = value if is_known else UNKNOWN

    @contextmanager
    def given(
        self, assignments: Sequence[Assignment], command: str, *, certain: bool
    ) -> Iterator[None]:
        """`NAME=value` before a program: it holds for what that program runs alone.

        Before a special builtin it holds from then on, but in bash.
        """
        names = {assignment.name for assignment in assignments}
        held = {name: self.variables[name] for name in names & self.variables.keys()}
        new = names - self.exported
        self.assign(assignments)
        self.exported |= new
        yield
        self.exported -= new
        if assignments and command in _SPECIAL_BUILTINS and (shell := self.called()) != "bash":
            self.variables |= {} if certain and shell else dict.fromkeys(names, UNKNOWN)
            return
        for name in names:
            self.variables.pop(name, None)
        self.variables |= held

    @contextmanager
    def child(self) -> Iterator[None]:
        """A shell that this one starts: what it does to itself is gone when it ends."""
        before = {**vars(self), "exported": set(self.exported)}
        self.variables = {
            name: value if name in self.exported or self.outer(name) is not None else UNKNOWN
            for name, value in self.variables.items()
        }
        try:
            yield
        finally:
            vars(self).update(before)

    def unset(self, names: Iterable[str], *, certain: bool = True) -> None:
        """`unset NAME...`."""
        for name in names:
            self.variables[name] = None if certain else UNKNOWN

    def absolute(self, path: str) -> str | None:
        """A path from `/`, `None` where the working directory is unknown."""
        if path.startswith("/"):
            return path
        return None if isinstance(self.cwd, Unknown) else posixpath.join(self.cwd, path)
