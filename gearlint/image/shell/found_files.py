"""What `find` finds, and what is done to it: by `-exec`, or by `xargs` that reads the list."""

import posixpath
from collections.abc import Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import Directory, File, Link, Node, is_doubtful
from gearlint.image.shell.command_words import number
from gearlint.image.shell.conditions import is_missing
from gearlint.image.shell.step import Input, Invocation, Step
from gearlint.syntax.shell.expansion import HOLE, expand

_KINDS = {"f": File, "d": Directory, "l": Link}
_ON_OPERANDS = ("chgrp", "chmod", "chown", "dos2unix", "rm", "sed", "touch")
"""Commands that do to each of their operands the same, and nothing else."""
_NEED_OPERANDS = (["chgrp"], ["chmod"], ["chown"])
_SPLIT_BY_XARGS = regex(r"[\s\"'\\]")


class Found(NamedTuple):
    """What is certainly found: the paths as `find` writes them, and the node at each.

    `is_all` is whether there can be no more; `action` are the words from the first action on.
    """

    paths: list[str]
    is_all: bool
    action: Sequence[str]


class _Tests(NamedTuple):
    kind: type[Node] | None = None
    glob: str | None = None
    least: int = 0
    most: int = 1000


def found_by(step: Step, args: Sequence[str]) -> Found | None:
    """What `find` with these arguments finds; `None` where a test, or a directory, is not known."""
    words = list(args)
    starts = []
    while words and not words[0].startswith(("-", "(", "!")):
        starts.append(words.pop(0))
    tests = _tests(words)
    if tests is None:
        return None
    paths: list[str] = []
    is_all = True
    for start in starts or ["."]:
        path = step.absolute(start)
        node = step.files.find(path, follow=False) if path else UNKNOWN
        if path is None or isinstance(node, Link):
            return None
        if node is None:
            is_all = is_all and is_missing(step, path)
        elif not isinstance(node, File | Directory):
            is_all = False
        else:
            for each, there in _below(start, node, tests.most):
                step.files.visit(1)
                is_all = is_all and not is_doubtful(there) and not _may_have_more(there)
                if not is_doubtful(there) and _fits(tests, start, each, there):
                    paths.append(each)
    return Found(paths, is_all and not step.files.budget.is_spent, words)


def _tests(words: list[str]) -> _Tests | None:
    """Take the tests before the first action out of the words."""
    tests = _Tests()
    while words and words[0] in ("-type", "-name", "-maxdepth", "-mindepth"):
        if len(words) < 2 or HOLE in words[1]:
            return None
        test, value = words.pop(0), words.pop(0)
        if test == "-type" and value in _KINDS and tests.kind is None:
            tests = tests._replace(kind=_KINDS[value])
        elif test == "-name" and tests.glob is None:
            tests = tests._replace(glob=value)
        elif test == "-maxdepth" and (levels := number(value)) is not None:
            tests = tests._replace(most=levels)
        elif test == "-mindepth" and (levels := number(value)) is not None:
            tests = tests._replace(least=levels)
        else:
            return None
    return tests if words[:1] in ([], ["-print"], ["-print0"], ["-exec"]) else None


def _below(path: str, node: Node, levels: int) -> Iterator[tuple[str, Node]]:
    """A node and what is known to be below it, with the paths."""
    pending = [(path, node, levels)]
    while pending:
        path, node, levels = pending.pop()
        yield path, node
        if isinstance(node, Directory) and levels > 0:
            pending += [
                (posixpath.join(path, name), child, levels - 1)
                for name, child in sorted(node.entries.items())
                if child is not None
            ]


def _may_have_more(node: Node) -> bool:
    return isinstance(node, Directory) and (node.vague is not None or bool(node.origins))


def _fits(tests: _Tests, start: str, path: str, node: Node) -> bool:
    if tests.kind is not None and not isinstance(node, tests.kind):
        return False
    depth = path.count("/") - start.rstrip("/").count("/") if path != start else 0
    if depth < tests.least:
        return False
    if tests.glob is None:
        return True
    from gearlint.syntax.go_glob import shell_pattern

    name = posixpath.basename(path.rstrip("/"))
    return shell_pattern(tests.glob).match(name) is not None


def of_exec(call: Invocation, found: Found) -> Invocation | None:
    """The command of `-exec COMMAND {} +`, with all that is found; `None` if it is not known.

    With `;` instead of `+` nobody looks whether it fails.
    """
    match found.action:
        case ["-exec", *command, "{}", ";" | "+" as end] if "{}" not in command:
            inner = _on_all(call, command, found)
            return inner and inner._replace(must_succeed=call.must_succeed and end == "+")
    return None


def of_xargs(step: Step, call: Invocation, given: Input) -> Invocation | None:
    """The command that `xargs COMMAND` starts, with all that the `find` before it finds.

    `None` where that is not known. Without an operand it is started too, but for `-r`: the step
    fails where it needs one, and `find` finds nothing.
    """
    found = _found_before(step, given)
    words, may_be_empty, is_split = list(call.args), False, True
    while words and words[0].startswith("-"):
        option = words.pop(0)
        may_be_empty = may_be_empty or option in ("-r", "--no-run-if-empty")
        is_split = is_split and option not in ("-0", "--null")
        if option in ("-n", "-P") and words:
            words.pop(0)
        elif option not in ("-r", "--no-run-if-empty", "-0", "--null", "-t"):
            return None
    if found is None or is_split is not (tuple(found.action) != ("-print0",)):
        return None
    if is_split and any(_SPLIT_BY_XARGS.search(path) for path in found.paths):
        return None
    if not found.paths and found.is_all and not may_be_empty and words[:1] in _NEED_OPERANDS:
        what = f"xargs starts {words[0]} without a file, as find finds none"
        step.stop(call, what, advice="write xargs -r")
    return _on_all(call, words, found)


def _found_before(step: Step, given: Input) -> Found | None:
    source = given.source
    if source is None or source.name != "find" or given.document is not None:
        return None
    words = [expand(word, step.shell.value, hole=HOLE) or [] for word in source.words[1:]]
    fields = [field for each in words for field in each]
    if any(field.pattern is not None or HOLE in field.text for field in fields):
        return None
    found = found_by(step, [field.text for field in fields])
    return found if found and found.action[:1] != ["-exec"] else None


def _on_all(call: Invocation, words: Sequence[str], found: Found) -> Invocation | None:
    if not words or posixpath.basename(words[0]) not in _ON_OPERANDS:
        return None
    name, *args = words if found.paths else ["true"]
    args += found.paths
    return call._replace(name=name, args=tuple(args), complete=(True,) * len(args))
