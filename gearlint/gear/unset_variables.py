"""Environment variables that the gear's own code needs, and that Flywheel does not set."""

import ast
from collections import Counter
from collections.abc import Iterator, Set

from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source, Span
from gearlint.gear.code import Code
from gearlint.gear.started import Started
from gearlint.image.shell.state import OF_SHELLS
from gearlint.image.variables import MENTIONED
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Kind

_READ = regex(r"environ\[[ \t]*+[\"']([A-Za-z_]\w*+)[\"'][ \t]*+\](?![ \t]*+=[^=])")
_SETS_ANY = regex(r"environ(?:\.update\(|b\b|[ \t]*+\|?=)|putenv|load_dotenv|environs")
"""Python that may set any variable."""
_BY_OTHERS = regex(
    r"(?:APPTAINER|CUDA|FLYWHEEL|FW|LC|LSB|NVIDIA|OMPI|PBS|PYTHON|SGE|SINGULARITY|SLURM)_"
    r"|(?:HOSTNAME|LANG|TERM|TMPDIR|TZ|container)\Z"
)
"""What Docker, Flywheel, or the scheduler of a cluster may set."""
_CAUGHT = ("KeyError", "LookupError", "Exception", "BaseException")
_SETS_OTHERS = (".", "eval", "source")
_SOURCES = regex(r"(?:\A|[\s;&|({`'\"])(?:\.|eval|source)[ \t]")
"""What a shell may set any variable by."""
_LOGIN = regex(r"--login\Z|-[a-z]*[il]")
"""An option of a shell that reads files of the image first."""


class UnsetVariable(NamedTuple):
    """A variable that is not set, as it is written where it is read, and where that is.

    `is_python` is whether that raises KeyError; in a shell it is empty.
    """

    name: str
    text: str
    source: Source
    span: Span
    is_python: bool


def unset_in_python(code: Code, is_set: Set[str]) -> Iterator[UnsetVariable]:
    """Where each module needs a variable by `os.environ` in every run, that is not set by then.

    `is_set` are the variables of the manifest. What anything else of the code mentions may be set.
    Each variable counts once in a module.
    """
    if any(map(_reads_profile, code.started)):
        return
    texts = list(code.python_texts)
    reads = Counter(name for text in texts for name in _READ.findall(text))
    others = [code.run.command, *_shell_texts(code)]
    names = {
        name
        for name, number in reads.items()
        if name not in is_set
        and name not in OF_SHELLS
        and not _BY_OTHERS.match(name)
        and sum(text.count(name) for text in texts) == number
        and not any(_may_set(text, name) for text in others)
    }
    if not names or any(map(_SETS_ANY.search, texts)) or any(map(_SOURCES.search, others)):
        return
    from gearlint.python.runs import runs_of
    from gearlint.python.scopes import is_caught

    mains = {one.script.source for one in code.started_by_flywheel}
    for evaluator in code.evaluators:
        if evaluator.program.started.script not in mains:
            continue
        for run in runs_of(evaluator.program):
            left = set(names)
            for node, place in run.scope.reads:
                if not run.always.comes_to(place) or is_caught(place, *_CAUGHT):
                    continue
                match node:
                    case ast.Subscript(slice=ast.Constant(value=str(name))) if name in left:
                        if evaluator.is_certainly(node.value, place, ("library", "os.environ")):
                            left.remove(name)
                            text = f'{ast.unparse(node.value)}["{name}"]'
                            span = run.module.span(node)
                            yield UnsetVariable(name, text, run.module.source, span, is_python=True)


def unset_in_shell(code: Code, names: Set[str]) -> Iterator[UnsetVariable]:
    """The first `$X` of each shell script that Flywheel starts, of those that are not set there."""
    texts = [code.run.command, *code.python_texts, *_shell_texts(code)]
    for one in code.started_by_flywheel if names else ():
        is_main = one.is_certain and not one.is_sourced and one.script.is_shell
        if is_main and not _reads_profile(one):
            used = {name for name in names if name in one.script.text}
            used = {name for name in used if not any(_may_set(text, name) for text in texts)}
            yield from _expanded(one, used) if used else ()


def _shell_texts(code: Code) -> list[str]:
    return [one.script.text for one in code.started if not one.script.is_python]


def _reads_profile(one: Started) -> bool:
    return one.script.is_shell and any(map(_LOGIN.match, one.script.shebang[1:]))


def _may_set(text: str, name: str) -> bool:
    """Whether a text of the gear's code does anything else with a variable than to expand it."""
    return name in text and name in MENTIONED.findall(text)


def _expanded(one: Started, names: set[str]) -> Iterator[UnsetVariable]:
    """Where each is expanded first, if no other script can have set it before.

    Not where it says what to take instead, as `${X:-/opt}`.
    """
    source, text = one.script.source, one.script.text
    found: set[str] = set()
    for command in command_line.parse(text).commands:
        for word in (*(each.value for each in command.assignments), *command.words):
            for part in word.parts:
                is_new = part.text in names - found and part.kind is Kind.VARIABLE
                if is_new and not part.operator:
                    found.add(part.text)
                    span = source.span_of_text(*word.span)
                    yield UnsetVariable(part.text, f"${part.text}", source, span, is_python=False)
        if command.name in _SETS_OTHERS:
            return
