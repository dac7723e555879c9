"""Inputs of up to a megabyte: pieces over and over, the same or each another, in several files.

What takes long is often one file times another: lines of an ignore file, and names to try them on.
"""

import json
import re
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
    """Makes files of a gear, of which the mutators make small ones, large."""
    kinds: list[tuple[str, Mutator]] = [
        ("manifest.json", manifest), ("Dockerfile", dockerfile), ("run.py", script),
        (".dockerignore", ignore), (".gitignore", ignore), ("gearlint.toml", toml),
    ]  # fmt: skip

    def made(random: Random) -> Files:
        size = random.choice(SIZES)
        files: Files = {}
        if random.random() < 0.4:
            files["manifest.json"] = _grown(random, values, size)
        for name, mutator in random.sample(kinds, random.choice((1, 1, 2, 3)) - len(files)):
            files[name] = _repeated(random, mutator, size)
        if random.random() < 0.5:
            files["Dockerfile"] = _modelled(random, size).encode()
        if random.random() < 0.2:
            files |= dict.fromkeys(_names(random), b"")
        return files

    return made


def _repeated(random: Random, mutator: Mutator, size: int) -> bytes:
    """A small input in which a piece stands over and over, or as many different ones."""
    data = random.choice(mutator.pool)
    data = data[:2000]
    at = random.choice((0, len(data), random.randint(0, len(data))))
    pieces = PIECES if random.random() < 0.7 else [*mutator.words, *data.splitlines(keepends=True)]
    piece = b"".join(random.choice(pieces) for _ in range(random.randint(1, 3))) or b"a"
    count = max(1, (size - len(data)) // (len(piece) + 3))
    same = random.random() < 0.5
    place = random.random()
    many = piece * count if same else b"".join(_with(piece, place, n) for n in range(count))
    return (data[:at] + many + data[at:])[:MAX_BYTES]


_WORDS = [
    "a", "a{n}", "a/b", "/a/b{n}", "data", "data/*", "data/{n}.txt", "./data/*1*", "*/*", "$v",
    "${v}", "${v%x*}", "${v##*x}", "${v/*x*y/z}", "${v//x/y}", "$v$v", "$w", "$PATH:/a{n}", "..",
    "run.py", "../l/", "/l/k/a", "/x", "/x/a{n}", "-R", "-f", "--", "=", "a={n}", "a{n}=b", "755",
    "+x+x", "--link", "'a b'", '"$v"', "a,b", "http://x/y", "/flywheel/v0/run.py", "s{p}",
]  # fmt: skip
_COMMANDS = [
    "", "touch ", "chmod -R 755 ", "chmod +x ", "cp -r ", "cp ", "mv ", "rm -rf ", "mkdir -p ",
    "ln -s ", "ln ", "install -d ", "chown a ", "cd ", "foo ", "make ", "pip install ", "env ",
    "export ", "true && ", "sh -c ", "exec ", "python ", "echo ", "echo >> ",
]  # fmt: skip
_LINES = [
    "RUN {command}{words}", "RUN {command}{words} && {command}{words}", "RUN [{list}]",
    "COPY {words} /x/", "COPY {words} ./", "COPY {word} {word}", "ADD {words} /x/", "ENV v={word}",
    "ENV w{n}={word}", "ENV {words}", "ARG {words}", "ARG v=$v", "WORKDIR {word}", "FROM a AS s{n}",
    "FROM s{p} AS s{n}", "COPY --from=s{p} {words} /x/", "COPY --chmod=644 {words} /y/",
    "ENTRYPOINT {command}{words}", "ENTRYPOINT [{list}]", "CMD {words}", "CMD [{list}]",
    "USER {word}", 'SHELL ["bash", "-ec"]', "LABEL {words}", "VOLUME {words}",
    "COPY <<E /x/\n{words}\nE", "RUN <<E\n{command}{words}\nE", "FROM python:3.11",
]  # fmt: skip
_BEFORE = [
    "ARG v=1", "ENV v={long}", 'ENV v="{spaces}"', "WORKDIR {deep}", "COPY data /x", "COPY . .",
    "RUN mkdir /l", "RUN ln -s ../l /l/k", "RUN touch a /x/a", "RUN mkdir -p {words}",
]  # fmt: skip


def _modelled(random: Random, size: int) -> str:
    """A Dockerfile with much to do for the model of the image: many steps, or many words."""
    before = random.sample(_BEFORE, random.randint(0, 4))
    lines = [random.choice(_LINES) for _ in range(random.randint(1, 3))]
    count = random.choice((1, 20, 300, 3_000))
    text = ["FROM python:3.11 AS s0", "WORKDIR /flywheel/v0"]
    text += [_filled(random, line, random.choice((3, 3_000)), 1) for line in before]
    number = random.choice((1, 3, 20, 500, 5_000))
    number = min(number, size // count)
    text += [_filled(random, line, number, n) for n in range(count) for line in lines]
    text += ["FROM python:3.11"] * (random.random() < 0.1)
    text += ["COPY run.py .", 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]', ""]
    return "\n".join(text)[:size]


def _filled(random: Random, line: str, count: int, number: int) -> str:
    """A line with its parts filled in: lists get `count` words, most of them alike."""
    word = random.choice(_WORDS)
    words = [random.choice((word, word, word, *_WORDS)) for _ in range(min(count, 20))]
    words = (words * (count // len(words) + 1))[:count]
    listed = " ".join(words)
    for name, text in (
        ("{command}", random.choice(_COMMANDS)), ("{words}", listed), ("{word}", word),
        ("{list}", ", ".join(f'"{one}"' for one in words if '"' not in one)),
        ("{long}", "x" * count), ("{spaces}", "x " * count), ("{deep}", "/d" * min(count, 90)),
    ):  # fmt: skip
        line = line.replace(name, text)
    return line.replace("{n}", str(number)).replace("{p}", str(number - 1))


def _names(random: Random) -> list[str]:
    """The names of empty files in the build context: many beside one another, or deep down."""
    count = random.choice((10, 100, 1_000))
    directory = random.choice(("data", "data/" + "d/" * 90, "data/d/d"))
    return [f"{directory}/{number}.txt" for number in range(count)]


def _with(piece: bytes, place: float, number: int) -> bytes:
    """A piece with a number in it, at a place from 0 to 1."""
    at = round(place * len(piece))
    return piece[:at] + str(number).encode() + piece[at:]


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


def _another(random: Random, value: Any, number: int) -> Any:
    """A value, or one like it with a number in each of its texts."""
    if random.random() < 0.1:
        return value
    text = json.dumps(value)
    return json.loads(re.sub(r'": "(?=[^"])', f'": "{number}', text))


def _large(random: Random, values: JsonMutator, value: Any, size: int) -> Any:
    if isinstance(value, dict):
        item = random.choice(list(value.values()) or [{}])
        count = size // (len(json.dumps(item)) + 10)
        return value | {f"k{number}": _another(random, item, number) for number in range(count)}
    if isinstance(value, list):
        item = random.choice(value or [1])
        count = size // (len(json.dumps(item)) + 2)
        return value + [_another(random, item, number) for number in range(count)]
    piece = random.choice(PIECES).decode("utf-8", "replace") + random.choice(("", "a", " "))
    if random.random() < 0.5:
        piece = random.choice(values.strings) + piece
    text = piece * (size // (len(json.dumps(piece)) - 2))
    return value + text if isinstance(value, str) and random.random() < 0.7 else text
