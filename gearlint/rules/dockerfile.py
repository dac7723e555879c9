"""GL3xx: the Dockerfile, read as the image that it builds."""

import posixpath
import re
from collections.abc import Iterator

from gearlint import launch
from gearlint.build import base_of, platform_of
from gearlint.filesystem import File, Folder, walk
from gearlint.finding import Fix, Problem, Severity
from gearlint.gear import Gear
from gearlint.image import DEFAULT_PATH, GEAR_FOLDER, Failure, Image, MissingSource, Start
from gearlint.launch import Launch
from gearlint.lazy import regex
from gearlint.rules.registry import rule
from gearlint.source import Span
from gearlint.wording import quoted

_BUILT = regex(
    r"\.(?:pex|whl|jar|so|zip|gz|tgz|tar|bz2|xz|7z|rpm|deb|exe|bin)\Z|(?:\A|/)(?:dist|build|target)(?:/|\Z)"
)


@rule("GL301", "dockerfile-missing", Severity.WARNING)
def dockerfile_missing(gear: Gear) -> Iterator[Problem]:
    """There is no Dockerfile with the manifest.

    A gear is a manifest, a Dockerfile and a run script; without the Dockerfile nobody can build its
    image again. One by another name is named by the setting `dockerfile`. Source: gear
    specification.

    Bad:

        A folder with a manifest.json alone.

    Good:

        A folder with a manifest.json and a Dockerfile.
    """
    if gear.dockerfile is None and not gear.stands_alone and gear.manifest.fields:
        yield gear.at_value((), "there is no Dockerfile beside the manifest")


@rule("GL302", "gear-folder-missing", Severity.ERROR)
def gear_folder_missing(gear: Gear) -> Iterator[Problem]:
    """Nothing makes `/flywheel/v0`.

    The run starts in that folder, and Flywheel puts `input`, `output` and `config.json` into it. An
    image without it is refused. Source: gear specification.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /app
        COPY run.py .
        ENTRYPOINT ["python", "/app/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or image.failures:
        return
    if image.files.find(GEAR_FOLDER) is None:
        yield gear.at_dockerfile(
            gear.dockerfile.stages[-1].instruction.span,
            f"nothing makes {GEAR_FOLDER}, where the run starts",
            f"for example WORKDIR {GEAR_FOLDER}",
        )


def _start(gear: Gear) -> tuple[Image, Start] | None:
    """The image, and the instruction of this Dockerfile that says what it starts."""
    image = gear.image
    start = launch.entrypoint_of(image) if image is not None else None
    if image is None or start is None or start.argv == ():
        return None
    return image, start


def _launches(image: Image, start: Start) -> list[Launch]:
    return launch.launches_of_start(image, start)


def _span(start: Start, word: launch.Argument) -> Span:
    """Where a word of an ENTRYPOINT or CMD stands; the quotes of an exec form are part of it."""
    if start.argv is None:
        return start.span_of(word.start, word.end)
    return (start.instruction.exec_form or [])[word.start].span


@rule("GL303", "entrypoint-one-word", Severity.ERROR)
def entrypoint_one_word(gear: Gear) -> Iterator[Problem]:
    """The first word of an exec form holds a blank.

    In `["python run.py"]` the whole text is the name of a program, which there is not; each word
    of a command is an element of its own. The container does not start. Source: Dockerfile
    reference, "Exec form"; seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "run.py"]
    """
    found = _start(gear)
    if found is None:
        return
    image, start = found
    if start.argv is None or gear.dockerfile is None or not launch.holds_blank(image, start):
        return
    words = ", ".join(f'"{word}"' for word in start.argv[0].split() + list(start.argv[1:]))
    problem = gear.at_dockerfile(
        _span(start, launch.Argument(start.argv[0], 0, 0)),
        f"{start.instruction.name} starts a program by the name of {quoted(start.argv[0])}",
        f"write [{words}]",
    )
    from gearlint import dockerfile_edits

    fix = dockerfile_edits.split_first_element(gear.dockerfile, image, start)
    yield problem._replace(fix=fix)


@rule("GL304", "entrypoint-not-on-path", Severity.ERROR)
def entrypoint_not_on_path(gear: Gear) -> Iterator[Problem]:
    """The entrypoint is the bare name of one of the gear's files.

    A name without a slash is looked up on PATH and not in the working folder, so the container does
    not start: `executable file not found in $PATH`. Source: the tutorial's own final Dockerfile has
    this, and its image does not start.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        RUN chmod +x run.py
        ENTRYPOINT ["run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        RUN chmod +x run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    found = _start(gear)
    if found is None:
        return
    image, start = found
    for started in _launches(image, start):
        meant = started.started_file(image)
        if meant is None or meant.is_found or gear.dockerfile is None:
            continue
        word = started.program
        problem = gear.at_dockerfile(
            _span(start, word),
            f"{start.instruction.name} starts {quoted(word.text)}, a file of the gear that is not "
            "on PATH",
            f"write {quoted(meant.path)}",
        )
        from gearlint import dockerfile_edits

        fix = dockerfile_edits.named_by_path(gear.dockerfile, start, word, meant.path)
        yield problem._replace(fix=fix)


@rule("GL305", "entrypoint-not-found", Severity.ERROR)
def entrypoint_not_found(gear: Gear) -> Iterator[Problem]:
    """What the entrypoint starts is not in the image.

    Neither the program nor the script that an interpreter is given may be missing, or the container
    does not start. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/main.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    found = _start(gear)
    if found is None:
        return
    image, start = found
    if launch.holds_blank(image, start) and not launch.words_in_one(image, start):
        return  # GL303 says so
    for started in _launches(image, start):
        for word in (started.direct(), started.script):
            if word is None:
                continue
            there = started.find(image, word.text)
            if there is None or isinstance(there, Folder):
                what = "is not in the image" if there is None else "is a folder"
                path = posixpath.normpath(started.absolute(word.text) or word.text)
                yield gear.at_dockerfile(
                    _span(start, word), f"{start.instruction.name} starts {path}, which {what}"
                )
                break
        else:
            if started.is_nowhere(image):
                yield gear.at_dockerfile(
                    _span(start, started.program),
                    f"{start.instruction.name} starts {quoted(started.program.text)}, which is not "
                    "on PATH",
                )


@rule("GL306", "entrypoint-not-executable", Severity.ERROR)
def entrypoint_not_executable(gear: Gear) -> Iterator[Problem]:
    """The program that the entrypoint starts has no executable bit.

    The bit comes from the file on disk, or from a `chmod` after the `COPY`; without it the
    container does not start: `permission denied`. Where `command` starts the same file, GL403
    says so. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY --chmod=644 run.py .
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        RUN chmod +x run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    found = _start(gear)
    if found is None:
        return
    image, start = found
    told: set[int] = set()
    told_by_gl403 = {id(file) for file in gear.command_programs}
    for started in _launches(image, start):
        program = started.started_file(image)
        if program is None or program.file.is_executable is not False:
            continue
        if id(program.file) in told or id(program.file) in told_by_gl403:
            continue
        told.add(id(program.file))
        word = started.program
        problem = gear.at_dockerfile(
            _span(start, word),
            f"{start.instruction.name} starts {quoted(word.text)}, which is not executable",
            f"add RUN chmod +x {program.path} after line {program.file.line}, which puts it there",
        )
        from gearlint import dockerfile_edits

        if len(told) <= dockerfile_edits.MAX_MENDED:
            fix = dockerfile_edits.made_executable(gear, program.path, program.file)
            problem = problem._replace(fix=fix)
        yield problem


@rule("GL307", "entrypoint-shell-form", Severity.WARNING)
def entrypoint_shell_form(gear: Gear) -> Iterator[Problem]:
    """The entrypoint is in shell form without need.

    A shell then stands between Docker and the gear: signals do not reach it, so that a cancelled
    run is killed, and arguments of `docker run` are lost. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT python run.py

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "run.py"]
    """
    image = gear.image
    if image is None or not isinstance(image.entrypoint, Start):
        return
    start = image.entrypoint
    words = launch.plain_words(start.text) if start.argv is None else None
    if words:
        listed = ", ".join(f'"{word}"' for word in words)
        problem = gear.at_dockerfile(
            start.instruction.span, "ENTRYPOINT is in shell form", f"write ENTRYPOINT [{listed}]"
        )
        from gearlint import dockerfile_edits

        yield problem._replace(fix=dockerfile_edits.to_exec_form(gear, image, start))


@rule("GL308", "entrypoint-missing", Severity.INFO)
def entrypoint_missing(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile has neither ENTRYPOINT nor CMD.

    Flywheel starts `command`, but people who debug the image start it with `docker run`. Source:
    Flywheel's public documentation.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or (image.base is None and not image.is_scratch):
        return
    if not isinstance(image.entrypoint, Start) and not isinstance(image.cmd, Start):
        yield gear.at_dockerfile(
            gear.dockerfile.stages[-1].instruction.span,
            "the Dockerfile has neither ENTRYPOINT nor CMD",
        )


@rule("GL309", "entrypoint-differs", Severity.WARNING)
def entrypoint_differs(gear: Gear) -> Iterator[Problem]:
    """The entrypoint starts another script than `command`.

    People debug a gear with `docker run`, and then debug something else than what Flywheel runs.
    Source: Flywheel's public documentation.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py ./
        ENTRYPOINT ["python", "/flywheel/v0/other.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    found = _start(gear)
    if found is None:
        return
    image, start = found
    ours = _gear_scripts(image, _launches(image, start))
    theirs = _gear_scripts(image, gear.command_launches)
    if len(ours) == len(theirs) == 1 and ours[0][1] is not theirs[0][1]:
        yield gear.at_dockerfile(
            _span(start, ours[0][0]),
            f"{start.instruction.name} starts {quoted(ours[0][0].text)}, but command starts "
            f"{quoted(theirs[0][0].text)}",
        )


def _gear_scripts(image: Image, launches: list[Launch]) -> list[tuple[launch.Argument, File]]:
    """The files of the build context that are started, each with its word."""
    found = []
    for started in launches:
        program, script = started.started_file(image), started.script
        if program is not None and program.file.origin is not None:
            found.append((started.program, program.file))
        node = started.find(image, script.text) if script else None
        if script is not None and isinstance(node, File) and node.origin is not None:
            found.append((script, node))
    return found


def _missing_sources(gear: Gear, *, ignored: bool) -> Iterator[MissingSource]:
    image = gear.image
    for missing in image.missing_sources if image is not None else ():
        if missing.is_ignored == ignored:
            yield missing


@rule("GL310", "copy-source-missing", Severity.ERROR)
def copy_source_missing(gear: Gear) -> Iterator[Problem]:
    """A COPY or ADD takes a file that is not in the build context.

    The build stops there. What `.gitignore` leaves out, or a Makefile or CI file names, may be made
    before the build, and what looks like a build product is; of those nothing is said. Source:
    Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py utilities.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    for missing in _missing_sources(gear, ignored=False):
        path = posixpath.normpath("/" + missing.source).lstrip("/")
        if _BUILT.search(path) or gear.may_be_made(path):
            continue
        yield gear.at_dockerfile(
            missing.word.span,
            f"{missing.instruction.name} takes {quoted(missing.source)}, "
            "which is not in the build context",
        )


@rule("GL311", "copy-source-ignored", Severity.ERROR)
def copy_source_ignored(gear: Gear) -> Iterator[Problem]:
    """A COPY or ADD takes a file that `.dockerignore` leaves out.

    The file is there, but is not sent to the build, which stops. Source: Dockerfile reference,
    ".dockerignore file".

    Bad:

        COPY run.py /flywheel/v0/ in a Dockerfile, and *.py in .dockerignore.

    Good:

        COPY run.py /flywheel/v0/ in a Dockerfile, and *.pyc in .dockerignore.
    """
    for missing in _missing_sources(gear, ignored=True):
        yield gear.at_dockerfile(
            missing.word.span,
            f"{missing.instruction.name} takes {quoted(missing.source)}, "
            "which the ignore file leaves out",
        )


@rule("GL312", "run-step-fails", Severity.ERROR)
def run_step_fails(gear: Gear) -> Iterator[Problem]:
    """A step of the build works on a file that is not there yet.

    `chmod`, `cp`, `mv` and `rm` of a file that is missing fail, and the build stops; often the COPY
    that brings it stands further down. Source: seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        RUN chmod +x /flywheel/v0/run.py
        COPY run.py .
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        RUN chmod +x /flywheel/v0/run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    image = gear.image
    for number, failure in enumerate(image.failures if image is not None else ()):
        problem = gear.at_dockerfile(
            failure.span, f"{failure.instruction.name} fails: {_reason(image, failure)}"
        )
        from gearlint import dockerfile_edits

        if number < dockerfile_edits.MAX_MENDED:
            problem = problem._replace(fix=dockerfile_edits.moved_step(gear, failure))
        yield problem


def _reason(image: Image | None, failure: Failure) -> str:
    if not failure.path:
        return failure.message
    later = image.files.find(failure.path) if image is not None else None
    if isinstance(later, File | Folder) and later.line > failure.instruction.end_line:
        return f"{failure.message}, which is not there before line {later.line}"
    return f"{failure.message}, which is not there"


@rule("GL313", "repeated-entrypoint", Severity.WARNING)
def repeated_entrypoint(gear: Gear) -> Iterator[Problem]:
    """A stage has several ENTRYPOINTs.

    Only the last one counts. Source: Dockerfile reference.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["/bin/bash"]
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.dockerfile is None:
        return
    for stage in gear.dockerfile.stages:
        entrypoints = [i for i in stage.instructions if i.name == "ENTRYPOINT"]
        for instruction in entrypoints[:-1]:
            yield gear.at_dockerfile(
                instruction.span,
                f"this ENTRYPOINT has no effect: that in line {entrypoints[-1].start_line} counts",
                "remove it",
            )


@rule("GL314", "manifest-not-in-image", Severity.INFO)
def manifest_not_in_image(gear: Gear) -> Iterator[Problem]:
    """The manifest is not copied into the image.

    Tools that look at an image find its manifest at `/flywheel/v0/manifest.json`. Source: manifest
    schema of `fw-gear` 0.3.7.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
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
    is_there = isinstance(image.files.find(GEAR_FOLDER), Folder)
    if is_there and image.files.find(f"{GEAR_FOLDER}/manifest.json") is None:
        yield gear.at_dockerfile(
            gear.dockerfile.stages[-1].instruction.span,
            f"nothing copies the manifest to {GEAR_FOLDER}/manifest.json",
        )


@rule("GL315", "path-not-in-manifest", Severity.WARNING)
def path_not_in_manifest(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile puts a folder before PATH for `command`, and the manifest does not.

    The run does not see the Dockerfile's ENV: a `command` that starts a program of that folder by
    its bare name works under `docker run`, and on Flywheel starts another one, or none. Source:
    Flywheel's public documentation.

    Bad Dockerfile:

        FROM python:3.11
        ENV PATH=/opt/conda/bin:$PATH
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or "PATH" in gear.manifest.object("environment"):
        return
    for instruction in gear.dockerfile.stages[-1].instructions:
        for pair in instruction.pairs if instruction.name == "ENV" else ():
            if pair.key.text != "PATH":
                continue
            bare = next((one for one in gear.command_launches if one.is_bare), None)
            added = _put_before_path(pair.value.text if pair.value else "")
            if bare is None or not _is_for(image, bare, added):
                continue
            yield gear.at_dockerfile(
                pair.key.span,
                f"the run does not see this PATH, and command starts {quoted(bare.program.text)}",
                "set PATH under environment in the manifest too",
            )._replace(fix=_in_environment(gear, image, ["PATH"]))


def _in_environment(gear: Gear, image: Image, names: list[str]) -> Fix | None:
    """The variables of these names, as the image has them, put into the manifest's environment."""
    from gearlint.manifest_edits import inserted_under
    from gearlint.schema import known_fields

    known = {name: image.variable(name) for name in names}
    values = {name: value for name, value in known.items() if isinstance(value, str)}
    if not values or not gear.manifest.is_json:
        return None
    return inserted_under(gear.manifest, "environment", values, known_fields(), is_safe=True)


def _put_before_path(value: str) -> list[str]:
    """The folders that a value of PATH puts before those of the system."""
    before = re.split(r"\$\{?PATH\b|/usr/local/sbin|/usr/local/bin|/usr/bin", value, maxsplit=1)[0]
    return [folder for folder in before.strip("\"'").split(":") if folder]


def _is_for(image: Image, started: Launch, folders: list[str]) -> bool:
    """Whether a program is meant to be found in one of these folders."""
    name = started.program.text
    if any(isinstance(image.files.find(posixpath.join(folder, name)), File) for folder in folders):
        return True
    of_python = started.interpreter == "python"
    return of_python and any(re.search(r"conda|mamba|venv|virtualenv", one) for one in folders)


@rule("GL316", "wrong-platform", Severity.WARNING)
def wrong_platform(gear: Gear) -> Iterator[Problem]:
    """The image is built for another platform than Flywheel's.

    Images are run on linux/amd64. Source: Flywheel's public documentation.

    Bad Dockerfile:

        FROM --platform=linux/arm64 python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM --platform=linux/amd64 python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.dockerfile is None or not gear.dockerfile.stages:
        return
    flag, platform = base_of(gear.dockerfile).platform, platform_of(gear.dockerfile)
    if flag is None or platform is None:
        return
    if not re.match(r"(?:linux/)?(?:amd64|x86[-_]64)(?:/|\Z)", platform.lower()):
        yield gear.at_dockerfile(
            flag.span, f"the platform is {platform}, expected linux/amd64, which Flywheel runs"
        )


@rule("GL317", "io-folder-baked", Severity.WARNING)
def io_folder_baked(gear: Gear) -> Iterator[Problem]:
    """Files are copied into `input` or `output`.

    Flywheel puts folders of its own in their place, so what the image has there is not seen by the
    run. Source: gear specification.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        COPY other.py /flywheel/v0/input/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py other.py ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None:
        return
    for name in ("input", "output"):
        folder = image.files.find(f"{GEAR_FOLDER}/{name}")
        if not isinstance(folder, Folder):
            continue
        files = [
            (path, node)
            for path, node in folder.entries.items()
            if node is not None and not path.startswith(".") and any(_files(node))
        ]
        if files:
            path, node = files[0]
            line = next(iter(_files(node))).line
            yield gear.at_dockerfile(
                gear.span_of_line(line),
                f"puts {path} into {GEAR_FOLDER}/{name}, which Flywheel replaces",
            )


def _files(node: object) -> Iterator[File]:
    if isinstance(node, File | Folder):
        yield from (each for each in walk(node) if isinstance(each, File) and each.origin)


@rule("GL318", "env-not-in-manifest", Severity.INFO, default=False)
def env_not_in_manifest(gear: Gear) -> Iterator[Problem]:
    """The Dockerfile sets a variable that the run will not see.

    The Dockerfile's ENV does not reach the run, which gets the manifest's `environment`.
    `fw-beta gear build` copies it there. Source: Flywheel's public documentation.

    Bad Dockerfile:

        FROM python:3.11
        ENV FSLDIR=/opt/fsl
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None:
        return
    environment = gear.manifest.object("environment")
    unseen = {
        pair.key.text: pair.key.span
        for instruction in gear.dockerfile.stages[-1].instructions
        for pair in (instruction.pairs if instruction.name == "ENV" else ())
        if pair.key.text != "PATH" and pair.key.text not in environment
    }
    fix = _in_environment(gear, image, list(unseen)) if unseen else None
    for name, span in unseen.items():
        yield gear.at_dockerfile(
            span, f"the run does not see {name}: environment does not have it"
        )._replace(fix=fix if isinstance(image.variable(name), str) else None)


_WITHOUT_BASH = frozenset(
    (
        "add", "ca-certificates", "curl", "g++", "gcc", "git", "gzip", "install", "jq", "libc-dev",
        "libffi-dev", "linux-headers", "make", "musl-dev", "openssl", "openssl-dev", "py-pip",
        "py2-pip", "py3-numpy", "py3-pip", "python", "python-dev", "python2", "python3",
        "python3-dev", "sed", "tar", "tzdata", "unzip", "update", "upgrade", "wget", "zip",
    )
)  # fmt: skip
"""Packages of alpine, and words of its package manager, that bring no bash."""


@rule("GL319", "bash-missing", Severity.ERROR)
def bash_missing(gear: Gear) -> Iterator[Problem]:
    """The image has no bash.

    The run is `bash -c` with the manifest's `command`; alpine has only `sh`. Source: gear
    specification.

    Bad Dockerfile:

        FROM alpine:3.20
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["sh", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM alpine:3.20
        RUN apk add --no-cache bash
        WORKDIR /flywheel/v0
        COPY run.py .
        ENTRYPOINT ["sh", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None or gear.dockerfile is None or not gear.manifest.string("command"):
        return
    if image.is_scratch:
        missing = launch.on_path(image, "bash", DEFAULT_PATH, "/", is_own=False) is False
    else:
        packages = {word for word in image.installed if not word.startswith("-")}
        extra = packages - _WITHOUT_BASH
        missing = (
            image.base is not None
            and not image.base.has_bash
            and not image.has_foreign_commands
            and not extra
            and launch.on_path(image, "bash", DEFAULT_PATH, "/", is_own=True) is not True
        )
    if missing:
        stage = base_of(gear.dockerfile)
        yield gear.at_dockerfile(
            stage.base.span,
            "the image has no bash, with which Flywheel starts the command",
            "install it, as in RUN apk add --no-cache bash",
        )
