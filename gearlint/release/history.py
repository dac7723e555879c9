"""What git knows of a gear's releases: their tags, and what changed since one. Knows no rules."""

import os
from functools import lru_cache

from gearlint.core.errors import GearlintError
from gearlint.core.lazy import cached_property
from gearlint.core.source import Source, real_path
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest
from gearlint.release.content import Content
from gearlint.release.gears import named_gears
from gearlint.release.git import Repository, Tag, opened, relative
from gearlint.release.order import PartOrder, order_by
from gearlint.release.own_tags import OwnTags
from gearlint.release.tags import TagForm, newest_release
from gearlint.syntax.version import GearVersion, is_release, is_swapped

SHALLOW = "the clone is shallow, so releases may be missing"


class Releases:
    """The releases of one gear; paths are relative to the root of the repository, with `/`."""

    def __init__(self, gear: Gear, repository: Repository) -> None:
        self.gear = gear
        self.repository = repository

    @cached_property
    def form(self) -> TagForm:
        """How the gear's next tag is written: as that of its newest release."""
        if self._own_tags.chosen_form is not None:
            return self._own_tags.chosen_form
        newest = [self.newest_tag] if self.newest_tag else list(self.tags.values())
        form = self._own_tags.naming.form_in_use(tag.name for tag in newest or self.repository.tags)
        return form._replace(has_gear_part_only=self._has_gear_part_only)

    @cached_property
    def _own_tags(self) -> OwnTags:
        return OwnTags(self.gear, self._other_names)

    def _other_names(self) -> list[str]:
        gears = gears_of(self.repository)
        return [name for directory, name in gears.items() if directory != self.directory]

    @cached_property
    def directory(self) -> str:
        """The gear's directory, an empty string for the root."""
        return relative(self.gear.real_directory, self.repository.root)

    @cached_property
    def tags(self) -> dict[str, Tag]:
        """The gear's tags by the text of the version in them.

        Of a version with two parts those with two, or with the gear's part alone, whichever form
        the newest has.
        """
        is_set = self._own_tags.chosen_form is not None
        if is_set or self.version is None or not self.version.software_part:
            return self._own
        has_one = self._has_gear_part_only
        return {text: tag for text, tag in self._own.items() if ("_" in text) != has_one}

    @cached_property
    def _has_gear_part_only(self) -> bool:
        """Whether tags have the gear's part of a version with two: the newest is of one part.

        It must have been the gear's part in its own commit; where that cannot be read, it must be
        near the part that the gear has now.
        """
        newest = next(iter(self._own), "_")
        is_set = self._own_tags.chosen_form is not None
        if is_set or self.version is None or "_" in newest:
            return False
        path = relative(real_path(self.gear.manifest.source.path), self.repository.root)
        text = version_at(self.repository, self._own[newest].commit, path)
        if text is None:
            return is_swapped(self.version, newest)
        return "_" in text and self.version._replace(text=text).gear_part == newest

    @cached_property
    def _own(self) -> dict[str, Tag]:
        """The gear's tags of any form, the newest first, by the text of the version in them."""
        found: dict[str, Tag] = {}
        for tag in self.repository.tags:
            text = self._own_tags.version_in(tag.name)
            if text is not None:
                found.setdefault(text, tag)
        return found

    def confirm_known(self) -> None:
        """Raise GearlintError in a clone that was cut off: it may lack releases."""
        if self.repository.is_shallow:
            raise GearlintError(f"{SHALLOW}: run git fetch --unshallow --tags")

    @cached_property
    def order(self) -> PartOrder:
        """The order of the parts of the gear's version."""
        return order_by(self.gear, self._own)

    @cached_property
    def version(self) -> GearVersion | None:
        """The gear's version with its parts in that order."""
        version = self.gear.version
        return version and version._replace(version_format=self.order.version_format)

    @cached_property
    def newest(self) -> str | None:
        """The newest release by Flywheel's order, as a key of `tags`; pre-releases do not count.

        Nor do tags that HEAD does not reach, as those of other branches.
        """
        reachable = self.repository.reachable if self.tags else frozenset()
        return newest_release(text for text, tag in self.tags.items() if tag.name in reachable)

    @property
    def newest_tag(self) -> Tag | None:
        """The tag of the newest release."""
        return None if self.newest is None else self.tags[self.newest]

    def tag_of(self, version: GearVersion) -> Tag | None:
        """The tag of a version, if it has one."""
        return self.tags.get(self.form.text_of(version))

    def released_at_head(self) -> list[str]:
        """The releases, as keys of `tags`, that point to the commit that is checked out."""
        head = self.repository.head
        return [text for text, tag in self.tags.items() if tag.commit == head and is_release(text)]

    def changed_since(self, tag: Tag) -> list[str]:
        """The files that count as the gear's, and are not as they were at a tag."""
        return self.repository.changed_since(tag.commit, self._content.has)

    @property
    def files(self) -> list[str]:
        """The tracked files that count as the gear's."""
        return sorted(filter(self._content.has, self.repository.index))

    @property
    def untracked_files(self) -> list[str]:
        """The files that the image holds now, and that a clone would not have."""
        return sorted(filter(self._content.has, self.repository.untracked))

    @cached_property
    def _content(self) -> Content:
        return Content(self.gear, self.repository.root, gears_of(self.repository))


def version_at(repository: Repository, commit: str, path: str) -> str | None:
    """The version in a manifest as it is in a commit, `None` if there is none."""
    data = repository.file_at(commit, path)
    return None if data is None else Manifest(Source(path, data)).string("version")


@lru_cache(maxsize=1)
def releases_of(gear: Gear) -> Releases | None:
    """The releases of a gear; `None` outside of git, before its first commit, and standing alone.

    Raises GearlintError where git fails.
    """
    if gear.stands_alone or not os.path.lexists(os.path.join(gear.root, ".git")):
        return None
    repository = opened(gear.root)
    return Releases(gear, repository) if repository.head is not None else None


@lru_cache(maxsize=4)
def gears_of(repository: Repository) -> dict[str, str]:
    """The names of the tracked gears by their directories, an empty string for the root."""
    return dict(named_gears(repository.index, repository.root))
