"""How an instruction is written: what GL320 to GL322, GL325 and GL327 to GL329 find and leave alone.

Each case is a Dockerfile, or the end of one, with all that is found in it: what follows from a
fault is not found a second time.
"""

import os
from pathlib import Path

import pytest

from gearlint.core.finding import Finding
from gearlint.core.source import read
from gearlint.engine.linter import lint
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest
from tests.conftest import Run
from tests.machine import in_time
from tests.sound import SCRIPT, write_gear

BASE = "FROM python:3.11\n"
SOUND = f"{BASE}WORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\n"
START = 'ENTRYPOINT ["python", "run.py"]\n'


def findings(tmp_path: Path, dockerfile: str) -> list[Finding]:
    """All that is found, whatever the rule."""
    directory = Path(os.path.realpath(tmp_path)) / "gear"
    directory.mkdir(exist_ok=True)
    (directory / "Dockerfile").write_bytes(dockerfile.encode())
    (directory / "d").mkdir(exist_ok=True)
    for name in ("other.py", "a", "b"):
        (directory / name).write_text(SCRIPT)
    manifest = read(str(write_gear(directory)), str(directory))
    result = lint(Gear(Manifest(manifest), str(directory)), Settings())
    assert not result.failures, [str(failure) for failure in result.failures]
    return result.findings


def found(tmp_path: Path, dockerfile: str) -> list[str]:
    """`CODE severity line:column message` of all that is found."""
    return [shown(finding) for finding in findings(tmp_path, dockerfile)]


def shown(finding: Finding) -> str:
    at = finding.source.position(finding.span.start)
    label = finding.severity.label
    return f"{finding.code} {label} {at.line}:{at.column} {finding.message}"


def end(text: str) -> str:
    """A Dockerfile that ends with `text`, and an ENTRYPOINT if there is none in it."""
    has_start = "ENTRYPOINT" in text.upper() or text.startswith("CMD")
    return f"{SOUND}{text}\n" + ("" if has_start else START)


# --- GL320: (end of the Dockerfile, severity, column, what is wrong)
LISTS = [
    ("ENTRYPOINT ['python', 'run.py']", "error", 12, ": single quotes"),
    ("ENTRYPOINT ['/flywheel/v0/run.py']", "error", 12, ": single quotes"),
    ("ENTRYPOINT [\u201cpython\u201d, \u201crun.py\u201d]", "error", 12, ": typographic quotes"),
    ("ENTRYPOINT [\u2018python\u2019, \u2018run.py\u2019]", "error", 12, ": typographic quotes"),
    ('ENTRYPOINT ["python\u201d, "run.py"]', "error", 12, ": typographic quotes"),
    ('ENTRYPOINT ["python", "run.py",]', "error", 12, ": a comma after the last element"),
    ('ENTRYPOINT ["python" "run.py"]', "error", 12, ": a comma is missing"),
    ('ENTRYPOINT ["python""run.py"]', "error", 12, ": a comma is missing"),
    ('ENTRYPOINT ["python", "run.py"', "error", 12, ': the closing "]" is missing'),
    ('ENTRYPOINT ["python", "run.py",', "error", 12, ': a comma after the last element and the closing "]" is missing'),
    ("ENTRYPOINT [python, run.py]", "error", 12, ": words without quotes"),
    ("ENTRYPOINT [python run.py]", "error", 12, ": words without quotes and a comma is missing"),
    ("ENTRYPOINT [ python, run.py ]", "error", 12, ": words without quotes"),
    ("ENTRYPOINT [ python run.py ]", "error", 12, ": words without quotes and a comma is missing"),
    ("ENTRYPOINT [ 'python', 'run.py' ]", "error", 12, ": single quotes"),
    ("ENTRYPOINT [ '/flywheel/v0/run.py' ]", "error", 12, ": single quotes"),
    ("ENTRYPOINT ['python','run.py'] # start", "error", 12, ": single quotes"),
    ('ENTRYPOINT {"python", "run.py"}', "error", 12, ": curly brackets"),
    ('ENTRYPOINT ["python", "run.py"}', "error", 12, ": curly brackets"),
    ('ENTRYPOINT ["python", "run.py"]]', "error", 12, ': text after the "]"'),
    ('ENTRYPOINT ["python", "run.py"];', "error", 12, ': text after the "]"'),
    ('ENTRYPOINT ["python, "run.py"]', "error", 12, ": a quote is missing"),
    ('ENTRYPOINT ["python", , "run.py"]', "error", 12, ": a comma too many"),
    ('ENTRYPOINT ["python"] ["run.py"]', "error", 12, ': text after the "]"'),
    (r'ENTRYPOINT ["python", "C:\x"]', "error", 12, ': a "\\" that is not doubled'),
    (r"ENTRYPOINT ['python', 'a\b']", "error", 12, ': a "\\" that is not doubled'),
    (r"ENTRYPOINT [python, a\b]", "error", 12, ': a "\\" that is not doubled'),
    ('ENTRYPOINT ["python"; "run.py"]', "error", 12, ""),
    ('ENTRYPOINT ["python" | "run.py"]', "error", 12, ""),
    ('ENTRYPOINT ["python" + "run.py"]', "error", 12, ""),
    ('ENTRYPOINT ["python", "run.py"].', "error", 12, ': text after the "]"'),
    # without a bracket at the start
    ('ENTRYPOINT "/flywheel/v0/run.py"]', "error", 12, ': the opening "[" is missing'),
    ('ENTRYPOINT "python", "run.py"]', "error", 12, ': the opening "[" is missing'),
    ('ENTRYPOINT "python" "run.py"]', "warning", 12, ': the opening "[" is missing and a comma is missing'),
    ('ENTRYPOINT "python", "run.py"', "error", 12, ": the brackets are missing"),
    ("ENTRYPOINT 'python', 'run.py'", "error", 12, ": the brackets are missing and single quotes"),
    ('ENTRYPOINT ("python", "run.py")', "error", 12, ": parentheses"),
    ('ENTRYPOINT ( "python", "run.py" )', "error", 12, ": parentheses"),
    ('ENTRYPOINT = ["python", "run.py"]', "error", 12, ': a "=" before it'),
    ('ENTRYPOINT =["python", "run.py"]', "error", 12, ': a "=" before it'),
    ('ENTRYPOINT : ["python", "run.py"]', "warning", 12, ': a ":" before it'),
    ("ENTRYPOINT = ['python', 'run.py']", "error", 12, ': a "=" before it and single quotes'),
    ("ENTRYPOINT '[\"python\", \"run.py\"]'", "error", 12, ": quotes around it"),
    ('CMD ("python", "run.py")', "error", 5, ": parentheses"),
    ('HEALTHCHECK CMD ("true", "x")', "warning", 17, ": parentheses"),
    ('RUN ("pip", "install", "x")', "error", 5, ": parentheses"),
    ('RUN = ["pip", "install", "x"]', "error", 5, ': a "=" before it'),
    ('COPY ("a", "./")', "error", 6, ": parentheses"),
    ('COPY = ["a", "./"]', "error", 6, ': a "=" before it'),
    ('COPY "a", "./"', "error", 6, ": the brackets are missing"),
    ('VOLUME ("/data")', "error", 8, ": parentheses"),
    ('ENTRYPOINT ["python"run.py]', "error", 12, ""),
    ("ENTRYPOINT [python run.py, --x]", "error", 12, ""),
    ("entrypoint ['python', \\\n  # why\n  'run.py']", "error", 12, ": single quotes"),
    ("CMD ['python', 'run.py']", "error", 5, ": single quotes"),
    # nothing depends on it, or nobody knows
    ("CMD ['--x']\nENTRYPOINT [\"python\", \"run.py\"]", "warning", 5, ": single quotes"),
    ("HEALTHCHECK CMD ['true', 'x']", "warning", 17, ": single quotes"),
    ("HEALTHCHECK --interval=5s cmd ['true']", "warning", 31, ": single quotes"),
    ("ONBUILD RUN ['true', 'x']", "warning", 13, ": single quotes"),
    # the shell
    ("RUN ['chmod', '+x', 'run.py']", "error", 5, ": single quotes"),
    ('RUN ["pip", "install", "x"', "error", 5, ': the closing "]" is missing'),
    ('RUN [ "pip", "install", "x"', "error", 5, ': the closing "]" is missing'),
    ('RUN [ "chmod" "+x" "run.py" ]', "error", 5, ": a comma is missing"),
    ("RUN [ pip, install ]", "error", 5, ": words without quotes"),
    ("RUN --network=none ['true', 'x']", "error", 20, ": single quotes"),
    ("RUN [ 'true' ]", "warning", 5, ": single quotes"),
    ('RUN ["a", "b"] || true', "warning", 5, ': text after the "]"'),
    ('RUN [ "a", "b" ] x', "warning", 5, ': text after the "]"'),
    # paths
    ("COPY ['a', 'b', './']", "error", 6, ": single quotes"),
    ("COPY ['a','./']", "error", 6, ": single quotes"),
    ('COPY ["a" "./"]', "error", 6, ": a comma is missing"),
    ('COPY ["a, "./"]', "error", 6, ": a quote is missing"),
    ("COPY [a, ./]", "error", 6, ": words without quotes"),
    ("COPY [a,./]", "error", 6, ": words without quotes"),
    ("COPY [a, b,\\\n ./", "error", 6, ': words without quotes and the closing "]" is missing'),
    ('COPY ["a"] ./', "warning", 6, ': text after the "]"'),
    ("COPY --chown=1:1 ['a', './']", "error", 18, ": single quotes"),
    ('COPY {"a", "./"}', "error", 6, ": curly brackets"),
    ('ADD ["a", "./",]', "error", 5, ": a comma after the last element"),
    ("VOLUME ['/data']", "error", 8, ": single quotes"),
    ("VOLUME [/data]", "error", 8, ": words without quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "severity", "column", "why"), LISTS)
def test_list_that_is_not_json(
    text: str, severity: str, column: int, why: str, tmp_path: Path
) -> None:
    name = next(word for word in text.upper().split() if word != "ONBUILD")
    read_as = "paths" if name in ("ADD", "COPY", "VOLUME") else "a shell command"
    message = f"{name} has a list that is not JSON{why}; Docker reads it as {read_as}"
    assert found(tmp_path, end(text)) == [f"GL320 {severity} 4:{column} {message}"]


NO_LIST = [
    "RUN [ -f x ] && echo y",
    'RUN [ "$A" = b ] || echo c',
    "RUN [ 'a' = 'b' ] || echo c",
    'RUN [ -z "$A" ]',
    "RUN [ -n a,b ]",
    "RUN [ a b",
    "RUN [[ -f x ]] && echo y",
    "RUN [ ]",
    "COPY [ab] ./",
    "COPY [a-z] [b] ./",
    "COPY [a-z]* ./",
    "COPY [a]",
    "CMD [ -f run.py ] && exec python run.py",
    "CMD [ -f run.py ]",
    "CMD [e]xec foo",
    "RUN { echo a; }",
    'RUN { "$X"; }',
    "SHELL [\"python\", \"-c\"]\nRUN ['a', 'b']",
    'RUN ["true", "x"]',
    "HEALTHCHECK NONE",
    "ENV A=['b','c']",
    "LABEL a=['b']",
    'ENTRYPOINT "python" "run.py"',
    'ENTRYPOINT ("python" "run.py")',
    'ENTRYPOINT ("run.py")',
    'RUN ("chmod" "+x" run.py; true)',
    "RUN (a, b)",
    'RUN "chmod" +x "run.py"',
    'RUN "echo" "a", "b"',
    'RUN "$A" = b ]',
    "RUN = a",
    'RUN : "a" > /x',
    "RUN '[' -f x ']'",
    'COPY "a" "./"',
    'VOLUME "/data"',
    "COPY <<EOF a\n['b']\nEOF",
    "RUN <<EOF\n['b'] || true\nEOF",
]


@pytest.mark.parametrize("text", NO_LIST)
def test_no_list_was_meant(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL320" in line]


@pytest.mark.parametrize(
    "text",
    [
        f"FROM python AS x\nRUN ['a', 'b']\n{SOUND}{START}",
        f"FROM python AS x\nVOLUME ['/a']\n{SOUND}{START}",
        f"{SOUND}ENTRYPOINT ['a']\n{START}",
        "FROM me/base:1\nCMD ['a']\n",
    ],
)
def test_list_on_which_nothing_depends_is_a_warning(text: str, tmp_path: Path) -> None:
    assert "GL320 warning" in "\n".join(found(tmp_path, text))


def test_list_is_read_as_it_was_meant(tmp_path: Path) -> None:
    codes = [line[:5] for line in found(tmp_path, f"{SOUND}ENTRYPOINT ['./none.py']\n")]
    assert codes == ["GL320", "GL305"]


# --- GL321: (end of the Dockerfile, place, message)
SYNTAX = [
    ("RUN a && b &&", "4:14", "it ends where a command should go on"),
    ("RUN a && \\\n    b ||", "5:9", "it ends where a command should go on"),
    ("RUN a |", "4:8", "it ends where a command should go on"),
    ("RUN echo 'x", "4:10", "the quote ' is not closed"),
    ("RUN for i in a b; do echo $i", "4:5", '"for" without its "done"'),
    ("RUN if true; then a; fi; fi", "4:26", 'unexpected "fi"'),
    ("RUN (a", "4:5", '"(" without its ")"'),
    ("RUN a; ;b", "4:8", 'unexpected ";"'),
    ("RUN --mount=type=cache,target=/x a &&", "4:38", "it ends where a command should go on"),
    ("RUN <<EOF\nfor i in a; do\nEOF", "5:1", '"for" without its "done"'),
    ("RUN <<-EOF\n\techo \u00e9; (a\n\tEOF", "4:1", '"(" without its ")"'),
    ("RUN cat <<EOF > x &&\nhello\nEOF", "4:1", "it ends where a command should go on"),
    ('SHELL ["bash", "-c"]\nRUN [[ a', "5:5", '"[[" without its "]]"'),
    ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a &&', "5:9", "it ends where a command should go on"),
    ('SHELL ["bash", "-c"]\nRUN shopt -s nullglob && b &&', "5:30", "it ends where a command should go on"),
    ('RUN ["bash", "-c", "a &&"]', "4:1", "it ends where a command should go on"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), SYNTAX)
def test_run_that_is_not_valid_shell(text: str, place: str, message: str, tmp_path: Path) -> None:
    expected = [f"GL321 error {place} RUN is not valid shell: {message}"]
    assert found(tmp_path, end(text)) == expected


STARTS = [
    ("ENTRYPOINT python run.py &&", "ENTRYPOINT", "4:28", "it ends where a command should go on"),
    ("CMD python 'run.py", "CMD", "4:12", "the quote ' is not closed"),
    ("ENTRYPOINT (python run.py", "ENTRYPOINT", "4:12", '"(" without its ")"'),
]


@pytest.mark.parametrize(("text", "name", "place", "message"), STARTS)
def test_start_that_is_not_valid_shell(
    text: str, name: str, place: str, message: str, tmp_path: Path
) -> None:
    expected = [f"GL321 error {place} {name} is not valid shell: {message}"]
    assert found(tmp_path, end(text)) == expected


VALID = [
    f"CMD python 'run.py\n{START}",  # which nothing starts
    'SHELL ["python", "-c"]\nENTRYPOINT print(1) &&',
    "ENTRYPOINT if [ -f x ]; then python run.py; fi",
    "ENTRYPOINT [[ a || python run.py",
    "HEALTHCHECK CMD a &&",
    "RUN a && b",
    "RUN <<EOF\nexit 0\nfor i in a; do\nEOF",  # ends before it
    "RUN <<EOF\neval 'exit 0'\nfor i in a; do\nEOF",
    "RUN <<EOF python\nfor (\nEOF",
    "RUN cat <<EOF > x && b\nhello (\nEOF",
    "RUN <<EOF\n#!/usr/bin/env python\nfor (\nEOF",
    'SHELL ["python", "-c"]\nRUN for (',
    'SHELL ["conda", "run", "bash", "-c"]\nRUN a &&',
    'SHELL ["/bin/bash", "-O", "extglob", "-c"]\nRUN ls !(a)',
    "RUN [[ a || true",  # a command to dash
    "RUN f() a",
    "RUN function f",
    "RUN shopt -s extglob; ls !(a)",
    "RUN bash -c 'a &&' || true",
    'RUN ["echo", "a &&"]',
    "RUN",
]


@pytest.mark.parametrize("text", VALID)
def test_run_that_some_shell_takes(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL321" in line]


def test_stage_that_is_not_built_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, f"FROM python AS x\nRUN a &&\n{SOUND}{START}") == []


def test_stage_that_is_copied_from_is_judged(tmp_path: Path) -> None:
    text = f"FROM python AS x\nRUN a &&\n{SOUND}COPY --from=x /x /y\n{START}"
    assert [line[:15] for line in found(tmp_path, text)] == ["GL321 error 2:9"]


# --- GL322: (Dockerfile, what is found)
def continued(name: str, outer: str, line: int, last: int, mark: str = "\\") -> str:
    return f'{name} is part of the {outer} of line {line}: the "{mark}" at the end of line {last} continues it'


SWALLOWED = [
    ("RUN a && \\\n    b && \\\n\nCOPY a .", "error 7:1", continued("COPY", "RUN", 4, 5)),
    ("RUN a && \\\n# why\n\n  # and\n  RUN b", "error 8:3", continued("RUN", "RUN", 4, 4)),
    ("RUN rm -rf /x; \\\nENV A=b", "error 5:1", continued("ENV", "RUN", 4, 4)),
    ("RUN a && \\", "error 5:1", continued("ENTRYPOINT", "RUN", 4, 4)),
    ("RUN rm -rf /x \\\nENV A=b", "warning 5:1", continued("ENV", "RUN", 4, 4)),
    ("RUN true || \\\nENV A=b", "warning 5:1", continued("ENV", "RUN", 4, 4)),
    ("RUN a # b \\\nRUN c", "warning 5:1", continued("RUN", "RUN", 4, 4)),
    ("RUN chmod a+x run.py \\\nCOPY a .", "error 5:1", continued("COPY", "RUN", 4, 4)),
    ("RUN apt-get install -y a \\\n\nRUN b", "error 6:1", continued("RUN", "RUN", 4, 4)),
    ("RUN apt-get update \\\nRUN b", "error 5:1", continued("RUN", "RUN", 4, 4)),
    ('RUN echo "a" \\\nRUN b', "warning 5:1", continued("RUN", "RUN", 4, 4)),
    ("RUN a > b && \\\n echo c \\\n\nRUN d", "warning 7:1", continued("RUN", "RUN", 4, 5)),
    ("RUN pip install a \\\nRUN b", "warning 5:1", continued("RUN", "RUN", 4, 4)),
    ("RUN --mount=type=cache,target=/x a \\\nRUN b", "warning 5:1", continued("RUN", "RUN", 4, 4)),
    ("RUN a && 'b \\\nRUN c", "warning 5:1", None),
    ("ONBUILD RUN a && \\\nRUN b", "warning 5:1", continued("RUN", "ONBUILD", 4, 4)),
    ("ENV A=b \\\nRUN c", "error 5:1", continued("RUN", "ENV", 4, 4)),
    ("ENV A=b \\\n    # c\n    ENV C=d", "error 6:5", continued("ENV", "ENV", 4, 4)),
    ("ENV A b \\\nENV C d", "warning 5:1", continued("ENV", "ENV", 4, 4)),
    ("ARG A=b \\\nARG C=d", "warning 5:1", continued("ARG", "ARG", 4, 4)),
    ("LABEL a=b \\\nRUN c", "error 5:1", continued("RUN", "LABEL", 4, 4)),
    ("COPY a ./ \\\nRUN c", "error 5:1", continued("RUN", "COPY", 4, 4)),
    ("WORKDIR /flywheel/v0 \\\nCOPY a .", "warning 5:1", continued("COPY", "WORKDIR", 4, 4)),
    ("USER me \\\nCOPY a .", "error 5:1", continued("COPY", "USER", 4, 4)),
    ("USER me \\\nCOPY a .\nUSER me", "warning 5:1", continued("COPY", "USER", 4, 4)),
    ("EXPOSE 80 \\\nEXPOSE 90", "error 5:1", continued("EXPOSE", "EXPOSE", 4, 4)),
    ("VOLUME /x \\\nRUN c", "error 5:1", continued("RUN", "VOLUME", 4, 4)),
    ("STOPSIGNAL 9 \\\nRUN c", "error 5:1", continued("RUN", "STOPSIGNAL", 4, 4)),
    ('SHELL ["bash", "-c"] \\\nRUN c', "error 5:1", continued("RUN", "SHELL", 4, 4)),
    ('HEALTHCHECK CMD ["true"] \\\nRUN c', "warning 5:1", continued("RUN", "HEALTHCHECK", 4, 4)),
    ("RUN a && RUN b", "error 4:10", "RUN is in the middle of a RUN, which runs it as a program"),
    ("RUN RUN b", "error 4:5", "RUN is in the middle of a RUN, which runs it as a program"),
    ("RUN (ENV A=b)", "error 4:6", "ENV is in the middle of a RUN, which runs it as a program"),
    ("RUN if true; then ENV A=b; fi", "warning 4:19", "ENV is in the middle of a RUN, which runs it as a program"),
    ("RUN mkdir -p ${X}RUN mkdir -p ${X}", "warning 4:18", "RUN is part of the RUN before it: the line break between them is missing"),
    ("RUN mkdir -p /v0RUN chmod +x run.py", "error 4:17", "RUN is part of the RUN before it: the line break between them is missing"),
    ('RUN mkdir "a"COPY a b', "warning 4:14", "COPY is part of the RUN before it: the line break between them is missing"),
    ("ENV X=/x\nCOPY a ${X}RUN ls", "error 5:12", "RUN is part of the COPY before it: the line break between them is missing"),
    ("ENV X=/flywheel/v0\nWORKDIR ${X}COPY a b", "warning 5:13", "COPY is part of the WORKDIR before it: the line break between them is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "message"), SWALLOWED)
def test_swallowed_instruction(text: str, where: str, message: str | None, tmp_path: Path) -> None:
    reported = [line for line in found(tmp_path, end(text)) if "GL313" not in line]
    if message is None:  # the quote is not closed: that is the cause
        assert [line[:5] for line in reported] == ["GL321"]
    else:
        assert reported == [f"GL322 {where} {message}"]


SWALLOWED_AT_THE_END = [
    (f"{SOUND}RUN chmod a+x run.py \\\n{START}", "error 5:1", continued("ENTRYPOINT", "RUN", 4, 4)),
    (f"{SOUND}RUN chmod a+x run.py && \\\n{START}", "error 5:1", continued("ENTRYPOINT", "RUN", 4, 4)),
    (f"{SOUND}RUN chmod a+x run.py && \\\n{START}".replace("\n", "\r\n"), "error 5:1", continued("ENTRYPOINT", "RUN", 4, 4)),
    (f"{SOUND}{START[:-1]} \\\nCMD [\"x\"]\n", "error 5:1", continued("CMD", "ENTRYPOINT", 4, 4)),
    (f"{BASE[:-1]} \\\nRUN x\n{SOUND[len(BASE):]}{START}", "error 2:1", continued("RUN", "FROM", 1, 1)),
    (f"# escape=`\n{SOUND}RUN a && `\nRUN b\n{START}", "error 6:1", continued("RUN", "RUN", 5, 5, "`")),
    (f"{BASE}WORKDIR /flywheel/v0 \\\nCOPY run.py manifest.json ./\n{START}", "error 3:1", continued("COPY", "WORKDIR", 2, 2)),
    (f"{BASE}RUN rm -rf /x \\\n{SOUND[len(BASE):]}{START}", "error 3:1", continued("WORKDIR", "RUN", 2, 2)),
    (f"{BASE}RUN mkdir -p /flywheel/v0 && true \\\n{SOUND[len(BASE):]}{START}", "warning 3:1", continued("WORKDIR", "RUN", 2, 2)),
    (f"FROM python AS x\nRUN a && \\\nRUN b\n{SOUND}{START}", "warning 3:1", continued("RUN", "RUN", 2, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "message"), SWALLOWED_AT_THE_END)
def test_swallowed_instruction_of_a_whole_file(
    text: str, where: str, message: str, tmp_path: Path
) -> None:
    assert found(tmp_path, text) == [f"GL322 {where} {message}"]


def test_each_swallowed_instruction_is_reported(tmp_path: Path) -> None:
    reported = found(tmp_path, end("RUN a && \\\nRUN b && \\\nRUN c"))
    assert reported == [
        f"GL322 error 5:1 {continued('RUN', 'RUN', 4, 4)}",
        f"GL322 error 6:1 {continued('RUN', 'RUN', 4, 5)}",
    ]


def test_swallowed_instruction_is_read_as_it_was_meant(tmp_path: Path) -> None:
    start = 'ENTRYPOINT ["./none.py"]\n'
    codes = [line[:5] for line in found(tmp_path, f"{SOUND}RUN true && \\\n{start}")]
    assert codes == ["GL322", "GL305"]
    other = Path(tmp_path / "other")
    other.mkdir()
    text = f'{SOUND}RUN chmod 644 run.py && \\\nENTRYPOINT ["./run.py"]\n'
    assert [line[:5] for line in found(other, text)] == ["GL322", "GL306"]


NOTHING_SWALLOWED = [
    "RUN echo \\\nFROM x > y",
    "RUN echo \\\nFROM x \\\nRUN y | tee z",
    "RUN printf '%s' \\\n  RUN x",
    "RUN echo RUN x",
    "RUN apt-get install -y a \\\n  # RUN comment\n  b",
    "RUN user add x && run a && copy b c && add d",
    "RUN a \\\n  run b",
    "RUN echo 'RUN x'",
    'RUN echo "\\\nRUN x" > y',
    'RUN a \\"; echo "\\\nRUN x" > y',
    "RUN printf 'FROM a\\\nRUN b' > y",
    "RUN git add x && conda run y && docker run z",
    "RUN cat <<EOF > x\nRUN y\nEOF",
    "HEALTHCHECK --interval=5s \\\n  CMD curl localhost",
    "ONBUILD \\\n RUN a",
    'LABEL a="b \\\nRUN c"',
    "ENV A=b \\\n    USER=me",
    "RUN export USER=x && echo ${USER}",
    "RUN ./configure ADD=1",
    "RUN case x in RUN) a;; esac",
    "RUN for i in RUN COPY; do echo $i; done",
    "RUN echo a; # RUN b",
    "RUN echo \\\n  RUN a",
    "RUN sed -i 's/RUN a/b/' x",
    "RUN x myUSER foo",
    "RUN mkdir /opt/RUN x",
    "RUN echo ${A}RUN x",
    "ENV A=${B}RUN",
    "RUN RUN",
    "RUN ENV() { a; }; ENV b",
    "RUN a \\\n  AND b",
    "RUN a ENV",
    'RUN ["a", \\\n"RUN b"]',
    'SHELL ["python", "-c"]\nRUN a ; RUN b',
]


@pytest.mark.parametrize("text", NOTHING_SWALLOWED)
def test_no_instruction_is_swallowed(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL322" in line]


# --- GL325: (end of the Dockerfile, severity and place, comment, instruction)
COMMENTS = [
    ("USER root # back", "error 4:11", "# back", "USER"),
    ("USER root #back", "error 4:11", "#back", "USER"),
    ("user root\t# back", "error 4:11", "# back", "USER"),
    ("USER root # back\nRUN a\nUSER me", "error 4:11", "# back", "USER"),
    ("USER root # back\nUSER me", "warning 4:11", "# back", "USER"),
    ("WORKDIR /flywheel/v0 # here", "warning 4:22", "# here", "WORKDIR"),
    ("ARG A=1 # x", "warning 4:9", "# x", "ARG"),
    ("ARG A # default", "warning 4:7", "# default", "ARG"),
    ("COPY a ./ # x", "error 4:11", "# x", "COPY"),
    ("COPY a b # x y", "error 4:10", "# x y", "COPY"),
    ("COPY --chmod=755 a ./ # it's", "error 4:23", "# it's", "COPY"),
    ('COPY ["a", "./"] # y', "error 4:18", "# y", "COPY"),
    ("COPY --from=x a ./ # x", "warning 4:20", "# x", "COPY"),
    ("ADD a ./ # x", "error 4:10", "# x", "ADD"),
    ("EXPOSE 80 # web", "error 4:11", "# web", "EXPOSE"),
    ("EXPOSE 80 # web \\\n 443 # tls", "error 4:11", "# web", "EXPOSE"),
    ("VOLUME /data # x", "error 4:14", "# x", "VOLUME"),
    ('VOLUME ["/data"] # x', "error 4:18", "# x", "VOLUME"),
    ("STOPSIGNAL SIGTERM # x", "error 4:20", "# x", "STOPSIGNAL"),
    ("ENV A 1 # x", "warning 4:9", "# x", "ENV"),
    ("ENV A=1 #x=y", "warning 4:9", "#x=y", "ENV"),
    ('SHELL ["bash", "-c"] # x', "error 4:22", "# x", "SHELL"),
    ('RUN ["true", "x"] # x', "error 4:19", "# x", "RUN"),
    ('RUN ["true", "|"] # x', "warning 4:19", "# x", "RUN"),
    ('CMD ["python", "run.py"] # x', "error 4:26", "# x", "CMD"),
    ('ENTRYPOINT ["python", "run.py"] # x', "error 4:33", "# x", "ENTRYPOINT"),
    ('ENTRYPOINT ["python", "run.py"]# x', "error 4:32", "# x", "ENTRYPOINT"),
    ('CMD ["x"] # x\nENTRYPOINT ["python", "run.py"]', "warning 4:11", "# x", "CMD"),
    ("HEALTHCHECK NONE # x", "error 4:18", "# x", "HEALTHCHECK"),
    ('HEALTHCHECK CMD ["true"] # x', "warning 4:26", "# x", "HEALTHCHECK"),
    ("ONBUILD USER root # x", "warning 4:19", "# x", "USER"),
    ("COPY a /tmp/ # y", "error 4:14", "# y", "COPY"),  # nothing is there to copy
    ("ADD a /opt/ #y", "error 4:13", "#y", "ADD"),
    ("COPY a # x \\\n  b \\\n  ./", "error 4:8", "# x", "COPY"),
    ("COPY a \\\n  ./ # x", "error 5:6", "# x", "COPY"),
]


@pytest.mark.parametrize(("text", "where", "comment", "name"), COMMENTS)
def test_trailing_comment(text: str, where: str, comment: str, name: str, tmp_path: Path) -> None:
    message = f'"{comment}" is not a comment, but part of {name}'
    assert found(tmp_path, end(text)) == [f"GL325 {where} {message}"]


WHOLE_FILES = [
    (f"{BASE[:-1]} # x\n{SOUND[len(BASE):]}{START}", "error 1:18", "FROM"),
    (f"{BASE[:-1]} AS y # x\n{SOUND[len(BASE):]}{START}", "error 1:23", "FROM"),
    (f"{BASE}WORKDIR /flywheel/v0 # x\n{SOUND.splitlines()[-1]}\n{START}", "error 2:22", "WORKDIR"),
    (f"FROM python AS b\nUSER a # x\nRUN c\n{SOUND}{START}", "warning 2:8", "USER"),
    (f"FROM python AS b\nUSER a # x\nRUN c\n{SOUND}COPY --from=b /x /y\n{START}", "error 2:8", "USER"),
    (f"{BASE[:-1]} AS b\nUSER a # x\nFROM b\n{SOUND[len(BASE):]}{START}", "error 2:8", "USER"),
    (f"{BASE[:-1]} AS b\nUSER a # x\nFROM b\nUSER c\n{SOUND[len(BASE):]}{START}", "warning 2:8", "USER"),
    (f"{SOUND}{START}USER root # x", "error 5:11", "USER"),
    (f"FROM python AS b\nEXPOSE 1 # x\n{SOUND}{START}", "warning 2:10", "EXPOSE"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "name"), WHOLE_FILES)
def test_trailing_comment_in_a_whole_file(text: str, where: str, name: str, tmp_path: Path) -> None:
    expected = [f'GL325 {where} "# x" is not a comment, but part of {name}']
    assert found(tmp_path, text) == expected


NO_COMMENT = [
    "ENV A=1 # x",  # GL005
    "LABEL a=1 # x",  # GL005
    "LABEL a issue # 5",
    "MAINTAINER a # b",
    "COPY a # x",
    "COPY a \\ # x\n  ./",  # GL005 on the next line
    'USER "a # b"',
    "WORKDIR '/a # b'",
    'ARG A="b # c"',
    'ARG A="b \\" # c"',
    "COPY a#b ./",
    "COPY a \\# ./",
    "USER root#x",
    "RUN a # b",
    "RUN [ -f x ] || a # b",
    "RUN echo [ # b",
    "CMD python run.py # b",
    "ENTRYPOINT python run.py # b",
    "HEALTHCHECK CMD true # x",
    "# USER root # x",
    "COPY <<EOF a # b\nc\nEOF",
    'ENTRYPOINT ["python", "# x"]',
]


@pytest.mark.parametrize("text", NO_COMMENT)
def test_no_trailing_comment(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL325" in line]


# --- GL327: (the RUN, severity and place, command, the one before)
JOINED = [
    ("RUN bash -c 'true' \\\n bash -c 'true'", "warning 5:2", "bash", "bash"),
    ("RUN sh -c true; bash -c true \\\n  # why\n\n  sh -c true", "warning 7:3", "sh", "bash"),
    ("RUN conda install -y a=1 \\\n  chmod -R a+rX /opt; sync", "warning 5:3", "chmod", "conda"),
    ("RUN pip install a \\\n\tpip install b", "warning 5:2", "pip", "pip"),
    ("RUN pip3 install -q a \\\n pip3 -q install b", "warning 5:2", "pip3", "pip3"),
    ("RUN apt-get update \\\napt-get install -y a", "warning 5:1", "apt-get", "apt-get"),
    ("RUN apt-get -y install a \\\n    b \\\n    rm -rf /x", "warning 6:5", "rm", "apt-get"),
    ("RUN apk add a && apk add b \\\n python3 -m venv /x", "error 5:2", "python3", "apk"),
    ("RUN mkdir /x \\\n cp a /y", "warning 5:2", "cp", "mkdir"),
    ("RUN mkdir /\u00e9 \\\n cp a /x", "warning 5:2", "cp", "mkdir"),
    ("RUN wget -q https://x.org/y \\\n chmod +x y && \\\n true", "warning 5:2", "chmod", "wget"),
    ("RUN (cd /tmp \\\n mkdir x)", "warning 5:2", "mkdir", "cd"),
    ("RUN curl -O https://x.org/y \\\n echo done", "warning 5:2", "echo", "curl"),
    ("RUN touch x \\\n export A=1", "warning 5:2", "export", "touch"),
    ("RUN --network=none touch x \\\n ln -s x y", "warning 5:2", "ln", "touch"),
    ("ONBUILD RUN touch x \\\n ln -s x y", "warning 5:2", "ln", "touch"),
    ("RUN chmod +x run.py \\\n chmod +x a", "error 5:2", "chmod", "chmod"),  # not GL312
    ("RUN cp a /tmp/ \\\n rm -f a", "error 5:2", "rm", "cp"),
    ("RUN apt-get update  apt-get -y install a", "warning 4:21", "apt-get", "apt-get"),
    ("RUN pip install -q a pip3 install b", "warning 4:22", "pip3", "pip"),
    ("RUN apk update apk upgrade && apk add a", "error 4:16", "apk", "apk"),
    ("RUN true && apt-get update apt-get install \\\n a", "warning 4:28", "apt-get", "apt-get"),
]


@pytest.mark.parametrize(("text", "where", "name", "before"), JOINED)
def test_command_as_argument(text: str, where: str, name: str, before: str, tmp_path: Path) -> None:
    message = f"{name} is an argument of the {before} before it, and never runs"
    assert found(tmp_path, end(text)) == [f"GL327 {where} {message}"]


NOT_JOINED = [
    "RUN bash -c 'true' && \\\n bash -c 'true'",
    "RUN bash -c 'true' \\\n && bash -c 'true'",
    "RUN bash -c 'true'; \\\n chmod +x a",
    "RUN true | \\\n sh -c cat",
    "RUN pip install a \\\n pip setuptools wheel",  # the package
    "RUN pip install a \\\n pip install-requires",
    "RUN apt-get install -y a \\\n bash sudo \\\n python3 python3-pip",
    "RUN apt-get install -y a \\\n apt apt-utils",
    "RUN apt-get install -y a \\\n rm",
    "RUN apt-get update && apt-get install -y apt pip",
    "RUN pip install --upgrade pip && pip install a; conda update conda",
    "RUN (apt-get update; apt-get install a) | (apk update)",
    "RUN echo apt-get update apt-get install a",
    "RUN sudo apt-get update && X=1 apt-get install a",
    "RUN conda run pip install a pip",
    "RUN xargs -a list apt-get install && echo update",
    "RUN touch a \\\n rm",
    "RUN touch a b \\\n 'rm' c",
    "RUN touch a rm b",
    "RUN cp -r a b\\\nrm c/",  # without a space it is the word "brm"
    "RUN xargs \\\n chmod +x < /dev/null",
    "RUN sudo -u root \\\n chmod +x a",
    "RUN find a -exec \\\n chmod +x {} ;",
    "RUN conda run -n x \\\n python -m y",
    "RUN conda env create -n x && conda run -n x python -m pip install a",
    "RUN npm exec x \\\n mkdir y",
    "RUN bash x \\\n chmod +x a",  # what the script does with them is its own
    "RUN echo use \\\n rm -rf x",
    "RUN printf %s \\\n rm x",
    "RUN export A=1 \\\n export B=2",  # which sets both
    "RUN if true; then \\\n chmod +x a; fi",
    "RUN for each in \\\n rm x; do true; done",
    "RUN touch x \\\n <<EOF\nrm -rf y\nEOF",
    'RUN ["touch", \\\n"x"]',
    "CMD mkdir x \\\n rm y",  # GL322 is for these
    "LABEL a=b \\\n rm=x",
    "RUN touch x \\\n # rm -rf y\n z",
    "RUN apt-get install -y a \\\n make cmake git \\\n curl wget sed \\\n tar unzip dpkg",
    "RUN apt-get install -y a \\\n git --no-install-recommends \\\n make",
    "RUN apt-get install -y a \\\n sed \\\n tar -y",
    "RUN ln -s \\\n make /usr/bin/gmake",
    "RUN python -m a \\\n pip install b",
    "RUN python run.py \\\n bash start.sh",  # the script may start it
    "RUN git submodule foreach \\\n make install",
    "RUN xargs make \\\n make install < x",
]


@pytest.mark.parametrize("text", NOT_JOINED)
def test_no_command_as_argument(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL327" in line]


# ... and the words that `bash -c` does not give to its command: (the instruction, the finding)
UNREAD = [
    ("RUN bash -c source /x.sh", 'warning 4:13 bash -c runs "source" alone'),
    ("RUN true && /bin/bash -lc conda activate x; true", 'warning 4:27 /bin/bash -lc runs "conda" alone'),
    ("RUN sh -e -c ls -l /tmp", 'warning 4:14 sh -e -c runs "ls" alone'),
    ("RUN sh -c \\\n ls -l", 'warning 5:2 sh -c runs "ls" alone'),
    ('RUN ["bash", "-c", "echo", "a"]', 'warning 4:20 bash -c runs "echo" alone'),
    ("ONBUILD RUN bash -c source /x.sh", 'warning 4:21 bash -c runs "source" alone'),
    ('ENTRYPOINT ["bash", "-c", "python", "run.py"]', 'warning 4:27 bash -c runs "python" alone'),
    ('ENTRYPOINT []\nCMD ["/bin/sh", "-c", "./run.py", "a"]', 'warning 5:23 /bin/sh -c runs "./run.py" alone'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), UNREAD)
def test_words_that_the_command_of_a_shell_does_not_get(
    text: str, expected: str, tmp_path: Path
) -> None:
    (line,) = (each for each in found(tmp_path, end(text)) if "GL327" in each)
    assert line == f"GL327 {expected}: its command is one word"


NOT_UNREAD = [
    "RUN bash -c 'source /x.sh'",
    "RUN bash -c ls",
    "RUN bash -c ls && true",
    "RUN bash -c 'ls $1' bash /tmp",
    "RUN bash -c $A b",
    "RUN bash -c ls _ x",
    "RUN bash -c ls -- x",
    "RUN bash -c ls > x",
    "RUN bash -x run.sh -c a b",
    "RUN bash --rcfile ls a",
    "RUN find . -exec sh -c ls {} ;",
    "RUN echo bash -c ls a",
    "RUN python -c ls a",
    'CMD ["bash", "-c", "python run.py"]',
    'CMD ["bash", "-c", "exec \\"$0\\"", "python", "run.py"]',
    'LABEL a="bash -c ls a"',
    "RUN <<EOF bash\nbash -c ls a\nEOF",
]


@pytest.mark.parametrize("text", NOT_UNREAD)
def test_words_that_a_shell_gives_to_its_command(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL327" in line]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("bash -c python run.py", ['bash -c runs "python" alone: its command is one word']),
        ("bash -c 'python run.py'", []),
        ("bash run.sh", []),
    ],
)
def test_command_that_gives_a_shell_more_than_one_word(
    command: str, expected: list[str], tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, f'"command": "{command}"')
    report = check("--select", "GL327", "--output-format", "json", tmp_path)
    assert [each["message"] for each in report.findings] == expected


# --- GL328: (the ENV, place, name, value, what is to be written)
SPACED = [
    ("ENV A = /x", "4:5", "A", "= /x", "A=/x"),
    ("ENV A =/x", "4:5", "A", "=/x", "A=/x"),
    ("ENV A\t=\t/x", "4:5", "A", "= /x", "A=/x"),
    ("env  A_1 = $PATH:/x", "4:6", "A_1", "= $PATH:/x", "A_1=$PATH:/x"),
    ('ENV A = "x y"', "4:5", "A", '= "x y"', 'A="x y"'),
    ("ENV A = 'x y'", "4:5", "A", "= 'x y'", "A='x y'"),
    ("ENV A = x y", "4:5", "A", "= x y", 'A="..."'),
    ("ENV A = 1 B = 2", "4:5", "A", "= 1 B = 2", 'A="..."'),
    ("ENV A = a\\ b", "4:5", "A", "= a\\ b", 'A="..."'),
    ("ENV \\\n  A = \u00e9", "5:3", "A", "= \u00e9", "A=\u00e9"),
    ("ENV A \\\n # why\n = \\\n b", "4:5", "A", "= b", "A=b"),
    ("ONBUILD ENV A = b", "4:13", "A", "= b", "A=b"),
]


@pytest.mark.parametrize(("text", "place", "name", "value", "meant"), SPACED)
def test_spaced_env(
    text: str, place: str, name: str, value: str, meant: str, tmp_path: Path
) -> None:
    message = f'ENV gives {name} the value "{value}": it has no spaces around its ='
    (one,) = findings(tmp_path, end(text))
    assert shown(one) == f"GL328 warning {place} {message}"
    assert one.help == f"write {meant}"
    assert (one.fix is None) == ("..." in meant)


EXPORTED = [
    ("ENV export A=/x", "4:5", "export", "A", "A=/x"),
    ("ENV set A=b", "4:5", "set", "A", "A=b"),
    ('env\texport \t A_1="x y" B=c', "4:5", "export", "A_1", 'A_1="x y"'),
    ("ENV export \\\n  A=\u00e9", "4:5", "export", "A", "A=\u00e9"),
    ("ONBUILD ENV export A=b", "4:13", "export", "A", "A=b"),
]


@pytest.mark.parametrize(("text", "place", "written", "name", "meant"), EXPORTED)
def test_exported_env(
    text: str, place: str, written: str, name: str, meant: str, tmp_path: Path
) -> None:
    (one,) = findings(tmp_path, end(text))
    message = f"ENV sets a variable called {written}, not {name}"
    assert shown(one) == f"GL328 warning {place} {message}"
    assert one.help == f"write {meant}"


GIVEN_TWICE = [
    ("ENV A=/a:$A A=/b:$A", "4:13", "A"),
    ("ENV A=1 B=2 \\\n  A=${A}2", "5:3", "A"),
    ('ENV A=1 A="x $A" A=3', "4:9", "A"),
]


@pytest.mark.parametrize(("text", "place", "name"), GIVEN_TWICE)
def test_env_that_gives_a_name_twice(text: str, place: str, name: str, tmp_path: Path) -> None:
    lines = [line for line in found(tmp_path, end(text)) if "GL328" in line]
    message = f"ENV sets {name} twice, and ${name} is not the first value, which is lost"
    assert lines == [f"GL328 warning {place} {message}"]


NOT_SPACED = [
    "ENV A=1 A=2",
    "ENV A=1 B=$A",
    "ENV A=1\nENV A=$A:2",
    "ENV A=1 A=\\$A",
    "ENV A=1 A='$A'",
    "ENV A=1 A=$AB",
    "ENV A=1 a=$A",
    "ENV A=$A:2 A=1",
    "ENV export=A=b",
    "ENV export A",
    "ENV export A b=c",
    "ENV export A =b",
    "ENV exported A=b",
    "ENV EXPORT A=b",
    "ENV A=b export=c",
    "ENV A=b",
    "ENV A b",
    "ENV A b = c",
    "ENV A == b",
    "ENV A =~ b",  # a sign of its own, as in [[ a =~ b ]]
    "ENV A => b",
    "ENV A =",
    'ENV A "= b"',
    "ENV A=b C== D==",
    "ENV A-B = c",  # not the name of a variable
    "LABEL a = b",  # which nothing reads
    "RUN A = b",
    "ENV A= b",  # GL005 says so
]


@pytest.mark.parametrize("text", NOT_SPACED)
def test_no_spaced_env(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, end(text)) if "GL328" in line]


def test_what_a_spaced_env_is_for_is_not_reported_as_well(tmp_path: Path) -> None:
    text = "ENV FW = /flywheel/v0\nWORKDIR $FW\nRUN chmod +x $FW/run.py"
    (line,) = found(tmp_path, end(text))
    assert line.startswith("GL328")


@pytest.mark.parametrize("text", ["COPY a ./ # x", "COPY a ./ \\\nRUN x"])
def test_what_a_makefile_has_is_not_made_by_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "gear").mkdir()
    (tmp_path / "gear" / "Makefile").write_text("# COPY RUN\nall:\n\techo RUN # x\n")
    (line,) = found(tmp_path, end(text))
    assert line[6:11] == "error"


def test_comment_after_a_pair_is_refused_by_the_parser(tmp_path: Path) -> None:
    assert found(tmp_path, end("ENV A=1 # x")) == ['GL005 error 4:9 ENV "#" has no =']


HOSTILE = {
    "swallowed": "RUN a && \\\n" + "RUN b && \\\n" * 3000 + "RUN c\n",
    "lists": "RUN ['x\n" * 3000,
    "a list": "RUN [" + "'a' " * 15_000 + "\n",
    "words": "RUN a && \\\nCOPY " + "a " * 35_000 + "\n",
    "names": "RUN a " + "RUN a " * 10_000 + "\n",
    "printed": "RUN " + "echo " * 5_000 + "\\\nRUN a\n" * 50,
    "comments": "EXPOSE 80 # a \\\n" + "80 # b \\\n" * 3000 + "90\n",
    "quotes": "COPY " + "'" * 50_000 + " # a\n",
    "glued": "RUN " + "${X}RUN a" * 5_000 + "\n",
    "functions": "RUN " + "RUN () " * 5_000 + "; RUN a" * 500 + "\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_is_read_in_time(text: str, tmp_path: Path) -> None:
    with in_time(3):
        found(tmp_path, f"{SOUND}{text}{START}")


# --- GL329: (the Dockerfile, place, instruction, target)
_APART = 'FROM python:3.11\n{}\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
FLATTENED = [
    ("COPY run.py manifest.json /flywheel/v0", "2:27", "COPY", "/flywheel/v0", True),
    ("ADD run.py manifest.json /flywheel/v0", "2:26", "ADD", "/flywheel/v0", True),
    ("ENV D=/flywheel/v0\nCOPY run.py manifest.json $D", "3:27", "COPY", "$D", True),
    ("COPY *.json run.py /flywheel/v0", "2:20", "COPY", "/flywheel/v0", True),
    ("COPY [\"run.py\", \"manifest.json\", \"/flywheel/v0\"]", "2:34", "COPY", "/flywheel/v0", False),
    ("COPY run.py manifest.json /flywheel/v0/\nCOPY a b /flywheel/v0/x", "3:10", "COPY", "/flywheel/v0/x", True),
    ("COPY run.py manifest.json /flywheel/v0/\nCOPY *.py /flywheel/v0/x", "3:11", "COPY", "/flywheel/v0/x", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "name", "target", "is_fixed"), FLATTENED)
def test_several_sources_to_one_file(
    text: str, place: str, name: str, target: str, is_fixed: bool, tmp_path: Path
) -> None:
    (one,) = findings(tmp_path, _APART.format(text))
    message = f'{name} writes its sources to one file, "{target}", each over the one before'
    assert shown(one) == f"GL329 error {place} {message}"
    assert one.help == f"write {target}/"
    assert (one.fix is not None) == is_fixed


@pytest.mark.parametrize(
    "text",
    [
        "COPY run.py manifest.json /flywheel/v0/",
        "WORKDIR /flywheel/v0\nCOPY run.py manifest.json .",
        "WORKDIR /flywheel/v0\nCOPY run.py manifest.json /flywheel/v0",
        "RUN mkdir -p /flywheel/v0\nCOPY run.py manifest.json /flywheel/v0",
        "RUN ./setup\nCOPY run.py manifest.json /flywheel/v0",  # which may make it
        "COPY run.py /flywheel/v0/\nCOPY *.json /flywheel/v0/manifest.json",  # one file
        "COPY run.py manifest.json /opt/x",  # of the base image nobody knows
        "COPY . /flywheel/v0",
        "COPY d run.py manifest.json /flywheel/v0",  # of a directory first, builders make one
    ],
)
def test_sources_that_go_to_a_directory(text: str, tmp_path: Path) -> None:
    assert not [line for line in found(tmp_path, _APART.format(text)) if "GL329" in line]


def test_copy_target_that_is_not_utf_8(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_bytes(b"FROM python:3\nCOPY run.py manifest.json \xed")
    run("check", "--select", "GL329", "--fix", tmp_path)
    assert (tmp_path / "Dockerfile").read_bytes().endswith(b"manifest.json \xed/")
