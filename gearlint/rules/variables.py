"""GL323: the variables that Docker expands in the words of the Dockerfile."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.source import Span
from gearlint.core.text import did_you_mean, quoted
from gearlint.gear.gear import Gear
from gearlint.image.stages import global_lookup, is_automatic
from gearlint.image.state import UnsetVariable
from gearlint.image.variables import misspelt, unset_before_stages
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Instruction, Stage
from gearlint.syntax.substitution import expand

_OF_THE_SHELL = ("HOME", "PWD", "UID", "USER")


@rule("GL323", "unset-variable", Severity.WARNING)
def unset_variable(gear: Gear) -> Iterator[Problem]:
    """Nothing sets a variable that Docker expands.

    Docker replaces it by nothing, and `WORKDIR ${HOME_OF_GEAR}` becomes `/`. An ARG before FROM is
    seen by FROM alone, ARG and ENV hold for one stage and those built on it, and ENV sets all its
    variables at once, at its end. An error where FROM has no image without it. Variables of RUN,
    CMD and ENTRYPOINT are the shell's and not reported, nor are those with a default, as in
    `${X:-d}`, nor what the base image may set. Source: Dockerfile reference, "Environment
    replacement"; BuildKit's check `UndefinedVar`.

    Bad Dockerfile:

        ARG GEAR=/flywheel/v0
        FROM python:3.11
        WORKDIR ${GEAR}
        COPY run.py /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        ARG GEAR=/flywheel/v0
        WORKDIR ${GEAR}
        COPY run.py manifest.json /flywheel/v0/
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image, dockerfile = gear.image, gear.dockerfile
    if image is None or dockerfile is None:
        return
    for unset in unset_before_stages(dockerfile):
        severity = Severity.ERROR if _has_no_image(dockerfile, unset.instruction) else None
        message = f"{quoted(unset.name)} is not set: no ARG before it has it"
        advice = did_you_mean(unset.name, unset.known) or f"add ARG {unset.name}=... before FROM"
        yield gear.at.dockerfile(unset.span, message, advice)._replace(severity=severity)
    reported: set[tuple[int, str]] = set()
    for unset in image.unset_variables:
        why, advice, scope = _reason(dockerfile, unset)
        place = (scope.start, unset.name)
        if place not in reported:
            reported.add(place)
            doubt = "" if unset.is_certain else ", unless the base image sets it"
            message = f"{quoted(unset.name)} is not set{why}{doubt}"
            yield gear.at.dockerfile(unset.span, message, advice)


def _has_no_image(dockerfile: Dockerfile, instruction: Instruction) -> bool:
    """Whether nothing is left of the image that FROM names, or of its tag."""
    if instruction.name != "FROM" or not instruction.words:
        return False
    image = expand(instruction.words[0].text, global_lookup(dockerfile), dockerfile.escape)
    return image is not None and (not image or image.endswith((":", "@")))


def _stage_of(dockerfile: Dockerfile, instruction: Instruction) -> Stage:
    """The stage that an instruction is in."""
    started = [each for each in dockerfile.stages if each.instruction.span < instruction.span]
    return started[-1]


def _reason(dockerfile: Dockerfile, unset: UnsetVariable) -> tuple[str, str, Span]:
    """Why it is not set, what to do, and the bytes for which doing it once is enough."""
    name, instruction = unset.name, unset.instruction
    stage = _stage_of(dockerfile, instruction)
    from_line = stage.instruction.span
    if instruction.name == "ENV" and _sets(instruction, name):
        why = " before the end of this ENV, which sets it"
        return why, "write two ENV instructions", instruction.span
    if is_automatic(name):
        return " in a stage without an ARG for it", f"add ARG {name} after FROM", from_line
    if any(_sets(each, name) for each in dockerfile.global_args):
        why = ": an ARG before FROM is seen by FROM alone"
        return why, f"repeat ARG {name} after FROM", from_line
    later = [each for each in stage.instructions if each.span > instruction.span]
    if any(_sets(each, name) for each in later):
        return " yet: it is set further down", "move the ARG or ENV up", from_line
    if any(_sets(each, name) for each in dockerfile.instructions):
        return " in this stage, but in another", "repeat its ARG or ENV in this stage", from_line
    if name in _OF_THE_SHELL:
        return ": only a shell has it, not Docker", "write its value", unset.span
    near = misspelt(name, unset.known)
    meant = f'did you mean "{near}"?' if near else did_you_mean(name, unset.known)
    advice = meant or f"add ENV {name}=... before it, or correct its name"
    return ": no ARG or ENV has it", advice, unset.span


def _sets(instruction: Instruction, name: str) -> bool:
    """Whether an instruction is an ARG or ENV of that name."""
    is_setting = instruction.name in ("ARG", "ENV")
    return is_setting and any(pair.key.text == name for pair in instruction.pairs)
