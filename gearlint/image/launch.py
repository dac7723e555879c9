"""A program that is started, with its arguments, and what of it is in an image."""

import posixpath
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise, takewhile

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import is_within
from gearlint.core.text import quoted
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import DEFAULT_PATH, Value
from gearlint.image.nodes import Directory, File, Link, Node, files_in
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.syntax.shell.command_line import SHELLS

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.modules import MissingModule

_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)")
OF_FLYWHEEL = ("input", "output", "config.json")
"""What Flywheel makes in the gear's directory when the run starts."""
_PLACES_OF_FLYWHEEL = tuple(f"{GEAR_DIRECTORY}/{name}/" for name in OF_FLYWHEEL)
_INTERPRETERS = ("python", "pypy", *SHELLS, "Rscript", "node", "perl", "ruby", "julia")
_OPTIONS = {"python": "uBOEsISvbdqx", **dict.fromkeys(SHELLS, "euxv")}
"""The options without a value; those of other interpreters are not known."""
_OF_A_GEAR = regex(r"(?:run|(?:run|main|start|entrypoint)\.[\w.]+)\Z")
"""Names that scripts of gears have, and no program of a distribution."""
_BUILTINS = ("[", "echo", "false", "kill", "printf", "pwd", "test", "true")
"""Programs that a shell has in itself; what only a shell has is never a launch."""

Answer = Node | Unknown | None


class Argument(NamedTuple):
    """A word of a command: its text, and its characters (from 0) in the line it is in, if any."""

    text: str
    start: int = 0
    end: int = 0


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
    def directories(self) -> list[str] | None:
        """The directories of its PATH; `None` where that is not known, or too long."""
        if not isinstance(self.path, str) or self.path.count(":") >= limits.PATH_DIRECTORIES:
            return None
        return self.path.split(":")

    @property
    def is_builtin(self) -> bool:
        """Whether the shell that starts the program has it in itself."""
        return self.by_shell and self.program.text in _BUILTINS

    @property
    def interpreter(self) -> str:
        """The interpreter of scripts that the program is, without its version; "" if it is none."""
        name = self.words[0].text.rpartition("/")[2].rstrip("0123456789.")
        return name if name in _INTERPRETERS else ""

    @property
    def script(self) -> Argument | None:
        """The script that an interpreter is given, if that is certain."""
        interpreter = self.interpreter
        if not interpreter:
            return None
        options = _OPTIONS.get(interpreter, "")
        for word in self.words[1:]:
            if not word.text.startswith(("-", "+")):
                return word
            if word.text == "-" or word.text.rstrip(options) != "-":
                return None
        return None

    @property
    def by_path(self) -> list[Argument]:
        """The words that name what is started by its path: the program, and its script."""
        words = [] if self.is_bare else [self.program]
        return [*words, self.script] if self.script is not None else words

    @property
    def named(self) -> list[Argument]:
        """The words that name what is started or sourced by its path."""
        return list(self.words[1:2]) if self.program.text in (".", "source") else self.by_path

    @property
    def module(self) -> Argument | None:
        """The module of `python -m MODULE`."""
        if self.interpreter != "python":
            return None
        for word, following in pairwise(self.words[1:]):
            if word.text == "-m":
                return following
            if not word.text.startswith("-") or word.text.rstrip(_OPTIONS["python"]) != "-":
                return None
        return None

    def missing_module(self, image: Image) -> "MissingModule | None":
        """Why the module that Python is given is certainly not there; `None` where it may be."""
        if self.module is None:
            return None
        if any("I" in word.text for word in takewhile(lambda each: each.text != "-m", self.words)):
            return None  # it is not looked for in the working directory
        from gearlint.image.modules import missing_module

        return missing_module(image, self.module.text, self.cwd)

    def absolute(self, path: str) -> str | None:
        """A path of this command from `/`, `None` if its directory is unknown."""
        if path.startswith("/"):
            return posixpath.normpath(path)
        return None if isinstance(self.cwd, Unknown) else posixpath.join(self.cwd, path)

    def find(self, image: Image, path: str) -> Answer:
        """What is at a path of this command in the image."""
        variable = _VARIABLE.match(path) if path.startswith("$") and not self.by_shell else None
        if variable is not None and isinstance(image.variable(variable[1]), str):
            return None  # without a shell nothing replaces it, and no file has such a name
        absolute = self.absolute(path)
        if absolute is None or is_of_flywheel(posixpath.normpath(absolute)):
            return UNKNOWN
        there = image.files.find(absolute)
        if there is None and "/../" in absolute:  # the run may make the directory that is left
            there = image.files.find(posixpath.normpath(absolute))
        return None if there is UNKNOWN and _base_lacks(image, absolute) else there

    def missing(self, image: Image) -> tuple[Argument, str] | None:
        """The word that names what certainly cannot be started, and what that is."""
        for word in self.by_path:
            there = self.find(image, word.text)
            is_lacking = there is None or isinstance(there, Directory)
            if is_lacking and not self.starts_directory(image, word.text):
                path = posixpath.normpath(self.absolute(word.text) or word.text)
                return word, f"{path}, which is {'a directory' if there else 'not in the image'}"
        if self.is_nowhere(image):
            return self.program, f"{quoted(self.program.text)}, which is not on PATH"
        module, lack = self.module, self.missing_module(image)
        return (module, lack.what) if module and lack else None

    def starts_directory(self, image: Image, path: str) -> bool:
        """Whether a path that Python is given may be a directory with a `__main__.py`."""
        there = self.find(image, path) if self.interpreter == "python" else None
        return isinstance(there, Directory) and there.get("__main__.py") is not None

    def started_file(self, image: Image) -> Program | None:
        """The file that is, or was meant to be, started as a program of its own, if it is known."""
        return _started_file(self, image)

    def is_nowhere(self, image: Image) -> bool:
        """Whether the program is a bare name that is certainly neither on PATH nor the gear's."""
        if not self.is_bare or self.is_builtin or self.started_file(image) is not None:
            return False
        name = self.program.text
        listed = self.on_path(image, name, is_own=False)
        if listed is None and (
            meant_program(name)
            or _OF_A_GEAR.match(name)
            or any(file.origin for file in files_in(image.files.root, name))
        ):
            listed = self.on_path(image, name, is_own=True)
        return listed is False

    def on_path(self, image: Image, name: str, *, is_own: bool) -> bool | None:
        """Whether a bare name is on its PATH, `None` if nobody knows.

        The plain public bases certainly have none of the gear's own file names on it (`is_own`).
        """
        directories = self.directories
        if directories is None:
            return None
        answer: bool | None = False
        here = "" if isinstance(self.cwd, Unknown) else self.cwd
        for directory in directories:
            at = posixpath.join(here, directory, name)
            if not at.startswith("/"):
                return None
            node = image.files.find(at)
            known: bool | None = False
            if isinstance(node, File):
                known = node.is_executable
            elif isinstance(node, Unknown):
                known = _is_in_unknown(image, at, is_own=is_own)
            if known:
                return True
            answer = None if known is None else answer
        return answer


def is_of_flywheel(path: str) -> bool:
    """Whether Flywheel makes what is at a path, normalised, when the run starts."""
    return f"{path}/".startswith(_PLACES_OF_FLYWHEEL)


def files_of_the_gear(image: Image, launches: Iterable[Launch]) -> list[tuple[Argument, File]]:
    """The files of the build context that are started, each with its word."""
    found = []
    for started in launches:
        program, script = started.started_file(image), started.script
        if program is not None and program.file.origin is not None:
            found.append((started.program, program.file))
        node = started.find(image, script.text) if script else None
        if script is not None and isinstance(node, File) and node.origin is not None:
            found.append((script, node))
    return found


# Several rules ask the same of one gear, which is no longer changed then.
@lru_cache(maxsize=16)
def _started_file(launch: Launch, image: Image) -> Program | None:
    if not launch.is_bare:
        return _file_at(image, launch.absolute(launch.program.text), is_found=True)
    name, directories = launch.program.text, launch.directories
    if directories is None:
        return None
    places = [launch.absolute(posixpath.join(each, name)) for each in directories]
    found = [_file_at(image, place, is_found=True) for place in places]
    beside = dict.fromkeys((launch.cwd, GEAR_DIRECTORY))  # mostly the two are one
    known = [each for each in beside if not isinstance(each, Unknown)]
    others = [_file_at(image, posixpath.join(each, name), is_found=False) for each in known]
    if not any(found) and not any(others):
        return None
    listed = launch.on_path(image, name, is_own=True)
    if listed is None:
        return None
    for there in found:
        if there is not None and (there.file.is_executable or not listed):
            return there
        if there is None and listed and not _is_plain(image):
            return None  # another file of that name may come first
    return next(filter(None, others), None)


def _file_at(image: Image, path: str | None, *, is_found: bool) -> Program | None:
    there = image.files.find(path) if path else None
    if path is None or not isinstance(there, File):
        return None
    return Program(posixpath.normpath(path), there, is_found)


_OFTEN_MISSPELT = ("Rscript", "bash", "perl", "python")
_LONG = ("Rscript", "python")


def meant_program(name: str) -> str | None:
    """The program that is meant by a name that none has, as `pyhton3`; `None` for any other name.

    Two letters are swapped, one is doubled or (of a long name) left out, or in another case. One
    letter instead of another does not count: there are a `dash` and a `jython`.
    """
    bare = name.rstrip("0123456789.")
    number = name[len(bare) :]
    for meant in _OFTEN_MISSPELT if bare not in _OFTEN_MISSPELT else ():
        if bare.lower() == meant.lower():
            return f"{meant}{number}"
        variants = {meant[:at] + meant[at + 1 :] for at in range(1, len(meant)) if meant in _LONG}
        variants |= {meant[:at] + meant[at] + meant[at:] for at in range(len(meant))}
        variants |= {
            meant[:at] + meant[at + 1] + meant[at] + meant[at + 2 :] for at in range(len(meant) - 1)
        }
        if bare in variants:
            return f"{meant}{number}"
    return None


def _is_in_unknown(image: Image, path: str, *, is_own: bool) -> bool | None:
    """Whether a program is at a path of which the files of the image do not say it."""
    if isinstance(image.files.find(path, follow=False), Link):
        return None
    if not is_own:
        return image.has_program_at(path) if image.is_of_base(path) else None
    # What is unknown is unknown of the base, which has no `/flywheel`.
    directory = posixpath.normpath(image.files.resolved(posixpath.dirname(path)))
    return False if _is_plain(image) and not is_within(directory, "/flywheel") else None


def _is_plain(image: Image) -> bool:
    """Whether nothing but the files that are known can have a name of the gear's on PATH."""
    return (image.base is not None or image.is_scratch) and image.foreign is None


def _base_lacks(image: Image, path: str) -> bool:
    """Whether the base image certainly has no such program, where only it could bring one."""
    path = image.files.resolved(posixpath.normpath(path))
    directory, name = posixpath.split(path)
    if directory not in DEFAULT_PATH.split(":") or not image.is_of_base(path):
        return False
    if _OF_A_GEAR.match(name) and _is_plain(image):
        return True
    return image.has_program(path) is False or image.has_program(name) is False


BASH = Launch((Argument("bash"),), "/", DEFAULT_PATH, by_shell=False)
"""What Flywheel starts to start the run."""

RUN = Launch((Argument("./run"),), GEAR_DIRECTORY, None, by_shell=True)
"""What Flywheel starts, by bash as any command, where the manifest has no `command`."""


def not_executable(launches: Iterable[Launch], image: Image) -> Iterator[tuple[Argument, Program]]:
    """The programs without an executable bit, each once, with the word that starts it."""
    found: set[int] = set()
    for launch in launches:
        program = launch.started_file(image)
        if program is None or program.file.is_executable is not False or id(program.file) in found:
            continue
        found.add(id(program.file))
        yield launch.program, program
