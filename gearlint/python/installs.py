"""Whether a module may come with the base image, or with what a Dockerfile installs."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.lazy import cached_property, regex
from gearlint.image.bases import Base
from gearlint.image.context import Context
from gearlint.image.shell.distributions import COMMENT, normalized
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


class Installs:
    """What a Dockerfile installs, or puts beside the interpreter, as far as it is known."""

    def __init__(self, dockerfile: Dockerfile, context: Context) -> None:
        self.dockerfile = dockerfile
        self._context = context

    def may_provide(self, name: str) -> bool:
        """Whether a module of a name may be installed with the interpreter, or put beside it."""
        if self._distributions is None:
            return True
        module = _separated(name)
        return any(
            module in listed and re.search(_distribution_of(module, is_chosen=is_chosen), listed)
            for listed, is_chosen in zip(self._distributions, (True, False), strict=True)
        )

    def may_be_provided(self, name: str, base: Base | None) -> bool:
        """Whether a module may be one of the base image, or installed by a step."""
        if base is None or base.programs.get("conda") is not False:
            return True
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", self._commands):
            return True
        return "PYTHONPATH" in self._commands or self.may_provide(name)

    @cached_property
    def may_bring_others(self) -> bool:
        """Whether a step installs Python packages, which may bring others with any modules."""
        return _BRINGS_OTHERS.search(self._steps) is not None

    @cached_property
    def may_extend_packages(self) -> bool:
        """Whether an install may add modules to a package that is found elsewhere.

        What is installed for development may be found by code, and what builds a project may write
        to its source.
        """
        is_built = any(self._context.on_disk(name) is not None for name in _BUILD_CODE)
        is_in_place = _IN_PLACE.search(self._steps) is not None
        return is_in_place or (is_built and _may_build(self._steps))

    @cached_property
    def _steps(self) -> str:
        return _instructions(self.dockerfile, "RUN", "ONBUILD")

    @cached_property
    def _commands(self) -> str:
        """The commands of the build and of the run, without the packages of other languages."""
        commands = _instructions(self.dockerfile, "RUN", "ONBUILD", "CMD", "ENTRYPOINT")
        return _OF_SYSTEM.sub(lambda match: _NOT_OF_PYTHON.sub("", match[0]), commands)

    @cached_property
    def _distributions(self) -> tuple[str, str] | None:
        """The distributions that the gear chooses, and those of locks, each in a line of its own.

        `None` where it installs a project, or what cannot be read: that may be any.
        """
        text = _instructions(self.dockerfile, "RUN", "COPY", "ADD", "ONBUILD")
        if _may_build(text):
            return None
        chosen: set[str] = set()
        locked: set[str] = set()
        for match in _INSTALL.finditer(text):
            chosen |= _distributions("\n".join(match[1].split()))
            for read in _READ.finditer(match[1]):
                required = _requirements(read[1], self._context)
                if required is None:
                    return None
                chosen |= _distributions(required)
        takes_any = _takes_directories(self.dockerfile, self._context)
        for lock in _LOCKS:
            if takes_any or lock in text:
                path = posixpath.join(self._context.directory, lock)
                listed = self._context.text_of(path) or ""
                if lock == "pyproject.toml":
                    # The project itself is not installed, or `_BUILDS` says so.
                    listed = _OF_PROJECT.sub("", listed)
                (locked if lock.endswith(".lock") else chosen).update(_distributions(listed))
        return "\n".join(sorted(chosen)), "\n".join(sorted(locked))


def _may_build(text: str) -> bool:
    """Whether instructions install a project, or what is in another place."""
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
    return normalized(name).strip("-")


def _distribution_of(module: str, *, is_chosen: bool) -> str:
    """A pattern of the lines with a distribution that has a module, both as `_separated` has them.

    Mostly it is called as the module is, or adds to it: python-docx has `docx`, PyYAML `yaml`,
    flywheel-sdk `flywheel`, antspyx `ants`. What only ends so has a module of the whole name, as
    fw-utils `fw_utils`; but one that the gear has chosen itself may be private, and do as it likes.
    """
    before = "(?:.*-|py)?" if is_chosen else "(?:py-?|python3?-)?"
    return rf"(?m)^{before}{re.escape(module)}(?:-.*|py\w*|s|\d+)?$"


def _requirements(path: str, context: Context, level: int = 0) -> str | None:
    """The text of a file of requirements, `None` where it names a project or cannot be read."""
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
