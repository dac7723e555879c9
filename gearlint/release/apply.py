"""Carries out a plan: the files, one commit, its tags; or none of it. The one place that writes.

Every function raises GearlintError where that cannot be done, with all as it was before.
"""

import glob
import os
import time
from collections.abc import Iterable, Iterator

from gearlint.errors import GearlintError
from gearlint.release import journal as journals
from gearlint.release.journal import Journal
from gearlint.release.plan import Plan
from gearlint.repository import Entry, GitError, Repository, opened
from gearlint.source import read
from gearlint.wording import one_of, quoted
from gearlint.writing import clear, rewrite

PATIENCE = 1.0
"""Seconds in which a git that is still at work gives back its locks."""

_UNDER_WAY = {
    "MERGE_HEAD": "a merge", "CHERRY_PICK_HEAD": "a cherry-pick", "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase", "rebase-apply": "a rebase", "BISECT_LOG": "a bisection",
}  # fmt: skip


def confirm_ready(repository: Repository, *, commits: bool, allow_dirty: bool) -> None:
    """Refuse a repository in which a release cannot, or should not, be made now."""
    if repository.head is None:
        raise GearlintError("the repository has no commit yet: make the first one")
    for name, what in _UNDER_WAY.items():
        if os.path.exists(repository.path_of(name)):
            raise GearlintError(f"{what} is under way: finish or abort it first")
    if os.path.exists(lock := repository.path_of("index.lock")):
        raise GearlintError(
            f"the index is locked: wait for the git that is at work, or remove {lock} if none is"
        )
    if commits:
        if repository.branch is None:
            raise GearlintError("HEAD is detached: switch to a branch first")
        for identity in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            if not repository.succeeds("var", identity):
                raise GearlintError(
                    "git does not know who you are: set user.name and user.email with git config"
                )
    if not allow_dirty:
        _confirm_clean(repository)


def _confirm_clean(repository: Repository) -> None:
    listed = repository.run(
        "--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"
    )
    states = {line[3:]: line[:2] for line in listed.split("\0") if line}
    if not states:
        return
    staged = [path for path, state in states.items() if state[0] != " "]
    changed = staged or list(states)
    named = one_of([*map(quoted, changed[:3]), *(["others"] if len(changed) > 3 else [])], "and")
    what = "staged" if staged else "not committed"
    raise GearlintError(f"changes of {named} are {what}: commit or stash them, or --allow-dirty")


def carry_out(
    plan: Plan, repository: Repository, lock: int, *, commits: bool = True, tags: bool = True
) -> None:
    """Change the files, commit them and tag the commit; `lock` is that of `journal.locked`."""
    journal = journals.journal_of(plan, repository, commits=commits, tags=tags)
    journals.write(repository, journal)
    try:
        for change in journal.changes:
            rewrite(change.path, repository.root, change.before, change.after)
        if commits:
            _commit(journal, repository, lock)
            _make_tags(journal, Repository(repository.root), lock)
    except BaseException:
        _undo(journal, repository)
        raise
    journals.remove(repository)
    opened.cache_clear()


def _commit(journal: Journal, repository: Repository, lock: int) -> None:
    """Commit the files, and nothing else that is staged."""
    paths = ["--", *journal.entries]
    commit = ["--literal-pathspecs", "commit", "--quiet", f"--message={journal.message}"]
    if repository.index == repository.tree(journal.head):
        # So a hook may add files of its own, which it cannot with --only.
        repository.run("--literal-pathspecs", "add", *paths, inherited=[lock])
        repository.run(*commit, inherited=[lock])
    else:
        repository.run(*commit, "--only", *paths, inherited=[lock])


def _make_tags(journal: Journal, repository: Repository, lock: int) -> None:
    """Make those of the tags that are not there yet."""
    there = {tag.name for tag in repository.tags}
    for name, message in journal.tags.items():
        if name not in there:
            repository.run(
                "tag", "--annotate", f"--message={message}", name, "HEAD", inherited=[lock]
            )


def push(repository: Repository, remote: str, tags: Iterable[str]) -> None:
    """Push the branch and some tags, all or none."""
    refs = [repository.branch or "HEAD", *(f"refs/tags/{tag}" for tag in tags)]
    repository.run("push", "--quiet", "--atomic", remote, *refs)


def remote_of(repository: Repository) -> str:
    """The remote that the branch is pushed to, as git itself would choose it."""
    branch = (repository.branch or "").removeprefix("refs/heads/")
    for key in (f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote"):
        try:
            return repository.read("config", "--get", key)
        except GitError:
            continue
    remotes = repository.read("remote").split("\n")
    if "origin" in remotes:
        return "origin"
    if len(remotes) == 1 and remotes[0]:
        return remotes[0]
    raise GearlintError("there is no remote to push to: git remote add origin URL")


# --- after a kill


def end_what_was_begun(repository: Repository, lock: int) -> tuple[str, bool] | None:
    """Finish or undo what a killed bump has begun; returns what was done, and whether it finished.

    It is finished if its commit was made, else undone. `None` where there is nothing to end.
    """
    journal = journals.read(repository)
    if journal is None:
        return None
    _drop_locks(journal, repository)
    if _is_done(journal, repository):
        try:
            _restore_index(repository, _entries_of_head(journal, repository))
            _make_tags(journal, repository, lock)
        except GearlintError as error:
            _undo(journal, repository)
            return f"undid {quoted(journal.name)}, which was begun and killed: {error}", False
        _clear_beside(journal)
        journals.remove(repository)
        return f"finished {quoted(journal.name)}, which was begun and killed", True
    if journal.commits and repository.head != journal.head:
        journals.remove(repository)
        return (
            f"left {quoted(journal.name)}, which was begun and killed, as it is: there are other "
            "commits since"
        ), False
    _undo(journal, repository)
    return f"undid {quoted(journal.name)}, which was begun and killed", False


def _is_done(journal: Journal, repository: Repository) -> bool:
    """Whether all is done but the tags: the commit, or the files where there is to be none."""
    if not journal.commits:
        return all(_content(change.path, repository) == change.after for change in journal.changes)
    if repository.head is None or not repository.succeeds("rev-parse", "--verify", "HEAD^"):
        return False
    if repository.read("rev-parse", "HEAD^@") != journal.head:
        return False
    changed = repository.read("diff-tree", "-r", "-z", "--name-only", "--no-commit-id", "HEAD")
    return set(changed.split("\0")) >= journal.entries.keys()


def _entries_of_head(journal: Journal, repository: Repository) -> dict[str, Entry]:
    if not journal.commits:
        return {}
    tree = repository.tree("HEAD")
    return {path: tree[path] for path in journal.entries if path in tree}


def _undo(journal: Journal, repository: Repository) -> None:
    """Make tags, branch, index and files what they were before."""
    _drop_locks(journal, repository, is_left=False)
    now = Repository(repository.root)
    if now.head != journal.head and _is_done(journal, now):
        for tag in now.tags:
            if tag.name in journal.tags and tag.commit == now.head:
                now.run("update-ref", "-d", f"refs/tags/{tag.name}")
        now.run(
            "update-ref",
            "-m",
            "gearlint bump: undone",
            journal.branch,
            journal.head,
            now.head or "",
        )
    for change in journal.changes:
        if _content(change.path, repository) == change.after:
            rewrite(change.path, repository.root, change.after, change.before)
    _clear_beside(journal)
    _restore_index(repository, journal.entries)
    journals.remove(repository)
    opened.cache_clear()


def _restore_index(repository: Repository, entries: dict[str, Entry]) -> None:
    """Put entries into the index where it has others, and what is on disk beside them."""
    index = Repository(repository.root).index
    for path, entry in entries.items():
        if index.get(path) != entry:
            repository.run(
                "update-index", "--add", "--cacheinfo", f"{entry.mode},{entry.hash},{path}"
            )
    try:
        repository.run("update-index", "-q", "--refresh")
    except GitError:  # it fails for files that are changed, too
        return


def _content(path: str, repository: Repository) -> bytes | None:
    try:
        return read(path, os.path.realpath(repository.root)).data
    except GearlintError:
        return None


def _clear_beside(journal: Journal) -> None:
    for folder in {os.path.dirname(change.path) for change in journal.changes}:
        clear(folder)


def _drop_locks(journal: Journal, repository: Repository, *, is_left: bool = True) -> None:
    """Wait for the locks of the git that was run; remove them if it was killed and left them.

    They were not there when the bump began, and whoever would take them now would have failed at
    those that are left.
    """
    begun = journals.time_of(repository)
    deadline = time.monotonic() + PATIENCE
    while locks := [lock for lock in _locks(journal, repository) if _is_since(lock, begun)]:
        if time.monotonic() < deadline:
            time.sleep(0.02)
        elif is_left:
            for lock in locks:
                os.unlink(lock)
        else:
            return


def _locks(journal: Journal, repository: Repository) -> Iterator[str]:
    for name in ("index", "HEAD", journal.branch, *(f"refs/tags/{tag}" for tag in journal.tags)):
        if name and os.path.exists(lock := repository.path_of(f"{name}.lock")):
            yield lock
    yield from glob.glob(f"{glob.escape(repository.path_of('next-index-'))}*.lock")


def _is_since(path: str, begun: float) -> bool:
    try:
        return os.stat(path).st_mtime >= begun - 1
    except OSError:
        return False
