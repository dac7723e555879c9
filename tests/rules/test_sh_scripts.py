"""GL324: what a shell script has of bash, where `sh` reads it and is dash."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

READ = "the script is read by /bin/sh, which is dash here and {}"
BEGIN = "begin it with #!/bin/bash"


def found(
    directory: Path, run: Run, script: str, command: str = "./run.sh", base: str = "python:3.11"
) -> list[tuple[str, str, str, str]]:
    """The severity, line and column, message and help of GL324."""
    write_gear(directory, f'"command": "{command}"')
    (directory / "run.sh").write_text(script)
    (directory / "run.sh").chmod(0o755)
    (directory / "Dockerfile").write_text(
        f"FROM {base}\nWORKDIR /flywheel/v0\nCOPY run.sh run.py manifest.json ./\n"
    )
    arguments = ("check", "--select", "GL324", "--output-format", "json")
    return [
        (each["severity"], f"{each['line']}:{each['column']}", each["message"], each["help"])
        for each in run(*arguments, directory).findings
    ]


@pytest.mark.parametrize(
    ("script", "severity", "place", "what", "help"),
    [
        (
            "#!/bin/sh\nfiles=(input/*)\necho $files", "error", "2:7",
            'does not read "an array"',
            f"write the words out, or set them with set --, or {BEGIN}",
        ),
        (
            "#!/bin/sh\nset -e\nsource ./env.sh\necho", "error", "3:1", 'has no "source"',
            f'write "." for it, with a path that has a slash, or {BEGIN}',
        ),
        (
            "#!/bin/sh\nshopt -s extglob\nls !(a)", "error", "3:4", 'does not read "!(...)"',
            BEGIN,
        ),
        ("#!/bin/sh\nshopt -s nullglob\nls", "warning", "2:1", 'has no "shopt"', BEGIN),
        ("#!/usr/bin/env sh\necho ${x^^}", "error", "2:6", 'does not read "${x^^}"', BEGIN),
        (
            "#! /bin/sh\nif [[ -f x ]]; then\n  echo\nfi", "warning", "2:4", 'has no "[["',
            f'write [ ... ], with "=" for "==", or {BEGIN}',
        ),
        (
            "#!/bin/sh\nls\n[ -f x ] && exit 0\nx=(1)", "warning", "4:3",
            'does not read "an array"',
            f"write the words out, or set them with set --, or {BEGIN}",
        ),
        (
            "#!/bin/sh\npython run.py &> log.txt", "warning", "2:15",
            'reads "&>" as something else', f"write > FILE 2>&1, or {BEGIN}",
        ),
        # one that fails comes before others
        (
            "#!/bin/sh\nmkdir -p {a,b}\npushd a", "error", "3:1", 'has no "pushd"',
            f"write cd in parentheses, as in (cd build && make), or {BEGIN}",
        ),
    ],
)  # fmt: skip
def test_a_script_for_bash(
    script: str, severity: str, place: str, what: str, help: str, tmp_path: Path, run: Run
) -> None:
    assert found(tmp_path, run, script) == [(severity, place, READ.format(what), help)]


def test_a_script_of_bash_that_sh_is_given(tmp_path: Path, run: Run) -> None:
    ((severity, place, _, advice),) = found(tmp_path, run, "#!/bin/bash\nx=(1)", "sh run.sh")
    assert (severity, place) == ("error", "2:3")
    assert advice.endswith(", or start it with bash")


def test_a_script_that_not_every_run_starts(tmp_path: Path, run: Run) -> None:
    (tmp_path / "other.sh").write_text("#!/bin/sh\nx=(1)\n")
    script = "#!/bin/sh\nif [ -f input/a ]; then\n  sh other.sh\nfi\nls\n"
    base = "python:3.11\nCOPY other.sh /flywheel/v0/"
    assert [each[0] for each in found(tmp_path, run, script, base=base)] == ["warning"]


@pytest.mark.parametrize(
    ("script", "command", "base"),
    [
        ("#!/bin/bash\nx=(1)", "./run.sh", "python:3.11"),
        ("x=(1)", "./run.sh", "python:3.11"),  # which bash starts, and reads itself then
        ("#!/bin/sh\nx=(1)", "bash run.sh", "python:3.11"),
        ("#!/bin/sh\nx=(1)", ". ./run.sh", "python:3.11"),
        ("#!/bin/sh\nif [ -f x ]; then . ./x; fi\necho ${x%.*}", "./run.sh", "python:3.11"),
        ("#!/bin/sh\necho 'x=(1)'\ncat <<E\n[[ x ]]\nE", "./run.sh", "python:3.11"),
        (
            '#!/bin/sh\n[ -n "$BASH_VERSION" ] || exec bash "$0"\nx=(1)', "./run.sh",
            "python:3.11",
        ),
        ("#!/bin/sh\n[ -n x ] && exec /bin/bash $0\nx=(1)", "./run.sh", "python:3.11"),
        ("#!/bin/sh\nx=(1)\nif", "./run.sh", "python:3.11"),  # GL406 says so
        ("#!/bin/sh\nx=(1)", "./run.sh", "rockylinux:9"),
        ("#!/bin/sh\n[[ x ]]", "./run.sh", "python:3.11-alpine"),
        ("#!/bin/sh\nx=(1)", "./run.sh", "me/base:1"),
        ("#!/bin/sh\nx=(1)", "./run.sh", "python:3.11\nRUN ln -sf bash /bin/sh"),
        ("#!/bin/sh\nx=(1)", "python run.py", "python:3.11"),
        ("#!/bin/sh\nshopt -s nullglob 2>/dev/null\nls", "./run.sh", "python:3.11"),
        ("#!/bin/sh\ntype shopt && shopt -s nullglob\nls", "./run.sh", "python:3.11"),
    ],
)  # fmt: skip
def test_left_alone(script: str, command: str, base: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, script, command, base) == []
