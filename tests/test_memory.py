"""What a run takes at most, whatever is in the files: seconds of the processor, and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.machine import Seconds
from tests.sound import manifest_text, write_gear

_LAUNCHER = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
code = subprocess.run([sys.executable, "-m", "gearlint", *sys.argv[1:]]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print("\\n", code, used.ru_utime + used.ru_stime, used.ru_maxrss // unit, file=sys.stderr)
"""
"""Starts gearlint from a small process: the memory of whoever starts one counts as its own."""


LARGE = 15_900_000
"""Bytes of a large file: just under the limit."""


class Run(NamedTuple):
    """The exit code of a gearlint, and what it took: seconds of the processor, and MB at most."""

    code: int
    seconds: Seconds
    megabytes: int
    stdout: str


def measured(*arguments: object) -> Run:
    """Run gearlint in a process of its own."""
    command = [sys.executable, "-c", _LAUNCHER, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "internal error" not in done.stderr
    code, seconds, megabytes = done.stderr.split()[-3:]
    return Run(int(code), Seconds(seconds), int(megabytes), done.stdout)


def options(patterns: list[str], default: str) -> str:
    """The `config` of a manifest with an option for each pattern."""
    return '"config": ' + json.dumps({
        f"o{one}": {
            "description": "x", "type": "string", "pattern": pattern, "default": default
        } for one, pattern in enumerate(patterns)
    })  # fmt: skip


def nested(repeat: str, levels: int) -> str:
    return "^" + "(?:" * levels + "b?a" + f"){repeat}" * levels + "$"


DOUBLING = ("+", "+?", "++", "{1,}", "{1,2}", "{2}", "{1,3}?")
PATTERNS = {
    **{f"{repeat} in {repeat}": [nested(repeat, 24)] for repeat in DOUBLING},
    "look-ahead": ["(?=" * 24 + "a+" + ")+" * 24],
    "conditions": ["(x)?" + "(?:(?(1)b|" * 24 + "a" + ")+)" * 24],
    "many that are large": [f"^(?:ab?){{{6000 + one}}}" for one in range(300)],
    "many that double": [nested("+", 11) + f"|{one}" for one in range(1000)],
    "wide ranges": [
        "(?i)" + "".join(f"[\\u{one:04x}-\\uff{at:02x}]" for at in range(10))
        for one in range(256, 1256)
    ],
    "wide ranges in loops": [
        "(?i)^(" + "".join(f"[\\u{one:04x}-\\uff{at:02x}]*" for at in range(10)) + ")*$"
        for one in range(256, 1256)
    ],
}


@pytest.mark.parametrize("patterns", PATTERNS.values(), ids=PATTERNS)
def test_compiling_patterns(tmp_path: Path, patterns: list[str]) -> None:
    write_gear(tmp_path, options(patterns, "a" * 30))
    run = measured("check", tmp_path)
    assert run.code in (0, 1)
    assert run.megabytes < 150
    assert run.seconds < 3


@pytest.mark.parametrize("options", [("--jobs", "1"), ("--jobs", "2"), ("--fix",)])
def test_memory_does_not_grow_with_the_number_of_large_files(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    made = []
    for number in range(24):
        gear = tmp_path / f"gear{number}"
        gear.mkdir()
        write_gear(gear)
        with (gear / "manifest.json").open("r+b") as file:
            file.truncate(0)
            file.truncate(LARGE if number % 4 == 0 else 100)  # of NULs, which take no disk
        made.append(gear)
    few = measured("check", *options, *made[:4])
    many = measured("check", *options, tmp_path)
    assert many.code == 1
    assert many.megabytes < few.megabytes + 60
    named = measured("check", *options, *(gear / "manifest.json" for gear in made))
    assert named.megabytes < few.megabytes + 60


def of_members(**members: object) -> bytes:
    return json.dumps({**json.loads(manifest_text("")), **members}).encode()


def of_image(reference: str) -> bytes:
    builder = {"category": "analysis", "image": reference}
    return of_members(custom={"gear-builder": builder})


MANIFESTS = {
    "NULs": b"\0" * LARGE,
    "line feeds": b"\n" * LARGE,
    "backslashes in a string that has no end": b'{"a": "' + b"\\" * LARGE,
    "escaped quotes": b'{"a": "' + b'\\"' * (LARGE // 2),
    "empty objects": b"[" + b"{}," * 5_000_000 + b"{}]",
    "members": b"{" + b",".join([b'"a":1'] * 2_000_000) + b"}",
    "parts of an image": of_image("a/" * 3_000_000),
    "one part of an image": of_image("a" * 9_000_000),
    "a digest": of_image("a@sha256:" + "a" * 9_000_000),
    "parts of a version": of_members(version="_" * 9_000_000),
    "numbers of a version": of_members(version="1." * 4_000_000),
    "a name to be corrected": of_members(name="_A" * 7_500_000),
    "a name of many words": of_members(name="a." * 7_500_000),
    "a URL without its scheme": of_members(url="a." * 7_500_000),
    "punctuation of a license": of_members(license="_A" * 7_500_000),
    "lines of a description": of_members(description="a line\n" * 490_000 + "a" * 10_000_000),
    "empty strings": of_members(x=0)[:-2] + b"[" + b'"",' * 5_000_000 + b'""]}',
    "spaces": of_members(x=0)[:-1] + b" " * 15_000_000 + b"}",
    "spaces after a comma": of_members(x=0)[:-1] + b"," + b" " * 15_000_000,
    "suppressions": of_members(custom={"gearlint": {"ignore": ["GL101," * 2_500_000]}}),
}


@pytest.mark.parametrize("data", MANIFESTS.values(), ids=MANIFESTS)
def test_a_large_manifest(tmp_path: Path, data: bytes) -> None:
    write_gear(tmp_path)
    (tmp_path / "manifest.json").write_bytes(data)
    run = measured("check", tmp_path)
    assert run.code == 1
    assert run.megabytes < 500
    assert run.seconds < 2


FILES = {
    "Dockerfile of line feeds": ("Dockerfile", b"\n" * LARGE),
    "Dockerfile of backslashes": ("Dockerfile", b"FROM a\nRUN " + b"\\" * LARGE),
    "Dockerfile of lines that go on": ("Dockerfile", b"FROM a\nRUN " + b"\\\n" * (LARGE // 2)),
    "Dockerfile of comments": ("Dockerfile", b"#\n" * (LARGE // 2)),
    "Dockerfile of words": ("Dockerfile", b"FROM a\nENV " + b"a " * (LARGE // 2 - 10)),
    "Dockerfile of variables": (
        "Dockerfile",
        b"FROM a\n" + (b"ENV A=" + b"$a" * 9000 + b"\n") * 100,
    ),
    "Dockerfile of quotes": ("Dockerfile", b"FROM a\n" + (b"COPY " + b'"' * 60_000 + b" /\n") * 15),
    "Dockerfile that is just read": (
        "Dockerfile",
        b"FROM a\nENV A=" + b"$a" * 29_000 + (b"\nENV A=" + b"'a'" * 15_000) * 15,
    ),
    ".dockerignore of line feeds": (".dockerignore", b"\n" * LARGE),
    ".dockerignore of stars": (".dockerignore", b"*\n" * (LARGE // 2)),
    ".gitignore of line feeds": (".gitignore", b"\n" * LARGE),
    "script of line feeds": ("run.py", b"#!/usr/bin/env python3\n" + b"\n" * LARGE),
    "script of backslashes": ("run.py", b"#!/bin/sh\n" + b"\\" * LARGE),
}


@pytest.mark.parametrize(("name", "data"), FILES.values(), ids=FILES)
def test_a_large_file(tmp_path: Path, name: str, data: bytes) -> None:
    write_gear(tmp_path)
    (tmp_path / name).write_bytes(data)
    run = measured("check", tmp_path)
    assert run.code in (0, 1)
    assert run.megabytes < 500
    assert run.seconds < 2
