"""Which CHANGELOG is a gear's: that which is set, or the nearest beside its manifest and above."""

import os
from contextlib import suppress

from gearlint.core.errors import TooMuchError
from gearlint.core.source import is_inside
from gearlint.gear.changelog import Changelog
from gearlint.gear.gear import Gear
from gearlint.release.gears import gears_on_disk
from gearlint.release.git import relative
from gearlint.syntax.gitignore import GitIgnore


def changelog_of(gear: Gear) -> Changelog | None:
    """The CHANGELOG of a gear, `None` if there is none.

    One above its directory, up to the root of the repository, is its own where no other gear is
    below that. One that git ignores is none, but where it is set. Raises GearlintError for one that
    is set, and cannot be read.
    """
    if gear.options.changelog is not None or gear.stands_alone:
        return gear.changelog
    changelog, directory = gear.changelog, gear.real_directory
    while changelog is None and directory != gear.root and is_inside(directory, gear.root):
        directory = os.path.dirname(directory)
        changelog = gear.changelog_in(directory)
        if changelog is not None and not _is_alone_below(directory, gear):
            return None
    return None if changelog is None or _is_ignored(changelog, gear) else changelog


def _is_ignored(changelog: Changelog, gear: Gear) -> bool:
    with suppress(TooMuchError):
        return GitIgnore(gear.root).covers(os.path.abspath(changelog.source.path))
    return False


def _is_alone_below(directory: str, gear: Gear) -> bool:
    own = relative(gear.real_directory, gear.root)
    below = relative(directory, gear.root)
    with suppress(TooMuchError):
        return not any(
            other != own and (not below or other == below or other.startswith(f"{below}/"))
            for other in gears_on_disk(gear.root)
        )
    return False
