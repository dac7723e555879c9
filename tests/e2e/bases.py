"""Images that imitate public ones of the model's table: their shells, programs and configuration.

Each stands for an entry of `gearlint/image/bases/images.txt` and holds what that one says: which
shell `/bin/sh` is, whether bash and Python are there, the working directory, the variables and the
ENTRYPOINT. Beside that they have the programs that the generated gears run while they are built:
GNU's where `/bin/sh` is dash or bash, busybox's where it is busybox.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from gearlint.image.bases import DEFAULT_PATH

BUSYBOX = Path("/bin/busybox")
PYTHON = Path("/usr/bin/python3")


class Imitation(NamedTuple):
    """An image of a public one's name (`reference`), with what its entry in the table says.

    `pythons` are the words that start its Python; `written` are ways to name it in a FROM.
    """

    reference: str
    shell: Literal["dash", "bash", "busybox"]
    pythons: tuple[str, ...] = ()
    has_bash: bool = True
    environment: dict[str, str] = {}  # noqa: RUF012  never changed
    path: str = DEFAULT_PATH
    workdir: str = "/"
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The reference with the registry, as buildah looks it up."""
        return f"docker.io/{'' if '/' in self.reference else 'library/'}{self.reference}"

    @property
    def written(self) -> tuple[str, ...]:
        """Ways to name it in a FROM."""
        return self.reference, self.reference, self.full_name


_OF_PYTHON = {"LANG": "C.UTF-8", "GPG_KEY": "A035C8C1", "PYTHON_VERSION": "3.11.9"}
_LOCAL = f"/usr/local/bin:{DEFAULT_PATH}"
_IN_LOCAL = ("python3", "python", "/usr/local/bin/python3", "/usr/local/bin/python")

IMITATIONS = (
    Imitation("debian:12", "dash", cmd=("bash",)),
    Imitation("ubuntu:22.04", "dash", cmd=("/bin/bash",)),
    Imitation(
        "python:3.11-slim", "dash", _IN_LOCAL, environment=_OF_PYTHON, path=_LOCAL, cmd=("python3",)
    ),
    Imitation("rockylinux:9", "bash", ("python3",), cmd=("/bin/bash",)),
    Imitation("alpine:3.19", "busybox", has_bash=False, cmd=("/bin/sh",)),
    Imitation(
        "python:3.11-alpine", "busybox", _IN_LOCAL, False, _OF_PYTHON, _LOCAL, cmd=("python3",)
    ),
    Imitation(
        "antsx/ants:v2.4.4", "dash",
        environment={"ANTSPATH": "/opt/ants/bin", "LD_LIBRARY_PATH": "/opt/ants/lib"},
        path=f"/opt/ants/bin:{DEFAULT_PATH}", workdir="/data", cmd=("/bin/bash",),
    ),
    Imitation(
        "scitran/freesurfer-dev:1.0", "dash", ("python", "/usr/bin/python"),
        environment={"FLYWHEEL": "/flywheel/v0"}, workdir="/flywheel/v0",
        entrypoint=("/flywheel/v0/run",), directories=("/flywheel/v0",),
    ),
)  # fmt: skip

_TOOLS = (
    "[", "basename", "cat", "chgrp", "chmod", "chown", "cp", "cut", "date", "dirname", "echo",
    "env", "false", "find", "grep", "gzip", "head", "id", "install", "ln", "ls", "mkdir", "mktemp",
    "mv", "printenv", "printf", "pwd", "readlink", "rm", "rmdir", "sed", "seq", "sort", "tail",
    "tar", "tee", "test", "touch", "tr", "true", "uname", "wc", "xargs",
)  # fmt: skip
_ONLY_BUSYBOX = ("awk", "gunzip", "sh")

_GUNZIP = '#!/bin/sh\nexec gzip -d "$@"\n'
_PACKAGES = "#!/bin/sh\nexit 0\n"
"""What installs packages: here they do not exist, and nothing comes of it."""
_APK = (
    '#!/bin/sh\nfor each in "$@"; do [ "$each" = bash ] && cp /opt/.bash /bin/bash; done\nexit 0\n'
)
_USERADD = """\
#!/bin/sh
make=
for each in "$@"; do
    case $each in -m|-ms|--create-home) make=1 ;; esac
    name=$each
done
echo "$name:x:1000:1000::/home/$name:/bin/sh" >> /etc/passwd
echo "$name:x:1000:" >> /etc/group
if [ "$make" ]; then mkdir -p "/home/$name" && chown 1000:1000 "/home/$name"; fi
"""
"""As `useradd` of shadow: a home directory only with `-m`."""
_ADDUSER = """\
#!/bin/sh
for name in "$@"; do :; done
echo "$name:x:1000:1000::/home/$name:/bin/sh" >> /etc/passwd
echo "$name:x:1000:" >> /etc/group
mkdir -p "/home/$name" && chown 1000:1000 "/home/$name"
"""
_VENV = """\
import os, sys
for directory in sys.argv[1:]:
    if directory.startswith("-"):
        continue
    for name in ("bin", "include", "lib/python3.11/site-packages"):
        os.makedirs(f"{directory}/{name}", exist_ok=True)
    for name in ("python", "python3"):
        if not os.path.lexists(f"{directory}/bin/{name}"):
            os.symlink(os.path.realpath(sys.executable), f"{directory}/bin/{name}")
    for name, mode, text in (
        ("pyvenv.cfg", 0o644, "home = /usr/bin\\n"),
        ("bin/activate", 0o644, "VIRTUAL_ENV=x\\nexport VIRTUAL_ENV\\n"),
        ("bin/pip", 0o755, "#!/bin/sh\\nexit 0\\n"),
    ):
        with open(f"{directory}/{name}", "w") as file:
            file.write(text)
        os.chmod(f"{directory}/{name}", mode)
"""
"""The files that `python -m venv` makes, without those of pip."""
_MODULES = (
    "_collections_abc", "_sitebuiltins", "abc", "codecs", "collections", "copyreg", "encodings",
    "enum", "functools", "genericpath", "io", "json", "keyword", "operator", "os", "platform",
    "posixpath", "re", "reprlib", "runpy", "site", "stat", "types", "importlib", "warnings",
    "pkgutil", "weakref", "_weakrefset", "typing", "contextlib", "zipimport",
)  # fmt: skip
"""What Python needs to start, and what the generated code imports."""


def missing() -> str:
    """Why no image can be imitated here; empty if all can."""
    for program in (BUSYBOX, PYTHON, Path("/bin/bash"), Path("/bin/dash"), Path("/usr/bin/mawk")):
        if not program.exists():
            return f"{program} is missing (Debian: busybox-static, python3, bash, dash, mawk)"
    return ""


def write_root(imitation: Imitation, root: Path) -> None:
    """Write the files of an image to a directory that is not there yet."""
    for name in ("bin", "etc", "home", "opt", "root", "sbin", "tmp", "usr/bin", "usr/sbin",
                 "usr/local/bin", "var/lib/apt/lists", "data", "opt/ants/bin"):  # fmt: skip
        (root / name).mkdir(parents=True, exist_ok=True)
    for directory in imitation.directories:
        (root / directory[1:]).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    if imitation.shell == "busybox":
        _write_busybox(root)
    else:
        _write_gnu(root, imitation.shell)
    if imitation.pythons:
        is_local = any(name.startswith("/usr/local/") for name in imitation.pythons)
        _write_python(root, "usr/local/bin" if is_local else "usr/bin", imitation.pythons)
    if "python" in imitation.pythons:
        _program(root / "usr/local/bin/pip", _PACKAGES)
        (root / "usr/local/bin/pip3").symlink_to("pip")


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _write_busybox(root: Path) -> None:
    shutil.copy(BUSYBOX, root / "bin/busybox")
    for name in (*_TOOLS, *_ONLY_BUSYBOX):
        at = "usr/bin" if name == "env" else "bin"
        (root / at / name).symlink_to("/bin/busybox")
    _program(root / "sbin/apk", _APK)
    _program(root / "sbin/adduser", _ADDUSER)
    _copy_with_libraries(Path("/bin/bash"), root / "opt/.bash", root)


def _write_gnu(root: Path, shell: str) -> None:
    for name in _TOOLS:
        found = shutil.which(name, path="/usr/bin:/bin")
        assert found is not None, name
        at = "usr/bin" if name == "env" else "bin"
        _copy_with_libraries(Path(found), root / at / name, root)
    for name in ("bash", "dash"):
        _copy_with_libraries(Path(f"/bin/{name}"), root / "bin" / name, root)
    (root / "bin/sh").symlink_to(shell)
    _copy_with_libraries(Path("/usr/bin/mawk"), root / "usr/bin/awk", root)
    _program(root / "bin/gunzip", _GUNZIP)
    for name in ("apt-get", "dnf", "yum"):
        _program(root / "usr/bin" / name, _PACKAGES)
    _program(root / "usr/sbin/useradd", _USERADD)


def _write_python(root: Path, directory: str, pythons: Iterable[str]) -> None:
    version = os.path.basename(os.path.realpath(PYTHON))  # `python3.11`
    _copy_with_libraries(PYTHON, root / directory / version, root)
    (root / directory / "python3").symlink_to(version)
    if any(name.endswith("python") for name in pythons):
        (root / directory / "python").symlink_to("python3")
    library = Path("/usr/lib", version)
    for name in _MODULES:
        source, target = library / name, root / "usr/lib" / version / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(f"{source}.py", f"{target}.py")
    (root / "usr/lib" / version / "lib-dynload").mkdir()
    (root / "usr/lib" / version / "venv").mkdir()
    (root / "usr/lib" / version / "venv/__init__.py").touch()
    (root / "usr/lib" / version / "venv/__main__.py").write_text(_VENV)


def _copy_with_libraries(program: Path, target: Path, root: Path) -> None:
    for library in _libraries(program):
        at = root / library[1:]
        if not at.exists():
            at.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, at)
    shutil.copy(program, target)
    target.chmod(0o755)


@lru_cache
def _libraries(program: Path) -> Iterable[str]:
    """The shared libraries of a program, by the paths that it looks for them at."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
    return re.findall(r"(?:=> |^\s*)(/\S+)", done.stdout, re.MULTILINE)
