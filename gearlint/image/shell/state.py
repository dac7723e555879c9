"""What a shell knows between two commands: its variables and its working directory."""

import posixpath
from collections.abc import Iterable

from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases.base import Value
from gearlint.image.budget import Values
from gearlint.syntax.shell import expansion
from gearlint.syntax.shell.expansion import HOLE
from gearlint.syntax.shell.model import Assignment
from gearlint.syntax.substitution import Lookup


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
        self.home = home
        self.cwd = cwd
        self.values = values
        self.variables: dict[str, Value] = {}
        """What was set since the shell started."""

    def value(self, name: str) -> Value:
        """The value of a variable, `None` where it is unset."""
        if name in self.variables:
            return self.values.read(self.variables[name])
        if name == "PWD":
            return self.values.read(self.cwd)
        value = self.outer(name)
        return self.home if name == "HOME" and value is None else value

    def assigned(self, assignment: Assignment) -> Value:
        """The value that `NAME=value` gives a variable."""
        value = expansion.value(assignment.value, self.value)
        return UNKNOWN if value is None else value

    def assign(self, assignments: Iterable[Assignment], *, certain: bool = True) -> None:
        """`NAME=value` without a program: it holds from now on, if that is certain."""
        for assignment in assignments:
            self.variables[assignment.name] = self.assigned(assignment) if certain else UNKNOWN

    def export(self, operands: Iterable[str], *, certain: bool = True) -> None:
        """`export NAME=value ...`."""
        for operand in operands:
            name, equals, value = operand.partition("=")
            if equals:
                is_known = certain and HOLE not in value
                self.variables[name] = value if is_known else UNKNOWN

    def absolute(self, path: str) -> str | None:
        """A path from `/`, `None` where the working directory is unknown."""
        if path.startswith("/"):
            return path
        return None if isinstance(self.cwd, Unknown) else posixpath.join(self.cwd, path)
