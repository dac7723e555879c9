"""Shell scripts that the gear's Python names, and so may start."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

BROKEN = "#!/bin/bash\nif true; then\n    ls\n"
DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""


def broken(
    directory: Path, run: Run, script: str, files: dict[str, str], members: str = ""
) -> list[str]:
    """The shell scripts that GL406 reports in a gear, with the severity."""
    write_gear(directory, members)
    for name, text in {"Dockerfile": DOCKERFILE, "run.py": script, **files}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    outcome = run("check", "--select", "GL406", "--output-format", "json", directory)
    return [f"{each['path']} {each['severity']}" for each in outcome.findings]


@pytest.mark.parametrize(
    "line",
    [
        'subprocess.run(["bash", "/flywheel/v0/app/main.sh"])',
        "os.system('/flywheel/v0/app/main.sh a b')",
        'subprocess.run(["bash", "app/main.sh"])',
        'subprocess.run(["./app/main.sh"])',
        'command = f"{home}/app/main.sh {image}"',
        'command = home + "/app/main.sh"',
        "command = 'bash app/main.sh > log.txt'  # it's",
    ],
)
def test_of_the_script(line: str, tmp_path: Path, run: Run) -> None:
    assert broken(tmp_path, run, line, {"app/main.sh": BROKEN}) == ["app/main.sh warning"]


def test_of_a_module(tmp_path: Path, run: Run) -> None:
    files = {"app/__init__.py": "", "app/main.sh": BROKEN, "app/step.py": 'run("main.sh")'}
    assert broken(tmp_path, run, "import app.step", files) == ["app/main.sh warning"]


def test_the_one_in_the_directory_of_the_gear_comes_first(tmp_path: Path, run: Run) -> None:
    files = {"app/__init__.py": "", "app/main.sh": BROKEN, "app/step.py": 'run("main.sh")'}
    assert broken(tmp_path, run, "import app.step", {**files, "main.sh": "ls\n"}) == []


def test_what_such_a_script_starts(tmp_path: Path, run: Run) -> None:
    files = {"main.sh": "#!/bin/bash\nbash /flywheel/v0/other.sh\n", "other.sh": BROKEN}
    assert broken(tmp_path, run, 'run("main.sh")', files) == ["other.sh warning"]


def test_it_is_an_error_where_the_run_starts_it_too(tmp_path: Path, run: Run) -> None:
    members = '"command": "bash main.sh && python run.py"'
    files = {"main.sh": BROKEN}
    assert broken(tmp_path, run, 'run("main.sh")', files, members) == ["main.sh error"]


@pytest.mark.parametrize(
    "line",
    [
        "print(1)  # see app/main.sh",
        "print(main.sh)",
        'run("/opt/app/main.sh")',
        'run("other/main.sh")',
        'run("app/main.sh.txt", "app/main.shx")',
        'run("""a\nmain.sh\n""")',
        "run('', \"\")",
    ],
)
def test_left_alone(line: str, tmp_path: Path, run: Run) -> None:
    files = {"app/main.sh": BROKEN, "opt/main.sh": BROKEN}
    assert broken(tmp_path, run, line, files) == []


def test_a_script_that_the_image_lacks(tmp_path: Path, run: Run) -> None:
    files = {"main.sh": BROKEN, ".dockerignore": "main.sh\n"}
    assert broken(tmp_path, run, 'run("main.sh")', files) == []
