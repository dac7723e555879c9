"""Finds gears in a directory of repositories, and copies them to where they can be broken."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 1_000_000
"""A larger file is copied as an empty one."""
_SKIPPED = {"node_modules", "venv", "tests", "test"}
_DOCKERFILES = ("Dockerfile", "dockerfile")


class Place(NamedTuple):
    """Where a gear is: its directory, from that of its repository, and its Dockerfile's name."""

    directory: str
    dockerfile: str


def repositories(directory: Path) -> list[Path]:
    """What is to be looked at in a directory: its sub-directories."""
    return sorted(path for path in directory.iterdir() if path.is_dir() and path.name[0] != ".")


def gears_in(repository: Path) -> list[Place]:
    """The gears with a Dockerfile beside the manifest, those nearer to the top first."""
    found = []
    for directory, names, files in os.walk(repository):
        names[:] = sorted(n for n in names if n not in _SKIPPED and not n.startswith("."))
        dockerfiles = [name for name in _DOCKERFILES if name in files]
        if dockerfiles and "manifest.json" in files and _is_gear(Path(directory, "manifest.json")):
            found.append(Place(os.path.relpath(directory, repository), dockerfiles[0]))
    return sorted(found, key=lambda place: (_depth(place.directory), place.directory))


def _depth(directory: str) -> int:
    return 0 if directory == "." else directory.count(os.sep) + 1


def _is_gear(manifest: Path) -> bool:
    """Whether it looks like a gear's manifest; one that is no JSON does, where it says "inputs"."""
    try:
        value = json.loads(manifest.read_bytes())
    except ValueError:
        return b'"inputs"' in manifest.read_bytes()
    if not isinstance(value, dict) or "{{" in str(value.get("name")):
        return False
    custom = value.get("custom")
    return bool({"inputs", "config"} & value.keys()) or (
        isinstance(custom, dict) and "gear-builder" in custom
    )


def copy(repository: Path, to: Path) -> None:
    """Copy a repository, without its history and what large files hold; it is one itself then."""
    for directory, names, files in os.walk(repository):
        target = to / os.path.relpath(directory, repository)
        target.mkdir(parents=True, exist_ok=True)
        links = [name for name in names if os.path.islink(os.path.join(directory, name))]
        names[:] = [name for name in names if name != ".git" and name not in links]
        for name in [*links, *files]:
            if name != ".git":
                _copy_file(Path(directory, name), target / name)
    subprocess.run(
        ["git", "init", "--quiet", str(to)], check=True, capture_output=True,
        env=os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )  # fmt: skip


def _copy_file(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.symlink_to(os.readlink(source))
    elif source.is_file():
        if source.stat().st_size > MAX_BYTES:
            target.touch()
        else:
            shutil.copyfile(source, target)
        target.chmod(source.stat().st_mode & 0o777)
