"""Files, directories and links of an image, and what is unknown of them.

What is not in a directory is missing, or, where the directory is `vague`, unknown. Directories of
the build context are filled in when somebody looks.
"""

import posixpath
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import Context, Entry


class Cause(NamedTuple):
    """Why something is unknown: what is at a span of the Dockerfile, in bytes.

    `reason` says why, where it is not what stands there.
    """

    span: Span
    reason: str = ""


NOTHING = Cause(Span(0, 0))
"""The cause before any instruction."""

EXECUTABLE = 0o111
"""The bits of a mode that let somebody execute a file."""
_NO_MODES = NOTHING._replace(reason="files have no modes here (Windows, or git's core.fileMode)")


class File:
    """A file: permission bits (`None` if unknown), and where in the build context it is from.

    `is_executable` is the answer for any user's bit, `None` if unknown. `line` is that of the
    instruction that put it there, `mode_line` of the one that set its bits. `doubt` is set where
    something else may be there, or nothing; `mode_doubt` says why its bits are unknown.
    """

    __slots__ = ("doubt", "is_executable", "line", "mode", "mode_doubt", "mode_line", "origin")

    def __init__(self, mode: int | None, line: int, origin: str | None = None) -> None:
        self.mode = mode
        self.is_executable = None if mode is None else bool(mode & EXECUTABLE)
        self.doubt: Cause | None = None
        self.line = self.mode_line = line
        self.mode_doubt: Cause | None = None
        self.origin = origin

    def copy(self) -> "File":
        """Another file like this one."""
        new = File(self.mode, self.line, self.origin)
        new.is_executable, new.doubt = self.is_executable, self.doubt
        new.mode_line, new.mode_doubt = self.mode_line, self.mode_doubt
        return new

    def blur(self, cause: Cause, *, rewritten: bool = False) -> None:
        """It may have been made executable, and with `rewritten` have another content."""
        self.forget_mode(cause, runs=self.is_executable or None)
        if rewritten:
            self.origin = None

    def chmod(self, mode: int | None, line: int, *, runs: bool | None = None) -> None:
        """Set the bits; `runs` says whether it is executable where the bits are not known."""
        self.mode = mode
        self.is_executable = runs if mode is None else bool(mode & EXECUTABLE)
        self.mode_line = line
        if self.is_executable is not None:
            self.mode_doubt = None

    def forget_mode(self, cause: Cause, *, runs: bool | None = None) -> None:
        """The bits are not known any more; `runs` is whether it is executable, where that is."""
        self.mode, self.is_executable = None, runs
        if runs is None:
            self.mode_doubt = self.mode_doubt or cause


class Link:
    """A symbolic link to `target`, as written."""

    __slots__ = ("line", "target")

    def __init__(self, target: str, line: int) -> None:
        self.target = target
        self.line = line


class Directory:
    """A directory: its entries by name, `None` for what is certainly not there.

    `vague`, where it is set, says why other entries may be there, below it too; only those of
    `names`, where that is set. `origins` are the directories of the build context that it was
    copied from.
    """

    __slots__ = ("_entries", "_lazy", "line", "names", "origins", "vague")

    def __init__(self, line: int = 0, *, vague: Cause | None = None) -> None:
        self._entries: dict[str, Node | None] = {}
        self._lazy: tuple[Context, str, int | None] | None = None
        self.origins: list[tuple[Context, str]] = []
        self.line = line
        self.vague = vague
        self.names: frozenset[str] | None = None

    @property
    def entries(self) -> "dict[str, Node | None]":
        """The entries that are known, by name."""
        if self._lazy is not None:
            context, path, mode = self._lazy
            self._lazy = None
            try:
                for entry in context.entries(path):
                    self._entries[posixpath.basename(entry.path)] = from_context(
                        context, entry, self.line, mode
                    )
            except TooMuchError:
                self.vague = NOTHING._replace(reason="too many files")
        return self._entries

    def certain_files(self, *, is_own: bool = False) -> list[str]:
        """The names of the files that are certainly here; with `is_own`, of the build context."""
        return [
            name
            for name, node in self.entries.items()
            if isinstance(node, File) and node.doubt is None and (node.origin or not is_own)
        ]

    def get(self, name: str) -> "Node | Unknown | None":
        """The entry of a name; unknown too if it may be made before the image is built."""
        entries = self.entries
        if name in entries:
            return entries[name]
        if self.vague_at(name) or len(self.origins) > limits.ORIGINS:
            return UNKNOWN
        return UNKNOWN if self.may_come_with(name) else None

    def may_come_with(self, path: str) -> bool:
        """Whether what is not here, at a path from here, may be made before the image is built."""
        return any(context.may_be_made(f"{origin}/{path}") for context, origin in self.origins)

    def vague_at(self, name: str) -> Cause | None:
        """Why an entry that is not known may be there."""
        return self.vague if self.names is None or name in self.names else None

    def made(self, name: str, line: int) -> "Node":
        """The entry of a name; where it is not known, or nothing, a directory that is made there.

        Where it is unknown what is there, the new directory is vague.
        """
        child = self.entries.get(name)
        if child is None or is_doubtful(child):
            vague = self.vague_at(name) if name not in self.entries else None
            if isinstance(child, File):
                vague = child.doubt
            child = self.entries[name] = Directory(line, vague=vague)
        return child

    def open(self, cause: Cause | None) -> None:
        """Any other entry may be there, if there is a cause."""
        if cause is None or (self.vague is not None and self.names is None):
            return
        for name in (self.names or frozenset()) - self.entries.keys():
            self.entries[name] = doubtful = File(None, self.line)
            doubtful.doubt = self.vague  # the older cause
        self.vague, self.names = cause, None

    def copy(self) -> "Directory":
        """Another directory like this one, with copies of all that is in it."""
        new = Directory(self.line, vague=self.vague)
        new._lazy = self._lazy
        new.names = self.names
        new.origins = list(self.origins)
        new._entries = {
            name: None if node is None else copy_of(node) for name, node in self._entries.items()
        }
        return new

    def blur(self, cause: Cause, *, rewritten: bool = False) -> None:
        """Anything may have been put here and below, or made executable; nothing is removed.

        With `rewritten` the files may have another content too.
        """
        self.open(cause)
        for name, node in list(self.entries.items()):
            if node is None:
                del self.entries[name]
            elif not isinstance(node, Link):
                node.blur(cause, rewritten=rewritten)


Node = File | Link | Directory


def copy_of(node: Node) -> Node:
    """A copy of a node and all below it."""
    return node.copy() if isinstance(node, File | Directory) else node


def size_of(node: Node | None) -> int:
    """The number of nodes here and below, those that are not read yet left out."""
    nodes = [node]
    for each in nodes:  # which grow meanwhile
        if isinstance(each, Directory):
            nodes += each._entries.values()
    return len(nodes)


def may_have_more(node: Node) -> bool:
    """Whether a directory, or one in it, may have entries that are not known."""
    nodes: list[Node | None] = [node]
    for each in nodes:  # which grow meanwhile
        if isinstance(each, Directory):
            if each.vague is not None:
                return True
            nodes += each._entries.values()
    return False


def from_context(context: Context, entry: Entry, line: int, mode: int | None = None) -> Node:
    """The node that COPY makes of an entry of the build context; `mode` is that of `--chmod`."""
    if entry.kind == "link":
        return Link(entry.target, line)
    if entry.kind == "file":
        mode = entry.mode if mode is None else mode
        file = File(mode, line, f"{context.directory}/{entry.path}")
        file.mode_doubt = _NO_MODES if mode is None else None
        return file
    directory = Directory(line)
    if entry.path.count("/") >= limits.DIRECTORY_LEVELS:
        directory.vague = NOTHING._replace(reason="too many directories in one another")
    else:
        directory._lazy = (context, entry.path, mode)
        directory.origins.append((context, entry.path))
    return directory


def is_doubtful(node: Node | Unknown | None) -> bool:
    """Whether something else may be there, or nothing."""
    return isinstance(node, File) and node.doubt is not None


def walk(node: Node, name: str = "") -> Iterator[Node]:
    """The node and everything below it that is known; with a `name`, only what has that name.

    With a name, directories of the build context that nobody has looked into yet are left alone.
    """
    pending: list[tuple[str, Node]] = [(name, node)]
    while pending:
        its_name, each = pending.pop()
        if its_name == name or not name:
            yield each
        if isinstance(each, Directory):
            entries = each._entries if name else each.entries
            pending.extend((key, child) for key, child in entries.items() if child is not None)


def files_in(node: Node, name: str = "") -> Iterator[File]:
    """The files among what `walk` yields."""
    return (each for each in walk(node, name) if isinstance(each, File))
