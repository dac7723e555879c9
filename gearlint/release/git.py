"""One git repository, by GitPython: its tags, what changed since one, and what git is asked to do.

Reading runs nothing of the repository's own: no fsmonitor, no filter, no hook, no transport.
Knows no gears.
"""

import os
import shlex
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.disk import OFF
from gearlint.core.errors import GearlintError
from gearlint.core.lazy import cached_property, kept_for_a_run
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_inside, open_regular, real_path, relative_path
from gearlint.release.command import (
    READING,
    READING_ENVIRONMENT,
    GitError,
    GitTimeoutError,
    execute,
    git_in,
)

_ATTRIBUTES = ("filter", "text", "eol", "ident", "working-tree-encoding")
"""With these, what git stores of a file is not what is on disk."""

_AT_ONCE = 500
"""Paths that git is given at once: a command line is not endless."""

_SUBMODULE, _LINK = "160000", "120000"


class Tag(NamedTuple):
    """A tag by its name without `refs/tags/`, and the commit (its hash) that it points to."""

    name: str
    commit: str


class Entry(NamedTuple):
    """A tracked file: its mode as git writes it (`100755`), and the hash of what git stores."""

    mode: str
    hash: str
    is_checked_out: bool = True


@kept_for_a_run(maxsize=16)
def opened(root: str) -> "Repository":
    """The repository with its work tree at `root`, read once; `opened.cache_clear()` forgets it."""
    return Repository(root)


@kept_for_a_run(maxsize=16)
def _timeouts(root: str) -> dict[tuple[str, ...], str]:
    """The commands that did not end in time in the repository at `root`, with what was reported."""
    return {}


class Repository:
    """The git repository whose work tree begins at a path; others are relative to it, with `/`.

    `root` is that path without links. Raises GearlintError where git is not installed, or does not
    take it for a repository.
    """

    def __init__(self, root: str) -> None:
        self.root = real_path(root)
        self._git = git_in(root)
        self._trees: dict[str, dict[str, Entry]] = {}
        try:
            top = self.read("rev-parse", "--show-toplevel")
        except GitError as error:
            if "safe.directory" not in error.output:
                raise
            raise GearlintError(
                f"{root}: belongs to another user: if you trust it, run "
                f"git config --global --add safe.directory {shlex.quote(root)}"
            ) from None
        if real_path(top) != self.root:
            raise GearlintError(f"{root}: is not a git repository of its own, but part of {top}")
        if "GIT_DIR" in os.environ:
            self._confirm_git_directory()

    def _confirm_git_directory(self) -> None:
        """Refuse a GIT_DIR in the environment, as hooks have one, that is another repository's."""
        named = self.git_directory
        own = os.path.join(self.root, ".git")
        if os.path.isfile(own):
            with open_regular(own) as file:
                named_there = os.fsdecode(file.read(limits.GIT_OUTPUT_BYTES))
            own = os.path.join(self.root, named_there.removeprefix("gitdir:").strip())
        if real_path(named) != real_path(own):
            raise GearlintError(
                f"{self.root}: GIT_DIR in the environment is {named}, another repository: unset it"
            )

    def read(self, *arguments: str) -> str:
        """What a git command prints that only reads. Raises GitError if it fails."""
        timeouts = _timeouts(self.root)
        if arguments in timeouts:  # each gear of a repository would wait as long
            raise GitTimeoutError(timeouts[arguments])
        command = [*READING, *arguments]
        try:
            return execute(self._git, command, READING_ENVIRONMENT, limits.GIT_READ_SECONDS)
        except GitTimeoutError as error:
            timeouts[arguments] = str(error)
            raise

    def run(
        self,
        *arguments: str,
        inherited: Sequence[int] = (),
        seconds: float | None = None,
    ) -> str:
        """What a git command prints, run as the user would: hooks, filters and signing apply.

        `inherited` are file descriptors that it and its children keep open. Raises GitError, and
        GitTimeoutError after so many seconds, `limits.GIT_RUN_SECONDS` by default.
        """
        environment = {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")}
        return execute(
            self._git, arguments, environment, seconds or limits.GIT_RUN_SECONDS, inherited
        )

    def succeeds(self, *arguments: str) -> bool:
        """Whether a git command that only reads exits with 0."""
        try:
            self.read(*arguments)
        except GitError:
            return False
        return True

    def make_tag(self, name: str, message: str, lock: int) -> None:
        """Make an annotated tag of HEAD; `lock` is that of `journal.locked`."""
        self.run("tag", "--annotate", f"--message={message}", name, "HEAD", inherited=[lock])

    # --- what it holds

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags that point to a commit, the newest first."""
        fields = "%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(refname)"
        listed = self.read(
            "for-each-ref",
            "--sort=-version:refname",
            "--sort=-creatordate",
            f"--format={fields}",
            "refs/tags",
        )
        tags = []
        for line in filter(None, listed.split("\n")):
            kind, own, kind_of_target, target, name = line.split("\0")
            commit = own if kind == "commit" else target if kind_of_target == "commit" else ""
            if commit:
                tags.append(Tag(name.removeprefix("refs/tags/"), commit))
        return tags

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The names of the tags of commits that HEAD has in its history."""
        listed = self.read("for-each-ref", "--merged=HEAD", "--format=%(refname)", "refs/tags")
        return frozenset(name.removeprefix("refs/tags/") for name in listed.split("\n"))

    def file_at(self, commit: str, path: str) -> bytes | None:
        """What a file held in a commit, `None` if it was not there, or is too large to read."""
        name = f"{commit}:{path}"
        with suppress(GitError):
            size = int(self.read("cat-file", "-s", name))
            if size <= limits.FILE_BYTES:
                data = os.fsencode(self.read("cat-file", "blob", name))
                return data + b"\n" * (size - len(data))  # the end of the last line is not read
        return None

    @cached_property
    def head(self) -> str | None:
        """The hash of the commit that is checked out, `None` before the first."""
        with suppress(GitError):
            return self.read("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out (`refs/heads/main`), `None` if HEAD is detached."""
        with suppress(GitError):
            return self.read("symbolic-ref", "--quiet", "HEAD")
        return None

    @property
    def branch_name(self) -> str:
        """The short name of the branch that is checked out, empty if none is."""
        return (self.branch or "").removeprefix("refs/heads/")

    @cached_property
    def is_on_default_branch(self) -> bool:
        """Whether the branch that is checked out is, as far as known, the repository's main one.

        That is the one of `origin`, where a clone has it; else `main` or `master`, or the only one.
        """
        branch = self.branch_name
        try:
            head = self.read("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
        except GitError:
            names = self.read("for-each-ref", "--format=%(refname)", "refs/heads").split("\n")
            mains = [name for name in ("main", "master") if f"refs/heads/{name}" in names]
            return branch in mains or (branch != "" and not mains)
        return branch != "" and head == f"refs/remotes/origin/{branch}"

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the history was cut off when it was cloned."""
        return self.read("rev-parse", "--is-shallow-repository") == "true"

    @cached_property
    def index(self) -> dict[str, Entry]:
        """The tracked files by their paths, as the index has them."""
        entries = {}
        for line in filter(None, self.read("ls-files", "--stage", "-t", "-z").split("\0")):
            described, _, path = line.partition("\t")
            state, mode, name, _ = described.split(" ")
            entries[path] = Entry(mode, name, state != "S")
        return entries

    @cached_property
    def untracked(self) -> list[str]:
        """The files that git neither tracks nor ignores; a repository of its own ends with `/`."""
        listed = self.read("ls-files", "--others", "--exclude-standard", "-z")
        return list(filter(None, listed.split("\0")))

    @cached_property
    def overlooked(self) -> dict[str, str]:
        """The tracked files whose changes git does not see, with the option that made it so."""
        found = {}
        for line in filter(None, self.read("ls-files", "-v", "-z").split("\0")):
            state, _, path = line.partition(" ")
            if state in "Ss":
                found[path] = "skip-worktree"
            elif state.islower():
                found[path] = "assume-unchanged"
        return found

    def tree(self, commit: str) -> dict[str, Entry]:
        """The files of a commit by their paths."""
        if commit not in self._trees:
            entries = {}
            listed = self.read("ls-tree", "-r", "-z", "--full-tree", commit)
            for line in filter(None, listed.split("\0")):
                described, _, path = line.partition("\t")
                mode, _, name = described.split(" ")
                entries[path] = Entry(mode, name)
            self._trees[commit] = entries
        return self._trees[commit]

    def path_of(self, name: str) -> str:
        """Where git keeps a file, such as the lock of a branch; absolute."""
        return os.path.join(self.root, self.read("rev-parse", "--git-path", name))

    @cached_property
    def git_directory(self) -> str:
        """Where the repository keeps what this work tree has of its own, such as `MERGE_HEAD`."""
        return self.read("rev-parse", "--absolute-git-dir")

    @cached_property
    def git_directories(self) -> list[str]:
        """Where the repository keeps what is its own, and what worktrees share; without links."""
        named = self.read("rev-parse", "--git-dir", "--git-common-dir").split("\n")
        return [real_path(os.path.join(self.root, directory)) for directory in named]

    # --- what changed

    def changed_since(self, commit: str, owns: Callable[[str], bool]) -> list[str]:
        """The paths of tracked files, of those that `owns` takes, that are not as in a commit.

        Files are read from disk and compared by their bytes, those that git converts as they are
        in the index.
        """
        tree = self.tree(commit)
        owned = set(filter(owns, tree.keys() | self.index.keys()))
        old = {path: entry for path, entry in tree.items() if path in owned}
        new = {path: entry for path, entry in self.index.items() if path in owned}
        changed = list(old.keys() ^ new.keys())
        unsure = []
        for path in old.keys() & new.keys():
            was, staged = old[path], new[path]
            is_on_disk = staged.mode != _SUBMODULE and staged.is_checked_out
            if was[:2] != staged[:2]:
                changed.append(path)
            elif is_on_disk and self._on_disk(path, staged) != was[:2]:
                unsure.append(path)
        converted = self._converted(unsure)
        return sorted([*changed, *(path for path in unsure if path not in converted)])

    def _on_disk(self, path: str, staged: Entry) -> tuple[str, str] | None:
        """Mode and hash of a file as it is on disk, `None` if it is gone or something else."""
        full = os.path.join(self.root, path)
        try:
            info = os.lstat(full)
            if not is_inside(real_path(os.path.dirname(full)), self.root):
                return None
            if stat.S_ISLNK(info.st_mode):
                return _LINK, _blob_hash([os.fsencode(os.readlink(full))], staged.hash)
            mode = "100755" if info.st_mode & stat.S_IXUSR else "100644"
            with open_regular(full) as file:
                data = iter(lambda: file.read(1 << 20), b"")
                name = _blob_hash(data, staged.hash, info.st_size)
        except OSError:
            return None
        return staged.mode if self._is_off("core.filemode", "true") else mode, name

    @cached_property
    def _config(self) -> dict[str, str]:
        listed = ""
        with suppress(GitError):  # neither is set
            listed = self.read("config", "--null", "--get-regexp", r"^core\.(filemode|autocrlf)$")
        pairs = (pair.partition("\n") for pair in listed.split("\0"))
        return {key: value for key, has_value, value in pairs if has_value}

    def _is_off(self, key: str, default: str) -> bool:
        return self._config.get(key, default).lower() in OFF

    def _converted(self, paths: list[str]) -> set[str]:
        """Those of some paths whose files git changes on their way to disk."""
        if not paths:
            return set()
        if not self._is_off("core.autocrlf", "false"):
            return set(paths)
        found = set()
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            fields = self.read("check-attr", "-z", *_ATTRIBUTES, "--", *some).split("\0")
            for path, value in zip(fields[::3], fields[2::3], strict=False):
                if value not in ("unspecified", "unset"):
                    found.add(path)
        return found


def relative(path: str, directory: str) -> str:
    """A path from a directory, both without links, as git writes it; empty for the directory."""
    return "" if path == directory else relative_path(path, directory)


def _blob_hash(
    data: "Sequence[bytes] | Iterator[bytes]", like: str, size: int | None = None
) -> str:
    """The hash that git gives to a file with these bytes, by the algorithm of another hash."""
    from hashlib import sha1, sha256

    if size is None:
        size = sum(map(len, data))
    digest = sha1(usedforsecurity=False) if len(like) == 40 else sha256()
    digest.update(b"blob %d\0" % size)
    for piece in data:
        digest.update(piece)
    return digest.hexdigest()
