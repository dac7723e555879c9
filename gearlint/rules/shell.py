"""GL324: RUN in a shell that does not know what is written."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule


@rule("GL324", "not-in-sh", Severity.ERROR)
def not_in_sh(gear: Gear) -> Iterator[Problem]:
    """RUN uses something of bash, and `sh` is dash.

    `/bin/sh` runs it, which is dash in Debian, Ubuntu and the images built on them. That has no
    `source`, no `[[`, no arrays, no `{a,b}`. An error where the step certainly fails, a warning
    where it goes on and does something else. Nothing is reported where SHELL names bash, or where
    `/bin/sh` may be another shell. Source: dash(1); tried with dash 0.5.12.

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
    for lack in image.shell_lacks if image is not None else ():
        use_bash = 'put SHELL ["/bin/bash", "-c"] before it'
        yield gear.at.dockerfile(
            lack.span,
            f"{'RUN fails: ' if lack.fails else ''}/bin/sh is dash here, which {lack.what}",
            f"{lack.instead}, or {use_bash}" if lack.instead else use_bash,
        )._replace(severity=None if lack.fails else Severity.WARNING)
