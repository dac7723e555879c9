"""What is known of an image: its files, environment, working directory and entrypoint."""

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.image.bases import DEFAULT_PATH, Base, Value
from gearlint.image.files import Files
from gearlint.image.nodes import Cause, File
from gearlint.syntax.dockerfile import Instruction

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.faults import FailedStep, MissingSource, ShellLack, UnsetVariable

GEAR_DIRECTORY = "/flywheel/v0"
_INPUT = regex(rf"{GEAR_DIRECTORY}/+input/+([A-Za-z_][\w-]*)(?=/|\Z)")


def input_at(path: str) -> str:
    """The name of the input whose directory a path is, or is below; empty if it is of none.

    Flywheel puts the file of an input into `/flywheel/v0/input/NAME/`. What has another name than
    an input can have, as `a.txt`, is none. Source: gear specification.
    """
    match = _INPUT.match(path)
    return match[1] if match else ""


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

    def span_of_word(self, start: int, end: int) -> Span:
        """The bytes of a word of what it starts; of an exec form `start` is the element's index.

        The quotes of an exec form are part of it.
        """
        if self.argv is None:
            return self.span_of(start, end)
        return (self.instruction.exec_form or [])[start].span

    @property
    def _leading_spaces(self) -> int:
        value = self.instruction.value
        return len(value) - len(value.lstrip())


class TakenSource(NamedTuple):
    """A source of COPY, ADD or a bind mount in the build context: its path, `.` for all of it.

    An unknown path counts as all of it. `excluded` are the values of `--exclude`.
    """

    path: str
    excluded: tuple[str, ...] = ()


class Image:
    """What is known of an image while, and after, it is built.

    What is in a list was found of its last stage alone.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.environment: dict[str, Value] = {}
        self.arguments: dict[str, Value] = {}
        """What ARG has set since the ENV of the same name, also in the stages it is built on."""
        self.base: Base | None = None
        self.origin: Cause | None = None
        """The FROM of a base image: the cause of what is unknown of it."""
        self.is_scratch = False
        self.workdir: str | Unknown = "/"
        self.entrypoint: Start | Unknown | None = None
        self.cmd: Start | Unknown | None = None
        self.inherited_entrypoint = ""
        """What the ENTRYPOINT of the base image starts below `/flywheel`, if that is in effect."""
        self.shell: tuple[str, ...] | Unknown = ("/bin/sh", "-c")
        self.user: str | Unknown = "root"
        self.lines_of_root: set[int] = set()
        """The lines of COPY and ADD whose files belong to root, whatever USER says.

        Not those before a command that may have given files to another user.
        """
        self.has_other_root = False
        """Whether root may have another name."""
        self.users: set[str] = set()
        """The users that the Dockerfile makes."""
        self.homes: dict[str, str] = {}
        """Their home directories, where these are the usual ones."""
        self.failed_steps: list[FailedStep] = []
        self.missed_programs: set[str] = set()
        """Programs that a step starts and that are certainly not there."""
        self.read_requirements: set[str] = set()
        """The files of requirements that were looked at."""
        self.distributions: set[str] = set()
        """The distributions of Python that pip installs by their names, as indexes compare them."""
        self.distribution_lists: set[str] = set()
        """The files of requirements whose distributions are among them."""
        self.has_other_distributions = False
        """Whether pip, or another installer, may have brought others."""
        self.missing_sources: list[MissingSource] = []
        self.flattened: list[Instruction] = []
        """The COPYs and ADDs of several sources to where no directory is."""
        self.file_for_directory: File | None = None
        """The file that is where the gear's directory has to be; the model has it in there."""
        self.refused_steps: list[FailedStep] = []
        """The RUNs that the shell refuses as a whole, as they are not valid."""
        self.shell_lacks: list[ShellLack] = []
        self.unset_variables: list[UnsetVariable] = []
        self.taken: list[TakenSource] = []
        """What the stage takes from the build context; in the end, what all stages do."""
        self.packages: set[str] = set()
        """Words of the commands that install packages of the system: `bash` may be one."""
        self.has_package_lists = False
        """Whether a command may have fetched apt's lists of packages, and none removed them."""
        self.has_own_settings = False
        """Whether an instruction names `/etc`, where the settings of programs are."""
        self.has_free_python = False
        """Whether pip may install to the Python of the system's packages though that refuses it."""
        self.downloads: dict[str, str] = {}
        """The names of archives that were fetched, each with the directory that it unpacks to."""
        self.has_unnamed_directories = False
        """Whether directories were made of which the names are not known."""
        self.foreign: Cause | None = None
        """The first command that is not known, and may have put a program anywhere."""

    def copy(self) -> "Image":
        """The same image, to be built upon; failures stay with the stage they are of."""
        self.files.visit(len(self.environment) + len(self.arguments) + len(self.packages))
        new = Image(self.files.copy())
        for name, value in vars(self).items():
            if isinstance(value, dict | set):
                setattr(new, name, value.copy())
            elif not isinstance(value, list | Files):
                setattr(new, name, value)
        return new

    def take_lists(self, other: "Image") -> None:
        """Take what was found of another stage to what was found of this one."""
        for name, value in vars(other).items():
            if isinstance(value, list):
                getattr(self, name).extend(value)

    @property
    def is_distribution(self) -> bool:
        """Whether the base image certainly is no more than its distribution."""
        return self.base is not None and self.base.top_level is not None

    def is_of_base(self, path: str) -> bool:
        """Whether it is unknown what is at a path for the base image alone."""
        return self.origin is not None and self.files.causes(path) == [self.origin]

    def mark_foreign(self) -> None:
        """What is done now may put a program anywhere, and give any file to any user."""
        self.foreign = self.foreign or self.files.cause
        self.lines_of_root.clear()

    def has_program(self, name: str) -> bool | None:
        """Whether a program is on the PATH of the base image, or was installed; `None`: unknown.

        Programs that COPY or a command put somewhere are files of the image, and not known here.
        """
        answer = self.base.programs.get(name) if self.base is not None else None
        if answer is False and (self.foreign or self.packages):
            from gearlint.image.packages import lacks

            has_apt = self.base is not None and self.base.family in ("debian", "ubuntu")
            if self.foreign or not all(
                lacks(name, package, has_apt=has_apt) for package in self.packages
            ):
                return None
        return None if name in self.packages else answer

    @property
    def has_python3(self) -> bool:
        """Whether `python3` is there, by the base image or by a command that installs it."""
        return self.has_program("python3") is True or "python3" in self.packages

    def has_program_at(self, path: str) -> bool | None:
        """Whether a program of the base image is at a path, `None` if that is unknown.

        One that it has is thought to be in any directory of programs that the table does not
        exclude; `/bin` is one with `/usr/bin`.
        """
        directory, _, name = path.rpartition("/")
        if self.has_program(path) is False:
            return False
        if directory == "/bin" and self.has_program(f"/usr{path}") is False:
            return False
        return self.has_program(name)

    def is_for_braces(self, failure: "FailedStep") -> bool:
        """Whether a step fails as its shell does not expand the `{a,b}` in a path."""
        return "{" in failure.path and any(
            lack.instruction is failure.instruction and "{a,b}" in lack.what
            for lack in self.shell_lacks
        )

    def is_of_root(self, file: File) -> bool:
        """Whether a file certainly belongs to root: COPY has put it there, and nothing else."""
        if self.has_other_root:
            return False
        return file.origin is not None and file.doubt is None and file.line in self.lines_of_root

    @property
    def is_root(self) -> bool | None:
        """Whether commands run as root; `None` if the user is unknown."""
        return None if isinstance(self.user, Unknown) else self.user in ("root", "0", "")

    @property
    def is_certainly_not_root(self) -> bool:
        """Whether commands run as another user than root, by whatever name."""
        user = str(self.user)
        is_made = user in self.users and not self.has_other_root
        is_usual = self.base is not None and user == self.base.user
        is_known = is_made or is_usual or user == "nobody" or user.lstrip("0").isdigit()
        return self.is_root is False and is_known

    def home_of(self, user: str) -> str | Unknown:
        """The home directory of a user, which is HOME for what that user runs."""
        if user in ("root", "0"):
            return "/root" if self.base is not None else UNKNOWN
        return self.homes.get(user, UNKNOWN)

    def variable(self, name: str) -> Value:
        """The value of an environment variable."""
        if name in self.environment:
            return self.environment[name]
        if self.base is not None:
            return self.base.variable(name)
        if self.is_scratch:
            return DEFAULT_PATH if name == "PATH" else None
        return UNKNOWN
