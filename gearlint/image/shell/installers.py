"""Commands that are known: those that change no file, and those that install packages."""

import re
from collections.abc import Sequence

from gearlint.core.lazy import regex

HARMLESS = frozenset((
    ":", "[", "[[", "addgroup", "arch", "basename", "cat", "cut", "date", "df", "dirname", "du",
    "echo", "export", "false", "grep", "groupadd", "groupmod", "hash", "head", "hostname", "id",
    "ldconfig", "ldd", "ls", "md5sum", "printenv", "printf", "pwd", "readlink", "realpath", "seq",
    "set", "sha256sum", "sleep", "stat", "sync", "tail", "test", "tr", "true", "type", "umask",
    "uname", "unset", "wc", "whereis", "which", "whoami",
))  # fmt: skip
"""Commands that change no file that anybody looks at."""

_INSTALLERS = {
    "add-apt-repository": "*",
    "apk": "add update upgrade del",
    "apt": "install update upgrade dist-upgrade clean autoclean autoremove remove purge",
    "apt-key": "*",
    "conda": "install update clean create config remove",
    "dnf": "install update upgrade clean remove makecache groupinstall",
    "gem": "install update",
    "locale-gen": "*",
    "poetry": "install config",
    "update-alternatives": "*",
}
"""The sub-commands of installers that do not write to their working directory, by the program."""
_SAME_INSTALLER = {
    "apt-get": "apt", "mamba": "conda", "microdnf": "dnf", "micromamba": "conda", "yum": "dnf",
}  # fmt: skip
_ELSEWHERE = regex(
    r"(?!.*://).*/|-p|--(?:prefix|root|installroot|install-dir)\b|.*\b(?:lib|destdir)\s*=",
    re.DOTALL,
)
"""An argument that may have packages installed to, or taken from, a directory that it names."""
_PIP = regex(r"pip(?:[23](?:\.[0-9]+)?)?\Z")
_PYTHON = regex(r"python(?:[23](?:\.[0-9]+)?)?\Z")
_READ_BY_PIP = (
    "-r", "--requirement", "-c", "--constraint", "-f", "--find-links", "-i", "--index-url",
    "--extra-index-url", "--cache-dir",
)  # fmt: skip
_WRITTEN_BY_PIP = ("-e", "--editable", "-t", "--target", "--prefix", "--root", "--src")


def installs_elsewhere(name: str, args: Sequence[str]) -> bool:
    """Whether a command is known to install packages without writing to its working directory."""
    if _PYTHON.match(name) and args[:1] == ["-m"] and len(args) > 1:
        name, args = args[1], args[2:]
    words = [arg for arg in args if not arg.startswith("-")]
    if _PIP.match(name):
        is_local = any(_is_local(args, index) for index in range(len(args)))
        return words[:1] in (["install"], ["uninstall"], ["cache"], ["config"]) and not is_local
    if any(map(_ELSEWHERE.match, args)):
        return False
    if name == "npm":
        return bool({"-g", "--global"} & set(args)) and words[:1] in (["install"], ["i"])
    if name in ("R", "Rscript"):
        return "-e" in args and any("install" in arg for arg in args)
    known = _INSTALLERS.get(_SAME_INSTALLER.get(name, name), "").split()
    return known == ["*"] or any(word in known for word in words[:2])


def _is_local(args: Sequence[str], index: int) -> bool:
    """Whether an argument of pip is a package in a directory, or a directory to write to."""
    arg = args[index]
    option = arg.partition("=")[0]
    if option in _WRITTEN_BY_PIP or re.match(r"-[et]", arg):
        return True
    if (index and args[index - 1] in _READ_BY_PIP) or option in _READ_BY_PIP:
        return False
    if "://" in arg or re.match(r"-[rcfi]", arg):
        return False
    return "/" in arg or arg.startswith(".")
