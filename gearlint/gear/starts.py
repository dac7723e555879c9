"""What the shell scripts of a gear start and source: whether it is in the image."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span, is_within
from gearlint.core.text import NearNames, digits
from gearlint.core.unknown import UNKNOWN
from gearlint.gear.code import Code
from gearlint.gear.started import Started
from gearlint.image.bases import PROGRAMS
from gearlint.image.launch import Argument, Launch, Program
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.harmless import HARMLESS
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Command, Reach

_MAKERS = regex(r"\b(?:cp|mv|ln|install|curl|wget|git|tar|unzip|tee|rsync|touch)\b|>|-[efrsx]\s")
"""A command that may make a file, and what asks for one."""
_OUTPUT = f"{GEAR_DIRECTORY}/output"
_COPIES = regex(r"\b(?:cp|mv|ln|install|curl|wget|git|tar|unzip|rsync)\b")
"""A command that may put a file of the gear, or another one of its name, elsewhere."""
_CHANGES = regex(r"\bchmod\b|\bdos2unix\b|\b(?:sed|perl)[ \t]+-\w{0,9}?i|\btr[ \t]+-d")
"""A command that may change the mode of a file, or the ends of its lines."""
_NO_FILES = HARMLESS | {".", "cd", "chmod", "exec", "export", "local", "mkdir", "rm", "source"}
"""Commands that make no file of the gear."""


class MissingStart(NamedTuple):
    """A file that a shell script starts or sources, and that is not in the image.

    `path` is where it is looked for, `file` the one of the build context, if there is one. `near`
    is the name of a file that is there, if the path looks like a misspelling of it. `is_certain` is
    whether every run comes to it, and nothing that it does before can make the file, and
    `is_suspected` whether only a base image that is not known could have it.
    """

    path: str
    file: File | None
    near: str
    is_certain: bool
    source: Source
    span: Span
    is_suspected: bool


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


def path_starts(code: Code) -> Iterator[PathStart]:
    """What shell scripts start by its path in every run, and no script may have changed before."""
    changing = [one for one in code.started if _CHANGES.search(one.script.text)]
    starts = _starts(code) if changing else Counter()
    for one in code.started:
        if not (one.is_certain and one.is_always):
            continue
        others = [each for each in changing if each is not one]
        script = _Script(one.script.text)
        change = _CHANGES.search(script.text)
        for launch, command in code.launches_of(one):
            program = launch.started_file(code.image) if command.is_always else None
            if program is None or launch.is_bare or script.expects(program.path, command):
                continue
            # What is started here, and nowhere else, has changed nothing yet.
            is_new = [each.path for each in others] == [program.path] and others[0].launch == launch
            if others and not (is_new and starts[program.path] == 1):
                continue
            if change is not None and change.end() <= command.span.start:
                return
            is_certain = one.script in code.run.scripts and not script.may_have_made_files(command)
            yield PathStart(launch, program, is_certain, one.script.source)


def _starts(code: Code) -> Counter[str]:
    """How many places of shell scripts start or source what is at a path."""
    paths = [
        launch.absolute(word.text)
        for each in code.started
        for launch, _ in code.launches_of(each)
        for word in launch.named
    ]
    return Counter(
        code.image.files.resolved(posixpath.normpath(path)) for path in paths if path is not None
    )


def missing_starts(code: Code) -> list[MissingStart]:
    """The files of the gear that its shell scripts start or source, and that are not there."""
    found: dict[str, MissingStart] = {}
    search = _Search(code)
    for one in (each for each in code.started if each.is_certain):
        for missing in search.of(one):
            found.setdefault(missing.path, missing)
    return list(found.values())


class _Search:
    """Looks for what the shell scripts of a gear start or source, and that is not there."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._names: dict[str, NearNames] = {}

    def of(self, started: Started) -> Iterator[MissingStart]:
        """What one of them starts or sources, up to where it certainly ends."""
        source = started.script.source
        script = _Script(started.script.text)
        for launch, command in self._code.launches_of(started):
            if launch.program.text == "exit" and command.reach is Reach.ALWAYS:
                return
            for word in launch.named:
                missing = self._missing(source, script, launch, command, word)
                if missing is not None:
                    yield missing

    def _missing(
        self, source: Source, script: "_Script", launch: Launch, command: Command, word: Argument
    ) -> MissingStart | None:
        """What a word of a command names, if it is not there."""
        path = launch.absolute(word.text)
        if path is None or path.endswith("\r"):  # GL405 says so
            return None
        there = launch.find(self._code.image, word.text)
        if not (there is None or there is UNKNOWN):
            return None
        path = posixpath.normpath(path)
        if own := self._left_behind(launch, word.text, script.text[: command.span.start]):
            span = source.span_of_text(word.start, word.end)
            return MissingStart(path, None, own, False, source, span, False)
        meant, near = self._code.run.file_meant(path), self._misspelt(path)
        is_missing = there is None and not script.may_have_made_files(command)
        is_certain = is_missing and command.reach is Reach.ALWAYS and command.shell == 0
        is_reached = is_certain or (is_missing and script.ends_with(command))
        # The shell looks for a bare name on PATH as well; a sourced file may change directory.
        is_bare = "/" not in word.text and launch.interpreter != "python"
        is_elsewhere = is_bare or script.may_have_moved(command) or not _is_in_gear(path)
        if meant is None and not near and (is_elsewhere or not is_reached):
            return None
        if script.expects(path, command):
            return None
        is_suspected = there is UNKNOWN
        if is_suspected and (meant is not None or not self._is_unlikely(path, near)):
            return None
        if is_suspected and self._is_named(path, script.text[: command.span.start]):
            return None
        span = source.span_of_text(word.start, word.end)
        return MissingStart(path, meant, near, is_certain, source, span, is_suspected)

    def _left_behind(self, launch: Launch, name: str, before: str) -> str:
        """The file of the gear that is meant by a name after `cd` to where files are written."""
        here, path = launch.absolute(name) or "", f"{GEAR_DIRECTORY}/{posixpath.normpath(name)}"
        node = self._code.image.files.find(path)
        if name.startswith("/") or not is_within(posixpath.normpath(here), _OUTPUT):
            return ""
        is_ours = isinstance(node, File) and node.doubt is None
        is_made = _COPIES.search(before) is not None or self._is_named(path, before)
        return "" if not is_ours or is_made else path

    def _misspelt(self, path: str) -> str:
        """The name of the file beside a path that was meant, empty if none is so near."""
        directory, name = posixpath.split(path)
        if directory not in self._names:
            place = self._code.image.files.find(directory)
            files = place.certain_files() if isinstance(place, Directory) else []
            self._names[directory] = NearNames(files)
        return next(self._names[directory].of(name), "")

    def _is_unlikely(self, path: str, near: str) -> bool:
        """Whether only a base image could have a file, and `near` beside it is the one meant."""
        image = self._code.image
        return (
            digits(posixpath.basename(path)) == digits(near)
            and not image.missing_sources
            and _is_in_gear(path)
            and image.is_of_base(path)
        )

    def _is_named(self, path: str, before: str) -> bool:
        """Whether a script names a file before it starts it, or a module does: they may make it."""
        name = posixpath.basename(path)
        return name in before or any(name in text for text in self._code.python_texts)


class _Script:
    """The text of a shell script, and what its commands have done before one of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        commands = command_line.parse(text).commands
        makes = (each.span for each in commands if _may_make_files(each))
        moves = (each.span for each in commands if each.name in (".", "source"))
        after_all = Span(len(text), len(text))
        self._first_make = min(makes, default=after_all)
        self._first_move = min(moves, default=after_all)
        self._ends: dict[Span, bool] = {}
        for each in reversed(commands):
            if each.input is not None:
                is_reached = each.reach is Reach.ALWAYS or self._ends.get(each.span, False)
                self._ends[each.input.span] = is_reached

    def may_have_made_files(self, command: Command) -> bool:
        """Whether a command before one may have made files of the gear."""
        return self._first_make < command.span

    def may_have_moved(self, command: Command) -> bool:
        """Whether a script that is sourced before a command may have changed the directory."""
        return self._first_move < command.span

    def ends_with(self, command: Command) -> bool:
        """Whether a command begins a pipeline, or goes on with it, whose end each run comes to."""
        return self._ends.get(command.span, False)

    def expects(self, path: str, command: Command) -> bool:
        """Whether a file is made before a command, or asked for, or the script can do without."""
        if self.text[command.span.end :].lstrip(" \t").startswith("||"):
            return True
        return self._made.find(posixpath.basename(path), 0, command.span.start) != -1

    @cached_property
    def _made(self) -> str:
        """The text of lines behind one of `_MAKERS`, each where it is in the script."""
        text, kept, end = f"{self.text}\n", [], 0
        for maker in _MAKERS.finditer(text):
            if maker.end() > end:
                kept.append("\0" * (maker.end() - end))
                end = text.find("\n", maker.end())
                kept.append(text[maker.end() : end])
        return "".join(kept)


def _may_make_files(command: Command) -> bool:
    """Whether a command may make files of the gear, or write to any."""
    if command.words and command.name not in _NO_FILES:
        return True
    return any(
        ">" in redirection.operator and redirection.target.literal is None
        for redirection in command.redirections
    )


def _is_in_gear(path: str) -> bool:
    """Whether a path is below the directory of the gear, and in none that Flywheel fills."""
    below = path.removeprefix(f"{GEAR_DIRECTORY}/")
    return below != path and below.partition("/")[0] not in ("input", "output", "work")


class MissingProgram(NamedTuple):
    """A program that a shell script runs by its name, and that the image certainly lacks."""

    name: str
    source: Source
    span: Span


_OF_CSH = "setenv"
"""What sets a variable in csh, where no program has that name."""
_SOURCES = regex(r"(?:\A|[\n;&|({ \t])(?:\.|source|eval)[ \t]")


def missing_programs(code: Code) -> list[MissingProgram]:
    """The programs of the table of bases that its shell scripts run, each once in a script.

    Not those that the script asks for, makes itself, or can do without.
    """
    found: dict[tuple[str, str], MissingProgram] = {}
    for one in (each for each in code.started if each.is_certain):
        source = one.script.source
        for launch, command in code.launches_of(one):
            name = launch.program.text
            if (source.path, name) in found:
                continue
            if name in PROGRAMS:
                is_nowhere = launch.is_nowhere(code.image)
            elif name == _OF_CSH:  # a function of that name may be sourced
                is_sourced = _SOURCES.search(one.script.text) is not None
                is_nowhere = not is_sourced and _is_of_nobody(launch, code.image)
            else:
                continue
            if is_nowhere and not _does_without(one.script.text, command, name):
                span = source.span_of_text(launch.program.start, launch.program.end)
                found[source.path, name] = MissingProgram(name, source, span)
    return list(found.values())


def _is_of_nobody(launch: Launch, image: Image) -> bool:
    """Whether a name that no program has is on PATH for nothing that was added to the image."""
    paths = [posixpath.join(each, launch.program.text) for each in launch.directories or ()]
    is_plain = image.foreign is None and bool(paths)
    return is_plain and all(
        image.files.find(path) is None or image.is_of_base(path) for path in paths
    )


_DEBIAN = "apt-get update && apt-get install -y"
_INSTALLS = {"debian": _DEBIAN, "ubuntu": _DEBIAN, "alpine": "apk add"}
"""What installs a package, by the family of the base."""
_PACKAGES = ("bash", "curl", "git", "jq", "npm", "perl", "python3", "ruby", "unzip", "wget", "zip")
"""Programs whose package has their name."""


def how_to_install(name: str, image: Image) -> str:
    """What to do about a program that the image lacks."""
    if name == _OF_CSH:
        return "write export NAME=VALUE: setenv is of csh"
    family = image.base.family if image.base is not None else ""
    if name == "python" and image.has_python3:
        return "write python3"
    if family in _INSTALLS and name in _PACKAGES:
        return f"add RUN {_INSTALLS[family]} {name}"
    return "install it in the image"


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


def may_start_others(code: Code) -> bool:
    """Whether a shell script starts a program in /flywheel/v0 that the base may have there."""
    return any(
        path is not None
        and posixpath.normpath(path).startswith(f"{GEAR_DIRECTORY}/")
        and code.image.files.find(path) is UNKNOWN
        and code.run.file_meant(path) is None
        for one in code.started
        for launch, _ in code.launches_of(one)
        for path in (launch.absolute(word.text) for word in launch.named)
    )
