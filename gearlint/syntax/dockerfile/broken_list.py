"""Reads a list that was meant as JSON and is not: `['a', 'b']`, `["a" "b"]`, `["a", "b"`."""

import json
import re

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.dockerfile.model import Instruction

_DOUBLE = '"\u201c\u201d\u201e\u201f\u2033'
_SINGLE = "'\u2018\u2019\u201a\u201b\u2032`\xb4"
_OPENING = regex(rf"\[|\{{[{_DOUBLE}{_SINGLE}]")
_UNQUOTED = regex(rf"(?:\$\{{\w+\}}|[^\s,\[\]{{}}{_DOUBLE}{_SINGLE}])+")
_OPERATOR = regex(r"-[a-z]+\Z|[!=<>()]+\Z")
"""A word of the `test` command that no list of words has unquoted."""
_QUOTED_AND_COMMA = regex(rf"[\[{{]\s*[{_DOUBLE}{_SINGLE}][^\[\]]*?[{_DOUBLE}{_SINGLE}]\s*,")
_STRAY = regex(r"[\],;]*\Z")
_GOES_ON = regex(r"[|;&]")
_COMMAND = regex(r"CMD\s+", re.IGNORECASE)
_SHELL_FORMS = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN")
_TAKE_LIST = (*_SHELL_FORMS, "ADD", "COPY", "VOLUME")


class Replacement(NamedTuple):
    """Characters `start` to `end` of an instruction's value that become `text`."""

    start: int
    end: int
    text: str


class Element(NamedTuple):
    """One element as it was meant; `start` and `end` are characters of the value, with quotes."""

    text: str
    start: int
    end: int
    is_quoted: bool


class BrokenList(NamedTuple):
    """A list that begins at character `start` of an instruction's value, as it was meant.

    `elements` are `None` if it cannot be said what was meant; else `replacements` make it one.
    `faults` are what is wrong with it. `fails_in_shell` is whether a shell that is given the value
    certainly fails.
    """

    start: int
    elements: tuple[Element, ...] | None
    replacements: tuple[Replacement, ...]
    faults: tuple[str, ...]
    fails_in_shell: bool = False


def broken_list(instruction: Instruction) -> BrokenList | None:
    """The list that an instruction was meant to have, `None` if it has one or none was meant."""
    name, value, start = instruction.name, instruction.value, 0
    if instruction.is_json or instruction.heredocs or name not in _TAKE_LIST:
        return None
    if name == "HEALTHCHECK":
        command = _COMMAND.match(value)
        if command is None:
            return None
        start = command.end()
    if not _OPENING.match(value, start) or value.startswith("[[", start):
        return None
    reader = _Reader(value, start)
    elements = reader.read()
    if name in _SHELL_FORMS:
        is_meant = _is_no_test(name, value, start, reader)
    else:
        is_meant = name == "VOLUME" or _is_no_glob(value, reader)
    if not is_meant:
        return None
    return BrokenList(
        start,
        elements,
        tuple(sorted(reader.replacements)) if elements else (),
        tuple(dict.fromkeys(reader.faults)) if elements else (),
        _fails_in_shell(value, start, reader),
    )


def _is_no_test(name: str, value: str, start: int, reader: "_Reader") -> bool:
    """Whether a list was meant, and not the command `[`, or a glob."""
    elements = reader.elements
    if not value[start + 1 : start + 2].isspace():
        is_glob = bool(reader.rest) and bool(elements) and not elements[0].is_quoted
        return bool(value[start + 1 :]) and not is_glob
    if reader.is_broken:
        return _QUOTED_AND_COMMA.match(value, start) is not None
    if any(_OPERATOR.match(each.text) for each in elements if not each.is_quoted):
        return False
    return name != "RUN" or reader.commas > 0 or all(each.is_quoted for each in elements)


def _is_no_glob(value: str, reader: "_Reader") -> bool:
    """Whether a list was meant, and not paths with a pattern such as `[a-z]*`."""
    if reader.elements and reader.elements[0].is_quoted:
        return True
    first, *others = value.split()
    if reader.is_broken or len(reader.elements) < 2:
        return False
    return not others or ("]" not in first and (value.endswith("]") or first.endswith(",")))


def _fails_in_shell(value: str, start: int, reader: "_Reader") -> bool:
    """Whether a shell certainly fails that is given the value as a command line."""
    if _GOES_ON.search(value, start):
        return False  # what fails may be followed by what does not
    if not value[start + 1 : start + 2].isspace():
        return True  # nothing is called `[python`
    if reader.is_broken or any(_OPERATOR.match(each.text) for each in reader.elements):
        return False
    return len(reader.elements) > 1 or not reader.is_closed  # `[ a b ]`


class _Reader:
    """Reads the list at an offset of a value, and what has to be replaced to make it JSON."""

    def __init__(self, value: str, start: int) -> None:
        self.value = value
        self.at = start
        self.elements: list[Element] = []
        self.replacements: list[Replacement] = []
        self.faults: list[str] = []
        self.commas = 0
        self.is_closed = False
        self.is_broken = False
        self.rest = ""
        self.is_mixed = False

    def read(self) -> tuple[Element, ...] | None:
        """The elements, `None` if they cannot be told."""
        if self.value[self.at] == "{":
            self.replace(self.at, self.at + 1, "[", "curly brackets")
        self.at += 1
        self.is_broken = not self.read_elements() or not self.read_end()
        if self.is_broken or not self.elements or not self.replacements:
            self.is_broken = True
            return None
        return None if self.is_mixed and self.commas else tuple(self.elements)

    def replace(self, start: int, end: int, text: str, fault: str) -> None:
        """Note what has to be replaced, and why."""
        self.replacements.append(Replacement(start, end, text))
        self.faults.append(fault)

    def spaces(self) -> None:
        """Go on to what is not a space."""
        while self.value[self.at : self.at + 1].isspace():
            self.at += 1

    def read_elements(self) -> bool:
        """Read up to the closing bracket or the end; whether that is possible."""
        comma: int | None = None
        while True:
            self.spaces()
            char = self.value[self.at : self.at + 1]
            if char in ("", "]", "}"):
                if comma is not None:
                    self.replace(comma, comma + 1, "", "a comma after the last element")
                return True
            if char == ",":
                if comma is not None or not self.elements:
                    return False
                comma = self.at
                self.commas += 1
                self.at += 1
                continue
            previous = self.elements[-1] if self.elements else None
            if not self.read_element(char):
                return False
            if previous is not None and comma is None and not self.add_comma(previous):
                return False
            comma = None

    def add_comma(self, previous: Element) -> bool:
        """Add the comma between the last element and that before; whether that is possible."""
        last = self.elements[-1]
        both = previous.is_quoted and last.is_quoted
        self.is_mixed = self.is_mixed or not both
        self.replace(previous.end, previous.end, ",", "a comma is missing")
        return both or previous.end < last.start

    def read_element(self, char: str) -> bool:
        """Read an element that begins with `char`; whether that is possible."""
        family = next((quotes for quotes in (_DOUBLE, _SINGLE) if char in quotes), "")
        if not family:
            match = _UNQUOTED.match(self.value, self.at)
            if match is None:
                return False
            self.elements.append(Element(match[0], *match.span(), is_quoted=False))
            self.replace(self.at, self.at, '"', "words without quotes")
            self.replace(match.end(), match.end(), '"', "words without quotes")
            self.at = match.end()
            return "\\" not in match[0]
        match = re.compile(rf"((?:[^{family}\\]|\\.)*)([{family}])", re.DOTALL).match(
            self.value, self.at + 1
        )
        if match is None:
            return False
        text = self.quoted(char, match)
        if text is None:
            return False
        self.elements.append(Element(text, self.at, match.end(), is_quoted=True))
        self.at = match.end()
        return True

    def quoted(self, opening: str, match: "re.Match[str]") -> str | None:
        """The text of a quoted element, `None` if it cannot be told."""
        inner, closing = match.groups()
        if opening == closing == '"':
            try:
                return str(json.loads(f'"{inner}"'))
            except ValueError:
                return None
        if "\\" in inner or not inner.isprintable():
            return None
        fault = "single quotes" if opening in "'`" else "typographic quotes"
        if opening != '"':
            self.replace(self.at, self.at + 1, '"', fault)
        for at, char in enumerate(inner, match.start(1)):
            if char == '"':
                self.replace(at, at, "\\", fault)
        if closing != '"':
            fault = fault if closing in "'`" else "typographic quotes"
            self.replace(match.end() - 1, match.end(), '"', fault)
        return inner

    def read_end(self) -> bool:
        """Read the closing bracket and what is after it; whether that can be left out."""
        char = self.value[self.at : self.at + 1]
        if not char:
            end = self.elements[-1].end if self.elements else self.at
            self.replace(end, end, "]", 'the closing "]" is missing')
            return True
        self.is_closed = True
        if char == "}":
            self.replace(self.at, self.at + 1, "]", "curly brackets")
        self.at += 1
        self.rest = self.value[self.at :].strip()
        if not _STRAY.match(self.rest):
            return False
        if self.rest:
            self.replace(self.at, len(self.value.rstrip()), "", 'text after the "]"')
        return True
