"""Makes a repository what it was before a bump began, by its journal. Raises GearlintError."""

import glob
import os
import time
from collections.abc import Container, Iterator
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.atomic import remove_leftovers, rewrite
from gearlint.core.errors import GearlintError
from gearlint.core.source import is_inside, read, real_path
from gearlint.release import journal as journals
from gearlint.release.command import GitError
from gearlint.release.git import Entry, Repository, opened
from gearlint.release.journal import Journal

PATIENCE = 1.0
"""Seconds in which a git that is still at work gives back its locks."""


def changed_files(repository: Repository) -> dict[str, str]:
    """The tracked files that are not as in the commit, with the two letters of `git status`."""
    options = ("--porcelain", "-z", "--untracked-files=no", "--no-renames")
    listed = repository.run(
        "--no-optional-locks", "status", *options, seconds=limits.GIT_STATUS_SECONDS
    )
    return {line[3:]: line[:2] for line in listed.split("\0") if line}


def is_done(journal: Journal, repository: Repository) -> bool:
    """Whether all is done but the tags: the commit, or the files where there is to be none."""
    if journal.commits:
        return is_commit_of(journal, repository)
    return all(content_of(change.path, repository) == change.after for change in journal.changes)


def is_commit_of(journal: Journal, repository: Repository) -> bool:
    """Whether HEAD is the commit of a bump, as its parent and its files, or its message, show."""
    if repository.head is None or repository.read("rev-parse", "HEAD^@") != journal.head:
        return False
    changed = repository.read("diff-tree", "-r", "-z", "--name-only", "--no-commit-id", "HEAD")
    if set(changed.split("\0")) >= journal.entries.keys():
        return True
    return repository.read("log", "-1", "--format=%B", "HEAD").strip() == journal.message.strip()


def undo(journal: Journal, repository: Repository, index: dict[str, Entry] | None = None) -> None:
    """Make tags, branch, index and files what they were before.

    Restores the journal's index entries, or, given `index`, all of that index.
    """
    wait_for_locks(journal, repository)
    journals.free_reserve(repository)
    now = Repository(repository.root)
    if now.head != journal.head and is_done(journal, now):
        delete_tags(journal.tags, now.head, now)
        why = ("-m", "gearlint bump: undone")
        _without_hooks(now, "update-ref", *why, journal.branch, journal.head, now.head or "")
    for change in journal.changes:
        if content_of(change.path, repository) == change.after:
            rewrite(change.path, repository.root, change.after, change.before)
    clear_beside(journal)
    restore_index(repository, journal.entries if index is None else index)
    if index is not None:
        for path in Repository(repository.root).index.keys() - index.keys():  # a hook's git add
            _without_hooks(repository, "update-index", "--force-remove", "--", path)
    journals.remove(repository)
    opened.cache_clear()


def delete_tags(names: Container[str], commit: str | None, repository: Repository) -> None:
    """Delete those tags of some names that are at a commit."""
    for tag in repository.tags:
        if tag.name in names and tag.commit == commit:
            _without_hooks(repository, "update-ref", "-d", f"refs/tags/{tag.name}")


def restore_index(repository: Repository, entries: dict[str, Entry]) -> None:
    """Put entries into the index where it has others, and what is on disk beside them."""
    index = Repository(repository.root).index
    for path, entry in entries.items():
        if index.get(path) != entry:
            info = f"{entry.mode},{entry.hash},{path}"
            _without_hooks(repository, "update-index", "--add", "--cacheinfo", info)
    with suppress(GitError):  # it fails for files that are changed, too
        _without_hooks(repository, "update-index", "-q", "--refresh")


def _without_hooks(repository: Repository, *arguments: str) -> None:
    """Run a git command; no hook may veto the rollback."""
    no_hooks = ("-c", f"core.hooksPath={os.devnull}")
    repository.run(*no_hooks, *arguments, seconds=limits.GIT_STATUS_SECONDS)


def content_of(path: str, repository: Repository) -> bytes | None:
    """What a file has on disk, `None` if it cannot be read."""
    with suppress(GearlintError):
        return read(path, repository.root).data
    return None


def clear_beside(journal: Journal) -> None:
    """Remove what a killed gearlint left beside the files that it was to change."""
    for directory in {os.path.dirname(change.path) for change in journal.changes}:
        remove_leftovers(directory)


def wait_for_locks(journal: Journal, repository: Repository) -> list[str]:
    """Wait until the git that was run gives back its locks, or was killed; returns what is left.

    They were not there when the bump began, and whoever would take them now would have failed at
    those that are left.
    """
    begun = journals.time_of(repository)
    deadline = time.monotonic() + PATIENCE
    while True:
        locks = [lock for lock in _locks(journal, repository) if _is_since(lock, begun)]
        if not locks or time.monotonic() >= deadline:
            return locks
        time.sleep(0.02)


def _locks(journal: Journal, repository: Repository) -> Iterator[str]:
    """The locks there are, all of them in the git directory."""
    tags = (f"refs/tags/{tag}" for tag in journal.tags)
    names = [name for name in ("index", "HEAD", "packed-refs", journal.branch, *tags) if name]
    locks = [repository.path_of(f"{name}.lock") for name in names]
    locks += glob.glob(f"{glob.escape(repository.path_of('next-index-'))}*.lock")
    for lock in filter(os.path.exists, locks):
        directory = real_path(os.path.dirname(lock))
        if any(is_inside(directory, top) for top in repository.git_directories):
            yield lock


def _is_since(path: str, begun: float) -> bool:
    try:
        return os.stat(path).st_mtime >= begun - 1
    except OSError:
        return False
