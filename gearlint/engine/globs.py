"""The globs of the settings: which paths match any of a list."""

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.source import places


@lru_cache(maxsize=4096)
def joined(globs: tuple[str, ...]) -> "Globs":
    """The globs of one list; those of the same list share what they have found."""
    return Globs(globs)


class Globs:
    """Some globs, in one pattern for whole paths and one for their last parts."""

    def __init__(self, globs: tuple[str, ...]) -> None:
        clean = [glob.removeprefix("./").rstrip("/") for glob in globs]
        self.of_paths = _one_pattern([glob for glob in clean if "/" in glob])
        self.of_names = _one_pattern([glob for glob in clean if "/" not in glob])
        self.known: dict[str, bool] = {}
        self.length = sum(len(glob) for glob in clean if re.search(r"[*?\[]", glob))
        self.steps = Budget(limits.SETTINGS_GLOB_STEPS)

    def match(self, path: str) -> bool:
        """Whether a relative path with `/`, or a directory above it, matches any of the globs.

        Raises GearlintError after too many paths.
        """
        for place in places(path):
            if place not in self.known:
                if not self.steps.spend(self.length * len(place)):
                    raise GearlintError(
                        f"{place}: the settings' globs take too long to try on so many paths"
                    )
                name = place[place.rfind("/") + 1 :]
                found = self.of_paths.match(place) or self.of_names.match(name)
                self.known[place] = found is not None
            if self.known[place]:
                return True
        return False


def _one_pattern(globs: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, globs)) or "(?!)")
