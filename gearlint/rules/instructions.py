"""GL320-GL322, GL325, GL328, GL329: what Docker or the shell reads otherwise than it looks."""

from collections.abc import Iterator

from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.source import Span
from gearlint.core.text import brief_line, listed, quoted
from gearlint.gear.gear import Gear
from gearlint.image.starts import refused_start
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile
from gearlint.syntax.dockerfile.model import Instruction

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.dockerfile.broken_list import BrokenList
    from gearlint.syntax.dockerfile.misread import Misread, Part
    from gearlint.syntax.dockerfile.swallowed import Swallowed


def _misread(gear: Gear) -> "Iterator[tuple[Dockerfile, Misread]]":
    """The instructions that Docker reads otherwise than it looks, each with the Dockerfile."""
    if gear.dockerfile is not None:
        for misread in gear.dockerfile.misread:
            yield gear.dockerfile, misread


def _parts(gear: Gear) -> "Iterator[tuple[Dockerfile, Misread, Part]]":
    """What was meant by each of them."""
    for dockerfile, misread in _misread(gear):
        for part in misread.parts:
            yield dockerfile, misread, part


def _severity(gear: Gear, misread: "Misread") -> Severity:
    """An error where the instruction then certainly fails."""
    fails = gear.as_written is not None and gear.as_written.fails(misread)
    return Severity.ERROR if fails else Severity.WARNING


@rule("GL320", "exec-form-not-json", Severity.ERROR, fix="safe")
def exec_form_not_json(gear: Gear) -> Iterator[Problem]:
    """A list in brackets is not a JSON list.

    A list has straight double quotes around each word, commas between them and a bracket at both
    ends, and nothing else: `("a", "b")` and `= ["a", "b"]` are not lists. Docker reads anything
    else as a shell command, which fails with `[python,: not found`, or as paths. A warning where
    the build and the start do not depend on it. Source: Dockerfile reference, "Exec form";
    BuildKit's own parser.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ['python', '/flywheel/v0/run.py']

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    for dockerfile, misread, part in _parts(gear):
        if part.broken_list is not None:
            yield _not_json(gear, dockerfile, misread, part, part.broken_list)


def _not_json(
    gear: Gear, dockerfile: Dockerfile, misread: "Misread", part: "Part", found: "BrokenList"
) -> Problem:
    import json

    from gearlint.gear.edits.misread import made_list

    name = part.meant.name
    read_as = "paths" if name in ("ADD", "COPY", "VOLUME") else "a shell command"
    why = f": {listed(found.faults)}" if found.faults else ""
    words = json.dumps(found.words, ensure_ascii=False)
    written = f"{'CMD' if name == 'HEALTHCHECK' else name} {words}"
    if found.elements is not None:
        advice = f"write {written}"
    else:
        example = f", as in {written}" if found.words else ""
        advice = (
            f"put each word in double quotes, a comma between two, brackets around all{example}"
        )
    return gear.at.dockerfile(
        part.meant.span_of(found.start, found.start + 1),
        f"{name} has a list that is not JSON{why}; Docker reads it as {read_as}",
        advice,
        severity=_severity(gear, misread),
        fix=made_list(dockerfile, misread, part),
    )


@rule("GL321", "run-syntax", Severity.ERROR)
def run_syntax(gear: Gear) -> Iterator[Problem]:
    """A RUN, ENTRYPOINT or CMD is not valid shell.

    The shell refuses the whole line: the build stops there, or the container does not start.
    Source: the bash manual; POSIX, "Shell Command Language".

    Bad Dockerfile:

        FROM python:3.11
        RUN apt-get update &&
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        RUN apt-get update
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    if gear.image is None or gear.dockerfile is None:
        return
    start = refused_start(gear.image)
    for step in gear.image.refused_steps + ([start] if start else []):
        if gear.dockerfile.is_misread(step.instruction.span.start):
            continue  # GL320 or GL322 says so
        ends = step.message.startswith("it ends")
        advice = (
            "remove the operator at its end, or write the command that is missing"
            if ends
            else "correct the command: bash -n refuses it too"
        )
        name = step.instruction.name if step is start else "RUN"
        yield gear.at.dockerfile(step.span, f"{name} is not valid shell: {step.message}", advice)


@rule("GL322", "swallowed-instruction", Severity.ERROR)
def swallowed_instruction(gear: Gear) -> Iterator[Problem]:
    r"""An instruction is part of the one above it.

    A `\` at the end of a line continues it, also past empty lines and comments, so the next
    instruction becomes words of a command: of `rm`, say, which goes through, and what the
    instruction says is never done. A warning where the build does not certainly fail. Source:
    Dockerfile reference; seen in public gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x run.py && \
        ENTRYPOINT ["/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN chmod +x run.py
        ENTRYPOINT ["/flywheel/v0/run.py"]
    """
    for dockerfile, misread in _misread(gear):
        for each in misread.swallowed:
            message, advice = _how(dockerfile, misread, each)
            severity = _severity(gear, misread)
            yield gear.at.dockerfile(each.span, message, advice, severity=severity)


def _how(dockerfile: Dockerfile, misread: "Misread", swallowed: "Swallowed") -> tuple[str, str]:
    """What happened to an instruction, and what to do."""
    from gearlint.syntax.dockerfile.swallowed import joined_before

    name, outer = swallowed.name, misread.written
    if swallowed.backslash is None:
        if swallowed.is_command:
            return (
                f"{name} is in the middle of a {outer.name}, which runs it as a program",
                f"remove {name}, or begin a new line with it",
            )
        return (
            f"{name} is part of the {outer.name} before it: the line break between them is missing",
            f"begin a new line with {name}",
        )
    escape = dockerfile.escape
    line = dockerfile.source.position(swallowed.backslash).line
    text = outer.line.text
    joined = text[joined_before(text, 0, swallowed.at) : swallowed.at].strip()
    removed = f"{joined} {escape}".strip()
    goes_on = name == outer.name and (swallowed.is_command or name in ("ARG", "ENV", "LABEL"))
    other = f", or this {name}" if goes_on else ""
    return (
        f'{name} is part of the {outer.name} of line {outer.start_line}: the "{escape}" at the end '
        f"of line {line} continues it",
        f'remove the "{removed}" at the end of line {line}{other}',
    )


@rule("GL325", "trailing-comment", Severity.ERROR, fix="safe")
def trailing_comment(gear: Gear) -> Iterator[Problem]:
    """A comment is at the end of an instruction.

    Docker knows comments only on lines of their own; here the `#` and what follows it are part of
    the user's name, of a path, or more arguments. A warning where the build and the start do not
    certainly fail. In RUN, and in the shell form of CMD and ENTRYPOINT, the shell reads it as a
    comment. Source: Dockerfile reference, "Format".

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        USER root # for now
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        # for now
        USER root
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    for dockerfile, misread, part in _parts(gear):
        if not part.comments or part.broken_list is not None:
            continue  # of the latter GL320 says so
        from gearlint.gear.edits.misread import comments_above

        comment = dockerfile.source.data[slice(*part.comments[0])].decode("utf-8", "replace")
        yield gear.at.dockerfile(
            part.comments[0],
            f"{quoted(comment)} is not a comment, but part of {part.written.name}",
            "put it on a line of its own",
            severity=_severity(gear, misread),
            fix=comments_above(dockerfile, misread, part),
        )


@rule("GL328", "misread-env", Severity.WARNING, fix="safe")
def misread_env(gear: Gear) -> Iterator[Problem]:
    """ENV has spaces around its `=`, `export` before the name, or a name twice.

    Docker takes the first word for the name and all after it for the value. With spaces the value
    begins with the `=`: the variable, and each path that is made of it, is wrong. With `export` the
    variable is called so, and the one that is meant is not set. Of a name that is there twice the
    first value is lost, although the second has it as `$NAME`: all of an ENV is read with the
    variables as they were before it. Source: Dockerfile reference, "ENV"; BuildKit's own parser.

    Bad Dockerfile:

        FROM python:3.11
        ENV FLYWHEEL = /flywheel/v0
        WORKDIR $FLYWHEEL
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        ENV FLYWHEEL=/flywheel/v0
        WORKDIR $FLYWHEEL
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    for dockerfile, misread, part in _parts(gear):
        if part.stray is not None:
            yield _stray(gear, dockerfile, misread, part, part.stray)
    if gear.dockerfile is None:
        return
    for instruction in gear.dockerfile.meant:
        if instruction.name == "ENV":
            yield from _lost(gear, instruction, gear.dockerfile.escape)


def _lost(gear: Gear, instruction: Instruction, escape: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for pair in instruction.pairs:
        name = pair.key.text
        if name in seen and pair.value is not None:
            from gearlint.image.variables import uses

            message = f"ENV sets {name} twice, and ${name} is not the first value, which is lost"
            if any(name == other for _, other in uses(pair.value, escape)):
                yield gear.at.dockerfile(pair.key.span, message, "write ENV again before it")
        seen.add(name)


def _stray(
    gear: Gear, dockerfile: Dockerfile, misread: "Misread", part: "Part", stray: Span
) -> Problem:
    from gearlint.gear.edits.misread import without_stray

    (written,), pair = part.written.pairs[:1], part.meant.pairs[0]
    name, value = pair.key.text, pair.value.text if pair.value else ""
    fix = without_stray(dockerfile, misread, part)
    message = f"ENV sets a variable called {written.key.text}, not {name}"
    if written.key.text == name:
        is_glued = written.value is not None and not written.value.text[1:2].isspace()
        taken = f"={value}" if is_glued else f"= {value}"
        message = f"ENV gives {name} the value {quoted(taken)}: it has no spaces around its ="
    return gear.at.dockerfile(
        stray,
        message,
        f"write {brief_line(f'{name}={value}')}" if fix else f'write {name}="..."',
        fix=fix,
    )


@rule("GL329", "copy-target-not-a-directory", Severity.ERROR, fix="safe")
def copy_target_not_a_directory(gear: Gear) -> Iterator[Problem]:
    """COPY takes several sources, and its target is not a directory.

    BuildKit writes each source over the one before, to a file of that name; the classic builder
    refuses the build. With `/` at its end the target is a directory, which is made. Source:
    Dockerfile reference, "COPY"; moby/buildkit#1853.

    Bad Dockerfile:

        FROM python:3.11
        COPY run.py manifest.json /flywheel/v0
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        COPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    dockerfile, image = gear.dockerfile, gear.image
    if dockerfile is None or image is None:
        return
    for instruction in image.flattened:
        target = instruction.words[-1]
        name = target.text.encode(errors="surrogateescape")  # it may not be UTF-8
        is_plain = dockerfile.source.data[slice(*target.span)] == name
        edit = Edit(target.span.end, target.span.end, b"/")
        yield gear.at.dockerfile(
            target.span,
            f"{instruction.name} writes its sources to one file, {quoted(target.text)}, each over "
            "the one before",
            f"write {brief_line(f'{target.text}/')}",
            fix=Fix(dockerfile.source, (edit,), is_safe=True) if is_plain else None,
        )
