"""Package managers, and which programs of the table of bases packages certainly do not bring."""

from gearlint.core.lazy import regex

_LEAVES = frozenset((
    "add", "autoclean", "autoremove", "clean", "install", "update", "upgrade",
    "apt-transport-https", "apt-utils", "bash", "bc", "bsdtar", "bzip2", "ca-certificates",
    "coreutils", "curl", "dc", "dos2unix", "file", "git", "gnupg", "gnupg2", "gzip", "jq", "less",
    "libarchive-tools", "libgl1", "libgl1-mesa-glx", "libglib2.0-0", "libgomp1", "libsm6",
    "libxext6", "libxrender1", "locales", "nano", "openssl", "parallel", "patch", "pigz", "procps",
    "rsync", "sudo", "tar", "time", "tree", "tzdata", "unzip", "wget", "xz-utils", "zip", "zlib1g",
))  # fmt: skip
"""Packages of Debian, Ubuntu and Alpine that bring no program of the table but their own."""

_WITHOUT_BASH = frozenset((
    "g++", "gcc", "libc-dev", "libffi-dev", "linux-headers", "make", "musl-dev", "openssl-dev",
    "py-pip", "py2-pip", "py3-numpy", "py3-pip", "python", "python-dev", "python2", "python3",
    "python3-dev", "sed",
))  # fmt: skip
"""Packages of Alpine that bring no bash either."""

_SMALL = ("jq", "unzip", "zip")
"""Programs that few packages bring besides their own."""
_WITHOUT_SMALL = frozenset((
    "autoconf", "automake", "binutils", "build-essential", "cmake", "dcm2niix", "dirmngr", "g++",
    "gawk", "gcc", "gfortran", "gsl-bin", "libtool", "lsb-release", "make", "musl-dev", "nano",
    "netbase", "openssh-client", "openssl-dev", "perl", "pkg-config", "py3-pip", "python",
    "python-dev", "python-is-python3", "python-numpy", "python-pip", "python2.7", "python3",
    "python3-dev", "python3-numpy", "python3-pip", "python3-setuptools", "python3-venv",
    "python3-wheel", "software-properties-common", "tcsh", "vim", "xvfb", "zlib1g-dev",
))  # fmt: skip
"""Packages that bring none of these, nor does what they depend on; and so it is with libraries."""

MANAGERS = frozenset(("apk", "apt", "apt-get", "dnf", "microdnf", "yum"))
"""Package managers of the system, which no other package brings."""
_OF_PYTHON_3 = regex(
    r"python3(?:\.[0-9]+)?(?:-(?:dev|distutils|minimal|numpy|pip|setuptools|venv|wheel))?\Z"
)
_WITHOUT_PYTHON = frozenset((
    "build-essential", "cmake", "g++", "gcc", "gfortran", "make", "pkg-config",
    "ppa:deadsnakes/ppa", "software-properties-common",
))  # fmt: skip
"""Packages of Debian and Ubuntu that bring no `python`, nor does what they depend on."""


def lacks(program: str, package: str, *, has_apt: bool) -> bool:
    """Whether an installed package certainly brings no program of a name.

    `has_apt` is whether it is one of Debian or Ubuntu.
    """
    if program in MANAGERS or package in _LEAVES:
        return True
    if program == "bash" and package in _WITHOUT_BASH:
        return True
    if program == "python" and has_apt:
        return package in _WITHOUT_PYTHON or _OF_PYTHON_3.match(package) is not None
    is_library = package.startswith("lib") and not package.startswith("libreoffice")
    return program in _SMALL and (is_library or package in _WITHOUT_SMALL)
