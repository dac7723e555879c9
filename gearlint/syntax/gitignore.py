"""Which paths `.gitignore` files exclude, without git, which may run programs of the repository.

Importing pathspec takes longer than checking a gear, and most patterns of a repository cannot match
the paths in question. Those are ruled out first, without pathspec.
"""

import os
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.source import is_inside, places, read, real_path

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Any

    from pathspec import GitIgnoreSpec
    from pathspec.pattern import Pattern

_STARS = regex(r"\A(!?)(?:\*\*/)*\*{1,2}(/?)\Z")
_COMPILING = 5_000  # steps to compile a pattern
_TRYING = 100  # to try a glob on a name
_ASKING = 1_000  # to ask pathspec about a line
_LOOKING = 500  # to look for the file of a directory


class GitIgnore:
    """The `.gitignore` files of the repository at the path `root`, each read on first use.

    `excluded` are lines of the same kind that come before them, as of `.git/info/exclude`. `steps`
    is the budget of steps for matching.
    """

    def __init__(self, root: str, excluded: Sequence[str] = ()) -> None:
        self.root = root
        self._excluded = [("", _File(patterns(list(excluded))))] if excluded else []
        self.steps = Budget(limits.GITIGNORE_STEPS)
        self._files: dict[str, _File | None] = {}
        self._compiled: set[str] = set()
        self._is_ignored: dict[str, bool] = {}
        self._files_for: dict[str, list[tuple[str, _File]] | None] = {}
        self._real: dict[str, str] = {}

    def covers(self, path: str) -> bool:
        """Whether the file at `path`, or a directory above it, is ignored.

        A file in an ignored directory cannot be included again. Raises TooMuchError if the answer
        takes too many steps, or if an ignore file is too long.
        """
        real = os.path.join(self._real_of(os.path.dirname(path)), os.path.basename(path))
        if not is_inside(real, self.root):
            return False
        path = real.removeprefix(os.path.join(self.root, "")).replace(os.sep, "/")
        parent = path.rpartition("/")[0]
        if parent not in self._files_for:
            self._files_for[parent] = self._files_above(path)
        files = self._files_for[parent]
        return files is None or (bool(files) and self._ignores_once(path, files))

    def _files_above(self, path: str) -> "list[tuple[str, _File]] | None":
        """The ignore files in the directories above a path; `None` if one of these is ignored."""
        files = [*self._excluded]
        for place in ("", *(f"{directory}/" for directory in places(path)[:-1])):
            if self._ignores_once(place, files):
                return None
            file = self._file(place)
            if file is not None:
                files.append((place, file))
        return files

    def _ignores_once(self, place: str, files: "list[tuple[str, _File]]") -> bool:
        """As `_ignores`, whose answer is kept."""
        if place not in self._is_ignored:
            self._spend(_LOOKING)
            self._is_ignored[place] = self._ignores(place, files)
        return self._is_ignored[place]

    def _real_of(self, directory: str) -> str:
        """The path of a directory with its links resolved."""
        if directory not in self._real:
            above, name = os.path.split(directory)
            here = os.path.join(self._real.get(above, above), name)
            is_known = above in self._real and name not in ("", ".", "..")
            is_real = is_known and not os.path.islink(here)
            self._real[directory] = here if is_real else real_path(directory, self.root)
        return self._real[directory]

    def _file(self, directory: str) -> "_File | None":
        """The ignore file of a directory, named by its path from the root; `None` without one."""
        if directory not in self._files:
            self._files[directory] = self._read(os.path.join(self.root, directory, ".gitignore"))
        return self._files[directory]

    def _read(self, path: str) -> "_File | None":
        """The ignore file at a path; `None` if there is none or it cannot be read."""
        if not os.path.isfile(path):
            return None
        try:
            source = read(path, self.root)
        except GearlintError:
            return None
        text = source.data[source.text_start :].decode("utf-8", "replace")
        return _File(patterns([line.removesuffix("\r") for line in text.split("\n")]))

    def _ignores(self, place: str, files: "list[tuple[str, _File]]") -> bool:
        """Whether the ignore files above a path exclude it; the deepest that matches decides."""
        verdict = False
        for directory, file in files:
            relative = place[len(directory) :]
            lines = file.candidates(relative, self._spend)
            self._spend(len(lines) * _ASKING, lines)
            self._spend(sum(_steps(line, relative) for line in lines))
            decided = _spec(lines).check_file(relative).include if lines else None
            verdict = verdict if decided is None else decided
        return verdict

    def _spend(self, steps: int, patterns: Iterable[str] = ()) -> None:
        """Count steps, and new patterns as compiled. Raises TooMuchError if too few are left."""
        new = {pattern for pattern in patterns if pattern not in self._compiled}
        self._compiled |= new
        self.steps.require(steps + _COMPILING * len(new))


class _File:
    """The lines of one `.gitignore`, by the last part of their patterns.

    `lines` is `None` for a file that is too long.
    """

    def __init__(self, lines: list[str] | None) -> None:
        self.is_too_long = lines is None
        distinct = dict.fromkeys(reversed(lines or []))  # of equal lines the last decides
        self.lines = list(distinct)[::-1]
        self.names: dict[str, list[int]] = {}
        self.globs: dict[str, list[int]] = {}
        self.known: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            last = line.strip().rstrip("/").rpartition("/")[2].removeprefix("!")
            kind = self.globs if re.search(r"[*?\[\\]", last) else self.names
            kind.setdefault(last, []).append(index)
        self.length = sum(map(len, self.globs))

    def candidates(self, relative: str, spend: Callable[[int, Iterable[str]], None]) -> list[str]:
        """The lines that may match a path or a directory above it; no line that does is missing.

        Raises TooMuchError if the file is too long.
        """
        if self.is_too_long:
            raise TooMuchError
        found: set[int] = set()
        for part in relative.rstrip("/").split("/"):
            if part not in self.known:
                steps = len(self.globs) * _TRYING + self.length * len(part) // 5
                spend(steps, self.globs)
                self.known[part] = self._of_part(part)
            found.update(self.known[part])
        return [self.lines[index] for index in sorted(found)]

    def _of_part(self, part: str) -> list[int]:
        """The indices of the lines that may match one part of a path."""
        found = list(self.names.get(part, ()))
        for glob, indices in self.globs.items():
            if "\\" in glob or _glob(glob).match(part):
                found += indices
        return found


def patterns(lines: list[str]) -> list[str] | None:
    """The lines of an ignore file that have a pattern; `None` if they are too long to match."""
    found = [line for line in lines if line.strip() and line[0] != "#"]
    lengths = list(map(len, found))
    has_long_line = max(lengths, default=0) > limits.IGNORE_LINE_CHARACTERS
    return None if has_long_line or sum(lengths) > limits.IGNORE_FILE_CHARACTERS else found


@lru_cache(maxsize=10_000)
def _glob(glob: str) -> re.Pattern[str]:
    from fnmatch import translate

    return re.compile(translate(glob.replace("[^", "[!")))


def _spec(lines: list[str]) -> "GitIgnoreSpec":
    """The patterns of a `.gitignore`."""
    from pathspec import GitIgnoreSpec

    compiled: Any = [pattern for line in lines for pattern in _compiled(line)]
    return GitIgnoreSpec(compiled)


@lru_cache(maxsize=10_000)
def _compiled(line: str) -> "list[Pattern]":
    """One line of a `.gitignore`, compiled; empty for a pattern that is not valid."""
    from pathspec import GitIgnoreSpec

    # pathspec takes a `*` alone for a pattern of files, which no later `!*/` undoes.
    line = _STARS.sub(r"\1?*\2", line)
    try:
        with warnings.catch_warnings(action="ignore"):  # that sets may mean more in the future
            return list(GitIgnoreSpec.from_lines([line]).patterns)
    except (ValueError, re.error):
        return []


def _steps(line: str, relative: str) -> int:
    """How many ways pathspec may try to match a line with a path; each star adds to them."""
    from math import comb, prod

    globs, parts = line.split("/"), relative.split("/")
    longest, directories = max(map(len, parts)), globs.count("**")
    stars = sorted((glob.count("*") for glob in globs if glob != "**"), reverse=True)[: len(parts)]
    # A part that fits in several ways is tried in each of them if a later part does not fit.
    ways = prod(comb(longest + count - 1, count - 1) for count in stars if count)
    return ways * (longest + 1) * comb(len(parts) + directories, directories)
