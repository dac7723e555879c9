"""Names of variables that a shell script takes for their values, as they have no `$`."""

from collections.abc import Collection, Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import quoted
from gearlint.gear.shell_options import EQUAL
from gearlint.syntax.shell.assignments import names_set
from gearlint.syntax.shell.model import TESTS, Command, Word

_PATH = regex(r"([A-Z][A-Z0-9]*+_[A-Z0-9_]*+)(?:/.*)?\Z")
"""A path that begins with a name in capitals, with a `_`, as few directories have."""
_OF_FILES = frozenset(("-d", "-e", "-f", "-r", "-s", "-w", "-x"))


class MissingDollar(NamedTuple):
    """The name of a variable that the script sets, where it is, and what the shell does there."""

    name: str
    span: Span
    message: str


def missing_dollars(commands: Sequence[Command]) -> Iterator[MissingDollar]:
    """Each name of a variable that is given to `exit`, or to a test, as a text."""
    names = names_set(commands)
    for command in commands:
        words = command.words[1:]
        if command.name in ("exit", "return") and len(words) == 1:
            name = words[0].literal or ""
            if name in names:
                message = f"{command.name} needs a number, and fails: {quoted(name)} is a text here"
                yield MissingDollar(name, words[0].span, message)
        elif command.name in TESTS:
            yield from _of_test(words, names)


def _of_test(words: Sequence[Word], names: Collection[str]) -> Iterator[MissingDollar]:
    texts = [word.literal or "" for word in words]
    for at, text in enumerate(texts):
        before = texts[at - 1] if at else ""
        after, other = [*texts[at + 1 : at + 3], "", ""][:2]
        path = _PATH.match(text)
        if before in ("-n", "-z") and text in names and words[at - 1].literal:
            message = f"the test is of the text {quoted(text)}, which is never empty"
            yield MissingDollar(text, words[at].span, message)
        elif before in _OF_FILES and path is not None and path[1] in names:
            message = f"the test is of a file called {quoted(text)}"
            yield MissingDollar(path[1], words[at].span, message)
        elif after in EQUAL and text in names and other and other not in names:
            message = f"the test compares the text {quoted(text)}, not what the variable has"
            yield MissingDollar(text, words[at].span, message)
