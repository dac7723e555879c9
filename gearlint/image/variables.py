"""Variables that Docker expands in the words of a Dockerfile, and that are not set there."""

from collections.abc import Iterator
from contextlib import suppress

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.text import is_one_edit_away
from gearlint.image.faults import UnsetVariable
from gearlint.image.stages import PROXIES, instructions_of_image, is_automatic
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.syntax.dockerfile import Dockerfile, Instruction, Word
from gearlint.syntax.dockerfile.model import HEREDOC
from gearlint.syntax.lexer import Lexer
from gearlint.syntax.substitution import RefusedError

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.image.instructions import StageBuild
    from gearlint.image.state import Image

_WHOLE_NAME = regex(r"[A-Za-z_]\w*\Z")
_DIGITS = regex(r"\d+")
_CALLED = regex(r"(?<![\\`])\$\(([A-Za-z_]\w*)\)")
_FLAGS = ("checksum", "chmod", "chown", "platform")
"""The flags in whose values Docker expands variables."""


class _Uses(Lexer):
    """Collects the `$X` and `${X}` of a word, without those that have a default or are in one."""

    def __init__(self, text: str, escape: str, *, quotes: bool) -> None:
        super().__init__(text, lambda name: "", escape, quotes=quotes)
        self.uses: list[tuple[int, int, str]] = []

    def get(self, name: str, unset: str) -> str | None:
        if self.depth == 1 and _WHOLE_NAME.match(name):
            self.uses.append((self.at - len(unset), self.at, name))
        return None


def uses(word: Word, escape: str) -> Iterator[tuple[Span, str]]:
    """The variables that a word of a Dockerfile certainly needs, and where they are in the file.

    Where the word is not written as it is read, each is the whole word. Only a here-document has
    several lines: quotes mean nothing in it.
    """
    lexer = _Uses(word.text, escape, quotes="\n" not in word.text)
    with suppress(RefusedError, RecursionError):
        lexer.until("")
    is_as_written = word.text.isascii() and len(word.text) == word.span.end - word.span.start
    for start, end, name in lexer.uses:
        at = word.span.start
        yield (Span(at + start, at + end) if is_as_written else word.span), name


def _expanded(instruction: Instruction) -> Iterator[tuple[str, Word]]:
    """The words of an instruction that Docker expands, each with the variable that it sets."""
    for flag in instruction.flags:
        if flag.name in _FLAGS and flag.value:
            yield "", Word(flag.value, flag.span)
    for pair in instruction.pairs:
        yield pair.key.text, pair.value or Word("", pair.key.span)
    if not instruction.pairs:
        for word in instruction.words:
            if not (instruction.heredocs and HEREDOC.fullmatch(word.text)):
                yield "", word
    for document in instruction.heredocs:
        if document.expand:
            yield "", Word(document.content, document.body)


def note_unset(build: "StageBuild", instruction: Instruction) -> list[str]:
    """Note the variables that an instruction needs and that are not set before it, or not read.

    Returns the names of those in its words that the base image does not set either.
    """
    image, escape = build.image, build.builder.dockerfile.escape
    is_arg = instruction.name == "ARG"
    done: set[str] = set()
    certain: list[str] = []
    for key, word in _expanded(instruction):
        for name in _called(build, word) if "$(" in word.text and "\n" not in word.text else ():
            known = frozenset((name,))
            found = UnsetVariable(instruction, word.span, name, known, True, is_called=True)
            image.unset_variables.append(found)
            certain.append(name)
        for span, name in uses(word, escape):
            is_own = name == key and not (is_arg and name in build.builder.dockerfile.global_names)
            if is_own or name in done or name in PROXIES:
                continue
            if name in image.arguments or name in image.environment:
                continue
            value = image.variable(name)
            if isinstance(value, str):
                continue
            if not build.builder.unset.spend(1) or build.builder.budget.is_spent:
                return certain
            known = frozenset((*image.arguments, *image.environment))
            image.files.visit(len(known))
            is_certain = value is None or is_automatic(name)
            if is_certain or _is_own(build, name) or misspelt(name, known):
                found = UnsetVariable(instruction, span, name, known, is_certain)
                image.unset_variables.append(found)
            if is_certain and word in instruction.words:
                certain.append(name)
        if is_arg:  # of ENV, all are set at once
            done.add(key)
    return certain


def _called(build: "StageBuild", word: Word) -> Iterator[str]:
    """The variables that a word has as `$(X)`, which Docker leaves as it is."""
    image = build.image
    for name in dict.fromkeys(_CALLED.findall(word.text)):
        is_set = name in image.arguments or name in image.environment
        if is_set and build.builder.unset.spend(1):
            yield name


def _is_own(build: "StageBuild", name: str) -> bool:
    """Whether the Dockerfile has a variable elsewhere, and not to replace one of the base image."""
    if name not in build.builder.own_names:
        return False
    return not any(
        pair.key.text == name
        for instruction in build.stage.instructions
        if instruction.name == "ENV"
        for pair in instruction.pairs
    )


_USED = regex(r"(?<!\\)\$(?:\{([A-Z][A-Z0-9_]*+)\}|([A-Z][A-Z0-9_]*+)(?![a-z]))")
"""A variable as those of ENV are called."""
SETS_OTHERS = regex(
    r"\b(?:source|eval)\b|(?:\A|[;&|({\s\"'])\.\s|\b(?:export|declare)\s+(?:-\w+\s+)*+\"?[$`]"
    r"|\bsh\s+(?:-\w*l|--login)|\bbash\s+(?:-\w*l|--login)"
)
"""What may set any variable in a RUN."""
_LOGIN = regex(r"\"(?:-\w*l\w*|--login)\"")
"""An option by which a shell reads the profiles of the image."""
_OF_OTHERS = regex(r"(?<!c )(?<!c)'[^']*'")
"""A text of another program, as awk's, or of a file that is written: not of `sh -c '...'`."""
MENTIONED = regex(r"(?<![$\w{])[A-Za-z_]\w*+|(?<=\$\{)[A-Za-z_]\w*+(?=:?=)")
"""The name of a variable that is not used, but set, or read, or given to a program."""


def misspelt(name: str, known: frozenset[str]) -> str:
    """The variable that a name is certainly a misspelling of; empty if there is none."""
    if len(name) < limits.MISSPELT_CHARACTERS or len(known) > limits.NEAR_VARIABLES:
        return ""
    # X1 is hardly meant for X2.
    plain = _DIGITS.sub("", name)
    others = [one for one in sorted(known) if _DIGITS.sub("", one) != plain]
    return next((one for one in others if is_one_edit_away(name, one)), "")


def unset_before_stages(dockerfile: Dockerfile) -> Iterator[UnsetVariable]:
    """The variables that FROM, and ARG before it, need and that no ARG before them sets."""
    known: set[str] = set()
    for instruction in (*dockerfile.global_args, *(each.instruction for each in dockerfile.stages)):
        for key, word in _expanded(instruction):
            for span, name in uses(word, dockerfile.escape):
                if name not in known and not is_automatic(name) and name not in PROXIES:
                    yield UnsetVariable(instruction, span, name, frozenset(known), True)
            if key:
                known.add(key)


def misspelt_in_steps(dockerfile: Dockerfile, image: "Image") -> Iterator[UnsetVariable]:
    """The variables of RUN that nothing sets, and that certainly are a misspelt one that is set.

    Or that only an ARG before FROM sets. A base image that is not known may set any but those like
    one of the gear's directory.
    """
    base = image.base
    known: set[str] = set()
    seen: set[str] = set()
    mentioned: set[str] | None = None
    for instruction in instructions_of_image(dockerfile):
        if instruction.name in ("ARG", "ENV"):
            known.update(pair.key.text for pair in instruction.pairs)
        # bash reads a file before all that it does
        if "BASH_ENV" in known or (
            instruction.name == "SHELL" and _LOGIN.search(instruction.value) is not None
        ):
            return
        value = instruction.value if instruction.name == "RUN" else ""
        if known.issuperset(_names_used(value)) or SETS_OTHERS.search(value):
            continue
        for match in _USED.finditer(_OF_OTHERS.sub(lambda found: " " * len(found[0]), value)):
            name = match[1] or match[2]
            is_of_base = base is not None and base.variable(name) is not None
            if name in known or name in seen or is_of_base:
                continue
            seen.add(name)
            if len(seen) > limits.UNSET_VARIABLES:
                return
            from gearlint.image.shell.state import OF_SHELLS

            is_set = name in PROXIES or is_automatic(name) or name in OF_SHELLS
            near = "" if is_set else misspelt(name, frozenset(known))
            is_of_gear = str(image.variable(near)).startswith(GEAR_DIRECTORY) if near else False
            is_of_from = name in dockerfile.global_names and not is_set
            if not (near or is_of_from) or (base is None and not is_of_gear):
                continue
            if mentioned is None:
                first = dockerfile.stages[0].instruction.span.start
                below = dockerfile.source.data[first:].decode("utf-8", "replace")
                mentioned = set(MENTIONED.findall(below))
            if name not in mentioned:
                span = instruction.span_of(*match.span())
                is_certain = base is not None
                yield UnsetVariable(instruction, span, name, frozenset(known), is_certain)


def _names_used(text: str) -> Iterator[str]:
    """What is after each `$` of a text and may be a name: a pattern takes longer to compile."""
    for piece in text.split("$")[1:]:
        word = piece.removeprefix("{")
        end = next(
            (at for at, each in enumerate(word) if not (each.isalnum() or each == "_")), None
        )
        yield word[:end]
