"""GL330, GL331: steps of the build that do not do what they say."""

from collections.abc import Iterator

from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.text import brief_line, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.shell import command_line


def _steps(dockerfile: Dockerfile) -> Iterator[Instruction]:
    """The RUNs, where each SHELL is one whose grammar is known."""
    shells = [each.exec_form for each in dockerfile.instructions if each.name == "SHELL"]
    if all(shell and command_line.is_sh_like(shell[0].text) for shell in shells):
        yield from (each for each in dockerfile.instructions if each.name == "RUN")


@rule("GL330", "requirement-redirected", Severity.WARNING, fix="safe")
def requirement_redirected(gear: Gear) -> Iterator[Problem]:
    """The shell takes the version of a requirement for a redirection.

    Of `pip install numpy>=1.20` pip gets `numpy`, and a file `=1.20` is made: any version is
    installed. `numpy<2` is read from a file `2`, and the step fails where there is none, which is
    an error. Requirements with `<` or `>` are put in quotes. Source: the bash manual,
    "Redirections"; pip's documentation, "pip install".

    Bad Dockerfile:

        FROM python:3.11
        RUN pip install flywheel-sdk>=5.0.2
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        RUN pip install "flywheel-sdk>=5.0.2"
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    dockerfile, image = gear.dockerfile, gear.image
    steps = [
        each
        for each in (_steps(dockerfile) if dockerfile is not None else ())
        if "<" in each.value or ">" in each.value
    ]
    if dockerfile is None or not steps:
        return
    from gearlint.syntax.dockerfile.redirected import redirected_requirements

    failed = [each for each in image.failed_steps if each.is_of_input] if image else []
    for step in steps:
        fails = any(each.instruction is step for each in failed)
        for each in redirected_requirements(step):
            does = "reads from" if each.is_read else "writes to"
            edits = tuple(Edit(at, at, b'"') for at in each.span)
            advice = "put all of it in double quotes"
            if each.is_plain:
                advice = f'write "{brief_line(each.text)}", in double quotes'
            yield gear.at.dockerfile(
                each.span,
                f"the shell {does} the file {quoted(each.file)}, "
                f"and {each.program} gets {quoted(each.package)} without its version",
                advice,
                severity=Severity.ERROR if fails and each.is_read else None,
                fix=Fix(dockerfile.source, edits, is_safe=True) if each.is_plain else None,
            )
