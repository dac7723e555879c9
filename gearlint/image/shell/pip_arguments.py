"""The arguments of `pip install`, in a command and in the lines of a file of requirements."""

import posixpath
from collections.abc import Iterable, Iterator
from itertools import dropwhile, repeat

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.image.shell.installers import PIP
from gearlint.image.shell.programs import PYTHON
from gearlint.image.shell.step import Invocation

_MODULE = ("-m", "pip")
_FLAG = regex(
    r"-[HIUqv]+\Z|--(?:break-system-packages|disable-pip-version-check|force-reinstall"
    r"|ignore-installed|no-build-isolation|no-cache(?:-dir)?|no-compile|no-deps|no-input"
    r"|no-warn-script-location|pre|prefer-binary|quiet|system|upgrade|user|verbose)\Z"
)
"""Options that take no value."""
LISTS = ("-r", "--requirement")
"""Options whose value is a file of what is to be installed."""
_CONSTRAINTS = ("-c", "--constraint")
_EDITABLE = ("-e", "--editable")
INSTALLED = ("", *_EDITABLE)
"""The `option` of what is to be installed."""


class Given(NamedTuple):
    """What is given to pip: the value of an option, or without one something to install.

    `value` is empty where the option has none; `is_known` is whether it is all that is meant.
    """

    option: str
    value: str
    is_known: bool


def given_to_install(call: Invocation) -> list[Given]:
    """What a `pip install` is given; nothing for another command."""
    args = arguments_of_install(call)[1:]
    return list(given(args, call.complete[len(call.complete) - len(args) :]))


def arguments_of_install(call: Invocation) -> tuple[str, ...]:
    """The words of a `pip install` from `install` on; none of another command."""
    name, args = posixpath.basename(call.name), call.args
    if PYTHON.match(name) and args[:2] == _MODULE:
        name, args = "pip", args[2:]
    if name == "uv" and args[:1] == ("pip",):
        name, args = "pip", args[1:]
    args = tuple(dropwhile(_FLAG.match, args))
    return args if PIP.match(name) and args[:1] == ("install",) else ()


def given(words: Iterable[str], known: Iterable[bool] = repeat(True)) -> Iterator[Given]:
    """What words give to pip; `known` says of each whether it is all that it means.

    An option that is not known here may have a value, unless another option follows.
    """
    option = ""
    for word, is_known in zip(words, known, strict=False):
        if not word.startswith("-"):
            yield Given(option, word, is_known)
            option = ""
            continue
        if option:
            yield Given(option, "", is_known=True)
            option = ""
        name, equals, value = word.partition("=")
        if word.startswith("--") and equals:
            yield Given(name, value, is_known)
        elif word[:2] in (*LISTS, *_CONSTRAINTS) and len(word) > len("-r"):
            yield Given(word[:2], word[2:].removeprefix("="), is_known)
        elif not _FLAG.match(word):
            option = word
    if option:
        yield Given(option, "", is_known=True)


def files_named(arguments: Iterable[Given]) -> Iterator[str]:
    """The files that `-r` and `-c` name; addresses are none."""
    for each in arguments:
        if each.option in (*LISTS, *_CONSTRAINTS) and each.value and ":" not in each.value:
            yield each.value
