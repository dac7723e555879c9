"""Replays the instructions of a Dockerfile on the model of an image."""

import posixpath
import re
from bisect import bisect_left
from collections.abc import Callable

from gearlint.core.budget import MAX_READ, Budget, Values
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import MAX_DEPTH, Context, Entry
from gearlint.image.files import Directory, File, Files, Node, copy_of, from_context, size_of
from gearlint.image.shell import replay
from gearlint.image.state import FailedStep, Image, MissingSource, Start, Value, base_named
from gearlint.syntax.dockerfile import Dockerfile, Flag, Instruction, Stage, Word
from gearlint.syntax.substitution import Lookup, expand, unset

_URL = regex(r"(?:https?|ftp|git|ssh)://|git@", re.IGNORECASE)
# Set by Docker itself, to what only the build knows.
_AUTOMATIC = regex(r"(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)\Z")
_PROXIES = frozenset(
    name
    for word in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (word, word.lower())
)


def build(dockerfile: Dockerfile, context: Context, budget: Budget | None = None) -> Image | None:
    """The image of the last stage, `None` if the Dockerfile has no stage.

    What `budget` is left is spent, that of one image by default.
    """
    return _Builder(dockerfile, context, budget or Budget()).build()


def base_of(dockerfile: Dockerfile) -> Stage:
    """The stage, from the last one on, whose FROM names an image that is not built here.

    Raises IndexError if the Dockerfile has no stage.
    """
    index, lookup = len(dockerfile.stages) - 1, global_lookup(dockerfile)
    while (earlier := parent_of(dockerfile, index, lookup)) is not None:
        index = earlier
    return dockerfile.stages[index]


def parent_of(dockerfile: Dockerfile, index: int, lookup: Lookup) -> int | None:
    """The number of the earlier stage that FROM names, `None` if it names an image.

    `lookup` is `global_lookup`.
    """
    name = expand(dockerfile.stages[index].base.text, lookup, dockerfile.escape)
    return None if name is None else _stage_named(dockerfile, name, index)


def _stage_named(dockerfile: Dockerfile, name: str, before: int) -> int | None:
    """The number of the last stage of that name before another."""
    numbers = dockerfile.stage_numbers.get(name.lower(), [])
    at = bisect_left(numbers, before)
    return numbers[at - 1] if at else None


def platform_of(dockerfile: Dockerfile) -> str | None:
    """The platform of the image, with variables replaced; `None` if none is set or known.

    Raises IndexError if the Dockerfile has no stage.
    """
    flag = base_of(dockerfile).platform
    if flag is None or flag.value is None:
        return None
    return expand(flag.value, global_lookup(dockerfile), dockerfile.escape) or None


def global_lookup(dockerfile: Dockerfile) -> Lookup:
    """The variables as FROM sees them: the ARGs before the first one."""
    arguments: dict[str, Value] = {}
    values = Values(MAX_READ)

    def lookup(name: str) -> Value:
        return values.read(arguments[name]) if name in arguments else _automatic(name)

    for instruction in dockerfile.global_args:
        _declare(instruction, arguments, lookup, dockerfile.escape)
    return lookup


def _declare(
    instruction: Instruction,
    arguments: dict[str, Value],
    lookup: Lookup,
    escape: str,
    outer: Lookup = unset,
) -> None:
    """ARG: a default is taken for the value, as a build without `--build-arg` has it.

    Without a default it is that of an ARG of the same name in `outer`.
    """
    for pair in instruction.pairs:
        if pair.value is None:
            value = outer(pair.key.text)
        else:
            value = expand(pair.value.text, lookup, escape)
        arguments[pair.key.text] = UNKNOWN if value is None else value


def context_sources(dockerfile: Dockerfile) -> list[str]:
    """What COPY and ADD take from the build context, as written, where that is a plain path."""
    return [
        word.text
        for instruction in dockerfile.instructions
        if instruction.name in ("ADD", "COPY") and not instruction.flag("from")
        for word in instruction.words[:-1]
        if "$" not in word.text and not _URL.match(word.text) and not instruction.heredoc(word)
    ]


class _Builder:
    """Builds the stages that are asked for, each once."""

    def __init__(self, dockerfile: Dockerfile, context: Context, budget: Budget) -> None:
        self.dockerfile = dockerfile
        self.context = context
        self.images: dict[int, Image] = {}
        self.lookup_global = global_lookup(dockerfile)
        self.budget = budget

    def build(self) -> Image | None:
        """The image of the last stage; failures of the stages it is made from are its own."""
        stages = self.dockerfile.stages
        if not stages:
            return None
        # In order, and so without recursion: each stage finds those it needs built already.
        for index in sorted(self.needed()):
            self.stage(index)
        image = self.images[len(stages) - 1]
        for index in sorted(self.images):
            if self.images[index] is not image:
                image.failed_steps += self.images[index].failed_steps
                image.missing_sources += self.images[index].missing_sources
        return image

    def needed(self) -> set[int]:
        """The numbers of the last stage and of those that it is made from."""
        stages = self.dockerfile.stages
        pending, found = [len(stages) - 1], set()
        while pending:
            index = pending.pop()
            if index in found:
                continue
            found.add(index)
            earlier = [parent_of(self.dockerfile, index, self.lookup_global)]
            for instruction in stages[index].instructions:
                flag = instruction.flag("from")
                earlier.append(self.number(flag.value or "", index) if flag else None)
            pending += [number for number in earlier if number is not None]
        return found

    def number(self, name: str, before: int) -> int | None:
        """The number of the earlier stage that a name or number means, `None` if none is meant."""
        named = _stage_named(self.dockerfile, name, before)
        if named is not None:
            return named
        return int(name) if name.isdecimal() and len(name) < 6 and int(name) < before else None

    def stage(self, index: int) -> Image:
        """The image of the stage with a number (from 0)."""
        if index not in self.images:
            stage = self.dockerfile.stages[index]
            image = self.start(stage, index)
            _Stage(self, stage, index, image).replay()
            self.images[index] = image
        return self.images[index]

    def start(self, stage: Stage, index: int) -> Image:
        """The image that a stage begins with."""
        name = expand(stage.base.text, self.lookup_global, self.dockerfile.escape)
        if name is None:
            return _unknown_image(self.budget)
        if name.lower() == "scratch":
            image = Image(Files(Directory(), self.budget), {}, None)
            image.is_scratch = True
            return image
        earlier = _stage_named(self.dockerfile, name, index)
        if earlier is not None:
            triggers = any(
                i.name == "ONBUILD" for i in self.dockerfile.stages[earlier].instructions
            )
            # BuildKit does what stands in ONBUILD first, buildah does not.
            is_known = not triggers and not self.budget.is_spent
            return self.stage(earlier).copy() if is_known else _unknown_image(self.budget)
        base = base_named(name)
        image = _unknown_image(self.budget)
        if base is not None:
            image.files.root.entries["flywheel"] = None
            image.base = base
            image.workdir = base.workdir or UNKNOWN
            image.entrypoint = UNKNOWN if base.has_entrypoint else None
        return image

    def named(self, name: str, before: int) -> Image | None:
        """The image of an earlier stage, by its name or number."""
        index = self.number(name, before)
        return None if index is None else self.stage(index)


def _automatic(name: str) -> Value:
    return UNKNOWN if _AUTOMATIC.match(name) or name in _PROXIES else None


def _unknown_image(budget: Budget) -> Image:
    image = Image(Files(Directory(vague=True), budget), {}, None)
    image.workdir = UNKNOWN
    image.entrypoint = image.cmd = UNKNOWN  # SHELL is all but never set by a base
    return image


class _Stage:
    """One stage being replayed."""

    def __init__(self, builder: _Builder, stage: Stage, index: int, image: Image) -> None:
        self.builder = builder
        self.stage = stage
        self.index = index
        self.image = image

    def replay(self) -> None:
        handlers: dict[str, Callable[[Instruction], None]] = {
            "ADD": self.copy, "ARG": self.arg, "CMD": self.start, "COPY": self.copy,
            "ENTRYPOINT": self.start, "ENV": self.env, "RUN": self.run, "SHELL": self.shell,
            "WORKDIR": self.workdir,
        }  # fmt: skip
        for instruction in self.stage.instructions:
            if instruction.name in handlers:
                handlers[instruction.name](instruction)

    def lookup(self, name: str) -> Value:
        """A variable as instructions see it."""
        arguments = self.image.arguments
        value = arguments[name] if name in arguments else self.image.variable(name)
        return self.builder.budget.values.read(_automatic(name) if value is None else value)

    def expand(self, text: str) -> str | None:
        return expand(text, self.lookup, self.builder.dockerfile.escape)

    def fail(self, instruction: Instruction, message: str) -> None:
        self.image.failed_steps.append(FailedStep(instruction, instruction.name_span, message))

    def arg(self, instruction: Instruction) -> None:
        escape, outer = self.builder.dockerfile.escape, self.builder.lookup_global
        _declare(instruction, self.image.arguments, self.lookup, escape, outer)

    def env(self, instruction: Instruction) -> None:
        values: dict[str, Value] = {}
        for pair in instruction.pairs:
            value = self.expand(pair.value.text) if pair.value else ""
            values[pair.key.text] = UNKNOWN if value is None else value
        self.image.environment.update(values)
        for name in values:
            self.image.arguments.pop(name, None)

    def workdir(self, instruction: Instruction) -> None:
        directory = self.expand(instruction.value.strip())
        path = self.absolute(directory) if directory is not None else None
        if path is None:
            self.image.workdir = UNKNOWN
            self.image.files.blur_all()
            return
        self.image.workdir = path
        if self.image.files.directory_at(path, instruction.start_line) is None:
            self.fail(instruction, f"WORKDIR {path} is a file")

    def absolute(self, path: str) -> str | None:
        if path.startswith("/"):
            path = "/" + path.lstrip("/")
        elif isinstance(self.image.workdir, Unknown):
            return None
        else:
            path = posixpath.join(self.image.workdir, path)
        path = posixpath.normpath(path)
        return path if path.count("/") <= MAX_DEPTH else None

    def shell(self, instruction: Instruction) -> None:
        words = instruction.exec_form
        self.image.shell = tuple(word.text for word in words) if words else UNKNOWN

    def start(self, instruction: Instruction) -> None:
        words = instruction.exec_form
        argv = None if words is None else tuple(word.text for word in words)
        start: Start | None = Start(instruction, argv, instruction.value.strip())
        if argv == () or (argv is None and not instruction.value.strip()):
            start = None
        if instruction.name == "ENTRYPOINT":
            self.image.entrypoint = start
            # A CMD of the base does not outlive a new ENTRYPOINT.
            if not isinstance(self.image.cmd, Start) or not self.is_own(self.image.cmd.instruction):
                self.image.cmd = None
        else:
            self.image.cmd = start

    def is_own(self, instruction: Instruction) -> bool:
        return instruction in self.stage.instructions

    def run(self, instruction: Instruction) -> None:
        replay.run(self.image, instruction, self.lookup)

    def copy(self, instruction: Instruction) -> None:
        """COPY and ADD."""
        if len(instruction.words) < 2:
            return
        *sources, target = instruction.words
        directory = self.expand(target.text)
        path = self.absolute(directory) if directory else None
        expanded = [self.expand(word.text) for word in sources]
        if path is None or directory is None or None in expanded:
            self.image.files.blur_all()
            return
        into = directory.endswith(("/", "/.")) or directory in (".", "..")
        mode, certain_mode = self.chmod(instruction)
        nodes: list[tuple[str, Node]] = []
        for word, source in zip(sources, expanded, strict=True):
            if self.builder.budget.is_spent:
                self.image.files.blur_all()
                return
            try:
                found = self.source(instruction, word, source or "", mode)
            except TooMuchError:
                found = None
            if found is None:
                self.image.has_foreign_commands = (
                    True  # it may be a program, for a directory on PATH
                )
                self.blur(path, into)
                return
            nodes += found
        if not certain_mode:
            for _, node in nodes:
                _forget_modes(node)
        several = len(sources) > 1 or len(nodes) > 1
        if several and not into and not isinstance(self.image.files.find(path), Directory):
            # Some builders refuse this, some make a directory, some a file of the last one.
            self.blur(path, into)
            return
        for name, node in nodes:
            if not self.builder.budget.is_spent:
                self.place(instruction, path, into, name, node)

    def blur(self, path: str, into: bool) -> None:
        if into:
            self.image.files.directory_at(path, 0)
        self.image.files.blur(path)

    def place(self, instruction: Instruction, path: str, into: bool, name: str, node: Node) -> None:
        """Put what a source is at `path`, or below it where a file goes into a directory."""
        files = self.image.files
        line = instruction.start_line
        path = files.resolved(path)
        there = files.find(path)
        if isinstance(node, Directory):
            if files.directory_at(path, line) is None or not files.put(path, node, line):
                self.fail(instruction, f"a file is where a directory goes to {path}")
            return
        if into or isinstance(there, Directory):
            target = posixpath.join(path, name)
        elif there is UNKNOWN and not _names_a_file(path, name):
            files.blur(path)  # the file, or, if this is a directory, what the file goes into
            return
        else:
            target = path
        if not files.put(target, node, line):
            self.fail(instruction, f"{target} cannot be written")

    def chmod(self, instruction: Instruction) -> tuple[int | None, bool]:
        """The mode of `--chmod`, and whether it is known."""
        flag = instruction.flag("chmod")
        if flag is None:
            return None, True
        value = self.expand(flag.value or "")
        if value == "":
            return None, True  # BuildKit then leaves the modes as they are
        if value is None or not re.fullmatch(r"0*[0-7]{1,4}", value):
            return None, False
        return int(value, 8), True

    def source(
        self, instruction: Instruction, word: Word, source: str, mode: int | None
    ) -> list[tuple[str, Node]] | None:
        """(name, node) of what a source stands for, `None` if that is unknown.

        The name of a directory is empty: what is in it is copied, and not itself.
        """
        line = instruction.start_line
        document = instruction.heredoc(word)
        if document is not None:
            return [(document.name, File(0o644 if mode is None else mode, line))]
        flag = instruction.flag("from")
        if flag is not None:
            return self.source_of_stage(instruction, word, source, flag, mode)
        if instruction.name == "ADD" and _URL.match(source):
            name = posixpath.basename(source.partition("?")[0])
            if not name or source.startswith("git") or source.endswith(".git"):
                return None
            return [(name, File(0o600 if mode is None else mode, line))]
        found = self.builder.context.matching(source)
        self.image.files.visit(3 * len(found))  # it takes more to put one in its place
        if instruction.flag("exclude") or instruction.flag("parents"):
            return None
        if not found:
            if re.search(r"[*?\[]", source):
                return None  # made before the build, or nothing: BuildKit then copies nothing
            ignored = bool(self.builder.context.matching(source, ignored=True))
            self.image.missing_sources.append(MissingSource(instruction, word, source, ignored))
            return None
        nodes = []
        for entry in found:
            is_file = entry.kind == "file"
            if (
                instruction.name == "ADD"
                and is_file
                and self.builder.context.is_archive(entry.path)
            ):
                return None
            node = self.node(entry, line, mode)
            if node is None:
                return None
            name = "" if isinstance(node, Directory) else posixpath.basename(entry.path)
            nodes.append((name, node))
        return nodes

    def node(self, entry: Entry, line: int, mode: int | None) -> Node | None:
        """The node of an entry that is named as a source: of a link, what it leads to."""
        if entry.kind != "link":
            return from_context(self.builder.context, entry, line, mode)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), entry.target))
        if target.startswith(("/", "..")):
            return None
        followed = self.builder.context.entry(target)
        if followed is None or followed.kind != "file":
            return None
        return from_context(self.builder.context, followed, line, mode)

    def source_of_stage(
        self, instruction: Instruction, word: Word, source: str, flag: Flag, mode: int | None
    ) -> list[tuple[str, Node]] | None:
        """What COPY --from takes from another stage; unknown from an image not built here."""
        name = flag.value or ""
        if "$" in name:
            return None
        image = self.builder.named(name, self.index)
        if image is None:
            return None
        path = posixpath.normpath("/" + source)
        if re.search(r"[*?\[\\]", source):
            paths, complete = image.files.matching(path)
            if not complete:
                return None
        else:
            paths = [path]
        nodes = []
        for each in paths:
            node = image.files.find(each)
            if isinstance(node, Unknown):
                return None
            if node is None:
                self.image.failed_steps.append(
                    FailedStep(
                        instruction, word.span, f"{source} is not in the stage {name}", source
                    )
                )
                return None
            image.files.visit(size_of(node))
            copy = copy_of(node)
            if mode is not None:
                _set_modes(copy, mode)
            nodes.append(("" if isinstance(copy, Directory) else posixpath.basename(each), copy))
        return nodes


def _names_a_file(path: str, source: str) -> bool:
    """Whether a target of COPY, of which nobody knows what is there, is surely no directory."""
    name = posixpath.basename(path)
    return name == posixpath.basename(source) or "." in name


def _set_modes(node: Node, mode: int) -> None:
    if isinstance(node, File):
        node.chmod(mode, runs=None)
    elif isinstance(node, Directory):
        node.mode = mode
        for child in node.entries.values():
            if child is not None:
                _set_modes(child, mode)


def _forget_modes(node: Node) -> None:
    if isinstance(node, File):
        node.chmod(None, runs=None)
    elif isinstance(node, Directory):
        node.blur()
