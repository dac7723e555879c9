"""What the shell scripts of a gear start and source: whether it is in the image."""

import posixpath
import re
from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.core.text import NearNames, digits
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.code import Code, Started
from gearlint.gear.run import Run
from gearlint.image.bases import PROGRAMS
from gearlint.image.launch import Launch, Program
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.harmless import HARMLESS
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Command, Reach

_MAKES = r"\b(?:cp|mv|ln|install|curl|wget|git|tar|unzip|tee|rsync|touch)\b"
"""A command that may make a file."""
_CHANGES = regex(r"\bchmod\b|\bdos2unix\b|\b(?:sed|perl)[ \t]+-\w{0,9}?i|\btr[ \t]+-d")
"""A command that may change the mode of a file, or the ends of its lines."""
_NO_FILES = HARMLESS | {".", "cd", "chmod", "exec", "export", "local", "mkdir", "rm", "source"}
"""Commands that make no file of the gear."""


class MissingStart(NamedTuple):
    """A file that a shell script starts or sources, and that is not in the image.

    `path` is where it is looked for, `file` the one of the build context, if there is one. `near`
    is the name of a file that is there, if the path looks like a misspelling of it. `is_certain` is
    whether every run comes to it, and nothing that it does before can make the file.
    """

    path: str
    file: File | None
    near: str
    is_certain: bool
    source: Source
    span: Span
    is_suspected: bool = False


class PathStart(NamedTuple):
    """A file that a shell script always starts by its path, as a program of its own.

    `is_certain` is whether nothing that is done before can change the file.
    """

    launch: Launch
    program: Program
    is_certain: bool
    source: Source

    @property
    def span(self) -> Span:
        """Where the script names it."""
        word = self.launch.program
        return self.source.span_of_text(word.start, word.end)


def path_starts(code: Code, run: Run, image: Image) -> Iterator[PathStart]:
    """What shell scripts start by its path in every run, and no script may have changed before."""
    changing = [one for one in code.started if _CHANGES.search(one.script.source.text or "")]
    starts = _starts(code, image) if changing else []
    for one in code.started:
        if not (one.is_certain and one.is_always):
            continue
        others = [each for each in changing if each is not one]
        source = one.script.source
        text = source.text or ""
        for launch, command in code.launches_of(one):
            program = launch.started_file(image) if command.is_always else None
            if program is None or launch.is_bare or _is_expected(text, command, program.path):
                continue
            # What is started here, and nowhere else, has changed nothing yet.
            is_new = [each.path for each in others] == [program.path] and others[0].launch == launch
            if others and not (is_new and starts.count(program.path) == 1):
                continue
            if _CHANGES.search(text, 0, command.span.start):
                return
            is_certain = one.script in run.scripts and _names_before(text, command) <= _NO_FILES
            yield PathStart(launch, program, is_certain, source)


def _starts(code: Code, image: Image) -> list[str]:
    """The paths of what shell scripts start or source, once for each place that does."""
    paths = [
        launch.absolute(word.text)
        for each in code.started
        for launch, _ in code.launches_of(each)
        for word in launch.named
    ]
    return [image.files.resolved(posixpath.normpath(path)) for path in paths if path is not None]


def missing_starts(code: Code, run: Run, image: Image) -> list[MissingStart]:
    """The files of the gear that its shell scripts start or source, and that are not there."""
    found: dict[str, MissingStart] = {}
    near: dict[str, NearNames] = {}
    for one in (each for each in code.started if each.is_certain):
        for missing in _missing_starts(one, code, run, image, near):
            found.setdefault(missing.path, missing)
    return list(found.values())


def _missing_starts(
    started: Started, code: Code, run: Run, image: Image, near_names: dict[str, NearNames]
) -> Iterator[MissingStart]:
    source = started.script.source
    text = source.text or ""
    for launch, command in code.launches_of(started):
        if launch.program.text == "exit" and command.reach is Reach.ALWAYS:
            return
        for word in launch.named:
            path = launch.absolute(word.text)
            is_crlf = path is not None and path.endswith("\r")  # GL405 says so
            there = launch.find(image, word.text) if path is not None else None
            if path is None or is_crlf or not (there is None or there is UNKNOWN):
                continue
            path = posixpath.normpath(path)
            meant, near = run.file_meant(path), _misspelt(path, image, near_names)
            before = _names_before(text, command)
            is_missing = before <= _NO_FILES and there is None
            is_certain = is_missing and command.reach is Reach.ALWAYS and command.shell == 0
            # The shell looks for a bare name on PATH as well; a sourced file may change directory.
            is_bare = "/" not in word.text and launch.interpreter != "python"
            has_moved = not before.isdisjoint((".", "source"))
            is_nowhere = is_missing and _is_in_gear(path) and not (is_bare or has_moved)
            is_nowhere = is_nowhere and (is_certain or _is_piped_on(text, command))
            if not (meant is not None or near or is_nowhere) or _is_expected(text, command, path):
                continue
            if there is UNKNOWN and (
                meant is not None
                or not _is_unlikely(path, near, image)
                or _is_named(path, text[: command.span.start], code)
            ):
                continue
            span = source.span_of_text(word.start, word.end)
            yield MissingStart(path, meant, near, is_certain, source, span, there is UNKNOWN)


def _is_piped_on(text: str, command: Command) -> bool:
    """Whether a command begins a pipeline, or goes on with it, whose end each run comes to."""
    commands = command_line.parse(text).commands
    here: Command | None = command
    while here is not None:
        readers = (each for each in commands if each.input and each.input.span == here.span)
        here = next(readers, None)
        if here is not None and here.reach is Reach.ALWAYS:
            return True
    return False


def _is_in_gear(path: str) -> bool:
    """Whether a path is below the directory of the gear, and in none that Flywheel fills."""
    below = path.removeprefix(f"{GEAR_DIRECTORY}/")
    return below != path and below.partition("/")[0] not in ("input", "output", "work")


def _is_unlikely(path: str, near: str, image: Image) -> bool:
    """Whether only a base image could have a file, and the gear has one of nearly its name."""
    name = posixpath.basename(path)
    if digits(name) != digits(near) or image.missing_sources or not _is_in_gear(path):
        return False
    place = image.files.find(posixpath.dirname(path))
    is_own = isinstance(place, Directory) and near in place.certain_files(is_own=True)
    return is_own and image.files.is_of_base(path, image.origin)


def _is_named(path: str, before: str, code: Code) -> bool:
    """Whether a script names a file before it starts it, or a module does: they may make it."""
    name = posixpath.basename(path)
    modules = (module for program in code.programs for module in program.modules)
    return name in before or any(name in module.text for module in modules)


class MissingProgram(NamedTuple):
    """A program that a shell script runs by its name, and that the image certainly lacks."""

    name: str
    source: Source
    span: Span


def missing_programs(code: Code, image: Image) -> list[MissingProgram]:
    """The programs of the table of bases that its shell scripts run, each once in a script.

    Not those that the script asks for, makes itself, or can do without.
    """
    found: dict[tuple[str, str], MissingProgram] = {}
    for one in (each for each in code.started if each.is_certain):
        source = one.script.source
        for launch, command in code.launches_of(one):
            name = launch.program.text
            if name not in PROGRAMS or (source.path, name) in found:
                continue
            if launch.is_nowhere(image) and not _does_without(source.text or "", command, name):
                span = source.span_of_text(launch.program.start, launch.program.end)
                found[source.path, name] = MissingProgram(name, source, span)
    return list(found.values())


_CONDITIONS = ("if", "elif", "while", "until")
"""What a command that may fail stands after."""


def _does_without(text: str, command: Command, name: str) -> bool:
    """Whether a script asks for a program, has it from elsewhere, or goes on without it."""
    text, after = text.replace("\\\n", "  "), text[command.span.end :].lstrip(" \t")
    before = text[: command.span.start].rstrip(" \t!")
    asks = rf"\b(?:command|which|type|hash|alias|install|module|add)\b[^\n;]*[\s=]{name}\b"
    is_function = any(each.function == name for each in command_line.parse(text).commands)
    if is_function or re.search(rf"{asks}|/{name}\b", text) is not None:
        return True
    return after.startswith("||") or before.endswith(_CONDITIONS)


def may_start_others(code: Code, run: Run, image: Image) -> bool:
    """Whether a shell script starts a program in /flywheel/v0 that the base may have there."""
    return any(
        path is not None
        and posixpath.normpath(path).startswith(f"{GEAR_DIRECTORY}/")
        and image.files.find(path) is UNKNOWN
        and run.file_meant(path) is None
        for one in code.started
        for launch, _ in code.launches_of(one)
        for path in (launch.absolute(word.text) for word in launch.named)
    )


def _misspelt(path: str, image: Image, known: dict[str, NearNames]) -> str:
    """The name of the file beside a path that was meant, empty if none is so near.

    `known` are the names of the files in the directories where one was looked for.
    """
    directory, name = posixpath.split(path)
    if directory not in known:
        place = image.files.find(directory)
        known[directory] = NearNames(place.certain_files() if isinstance(place, Directory) else ())
    return next(known[directory].of(name), "")


def _is_expected(text: str, command: Command, path: str) -> bool:
    """Whether a script makes a file before a command, asks for it, or goes on without it."""
    name = re.escape(posixpath.basename(path))
    before, after = text[: command.span.start], text[command.span.end :].lstrip(" \t")
    if after.startswith("||"):
        return True
    return re.search(rf"(?:{_MAKES}|>|-[efrsx]\s)[^\n]*{name}", before) is not None


def _names_before(text: str, command: Command) -> set[str | None]:
    """The names of all commands before one; `None` for one that may write to any file."""
    earlier = [each for each in command_line.parse(text).commands if each.span < command.span]
    writes_any = any(
        ">" in redirection.operator and redirection.target.literal is None
        for each in earlier
        for redirection in each.redirections
    )
    return {each.name for each in earlier if each.words} | ({None} if writes_any else set())
