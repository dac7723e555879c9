"""One RUN while its commands are replayed: what they work on, and how the step fails."""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import zip_longest

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import Context
from gearlint.image.faults import FailedStep
from gearlint.image.nodes import Directory, File, Node
from gearlint.image.shell.state import Copies, ShellState
from gearlint.image.stages import may_mount_files
from gearlint.image.state import Image
from gearlint.syntax.dockerfile import Heredoc, Instruction
from gearlint.syntax.shell.command_line import SH_LIKE
from gearlint.syntax.shell.expansion import HOLE
from gearlint.syntax.shell.model import Command
from gearlint.syntax.substitution import Lookup

_PACKED = regex(r"\.(?:t?gz|bz2|t?xz|zst|Z|lzma|lz4|zip|tar|7z|rar|cab)\Z")
_OF_SYSTEM = regex(r"/(?:bin|sbin|usr|lib\w*|local)(?:/|\Z)")
_IS_SHELL = regex(rf"#!\s*/(?:usr/)?bin/(?:env\s+)?(?:{'|'.join(SH_LIKE)})\b")
_FOR_OTHERS = ("/media", "/mnt", "/opt", "/srv", "/tmp")  # noqa: S108 - of the image
"""Directories in which a plain image has no files that a gear would name."""

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import NoReturn


class StepFailedError(Exception):
    """The step certainly fails here."""


GOES_ON = suppress(StepFailedError)
"""Around what fails a step of which the rest is replayed as it was meant, and reported too."""


class Invocation(NamedTuple):
    """One simple command as the shell starts it.

    `complete` says of each argument whether it is all that it means: of a glob of which not
    every match is known, and of a word that is not known, it is not. What is unknown in a word is a
    `HOLE`. `certain` is whether the command runs; `must_succeed` whether the step fails if it does.
    `span` is its place in the Dockerfile, in bytes; `by_sudo` is whether `sudo` starts it;
    `is_reached` is whether its shell runs it, where that does not end before; `in_copy` is whether
    that is a copy of the shell, as a subshell is.
    """

    name: str
    args: tuple[str, ...]
    complete: tuple[bool, ...]
    certain: bool
    must_succeed: bool
    span: Span
    by_sudo: bool = False
    is_reached: bool = False
    in_copy: bool = False

    @property
    def options(self) -> list[str]:
        """The arguments that begin with `-`."""
        return [arg for arg in self.args if arg.startswith("-")]

    @property
    def operands(self) -> list[str]:
        """The other arguments: a sub-command, and the values of options, are among them."""
        return [arg for arg in self.args if not arg.startswith("-")]

    @property
    def followed(self) -> list[tuple[str, str]]:
        """Each argument with the one after it, which is empty for the last."""
        return list(zip_longest(self.args, self.args[1:], fillvalue=""))

    def from_word(self, number: int) -> "Invocation":
        """The command that begins with a word of this one (from 1): of `env A=1 chmod`, with 2."""
        name, *args = self.args[number - 1 :]
        return self._replace(name=name, args=tuple(args), complete=self.complete[number:])

    def without_unknown_words(self) -> "Invocation":
        """The command without the arguments that are not known."""
        known = [each for each in zip(self.args, self.complete, strict=True) if HOLE not in each[0]]
        args, complete = zip(*known, strict=True) if known else ((), ())
        return self._replace(args=args, complete=complete)


class Input(NamedTuple):
    """What a command reads: the output of `source`, a command of its pipeline, or a here-document.

    `document` is the text of that.
    """

    source: "Command | None" = None
    document: str | Unknown | None = None


NOTHING_TO_READ = Input()


class Reading(NamedTuple):
    """How a text is run: by which `shell` (`sh`, `bash`), and whether that stops at a failure.

    `is_checked` is whether the step fails if the text does, `is_doubtful` whether it is not certain
    that its commands run, `nounset` whether the shell stops at a variable that is not set.
    `is_skipped` is whether the same shell may go on without having run them.
    """

    shell: str
    errexit: bool = False
    is_checked: bool = True
    is_doubtful: bool = False
    nounset: bool = False
    is_skipped: bool = False


class Lines(NamedTuple):
    """How command lines are replayed, for the commands that start some.

    `run_script` does so in a shell of its own, of which it gets the name, and the command that
    starts it; `run` in this one.
    """

    run_script: "Callable[[Step, str, str, Invocation], None]"
    run: "Callable[[Step, str], None]"
    call_function: "Callable[[Step, Invocation], None]"


Place = Callable[[int, int], Span]
"""The bytes in the Dockerfile of characters of a text."""


class Step:
    """What the commands of one RUN share: the image, and the shell that runs them."""

    def __init__(
        self,
        image: Image,
        instruction: Instruction,
        lookup: Lookup,
        context: Context,
        reading: Reading,
        lines: Lines,
    ) -> None:
        self.image = image
        self.lines = lines
        self.reading = reading
        self.context = context
        self.copies = Copies((), {})
        self.scripts: list[str] = []
        """The shells of the scripts that run, each started or sourced by the one before."""
        self.functions: dict[str, list[tuple[Command, Place]]] = {}
        """The commands of the functions of the line, and where they are in the Dockerfile."""
        self.calls = 0
        """How many functions run, each called by the one before."""
        self.results: dict[Command | None, bool | None] = {}
        """Whether each of the commands that ran last succeeded, `None` where it is not known."""
        self.has_shopt = False
        """Whether `shopt` may have changed what globs match, and what `[[ ... ]]` compares."""
        self.has_umask = True
        """Whether new files have the permissions that they get with the usual umask 022."""
        self.files = image.files
        self.instruction = instruction
        self.line = instruction.start_line
        home = image.home_of(image.user) if isinstance(image.user, str) else image.user
        self.shell = ShellState(lookup, image.workdir, image.files.budget.values, home)
        # What is mounted is there for this step alone.
        self.can_fail = not may_mount_files(instruction)

    @property
    def has_gnu(self) -> bool:
        """Whether commands such as ln are surely GNU's."""
        return self.image.base is not None and self.image.base.sh in ("bash", "dash")

    def place(self, start: int, end: int) -> Span:
        """Where in the Dockerfile characters of the command line are."""
        is_there = end <= len(self.instruction.value)  # and not in a here-document
        return self.instruction.span_of(start, end) if is_there else self.instruction.name_span

    def place_in(self, document: Heredoc, start: int, end: int) -> Span:
        """Where in the Dockerfile characters of the text of a here-document are."""
        if document.chomp:
            return self.instruction.name_span
        before, inside = document.content[:start], document.content[start:end]
        at = document.body.start + len(before.encode("utf-8", "surrogateescape"))
        return Span(at, at + len(inside.encode("utf-8", "surrogateescape")))

    def no_place(self, start: int, end: int) -> Span:
        """The place of the instruction, for characters that are not there as they are."""
        return self.instruction.name_span

    def new_file(self) -> File:
        """A file as a program makes it that says nothing of its permissions."""
        file = File(0o644, self.line)
        if not self.has_umask:
            file.forget_mode(self.files.cause, runs=False)
        return file

    def absolute(self, path: str) -> str | None:
        """A path from `/`; `None` where it is not known, or too deep."""
        absolute = None if HOLE in path else self.shell.absolute(path)
        if absolute is None or absolute.count("/") > limits.DIRECTORY_LEVELS:
            return None
        return absolute

    def find(self, operand: str) -> Node | Unknown | None:
        """What is at a path as a command has it; unknown too where the path is not known."""
        path = self.absolute(operand)
        return UNKNOWN if path is None else self.files.find(path)

    def absolutes(self, operands: Sequence[str]) -> list[str] | None:
        """Paths from `/`, `None` where one of them is not known."""
        found = [self.absolute(operand) for operand in operands]
        return None if None in found else [path for path in found if path is not None]

    def would_fail(self, call: Invocation) -> bool:
        """Whether the step certainly fails if the command does."""
        return call.certain and call.must_succeed and self.can_fail

    def report(self, call: Invocation, message: str, advice: str, word: str = "") -> None:
        """As `stop`, but what comes after the command is replayed as it was meant."""
        with GOES_ON:
            self.stop(call, message, advice=advice, word=word)

    def stop(
        self, call: Invocation, message: str, path: str = "", advice: str = "", word: str = ""
    ) -> None:
        """The command fails, and with it the step, if that is certain."""
        if self.would_fail(call):
            self.fail(call.span, message, path, advice, word)

    def fail(
        self, span: Span, message: str, path: str = "", advice: str = "", word: str = ""
    ) -> "NoReturn":
        """The step fails."""
        failure = FailedStep(self.instruction, span, message, path, advice, word)
        self.image.failed_steps.append(failure)
        raise StepFailedError

    def need_owner(self, call: Invocation, path: str, files: Iterable[File]) -> None:
        """The command fails as only root, and the owner, may do it to a file that COPY brought."""
        if self.image.is_root is not False or call.by_sudo:
            return
        if any(map(self.image.is_of_root, files)):
            user = self.image.user
            whose = f"{posixpath.normpath(path)}, which belongs to root"
            advice = f"move it above USER, or use --chmod or --chown={user} in COPY"
            self.report(call, f"{call.name} of {whose}, by USER {user}", advice)

    def need(self, call: Invocation, operand: str, what: str) -> None:
        """The command fails if the file that it works on is certainly not there."""
        path = self.absolute(operand)
        if path is not None and (self.files.find(path) is None or self._is_only_ours(path)):
            with GOES_ON:
                self.missing(call, path, what)

    def _is_only_ours(self, path: str) -> bool:
        """Whether a file that is not known to be there could only be one of the build context.

        A plain base image has none of its names in the directories that are there for others.
        """
        directory, name = posixpath.split(posixpath.normpath(path))
        if not self.image.is_distribution or directory not in _FOR_OTHERS:
            return False
        if self.instruction.flag("mount") or self.context.on_disk(name) is None:
            return False
        return self.image.is_of_base(path)

    def need_input(self, call: Invocation, operand: str) -> None:
        """The command fails if a file that the shell reads for it is certainly not there."""
        failed = self.image.failed_steps
        known = len(failed)
        if (
            not known
            or failed[-1].instruction is not self.instruction
            or not failed[-1].is_of_input
        ):
            self.need(call, operand, "the shell reads")
            failed[known:] = [each._replace(is_of_input=True) for each in failed[known:]]

    def missing(self, call: Invocation, path: str, what: str) -> None:
        """The command fails as `path`, that it works on, is certainly not there."""
        absolute = posixpath.normpath(path)
        if self.image.has_unnamed_directories:
            return  # it may be one of those
        self.stop(call, f"{what} {absolute}", absolute)

    def anything(self) -> None:
        """Anything may have been done anywhere."""
        self.image.mark_foreign()
        self.files.blur_all()

    def doubt(self, operands: Iterable[str]) -> None:
        """Each of the operands may have been made, changed or taken away."""
        for operand in operands:
            path = self.absolute(operand)
            if path is None:
                self.image.mark_foreign()
                self.scatter(operand)
            elif not operand.startswith("-"):
                if self._may_lead_to_programs(path):
                    self.image.mark_foreign()
                self.files.doubt(path)

    def _may_lead_to_programs(self, path: str) -> bool:
        """Whether what is at a path may be a program, or a directory of some, by another path too.

        In the images of the table only directories of the system are linked with each other.
        """
        path = posixpath.normpath(path)
        places = (self.files.resolved(each) for each in (path, posixpath.dirname(path)))
        return path == "/" or any(_OF_SYSTEM.match(place) for place in places)

    def scatter(self, operand: str) -> None:
        """A file may have been made at a path of which no more than its name is known."""
        name = posixpath.basename(operand.rstrip("/"))
        if HOLE in name or name in ("", ".", ".."):
            self.files.blur_all()
        else:
            self.files.scatter(name)

    def fill(self, directory: str) -> None:
        """Anything may have been put in a directory, which is there then."""
        path = self.absolute(directory)
        if path is None:
            self.scatter(directory)
        elif posixpath.normpath(path) == "/":
            self.files.blur_all()
        elif isinstance(self.files.find(path), File):
            self.files.blur(path)
        else:
            self.files.directory_at(path, self.line)
            self.files.blur(path, rewritten=True)

    def write(self, path: str, *, certain: bool) -> None:
        """A file is written: made with the usual permissions, or its content replaced."""
        absolute = self.absolute(path)
        if absolute is None:
            self.scatter(path)
            return
        there = self.files.find(absolute)
        if absolute.startswith("/dev/") or isinstance(there, Directory):
            return
        if certain and isinstance(there, File):
            there.origin = None
        elif certain and there is None:
            self.files.put(absolute, self.new_file(), self.line, through=True)
        else:
            self.files.doubt(absolute)

    def own_script(self, path: str) -> str | None:
        """The text of a shell script of the gear that is at a path in the image, if it is known."""
        node = self.find(path)
        if not isinstance(node, File) or node.origin is None:
            return None
        if len(self.scripts) >= limits.BUILD_SCRIPTS:
            return None
        text = self.context.text_of(node.origin)
        return text if text is not None and _IS_SHELL.match(text) else None

    def forget_named(self, words: Sequence[str]) -> None:
        """What a command names becomes unknown: it may make, change or replace that."""
        for index, word in enumerate(words):
            # `--prefix=/opt/x`, `-C/opt/x`, and shell text in an argument.
            for piece in re.split(r"[\s=:,;&|<>()'\"]+", word):
                path = piece[piece.find("/") :] if re.match(r"-\w/", piece) else piece
                absolute = self.absolute(path) if path else None
                if HOLE in path:
                    self.scatter(path)
                elif absolute is not None and self._is_path(absolute, path):
                    absolute = posixpath.normpath(absolute)
                    # Beside it may be more: of `gunzip x.gz` x, of `split y x` xaa and xab.
                    if _PACKED.search(path) or self.files.find(absolute) is None:
                        self.files.blur(posixpath.dirname(absolute))
                    self.files.blur(absolute, rewritten=index > 0)

    def _is_path(self, absolute: str, word: str) -> bool:
        """Whether a word of a command may be meant as a path."""
        is_there = isinstance(self.files.find(absolute), File | Directory)
        return is_there or "/" in word or word in (".", "..")

    def blur_cwd(self) -> None:
        """Anything may have been put into the working directory."""
        if isinstance(self.shell.cwd, Unknown):
            self.files.blur_all()
        else:
            self.files.blur(self.shell.cwd)
