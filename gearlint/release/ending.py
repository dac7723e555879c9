"""Ends what a killed bump has begun: finishes it if its commit was made, else undoes it."""

import os

from gearlint.core.errors import GearlintError
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.text import named, quoted
from gearlint.release import journal as journals
from gearlint.release import remote
from gearlint.release.apply import confirm_committed, make_tags
from gearlint.release.git import Entry, Repository, relative
from gearlint.release.journal import Journal
from gearlint.release.remote import UnfinishedError
from gearlint.release.undo import (
    clear_beside,
    content_of,
    is_done,
    restore_index,
    undo,
    wait_for_locks,
)


class Ended(NamedTuple):
    """What was done about a bump that was killed, in words, and that bump if it is finished now.

    With its `pushes` it is pushed now too.
    """

    message: str
    finished: Journal | None = None


def end_what_was_begun(repository: Repository, lock: int, *, pushes: bool) -> Ended | None:
    """Finish or undo what a killed bump has begun; `None` where there is nothing to end.

    It is finished if its commit was made, else undone. What it finishes it pushes, if that was
    asked for then, or is now, by `pushes`; a push that is refused undoes it. Raises
    UnfinishedError where the end of the push is still not known, GearlintError where something
    else cannot be done.
    """
    journal = journals.read(repository)
    if journal is None:
        return None
    for lock_file in wait_for_locks(journal, repository):
        os.unlink(lock_file)
    if is_done(journal, repository):
        return _finished(journal, repository, lock, pushes=pushes or journal.pushes)
    name = f"{quoted(journal.name)}, which was begun and killed"
    if journal.commits and repository.head != journal.head:
        journals.remove(repository)
        return Ended(f"left {name}, as it is: there are other commits since")
    left = [
        relative(change.path, repository.root)
        for change in journal.changes
        if content_of(change.path, repository) not in (change.before, change.after)
    ]
    undo(journal, repository)
    but = f"; changed since, and left so: {named(left)}" if left else ""
    return Ended(f"undid {name}{but}")


def _finished(journal: Journal, repository: Repository, lock: int, *, pushes: bool) -> Ended:
    name = f"{quoted(journal.name)}, which was begun and killed"
    try:
        restore_index(repository, _entries_of_head(journal, repository))
        if journal.commits:
            confirm_committed(journal, repository)
            make_tags(journal, repository, lock)
            if pushes:
                journals.write(repository, journal._replace(pushes=True))
                now = Repository(repository.root)
                remote.push(now, remote.target_of(now), journal.tags, lock)
    except UnfinishedError:
        raise
    except GearlintError as error:
        undo(journal, repository)
        return Ended(f"undid {name}: {error}")
    clear_beside(journal)
    journals.remove(repository)
    return Ended(f"finished {name}", journal._replace(pushes=pushes))


def _entries_of_head(journal: Journal, repository: Repository) -> dict[str, Entry]:
    if not journal.commits:
        return {}
    tree = repository.tree("HEAD")
    return {path: tree[path] for path in journal.entries if path in tree}
