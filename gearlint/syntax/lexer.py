"""BuildKit's lexer: one word or one line of a Dockerfile, read character by character.

Follows moby/buildkit, frontend/dockerfile/shell.
"""

import re

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import regex
from gearlint.core.text import quoted
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.syntax.substitution import Lookup, RefusedError

_PLAIN = regex(r"""[^$<'"\\`]+""")
_PLAIN_INSIDE = regex(r"""[^$<'"\\`}/]+""")
_PLAIN_QUOTED = regex(r"""[^$"\\`]+""")
_ALL_PLAIN_QUOTED = regex(r'''"([^$"\\`]*)"''')
_BETWEEN_WORDS = regex("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_VARIABLE = regex(r"\d+|[@*#?$!-]|\w*")
_HEREDOC_START = regex(r"<<[\t\r ]*")


class Lexer:
    """Substitutes in one word or one line as BuildKit's `shell` package does.

    `raw_quotes`, `raw_escapes` and `keep_unset` keep quotes, escapes and unset variables as they
    are written. A result that is unknown is `None`. Methods that read begin at the character offset
    `at` and move it; they raise RefusedError for what BuildKit refuses, and RecursionError if
    substitutions nest too deep or their result is too long.
    """

    def __init__(
        self,
        text: str,
        lookup: Lookup,
        escape: str = "\\",
        *,
        quotes: bool = True,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
        keep_unset: bool = False,
    ) -> None:
        self.text = text
        self.lookup = lookup
        self.escape = escape
        self.quotes = "'\"" if quotes else ""
        self.raw_quotes = raw_quotes
        self.raw_escapes = raw_escapes
        self.keep_unset = keep_unset
        self.at = 0
        self.depth = 0
        self.growth = Budget(limits.SUBSTITUTED_CHARACTERS)
        self.words: list[str] = []
        self.word: list[str] = []

    def split(self) -> list[str]:
        """The words of the text."""
        self.until("", self.raw_escapes)
        return self.words

    def end_word(self) -> None:
        """End the word that is being read."""
        if any(self.word):
            self.words.append("".join(self.word))
        self.word.clear()

    def next(self) -> str:
        """Read the next character; an empty string at the end."""
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def peek(self) -> str:
        """The next character, without reading it; an empty string at the end."""
        return self.text[self.at : self.at + 1]

    def until(self, stop: str, raw_escapes: bool = False) -> str | None:
        """Read up to the character `stop` and past it, or to the end if `stop` is empty."""
        out: list[str | None] = []
        words, self.words = self.words, []
        self.word.clear()  # as BuildKit does: the word loses what is before a ${X:-d}
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        self.depth += 1
        if self.depth > limits.SUBSTITUTION_LEVELS:
            raise RecursionError
        plain = _PLAIN_INSIDE if stop else _PLAIN
        while (char := self.peek()) != stop:
            if not char:
                raise _unended(stop)
            if run := plain.match(self.text, self.at):
                self.at = run.end()
                out.append(run[0])
                self.add(run[0])
            else:
                self.read_piece(char, out)
        self.at += 1
        self.depth -= 1
        self.raw_escapes = outer
        self.end_word()
        self.words = words if stop else self.words
        return _joined(out)

    def read_piece(self, char: str, out: list[str | None]) -> None:
        """Read the piece that begins with `char`, which is special or may be, into `out`."""
        whole = True  # whether spaces in it belong to the word
        if char == "$":
            piece = self.dollar()
            whole = False
            if not self.growth.spend(len(piece or "")):
                raise RecursionError
        elif char in self.quotes:
            piece = self.single_quoted() if char == "'" else self.double_quoted()
        elif heredoc := _HEREDOC_START.match(self.text, self.at):
            self.at = heredoc.end()
            piece = heredoc[0]
        else:
            self.at += 1
            piece = char
            if char == self.escape:
                piece = (char if self.raw_escapes else "") + self.next()
        out.append(piece)
        if whole:
            self.word.append(piece or "")
        else:
            self.add(piece or "")

    def add(self, text: str) -> None:
        """Add a text to the words; spaces in it separate them."""
        first, *others = _BETWEEN_WORDS.split(text)
        self.word.append(first)
        if others:
            self.end_word()
            self.words += others[:-1]
            self.word.append(others[-1])

    def single_quoted(self) -> str:
        """Read text in single quotes."""
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise RefusedError("no ' closes the one that was opened")
        start, self.at = self.at, end + 1
        return self.text[start : end + 1] if self.raw_quotes else self.text[start + 1 : end]

    def double_quoted(self) -> str | None:
        """Read text in double quotes, with its variables replaced."""
        if plain := _ALL_PLAIN_QUOTED.match(self.text, self.at):
            self.at = plain.end()
            return plain[0] if self.raw_quotes else plain[1]
        quote = self.next() if self.raw_quotes else self.next() and ""
        out: list[str | None] = [quote]
        while char := self.peek():
            if run := _PLAIN_QUOTED.match(self.text, self.at):
                self.at = run.end()
                out.append(run[0])
                continue
            if char == "$":
                out.append(self.dollar())
                continue
            self.at += 1
            if char == '"':
                out.append(quote)
                return _joined(out)
            if char == self.escape:
                if self.raw_escapes:
                    out.append(char)
                if self.peek() and self.peek() in '"$' + self.escape:
                    char = self.next()
            out.append(char)
        raise RefusedError('no " closes the one that was opened')

    def dollar(self) -> str | None:
        """Read `$X` or `${X}`, with the modifier that may follow the name."""
        self.at += 1
        if self.peek() != "{":
            name = self.name()
            return self.get(name, "$" + name) if name else "$"
        self.at += 1
        if self.peek() in ("{", "}", ":", ""):
            raise RefusedError("bad substitution", "write ${NAME}")
        name = self.name()
        mark = self.next()
        if mark == "}":
            return self.get(name, f"${{{name}}}")
        if mark == "/":
            return self.replaced(name)
        colon = ":" if mark == ":" else ""
        mark = self.next() if colon else mark
        if not mark:
            raise _unended("}")
        if (mark not in "+-?#%" and not colon) or (mark in "#%" and colon):
            raise _unsupported(colon + mark)
        word = self.until("}", raw_escapes=mark in "#%")
        value = self.lookup(name)
        if value is None and self.keep_unset:
            return f"${{{name}{colon}{mark}{word}}}"
        if mark in "#%":
            return _trimmed_value(self.value(value), mark, word)
        if mark not in "+-?":
            raise _unsupported(colon + mark)
        return self.chosen(name, value, mark, word, bool(colon))

    def chosen(
        self, name: str, value: str | Unknown | None, mark: str, word: str | None, empty: bool
    ) -> str | None:
        """The result of `-`, `+` or `?`; with `empty` (`:-`) an empty value counts as unset."""
        if value is UNKNOWN:
            return None
        is_set = value is not None and not (empty and value == "")
        if mark == "+":
            return word if is_set else ""
        if not is_set and mark == "?":
            raise RefusedError(f"{name} must be set")
        return value if is_set else word

    def replaced(self, name: str) -> str | None:
        """Read the rest of `${X/pattern/replacement}`; two slashes replace all matches."""
        everywhere = self.peek() == "/"
        self.at += everywhere
        pattern = self.until("/", raw_escapes=True)
        replacement = self.until("}", raw_escapes=True)
        value = self.lookup(name)
        if value is None and self.keep_unset:
            return f"${{{name}/{pattern}/{replacement}}}"
        value = self.value(value)
        regex = None if pattern is None else _regex(pattern, greedy=True)
        # When all are replaced, Go reads $1 in the replacement as a group, which is never meant.
        if value is None or regex is None or replacement is None or "$" in replacement:
            return None
        if _is_slow(value, pattern or ""):
            return None
        if everywhere:
            return _replaced_all(regex, value, replacement)
        match = regex.search(value)
        return value[: match.start()] + replacement + value[match.end() :] if match else value

    def name(self) -> str:
        """Read the name of a variable; it may be empty."""
        match = _VARIABLE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match[0] if match else ""

    def get(self, name: str, unset: str) -> str | None:
        """The value of a variable; `unset` if it is unset and unset variables are kept."""
        value = self.lookup(name)
        return unset if value is None and self.keep_unset else self.value(value)

    def value(self, value: str | Unknown | None) -> str | None:
        """The result of a lookup as text; `None` if it is unknown."""
        return None if value is UNKNOWN else value or ""


def _unended(stop: str) -> RefusedError:
    if stop == "/":
        write = "write ${NAME/PATTERN/REPLACEMENT}; the replacement may be empty"
        return RefusedError('a substitution has one "/", expected two', write)
    return RefusedError(f"no {quoted(stop)} ends a substitution", f"write {quoted(stop)} after it")


def _unsupported(modifier: str) -> RefusedError:
    return RefusedError(
        f"unsupported modifier {quoted(modifier)} in a substitution",
        "write the value out: Docker has only ${X:-y}, ${X:+y}, ${X:?y}, ${X#y}, ${X%y}, ${X/y/z}",
    )


def _joined(pieces: list[str | None]) -> str | None:
    """The pieces as one text, `None` if one of them is unknown."""
    known = [piece for piece in pieces if piece is not None]
    return "".join(known) if len(known) == len(pieces) else None


def _regex(pattern: str, greedy: bool) -> re.Pattern[str]:
    """A shell pattern with `*` and `?` (sets are not special) as a regular expression."""
    out: list[str] = []
    characters = iter(pattern)
    for char in characters:
        if char == "*":
            out.append(".*" if greedy else ".*?")
        elif char == "?":
            out.append(".")
        elif char == "\\":
            escaped = next(characters, "")
            if escaped not in ("}", "/", "*", "?", "\\"):
                raise RefusedError(f"{quoted(char + escaped)} in a pattern")
            out.append(re.escape(escaped))
        else:
            out.append(re.escape(char))
    return re.compile("".join(out))


def _is_slow(value: str, pattern: str) -> bool:
    """Whether Python, which unlike Go backtracks, may take too many steps."""
    tries = (len(value) + 1) ** min(pattern.count("*") + 1, 24)
    return bool(tries * len(pattern) > limits.SUBSTITUTION_STEPS)


def _trimmed_value(value: str | None, mark: str, pattern: str | None) -> str | None:
    """`value` without the shortest (`#`, `%`) or longest (doubled) match at its start or end."""
    if pattern is None:
        return None
    greedy = pattern.startswith(mark)
    pattern = pattern[1:] if greedy else pattern
    if mark == "%":
        pattern = "".join(reversed(re.findall(r"\\.|.", pattern, re.DOTALL)))
    regex = _regex(pattern, greedy)
    if value is None or _is_slow(value, pattern):
        return None
    turn = -1 if mark == "%" else 1
    match = regex.match(value[::turn])
    return value[::turn][match.end() :][::turn] if match else value


def _replaced_all(regex: re.Pattern[str], value: str, replacement: str) -> str:
    """`value` with each match replaced, as Go replaces them."""
    last = 0

    def replace(match: re.Match[str]) -> str:
        # Go, unlike Python, skips an empty match right after another match.
        nonlocal last
        counts = match.end() > last or match.start() == 0
        last = match.end()
        return replacement if counts else ""

    return regex.sub(replace, value)
