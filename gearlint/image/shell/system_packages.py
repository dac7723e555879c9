"""What package managers of the system need in a RUN: root, lists of packages, and an answer."""

import posixpath

from gearlint.core.lazy import regex
from gearlint.image.nodes import Directory
from gearlint.image.shell.step import NOTHING_TO_READ, Input, Invocation, Step

_APT = ("apt", "apt-get")
_YUM = ("dnf", "yum")
_OF_APT = frozenset(
    ("autoremove", "dist-upgrade", "install", "purge", "remove", "update", "upgrade")
)
_OF_YUM = frozenset(("groupinstall", "install", "remove", "update", "upgrade"))
OF_ROOT = {
    "apt": _OF_APT, "apt-get": _OF_APT, "apk": frozenset(("add", "del", "update", "upgrade")),
    "dnf": _OF_YUM, "microdnf": _OF_YUM, "yum": _OF_YUM,
}  # fmt: skip
"""Package managers of the system, and what only root may do by them."""
_QUIET = regex(
    r"-(?:[yqf]+|-yes|-assume-yes|-quiet|-fix-missing|-fix-broken|-force-yes|-allow-[\w-]+"
    r"|-no-[\w-]+|-setopt=\w+=\w+|U|u)\Z"
)
"""Options by which a package manager does not do less than it says."""
_LISTS = regex(r"/var/lib/apt/?(?:\*|lists/?\*?)?\Z")
"""The lists of apt's packages, as they are named to remove them."""
_LEAVES_QUESTION = regex(r"-(?:[fmq]|-quiet|-fix-missing|-fix-broken|-no-install-[\w-]+)\Z")
"""Options with which a package manager still asks."""
_BRINGS_OTHERS = frozenset((
    "ffmpeg", "jq", "libgl1-mesa-glx", "python3-pip", "software-properties-common", "vim", "xvfb",
))  # fmt: skip
"""Packages that no official image has, nor all that they need."""
_BRINGS_OTHERS_TO_DISTRIBUTIONS = frozenset((
    "build-essential", "cmake", "g++", "gcc", "gfortran", "python3-dev", "python3-venv", "r-base",
))  # fmt: skip
"""Likewise of an image that is a distribution alone."""
_PROGRAMS_THAT_BRING_OTHERS = ("curl", "git", "npm", "octave", "python3", "ruby")
"""Programs whose package has their name, and needs others that an image without it lacks too."""
_ADDED = _BRINGS_OTHERS | {"dcm2niix", "htop", "libgl1", "nano", "python-pip", "tree", "zip"}
"""Packages that no official image has."""
_NOT_IN_DISTRIBUTIONS = _BRINGS_OTHERS_TO_DISTRIBUTIONS | {
    "libglib2.0-0", "libgomp1", "libsm6", "libxext6", "libxrender1", "make", "zlib1g-dev",
}  # fmt: skip
"""Packages that no image has that is a distribution alone, and to which nothing was added."""
_OF_PROGRAMS = (*_PROGRAMS_THAT_BRING_OTHERS, "tcsh", "wget", "zsh")
"""Programs whose package has their name."""
_NOT_ASKED = ("update", "upgrade", "dist-upgrade", "clean")


def need_root(step: Step, call: Invocation) -> None:
    """The step fails where a package manager is started by a user who is certainly not root."""
    image, name = step.image, posixpath.basename(call.name)
    if name not in OF_ROOT or not image.is_certainly_not_root or call.by_sudo:
        return
    verb = "".join(call.operands[:1])
    if verb not in OF_ROOT[name] or not all(map(_QUIET.match, call.options)):
        return
    if not is_of_base(step, f"/usr/local/bin/{name}"):
        return  # it may be one of the gear's own, that uses sudo
    who = f"by USER {image.user}, who is not root"
    if any(failed.message.endswith(who) for failed in image.failed_steps):
        return  # said once
    advice = "move it above USER, or write USER root before it"
    step.report(call, f"{name} {verb} {who}", advice)


def need_lists(step: Step, call: Invocation) -> None:
    """The step fails where apt has no list of packages to install one from.

    The official images of Debian, Ubuntu and what is built on them have empty lists.
    """
    base, image = step.image.base, step.image
    name = posixpath.basename(call.name)
    if name not in _APT or call.operands[:1] != ["install"]:
        return
    if base is None or base.family not in ("debian", "ubuntu") or "/" in base.name:
        return
    if base.top_level is None or image.foreign is not None or step.instruction.flag("mount"):
        return  # an image of more than its distribution; or a cache may have them
    if not is_of_base(step, f"/usr/local/bin/{name}"):
        return  # it may be one of the gear's own, that fetches them
    if image.has_package_lists:
        return
    new = [each for each in call.operands if each not in image.packages]
    is_bare = base.name == base.family and not image.packages
    added = _ADDED | _NOT_IN_DISTRIBUTIONS if is_bare else _ADDED
    lacking = [
        each
        for each in new
        if each in added or (each in _OF_PROGRAMS and base.programs.get(each) is False)
    ]
    if lacking:
        what = f"{call.name} finds no package {lacking[0]}: the image has no lists of packages"
        step.report(call, what, f"write {call.name} update && before it, in the same RUN")
        image.has_package_lists = True  # said once


def note_lists_removed(step: Step, call: Invocation) -> None:
    """`rm` of the lists of apt's packages: later steps have none, until they are fetched again."""
    is_done = call.is_reached and not call.in_copy and posixpath.basename(call.name) == "rm"
    if is_done and any(map(_LISTS.match, call.args)):
        step.image.has_package_lists = False


def is_of_base(step: Step, path: str) -> bool:
    """Whether what is at a path is not known for the base image alone."""
    return step.files.resolved(path) == path and step.image.is_of_base(path)


def need_answer(step: Step, call: Invocation, given: Input) -> None:
    """The step fails where a package manager asks whether to go on, and reads no answer.

    apt asks where it installs more than it is given, dnf and yum always.
    """
    name = posixpath.basename(call.name)
    command, *packages = call.operands or [""]
    if name not in (*_APT, *_YUM) or command != "install" or given != NOTHING_TO_READ:
        return
    if not all(map(_LEAVES_QUESTION.match, call.options)) or not _asks(step, name, packages):
        return
    what = f"{name} install asks whether to go on, and nobody answers"
    step.report(call, what, f"write {name} install -y")


def _asks(step: Step, name: str, packages: list[str]) -> bool:
    """Whether a package manager that nothing has set up otherwise certainly asks."""
    base, image = step.image.base, step.image
    if base is None or base.top_level is None or image.foreign is not None:
        return False
    if "<" in step.instruction.value or step.shell.value("APT_CONFIG") is not None:
        return False
    if image.has_own_settings or isinstance(step.files.find("/etc/apt"), Directory):
        return False  # they may answer
    lacking = {each for each in _PROGRAMS_THAT_BRING_OTHERS if base.programs.get(each) is False}
    if name in _YUM:
        new = lacking - image.packages
        return base.family == "rhel" and not new.isdisjoint(packages)
    if base.family not in ("debian", "ubuntu") or not image.packages.issubset(_NOT_ASKED):
        return False
    added = _BRINGS_OTHERS_TO_DISTRIBUTIONS if base.name == base.family else frozenset()
    return image.has_package_lists and not (lacking | _BRINGS_OTHERS | added).isdisjoint(packages)
