"""A small reader of Dockerfiles of its own, so that the measure does not rest on what it measures.

Positions are characters of the text, which is Latin-1: one for each byte.
"""

import json
import re
from typing import NamedTuple

_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?::?[-+]([^}]*))?\}|([A-Za-z_]\w*))")


class Word(NamedTuple):
    """A word without its quotes, and where it stands with them."""

    text: str
    start: int
    end: int


class Instruction(NamedTuple):
    """One instruction: `start` to `end` is all of it, `body` where its arguments begin.

    `text` is its arguments with spaces instead of comments and joined lines; of the same length.
    """

    name: str
    start: int
    body: int
    end: int
    text: str

    @property
    def flags(self) -> list[Word]:
        """The `--name=value` before the arguments."""
        found = []
        at = 0
        while match := re.compile(r"\s*(--\S+)").match(self.text, at):
            found.append(Word(match[1], self.body + match.start(1), self.body + match.end(1)))
            at = match.end()
        return found

    @property
    def is_json(self) -> bool:
        """Whether it is in exec form."""
        try:
            value = json.loads(self.text[self._arguments :])
        except ValueError:
            return False
        return isinstance(value, list) and all(isinstance(word, str) for word in value)

    @property
    def words(self) -> list[Word]:
        """The arguments after the flags: the strings of an exec form, else what spaces divide."""
        pattern = _STRING if self.is_json else re.compile(r"\S+")
        found = []
        for match in pattern.finditer(self.text, self._arguments):
            text = match[1] if self.is_json else match[0].strip("\"'")
            found.append(Word(text, self.body + match.start(), self.body + match.end()))
        return found

    @property
    def _arguments(self) -> int:
        return self.flags[-1].end - self.body if self.flags else 0


class Dockerfile:
    """The instructions of a Dockerfile, and the values that its ENV and ARG give variables."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.instructions = _instructions(text)
        self.variables: dict[str, str] = {}
        for instruction in self.named("ARG", "ENV"):
            self._set(instruction)

    def named(self, *names: str) -> list[Instruction]:
        """The instructions of these names."""
        return [each for each in self.instructions if each.name in names]

    def at(self, position: int) -> Instruction | None:
        """The instruction that a position is in."""
        found = [each for each in self.instructions if each.start <= position <= each.end]
        return found[0] if found else None

    def expand(self, text: str) -> str:
        """A text with the variables replaced whose values are known."""

        def value(match: re.Match[str]) -> str:
            name = match[1] or match[3]
            return self.variables.get(name, match[2] if match[2] is not None else match[0])

        return _VARIABLE.sub(value, text)

    def _set(self, instruction: Instruction) -> None:
        words = [word.text for word in instruction.words]
        if words and "=" not in words[0]:
            words = [f"{words[0]}={' '.join(words[1:])}"] if len(words) > 1 else []
        for word in words:
            name, _, value = word.partition("=")
            self.variables[name] = self.expand(value.strip("\"'"))

    @property
    def stages(self) -> list[list[Instruction]]:
        """The instructions of each stage, its FROM first."""
        stages: list[list[Instruction]] = []
        for instruction in self.instructions:
            if instruction.name == "FROM":
                stages.append([])
            if stages:
                stages[-1].append(instruction)
        return stages

    @property
    def final(self) -> list[Instruction]:
        """The instructions of the last stage, after those of the stages that it is built on."""
        found: list[Instruction] = []
        stages = self.stages
        at = len(stages) - 1
        while at >= 0:
            found = stages[at] + found
            base = self.expand(next((w.text for w in stages[at][0].words), "")).lower()
            earlier = [i for i in range(at) if _stage_name(stages[i][0]) == base]
            at = earlier[-1] if earlier else -1
        return found


def _stage_name(instruction: Instruction) -> str:
    words = [word.text.lower() for word in instruction.words]
    return words[2] if len(words) == 3 and words[1] == "as" else ""


def _instructions(text: str) -> list[Instruction]:
    found: list[Instruction] = []
    lines = text.splitlines(keepends=True)
    escape = "`" if re.match(r"(?i)\s*#\s*escape\s*=\s*`", text) else "\\"
    at = number = 0
    while number < len(lines):
        first = lines[number]
        if not first.strip() or first.lstrip().startswith("#"):
            at += len(first)
            number += 1
            continue
        start, shown = at, ""
        is_open = True
        while is_open and number < len(lines):
            line = lines[number]
            at += len(line)
            number += 1
            is_skipped = bool(shown) and (not line.strip() or line.lstrip().startswith("#"))
            if is_skipped:
                shown += " " * len(line)
                continue
            is_open = line.rstrip().endswith(escape)
            if is_open:
                cut = line.rstrip()[:-1]
                shown += cut + " " * (len(line) - len(cut))
            else:
                shown += line
        match = re.match(r"\s*(\S+)\s*", shown)
        assert match is not None
        name = match[1].upper()
        if name in ("RUN", "COPY", "ADD"):
            for marker in _HEREDOC.findall(shown):
                while number < len(lines):
                    line = lines[number]
                    at += len(line)
                    number += 1
                    shown += line
                    if line.strip() == marker:
                        break
        shown = shown.rstrip()
        body = min(match.end(), len(shown))
        found.append(Instruction(name, start, start + body, start + len(shown), shown[body:]))
    return found
