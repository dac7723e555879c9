"""GL305, GL402: the module of `python -m MODULE`."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

FILES = (
    "pkg/__init__.py", "pkg/main.py", "pkg/old.pyc", "pkg/sub/__init__.py", "pkg/sub/work.py",
    "pkg/bare/work.py", "whole/__init__.py", "whole/__main__.py", "loose/work.py", "one.py",
)  # fmt: skip
COPY_IT = "copy it into the image, or correct its name"
PATH_AND_NO_NAME = 'the module "{}", which is a path and no name'
NO_MAIN = 'the module "{}", a package without a __main__.py'


def found(directory: Path, run: Run, command: str, start: str, copy: str) -> list[tuple[str, str]]:
    """The messages and helps of GL305 and GL402."""
    write_gear(directory, f'"command": "{command}"')
    for name in FILES:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text("print(1)\n")
    text = f"FROM python:3.11\nWORKDIR /flywheel/v0\n{copy}\nENTRYPOINT {start}\n"
    (directory / "Dockerfile").write_text(text)
    arguments = ("check", "--select", "GL305,GL402", "--output-format", "json")
    return [(each["message"], each["help"]) for each in run(*arguments, directory).findings]


@pytest.mark.parametrize(
    ("module", "what", "help"),
    [
        ("pkg", NO_MAIN.format("pkg"), "name a module of it, as pkg.main, or add pkg/__main__.py"),
        (
            "pkg.sub", NO_MAIN.format("pkg.sub"),
            "name a module of it, as pkg.sub.main, or add pkg/sub/__main__.py",
        ),
        ("pkg.other", 'the module "pkg.other", which /flywheel/v0/pkg lacks', COPY_IT),
        ("pkg.mian", 'the module "pkg.mian", which /flywheel/v0/pkg lacks', 'did you mean "main"?'),
        ("pkg.sub.other", 'the module "pkg.sub.other", which /flywheel/v0/pkg/sub lacks', COPY_IT),
        (
            "one.py", 'the module "one.py": -m takes a name, without .py',
            "write one, or leave out -m",
        ),
        ("pkg/main", PATH_AND_NO_NAME.format("pkg/main"), "write pkg.main"),
        ("./pkg/main.py", PATH_AND_NO_NAME.format("./pkg/main.py"), "write pkg.main"),
        ("../a-b", PATH_AND_NO_NAME.format("../a-b"), "write its name, with dots"),
    ],
)  # fmt: skip
def test_a_module_that_is_not_there(
    module: str, what: str, help: str, tmp_path: Path, run: Run
) -> None:
    start = f'["python3", "-u", "-m", "{module}"]'
    assert found(tmp_path, run, f"python -m {module}", start, "COPY . .") == [
        (f"ENTRYPOINT starts {what}", help),
        (f"command starts {what}", help),
    ]


@pytest.mark.parametrize(
    ("command", "copy"),
    [
        ("python -m whole", "COPY . ."),
        ("python -m pkg.main", "COPY . ."),
        ("python -m pkg.sub.work", "COPY . ."),
        ("python -m pkg.bare.work", "COPY . ."),
        ("python -m pkg.bare.other", "COPY . ."),  # it may be in another package pkg.bare
        ("python -m pkg.old", "COPY . ."),
        ("python -m pkg.main.x", "COPY . ."),
        ("python -m loose", "COPY . ."),  # a package of that name may be installed
        ("python -m loose.other", "COPY . ."),
        ("python -m one", "COPY . ."),
        ("python -m pip list", "COPY . ."),
        ("python -m one.two", "COPY . ."),
        ("python -I -m pkg", "COPY . ."),
        ("cd /opt && python -m pkg", "COPY . ."),
        ("python one.py -m pkg", "COPY . ."),
        ("python -m pkg", "COPY . .\nRUN cd pkg && ./make"),
    ],
)
def test_a_module_that_may_be_there(command: str, copy: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, command, '["python", "one.py"]', copy) == []
