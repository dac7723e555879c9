"""What is certain of public base images; `table` has them, and looks a FROM up."""

from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN, Unknown

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Literal

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

Value = str | Unknown | None
"""The value of a variable: a text, unset, or unknown."""

PROGRAMS = frozenset((
    "R", "Rscript", "apk", "apt", "apt-get", "bash", "conda", "csh", "curl", "dnf", "env", "git",
    "java", "jq", "julia", "ksh", "mamba", "matlab", "node", "npm", "octave", "perl", "pip", "pip3",
    "python", "python2", "python3", "ruby", "sh", "sudo", "tcsh", "unzip", "wget", "yum", "zip",
    "zsh",
))  # fmt: skip
"""The programs of which the table says whether an image has them."""


class Base(NamedTuple):
    """What is certain of a public base image; no file is below `/flywheel` in any of them.

    `family` is the distribution (`debian`), empty where it is unknown, and `sh` the shell that
    `/bin/sh` is. `programs` says of each program whether it is there; those it does not name are
    unknown. `has_entrypoint` may be unknown (`None`); `entrypoint` is what it starts, where that is
    below `/flywheel`, else empty. `environment` are the variables that the image sets;
    `sets_no_more` says that there are no others. `directories` are some that are there, of which
    those below `/flywheel` have no files. `top_level` are the names that `/` may have, `None` if
    any. `refuses_pip` is whether the Python that its package manager installs takes no packages
    from pip (PEP 668). `source` is the public Dockerfile.
    """

    name: str
    family: str = ""
    sh: "Literal['dash', 'bash', 'busybox', '']" = ""
    programs: dict[str, bool] = {}  # noqa: RUF012  never changed
    has_entrypoint: bool | None = False
    entrypoint: str = ""
    workdir: str | Unknown = "/"
    user: str | Unknown = "root"
    path: str | Unknown = DEFAULT_PATH
    shell: tuple[str, ...] | Unknown = ("/bin/sh", "-c")
    environment: dict[str, Value] = {}  # noqa: RUF012
    sets_no_more: bool = False
    directories: tuple[str, ...] = ()
    top_level: frozenset[str] | None = None
    refuses_pip: bool = False
    source: str = ""

    def variable(self, name: str) -> Value:
        """The value of a variable in the image's configuration."""
        if name == "PATH":
            return self.path
        return self.environment.get(name, None if self.sets_no_more else UNKNOWN)
