"""What `.gitignore` files leave out, read without git, which may run programs even here.

Importing pathspec takes longer than checking a gear, and the patterns of most repositories cannot
match a path that is asked about: those are told apart first.
"""

import os
import re
import warnings
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gearlint.errors import GearlintError
from gearlint.source import read

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.pattern import Pattern

MAX_CHARACTERS = 100_000
"""A longer ignore file ignores nothing, as each of its lines is tried on each path."""

MAX_LINE = 300
"""A line of more characters ignores nothing."""

MAX_STEPS = 10_000_000
"""A line that could take longer to match with a path, about 0.1 s, is passed over."""


class GitIgnore:
    """The `.gitignore` files from the repository's `root` down to a folder, and those added."""

    def __init__(self, folder: str, root: str) -> None:
        self.by_folder: dict[str, list[str]] = {}
        self.root = root
        folder = os.path.realpath(folder)
        while folder != root:
            folder = os.path.dirname(folder)
            self.add(folder)

    def add(self, folder: str) -> None:
        """Read the `.gitignore` of a folder, if it has one."""
        folder = os.path.realpath(folder)
        path = os.path.join(folder, ".gitignore")
        if not os.path.isfile(path):
            return
        try:
            data = read(path, self.root).data
        except GearlintError:
            return
        lines = patterns(data.decode("utf-8", "replace").splitlines())
        if lines:  # of those that are alike, the last decides
            self.by_folder[folder] = [*dict.fromkeys(reversed(lines))][::-1]

    def covers(self, path: str) -> bool:
        """Whether a file is ignored, or a folder above it: nothing takes back what is in that."""
        if not self.by_folder:
            return False
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        parts = os.path.relpath(real, self.root).split(os.sep)
        places = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        return any(self._ignores(f"{place}/") for place in places[:-1]) or self._ignores(places[-1])

    def _ignores(self, place: str) -> bool:
        """Whether a place below the root is ignored: the deepest file that decides has the say."""
        verdict = False
        for folder in sorted(self.by_folder):
            above = os.path.relpath(folder, self.root).replace(os.sep, "/") + "/"
            above = "" if above == "./" else above
            if not place.startswith(above) or place == above:
                continue
            relative = place[len(above) :]
            lines = [
                line
                for line in self.by_folder[folder]
                if _could_match(line, relative.rstrip("/")) and _steps(line, relative) <= MAX_STEPS
            ]
            if not lines:
                continue
            decided = _spec(lines).check_file(relative).include
            verdict = verdict if decided is None else decided
        return verdict


def patterns(lines: list[str]) -> list[str]:
    """The lines of an ignore file that hold a pattern which can be tried in time."""
    if sum(map(len, lines)) > MAX_CHARACTERS:
        return []
    return [line for line in lines if line.strip() and line[0] != "#" and len(line) <= MAX_LINE]


def _spec(lines: list[str]) -> "GitIgnoreSpec":
    """The patterns of a `.gitignore`."""
    from pathspec import GitIgnoreSpec

    compiled: Any = [pattern for line in lines for pattern in _compiled(line)]
    return GitIgnoreSpec(compiled)


@lru_cache(maxsize=50_000)
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


def _could_match(line: str, relative: str) -> bool:
    """Whether a line of `.gitignore` might match a path or a folder above it; never falsely no."""
    last = line.strip().rstrip("/").rpartition("/")[2].removeprefix("!").replace("[^", "[!")
    return "\\" in last or any(fnmatchcase(part, last) for part in relative.split("/"))
