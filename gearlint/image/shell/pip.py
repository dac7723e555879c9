"""What pip needs, refuses or does not find in a RUN, and in the files of requirements it reads."""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.text import brief_line, quoted
from gearlint.image.bases import DEFAULT_PATH
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.distributions import COMMENT, note_distributions
from gearlint.image.shell.needed import INSTALL_BEFORE, is_missed, reads_profile
from gearlint.image.shell.pip_arguments import (
    INSTALLED,
    Given,
    arguments_of_install,
    files_named,
    given,
    given_to_install,
)
from gearlint.image.shell.step import GOES_ON, Invocation, Step
from gearlint.image.shell.system_packages import is_of_base

_OF_PIP = ("pip", "pip3", "python", "python3")
"""What installs packages to the Python that the system has."""
_FREES_PYTHON = regex(r"EXTERN|break_system|(?<!--)break-system", re.IGNORECASE)
_NOT_FOR_SYSTEM = regex(r"-\w*[th]|--(?:br|ta|prefix|root(?:=|\Z)|py|dry|help)")
"""Options with which pip does not install to the Python that it belongs to."""
_PACKAGES_OF_PIP = frozenset(("python3-pip", "py3-pip", "py-pip"))
_OTHER_PYTHON = regex(r"python3\.|/")
_VARIABLES_OF_PIP = (
    "BASH_ENV", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_CONFIG_FILE", "PIP_PREFIX", "PIP_ROOT",
    "PIP_TARGET", "XDG_CONFIG_HOME",
)  # fmt: skip
_FILES_OF_PIP = (
    "/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/root/.config/pip/pip.conf", "/root/.pip/pip.conf",
    "/usr/bin/pip", "/usr/bin/pip3", "/usr/bin/python3",
    "/usr/local/bin/pip", "/usr/local/bin/pip3", "/usr/local/bin/python", "/usr/local/bin/python3",
)  # fmt: skip
"""What would have pip install, or be another one, where it is not of the base image."""
_REFUSED = regex(
    r"(?P<name>[A-Za-z0-9][\w.-]*+(?:[ \t]{0,9}\[[\w ,.-]*+\])?)[ \t]{0,9}"
    r"(?:(?P<one>=)[ \t]{0,9}(?P<version>[0-9][\w.*+!-]*+)|~=)[ \t]{0,9}\Z"
)
"""A package with one `=`, as conda has it, or with a `~=` and no version."""
_ARCHIVE = regex(r"\.(?:zip|whl|tgz|tbz|txz|tar(?:\.\w+)?|[gx]z|bz2)\Z")
_OPTIONS = regex(r"[ \t]--?\w.*")
_GIT = regex(r"(?:(?:-e|--editable)[ \t=]*)?(?:[\w.-]++(?:\[[\w ,.-]*+\])?[ \t]*+@[ \t]*+)?git\+\w")
"""A requirement that pip has git fetch, from its start."""
_EXTRAS = regex(r"\[[^\[]*\]\Z")


def note_free_python(step: Step) -> None:
    """The step takes away the file that has pip refuse, or has pip ignore it."""
    base = step.image.base
    if base is not None and base.refuses_pip:
        step.image.has_free_python |= any(map(_FREES_PYTHON.search, step.instruction.texts))


def need_free_python(step: Step, call: Invocation) -> None:
    """The step fails where pip may not install to the Python of the distribution's packages."""
    base, image = step.image.base, step.image
    if base is None or not base.refuses_pip or image.has_free_python or image.foreign is not None:
        return
    args = arguments_of_install(call) if call.name in _OF_PIP else ()
    if not args or any(map(_NOT_FOR_SYSTEM.match, args)) or not all(call.complete):
        return
    if image.is_root is not True or "HOME" in image.environment or reads_profile(step):
        return
    packages = image.packages  # of which `python3.9`, or an alternative, is another Python
    if not packages & _PACKAGES_OF_PIP or any(map(_OTHER_PYTHON.search, packages)):
        return
    is_set = any(step.shell.value(name) is not None for name in _VARIABLES_OF_PIP)
    if is_set or step.shell.value("PATH") != DEFAULT_PATH:
        return
    if not all(is_of_base(step, path) for path in _FILES_OF_PIP):
        return
    what = "pip refuses to install: the Python of this image is for its package manager (PEP 668)"
    step.report(call, what, "make a virtual environment, or add --break-system-packages")
    image.has_free_python = True  # said once


def need_installable(step: Step, call: Invocation) -> None:
    """The step fails where `pip install` refuses, or lacks, something that it is to install."""
    arguments = given_to_install(call)
    if not arguments:
        return
    note_distributions(step, call, arguments)
    _need_valid_words(step, call, arguments)
    _need_project(step, call, arguments)
    lists = list(files_named(arguments))
    needs_git = [_has_git(each.value) for each in arguments]
    needs_git += [_need_valid_file(step, call, path) for path in lists]
    if any(needs_git) and call.name != "uv" and is_missed(step, call, "git"):
        step.report(call, "pip needs git, which is not in the image", INSTALL_BEFORE)
    for path in lists:
        step.need(call, path, "pip install reads")


def _need_valid_words(step: Step, call: Invocation, arguments: list[Given]) -> None:
    """The step fails where pip refuses an argument."""
    found = (_refused(each.value) for each in arguments if each.is_known and not each.option)
    for what, advice, meant in islice(filter(None, found), limits.REFUSED_REQUIREMENTS):
        step.report(call, f"pip install refuses {what}", advice, meant)


def _need_valid_file(step: Step, call: Invocation, path: str) -> bool:
    """The step fails where pip refuses a line of a file of requirements of the gear.

    Or where that names another file that is not there. Returns whether a line needs git.
    """
    absolute = step.absolute(path)
    node = step.files.find(absolute) if absolute else None
    if absolute is None or not isinstance(node, File) or node.origin is None:
        return False
    read = step.image.read_requirements
    if node.origin in read or len(read) == limits.REQUIREMENTS_FILES:
        return False
    read.add(node.origin)
    text = step.context.text_of(node.origin) or ""
    for number, (what, advice, _) in islice(_refused_lines(text), limits.REFUSED_REQUIREMENTS):
        message = f"pip install refuses line {number} of {absolute}, {what}"
        step.report(call, message, advice)
    lines = [COMMENT.sub("", line).strip() for line in text.splitlines()]
    needs_git = any("git+" in line and ";" not in line and _has_git(line) for line in lines)
    others = [line.split() for line in lines if line.startswith(("-r", "-c", "--re", "--con"))]
    named = (name for words in others for name in files_named(given(words)) if "$" not in name)
    for other in islice(named, limits.REQUIREMENTS_FILES):
        beside = posixpath.join(posixpath.dirname(absolute), other)
        step.need(call, beside, f"{absolute} names")
        needs_git |= _need_valid_file(step, call, beside)
    return needs_git


def _has_git(requirement: str) -> bool:
    """Whether pip has git fetch a requirement."""
    return "git+" in requirement and _GIT.match(requirement) is not None


def _need_project(step: Step, call: Invocation, arguments: list[Given]) -> None:
    """The step fails where `pip install .` has no project there."""
    for option, value, is_known in arguments:
        is_project = is_known and option in INSTALLED and value.startswith((".", "/"))
        path = step.absolute(_EXTRAS.sub("", value)) if is_project else None
        if path is None or not isinstance(step.files.find(path), Directory):
            continue
        project = posixpath.join(posixpath.normpath(path), "pyproject.toml")
        setup = posixpath.join(path, "setup.py")
        if step.files.find(project) is None and step.files.find(setup) is None:
            with GOES_ON:
                step.missing(call, project, "pip install needs a setup.py or")


def _refused_lines(text: str) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The numbers of the lines (from 1) that `_refused` refuses, each with what that says."""
    goes_on = False
    for number, line in enumerate(text.splitlines(), start=1):
        is_whole, goes_on = not goes_on, line.endswith("\\")
        found = _refused(_OPTIONS.sub("", COMMENT.sub("", line)).partition(";")[0].strip())
        if found is not None and is_whole and not goes_on:
            yield number, found


def _refused(requirement: str) -> tuple[str, str, str] | None:
    """What pip certainly refuses, and what to do; `None` for any other requirement.

    The last is the requirement, where an `=` more makes it right, else empty.
    """
    found = _REFUSED.match(requirement) if "=" in requirement else None
    if found is None or _ARCHIVE.search(requirement):
        return None
    if found["one"]:
        meant = f"{found['name']}=={found['version']}"
        return f"{quoted(requirement)}, as it has one =", f"write {brief_line(meant)}", requirement
    return f"{quoted(requirement)}, as it has no version", "write the version behind ~=", ""
