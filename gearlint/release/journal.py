"""What a bump has begun, kept in the git directory, so that it can be ended after a kill.

The journal is there from before the first change until after the last. The lock beside it is held
by gearlint and by the git it runs, so that nobody ends what is still going on.
"""

import json
import os
import shlex
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from gearlint.core import limits
from gearlint.core.atomic import remove_leftovers, try_lock, write_whole
from gearlint.core.change import FileChange
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import NO_LINK, is_inside, real_path
from gearlint.core.source import read as read_file
from gearlint.gear.gear import MANIFEST
from gearlint.release.git import Entry, Repository, relative
from gearlint.release.next_version import Release
from gearlint.release.plan import Plan

_SPARE_BYTES = 100_000
"""What refs, their logs and their locks take, and the blocks of a disk round up."""

_HASH = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MODE = regex(r"[0-7]{6}")


class Journal(NamedTuple):
    """What was begun: the plan's changes, commit and tags, and what was there before.

    `head` is the commit that was checked out, on `branch`; `entries` what the index had of the
    files, by their paths from the root. Without `commits` only the files change. `versions` are the
    new ones by the paths of their manifests; with `pushes`, all that is to be pushed.
    """

    head: str
    branch: str
    commits: bool
    message: str
    tags: dict[str, str]
    changes: tuple[FileChange, ...]
    entries: dict[str, Entry]
    versions: Mapping[str, str] = {}
    pushes: bool = False

    @property
    def name(self) -> str:
        """What it is called in messages: the first line of the commit's."""
        return self.message.partition("\n")[0]


def journal_of(plan: Plan, repository: Repository, *, pushes: bool) -> Journal:
    """The journal of a plan that is about to be carried out.

    Raises GearlintError for a file that git does not track, or not look at.
    """
    entries = {}
    for change in plan.changes:
        path = relative(change.path, repository.root)
        if path not in repository.index:
            raise GearlintError(f"{path}: is not tracked by git: git add and commit it first")
        if plan.commits and (option := repository.overlooked.get(path)):
            raise GearlintError(
                f"{path}: git is set to ignore changes of it: run git update-index "
                f"--no-{option} {shlex.quote(path)}"
            )
        entries[path] = repository.index[path]
    versions = {_manifest_of(release, repository): release.new.text for release in plan.releases}
    return Journal(
        head=repository.head or "",
        branch=repository.branch or "",
        commits=plan.commits,
        message=plan.message,
        tags=dict(plan.tags),
        changes=plan.changes,
        entries=entries,
        versions=versions,
        pushes=pushes,
    )


def _manifest_of(release: Release, repository: Repository) -> str:
    path = real_path(os.path.join(release.directory, MANIFEST))
    return relative(path, repository.root)


def read(repository: Repository) -> Journal | None:
    """The journal that a killed bump left, if one did."""
    path = _path(repository, "journal.json")
    if not os.path.lexists(path):
        return None
    try:
        source = read_file(path, real_path(os.path.dirname(path)))
        if source.too_large:
            raise ValueError
        return _parsed(source.data, repository.root)
    except (GearlintError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise GearlintError(
            f"{path}: is not a journal of a bump that this gearlint can read: see git status and "
            "git log for what was begun, and remove it"
        ) from None


def confirm_none(repository: Repository) -> None:
    """Refuse to show what would be done while a killed bump is to be ended first."""
    if read(repository) is not None:
        raise GearlintError("a bump was begun and killed: the next one without --dry-run ends it")


def _parsed(text: bytes, root: str) -> Journal:
    """The journal with this text; raises any of several errors where it is not one."""
    data = json.loads(text)
    changes = tuple(
        FileChange(_path_inside(root, name), b64decode(before), b64decode(after))
        for name, before, after in data["changes"]
    )
    entries = {name: Entry(*entry) for name, entry in data["entries"].items()}
    journal = Journal(**{**data, "changes": changes, "entries": entries})
    texts = [journal.message, journal.branch, *journal.tags.values(), *journal.versions.values()]
    is_sound = (
        all(isinstance(text, str) for text in texts)
        and isinstance(journal.commits, bool)
        and isinstance(journal.pushes, bool)
        and journal.versions.keys() <= journal.entries.keys()
        and _HASH.fullmatch(journal.head)
        and (not journal.branch or _is_ref(journal.branch, "refs/heads/"))
        and all(_is_ref(f"refs/tags/{tag}", "refs/tags/") for tag in journal.tags)
        and {name for name, _, _ in data["changes"]} == entries.keys()
        and all(
            _MODE.fullmatch(entry.mode)
            and _HASH.fullmatch(entry.hash)
            and isinstance(entry.is_checked_out, bool)
            for entry in entries.values()
        )
    )
    if not is_sound:
        raise ValueError
    return journal


def _path_inside(root: str, name: str) -> str:
    """A file of the work tree by its path from the root; raises ValueError if it is not."""
    path = os.path.join(root, name)
    parts = name.split("/")
    if {"", ".", ".."} & {*parts} or ".git" in map(str.lower, parts):
        raise ValueError
    if not is_inside(real_path(path), root):
        raise ValueError
    return path


def _is_ref(name: str, below: str) -> bool:
    """Whether a ref is below another, and has a name that no git takes for an option."""
    rest = name.removeprefix(below)
    return name != rest and ".." not in rest and not rest.startswith(("-", "/")) and rest != ""


def write(repository: Repository, journal: Journal) -> None:
    """Write the journal, whole, before anything else is changed."""
    changes = [
        (
            relative(change.path, repository.root),
            b64encode(change.before).decode(),
            b64encode(change.after).decode(),
        )
        for change in journal.changes
    ]
    path = _path(repository, "journal.json")
    data = json.dumps({**journal._asdict(), "changes": changes}).encode()
    if len(data) > limits.FILE_BYTES:  # it would not be read again
        raise GearlintError("the files to be changed are too large together: bump fewer gears")
    remove_leftovers(os.path.dirname(path))
    try:
        _reserve(repository, sum(len(change.before) for change in journal.changes))
        write_whole(path, data)
    except OSError as error:
        free_reserve(repository)
        raise GearlintError(f"{path}: cannot be written: {error.strerror}") from None


def _reserve(repository: Repository, size: int) -> None:
    """Take the space that undoing needs where the disk is full: for the files, index and refs."""
    size += _SPARE_BYTES + 2 * os.path.getsize(os.path.join(repository.git_directory, "index"))
    write_whole(_path(repository, "reserve"), os.urandom(size))  # which no system compresses


def free_reserve(repository: Repository) -> None:
    """Give back that space."""
    with suppress(OSError):
        os.unlink(_path(repository, "reserve"))


def remove(repository: Repository) -> None:
    """Remove the journal: all that was begun has come to its end."""
    os.unlink(_path(repository, "journal.json"))
    free_reserve(repository)


def time_of(repository: Repository) -> float:
    """When the journal was written, in seconds since 1970."""
    return os.stat(_path(repository, "journal.json")).st_mtime


@contextmanager
def locked(repository: Repository) -> Iterator[int]:
    """Hold the lock; gives its file descriptor, for git to hold as well.

    Raises GearlintError where another bump is at work, or a git that one has started.
    """
    directory = os.path.dirname(_path(repository, "lock"))
    try:
        os.makedirs(directory, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | NO_LINK
        descriptor = os.open(os.path.join(directory, "lock"), flags, 0o666)
    except OSError as error:
        raise GearlintError(f"{directory}: cannot be written to: {error.strerror}") from None
    try:
        if not try_lock(descriptor):  # on Windows, two bumps at once are left to git's own locks
            raise GearlintError(
                "another gearlint bump is at work in this repository: try again when it has ended"
            )
        try:
            yield descriptor
        finally:
            _release(descriptor)
    finally:
        os.close(descriptor)


def _release(descriptor: int) -> None:
    """Release the lock even where a program that git left running has it open as well."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def _path(repository: Repository, name: str) -> str:
    return os.path.join(repository.git_directory, "gearlint", name)
