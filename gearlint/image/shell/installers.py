"""Commands that install something: what they write, and nothing more."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from gearlint.core.lazy import regex
from gearlint.image.shell.operands import options
from gearlint.image.shell.step import Invocation, Step

_ANY = ("",)
_ELSEWHERE: Mapping[str, Sequence[str]] = {
    "add-apt-repository": _ANY,
    "apk": ("add", "update", "upgrade", "del", "fix", "info", "cache"),
    "apt": (
        "install", "update", "upgrade", "dist-upgrade", "full-upgrade", "clean", "autoclean",
        "autoremove", "remove", "purge", "build-dep", "check", "list", "show", "search",
    ),
    "apt-cache": _ANY, "apt-key": _ANY, "apt-mark": _ANY,
    "conda": (
        "install", "update", "upgrade", "clean", "create", "config", "remove", "uninstall",
        "init", "tos", "build", "search",
        "env", "activate", "deactivate", "info", "list",
    ),
    "cpan": _ANY, "cpanm": _ANY,
    "debconf-set-selections": _ANY,
    "dnf": (
        "install", "update", "upgrade", "clean", "remove", "erase", "makecache", "groupinstall",
        "localinstall", "reinstall", "module", "config-manager", "autoremove", "repolist",
        "groupremove", "search", "list", "info",
    ),
    "dpkg": ("-i", "--install", "--configure", "-l", "-L", "--add-architecture", "-P", "--purge",
             "--print-architecture", "-s", "--get-selections"),
    "dpkg-reconfigure": _ANY, "dpkg-query": _ANY,
    "ensurepip": _ANY,
    "gem": ("install", "update"),
    "locale-gen": _ANY, "localedef": _ANY,
    "rpm": ("-i", "-ivh", "-Uvh", "-U", "--import", "-e", "-qa", "-q", "--install"),
    "service": _ANY, "systemctl": _ANY,
    "update-alternatives": _ANY, "update-ca-certificates": _ANY, "update-locale": _ANY,
    "yum-config-manager": _ANY,
}  # fmt: skip
"""The sub-commands that write to nothing but the system's own directories, by the program."""
_SAME = {
    "alternatives": "update-alternatives", "apt-get": "apt", "mamba": "conda", "microdnf": "dnf",
    "micromamba": "conda", "yum": "dnf",
}  # fmt: skip
_NAMES_DIRECTORY = regex(
    r"-p|--(?:prefix|root|installroot|install-dir)\b|.*\b(?:lib|destdir)\s*=", re.DOTALL
)
"""An argument that may have packages installed to a directory that it names."""
_R_LIBRARY = regex(r"\b(?:lib|destdir)\s*=\s*[\"']([^\"']+)")
_R_INSTALLS = regex(r"install|options\(|BiocManager")
PIP = regex(r"pip[0-9.]*\Z")
_READ_BY_PIP = (
    "-r", "--requirement", "-c", "--constraint", "-f", "--find-links", "-i", "--index-url",
    "--extra-index-url", "--cache-dir", "--trusted-host", "--log", "--proxy", "--timeout",
)  # fmt: skip
_DIRECTORIES_OF_PIP = ("-t", "--target", "--prefix", "--root", "--src", "-d", "--dest")
_BUILD_OUTPUT = ("build", "dist")


def _command(call: Invocation) -> str:
    """The sub-command of a program, empty without one."""
    return "".join(call.operands[:1])


def pip(step: Step, call: Invocation) -> bool:
    """`pip install ...`: what a project leaves in its own directory, and what `-t` names."""
    command = _command(call)
    if command in ("", "cache", "config", "list", "freeze", "show", "check"):
        return True
    if command not in ("install", "uninstall", "download", "wheel"):
        return False
    if command in ("download", "wheel"):
        step.blur_cwd()
    for arg, following in call.followed:
        name, equals, value = arg.partition("=")
        if name in _DIRECTORIES_OF_PIP:
            step.fill(value if equals else following)
        elif re.match(r"-t\S", arg):
            step.fill(arg[2:])
    for before, arg in call.followed:
        project = arg.removeprefix("-e")
        if before not in (*_READ_BY_PIP, *_DIRECTORIES_OF_PIP) and _is_project(project):
            _project_built(step, project)
    return True


def _is_project(arg: str) -> bool:
    """Whether an argument of pip is a project in a directory."""
    if arg.startswith("-") or "://" in arg or re.search(r"\.(?:whl|zip|gz|txt|bz2)\Z", arg):
        return False
    return "/" in arg or arg.startswith(".")


def _project_built(step: Step, directory: str) -> None:
    """A project is built in its directory; its commands may have any name, and are on PATH."""
    step.image.mark_foreign()
    if directory.endswith("]"):
        directory = directory[: directory.rfind("[")]
    step.doubt(posixpath.join(directory, name) for name in _BUILD_OUTPUT)


def npm(step: Step, call: Invocation) -> bool:
    """`npm install` and `yarn`: `node_modules` and a lock file."""
    if _command(call) in ("run", "exec") or "--prefix" in call.args:
        return False
    if not {"-g", "--global", "global"} & set(call.args):
        step.fill("node_modules")
        step.doubt(("package.json", "package-lock.json", "yarn.lock", ".yarn", ".pnp.cjs"))
    return True


def pipenv(step: Step, call: Invocation) -> bool:
    """`pipenv install`, `sync`, `lock`."""
    if _command(call) not in ("install", "sync", "lock", "requirements"):
        return False
    step.doubt(("Pipfile", "Pipfile.lock"))
    step.fill(".venv")
    return True


def poetry(step: Step, call: Invocation) -> bool:
    """`poetry install`, `config`, `export`, `add`, `lock`, `build`."""
    command = _command(call)
    if command not in (
        "install", "config", "export", "add", "lock", "build", "self", "env", "cache", "update",
        "show", "check",
    ):  # fmt: skip
        return False
    found, _ = options(call.args, "of")
    output = found.get("-o", found.get("--output"))
    if output:
        step.write(output, certain=call.certain)
    if command in ("install", "add", "build"):
        step.fill(".venv")
        step.image.mark_foreign()
        step.doubt(("poetry.lock", "dist"))
    return True


def uv(step: Step, call: Invocation) -> bool:
    """`uv sync`, `uv venv [DIRECTORY]`, `uv pip ...`, `uv python ...`, `uv tool ...`."""
    command, *operands = call.operands or [""]
    if command == "pip":
        return pip(step, call.from_word(call.args.index(command) + 1))
    if command == "venv":
        step.fill(operands[0] if operands else ".venv")
    elif command in ("sync", "lock", "add", "export"):
        step.fill(".venv")
        step.image.mark_foreign()
        step.doubt(("uv.lock", "pyproject.toml"))
    else:
        return command in ("python", "tool", "cache", "self", "version")
    return True


def virtual_environment(step: Step, call: Invocation) -> bool:
    """`python -m venv DIRECTORY` and `virtualenv DIRECTORY`."""
    _, operands = options(call.args, "p")
    for operand in operands:
        step.fill(operand)
    return True


def r(step: Step, call: Invocation) -> bool:
    """`Rscript -e CODE` that installs packages."""
    if "-e" not in call.args or not any(_R_INSTALLS.search(arg) for arg in call.args):
        return False
    for arg in call.args:
        for directory in _R_LIBRARY.findall(arg):
            step.fill(directory)
    return True


def matlab_runtime(step: Step, call: Invocation) -> bool:
    """`./install -mode silent [-destinationFolder DIRECTORY]`, the installer of MATLAB Runtime.

    Source: the documentation of MathWorks.
    """
    if "-mode" not in call.args or "silent" not in call.args:
        return False
    step.fill(dict(call.followed).get("-destinationFolder") or "/usr/local/MATLAB")
    return True


INSTALLERS: Mapping[str, Callable[[Step, Invocation], bool]] = {
    "npm": npm, "yarn": npm, "pnpm": npm, "pipenv": pipenv, "poetry": poetry, "uv": uv,
    "venv": virtual_environment, "virtualenv": virtual_environment, "R": r, "Rscript": r,
    "install": matlab_runtime,
}  # fmt: skip
"""What each of them writes, by its name; false where that is not known."""


def install(step: Step, call: Invocation) -> bool:
    """Do what an installer does, if the call is of one that is known."""
    name = posixpath.basename(call.name)
    if PIP.match(name):
        return pip(step, call)
    if name in INSTALLERS:
        return INSTALLERS[name](step, call)
    known = _ELSEWHERE.get(_SAME.get(name, name))
    if known is None:
        return False
    if known is not _ANY and not any(arg in known for arg in call.args):
        return False
    step.image.packages.update(call.operands)
    if "update" in call.args or name == "add-apt-repository":  # which updates them as well
        step.image.has_package_lists = True
    for arg, following in call.followed:
        if name not in ("dpkg", "rpm") and _NAMES_DIRECTORY.match(arg):
            step.fill(arg.partition("=")[2] or following)
    return True
