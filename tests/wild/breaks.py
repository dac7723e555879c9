"""The ways in which a gear is broken: each says what is to be changed on disk."""

import fnmatch
import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.wild.dockerfile import Dockerfile, Instruction
from tests.wild.started import Broken, Started, brings, copies, entrypoint_and_cmd, started

_ON_FILES = re.compile(
    r"\s*(?:sudo\s+)?(?:chmod|chown|chgrp|ln|cp|mv|install|sed|touch|dos2unix)\b"
)
"""Commands whose arguments are files."""

Edit: TypeAlias = Callable[[str], str]
Part: TypeAlias = tuple[int, int]


class Change(NamedTuple):
    """What a break changes on disk; `subject` is the script that no longer starts."""

    subject: Started
    contents: dict[Path, bytes]
    renames: dict[Path, Path]
    modes: dict[Path, int]


def change(
    subject: Started,
    contents: dict[Path, bytes] | None = None,
    renames: dict[Path, Path] | None = None,
    modes: dict[Path, int] | None = None,
) -> Change:
    return Change(subject, contents or {}, renames or {}, modes or {})


@contextmanager
def applied(change: Change) -> Iterator[None]:
    """The gear is broken, and restored afterwards."""
    before = {path: path.read_bytes() for path in change.contents}
    modes = {path: path.stat().st_mode & 0o7777 for path in change.modes}
    try:
        for path, data in change.contents.items():
            path.write_bytes(data)
        for path, mode in change.modes.items():
            path.chmod(mode)
        for old, new in change.renames.items():
            old.rename(new)
        yield
    finally:
        for old, new in change.renames.items():
            if new.exists():
                new.rename(old)
        for path, mode in modes.items():
            path.chmod(mode)
        for path, data in before.items():
            path.write_bytes(data)


def other_name(name: str) -> str:
    """A name that is not near to a name."""
    stem, suffix = os.path.splitext(name)
    return f"zz-{stem[::-1]}{suffix}"


def command_renamed(gear: Broken) -> Change | None:
    """The script that `command` names has another name everywhere else."""
    subject = started(gear).get("command")
    if subject is None or subject.is_renamed:
        return None
    return change(subject, _renamed(gear, subject, None), _renames(gear, subject))


def entrypoint_renamed(gear: Broken) -> Change | None:
    """The script that ENTRYPOINT, or CMD, names has another name everywhere else."""
    subject = started(gear).get("entrypoint")
    if subject is None or subject.is_renamed:
        return None
    kept = next(
        each
        for each in entrypoint_and_cmd(gear.dockerfile)
        if each is not None and subject.name in each.text
    )
    contents = _renamed(gear, subject, kept)
    command = gear.command
    if command and (new := _named_anew(command, subject.name)) != command:
        contents[gear.manifest_path] = _with_command(gear.manifest_path.read_bytes(), new)
    return change(subject, contents, _renames(gear, subject))


def _with_command(manifest: bytes, command: str) -> bytes:
    """A manifest with another `command`, and all else as it was."""
    value = json.dumps(command).encode()
    return re.sub(rb'("command"\s*:\s*)"(?:[^"\\]|\\.)*"', lambda m: m[1] + value, manifest)


def _renames(gear: Broken, subject: Started) -> dict[Path, Path]:
    paths = [gear.context / file for file in subject.files]
    return {path: path.with_name(other_name(path.name)) for path in paths}


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w./-])")


def _named_anew(text: str, name: str) -> str:
    """A command line with the name replaced, but not the `run` of `poetry run`."""
    pattern = rf"(?<!poetry )(?<!uv )(?<!pipenv ){_pattern(name).pattern}"
    return re.sub(pattern, other_name(name).replace("\\", r"\\"), text)


def _renamed(gear: Broken, subject: Started, kept: Instruction | None) -> dict[Path, bytes]:
    """The Dockerfile and the ignore files with another name in place of one."""
    dockerfile, name = gear.dockerfile, subject.name
    text = dockerfile.text
    for each in reversed(dockerfile.instructions):
        if each == kept:
            continue
        if each in copies(dockerfile) and _brings_any(dockerfile, each, subject):
            new = _in_words(dockerfile, each, name, has_globs=True)
        elif each.name in ("ENTRYPOINT", "CMD"):
            new = _in_words(dockerfile, each, name, has_globs=False)
        elif each.name == "RUN":
            new = _in_run(dockerfile, each, subject)
        else:
            continue
        text = text[: each.start] + new(text[each.start : each.end]) + text[each.end :]
    contents = {gear.dockerfile_path: text.encode("latin-1")}
    for ignore in (
        gear.context / ".dockerignore",
        gear.dockerfile_path.with_name(gear.dockerfile_path.name + ".dockerignore"),
    ):
        if ignore.is_file():
            old = ignore.read_bytes().decode("latin-1")
            contents[ignore] = _pattern(name).sub(other_name(name), old).encode("latin-1")
    return contents


def _in_words(dockerfile: Dockerfile, each: Instruction, name: str, *, has_globs: bool) -> Edit:
    """What replaces a name in the words of an instruction, where it is the last of a path."""
    other = other_name(name)

    def new(text: str) -> str:
        words = each.words
        for index in range(len(words) - 1, -1, -1):
            word = words[index]
            if index and words[index - 1].text in ("poetry", "uv", "pipenv"):
                continue
            raw = text[word.start - each.start : word.end - each.start]
            last = posixpath.basename(dockerfile.expand(word.text))
            if has_globs and re.search(r"[*?\[]", last) and fnmatch.fnmatchcase(name, last):
                if fnmatch.fnmatchcase(other, last):
                    continue
                raw = raw.replace(last, other)
            else:
                raw = _named_anew(raw, name)
            text = text[: word.start - each.start] + raw + text[word.end - each.start :]
        return text

    return new


def _in_run(dockerfile: Dockerfile, each: Instruction, subject: Started) -> Edit:
    """What replaces a name in a RUN, where it is certainly the file's."""
    places = _places(dockerfile, subject)
    path = re.compile(rf"([^\s\"'=]*?){_pattern(subject.name).pattern}")

    def new(text: str) -> str:
        offset = each.body - each.start
        for start, end in reversed(split(each.text)):
            segment = text[offset + start : offset + end]
            is_of_files = "." in subject.name or _ON_FILES.match(segment) is not None

            def renamed(match: re.Match[str], is_of_files: bool = is_of_files) -> str:
                directory = dockerfile.expand(match[1]).rstrip("/")
                is_known = "$" in directory or posixpath.basename(directory) in places
                if not is_known or not (is_of_files or directory):
                    return match[0]
                return match[1] + other_name(subject.name)

            segment = path.sub(renamed, segment)
            text = text[: offset + start] + segment + text[offset + end :]
        return text

    return new


def _places(dockerfile: Dockerfile, subject: Started) -> set[str]:
    """The names of the directories that the script is in: in the context, and in the image."""
    found = {"", ".", "v0", posixpath.basename(posixpath.dirname(dockerfile.expand(subject.word)))}
    found |= {posixpath.basename(posixpath.dirname(file)) for file in subject.files}
    for each in copies(dockerfile):
        if _brings_any(dockerfile, each, subject):
            target = dockerfile.expand(each.words[-1].text).rstrip("/")
            found |= {posixpath.basename(target), posixpath.basename(posixpath.dirname(target))}
    return found


def _brings_any(dockerfile: Dockerfile, each: Instruction, subject: Started) -> bool:
    return any(brings(dockerfile, word, file) for word in each.words[:-1] for file in subject.files)


def split(text: str, separators: tuple[str, ...] = ("&&", "||", ";", "\n")) -> list[Part]:
    """The parts of a shell line, divided at some separators outside quotes."""
    found, start, quote = [], 0, ""
    at = 0
    while at < len(text):
        separator = next((each for each in separators if text.startswith(each, at)), "")
        if quote:
            quote = "" if text[at] == quote else quote
        elif text[at] in "\"'":
            quote = text[at]
        elif separator:
            found.append((start, at))
            at = start = at + len(separator)
            continue
        at += 1
    return [*found, (start, len(text))]


def copy_removed(gear: Broken) -> Change | None:
    """No COPY brings the script that `command`, else ENTRYPOINT, starts."""
    subject = _subject(gear)
    if subject is None:
        return None
    dockerfile = gear.dockerfile
    text = dockerfile.text
    for each in reversed(dockerfile.instructions):
        if each in copies(dockerfile):
            text = _without(dockerfile, each, subject.files, text)
    return change(subject, {gear.dockerfile_path: text.encode("latin-1")})


def _subject(gear: Broken) -> Started | None:
    found = started(gear)
    return found.get("command") or found.get("entrypoint")


def _without(dockerfile: Dockerfile, each: Instruction, files: tuple[str, ...], text: str) -> str:
    sources = each.words[:-1]
    bringing = [word for word in sources if any(brings(dockerfile, word, f) for f in files)]
    if not bringing:
        return text
    if len(bringing) == len(sources):
        return _blank(text, each.start, each.end)
    for word in reversed(bringing):
        end = word.end
        if each.is_json and (comma := re.compile(r"\s*,\s*").match(text, end)):
            end = comma.end()
        text = text[: word.start] + text[end:]
    return text


def _blank(text: str, start: int, end: int) -> str:
    """A text without a part, but with as many lines."""
    return text[:start] + "\n" * text.count("\n", start, end) + text[end:]


def bit_removed(gear: Broken) -> Change | None:
    """The script that is started as a program has no executable bit."""
    found = started(gear)
    programs = [each for each in found.values() if each.is_program]
    if not programs:
        return None
    subject = programs[0]
    dockerfile = gear.dockerfile
    text = dockerfile.text
    for each in reversed(dockerfile.instructions):
        if each.name == "RUN":
            text = _without_chmod(dockerfile, each, subject, text)
        elif each.name in ("COPY", "ADD"):
            if each in copies(dockerfile) and not _brings_any(dockerfile, each, subject):
                continue
            for flag in each.flags:
                if flag.text.startswith("--chmod"):
                    text = f"{text[: flag.start]}--chmod=0644{text[flag.end :]}"
    paths = [gear.context / file for file in subject.files]
    modes = {path: path.stat().st_mode & 0o666 for path in paths}
    return change(subject, {gear.dockerfile_path: text.encode("latin-1")}, modes=modes)


def _without_chmod(dockerfile: Dockerfile, each: Instruction, subject: Started, text: str) -> str:
    if each.is_json:
        command = " ".join(word.text for word in each.words)
        is_setting = _sets_bit(dockerfile, command, subject)
        return _blank(text, each.start, each.end) if is_setting else text
    parts = split(each.text)
    setting = [part for part in parts if _sets_bit(dockerfile, each.text[slice(*part)], subject)]
    if not setting:
        return text
    if len(setting) == len(parts):
        return _blank(text, each.start, each.end)
    for start, end in reversed(setting):
        # With the separator before it, or, for the first one, with that after it.
        if start:
            while each.text[start - 1] in "&|;\n":
                start -= 1
        else:
            while each.text[end] in "&|;\n":
                end += 1
        # A line that goes on does so: the text still has what joins the lines.
        kept = text[each.body + start : each.body + end].rstrip(" \t\\\r\n")
        end = start + len(kept) if start else end
        text = text[: each.body + start] + text[each.body + end :]
    return text


def _sets_bit(dockerfile: Dockerfile, command: str, subject: Started) -> bool:
    """Whether a command is a chmod that gives the script an executable bit."""
    if "chmod" not in command:
        return False
    words = [word.strip("\"'") for word in command.split("chmod", 1)[1].split()]
    modes = [
        word for word in words if re.fullmatch(r"[0-7]{3,5}|[ugoa]*[+=][rwxXst,ugoa+=-]+", word)
    ]
    if not modes or not (re.search(r"[1357]", modes[0]) or "x" in modes[0].lower()):
        return False
    if re.match(r"\s*find\b|\s*xargs\b", command) or "| xargs" in command:
        return True
    is_deep = any(re.match(r"-\w*R|--recursive", word) for word in words)
    path = posixpath.normpath(posixpath.join("/flywheel/v0", dockerfile.expand(subject.word)))
    for operand in words[words.index(modes[0]) + 1 :]:
        operand = dockerfile.expand(operand).rstrip("/")
        directory, last = posixpath.split(operand)
        is_elsewhere = directory.startswith("/") and not fnmatch.fnmatchcase(
            posixpath.dirname(path), posixpath.normpath(directory)
        )
        if fnmatch.fnmatchcase(subject.name, last) and ("$" in path or not is_elsewhere):
            return True
        absolute = posixpath.normpath(posixpath.join("/flywheel/v0", operand))
        if is_deep and (path.startswith(absolute.rstrip("/*") + "/") or last in (".", "*")):
            return True
    return False


def crlf(gear: Broken) -> Change | None:
    """The script that is started as a program has CRLF line ends."""
    for subject in started(gear).values():
        paths = [gear.context / file for file in subject.files]
        old = {path: path.read_bytes() for path in paths}
        new = {
            path: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for path, data in old.items()
        }
        is_affected = all(
            data != new[path]
            and b"\0" not in data
            and (data.startswith(b"#!") or _is_shell(subject, path))
            for path, data in old.items()
        )
        if subject.is_program and is_affected:
            return change(subject, new)
    return None


def _is_shell(subject: Started, path: Path) -> bool:
    """Whether bash takes a file without a `#!` line for a script of its own."""
    return subject.by == "command" and path.suffix in ("", ".sh")


WAYS: dict[str, Callable[[Broken], Change | None]] = {
    "command-renamed": command_renamed,
    "entrypoint-renamed": entrypoint_renamed,
    "copy-removed": copy_removed,
    "bit-removed": bit_removed,
    "crlf": crlf,
}
