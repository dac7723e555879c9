"""What a shell script makes of the options that `jq` writes, as far as it compares them."""

from collections.abc import Iterator, Sequence

from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.assignments import DECLARE, assigned, set_otherwise
from gearlint.syntax.shell.model import TESTS, Command, Kind, Part, Word

_FILTER = regex(
    r"\.config(?:\.([A-Za-z_]\w*+)|\[\"([^\"]++)\"\])(?:\.default)?([ \t]*//[ \t]*empty)?\Z"
)
_IN_FUNCTIONS = frozenset(("cat", "echo", "exit", "jq", "return", None, *DECLARE, *TESTS))
"""What a function has in it that prints what jq writes as it is."""
_FLAGS = regex(r"-[a-zA-Z]++\Z|--raw-output\Z")
_NOT_SET = ("", "null")
"""What jq writes of an option that is not set, and what an empty one is."""
_MAY_TAKE_QUOTES = frozenset(("cat", "echo", "jq", "printf", "read", None))
"""What may be meant to get the quotes that jq writes."""
_REMOVES_QUOTES = regex(r"\b(?:eval|sed|tr|xargs)\b|[#%/]\\?[\"'\\]")
_OF_JSON = regex(r"[\"{}]")
EQUAL = ("=", "==", "!=")
_NUMERIC = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")


class Written(NamedTuple):
    """An option as jq writes it: `is_raw` is without quotes, by `-r`.

    With `or_nothing` jq writes nothing for false, by `// empty`.
    """

    option: str
    is_raw: bool
    or_nothing: bool


class Test(NamedTuple):
    """A test of what jq writes of an option; `operator` is empty where it asks for any text."""

    written: Written
    operator: str
    text: str
    span: Span

    @property
    def is_equal(self) -> bool:
        """Whether it asks for a certain text."""
        return self.operator in EQUAL


def tests_of_options(text: str) -> list[Test]:
    """The tests in a script, in the order of its text; spans are in characters."""
    if "jq" not in text or ".config" not in text or "nocasematch" in text:
        return []
    line = command_line.parse(text)
    return list(_Script(line.commands).tests()) if line.known else []


def uses_with_quotes(text: str) -> list[tuple[str, Span]]:
    """Each option that a script uses with the quotes of JSON, as far as it is a string.

    jq writes them without `-r`. Of each option the first word that it is in, in characters.
    """
    if "jq" not in text or ".config" not in text or _REMOVES_QUOTES.search(text):
        return []
    line = command_line.parse(text)
    found: dict[str, Span] = {}
    for option, span in _Script(line.commands).uses_with_quotes() if line.known else ():
        found.setdefault(option, span)
    return list(found.items())


class _Script:
    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands

    def tests(self) -> Iterator[Test]:
        for command in self._commands:
            if command.name in TESTS:
                yield from self._of_test(command.words[1:])

    def uses_with_quotes(self) -> Iterator[tuple[str, Span]]:
        for command in self._commands:
            words = [] if command.name in _MAY_TAKE_QUOTES else list(command.words[1:])
            words += [each.value for each in command.assignments if len(each.value.parts) > 1]
            parts = [(part, word.span) for word in words for part in word.parts]
            if any(part.kind is Kind.LITERAL and _OF_JSON.search(part.text) for part, _ in parts):
                continue
            if command.name in TESTS:
                tests = [test for test in self._of_test(words) if test.is_equal]
                used = [(test.written, test.span) for test in tests]
            else:
                used = [
                    (self._in_quotes[part.text], span)
                    for part, span in parts
                    if part.kind is Kind.VARIABLE and not part.operator
                    if part.text in self._in_quotes
                ]
            for written, span in used:
                if not written.is_raw:
                    yield written.option, span

    def _of_test(self, words: Sequence[Word]) -> Iterator[Test]:
        inside = [word for word in words if word.literal not in ("]", "]]")]
        asks = [word for word in inside if word.literal not in ("!", "-n")]
        if len(asks) == 1 and (written := self._written(asks[0])) is not None:
            yield Test(written, "", "", asks[0].span)
        for left, sign, right in zip(inside, inside[1:], inside[2:], strict=False):
            operator = sign.literal
            if operator is None or operator not in (*EQUAL, *_NUMERIC):
                continue
            for one, other in ((left, right), (right, left)):
                written, text = self._written(one), other.literal
                is_asked = text is not None and (operator in _NUMERIC or text not in _NOT_SET)
                if written is not None and text is not None and is_asked:
                    yield Test(written, operator, text, other.span)

    def _written(self, word: Word) -> Written | None:
        """What a word is of, if it is all that jq writes of an option."""
        if len(word.parts) != 1:
            return None
        (part,) = word.parts
        if part.kind is Kind.VARIABLE and not part.operator:
            return self._variables.get(part.text)
        return self._of_substitution(part)

    @cached_property
    def _variables(self) -> dict[str, Written]:
        """The variables that are only ever set to what jq writes of one option."""
        return self._set_to_options(with_texts=False)

    @cached_property
    def _in_quotes(self) -> dict[str, Written]:
        """The variables that are set to what jq writes of one option, and to texts besides."""
        return self._set_to_options(with_texts=True)

    def _set_to_options(self, *, with_texts: bool) -> dict[str, Written]:
        found: dict[str, set[Written | None]] = {}
        for command in self._commands:
            for name, parts in assigned(command):
                if not with_texts or any(part.kind is not Kind.LITERAL for part in parts):
                    written = self._of_substitution(parts[0]) if len(parts) == 1 else None
                    found.setdefault(name, set()).add(written)
            for name in set_otherwise(command):
                found.setdefault(name, set()).add(None)
        known = {name: next(iter(each)) for name, each in found.items() if len(each) == 1}
        return {name: written for name, written in known.items() if written is not None}

    def _of_substitution(self, part: Part) -> Written | None:
        """What `$(...)` is of."""
        text = part.text
        if part.kind is not Kind.UNKNOWN or not text.startswith(("$(", "`")):
            return None
        inner = text[2:-1] if text.startswith("$(") else text[1:-1]
        *others, last = command_line.parse(inner).commands or (None,)
        if last is None or any(each.name != "cat" for each in others):
            return None
        if last.name in self._functions and len(last.words) == 2 and not others:
            name = last.words[1].literal
            return Written(name, self._functions[last.name], or_nothing=False) if name else None
        if last.name != "jq":
            return None
        filters = [match for word in last.words if (match := _FILTER.match(word.literal or ""))]
        if len(filters) != 1:
            return None
        option = filters[0][1] or filters[0][2]
        return Written(option, _is_raw(last), or_nothing=bool(filters[0][3]))

    @cached_property
    def _functions(self) -> dict[str, bool]:
        """The functions that print the option that they are given, and whether it is raw."""
        bodies: dict[str, list[Command]] = {}
        for command in self._commands:
            if command.function:
                bodies.setdefault(command.function, []).append(command)
        found: dict[str, bool] = {}
        for name, commands in bodies.items():
            calls = [command for command in commands if command.name == "jq"]
            is_plain = all(command.name in _IN_FUNCTIONS for command in commands)
            if calls and is_plain and all(any(map(_is_of_first, call.words)) for call in calls):
                found[name] = all(map(_is_raw, calls))
        return found


def _is_of_first(word: Word) -> bool:
    """Whether a word is `.config.` and the first argument of a function."""
    before, *others = word.parts
    if before.text != ".config." or not others or others[0].text != "1":
        return False
    rest = "".join(part.text for part in others[1:])
    return others[0].kind is Kind.VARIABLE and rest in ("", ".default")


def _is_raw(command: Command) -> bool:
    """Whether jq writes strings without quotes."""
    flags = [word.literal for word in command.words if _FLAGS.match(word.literal or "")]
    return any(flag == "--raw-output" or "r" in str(flag) for flag in flags if flag)
