"""Replays a RUN on the model of an image.

The commands that work on files are replayed, known installers are known to leave the gear's files
alone, and any other command may have made anything in its working directory and in what it names.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from gearlint.core.lazy import regex
from gearlint.core.source import Span, is_inside
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.context import MAX_DEPTH
from gearlint.image.files import Directory, File, Link, Node, copy_of, walk
from gearlint.image.state import FailedStep, Image, Value
from gearlint.syntax.dockerfile import Instruction
from gearlint.syntax.shell import command_line, expansion
from gearlint.syntax.shell.model import Command, Reach
from gearlint.syntax.substitution import Lookup

_PACKED = regex(r"\.(?:t?gz|bz2|t?xz|zst|Z|lzma|lz4|zip|tar|7z|rar|cab)\Z")
_SHELLS = regex(r"(?:/usr)?(?:/bin/)?(?:ba|da|a|)sh\Z")
HARMLESS = frozenset(
    (
        ":", "[", "[[", "addgroup", "arch", "basename", "cat", "cut", "date",
        "df", "dirname", "du", "echo", "export", "false", "grep", "groupadd", "groupmod", "hash",
        "head", "hostname", "id", "ldconfig", "ldd", "ls", "md5sum", "printenv", "printf", "pwd",
        "readlink", "realpath", "seq", "set", "sha256sum", "sleep", "stat", "sync", "tail", "test",
        "tr", "true", "type", "umask", "uname", "unset", "wc", "whereis", "which", "whoami",
    )
)  # fmt: skip
"""Commands that change no file that anybody looks at."""

_INSTALLERS = {
    "add-apt-repository": "*",
    "apk": "add update upgrade del",
    "apt": "install update upgrade dist-upgrade clean autoclean autoremove remove purge",
    "apt-key": "*",
    "conda": "install update clean create config remove",
    "dnf": "install update upgrade clean remove makecache groupinstall",
    "gem": "install update",
    "locale-gen": "*",
    "poetry": "install config",
    "update-alternatives": "*",
}
"""The sub-commands of installers that do not write to their working directory, by the program."""
_ELSEWHERE = regex(
    r"(?!.*://).*/|-p|--(?:prefix|root|installroot|install-dir)\b|.*\b(?:lib|destdir)\s*=",
    re.DOTALL,
)
"""An argument that may have packages installed to, or taken from, a directory that it names."""
_TAKES_GLOBS = ("chgrp", "chmod", "chown", "rm")
_MAKES_HOME = ("adduser", "useradd", "usermod")
_SAME_INSTALLER = {
    "apt-get": "apt", "mamba": "conda", "microdnf": "dnf", "micromamba": "conda", "yum": "dnf",
}  # fmt: skip
_PREFIXES = ("command", "env", "exec", "nice", "sudo", "time")
"""Programs that start the program that stands after them."""
_OWN_CODE = regex(
    r"(?:g?make|cmake|ninja|xargs|python[0-9.]*|bash|sh|Rscript|perl|node|ant|mvn|gradle)\Z"
)
"""Programs that run what is written in the gear's own files, which may do anything anywhere."""
_PIP = regex(r"pip(?:[23](?:\.[0-9]+)?)?\Z")
_PYTHON = regex(r"python(?:[23](?:\.[0-9]+)?)?\Z")
_OCTAL = regex(r"[0-7]{1,4}\Z")
_CHMOD_OPTION = regex(r"(?:-[Rvfc]+|--recursive|--verbose|--changes)\Z")
_CLAUSE = regex(r"([ugoa]*)((?:[-+=][rwxXst]*|[-+=][ugo])+)\Z")
_OPERATION = regex(r"[-+=][rwxXstugo]*")
_ERREXIT = regex(r"-[a-z]*e")


def run(image: Image, instruction: Instruction, lookup: Lookup) -> None:
    """Do to `image` what a RUN certainly does, and forget what it may have changed."""
    _Replay(image, instruction, lookup).run()


class _StopError(Exception):
    """The step certainly fails here."""


class _Replay:
    def __init__(self, image: Image, instruction: Instruction, lookup: Lookup) -> None:
        self.image = image
        self.files = image.files
        self.instruction = instruction
        self.line = instruction.start_line
        self.outer = lookup
        self.variables: dict[str, Value] = {}
        self.cwd: str | Unknown = image.workdir
        self.certain = True  # whether the command at hand runs, and must succeed
        self.is_text = False  # whether spans are those of the instruction's text
        # What is mounted is there for this step alone.
        self.can_fail = not any(flag.name == "mount" for flag in instruction.flags)

    def run(self) -> None:
        words = self.instruction.exec_form
        try:
            if words is not None:
                self.argv([word.text for word in words])
            elif self.instruction.heredocs:
                self.heredoc()
            elif self.reads_shell():
                self.is_text = True
                self.text(self.instruction.value)
            else:
                self.anything()
        except _StopError:
            pass

    def reads_shell(self) -> bool:
        """Whether SHELL is one whose language is known, with `-c` among its options."""
        program = self.image.shell
        return (
            not isinstance(program, Unknown)
            and bool(_SHELLS.match(program[0]))
            and program[-1].startswith("-")
            and program[-1].endswith("c")
        )

    def errexit(self) -> bool:
        program = self.image.shell
        options = () if isinstance(program, Unknown) else program[1:]
        return any(_ERREXIT.match(option) for option in options)

    def heredoc(self) -> None:
        """`RUN <<EOF`: a script of the shell, if nothing else stands in the line."""
        document = self.instruction.heredocs[0]
        alone = len(self.instruction.heredocs) == 1 and re.fullmatch(
            r"\s*<<-?\s*[\"']?\w+[\"']?\s*", self.instruction.value
        )
        if alone and self.reads_shell() and not document.content.startswith("#!"):
            # Docker runs it as one script: a failing line does not stop it.
            self.can_fail = False
            self.text(document.text)
        else:
            self.anything()

    def anything(self) -> None:
        """Anything may have been done anywhere."""
        self.image.has_foreign_commands = True
        self.files.blur_all()

    def argv(self, argv: list[str]) -> None:
        """An exec form."""
        if len(argv) == 3 and _SHELLS.match(argv[0]) and re.fullmatch(r"-[a-z]*c", argv[1]):
            self.text(argv[2])
        elif argv:
            self.command(argv[0], argv[1:], [True] * (len(argv) - 1), None)

    def text(self, text: str) -> None:
        """A command line."""
        words = command_line.words_of(text)
        if words is not None:
            self.certain = True
            span = len(text) - len(text.lstrip()), len(text.rstrip())
            self.command(words[0], words[1:], [True] * (len(words) - 1), span)
            return
        if not self.files.budget.allows(len(text)):
            self.anything()
            return
        commands = command_line.parse(text, errexit=self.errexit())
        if not commands.known:
            self.anything()
            return
        for command in commands.commands:
            self.certain = command.must_succeed and command.reach is not Reach.MAYBE
            self.simple_command(command)

    def lookup(self, name: str) -> Value:
        if name in self.variables:
            return self.files.budget.values.read(self.variables[name])
        if name == "PWD":
            return self.files.budget.values.read(self.cwd)
        if name == "HOME" and self.outer("HOME") is None:
            return UNKNOWN
        return self.outer(name)

    def simple_command(self, command: Command) -> None:
        for redirection in command.redirections:
            if ">" in redirection.operator and "&" not in redirection.operator[1:]:
                target = expansion.value(redirection.target, self.lookup)
                self.write(target, rewrites=">>" not in redirection.operator)
        if not command.words:
            for assignment in command.assignments:
                value = expansion.value(assignment.value, self.lookup)
                known = self.certain and command.shell == 0 and value is not None
                self.variables[assignment.name] = value if known and value is not None else UNKNOWN
            return
        fields: list[str] = []
        complete: list[bool] = []
        for word in command.words:
            expanded = expansion.expand(word, self.lookup)
            if expanded is None:
                self.foreign(fields)
                self.anything()
                return
            if not self.files.budget.allows(sum(len(field.text) for field in expanded)):
                self.anything()
                return
            for field in expanded:
                paths, is_complete = [field.text], True
                if field.pattern is not None:
                    paths, is_complete = self.globbed(field.pattern)
                    if not paths and is_complete:
                        paths = [field.text]  # the shell leaves it as it is
                fields += paths
                complete += [is_complete] * len(paths)
                if not paths:  # a glob of which no match is known
                    complete.append(False)
                    fields.append(field.text)
        if not fields:
            return
        if command.shell != 0 and fields[0] == "cd":
            return
        self.command(fields[0], fields[1:], complete[1:], command.span)

    @property
    def span(self) -> Span:
        """The command at hand in the Dockerfile."""
        if self.is_text and self.place is not None:
            return self.instruction.span_of(*self.place)
        return self.instruction.name_span

    def absolute(self, path: str) -> str | None:
        if not path.startswith("/"):
            if isinstance(self.cwd, Unknown):
                return None
            path = posixpath.join(self.cwd, path)
        return path if path.count("/") <= MAX_DEPTH else None

    def globbed(self, pattern: str) -> tuple[list[str], bool]:
        """The paths that a glob stands for, as known, and whether that is all."""
        path = self.absolute(pattern)
        if path is None:
            return [], False
        return self.files.matching(path)

    def write(self, target: str | None, rewrites: bool) -> None:
        """A redirection makes a file, or fills one that is there."""
        path = self.absolute(target) if target else None
        if path is None:
            if target is None:
                self.files.blur_all()
            return
        there = self.files.find(path)
        if path.startswith("/dev/") or isinstance(there, Directory):
            return
        if not self.certain:
            self.files.doubt(path)
        elif isinstance(there, File):
            there.origin = None if rewrites else there.origin
        elif there is None:
            self.files.put(path, File(0o644, self.line), self.line, through=True)
        else:
            self.files.blur(posixpath.dirname(path))

    # --- commands

    def command(
        self, name: str, args: list[str], complete: list[bool], place: tuple[int, int] | None
    ) -> None:
        """A command with its arguments; `place` is where it stands in the shell's text, if any."""
        self.files.visit(1 + len(args))
        if self.files.budget.is_spent:
            self.anything()
            return
        base = posixpath.basename(name)
        self.place = place
        self.complete = complete
        first = 0
        while base in _PREFIXES and first < len(args):
            name, first = args[first], first + 1
            while base == "env" and "=" in name and first < len(args):
                name, first = args[first], first + 1
            base = posixpath.basename(name)
        args, self.complete = args[first:], self.complete[first:]
        if base in self.HANDLERS and name in (base, f"/bin/{base}", f"/usr/bin/{base}"):
            if base != "cd" and not all(self.complete) and base not in _TAKES_GLOBS:
                self.foreign([name, *args])
            else:
                self.HANDLERS[base](self, args)
        elif base in HARMLESS:
            if base == "export":
                self.export(args)
            return
        elif base in _MAKES_HOME:
            self.named([arg for arg in args if "/" in arg])  # the others are names of users
        elif self.is_installer(base, args):
            if base == "poetry":
                self.files.blur(self.absolute(".venv") or "/")
            self.image.installed.update(args)
        else:
            self.foreign([name, *args])

    def export(self, args: list[str]) -> None:
        for arg in args:
            name, equals, value = arg.partition("=")
            if equals:
                self.variables[name] = value if self.certain else UNKNOWN

    def is_installer(self, name: str, args: list[str]) -> bool:
        """Whether a command is known to install packages without writing to its own directory."""
        if _PYTHON.match(name) and args[:1] == ["-m"] and len(args) > 1:
            name, args = args[1], args[2:]
        words = [arg for arg in args if not arg.startswith("-")]
        if _PIP.match(name):
            local = any(_is_local(args, index) for index in range(len(args)))
            return words[:1] in (["install"], ["uninstall"], ["cache"], ["config"]) and not local
        if any(map(_ELSEWHERE.match, args)):
            return False
        if name == "npm":
            return bool({"-g", "--global"} & set(args)) and words[:1] in (["install"], ["i"])
        if name in ("R", "Rscript"):
            return "-e" in args and any("install" in arg for arg in args)
        known = _INSTALLERS.get(_SAME_INSTALLER.get(name, name), "").split()
        return known == ["*"] or any(word in known for word in words[:2])

    def foreign(self, args: Sequence[str]) -> None:
        """A command of which nothing is known: its directory, and what it names, become unknown."""
        self.image.has_foreign_commands = True
        program = args[0] if args else ""
        if (
            "/" in program
            or _OWN_CODE.match(program)
            or "/" in args
            or isinstance(self.cwd, Unknown)
        ):
            self.files.blur_all()
        else:
            self.files.blur(self.cwd)
        self.named(args)

    def named(self, args: Sequence[str]) -> None:
        """What a command names becomes unknown: it may make, change or replace that."""
        for index, arg in enumerate(args):
            # `--prefix=/opt/x`, `-C/opt/x`, and shell text in an argument.
            for piece in re.split(r"[\s=:,;&|<>()'\"]+", arg):
                path = piece[piece.find("/") :] if re.match(r"-\w/", piece) else piece
                absolute = self.absolute(path) if path else None
                if absolute is not None and self.names(absolute, path):
                    absolute = posixpath.normpath(absolute)
                    # Beside it may be more: of `gunzip x.gz` x, of `split y x` xaa and xab.
                    if _PACKED.search(path) or self.files.find(absolute) is None:
                        self.files.blur(posixpath.dirname(absolute))
                    self.files.blur(absolute, rewritten=index > 0)

    def names(self, absolute: str, word: str) -> bool:
        """Whether a word of a command may be meant as a path."""
        is_there = isinstance(self.files.find(absolute), File | Directory)
        return is_there or "/" in word or word in (".", "..")

    def missing(self, path: str, what: str) -> None:
        """The command works on a file that is certainly not there, so the step fails."""
        if self.certain and self.can_fail:
            absolute = posixpath.normpath(path)
            self.image.failed_steps.append(
                FailedStep(self.instruction, self.span, f"{what} {absolute}", absolute)
            )
            raise _StopError

    def split(self, args: list[str], valued: str = "") -> tuple[set[str], list[str]] | None:
        """(letters of the options, operands), `None` where they cannot be distinguished.

        `valued` are the letters that take a value: with one of those it is not known.
        """
        letters: set[str] = set()
        operands: list[str] = []
        for index, arg in enumerate(args):
            if arg == "--":
                operands += args[index + 1 :]
                break
            if arg.startswith("--"):
                known = _LONG.get(arg)
                if known is None:
                    return None
                letters.add(known)
            elif arg.startswith("-") and len(arg) > 1:
                if set(arg[1:]) & set(valued):
                    return None
                letters.update(arg[1:])
            else:
                operands.append(arg)
        return letters, operands

    def paths(self, operands: list[str]) -> list[str] | None:
        found = [self.absolute(operand) for operand in operands]
        return None if None in found else [path for path in found if path is not None]

    def understood(
        self,
        args: list[str],
        options: str,
        valued: str = "",
        changed: Callable[[list[str]], list[str]] = list,
    ) -> tuple[set[str], list[str]] | None:
        """The options and the absolute operands, if all is certain; else what it may do is done.

        `changed` tells of the operands what the command changes.
        """
        split = self.split(args, valued)
        paths = self.paths(split[1]) if split else None
        if split is None or paths is None or not split[0] <= set(options):
            self.uncertain(args)
            return None
        if not self.certain:
            self.uncertain(changed(paths))
            return None
        return split[0], paths

    def missing_ones(self, paths: list[str]) -> list[str]:
        """Those of the paths where nothing is for certain."""
        return [path for path in paths if not isinstance(self.files.find(path), File | Directory)]

    def targets(self, paths: list[str]) -> list[str]:
        """What `cp` and its like write: the last of the paths, or what goes into it."""
        *sources, target = paths or [""]
        if not isinstance(self.files.find(target), Directory):
            return [target]
        return [posixpath.join(target, posixpath.basename(source)) for source in sources]

    def uncertain(self, args: Sequence[str]) -> None:
        """A file command that may not have run, or whose arguments are not understood."""
        self.image.has_foreign_commands = True
        for arg in args:
            path = self.absolute(arg)
            if path is None:
                self.files.blur_all()
                return
            if not arg.startswith("-"):
                self.files.doubt(path)

    def cd(self, args: list[str]) -> None:
        operands = [arg for arg in args if arg not in ("-P", "-L", "--")]
        target = operands[0] if len(operands) == 1 else None
        path = self.absolute(target) if target not in (None, "-", "") and target else None
        if path is None or not self.certain:
            self.cwd = UNKNOWN
            return
        path = posixpath.normpath(path)
        if not isinstance(self.files.find(path), Directory | Unknown):
            self.missing(path, "cd to")
            self.cwd = UNKNOWN
            return
        self.cwd = path

    def mkdir(self, args: list[str]) -> None:
        understood = self.understood(args, "pv", "mZ", self.missing_ones)
        if understood is None:
            return
        letters, paths = understood
        for path in paths:
            there = self.files.find(path)
            above = self.files.find(posixpath.dirname(path.rstrip("/")))
            if "p" not in letters and isinstance(there, File | Directory):
                self.stop(f"mkdir makes {path}, which is there already")
            if "p" not in letters and above is None:
                self.missing(posixpath.dirname(path.rstrip("/")), "mkdir in")
            if self.files.directory_at(path, self.line) is None:
                self.stop(f"mkdir makes {path}, where a file is")

    def stop(self, message: str) -> None:
        if self.certain and self.can_fail:
            self.image.failed_steps.append(FailedStep(self.instruction, self.span, message))
            raise _StopError

    def touch(self, args: list[str]) -> None:
        understood = self.understood(args, "acm", "drt", self.missing_ones)
        for path in understood[1] if understood else ():
            there = self.files.find(path)
            if there is None:
                if self.files.find(posixpath.dirname(path)) is None:
                    self.missing(posixpath.dirname(path), "touch in")
                self.files.put(path, File(0o644, self.line), self.line, through=True)
            elif there is UNKNOWN:
                new = File(None, self.line)
                self.files.put(path, new, self.line)

    def rm(self, args: list[str]) -> None:
        understood = self.understood(args, "rRfvd")
        if understood is None:
            return
        letters, paths = understood
        for path, complete in zip(paths, self.operand_completeness(args), strict=False):
            if not complete:
                continue
            there = self.files.find(path, follow=False)
            if there is None and "f" not in letters:
                self.missing(path, "rm of")
            if isinstance(there, Directory) and not {"r", "R", "d"} & letters:
                self.stop(f"rm of {path}, which is a directory")
            self.files.remove(path)

    def operand_completeness(self, args: list[str]) -> list[bool]:
        return [
            complete
            for arg, complete in zip(args, self.complete, strict=False)
            if not arg.startswith("-")
        ]

    def chmod(self, args: list[str]) -> None:
        options = [arg for arg in args if arg.startswith("-") and _CHMOD_OPTION.match(arg)]
        rest = [
            (arg, complete)
            for arg, complete in zip(args, self.complete, strict=False)
            if arg not in options and arg != "--"
        ]
        recursive = any("R" in option or "recursive" in option for option in options)
        quiet = any("f" in option for option in options)
        if len(rest) < 2:
            self.uncertain([arg for arg, _ in rest[1:]])
            return
        mode = rest[0][0]
        if not _OCTAL.match(mode) and not all(map(_CLAUSE.match, mode.split(","))):
            self.uncertain([arg for arg, _ in rest[1:]])
            return
        for arg, complete in rest[1:]:
            path = self.absolute(arg)
            if path is None:
                self.files.blur_all()
            elif not complete and self.files.find(path) is None:
                continue  # a glob of which no match is known
            elif not self.certain:
                self.maybe_chmod(path, recursive)
            else:
                self.chmod_path(path, mode, recursive, quiet)

    def chmod_path(self, path: str, mode: str, recursive: bool, quiet: bool) -> None:
        node = self.files.find(path)
        if node is None and not quiet:
            self.missing(path, "chmod of")
        if isinstance(node, File | Directory):
            operations = _operations(mode)
            nodes = list(walk(node)) if recursive else [node]
            self.files.visit(len(nodes) * (1 + len(operations)))
            for each in nodes if not self.files.budget.is_spent else ():
                if isinstance(each, File | Directory):
                    _change_mode(each, mode, operations)

    def maybe_chmod(self, path: str, recursive: bool) -> None:
        node = self.files.find(path)
        if isinstance(node, File | Directory):
            nodes = list(walk(node)) if recursive else [node]
            self.files.visit(len(nodes))
            for each in nodes:
                if isinstance(each, File):
                    each.chmod(None, runs=None)

    def chown(self, args: list[str]) -> None:
        self.change_owner(args, "chown of")

    def chgrp(self, args: list[str]) -> None:
        self.change_owner(args, "chgrp of")

    def change_owner(self, args: list[str], what: str) -> None:
        """Nobody looks at the owner of a file, but the file has to be there."""
        given = list(zip(args, self.complete, strict=False))
        options = [arg for arg in args if arg.startswith("-")]
        if not all(_CHMOD_OPTION.match(option) and "f" not in option for option in options):
            return
        operands = [(arg, complete) for arg, complete in given if arg not in options]
        for arg, complete in operands[1:]:
            path = self.absolute(arg)
            if path is not None and complete and self.files.find(path) is None:
                self.missing(path, what)

    def cp(self, args: list[str]) -> None:
        self.transfer(args, "rRafpvLPdu", moves=False)

    def mv(self, args: list[str]) -> None:
        self.transfer(args, "fvnu", moves=True)

    def transfer(self, args: list[str], options: str, *, moves: bool) -> None:
        """Cp or mv."""
        understood = self.understood(args, options, "tST", list if moves else self.targets)
        if understood is None:
            return
        letters, paths = understood
        if len(paths) < 2 or {"n", "u"} & letters:
            self.uncertain(args)
            return
        *sources, target = paths
        for source in sources:
            node = self.files.find(source, follow=not moves)
            if node is None:
                self.missing(source, "mv of" if moves else "cp of")
                return
        there = self.files.find(target)
        into = isinstance(there, Directory)
        if there is UNKNOWN:  # perhaps a directory, into which it goes
            self.uncertain(paths if moves else [target])
            return
        if there is None and (len(sources) > 1 or (target.endswith("/") and not into)):
            nodes = [self.files.find(source) for source in sources]
            if len(sources) > 1 or not isinstance(nodes[0], Directory):
                self.missing(target.rstrip("/"), "mv to" if moves else "cp to")
                return
        if there is None and self.files.find(posixpath.dirname(target.rstrip("/"))) is None:
            self.missing(posixpath.dirname(target.rstrip("/")), "mv to" if moves else "cp to")
            return
        for source in sources:
            node = self.files.find(source, follow=not moves)
            if isinstance(node, Unknown):
                self.uncertain([source, *self.targets([source, target])])
                continue
            recursive = moves or bool({"r", "R", "a"} & letters)
            if isinstance(node, Directory) and not recursive:
                self.stop(f"cp of {source}, which is a directory, without -r")
                return
            if node is None:
                continue
            new = copy_of(node)
            path = target
            if into:
                path = posixpath.join(target, posixpath.basename(source.rstrip("/")))
            existing = self.files.find(path)
            if not moves and not {"a", "p"} & letters:
                _set_copied_modes(new, existing)
            if moves:
                self.files.remove(source.rstrip("/"))
            if isinstance(new, Directory) and is_inside(
                posixpath.normpath(path), posixpath.normpath(source)
            ):
                self.stop(f"{'mv' if moves else 'cp'} of {source} into itself")
            if not self.files.put(path, new, self.line, through=not moves):
                self.stop(f"{'mv' if moves else 'cp'} to {path}, where something else is")

    def install(self, args: list[str]) -> None:
        """`install [-m MODE] SOURCE... TARGET`, `install -d DIRECTORY...`."""
        mode = "755"
        rest: list[str] = []
        pending = iter(args)
        for arg in pending:
            if arg in ("-m", "--mode"):
                mode = next(pending, "")
            elif match := re.fullmatch(r"(?:-m|--mode=)([0-7]+)", arg):
                mode = match[1]
            else:
                rest.append(arg)
        understood = self.understood(rest, "dDv", "ogtT", self.targets)
        if understood is None or not _OCTAL.match(mode):
            self.uncertain(rest)
            return
        letters, paths = understood
        if "d" in letters:
            for path in paths:
                self.files.directory_at(path, self.line)
            return
        if len(paths) < 2:
            self.uncertain(rest)
            return
        *sources, target = paths
        if "D" in letters:
            self.files.directory_at(posixpath.dirname(target.rstrip("/")), self.line)
        into = isinstance(self.files.find(target), Directory)
        for source in sources:
            node = self.files.find(source)
            if node is None:
                self.missing(source, "install of")
            path = posixpath.join(target, posixpath.basename(source)) if into else target
            if not isinstance(node, File) or self.files.find(target) is UNKNOWN:
                self.files.blur(target)
            else:
                new = node.copy()
                new.chmod(int(mode, 8), runs=None)
                self.files.put(path, new, self.line)

    def ln(self, args: list[str]) -> None:
        understood = self.split(args, "tTS")
        if understood is None or not understood[0] <= set("sfnrv"):
            self.uncertain(args)
            return
        letters, operands = understood
        # What a symbolic link leads to is written in it, and is below its own directory.
        is_symbolic = "s" in letters
        paths = self.paths(operands[-1:] if is_symbolic else operands)
        if not paths:
            self.uncertain(args)
            return
        sources = operands[:-1] if is_symbolic else paths[:-1]
        if not self.certain:
            for target, path in zip(sources, self.targets([*sources, paths[-1]]), strict=False):
                self.may_link(path, target)
            return
        if not is_symbolic or len(operands) != 2 or "r" in letters:
            self.hard_link(operands, letters)
            return
        target, path = sources[0], paths[-1]
        there = self.files.find(path, follow="n" not in letters)
        if isinstance(there, Directory):
            path = posixpath.join(path, posixpath.basename(target.rstrip("/")))
            there = self.files.find(path, follow=False)
        if there is UNKNOWN:
            self.may_link(path, target)
            return
        if there is None and self.files.find(path, follow=False) is not None:
            there = self.files.find(path, follow=False)
        if there is not None and "f" not in letters:
            self.stop(f"ln makes {path}, which is there already")
            return
        if self.files.find(posixpath.dirname(path)) is None:
            self.missing(posixpath.dirname(path), "ln in")
            return
        self.files.remove(path)
        self.files.put(path, Link(target, self.line), self.line)

    def may_link(self, path: str, target: str) -> None:
        """There may be a link at `path`: what is done to that may be done to what it leads to."""
        self.uncertain([path])
        self.files.blur(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))

    def hard_link(self, operands: list[str], letters: set[str]) -> None:
        """A hard link is a second name, so that a later change through one is one of the other."""
        paths = self.paths(operands)
        if paths is None or len(paths) != 2 or "s" in letters:
            self.uncertain(operands)
            return
        node = self.files.find(paths[0])
        if node is None:
            self.missing(paths[0], "ln of")
        path = paths[1]
        if isinstance(self.files.find(path), Directory):
            path = posixpath.join(path, posixpath.basename(paths[0]))
        if not isinstance(node, File) or self.files.find(path) is UNKNOWN:
            self.uncertain(operands)
            return
        if self.files.find(path, follow=False) is not None and "f" not in letters:
            self.stop(f"ln makes {path}, which is there already")
        if self.files.find(posixpath.dirname(path)) is None:
            self.missing(posixpath.dirname(path), "ln in")
        self.files.remove(path)
        self.files.put(path, node, self.line)

    HANDLERS: ClassVar[Mapping[str, Callable[["_Replay", list[str]], None]]] = {
        "cd": cd, "chgrp": chgrp, "chmod": chmod, "chown": chown, "cp": cp, "install": install,
        "ln": ln, "mkdir": mkdir, "mv": mv, "rm": rm, "touch": touch,
    }  # fmt: skip
    """What each file command does with its arguments."""


_LONG = {
    "--archive": "a", "--force": "f", "--parents": "p", "--recursive": "r", "--symbolic": "s",
    "--verbose": "v", "--directory": "d",
}  # fmt: skip


_READ_BY_PIP = (
    "-r", "--requirement", "-c", "--constraint", "-f", "--find-links", "-i", "--index-url",
    "--extra-index-url", "--cache-dir",
)  # fmt: skip
_WRITTEN_BY_PIP = ("-e", "--editable", "-t", "--target", "--prefix", "--root", "--src")


def _is_local(args: Sequence[str], index: int) -> bool:
    """Whether an argument of pip is a package in a directory, or names a directory to write to."""
    arg = args[index]
    option = arg.partition("=")[0]
    if option in _WRITTEN_BY_PIP or re.match(r"-[et]", arg):
        return True
    if (index and args[index - 1] in _READ_BY_PIP) or option in _READ_BY_PIP:
        return False
    if "://" in arg or re.match(r"-[rcfi]", arg):
        return False
    return "/" in arg or arg.startswith(".")


def _set_copied_modes(new: Node, existing: Node | Unknown | None) -> None:
    """A copy has the mode of its source less the umask, or that of the file it overwrites."""
    if isinstance(new, File) and isinstance(existing, File):
        new.chmod(existing.mode, runs=existing.is_executable)
        return
    for node in walk(new):
        if isinstance(node, File) and isinstance(existing, Directory | Unknown):
            node.chmod(None, runs=None)
        elif isinstance(node, File) and node.mode is not None:
            # busybox keeps the set-user-ID bit and the like, GNU does not.
            mode = None if node.mode & 0o7000 else node.mode & ~0o022
            node.chmod(mode, runs=bool(node.mode & 0o111))


def _operations(mode: str) -> list[tuple[str, str]]:
    """(who, operation) of the clauses of a symbolic mode: `ug+x,o=` -> `ug` `+x`, `o` `=`."""
    return [
        (clause[: len(clause) - len(operations)], operation)
        for clause in mode.split(",")
        for operations in (clause.lstrip("ugoa"),)
        for operation in _OPERATION.findall(operations)
    ]


def _change_mode(node: File | Directory, mode: str, operations: Sequence[tuple[str, str]]) -> None:
    """chmod: octal, or, with a umask of 022, the `operations` of a symbolic mode."""
    if not operations:
        _set_mode(node, int(mode, 8), None)
        return
    bits, runs = node.mode, node.is_executable if isinstance(node, File) else True
    for who, operation in operations:
        bits, runs = _apply(who, operation, bits, runs, isinstance(node, Directory))
    _set_mode(node, bits, runs)


def _apply(
    who: str, operation: str, bits: int | None, runs: bool | None, is_directory: bool
) -> tuple[int | None, bool | None]:
    sign, letters = operation[0], operation[1:]
    everyone = "a" in who or not who
    classes = [shift for name, shift in (("u", 6), ("g", 3), ("o", 0)) if everyone or name in who]
    if bits is None:
        # Only the executable bit is followed where the others are not known.
        if "x" in letters or ("X" in letters and (runs or is_directory)):
            runs = True if sign in "+=" else (False if everyone else None)
        elif sign == "=":
            runs = False if everyone else None
        elif "X" in letters or set(letters) & set("ugo"):
            runs = None
        return None, runs
    copied = {"u": bits >> 6 & 7, "g": bits >> 3 & 7, "o": bits & 7}
    value = 0
    for letter in letters:
        if letter in copied:
            value |= copied[letter]
        elif letter == "X":
            value |= 1 if is_directory or bits & 0o111 else 0
        elif letter in "rwx":
            value |= {"r": 4, "w": 2, "x": 1}[letter]
    mask = 0
    for shift in classes:
        mask |= value << shift
    if not who:
        mask &= ~0o022
    special = 0
    if "s" in letters:
        special = (0o4000 if 6 in classes else 0) | (0o2000 if 3 in classes else 0)
    if "t" in letters:
        special |= 0o1000
    if sign == "+":
        bits |= mask | special
    elif sign == "-":
        bits &= ~(mask | special)
    else:
        kept = sum(7 << shift for shift in classes) | (0o4000 if 6 in classes else 0)
        kept |= (0o2000 if 3 in classes else 0) | (0o1000 if everyone else 0)
        bits = (bits & ~kept) | mask | special
    return bits, bool(bits & 0o111)


def _set_mode(node: File | Directory, bits: int | None, runs: bool | None) -> None:
    if isinstance(node, File):
        node.chmod(bits, runs=runs)
    else:
        node.mode = bits
