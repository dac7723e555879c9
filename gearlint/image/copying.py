"""Replays COPY and ADD on the model of an image."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.core.source import is_within
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import Entry, cleaned, is_glob, may_take_several
from gearlint.image.nodes import Directory, File, Node, copy_of, files_in, from_context, size_of
from gearlint.image.stages import is_url
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
    if len(instruction.words) > 1:
        _Copy(build, instruction).replay()


class _Copy:
    """One COPY or ADD of a stage: to `path`, below it where `into` says that it is a directory.

    `mode` is that of `--chmod`, `None` without it or where it is not known.
    """

    def __init__(self, build: "StageBuild", instruction: Instruction) -> None:
        self.build = build
        self.image = build.image
        self.files = build.image.files
        self.context = build.builder.context
        self.instruction = instruction
        self.line = instruction.start_line
        self.path = ""
        self.into = False
        self.mode: int | None = None

    def replay(self) -> None:
        """Put what the sources are where the target is, or forget what may be there."""
        *sources, target = self.instruction.words
        directory = self.build.expand(target.text) or ""
        path = self.build.absolute(directory) if directory else None
        if path is None:
            self._scatter(sources, target)
            return
        self.path = path
        self.into = directory.endswith(("/", "/.")) or directory in (".", "..")
        self._note_owner()
        is_mode_known = self._read_mode()
        several = len(sources) > 1
        nodes: list[tuple[str, Node]] = []
        for word in sources:
            found = self._found(word)
            if found is not None:
                nodes += found
                several = several or len(found) > 1
            elif not (self.into and several and self._forget_one(word)):
                self._blur()
                return
        if not is_mode_known:
            self._forget_modes([node for _, node in nodes])
        is_of_file = bool(nodes) and isinstance(nodes[0][1], File)
        if several and not self.into and not self._has_directory(is_of_file=is_of_file):
            self._blur()
            return
        for name, node in nodes:
            if self._goes_over_others(node):
                self._blur()
            elif not self.files.budget.is_spent:
                self._place(name, node)

    def _has_directory(self, *, is_of_file: bool) -> bool:
        """Whether several sources go to a directory, which is made where there certainly is none.

        Some builders refuse this, some make a directory, some a file of the last one; of
        directories, and what comes after one, all that do not refuse it make one.
        """
        if self.files.find(self.path) is None and is_of_file:
            self.image.flattened.append(self.instruction)
            self.files.directory_at(self.path, self.line)
        return isinstance(self.files.find(self.path), Directory)

    def _note_owner(self) -> None:
        """What comes from the build context is root's, whatever USER says."""
        if not self.instruction.flag("chown") and not self.instruction.flag("from"):
            self.image.lines_of_root.add(self.line)

    def _read_mode(self) -> bool:
        """Take the mode of `--chmod`; false where that is not known."""
        flag = self.instruction.flag("chmod")
        value = self.build.expand(flag.value or "") if flag is not None else ""
        if value == "":
            return True  # BuildKit then leaves the modes as they are
        if value is None or not re.fullmatch(r"0*[0-7]{1,4}", value):
            return False
        self.mode = int(value, 8)
        return True

    def _found(self, word: Word) -> list[tuple[str, Node]] | None:
        """(name, node) of what a source is, as `_source` has them; `None` if unknown."""
        source = self.build.expand(word.text)
        if source is None or self.files.budget.is_spent:
            return None
        try:
            return self._source(word, source)
        except TooMuchError:
            return None

    def _forget_one(self, word: Word) -> bool:
        """A source of several is unknown: so is what has its name in the target, of a file."""
        name = posixpath.basename(self.build.expand(word.text) or "")
        if self.instruction.name != "COPY" or not _FILE_NAME.match(name):
            return False
        self.image.mark_foreign()
        self.files.directory_at(self.path, self.line)
        self.files.doubt(posixpath.join(self.path, name))
        missing = self.image.missing_sources
        if missing and missing[-1].word is word and len(missing) <= limits.NEAR_SOURCES:
            source = cleaned(missing[-1].source)
            near = "" if self.context.may_be_made(source) else self.context.near(source)
            meant = posixpath.join(self.path, posixpath.basename(near))
            if near and self.files.find(meant) in (None, UNKNOWN):
                self.files.doubt(meant)  # what is said of the source says it all
        return True

    def _scatter(self, sources: list[Word], target: Word) -> None:
        """Files are copied to where nobody knows: those names may be anywhere."""
        self.image.mark_foreign()
        names = [posixpath.basename(target.text)]
        for word in sources:
            found = self._found(word)
            if found is None:
                self.files.blur_all()
                return
            for name, node in found:
                names += [name] if name else []
                names += list(node.entries) if isinstance(node, Directory) else []
        for name in names:
            if name and "$" not in name:
                self.files.scatter(name)

    def _blur(self) -> None:
        """Anything may have been put at the target, or below it."""
        if not is_within(self.path, "/flywheel"):
            self.image.mark_foreign()
        if self.into:
            self.files.directory_at(self.path, self.line)
        self.files.blur(self.path)

    def _place(self, name: str, node: Node) -> None:
        """Put what a source is at the target, or below it where a file goes into a directory."""
        path = self.files.resolved(self.path)
        there = self.files.find(path)
        if isinstance(node, Directory):
            self.build.need_directory(self.instruction, path)
        elif self.into or isinstance(there, Directory):
            path = posixpath.join(path, name)
        elif there is UNKNOWN and not _names_a_file(path, name):
            self.files.blur(path)  # the file, or, if this is a directory, what the file goes into
            return
        if not self.files.put(path, node, self.line):
            self.build.need_directory(self.instruction, posixpath.dirname(path))
            if not self.files.put(path, node, self.line):
                self.build.fail(self.instruction, f"{path} cannot be written")

    def _source(self, word: Word, source: str) -> list[tuple[str, Node]] | None:
        """(name, node) of what a source takes, `None` if that is unknown.

        The name of a directory is empty: what is in it is copied, and not itself.
        """
        document = self.instruction.heredoc(word)
        if document is not None:
            return [(document.name, self._file(0o644))]
        flag = self.instruction.flag("from")
        if flag is not None:
            return self._source_of_stage(word, source, flag)
        if self.instruction.name == "ADD" and is_url(source):
            name = posixpath.basename(source.partition("?")[0])
            if not name or source.startswith("git") or source.endswith(".git"):
                return None
            from gearlint.image.shell.downloads import directory_in  # late: few ADD a URL

            self.image.downloads[name] = directory_in(source)
            return [(name, self._file(0o600))]
        found = self.context.matching(source)
        self.files.visit(_OF_SOURCE * len(found))
        if self.instruction.flag("exclude") or self.instruction.flag("parents"):
            return None
        if not found:
            self._note_missing(word, source)
            return self._made_later(source)
        nodes: list[tuple[str, Node]] = []
        for entry in found:
            is_named = entry.kind == "link" and not may_take_several(source)
            if is_named and not self._leads_somewhere(entry):
                self._lack(word, source, link=entry)
            node = self._node(entry)
            if node is None:
                return None
            name = "" if isinstance(node, Directory) else posixpath.basename(entry.path)
            nodes.append((name, node))
        return nodes

    def _file(self, mode: int) -> File:
        """A file that is not in the build context, with this mode if `--chmod` has no other."""
        return File(mode if self.mode is None else self.mode, self.line)

    def _made_later(self, source: str) -> list[tuple[str, Node]] | None:
        """What a pattern like `*.sh` takes that nothing fits: files made before the build, if any.

        BuildKit copies nothing then, and other builders fail.
        """
        above, name = posixpath.split(source)
        target = self.instruction.words[-1].text
        if not _FILE_PATTERN.match(name) or may_take_several(above):
            return None
        if not target.endswith(("/", ".")):
            return None
        directory = Directory(self.line)
        directory.origins.append((self.context, cleaned(above)))
        return [("", directory)]

    def _note_missing(self, word: Word, source: str) -> None:
        """A source is not in the build context."""
        if may_take_several(source):
            return  # made before the build, or nothing: BuildKit then copies nothing
        link = self.context.link_on_the_way(source)
        if link is None:
            is_ignored = bool(self.context.matching(source, ignored=True))
            self._lack(word, source, is_ignored=is_ignored)
        elif not self._leads_somewhere(link):
            self._lack(word, source, link=link)

    def _lack(
        self, word: Word, source: str, *, is_ignored: bool = False, link: Entry | None = None
    ) -> None:
        """Note a source that is not in the build context, or is behind a `link` to nothing."""
        from gearlint.image.faults import MissingSource

        missing = MissingSource(self.instruction, word, source, is_ignored)
        if link is not None:
            missing = missing._replace(link=link.path, target=link.target)
        self.image.missing_sources.append(missing)

    def _leads_somewhere(self, link: Entry) -> bool:
        """Whether a link of the context may lead to something in it."""
        for _ in range(limits.LINKS):
            path = _end_of(link)
            found = self.context.on_disk(path)
            if found is None:
                # What is behind another link, or made before the build, may be there.
                return self.context.is_behind_link(path) or self.context.may_be_made(path)
            if found.kind != "link":
                return True
            link = found
        return False

    def _goes_over_others(self, node: Node) -> bool:
        """Whether an archive has a file where a directory is, or the other way round."""
        if self.instruction.name != "ADD" or not isinstance(node, Directory) or node.origins:
            return False
        from gearlint.image import archives

        return not archives.fits(node, self.files.find(self.path))

    def _node(self, entry: Entry) -> Node | None:
        """The node of an entry that is named as a source: of a link, what it leads to."""
        is_file = entry.kind == "file"
        if self.instruction.name == "ADD" and is_file and self.context.is_archive(entry.path):
            return self._unpacked(entry) if self.mode is None else None
        if entry.kind == "link":
            target = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), entry.target))
            followed = None if target.startswith(("/", "..")) else self.context.entry(target)
            if followed is None or followed.kind != "file":
                return None
            entry = followed
        return from_context(self.context, entry, self.line, self.mode)

    def _unpacked(self, entry: Entry) -> Node | None:
        """What ADD makes of an archive."""
        from gearlint.image import archives

        data = self.context.bytes_of(f"{self.context.directory}/{entry.path}")
        directory = archives.unpacked(data, self.line)
        self.files.visit(size_of(directory))
        return directory

    def _source_of_stage(
        self, word: Word, source: str, flag: Flag
    ) -> list[tuple[str, Node]] | None:
        """What COPY --from takes from another stage; unknown from an image not built here."""
        name = flag.value or ""
        image = self.build.builder.named(name, self.build.index)
        if image is None:
            return None
        paths = [posixpath.normpath("/" + source)]
        if is_glob(source):
            paths, complete = image.files.matching(paths[0], by_shell=False)
            if not complete:
                return None
        nodes = []
        for path in paths:
            node = image.files.find(path)
            if isinstance(node, Unknown):
                return None
            if node is None:
                message = f"{source} is not in the stage {name}"
                self.build.fail(self.instruction, message, word.span, source)
                return None
            image.files.visit(size_of(node))
            new = copy_of(node)
            for file in files_in(new) if self.mode is not None else ():
                file.chmod(self.mode, self.line)
            nodes.append(("" if isinstance(new, Directory) else posixpath.basename(path), new))
        return nodes

    def _forget_modes(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, File):
                node.forget_mode(self.files.cause)
            elif isinstance(node, Directory):
                node.blur(self.files.cause)


def _end_of(link: Entry) -> str:
    """Where a link leads, as BuildKit goes: the context is `/`, and nothing is above it."""
    return cleaned(posixpath.join(posixpath.dirname(link.path), link.target))


def _names_a_file(path: str, source: str) -> bool:
    """Whether a target of COPY, of which nobody knows what is there, is surely no directory."""
    name = posixpath.basename(path)
    return name == posixpath.basename(source) or "." in name
