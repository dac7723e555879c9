"""What `.gitignore` files leave out, read without git, which may run programs even here.

Importing pathspec takes longer than checking a gear, and the patterns of most repositories cannot
match a path that is asked about: those are told apart first.
"""

import os
import re
import warnings
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gearlint.errors import GearlintError, TooMuchError
from gearlint.source import read

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.pattern import Pattern

MAX_CHARACTERS = 100_000
"""Of an ignore file: what a longer one leaves out is unknown."""

MAX_LINE = 300
"""Characters of a line: what a file with a longer one leaves out is unknown."""

MAX_STEPS = 50_000_000
"""Steps of matching, of some 10 ns each; what would take more of them is unknown."""

_COMPILING = 5_000  # steps
_TRYING = 100  # a glob with a name
_ASKING = 1_000  # pathspec about a line


class GitIgnore:
    """The `.gitignore` files from the repository's `root` down to a folder, and those added.

    The file of a folder is to be added before it is asked about what is in that folder. `left` is
    how many steps of matching may yet be taken.
    """

    def __init__(self, folder: str, root: str) -> None:
        self.root = root
        self.left = MAX_STEPS
        self._files: dict[str, _File | None] = {}
        self._compiled: set[str] = set()
        self._is_ignored: dict[str, bool] = {}
        self._real: dict[str, str] = {}
        self._added: set[str] = set()
        here = self._real_of(folder)
        while here != root:
            here = os.path.dirname(here)
            self._read(here)

    def add(self, folder: str) -> None:
        """Read the `.gitignore` of a folder, if it has one and it is not read yet."""
        if folder not in self._added:
            self._added.add(folder)
            self._read(self._real_of(folder))

    def _real_of(self, folder: str) -> str:
        """A folder without links."""
        if folder not in self._real:
            above, name = os.path.split(folder)
            here = os.path.join(self._real.get(above, above), name)
            is_known = above in self._real and name not in ("", ".", "..")
            is_real = is_known and not os.path.islink(here)
            self._real[folder] = here if is_real else os.path.realpath(folder)
        return self._real[folder]

    def _read(self, folder: str) -> None:
        path = os.path.join(folder, ".gitignore")
        place = "" if folder == self.root else f"{_relative(folder, self.root)}/"
        if place in self._files or not os.path.isfile(path):
            return
        try:
            data = read(path, self.root).data
        except GearlintError:
            return
        lines = patterns(data.decode("utf-8", "replace").splitlines())
        self._files[place] = None if lines is None else _File(lines)

    def covers(self, path: str) -> bool:
        """Whether a file is ignored, or a folder above it: nothing takes back what is in that.

        Raises TooMuchError where that cannot be told in time.
        """
        if not self._files:
            return False
        real = os.path.join(self._real_of(os.path.dirname(path)), os.path.basename(path))
        path = _relative(real, self.root)
        self._spend(_TRYING * path.count("/") ** 2)
        for place in (*_folders(path), path):
            if place not in self._is_ignored:
                self._is_ignored[place] = self._ignores(place)
            if self._is_ignored[place]:
                return True
        return False

    def _ignores(self, place: str) -> bool:
        """Whether a place below the root is ignored: the deepest file that decides has the say."""
        verdict = False
        for folder in ("", *_folders(place)):
            if folder not in self._files or folder == place:  # it says nothing of its own folder
                continue
            file, relative = self._files[folder], place[len(folder) :]
            if file is None:
                raise TooMuchError(folder)
            self._spend(_TRYING * len(file.globs) * len(relative.split("/")), file.globs)
            lines = file.candidates(relative)
            self._spend(sum(_ASKING + _steps(line, relative) for line in lines), lines)
            decided = _spec(lines).check_file(relative).include if lines else None
            verdict = verdict if decided is None else decided
        return verdict

    def _spend(self, steps: int, patterns: Iterable[str] = ()) -> None:
        """Raises TooMuchError; patterns are counted as compiled once."""
        new = {pattern for pattern in patterns if pattern not in self._compiled}
        self._compiled |= new
        self.left -= steps + _COMPILING * len(new)
        if self.left < 0:
            raise TooMuchError


class _File:
    """The lines of one `.gitignore`, by the last part of what they match."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = [*dict.fromkeys(reversed(lines))][::-1]  # of those alike the last decides
        self.names: dict[str, list[int]] = {}
        self.globs: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            last = line.strip().rstrip("/").rpartition("/")[2].removeprefix("!")
            kind = self.globs if re.search(r"[*?\[\\]", last) else self.names
            kind.setdefault(last, []).append(index)

    def candidates(self, relative: str) -> list[str]:
        """The lines that might match a path or a folder above it; never falsely left out."""
        parts = relative.rstrip("/").split("/")
        found = {index for part in parts for index in self.names.get(part, ())}
        for glob, indices in self.globs.items():
            if "\\" in glob or any(_glob(glob).match(part) for part in parts):
                found.update(indices)
        return [self.lines[index] for index in sorted(found)]


def patterns(lines: list[str]) -> list[str] | None:
    """The lines of an ignore file that hold a pattern; `None` where they are too long to try."""
    if sum(map(len, lines)) > MAX_CHARACTERS or any(len(line) > MAX_LINE for line in lines):
        return None
    return [line for line in lines if line.strip() and line[0] != "#"]


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _folders(path: str) -> Iterator[str]:
    """The folders above a path, each with a `/` at its end, from the top."""
    at = path.find("/")
    while at >= 0:
        yield path[: at + 1]
        at = path.find("/", at + 1)


@lru_cache(maxsize=10_000)
def _glob(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob.replace("[^", "[!")))


def _spec(lines: list[str]) -> "GitIgnoreSpec":
    """The patterns of a `.gitignore`."""
    from pathspec import GitIgnoreSpec

    compiled: Any = [pattern for line in lines for pattern in _compiled(line)]
    return GitIgnoreSpec(compiled)


@lru_cache(maxsize=10_000)
def _compiled(line: str) -> "list[Pattern]":
    """One line of a `.gitignore`; one that git would not take matches nothing."""
    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings(action="ignore"):  # of sets as they may mean more one day
            return list(GitIgnoreSpec.from_lines([line]).patterns)
    except (ValueError, re.error):
        return []


def _steps(line: str, relative: str) -> int:
    """How many ways pathspec may try to match a line with a path, more with each star."""
    from math import comb, prod

    globs, parts = line.split("/"), relative.split("/")
    longest, folders = max(map(len, parts)), globs.count("**")
    stars = sorted((glob.count("*") for glob in globs if glob != "**"), reverse=True)[: len(parts)]
    # A part that fits in several ways is tried in each of them if a later part does not fit.
    ways = prod(comb(longest + count - 1, count - 1) for count in stars if count)
    return ways * (longest + 1) * comb(len(parts) + folders, folders)
