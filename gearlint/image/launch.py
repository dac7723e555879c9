"""What an ENTRYPOINT, a CMD or the manifest's `command` starts, in a given image."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from gearlint.core.budget import Values
from gearlint.core.lazy import regex
from gearlint.core.text import quoted
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.files import Directory, File, Node
from gearlint.image.shell.installers import HARMLESS
from gearlint.image.state import DEFAULT_PATH, GEAR_DIRECTORY, Image, Start, Value
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.model import Assignment, Command, Reach
from gearlint.syntax.substitution import Lookup

_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)")
_OF_FLYWHEEL = regex(r"/flywheel/v0/(?:input|output|config\.json)(?:/|\Z)")
"""What Flywheel makes when the run starts."""
_SHELLS = ("bash", "sh", "dash", "ash", "zsh")
_INTERPRETERS = ("python", "pypy", *_SHELLS, "Rscript", "node", "perl", "ruby", "julia")
_OPTIONS = {"python": "uBOEsISvbdqx", **dict.fromkeys(_SHELLS, "euxv")}
"""The options without a value; those of other interpreters are not known."""
MAX_CHARACTERS = 20_000
"""Of values of variables in one command line; what they are after that is not known."""
MAX_DIRECTORIES = 100
"""Of a PATH; what is found on a longer one is not known."""
MAX_COMMANDS = 200
"""Commands of one line; what those after them start is not known."""
MAX_INNER = 10
"""Programs that start one another; what is started after so many is not known."""

_RUNNERS = ("poetry", "uv", "pipenv")
"""Programs that start another with `run`, on a PATH of their own."""
_BUILTINS = ("[", "echo", "false", "kill", "printf", "pwd", "test", "true")
"""Programs that a shell has in itself; what only a shell has is never a launch."""

Answer: TypeAlias = Node | Unknown | None


class Argument(NamedTuple):
    """A word of a command: its text, and its characters (from 0) in the line it stands in."""

    text: str
    start: int
    end: int


class Program(NamedTuple):
    """A file of the image that is started as a program of its own: its path from `/`, and it.

    `is_found` is false where the bare name of one of the gear's files is not found on PATH: this
    is the file that was meant.
    """

    path: str
    file: File
    is_found: bool


class Launch(NamedTuple):
    """A program that is certainly started, with its arguments, and the directory it starts in.

    `words` begins with the program; a word that nobody can know ends the list. `path` is the PATH
    that a bare program is looked up on. `by_shell` is whether a shell starts it.
    """

    words: tuple[Argument, ...]
    cwd: str | Unknown
    path: Value
    by_shell: bool

    @property
    def program(self) -> Argument:
        """The program as written."""
        return self.words[0]

    @property
    def is_bare(self) -> bool:
        """Whether the program is looked up on PATH."""
        return "/" not in self.program.text

    @property
    def interpreter(self) -> str:
        """The interpreter of scripts that the program is, without its version; "" if it is none."""
        name = posixpath.basename(self.program.text).rstrip("0123456789.")
        return name if name in _INTERPRETERS else ""

    @property
    def script(self) -> Argument | None:
        """The script that an interpreter is given, if that is certain."""
        if not self.interpreter:
            return None
        options = _OPTIONS.get(self.interpreter, "")
        for word in self.words[1:]:
            if not word.text.startswith(("-", "+")):
                return word
            if word.text == "-" or word.text.rstrip(options) != "-":
                return None
        return None

    def absolute(self, path: str) -> str | None:
        """A path of this command from `/`, `None` if its directory is unknown."""
        if path.startswith("/"):
            return posixpath.normpath(path)
        return None if isinstance(self.cwd, Unknown) else posixpath.join(self.cwd, path)

    def find(self, image: Image, path: str) -> Answer:
        """What is at a path of this command in the image."""
        variable = None if self.by_shell else _VARIABLE.match(path)
        if variable is not None and isinstance(image.variable(variable[1]), str):
            return None  # without a shell nothing replaces it, and no file has such a name
        absolute = self.absolute(path)
        if absolute is None or _OF_FLYWHEEL.match(posixpath.normpath(absolute)):
            return UNKNOWN
        return image.files.find(absolute)

    def missing(self, image: Image) -> tuple[Argument, str] | None:
        """The word that names what certainly cannot be started, and what that is."""
        for word in (None if self.is_bare else self.program, self.script):
            there = self.find(image, word.text) if word else UNKNOWN
            if word is not None and (there is None or isinstance(there, Directory)):
                path = posixpath.normpath(self.absolute(word.text) or word.text)
                return word, f"{path}, which is {'a directory' if there else 'not in the image'}"
        if self.is_nowhere(image):
            return self.program, f"{quoted(self.program.text)}, which is not on PATH"
        return None

    def started_file(self, image: Image) -> Program | None:
        """The file that is, or was meant to be, started as a program of its own, if it is known."""
        return _started_file(self, image)

    def is_nowhere(self, image: Image) -> bool:
        """Whether the program is a bare name that is certainly neither on PATH nor the gear's."""
        return (
            self.is_bare
            and not (self.by_shell and self.program.text in _BUILTINS)
            and on_path(image, self.program.text, self.path, self.cwd, is_own=False) is False
            and self.started_file(image) is None
        )


# Several rules ask the same of one gear, which is no longer changed then.
@lru_cache(maxsize=16)
def _started_file(launch: Launch, image: Image) -> Program | None:
    if not launch.is_bare:
        return _file_at(image, launch.absolute(launch.program.text), is_found=True)
    name = launch.program.text
    listed = on_path(image, name, launch.path, launch.cwd, is_own=True)
    if listed is None or not isinstance(launch.path, str):
        return None
    for directory in launch.path.split(":"):
        path = launch.absolute(posixpath.join(directory, name))
        there = _file_at(image, path, is_found=True)
        if there is not None and (there.file.is_executable or not listed):
            return there
        if there is None and listed and not _is_plain(image):
            return None  # another file of that name may come first
    for place in (launch.cwd, GEAR_DIRECTORY):
        if not isinstance(place, Unknown):
            meant = _file_at(image, posixpath.join(place, name), is_found=False)
            if meant is not None:
                return meant
    return None


def _file_at(image: Image, path: str | None, *, is_found: bool) -> Program | None:
    there = image.files.find(path) if path else None
    if path is None or not isinstance(there, File):
        return None
    return Program(posixpath.normpath(path), there, is_found)


def on_path(
    image: Image, name: str, path: Value, cwd: str | Unknown, *, is_own: bool
) -> bool | None:
    """Whether a bare name is on a PATH, `None` if nobody knows.

    The plain public bases certainly have none of the gear's own file names on it (`is_own`).
    """
    if not isinstance(path, str) or path.count(":") >= MAX_DIRECTORIES:
        return None
    answer: bool | None = False
    plain = is_own and _is_plain(image)
    for directory in path.split(":"):
        where = directory if directory.startswith("/") else None
        if where is None:
            if isinstance(cwd, Unknown):
                return None
            where = posixpath.join(cwd, directory)
        node = image.files.find(posixpath.join(where, name))
        if isinstance(node, File):
            if node.is_executable:
                return True
            if node.is_executable is None:
                answer = None
        elif isinstance(node, Unknown) and not plain:
            answer = None
    return answer


def _is_plain(image: Image) -> bool:
    """Whether the PATH of the image certainly has none of the gear's names but the known ones."""
    return (image.base is not None or image.is_scratch) and not image.has_foreign_commands


RUN = Launch((Argument("./run", 0, 0),), GEAR_DIRECTORY, None, by_shell=False)
"""What Flywheel starts where the manifest has no `command`."""


def not_executable(launches: Iterable[Launch], image: Image) -> Iterator[tuple[Argument, Program]]:
    """The programs without an executable bit, each once, with the word that starts it."""
    found: set[int] = set()
    for launch in launches:
        program = launch.started_file(image)
        if program is None or program.file.is_executable is not False or id(program.file) in found:
            continue
        found.add(id(program.file))
        yield launch.program, program


def entrypoint_of(image: Image) -> Start | None:
    """The instruction of the Dockerfile that says what the image starts, if one does."""
    if isinstance(image.entrypoint, Start):
        return image.entrypoint
    if image.entrypoint is None and isinstance(image.cmd, Start):
        return image.cmd
    return None


def launches_of_start(image: Image, start: Start) -> list[Launch]:
    """What an ENTRYPOINT, or a CMD in its place, certainly starts.

    The positions of the words of an exec form are indices of its elements. `["python run.py"]` is
    read as it was meant.
    """
    path = image.variable("PATH")
    if start.argv is None:
        program = image.shell
        if isinstance(program, Unknown) or posixpath.basename(program[0]) not in _SHELLS:
            return []
        return list(launches_of_text(start.text, image.variable, path, image.workdir))
    first = words_in_one(image, start) or start.argv[:1]
    words = [Argument(text, 0, 0) for text in first]
    words += [Argument(text, index, index) for index, text in enumerate(start.argv) if index]
    if start is image.entrypoint:
        last = len(start.argv) - 1
        words += [Argument(text, last, last) for text in _cmd_words(image)]
    launch = Launch(tuple(words), image.workdir, path, by_shell=False)
    return list(_with_inner(launch, image.variable))


def _cmd_words(image: Image) -> Sequence[str]:
    """The arguments that CMD gives an ENTRYPOINT in exec form; nobody points at them there."""
    if not isinstance(image.cmd, Start):
        return ()
    if image.cmd.argv is not None:
        return image.cmd.argv
    return () if isinstance(image.shell, Unknown) else (*image.shell, image.cmd.text)


def _with_inner(launch: Launch, lookup: Lookup) -> Iterator[Launch]:
    """A launch, and what it is reported to start: by `env`, `poetry run`, or a shell with `-c`."""
    for _ in range(MAX_INNER):
        yield launch
        name, words = posixpath.basename(launch.program.text), launch.words[1:]
        if name == "env" and words and not re.search(r"\A-|=", words[0].text):
            launch = launch._replace(words=words, by_shell=True)
        elif name in _RUNNERS and len(words) > 1 and words[0].text == "run":
            if words[1].text.startswith("-"):
                return
            launch = launch._replace(words=words[1:], path=UNKNOWN)
        else:
            break
    if name in _SHELLS and len(words) > 1 and words[0].text == "-c":
        _, text, *_ = words
        for inner in launches_of_text(text.text, lookup, launch.path, launch.cwd):
            yield inner._replace(
                words=tuple(word._replace(start=text.start, end=text.end) for word in inner.words)
            )


def launches_of_command(command: str, environment: Lookup) -> list[Launch]:
    """What the manifest's `command` certainly starts: it runs by bash in `/flywheel/v0`."""
    path = environment("PATH")
    return list(
        launches_of_text(
            command, environment, DEFAULT_PATH if path is None else path, GEAR_DIRECTORY
        )
    )


def launches_of_text(
    text: str, lookup: Lookup, path: Value, cwd: str | Unknown
) -> Iterator[Launch]:
    """The programs that a command line certainly starts in the image as it was built.

    What a program that is started has done to the files nobody knows: the list ends after it.
    """
    commands = command_line.parse(text)
    state = _ShellState(lookup, path, cwd)
    for command in commands.commands[:MAX_COMMANDS] if commands.known else ():
        if command.reach is Reach.MAYBE or not command.must_succeed or command.shell != 0:
            if (command.words and command.name not in HARMLESS) or _writes(command):
                return
            continue
        words = tuple(_arguments(command, state.value))
        if not words:
            state.assign(command)
            if command.words:
                return
            continue
        name = words[0].text
        is_complete = len(words) == len(command.words)
        if name == "cd":
            state.cd([word.text for word in words[1:]] if is_complete else [])
        elif name == "export":
            state.export([word.text for word in words[1:]], is_complete)
        elif name in ("source", ".", "eval"):
            state.path = state.cwd = UNKNOWN
        elif name == "exec" and len(words) > 1:
            yield from _with_inner(state.launch(command, words[1:]), state.value)
            return
        elif command_line.is_plain(name) and not _defines(text, name):
            yield from _with_inner(state.launch(command, words), state.value)
            if name not in HARMLESS:
                return
        if _writes(command):
            return


class _ShellState:
    """What a shell knows between two commands: its variables, with PATH, and its directory."""

    def __init__(self, lookup: Lookup, path: Value, cwd: str | Unknown) -> None:
        self.lookup = lookup
        self.path = path
        self.cwd = cwd
        self.variables: dict[str, Value] = {}
        self.values = Values(MAX_CHARACTERS)

    def value(self, name: str) -> Value:
        """The value of a variable."""
        value = self.path
        if name != "PATH":
            value = self.variables[name] if name in self.variables else self.lookup(name)
        return self.values.read(value)

    def set(self, name: str, value: Value) -> None:
        if name == "PATH":
            self.path = value
        self.variables[name] = value

    def assign(self, command: Command) -> None:
        """`NAME=value` without a program: it holds from now on."""
        for assignment in command.assignments:
            self.set(assignment.name, self._assigned(assignment))

    def launch(self, command: Command, words: tuple[Argument, ...]) -> Launch:
        """What a command starts; a PATH before it holds for it alone."""
        path = self.path
        for assignment in command.assignments:
            if assignment.name == "PATH":
                path = self._assigned(assignment)
        return Launch(words, self.cwd, path, by_shell=True)

    def _assigned(self, assignment: Assignment) -> Value:
        value = expansion.value(assignment.value, self.value)
        return UNKNOWN if value is None else value

    def cd(self, operands: list[str]) -> None:
        target = operands[0] if len(operands) == 1 else None
        if target is None or (isinstance(self.cwd, Unknown) and not target.startswith("/")):
            self.cwd = UNKNOWN
        else:
            self.cwd = posixpath.join(str(self.cwd), target)

    def export(self, operands: list[str], is_complete: bool) -> None:
        """`export NAME=value`; where some of them are not known, PATH is not."""
        for operand in operands:
            name, equals, value = operand.partition("=")
            if equals:
                self.set(name, value)
        if not is_complete:
            self.path = UNKNOWN


def _defines(text: str, name: str) -> bool:
    """Whether a text defines a shell function of a name."""
    if "(" not in text and "function" not in text:
        return False
    name = re.escape(name)
    return re.search(rf"function\s+{name}\b|(?<![\w/]){name}\s*\(\s*\)", text) is not None


def _writes(command: Command) -> bool:
    """Whether a command makes or fills a file by a redirection."""
    return any(">" in redirection.operator for redirection in command.redirections)


def _arguments(command: Command, lookup: Lookup) -> Iterator[Argument]:
    for word in command.words:
        fields = expansion.expand(word, lookup)
        if fields is None or any(field.pattern is not None for field in fields):
            return
        if any("{" in field.text for field in fields):
            return  # a template of Flywheel's: `{config.option}`
        for field in fields:
            yield Argument(field.text, *word.span)


def plain_words(text: str) -> Sequence[str] | None:
    """The words of a shell form that means the same in exec form, `None` for any other."""
    return text.split() if command_line.is_plain(text) else None


def holds_space(image: Image, start: Start) -> bool:
    """Whether the first element of an exec form holds a blank, and is not a file's name."""
    if start.argv is None or not re.search(r"\S\s+\S", start.argv[0]):
        return False
    name = start.argv[0]
    path = name if name.startswith("/") else posixpath.join(str(image.workdir), name)
    return not isinstance(image.files.find(path), File)


def words_in_one(image: Image, start: Start) -> Sequence[str] | None:
    """The words that are one element of an exec form by mistake, if they are plain."""
    if start.argv is None or not holds_space(image, start):
        return None
    return plain_words(start.argv[0])
