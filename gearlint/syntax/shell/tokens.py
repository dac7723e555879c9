"""The tokens of a shell command line: spaces, operators, reserved words, here-document bodies."""

import re
from collections.abc import Sequence

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.shell.command_line import RESERVED
from gearlint.syntax.shell.model import Extension, Fault, Lack, Redirection

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import NoReturn

REDIRECTION = regex(
    r"([0-9]+(?=[<>])|\{[A-Za-z_][A-Za-z0-9_]*\}(?=[<>])|)"
    r"(&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||<|>)"
)
_OPERATOR = regex(r"&&|\|\||;;&|;;|;&|\|&|[;|()]|&(?!>)")
_RESERVED = "|".join(map(re.escape, sorted(RESERVED)))
_KEYWORD = regex(f"(?:{_RESERVED})(?=[ \\t\\n;&|()]|[<>](?!\\()|\\Z)")
_SPACES = regex(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")
_STARTS_SPACES = (" ", "\t", "\\", "#")


class RefusedError(Exception):
    """bash refuses the text, for the reason that `fault` gives."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class UncertainError(Exception):
    """What the text means depends on the shell, or on what has run before."""


class Tokens:
    """A position in a text, and the tokens there.

    `at` is a character offset into `text`, and `places` has at each offset, that of its end too,
    where it is in the whole command line; spans are in characters of the whole. Methods that read
    move `at` past what they have read. They raise
    RefusedError for what is certainly a syntax error and UncertainError for what is not known.
    `extglob` is whether bash reads `!(a|b)` as a pattern, `None` if that is not known.
    """

    def __init__(self, text: str, places: Sequence[int], depth: int) -> None:
        self.text = text
        self.places = places
        self.at = 0
        self.depth = depth
        self.extglob: bool | None = False
        # The here-documents whose bodies start at the next line: each a list and an index in it.
        self.here: list[tuple[list[Redirection], int]] = []
        self.extensions: list[Extension] = []

    def note(self, start: int, name: str, lack: Lack = Lack.REFUSED) -> None:
        """Note that what is between `start` and here is of bash alone."""
        self.extensions.append(Extension(self.span(start), name, lack))

    def spaces(self) -> None:
        """Skip spaces and line continuations, and a comment."""
        if self.text[self.at : self.at + 1] in _STARTS_SPACES:
            match = _SPACES.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def newlines(self) -> None:
        """Skip spaces, comments and newlines, and read the bodies of here-documents."""
        self.spaces()
        while self.text.startswith("\n", self.at):
            self.at += 1
            for found, index in self.here:
                found[index] = self.here_document(found[index])
            self.here.clear()
            self.spaces()

    def here_document(self, redirection: Redirection) -> Redirection:
        """Read the body of a here-document, which begins here, and the line that ends it."""
        delimiter = redirection.target.literal
        if delimiter is None:
            raise UncertainError
        is_quoted = any(part.quoted for part in redirection.target.parts)
        start = end = self.at
        expands = goes_on = False
        while end < len(self.text):
            line_end = self.text.find("\n", end)
            line = self.text[end : line_end if line_end >= 0 else len(self.text)]
            self.at = line_end + 1 if line_end >= 0 else len(self.text)
            if (line.lstrip("\t") if redirection.operator == "<<-" else line) == delimiter:
                if goes_on:  # it may belong to the line before
                    raise UncertainError
                break
            expands = expands or (not is_quoted and ("$(" in line or "`" in line))
            goes_on = not is_quoted and line.endswith("\\")
            end = self.at
        body = self.text[start:end]
        if expands:
            self.expansions(start, end)
        if redirection.operator == "<<-":
            if expands:
                raise UncertainError
            body = re.sub("(?m)^\t+", "", body)
        document = body if is_quoted or not re.search(r"[$\\]", body) else None
        return redirection._replace(document=document)

    def expansions(self, start: int, end: int) -> None:
        """Read what is expanded in the body of a here-document; nothing moves."""
        raise NotImplementedError

    def operator(self) -> str:
        """The operator here, redirections excluded; an empty string if there is none."""
        match = _OPERATOR.match(self.text, self.at)
        return match[0] if match else ""

    def keyword(self) -> str | None:
        """Skip spaces; the reserved word there, `None` if there is none."""
        self.spaces()
        match = _KEYWORD.match(self.text, self.at)
        return match[0] if match else None

    def next_of(self, stops: tuple[str, ...]) -> str:
        """Which of the operators and reserved words `stops` is here; an empty string if none."""
        found = (self.operator() or self.keyword() or "") if stops else ""
        return found if found in stops else ""

    def take(self, token: str) -> bool:
        """Skip spaces, and the operator or reserved word `token`; whether it was there."""
        self.spaces()
        found = self.next_of((token,)) == token
        self.at += len(token) if found else 0
        return found

    def need(self, token: str) -> None:
        """Skip spaces, and the operator or reserved word `token`, which must be there."""
        if not self.take(token):
            self.unexpected()

    def span(self, start: int) -> Span:
        """The span from the offset `start` to here."""
        return Span(self.places[start], self.places[self.at])

    def deeper(self) -> None:
        """Begin a level of nesting; the caller decrements `depth` at its end."""
        self.depth += 1
        if self.depth > limits.SHELL_LEVELS:
            raise UncertainError

    def unexpected(self) -> "NoReturn":
        """Refuse the token here."""
        self.spaces()
        start = self.at
        if self.text[start : start + 1] in ("", "\n"):
            raise RefusedError(Fault(self.span(start), "it ends where a command should go on"))
        token = f"{REDIRECTION.pattern}|{_OPERATOR.pattern}|[^ \\t\\n;&|<>()]+"
        match = re.compile(token).match(self.text, start)
        found = match[0] if match else ""
        if "\\\n" in found:  # it might be a reserved word
            raise UncertainError
        self.at = start + len(found)
        raise RefusedError(Fault(self.span(start), f'unexpected "{found}"'))

    def unclosed(self, start: int, opener: str, closer: str) -> "NoReturn":
        """Refuse the token here, or at the end of the text the `opener` at `start`."""
        if self.at < len(self.text):
            self.unexpected()
        self.at = start + len(opener)
        raise RefusedError(Fault(self.span(start), f'"{opener}" without its "{closer}"'))

    def unclosed_quote(self, start: int, quote: str) -> "NoReturn":
        """Refuse the quote at `start`, which is not closed."""
        self.at = start + 1
        raise RefusedError(Fault(self.span(start), f"the quote {quote} is not closed"))
