"""Globs of settings, which are matched with relative paths in a limited number of steps."""

import re
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import kept_for_a_run
from gearlint.core.source import places


def any_matches(globs: tuple[str, ...], path: str) -> bool:
    """Whether a glob matches a relative path, a directory above it, or, without `/`, any part.

    A `/` at the beginning only says that it is for paths, as in `.gitignore`. `*` also matches `/`,
    so that `gear/*` matches all that is below `gear`. Raises GearlintError after too many steps.
    """
    return bool(globs) and _compiled(globs).match(path)


@lru_cache(maxsize=1000)
def matching(globs: tuple[str, ...], path: str) -> tuple[str, ...]:
    """The globs that match a path, as `any_matches` does."""
    if not any_matches(globs, path):
        return ()
    return tuple(glob for glob in globs if any_matches((glob,), path))


@kept_for_a_run(maxsize=4096)
def _compiled(globs: tuple[str, ...]) -> "_Globs":
    return _Globs(globs)


class _Globs:
    """Several globs in one pattern for whole paths, and one for names, which are the last parts."""

    def __init__(self, globs: tuple[str, ...]) -> None:
        clean = [glob.removeprefix("./").rstrip("/") for glob in globs]
        self.of_paths = _one_pattern([glob.removeprefix("/") for glob in clean if "/" in glob])
        self.of_names = _one_pattern([glob for glob in clean if "/" not in glob])
        self.known: dict[str, bool] = {}
        self.slow = sum(len(glob) for glob in clean if re.search(r"[*?\[]", glob))
        self.steps = Budget(limits.SETTINGS_GLOB_STEPS)

    def match(self, path: str) -> bool:
        return any(self._match_whole(place) for place in places(path))

    def _match_whole(self, path: str) -> bool:
        if path not in self.known:
            if not self.steps.spend(self.slow * len(path)):
                raise GearlintError(
                    f"{path}: the settings' globs take too long to try on so many paths"
                )
            name = path[path.rfind("/") + 1 :]
            found = self.of_paths.match(path) or self.of_names.match(name)
            self.known[path] = found is not None
        return self.known[path]


def _one_pattern(globs: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, globs)) or "(?!)")
