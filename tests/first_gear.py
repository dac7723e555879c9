"""The first gear of the README, made step by step; what each command prints is real."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

MANIFEST = """\
{
    "name": "My Gear",
    "label": "My gear",
    "description": "Counts the slices of an image.",
    "version": "0.1.0",
    "author": "A. Author",
    "license": "mit",
    "source": "",
    "command": "python run.py",
    "custom": {"gear-builder": {"category": "analysis", "image": "me/my-gear:0.1.0"}},
    "inputs": {"image": {"base": "file", "description": "The image."}},
    "config": {},
}
"""
SETTINGS = 'version-format = "gear"\n'
DOCKERFILE = """\
FROM python:3.12
WORKDIR /flywheel/v0
COPY run.py manifest.json ./
ENTRYPOINT ["run.py"]
"""
SCRIPT = """\
#!/usr/bin/env python3
print("hello")
"""
COMMIT = """\
$ pre-commit install
$ git add .
$ git commit --message "My first gear"
"""
HOOK = f"{'gearlint':.<73}Passed\n"
"""What pre-commit prints of the hook; test_pre_commit has the real one."""

_ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "A. Author" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "author@example.org" for who in ("AUTHOR", "COMMITTER")},
}


@cache
def steps() -> dict[str, str]:
    """The parts of the README that the first gear has, by their names."""
    with TemporaryDirectory() as temporary:
        gear = Path(temporary) / "my-gear"
        gear.mkdir()
        return dict(_steps(gear))


def _steps(gear: Path) -> list[tuple[str, str]]:
    def write(name: str, text: str, language: str) -> str:
        (gear / name).write_text(text, encoding="utf-8")
        return f"```{language}\n{text}```\n"

    def replace(name: str, old: str, new: str) -> None:
        text = (gear / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (gear / name).write_text(text.replace(old, new), encoding="utf-8")

    def shown(*commands: str) -> str:
        lines = [f"$ gearlint {command}\n{_run(gear, command)}" for command in commands]
        return f"```console\n{''.join(lines)}```\n"

    _git(gear, "init", "--quiet", "--initial-branch", "main")
    write("gearlint.toml", SETTINGS, "toml")
    parts = [
        ("manifest", write("manifest.json", MANIFEST, "json")),
        ("check", shown("check")),
        ("fix", shown("check --fix")),
    ]
    replace("manifest.json", '"My Gear"', '"my-gear"')
    parts += [
        ("dockerfile", write("Dockerfile", DOCKERFILE, "dockerfile")),
        ("script", write("run.py", SCRIPT, "python")),
        ("again", shown("check --output-format concise", "check --fix")),
        ("hook", f"```console\n{COMMIT}{HOOK}```\n"),
    ]
    _commit(gear, "My first gear")
    tagged = _run(gear, "tag")
    replace("run.py", "hello", "hello, world")
    _commit(gear, "Greet the world")
    bumped = shown("bump --gear minor").removeprefix("```console\n")
    return [*parts, ("release", f"```console\n$ gearlint tag\n{tagged}{bumped}")]


def _run(gear: Path, command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gearlint", *command.split()],
        cwd=gear,
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def _commit(gear: Path, message: str) -> None:
    _git(gear, "add", "--all")
    _git(gear, "commit", "--quiet", "--message", message)


def _git(gear: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=gear, env=_ENVIRONMENT, check=True)
