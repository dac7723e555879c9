"""What a Dockerfile says before anything is built.

That is what its stages are built on, the ARGs before FROM, and what it takes from where.
"""

import re
from collections.abc import Iterable, Iterator

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex
from gearlint.core.text import nearest
from gearlint.core.unknown import UNKNOWN
from gearlint.image.bases import Value
from gearlint.image.bases.table import base_named
from gearlint.image.budget import Values
from gearlint.syntax.dockerfile import Dockerfile, Flag, Instruction, Stage
from gearlint.syntax.substitution import Lookup, expand, unset

_WORD = regex(r"[A-Za-z][\w-]+\Z")
_URL = regex(r"(?:https?|ftp|git|ssh)://|git@", re.IGNORECASE)
# Set by Docker itself, to what only the build knows.
_AUTOMATIC = regex(r"(?:(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)\Z")
_MAY_HOLD_A_GEAR = regex(
    r"(?!.*(?:/python|base|mcr))"
    r"(?:\A(?:docker\.io/)?(?:flywheel|scitran)/|.*gear|.*flywheel|(?:.*[/_-])?fw[_-])"
)
"""Names of images that may bring the files of a gear."""
_TAG_OF_A_GEAR = regex(r"v?[0-9]+(?:\.[0-9]+)++[a-z0-9-]*_v?[0-9]+\.[0-9]")
"""A tag of two versions, as `1.1.0_5.0`: the version of a gear and that of its software."""
PROXIES = frozenset(
    name
    for word in ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
    for name in (word, word.lower())
)


def is_url(source: str) -> bool:
    """Whether a source of ADD is not a file of the build context."""
    return ("://" in source or "@" in source) and _URL.match(source) is not None


def stages_of_image(dockerfile: Dockerfile) -> list[Stage]:
    """The last stage, after those that it is built on; the first one's FROM names an image."""
    return [dockerfile.stages[number] for number in numbers_of_image(dockerfile)]


def numbers_of_image(dockerfile: Dockerfile) -> list[int]:
    """The numbers (from 0) of these stages."""
    number: int | None = len(dockerfile.stages) - 1 if dockerfile.stages else None
    lookup = global_lookup(dockerfile)
    found: list[int] = []
    while number is not None:
        found.append(number)
        number = parent_of(dockerfile, number, lookup)
    return list(reversed(found))


def instructions_of_image(dockerfile: Dockerfile) -> list[Instruction]:
    """The instructions that make the image, in order."""
    return [each for stage in stages_of_image(dockerfile) for each in stage.instructions]


def base_of(dockerfile: Dockerfile) -> Stage:
    """The stage, from the last one on, whose FROM names an image that is not built here.

    Raises IndexError if the Dockerfile has no stage.
    """
    return stages_of_image(dockerfile)[0]


def base_name(dockerfile: Dockerfile) -> str:
    """The image that the last stage is built on, with variables replaced; empty if unknown.

    Raises IndexError if the Dockerfile has no stage.
    """
    text = base_of(dockerfile).base.text
    return expand(text, global_lookup(dockerfile), dockerfile.escape) or ""


def may_hold_a_gear(name: str) -> bool:
    """Whether a base image may bring the files of a gear, by its name (empty if unknown)."""
    tag = name.rpartition("/")[2].partition(":")[2]
    return not name or any((_MAY_HOLD_A_GEAR.match(name), _TAG_OF_A_GEAR.match(tag)))


def parent_of(dockerfile: Dockerfile, index: int, lookup: Lookup) -> int | None:
    """The number of the earlier stage that FROM names, `None` if it names an image.

    `lookup` is `global_lookup`.
    """
    name = expand(dockerfile.stages[index].base.text, lookup, dockerfile.escape)
    return None if name is None else stage_named(dockerfile, name, index)


def stage_named(dockerfile: Dockerfile, name: str, before: int) -> int | None:
    """The number of the last stage of that name before another."""
    numbers = dockerfile.stage_numbers.get(name.lower())
    if not numbers:
        return None
    from bisect import bisect_left

    at = bisect_left(numbers, before)
    return numbers[at - 1] if at else None


def platform_of(dockerfile: Dockerfile) -> str | None:
    """The platform of the image, with variables replaced; `None` if none is set or known.

    Raises IndexError if the Dockerfile has no stage.
    """
    flag = base_of(dockerfile).platform
    if flag is None or flag.value is None:
        return None
    return expand(flag.value, global_lookup(dockerfile), dockerfile.escape) or None


def global_lookup(dockerfile: Dockerfile) -> Lookup:
    """The variables as FROM sees them: the ARGs before the first one."""
    arguments: dict[str, Value] = {}
    values = Values(limits.IMAGE_VALUE_CHARACTERS)

    def lookup(name: str) -> Value:
        return values.read(arguments[name]) if name in arguments else automatic(name)

    for instruction in dockerfile.global_args:
        declare(instruction, arguments, lookup, dockerfile.escape)
    return lookup


def declare(
    instruction: Instruction,
    arguments: dict[str, Value],
    lookup: Lookup,
    escape: str,
    outer: Lookup = unset,
) -> None:
    """ARG: a default is taken for the value, as a build without `--build-arg` has it.

    Without a default it is that of an ARG of the same name in `outer`.
    """
    for pair in instruction.pairs:
        if pair.value is None:
            value = outer(pair.key.text)
        else:
            value = expand(pair.value.text, lookup, escape)
        arguments[pair.key.text] = UNKNOWN if value is None else value


def context_sources(dockerfile: Dockerfile) -> list[str]:
    """What COPY and ADD take from the build context, as written, where that is a plain path."""
    return [
        word.text
        for instruction in dockerfile.meant
        if instruction.name in ("ADD", "COPY") and not instruction.flag("from")
        for word in instruction.words[:-1]
        if "$" not in word.text and not is_url(word.text) and not instruction.heredoc(word)
    ]


def taken_sources(instruction: Instruction) -> list[str]:
    """What an instruction takes from the build context, as written; `.` for all of it.

    That is what COPY and ADD name, and what RUN mounts. What an ONBUILD takes is not followed: all.
    """
    if instruction.name == "ONBUILD":
        trigger = instruction.trigger
        return ["."] if trigger is not None and taken_sources(trigger) else []
    if instruction.name == "RUN":
        mounts = _mounts(instruction)
        return [source for mount in mounts for source in _mounted(mount)]
    if instruction.name not in ("ADD", "COPY") or instruction.flag("from"):
        return []
    return [word.text for word in instruction.words[:-1] if not instruction.heredoc(word)]


def sources_of(instruction: Instruction) -> list[str]:
    """The stages and images that COPY --from, or a RUN that mounts them, takes files from."""
    named = [flag.value or "" for flag in instruction.flags if flag.name == "from"]
    return [*named, *(mount["from"] for mount in _mounts(instruction) if "from" in mount)]


def mount_targets(instruction: Instruction) -> list[str]:
    """Where a RUN mounts something, as written."""
    names = ("target", "dst", "destination")
    return [value for mount in _mounts(instruction) for key, value in mount.items() if key in names]


def unknown_stages(dockerfile: Dockerfile) -> Iterator[tuple[Flag, str]]:
    """Each COPY --from that looks like a misspelt name of a stage, and the stage that is meant.

    That is one that nothing else takes, or of nearly the name. Docker takes any other name for an
    image, but one that no image can have, of which `meant` may be empty.
    """
    takes = any(each.name == "COPY" and each.flag("from") for each in dockerfile.meant)
    if not takes or not dockerfile.stages:
        return
    names = dockerfile.stage_numbers
    taken = {name for each in dockerfile.meant for name in sources_of(each)}
    if all(name.lower() in names or not _WORD.match(name) for name in taken):
        return
    used = {stage.base.text.lower() for stage in dockerfile.stages}
    used |= {dockerfile.stages[-1].name or "", *map(str.lower, taken)}
    free = [name for name in names if name not in used]
    budget = Budget(limits.NEAR_STEPS)
    for instruction in dockerfile.meant:
        flag = instruction.flag("from") if instruction.name == "COPY" else None
        name = flag.value or "" if flag is not None else ""
        if flag is None or name.lower() in names or not _WORD.match(name):
            continue
        meant = _stage_meant(name, names, free, budget)
        if name != name.lower() or (meant and base_named(name) is None):
            yield flag, meant


def _stage_meant(name: str, names: Iterable[str], free: list[str], budget: Budget) -> str:
    """The stage that may be meant by a name, one of `free` where it is rather different."""
    near = nearest(name, names, budget)
    if near and (near in free or abs(len(near) - len(name)) < 2):
        return near
    if not budget.spend(len(free) * len(name)):
        return ""
    return next((each for each in free if name in each or each in name), "")


def may_mount_files(instruction: Instruction) -> bool:
    """Whether a RUN mounts more than caches, whose places are plain: what it finds is not known."""
    mounts = _mounts(instruction)
    return any(each.get("type") != "cache" or "$" in "".join(each.values()) for each in mounts)


def _mounts(instruction: Instruction) -> list[dict[str, str]]:
    """The fields of each `--mount`, by their names in lower case."""
    return [_fields(flag.value or "") for flag in instruction.flags if flag.name == "mount"]


def _fields(mount: str) -> dict[str, str]:
    fields = [field.partition("=") for field in mount.split(",")]
    return {key.strip().lower(): value.strip() for key, _, value in fields}


def _mounted(mount: dict[str, str]) -> list[str]:
    """What of the build context a `--mount` binds; `bind` is the default type, all the source."""
    if mount.get("type", "bind") != "bind" or "from" in mount:
        return []
    return [mount.get("source") or mount.get("src") or "."]


def automatic(name: str) -> Value:
    """The value of a variable that Docker itself sets: unknown, or `None` for any other."""
    return UNKNOWN if is_automatic(name) or name in PROXIES else None


def is_automatic(name: str) -> bool:
    """Whether BuildKit sets a variable for FROM, and for a stage that has it in ARG."""
    return _AUTOMATIC.match(name) is not None
