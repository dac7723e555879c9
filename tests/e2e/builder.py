"""Builds a gear's image with buildah, and reads from it what the model of the image tells."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from gearlint.image.bases import DEFAULT_PATH
from tests.e2e.bases import IMITATIONS, Imitation, missing, write_root
from tests.e2e.case import HOME, MARK
from tests.machine import HANGING

STARTER = Path(__file__).with_name("starter.py")


def why_not() -> str:
    """Why no image can be built here; empty if one can."""
    if os.geteuid() != 0:
        return "building images needs root"
    if shutil.which("buildah") is None:
        return "buildah is not installed (Debian: buildah)"
    return missing()


class Entry(NamedTuple):
    """What is at a path of the image: `mode` the permission bits, `target` that of a link."""

    kind: str
    mode: int
    target: str = ""


class Started(NamedTuple):
    """Whether the gear's script began, and what was said."""

    begun: bool
    output: str


class Real(NamedTuple):
    """An image as it is; `log` alone counts where it was not built."""

    built: bool
    log: str
    files: Mapping[str, Entry] = MappingProxyType({})
    environment: Mapping[str, str] = MappingProxyType({})
    workdir: str = ""
    entrypoint: Sequence[str] = ()
    cmd: Sequence[str] = ()
    by_docker: Started = Started(False, "")
    by_flywheel: Started = Started(False, "")

    @property
    def starts_by(self) -> dict[str, Started]:
        """What came of each way to start the gear, by who starts it."""
        return {"Docker": self.by_docker, "Flywheel": self.by_flywheel}

    @property
    def starts(self) -> bool:
        """Whether the gear does all that it has to do."""
        return self.built and self.by_docker.begun and self.by_flywheel.begun


class Buildah:
    """Images in a storage of their own, below `directory`."""

    def __init__(self, directory: Path) -> None:
        self.command = [
            "buildah", "--storage-driver", "vfs",
            "--root", str(directory / "root"), "--runroot", str(directory / "run"),
        ]  # fmt: skip
        self.directory = directory

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        )  # fmt: skip

    def out(self, *arguments: str) -> str:
        done = self.run(*arguments)
        if done.returncode:
            raise RuntimeError(f"buildah {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def provide(self, imitation: Imitation) -> None:
        """Put the image that imitates a public one into the storage, under its name."""
        files = self.directory / "bases" / imitation.full_name.replace("/", "+")
        if files.exists():
            return
        write_root(imitation, files)
        container = self.out("from", "scratch")
        self.out("add", container, str(files), "/")
        variables = {"PATH": imitation.path, **imitation.environment}
        self.out(
            "config",
            *(f"--env={name}={value}" for name, value in variables.items()),
            f"--workingdir={imitation.workdir}",
            f"--entrypoint={json.dumps(imitation.entrypoint)}",
            f"--cmd={' '.join(imitation.cmd)}",
            container,
        )
        self.out("commit", "--rm", "--quiet", container, imitation.full_name)

    def build(self, directory: Path, command: str | None, environment: dict[str, str]) -> Real:
        """Build the gear in `directory`, and start it as Docker and as Flywheel does."""
        dockerfile = (directory / "Dockerfile").read_text()
        for imitation in IMITATIONS:
            if imitation.reference.partition(":")[0] in dockerfile:
                self.provide(imitation)
        image_file = directory.with_name(directory.name + ".image")
        done = self.run(
            "bud",
            "--isolation",
            "chroot",
            "--no-cache",
            "--pull-never",
            "--format=docker",
            "--iidfile",
            str(image_file),
            str(directory),
        )
        if done.returncode:
            self.run("rm", "--all")
            return Real(False, done.stdout + done.stderr)
        image = image_file.read_text()
        image_file.unlink()
        container = self.out("from", "--pull-never", image)
        try:
            root = self.out("mount", container)
            config = json.loads(self.out("inspect", "--type", "image", image))["OCIv1"]["config"]
            return _read(root, config, command, environment, done.stdout + done.stderr)
        finally:
            self.out("rm", container)
            self.run("rmi", "--prune", "--force")  # the image, and those of its stages


def _read(
    root: str, config: dict[str, Any], command: str | None, environment: dict[str, str], log: str
) -> Real:
    variables = dict(pair.split("=", 1) for pair in config.get("Env", []))
    workdir = config.get("WorkingDir") or "/"
    entrypoint, cmd = config.get("Entrypoint") or [], config.get("Cmd") or []
    return Real(
        True,
        log,
        dict(_files(root)),
        variables,
        workdir,
        entrypoint,
        cmd,
        _start(root, workdir, {"PATH": DEFAULT_PATH, **variables}, [*entrypoint, *cmd]),
        _start_command(root, command, {"PATH": DEFAULT_PATH, **environment}),
    )


def _files(root: str) -> list[tuple[str, Entry]]:
    """What is below the gear's directory, by its path from `/`."""
    found = []
    for directory, directories, files in os.walk(root + HOME):
        for name in (*directories, *files):
            path = os.path.join(directory, name)
            info = os.lstat(path)
            mode = stat.S_IMODE(info.st_mode)
            if stat.S_ISLNK(info.st_mode):
                entry = Entry("link", 0o777, os.readlink(path))
            else:
                entry = Entry("directory" if stat.S_ISDIR(info.st_mode) else "file", mode)
            found.append((path.removeprefix(root), entry))
    return found


def _start(root: str, directory: str, environment: dict[str, str], argv: list[str]) -> Started:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(STARTER), root, directory, json.dumps(environment), *argv],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        timeout=HANGING,
    )  # fmt: skip
    return Started(MARK in done.stdout, (done.stdout + done.stderr).strip())


def _start_command(root: str, command: str | None, environment: dict[str, str]) -> Started:
    if not os.path.isdir(root + HOME):
        return Started(False, f"{HOME} is no directory")
    if not os.path.exists(root + "/bin/bash"):
        return Started(False, "there is no bash")
    return _start(root, HOME, environment, ["/bin/bash", "-c", command or "./run"])
