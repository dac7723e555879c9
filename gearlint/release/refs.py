"""The names of a repository's tags, from its own files: no git runs, and nothing else is read.

Only a git directory that is this repository's is read: `.git` itself, or where a file `.git`
leads, if what is there leads back.
"""

import os
import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import kept_for_a_run
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import read, real_path

_TAGS = "refs/tags/"


@kept_for_a_run(maxsize=16)
def tag_names(root: str) -> tuple[str, ...]:
    """The names of the tags of the repository with its work tree at `root`, without `refs/tags/`.

    None at all where they cannot be known: no repository, references in another format (reftable),
    a file that is too large, more than `limits.TAGS` tags.
    """
    try:
        directories = git_directories(root)
        if directories is None or os.path.lexists(os.path.join(directories.shared, "reftable")):
            return ()
        names = dict.fromkeys(_packed(directories.shared))
        names.update(dict.fromkeys(_loose(directories.shared)))
    except GearlintError:
        return ()
    return tuple(names) if len(names) <= limits.TAGS else ()


class GitDirectories(NamedTuple):
    """Where git keeps what is of one work tree, and what all work trees of a repository share.

    Both are absolute and without links, and the same unless `git worktree` made the work tree.
    """

    own: str
    shared: str


def git_directories(root: str) -> GitDirectories | None:
    """The directories of the repository with its work tree at `root`, which has no links.

    `None` where they are not certainly its own. Raises GearlintError where there are none, or where
    a file of them cannot be read.
    """
    own = os.path.join(root, ".git")
    if os.path.islink(own):
        return None
    if os.path.isdir(own):
        return GitDirectories(own, own)
    named = re.match(r"gitdir: ([^\n]+)\n?\Z", _text(own, root))
    if named is None:
        return None
    directory = real_path(os.path.join(root, named[1]))
    if os.path.lexists(os.path.join(directory, "commondir")):
        back = _text(os.path.join(directory, "gitdir"), directory).strip()
        common = _text(os.path.join(directory, "commondir"), directory).strip()
        shared = real_path(os.path.join(directory, common))
        leads_back = real_path(os.path.join(directory, back)) == real_path(own)
        is_below = os.path.dirname(directory) == os.path.join(shared, "worktrees")
        return GitDirectories(directory, shared) if leads_back and is_below else None
    return GitDirectories(directory, directory) if _is_submodule(directory, root) else None


def _is_submodule(directory: str, root: str) -> bool:
    """Whether the configuration of a git directory names `root` as its work tree."""
    text = _text(os.path.join(directory, "config"), directory)
    named = re.search(r"^[ \t]*worktree[ \t]*=[ \t]*(\S+)[ \t]*$", text, re.MULTILINE)
    return named is not None and real_path(os.path.join(directory, named[1])) == root


def _text(path: str, within: str) -> str:
    """The text of a small file, empty if it is not one, or has a NUL. Raises GearlintError."""
    source = read(path, within)
    is_text = not source.too_large and b"\0" not in source.data  # no path has one
    return source.data.decode("utf-8", "surrogateescape") if is_text else ""


def _packed(directory: str) -> Iterator[str]:
    path = os.path.join(directory, "packed-refs")
    if not os.path.lexists(path):
        return
    source = read(path, directory)
    if source.too_large:
        raise GearlintError(f"{path}: is too large")
    for name in re.findall(rb"^[0-9a-f]+ refs/tags/([^\r\n]+)", source.data, re.MULTILINE):
        yield os.fsdecode(name)


def _loose(directory: str) -> Iterator[str]:
    """The tags that are a file each; none is opened."""
    left = Budget(limits.TAGS)
    top = os.path.join(directory, _TAGS)
    pending = [""] if real_path(top) == os.path.normpath(top) else []
    while pending:
        below = pending.pop()
        try:
            with os.scandir(os.path.join(top, below)) as entries:
                for entry in entries:
                    if not left.spend(1):
                        raise GearlintError(f"{directory}: has too many tags")
                    name = f"{below}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(f"{name}/")
                    elif entry.is_file(follow_symlinks=False) and not name.endswith(".lock"):
                        yield name
        except OSError:
            pass
