"""The build context: the files that `docker build` would send, and what `.dockerignore` leaves out.

Reads names and modes below one directory, and never follows a link out of it.
"""

import os
import posixpath
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from gearlint.core.disk import DISK, Disk
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.source import is_inside, is_temporary, places, real_path
from gearlint.syntax.gitignore import GitIgnore, patterns

MAX_ENTRIES = 50_000
"""A directory of more entries is not listed: what is in it is unknown."""

MAX_DEPTH = 100
"""Directories in one another; what is deeper is unknown."""

MAX_TRIES = 5_000_000
"""Of a line of the ignore file with a path, some 0.1 µs each; what would take more is unknown."""

_OTHERWISE = 10  # tries, for what Python does besides
_SENDING = 30  # tries, to look at what is sent and make a node of it

MAX_GLOB = 1000
"""Characters of one part of a glob; what a longer one matches is unknown."""

MAX_SUBMODULES = 100
"""Of a repository; in one with more, any file may be in one."""

MAX_SEARCHED = 500_000_000
"""Bytes of build files in which names are looked for; after that a name may be in them."""

MAX_SOURCES = 100
"""Of COPY and ADD, by which the context is looked for."""

MAX_ABOVE = 100
"""Directories, from that of the Dockerfile upwards, that may be the context."""

MAX_BUILD_FILES = 200
MAX_BUILD_BYTES = 500_000
"""Makefiles and CI files that are looked at, and bytes of each; larger ones are not read."""

_BUILD_FILES = regex(
    r"(?:GNU)?[Mm]akefile|.*\.mk|Justfile|justfile|Taskfile\.ya?ml|\.gitlab-ci\.ya?ml|\.travis\.yml"
    r"|azure-pipelines\.yml|Jenkinsfile|.*build.*\.sh|BUILD(?:\.bazel)?|pants\.toml|tox\.ini"
    r"|noxfile\.py|.*\.ya?ml"
)
_BUILT = regex(
    r"\.(?:pex|whl|jar|so|zip|gz|tgz|tar|bz2|xz|7z|rpm|deb|exe|bin)\Z"
    r"|(?:\A|/)(?:dist|build|target)(?:/|\Z)"
)
_ARCHIVE = regex(r"\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tlz)\Z", re.IGNORECASE)
# A set of a glob as Go has it: in it, `]`, `-` and `\` stand for themselves only after a `\`.
_RANGE = regex(r"(\\.|[^\]\\-])(?:-(\\.|[^\]\\-]))?", re.DOTALL)
_SET = regex(r"(\^?)((?:(?:\\.|[^\]\\-])(?:-(?:\\.|[^\]\\-]))?)+)\]", re.DOTALL)
_NOTHING = re.compile(r"(?!)")
_MAGIC = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


class Entry(NamedTuple):
    """A file, directory or symbolic link of the context: `path` from its top with `/`.

    `mode` is the permission bits, `target` where a link leads, as written.
    """

    path: str
    kind: Literal["file", "directory", "link"]
    mode: int
    target: str = ""


class Context:
    """A build context: its top `directory`, absolute, without links, in the repository `root`."""

    def __init__(
        self,
        directory: str,
        root: str,
        ignore_file: str | None = None,
        tries: int = MAX_TRIES,
        disk: Disk = DISK,
    ) -> None:
        self.directory = directory
        self.root = root
        self.disk = disk
        self._ignore_file = ignore_file
        self._names_by_directory: dict[str, list[str]] = {}
        self._is_own_directory = {"": True}
        self._entries: dict[str, Entry | None] = {}
        self._archives: dict[str, bool] = {}
        self._holding: dict[str, bool] = {}
        self._made: dict[str, bool] = {}
        self._searched = 0
        self._fits: dict[str, tuple[list[bool], bool]] = {}
        self._tries_left = tries

    @cached_property
    def ignore_file(self) -> str | None:
        """The ignore file that applies: that of the Dockerfile, else `.dockerignore` at the top."""
        for path in (self._ignore_file, os.path.join(self.directory, ".dockerignore")):
            if path and os.path.isfile(path):
                return path
        return None

    @cached_property
    def _ignore(self) -> "list[_Lines] | None":
        """The ignore file, `None` where it is too long to try."""
        if self.ignore_file is None:
            return []
        try:
            text = self.disk.read(self.ignore_file, self.root).text or ""
        except GearlintError:
            return []
        lines = patterns(text.split("\n"))
        return None if lines is None else _grouped(lines)

    def is_ignored(self, path: str) -> bool:
        """Whether the ignore file leaves out a path.

        As BuildKit walks down to it: a line that fits a directory fits all below, and one with `!`
        is tried only on what is left out so far, so that `!data` takes nothing back from `*.txt`.
        Raises TooMuchError where that cannot be reported in time.
        """
        if self._ignore is None:
            raise TooMuchError(path)
        return bool(self._ignore) and self._fitting(path, self._ignore)[1]

    def _fitting(self, place: str, ignore: "list[_Lines]") -> tuple[list[bool], bool]:
        """Which lines fit a place or a directory above it, and whether it is left out."""
        pending = []
        while place and place not in self._fits:
            pending.append(place)
            place = posixpath.dirname(place)
        fits, ignored = self._fits[place] if place else ([False] * len(ignore), False)
        for below in reversed(pending):
            fits, ignored = self._fits[below] = self._tried(below, fits, ignore)
        return fits, ignored

    def _tried(
        self, place: str, above: list[bool], ignore: "list[_Lines]"
    ) -> tuple[list[bool], bool]:
        fits, ignored = list(above), False
        self._try(_OTHERWISE + len(ignore))
        for index, lines in enumerate(ignore):
            if not fits[index] and lines.are_negated == ignored:
                self._try(lines.number + lines.globs * len(place) // 50)
                fits[index] = lines.pattern.match(place) is not None
            if fits[index]:
                ignored = not lines.are_negated
        return fits, ignored

    def _try(self, count: int) -> None:
        self._tries_left -= count
        if self._tries_left < 0:
            raise TooMuchError

    @cached_property
    def takes_back(self) -> bool:
        """Whether any line of the ignore file starts with `!`."""
        return any(lines.are_negated for lines in self._ignore or ())

    def on_disk(self, path: str) -> Entry | None:
        """What is at `path`, ignored or not; `None` if nothing is, or only through a link away."""
        if path not in self._entries:
            self._entries[path] = self._look(path)
        return self._entries[path]

    def _look(self, path: str) -> Entry | None:
        full = os.path.join(self.directory, path) if path else self.directory
        try:
            if not self._has_directory(posixpath.dirname(path)):
                return None
            info = os.lstat(full)
        except (OSError, ValueError):
            return None
        return _entry(path, full, info, self.disk)

    def _has_directory(self, path: str) -> bool:
        """Whether there is a directory at `path`, and not only through a link that leads away."""
        known = self._is_own_directory
        if path not in known:
            for here in places(path):
                if here not in known:
                    known[here] = _is_directory(os.path.join(self.directory, here), self.directory)
                if not known[here]:
                    known[path] = False
                    break
        return known[path]

    def entry(self, path: str) -> Entry | None:
        """What is at `path` in the context as it is sent, `None` if nothing is.

        Raises TooMuchError as `is_ignored`.
        """
        if path.count("/") > MAX_DEPTH:
            raise TooMuchError(path)
        entry = self.on_disk(path)
        if entry is None or not path or not self.is_ignored(path):
            return entry
        # As the directory of what is taken back in, it comes along.
        return entry if entry.kind == "directory" and self._holds_some(path) else None

    def _holds_some(self, path: str) -> bool:
        """Whether any of what is in a directory that is left out is taken back in."""
        if path not in self._holding:
            self._holding[path] = self.takes_back and any(self.entries(path))
        return self._holding[path]

    def entries(self, path: str) -> Iterator[Entry]:
        """What is in the directory at `path` as it is sent, in the order of the names.

        Raises TooMuchError for a directory with too many entries, and as `is_ignored`.
        """
        for name in self._names(path):
            self._try(_SENDING)
            entry = self.entry(posixpath.join(path, name))
            if entry is not None:
                yield entry

    def _names(self, path: str) -> list[str]:
        if path not in self._names_by_directory:
            names = _listed(os.path.join(self.directory, path))
            if len(names) > MAX_ENTRIES:
                raise TooMuchError(path)
            self._names_by_directory[path] = [name for name in names if not is_temporary(name)]
        return self._names_by_directory[path]

    def _names_to_try(self, path: str, glob: str) -> list[str]:
        names = self._names(path)
        self._try((_OTHERWISE + 3 * len(glob)) * len(names))
        return names

    def matching(self, source: str, *, ignored: bool = False) -> list[Entry]:
        """What a source of COPY or ADD stands for: `source` as written, with globs as Go has them.

        With `ignored`, also what the ignore file leaves out. The top itself has the path ``.
        Raises TooMuchError as `entries`.
        """
        clean = posixpath.normpath("/" + source).lstrip("/")
        if clean.count("/") > MAX_DEPTH:
            raise TooMuchError(source)
        look = self.on_disk if ignored else self.entry
        if not re.search(r"[*?\[\\]", clean):
            entry = look(clean)
            return [entry] if entry else []
        found = [""]
        for part in clean.split("/"):
            if len(part) > MAX_GLOB:
                raise TooMuchError(source)
            pattern = glob_pattern(part)
            found = [
                posixpath.join(directory, name)
                for directory in found
                if (at := self.on_disk(directory)) and at.kind == "directory"
                for name in self._names_to_try(directory, part)
                if pattern.match(name)
            ]
        return [entry for path in found if (entry := look(path))]

    def may_be_made(self, path: str) -> bool:
        """Whether what is not there may be made, or checked out, before the image is built.

        It looks like a build product, `.gitignore` leaves it out, it is in a git submodule, or a
        Makefile or a file of a CI system names it.
        """
        if "\0" in path:  # no file has such a name
            return False
        path = path.lstrip("/")
        if path not in self._made:
            self._made[path] = self._is_made(path)
        return self._made[path]

    def _is_made(self, path: str) -> bool:
        if _BUILT.search(path) or self._is_in_build_files(os.fsencode(os.path.basename(path))):
            return True
        full = os.path.join(self.directory, path)
        if len(self._submodules) > MAX_SUBMODULES:
            return True
        if any(is_inside(full, one) or is_inside(one, full) for one in self._submodules):
            return True
        try:
            return self._git_ignore.covers(full)
        except TooMuchError:
            return True

    def _is_in_build_files(self, name: bytes) -> bool:
        self._searched += len(self._build_files)
        return self._searched > MAX_SEARCHED or name in self._build_files

    @cached_property
    def _git_ignore(self) -> GitIgnore:
        return GitIgnore(self.root)

    @cached_property
    def _build_files(self) -> bytes:
        """The text of the Makefiles and CI files from the context up to the root, in one."""
        places = [
            place
            for name in (".github/workflows", ".circleci")
            if _is_directory(place := os.path.join(self.root, *name.split("/")), self.root)
        ]
        here = self.directory
        while here != self.root and is_inside(here, self.root):
            places.append(here)
            here = os.path.dirname(here)
        texts: list[bytes] = []
        for place in (*places, self.root):
            for name in _listed(place):
                if _BUILD_FILES.fullmatch(name) and len(texts) < MAX_BUILD_FILES:
                    path = os.path.join(place, name)
                    with suppress(GearlintError, OSError):
                        if os.path.getsize(path) <= MAX_BUILD_BYTES:
                            texts.append(self.disk.read(path, self.root).data)
        return b"\n".join(texts)

    @cached_property
    def _submodules(self) -> list[str]:
        """The directories of git submodules, which may not be checked out."""
        try:
            path = os.path.join(self.root, ".gitmodules")
            text = self.disk.read(path, self.root).text or ""
        except GearlintError:
            return []
        paths = re.findall(r"^[ \t]*path[ \t]*=(.+)", text, re.MULTILINE)
        return [os.path.normpath(os.path.join(self.root, path.strip())) for path in paths]

    def is_archive(self, path: str) -> bool:
        """Whether ADD would unpack the file at `path`."""
        if path not in self._archives:
            self._archives[path] = self._is_packed(path)
        return self._archives[path]

    def _is_packed(self, path: str) -> bool:
        if _ARCHIVE.search(path):
            return True
        try:
            with open(os.path.join(self.directory, path), "rb") as file:
                head = file.read(512)
        except OSError:
            return False
        return head.startswith(_MAGIC) or head[257:262] == b"ustar"


class _Lines(NamedTuple):
    """Lines of an ignore file that follow one another and all leave out, or all take back in.

    `pattern` is the `number` of them in one; `globs` is how long those with a glob are together,
    which take longer the longer the path.
    """

    are_negated: bool
    pattern: re.Pattern[str]
    number: int
    globs: int


def _grouped(lines: list[str]) -> list[_Lines]:
    """The lines of an ignore file; those that match nothing are left away."""
    rules = []
    for line in lines:
        text = line.strip()
        pattern = posixpath.normpath(text.lstrip("!").strip()).lstrip("/")
        if pattern not in ("", "."):
            rules.append((text.startswith("!"), pattern))
    groups = []
    for are_negated, group in groupby(rules, lambda rule: rule[0]):
        globs = [pattern for _, pattern in group]
        joined = "|".join(f"(?:{_ignore_pattern(glob).pattern})" for glob in globs)
        slow = sum(len(glob) for glob in globs if re.search(r"[*?\[]", glob))
        groups.append(_Lines(are_negated, re.compile(joined, re.DOTALL), len(globs), slow))
    return groups


def _listed(directory: str) -> list[str]:
    """The names in a directory, in order; none in one that cannot be read."""
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _is_directory(path: str, within: str) -> bool:
    """Whether `path` is a directory, or a link to one inside `within`."""
    try:
        if not stat.S_ISLNK(mode := os.lstat(path).st_mode):
            return stat.S_ISDIR(mode)
        real = real_path(path)
        return is_inside(real, within) and os.path.isdir(real)
    except (OSError, ValueError):
        return False


def _entry(path: str, full: str, info: os.stat_result, disk: Disk) -> Entry | None:
    mode = disk.permissions(full, info)
    if stat.S_ISLNK(info.st_mode):
        return Entry(path, "link", 0o777, os.readlink(full))
    if stat.S_ISDIR(info.st_mode):
        return Entry(path, "directory", mode)
    return Entry(path, "file", mode) if stat.S_ISREG(info.st_mode) else None


@lru_cache(maxsize=4096)
def glob_pattern(glob: str) -> re.Pattern[str]:
    """One part of a path as a pattern of Go's `filepath.Match`, to be matched from the start.

    A malformed one matches nothing.
    """
    chunks = [""]  # what stands between the stars
    at = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            chunks.append("")
        elif char == "?":
            chunks[-1] += "[^/]"
        elif char == "\\" and at < len(glob):
            chunks[-1] += re.escape(glob[at])
            at += 1
        elif char == "[":
            group = _SET.match(glob, at)
            if group is None:
                return _NOTHING
            chunks[-1] += _set(group[2], is_negated=bool(group[1]))
            at = group.end()
        else:
            chunks[-1] += re.escape(char)
    first, *rest = chunks
    # What stands between two stars is taken where it first fits, and no other place is tried: many
    # stars would else take exponential time.
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in rest[:-1] if chunk)
    last = f"[^/]*?{rest[-1]}" if rest else ""
    return re.compile(rf"{first}{middle}{last}\Z", re.DOTALL)


def _set(items: str, *, is_negated: bool) -> str:
    """One character of, or with `is_negated` not of, the characters and ranges between brackets."""
    ranges = [
        (low.removeprefix("\\"), (high or low).removeprefix("\\"))
        for low, high in _RANGE.findall(items)
    ]
    inner = "".join(f"{re.escape(a)}-{re.escape(b)}" for a, b in ranges if a <= b)
    if is_negated:
        return f"[^/{inner}]"
    return f"(?!/)[{inner}]" if inner else "(?!)"


def _ignore_pattern(pattern: str) -> re.Pattern[str]:
    """A line of `.dockerignore`: `**` is any number of whole directories, and at its end anything.

    At the beginning, with nothing but plain characters after it, it is anything too. A line with
    several `**` between other characters than `/` (`a**b**c`) could take exponential time, and
    matches nothing. (moby's `patternmatcher`.)
    """
    first, *rest = re.split(r"\*\*/?", pattern)
    if rest and not first and rest[0] and len(rest) == 1 and not re.search(r"[*?\[\]\\]", rest[0]):
        slash = "(?:.*/)?" if pattern.startswith("**/") else ".*"
        return re.compile(rf"{slash}{re.escape(rest[0])}\Z", re.DOTALL)
    if sum(1 for part in rest[:-1] if part and not part.endswith("/")) > 1:
        return _NOTHING
    out = _of_parts(first)
    for part in rest[:-1]:
        # Between directories, the first place is as good as any (see above).
        is_directories = not part or part.endswith("/")
        out += (
            f"(?>(?:.*?/)??{_of_parts(part)})" if is_directories else f"(?:.*/)?{_of_parts(part)}"
        )
    if rest:
        out += f"(?:.*/)?{_of_parts(rest[-1])}" if rest[-1] else ".*"
    return re.compile(rf"{out}\Z", re.DOTALL)


def _of_parts(glob: str) -> str:
    """A glob with `/` in it, as part of a pattern."""
    return "/".join(glob_pattern(part).pattern.removesuffix(r"\Z") for part in glob.split("/"))


def find_context(
    dockerfile: str, root: str, sources: list[str], chosen: str | None = None, disk: Disk = DISK
) -> Context:
    """The context that a Dockerfile is written for.

    That is the `chosen` directory, or the Dockerfile's own, or the nearest above it, up to the
    repository's `root`, in which more of the `sources` of its COPY and ADD instructions are.
    """
    ignore_file = dockerfile + ".dockerignore"
    if chosen is not None:
        real = real_path(chosen)
        if not os.path.isdir(real):
            raise GearlintError(f"{chosen}: the setting context names no directory")
        if not is_inside(real, root):
            raise GearlintError(f"{chosen}: the setting context leads out of the repository")
        return Context(real, root, ignore_file, disk=disk)
    sources = list(dict.fromkeys(sources))[:MAX_SOURCES]
    directory = best = os.path.dirname(real_path(dockerfile))
    most = -1
    for number in range(1, MAX_ABOVE):
        context = Context(directory, root, tries=MAX_TRIES // number**2, disk=disk)
        count = sum(1 for source in sources if _is_in(context, source))
        if count > most:
            best, most = directory, count
        parent = os.path.dirname(directory)
        if count == len(sources) or directory == root or parent == directory:
            break
        directory = parent
    return Context(best, root, ignore_file, disk=disk)


def _is_in(context: Context, source: str) -> bool:
    try:
        return bool(context.matching(source, ignored=True))
    except TooMuchError:
        return True
