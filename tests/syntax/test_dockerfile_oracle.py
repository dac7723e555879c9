"""The Dockerfile against the official Go parser, which the PyPI package `dockerfile` wraps.

That package (3.4.0) has BuildKit 0.12.5. Where BuildKit has changed since, gearlint follows the
newer one; those cases are left out here and are in `test_dockerfile.py` (`since_...`).
"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from gearlint.core.source import Source
from gearlint.syntax.dockerfile import INSTRUCTIONS, Dockerfile, Flag, Instruction
from gearlint.syntax.dockerfile.faults import faults_of

oracle = pytest.importorskip(
    "dockerfile", reason="the official parser (PyPI: dockerfile) is not installed here"
)

CASES = sorted((Path(__file__).parent / "dockerfiles").glob("*.dockerfile"))


def upper(name: str | None) -> str | None:
    return name.upper() if name and name.isascii() else name


def written(flag: Flag) -> str:
    return f"--{flag.name}" + ("" if flag.value is None else f"={flag.value}")


def as_oracle(instruction: Instruction) -> dict[str, Any]:
    """An instruction in the form of the oracle."""
    inner = instruction.trigger or instruction
    words = [word.text for pair in inner.pairs for word in pair if word]
    if inner.name not in ("ENV", "LABEL"):
        words = [word.text for word in inner.words]
    nested = inner is not instruction and inner.name == "ONBUILD" and inner.value
    if instruction.name not in INSTRUCTIONS or inner.name not in INSTRUCTIONS or nested:
        words = [""]  # what the oracle has for what it does not parse
    return {
        "name": instruction.name,
        "trigger": instruction.trigger.name if instruction.trigger else None,
        "json": inner.is_json,
        "lines": (instruction.start_line, instruction.end_line),
        "flags": [written(flag) for flag in instruction.flags],
        "value": words,
        # For ONBUILD the oracle looks for them in the wrong node, and finds none.
        "heredocs": [
            (doc.name, doc.content) for doc in instruction.heredocs if instruction.trigger is None
        ],
    }


def from_oracle(command: Any) -> dict[str, Any]:
    return {
        "name": upper(command.cmd) or "",
        "trigger": upper(command.sub_cmd),
        "json": command.json,
        "lines": (command.start_line, command.end_line),
        "flags": list(command.flags),
        "value": list(command.value),
        "heredocs": [(name, content) for name, _, content in map(tuple, command.heredocs)],
    }


def assert_agrees(data: bytes, parse: Any, argument: str) -> None:
    dockerfile = Dockerfile(Source("Dockerfile", data))
    try:
        expected = [from_oracle(command) for command in parse(argument)]
    except oracle.GoParseError:
        assert faults_of(dockerfile)
        return
    assert [as_oracle(instruction) for instruction in dockerfile.instructions] == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_agrees_with_the_official_parser(path: Path) -> None:
    assert_agrees(path.read_bytes(), oracle.parse_file, str(path))


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


NAMES = [*INSTRUCTIONS, "from", "Run", "FOO", "ONBUILD RUN", "onbuild COPY", "HEALTHCHECK CMD"]
PIECES = [
    *(" ", "  ", "\t", "\v", "\f", "\r", "\u00a0", "\u2003", "a", "b=c", 'X="a b"', "é", "😀"),
    *("'", '"', "[", "]", "=", "==", "$X", "${X}", "<", "#", "# x", "AS", "NONE", "null", "FROM"),
    *("\\\n", "\\ \n", "\\\r\n", "\\\n# c\n", "\\\n\n", "`\n", "\n", "\r\n", "\n\n", "\n# c\n"),
    *("<<EOF", "<<'EOF'", "<<-EOF", '<<E"O"F', "3<<A", "EOF\n", "\nEOF\n", "\n\tEOF\n", "\nA\n"),
    *('["a", "b"]\n', '[ "a" ,"b\\n" ] \t\n', '["\\u00e9"]\r\n', "['a']", "[]\n", "[1]\n"),
]
ESCAPES = ["\\\\", '\\"', "\\a", "`a", "``", "\\", "`"]
FLAGS = ["--from=x", "--a", "--", "--b='c d'", '--c="d', "--e=é"]

DIRECTIVES = [
    *("", "", "# escape=`\n", "#ESCAPE = `\r\n", "# x=y\n# escape=`\n"),
    "# syntax=docker/dockerfile:1\n# escape=`\n",
]


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """Any text that looks like a Dockerfile.

    Flags come only with the default escape character: BuildKit has changed what it does with them.
    """
    directive = draw(st.sampled_from(DIRECTIVES))
    pieces = PIECES + ESCAPES if directive else PIECES + ESCAPES + FLAGS
    lines = st.builds(
        "{}{}{}\n".format,
        st.sampled_from(NAMES),
        st.sampled_from([" ", "\t", "  "]),
        st.lists(st.sampled_from(pieces), max_size=8).map("".join),
    )
    text = directive + "".join(draw(st.lists(lines, min_size=1, max_size=4)))
    return text.rstrip("\n") if draw(st.booleans()) else text


@given(dockerfiles())
@example("ONBUILD ONBUILD\n")
@example("\\\n\n")
@settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_agrees_on_generated_dockerfiles(text: str) -> None:
    # Since Dockerfile 1.9 nothing may follow the array of an exec form.
    assume(not re.search(r"\[\s*\](?!\n)", text))
    try:
        oracle.parse_string(text)
    except UnicodeDecodeError:
        assume(False)  # the Go parser cut a flag inside a character; Python cannot show it
    except oracle.GoParseError:
        pass
    assert_agrees(text.encode(), oracle.parse_string, text)
