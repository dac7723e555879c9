"""Replays COPY and ADD on the model of an image."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.source import is_within
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import Entry, cleaned, is_glob, may_take_several
from gearlint.image.nodes import Cause, Directory, File, Node, copy_of, from_context, size_of
from gearlint.image.stages import directory_in, is_url
from gearlint.syntax.dockerfile import Flag, Instruction, Word

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.instructions import StageBuild

_OF_SOURCE = 3  # visits, to put a source in its place
_FILE_PATTERN = regex(r"[\w-]*\*\.[A-Za-z]{1,4}\Z")
"""A pattern that directories do not fit."""
_FILE_NAME = regex(r"[\w-][\w.-]*\.[A-Za-z0-9]{1,5}\Z")
"""A name that a directory does not have."""


def copy(build: "StageBuild", instruction: Instruction) -> None:
    """COPY and ADD."""
    if instruction.is_unreadable:
        build.image.files.blur_all()
    if len(instruction.words) < 2:
        return
    *sources, target = instruction.words
    directory = build.expand(target.text) or ""
    path = build.absolute(directory) if directory else None
    if path is None:
        _scatter(build, instruction, sources, target)
        return
    _note_owner(build, instruction)
    into = directory.endswith(("/", "/.")) or directory in (".", "..")
    mode, certain_mode = _chmod(build, instruction)
    several = len(sources) > 1
    nodes: list[tuple[str, Node]] = []
    for word in sources:
        found = _found(build, instruction, word, mode)
        if found is not None:
            nodes += found
            several = several or len(found) > 1
        elif not (into and several and _forget_one(build, instruction, path, word)):
            _blur(build, instruction, path, into)
            return
    if not certain_mode:
        _forget_modes([node for _, node in nodes], build.image.files.cause)
    is_of_file = bool(nodes) and isinstance(nodes[0][1], File)
    if several and not into and not _has_directory(build, instruction, path, is_of_file):
        _blur(build, instruction, path, into)
        return
    for name, node in nodes:
        if _goes_over_others(build, instruction, path, node):
            _blur(build, instruction, path, into)
        elif not build.builder.budget.is_spent:
            _place(build, instruction, path, into, name, node)


def _has_directory(
    build: "StageBuild", instruction: Instruction, path: str, is_of_file: bool
) -> bool:
    """Whether several sources go to a directory. Where there is none, what they are meant for is.

    Some builders refuse this, some make a directory, some a file of the last one; of directories,
    and what comes after one, all that do not refuse it make one.
    """
    files = build.image.files
    if files.find(path) is None and is_of_file:
        build.image.flattened.append(instruction)
        files.directory_at(path, instruction.start_line)
    return isinstance(files.find(path), Directory)


def _note_owner(build: "StageBuild", instruction: Instruction) -> None:
    """What comes from the build context is root's, whatever USER says."""
    if not instruction.flag("chown") and not instruction.flag("from"):
        build.image.lines_of_root.add(instruction.start_line)


def _found(
    build: "StageBuild", instruction: Instruction, word: Word, mode: int | None
) -> list[tuple[str, Node]] | None:
    """(name, node) of what a source is, as `_source` has them; `None` if unknown."""
    source = build.expand(word.text)
    if source is None or build.builder.budget.is_spent:
        return None
    try:
        return _source(build, instruction, word, source, mode)
    except TooMuchError:
        return None


def _forget_one(build: "StageBuild", instruction: Instruction, path: str, word: Word) -> bool:
    """A source of several is unknown: so is what has its name in the target, if it is a file."""
    name = posixpath.basename(build.expand(word.text) or "")
    if instruction.name != "COPY" or not _FILE_NAME.match(name):
        return False
    build.image.mark_foreign()
    files, context = build.image.files, build.builder.context
    files.directory_at(path, instruction.start_line)
    files.doubt(posixpath.join(path, name))
    missing = build.image.missing_sources
    if missing and missing[-1].word is word and len(missing) <= limits.NEAR_SOURCES:
        source = cleaned(missing[-1].source)
        near = "" if context.may_be_made(source) else context.near(source)
        meant = posixpath.join(path, posixpath.basename(near))
        if near and files.find(meant) in (None, UNKNOWN):
            files.doubt(meant)  # what is said of the source says it all
    return True


def _scatter(
    build: "StageBuild", instruction: Instruction, sources: list[Word], target: Word
) -> None:
    """Files are copied to where nobody knows: those names may be anywhere."""
    files = build.image.files
    build.image.mark_foreign()
    names = [posixpath.basename(target.text)]
    for word in sources:
        found = _found(build, instruction, word, None)
        if found is None:
            files.blur_all()
            return
        for name, node in found:
            names += [name] if name else []
            names += list(node.entries) if isinstance(node, Directory) else []
    for name in names:
        if name and "$" not in name:
            files.scatter(name)


def _blur(build: "StageBuild", instruction: Instruction, path: str, into: bool) -> None:
    if not is_within(path, "/flywheel"):
        build.image.mark_foreign()
    if into:
        build.image.files.directory_at(path, instruction.start_line)
    build.image.files.blur(path)


def _place(
    build: "StageBuild", instruction: Instruction, path: str, into: bool, name: str, node: Node
) -> None:
    """Put what a source is at `path`, or below it where a file goes into a directory."""
    files = build.image.files
    line = instruction.start_line
    path = files.resolved(path)
    there = files.find(path)
    if isinstance(node, Directory):
        if files.directory_at(path, line) is None or not files.put(path, node, line):
            build.fail(instruction, f"a file is where a directory goes to {path}")
        return
    if into or isinstance(there, Directory):
        target = posixpath.join(path, name)
    elif there is UNKNOWN and not _names_a_file(path, name):
        files.blur(path)  # the file, or, if this is a directory, what the file goes into
        return
    else:
        target = path
    if not files.put(target, node, line):
        build.fail(instruction, f"{target} cannot be written")


def _chmod(build: "StageBuild", instruction: Instruction) -> tuple[int | None, bool]:
    """The mode of `--chmod`, and whether it is known."""
    flag = instruction.flag("chmod")
    if flag is None:
        return None, True
    value = build.expand(flag.value or "")
    if value == "":
        return None, True  # BuildKit then leaves the modes as they are
    if value is None or not re.fullmatch(r"0*[0-7]{1,4}", value):
        return None, False
    return int(value, 8), True


def _source(
    build: "StageBuild", instruction: Instruction, word: Word, source: str, mode: int | None
) -> list[tuple[str, Node]] | None:
    """(name, node) of what a source takes, `None` if that is unknown.

    The name of a directory is empty: what is in it is copied, and not itself.
    """
    line = instruction.start_line
    document = instruction.heredoc(word)
    if document is not None:
        return [(document.name, File(0o644 if mode is None else mode, line))]
    flag = instruction.flag("from")
    if flag is not None:
        return _source_of_stage(build, instruction, word, source, flag, mode)
    if instruction.name == "ADD" and is_url(source):
        name = posixpath.basename(source.partition("?")[0])
        if not name or source.startswith("git") or source.endswith(".git"):
            return None
        build.image.downloads[name] = directory_in(source)
        return [(name, File(0o600 if mode is None else mode, line))]
    found = build.builder.context.matching(source)
    build.image.files.visit(_OF_SOURCE * len(found))
    if instruction.flag("exclude") or instruction.flag("parents"):
        return None
    if not found:
        _note_missing(build, instruction, word, source)
        return _made_later(build, instruction, source)
    nodes: list[tuple[str, Node]] = []
    for entry in found:
        node: Node | None
        is_named = entry.kind == "link" and not may_take_several(source)
        if is_named and not _leads_somewhere(build, entry):
            _note_lost_link(build, instruction, word, source, entry)
        is_file = entry.kind == "file"
        if instruction.name == "ADD" and is_file and build.builder.context.is_archive(entry.path):
            node = _unpacked(build, entry, line) if mode is None else None
        else:
            node = _node(build, entry, line, mode)
        if node is None:
            return None
        name = "" if isinstance(node, Directory) else posixpath.basename(entry.path)
        nodes.append((name, node))
    return nodes


def _made_later(
    build: "StageBuild", instruction: Instruction, source: str
) -> list[tuple[str, Node]] | None:
    """What a pattern like `*.sh` takes that nothing fits: files that may be made before the build.

    BuildKit copies nothing then, and other builders fail.
    """
    name = posixpath.basename(source)
    is_of_files = _FILE_PATTERN.match(name) and not may_take_several(posixpath.dirname(source))
    if not is_of_files or not instruction.words[-1].text.endswith(("/", ".")):
        return None
    directory = Directory(instruction.start_line)
    directory.origins.append((build.builder.context, cleaned(posixpath.dirname(source))))
    return [("", directory)]


def _note_missing(build: "StageBuild", instruction: Instruction, word: Word, source: str) -> None:
    """A source is not in the build context."""
    if may_take_several(source):
        return  # made before the build, or nothing: BuildKit then copies nothing
    context = build.builder.context
    link = context.link_on_the_way(source)
    if link is None:
        ignored = bool(context.matching(source, ignored=True))
        build.lack(instruction, word, source, is_ignored=ignored)
    elif not _leads_somewhere(build, link):
        _note_lost_link(build, instruction, word, source, link)


def _note_lost_link(
    build: "StageBuild", instruction: Instruction, word: Word, source: str, link: Entry
) -> None:
    build.lack(instruction, word, source, link=link.path, target=link.target)


def _end_of(link: Entry) -> str:
    """Where a link leads, as BuildKit goes: the context is `/`, and nothing is above it."""
    return posixpath.normpath(
        posixpath.join("/", posixpath.dirname(link.path), link.target)
    ).lstrip("/")


def _leads_somewhere(build: "StageBuild", link: Entry) -> bool:
    """Whether a link of the context may lead to something in it."""
    context = build.builder.context
    for _ in range(limits.LINKS):
        path = _end_of(link)
        found = context.on_disk(path)
        if found is None:
            # What is behind another link, or made before the build, may be there.
            return context.is_behind_link(path) or context.may_be_made(path)
        if found.kind != "link":
            return True
        link = found
    return False


def _unpacked(build: "StageBuild", entry: Entry, line: int) -> Node | None:
    """What ADD makes of an archive."""
    from gearlint.image import archives

    context = build.builder.context
    directory = archives.unpacked(context.bytes_of(f"{context.directory}/{entry.path}"), line)
    build.image.files.visit(size_of(directory))
    return directory


def _goes_over_others(build: "StageBuild", instruction: Instruction, path: str, node: Node) -> bool:
    """Whether an archive has a file where a directory is, or the other way round."""
    if instruction.name != "ADD" or not isinstance(node, Directory) or node.origins:
        return False
    from gearlint.image import archives

    return not archives.fits(node, build.image.files.find(path))


def _node(build: "StageBuild", entry: Entry, line: int, mode: int | None) -> Node | None:
    """The node of an entry that is named as a source: of a link, what it leads to."""
    if entry.kind != "link":
        return from_context(build.builder.context, entry, line, mode)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), entry.target))
    if target.startswith(("/", "..")):
        return None
    followed = build.builder.context.entry(target)
    if followed is None or followed.kind != "file":
        return None
    return from_context(build.builder.context, followed, line, mode)


def _source_of_stage(
    build: "StageBuild",
    instruction: Instruction,
    word: Word,
    source: str,
    flag: Flag,
    mode: int | None,
) -> list[tuple[str, Node]] | None:
    """What COPY --from takes from another stage; unknown from an image not built here."""
    name = flag.value or ""
    image = build.builder.named(name, build.index)
    if image is None:
        return None
    path = posixpath.normpath("/" + source)
    if is_glob(source):
        paths, complete = image.files.matching(path, by_shell=False)
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
            build.fail(instruction, f"{source} is not in the stage {name}", word.span, source)
            return None
        image.files.visit(size_of(node))
        copy = copy_of(node)
        if mode is not None:
            _set_modes(copy, mode, instruction.start_line)
        nodes.append(("" if isinstance(copy, Directory) else posixpath.basename(each), copy))
    return nodes


def _names_a_file(path: str, source: str) -> bool:
    """Whether a target of COPY, of which nobody knows what is there, is surely no directory."""
    name = posixpath.basename(path)
    return name == posixpath.basename(source) or "." in name


def _set_modes(node: Node, mode: int, line: int) -> None:
    if isinstance(node, File):
        node.chmod(mode, line)
    elif isinstance(node, Directory):
        for child in node.entries.values():
            if child is not None:
                _set_modes(child, mode, line)


def _forget_modes(nodes: list[Node], cause: Cause) -> None:
    for node in nodes:
        if isinstance(node, File):
            node.forget_mode(cause)
        elif isinstance(node, Directory):
            node.blur(cause)
