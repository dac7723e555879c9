"""What may be made, or checked out, before the image is built, and so may be missing in a clone."""

import os
import re
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.disk import Disk
from gearlint.core.errors import GearlintError, TooMuchError
from gearlint.core.lazy import cached_property, kept_for_a_run, regex
from gearlint.core.source import is_directory, is_inside, names_in
from gearlint.image.build_files import brings_files, commands_of, may_make
from gearlint.syntax.gitignore import GitIgnore

_BUILD_FILES = regex(
    r"(?:GNU)?[Mm]akefile|.*\.mk|Justfile|justfile|Taskfile\.ya?ml|\.gitlab-ci\.ya?ml|\.travis\.yml"
    r"|azure-pipelines\.yml|Jenkinsfile|BUILD(?:\.bazel)?|pants\.toml|tox\.ini"
    r"|noxfile\.py|.*\.ya?ml"
)
_BUILT = regex(
    r"\.(?:pex|whl|jar|so|zip|(?<!\.nii\.)gz|tgz|tar|bz2|xz|7z|rpm|deb|exe|bin)\Z"
    r"|(?:\A|/)(?:dist|build|target)(?:/|\Z)"
)
_OTHER_FILES = regex(
    r"\.pre-commit-config\.ya?ml|\.readthedocs\.ya?ml|\.?codecov\.ya?ml|mkdocs\.ya?ml"
    r"|environment\.ya?ml"
)
"""YAML at the root that starts nothing before the image is built."""
_UNKNOWN_PART = regex(r"[$(){}*?~%]|\A\.\.\Z")
_SYSTEM = ("bin", "dev", "etc", "lib", "sbin", "usr")
_SOURCES = (".m", ".c", ".cc", ".cpp", ".cxx", ".f90", ".go", ".rs")
"""What a program that has no suffix may be compiled from."""


class BuildProducts:
    """What may be made below the `directory` of a build context, in the repository `root`."""

    def __init__(self, directory: str, root: str, disk: Disk) -> None:
        self._disk = disk
        self.directory = directory
        self.root = root
        self._git_ignore = GitIgnore(root)
        self._made: dict[str, bool] = {}
        self._bytes = Budget(limits.BUILD_FILE_BYTES_SEARCHED)

    def may_be_made(self, path: str) -> bool:
        """Whether what is not there may be made, or checked out, before the image is built.

        It looks like a build product, the repository has the source that it may be compiled from,
        `.gitignore` leaves it out, it is in a git submodule, or a Makefile or a file of a CI system
        names it; or the script that builds the image downloads or unpacks files before. Outside of
        a repository, the context may also be a directory above.
        """
        if not _is_possible(path):
            return False
        path = path.strip("/")
        if path not in self._made:
            self._made[path] = self._is_made(path)
        return self._made[path]

    def _is_made(self, path: str) -> bool:
        if _BUILT.search(path) or self._is_in_build_files(path):
            return True
        if self._may_be_any:
            return True
        names = _sources_of(os.path.basename(path))
        sources = _sources_in(self.root) if names else frozenset()
        if sources is None or not sources.isdisjoint(names):
            return True
        if self._is_read_from_above(path):
            return True
        full = os.path.join(self.directory, path)
        if len(self._submodules) > limits.SUBMODULES:
            return True
        if any(is_inside(full, one) or is_inside(one, full) for one in self._submodules):
            return True
        try:
            return self._git_ignore.covers(full)
        except TooMuchError:
            return True

    def _is_read_from_above(self, path: str) -> bool:
        """Whether a path from a directory above leads to what is here.

        The context may then be that directory, which is not looked at outside of a repository.
        """
        if self._is_in_repository:
            return False
        parts, above = path.split("/"), self.directory.split(os.sep)
        return any(
            parts[:number] == above[-number:]
            and os.path.lexists(os.path.join(self.directory, *parts[number:]))
            for number in range(1, min(len(parts), len(above), limits.CONTEXT_DIRECTORIES))
        )

    @cached_property
    def _is_in_repository(self) -> bool:
        return self.directory != self.root or os.path.lexists(os.path.join(self.root, ".git"))

    def _is_in_build_files(self, path: str) -> bool:
        text = self._build_files
        if not text:
            return False
        if not self._bytes.spend(len(text)):
            return True
        directory, name = os.path.split(path)
        here = os.path.relpath(os.path.join(self.directory, directory), self.root).split(os.sep)
        own = [part for part in here if part != os.curdir]
        return may_make(text, os.fsencode(name), lambda before: self._may_be_in(before, own))

    def _may_be_in(self, before: bytes, own: list[str]) -> bool:
        """Whether directories as they are written may be a path from the root of the repository.

        Nobody knows where a command runs: it may be in a directory on the way. One that is not in
        the repository may be the repository, or a copy.
        """
        parts = os.fsdecode(before).split("/")[:-1]
        if before.startswith(b"/") and parts[1:2] and parts[1] in _SYSTEM:
            return False
        unknown = [at for at, part in enumerate(parts) if _UNKNOWN_PART.search(part)]
        known = [part for part in parts[max(unknown, default=-1) + 1 :] if part not in ("", ".")]
        if not known or own[-len(known) :] == known:
            return True
        places = (self.root, self.directory)
        return not any(os.path.lexists(os.path.join(place, known[0])) for place in places)

    @cached_property
    def _may_be_any(self) -> bool:
        """Whether a script that builds the image brings files before, of which no name is known."""
        return any(brings_files(name, text) for name, text in self._build_texts)

    @cached_property
    def _build_files(self) -> bytes:
        return b"\n".join(commands_of(name, text) for name, text in self._build_texts)

    @cached_property
    def _build_texts(self) -> list[tuple[str, bytes]]:
        """The names and texts of the Makefiles and CI files from the context up to the root."""
        places = [
            place
            for name in (".github/workflows", ".circleci")
            if is_directory(place := os.path.join(self.root, *name.split("/")), self.root)
        ]
        here = self.directory
        while here != self.root and is_inside(here, self.root):
            places.append(here)
            here = os.path.dirname(here)
        texts: list[tuple[str, bytes]] = []
        for place in (*places, self.root):
            for name in names_in(place):
                if _is_build_file(name) and len(texts) < limits.BUILD_FILES:
                    path = os.path.join(place, name)
                    with suppress(GearlintError, OSError):
                        if os.path.getsize(path) <= limits.BUILD_FILE_BYTES:
                            texts.append((name, self._disk.read(path, self.root).data))
        return texts

    @cached_property
    def _submodules(self) -> list[str]:
        """The directories of git submodules, which may not be checked out."""
        try:
            text = self._disk.read(os.path.join(self.root, ".gitmodules"), self.root).text or ""
        except GearlintError:
            return []
        paths = re.findall(r"^[ \t]*path[ \t]*=(.+)", text, re.MULTILINE)
        return [os.path.normpath(os.path.join(self.root, path.strip())) for path in paths]


# All gears of a repository ask the same.
@kept_for_a_run(maxsize=64)
def _sources_in(root: str) -> frozenset[str] | None:
    """The names of files that something may be compiled from, `None` of too many files."""
    found: set[str] = set()
    left = Budget(limits.SOURCES_SEARCHED)
    for _, directories, names in os.walk(root):
        directories[:] = [name for name in directories if not name.startswith(".")]
        found.update(name for name in names if name.endswith((*_SOURCES, ".sh")))
        if not left.spend(len(names) + len(directories)):
            return None
    return frozenset(found)


def _is_build_file(name: str) -> bool:
    builds = "build" in name and name.endswith((".py", ".sh"))
    if _OTHER_FILES.fullmatch(name):
        return False
    return builds or _BUILD_FILES.fullmatch(name) is not None


def _sources_of(name: str) -> list[str]:
    """What a program is compiled from, and the script that MATLAB's compiler makes beside it."""
    if not name or "." in name:
        return []
    return [f"run_{name}.sh", *(f"{name}{suffix}" for suffix in _SOURCES)]


def _is_possible(path: str) -> bool:
    """Whether a file may have a path: none has a NUL, or half of a surrogate pair, in its name."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
