"""What `.gitignore` files leave out, read without git, which may run programs even here.

Importing pathspec takes longer than checking a gear, and the patterns of most repositories cannot
match a path that is asked about: those are told apart first.
"""

import os
import re
import warnings
from fnmatch import fnmatchcase
from math import comb
from typing import TYPE_CHECKING

from gearlint.errors import GearlintError
from gearlint.source import read

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MAX_LINES = 5_000
"""An ignore file of more lines ignores nothing: each is tried on each path."""

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
            text = read(path, self.root).data.decode("utf-8", "replace")
        except GearlintError:
            return
        lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
        if 0 < len(lines) <= MAX_LINES:
            self.by_folder[folder] = lines

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


def _spec(lines: list[str]) -> "GitIgnoreSpec":
    """The patterns of a `.gitignore`; a line that git would not take matches nothing."""
    from pathspec import GitIgnoreSpec

    valid = []
    with warnings.catch_warnings(action="ignore"):  # of sets as they may mean more one day
        for line in lines:
            try:
                GitIgnoreSpec.from_lines([line])
            except (ValueError, re.error):
                continue
            valid.append(line)
        return GitIgnoreSpec.from_lines(valid)


def _steps(line: str, relative: str) -> int:
    """How many ways pathspec may try to match a line with a path, more with each star."""
    globs, parts = line.split("/"), relative.split("/")
    stars = max(glob.count("*") if glob != "**" else 0 for glob in globs)
    longest, folders = max(map(len, parts)), globs.count("**")
    return comb(longest + stars, stars) * comb(len(parts) + folders, folders)


def _could_match(line: str, relative: str) -> bool:
    """Whether a line of `.gitignore` might match a path or a folder above it; never falsely no."""
    last = line.strip().rstrip("/").rpartition("/")[2].removeprefix("!").replace("[^", "[!")
    return "\\" in last or any(fnmatchcase(part, last) for part in relative.split("/"))
