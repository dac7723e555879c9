"""The options and operands of commands."""

import posixpath
from collections.abc import Callable, Mapping, Sequence

from gearlint.core.named_tuple import NamedTuple
from gearlint.image.files import Files
from gearlint.image.nodes import Directory
from gearlint.image.shell.step import Invocation, Step

_LONG = {
    "--archive": "a", "--force": "f", "--parents": "p", "--recursive": "r", "--symbolic": "s",
    "--verbose": "v", "--directory": "d",
}  # fmt: skip
_LONG_VALUED = frozenset((
    "--append-output", "--branch", "--cacert", "--config", "--connect-timeout", "--cookie-jar",
    "--data", "--depth", "--dest", "--directory", "--directory-prefix", "--dump-header",
    "--exclude", "--file", "--filter", "--header", "--jobs", "--limit-rate", "--load-cookies",
    "--max-time", "--origin", "--output", "--output-dir", "--output-document", "--output-file",
    "--password", "--prefix", "--proto", "--reference", "--referer", "--request", "--retry",
    "--retry-delay", "--retry-max-time", "--save-cookies", "--strip-components", "--target",
    "--timeout", "--tries", "--url", "--user", "--user-agent", "--wait",
))  # fmt: skip
"""Long options that take the next word as their value, of whatever program."""


class Operands(NamedTuple):
    """The letters of a command's options, and its operands."""

    letters: frozenset[str]
    paths: list[str]


def split(args: Sequence[str], long: Mapping[str, str] = _LONG) -> Operands | None:
    """The options and operands of a command, `None` where they cannot be distinguished.

    `long` are the long options, each with its letter. None of the letters takes a value.
    """
    letters: set[str] = set()
    operands: list[str] = []
    for index, arg in enumerate(args):
        if arg == "--":
            operands += args[index + 1 :]
            break
        if arg.startswith("--"):
            if arg not in long:
                return None
            letters.add(long[arg])
        elif arg.startswith("-") and len(arg) > 1:
            letters.update(arg[1:])
        else:
            operands.append(arg)
    return Operands(frozenset(letters), operands)


def options(args: Sequence[str], valued: str) -> tuple[dict[str, str], list[str]]:
    """The options by name with their values, and the operands.

    `valued` are the letters that take a value: the rest of their word, or the next one. Of an
    option that is given twice the last value counts.
    """
    found, operands = options_in_order(args, valued)
    return dict(found), operands


def options_in_order(args: Sequence[str], valued: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The options with their values, as often as they are given, and the operands."""
    found: list[tuple[str, str]] = []
    operands: list[str] = []
    pending = iter(args)
    for arg in pending:
        if arg.startswith("--"):
            name, equals, value = arg.partition("=")
            is_apart = name in _LONG_VALUED and not equals
            found.append((name, next(pending, "") if is_apart else value))
        elif arg.startswith("-"):
            for at, letter in enumerate(arg[1:], 2):
                if letter in valued:
                    found.append((f"-{letter}", arg[at:] or next(pending, "")))
                    break
                found.append((f"-{letter}", ""))
        else:
            operands.append(arg)
    return found, operands


def understood(
    step: Step,
    call: Invocation,
    options: str,
    changed: Callable[[Files, list[str]], list[str]] = lambda files, paths: paths,
) -> Operands | None:
    """The options, and the operands as paths from `/`, if all is certain.

    `options` are the letters of options that are known. If not, what the command may have done is
    done: it may change what `changed` makes of the operands.
    """
    found = split(call.args)
    paths = step.absolutes(found.paths) if found else None
    if found is None or paths is None or found.letters - set(options):
        step.doubt(call.args)
        return None
    if not call.certain:
        step.doubt(changed(step.files, paths))
        return None
    return Operands(found.letters, paths)


def targets(files: Files, paths: list[str]) -> list[str]:
    """What `cp` and its like write: the last of the paths, or what goes into it."""
    *sources, target = paths or [""]
    if not isinstance(files.find(target), Directory):
        return [target]
    return [posixpath.join(target, posixpath.basename(source)) for source in sources]


def parent(path: str) -> str:
    """The directory that a path is in."""
    return posixpath.dirname(path.rstrip("/"))
