"""Which files of a repository count for a gear's version: those that its image holds.

Reads no file: git knows the paths, of which some may be gone from disk.
"""

import os
import re
from collections.abc import Iterable

from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import cached_property
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_inside, places, real_path
from gearlint.gear.gear import Gear
from gearlint.image.context import Context, cleaned, is_glob
from gearlint.image.state import TakenSource
from gearlint.release.git import relative
from gearlint.syntax.dockerignore import Lines, grouped
from gearlint.syntax.go_glob import glob_pattern

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal


class Content:
    """The files that count for a gear, in a repository at `root` (without links).

    `gear_directories` are those of all gears of the repository. Paths are relative to `root`,
    with `/`.
    """

    def __init__(self, gear: Gear, root: str, gear_directories: Iterable[str]) -> None:
        self.gear = gear
        self.root = root
        self.directory = relative(gear.real_directory, root)
        self._gear_directories = gear_directories

    def has(self, path: str) -> bool:
        """Whether a file counts.

        The manifest and the Dockerfile do in any case, and else what COPY and ADD take, and what
        the setting `gears` gives to the gear; without a Dockerfile that builds, what is in the
        gear's directory, but not in that of a gear below it. Not what the ignore file leaves out,
        nor what `unversioned` does: by default only what is taken with all around it, not by name.
        """
        full = os.path.join(self.root, path)
        if full in self._always:
            return True
        how = self._how(path, full)
        if how is None or (full != self._ignore_file and self._is_ignored(full)):
            return False
        unversioned, is_set = self.gear.options.unversioned, self.gear.options.has_unversioned
        if unversioned is None or not (is_set or how == "with all around it"):
            return True
        return not unversioned(full)

    def _how(self, path: str, full: str) -> "Literal['named', 'with all around it'] | None":
        """How a file comes to count, `None` where it does not."""
        claims = self.gear.options.claims
        if claims is not None and claims(full):
            return "named"
        if self._sources is None:
            return "with all around it" if self._is_in_directory(path) else None
        if full == self._ignore_file:
            return "named"
        place = self._place_of(full)
        takers = [] if place is None else [one for one in self._sources if one.takes(place)]
        if not takers:
            return None
        return "with all around it" if all(one.is_broad for one in takers) else "named"

    @cached_property
    def _always(self) -> set[str]:
        dockerfile = self.gear.dockerfile
        paths = [self.gear.manifest.source.path, *([dockerfile.source.path] if dockerfile else [])]
        return {real_path(path) for path in paths}

    def _place_of(self, full: str) -> str | None:
        """Where a file is in the build context, `None` outside of it."""
        directory = self._context_directory
        return relative(full, directory) if directory and is_inside(full, directory) else None

    @cached_property
    def _context_directory(self) -> str:
        return real_path(self.gear.context.directory) if self.gear.context is not None else ""

    @cached_property
    def _sources(self) -> "list[_Source] | None":
        """What the image takes from its context, `None` where that is not known."""
        context, image = self.gear.context, self.gear.image
        if context is None or image is None:
            return None
        manifest = self._place_of(real_path(self.gear.manifest.source.path))
        found = [
            _source(path, taken, manifest)
            for taken in dict.fromkeys(image.taken)
            for path in [cleaned(taken.path), *_linked(taken.path, context)]
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def _ignore_file(self) -> str | None:
        """The ignore file, where it decides what of a directory or of a glob the image holds."""
        context = self.gear.context
        if context is None or context.ignore_file is None:
            return None
        for source in self._sources or ():
            entry = None if source.is_glob else context.on_disk(source.path)
            if source.is_glob or (entry is not None and entry.kind == "directory"):
                return real_path(context.ignore_file)
        return None

    def _is_in_directory(self, path: str) -> bool:
        if self.directory and not path.startswith(f"{self.directory}/"):
            return False
        return not path.startswith(self._directories_below)

    @cached_property
    def _directories_below(self) -> tuple[str, ...]:
        """The directories of the gears below this one, each with a `/` at its end."""
        own = f"{self.directory}/" if self.directory else ""
        directories = (f"{other}/" for other in self._gear_directories if other != self.directory)
        return tuple(directory for directory in directories if directory.startswith(own))

    def _is_ignored(self, full: str) -> bool:
        context, place = self.gear.context, self._place_of(full)
        if context is None or place is None:
            return False
        try:
            return context.is_ignored(place)
        except TooMuchError:
            return True


class _Source(NamedTuple):
    """A source of COPY, ADD or a mount: a path in the context, empty for all of it.

    `is_broad` says that it takes the gear's manifest without naming it. What `excluded` fits, below
    the source, is left out.
    """

    path: str
    parts: "tuple[re.Pattern[str], ...]"
    is_glob: bool
    is_broad: bool
    excluded: "tuple[Lines, ...]"

    def takes(self, place: str) -> bool:
        """Whether it takes a file, or what git tracks at a place above it: a link, a submodule."""
        if not self._covers(place):
            return False
        below = "/".join(place.split("/")[len(self.parts) :])
        return not any(
            lines.pattern.match(each) for lines in self.excluded for each in places(below)
        )

    def _covers(self, place: str) -> bool:
        pairs = zip(self.parts, place.split("/"), strict=False)
        return all(pattern.match(part) is not None for pattern, part in pairs)


def _source(path: str, taken: TakenSource, manifest: str | None) -> _Source:
    parts = tuple(map(glob_pattern, filter(None, path.split("/"))))
    excluded = grouped([line for line in taken.excluded if not line.startswith("!")])
    source = _Source(path, parts, is_glob(path), not path, tuple(excluded))
    takes_manifest = manifest is not None and path != manifest and source.takes(manifest)
    return source._replace(is_broad=source.is_broad or takes_manifest)


def _linked(path: str, context: Context) -> list[str]:
    """Where the links that a source names, or leads through, end in the context."""
    try:
        places_on_disk = [entry.path for entry in context.matching(path, ignored=True)]
    except TooMuchError:
        return []
    directory = real_path(context.directory)
    found = []
    for place in places_on_disk:
        real = real_path(os.path.join(directory, place))
        if is_inside(real, directory) and relative(real, directory) != place:
            found.append(re.sub(r"([*?\[\\])", r"\\\1", relative(real, directory)))
    return found
