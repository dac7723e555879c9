"""What a gear starts, read from the words of `command` and ENTRYPOINT; knows no image."""

import fnmatch
import json
import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tests.wild.dockerfile import Dockerfile, Instruction, Word

_DATA = re.compile(r"\.(?:json|txt|ya?ml|md|csv|tsv|toml|cfg|ini|log|zip|gz|nii|lock)\Z")
"""Names of files that nobody starts."""
_BEFORE = ("exec", "env", "/usr/bin/env", "nohup", "time")
"""Words after which the program stands."""
_RUNNERS = ("poetry", "uv", "pipenv")
_URL = re.compile(r"(?:\w+://|git@)")


class Started(NamedTuple):
    """A script of the gear that is started, by whom, and how.

    `name` is the base name that it is started by, `word` the whole word; `files` are the files of
    the context that the image has under that name, and `is_renamed` says that COPY renames it.
    `is_program` is whether it is started as a program of its own.
    """

    by: Literal["command", "entrypoint"]
    name: str
    word: str
    files: tuple[str, ...]
    is_renamed: bool
    is_program: bool


class Broken(NamedTuple):
    """A gear on disk: its directory, its Dockerfile, its context and its repository."""

    directory: Path
    dockerfile_path: Path
    context: Path

    @property
    def dockerfile(self) -> Dockerfile:
        """The Dockerfile as it is by now."""
        return Dockerfile(self.dockerfile_path.read_bytes().decode("latin-1"))

    @property
    def manifest_path(self) -> Path:
        """The manifest."""
        return self.directory / "manifest.json"

    @property
    def command(self) -> str | None:
        """The manifest's `command`, if it is a text."""
        try:
            value = json.loads(self.manifest_path.read_bytes())
        except ValueError:
            return None
        command = value.get("command") if isinstance(value, dict) else None
        return command if isinstance(command, str) else None


def gear_at(directory: Path, dockerfile_name: str, root: Path) -> Broken:
    """The gear in a directory of a repository; its context is where what it copies is."""
    path = directory / dockerfile_name
    dockerfile = Dockerfile(path.read_bytes().decode("latin-1"))
    sources = [
        cleaned
        for instruction in copies(dockerfile)
        for word in instruction.words[:-1]
        if (cleaned := source_path(dockerfile, word)) and not re.search(r"[*?\[$]", cleaned)
    ]
    places = [directory]
    while places[-1] != root and root in places[-1].parents:
        places.append(places[-1].parent)
    best = max(places, key=lambda place: sum((place / source).exists() for source in sources))
    return Broken(directory, path, best)


def copies(dockerfile: Dockerfile) -> list[Instruction]:
    """The COPY and ADD that take something from the build context."""
    return [
        each
        for each in dockerfile.named("COPY", "ADD")
        if not any(flag.text.startswith("--from") for flag in each.flags)
    ]


def source_path(dockerfile: Dockerfile, word: Word) -> str | None:
    """The path in the context that a source of COPY names, "" for all of it; `None` for a URL."""
    text = dockerfile.expand(word.text)
    if _URL.match(text):
        return None
    path = posixpath.normpath("/" + text).lstrip("/")
    return "" if path == "." else path


def brings(dockerfile: Dockerfile, word: Word, file: str) -> Literal["file", "directory"] | None:
    """How a source of COPY brings a file: by itself, with its directory, or not."""
    path = source_path(dockerfile, word)
    if path is None:
        return None
    parts, wanted = [part for part in path.split("/") if part], file.split("/")
    if len(parts) > len(wanted):
        return None
    if not all(fnmatch.fnmatchcase(w, p) for w, p in zip(wanted, parts, strict=False)):
        return None
    return "file" if len(parts) == len(wanted) else "directory"


def started(gear: Broken) -> dict[str, Started]:
    """The scripts of the gear that are started: by `command`, and by ENTRYPOINT or CMD."""
    dockerfile = gear.dockerfile
    found: dict[str, Started] = {}
    if gear.command:
        words = _shell_words(gear.command)
        script = _script(gear, dockerfile, "command", words)
        found |= {"command": script} if script else {}
    entrypoint, cmd = entrypoint_and_cmd(dockerfile)
    for each in (entrypoint, cmd):
        if each is not None and "entrypoint" not in found:
            script = _script(gear, dockerfile, "entrypoint", _words_of(each))
            found |= {"entrypoint": script} if script else {}
    return found


def entrypoint_and_cmd(dockerfile: Dockerfile) -> tuple[Instruction | None, Instruction | None]:
    """The ENTRYPOINT and the CMD in effect."""
    final = dockerfile.final
    entrypoints = [each for each in final if each.name == "ENTRYPOINT"]
    cmds = [each for each in final if each.name == "CMD"]
    return (entrypoints[-1] if entrypoints else None), (cmds[-1] if cmds else None)


def _words_of(instruction: Instruction) -> list[str]:
    if instruction.is_json:
        return [part for word in instruction.words for part in word.text.split()]
    return _shell_words(instruction.text)


def _shell_words(text: str) -> list[str]:
    """The words of a command line, separators among them."""
    return [word.strip("\"'") for word in re.findall(r"&&|\|\|?|;|[^\s;&|]+", text)]


def _script(
    gear: Broken,
    dockerfile: Dockerfile,
    by: Literal["command", "entrypoint"],
    words: list[str],
) -> Started | None:
    for index, word in enumerate(words):
        name = posixpath.basename(dockerfile.expand(word))
        if not name or _DATA.search(name) or (index and words[index - 1] in _RUNNERS):
            continue
        files = files_named(gear, dockerfile, name)
        renamed = [] if files else _renamed_to(gear, dockerfile, name)
        if files or renamed:
            return Started(
                by, name, word, tuple(files or renamed), bool(renamed), _is_program(words[:index])
            )
    return None


def _is_program(before: list[str]) -> bool:
    """Whether the word after these is the program itself."""
    for index in range(len(before) - 1, -1, -1):
        if before[index] in ("&&", "||", ";", "|"):
            before = before[index + 1 :]
            break
    rest = [word for word in before if word not in _BEFORE and not re.match(r"[A-Za-z_]\w*=", word)]
    return not rest or (len(rest) == 2 and rest[0] in _RUNNERS and rest[1] == "run")


def files_named(gear: Broken, dockerfile: Dockerfile, name: str) -> list[str]:
    """The files of the context of a base name that COPY brings without another name.

    Of several, those that a COPY gives this name by itself are meant.
    """
    sources = [
        (word, posixpath.basename(dockerfile.expand(instruction.words[-1].text)))
        for instruction in copies(dockerfile)
        for word in instruction.words[:-1]
    ]
    found, meant = [], []
    for file in _all_named(gear.context, name):
        brought_as = {last for word, last in sources if brings(dockerfile, word, file)}
        found += [file] if brought_as else []
        meant += [file] if name in brought_as else []
    return meant or found


def _all_named(context: Path, name: str) -> Iterator[str]:
    for directory, names, files in os.walk(context):
        names[:] = sorted(each for each in names if each != ".git")
        if name in files and os.path.isfile(os.path.join(directory, name)):
            yield os.path.relpath(os.path.join(directory, name), context)


def _renamed_to(gear: Broken, dockerfile: Dockerfile, name: str) -> list[str]:
    """The files of the context that a COPY of one gives a base name of its own."""
    found = []
    for instruction in copies(dockerfile):
        words = instruction.words
        if len(words) != 2 or posixpath.basename(dockerfile.expand(words[1].text)) != name:
            continue
        path = source_path(dockerfile, words[0])
        if path and (gear.context / path).is_file():
            found.append(path)
    return found
