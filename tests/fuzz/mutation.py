"""Makes new inputs of old ones: bytes, lines, and the values of a JSON document, changed by chance.

All chance comes from the `Random` that is given, so that a seed makes the same input again.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

MAX_BYTES = 64 * 1024
"""What gets longer than this is cut: the `large` target makes its own large inputs."""

_TOKEN = re.compile(rb"[A-Za-z0-9_.-]+|[^A-Za-z0-9_.-]")

STRANGE = [
    b"", b"\0", b"\r", b"\r\n", b"\n", b"\t", b" ", b"\\", b"\\\n", b"'", b'"', b"`", b"$", b"#",
    b"\x1b[31m", b"\x07", b"\x7f", b"\x9b", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    "é".encode(), "→".encode(), "\u2028".encode(), "\u202e".encode(), "\U0001f9e0".encode(),
    "\u00a0".encode(), "\u0130".encode(), "٣".encode(), "²".encode(), b"0", b"-1", b"9" * 25,
    b"..", b"/", b"//", b"../", b"*", b"**", b"?", b"[", b"]", b"{", b"}", b"(", b")", b"!", b":",
    b"@", b"=", b",", b";", b"&&", b"||", b"|", b"<<", b">", b"~", b"%", b"^", b"-", b"--", b"_",
    b"a" * 300,
]  # fmt: skip
"""What readers of text stumble over."""

VALUES: list[object] = [
    None, True, False, 0, 1, -1, 0.5, 1e308, 10**400, "", " ", "a", "\n", "\0", "\x1b]0;x\x07",
    "\u202e", "\ud800", "../x", "a" * 300, [], {}, [[]], {"": {}}, ["a", "a"], [1, True, "1", None],
    {"type": "string"}, {"type": "array", "items": {"$ref": "#"}}, {"$ref": "#/definitions/a"},
]  # fmt: skip
"""JSON values that are out of place almost anywhere."""


class Mutator:
    """Changes bytes by chance: `words` are put in, and `pool` is what pieces are taken from."""

    def __init__(self, pool: Sequence[bytes], words: Sequence[bytes]) -> None:
        self.pool = pool
        self.words = [*words, *STRANGE]
        self._ways: list[Callable[[Random, bytes], bytes]] = [
            self._put_word, self._put_word, self._replace_token, self._replace_token,
            self._remove, self._repeat, self._move, self._flip, self._cut_off, self._splice,
            self._of_lines, self._take_line,
        ]  # fmt: skip

    def made(self, random: Random) -> bytes:
        """One of the pool, changed a few times."""
        data = random.choice(self.pool)
        for _ in range(1 + int(random.expovariate(0.5))):
            data = random.choice(self._ways)(random, data)
        return data[:MAX_BYTES]

    def _put_word(self, random: Random, data: bytes) -> bytes:
        at = random.randint(0, len(data))
        return data[:at] + random.choice(self.words) + data[at:]

    def _replace_token(self, random: Random, data: bytes) -> bytes:
        token = _TOKEN.search(data, random.randint(0, len(data)))
        if token is None:
            return data
        return data[: token.start()] + random.choice(self.words) + data[token.end() :]

    def _remove(self, random: Random, data: bytes) -> bytes:
        start, end = _range(random, data)
        return data[:start] + data[end:]

    def _repeat(self, random: Random, data: bytes) -> bytes:
        start, end = _range(random, data)
        return data[:end] + data[start:end] * random.choice((1, 1, 2, 9, 60)) + data[end:]

    def _move(self, random: Random, data: bytes) -> bytes:
        start, end = _range(random, data)
        rest = data[:start] + data[end:]
        at = random.randint(0, len(rest))
        return rest[:at] + data[start:end] + rest[at:]

    def _flip(self, random: Random, data: bytes) -> bytes:
        if not data:
            return data
        at = random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]

    def _cut_off(self, random: Random, data: bytes) -> bytes:
        at = random.randint(0, len(data))
        return data[:at] if random.random() < 0.7 else data[at:]

    def _splice(self, random: Random, data: bytes) -> bytes:
        other = random.choice(self.pool)
        return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]

    def _of_lines(self, random: Random, data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        if len(lines) < 2:
            return data
        one, other = random.randrange(len(lines)), random.randrange(len(lines))
        match random.randrange(3):
            case 0:
                lines[one], lines[other] = lines[other], lines[one]
            case 1:
                del lines[one]
            case _:
                lines.insert(other, lines[one])
        return b"".join(lines)

    def _take_line(self, random: Random, data: bytes) -> bytes:
        others = random.choice(self.pool).splitlines(keepends=True)
        lines = data.splitlines(keepends=True)
        if others:
            lines.insert(random.randint(0, len(lines)), random.choice(others))
        return b"".join(lines)


def _range(random: Random, data: bytes) -> tuple[int, int]:
    """A range in `data`, mostly a short one."""
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 4, 10, 40, 200)))


class JsonMutator:
    """Changes the values of a JSON document by chance, and mostly leaves it JSON."""

    def __init__(self, documents: Sequence[bytes], strings: Sequence[str]) -> None:
        self.documents = documents
        self.strings = [*strings, *(text.decode("utf-8", "replace") for text in STRANGE)]
        self.keys = sorted({key for text in documents for key in _keys(json.loads(text))})

    def made(self, random: Random) -> bytes:
        """One of the documents with a few other values."""
        value = json.loads(random.choice(self.documents))
        for _ in range(1 + int(random.expovariate(0.5))):
            self._change(random, value)
        text = json.dumps(value, indent=random.choice((None, 2, 4)),
                          ensure_ascii=random.random() < 0.5)  # fmt: skip
        return text.encode("utf-8", "surrogatepass" if random.random() < 0.01 else "replace")

    def _change(self, random: Random, value: Any) -> None:
        """Change one member of one object or array in `value`."""
        places = [(holder, key) for holder in _containers(value) for key in _members(holder)]
        if not places:
            return
        holder, key = random.choice(places)
        match random.randrange(8):
            case 0 if isinstance(holder, dict):
                holder[random.choice(self.keys)] = holder.pop(key)
            case 1:
                del holder[key]
            case 2 if isinstance(holder, dict):
                holder[random.choice(self.strings)] = self._value(random)
            case 3:  # of another place, possibly around this one: hence a copy
                other, its_key = random.choice(places)
                holder[key] = json.loads(json.dumps(other[its_key]))
            case 4 if isinstance(holder[key], str):
                text, at = holder[key], random.randint(0, len(holder[key]))
                holder[key] = text[:at] + random.choice(self.strings) + text[at + 1 :]
            case 5 if isinstance(holder, dict):
                holder[random.choice(self.keys)] = self._value(random)
            case _:
                holder[key] = self._value(random)

    def _value(self, random: Random) -> object:
        if random.random() < 0.5:
            return random.choice(self.strings)
        return json.loads(json.dumps(random.choice(VALUES)))


def _containers(value: Any) -> list[Any]:
    found, pending = [], [value]
    while pending:
        node = pending.pop()
        if isinstance(node, dict | list):
            found.append(node)
            pending.extend(node.values() if isinstance(node, dict) else node)
    return found


def _members(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


def _keys(value: Any) -> list[str]:
    return [key for holder in _containers(value) if isinstance(holder, dict) for key in holder]
