"""GL315 where the manifest sets PATH itself, and where a `#!` line looks for its interpreter."""

from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.sound import SCRIPT, write_gear

SYSTEM = "/usr/local/bin:/usr/bin:/bin"
CONDA = "ENV PATH=/opt/conda/bin:$PATH"
TOOL = "COPY --chmod=755 run.py bin/tool\nENV PATH=/flywheel/v0/bin:$PATH"
SCRIPT_ITSELF = "/flywheel/v0/run.py"
PYTHON = "python run.py"
TWO = "ENV PATH=/opt/fsl/bin:/opt/conda/bin/:$PATH"
LINKED = f"{CONDA}\nRUN ln -sf /opt/conda/bin/python /usr/local/bin/python"
BY_PYTHON, BY_ENV = 'command starts "python"', f'"{SCRIPT_ITSELF}" is started by "python3"'


def _found(
    directory: Path,
    check: Run,
    lines: str,
    command: str,
    path: str | None,
    script: str = SCRIPT,
    base: str = "python:3.11",
) -> list[str]:
    """`message -> help` of what GL315 finds, by the Dockerfile, `command` and PATH of a gear."""
    environment = "{}" if path is None else f'{{"PATH": "{path}"}}'
    write_gear(directory, f'"command": "{command}",\n"environment": {environment}')
    (directory / "run.py").write_text(script)
    (directory / "run.py").chmod(0o755)
    (directory / "Dockerfile").write_text(
        f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\n"
        f'{lines}\nENTRYPOINT ["/flywheel/v0/run.py"]\n'
    )
    found = check(directory, "--select", "GL315").findings
    assert {each["severity"] for each in found} <= {"warning"}
    return [f"{each['message']} -> {each['help']}" for each in found]


def _lacks(directory: str, what: str) -> str:
    message = f'the gear gets the manifest\'s PATH, without "{directory}", and {what}'
    return f'{message} -> put "{directory}:" at the beginning of that PATH'


@pytest.mark.parametrize(
    ("lines", "command", "path", "directory", "what"),
    [
        (CONDA, PYTHON, SYSTEM, "/opt/conda/bin", BY_PYTHON),
        (CONDA, "python3 run.py", SYSTEM, "/opt/conda/bin", f'{BY_PYTHON[:-1]}3"'),
        (CONDA, SCRIPT_ITSELF, SYSTEM, "/opt/conda/bin", BY_ENV),
        (TWO, PYTHON, SYSTEM, "/opt/conda/bin/", BY_PYTHON),
        (TOOL, "tool", SYSTEM, "/flywheel/v0/bin", 'command starts "tool"'),
        (TOOL, "tool", f"/opt/conda/bin:{SYSTEM}", "/flywheel/v0/bin", 'command starts "tool"'),
    ],
)
def test_directory_that_is_not_on_the_path_of_the_manifest(
    lines: str, command: str, path: str, directory: str, what: str, tmp_path: Path, check: Run
) -> None:
    assert _found(tmp_path, check, lines, command, path) == [_lacks(directory, what)]


@pytest.mark.parametrize(
    ("lines", "command", "path"),
    [
        (CONDA, PYTHON, f"/opt/conda/bin:{SYSTEM}"),
        (CONDA, PYTHON, f"/opt/conda/bin/:{SYSTEM}"),
        (CONDA, PYTHON, f"{SYSTEM}:/opt/conda/bin"),
        (CONDA, PYTHON, f"/opt/other/venv/bin:{SYSTEM}"),  # another one is meant
        (CONDA, PYTHON, "/opt/fsl/bin:$PATH"),  # GL141 says so
        (CONDA, PYTHON, ""),
        (CONDA, "/usr/local/bin/python run.py", SYSTEM),
        (CONDA, "PATH=/opt/conda/bin:$PATH python run.py", SYSTEM),
        (CONDA, "bash run.sh", SYSTEM),
        (CONDA, "source env.sh && python run.py", SYSTEM),
        ("ENV CONDA=/opt/conda\nENV PATH=$CONDA/bin:$PATH", PYTHON, SYSTEM),
        ("ENV PATH=conda/bin:$PATH", PYTHON, SYSTEM),
        ("ENV PATH=$PATH:/opt/conda/bin", PYTHON, SYSTEM),
        ("ENV PATH=/opt/tools/bin:$PATH", PYTHON, SYSTEM),
        (LINKED, PYTHON, SYSTEM),
        (LINKED, PYTHON, None),
        (TOOL, "tool", f"/flywheel/v0/bin:{SYSTEM}"),
        (TOOL, "tool", "/a:" * limits.PATH_DIRECTORIES + SYSTEM),
    ],
)
def test_path_of_the_manifest_that_may_be_meant(
    lines: str, command: str, path: str | None, tmp_path: Path, check: Run
) -> None:
    assert _found(tmp_path, check, lines, command, path) == []


@pytest.mark.parametrize(
    ("script", "is_found"),
    [
        ("#!/usr/bin/env python3\n", True),
        ("#!/usr/bin/env python\n", True),
        ("#!/usr/local/bin/python3\n", False),
        ("#!/usr/bin/env bash\n", False),
        ("#!/usr/bin/env -S python3 -u\n", False),
        ("print(1)\n", False),
    ],
)
def test_interpreter_that_is_looked_up(
    script: str, is_found: bool, tmp_path: Path, check: Run
) -> None:
    name = script.split()[-1]
    message = "Flywheel does not pass this PATH to the gear, and"
    advice = 'set PATH under "environment" in the manifest too'
    expected = [f'{message} "{SCRIPT_ITSELF}" is started by "{name}" -> {advice}']
    found = _found(tmp_path, check, CONDA, SCRIPT_ITSELF, None, script)
    assert found == (expected if is_found else [])


def test_path_is_set_for_an_interpreter_that_is_looked_up(tmp_path: Path, check: Run) -> None:
    assert _found(tmp_path, check, CONDA, SCRIPT_ITSELF, None)
    assert check("--fix", "--select", "GL315", tmp_path).findings == []
    assert '"PATH": "/opt/conda/bin:/usr/local/bin:' in (tmp_path / "manifest.json").read_text()


def test_path_of_the_manifest_is_left_to_its_author(tmp_path: Path, check: Run) -> None:
    assert len(_found(tmp_path, check, CONDA, PYTHON, SYSTEM)) == 1
    before = (tmp_path / "manifest.json").read_text()
    assert len(check("--fix", "--select", "GL315", tmp_path).findings) == 1
    assert (tmp_path / "manifest.json").read_text() == before


MINICONDA = "continuumio/miniconda3:24.1.2-0"


@pytest.mark.parametrize(
    ("base", "lines", "command", "path", "expected"),
    [
        (
            MINICONDA, "", PYTHON, None,
            f"Flywheel does not pass the PATH of this image to the gear, and {BY_PYTHON}"
            ' -> set PATH under "environment" in the manifest too',
        ),
        (MINICONDA, "ENV PATH=/opt/x:$PATH", PYTHON, SYSTEM, _lacks("/opt/conda/bin", BY_PYTHON)),
        (f"{MINICONDA} AS a\nFROM a", "", SCRIPT_ITSELF, SYSTEM, _lacks("/opt/conda/bin", BY_ENV)),
        (MINICONDA, "", "/opt/conda/bin/python run.py", None, ""),
        (MINICONDA, "", "bash run.sh", None, ""),
        (MINICONDA, "", PYTHON, f"/opt/conda/bin:{SYSTEM}", ""),
        (MINICONDA, "ENV PATH=/usr/bin:/bin", PYTHON, None, ""),
        (MINICONDA, "RUN ln -s /opt/conda/bin/python /usr/bin/python", PYTHON, None, ""),
        ("nvidia/cuda:12.2.0-base-ubuntu22.04", "", "python3 run.py", None, ""),
        ("me/conda:1", "", PYTHON, None, ""),
    ],
)  # fmt: skip
def test_path_of_the_base_image(
    base: str, lines: str, command: str, path: str | None, expected: str, tmp_path: Path, check: Run
) -> None:
    found = _found(tmp_path, check, lines, command, path, base=base)
    assert found == ([expected] if expected else [])


def test_path_of_the_base_image_is_put_into_the_manifest(tmp_path: Path, check: Run) -> None:
    assert _found(tmp_path, check, "", PYTHON, None, base=MINICONDA)
    assert check("--fix", "--select", "GL315", tmp_path).findings == []
    assert '"PATH": "/opt/conda/bin:/usr/local/sbin:' in (tmp_path / "manifest.json").read_text()
