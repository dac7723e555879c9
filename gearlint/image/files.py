"""The files of an image: a tree from `/`."""

import posixpath
from collections.abc import Callable

from gearlint.core import limits
from gearlint.core.source import is_within
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.budget import ImageBudget
from gearlint.image.context import is_glob
from gearlint.image.nodes import (
    NOTHING,
    Cause,
    Directory,
    File,
    Link,
    Node,
    files_in,
    is_doubtful,
    may_have_more,
    size_of,
    walk,
)

_CHARACTERS, _OF_GLOB = 16, 4  # of a path, and of a glob, that are a visit


class Files:
    """The tree from `/`. Paths are absolute, with `/`. After too much `budget` all is unknown.

    `cause` is the command at hand: what it makes unknown, it is the cause of.
    """

    def __init__(self, root: Directory, budget: ImageBudget, cause: Cause = NOTHING) -> None:
        self.root = root
        self.budget = budget
        self.cause = cause
        self._anywhere: dict[str, Cause] = {}
        """Names that something may have got in any directory."""
        self.removed: dict[str, tuple[Cause, Node]] = {}
        """What was certainly taken away, by its path: by which command, and what was there."""
        self.forgotten: list[tuple[str, Cause]] = []
        """What was made unknown, in order: a path, all below it too, and by which command.

        `/**/NAME` is what has a name, wherever it is.
        """
        self._directories: dict[str, Node | Unknown | None] | None = None

    def copy(self) -> "Files":
        """The same files, to be changed on their own."""
        self.visit(size_of(self.root))
        new = Files(self.root.copy(), self.budget, self.cause)
        new._anywhere = dict(self._anywhere)
        new.forgotten = list(self.forgotten)
        new.removed = dict(self.removed)
        return new

    def settle(self) -> None:
        """Nothing is changed from here on: the directories that were found are kept."""
        self._directories = {}

    def visit(self, nodes: int) -> None:
        """Count nodes that were visited."""
        if not self.budget.visits.spend(nodes):
            self.root = Directory(vague=self.cause._replace(reason="too much to follow"))

    def _steps(self, path: str) -> list[str]:
        """The parts of a path, which are about to be gone down."""
        parts = _parts(path)
        self.visit(len(parts) + len(path) // _CHARACTERS)
        return parts

    def find(self, path: str, *, follow: bool = True) -> Node | Unknown | None:
        """What is at `path`: `None` if certainly nothing, `UNKNOWN` if nobody knows.

        Links on the way are followed, and one at its end if `follow`.
        """
        above, _, name = path.rpartition("/")
        if self._directories is None or name in ("", ".", ".."):
            return self._find(path, follow=follow)
        if above not in self._directories:
            there = self._find(above)
            self._directories[above] = None if isinstance(there, File) else there
        directory = self._directories[above]
        there = directory.get(name) if isinstance(directory, Directory) else directory
        is_elsewhere = there is None and (self._anywhere or directory is None)
        if isinstance(there, Link) or is_elsewhere:
            return self._find(path, follow=follow)
        return UNKNOWN if is_doubtful(there) else there

    def _find(self, path: str, *, follow: bool = True) -> Node | Unknown | None:
        found = self._walk(path, Directory.get, follow=follow)
        if found is None and self._anywhere and self._somewhere(path):
            return UNKNOWN
        return found

    def path_of(self, name: str, first: str) -> str | None:
        """The path of a file of the build context that is called `name`, if one is known.

        Of several it is one below the directory `first`.
        """
        pending: list[tuple[str, Directory]] = [("/", self.root)]
        place = self.find(first)
        if isinstance(place, Directory):
            pending.append((first, place))
        for _ in range(limits.SEARCHED_DIRECTORIES):
            if not pending:
                break
            path, directory = pending.pop()
            node = directory.entries.get(name)
            if isinstance(node, File) and node.origin is not None and node.doubt is None:
                return posixpath.join(path, name)
            pending += [
                (posixpath.join(path, each), below)
                for each, below in directory.entries.items()
                if isinstance(below, Directory)
            ]
        return None

    def causes(self, path: str) -> list[Cause]:
        """All that makes it unknown what is at a path; none if it is known."""
        first = self.why_unknown(path)
        others = (cause for place, cause in self.forgotten if is_within(path, place))
        return [] if first is None else list(dict.fromkeys((first, *others)))

    def _somewhere(self, path: str) -> Cause | None:
        """Why something of the name of `path`, or of a directory above it, may be anywhere."""
        causes = (self._anywhere.get(part) for part in _parts(path))
        return next((cause for cause in causes if cause is not None), None)

    def directory_at(self, path: str, line: int) -> Directory | None:
        """The directory at `path`, made with all above it if need be; `None` if a file is there.

        Where it is unknown what is there, the new directory is vague.
        """
        found = self._walk(path, lambda here, name: here.made(name, line))
        if isinstance(found, Unknown):
            return Directory(line, vague=self.cause)
        return found if isinstance(found, Directory) else None

    def _walk(
        self,
        path: str,
        step: Callable[[Directory, str], "Node | Unknown | None"],
        *,
        follow: bool = True,
    ) -> Node | Unknown | None:
        """Go down from `/`: `step` gives the entry of a directory by its name."""
        rest = self._steps(path)
        followed: list[str] = []
        if self.budget.is_spent:
            return UNKNOWN
        rest.reverse()
        trail: list[Directory] = []
        here: Node | Unknown | None = self.root
        while rest:
            if not isinstance(here, Directory):
                return UNKNOWN if here is UNKNOWN or is_doubtful(here) else None
            name = rest.pop()
            if name == "..":
                here = trail.pop() if trail else self.root
                continue
            child = step(here, name)
            if child is None and rest and here.may_come_with("/".join((name, *rest[::-1]))):
                return UNKNOWN  # of a directory that is not here nobody knows what is ignored
            if isinstance(child, Link) and (rest or follow):
                followed.append(child.target)
                if len(followed) > limits.LINKS:
                    return None
                rest += self._steps(child.target)[::-1]
                if child.target.startswith("/"):
                    here, trail = self.root, []
                continue
            trail.append(here)
            here = child
        return UNKNOWN if is_doubtful(here) else here

    def why_unknown(self, path: str) -> Cause | None:
        """Why it is unknown what is at `path`, `None` if it is known."""
        here: Node | Unknown | None = self.root
        cause: Cause | None = None

        def entry(directory: Directory, name: str) -> Node | Unknown | None:
            nonlocal cause
            found = directory.get(name)
            if found is UNKNOWN:
                cause = directory.vague_at(name) or NOTHING._replace(
                    reason="may be made before the build"
                )
            elif isinstance(found, File) and found.doubt:
                cause = found.doubt
            return found

        here = self._walk(path, entry)
        if here is None:
            return self._somewhere(path)
        return (cause or NOTHING._replace(reason="too much to follow")) if here is UNKNOWN else None

    def put(self, path: str, node: Node, line: int, *, through: bool = False) -> bool:
        """Put a node at `path`, in place of a file or link; a directory is merged into a directory.

        With `through`, what a link at its end leads to is written. False if that cannot be done.
        """
        has_more = may_have_more(node)  # than is known of it, as what is there may have less
        parent, name = _split(self.resolved(path) if through else path)
        directory = self.directory_at(parent, line)
        if not name or directory is None:
            done = directory is not None and isinstance(node, Directory) and _merge(directory, node)
        else:
            done = _put(directory, name, node)
        if has_more:
            self._forget(path)
        self.visit(size_of(node))  # with what was read for it
        return done

    def resolved(self, path: str) -> str:
        """`path` with the links at its end followed, as far as they are known."""
        for _ in range(limits.LINKS):
            node = self.find(path, follow=False)
            if not isinstance(node, Link):
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), node.target))
        return path

    def as_directory(self, path: str) -> File | None:
        """The file at `path`, if there is one; from here on it is in a directory of that path."""
        file = self.find(path)
        if not isinstance(file, File):
            return None
        self.remove(path)
        self.directory_at(path, file.line)
        if file.origin is not None:
            self.put(posixpath.join(path, posixpath.basename(file.origin)), file, file.line)
        return file

    def remove(self, path: str) -> None:
        """Take away what is at `path`, a link itself and not what it leads to."""
        parent, name = _split(path)
        directory = self.find(parent)
        if isinstance(directory, Directory) and name:  # rm refuses what ends in `..`
            node = directory.entries.get(name)
            if node is not None and not is_doubtful(node):
                self.removed[posixpath.normpath(path)] = self.cause, node
            if directory.vague_at(name):
                directory.entries[name] = None
            else:
                directory.entries.pop(name, None)

    def doubt(self, path: str) -> None:
        """What is at `path`, and below, may have been taken away, changed or put there."""
        parent, name = _split(path)
        directory = self.find(parent)
        if directory is None and name:
            self.doubt(parent)
        elif not isinstance(directory, Directory) or not name:
            self.blur(path)
        else:
            node = directory.entries.get(name)
            if not isinstance(node, File):
                node = directory.entries[name] = File(None, directory.line)
            node.doubt = self.cause
            node.forget_mode(self.cause)
            self._forget(path)

    def blur(self, path: str, *, rewritten: bool = False) -> None:
        """Anything may have been put at `path` and below; `rewritten` as for a directory."""
        (parent, name), node = _split(path), self.find(path)
        if node is self.root:
            self.root.open(self.cause)  # of `/` itself only
        elif isinstance(node, Directory | File):
            node.blur(self.cause, rewritten=rewritten)
            self.visit(size_of(node))
            if isinstance(node, Directory):
                self._forget(path)
        elif name and isinstance(self.find(parent), Directory | None):
            self.doubt(path)

    def scatter(self, name: str) -> None:
        """Something of this name may have been put in any directory."""
        self._anywhere.setdefault(name, self.cause)
        self._forget(f"/**/{name}")
        for file in files_in(self.root, name):
            file.blur(self.cause, rewritten=True)

    def forget_modes(self) -> None:
        """The permissions of any file may have been changed."""
        for node in walk(self.root):
            self.visit(1)
            if isinstance(node, File):
                node.forget_mode(self.cause)

    def blur_all(self) -> None:
        """Anything may have been put anywhere."""
        missing = [name for name, node in self.root.entries.items() if node is None]
        self.root.blur(self.cause)
        self.visit(size_of(self.root))
        self._forget("/")
        for name in missing:  # what was not there before is unknown for this command, and no other
            self.doubt(f"/{name}")

    def _forget(self, path: str) -> None:
        if len(self.forgotten) < limits.FORGOTTEN_PLACES:
            self.forgotten.append((posixpath.normpath(path), self.cause))

    def matching(self, pattern: str, *, by_shell: bool = True) -> tuple[list[str], bool]:
        """The known paths that match a glob of the shell, and whether there can be no others.

        Or else one of COPY, which takes what is hidden too.
        """
        matches = _shell_match if by_shell else _match
        found, parts = ["/"], _parts(pattern)
        self.visit(len(parts) * len(self._anywhere))
        if any(len(part) > limits.GLOB_CHARACTERS for part in parts) or self.budget.is_spent:
            return [], False
        complete = not any(matches(part, name) for part in parts for name in self._anywhere)
        for part in parts:
            following: list[str] = []
            for path in found:
                is_known = self._add_matches(following, path, part, matches)
                complete = complete and is_known
            found = sorted(following)
        return found, complete

    def _add_matches(
        self, found: list[str], path: str, part: str, matches: Callable[[str, str], bool]
    ) -> bool:
        """Add what is in a directory and matches one part of a glob; whether that is all."""
        if not is_glob(part):
            there = self.find(posixpath.join(path, part))
            if there is not None and there is not UNKNOWN:
                found.append(posixpath.join(path, part))
            return there is not UNKNOWN
        directory = self.find(path)
        if isinstance(directory, Directory):
            self.visit(len(directory.entries) * (_OF_GLOB + len(part)) // _OF_GLOB)
            found += [
                posixpath.join(path, name)
                for name, node in directory.entries.items()
                if node is not None and matches(part, name)
            ]
            return not directory.vague or not (
                directory.names is None or any(matches(part, each) for each in directory.names)
            )
        return directory is not UNKNOWN


def _split(path: str) -> tuple[str, str]:
    """The directory that a path is in, and its name there, empty for `/` and for what ends in `..`.

    The `/.` at the end of `a/.` is left out.
    """
    while path.endswith(("/", "/.")):
        path = path[:-1]
    parent, name = posixpath.split(path)
    return (path, "") if name == ".." else (parent, name)


def _put(directory: Directory, name: str, node: Node) -> bool:
    there = directory.entries.get(name)
    if isinstance(there, Directory) and isinstance(node, File) and node.doubt:
        there.blur(node.doubt)
        return True
    if isinstance(there, Directory):
        return isinstance(node, Directory) and _merge(there, node)
    if isinstance(node, Directory):
        if there is not None and not is_doubtful(there):
            return False
        doubt = there.doubt if isinstance(there, File) else None
        if name not in directory.entries:
            doubt = doubt or directory.vague_at(name)
        node.open(doubt)
    directory.entries[name] = node
    return True


def _merge(into: Directory, new: Directory) -> bool:
    origins = dict.fromkeys((*into.origins, *new.origins))
    into.origins = list(origins)[: limits.ORIGINS + 1]
    into.open(new.vague)
    return all(_put(into, name, node) for name, node in new.entries.items() if node is not None)


def _match(glob: str, name: str) -> bool:
    from gearlint.syntax.go_glob import glob_pattern

    return glob_pattern(glob).match(name) is not None


def _shell_match(glob: str, name: str) -> bool:
    """Whether one part of a path matches a glob of the shell: a leading dot only itself."""
    if name.startswith(".") and not glob.startswith((".", "\\.")):
        return False
    from gearlint.syntax.go_glob import shell_pattern

    return shell_pattern(glob).match(name) is not None


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]
