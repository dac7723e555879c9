"""The words of a shell command line: quotes, expansions, globs, tildes."""

import re

from gearlint.core.lazy import regex
from gearlint.syntax.shell.model import UNKNOWN_PART, Kind, Lack, Part, Word
from gearlint.syntax.shell.tokens import Tokens, UncertainError

ASSIGNMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
_RUN = regex(r"[^ \t\n;&|<>()\\'\"$`*?\[~]+")
_IN_DOUBLE = regex(r"[^\"\\$`]+")
_IN_BRACES = regex(r"[^}'\"\\$`]+")
_ENDS_WORD = ("", " ", "\t", "\n", ";")
_EXTENDED_GLOB = regex(r"(?<![\\$].)\((?:[^()\\'\"$`\n]|'[^'\n]*+'|\"[^\"\\$`\n]*+\"|\$\{?\w)*+\)")
_SEPARATOR = regex(r",|\.\.")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|[1-9]")
_PARAMETER = regex(r"\$\{([A-Za-z_][A-Za-z0-9_]*|[1-9])(\}|:?[-+]|%%?|##?)?")
_EXTENDED_PARAMETER = regex(r"\$\{(?:!\w|[A-Za-z_]\w*(?:\[|[/^,@]|:(?![-+=?]))|[0-9@*]:(?![-+=?]))")
_TILDE = regex(r"~([A-Za-z0-9_.+-]*(?:\\\n|(?=[:=/ \t\n;&|<>()]|\Z)))")
_ARITHMETIC = regex(r"[()`\\]|'[^']*'?|\"[^\"]*\"?")
_ANSI_END = regex(r"(?:[^'\\]|\\.)*+'", re.DOTALL)

_BRACKET = Part(Kind.GLOB, "[")
_DOLLAR = Part(Kind.LITERAL, "$")


class Words(Tokens):
    """Reads words. The commands inside `$(...)`, `<(...)` and backticks are left to a subclass."""

    def subshell(self, start: int, opener: str, empty: bool = True) -> None:
        """Read the commands between the `opener` at `start` and its `)`; `empty` allows none."""
        raise NotImplementedError

    def backticks(self, quoted: bool) -> None:
        """Read the commands in backticks; `quoted` inside double quotes."""
        raise NotImplementedError

    def need_word(self) -> Word:
        """The word after spaces, which must be there."""
        return self.word() or self.unexpected()

    def word(self, in_value: bool = False) -> Word | None:
        """The word after spaces, `None` if there is none.

        With `in_value` it is the value of an assignment, right after the `=`.
        """
        if not in_value:
            self.spaces()
        text, start = self.text, self.at
        match = _RUN.match(text, start)
        if match and text[match.end() : match.end() + 1] in _ENDS_WORD and "{" not in match[0]:
            self.at = match.end()
            return Word((Part(Kind.LITERAL, match[0]),), self.span(start))
        assigns = in_value or ASSIGNMENT.match(text, start) is not None
        parts: list[Part] = []
        unquoted: list[str] = []  # with a space for each quoted part and expansion
        while self.at < len(text):
            at = self.at
            if match := _RUN.match(text, at):
                self.at = match.end()
                parts.append(Part(Kind.LITERAL, match[0]))
                unquoted.append(match[0])
                continue
            special = self.special(start, in_value, assigns)
            if special is None:
                break
            parts += special
            unquoted.append(text[at : self.at] if text[at] not in "\\'\"$`" else " ")
        if self.at == start:
            return None
        return Word(_certain(parts, "".join(unquoted)), self.span(start))

    def special(self, start: int, in_value: bool, assigns: bool) -> list[Part] | None:
        """The parts that a special character begins, `None` if it ends the word that is read.

        The word begins at `start`; `in_value` is as for `word`; `assigns` is true in `name=value`.
        """
        char = self.text[self.at]
        if char in " \t\n;&|()":
            return self.extended_glob() if char == "(" else None
        if char in "<>":
            return self.process_substitution(start)
        if char in "*?[":
            self.at += 1
            return [Part(Kind.GLOB, char)]
        if char == "~":
            return [self.tilde(start, in_value, assigns)]
        return self.quoted_or_expansion()

    def extended_glob(self) -> list[Part] | None:
        """The parentheses of `!(a|b)`, `None` if what is here is not of a pattern."""
        before = self.at - 1
        if self.extglob is False or self.text[before] not in "?*+@!":
            return None
        match = _EXTENDED_GLOB.match(self.text, self.at)
        if not self.extglob or not match:
            raise UncertainError
        self.at = match.end()
        self.note(before, f"{self.text[before]}(...)")
        return [Part(Kind.UNKNOWN, match[0])]

    def process_substitution(self, start: int) -> list[Part] | None:
        """`<(...)` or `>(...)`, which must be a whole word; `None` for a redirection."""
        text, at = self.text, self.at
        if not text.startswith("(", at + 1):
            return None
        if at != start or text.startswith("((", at + 1):
            raise UncertainError
        self.subshell(at, text[at : at + 2])
        self.note(at, f"{text[at]}(...)")
        return [Part(Kind.UNKNOWN, text[at : self.at])]

    def array(self) -> Word | None:
        """The elements of `name=(...)`, `None` if there is no parenthesis here."""
        if not self.text.startswith("(", self.at):
            return None
        start = self.at
        self.at += 1
        while True:
            self.newlines()
            if self.text.startswith(")", self.at):
                self.at += 1
                self.note(start, "an array")
                return Word((UNKNOWN_PART,), self.span(start))
            if self.at >= len(self.text):
                self.unclosed(start, "(", ")")
            if not self.word():
                raise UncertainError

    def tilde(self, start: int, in_value: bool, assigns: bool) -> Part:
        """A `~`, which is the home directory only in some places; arguments as for `special`."""
        at = self.at
        self.at += 1
        after = self.text[at - 1] if at > start else ""
        if after and not (assigns and after in "=:"):
            return Part(Kind.LITERAL, "~")
        match = _TILDE.match(self.text, at)
        if not match:
            return Part(Kind.LITERAL, "~")
        # Another user's home; or `make x=~`, `~:` and `~=`, which bash expands and sh does not.
        after = self.text[at + 1 : at + 2]
        if match[1] or after == "=" or not (in_value or (at == start and after != ":")):
            return Part(Kind.UNKNOWN, "~")
        return Part(Kind.TILDE, "~")

    def quoted_or_expansion(self) -> list[Part]:
        r"""The parts that begin with one of \ ' " $ ` outside of double quotes."""
        text, start, char = self.text, self.at, self.text[self.at]
        if char == "\\":
            self.at = min(start + 2, len(text))
            escaped = text[start + 1 : self.at]
            if not escaped:  # the end of the text; shells do not agree
                return [UNKNOWN_PART]
            return [] if escaped == "\n" else [Part(Kind.LITERAL, escaped, True)]
        if char == "'":
            self.at = text.find("'", start + 1) + 1
            if not self.at:
                self.unclosed_quote(start, "'")
            return [Part(Kind.LITERAL, text[start + 1 : self.at - 1], True)]
        if char == '"':
            return self.double_quoted()
        return [self.expansion(False)]

    def double_quoted(self) -> list[Part]:
        """The parts between double quotes; the opening quote is the next character."""
        text, start = self.text, self.at
        self.deeper()
        self.at += 1
        parts: list[Part] = []
        while True:
            if match := _IN_DOUBLE.match(text, self.at):
                parts.append(Part(Kind.LITERAL, match[0], True))
                self.at = match.end()
            char = text[self.at : self.at + 1]
            if char == '"':
                break
            if not char:
                self.unclosed_quote(start, '"')
            if char == "\\":
                escaped = text[self.at + 1 : self.at + 2]
                self.at += 1 + len(escaped)
                if escaped in '"\\$`':
                    parts.append(Part(Kind.LITERAL, escaped, True))
                elif escaped != "\n":
                    parts.append(Part(Kind.LITERAL, char + escaped, True))
            else:
                parts.append(self.expansion(True))
        self.at += 1
        self.depth -= 1
        return parts or [Part(Kind.LITERAL, "", True)]

    def expansion(self, quoted: bool) -> Part:
        """The part that begins with $ or a backtick; `quoted` inside double quotes."""
        text, start = self.text, self.at
        char = text[start + 1 : start + 2]
        if text[start] == "`":
            self.backticks(quoted)
        elif match := _NAME.match(text, start + 1):
            self.at = match.end()
            if match[0] != "_":
                return Part(Kind.VARIABLE, match[0], quoted)
        elif char == "(":
            self.parentheses()
        elif char == "{":
            return self.parameter(quoted)
        elif char in ("'", '"') and not quoted:
            self.dollar_quoted(char)
            self.note(start, f"${char}...{char}", Lack.DIFFERS)
        elif char == "[":
            raise UncertainError
        elif char and (char in "@*#?$!-" or char.isdecimal()):
            self.at += 2
        else:
            self.at += 1
            return Part(Kind.LITERAL, "$", quoted)
        if text[start : self.at] in ("$(pwd)", "`pwd`"):
            return Part(Kind.VARIABLE, "PWD", quoted)
        return Part(Kind.UNKNOWN, text[start : self.at], quoted)

    def parentheses(self) -> None:
        """Read `$(...)` or `$((...))`."""
        start = self.at
        if not self.text.startswith("((", start + 1):
            self.subshell(start, "$(")
        elif not self.arithmetic(start + 1):
            if self.at < len(self.text):  # bash reads a subshell when it runs, dash refuses it
                raise UncertainError
            self.unclosed(start, "$((", "))")

    def dollar_quoted(self, quote: str) -> None:
        """Read `$'...'` or `$"..."`."""
        if quote == '"':
            self.at += 1
            self.double_quoted()
            return
        match = _ANSI_END.match(self.text, self.at + 2)
        if not match:
            self.unclosed_quote(self.at + 1, "'")
        self.at = match.end()

    def parameter(self, quoted: bool) -> Part:
        """`${...}`; `quoted` inside double quotes."""
        text, start = self.text, self.at
        self.deeper()
        match = _PARAMETER.match(text, start)
        self.at = match.end() if match else start + 2
        operator = (match[2] or "") if match else ""
        parts: list[Part] = []
        while operator != "}":
            if found := _IN_BRACES.match(text, self.at):
                known = quoted or not found[0].startswith("~")
                known = known and ("(" not in found[0] or (quoted and self.extglob is False))
                kind = Kind.LITERAL if known else Kind.UNKNOWN
                parts.append(Part(kind, found[0], quoted))
                self.at = found.end()
            char = text[self.at : self.at + 1]
            if char == "}":
                self.at += 1
                break
            if not char:
                self.unclosed(start, "${", "}")
            if quoted and char not in "$`":
                if char == "'":
                    raise UncertainError
                parts.append(UNKNOWN_PART)
                self.quoted_or_expansion()
            else:
                parts += [self.expansion(quoted)] if quoted else self.quoted_or_expansion()
        self.depth -= 1
        read = text[start : self.at]
        if quoted and "`" in read and '\\"' in read:  # bash and dash do not agree
            raise UncertainError
        if not operator and _EXTENDED_PARAMETER.match(text, start):
            self.note(start, read, Lack.STOPS)
        if match and operator and match[1] != "_":
            operator = operator.rstrip("}")
            return Part(Kind.VARIABLE, match[1], quoted, operator, tuple(parts))
        return Part(Kind.UNKNOWN, read, quoted)

    def arithmetic(self, start: int) -> bool:
        """Skip the `((...))` at `start`; whether it is one. If it is not closed, go to the end."""
        if not self.text.startswith("((", start):
            return False
        depth = 0
        for match in _ARITHMETIC.finditer(self.text, start):
            char = match[0]
            if char in "`\\":
                raise UncertainError
            depth += (char == "(") - (char == ")")
            if depth == 1 and char == ")":
                if not self.text.startswith(")", match.end()):
                    return False
                self.at = match.end() + 1
                return True
        self.at = len(self.text)
        return False


def _certain(parts: list[Part], unquoted: str) -> tuple[Part, ...]:
    """The parts of a whole word, with what its brackets, braces and dollars turn out to mean.

    `unquoted` is the text of the word with a space for each quoted part and expansion.
    """
    if "[" in unquoted:
        closed = unquoted.rfind("]") > unquoted.find("[")
        expands = any(part.kind in (Kind.VARIABLE, Kind.UNKNOWN) for part in parts)
        if not closed:
            kind = Kind.UNKNOWN if expands else Kind.LITERAL
            parts = [p._replace(kind=kind) if p == _BRACKET else p for p in parts]
    if _DOLLAR in parts and any(part.kind is Kind.VARIABLE for part in parts):
        parts = [UNKNOWN_PART, *parts]  # bash then does not split
    opening = unquoted.find("{")
    separator = _SEPARATOR.search(unquoted, opening) if opening >= 0 else None
    if separator and "}" in unquoted[separator.end() :]:
        parts = [Part(Kind.BRACES, ""), *parts]
    return tuple(parts)
