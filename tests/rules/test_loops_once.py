"""GL415: loops of a shell script over one word in quotes, beside the real bash."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear


def found(directory: Path, run: Run, script: str) -> list[str]:
    """`LINE:COLUMN MESSAGE; HELP` of GL415 in a gear that runs this script."""
    write_gear(directory, '"command": "./run.sh"')
    (directory / "Dockerfile").write_text("FROM me/base\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    findings = run("check", "--select", "GL415", "--output-format", "json", directory).findings
    assert {finding["severity"] for finding in findings} <= {"warning"}
    return [
        f"{each['line']}:{each['column']} {each['message']}; {each['help']}" for each in findings
    ]


def turns(script: str) -> int:
    """How often bash runs the loop of a script."""
    environment = {**os.environ, "files": "a b c"}
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    words = [bash, "-c", f"a=(a b c)\n{script}", "run.sh", "a b", "c"]
    outcome = subprocess.run(words, env=environment, capture_output=True, check=True)
    return outcome.stdout.count(b"turn")


@pytest.mark.parametrize(
    "script",
    [
        'for x in "$files"; do echo turn; done',
        'for  x\tin  "${files}" # all\ndo\n    echo turn "$x"\ndone',
        'files=$1\nfor x in "$files"; do echo turn; done',
        'files=""\nfiles="$files b c"\nfor x in "$files"; do echo turn; done',
        'export files="a b"\nfor x in "$files"; do echo turn; done',
        'declare files=$(echo a b)\nfor x in "$files"; do echo turn; done',
        'for x in "$1"; do echo turn; done',
        'for x in "$*"; do echo turn; done',
        'for x in "${a[*]}"; do echo turn; done',
        'for x in "$a"; do echo turn; done',
        'for x in "${none:-a b}"; do echo turn; done',
        'for x in "$(echo "$@")"; do echo turn; done',
        'for x in "`echo a b`"; do echo turn; done',
        'if [ -n "$files" ]; then for x in "$files"; do if true; then echo turn; fi; done; fi',
        'f() { for x in "$1"; do echo turn; done; }\nf "a b"',
        'for y in 1; do break; done; for x in "$files"; do echo turn; done',
    ],
)
def test_found(script: str, tmp_path: Path, run: Run) -> None:
    assert turns(script) == 1
    [one] = found(tmp_path, run, script)
    assert " the loop runs once: " in one


def test_message(tmp_path: Path, run: Run) -> None:
    script = 'for x in "$files"; do ls "$x"; done\nfor x in "${a[*]}"; do ls; done'
    assert found(tmp_path, run, script) == [
        '2:10 the loop runs once: "$files" is one word; leave out the quotes',
        '3:10 the loop runs once: "${a[*]}" is one word; write "${a[@]}"',
    ]


@pytest.mark.parametrize(
    "script",
    [
        # it may have several words
        "for x in $files; do echo turn; done",
        'for x in "$@"; do echo turn; done',
        'for x in "${@:1}"; do echo turn; done',
        'for x in "${a[@]}"; do echo turn; done',
        'for x in "${a[@]:0:2}"; do echo turn; done',
        'for x in "${a[@]+"${a[@]}"}"; do echo turn; done',
        'for x in "${!a[@]}"; do echo turn; done',
        'b="a[@]"\nfor x in "${!b}"; do echo turn; done',
        'for x in "$files"{1,2}; do echo turn; done',
        'for x in "$files" b; do echo turn; done',
        # one is meant
        'files=a\nfor x in "$files"; do echo turn; echo turn; done',
        'export files=a\nfor x in "$files"; do echo turn; echo turn; done',
        'files=a\nfiles="$files b"\nfor x in "$files"; do echo turn; echo turn; done',
        'for x in $files; do for y in "$x"; do echo turn; done; done',
        'for x in "$files"; do echo turn; echo turn; break; done',
        'for x in "$files/a"; do echo turn; echo turn; done',
        # no such loop
        'select x in "$files"; do echo turn; echo turn; done <<< 1 || true',
        "echo 'for x in \"$files\"; do'\necho turn turn",
        '# for x in "$files"; do\necho turn turn',
        'cat <<E\nfor x in "$files"; do turn; turn; done\nE',
    ],
)
def test_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    assert turns(script) > 1
    assert found(tmp_path, run, script) == []


def test_what_the_script_does_not_come_to(tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, 'exit 0\nfor x in "$files"; do ls; done') == []
