"""A gear's own code that is made to crash, to take long, or to lead out of the repository."""

import os
from pathlib import Path

import pytest

from tests.conftest import Run, seconds_of_processor
from tests.sound import DOCKERFILE, write_gear

READS = 'import flywheel\n\ncontext = flywheel.GearContext()\nprint(context.config["speed"])\n'
SECONDS = 3.0
"""Of the processor, for what takes about one."""


def gear(directory: Path, script: str, **modules: str) -> Path:
    """A gear whose image has all its files."""
    write_gear(directory)
    copied = "RUN pip install flywheel-sdk\nCOPY ."
    (directory / "Dockerfile").write_text(DOCKERFILE.replace("COPY run.py manifest.json", copied))
    (directory / "run.py").write_text(script)
    for name, text in modules.items():
        (directory / f"{name}.py").write_text(text)
    return directory


def codes(directory: Path) -> list[str]:
    """The codes of what is found in a gear, in a process of its own and in time."""
    seconds, outcome = seconds_of_processor(
        "check", "--select", "GL4,GL501,GL502,GL504,GL7", "--output-format", "json", directory
    )
    assert "internal" not in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert seconds < SECONDS
    return outcome.codes


@pytest.mark.parametrize(
    "script",
    [
        READS + 'print(context.config["threads"])\n' * 50_000,
        READS + "x = 1\n" * 30_000,
        READS + "def f(a):\n    return a\n" * 8_000,
        READS + "x = f(x)\n" * 20_000,
        READS + "".join(f"x{n} = x{n + 1}\n" for n in range(9_000)),
        READS + "".join(f"def f{n}(a):\n    return f{n + 1}(a)\n" for n in range(4_000)),
        READS + "x = [" + "context.config," * 10_000 + "]\n",
        READS + "if x:\n    x = context.config\n" * 6_000 + 'x["speed"]\n',
        READS + "for i in range(3):\n    x = y\n    y = x\n" * 4_000 + 'x["a"]\n',
        READS + "from a import *\n" * 10_000 + "print(b[c])\n",
        READS + 'import sys\nsys.path.append("/a")\n' * 5_000,
        READS + 'key = "' + "a" * 190_000 + '"\ncontext.config[key]\n',
        READS + "".join(f'context.config["k{n}"]\n' for n in range(6_000)),
        READS + "context.config[" + '"a" + ' * 500 + '"b"]\n',
        READS + "context.config[" + 'f"{a}{a}{a}{a}"]\na = "x" or "y" or "z"\n',
        READS + 'a = ["b", "c"]\n' + "for a in a:\n" * 15 + " " * 1 + "pass\n",
    ],
    ids=range(16),
)
def test_a_long_script_is_read_in_time(script: str, tmp_path: Path) -> None:
    codes(gear(tmp_path / "gear", script))


@pytest.mark.parametrize(
    "script",
    [
        READS + "x = " + "(" * 5_000 + ")" * 5_000 + "\n",
        READS + "x = " + "[" * 150 + "]" * 150 + "\n",
        READS + "x = " + "-" * 50_000 + "1\n",
        READS + "x = " + "1 + " * 40_000 + "1\n",
        READS + "x = a" + ".b" * 900 + "\n",
        READS + "x = a" + "()" * 20_000 + "\n",
        READS + "x = a" + "[0]" * 900 + "\n",
        READS + "x = " + "lambda: " * 5_000 + "1\n",
        READS + "x = " + "not " * 30_000 + "1\n",
        READS + "".join(" " * n + "if x:\n" for n in range(90)) + " " * 90 + "pass\n",
        READS + "".join("    " * n + f"def f{n}():\n" for n in range(60)) + "    " * 60 + "pass\n",
        READS + "@a\n" * 20_000 + "def f(): pass\n",
        READS + "x = " + "a if b else " * 10_000 + "c\n",
        READS + "\0",
        READS + "x = '\\ud800'\n",
        READS.replace("\n", "\r"),
        READS + "match x:\n    case " + "[" * 100 + "]" * 100 + ":\n        pass\n",
        "# coding: rot13\n" + READS,
    ],
    ids=range(18),
)
def test_deep_nesting_is_no_crash(script: str, tmp_path: Path) -> None:
    codes(gear(tmp_path / "gear", script))


def test_circular_imports(tmp_path: Path) -> None:
    one = "import two\nfrom two import x\n\ndef config():\n    return x()\n"
    two = "import one\nfrom one import config\n\ndef x():\n    return config()\n"
    script = READS + "import one\nprint(one.config()['a'])\n"
    assert codes(gear(tmp_path / "gear", script, one=one, two=two)) == ["GL501"]


def test_a_class_that_is_its_own_base(tmp_path: Path) -> None:
    script = READS + "class A(A):\n    def f(self):\n        return self.x['a']\n\nA().f()\n"
    assert codes(gear(tmp_path / "gear", script)) == ["GL501"]


def test_a_syntax_error_in_a_module(tmp_path: Path) -> None:
    script = READS + "import one\nprint(one.a['b'])\n"
    assert codes(gear(tmp_path / "gear", script, one="def x(:\n")) == ["GL406", "GL501"]


def test_many_modules(tmp_path: Path) -> None:
    modules = {f"m{n}": f"import m{n + 1}\nimport m0\n{READS}" for n in range(300)}
    assert "GL501" in codes(gear(tmp_path / "gear", READS + "import m0\n", **modules))


@pytest.mark.parametrize("name", ["one.py", "lib"])
def test_a_module_that_leads_out_of_the_repository_is_not_read(name: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for file in ("one.py", "__init__.py"):
        (outside / file).write_text("def f(c):\n    return c['secret-option']\n")
    directory = gear(tmp_path / "repository", READS + "import one, lib\none.f(context.config)\n")
    (directory / ".git").mkdir()
    os.symlink(outside if name == "lib" else outside / name, directory / name)
    assert "secret-option" not in str(codes(directory))


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_a_module_that_is_no_file(make: object, tmp_path: Path) -> None:
    directory = gear(tmp_path / "gear", READS + "import one\n")
    assert callable(make)
    make(directory / "one.py")
    make(directory / "data.txt")
    assert "GL501" in codes(directory)


def test_many_and_large_files_are_searched_in_time(tmp_path: Path) -> None:
    directory = gear(tmp_path / "gear", "print(1)\n")
    line = "a.example.org:aaaaaaaaaaaaaaA1 "
    (directory / "one-line.txt").write_text(line * 60_000)
    (directory / "colons.txt").write_text(":" + ":aaaaaaaaaaaaaaa" * 120_000)
    (directory / "hosts.txt").write_text("a." * 900_000 + ":aaaaaaaaaaaaaaaa")
    for number in range(3_000):
        (directory / f"{number}.txt").write_text("x")
    assert codes(directory) == []


def test_a_shell_script_with_much_to_read(tmp_path: Path, run: Run) -> None:
    directory = gear(tmp_path / "gear", "print(1)\n")
    text = "#!/bin/bash\n" + "jq .config.a config.json\n" * 3_000 + "f() {\n" * 3_000
    (directory / "go.sh").write_text(text)
    (directory / "go.sh").chmod(0o755)
    write_gear(directory, '"command": "./go.sh"')
    codes(directory)
