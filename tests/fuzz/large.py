"""Inputs of up to a megabyte: a piece over and over, or a JSON document with ever more in it."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.mutation import JsonMutator, Mutator
from tests.fuzz.seeds import Files

MAX_BYTES = 1_000_000
SIZES = (20_000, 60_000, 200_000, MAX_BYTES)
PIECES = [
    b"a", b"0", b" ", b"\n", b"\t", b"\\\n", b"\\", b'"', b"'", b"`", b"[", b"{", b"(", b"[]",
    b"{}",
    b"()", b",", b'"a",', b'"a":', b'{"a":', b"[1,", b"//", b"/*", b"#\n", b"#", b"$", b"${a}",
    b"$(",
    b"${a:-", b"<<E ", b"<<E\n", b"E\n", b"RUN a\n", b"RUN a && \\\n", b"ENV a=b\n", b"COPY a b\n",
    b"FROM a\n", b"FROM a AS b\n", b"ONBUILD ", b"# gearlint: ignore[GL303]\n", b"--a ", b"--a=b ",
    b"a/", b"../", b"*", b"**/", b"[a-z]", b"!a\n", b"*a\n", b"a=[", b"[a]\n", b"a.", b'"\\u0000"',
    b"\xff", "é".encode(), b"a;", b"a|", b"a&&", b"if a;then ", b"((", b"a ", b"-", b"_", b"1.",
    b"~",
    b"RUN chmod +x run.py\n", b"ENV PATH=/a:$PATH\n", b"WORKDIR a\n", b"ARG a=$a$a\n", b"CMD a\n",
    b"    ", b"if x:\n", b"def f():\n", b"'''", b"x=1;", b"#!/", b"print 1\n", b"ENV a=$a$a\n",
    b"\xe2\x80\x9c", b"\r", b"\r\n", b"\0",
]  # fmt: skip


def made(
    manifest: Mutator, values: JsonMutator, dockerfile: Mutator, script: Mutator, ignore: Mutator,
    toml: Mutator, text: Mutator,
) -> Callable[[Random], Files]:  # fmt: skip
    """Makes one file of a gear, of which the mutators make small ones, large."""
    kinds: list[tuple[str, Mutator]] = [
        ("manifest.json", manifest), ("Dockerfile", dockerfile), ("run.py", script),
        (".dockerignore", ignore), (".gitignore", ignore), ("gearlint.toml", toml),
    ]  # fmt: skip

    def made(random: Random) -> Files:
        size = random.choice(SIZES)
        if random.random() < 0.4:
            return {"manifest.json": _grown(random, values, size)}
        name, mutator = random.choice(kinds)
        return {name: _repeated(random, mutator, size)}

    return made


def _repeated(random: Random, mutator: Mutator, size: int) -> bytes:
    """A small input in which one piece stands over and over."""
    data = random.choice(mutator.pool)
    data = data[:2000]
    at = random.choice((0, len(data), random.randint(0, len(data))))
    pieces = PIECES if random.random() < 0.7 else [*mutator.words, *data.splitlines(keepends=True)]
    piece = b"".join(random.choice(pieces) for _ in range(random.randint(1, 3))) or b"a"
    count = max(1, (size - len(data)) // len(piece))
    return data[:at] + piece * count + data[at:]


def _grown(random: Random, values: JsonMutator, size: int) -> bytes:
    """A manifest in which a text is long, or an object or array has many members."""
    document = json.loads(random.choice(values.documents))
    holder = document
    while True:  # down to some place
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            break
        key = random.choice(keys)
        if not isinstance(holder[key], dict | list) or random.random() < 0.2:
            holder[key] = _large(random, values, holder[key], size)
            break
        holder = holder[key]
    return json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "replace")


def _large(random: Random, values: JsonMutator, value: Any, size: int) -> Any:
    if isinstance(value, dict):
        item = random.choice(list(value.values()) or [{}])
        text = json.dumps(item)
        return value | {f"k{number}": item for number in range(size // (len(text) + 10))}
    if isinstance(value, list):
        item = random.choice(value or [1])
        return value + [item] * (size // (len(json.dumps(item)) + 2))
    piece = random.choice(PIECES).decode("utf-8", "replace") + random.choice(("", "a", " "))
    if random.random() < 0.5:
        piece = random.choice(values.strings) + piece
    text = piece * (size // len(piece))
    return value + text if isinstance(value, str) and random.random() < 0.7 else text
