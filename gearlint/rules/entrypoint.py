"""GL303-GL309, GL313: what ENTRYPOINT, or CMD instead of it, starts in the image."""

import posixpath
from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.source import Span
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.image import launch, starts
from gearlint.image.nodes import File
from gearlint.image.state import GEAR_DIRECTORY, Image, Start
from gearlint.rules.registry import rule


def _span(start: Start, word: launch.Argument) -> Span:
    """Where a word of an ENTRYPOINT or CMD is."""
    return start.span_of_word(word.start, word.end)


@rule("GL303", "entrypoint-one-word", Severity.ERROR, fix="safe")
def entrypoint_one_word(gear: Gear) -> Iterator[Problem]:
    """The first word contains a space.

    In `["python run.py"]`, and in `"python run.py"` with its quotes, the whole text is the name of
    one program, which does not exist: each word of a command has to be an element of its own. The
    container does not start. Source: Dockerfile reference, "Exec form"; seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "run.py"]
    """
    image, start = gear.image, gear.run.start
    if image is None or start is None:
        return
    one = starts.one_word(image, start)
    if gear.dockerfile is None or one is None:
        return
    from gearlint.gear.edits import dockerfile as dockerfile_edits

    program, moved, missing = _meant_by_one(gear, image)
    meant = [program, *one.words[1:]] if program else one.words
    words = ", ".join(f'"{moved.get(word, word)}"' for word in meant)
    edit = dockerfile_edits.split_first_element
    yield gear.at.dockerfile(
        _span(start, launch.Argument(one.text, one.start, one.end)),
        f"{start.instruction.name} starts the program {quoted(one.text)}, but no program has "
        "that name",
        f"write [{words}]{missing}",
        fix=None if missing or moved else edit(gear.dockerfile, image, start, program),
    )


def _meant_by_one(gear: Gear, image: Image) -> tuple[str, dict[str, str], str]:
    """The path of the gear's file that the words of one element start by its bare name.

    Then the words that name a file which is elsewhere, each with its path; and, to end a help with,
    what else of them is not in the image.
    """
    for started in gear.run.by_docker:
        meant, missing = started.started_file(image), started.missing(image)
        if meant is not None and not meant.is_found:
            return meant.path, {}, ""
        if missing is not None:
            word, what = missing
            name = posixpath.basename(word.text)
            if elsewhere := image.files.path_of(name, GEAR_DIRECTORY):
                return "", {word.text: elsewhere}, ""
            near = gear.run.near_file(started, word)
            return "", {}, f", but then it starts {what}{': ' if near else ''}{near}"
    return "", {}, ""


@rule("GL304", "entrypoint-not-on-path", Severity.ERROR, fix="safe")
def entrypoint_not_on_path(gear: Gear) -> Iterator[Problem]:
    """The entrypoint is the bare name of one of the gear's files.

    A name without a slash is looked up on PATH and not in the working directory, so the container
    does not start: `executable file not found in $PATH`. Source: the tutorial's own final
    Dockerfile has this, and its image does not start.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x run.py
        ENTRYPOINT ["run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    image, start = gear.image, gear.run.start
    if image is None or start is None:
        return
    if starts.one_word(image, start):
        return  # GL303 says so
    for started in gear.run.by_docker:
        meant = started.started_file(image)
        if meant is None or meant.is_found or gear.dockerfile is None:
            continue
        from gearlint.gear.edits import dockerfile as dockerfile_edits

        word = started.program
        yield gear.at.dockerfile(
            _span(start, word),
            f"{start.instruction.name} starts {quoted(word.text)}, which is looked up on PATH only "
            "and is not there",
            f"write {quoted(meant.path)}",
            fix=dockerfile_edits.named_by_path(gear.dockerfile, start, word, meant.path),
        )


@rule("GL305", "entrypoint-not-found", Severity.ERROR)
def entrypoint_not_found(gear: Gear) -> Iterator[Problem]:
    """What the entrypoint starts is not in the image.

    Neither the program nor the script or module that an interpreter is given may be missing, or the
    container does not start. A warning where only an unknown base image could bring it. CMD alone
    gives the ENTRYPOINT of the base image its arguments. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/main.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    yield from _inherited_not_found(gear)
    image, start = gear.image, gear.run.start
    if image is None or start is None:
        return
    if starts.one_word(image, start) or image.file_for_directory:
        return  # GL303 or GL302 says so
    for started in gear.run.by_docker:
        missing = started.missing(image)
        if missing is not None:
            word, what = missing
            why, advice = gear.run.why_missing(started, word)
            yield gear.at.dockerfile(
                _span(start, word),
                f"{start.instruction.name} starts {what}{why}",
                "write its value: the exec form does not replace variables"
                if start.argv is not None and "$" in word.text
                else advice,
            )
    for suspect in gear.run.suspects(gear.run.by_docker):
        yield gear.at.dockerfile(
            _span(start, suspect.word),
            f"{start.instruction.name} starts {suspect.what}",
            suspect.advice,
            severity=Severity.WARNING,
        )


def _inherited_not_found(gear: Gear) -> Iterator[Problem]:
    """CMD gives its words to an ENTRYPOINT of the base image whose program is not there."""
    image = gear.image
    if image is None or not isinstance(image.cmd, Start):
        return
    path = image.inherited_entrypoint
    if path and image.files.find(path) is None:
        yield gear.at.dockerfile(
            image.cmd.instruction.name_span,
            f"CMD is only the arguments of the base image's ENTRYPOINT {path}, which is not in the "
            "image",
            "write ENTRYPOINT instead of CMD",
        )


@rule("GL306", "entrypoint-not-executable", Severity.ERROR, fix="safe")
def entrypoint_not_executable(gear: Gear) -> Iterator[Problem]:
    """The program that the entrypoint starts has no executable bit.

    The permission comes from the file on disk, or from a `chmod` after the `COPY`; without it the
    container does not start: `permission denied`. Where `command` starts the same file, GL403
    reports it. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY --chmod=644 run.py manifest.json ./
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    image, start = gear.image, gear.run.start
    if image is None or start is None:
        return
    reported_by_gl403 = {id(file) for file in gear.run.command_programs}
    found = launch.not_executable(gear.run.by_docker, image)
    for number, (word, program) in enumerate(found):
        if id(program.file) in reported_by_gl403:
            continue
        from gearlint.gear.edits import dockerfile as dockerfile_edits

        yield gear.at.dockerfile(
            _span(start, word),
            f"{start.instruction.name} starts {quoted(word.text)}, which is not executable",
            f"add RUN chmod +x {program.path} after line {program.file.line}, which puts it there",
            fix=dockerfile_edits.made_executable(gear, program, number),
        )


@rule("GL307", "entrypoint-shell-form", Severity.INFO, fix="both")
def entrypoint_shell_form(gear: Gear) -> Iterator[Problem]:
    """The entrypoint is in shell form without need.

    A shell is then between Docker and the gear: signals do not reach it, so that a cancelled
    run is killed, and arguments of `docker run` are lost. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT python run.py

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "run.py"]
    """
    image = gear.image
    if image is None or not isinstance(image.entrypoint, Start):
        return
    start = image.entrypoint
    words = starts.plain_words(start.text) if start.argv is None else None
    if words:
        from gearlint.gear.edits import dockerfile as dockerfile_edits

        listed = ", ".join(f'"{word}"' for word in words)
        yield gear.at.dockerfile(
            start.instruction.span,
            f"ENTRYPOINT {quoted(start.text.strip())} is in shell form: "
            "signals and arguments do not reach it",
            f"write ENTRYPOINT [{listed}]",
            fix=dockerfile_edits.to_exec_form(gear, image, start),
        )


@rule("GL308", "entrypoint-missing", Severity.INFO)
def entrypoint_missing(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile has neither ENTRYPOINT nor CMD, or has `ENTRYPOINT []`.

    Flywheel starts `command`, but people who debug the image start it with `docker run`. Source:
    Flywheel's public documentation.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or (image.base is None and not image.is_scratch):
        return
    if any(each.is_unreadable for each in gear.dockerfile.stages[-1].instructions):
        return  # GL320 says so
    if not isinstance(image.entrypoint, Start) and not isinstance(image.cmd, Start):
        what, advice = "the Dockerfile has neither ENTRYPOINT nor CMD", "add an ENTRYPOINT that"
        at = gear.dockerfile.stages[-1].instruction
        for each in gear.dockerfile.stages[-1].instructions:
            if each.name in ("CMD", "ENTRYPOINT"):
                at, what = each, f"{each.name} is empty: docker run has nothing to start"
        yield gear.at.dockerfile(at.span, what, f"{advice} starts the same script as command")


@rule("GL309", "entrypoint-differs", Severity.WARNING)
def entrypoint_differs(gear: Gear) -> Iterator[Problem]:
    """The entrypoint starts another script than `command`.

    People debug a gear with `docker run`, and then debug something else than what Flywheel runs.
    Nothing is said where one of the two is a shell script that starts the other. Source: Flywheel's
    public documentation.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/other.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image, start = gear.image, gear.run.start
    if image is None or start is None:
        return
    ours = launch.files_of_the_gear(image, gear.run.by_docker)
    theirs = launch.files_of_the_gear(image, gear.run.by_command)
    if len(ours) == len(theirs) == 1 and not _lead_to_one(gear, image, ours[0][1], theirs[0][1]):
        yield gear.at.dockerfile(
            _span(start, ours[0][0]),
            f"{start.instruction.name} starts {quoted(ours[0][0].text)}, but command starts "
            f"{quoted(theirs[0][0].text)}",
            "start the same script in both",
        )


def _lead_to_one(gear: Gear, image: Image, one: File, other: File) -> bool:
    """Whether two scripts are the same, or one is a shell script that starts the other."""
    if one is other or gear.code is None:
        return one is other
    for started in gear.code.started:
        file = image.files.find(started.path)
        if file is one or file is other:
            launches = [each for each, _ in gear.code.launches_of(started)]
            if any(node in (one, other) for _, node in launch.files_of_the_gear(image, launches)):
                return True
    return False


@rule("GL313", "repeated-entrypoint", Severity.WARNING)
def repeated_entrypoint(gear: Gear) -> Iterator[Problem]:
    """A stage has several ENTRYPOINTs.

    Only the last one counts. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["/bin/bash"]
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.dockerfile is None:
        return
    for stage in gear.dockerfile.stages:
        entrypoints = [i for i in stage.instructions if i.name == "ENTRYPOINT"]
        for instruction in entrypoints[:-1]:
            yield gear.at.dockerfile(
                instruction.span,
                "this ENTRYPOINT has no effect: only the last one counts, in line "
                f"{entrypoints[-1].start_line}",
                "remove it",
            )
