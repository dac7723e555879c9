"""GL323: the variables that Docker expands in the words of the Dockerfile."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import islice

from gearlint.core import limits
from gearlint.core.finding import Problem, Severity
from gearlint.core.source import Span
from gearlint.core.text import did_you_mean, quoted
from gearlint.gear.gear import Gear
from gearlint.gear.run import Run
from gearlint.image.instructions import OF_PATHS
from gearlint.image.stages import global_lookup, is_automatic
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.rules.registry import rule
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.substitution import expand

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.faults import UnsetVariable

_OF_FROM = ": an ARG before FROM is seen by FROM alone"
_OF_DOCUMENT = ", and Docker replaces it in a here-document"
_OF_THE_SHELL = ("HOME", "PWD", "UID", "USER")


@rule("GL323", "unset-variable", Severity.WARNING)
def unset_variable(gear: Gear) -> Iterator[Problem]:
    """Nothing sets a variable that Docker expands.

    Docker replaces it by nothing, and `WORKDIR ${HOME_OF_GEAR}` becomes `/`. Its name may be
    misspelt, or

    - only an ARG before FROM has it, which FROM alone sees;
    - it is of another stage: ARG and ENV hold for one stage and those built on it;
    - the same ENV sets it, which sets all its variables at once, at its end;
    - it is written `$(X)`, which is not a variable.

    It is an error where FROM has no image without it, and where for it WORKDIR, COPY or ADD puts
    elsewhere what the gear needs. Nothing is said of a variable with a default, as in `${X:-d}`,
    nor of one that the base image may set. Those of CMD and ENTRYPOINT are the shell's; those of
    RUN are reported where an ARG before FROM has them, or where they are nearly one that ARG or ENV
    has set. In a here-document of COPY Docker replaces them too, unless its name is quoted
    (`<<"EOF"`).

    Source: Dockerfile reference, "Environment replacement", "Here-Documents"; BuildKit's check
    `UndefinedVar`.

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
    if image is None or dockerfile is None or b"$" not in dockerfile.source.data:
        return
    from gearlint.image.variables import unset_before_stages

    for unset in islice(unset_before_stages(dockerfile), limits.UNSET_VARIABLES):
        severity = Severity.ERROR if _has_no_image(dockerfile, unset.instruction) else None
        message = f"{quoted(unset.name)} is not set: no ARG before it has it"
        advice = _meant(unset) or f"add ARG {unset.name}=... before FROM"
        yield gear.at.dockerfile(unset.span, message, advice, severity=severity)
    settings = _settings(dockerfile) if image.unset_variables else {}
    reported: dict[tuple[int, str], list[UnsetVariable]] = {}
    for unset in image.unset_variables[: limits.UNSET_VARIABLES]:
        *_, scope = _reason(dockerfile, unset, settings.get(unset.name, []))
        reported.setdefault((scope.start, unset.name), []).append(unset)
    starts_less = cache(partial(_starts_less, gear))
    for (_, name), (first, *others) in reported.items():
        why, advice, _ = _reason(dockerfile, first, settings.get(name, []))
        is_error = any(_fails(gear, unset, starts_less) for unset in (first, *others))
        severity = Severity.ERROR if is_error else None
        doubt = "" if first.is_certain else ", unless the base image sets it"
        message = f"{quoted(name)} is not set{why}{doubt}"
        if first.is_called:
            message = f"Docker does not read {quoted(f'$({name})')} as a variable"
        yield gear.at.dockerfile(first.span, message, advice, severity=severity)
    yield from _misspelt_in_steps(gear, dockerfile, image)


def _misspelt_in_steps(gear: Gear, dockerfile: Dockerfile, image: Image) -> Iterator[Problem]:
    """The misspelt variables of RUN, and those of FROM alone, but of steps that fail (GL312)."""
    from gearlint.image.variables import misspelt_in_steps

    failing = {failed.instruction for failed in image.failed_steps}
    reported = {unset.name for unset in image.unset_variables}
    for unset in misspelt_in_steps(dockerfile, image):
        if unset.instruction not in failing and unset.name not in reported:
            doubt = "" if unset.is_certain else ", unless the base image sets it"
            why, advice = ": no ARG or ENV has it", _meant(unset)
            if unset.name in dockerfile.global_names:
                why, advice = _OF_FROM, f"repeat ARG {unset.name} after FROM"
            yield gear.at.dockerfile(
                unset.span, f"{quoted(unset.name)} is not set{why}{doubt}", advice
            )


def _fails(gear: Gear, unset: "UnsetVariable", starts_less: Callable[[], bool]) -> bool:
    """Whether the build, or what is started, certainly fails as a path is not the one meant."""
    if unset.instruction.name not in OF_PATHS or not unset.is_certain or gear.as_written is None:
        return False
    return gear.as_written.fails_at(unset.instruction) or starts_less()


def _starts_less(gear: Gear) -> bool:
    """Whether something is started that only the image that was meant may have."""
    written = gear.as_written.image if gear.as_written is not None else None
    if written is None or gear.image is None or gear.image.files.find(GEAR_DIRECTORY) is None:
        return False  # GL302 says so
    run = Run(gear.manifest, gear.dockerfile, written, gear.scripts, gear.context)
    return _missing(run, written) > _missing(gear.run, gear.image)


def _missing(run: Run, image: Image) -> int:
    """How much of what is started is certainly not in an image."""
    started = (*run.by_docker, *run.by_flywheel)
    return sum(launch.missing(image) is not None for launch in started)


def _has_no_image(dockerfile: Dockerfile, instruction: Instruction) -> bool:
    """Whether nothing is left of the image that FROM names, or of its tag."""
    if instruction.name != "FROM" or not instruction.words:
        return False
    image = expand(instruction.words[0].text, global_lookup(dockerfile), dockerfile.escape)
    return image is not None and (not image or image.endswith((":", "@")))


def _settings(dockerfile: Dockerfile) -> dict[str, list[Instruction]]:
    """The ARG and ENV instructions that set each variable."""
    settings: dict[str, list[Instruction]] = {}
    for instruction in dockerfile.instructions:
        for pair in instruction.pairs if instruction.name in ("ARG", "ENV") else ():
            settings.setdefault(pair.key.text, []).append(instruction)
    return settings


def _stage_of(dockerfile: Dockerfile, instruction: Instruction) -> Span:
    """The FROM of the stage that an instruction is in, and all below it up to the next."""
    from bisect import bisect_right

    starts = [each.instruction.span.start for each in dockerfile.stages]
    at = bisect_right(starts, instruction.span.start)
    end = starts[at] if at < len(starts) else len(dockerfile.source.data)
    return Span(starts[at - 1], end)


def _reason(
    dockerfile: Dockerfile, unset: "UnsetVariable", settings: list[Instruction]
) -> tuple[str, str, Span]:
    """Why it is not set, what to do, and the bytes for which doing it once is enough.

    `settings` are the instructions that set a variable of that name.
    """
    name, instruction = unset.name, unset.instruction
    if unset.is_called:
        return "", f"write ${{{name}}}", unset.span
    stage = _stage_of(dockerfile, instruction)
    if instruction.name == "ENV" and instruction in settings:
        why = " before the end of this ENV, which sets it"
        return why, "write two ENV instructions", instruction.span
    if is_automatic(name):
        return " in a stage without an ARG for it", f"add ARG {name} after FROM", stage
    starts = [each.span.start for each in settings]
    if starts and starts[0] < dockerfile.stages[0].instruction.span.start:
        return _OF_FROM, f"repeat ARG {name} after FROM", stage
    if any(instruction.span.start < start < stage.end for start in starts):
        return " yet: it is set further down", "move the ARG or ENV up", stage
    if settings:
        return " in this stage, but in another", "repeat its ARG or ENV in this stage", stage
    meant = _meant(unset)
    for document in instruction.heredocs:
        if document.body.start <= unset.span.start < document.body.end and not meant:
            return (
                _OF_DOCUMENT,
                f'write <<"{document.name}", so that it stays as it is',
                document.body,
            )
    if name in _OF_THE_SHELL:
        return ": only a shell has it, not Docker", "write its value", unset.span
    advice = meant or f"add ENV {name}=... before it, or correct its name"
    return ": no ARG or ENV has it", advice, unset.span


def _meant(unset: "UnsetVariable") -> str:
    """`did you mean "FLYWHEEL"?` of a variable that is set there."""
    from gearlint.image.variables import misspelt

    near = misspelt(unset.name, unset.known)
    if near or len(unset.known) > limits.NEAR_VARIABLES:
        return f'did you mean "{near}"?' if near else ""
    return did_you_mean(unset.name, unset.known)
