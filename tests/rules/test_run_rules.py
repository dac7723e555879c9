"""What is reported of scripts, links, owners and programs, and what is left alone."""

import os
import sys
from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.sound import write_gear

HEAD = "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\n"
START = 'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'


def found(directory: Path, run: Run, codes: str) -> list[tuple[str, str]]:
    outcome = run("check", "--select", codes, "--output-format", "json", directory)
    assert "internal" not in outcome.stderr
    return [(each["message"], each["help"]) for each in outcome.findings]


def gear(tmp_path: Path, dockerfile: str, members: str = "", **files: str) -> Path:
    directory = tmp_path / "gear"
    directory.mkdir()
    for name, text in files.items():
        path = directory / name.replace("__", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    (directory / "Dockerfile").write_text(dockerfile)
    write_gear(directory, members)
    return directory


# --- GL410

SHEBANGS = [
    ("/usr/bin/env python3 -u", 'the #! line has env look for a program called "python3 -u"', "write #!/usr/bin/env -S python3 -u"),
    ("/bin/env bash -e  # x", 'the #! line has env look for a program called "bash -e # x"', "write #!/bin/env -S bash -e # x"),
    ("/usr/bin/env", "the #! line names env without a program", "write #!/usr/bin/env python3"),
    ("/usr/bin/env ", "the #! line names env without a program", "write #!/usr/bin/env python3"),
    ("/usr/bin/env/python3", 'the #! line names "/usr/bin/env/python3", but /usr/bin/env is a program', "write #!/usr/bin/env python3"),
    ("/bin/bash/ -e", None, ""),
    ("/usr/bin python3", 'the #! line names the directory "/usr/bin"', "write #!/usr/bin/env python3"),
    ("/usr/local/bin/", 'the #! line names the directory "/usr/local/bin/"', "write #!/usr/bin/env python3"),
    ("/flywheel/v0", 'the #! line names the directory "/flywheel/v0"', "write #!/usr/bin/env python3"),
    ("python3", 'the #! line names "python3", which is not in the image', "write #!/usr/bin/env python3"),
    ("", "the #! line names no interpreter", "write #!/usr/bin/env python3"),
    ("  ", "the #! line names no interpreter", "write #!/usr/bin/env python3"),
    ("/usr/bin/env pyhton3", 'the #! line names "pyhton3", which is not in the image', 'did you mean "python3"?'),
    ("/usr/bin/env -S pytthon3.9 -u", 'the #! line names "pytthon3.9", which is not in the image', 'did you mean "python3.9"?'),
    ("/usr/bin/pyton", 'the #! line names "pyton", which is not in the image', 'did you mean "python"?'),
    ("/usr/bin/env Python3", 'the #! line names "Python3", which is not in the image', 'did you mean "python3"?'),
    ("/bin/bsah", 'the #! line names "bsah", which is not in the image', 'did you mean "bash"?'),
    ("/usr/bin/env ipython", None, ""),
    ("/usr/bin/env jython", None, ""),
    ("/usr/bin/env dash", None, ""),
    ("/usr/bin/env ash", None, ""),
    ("/opt/bin/pyhton", None, ""),
    ("/usr/bin/env A=1 pyhton", None, ""),
    ("/usr/bin/env -S python3 -u", None, ""),
    ("/usr/bin/env -S A=1 python3 -u", None, ""),
    ("/usr/bin/env python3", None, ""),
    ("/usr/bin/python3 -u -B", None, ""),
    ("/usr/local/bin/python -u", None, ""),
    ("/opt/bin/x y z", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "advice"), SHEBANGS)
def test_interpreter(line: str, message: str | None, advice: str, tmp_path: Path, run: Run) -> None:
    text = f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'
    directory = gear(tmp_path, text, run__py=f"#!{line}\nprint(1)\n")
    assert found(directory, run, "GL410") == ([(message, advice)] if message else [])


@pytest.mark.parametrize(
    ("base", "line", "is_found"),
    [
        ("python:3.12-slim", "/usr/bin/python3", True),
        ("python:3.12-alpine", "/usr/bin/python3", True),
        ("python:3.12", "/usr/bin/python3", False),  # Debian's own is there too
        ("python:3.12-slim", "/usr/local/bin/python3", False),
        # in /bin only where that is /usr/bin
        ("python:3.12-slim", "/bin/python3", True),
        ("python:3.12", "/bin/python3", False),
        ("python:3.12-slim\nRUN ln -s /usr/local/bin/python3 /bin/python3", "/bin/python3", False),
        ("python:3.12-slim\nRUN apt-get install -y some-tool", "/bin/python3", False),
        ("python:3.12-slim", "/bin/node-x", False),
        # misspelt, and there
        ("python:3.12-slim\nRUN ln -s /usr/local/bin/python3 /usr/local/bin/pyhton3", "/usr/bin/env pyhton3", False),
        ("python:3.12-slim\nRUN apt-get update && apt-get install -y git", "/usr/bin/python3", True),
        ("python:3.12-slim\nRUN apt-get install -y some-tool", "/usr/bin/python3", False),
        ("python:3.12-slim\nRUN ln -s /usr/local/bin/python3 /usr/bin/python3", "/usr/bin/python3", False),
        ("ubuntu:22.04", "/usr/bin/python3", True),
        ("ubuntu:22.04", "/usr/bin/env python3", True),
        ("ubuntu:22.04", "/bin/bash", False),
        ("ubuntu:22.04", "/opt/python3", False),
        ("alpine:3.20", "/bin/bash", True),
        ("me/base", "/usr/bin/python3", False),
    ],
)  # fmt: skip
def test_interpreter_that_a_base_lacks(
    base: str, line: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    text = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["./run.py"]\n'
    directory = gear(tmp_path, text, run__py=f"#!{line}\n")
    assert bool(found(directory, run, "GL410")) == is_found


CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("run.py", "#!/usr/bin/env python3\n" + CONFLICT.format("a = 1\n", "a = 2\n"), [2]),
        ("run.sh", "#!/bin/bash\n" + CONFLICT.format("a=1\n", "a=2\n"), [2]),
        ("run.sh", "#!/bin/bash\nexit\n" + CONFLICT.format("a=1\n", "a=2\n"), []),
        ("run.sh", "#!/bin/bash\ncat <<E\n" + CONFLICT.format("a\n", "b\n") + "E\n", []),
        ("run.py", '#!/usr/bin/env python3\na = """\n' + CONFLICT.format("", "") + '"""\n', []),
    ],
)
def test_merge_conflict_in_a_script(
    name: str, text: str, lines: list[int], tmp_path: Path, run: Run
) -> None:
    dockerfile = f'FROM python:3.12\nWORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["./{name}"]\n'
    files = {name.replace(".", "__"): text}
    directory = gear(tmp_path, dockerfile, f'"command": "./{name}"', **files)
    outcome = run("check", "--ignore", "GL314", "--output-format", "json", directory)
    assert [(found["code"], found["line"]) for found in outcome.findings] == [
        ("GL406", line) for line in lines
    ]


@pytest.mark.parametrize(
    ("base", "path", "is_found"),
    [
        ("python:3.12-slim", "/usr/bin:/bin", True),
        ("python:3.12-alpine", "/bin", True),
        ("python:3.12-slim", "/usr/bin:/usr/local/bin", False),
        ("python:3.12", "/usr/bin:/bin", False),  # Debian's own is there too
        ("python:3.12-slim\nRUN apt-get install -y some-tool", "/usr/bin:/bin", False),
        ("python:3.12-slim\nRUN ln -s /usr/local/bin/python3 /usr/bin/python3", "/usr/bin", False),
        ("rockylinux:9", "/usr/bin", False),
    ],
)
def test_python_that_is_not_on_the_path_of_the_run(
    base: str, path: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    text = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["python3", "run.py"]\n'
    members = f'"command": "python3 run.py", "environment": {{"PATH": "{path}"}}'
    directory = gear(tmp_path, text, members)
    assert bool(found(directory, run, "GL402")) == is_found


@pytest.mark.parametrize(
    ("base", "command", "text", "severity"),
    [
        # nobody's base has a "pyhton", but it is not known
        ("me/base:1", "./run.py", "#!/usr/bin/env pyhton3\n", ["warning"]),
        ("me/base:1", "./run.py", "#!/usr/bin/env python3\n", []),
        ("me/base:1\nCOPY run.py /usr/bin/pyhton3", "./run.py", "#!/usr/bin/env pyhton3\n", []),
        # bash takes what has no interpreter for its own
        ("me/base:1", "./run.py", "#!\nprint(1)\n", ["error"]),
        ("me/base:1", "./run", "#!\necho a\n", ["warning"]),
    ],
)
def test_severity_of_an_interpreter(
    base: str, command: str, text: str, severity: list[str], tmp_path: Path, run: Run
) -> None:
    dockerfile = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["/bin/bash"]\n'
    files = {command.removeprefix("./").replace(".", "__"): text, "run__py": text}
    directory = gear(tmp_path, dockerfile, f'"command": "{command}"', **files)
    outcome = run("check", "--select", "GL410", "--output-format", "json", directory)
    assert [found["severity"] for found in outcome.findings] == severity


@pytest.mark.parametrize(
    ("base", "members", "is_found"),
    [
        ("ubuntu:22.04", "", True),
        ("python:3.12-slim", "", False),
        ("python:3.12-slim", '"environment": {"PATH": "/usr/bin:/bin"}', True),
        ("me/base", "", False),
    ],
)
def test_interpreter_of_a_run_without_command(
    base: str, members: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    text = f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY run .\n"
    directory = gear(tmp_path, text, run="#!/usr/bin/env python3\n")
    without = ("command", "environment") if members else ("command",)
    write_gear(directory, members, without=without)
    assert bool(found(directory, run, "GL410")) == is_found


@pytest.mark.parametrize(
    ("base", "program", "is_found"),
    [
        ("ubuntu:22.04", "/usr/bin/python3", True),
        ("ubuntu:22.04", "/usr/local/bin/python", True),
        ("alpine:3.20", "/bin/bash", True),
        ("ubuntu:22.04\nRUN apt-get install -y python3", "/usr/bin/python3", False),
        ("ubuntu:22.04", "/opt/conda/bin/python", False),
        ("ubuntu:22.04", "/usr/bin/bash", False),
        ("me/base", "/usr/bin/python3", False),
    ],
)
def test_program_by_its_path(
    base: str, program: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    text = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["{program}", "run.py"]\n'
    directory = gear(tmp_path, text, f'"command": "{program} run.py"')
    messages = [message for message, _ in found(directory, run, "GL305,GL402")]
    expected = [f"{start} starts {program}, which is not in the image" for start in ("ENTRYPOINT", "command")]  # fmt: skip
    assert messages == (expected if is_found else [])


@pytest.mark.parametrize(
    ("lines", "start", "advice"),
    [
        ("FROM rockylinux:9", "python", 'did you mean "python3"?'),
        (
            "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3",
            "python",
            'did you mean "python3"?',
        ),
        ("FROM ubuntu:22.04", "python3", "install it, or correct its name"),
        ("FROM python:3.11", "/flywheel/v0/runn.py", 'did you mean "run.py"?'),
        ("FROM python:3.11", "/flywheel/run.py", "run.py is at /flywheel/v0/run.py"),
        ("FROM python:3.11", "/flywheel/nothing", "copy it into the image, or correct its name"),
    ],
)
def test_what_is_meant(
    lines: str, start: str, advice: str | None, tmp_path: Path, run: Run
) -> None:
    text = f'{lines}\nWORKDIR /flywheel/v0\nCOPY run.py .\nENTRYPOINT ["{start}"]\n'
    directory = gear(tmp_path, text)
    ((_, given),) = found(directory, run, "GL305")
    assert (given or None) == advice


PYTHON, BASH = "#!/usr/bin/env python3\nprint(1)\n", "#!/bin/bash\necho 1\n"


@pytest.mark.parametrize(
    ("base", "command", "text", "advice"),
    [
        ("python:3.11", "python3 run.py", BASH, '"run" is a shell script: write "./run" alone, or leave out command'),
        ("python:3.11", "cd / && python3 /flywheel/v0/run.py", BASH, '"run" is a shell script: write "/flywheel/v0/run" alone, or leave out command'),
        ("python:3.11", "bash run.py", PYTHON, '"run" is a Python script: write "./run" alone, or leave out command'),
        ("python:3.11", "python3 run.py", PYTHON, 'did you mean "run"?'),
        ("python:3.11", "bash run.py", BASH, 'did you mean "run"?'),
        ("python:3.11", "./run.py", BASH, 'did you mean "run"?'),
        ("me/base", "python3 runn", BASH, '"run" is a shell script: write "./run" alone, or leave out command'),
        ("me/base", "python3 runn", PYTHON, 'did you mean "run"?'),
    ],
)  # fmt: skip
def test_file_that_is_meant_fits_the_interpreter(
    base: str, command: str, text: str, advice: str, tmp_path: Path, run: Run
) -> None:
    lines = f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY run .\nENTRYPOINT ['/bin/true']\n"
    directory = gear(tmp_path, lines.replace("'", '"'), f'"command": "{command}"')
    (directory / "run").write_text(text)
    (directory / "run.py").unlink()
    ((_, given),) = found(directory, run, "GL402")
    assert given == advice


def test_entrypoint_is_not_left_out(tmp_path: Path, run: Run) -> None:
    lines = 'FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run .\nENTRYPOINT ["python", "run.py"]\n'
    directory = gear(tmp_path, lines, '"command": "./run"')
    (directory / "run").write_text(BASH)
    (directory / "run.py").unlink()
    ((_, given),) = found(directory, run, "GL305")
    assert given == '"run" is a shell script: write "./run" alone'


@pytest.mark.parametrize("places", [["/a", "/flywheel/v0"], ["/flywheel/v0", "/z"]])
def test_of_files_of_the_name_the_gears_own_is_meant(
    places: list[str], tmp_path: Path, run: Run
) -> None:
    copies = "".join(f"COPY run.py {place}/app/main.py\n" for place in places)
    start = 'ENTRYPOINT ["python", "/flywheel/v0/main.py"]\n'
    directory = gear(tmp_path, f"FROM python:3.11\n{copies}{start}")
    ((_, given),) = found(directory, run, "GL305")
    assert given == "main.py is at /flywheel/v0/app/main.py"


# --- GL404 and GL406: what begins the script


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("!/usr/bin/env python3\nprint(1)\n", ["GL404"]),
        ("!/usr/bin/env python3\nx = = 1\n", ["GL404"]),  # and GL406, once this is fixed
        (" #!/usr/bin/env python3\nprint(1)\n", ["GL404"]),
        ("# !/usr/bin/env python3\nprint(1)\n", ["GL404"]),
        ("#!/usr/bin/env python3\nx = = 1\n", ["GL406"]),
    ],
)
def test_line_that_is_meant_for_a_shebang(
    text: str, codes: list[str], tmp_path: Path, run: Run
) -> None:
    dockerfile = f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'
    directory = gear(tmp_path, dockerfile, '"command": "./run.py"', run__py=text)
    outcome = run("check", "--select", "GL4", "--output-format", "json", directory)
    assert [each["code"] for each in outcome.findings] == codes


def test_run_without_a_command_is_started_by_bash(tmp_path: Path, run: Run) -> None:
    text = f"FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run manifest.json ./\n{START}"
    directory = gear(tmp_path, text, run="ls\n")
    write_gear(directory, without=("command",))
    outcome = run("check", "--select", "GL404", "--output-format", "json", directory)
    assert [each["severity"] for each in outcome.findings] == ["warning"]


@pytest.mark.parametrize(
    ("start", "severities"),
    [
        ("./run.py", ["warning"]),
        ("/flywheel/v0/run.py", ["warning"]),
        # its #! line is not looked at, or it is not the gear's file
        ("python run.py", []),
        ("run.py", []),
        ("/opt/run.py", []),
        ("./gone.py", []),
    ],
)
@pytest.mark.parametrize("by", ["ENTRYPOINT", "command"])
def test_crlf_of_a_script_whose_place_is_not_known(
    by: str, start: str, severities: list[str], tmp_path: Path, run: Run
) -> None:
    docker, command = (start, "true") if by == "ENTRYPOINT" else ("true", start)
    dockerfile = f"FROM me/base:1\nWORKDIR /flywheel/v0\nENTRYPOINT {docker}\n"
    text = "#!/usr/bin/env python3\r\nx = 1\r\n"
    directory = gear(tmp_path, dockerfile, f'"command": "{command}"')
    (directory / "run.py").write_bytes(text.encode())
    outcome = run("check", "--select", "GL405", "--output-format", "json", directory)
    assert [each["severity"] for each in outcome.findings] == severities


WINDOWS = "#!/usr/bin/env python3\r\nprint(1)\r\n"


@pytest.mark.parametrize(
    ("command", "is_reported"),
    [
        ("sed -n 's/x//' run.py", True),
        ("sed -e i run.py", True),
        ("dos2unix -n run.py other.py", True),
        ("gawk '{ print $1 }' run.py", True),
        *((f"sed {option} 's/x//' run.py", False)
          for option in ("-i", "-zi", "-si", "-bi", "-Eni", "-nri", "-ni.bak", "--in-place=.bak")),
        ("dos2unix run.py", False),
        ("dos2unix -n run.py run.new && mv run.new run.py", False),
        *((f"gawk {option} '{{ print $1 }}' run.py", False)
          for option in ("-i inplace", "-iinplace", "--include=inplace", "-v x=1 -i inplace")),
    ],
)  # fmt: skip
def test_line_ends_that_the_build_may_change(
    command: str, is_reported: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = f"{HEAD}RUN apt-get install -y gawk dos2unix\nRUN {command}\n"
    directory = gear(tmp_path, f'{dockerfile}ENTRYPOINT ["./run.py"]\n')
    (directory / "run.py").write_bytes(WINDOWS.encode())
    assert bool(found(directory, run, "GL405")) is is_reported
    assert found(directory, run, "GL312") == []


# --- GL406: Pythons

OWN, LONG = sys.version_info.minor, limits.SCRIPT_NAME_PARTS
SYNTAX = [
    ("python:3.9", "match x:\n    case 1:\n        pass\n", "Pattern matching"),
    ("python:3.7-slim", "if (x := 1):\n    pass\n", "Assignment expressions"),
    ("python:3.7", "def f(a, /):\n    pass\n", "Positional-only parameters"),
    ("python:3.8", "with (open('a') as f, open('b') as g):\n    pass\n", "arenthesized context"),
    ("python:3.8", "with (\n    open('a') as f,\n    b\n):\n    pass\n", "arenthesized context"),
    ("python:3.10", "try:\n    pass\nexcept* A:\n    pass\n", "Exception groups"),
    ("python:3.14", "print('x'\n", "was never closed"),
    ("python:3.14", "x = = 1\n", "invalid syntax"),
    ("python:3.15", "x = = 1\n", "invalid syntax"),
    ("python:3.13", "try:\n    pass\nexcept A, B:\n    pass\n", "need parentheses"),
    ("python:3.9", "try:\n    pass\nexcept A, B:\n    pass\n", "need parentheses"),
    (f"python:3.{OWN}", "x = = 1\n", "invalid syntax"),
    ("python:3.9.21-alpine3.20", "match x:\n    case 1:\n        pass\n", "Pattern matching"),
    ("library/python:3.9", "match x:\n    case 1:\n        pass\n", "Pattern matching"),
    ("python:3.9\nRUN apt-get install -y git", "match x:\n    case 1:\n        pass\n", "Pattern"),
    ("docker.io/library/python:3.9", "match x:\n    case 1:\n        pass\n", "Pattern matching"),
    pytest.param(f"python:3.{OWN}", f"import a{'.b' * LONG}\nx = = 1\n", "invalid", id="long name"),
    pytest.param(f"python:3.{OWN}", f"{'a.b; ' * LONG}a.b\nx = = 1\n", "invalid", id="many names"),
    ("python:3.6", "x = = 1\n", "invalid syntax"),
    ("python:3.6", "def f(async=True):\n    return async\n\n\nx = 'a\n", "unterminated"),
    ("python:3.7", "def f(async=True):\n    return async\n", "invalid syntax"),
    # any Python
    ("python:3", "x = = 1\n", "invalid syntax"),
    ("python:2.7", "x = = 1\n", "invalid syntax"),
    ("me/base", "def main() -> None\n    pass\n", "expected ':'"),
    ("ubuntu:22.04", "if x:\npass\n", "expected an indented block"),
    ("me/base", "# 2019-07-01: a <> b, `c`, 10L\nprint('x'\n", "was never closed"),
]
OF_SCRIPTS = [(f"python:3.{OWN}", "# coding: nothing-like-it\nx = 1\n", "nothing-like-it")]
NO_SYNTAX = [
    ("python:3.10", "match x:\n    case 1:\n        pass\n"),
    ("python:3.9", "with (open('a') as f, open('b') as g):\n    pass\n"),
    ("python:3.8", "with (open('a')) as f:\n    pass\n"),
    ("python:3.8", "match = 1\nif (x := 1):\n    pass\n"),
    ("python:3.11", "try:\n    pass\nexcept* A:\n    pass\n"),
    # of Python 3.12 and newer, which the one that runs gearlint may not know
    ("python:3.14", "print(f'{a['b']}')\n"),
    ("python:3.14", "type X = int\n"),
    ("python:3.14", "def f[T](x: T):\n    pass\n"),
    ("python:3.14", "class A[T = int]:\n    pass\n"),
    ("python:3.14", "try:\n    pass\nexcept A, B:\n    pass\n"),
    ("python:3.14", "x = t'{y}'\n"),
    ("python:3.15", "x = [*y for y in z]\n"),
    ("python:3.15", "x = {\n    **y\n    for y in z\n}\n"),
    ("python:3.15", "lazy import json\n"),
    ("me/base", "x = [*y for y in z]\n"),
    # no parser for this one, unless gearlint runs in it
    ("python:3.99", "x = = 1\n"),
    ("python:3.100", "x = = 1\n"),
    pytest.param(f"python:3.{OWN}", f"import a.b{'.c' * LONG}\nx = = 1\n", id="longer name"),
    pytest.param(f"python:3.{OWN}", f"x = = 1\n#{'x' * limits.SCRIPT_BYTES}\n", id="too large"),
    ("python:3.9rc1", "match x:\n    case 1:\n        pass\n"),
    ("python:3.9-windowsservercore", "match x:\n    case 1:\n        pass\n"),
    ("python:2.9", "match x:\n    case 1:\n        pass\n"),
    ("me/python:3.9", "match x:\n    case 1:\n        pass\n"),
    # names until Python 3.6
    ("python:3.6", "def f(async=True):\n    return async\n"),
    ("python:3.5-slim", "def f(async=True):\n    return async\n"),
    ("python:3.6", "f(\n    a,\n    await=True,\n)\n"),
    # another Python may run it
    ("python:3.9\nENV PATH=/opt/conda/bin:$PATH", "match x:\n    case 1:\n        pass\n"),
    ("python:3.9\nRUN apt-get install -y python3", "match x:\n    case 1:\n        pass\n"),
    ("python:3.9\nRUN ./setup", "match x:\n    case 1:\n        pass\n"),
    # of Python 2, or an early 3, where nobody knows which one it is
    ("me/base", "print 'x'\n"),
    ("me/base", "if x <> 1:\n    pass\n"),
    ("me/base", "mode = 0755\n"),
    ("me/base", "size = 10L\n"),
    ("me/base", "name = ur'x'\n"),
    ("me/base", "name = `x`\n"),
    ("me/base", "exec 'x = 1'\n"),
    ("me/base", "raise ValueError, 'x'\n"),
    ("me/base", "raise ValueError('x'), None, trace\n"),
    ("me/base", "try:\n    pass\nexcept ValueError, error:\n    pass\n"),
    ("me/base", "try:\n    pass\nexcept (ValueError, OSError), error:\n    pass\n"),
    ("me/base", "first = lambda (a, b): a\n"),
    ("me/base", "def f(a, (b, c)):\n    pass\n"),
    ("me/base", "if x:\n        y = 1\n\tz = 2\n"),
    ("me/base", "async = 1\n"),
    ("me/base", "print 'x'\ny = = 1\n"),
    ("me/base", "for x in y: print x\n"),
    ("me/base", "size = 0xFFL\n"),
    ("me/base", "True = 1\n"),
    ("me/base", "raise ValueError,'x'\n"),
    ("me/base", "raise ValueError,\\\n    'x'\n"),
    ("me/base", "raise e[0], e[1], e[2]\n"),
    ("python:2.7", "print 'x'\n"),
    ("python:3", "print(f'{a['b']}')\n"),
    ("me/base", "class A[T = int]:\n    pass\n"),
    ("me/base", "match x:\n    case 1:\n        pass\n"),
]


@pytest.mark.parametrize(("base", "text", "message"), [*SYNTAX, *OF_SCRIPTS])
def test_syntax_of_the_python_of_the_image(
    base: str, text: str, message: str, tmp_path: Path, run: Run
) -> None:
    dockerfile = HEAD.replace("python:3.11", base) + START
    directory = gear(tmp_path, dockerfile, run__py=f"#!/usr/bin/env python3\n{text}")
    ((reported, _),) = found(directory, run, "GL406")
    assert message in reported


def of_module(directory: Path, base: str, text: str) -> Path:
    """A gear whose script, for Python 3, imports a module of a text."""
    dockerfile = f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY . ./\n{START}"
    return gear(directory, dockerfile, **{"run.py": f"{PYTHON_3}import lib\n", "lib.py": text})


@pytest.mark.parametrize(("base", "text", "message"), SYNTAX)
def test_syntax_of_a_module_in_the_python_of_the_image(
    base: str, text: str, message: str, tmp_path: Path, run: Run
) -> None:
    ((reported, _),) = found(of_module(tmp_path, base, text), run, "GL406")
    assert message in reported


@pytest.mark.parametrize(
    ("minor", "text", "line", "column"),
    [
        (OWN, "x = = 1\n", 2, 5),
        (14, "x = = 1\n", 2, 5),
        (OWN, "# coding: nothing-like-it\nx = 1\n", 1, 1),
    ],
)
def test_place_of_a_syntax_error(
    minor: int, text: str, line: int, column: int, tmp_path: Path, check: Run
) -> None:
    script = f"#!/usr/bin/env python3\n{text}"
    directory = gear(tmp_path, HEAD.replace("3.11", f"3.{minor}") + START, run__py=script)
    (finding,) = check("--select", "GL406", directory).findings
    assert (finding["line"], finding["column"]) == (line, column)


@pytest.mark.parametrize(("base", "text"), NO_SYNTAX)
def test_what_the_python_of_the_image_may_accept(
    base: str, text: str, tmp_path: Path, run: Run
) -> None:
    dockerfile = HEAD.replace("python:3.11", base) + START
    directory = gear(tmp_path, dockerfile, run__py=f"#!/usr/bin/env python3\n{text}")
    assert found(directory, run, "GL406") == []


@pytest.mark.parametrize(("base", "text"), NO_SYNTAX)
def test_module_that_the_python_of_the_image_may_accept(
    base: str, text: str, tmp_path: Path, run: Run
) -> None:
    assert found(of_module(tmp_path, base, text), run, "GL406") == []


@pytest.mark.parametrize(
    ("line", "is_python"),
    [
        ("/usr/bin/env python3.11", True),
        ("/usr/bin/python3 -u", True),
        ("/usr/bin/env -S python3 -u", True),
        ("/usr/bin/env pythonw", True),  # by its name, run.py
        ("/usr/bin/env pyhton3", True),
        ("/usr/bin python3", True),
        ("/usr/bin/env ruby", False),
        ("/bin/zsh", False),
    ],
)
def test_script_is_python_by_its_first_line(
    line: str, is_python: bool, tmp_path: Path, run: Run
) -> None:
    directory = gear(tmp_path, HEAD + START, run__py=f"#!{line}\nx = = 1\n")
    assert bool(found(directory, run, "GL406")) is is_python


BROKEN = "def f(:\n    pass\n"


@pytest.mark.parametrize(
    ("command", "text", "is_found"),
    [
        ("python3 run.py", "print 'x'\n", True),
        ("/usr/bin/python3.8 -u run.py", "print 'x'\n", True),
        ("timeout 5 python3 run.py", "if x <> 1:\n    pass\n", True),
        ("./run.py", "#!/usr/bin/env python3\nprint 'x'\n", True),
        ("python run.py", "#!/usr/bin/env python3\nprint 'x'\n", False),
        ("python run.py", "print 'x'\n", False),
        ("python2 run.py", "print 'x'\n", False),
        ("./run.py", "#!/usr/bin/env python\nprint 'x'\n", False),
        ("python3 other.py; python run.py", "print 'x'\n", False),
        ("python3 run.py", "async = 1\n", False),  # a name until Python 3.6
        ("python3 run.py", "print('x')\n", False),
    ],
)
def test_what_python3_runs_is_not_of_python_2(
    command: str, text: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = "FROM me/base\nWORKDIR /flywheel/v0\nCOPY . ./\n"
    files = {"run__py": text, "other__py": "print(1)\n"}
    directory = gear(tmp_path, dockerfile, f'"command": "{command}"', **files)
    assert bool(found(directory, run, "GL406")) is is_found


PYTHON_3 = "#!/usr/bin/env python3\n"
OTHERS = [
    ({"run.py": "import lib\n", "lib.py": BROKEN}, "lib.py", "error"),
    ({"run.py": "from lib import f\n", "lib.py": "import other\n", "other.py": BROKEN}, "other.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "if x:\n    y = 1\nelse\n    y = 2\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "with open(x) as f\n    pass\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n"}, "lib.py", "error"),
    ({"run.py": "import os\n\n\ndef main():\n    import lib\n", "lib.py": BROKEN}, "lib.py", "warning"),
    ({"run.py": "#!/bin/bash\npython3 main.py\n", "main.py": BROKEN}, "main.py", "error"),
    ({"run.py": "#!/bin/bash\npython3 main.py || exit 1\n", "main.py": BROKEN}, "main.py", "error"),
    ({"run.py": "#!/bin/bash\npython3 main.py || true\n", "main.py": BROKEN}, "main.py", "warning"),
    ({"run.py": "#!/bin/bash\npython3 main.py  \\\n || { echo a; }\n", "main.py": BROKEN}, "main.py", "warning"),
    ({"run.py": "#!/bin/bash\npython3 main.py\n", "main.py": "import lib\n", "lib.py": BROKEN}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}import lib\n", "lib.py": "def f():\n    print 'x'\n"}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}import lib\n", "lib.py": "def f():\n    print\n    print 1\n"}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}import lib\n", "lib.py": "exec 'x'\n"}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}import lib\n", "lib.py": "print >>f, x = 1\n"}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}import lib\n", "lib.py": "if x:\n\ty = 1\n        z = 2\n"}, "lib.py", "error"),
    ({"run.py": f"{PYTHON_3}def f():\n    import lib\n", "lib.py": "print 'x'\n"}, "lib.py", "warning"),
    ({"run.py": "import lib\n", "lib.py": "x = = 1\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "f(1,, 2)\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "f(1, , 2)\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "x = 'a\ny = 1\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": 'x = "a\ny = 1\n'}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": 'x = "a"\ny = "b\n'}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "x = 1 2\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "if f:\n    # later\nx = 1\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "def f():\n    x = 1\n   y = 2\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "x = {'a': 1\n     'b': 2}\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "if x:\n    y\nelse if z:\n    y\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "improt os\n"}, "lib.py", "error"),
    ({"run.py": "import lib\n", "lib.py": "def f(a, a):\n    pass\n"}, "lib.py", "error"),
    ({"run.py": "#!/bin/bash\nif true; then ./lib.py; fi\n", "lib.py": BROKEN}, "lib.py", "warning"),
    ({"run.py": "#!/bin/bash\nuv run python -u main.py\n", "main.py": BROKEN}, "main.py", "error"),
    ({"run.py": "try:\n    import lib\nexcept Exception:\n    pass\n", "lib.py": BROKEN}, "lib.py", "warning"),
]  # fmt: skip
NO_OTHERS = [
    {"run.py": "import other\n", "lib.py": BROKEN},
    {"run.py": "# import lib\n", "lib.py": BROKEN},
    {"run.py": "import lib\n", "lib.py": "if (a\n        and b):\n    # for all\n    print('(')\n"},
    {"run.py": "import lib\n", "lib.py": "def f():\n    # later\n    pass\n"},
    {"run.py": "import lib\n", "lib.py": "# it's = = ,, one\nx = 1\n"},
    {"run.py": "#!/bin/bash\necho main.py\n", "main.py": BROKEN},
    # a module whose name is only a word of the text, or that only Python 2 imports
    {"run.py": "from lib import new\n# not old\n", "lib/new.py": "", "lib/old.py": "print 'x'\n"},
    {
        "run.py": "import sys\nif sys.version_info[0] < 3:\n    import old\n",
        "old.py": "print 'x'\n",
    },
    {"run.py": "#!/bin/bash\npython3 main.py\n", "main.py": "print('x')\n"},
    {"run.py": "#!/bin/bash\n./main\n", "main": f"#!/usr/bin/env ruby\n{BROKEN}"},
]


@pytest.mark.parametrize("base", ["python:3.11", "me/base"])
@pytest.mark.parametrize(("files", "file", "severity"), OTHERS)
def test_syntax_of_what_the_script_imports_or_starts(
    base: str, files: dict[str, str], file: str, severity: str, tmp_path: Path, run: Run
) -> None:
    dockerfile = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY . ./\nENTRYPOINT ["./run.py"]\n'
    directory = gear(tmp_path, dockerfile, '"command": "./run.py"', **files)
    outcome = run("check", "--select", "GL406", "--output-format", "json", directory)
    reported = [(Path(each["path"]).name, each["severity"]) for each in outcome.findings]
    assert reported == [(file, severity)]


def test_syntax_of_a_module_that_may_be_another_in_the_image(tmp_path: Path, run: Run) -> None:
    start = 'FROM me/base\nWORKDIR /flywheel/v0\nCOPY run.py ./\n{}ENTRYPOINT ["./run.py"]\n'
    files = {"run.py": "import lib\n", "lib.py": BROKEN}
    directory = gear(tmp_path, start.format(""), '"command": "./run.py"', **files)
    for copied, severity in (("", "warning"), ("COPY lib.py ./\n", "error")):
        (directory / "Dockerfile").write_text(start.format(copied))
        outcome = run("check", "--select", "GL406", "--output-format", "json", directory)
        assert [each["severity"] for each in outcome.findings] == [severity]


@pytest.mark.parametrize(
    ("shell", "text", "is_found"),
    [
        ("ash", "if true; then\n", True),
        ("dash", "if true; then\n", True),
        ("dash", "f() {\n  x=$((x + 1))\n}\nif true; then\n", True),
        ("ash", "f() echo 1\nif true; then\n", False),  # which they may read otherwise
        ("ash", "f() {echo\nif true; then\n", False),
        ("ash", "x=$((echo) | cat)\nif true; then\n", False),
        ("zsh", "if true; then\n", False),
    ],
)
def test_syntax_of_a_script_of_another_shell(
    shell: str, text: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = "FROM me/base\nWORKDIR /flywheel/v0\nCOPY . ./\nENTRYPOINT []\n"
    files = {"run.py": f"#!/bin/{shell}\n{text}"}
    directory = gear(tmp_path, dockerfile, '"command": "./run.py"', **files)
    assert bool(found(directory, run, "GL406")) is is_found


@pytest.mark.parametrize(("base", "is_found"), [("python:3.11", True), ("me/base", False)])
def test_a_clause_that_python_2_and_3_14_accept(
    base: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = f'FROM {base}\nWORKDIR /flywheel/v0\nCOPY . ./\nENTRYPOINT ["./run.py"]\n'
    files = {"run.py": f"{PYTHON_3}import lib\n", "lib.py": "try:\n    x\nexcept A, e:\n    y\n"}
    directory = gear(tmp_path, dockerfile, '"command": "./run.py"', **files)
    assert bool(found(directory, run, "GL406")) is is_found


@pytest.mark.parametrize(
    ("start", "is_found"),
    [
        ("python3", True),
        ("python", False),
        ("python3 x.py\npython", False),
        ("python y.py\npython3", True),
    ],
)
def test_a_module_that_may_be_for_python_2(
    start: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = 'FROM me/base\nWORKDIR /flywheel/v0\nCOPY . ./\nENTRYPOINT ["bash", "go.sh"]\n'
    files = {"go.sh": f"{start} run.py\n", "run.py": "import lib\n", "lib.py": "print 'x'\n"}
    directory = gear(tmp_path, dockerfile, '"command": "bash go.sh"', **files)
    (directory / "x.py").write_text("import lib\n")
    (directory / "y.py").write_text("import os\n")
    assert bool(found(directory, run, "GL406")) is is_found


@pytest.mark.parametrize(
    ("lines", "start", "is_found"),
    [
        ("", "python old.py", True),
        ("", "/usr/local/bin/python old.py", True),
        ("", "python3 old.py", True),
        ("", "python2 old.py", False),
        ("", "/usr/bin/python2.7 old.py", False),
        ("", "/opt/conda/envs/one/bin/python old.py", False),
        ("", "./old.py", False),
        ("RUN virtualenv -p python2 /venv\n", "source /venv/bin/activate\npython old.py", False),
        ("RUN ln -sf /opt/bin/python2 /usr/local/bin/python\n", "python old.py", False),
        ("", "conda run -n py2 python old.py", False),
    ],
)
def test_what_another_python_than_that_of_the_base_may_run(
    lines: str, start: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = f"{HEAD.replace('run.py manifest.json', '.')}{lines}ENTRYPOINT []\n"
    files = {"go.sh": f"#!/bin/bash\n{start}\n", "old.py": "#!/usr/bin/python2\nprint 'x'\n"}
    directory = gear(tmp_path, dockerfile, '"command": "bash go.sh"', **files)
    assert bool(found(directory, run, "GL406")) is is_found


@pytest.mark.parametrize("files", NO_OTHERS)
def test_syntax_of_what_is_neither_imported_nor_started(
    files: dict[str, str], tmp_path: Path, run: Run
) -> None:
    dockerfile = HEAD.replace("run.py manifest.json", ".") + 'ENTRYPOINT ["./run.py"]\n'
    assert found(gear(tmp_path, dockerfile, **files), run, "GL406") == []


NO_FI = "if true; then\n  echo\n"
SHELL_FAULTS = [
    # the first line of `run`, what follows, another file, and what is found where
    ("#!/bin/bash", NO_FI, "", ["run:2 error"]),
    ("#!/bin/bash", f"echo\n{NO_FI}exit 1\n", "", ["run:3 error"]),
    ("#!/usr/bin/env bash", 'echo "a\n', "", ["run:2 error"]),
    ("#!/bin/bash", "if [[ -f a ]]; then\n  b\n", "", ["run:2 error"]),
    ("#!/bin/sh", NO_FI, "", ["run:2 error"]),
    ("#!/bin/bash", f"if false; then exit 1; fi\n{NO_FI}", "", ["run:3 warning"]),
    ("#!/bin/bash", f"f() {{\n  return 1\n}}\n{NO_FI}", "", ["run:5 warning"]),
    ("#!/bin/bash", f". /etc/x\n{NO_FI}", "", ["run:3 warning"]),
    ("#!/bin/bash", f"eval x\n{NO_FI}", "", ["run:3 warning"]),
    # it reads the whole of a command, or of a line, before it runs any of it
    ("#!/bin/bash", f"shopt -s extglob nullglob\nls !(a)\n{NO_FI}", "", ["run:4 error"]),
    ("#!/bin/bash", f"{NO_FI}exit 1\n  if x; then\n    . /etc/y\n  fi\n", "", ["run:2 error"]),
    ("#!/bin/bash", f"exit 1; {NO_FI}", "", ["run:2 error"]),
    ("#!/bin/bash", "f() {\n  exit 1\n  echo )\n}\n", "", ["run:4 error"]),
    ("#!/bin/bash", "./other.sh\n", f"#!/bin/bash\n{NO_FI}", ["other.sh:2 error"]),
    ("#!/bin/bash", "bash other.sh\n", NO_FI, ["other.sh:1 error"]),
    ("#!/bin/bash", "bash other.sh || true\n", NO_FI, ["other.sh:1 warning"]),
    ("#!/bin/bash", "if true; then bash other.sh; fi\n", NO_FI, ["other.sh:1 warning"]),
    # what ends, is read by other rules or another shell, is not known, not started or no shell
    ("#!/bin/bash", f"echo\nexit 0\n{NO_FI}", "", []),
    ("#!/bin/bash", f"exec python run.py\n{NO_FI}", "", []),
    ("#!/bin/sh", f"'''exec' python \"$0\" \"$@\"\n' '''\n{NO_FI}", "", []),
    ("#!/bin/bash", f"alias a=b\n{NO_FI}", "", []),
    ("#!/bin/bash", f"shopt -s expand_aliases\n{NO_FI}", "", []),
    ("#!/bin/bash", f"shopt -s failglob\n{NO_FI}", "", []),
    ("#!/bin/bash", f"shopt -s extglob; ls !(a)\n{NO_FI}", "", []),
    ("#!/bin/sh", "function f { a; }\nif true; then\n", "", []),
    ("#!/bin/zsh", NO_FI, "", []),
    ("#!/bin/bash", f"echo\r\n{NO_FI}", "", []),
    ("#!/bin/bash", "echo\n", NO_FI, []),
    ("#!/usr/bin/env python3", "print(1)\n", NO_FI, []),
    ("#!/bin/bash", "cat <<E\nif true; then\nE\n", "", []),
]


@pytest.mark.parametrize(("shebang", "text", "other", "expected"), SHELL_FAULTS)
def test_shell_script_that_does_not_parse(
    shebang: str, text: str, other: str, expected: list[str], tmp_path: Path, run: Run
) -> None:
    dockerfile = HEAD.replace("run.py manifest.json", ".") + 'ENTRYPOINT ["./run"]\n'
    files = {"run": f"{shebang}\n{text}", "other.sh": other or "echo\n"}
    directory = gear(tmp_path, dockerfile, '"command": "./run"', **files)
    outcome = run("check", "--select", "GL406", "--output-format", "json", directory)
    found = [f"{Path(f['path']).name}:{f['line']} {f['severity']}" for f in outcome.findings]
    assert found == expected


def test_a_script_that_an_unknown_image_may_have_is_not_refused(tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, "FROM me/base\n", '"command": "./run"', run=f"#!/bin/bash\n{NO_FI}")
    assert found(directory, run, "GL406") == []


def test_manifest_that_sets_path_may_name_another_python(tmp_path: Path, run: Run) -> None:
    dockerfile = HEAD.replace("3.11", "3.9") + START
    members = '"environment": {"PATH": "/opt/conda/bin:/usr/bin"}'
    text = "#!/usr/bin/env python3\nif (x := 1):\n    match x:\n        case 1:\n            pass\n"
    assert found(gear(tmp_path, dockerfile, members, run__py=text), run, "GL406") == []


# --- GL407 in command


def test_wrong_directory_in_command(tmp_path: Path, run: Run) -> None:
    command = "python run.py --in /flywheel/v0/inputs --out=/flywheel/v0/outputs/x"
    directory = gear(tmp_path, HEAD + START, f'"command": "{command}"')
    assert found(directory, run, "GL407") == [
        ("/flywheel/v0/inputs is not made by Flywheel, which makes /flywheel/v0/input", "write /flywheel/v0/input"),
        ("/flywheel/v0/outputs is not made by Flywheel, which makes /flywheel/v0/output", "write /flywheel/v0/output"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rest", "command"),
    [
        ("", "python run.py /flywheel/v0/input /flywheel/v0/output/outputs /flywheel/v0/inputs-x"),
        ("RUN mkdir inputs\n", "python run.py /flywheel/v0/inputs"),
        ("RUN make\n", "python run.py /flywheel/v0/inputs"),
    ],
)
def test_directory_in_command_is_left_alone(
    rest: str, command: str, tmp_path: Path, run: Run
) -> None:
    directory = gear(tmp_path, HEAD + rest + START, f'"command": "{command}"')
    assert found(directory, run, "GL407") == []


# --- GL310: links

LINKS = [
    ("COPY a .", {"a": "../out"}, 'COPY takes "a", a link to "../out", which is not in the build context'),
    ("ADD ./a .", {"a": "none"}, 'ADD takes "./a", a link to "none", which is not in the build context'),
    ("COPY a .", {"a": "/etc/hostname"}, 'COPY takes "a", a link to "/etc/hostname", which is not in the build context'),
    ("COPY a .", {"a": "b", "b": "none"}, 'COPY takes "a", a link to "b", which is not in the build context'),
    ("COPY a .", {"a": "b", "b": "a"}, 'COPY takes "a", a link to "b", which is not in the build context'),
    ("COPY a/run.py .", {"a": "../out"}, 'COPY takes "a/run.py", and "a" is a link to "../out", which is not in the build context'),
]  # fmt: skip


def with_links(tmp_path: Path, line: str, links: dict[str, str]) -> Path:
    directory = gear(tmp_path, f"{HEAD}{line}\n{START}")
    for name, target in links.items():
        (directory / name).parent.mkdir(exist_ok=True)
        os.symlink(target, directory / name)
    return directory


@pytest.mark.parametrize(("line", "links", "message"), LINKS)
def test_link_that_leads_out(
    line: str, links: dict[str, str], message: str, tmp_path: Path, run: Run
) -> None:
    directory = with_links(tmp_path, line, links)
    assert found(directory, run, "GL310") == [
        (message, "put a copy of what it leads to into the build context")
    ]


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("COPY a .", {"a": "run.py"}),
        ("COPY a .", {"a": "./b", "b": "run.py"}),
        ("COPY a .", {"a": "/run.py"}),  # BuildKit takes the context for `/`
        ("COPY a .", {"a": "../../run.py"}),
        ("COPY d .", {"d/a": "../../out"}),  # in a directory a link stays a link
        ("COPY . .", {"a": "../out"}),
        ("COPY a* .", {"a1": "../out"}),
        ("COPY d/ /x/", {"d/a": "none"}),
        ("COPY a .", {"a": "dist/x.whl"}),  # which may be made before
        ("COPY a/x .", {"a": "build"}),
    ],
)
def test_link_is_left_alone(line: str, links: dict[str, str], tmp_path: Path, run: Run) -> None:
    directory = with_links(tmp_path, line, links)
    assert found(directory, run, "GL310") == []


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("runn.py", 'did you mean "run.py"?'),
        ("scr/tool.py", 'did you mean "src/tool.py"?'),
        ("src/tol.py", 'did you mean "src/tool.py"?'),
        ("scr/none.py", "add the file, or correct its name"),
        ("whatever", "add the file, or correct its name"),
    ],
)
def test_source_that_is_near(source: str, advice: str, tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, f"{HEAD}COPY {source} .\n{START}")
    (directory / "src").mkdir()
    (directory / "src" / "tool.py").touch()
    ((_, given),) = found(directory, run, "GL310")
    assert (given or "") == advice


# --- GL312: owners

USER = "FROM python:3.11\nRUN useradd -m fly\nWORKDIR /flywheel/v0\n"
FAILS = [
    "USER fly\nCOPY run.py .\nRUN chmod +x run.py",
    "COPY run.py .\nUSER fly\nRUN chmod +x run.py",
    "USER 1000:1000\nCOPY run.py .\nRUN true && chmod -R a+x /flywheel/v0/run.py",
    "USER fly\nADD --chmod=644 run.py .\nRUN chmod 755 run.py",
    "USER fly\nCOPY . .\nRUN chmod -R 755 .",
    "ARG WHO=fly\nUSER $WHO\nCOPY run.py .\nRUN env A=1 chmod +x run.py",
    "USER fly\nCOPY run.py .\nRUN chown fly run.py",
    "RUN pip install nibabel && useradd -u 1000 me && chown me /flywheel/v0\nCOPY run.py .\nUSER me\nRUN chmod +x run.py",
]
WORKS = [
    "COPY run.py .\nRUN pip install -r x.txt; ./give run.py\nUSER fly\nRUN chmod +x run.py",
    "RUN useradd -u $UID -m me\nUSER me\nCOPY run.py .\nRUN chmod +x run.py",
    "COPY run.py .\nRUN chmod +x run.py\nUSER fly",
    "USER fly\nCOPY --chown=fly run.py .\nRUN chmod +x run.py",
    "COPY run.py .\nRUN chown -R fly .\nUSER fly\nRUN chmod +x run.py",
    "COPY run.py .\nRUN chown --from=root fly run.py\nUSER fly\nRUN chmod +x run.py",
    "USER fly\nCOPY run.py .\nUSER root\nRUN chmod +x run.py",
    "USER fly\nCOPY run.py .\nUSER 0:0\nRUN chmod +x run.py",
    "RUN apt-get update && apt-get install -y sudo\nUSER fly\nCOPY run.py .\nRUN sudo chmod +x run.py",
    "RUN apt-get update && apt-get install -y sudo\nUSER fly\nCOPY run.py .\nRUN sudo -u root chmod +x run.py",
    "USER fly\nCOPY run.py .\nRUN touch x && chmod +x x",
    "USER fly\nCOPY run.py .\nRUN cp run.py /tmp/x && chmod +x /tmp/x",
    "USER fly\nCOPY run.py .\nRUN chmod +x run.py || true",
    "USER fly\nCOPY run.py .\nRUN ./give run.py\nRUN chmod +x run.py",
    "ARG WHO\nUSER $WHO\nCOPY run.py .\nRUN chmod +x run.py",
    "RUN useradd -o -u 0 admin\nUSER admin\nCOPY run.py .\nRUN chmod +x run.py",
]


OF_ROOT = [
    ("USER fly\nRUN apt-get update && apt-get install -y jq", "apt-get update by USER fly"),
    ("USER nobody\nRUN apt-get update", "apt-get update by USER nobody"),
    ("RUN useradd -m -u 1000 me && chown me .\nUSER me\nRUN apt-get update", "apt-get update by USER me"),
    ("RUN useradd -r -m -d /home/me me\nUSER me\nRUN apt-get update", "apt-get update by USER me"),
    ("USER fly\nRUN mkdir -p /data/in && touch /data/in/x", "mkdir makes /data in /, by USER fly"),
    ("USER fly\nRUN apt-get -qq update\nRUN apt-get install -y jq", "apt-get update by USER fly"),
    ("RUN chown fly /opt; apt update\nUSER 1000:1000\nRUN apt install -y --no-install-recommends jq", "apt install by USER 1000"),
    ("USER 01\nRUN set -e; apt-get -y --allow-downgrades upgrade", "apt-get upgrade by USER 01"),
    ("RUN apt-get update\nUSER fly\nRUN cd /tmp && DEBIAN_FRONTEND=noninteractive apt-get install -yq jq", "apt-get install by USER fly"),
]  # fmt: skip
NOT_OF_ROOT = [
    "RUN apt-get update && apt-get install -y jq\nUSER fly",
    "USER fly\nUSER root\nRUN apt-get update",
    "USER 0\nRUN apt-get update",
    "USER fly\nRUN sudo apt-get update",
    "USER fly\nRUN apt-get update || true",
    "RUN chmod u+s /sbin/su-exec\nUSER fly\nRUN su-exec root apt-get update; gosu root apt-get update",
    "RUN ln -s /opt/sudo-apt /usr/local/bin/apt-get\nUSER fly\nRUN apt-get update",
    "COPY run.py /usr/local/bin/apt-get\nUSER fly\nRUN apt-get update",
    "USER fly\nRUN apt-get --print-uris install jq",
    "USER fly\nRUN apt-get -s install jq",
    "USER fly\nRUN apt-get -o Dir::State=/tmp update",
    "USER fly\nRUN apt-get download jq && apt-get --version && apt list",
    "USER other\nRUN apt-get update",  # nobody knows who that is
    "RUN useradd -o -u 0 admin\nUSER admin\nRUN apt-get update",
    "RUN useradd -ou0 admin\nUSER admin\nRUN mkdir /data",
    "RUN useradd -u $UID admin\nUSER admin\nRUN mkdir /data",
    "RUN mkdir /data\nUSER fly\nRUN mkdir -p /data /home/fly/x /tmp/x",
    "USER fly\nRUN sudo mkdir /data",
    "USER fly\nRUN mkdir /data || true",
    "USER other\nRUN mkdir /data",
    "ARG WHO\nUSER $WHO\nRUN apt-get update",
]


@pytest.mark.parametrize(("lines", "expected"), OF_ROOT)
def test_what_only_root_may_install(lines: str, expected: str, tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, f"{USER}COPY run.py manifest.json ./\n{lines}\n{START}")
    assert found(directory, run, "GL312") == [
        (
            f"RUN fails: {expected}, who is not root",
            "move it above USER, or write USER root before it",
        )
    ]


@pytest.mark.parametrize("lines", NOT_OF_ROOT)
def test_what_another_may_install(lines: str, tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, f"{USER}COPY run.py manifest.json ./\n{lines}\n{START}")
    assert not [each for each in found(directory, run, "GL312") if "by USER" in each[0]]


@pytest.mark.parametrize(
    ("base", "step"),
    [
        ("alpine:3.20", "apk add --no-cache jq"),
        ("fedora:40", "dnf install -y jq && dnf clean all"),
        ("rockylinux:9", "yum -y update"),
        ("me/base", "apt-get update"),
    ],
)
def test_other_package_managers_by_another_user(
    base: str, step: str, tmp_path: Path, run: Run
) -> None:
    directory = gear(tmp_path, f"FROM {base}\nWORKDIR /flywheel/v0\nUSER 1000\nRUN {step}\n{START}")
    ((message, _),) = found(directory, run, "GL312")
    assert message.endswith("by USER 1000, who is not root")


@pytest.mark.parametrize(
    ("base", "user"),
    [
        ("mambaorg/micromamba:1.5.8", "mambauser"),
        ("mambaorg/micromamba", "mambauser"),
        ("quay.io/jupyter/base-notebook", "1000"),
        ("mambaorg/micromamba:0.14.0", ""),
    ],
)
def test_a_base_image_whose_user_is_not_root(
    base: str, user: str, tmp_path: Path, run: Run
) -> None:
    directory = gear(tmp_path, f"FROM {base}\nRUN apt-get update\nWORKDIR /flywheel/v0\n{START}")
    messages = [message for message, _ in found(directory, run, "GL312")]
    expected = f"RUN fails: apt-get update by USER {user}, who is not root"
    assert messages == ([expected] if user else [])


@pytest.mark.parametrize("lines", FAILS)
def test_owner_is_root(lines: str, tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, f"{USER}{lines}\n{START}", '"command": "./run.py"')
    (directory / "run.py").chmod(0o644)
    ((message, advice),) = found(directory, run, "GL312")
    assert "which belongs to root, by USER " in message
    assert advice.startswith("move it above USER, or use --chmod or --chown=")


@pytest.mark.parametrize("lines", WORKS)
def test_owner_may_be_another(lines: str, tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, f"{USER}{lines}\n{START}")
    assert found(directory, run, "GL312") == []


def test_step_that_fails_for_its_owner_is_the_only_finding(tmp_path: Path, run: Run) -> None:
    dockerfile = f"{USER}USER fly\nCOPY run.py manifest.json ./\nRUN chmod +x run.py\n{START}"
    directory = gear(tmp_path, dockerfile, '"command": "./run.py"')
    (directory / "run.py").chmod(0o644)
    outcome = run("check", "--output-format", "json", directory)
    assert [each["code"] for each in outcome.findings] == ["GL312"]


@pytest.mark.parametrize("text", ["\\ud800", "é"])
def test_command_that_is_not_ascii_is_left_alone(text: str, run: Run, tmp_path: Path) -> None:
    path = write_gear(tmp_path / "gear", f'"command": "python /flywheel/v0/inputs/{text}"')
    outcome = run("check", "--select", "GL407", path)
    assert (outcome.code, outcome.stderr) == (0, "No findings in 1 gear.\n")


# --- GL413

PYTHON = "#!/usr/bin/env python3\nimport os\n\nprint(os.getcwd())\n"
WITH_EXIT = "#!/usr/bin/env python3\n# stop with exit code 1\nprint(1)\n"
SHELL_SCRIPT = '#!/bin/bash\nif [ -n "$1" ]; then echo "$1"; fi\n'
FOR_BOTH = '#!/bin/bash\n""":"\nexec python3 "$0" "$@"\n"""\nimport os\n'
PYTHON_READ = 'has {} read "run.py", which is Python'
PROGRAMS_OF = {
    "JavaScript": "node", "Perl": "perl", "Python": "python3", "R": "Rscript", "tcsh": "tcsh",
}  # fmt: skip
OTHER_READ = 'has python read "run.py", which is '
SHELL_READ = 'has {} read "run.py", which is a shell script'


@pytest.mark.parametrize(
    ("command", "text", "message"),
    [
        ("bash run.py", PYTHON, PYTHON_READ.format("bash")),
        ("/bin/sh -e run.py", PYTHON, PYTHON_READ.format("/bin/sh")),
        ("bash run.py", PYTHON.partition("\n")[2], PYTHON_READ.format("bash")),
        ("bash run.py", WITH_EXIT, PYTHON_READ.format("bash")),
        ("cd /flywheel/v0 && bash run.py", PYTHON, PYTHON_READ.format("bash")),
        ("python run.py", SHELL_SCRIPT, SHELL_READ.format("python")),
        ("python3.11 -u run.py x", SHELL_SCRIPT, SHELL_READ.format("python3.11")),
        ("python run.py", "#!/usr/bin/env Rscript\nx <- c(1)\nif (x) {\n}\n", OTHER_READ + "R"),
        ("python run.py", "#!/usr/bin/perl\nmy $x = 1;\n", OTHER_READ + "Perl"),
        (
            "python -u run.py",
            "#!/usr/bin/env node\nconst x = () => 1;\n",
            OTHER_READ + "JavaScript",
        ),
        (
            "bash run.py",
            "#!/usr/bin/env tcsh\nif (1) then\n",
            'has bash read "run.py", which is a script of tcsh',
        ),
        ("python run.py", "#!/usr/bin/env Rscript\nprint(1)\n", None),
        ("bash run.py", "#!/usr/bin/env tcsh\nset x = 1\n", None),
        ("Rscript run.py", "#!/usr/bin/env Rscript\nx <- c(1)\nif (x) {\n}\n", None),
        ("python run.py", PYTHON, None),
        ("bash run.py", SHELL_SCRIPT, None),
        ("./run.py", PYTHON, None),
        ("bash run.py", FOR_BOTH.replace("/bin/bash", "/usr/bin/env python3"), None),
        ("python run.py", "#!/bin/bash\nimport os\n", None),
        ("bash run.py", "#!/usr/bin/env python3\nprint 1 # exit\n", None),
        ("bash -c 'python run.py'", PYTHON, None),
        ("bash none.py", PYTHON, None),
        ("perl run.py", PYTHON, None),
        ("bash /flywheel/v0/input/x/run.py", PYTHON, None),
    ],
)
def test_interpreter_of_another_language(
    command: str, text: str, message: str | None, tmp_path: Path, run: Run
) -> None:
    members = f'"command": "{command}"'
    directory = gear(tmp_path, HEAD + START.replace('"python"', '"env"'), members, run__py=text)
    meant = PROGRAMS_OF.get(message.rpartition(" ")[2], "bash") if message else ""
    program = message.split()[1] if message else ""
    assert found(directory, run, "GL413") == (
        [(f"command {message}", f'write "{meant}" instead of "{program}"')] if message else []
    )


def test_wrong_interpreter_of_entrypoint(tmp_path: Path, run: Run) -> None:
    text = f'{HEAD}ENTRYPOINT ["bash", "/flywheel/v0/run.py"]\n'
    directory = gear(tmp_path, text, run__py=PYTHON)
    outcome = run("check", "--select", "GL413", "--output-format", "concise", directory)
    assert outcome.stdout.endswith(
        'Dockerfile:4:13: GL413 error: ENTRYPOINT has bash read "/flywheel/v0/run.py",'
        " which is Python\n"
    )


def test_what_bash_may_not_come_to_is_a_warning(tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path, HEAD + START, '"command": "bash run.py"', run__py=WITH_EXIT)
    outcome = run("check", "--select", "GL413", "--output-format", "json", directory)
    assert [each["severity"] for each in outcome.findings] == ["warning"]


_R_STOPS = "has R stop, as nothing says whether to save its workspace"


@pytest.mark.parametrize(
    ("command", "start", "message"),
    [
        ("R run.R", "", 'command has R ignore "run.R", and stop'),
        ("/usr/bin/R -q run.R", "", 'command has R ignore "run.R", and stop'),
        ("R < run.R", "", f"command {_R_STOPS}"),
        ("cd / && R --no-restore < run.R", "", f"command {_R_STOPS}"),
        ("true", '["R", "run.R"]', 'ENTRYPOINT has R ignore "run.R", and stop'),
        ("R --no-save < run.R", "", ""),
        ("R --slave run.R", "", ""),
        ("R -f run.R", "", ""),
        ("R -e 1", "", ""),
        ("R CMD BATCH run.R", "", ""),
        ("R RHOME", "", ""),
        ("R $OPTIONS run.R", "", ""),
        ("R `cat options` run.R", "", ""),
        ("Rscript run.R", "", ""),
        ("true", '["R"]', ""),  # which is of use at a terminal
        ("true", '["R", "--no-save"]', ""),
    ],
)
def test_r_without_a_terminal(
    command: str, start: str, message: str, tmp_path: Path, run: Run
) -> None:
    start = start or '["true"]'
    text = f"{HEAD}ENTRYPOINT {start}\n"
    directory = gear(tmp_path, text, f'"command": "{command}"')
    assert [each for each, _ in found(directory, run, "GL413")] == ([message] if message else [])


IGNORED = [
    # .gitignore, what is started, whether it is reported that it is missing
    ("", "prog/tool", True),
    ("prog\n", "prog/tool", False),
    ("prog/\n", "prog/tool", False),
    ("prog/*\n", "prog/tool", False),
    ("tool\n", "prog/tool", False),
    ("/prog/deep/\n", "prog/deep/tool", False),
    ("prog/*\n!prog/tool\n", "prog/tool", True),
    ("other/\n", "prog/tool", True),
]


@pytest.mark.parametrize(("ignored", "started", "is_found"), IGNORED)
def test_what_git_ignores_may_be_made_before_the_build(
    ignored: str, started: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    dockerfile = f'FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . ./\nENTRYPOINT ["./{started}"]\n'
    directory = gear(tmp_path, dockerfile, f'"command": "./{started}"')
    (directory / ".gitignore").write_text(ignored)
    assert bool(found(directory, run, "GL305,GL402")) is is_found


@pytest.mark.parametrize(
    ("mount", "step", "is_found"),
    [
        ("", "cp /ctx/run.py ./", True),
        ("--mount=type=bind,target=/ctx ", "cp /ctx/run.py ./", False),
        ("--mount=target=/ctx ", "cp -r /ctx/. /flywheel/v0/", False),
        ("--mount=type=bind,source=.,dst=/ctx/a ", "install /ctx/a/run.py /flywheel/v0", False),
        ("--mount=type=cache,target=/root/.cache ", "true", True),
    ],
)
def test_what_a_step_copies_from_a_mount(
    mount: str, step: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    start = '["python", "/flywheel/v0/run.py"]'
    dockerfile = f"FROM python:3.11\nWORKDIR /flywheel/v0\nRUN {mount}{step}\nENTRYPOINT {start}\n"
    directory = gear(tmp_path, dockerfile)
    assert bool(found(directory, run, "GL305,GL312,GL402")) is is_found
