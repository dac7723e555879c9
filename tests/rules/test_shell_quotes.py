"""GL422: quotes of a shell script that make another thing of a word, beside the real bash."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

STAR = "the shell expands no * in quotes: {} gets a name with a star"


def check(directory: Path, run: Run, script: str, *options: str) -> list[tuple[str, str, str]]:
    """Place, message and help of each finding of GL422 in a gear that runs this script."""
    write_gear(directory, '"command": "./run.sh"')
    (directory / "Dockerfile").write_text("FROM me/base\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (directory / "run.sh").write_text(f"#!/bin/bash\n{script}\n")
    outcome = run("check", "--select", "GL422", "--output-format", "json", *options, directory)
    assert {finding["severity"] for finding in outcome.findings} <= {"warning"}
    return [
        (f"{each['line']}:{each['column']}", each["message"], each["help"])
        for each in outcome.findings
    ]


@pytest.mark.parametrize(
    ("script", "place", "who", "meant"),
    [
        ('rm -rf "$d/*"', "2:8", "rm", '"$d/"*'),
        ('rm -rf "${d}/*"', "2:8", "rm", '"${d}/"*'),
        ('/bin/rm "/tmp/work/*.nii.gz"', "2:9", "rm", '"/tmp/work/"*.nii.gz'),
        ('rm "$d/*Warped${e}Template*"', "2:4", "rm", '"$d/"*Warped"${e}Template"*'),
        ('rm "$d/a b*c d"', "2:4", "rm", '"$d/a b"*c" d"'),
        ('rm $d/"x/*"/y', "2:4", "rm", '$d/"x/"*/y'),
        ('cp "$d/*.nii" out', "2:4", "cp", '"$d/"*.nii'),
        ('if mv "$d/*/a" x; then ls; fi', "2:7", "mv", '"$d/"*"/a"'),
        ('f() { chmod 755 "$1/*"; }', "2:17", "chmod", '"$1/"*'),
        ('chown -R me "$d/*" && true', "2:13", "chown", '"$d/"*'),
        ('x=$(ls "$d/*" | wc -l)', "2:8", "ls", '"$d/"*'),
        ('ln -s "$d/*" .', "2:7", "ln", '"$d/"*'),
        ('cat "$d/*.txt" > x', "2:5", "cat", '"$d/"*.txt'),
        ('touch "$d/*"', "2:7", "touch", '"$d/"*'),
        ('gzip "$d/*"', "2:6", "gzip", '"$d/"*'),
        ('gunzip "$d/*"', "2:8", "gunzip", '"$d/"*'),
        ('wc -l "$d/*"', "2:7", "wc", '"$d/"*'),
        ('zip -rq x.zip "$d/*"', "2:15", "zip", '"$d/"*'),
        ('zip x.zip "$d/*"', "2:11", "zip", '"$d/"*'),
        ('tar -czf x.tgz "$d/*"', "2:16", "tar", '"$d/"*'),
        ('tar cf x.tar "$d/*"', "2:14", "tar", '"$d/"*'),
        ('for f in "$d/*.nii"; do bet "$f"; done', "2:10", "the loop", '"$d/"*.nii'),
        ('for f in a "$d/*"; do g="$f"; echo "$g"; done', "2:12", "the loop", '"$d/"*'),
    ],
)
def test_star(script: str, place: str, who: str, meant: str, tmp_path: Path, run: Run) -> None:
    assert check(tmp_path, run, script) == [(place, STAR.format(who), f"write {meant}")]


@pytest.mark.parametrize(
    "script",
    [
        # the shell expands it
        'rm -rf "$d"/*',
        'rm -rf "$d/"*.nii',
        "rm -rf $d/*",
        'for f in "$d"/*; do ls "$f"; done',
        'for f in "$d/*.nii"; do cp $f out; done',
        'for f in "$d/*.nii"; do echo "$(basename $f)"; done',
        'files="$d/*.nii"\nls $files',
        # it is meant
        "rm '/tmp/*'",
        'rm "$d/\\*"',
        'rm "*"',
        'rm "$d"/"*"',
        'find "$d" -path "$d/*" -exec rm "{}" \\;',
        'grep "a/*" x',
        'sed "s/*//" x',
        'unzip x.zip "a/*"',
        'rsync --exclude "a/*" a b',
        'rsync "me:/a/*" b',
        'scp "me:/a/*" b',
        'ssh me "rm /a/*"',
        'eval "rm /a/*"',
        'bash -c "rm /a/*"',
        'echo "rm /a/*"',
        'ls --ignore="/a/*" x',
        'tar -xf x.tar "a/*"',
        'tar -tf x.tar "a/*"',
        'tar -czf x.tgz --exclude "a/*" a',
        'tar --create --file x.tar "a/*"',
        'zip -r x.zip a -x "a/b/*"',
        'zip -r x.zip a --exclude "a/b/*"',
        'zip -d x.zip "a/*"',
        'zip -r x.zip -i "a/*"',
        'rm() { eval "ls $1"; }\nrm "$d/*"',
        # what is in it is not known
        'rm "$(echo "/a/*")"',
        'rm "${d%/*}/x"',
        'rm "`ls /a/*`"',
        "cat <<E\nrm \"$d/*\"\nE",
        '# rm "$d/*"',
        'exit 0\nrm "$d/*"',
    ],
)  # fmt: skip
def test_star_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    assert check(tmp_path, run, script) == []


@pytest.mark.parametrize(
    ("script", "place", "fixed"),
    [
        ('name=x\nls $"name"', "3:4", 'name=x\nls "$name"'),
        ('for f in *; do x=$(basename $"f" .html); done', "2:29", None),
        ('read -r f\nx=$"f"', "3:3", 'read -r f\nx="$f"'),
        ('export f=a\nls a/$"f"/b', "3:6", 'export f=a\nls a/"$f"/b'),
    ],
)
def test_translated(script: str, place: str, fixed: str, tmp_path: Path, run: Run) -> None:
    name = "name" if "name=" in script else "f"
    message = f'$"{name}" is the text "{name}", and not the variable'
    assert check(tmp_path, run, script) == [(place, message, f'write "${name}"')]
    assert check(tmp_path, run, script, "--fix") == []
    expected = fixed or script.replace(f'$"{name}"', f'"${name}"')
    assert (tmp_path / "run.sh").read_text() == f"#!/bin/bash\n{expected}\n"


@pytest.mark.parametrize(
    "script",
    [
        'echo $"name"',
        'name=x\necho $"the name"',
        'name=x\necho "$"name""',
        "name=x\necho '$\"name\"'",
        'name=x\necho "cost: $"',
        'name=x\n# $"name"',
        'name=x\nexit\necho $"name"',
    ],
)
def test_translated_left_alone(script: str, tmp_path: Path, run: Run) -> None:
    assert check(tmp_path, run, script) == []


def test_sh_has_no_such_quotes(tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, '"command": "./run.sh"')
    (tmp_path / "Dockerfile").write_text("FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (tmp_path / "run.sh").write_text('#!/bin/sh\nname=x\nls $"name"\n')
    outcome = run("check", "--select", "GL324,GL422", "--output-format", "json", tmp_path)
    assert outcome.codes == ["GL324"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_what_bash_makes_of_them(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "1.nii").touch()
    script = 'd="a b"; printf "%s\\n" "$d/*.nii" "$d/"*.nii $"d" "$d"'
    words = ["bash", "-c", script]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["a b/*.nii", "a b/1.nii", "d", "a b"]
