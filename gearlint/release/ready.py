"""Whether a release can be made now; else GearlintError says what to do first. Changes nothing."""

import os
from collections.abc import Iterable, Sequence

from gearlint.core.errors import GearlintError
from gearlint.core.source import real_path
from gearlint.core.text import named, quoted
from gearlint.release.git import Repository
from gearlint.release.undo import changed_files

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisection",
}


def confirm_ready(repository: Repository, *, commits: bool, allow_dirty: bool | None) -> None:
    """Refuse a repository in which a release cannot, or should not, be made now.

    `allow_dirty` is `None` for a command without that option.
    """
    if repository.head is None:
        raise GearlintError("the repository has no commit yet: make the first one")
    directory = repository.git_directory
    for name, what in _UNDER_WAY.items():
        if os.path.exists(os.path.join(directory, name)):
            raise GearlintError(f"{what} is under way: finish or abort it first")
    if os.path.exists(lock := os.path.join(directory, "index.lock")):
        raise GearlintError(
            f"the index is locked: wait for the git that is at work, or remove {lock} if none is"
        )
    if commits:
        _confirm_can_commit(repository)
    if not allow_dirty:
        _confirm_clean(repository, _or(allow_dirty))


def _confirm_can_commit(repository: Repository) -> None:
    if "GIT_INDEX_FILE" in os.environ:
        index = os.path.join(repository.git_directory, "index")
        if real_path(repository.path_of("index")) != real_path(index):
            raise GearlintError("GIT_INDEX_FILE in the environment is another index: unset it")
    if repository.branch is None:
        raise GearlintError("HEAD is detached: switch to a branch first")
    confirm_identity(repository)


def confirm_identity(repository: Repository) -> None:
    """Refuse where git would not know whose a commit or a tag is."""
    for identity in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if not repository.succeeds("var", identity):
            raise GearlintError(
                "git does not know who you are: set user.name and user.email with git config"
            )


def _or(allow_dirty: bool | None) -> str:
    return "" if allow_dirty is None else ", or --allow-dirty"


def _confirm_clean(repository: Repository, otherwise: str) -> None:
    states = changed_files(repository)
    if not states:
        return
    staged = [path for path, state in states.items() if state[0] != " "]
    what = "staged" if staged else "not committed"
    raise GearlintError(
        f"changes of {named(staged or list(states))} are {what}: commit or stash them{otherwise}"
    )


def confirm_tracked(paths: Sequence[str], *, allow_dirty: bool | None) -> None:
    """Refuse to release an image with files that git does not track: a clone would lack them.

    `allow_dirty` as for `confirm_ready`.
    """
    if paths and not allow_dirty:
        verb, them = ("is", "it") if len(paths) == 1 else ("are", "them")
        raise GearlintError(
            f"{named(paths)} {verb} in the image, but not tracked by git, so a clone would lack "
            f"{them}: git add and commit, or ignore {them}{_or(allow_dirty)}"
        )


def confirm_tags(tags: Iterable[str], repository: Repository) -> None:
    """Refuse tags with names that git does not take, as from a gear's name with a space in it."""
    for tag in tags:
        if tag.startswith("-") or not repository.succeeds("check-ref-format", f"refs/tags/{tag}"):
            raise GearlintError(
                f"{quoted(tag)} cannot be the name of a tag: set another tag-format"
            )
