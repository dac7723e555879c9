"""Reads a list that was meant as JSON and is not: `['a', 'b']`, `["a" "b"]`, `["a", "b"`."""

import json
import re

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.dockerfile.model import Instruction

_DOUBLE = '"\u201c\u201d\u201e\u201f\u2033'
_SINGLE = "'\u2018\u2019\u201a\u201b\u2032`\xb4"
_QUOTES = _DOUBLE + _SINGLE
_OPENING = regex(rf"\[|\{{[{_QUOTES}]")
_OTHER_OPENING = regex(rf"[=:]\s*(?=[\[{_QUOTES}])|\((?=\s*[{_QUOTES}])|(?=[{_QUOTES}])")
"""What a list begins with that has no bracket first: `= [`, `("a"`, `'["a"]'` or `"a", "b"`."""
_UNQUOTED = regex(rf"(?:\$\{{\w+\}}|[^\s,\[\]{{}}{_DOUBLE}{_SINGLE}])+")
_OPERATOR = regex(r"-[a-z]+\Z|[!=<>()]+\Z")
"""A word of the `test` command that no list of words has unquoted."""
_QUOTED_AND_COMMA = regex(rf"[\[{{]\s*[{_DOUBLE}{_SINGLE}][^\[\]]*?[{_DOUBLE}{_SINGLE}]\s*,")
_STRAY = regex(rf"[\],;.{_QUOTES}]*\Z")
_NOT_A_WORD = regex(r"[^\w./*~-]+\Z")
_LONE_BACKSLASH = regex(r"(?<!\\)(?:\\\\)*\\(?![\"\\/nrtu])")
_GOES_ON = regex(r"[|;&]")
_COMMAND = regex(r"CMD\s+", re.IGNORECASE)
_NAMES_OF_BRACKETS = dict.fromkeys("{}", "curly brackets") | dict.fromkeys("()", "parentheses")
_NO_BRACKETS = "the brackets are missing"
SHELL_FORMS = ("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN")
_TAKE_LIST = (*SHELL_FORMS, "ADD", "COPY", "VOLUME")


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
    `faults` are what is wrong with it, `words` what it has in it, as far as that can be said.
    `fails_in_shell` is whether a shell that is given the value certainly fails.
    """

    start: int
    elements: tuple[Element, ...] | None
    replacements: tuple[Replacement, ...]
    faults: tuple[str, ...]
    words: tuple[str, ...]
    fails_in_shell: bool


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
    if value.startswith("[[", start):
        return None
    is_other = not _OPENING.match(value, start)
    if is_other and not _OTHER_OPENING.match(value, start):
        return None
    reader = _Reader(value, start)
    elements = reader.read()
    if is_other:
        is_path = name not in SHELL_FORMS
        is_meant = elements is not None and _is_no_command(value[start], reader, is_path=is_path)
    elif name in SHELL_FORMS:
        is_meant = _is_no_test(name, value, start, reader)
    else:
        is_meant = name == "VOLUME" or _is_no_glob(value, reader)
    if not is_meant:
        return None
    faults = reader.faults if elements else _reasons(value[start:], reader)
    return BrokenList(
        start,
        elements,
        tuple(sorted(reader.replacements)) if elements else (),
        tuple(dict.fromkeys(faults)),
        tuple(each.text for each in elements) if elements else _guessed(value[start:]),
        _fails_in_shell(value, start, reader),
    )


def words_meant(value: str) -> tuple[str, ...]:
    """The words of what should be a list, in whatever form; empty if they cannot be told."""
    reader = _Reader(value, 0)
    is_list = _OPENING.match(value) or _OTHER_OPENING.match(value)
    elements = reader.read() if is_list else None
    return tuple(each.text for each in elements) if elements else _guessed(value)


def _guessed(value: str) -> tuple[str, ...]:
    """The words of a list that cannot be read, but for brackets, quotes and commas."""
    if re.search(r"[\\|;&<>`$*?\n]", value):
        return ()
    return tuple(word for word in re.split(rf"[\s,\[\](){{}}=:{_QUOTES}]+", value) if word)


def _reasons(value: str, reader: "_Reader") -> list[str]:
    """What is wrong with a list of which it cannot be said what was meant."""
    if _LONE_BACKSLASH.search(value):
        return ['a "\\" that is not doubled']
    if value.count('"') % 2:
        return ["a quote is missing"]
    if re.search(r",\s*,", value):
        return ["a comma too many"]
    return ['text after the "]"'] if reader.rest else []


def _is_no_command(opening: str, reader: "_Reader", *, is_path: bool) -> bool:
    """Whether what does not begin with a bracket was meant as a list, and not as a command."""
    if opening in "=:" or reader.is_wrapped:
        return True
    is_separated = reader.commas == len(reader.elements) - 1 > 0
    has_end = is_separated or (reader.is_closed and (is_path or opening != "("))
    return has_end and all(each.is_quoted for each in reader.elements)


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
    if value[start] in "=:":
        return value[start] == "="  # `:` does nothing
    if value[start] in _QUOTES and not reader.is_wrapped:
        end = reader.elements[0].end
        return value[end : end + 1] in (",", "]")  # no program is called `python,`
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
        self.is_wrapped = False
        self.opening = "["

    def read(self) -> tuple[Element, ...] | None:
        """The elements, `None` if they cannot be told."""
        self.read_opening()
        self.is_broken = not self.read_elements() or not self.read_end()
        if self.is_broken or not self.elements or not self.replacements:
            self.is_broken = True
            return None
        return None if self.is_mixed and self.commas else tuple(self.elements)

    def read_opening(self) -> None:
        """Read what the list begins with."""
        char = self.value[self.at]
        if char in "=:":
            end = self.at + len(re.match(r".\s*", self.value[self.at :])[0])  # type: ignore[index]
            self.replace(self.at, end, "", f'a "{char}" before it')
            self.at = end
        elif self.is_all_in(char):
            self.is_wrapped = True
            self.replace(self.at, self.at + 1, "", "quotes around it")
            self.at += 1
        self.opening = self.value[self.at]
        if self.opening in "{(":
            self.replace(self.at, self.at + 1, "[", _NAMES_OF_BRACKETS[self.opening])
        elif self.opening != "[":
            is_open = self.value.rstrip().endswith("]")
            missing = 'the opening "[" is missing' if is_open else _NO_BRACKETS
            self.replace(self.at, self.at, "[", missing)
            return
        self.at += 1

    def is_all_in(self, quote: str) -> bool:
        """Whether the list is one quoted text."""
        inner = self.value[self.at + 1 :].rstrip()[:-1]
        is_list = inner.startswith("[") and inner.endswith("]") and quote not in inner
        return is_list and quote in _QUOTES and self.value.rstrip().endswith(quote)

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
            if char in ("", "]", "}") or (char == ")" and self.opening == "("):
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
            if match is None or _NOT_A_WORD.match(match[0]) or self.opening == "(":
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
            is_bare = self.opening not in "[{("
            missing = _NO_BRACKETS if is_bare else 'the closing "]" is missing'
            self.replace(end, end, "]", missing)
            return True
        self.is_closed = True
        if char in "})":
            self.replace(self.at, self.at + 1, "]", _NAMES_OF_BRACKETS[char])
        self.at += 1
        self.rest = self.value[self.at :].strip()
        if not _STRAY.match(self.rest):
            return False
        if self.rest:
            fault = "quotes around it" if self.is_wrapped else 'text after the "]"'
            self.replace(self.at, len(self.value.rstrip()), "", fault)
        return True
