"""Carries out a plan: the files, one commit, its tags; or none of it. Ends what was killed in that.

Every function raises GearlintError where that cannot be done, with all as it was before.
"""

import glob
import os
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gearlint.core.atomic import remove_leftovers, rewrite
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.source import is_inside, read, real_path
from gearlint.core.text import listed, quoted
from gearlint.release import journal as journals
from gearlint.release.git import Entry, GitError, Repository, opened, relative
from gearlint.release.journal import Journal
from gearlint.release.plan import Plan

PATIENCE = 1.0
"""Seconds in which a git that is still at work gives back its locks."""

_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
"""No hook may veto the rollback."""

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisection",
}


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
        _confirm_can_commit(repository)
    if not allow_dirty:
        _confirm_clean(repository)


def _confirm_can_commit(repository: Repository) -> None:
    index = repository.read("rev-parse", "--absolute-git-dir") + "/index"
    if real_path(repository.path_of("index")) != real_path(index):
        raise GearlintError("GIT_INDEX_FILE in the environment is another index: unset it")
    if repository.branch is None:
        raise GearlintError("HEAD is detached: switch to a branch first")
    for identity in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if not repository.succeeds("var", identity):
            raise GearlintError(
                "git does not know who you are: set user.name and user.email with git config"
            )


def _confirm_clean(repository: Repository) -> None:
    states = _states(repository)
    if not states:
        return
    staged = [path for path, state in states.items() if state[0] != " "]
    what = "staged" if staged else "not committed"
    raise GearlintError(
        f"changes of {_named(staged or list(states))} are {what}: commit or stash them, or "
        "--allow-dirty"
    )


def _states(repository: Repository) -> dict[str, str]:
    """The tracked files that are not as in the commit, with the two letters of `git status`."""
    listed = repository.run(
        "--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames"
    )
    return {line[3:]: line[:2] for line in listed.split("\0") if line}


def _named(paths: list[str]) -> str:
    return listed([*map(quoted, paths[:3]), *(["others"] if len(paths) > 3 else [])])


def confirm_tags(plan: Plan, repository: Repository) -> None:
    """Refuse tags with names that git does not take, as from a gear's name with a space in it."""
    for tag in plan.tags:
        if tag.startswith("-") or not repository.succeeds("check-ref-format", f"refs/tags/{tag}"):
            raise GearlintError(
                f"{quoted(tag)} cannot be the name of a tag: set another tag-format"
            )


def carry_out(plan: Plan, repository: Repository, lock: int) -> None:
    """Change the files, commit them and tag the commit; `lock` is that of `journal.locked`.

    If that cannot be done, or is interrupted, the message of what is raised ends with how things
    are now.
    """
    journal = journals.journal_of(plan, repository)
    states = _states(repository)
    journals.write(repository, journal)
    written: list[FileChange] = []
    try:
        for change in journal.changes:
            rewrite(change.path, repository.root, change.before, change.after)
            written.append(change)
        if plan.commits:
            _commit(journal, repository, lock)
            _make_tags(journal, Repository(repository.root), lock)
    except BaseException as error:
        outcome = _take_back(journal, repository, written, states)
        if isinstance(error, (GearlintError, KeyboardInterrupt)):
            error.args = (f"{str(error) or 'interrupted'}; {outcome}",)
        raise
    journals.remove(repository)
    opened.cache_clear()


def _take_back(
    journal: Journal, repository: Repository, written: list[FileChange], states: dict[str, str]
) -> str:
    """Undo what this process has begun, and what hooks did to its files; returns how things are.

    `repository` is as it was read before, `states` as `_states` had them.
    """
    try:
        for change in written:
            now = _content(change.path, repository)
            if now not in (None, change.before, change.after):  # a hook that fixes, and refuses
                rewrite(change.path, repository.root, now or b"", change.after)
        _undo(journal, repository, repository.index)
        now_states = _states(repository)
    except GearlintError as error:
        return f"undoing it failed ({error}), and the next gearlint bump tries that again"
    changed = [path for path, state in now_states.items() if states.get(path) != state]
    but = f", but for {_named(changed)}, changed meanwhile" if changed else ""
    return f"all is as it was before{but}"


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
    """Make those of the tags that are not there yet; one at another commit is refused by git."""
    there = {tag.name for tag in repository.tags if tag.commit == repository.head}
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
            remote = repository.read("config", "--get", key)
        except GitError:
            continue
        if remote != ".":  # the branch follows another one of this repository
            return remote
    remotes = repository.read("remote").split("\n")
    if "origin" in remotes:
        return "origin"
    if len(remotes) == 1 and remotes[0]:
        return remotes[0]
    if len(remotes) > 1:
        raise GearlintError(
            f"there are the remotes {listed([*map(quoted, remotes)])}: say which one to "
            "push to with git config remote.pushDefault NAME"
        )
    raise GearlintError("there is no remote to push to: git remote add origin URL")


# --- after a kill


class Ended(NamedTuple):
    """What was done about a bump that was killed, in words, and that bump if it is finished now."""

    message: str
    finished: Journal | None = None


def end_what_was_begun(repository: Repository, lock: int) -> Ended | None:
    """Finish or undo what a killed bump has begun; `None` where there is nothing to end.

    It is finished if its commit was made, else undone.
    """
    journal = journals.read(repository)
    if journal is None:
        return None
    for lock_file in _wait_for_locks(journal, repository):
        os.unlink(lock_file)
    if _is_done(journal, repository):
        try:
            _restore_index(repository, _entries_of_head(journal, repository))
            _make_tags(journal, repository, lock)
        except GearlintError as error:
            _undo(journal, repository)
            return Ended(f"undid {quoted(journal.name)}, which was begun and killed: {error}")
        _clear_beside(journal)
        journals.remove(repository)
        return Ended(f"finished {quoted(journal.name)}, which was begun and killed", journal)
    if journal.commits and repository.head != journal.head:
        journals.remove(repository)
        return Ended(
            f"left {quoted(journal.name)}, which was begun and killed, as it is: there are other "
            "commits since"
        )
    left = [
        relative(change.path, repository.real_root)
        for change in journal.changes
        if _content(change.path, repository) not in (change.before, change.after)
    ]
    _undo(journal, repository)
    but = f"; changed since, and left so: {_named(left)}" if left else ""
    return Ended(f"undid {quoted(journal.name)}, which was begun and killed{but}")


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


def _undo(journal: Journal, repository: Repository, index: dict[str, Entry] | None = None) -> None:
    """Make tags, branch, index and files what they were before.

    Restores the journal's index entries, or, given `index`, all of that index.
    """
    _wait_for_locks(journal, repository)
    now = Repository(repository.root)
    if now.head != journal.head and _is_done(journal, now):
        for tag in now.tags:
            if tag.name in journal.tags and tag.commit == now.head:
                now.run(*_NO_HOOKS, "update-ref", "-d", f"refs/tags/{tag.name}")
        now.run(
            *_NO_HOOKS,
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
    _restore_index(repository, journal.entries if index is None else index)
    if index is not None:
        for path in Repository(repository.root).index.keys() - index.keys():  # a hook's git add
            repository.run(*_NO_HOOKS, "update-index", "--force-remove", "--", path)
    journals.remove(repository)
    opened.cache_clear()


def _restore_index(repository: Repository, entries: dict[str, Entry]) -> None:
    """Put entries into the index where it has others, and what is on disk beside them."""
    index = Repository(repository.root).index
    for path, entry in entries.items():
        if index.get(path) != entry:
            info = f"{entry.mode},{entry.hash},{path}"
            repository.run(*_NO_HOOKS, "update-index", "--add", "--cacheinfo", info)
    try:
        repository.run(*_NO_HOOKS, "update-index", "-q", "--refresh")
    except GitError:  # it fails for files that are changed, too
        return


def _content(path: str, repository: Repository) -> bytes | None:
    try:
        return read(path, repository.real_root).data
    except GearlintError:
        return None


def _clear_beside(journal: Journal) -> None:
    for directory in {os.path.dirname(change.path) for change in journal.changes}:
        remove_leftovers(directory)


def _wait_for_locks(journal: Journal, repository: Repository) -> list[str]:
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
