"""GL324: what of bash is reported in a RUN that dash runs, beside the real dash."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

REST = 'WORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENTRYPOINT ["python", "run.py"]\n'

# What dash certainly fails at, and what the message says of it.
FAILS = [
    ("source /etc/profile", 'has no "source"'),
    ("true && source /etc/profile && true", 'has no "source"'),
    ("[ -d / ] && source /etc/profile", 'has no "source"'),
    ("false; source /etc/profile", 'has no "source"'),
    ("[[ -d / ]]", 'has no "[["'),
    ("[[ -d / ]] && true", 'has no "[["'),
    ("a=(1 2); echo hi", 'does not read "an array"'),
    ("true || a=(1 2)", 'does not read "an array"'),
    ("cat <(echo x); true", 'does not read "<(...)"'),
    ("true > >(cat); true", 'does not read ">(...)"'),
    ("pushd /", 'has no "pushd"'),
    ("shift 0 && declare x=1", 'has no "declare"'),
    ("typeset x=1", 'has no "typeset"'),
    ("let x=1", 'has no "let"'),
    ("shopt -s nullglob", 'has no "shopt"'),
    ("shopt -s nullglob && true", 'has no "shopt"'),
    ("mapfile x < /dev/null", 'has no "mapfile"'),
    ("function f { echo; }; true", 'does not read "function"'),
    ("function f() { echo; }; true", 'does not read "function"'),
    ('[ "a" == "a" ]', 'has no "==" in ['),
    ("test a == a && true", 'has no "==" in test'),
    ("[ a =~ a ]", 'has no "=~" in ['),
    ("cat <<< x; true", 'does not read "<<<"'),
    ("echo x |& cat; true", 'does not read "|&"'),
    ("echo x >& o; true", 'does not read ">&"'),
    ("read -a y < /dev/null", 'has no "read -a"'),
    ("read -rn 1 y < /dev/null", 'has no "read -rn"'),
    ("X=aa; echo ${X//a/b}; true", 'does not read "${X//a/b}"'),
    ('echo "${HOME/r/b}"; true', 'does not read "${HOME/r/b}"'),
    ("echo ${HOME:0:2}; true", 'does not read "${HOME:0:2}"'),
    ("echo ${HOME^^}; true", 'does not read "${HOME^^}"'),
    ("echo ${HOME,,}; true", 'does not read "${HOME,,}"'),
    ("X=HOME; echo ${!X}; true", 'does not read "${!X}"'),
    ("echo ${X[0]}; true", 'does not read "${X[0]}"'),
    ("for ((i=0; i<2; i++)); do echo $i; done; true", 'does not read "for ((...))"'),
    ("select x in a; do break; done; true", 'does not read "select"'),
    ("case a in a) true ;& b) true;; esac; true", 'does not read ";&"'),
    ("printf -v x a", 'has no "printf -v"'),
    ("export -f x; true", 'has no "export -f"'),
    ("trap true ERR", "has no ERR in trap"),
    ("echo $(a=(1 2)); true", 'does not read "an array"'),
    ("true || echo; X=aa; echo ${X//a/b}; true", 'does not read "${X//a/b}"'),
    ("${HOME//a/b}; true", 'does not read "${HOME//a/b}"'),
    ("read -a", 'has no "read -a"'),
    # of several the first
    ("source /etc/profile && a=(1 2)", 'has no "source"'),
    ("shift 0 && mapfile x < /dev/null && let x=1", 'has no "mapfile"'),
]

# What dash goes on after, having done something else.
GOES_ON = [
    ("source /etc/profile || true", 'has no "source"'),
    ("source /etc/profile; true", 'has no "source"'),
    ("if [[ -d / ]]; then echo; fi", 'has no "[["'),
    ("(source /etc/profile); true", 'has no "source"'),
    ("for f in a b; do source $f; done; true", 'has no "source"'),
    ("shopt -s expand_aliases; true", 'has no "shopt"'),
    ("for f in $NONE; do source $f; done", 'has no "source"'),
    ("true || source /etc/profile", 'has no "source"'),
    ("false && echo ${HOME//a/b}; true", 'does not read "${HOME//a/b}"'),
    ("f() { source x; }; true", 'has no "source"'),
    ("while false; do source x; done", 'has no "source"'),
    ("if [ a == a ]; then echo; fi", 'has no "==" in ['),
    ("mkdir {a,b}", "does not expand {a,b}"),
    ("echo a{1..3}", "does not expand {a,b}"),
    ("true &> o", 'reads "&>" as something else'),
    ("true &>> o", 'reads "&>>" as something else'),
    ("echo $'a\\tb'", "reads \"$'...'\" as something else"),
    ('echo $"a"', 'reads "$"..."" as something else'),
    ("((i++)); true", 'reads "((...))" as something else'),
    ("true || echo ${HOME//a/b}", 'does not read "${HOME//a/b}"'),
    ('echo -e "a" > o', 'prints the "-e" of echo'),
    ('echo -ne "a" | cat', 'prints the "-ne" of echo'),
]

LEFT_ALONE = [
    ". /etc/profile",
    "bash -c 'source /etc/profile && [[ -d / ]]'",
    'bash -c "source /etc/profile"',
    "shopt -s nullglob 2>/dev/null || true",
    "echo 'source x' > /tmp/x",
    "echo '[[ a ]] ${X//a/b} {a,b}'",
    "echo \"{a,b} $'x'\"",
    "cat <<'E'\\n[[ x ]]",
    "[ a = a ]",
    "[ a = == ] || [ == = == ]",
    "echo ${X:-a} ${X:+b} ${X:=c} ${HOME%/*} ${HOME##*/} ${#HOME} ${X-}",
    "echo a >&2 2>&1 && exec 3>&-",
    "read -r x < /dev/null; read -p x y < /dev/null; true",
    "echo -n x > o; echo -e x; echo -e x 2> o; echo -e x >&2",
    "trap true EXIT; export X=1; printf %s x; set -eu",
    "echo; export; set; trap; true",
    "find . -name x -exec echo {} \\;",
    "git log x@{upstream}",
    "awk '{print $1,$2}' /dev/null",
    "echo {a} {} a{b",
    "X={a,b}; echo $((1+2)) $(( (1) ))",
    "pushd() { cd $1; }; pushd /",
    "f() { echo; }; f",
    "echo `date` $(date)",
    # GL321 says so
    "source x && (",
]


def reported(tmp_path: Path, run: Run, dockerfile: str) -> list[tuple[str, str]]:
    gear = tmp_path / "gear"
    write_gear(gear)
    (gear / "Dockerfile").write_text(dockerfile)
    outcome = run("check", "--select", "GL324", "--output-format", "json", gear)
    return [(found["severity"], found["message"]) for found in outcome.findings]


@pytest.mark.parametrize(("line", "message"), FAILS)
def test_fails(line: str, message: str, tmp_path: Path, run: Run) -> None:
    found = reported(tmp_path, run, f"FROM python:3.11\nRUN {line}\n{REST}")
    expected = f"RUN fails: /bin/sh is dash here, which {message}"
    assert found == [("error", expected)]


@pytest.mark.parametrize(("line", "message"), GOES_ON)
def test_goes_on(line: str, message: str, tmp_path: Path, run: Run) -> None:
    found = reported(tmp_path, run, f"FROM python:3.11\nRUN {line}\n{REST}")
    assert found == [("warning", f"/bin/sh is dash here, which {message}")]


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_left_alone(line: str, tmp_path: Path, run: Run) -> None:
    assert reported(tmp_path, run, f"FROM python:3.11\nRUN {line}\n{REST}") == []


@pytest.mark.skipif(shutil.which("dash") is None, reason="needs dash")
@pytest.mark.parametrize("line", [line for line, _ in FAILS])
def test_dash_fails_too(line: str, tmp_path: Path) -> None:
    assert _status("dash", line, tmp_path) != 0
    assert subprocess.run(["bash", "-n", "-c", line]).returncode == 0


@pytest.mark.skipif(shutil.which("dash") is None, reason="needs dash")
@pytest.mark.parametrize("line", [line for line, _ in GOES_ON])
def test_dash_goes_on_too(line: str, tmp_path: Path) -> None:
    assert _status("dash", line, tmp_path) == 0


def _status(shell: str, line: str, directory: Path) -> int:
    return subprocess.run(
        [shell, "-c", line], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True
    ).returncode


SOURCE = "RUN source /x\n"


@pytest.mark.parametrize(
    "before",
    [
        "FROM debian:12\n",
        "FROM ubuntu:22.04\n",
        'FROM python:3.12-slim\nSHELL ["/bin/sh", "-c"]\n',
        "FROM python:3.12-slim AS a\nFROM a\n",
        'FROM python:3.11\nSHELL ["/bin/bash", "-c"]\nSHELL ["/bin/sh", "-ec"]\n',
        "# escape=`\nFROM python:3.11\n",
    ],
)
def test_sh_is_dash(before: str, tmp_path: Path, run: Run) -> None:
    assert [each for each, _ in reported(tmp_path, run, before + SOURCE + REST)] == ["error"]


@pytest.mark.parametrize(
    "before",
    [
        "FROM alpine:3.20\n",
        "FROM rockylinux:9\n",
        "FROM me/base\n",
        'FROM python:3.11\nSHELL ["/bin/bash", "-c"]\n',
        'FROM python:3.11\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n',
        "FROM python:3.11\nRUN ln -sf bash /bin/sh\n",
        "FROM python:3.11\nRUN ln -sf /bin/bash /bin/sh\n",
        "FROM python:3.11\nRUN ln -sf /bin/bash /usr/bin/sh\n",
        "FROM python:3.11\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh\n",
        "FROM python:3.11\nRUN mv /bin/bash /bin/sh\n",
        "FROM python:3.11\nRUN cp /bin/bash /bin/sh\n",
        "FROM python:3.11\nRUN dpkg-reconfigure -p critical dash\n",
        "FROM python:3.11\nRUN update-alternatives --install /bin/sh sh /bin/bash 100\n",
        "FROM python:3.11\nRUN dpkg-divert --add /bin/sh\n",
    ],
)
def test_sh_may_be_another(before: str, tmp_path: Path, run: Run) -> None:
    assert reported(tmp_path, run, before + SOURCE + REST) == []


@pytest.mark.parametrize(
    ("instruction", "severities"),
    [
        ("RUN <<EOF\necho a\nsource x\nEOF\n", ["error"]),
        ("RUN <<EOF\nsource x\necho a\nEOF\n", ["warning"]),
        ("RUN <<EOF\nset -e\nsource x\necho a\nEOF\n", ["error"]),
        ("RUN <<EOF\na=(1)\necho a\nEOF\n", ["error"]),
        ("RUN <<EOF\nexit 0\na=(1)\nEOF\n", ["warning"]),
        ("RUN <<EOF\n. ./end.sh\na=(1)\nEOF\n", ["warning"]),
        ("RUN <<EOF\necho ${HOME//a/b}\necho a\nEOF\n", ["error"]),
        ("RUN <<EOF\n#!/bin/bash\nsource x\nEOF\n", []),
        ("RUN bash <<EOF\nsource x\nEOF\n", []),
        ("RUN --mount=type=cache,target=/c source x\n", ["error"]),
        ('RUN ["sh", "-c", "source x"]\n', ["error"]),
        ('RUN ["bash", "-c", "source x"]\n', []),
        ('RUN ["source", "x"]\n', []),
        ("RUN true && \\\n    # comment\n\n  source x && \\\n  true\n", ["error"]),
        ("run source x\n", ["error"]),
        ("ONBUILD RUN source x\n", []),
        ("RUN source x && [[ a ]] && a=(1)\n", ["error"]),
        ("RUN echo {a,b} && source x\n", ["error"]),
        ("RUN echo {a,b} {c,d}\n", ["warning"]),
        ("RUN set -o pipefail && true\n", ["warning"]),
        ("COPY build.sh .\nRUN sh build.sh\n", []),
        ("COPY build.sh .\nRUN . ./build.sh\n", []),
    ],
)
def test_forms_of_run(instruction: str, severities: list[str], tmp_path: Path, run: Run) -> None:
    (tmp_path / "gear").mkdir()
    (tmp_path / "gear" / "build.sh").write_text("#!/bin/sh\nsource x\n")
    found = reported(tmp_path, run, f"FROM python:3.11\n{instruction}{REST}")
    assert [severity for severity, _ in found] == severities


@pytest.mark.parametrize(
    ("start", "finding"),
    [
        ("ENTRYPOINT source x && python run.py", 'has no "source"'),
        ("CMD [[ -f run.py ]] && python run.py", 'has no "[["'),
        ("CMD python run.py |& tee x", 'does not read "|&"'),
        # where the shell goes on, or is another one, or nothing starts it
        ("CMD source x; python run.py", ""),
        ("ENTRYPOINT source x || true; python run.py", ""),
        ('SHELL ["/bin/bash", "-c"]\nENTRYPOINT source x && python run.py', ""),
        ('ENTRYPOINT ["bash", "-c", "source x && python run.py"]', ""),
        ('CMD source x && python run.py\nENTRYPOINT ["python", "run.py"]', ""),
        ("ENTRYPOINT . ./x && python run.py", ""),
        ("HEALTHCHECK CMD source x && true", ""),
    ],
)
def test_start_in_dash(start: str, finding: str, tmp_path: Path, run: Run) -> None:
    found = reported(tmp_path, run, f"FROM python:3.11\nCOPY . /flywheel/v0/\n{start}\n")
    expected = f"{start.split()[0]} fails: /bin/sh is dash here, which {finding}"
    assert found == ([("error", expected)] if finding else [])


def test_braces_that_a_step_needs_are_one_error(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    sound = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(
        sound.replace("ENTRYPOINT", "RUN cp run{1,2}.py /opt/\nENTRYPOINT")
    )
    messages = [found["message"] for found in check(tmp_path).findings]
    assert messages == ["RUN fails: /bin/sh is dash here, which does not expand {a,b}"]
    (tmp_path / "Dockerfile").write_text(
        sound.replace("ENTRYPOINT", "RUN cp none.py /opt/{a,b}\nENTRYPOINT")
    )
    assert [found["code"] for found in check(tmp_path).findings] == ["GL312", "GL324"]
    (tmp_path / "Dockerfile").write_text(
        sound.replace("ENTRYPOINT", "RUN mkdir {a,b}\nRUN rm '/opt/x' '{none'\nENTRYPOINT")
    )
    assert [found["code"] for found in check(tmp_path).findings] == ["GL324", "GL312"]


def test_a_step_does_not_fail_for_braces_of_another(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    sound = (tmp_path / "Dockerfile").read_text()
    steps = "RUN mkdir /opt/{a,b}\nRUN cp run{1,2}.py /opt/\nRUN rm '/opt/x'; mkdir {c,d}\n"
    (tmp_path / "Dockerfile").write_text(sound.replace("ENTRYPOINT", f"{steps}ENTRYPOINT"))
    found = check(tmp_path, "--select", "GL324").findings
    assert [(each["line"], each["severity"]) for each in found] == [
        (4, "warning"),
        (5, "error"),
        (6, "warning"),
    ]
