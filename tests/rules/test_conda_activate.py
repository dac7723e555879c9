"""GL402, GL415: `conda activate` in a shell that conda has not set up."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

CONDA = "/opt/conda/etc/profile.d/conda.sh"
ADVICE = "source etc/profile.d/conda.sh of conda before it, or start the environment's own Python"


def found(
    directory: Path, run: Run, command: str, script: str = "", environment: str = "{}"
) -> list[tuple[str, int, str]]:
    """The code, line and message of GL402 and GL415, with the help that they all have."""
    write_gear(directory, f'"command": "{command}",\n"environment": {environment}')
    (directory / "run.sh").write_text(script)
    (directory / "run.sh").chmod(0o755)
    (directory / "Dockerfile").write_text(
        "FROM me/base:1\nWORKDIR /flywheel/v0\nCOPY run.py run.sh manifest.json ./\n"
        'ENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'
    )
    arguments = ("check", "--select", "GL402,GL415", "--output-format", "json")
    findings = run(*arguments, directory).findings
    assert {each["help"] for each in findings} <= {ADVICE}
    return [(each["code"], each["line"], each["message"]) for each in findings]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("conda activate gear && python run.py", "conda"),
        ("cd /flywheel/v0 && mamba activate gear && python run.py", "mamba"),
        ("bash -c 'micromamba activate gear && python run.py'", "micromamba"),
        ("conda activate gear && source env.sh && python run.py", "conda"),
    ],
)
def test_command(command: str, name: str, tmp_path: Path, run: Run) -> None:
    ((code, _, message),) = found(tmp_path, run, command)
    assert code == "GL402"
    assert message == f"command fails: {name} activate works only in a shell that {name} has set up"


@pytest.mark.parametrize(
    "command",
    [
        f". {CONDA} && conda activate gear && python run.py",
        f"source {CONDA} && conda activate gear && python run.py",
        'eval \\"$(conda shell.bash hook)\\" && conda activate gear && python run.py',
        "bash -lc 'conda activate gear && python run.py'",
        "bash -ic 'conda activate gear && python run.py'",
        f"bash -c '. {CONDA} && conda activate gear && python run.py'",
        "conda activate gear; python run.py",
        "conda activate gear || python run.py",
        "conda() { ls; }; conda activate gear && python run.py",
        "conda run -n gear python run.py",
        "echo conda activate && python run.py",
    ],
)
def test_command_that_may_have_set_it_up(command: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, command) == []


def test_bash_may_read_a_file_first(tmp_path: Path, run: Run) -> None:
    environment = '{"BASH_ENV": "/root/.bashrc"}'
    assert found(tmp_path, run, "conda activate a && python run.py", environment=environment) == []
    script = "#!/bin/bash\nconda activate gear\n"
    assert found(tmp_path, run, "./run.sh", script, environment) == []


@pytest.mark.parametrize(
    ("script", "line", "name"),
    [
        ("#!/bin/bash\nset -e\nconda activate gear\npython run.py\n", 3, "conda"),
        ("#!/bin/sh\nif true; then\n  mamba activate gear\nfi\n", 3, "mamba"),
        ("#!/bin/bash\nconda activate a\nconda activate b\n", 2, "conda"),
        ("#!/bin/bash\nconda init bash\nconda activate a && ls\n", 3, "conda"),
    ],
)
def test_script(script: str, line: int, name: str, tmp_path: Path, run: Run) -> None:
    message = f"{name} activate works only in a shell that {name} has set up"
    assert found(tmp_path, run, "./run.sh", script) == [("GL415", line, message)]


@pytest.mark.parametrize(
    ("script", "command"),
    [
        (f"#!/bin/bash\nsource {CONDA}\nconda activate gear\n", "./run.sh"),
        (f"#!/bin/sh\nls && . {CONDA}\nconda activate gear\n", "./run.sh"),
        ('#!/bin/bash\neval "$(conda shell.bash hook)"\nconda activate gear\n', "./run.sh"),
        ("#!/bin/bash --login\nconda activate gear\n", "./run.sh"),
        ("#!/bin/bash -il\nconda activate gear\n", "./run.sh"),
        ("#!/bin/bash\nconda activate gear\n", "bash -i run.sh"),
        ("#!/bin/bash\nconda activate gear\n", "python run.py"),
        ("#!/bin/bash\nconda() { ls; }\nconda activate gear\n", "./run.sh"),
        ("#!/bin/bash\nconda activate gear || source activate gear\n", "./run.sh"),
        ("#!/bin/bash\n# conda activate gear\necho conda activate\n", "./run.sh"),
        ("#!/bin/bash\nsource activate gear\n", "./run.sh"),
    ],
)
def test_script_that_may_have_set_it_up(
    script: str, command: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, command, script) == []
