"""The requirements of a RUN, and of the files that it names: what pip refuses, or does not find."""

import posixpath
from collections.abc import Iterator, Sequence
from itertools import islice

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.text import brief_line, quoted
from gearlint.image.nodes import Directory, File
from gearlint.image.shell.step import GOES_ON, Invocation, Step

_REFUSED = regex(
    r"(?P<name>[A-Za-z0-9][\w.-]*+(?:[ \t]{0,9}\[[\w ,.-]*+\])?)[ \t]{0,9}"
    r"(?:(?P<one>=)[ \t]{0,9}(?P<version>[0-9][\w.*+!-]*+)|~=)[ \t]{0,9}\Z"
)
"""A package with one `=`, as conda has it, or with a `~=` and no version."""
_ARCHIVE = regex(r"\.(?:zip|whl|tgz|tbz|txz|tar(?:\.\w+)?|[gx]z|bz2)\Z")
FLAG = regex(
    r"-[UIqvH]+\Z|--(?:break-system-packages|force-reinstall|ignore-installed|no-binary=.*|pre"
    r"|no-build-isolation|no-cache(?:-dir)?|no-deps|no-input|no-warn-script-location|quiet|system"
    r"|upgrade|user|verbose|disable-pip-version-check|prefer-binary)\Z"
)
"""Options of pip that take no value."""
COMMENT = regex(r"(?:\A|\s)#.*")
"""A comment in a line of a file of requirements, as pip has it."""
_OPTIONS = regex(r"[ \t]--?\w.*")
_GIT = regex(r"(?:(?:-e|--editable)[ \t=]*)?(?:[\w.-]++(?:\[[\w ,.-]*+\])?[ \t]*+@[ \t]*+)?git\+\w")
"""A requirement that pip has git fetch, from its start."""
_EXTRAS = regex(r"\[[^\[]*\]\Z")
_NAMES_FILE = ("-r", "--requirement", "-c", "--constraint")


def need_valid_words(step: Step, call: Invocation, args: tuple[str, ...]) -> None:
    """The step fails where pip refuses an argument; `args` are those from `install` on."""
    found = (refused(word) for word, option in _known_words(call, args) if not option)
    for what, advice, meant in islice(filter(None, found), limits.REFUSED_REQUIREMENTS):
        step.report(call, f"pip install refuses {what}", advice, meant)


def _known_words(call: Invocation, args: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is known of the words after `install`, each with the option that it is the value of."""
    at = len(call.args) - len(args)
    for before, word, is_known in zip(args, args[1:], call.complete[at + 1 :], strict=False):
        if is_known:
            yield word, before if before.startswith("-") and not FLAG.match(before) else ""


def need_valid_file(step: Step, call: Invocation, path: str) -> bool:
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
    needs_git = any("git+" in line and ";" not in line and has_git(line) for line in lines)
    others = [line.split() for line in lines if line.startswith(("-r", "-c", "--re", "--con"))]
    named = (name for words in others for name in files_named(words) if "$" not in name)
    for other in islice(named, limits.REQUIREMENTS_FILES):
        beside = posixpath.join(posixpath.dirname(absolute), other)
        step.need(call, beside, f"{absolute} names")
        needs_git |= need_valid_file(step, call, beside)
    return needs_git


def has_git(requirement: str) -> bool:
    """Whether pip has git fetch a requirement."""
    return "git+" in requirement and _GIT.match(requirement) is not None


def need_project(step: Step, call: Invocation, args: tuple[str, ...]) -> None:
    """The step fails where `pip install .` has no project there; `args` are as above."""
    for word, option in _known_words(call, args):
        is_project = word.startswith((".", "/")) and option in ("", "-e", "--editable")
        path = step.absolute(_EXTRAS.sub("", word)) if is_project else None
        if path is None or not isinstance(step.files.find(path), Directory):
            continue
        project = posixpath.join(posixpath.normpath(path), "pyproject.toml")
        setup = posixpath.join(path, "setup.py")
        if step.files.find(project) is None and step.files.find(setup) is None:
            with GOES_ON:
                step.missing(call, project, "pip install needs a setup.py or")


def files_named(args: Sequence[str]) -> Iterator[str]:
    """The files that `-r` and `-c` name; addresses are none."""
    for option, value in zip(args, (*args[1:], ""), strict=False):
        path = ""
        if option in _NAMES_FILE:
            path = value
        elif option.startswith(("--requirement=", "--constraint=")):
            path = option.partition("=")[2]
        elif option.startswith(("-r", "-c")):
            path = option[2:].removeprefix("=")
        if path and ":" not in path and not path.startswith("-"):
            yield path


def _refused_lines(text: str) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The numbers of the lines (from 1) that `refused` refuses, each with what that says."""
    goes_on = False
    for number, line in enumerate(text.splitlines(), start=1):
        is_whole, goes_on = not goes_on, line.endswith("\\")
        found = refused(_OPTIONS.sub("", COMMENT.sub("", line)).partition(";")[0].strip())
        if found is not None and is_whole and not goes_on:
            yield number, found


def refused(requirement: str) -> tuple[str, str, str] | None:
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
