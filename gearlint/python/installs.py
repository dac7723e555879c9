"""Whether a module may come with the base image, or with what a Dockerfile installs."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.image.bases import Base
from gearlint.image.context import Context
from gearlint.syntax.dockerfile import Dockerfile

_PROJECT = regex(
    r"(?:\A|\s)(?:-e|--editable|-t|--target|--prefix|\.\[?\S*|/\S*|\S+/\S*|\S*://\S*"
    r"|\S+\.(?:whl|zip|tar|gz))(?:=|\s|\Z)"
)
"""An argument of `pip install`, or a line of requirements, that is a project or another place."""
_TEXT_OF_OPTIONS = regex(
    r"(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links"
    r"|--trusted-host|--cache-dir|--proxy|--root-user-action)(?:\s+|=)\S+"
)
_INSTALL = regex(r"\b(?:pip[\d.]*|uv\s+pip)\s+(?:\S+\s+)*?install\b([^&|;\n]*)")
_BUILDS = regex(
    r"\b(?:poetry\s+install(?!.*--no-root)|uv\s+sync(?!.*--no-install-project)|pdm\s+install"
    r"|pipenv\s+(?:install|sync)|hatch|flit|setup\.py|conda\s+develop|easy_install"
    r"|site-packages|dist-packages|python[\d.]*\s+-m\s+(?:build|installer)|\.pth\b)"
)
_BRINGS_OTHERS = regex(
    r"\b(?:conda|easy_install|mamba|pip[0-9.]*|pipenv|poetry|python[0-9]?-[a-z]|setup\.py|uv)\b"
)
"""What installs Python packages, which bring others along."""
_OF_SYSTEM = regex(r"\b(?:apk|apt|apt-get|aptitude|dnf|microdnf|yum|zypper)\s[^&|;\n]*")
_NOT_OF_PYTHON = regex(r"(?<!\S)(?!\S*py)[a-z0-9.+]+-\S+")
"""A package of a distribution, as xz-utils, that has no module of Python named as a part of it."""
_READ = regex(r"(?:-r|--requirement)(?:\s+|=|(?=[\w./$]))(\S+)")
_DISTRIBUTION = regex(r"(?:(?m:^)[ \t]*(?:-[ \t]+)?|[\"'])([A-Za-z0-9][\w.-]*)")
"""What a line or a quoted word begins with: a name that is required, or anything else."""
_OF_PROJECT = regex(
    r"(?m)^[ \t]{0,40}(?:name|packages|include|py-modules)[ \t]*+=.*"
    r"|\{[ \t]*+include[ \t]*+=[^}\n]*|=[ \t]*+([\"'])[\w.]++:[\w.]++\1"
)
"""What of a pyproject.toml names the project itself, its packages and programs."""
_IN_PLACE = regex(r"(?:\s)(?:-e|--editable)|\bdevelop\b|--inplace\b")
_BUILD_CODE = ("setup.py", "build.py", "CMakeLists.txt", "meson.build", "hatch_build.py")
_LOCKS = (
    "pyproject.toml", "poetry.lock", "uv.lock", "Pipfile", "Pipfile.lock", "environment.yml",
    "environment.yaml", "requirements.txt", "setup.cfg",
)  # fmt: skip


def may_provide(name: str, dockerfile: Dockerfile, context: Context) -> bool:
    """Whether a module of a name may be installed with the interpreter, or put beside it."""
    text = _instructions(dockerfile, "RUN", "COPY", "ADD", "ONBUILD")
    if _BUILDS.search(text):
        return True
    names: set[str] = set()
    for match in _INSTALL.finditer(text):
        arguments = match[1]
        if _PROJECT.search(_TEXT_OF_OPTIONS.sub(" ", arguments)):
            return True
        names |= _distributions("\n".join(arguments.split()))
        for read in _READ.finditer(arguments):
            required = _requirements(read[1], context)
            if required is None:
                return True
            names |= _distributions(required)
    takes_any = _takes_directories(dockerfile, context)
    locked: set[str] = set()
    for lock in _LOCKS:
        if takes_any or lock in text:
            listed = context.text_of(posixpath.join(context.directory, lock)) or ""
            if lock == "pyproject.toml":
                # The project itself is not installed, or `_BUILDS` says so.
                listed = _OF_PROJECT.sub("", listed)
            found = _distributions(listed)
            (locked if lock.endswith(".lock") else names).update(found)
    chosen, any_other = _distribution_of(name, is_chosen=True), _distribution_of(name)
    return any(map(chosen.fullmatch, names)) or any(map(any_other.fullmatch, locked))


def may_be_provided(name: str, base: Base | None, dockerfile: Dockerfile, context: Context) -> bool:
    """Whether a module may be one of the base image, or installed by a step."""
    if base is None or base.programs.get("conda") is not False:
        return True
    commands = _instructions(dockerfile, "RUN", "ONBUILD", "CMD", "ENTRYPOINT")
    commands = _OF_SYSTEM.sub(lambda match: _NOT_OF_PYTHON.sub("", match[0]), commands)
    if re.search(rf"PYTHONPATH|(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", commands):
        return True
    return may_provide(name, dockerfile, context)


def may_bring_others(dockerfile: Dockerfile) -> bool:
    """Whether a step installs Python packages, of which each may bring others with any modules."""
    return _BRINGS_OTHERS.search(_instructions(dockerfile, "RUN", "ONBUILD")) is not None


def may_extend_packages(dockerfile: Dockerfile, context: Context) -> bool:
    """Whether an install may add modules to a package that is found elsewhere.

    What is installed for development may be found by code, and what builds a project may write to
    its source.
    """
    text = _instructions(dockerfile, "RUN", "ONBUILD")
    is_built = any(context.on_disk(name) is not None for name in _BUILD_CODE)
    return _IN_PLACE.search(text) is not None or (is_built and _may_build(text))


def _may_build(text: str) -> bool:
    arguments = (_TEXT_OF_OPTIONS.sub(" ", match[1]) for match in _INSTALL.finditer(text))
    return _BUILDS.search(text) is not None or any(map(_PROJECT.search, arguments))


def _instructions(dockerfile: Dockerfile, *names: str) -> str:
    """The text of the instructions of some names, with continued lines in one."""
    values = [
        instruction.value
        for stage in dockerfile.stages
        for instruction in stage.instructions
        if instruction.name in names
    ]
    return re.sub(r"\\\r?\n", " ", "\n".join(values))


def _takes_directories(dockerfile: Dockerfile, context: Context) -> bool:
    """Whether an instruction may take a file that it does not name: of a directory, or mounted."""
    for stage in dockerfile.stages:
        for instruction in stage.instructions:
            if any(flag.name == "mount" for flag in instruction.flags):
                return True
            if instruction.name in ("COPY", "ADD", "ONBUILD"):
                words = re.split(r"[\s\"',\[\]]+", instruction.value.strip(' \t"]'))
                for word in words[:-1]:  # the last is where they go
                    entry = context.on_disk(word) if word else None
                    if re.search(r"[$*?]", word) or (entry and entry.kind == "directory"):
                        return True
    return False


def _distributions(text: str) -> set[str]:
    """The names, as indexes compare them, that requirements, locks and projects may mean."""
    found = (_separated(match[1]) for match in _DISTRIBUTION.finditer(text))
    return {name for name in found if name}


def _separated(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower()).strip("-")


def _distribution_of(module: str, *, is_chosen: bool = False) -> re.Pattern[str]:
    """What a distribution that has a module is called.

    Mostly as the module is, or it adds to it: python-docx has `docx`, PyYAML `yaml`, flywheel-sdk
    `flywheel`, antspyx `ants`. What only ends so has a module of the whole name, as fw-utils
    `fw_utils`; but one that the gear has chosen itself may be private, and do as it likes.
    """
    name = re.escape(_separated(module))
    before = "(?:.*-|py)?" if is_chosen else "(?:py-?|python3?-)?"
    return re.compile(rf"{before}{name}(?:-.*|py\w*|s|\d+)?")


def _requirements(path: str, context: Context, level: int = 0) -> str | None:
    """The text of a file of requirements, `None` where it names a project or cannot be read."""
    from gearlint.image.shell.requirements import COMMENT

    base = posixpath.basename(path.strip("\"'"))
    places = [path.strip("\"'").lstrip("/"), base]
    texts = (context.text_of(posixpath.join(context.directory, place)) for place in places)
    text = next((each for each in texts if each is not None), None)
    if text is None or level > 3 or len(text) > limits.IGNORE_FILE_CHARACTERS:
        return None
    lines = [COMMENT.sub("", line).strip() for line in text.splitlines()]
    found = []
    for line in lines:
        read = _READ.match(line)
        if read is not None:
            more = _requirements(read[1], context, level + 1)
            if more is None:
                return None
            found.append(more)
        elif _PROJECT.search(_TEXT_OF_OPTIONS.sub(" ", line)):
            return None
    return "\n".join([*lines, *found])
