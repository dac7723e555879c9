"""The ways in which a gear is broken: each says what is to be changed on disk."""

import fnmatch
import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.wild.dockerfile import Dockerfile, Instruction
from tests.wild.started import Broken, Started, brings, copies, entrypoint_and_cmd, started

_SHELLS = re.compile(rb"#!")
_ON_FILES = re.compile(
    r"\s*(?:sudo\s+)?(?:chmod|chown|chgrp|ln|cp|mv|install|sed|touch|dos2unix)\b"
)
"""Commands whose arguments are files."""


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
    """The gear is broken, and mended afterwards."""
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
    return change(subject, _renamed(gear, subject.name, None), _renames(gear, subject))


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
    contents = _renamed(gear, subject.name, kept)
    command = gear.command
    if command and (new := _named_anew(command, subject.name)) != command:
        value = json.loads(gear.manifest_path.read_bytes())
        value["command"] = new
        contents[gear.manifest_path] = json.dumps(value, indent=2).encode()
    return change(subject, contents, _renames(gear, subject))


def _renames(gear: Broken, subject: Started) -> dict[Path, Path]:
    paths = [gear.context / file for file in subject.files]
    return {path: path.with_name(other_name(path.name)) for path in paths}


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w./-])")


def _named_anew(text: str, name: str) -> str:
    """A command line with the name replaced, but not the `run` of `poetry run`."""
    pattern = rf"(?<!poetry )(?<!uv )(?<!pipenv ){_pattern(name).pattern}"
    return re.sub(pattern, other_name(name).replace("\\", r"\\"), text)


def _renamed(gear: Broken, name: str, kept: Instruction | None) -> dict[Path, bytes]:
    """The Dockerfile and the ignore files with another name in place of one."""
    dockerfile = gear.dockerfile
    text = dockerfile.text
    for each in reversed(dockerfile.instructions):
        if each == kept:
            continue
        if each.name in ("COPY", "ADD"):
            new = _in_words(dockerfile, each, name, has_globs=True)
        elif each.name in ("ENTRYPOINT", "CMD"):
            new = _in_words(dockerfile, each, name, has_globs=False)
        elif each.name == "RUN":
            new = _in_run(each, name)
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


def _in_words(
    dockerfile: Dockerfile, each: Instruction, name: str, *, has_globs: bool
) -> Callable[[str], str]:
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


def _in_run(each: Instruction, name: str) -> Callable[[str], str]:
    """What replaces a name in a RUN, where it is certainly a file's."""

    def new(text: str) -> str:
        offset = each.body - each.start
        for start, end in reversed(segments(each.text)):
            segment = text[offset + start : offset + end]
            if _ON_FILES.match(segment) or "." in name:
                segment = _pattern(name).sub(other_name(name), segment)
            else:
                pattern = rf"(?<=/){_pattern(name).pattern}"
                segment = re.sub(pattern, other_name(name), segment)
            text = text[: offset + start] + segment + text[offset + end :]
        return text

    return new


def segments(text: str) -> list[tuple[int, int]]:
    """The commands of a shell line, divided at `&&`, `||` and `;` outside quotes."""
    found, start, quote = [], 0, ""
    at = 0
    while at < len(text):
        if quote:
            quote = "" if text[at] == quote else quote
        elif text[at] in "\"'":
            quote = text[at]
        elif text[at : at + 2] in ("&&", "||") or text[at] in ";\n":
            found.append((start, at))
            at += 1 if text[at] in ";\n" else 2
            start = at
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
    *sources, _ = each.words or [None]
    kinds = [{brings(dockerfile, word, file) for file in files} for word in sources if word]
    bringing = [word for word, kind in zip(sources, kinds, strict=True) if word and kind != {None}]
    if not bringing:
        return text
    if any("directory" in kind for kind in kinds) and len(sources) == 1:
        bringing = [word for word in sources if word]
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
            for flag in each.flags:
                if flag.text.startswith("--chmod"):
                    text = f"{text[: flag.start]}--chmod=0644{text[flag.end :]}"
    paths = [gear.context / file for file in subject.files]
    modes = {path: path.stat().st_mode & 0o666 for path in paths}
    return change(subject, {gear.dockerfile_path: text.encode("latin-1")}, modes=modes)


def _without_chmod(dockerfile: Dockerfile, each: Instruction, subject: Started, text: str) -> str:
    parts = segments(each.text)
    setting = [part for part in parts if _sets_bit(dockerfile, each.text[slice(*part)], subject)]
    if not setting:
        return text
    if len(setting) == len(parts) or each.is_json:
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
    path = posixpath.join("/flywheel/v0", dockerfile.expand(subject.word))
    for operand in words[words.index(modes[0]) + 1 :]:
        operand = dockerfile.expand(operand).rstrip("/")
        last = posixpath.basename(operand)
        if fnmatch.fnmatchcase(subject.name, last):
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
            data != new[path] and (data.startswith(b"#!") or _is_shell(subject, path))
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
