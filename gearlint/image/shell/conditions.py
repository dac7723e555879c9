"""Which of the tests that a shell makes (`[ -f run.py ]`) succeed, as far as the model knows."""

from collections.abc import Sequence
from operator import eq, ge, gt, le, lt, ne

from gearlint.core.source import is_within
from gearlint.core.unknown import Unknown
from gearlint.image.nodes import Directory, File, Link
from gearlint.image.shell.command_words import number
from gearlint.image.shell.step import GOES_ON, Invocation, Step

_NUMERIC = {"-eq": eq, "-ne": ne, "-gt": gt, "-ge": ge, "-lt": lt, "-le": le}
_MADE_BY_BUILDERS = ("/dev", "/etc", "/proc", "/run", "/sys")
"""Where files are while an image is built that are not in it."""


def result(step: Step, name: str, args: Sequence[str]) -> bool | None:
    """Whether a command succeeds, `None` where that is not known."""
    if name in ("true", ":"):
        return True
    if name == "false":
        return False
    if name == "test":
        return _test(step, args)
    if name == "[" and args and args[-1] == "]":
        return _test(step, args[:-1])
    is_plain = name == "[[" and args[-1:] == ("]]",) and not step.has_shopt
    if is_plain and not set("*?[(|&<>") & set("".join(args[:-1])):
        return _test(step, args[:-1])
    return None


def need_file(step: Step, call: Invocation) -> None:
    """The step fails where `[ -f FILE ]` must succeed, and the file is certainly not there."""
    words = call.args[:-1] if call.name == "[" and call.args[-1:] == ("]",) else call.args
    if call.name not in ("[", "test") or len(words) != 2 or words[0] not in ("-d", "-e", "-f"):
        return
    path = step.absolute(words[1]) if words[1] else None
    if path is not None and step.files.find(path) is None and is_missing(step, path):
        with GOES_ON:
            step.missing(call, path, "test of")


def _test(step: Step, words: Sequence[str]) -> bool | None:
    if words and words[0] == "!":
        is_twice = "!" in words[1:2]  # which shells do not agree on
        inner = None if is_twice else _test(step, words[1:])
        return None if inner is None else not inner
    if len(words) < 2:
        return bool(words and words[0])
    if len(words) == 2:
        return _of_one(step, *words)
    return _of_two(*words) if len(words) == 3 else None


def _of_one(step: Step, operator: str, operand: str) -> bool | None:
    if operator in ("-n", "-z"):
        return (operand == "") is (operator == "-z")
    if operator not in ("-d", "-e", "-f", "-h", "-L"):
        return None
    path = step.absolute(operand) if operand else None
    node = step.files.find(path, follow=operator not in ("-h", "-L")) if path else None
    if isinstance(node, Unknown):
        return None
    if path is None or node is None:
        is_known = path is not None and is_missing(step, path)
        return False if operand == "" or is_known else None
    kind = {"-d": Directory, "-f": File, "-h": Link, "-L": Link}.get(operator)
    return kind is None or isinstance(node, kind)


def is_missing(step: Step, path: str) -> bool:
    """Whether a path at which nothing is in the image is missing in a step that builds it, too."""
    return not (
        step.instruction.flag("mount")
        or step.image.has_unnamed_directories
        or any(is_within(path, directory) for directory in _MADE_BY_BUILDERS)
    )


def _of_two(left: str, operator: str, right: str) -> bool | None:
    if operator in ("=", "=="):
        return left == right
    if operator == "!=":
        return left != right
    compare, one, other = _NUMERIC.get(operator), number(left), number(right)
    return None if compare is None or one is None or other is None else bool(compare(one, other))
