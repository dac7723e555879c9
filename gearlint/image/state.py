"""What is known of an image: its files, environment, working directory and entrypoint."""

from typing import NamedTuple, TypeAlias

from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.files import Files
from gearlint.image.nodes import Cause
from gearlint.syntax.dockerfile import Instruction, Word

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
GEAR_DIRECTORY = "/flywheel/v0"

Value: TypeAlias = str | Unknown | None
"""The value of a variable: a text, unset, or unknown."""


class Base(NamedTuple):
    """What is known of a plain public base image; a `workdir` of `None` is not known."""

    has_entrypoint: bool = False
    has_bash: bool = True
    workdir: str | None = "/"
    path: str = DEFAULT_PATH


_DISTRIBUTIONS = (
    "almalinux", "amazonlinux", "buildpack-deps", "centos", "debian", "fedora", "python",
    "rockylinux", "ubuntu",
)  # fmt: skip
_OF_CONDA = (
    "continuumio/anaconda", "continuumio/anaconda3", "continuumio/miniconda",
    "continuumio/miniconda3",
)  # fmt: skip
_CONDA = Base(path=f"/opt/conda/bin:{DEFAULT_PATH}")
_BASES: dict[str, Base] = {
    **dict.fromkeys(_DISTRIBUTIONS, Base()),
    **dict.fromkeys(_OF_CONDA, _CONDA),
    "alpine": Base(has_bash=False),
    "busybox": Base(has_bash=False),
    "condaforge/mambaforge": _CONDA._replace(has_entrypoint=True),
    "condaforge/miniforge3": _CONDA._replace(has_entrypoint=True),
    "flywheel/python": Base(workdir=None),
    "node": Base(has_entrypoint=True),
    "nvidia/cuda": Base(
        has_entrypoint=True, path=f"/usr/local/nvidia/bin:/usr/local/cuda/bin:{DEFAULT_PATH}"
    ),
    "r-base": Base(has_entrypoint=True, workdir=None),
    "rocker/r-ver": Base(workdir=None),
}
"""The plain public bases: nothing lies under `/flywheel` in them, and no gear's own file is on
their PATH. This is the one list of them; what is not sure is not in it."""


def base_named(reference: str) -> Base | None:
    """What is known of the image that FROM names, `None` if nothing is."""
    name, _, tag = reference.partition("@")[0].removeprefix("docker.io/").partition(":")
    base = _BASES.get(name.removeprefix("library/"))
    if base is not None and "alpine" in tag:
        return base._replace(has_bash="/" in name and base.has_bash)
    return base


class Start(NamedTuple):
    """An ENTRYPOINT or CMD in effect: its instruction, and the argument list of its exec form.

    `argv` is `None` for the shell form, whose text is `text`.
    """

    instruction: Instruction
    argv: tuple[str, ...] | None
    text: str

    def span_of(self, start: int, end: int) -> Span:
        """The bytes in the Dockerfile of characters `start` to `end` of the shell form's text."""
        return self.instruction.span_of(start + self._leading_spaces, end + self._leading_spaces)

    @property
    def _leading_spaces(self) -> int:
        value = self.instruction.value
        return len(value) - len(value.lstrip())


class FailedStep(NamedTuple):
    """A step of the build that certainly fails: the instruction, where in it, and why.

    `path` is the file that is missing when the step runs, if that is the reason.
    """

    instruction: Instruction
    span: Span
    message: str
    path: str = ""


class MissingSource(NamedTuple):
    """A source of COPY or ADD that is not in the build context.

    `is_ignored` says that the ignore file leaves it out.
    """

    instruction: Instruction
    word: Word
    source: str
    is_ignored: bool


class Image:
    """What is known of an image while, and after, it is built."""

    def __init__(self, files: Files, environment: dict[str, Value], base: Base | None) -> None:
        self.files = files
        self.environment = environment
        self.arguments: dict[str, Value] = {}
        """What ARG has set since the ENV of the same name, also in the stages it is built on."""
        self.base = base
        self.is_scratch = False
        self.workdir: str | Unknown = "/"
        self.entrypoint: Start | Unknown | None = None
        self.cmd: Start | Unknown | None = None
        self.shell: tuple[str, ...] | Unknown = ("/bin/sh", "-c")
        self.failed_steps: list[FailedStep] = []
        self.missing_sources: list[MissingSource] = []
        self.installed: set[str] = set()
        """Words of the commands that install packages: `bash` may be one."""
        self.foreign: Cause | None = None
        """The first command that is not known, and may have put a program anywhere."""

    def copy(self) -> "Image":
        """The same image, to be built upon; failures stay with the stage they are of."""
        size = len(self.environment) + len(self.arguments) + len(self.installed)
        self.files.visit(size)
        new = Image(self.files.copy(), dict(self.environment), self.base)
        new.arguments = dict(self.arguments)
        new.is_scratch = self.is_scratch
        new.workdir, new.entrypoint, new.cmd = self.workdir, self.entrypoint, self.cmd
        new.shell, new.installed = self.shell, set(self.installed)
        new.foreign = self.foreign
        return new

    def variable(self, name: str) -> Value:
        """The value of an environment variable."""
        if name in self.environment:
            return self.environment[name]
        if name == "PATH" and (self.base is not None or self.is_scratch):
            return self.base.path if self.base else DEFAULT_PATH
        return None if self.is_scratch else UNKNOWN
