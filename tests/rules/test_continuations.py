"""GL418: a line of a shell script that was meant to belong to the command above."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.machine import in_time
from tests.sound import write_gear

LATER = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
RUN chmod +x run.sh
ENTRYPOINT ["/flywheel/v0/run.sh"]
"""
SPACE = 'a space after the \\ ends the command: the shell runs "{}" as a program'
COMMENT = 'the comment ends the command: the shell runs "{}" as a program'
EMPTY = 'the empty line ends the command: the shell runs "{}" as a program'
LACKS = 'the shell runs "{}" as a program: the line above does not end with \\'


def found(directory: Path, run: Run, script: str, *options: str) -> list[str]:
    """`LINE:COLUMN MESSAGE = HELP` of GL418 in a gear with this script."""
    write_gear(directory, '"command": "./run.sh"')
    (directory / "Dockerfile").write_text(LATER)
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    options = ("--select", "GL418", "--output-format", "json", *options)
    findings = run("check", *options, directory).findings
    assert {finding["severity"] for finding in findings} <= {"warning"}
    return [
        f"{each['line']}:{each['column']} {each['message']} = {each['help']}" for each in findings
    ]


@pytest.mark.parametrize(
    ("script", "expected", "fixed"),
    [
        (
            "ls a \\ \n--color b",
            f"2:7 {SPACE.format('--color')} = remove the space after the \\",
            "ls a \\\n--color b",
        ),
        (
            "ls a \\ \t \n  -l",
            f"2:7 {SPACE.format('-l')} = remove the space after the \\",
            "ls a \\\n  -l",
        ),
        (
            "ls a \\\t\n  -l",
            f"2:7 {SPACE.format('-l')} = remove the space after the \\",
            "ls a \\\n  -l",
        ),
        (
            "ls a\\ \n  -l",
            f"2:6 {SPACE.format('-l')} = remove the space after the \\",
            "ls a\\\n  -l",
        ),
        ("ls a\\ \n-l", f"2:6 {SPACE.format('-l')} = move that space before the \\", ""),
        (
            "if ls; then ls \\ \n -l; fi",
            f"2:17 {SPACE.format('-l')} = remove the space after the \\",
            "if ls; then ls \\\n -l; fi",
        ),
        ("ls a \\\n  b\n  -r '[0.4]' \\\n  -o x", f"4:3 {LACKS.format('-r')} = end it with \\", ""),
        ("shopt -s extglob\nls !(a)\n-l", f"4:1 {LACKS.format('-l')} = end it with \\", ""),
        ("X=1\n-l", f"3:1 {LACKS.format('-l')} = end it with \\", ""),
        ("ls > f\n\n--a-b=$X $(ls)", f"4:1 {LACKS.format('--a-b=$X')} = end it with \\", ""),
        ("ls \\\n# -a \\\n-l", f"4:1 {COMMENT.format('-l')} = put it above the command", ""),
        ("ls # \\\n-l", f"3:1 {COMMENT.format('-l')} = put it above the command", ""),
        ("ls a \\\n\n  -l", f"4:3 {EMPTY.format('-l')} = remove that line", ""),
        ("f() {\n ls \n -l\n}", f"4:2 {LACKS.format('-l')} = end it with \\", ""),
        (
            "time ls \\ \n  ${A} \\\n  -l",
            f"2:10 {SPACE.format('${A}')} = remove the space after the \\",
            "",
        ),
        (
            "f() {\n ls;\tls \\\n b \\ \n\t\tc\n}",
            f"4:5 {SPACE.format('c')} = remove the space after the \\",
            "",
        ),
        ("x=$(ls $(ls)\n -l)", f"3:2 {LACKS.format('-l')} = end it with \\", ""),
    ],
)
def test_a_line_that_was_meant_to_go_on(
    script: str, expected: str, fixed: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, script) == [expected]
    assert found(tmp_path, run, script, "--fix") == ([] if fixed else [expected])
    assert (tmp_path / "run.sh").read_text() == f"#!/bin/bash\n{fixed or script}\n"


def test_lines_that_follow_one_another_are_one_finding(tmp_path: Path, run: Run) -> None:
    script = "ls a \\ \n--one x \\  \n--two 1\nls"
    (line,) = found(tmp_path, run, script)
    assert (
        line
        == f"2:7 {SPACE.format('--one')} = remove the space after the \\, also in the next line"
    )
    assert found(tmp_path, run, script, "--fix") == []
    assert (tmp_path / "run.sh").read_text() == "#!/bin/bash\nls a \\\n--one x \\\n--two 1\nls\n"
    (line,) = found(tmp_path, run, script.replace("\n--two", "\n--three \\ \n--two"))
    assert line.endswith("remove the space after the \\, also in the next 2 lines")


def test_others_are_findings_of_their_own(tmp_path: Path, run: Run) -> None:
    apart = "ls a \\ \n--one x\nls a \\ \n--one x"
    assert [each.split(" ")[0] for each in found(tmp_path, run, apart)] == ["2:7", "4:7"]
    without_fix = "ls a \\ \n--one x\n--two"
    assert [each.split(" ")[0] for each in found(tmp_path, run, without_fix)] == ["2:7", "4:1"]


@pytest.mark.parametrize(
    "script",
    [
        "ls \\\n  -l \\\n  --all",
        "-l",
        "# a comment\n-l",
        "ls |\n -l",
        "ls &&\n -l",
        "ls;\n -l",
        "if ls\nthen -l\nfi",
        "if ls; then ls; fi\n-l",
        "cut -d\\ \nls",
        "cut -d \\ \nls -l",
        "if ls; then\n  cut -d \\ \n  ls\nfi",
        "if ls; then\n  cut -d \\ \nfi",
        "cut -d\\ \n  ls",
        "cut -d \\ # why\n  ls",
        "cut -d \\ \n\n  ls",
        "cut -d \\\n  ls\n    ls",
        "cut -f1 -d\\ | rev\n",
        "cat <<E\nls \\ \n-l\nE",
        "x='ls \\ \n-l'",
        'echo "ls \\ \n-l"',
        "x=(a \\ \n-l\n-b)",
        "case $1 in\n-l) ls;;\n--all) ls;;\nesac",
        "ls\n# ls \\ \n# -l",
        "ls\n-1",
        "ls\n-",
        "ls\n--",
        "ls\n-$x",
        "ls\n$x -l",
        "ls\n'-l'",
        "ls\n! -l",
        "-l() { ls; }\nls\n-l",
        "exit\nls\n-l",
        "exec ls\n-l",
        "ls 'a \\'\n ls -l",
        "for i in a \\ \ndo ls -l; done",
        "ls \\ \n > f",
        "ls \\ \n | rev",
        "ls \\ \r\n-l\r",
        "ls a\\ \n# b\n-l",
        "ls a\\ \n\\\n-l",
        "shopt -s failglob\nls\n-l",
        "ls\n> f -l",
        "ls\nX=1 -l",
        "x=$(ls \\\n -l)",
        "cat <<E\nE\n-l",
    ],
)
def test_a_line_that_is_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script) == []


@pytest.mark.parametrize("program", ["python run.sh", "python run.py"])
def test_a_script_that_no_shell_reads_is_left_alone(program: str, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, f'"command": "{program}"')
    (tmp_path / "run.sh").write_text("ls \\ \n-l\n")
    assert run("check", "--select", "GL418", tmp_path).code == 0


def test_a_dockerfile_is_left_alone(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    with (tmp_path / "Dockerfile").open("a") as dockerfile:
        dockerfile.write("RUN ls \\ \n-l\n")
    assert run("check", "--select", "GL418", tmp_path).code == 0


@pytest.mark.parametrize(
    "piece",
    ["a\n-b\n", "a \\ \n-b \\ \n", "a\n#\n", "a \\\n\n", "$(a\n-b)", "a <<E\n-b\nE\n", "\n-b"],
)
def test_a_long_script_takes_no_longer_than_a_few_seconds(
    piece: str, tmp_path: Path, run: Run
) -> None:
    with in_time(4):
        found(tmp_path, run, piece * (60_000 // len(piece)) + "\nls\n-l")
