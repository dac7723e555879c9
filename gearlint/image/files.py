"""The files of an image, as far as they are known: every answer is yes, no, or unknown.

A tree of directories, files and links. What is not in a directory is missing, or, where the
directory is `vague`, unknown. Directories of the build context are filled in when somebody looks.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import MAX_DEPTH, MAX_GLOB, Context, Entry
from gearlint.syntax.go_glob import glob_pattern

MAX_LINKS = 40
MAX_ORIGINS = 50
"""Directories of the context that one is copied from; with more, what is missing is unknown."""


class File:
    """A file: permission bits (`None` if unknown), and where in the build context it is from.

    `is_executable` is the answer for any user's bit, `None` if unknown. `is_certain` is false where
    something else may be there, or nothing. `line` is that of the instruction that put it there.
    """

    __slots__ = ("is_certain", "is_executable", "line", "mode", "origin")

    def __init__(self, mode: int | None, line: int, origin: str | None = None) -> None:
        self.mode = mode
        self.is_executable = None if mode is None else bool(mode & 0o111)
        self.is_certain = True
        self.line = line
        self.origin = origin

    def copy(self) -> "File":
        """Another file like this one."""
        new = File(self.mode, self.line, self.origin)
        new.is_executable, new.is_certain = self.is_executable, self.is_certain
        return new

    def blur(self, *, rewritten: bool = False) -> int:
        """It may have been made executable, and with `rewritten` have another content.

        Returns 1, the number of nodes that were visited.
        """
        self.chmod(None, runs=self.is_executable or None)
        if rewritten:
            self.origin = None
        return 1

    def chmod(self, mode: int | None, *, runs: bool | None) -> None:
        """Set the bits; `runs` says whether it is executable where the bits are not known."""
        self.mode = mode
        self.is_executable = runs if mode is None else bool(mode & 0o111)


class Link:
    """A symbolic link to `target`, as written."""

    __slots__ = ("line", "target")

    def __init__(self, target: str, line: int) -> None:
        self.target = target
        self.line = line


class Directory:
    """A directory: its entries by name, `None` for what is certainly not there.

    `vague` says that other entries may be there, below it too. `origins` are the directories of the
    build context that it was copied from.
    """

    __slots__ = ("_entries", "_lazy", "line", "mode", "origins", "vague")

    def __init__(self, line: int = 0, mode: int | None = 0o755, *, vague: bool = False) -> None:
        self._entries: dict[str, Node | None] = {}
        self._lazy: tuple[Context, str, int | None] | None = None
        self.origins: list[tuple[Context, str]] = []
        self.line = line
        self.mode = mode
        self.vague = vague

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
                self.vague = True
        return self._entries

    def get(self, name: str) -> "Node | Unknown | None":
        """The entry of a name; unknown too if it may be made before the image is built."""
        if name in self.entries:
            return self.entries[name]
        if self.vague or len(self.origins) > MAX_ORIGINS:
            return UNKNOWN
        made = any(context.may_be_made(f"{path}/{name}") for context, path in self.origins)
        return UNKNOWN if made else None

    def copy(self) -> "Directory":
        """Another directory like this one, with copies of all that is in it."""
        new = Directory(self.line, self.mode, vague=self.vague)
        new._lazy = self._lazy
        new.origins = list(self.origins)
        new._entries = {
            name: None if node is None else copy_of(node) for name, node in self._entries.items()
        }
        return new

    def blur(self, *, rewritten: bool = False) -> int:
        """Anything may have been put here and below, or made executable; nothing is removed.

        With `rewritten` the files may have another content too. Returns the number of nodes that
        were visited.
        """
        self.vague = True
        visited = 1
        for name, node in list(self.entries.items()):
            if node is None:
                del self.entries[name]
            elif not isinstance(node, Link):
                visited += node.blur(rewritten=rewritten)
        return visited


Node: TypeAlias = File | Link | Directory


def copy_of(node: Node) -> Node:
    """A copy of a node and all below it."""
    return node.copy() if isinstance(node, File | Directory) else node


def size_of(node: Node | None) -> int:
    """The number of nodes here and below, those that are not read yet left out."""
    if not isinstance(node, Directory):
        return 1
    return 1 + sum(map(size_of, node._entries.values()))


def from_context(context: Context, entry: Entry, line: int, mode: int | None = None) -> Node:
    """The node that COPY makes of an entry of the build context; `mode` is that of `--chmod`."""
    if entry.kind == "link":
        return Link(entry.target, line)
    if entry.kind == "file":
        return File(entry.mode if mode is None else mode, line, f"{context.directory}/{entry.path}")
    directory = Directory(line, entry.mode if mode is None else mode)
    if entry.path.count("/") >= MAX_DEPTH:
        directory.vague = True
        return directory
    directory._lazy = (context, entry.path, mode)
    directory.origins.append((context, entry.path))
    return directory


class Files:
    """The tree from `/`. Paths are absolute, with `/`. After too much `budget` all is unknown."""

    def __init__(self, root: Directory, budget: Budget) -> None:
        self.root = root
        self.budget = budget

    def copy(self) -> "Files":
        """The same files, to be changed on their own."""
        self.visit(size_of(self.root))
        return Files(self.root.copy(), self.budget)

    def visit(self, nodes: int) -> None:
        """Count nodes that were visited."""
        self.budget.visits -= nodes
        if self.budget.is_spent:
            self.root = Directory(vague=True)

    def _steps(self, path: str) -> list[str]:
        """The parts of a path, which are about to be gone down."""
        parts = _parts(path)
        self.visit(len(parts) + len(path) // 16)
        return parts

    def find(self, path: str, *, follow: bool = True) -> Node | Unknown | None:
        """What is at `path`: `None` if certainly nothing, `UNKNOWN` if nobody knows.

        Links on the way are followed, and one at its end if `follow`.
        """
        return self._walk(path, Directory.get, follow=follow)

    def directory_at(self, path: str, line: int) -> Directory | None:
        """The directory at `path`, made with all above it if need be; `None` if a file is there.

        Where it is unknown what is there, the new directory is vague.
        """

        def made(here: Directory, name: str) -> Node:
            child = here.entries.get(name)
            if child is None or _is_doubtful(child):
                vague = child is not None or (here.vague and name not in here.entries)
                child = here.entries[name] = Directory(line, vague=vague)
            return child

        found = self._walk(path, made)
        if isinstance(found, Unknown):
            return Directory(line, vague=True)
        return found if isinstance(found, Directory) else None

    def _walk(
        self,
        path: str,
        step: Callable[[Directory, str], "Node | Unknown | None"],
        *,
        follow: bool = True,
    ) -> Node | Unknown | None:
        """Go down from `/`: `step` gives the entry of a directory by its name."""
        rest, links = self._steps(path)[::-1], 0
        if self.budget.is_spent:
            return UNKNOWN
        trail: list[Directory] = []
        here: Node | Unknown | None = self.root
        while rest:
            name = rest.pop()
            if not isinstance(here, Directory):
                return UNKNOWN if here is UNKNOWN or _is_doubtful(here) else None
            if name == "..":
                here = trail.pop() if trail else self.root
                continue
            child = step(here, name)
            if isinstance(child, Link) and (rest or follow):
                links += 1
                if links > MAX_LINKS:
                    return None
                rest += self._steps(child.target)[::-1]
                if child.target.startswith("/"):
                    here, trail = self.root, []
                continue
            trail.append(here)
            here = child
        return UNKNOWN if _is_doubtful(here) else here

    def put(self, path: str, node: Node, line: int, *, through: bool = False) -> bool:
        """Put a node at `path`, in place of a file or link; a directory is merged into a directory.

        With `through`, what a link at its end leads to is written. False if that cannot be done.
        """
        parent, name = posixpath.split((self.resolved(path) if through else path).rstrip("/"))
        directory = self.directory_at(parent, line)
        if not name or directory is None:
            done = directory is not None and isinstance(node, Directory) and _merge(directory, node)
        else:
            done = _put(directory, name, node)
        self.visit(size_of(node))  # with what was read for it
        return done

    def resolved(self, path: str) -> str:
        """`path` with the links at its end followed, as far as they are known."""
        for _ in range(MAX_LINKS):
            node = self.find(path, follow=False)
            if not isinstance(node, Link):
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), node.target))
        return path

    def remove(self, path: str) -> None:
        """Take away what is at `path`, a link itself and not what it leads to."""
        parent, name = posixpath.split(posixpath.normpath(path))
        directory = self.find(parent)
        if isinstance(directory, Directory) and name:
            if directory.vague:
                directory.entries[name] = None
            else:
                directory.entries.pop(name, None)

    def doubt(self, path: str) -> None:
        """What is at `path`, and below, may have been taken away, changed or put there."""
        parent, name = posixpath.split(path.rstrip("/"))
        directory = self.find(parent)
        if directory is None and name:
            self.doubt(parent)
            return
        if not isinstance(directory, Directory) or not name:
            self.blur(path)
            return
        node = directory.entries.get(name)
        if not isinstance(node, File):
            node = directory.entries[name] = File(None, directory.line)
        node.is_certain = False
        node.chmod(None, runs=None)

    def blur(self, path: str, *, rewritten: bool = False) -> None:
        """Anything may have been put at `path` and below; `rewritten` as for a directory."""
        if not _parts(path):
            self.root.vague = True  # of `/` itself only
            return
        node = self.find(path)
        if isinstance(node, Directory | File):
            self.visit(node.blur(rewritten=rewritten))
            return
        above = posixpath.dirname(path.rstrip("/"))
        parent = self.find(above)
        if isinstance(parent, Directory):
            self.doubt(path)
        elif parent is None and len(_parts(path)) > 1:
            self.blur(above)

    def blur_all(self) -> None:
        """Anything may have been put anywhere."""
        self.visit(self.root.blur())

    def matching(self, pattern: str) -> tuple[list[str], bool]:
        """The known paths that match a glob of the shell, and whether there can be no others."""
        found = ["/"]
        complete = True
        for part in _parts(pattern):
            if len(part) > MAX_GLOB:
                return [], False
            following = []
            for path in found:
                directory = self.find(path)
                if directory is UNKNOWN or (isinstance(directory, Directory) and directory.vague):
                    complete = False
                if isinstance(directory, Directory):
                    self.visit(len(directory.entries) * (1 + len(part) // 4))
                    following += [
                        posixpath.join(path, name)
                        for name, node in directory.entries.items()
                        if node is not None and _shell_match(part, name)
                    ]
            found = sorted(following)
        return found, complete


def _put(directory: Directory, name: str, node: Node) -> bool:
    there = directory.entries.get(name)
    if isinstance(there, Directory) and _is_doubtful(node):
        there.blur()
        return True
    if isinstance(there, Directory):
        return isinstance(node, Directory) and _merge(there, node)
    if isinstance(node, Directory):
        if there is not None and not _is_doubtful(there):
            return False
        node.vague = (
            node.vague or there is not None or (directory.vague and name not in directory.entries)
        )
    directory.entries[name] = node
    return True


def _merge(into: Directory, new: Directory) -> bool:
    origins = dict.fromkeys((*into.origins, *new.origins))
    into.origins = list(origins)[: MAX_ORIGINS + 1]
    into.vague = into.vague or new.vague
    return all(_put(into, name, node) for name, node in new.entries.items() if node is not None)


def _is_doubtful(node: Node | Unknown | None) -> bool:
    return isinstance(node, File) and not node.is_certain


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it that is known."""
    pending: list[Node] = [node]
    while pending:
        each = pending.pop()
        yield each
        if isinstance(each, Directory):
            pending.extend(child for child in each.entries.values() if child is not None)


def _shell_match(glob: str, name: str) -> bool:
    """Whether one part of a path matches a glob of the shell: a leading dot only itself."""
    if name.startswith(".") and not glob.startswith((".", "\\.")):
        return False
    return glob_pattern(re.sub(r"\[!", "[^", glob)).match(name) is not None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]
