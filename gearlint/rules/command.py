"""GL401-GL403, GL408, GL409: what the run starts, by the manifest's `command` or as `run`."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.image import launch
from gearlint.image.launch import Argument
from gearlint.image.nodes import Directory
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.rules.registry import rule
from gearlint.syntax.shell import command_line


@rule("GL401", "run-missing", Severity.ERROR)
def run_missing(gear: Gear) -> Iterator[Problem]:
    """The manifest has no `command`, and the image no `run`.

    Without a `command` Flywheel starts `bash -c ./run` in `/flywheel/v0`. In the example the
    manifest has no `command`. Source: gear specification; the code of the Flywheel server
    (scitran/core, `api/jobs/jobs.py`).

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py ./run
        COPY manifest.json ./
        RUN chmod +x run
        ENTRYPOINT ["/flywheel/v0/run"]
    """
    image = gear.image
    if image is None or not gear.run.is_without_command:
        return
    if "command" in gear.misspelt_fields.values():
        return  # GL102 says so
    is_there = isinstance(image.files.find(GEAR_DIRECTORY), Directory)
    if is_there and image.files.find(f"{GEAR_DIRECTORY}/run") is None:
        yield gear.at.value(
            (),
            f"the manifest has no command, and the image no {GEAR_DIRECTORY}/run",
            'add "command", for example "python run.py"',
        )


@rule("GL402", "command-script-missing", Severity.ERROR)
def command_script_missing(gear: Gear) -> Iterator[Problem]:
    """What `command` starts is not in the image.

    Neither the program nor the script or module that an interpreter is given may be missing, or
    every run fails at once. So it is with `conda activate`, a function that a login shell has and
    `bash -c` has not. A warning where only an unknown base image could bring it. Source: gear
    specification; the documentation of Python's `runpy` and of conda.

    Bad:

        "command": "python main.py"

    Good:

        "command": "python run.py"
    """
    image = gear.image
    if image is None or image.file_for_directory or image.files.find(GEAR_DIRECTORY) is None:
        return  # GL302 says so
    for started in gear.run.by_command:
        missing = started.missing(image)
        if missing is not None:
            word, what = missing
            why, advice = gear.run.why_missing(started, word)
            yield gear.at.command(word, f"command starts {what}{why}", advice)
    if "activate" in gear.run.command and "BASH_ENV" not in gear.manifest.object("environment"):
        from gearlint.gear.conda_setup import ADVICE, activated_by_command

        for word, message in activated_by_command(gear.run):
            yield gear.at.command(word, f"command fails: {message}", ADVICE)
    for suspect in gear.run.suspects(gear.run.by_command):
        yield gear.at.command(
            suspect.word,
            f"command starts {suspect.what}",
            suspect.advice,
            severity=Severity.WARNING,
        )


@rule("GL403", "run-not-executable", Severity.ERROR, fix="safe")
def run_not_executable(gear: Gear) -> Iterator[Problem]:
    """The program that the run starts has no executable bit.

    The permission comes from the file on disk, or from a `chmod` in the Dockerfile after its COPY;
    without it every run fails: `permission denied`. A program that a shell script starts by its
    path in every run is reported too, as a warning where what is done before may change the file.
    On Windows, and where git's `core.fileMode` is false, the file on disk does not say. In the
    example `command` is `./run`. Source: gear specification.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY --chmod=644 run.py run
        COPY manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY --chmod=755 run.py run
        COPY manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run"]
    """
    image = gear.image
    if image is None:
        return
    for number, (word, program) in enumerate(launch.not_executable(gear.run.by_flywheel, image)):
        from gearlint.gear.edits import dockerfile as dockerfile_edits

        message = f"the run starts {quoted(word.text)}, which is not executable in the image"
        advice = f"add RUN chmod +x {program.path} after line {program.file.line} of the Dockerfile"
        fix = dockerfile_edits.made_executable(gear, program, number)
        if word.end:
            yield gear.at.command(word, message, advice, fix=fix)
        else:
            yield gear.at.value((), message, advice, fix=fix)
    yield from _not_executable_in_scripts(gear, image)


def _not_executable_in_scripts(gear: Gear, image: Image) -> Iterator[Problem]:
    """What shell scripts start by its path in every run, each once."""
    code = gear.code
    if code is None or not any(map(code.launches_of, code.started)):
        return
    from gearlint.gear.starts import path_starts

    launches = (*gear.run.by_flywheel, *gear.run.by_docker)  # GL306 reports Docker's
    known = {id(program.file) for _, program in launch.not_executable(launches, image)}
    for start in path_starts(code):
        program = start.program
        if program.file.is_executable is not False or id(program.file) in known:
            continue
        from gearlint.gear.edits import dockerfile as dockerfile_edits

        known.add(id(program.file))
        name = quoted(start.launch.program.text)
        yield gear.at.code(
            start,
            f"the script starts {name}, which is not executable in the image",
            f"add RUN chmod +x {program.path} after line {program.file.line} of the Dockerfile",
            fix=dockerfile_edits.made_executable(gear, program, len(known)),
        )


@rule("GL408", "command-syntax", Severity.ERROR)
def command_syntax(gear: Gear) -> Iterator[Problem]:
    """`command` is not valid shell.

    Flywheel runs it by `bash -c`, which refuses it. Source: gear specification; the bash manual.

    Bad:

        "command": "python run.py 'my file"

    Good:

        "command": "python run.py 'my file'"
    """
    command = gear.manifest.string("command")
    fault = command_line.syntax_error(command) if command else None
    if fault is not None:
        yield gear.at.part(
            ("command",),
            *fault.span,
            f"command is not valid shell: {fault.message}",
            "correct it: bash -c refuses it too",
        )


@rule("GL409", "command-not-on-path", Severity.ERROR, fix="safe")
def command_not_on_path(gear: Gear) -> Iterator[Problem]:
    """`command` starts one of the gear's files by its bare name.

    A name without a slash is looked up on PATH and not in the working directory: every run fails
    with `command not found`. Source: gear specification.

    Bad:

        "command": "run.py"

    Good:

        "command": "./run.py"
    """
    image = gear.image
    if image is None:
        return
    for started in gear.run.by_command:
        meant = started.started_file(image)
        if meant is None or meant.is_found:
            continue
        word = started.program
        is_here = meant.path == started.absolute(word.text)
        path = f"./{word.text}" if is_here else meant.path
        yield gear.at.command(
            word,
            f"command starts {quoted(word.text)}, which is looked up on PATH only and is not there",
            f"write {quoted(path)}",
            fix=_in_command(gear, word, path),
        )


def _in_command(gear: Gear, word: Argument, new: str) -> Fix | None:
    """A word of `command` becomes `new`, if it is written there without quotes."""
    from gearlint.gear.edits.manifest import rewritten

    command = gear.manifest.string("command") or ""
    is_as_written = command[word.start : word.end] == word.text
    if not is_as_written or re.fullmatch(r"[\w./-]+", new, re.ASCII) is None:
        return None
    command = command[: word.start] + new + command[word.end :]
    return rewritten(gear.manifest, command, ("command",), is_safe=True)
