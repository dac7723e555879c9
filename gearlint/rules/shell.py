"""GL324: RUN in a shell that does not know what is written."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.gear.gear import Gear
from gearlint.image.starts import start_lack
from gearlint.rules.registry import rule


@rule("GL324", "not-in-sh", Severity.ERROR)
def not_in_sh(gear: Gear) -> Iterator[Problem]:
    """RUN, ENTRYPOINT or CMD uses something of bash, and `sh` is dash.

    `/bin/sh` runs it, which is dash in Debian, Ubuntu and the images built on them. That has no
    `source`, no `[[`, no arrays, no `{a,b}`. An error where the step certainly fails, a warning
    where it goes on and does something else. So it is with the shell form of ENTRYPOINT, and of CMD
    instead of it, where the container then does not start. Nothing is reported where SHELL names
    bash, or where `/bin/sh` may be another shell. Source: dash(1); tried with dash 0.5.12.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN python -m venv /venv && source /venv/bin/activate && pip install numpy
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN python -m venv /venv && . /venv/bin/activate && pip install numpy
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None:
        return
    start = start_lack(image)
    for lack in image.shell_lacks + ([start] if start else []):
        fails = lack.fails or any(
            image.is_for_braces(failure) and failure.instruction is lack.instruction
            for failure in image.failed_steps
        )
        name = lack.instruction.name if lack is start else "RUN"
        use_bash = 'put SHELL ["/bin/bash", "-c"] before it'
        yield gear.at.dockerfile(
            lack.span,
            f"{f'{name} fails: ' if fails else ''}/bin/sh is dash here, which {lack.what}",
            f"{lack.instead}, or {use_bash}" if lack.instead else use_bash,
        )._replace(severity=None if fails else Severity.WARNING)
