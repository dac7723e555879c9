"""GL301, GL302, GL310-GL312, GL314, GL316, GL317, GL319: the image that the Dockerfile builds."""

import re
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.image import launch
from gearlint.image.context import cleaned
from gearlint.image.nodes import Directory, File, Node, files_in
from gearlint.image.stages import base_of, platform_of, unknown_stages
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.faults import FailedStep, MissingSource


@rule("GL301", "dockerfile-missing", Severity.INFO)
def dockerfile_missing(gear: Gear) -> Iterator[Problem]:
    """There is no Dockerfile with the manifest.

    A gear is a manifest, a Dockerfile and a run script; without the Dockerfile nobody can build its
    image again. One that is elsewhere, or has another name, is named by the setting `dockerfile`.
    Source: gear specification.

    Bad gear:

        A directory with a manifest.json alone.

    Good gear:

        A directory with a manifest.json and a Dockerfile.
    """
    if gear.dockerfile is None and not gear.stands_alone and gear.manifest.fields:
        from gearlint.gear.other_dockerfiles import what_to_do

        instead, advice = what_to_do(gear)
        yield gear.at.value((), f"there is no Dockerfile beside the manifest{instead}", advice)


@rule("GL302", "gear-directory-missing", Severity.ERROR)
def gear_directory_missing(gear: Gear) -> Iterator[Problem]:
    """The image has no directory `/flywheel/v0`.

    The run starts in that directory, and Flywheel puts `input`, `output` and `config.json` into it.
    An image has to have it. `COPY run.py /flywheel/v0` makes a file of that name where nothing made
    the directory before: it needs a slash at its end. Source: gear specification; Dockerfile
    reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /app
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/app/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or image.failed_steps:
        return
    file = image.file_for_directory
    if file is not None:
        from gearlint.image.faults import slash_missing

        yield gear.at.line(
            file.line,
            f"{GEAR_DIRECTORY} is a file in the image, where Flywheel starts the gear",
            slash_missing(GEAR_DIRECTORY, file) or f"add WORKDIR {GEAR_DIRECTORY} above it",
        )
    elif image.files.find(GEAR_DIRECTORY) is None:
        yield gear.at.dockerfile(
            gear.dockerfile.stages[-1].instruction.span,
            f"the image has no directory {GEAR_DIRECTORY}, where Flywheel starts the gear",
            f"add WORKDIR {GEAR_DIRECTORY}",
        )


def _missing_sources(gear: Gear, *, ignored: bool) -> "Iterator[MissingSource]":
    image = gear.image
    for missing in image.missing_sources if image is not None else ():
        if missing.is_ignored == ignored:
            yield missing


@rule("GL310", "copy-source-missing", Severity.ERROR)
def copy_source_missing(gear: Gear) -> Iterator[Problem]:
    """A COPY or ADD takes a file that is not in the build context.

    The build stops there. So it does where the file is a link to what is not in the build context;
    a link in a directory that is copied stays a link. What `.gitignore` leaves out, or a Makefile
    or CI file names, may be made before the build, what looks like a build product is, and a script
    that builds the image may download anything before; those are not reported. So it does where
    `--from` has a name in upper case that is of no stage; a warning where the name looks like a
    misspelt one of a stage, and not like an image. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json utilities.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    for number, missing in enumerate(_missing_sources(gear, ignored=False)):
        path = cleaned(missing.source)
        if gear.context is None or gear.context.may_be_made(path):
            continue
        from gearlint.gear.absence import not_in_context

        seeks_near = number < limits.NEAR_SOURCES
        words = not_in_context(gear.context, missing, seeks_near=seeks_near)
        yield gear.at.dockerfile(missing.word.span, *words)
    for flag, meant in unknown_stages(gear.dockerfile) if gear.dockerfile is not None else ():
        from gearlint.gear.absence import not_a_stage

        name = flag.value or ""
        severity = Severity.WARNING if name == name.lower() else None
        yield gear.at.dockerfile(flag.span, *not_a_stage(name, meant), severity=severity)


@rule("GL311", "copy-source-ignored", Severity.ERROR)
def copy_source_ignored(gear: Gear) -> Iterator[Problem]:
    """A COPY or ADD takes a file that `.dockerignore` excludes.

    The file is there, but is not sent to the build, which stops. Source: Dockerfile reference,
    ".dockerignore file".

    Bad .dockerignore:

        *.py

    Good .dockerignore:

        *.pyc
    """
    context = gear.context
    if context is None:
        return
    for missing in _missing_sources(gear, ignored=True):
        path = cleaned(missing.source)
        number, line = context.excluding_line(path)
        where = f" (line {number}: {quoted(line)})" if number else ""
        yield gear.at.dockerfile(
            missing.word.span,
            f"{missing.instruction.name} takes {quoted(missing.source)}, "
            f"which {context.ignore_name} excludes{where}",
            f"add the line !{path} at its end",
        )


@rule("GL312", "run-step-fails", Severity.ERROR, fix="both")
def run_step_fails(gear: Gear) -> Iterator[Problem]:
    """A step of the build needs a file or a program that is not there, or a file of another user.

    The build stops there. Reported are

    - a missing file that `chmod`, `chown`, `cp`, `mv`, `rm`, `python`, `bash`, `tar xf`, `unzip`,
      `pip install -r` or `conda env create -f` is given. Often the COPY that brings it is further
      down;
    - `pip`, `curl`, `git` or another program that gears use, where the base image certainly lacks
      it and no step has installed it;
    - `apt-get install` without the lists of packages, which official images do not have: `apt-get
      update` fetches them. Without `-y` it asks, and nobody answers;
    - what only root may do, by another USER: `apt-get install`, `mkdir` in `/`, and `chmod` of what
      COPY brings, which belongs to root whatever USER says;
    - what pip refuses: to install to the Python of the distribution's packages (since Debian 12,
      Ubuntu 23.04 and Alpine 3.19), `numpy=1.20`, which is conda's way to write `numpy==1.20`,
      `git+https://...` without git, and `pip install .` without a project;
    - `conda activate`, which needs a shell that conda has set up, as that of RUN is not;
    - `python -c` and `R -e` of code with an open quote or bracket.

    Source: Dockerfile reference, "COPY --chown --chmod"; Docker's best practices, "apt-get"; PEP
    668; the documentation of pip and conda; seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        RUN chmod +x /flywheel/v0/run.py
        COPY run.py manifest.json ./
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x /flywheel/v0/run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None:
        return
    for number, failure in enumerate(image.failed_steps):
        from gearlint.gear.edits import dockerfile as dockerfile_edits
        from gearlint.syntax.dockerfile.joined import joined_commands
        from gearlint.syntax.dockerfile.redirected import redirected_requirements

        if image.is_for_braces(failure):
            continue  # GL324 says so
        if any(joined_commands(failure.instruction)):
            continue  # GL327 says so
        taken = redirected_requirements(failure.instruction) if failure.is_of_input else ()
        if any(each.is_read for each in taken):
            continue  # GL330 says so
        line = _line_of(image, failure)
        yield gear.at.dockerfile(
            failure.span,
            f"{failure.instruction.name} fails: {_reason(failure, line)}",
            failure.advice or _advice(failure, line),
            fix=dockerfile_edits.mended_step(gear, failure, number),
        )


def _reason(failure: "FailedStep", line: int | None) -> str:
    if not failure.path:
        return failure.message
    return f"{failure.message}, which does not exist{f' before line {line}' if line else ''}"


def _line_of(image: Image, failure: "FailedStep") -> int | None:
    """The line further down that brings what is missing, `None` if none does."""
    later = image.files.find(failure.path) if failure.path else None
    if isinstance(later, File | Directory) and later.line > failure.instruction.end_line:
        return later.line
    return None


def _advice(failure: "FailedStep", line: int | None) -> str:
    if line:
        return f"move it below line {line}, which brings the file"
    return "copy it first, or correct its name" if failure.path else "correct the command"


@rule("GL314", "manifest-not-in-image", Severity.INFO)
def manifest_not_in_image(gear: Gear) -> Iterator[Problem]:
    """The manifest is not copied into the image.

    Tools that look at an image find its manifest at `/flywheel/v0/manifest.json`. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None:
        return
    is_there = isinstance(image.files.find(GEAR_DIRECTORY), Directory)
    if is_there and image.files.find(f"{GEAR_DIRECTORY}/manifest.json") is None:
        yield gear.at.dockerfile(
            gear.dockerfile.stages[-1].instruction.span,
            f"the manifest is not copied to {GEAR_DIRECTORY}/manifest.json",
            f"add COPY manifest.json {GEAR_DIRECTORY}/",
        )


@rule("GL316", "wrong-platform", Severity.WARNING)
def wrong_platform(gear: Gear) -> Iterator[Problem]:
    """The image is built for another platform than Flywheel's.

    Images are run on linux/amd64. Source: Flywheel's public documentation.

    Bad Dockerfile:

        FROM --platform=linux/arm64 python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM --platform=linux/amd64 python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.dockerfile is None or not gear.dockerfile.stages:
        return
    flag, platform = base_of(gear.dockerfile).platform, platform_of(gear.dockerfile)
    if flag is None or platform is None:
        return
    if not re.match(r"(?:linux/)?(?:amd64|x86[-_]64)(?:/|\Z)", platform.lower()):
        yield gear.at.dockerfile(
            flag.span,
            f"the platform is {platform}, expected linux/amd64, which Flywheel runs",
            "write --platform=linux/amd64",
        )


@rule("GL317", "io-directory-baked", Severity.WARNING)
def io_directory_baked(gear: Gear) -> Iterator[Problem]:
    """Files are copied into `input` or `output`.

    Flywheel replaces them with directories of its own, so what the image has there is not seen by
    the run. Source: gear specification.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        COPY other.py /flywheel/v0/input/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None:
        return
    for name in ("input", "output"):
        directory = image.files.find(f"{GEAR_DIRECTORY}/{name}")
        if not isinstance(directory, Directory):
            continue
        for path, node in directory.entries.items():
            files = [] if node is None or path.startswith(".") else _files(node)
            if files:
                yield gear.at.line(
                    files[0].line,
                    f"{path} is put into {GEAR_DIRECTORY}/{name}, which Flywheel replaces",
                    f"put it into another directory of {GEAR_DIRECTORY}",
                )
                break


def _files(node: Node) -> list[File]:
    """The files of the build context at a node, or below it."""
    return [file for file in files_in(node) if file.origin]


@rule("GL319", "bash-missing", Severity.ERROR)
def bash_missing(gear: Gear) -> Iterator[Problem]:
    """The image has no bash.

    The run is `bash -c` with the manifest's `command`, or with `./run` without one; alpine has only
    `sh`. Source: the code of the Flywheel server (scitran/core, `api/jobs/jobs.py`).

    Bad Dockerfile:

        FROM python:3.12-alpine
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.12-alpine
        RUN apk add --no-cache bash
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    has_run = bool(gear.manifest.string("command")) or gear.run.is_without_command
    if image is None or gear.dockerfile is None or not has_run:
        return
    if launch.BASH.on_path(image, "bash", is_own=False) is False:
        stage = base_of(gear.dockerfile)
        yield gear.at.dockerfile(
            stage.base.span,
            "the image has no bash, with which Flywheel starts the gear",
            "install it, for example by RUN apk add --no-cache bash",
        )
