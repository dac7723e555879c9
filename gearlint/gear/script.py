"""Scripts of a gear: their `#!` lines, line ends and syntax. They are never run."""

import re
import warnings

from gearlint.core import limits
from gearlint.core.disk import Disk
from gearlint.core.finding import Edit
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import BOM, Source, Span, shown_path
from gearlint.syntax.shell import command_line

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.nodes import File

# What Python 2 accepts and Python 3 refuses: a script with one of these may be Python 2. The words
# mean it in a line that Python 3 refuses; elsewhere they may be of a comment.
PYTHON_2_STATEMENT = regex(
    r"""(?mx) (?:^|[:;])[ \t]*print\s+[^\s(=] | ^[ \t]*print\s*$ | ^[ \t]*exec\s+["'\w]
    | ^[ \t]*except\s+(?:[\w.]+|\([^()\n]*\))\s*,\s*\w+\s*:
    | (?:^|[:;])[ \t]*raise\s+[\w.]+(?:\[\w+\])?\s*(?:\([^()\n]*\))?\s*,
    | \blambda\s*\( | ^[ \t]*def\s+\w+\s*\([^()=:\n]*\("""
)
PYTHON_2_WORD = regex(
    r"""(?x) <> | ` | \b0[0-7]+\b | \b[uU][rR]["'] | \b(?:\d+|0[xX][0-9a-fA-F]+)[lL]\b
    | \b(?:True|False)\s*=(?!=)"""
)
_CERTAIN_END = regex(r"(?m)^[\"']{0,3}(?:exec|exit)\b")
"""After one of these a shell does not read on: what follows need not be shell."""
_OTHER_RULES = regex(r"(?<![\w.])(?:alias|expand_aliases)(?![\w.(=])")
"""After one of these it may parse by other rules."""
_MEANT_SHEBANG = regex(
    rb"(\s{0,99}[#!][#! \t]{0,99})"
    rb"(/[\w./-]{0,99}bin/(?:env[ \t/]+)?(?:python|bash|sh|perl|Rscript|node)[\d.]*(?:[ \t]+-\w+)*)"
    rb"[ \t]*\r?(?:\n|\Z)"
)
_CODING = regex(rb"[ \t\f]*#.*?coding[:=]")


def is_too_long(source: Source) -> bool:
    """Whether a file is larger than scripts are."""
    return source.too_large or len(source.data) > limits.SCRIPT_BYTES


class Scripts:
    """The scripts of one gear, each read from `disk` once; nothing outside of `root` is read."""

    def __init__(self, root: str, disk: Disk) -> None:
        self._root = root
        self._disk = disk
        self._by_path: dict[str, Script | None] = {}

    def of(self, file: "File") -> "Script | None":
        """The script in the build context that a file of the image is a copy of.

        `None` where the file is from elsewhere, or as `at`.
        """
        return None if file.origin is None else self.at(file.origin)

    def at(self, path: str) -> "Script | None":
        """The script at an absolute path, `None` if it is too large.

        Raises GearlintError where it cannot be read.
        """
        if path not in self._by_path:
            source = self._disk.read(shown_path(path), self._root)
            self._by_path[path] = None if is_too_long(source) else Script(source)
        return self._by_path[path]

    def text_of(self, file: "File") -> Source | None:
        """The source of that script, as `of` finds it; `None` for one that is not a text too."""
        script = self.of(file)
        return script.source if script is not None and not script.is_binary else None

    @property
    def read(self) -> "list[Script]":
        """The scripts that have been read so far."""
        return [script for script in self._by_path.values() if script is not None]


class Fault(NamedTuple):
    """Where a script does not parse, and why not.

    `is_certain` is false where a shell may stop before it comes there.
    """

    span: Span
    message: str
    is_certain: bool = True


class MeantShebang(NamedTuple):
    """What is written instead of a `#!` line: its span, the text, and the bytes instead of `#!`.

    `interpreter` is what is after that.
    """

    span: Span
    text: str
    mark: Span
    interpreter: str


class Script:
    """A script in the build context."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def text(self) -> str:
        """Its text; empty where it is not UTF-8."""
        return self.source.text or ""

    @property
    def has_shebang(self) -> bool:
        """Whether the file starts with `#!`, so that the kernel finds its interpreter."""
        return self.source.data.startswith(b"#!")

    @property
    def has_marked_shebang(self) -> bool:
        """Whether a byte order mark is before the `#!`, which hides it from the kernel."""
        return self.source.data.startswith(BOM + b"#!")

    @cached_property
    def first_line(self) -> bytes:
        """The first line without its LF."""
        return self.source.data.partition(b"\n")[0]

    @property
    def first_span(self) -> Span:
        """The span of the first line."""
        return Span(0, len(self.first_line))

    @property
    def has_carriage_return(self) -> bool:
        """Whether the `#!` line ends with CRLF, so that the kernel reads a CR as part of it."""
        return self.has_shebang and self.first_line.endswith(b"\r")

    @cached_property
    def shebang(self) -> list[str]:
        """The words after `#!`: the interpreter and its arguments; empty without a `#!` line.

        A line that does not work for its carriage return or a byte order mark is read too.
        """
        if not self.has_shebang and not self.has_marked_shebang:
            return []
        return self.first_line.removeprefix(BOM)[2:].decode("utf-8", "replace").split()

    @cached_property
    def meant_shebang(self) -> MeantShebang | None:
        """What is meant for a `#!` line and is not one: `!/usr/bin/env`, `# !/bin/sh`, a space."""
        if self.has_shebang or self.has_marked_shebang:
            return None
        match = _MEANT_SHEBANG.match(self.source.data, self.source.text_start)
        if match is None:
            return None
        text = (match[1] + match[2]).decode()
        return MeantShebang(Span(*match.span()), text, Span(*match.span(1)), match[2].decode())

    @property
    def starts_itself(self) -> bool:
        """Whether the kernel can start it: it has a working `#!` line, or is machine code."""
        if self.source.data.startswith(b"\x7fELF"):
            return True
        return self.has_shebang and not self.has_carriage_return

    @cached_property
    def is_binary(self) -> bool:
        """Whether it is not a text: machine code, or an archive."""
        return b"\0" in self.source.data or self.source.data.startswith(b"PK\x03\x04")

    @cached_property
    def is_python(self) -> bool:
        """Whether it is Python: by its `#!` line, or by its name where that line names no other."""
        words = self.shebang
        if self.meant_shebang is not None:
            words = self.meant_shebang.interpreter.split()
        program = _interpreter(words)
        if program.startswith("python") and not program[6:].strip("0123456789."):
            return True
        return self.source.path.endswith(".py") and program not in _OF_OTHERS

    @cached_property
    def is_shell(self) -> bool:
        """Whether it is for a shell: by its `#!` line, or without one by its name."""
        words = self.shebang
        if not words:
            return self.source.path.endswith((".sh", ".bash"))
        return _interpreter(words) in command_line.SH_LIKE

    @cached_property
    def interpreter(self) -> str:
        """The name of the program that its `#!` line starts, itself or by `env`; empty without."""
        return _interpreter(self.shebang)

    @property
    def is_refused_by_bash(self) -> bool:
        """Whether bash, reading it as a shell script, certainly stops with a syntax error."""
        fault = self.bash_fault
        return fault is not None and fault.is_certain

    @cached_property
    def bash_fault(self) -> Fault | None:
        """The syntax error that bash, reading it as a shell script, finds if it comes that far."""
        text = self.source.text
        if text is None or self.is_binary or "\r" in text:
            return None
        fault = command_line.syntax_error(text)
        if fault is None:
            return None
        before = command_line.run_before(text, fault)
        if _CERTAIN_END.search(before) or _OTHER_RULES.search(text, 0, fault.span.start):
            return None
        span = self.source.span_of_text(*fault.span)
        return Fault(span, fault.message, is_certain=not command_line.may_end_within(before))

    @property
    def has_only_crlf(self) -> bool:
        """Whether each of its lines ends with CRLF, and one of them is more than a comment."""
        lines = self.source.data.removesuffix(b"\n").split(b"\n")
        is_some = any(line.strip() and not line.lstrip().startswith(b"#") for line in lines)
        return is_some and all(line.endswith(b"\r") for line in lines)

    @property
    def is_refused_for_carriage_returns(self) -> bool:
        """Whether bash certainly stops with a syntax error, which LF line ends would take away."""
        text = self.source.text
        if text is None or self.is_binary or command_line.may_end_within(text):
            return False
        if command_line.syntax_error(text) is None:
            return False
        return command_line.syntax_error(text.replace("\r\n", "\n")) is None

    @cached_property
    def fault(self) -> Fault | None:
        """The first syntax error of this interpreter; `None` if there is none, or it is unknown."""
        from gearlint.python.module import has_long_names

        data = self.source.data
        if has_long_names(data):
            return None
        try:
            with warnings.catch_warnings(action="ignore"):
                compile(data, "script", "exec", dont_inherit=True)
        except SyntaxError as error:
            return self.fault_of(error)
        except (ValueError, RecursionError, MemoryError):
            pass  # unknown
        return None

    def fault_of(self, error: SyntaxError) -> Fault:
        """The fault that a syntax error of Python is."""
        line = min(error.lineno or 1, self.source.line_count)
        text = self.source.line(line)
        start = self.source.line_start(line) + len(text[: max((error.offset or 1) - 1, 0)].encode())
        start = min(start, len(self.source.data))
        message = re.sub(r" ?\([^()]{0,200}line \d+\)", "", str(error.msg))
        return Fault(Span(start, min(start + 1, len(self.source.data))), message)

    def fault_at(self, line: int, message: str) -> Fault:
        """A fault of a whole line (from 1)."""
        start = self.source.line_start(line)
        return Fault(Span(start, start + len(self.source.line(line).encode())), message)

    @property
    def fitting_shebang(self) -> str:
        """The `#!` line for the language of a text; empty where that is not certain."""
        text = self.source.text
        if text is None:
            return ""
        if self.is_python:
            second = self.source.data.partition(b"\n")[2].partition(b"\n")[0]
            # A declared encoding has an effect in the first two lines only.
            return "" if _CODING.match(second) else "#!/usr/bin/env python3"
        name = self.source.path.replace("\\", "/").rpartition("/")[2]
        if name.endswith((".sh", ".bash")):
            return "#!/bin/bash"
        # Without a suffix, only a text that Python refuses and a shell accepts is certain.
        is_shell = (
            "." not in name and self.fault is not None and not command_line.syntax_error(text)
        )
        may_be_python = PYTHON_2_STATEMENT.search(text) or PYTHON_2_WORD.search(text)
        return "#!/bin/bash" if is_shell and not may_be_python else ""

    @property
    def likely_shebang(self) -> str:
        """The `#!` line for its suffix, or else its text; empty where neither is plain."""
        if self.source.path.endswith(".py"):
            return "#!/usr/bin/env python3"
        if fitting := self.fitting_shebang:
            return fitting
        is_shell = command_line.syntax_error(self.text) is None
        return "" if is_shell or self.fault is not None else "#!/usr/bin/env python3"

    def with_shebang(self, line: str) -> tuple[Edit, ...]:
        """The edits that insert `line` as the first line.

        The other lines get LF ends too: an editor would save the `#!` line with CRLF again
        otherwise.
        """
        return (Edit(0, self.source.text_start, line.encode() + b"\n"), *self._unix_line_ends())

    def with_meant_shebang(self, meant: MeantShebang) -> tuple[Edit, ...]:
        """The edits that make a `#!` line of what is meant for one."""
        return (Edit(0, meant.mark.end, b"#!"), *self._unix_line_ends())

    def with_working_shebang(self) -> tuple[Edit, ...]:
        """The edits that make the `#!` line work: no byte order mark, and LF line ends."""
        mark = (Edit(0, len(BOM), b""),) if self.source.text_start else ()
        return (*mark, *self._unix_line_ends())

    def _unix_line_ends(self) -> tuple[Edit, ...]:
        """The edits that end all lines with LF, if the first line ends with CRLF; else none.

        None either where the first line holds another CR.
        """
        kept = self.first_line.rstrip(b"\r")
        if kept == self.first_line or b"\r" in kept:
            return ()
        return self.with_unix_line_ends()

    def with_unix_line_ends(self) -> tuple[Edit, ...]:
        """The edits that end all lines with LF."""
        ends = re.finditer(rb"(?<!\r)\r++(?=\n|\Z)", self.source.data)
        return tuple(Edit(*end.span(), b"") for end in ends)


_OF_OTHERS = (*command_line.SHELLS, "Rscript", "csh", "julia", "node", "octave", "perl", "ruby")
"""Interpreters of other languages than Python."""


def _interpreter(words: list[str]) -> str:
    """The name of what a `#!` line of these words starts, itself or by `env`."""
    program, *arguments = words or [""]
    if program.endswith("/env"):
        program = next((word for word in arguments if word != "-S"), program)
    return program.rpartition("/")[2]
