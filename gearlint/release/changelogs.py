"""Which CHANGELOG is a gear's: that which is set, or the nearest beside its manifest and above."""

import os

from gearlint.core.errors import TooMuchError
from gearlint.core.source import real_path
from gearlint.gear.changelog import Changelog
from gearlint.gear.gear import Gear
from gearlint.release.gears import gears_on_disk
from gearlint.release.git import relative


def changelog_of(gear: Gear) -> Changelog | None:
    """The CHANGELOG of a gear, `None` if there is none.

    One above its directory, up to the root of the repository, is its own where no other gear is
    below that. Raises GearlintError for one that is set, and cannot be read.
    """
    changelog, directory = gear.changelog, real_path(gear.directory or ".")
    if changelog is not None or gear.options.changelog is not None or gear.stands_alone:
        return changelog
    while directory != gear.root:
        directory = os.path.dirname(directory)
        changelog = gear.changelog_in(directory)
        if changelog is not None:
            return changelog if _is_alone_below(directory, gear) else None
    return None


def _is_alone_below(directory: str, gear: Gear) -> bool:
    own = relative(real_path(gear.directory or "."), gear.root)
    below = relative(directory, gear.root)
    try:
        gears = gears_on_disk(gear.root)
    except TooMuchError:
        return False
    return not any(
        other != own and (not below or other == below or other.startswith(f"{below}/"))
        for other in gears
    )
