"""Real git repositories with gears in them, away from the user's own git configuration."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.machine import HANGING
from tests.sound import write_gear


class Repository:
    """A git repository in a directory, on branch `main`, with somebody to commit in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", "main", "--template=")
        with (directory / ".git" / "config").open("a") as config:
            config.write("[user]\n\tname = A. Author\n\temail = author@example.org\n")

    @classmethod
    def at(cls, directory: Path) -> "Repository":
        """The repository that a directory has already."""
        repository = cls.__new__(cls)
        repository.directory = directory
        return repository

    def git(self, *arguments: str, fails: bool = False) -> str:
        """Run git; returns what it prints."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.directory,
            text=True,
            check=False,
            capture_output=True,
            env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        assert fails or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def gear(self, members: str = "", directory: str = ".") -> Path:
        """Write a sound gear with these members in its manifest; returns its directory."""
        return write_gear(self.directory / directory, members).parent

    def release(
        self, version: str, tag: str = "", directory: str = ".", name: str = "my-gear"
    ) -> None:
        """Commit a gear of this version, and tag that."""
        self.gear(
            f'"name": "{name}",\n"version": "{version}",\n"custom": {{"gear-builder": '
            f'{{"category": "analysis", "image": "me/{name}:{version}"}}}}',
            directory,
        )
        self.commit(f"Version {version}")
        self.git("tag", "--annotate", "--message", version, tag or version)

    def write(self, path: str, text: str) -> Path:
        """Write a file."""
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def commit(self, message: str = "Changes") -> str:
        """Commit all that there is; returns the hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def hook(self, name: str, text: str) -> None:
        """Install a hook, a shell script."""
        path = self.directory / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    @property
    def tags(self) -> list[str]:
        """The names of its tags."""
        return self.git("tag").split()

    @property
    def state(self) -> dict[str, object]:
        """All that a refused bump must leave as it is: refs, index, status, files and modes."""
        files = {
            path.relative_to(self.directory).as_posix(): (path.lstat().st_mode, content(path))
            for path in sorted(self.directory.rglob("*"))
            if ".git" not in path.relative_to(self.directory).parts
        }
        locks = {path.name for path in (self.directory / ".git").rglob("*.lock")}
        return {
            "head": (self.directory / ".git" / "HEAD").read_text(),
            "refs": self.git("for-each-ref"),
            "index": self.git("ls-files", "--stage"),
            "status": self.git("status", "--porcelain"),
            "files": files,
            "locks": locks - {"maintenance.lock"},  # which git takes on its own, in the background
        }


class Waiting:
    """A hook before a commit that waits, until `end`, at most for HANGING seconds."""

    def __init__(self, repository: Repository) -> None:
        self._reached = repository.directory / ".git" / "in-hook"
        self._end = repository.directory / ".git" / "no-more-waiting"
        wait = f"[ -e {self._end.name} ] && break; sleep 0.02"
        repository.hook(
            "pre-commit", f"cd .git; touch in-hook; for _ in $(seq {50 * HANGING}); do {wait}; done"
        )

    def reached(self, process: subprocess.Popen[Any]) -> None:
        """Wait until the hook runs, which a process is to bring about."""
        while not self._reached.exists():
            assert process.poll() is None, "it ended before"
            time.sleep(0.01)

    def end(self) -> None:
        """Let the hook end, and the commit go on."""
        self._end.touch()


def content(path: Path) -> bytes:
    """What a file holds, where a link leads; nothing of a directory."""
    if path.is_symlink():
        return os.fsencode(os.readlink(path))
    return path.read_bytes() if path.is_file() else b""
