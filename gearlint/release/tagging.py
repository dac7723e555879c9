"""Tags the versions that gears have, and pushes the tags. Changes no file and makes no commit."""

from collections.abc import Iterable, Sequence

from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import real_path
from gearlint.core.text import quoted
from gearlint.release import remote
from gearlint.release.attempt import attempt
from gearlint.release.command import GitError
from gearlint.release.git import Repository, opened, relative
from gearlint.release.history import Releases, version_at
from gearlint.release.next_version import (
    PastReleases,
    Release,
    command_for,
    present_release,
    tags_of,
)
from gearlint.release.ready import confirm_tracked
from gearlint.release.remote import Target
from gearlint.release.undo import delete_tags


class Tagging(NamedTuple):
    """What is to be done: the releases, and of their tags those that are made and pushed.

    `made` has their messages.
    """

    releases: tuple[Release, ...]
    made: dict[str, str]
    pushed: tuple[str, ...] = ()


class ChangedError(GearlintError):
    """A gear that changed since the tag of the version that it has."""


def release_of_version(known: Releases, past: PastReleases) -> Release:
    """The release of the version that a gear has in its manifest.

    Raises ChangedError where it is released already, and the gear has changed since; GearlintError
    where it, or a file of the image, is not committed, or where it cannot be released.
    """
    gear, repository = known.gear, known.repository
    release = present_release(gear, past)
    shown, path = gear.manifest.source.path, real_path(gear.manifest.source.path)
    place = relative(path, repository.root)
    if version_at(repository, "HEAD", place) != release.new.text:
        raise GearlintError(
            f"{shown}: version {quoted(release.new.text)} is not committed: commit it first"
        )
    tag = next((tag for tag in repository.tags if tag.name == release.tag), None)
    if tag is None:
        confirm_tracked(known.untracked_files, allow_dirty=None)
    elif tag.commit != repository.head and known.changed_since(tag):
        raise ChangedError(
            f"{shown}: version {quoted(release.new.text)} is released, as tag "
            f"{quoted(release.tag)}, and the gear has changed since: raise the version, as with "
            f"{command_for('bump', gear, '--gear')}"
        )
    return release


def tagging_of(
    releases: Sequence[Release], repository: Repository, messages: Iterable[str]
) -> Tagging:
    """What is to be done to release some versions; `messages` are those of their tags."""
    there = {tag.name for tag in repository.tags}
    messages_of_tags = zip(tags_of(releases), messages, strict=True)
    made = {tag: message for tag, message in messages_of_tags if tag not in there}
    return Tagging(tuple(releases), made)


def asked(tagging: Tagging, repository: Repository, target: Target) -> Tagging:
    """What is to be done after the remote was asked: the tags that it lacks are pushed.

    Raises GearlintError where it would refuse them.
    """
    missing = remote.tags_to_push(repository, target, [one.tag for one in tagging.releases])
    if missing:
        remote.confirm_free(repository, target, ())  # the tags were asked for just now
    return tagging._replace(pushed=tuple(missing))


def carry_out(tagging: Tagging, repository: Repository, lock: int, target: Target | None) -> None:
    """Make the tags, and push those that are to be pushed; `lock` is that of `journal.locked`.

    Where one cannot be made, or the push is refused, none of them is left. After a kill, or a push
    whose end is not known, the same again finishes.
    """
    done: list[str] = []
    with attempt(
        lambda: _take_back(done, repository),
        unknown="the tags are made, and whether they arrived is not known",
    ) as this:
        for name, message in tagging.made.items():
            done.append(name)
            try:
                repository.make_tag(name, message, lock)
            except GitError:
                done.remove(name)  # somebody else's, if there is one
                raise
        if target is not None and tagging.pushed:
            this.is_pushing = True
            remote.push(repository, target, tagging.pushed, lock)
    opened.cache_clear()


def _take_back(names: list[str], repository: Repository) -> str:
    """Delete tags that were made; returns how things are."""
    try:
        delete_tags(names, repository.head, Repository(repository.root))
    except GearlintError as error:
        return f"deleting the tags {', '.join(names)} failed ({error})"
    return "all is as it was before"
