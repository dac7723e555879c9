"""GL415: what a shell script runs and the image lacks."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

SLIM = "python:3.11-slim"
QUOTE = '"'
DEBIAN = "add RUN apt-get update && apt-get install -y {}"
LATER = """\
WORKDIR /flywheel/v0
COPY run.sh other.sh manifest.json ./
RUN chmod +x run.sh
ENTRYPOINT ["/flywheel/v0/run.sh"]
"""


def found(directory: Path, run: Run, script: str, base: str, steps: str = "") -> list[str]:
    """`LINE:COLUMN PROGRAM = HELP` of GL415 in a gear with this script, base and steps."""
    write_gear(directory, '"command": "./run.sh"')
    (directory / "Dockerfile").write_text(f"FROM {base}\n{steps}{LATER}")
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    (directory / "other.sh").write_text("jq .a b\n")
    findings = run("check", "--select", "GL415", "--output-format", "json", directory).findings
    assert {finding["severity"] for finding in findings} <= {"warning"}
    return [
        f"{each['line']}:{each['column']} {each['message'].split(QUOTE)[1]} = {each['help']}"
        for each in findings
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("if [-z $1 ]; then ls; fi", "2:4 [-z = write [ -z"),
        ("[[-f a ]] && ls", "2:1 [[-f = write [[ -f"),
        ("ls; ! [$1 = a ]", "2:7 [$1 = write [ $1"),
        ("while [!-d a ]; do ls; done", "2:7 [!-d = write [ !-d"),
        ("x=1\n[-n a ] || ls", "3:1 [-n = write [ -n"),
        ("if [ -f x]; then ls; fi", "2:9 x] = write x ]"),
        ("[ $1 = b]; ls", "2:8 b] = write b ]"),
        ("ls && ! [ -z $1]", "2:14 $1] = write $1 ]"),
        ("if ls; then exit 1; fi\n(exit 1)\n[-n a ] || ls", "4:1 [-n = write [ -n"),
    ],
)
@pytest.mark.parametrize("base", [SLIM, "me/base"])
def test_a_test_without_its_space(
    script: str, expected: str, base: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, script, base) == [expected]


@pytest.mark.parametrize(
    ("script", "place", "message", "help"),
    [
        (
            "if [ -f a && -f b ]; then ls; fi", "2:4",
            "the test ends at the &&, without its bracket, and fails",
            "write ] && [ instead",
        ),
        (
            'ls\n[ "$a" = 1 || "$b" = 2 ] && ls', "3:1",
            "the test ends at the ||, without its bracket, and fails",
            "write ] || [ instead",
        ),
        (
            "[ $n > 2 ] && ls", "2:8",
            'the test writes to a file called "2", by its >', "write -gt 2",
        ),
        (
            "if [ 5 < 10 ]; then ls; fi", "2:10",
            'the test reads a file called "10", by its <', "write -lt 10",
        ),
    ],
)  # fmt: skip
def test_a_test_that_the_shell_reads_otherwise(
    script: str, place: str, message: str, help: str, tmp_path: Path, run: Run
) -> None:
    found(tmp_path, run, "ls", "me/base")
    (tmp_path / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    arguments = ("check", "--select", "GL415", "--output-format", "json", tmp_path)
    [each] = run(*arguments).findings
    assert f"{each['line']}:{each['column']}" == place
    assert (each["message"], each["help"]) == (message, help)


@pytest.mark.parametrize(
    "script",
    [
        "[ -z $1 ] && [[ -f a ]]",
        "[ -f a ] && [ -f b ]",
        "[[ -f a && -f b ]]",
        "[ -f a -a -f b ] || ls [0]",
        "[ -f a && [ -f b ]",  # which is another fault
        "[ -f a && ls",
        "[ a \\> 2 ] && [[ a > 2 ]]",
        "[ -f a ] > 2 && [ -f b ] 2> 3",
        "[ -f a 2> 3 ]",
        "[ $a > $b ]",
        "[ $a < b2 ]",
        "if [ -f a ]; then ls; fi < 2",
        "ls [-z] [$1] x[-1]",
        "echo [-z ; echo '\n[-z $1 ]'",
        "# [-z $1 ]\ncat <<E\n[-z $1 ]\nE",
        "case $1 in [-a]*) ls;; [$2b) ls;; esac",
        "ls\nexit 0\n[-z $1 ]",
        "exec ls\n[-z $1 ]",
        "[-ab] x",  # a pattern of names
        "ls [ x]\ntest -f x]",
        "[ -f *.[ch] ]; [ -f ${x[1]} ]; [ -f x[1]",
        "echo '\n[ -f x]'\ncat <<E\n[ -f x]\nE",
        "x=([-1]=a)\n(( [-1] ))",
    ],
)
def test_brackets_that_are_no_such_test(script: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, "me/base") == []


@pytest.mark.parametrize(
    ("script", "base", "steps", "expected"),
    [
        ("jq .a config.json", SLIM, "", f"2:1 jq = {DEBIAN.format('jq')}"),
        (
            "ls\nsetenv A /opt/fsl\nsetenv B 1", SLIM, "",
            "3:1 setenv = write export NAME=VALUE: setenv is of csh",
        ),
        ("X=$(jq .a config.json)", SLIM, "", f"2:5 jq = {DEBIAN.format('jq')}"),
        ("cat config.json | jq .a", SLIM, "", f"2:19 jq = {DEBIAN.format('jq')}"),
        ("if true; then zip -r a.zip x; fi", SLIM, "", f"2:15 zip = {DEBIAN.format('zip')}"),
        ("f() { unzip a.zip; }\nf", SLIM, "", f"2:7 unzip = {DEBIAN.format('unzip')}"),
        ("jq .a b\njq .c d", SLIM, "", f"2:1 jq = {DEBIAN.format('jq')}"),
        ("bash other.sh", SLIM, "", f"1:1 jq = {DEBIAN.format('jq')}"),
        ("git clone x", SLIM, "RUN pip install numpy\n", f"2:1 git = {DEBIAN.format('git')}"),
        ("curl x", "ubuntu:22.04", "", f"2:1 curl = {DEBIAN.format('curl')}"),
        ("python3 x.py", "ubuntu:22.04", "", f"2:1 python3 = {DEBIAN.format('python3')}"),
        ("python x.py", "rockylinux:9", "", "2:1 python = write python3"),
        ("Rscript x.R", SLIM, "", "2:1 Rscript = install it in the image"),
        ("jq .a b", "alpine:3.20", "RUN apk add bash\n", "2:1 jq = add RUN apk add jq"),
        (
            "jq .a b", SLIM, "RUN apt-get update && apt-get install -y zip gcc libgl1\n",
            f"2:1 jq = {DEBIAN.format('jq')}",
        ),
    ],
)  # fmt: skip
def test_program_that_the_image_lacks(
    script: str, base: str, steps: str, expected: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, script, base, steps) == [expected]


@pytest.mark.parametrize(
    ("script", "base", "steps"),
    [
        ("jq .a b", "me/base:1", ""),
        ("jq .a b", "nipreps/fmriprep:23.0.0", ""),
        ("unzip a.zip", "python:3.11", ""),
        ("jq .a b", SLIM, "RUN apt-get update && apt-get install -y jq\n"),
        ("jq .a b", SLIM, "RUN apt-get update && apt-get install -y r-base\n"),
        ("jq .a b", SLIM, "RUN curl -s https://example.org/install.sh | bash\n"),
        ("jq .a b", SLIM, "COPY --from=me/tools:1 /bin/jq /usr/local/bin/jq\n"),
        ("jq .a b", SLIM, "COPY --chmod=755 other.sh /usr/local/bin/jq\n"),
        ("grep a b\nfsl a\nmake", SLIM, ""),
        ("/opt/jq .a b", SLIM, ""),
        ("# jq .a b", SLIM, ""),
        ("echo jq", SLIM, ""),
        # asked for, made, or not needed
        ("if command -v jq; then jq .a b; fi", SLIM, ""),
        ("which jq && jq .a b", SLIM, ""),
        ("type jq > /dev/null && jq .a b", SLIM, ""),
        ("jq .a b || echo none", SLIM, ""),
        ("jq() { echo; }\njq .a b", SLIM, ""),
        ("if [ -x /usr/bin/jq ]; then jq .a b; fi", SLIM, ""),
        ("if ! jq --version; then echo; fi", SLIM, ""),
        ("apt-get install -y \\\n  jq\njq .a b", SLIM, ""),
        (
            "curl -o /usr/local/bin/jq https://example.org/jq\njq .a b",
            SLIM,
            "RUN apt-get install curl\n",
        ),
        ("alias jq=cat\njq .a b", SLIM, ""),
        ("apt-get install -y jq\njq .a b", SLIM, ""),
        # nobody knows what is on PATH
        ("source /opt/setup.sh\njq .a b", SLIM, ""),
        ("PATH=$1:$PATH\njq .a b", SLIM, ""),
        ("export PATH=$(uname):$PATH\njq .a b", SLIM, ""),
        ("module load jq\njq .a b", SLIM, ""),
        # a function, or a script, of that name
        ("setenv() { export $1=$2; }\nsetenv A 1", SLIM, ""),
        ("source /opt/setup.sh\nsetenv A 1", SLIM, ""),
        (". /opt/setup.sh && setenv A 1", SLIM, ""),
        ("eval $(ls)\nsetenv A 1", SLIM, ""),
        ("setenv A 1", SLIM, "COPY --chmod=755 other.sh /usr/local/bin/setenv\n"),
        ("setenv A 1 || A=1", SLIM, ""),
        ("setenv A 1", "me/base", ""),
    ],
)
def test_left_alone(script: str, base: str, steps: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, base, steps) == []
