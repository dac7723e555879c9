"""The grammar of a shell command line."""

import re
from itertools import pairwise
from typing import NoReturn

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.shell.model import (
    RESERVED,
    UNKNOWN_PART,
    Assignment,
    Command,
    CommandList,
    Fault,
    Kind,
    Part,
    Reach,
    Redirection,
    Word,
)

MAX_DEPTH = 30
"""Lists, quotes and expansions in one another; deeper ones are not read."""

_BRACKET = Part(Kind.GLOB, "[")
_DOLLAR = Part(Kind.LITERAL, "$")

# A NUL cannot be in a command line; with aliases or shopt the grammar depends on what has run;
# and what is an operator or a name may go on after a line continuation.
_NOT_READ = regex(
    r"\0|\bshopt\b|(?:^|[\s;&|])alias[ \t]|[;&|<>()$]\\\n[;&|<>(){\-]|\$(?:\{?\w+)?\\\n|\w\\\n[<>=]"
)
_OPENS_COMPOUND = ("if", "for", "select", "while", "until", "case", "function", "{", "[[")
_TAKES_ARRAYS = ("declare", "typeset", "local", "export", "readonly", "let", "eval")
_KEYWORD = regex(f"(?:{'|'.join(map(re.escape, RESERVED))})(?=[ \\t\\n;&|()]|[<>](?!\\()|\\Z)")
_SPACES = regex(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")
_STARTS_BLANKS = (" ", "\t", "\\", "#")
_OPERATOR = regex(r"&&|\|\||;;&|;;|;&|\|&|[;|()]|&(?!>)")
_REDIRECTION = regex(
    r"([0-9]+(?=[<>])|\{[A-Za-z_][A-Za-z0-9_]*\}(?=[<>])|)"
    r"(&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||<|>)"
)
_ASSIGNMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
_ELEMENT = regex(r"[A-Za-z_][A-Za-z0-9_]*\[")
_RUN = regex(r"[^ \t\n;&|<>()\\'\"$`*?\[~]+")
_IN_DOUBLE = regex(r"[^\"\\$`]+")
_IN_BRACES = regex(r"[^}'\"\\$`]+")
_ENDS_WORD = ("", " ", "\t", "\n", ";")
_SEPARATOR = regex(r",|\.\.")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_PARAMETER = regex(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(\}|:?[-+])?")
_TILDE = regex(r"~([A-Za-z0-9_.+-]*(?:\\\n|(?=[:=/ \t\n;&|<>()]|\Z)))")
_ARITHMETIC = regex(r"[()`\\]|'[^']*'?|\"[^\"]*\"?")
_BACKTICK_END = regex(r"(?:[^`\\]|\\.)*+`", re.DOTALL)
_ANSI_END = regex(r"(?:[^'\\]|\\.)*+'", re.DOTALL)
_CASE_ENDS = (";;", ";&", ";;&", "esac")


def read(text: str, errexit: bool) -> CommandList:
    """The commands of `text`; `errexit` as of `bash -e`."""
    if _NOT_READ.search(text):
        return CommandList((), known=False)
    parser = _Parser(text, errexit=errexit)
    try:
        parser.program()
    except _RefusedError as refused:
        return CommandList((), known=False, fault=None if parser.tests else refused.fault)
    except _UncertainError:
        return CommandList((), known=False)
    return CommandList(tuple(parser.commands))


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _UncertainError(Exception):
    pass


class _Parser:
    def __init__(self, text: str, base: int = 0, depth: int = 0, errexit: bool = False) -> None:
        self.text = text
        self.base = base  # of `text` in the whole
        self.at = 0
        self.depth = depth
        self.errexit = errexit
        self.shell = self.shells = 0
        self.tests = False  # at a bad `[[ ... ]]` bash stops, and may not say so
        self.commands: list[Command] = []
        self.here: list[tuple[list[Redirection], int]] = []  # whose bodies start at the next line

    # --- lists

    def program(self) -> None:
        self.compound_list()
        if self.at < len(self.text):
            self.unexpected()
        left = False
        for command in self.commands:
            if left:
                command.reach, command.must_succeed = Reach.MAYBE, False
            elif not command.shell:
                left = _leaves(command)

    def compound_list(self, *stops: str) -> bool:
        """Read up to one of the operators or reserved words `stops`; whether there was none."""
        self.deeper()
        previous = len(self.commands)
        empty = counts = True
        while True:
            self.newlines()
            if self.at >= len(self.text) or self.next_of(stops):
                break
            if not empty and not counts:  # what is followed by a command no longer decides
                for command in self.commands[previous:]:
                    command.must_succeed = False
            previous = len(self.commands)
            items, closed = self.and_or()
            empty = False
            counts = self.errexit and items == 1 and self.depth == 1
            self.spaces()
            operator = self.operator()
            if operator == "&":
                self.unsure(previous, copy=True)
            if operator in (";", "&"):
                self.at += 1
            elif not (
                self.at >= len(self.text)
                or self.text[self.at] == "\n"
                or (operator and operator in stops)
                or (closed and self.next_of(stops))
            ):
                self.unexpected()
            self.set_errexit(self.commands[previous:])
        self.depth -= 1
        return empty

    def and_or(self) -> tuple[int, bool]:
        """Pipelines joined by && and ||: how many, and whether the last ends a compound."""
        starts = [len(self.commands)]
        operators = [""]
        while True:
            closed = self.pipeline()
            self.spaces()
            operator = self.operator()
            if operator not in ("&&", "||"):
                break
            self.at += 2
            self.newlines()
            operators.append(operator)
            starts.append(len(self.commands))
        starts.append(len(self.commands))
        last_or = max((i for i, op in enumerate(operators) if op == "||"), default=0)
        for i, operator in enumerate(operators):
            for command in self.commands[starts[i] : starts[i + 1]]:
                if i < last_or:
                    command.must_succeed = False
                if operator == "||" or 0 < i < last_or:
                    command.reach, command.must_succeed = Reach.MAYBE, False
                elif i and command.reach is Reach.ALWAYS:
                    command.reach = Reach.IF_SUCCEEDED
        return len(operators), closed

    def pipeline(self) -> bool:
        first = len(self.commands)
        negated = False
        while (word := self.keyword()) == "!" or word == "time":
            negated = negated or word == "!"
            self.at += len(word)
            self.spaces()
            after = self.text[self.at : self.at + 1]
            if after in ("", "\n", ";"):
                return False
            if after in "&|)" or (word == "time" and after == "-"):
                raise _UncertainError
        starts = [first]
        closed = self.command()
        while True:
            self.spaces()
            operator = self.operator()
            if operator not in ("|", "|&"):
                break
            self.at += len(operator)
            self.newlines()
            starts.append(len(self.commands))
            closed = self.command()
        if len(starts) > 1:
            starts.append(len(self.commands))
            for start, end in pairwise(starts):
                self.unsure(start, end, copy=True)
        elif negated:
            for command in self.commands[first:]:
                command.must_succeed = False
        return closed

    # --- commands

    def command(self) -> bool:
        """One command; whether its last word is a reserved one, after which another may follow."""
        word = self.keyword()
        start, first = self.at, len(self.commands)
        if self.text.startswith("(", start):
            if not self.arithmetic(start):
                self.copy_shell(start, "(", empty=False)
        elif word is None or word in ("!", "time"):
            return self.simple()
        elif word in _OPENS_COMPOUND:
            self.at += len(word)
            self.compound(word, start, first)
        elif word == "coproc":
            raise _UncertainError
        else:
            self.unexpected()
        return not self.redirections()

    def compound(self, word: str, start: int, first: int) -> None:
        if word == "{":
            self.body(start, word, "}")
            return
        if word == "[[":
            self.test(start)
            return
        if word == "function":
            self.need_word()
            at = self.at
            if self.take("(") and not self.take(")"):
                self.at = at  # no empty parentheses, but the body
            self.function()
        elif word == "if":
            end = "elif"
            while end == "elif":
                self.body(start, word, "then")
                end = self.body(start, word, "elif", "else", "fi")
            if end == "else":
                self.body(start, word, "fi")
        elif word in ("while", "until"):
            self.body(start, word, "do")
            self.body(start, word, "done")
        elif word == "case":
            self.case(start)
        else:
            self.loop(start, word)
        self.unsure(first)

    def body(self, start: int, opener: str, *stops: str) -> str:
        """A list that is not empty, and the one of `stops` that ends it."""
        empty = self.compound_list(*stops)
        word = self.next_of(stops)
        if not word:
            self.unclosed(start, opener, stops[-1])
        if empty:
            self.unexpected()
        self.at += len(word)
        return word

    def loop(self, start: int, word: str) -> None:
        """The rest of `for` or `select`."""
        self.spaces()
        if self.text.startswith("((", self.at):
            if not self.arithmetic(self.at):
                raise _UncertainError
            self.take(";")
        else:
            self.need_word()
            self.newlines()
            if self.take("in"):
                while self.word():
                    pass
                if not self.take(";") and self.text[self.at : self.at + 1] not in ("", "\n"):
                    self.unexpected()
            else:
                self.take(";")
        self.newlines()
        if self.take("{"):
            self.body(start, word, "}")
        elif self.take("do"):
            self.body(start, word, "done")
        else:
            self.unclosed(start, word, "done")

    def case(self, start: int) -> None:
        self.need_word()
        self.newlines()
        self.need("in")
        while True:
            self.newlines()
            if self.take("esac"):
                return
            if self.at >= len(self.text):
                self.unclosed(start, "case", "esac")
            self.take("(")
            self.need_word()
            while self.take("|"):
                self.need_word()
            self.need(")")
            self.compound_list(*_CASE_ENDS)
            end = self.next_of(_CASE_ENDS)
            if not end:
                self.unclosed(start, "case", "esac")
            self.at += len(end)
            if end == "esac":
                return

    def test(self, start: int) -> None:
        """`[[ ... ]]`: its words; what stands between them is not checked."""
        earlier, self.tests = self.tests, True
        command = Command(self.base + start, self.shell)
        command.words.append(Word((Part(Kind.LITERAL, "[["),), self.span(start)))
        while True:
            begin = self.at
            end = self.keyword() == "]]"
            if "#" in self.text[begin : self.at] or self.here:
                raise _UncertainError
            if self.at >= len(self.text):
                self.tests = earlier
                self.unclosed(start, "[[", "]]")
            word = self.word()
            if word:
                command.words.append(word)
            else:
                self.at += 1
            if end:
                break
        command.span = self.span(start)
        self.commands.append(command)

    def function(self) -> None:
        """The body of a function, after its name."""
        self.deeper()
        self.newlines()
        if self.keyword() not in _OPENS_COMPOUND and self.operator() != "(":
            self.unexpected()
        self.command()
        self.depth -= 1

    def redirections(self) -> bool:
        """Those after a compound command; whether there are any."""
        command = Command(self.base + self.at, self.shell)
        self.spaces()
        start = self.at
        while self.redirection(command.redirections):
            pass
        if not command.redirections:
            return False
        command.span = Span(self.base + start, command.redirections[-1].target.span.end)
        self.commands.append(command)
        return True

    def simple(self) -> bool:
        """A simple command, or the definition of a function; whether it ends as a compound does."""
        text, start, first = self.text, self.at, len(self.commands)
        command = Command(self.base + start, self.shell)
        words = command.words
        end = start
        while True:
            if self.redirection(command.redirections):
                end = self.at
            elif not words and (match := _ASSIGNMENT.match(text, self.at)):
                begin, self.at = self.at, match.end()
                assigned = self.array() or self.word(in_value=True) or Word((), self.span(self.at))
                if match[2]:
                    assigned = Word((UNKNOWN_PART,), assigned.span)
                command.assignments.append(Assignment(match[1], assigned, self.span(begin)))
            elif word := self.word():
                if not words:
                    literal = word.literal
                    raw = text[word.span.start - self.base : self.at]
                    if _ELEMENT.match(raw) or ("\\\n" in raw and literal in RESERVED):
                        raise _UncertainError
                words.append(word)
            else:
                break
            end = self.at
            self.spaces()
            if text.startswith("(", self.at) and words:
                plain = not command.assignments and not command.redirections
                if len(words) == 1 and plain and words[0].literal is not None:
                    self.need("(")
                    self.need(")")
                    self.function()
                    self.unsure(first)
                    return True
                if not plain or len(words) == 1 or words[0].literal in _TAKES_ARRAYS:
                    raise _UncertainError
        if end == start:
            self.unexpected()
        command.span = Span(self.base + start, self.base + end)
        self.commands.append(command)
        return False

    def redirection(self, found: list[Redirection]) -> bool:
        self.spaces()
        match = _REDIRECTION.match(self.text, self.at)
        if not match or (match[2] in "<>" and self.text.startswith("(", match.end())):
            return False
        self.at = match.end()
        found.append(Redirection(match[2], match[1], self.need_word()))
        if match[2] in ("<<", "<<-"):
            self.here.append((found, len(found) - 1))
        return True

    # --- words

    def need_word(self) -> Word:
        return self.word() or self.unexpected()

    def array(self) -> Word | None:
        """The elements of `name=(...)`."""
        if not self.text.startswith("(", self.at):
            return None
        start = self.at
        self.at += 1
        while True:
            self.newlines()
            if self.text.startswith(")", self.at):
                self.at += 1
                return Word((UNKNOWN_PART,), self.span(start))
            if self.at >= len(self.text):
                self.unclosed(start, "(", ")")
            if not self.word():
                raise _UncertainError

    def word(self, in_value: bool = False) -> Word | None:
        """The word after spaces, if any; `in_value`: right here, after the `=` of an assignment."""
        if not in_value:
            self.spaces()
        text, start = self.text, self.at
        match = _RUN.match(text, start)
        if match and text[match.end() : match.end() + 1] in _ENDS_WORD and "{" not in match[0]:
            self.at = match.end()
            return Word((Part(Kind.LITERAL, match[0]),), self.span(start))
        parts: list[Part] = []
        unquoted: list[str] = []  # with a blank for each quoted part and expansion
        assigns: bool | None = None
        while self.at < len(text):
            at, char = self.at, text[self.at]
            if match := _RUN.match(text, at):
                self.at = match.end()
                parts.append(Part(Kind.LITERAL, match[0]))
            elif char in " \t\n;&|()":
                break
            elif char in "<>":
                if not text.startswith("(", at + 1):
                    break
                if at != start or text.startswith("((", at + 1):
                    raise _UncertainError
                self.copy_shell(at, text[at : at + 2])
                parts.append(Part(Kind.UNKNOWN, text[at : self.at]))
            elif char in "*?[":
                self.at += 1
                parts.append(Part(Kind.GLOB, char))
            elif char == "~":
                if assigns is None:
                    assigns = in_value or _ASSIGNMENT.match(text, start) is not None
                parts.append(self.tilde(start, in_value, assigns))
            else:
                parts += self.quoted_or_expansion()
            unquoted.append(text[at : self.at] if char not in "\\'\"$`" else " ")
        if self.at == start:
            return None
        return Word(_certain(parts, "".join(unquoted)), self.span(start))

    def tilde(self, start: int, in_value: bool, assigns: bool) -> Part:
        at = self.at
        self.at += 1
        after = self.text[at - 1] if at > start else ""
        if after and not (assigns and after in "=:"):
            return Part(Kind.LITERAL, "~")
        match = _TILDE.match(self.text, at)
        if not match:
            return Part(Kind.LITERAL, "~")
        # Another's home; or `make x=~`, `~:` and `~=`, which bash expands and sh does not.
        after = self.text[at + 1 : at + 2]
        if match[1] or after == "=" or not (in_value or (at == start and after != ":")):
            return Part(Kind.UNKNOWN, "~")
        return Part(Kind.TILDE, "~")

    def quoted_or_expansion(self) -> list[Part]:
        r"""What starts with one of \ ' " $ ` outside of double quotes."""
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
        """What starts with $ or a backtick."""
        text, start = self.text, self.at
        char = text[start + 1 : start + 2]
        if text[start] == "`":
            self.backticks()
        elif match := _NAME.match(text, start + 1):
            self.at = match.end()
            if match[0] != "_":
                return Part(Kind.VARIABLE, match[0], quoted)
        elif char == "(":
            if not text.startswith("((", start + 1):
                self.copy_shell(start, "$(")
            elif not self.arithmetic(start + 1):
                if self.at < len(text):  # bash reads a subshell when it runs, dash refuses it
                    raise _UncertainError
                self.unclosed(start, "$((", "))")
        elif char == "{":
            return self.parameter(quoted)
        elif char == "'" and not quoted:
            match = _ANSI_END.match(text, start + 2)
            if not match:
                self.unclosed_quote(start + 1, "'")
            self.at = match.end()
        elif char == '"' and not quoted:
            self.at += 1
            self.double_quoted()
        elif char == "[":
            raise _UncertainError
        elif char and (char in "@*#?$!-" or char.isdecimal()):
            self.at += 2
        else:
            self.at += 1
            return Part(Kind.LITERAL, "$", quoted)
        return Part(Kind.UNKNOWN, text[start : self.at], quoted)

    def parameter(self, quoted: bool) -> Part:
        """`${...}`."""
        text, start = self.text, self.at
        self.deeper()
        match = _PARAMETER.match(text, start)
        self.at = match.end() if match else start + 2
        operator = (match[2] or "") if match else ""
        parts: list[Part] = []
        while operator != "}":
            if found := _IN_BRACES.match(text, self.at):
                known = quoted or not (found[0].startswith("~") or "(" in found[0])
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
                    raise _UncertainError
                parts.append(UNKNOWN_PART)
                self.quoted_or_expansion()
            else:
                parts += [self.expansion(quoted)] if quoted else self.quoted_or_expansion()
        self.depth -= 1
        if match and operator and match[1] != "_":
            operator = operator.rstrip("}")
            return Part(Kind.VARIABLE, match[1], quoted, operator, tuple(parts))
        return Part(Kind.UNKNOWN, text[start : self.at], quoted)

    def copy_shell(self, start: int, opener: str, empty: bool = True) -> None:
        """The commands of `(...)`, `$(...)` or `<(...)`; whether there may be none: `empty`."""
        first, outer = len(self.commands), self.shell
        self.shells += 1
        self.shell = self.shells
        self.at = start + len(opener)
        expands = opener != "("
        if expands and self.here:
            raise _UncertainError
        if empty:
            self.compound_list(")")
            if not self.take(")"):
                self.unclosed(start, opener, ")")
        else:
            self.body(start, opener, ")")
        if expands and self.here:
            raise _UncertainError
        self.shell = outer
        self.unsure(first)

    def backticks(self) -> None:
        """A command substitution that no shell reads before it runs it."""
        start, first = self.at, len(self.commands)
        match = _BACKTICK_END.match(self.text, start + 1)
        if not match:
            self.unclosed_quote(start, "`")
        self.at = match.end()
        inner = _Parser(match[0][:-1], self.base + start + 1, self.depth)
        inner.shells = inner.shell = self.shells + 1
        try:
            if "\\" in match[0]:
                raise _UncertainError
            inner.compound_list()
        except _RefusedError:
            raise _UncertainError from None
        if inner.at < len(inner.text):
            raise _UncertainError
        self.shells = inner.shells
        self.commands += inner.commands
        self.unsure(first)

    def arithmetic(self, start: int) -> bool:
        """Skip the `((...))` at `start`, if it is one; go to the end where it is not closed."""
        if not self.text.startswith("((", start):
            return False
        depth = 0
        for match in _ARITHMETIC.finditer(self.text, start):
            char = match[0]
            if char in "`\\":
                raise _UncertainError
            depth += (char == "(") - (char == ")")
            if depth == 1 and char == ")":
                if not self.text.startswith(")", match.end()):
                    return False
                self.at = match.end() + 1
                return True
        self.at = len(self.text)
        return False

    # --- tokens

    def spaces(self) -> None:
        """Skip spaces and continuations, and a comment."""
        if self.text[self.at : self.at + 1] in _STARTS_BLANKS:
            match = _SPACES.match(self.text, self.at)
            self.at = match.end() if match else self.at

    def newlines(self) -> None:
        """Skip spaces, comments and newlines, and the bodies of here-documents."""
        self.spaces()
        while self.text.startswith("\n", self.at):
            self.at += 1
            for found, index in self.here:
                found[index] = found[index]._replace(body=self.here_body(found[index]))
            self.here.clear()
            self.spaces()

    def here_body(self, redirection: Redirection) -> Span:
        delimiter = redirection.target.literal
        if delimiter is None:
            raise _UncertainError
        start = end = self.at
        while end < len(self.text):
            line_end = self.text.find("\n", end)
            line = self.text[end : line_end if line_end >= 0 else len(self.text)]
            self.at = line_end + 1 if line_end >= 0 else len(self.text)
            if (line.lstrip("\t") if redirection.operator == "<<-" else line) == delimiter:
                break
            if ("$(" in line or "`" in line) and not any(
                p.quoted for p in redirection.target.parts
            ):
                raise _UncertainError
            end = self.at
        return Span(self.base + start, self.base + end)

    def operator(self) -> str:
        """The operator here, which is not a redirection; empty where there is none."""
        match = _OPERATOR.match(self.text, self.at)
        return match[0] if match else ""

    def keyword(self) -> str | None:
        """The reserved word here, after spaces."""
        self.spaces()
        match = _KEYWORD.match(self.text, self.at)
        return match[0] if match else None

    def next_of(self, stops: tuple[str, ...]) -> str:
        """The one of the operators and reserved words `stops` that is here, or an empty string."""
        found = (self.operator() or self.keyword() or "") if stops else ""
        return found if found in stops else ""

    def take(self, token: str) -> bool:
        """Skip spaces, and the operator or reserved word `token` if it is here."""
        self.spaces()
        found = self.next_of((token,)) == token
        self.at += len(token) if found else 0
        return found

    def need(self, token: str) -> None:
        if not self.take(token):
            self.unexpected()

    # --- what is reported commands

    def unsure(self, first: int, end: int | None = None, copy: bool = False) -> None:
        """Commands from `first` on are reached maybe; `copy`: in a copy of this shell."""
        if copy:
            self.shells += 1
        for command in self.commands[first:end]:
            command.reach, command.must_succeed = Reach.MAYBE, False
            if copy and command.shell == self.shell:
                command.shell = self.shells

    def set_errexit(self, commands: list[Command]) -> None:
        """`set -e` counts where it certainly runs, `set +e` anywhere."""
        for command in commands:
            if command.name == "set":
                options = " ".join(word.literal or "+e" for word in command.words)
                if re.search(r" \+[a-zA-Z]*[eo]", options):
                    self.errexit = False
                elif len(commands) == 1 and command.reach is Reach.ALWAYS and self.depth == 1:
                    self.errexit = self.errexit or bool(
                        re.search(r" -[a-zA-Z]*e|-o errexit", options)
                    )

    # --- faults

    def span(self, start: int) -> Span:
        return Span(self.base + start, self.base + self.at)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _UncertainError

    def unexpected(self) -> NoReturn:
        self.spaces()
        start = self.at
        if self.text[start : start + 1] in ("", "\n"):
            raise _RefusedError(Fault(self.span(start), "it ends where a command should go on"))
        token = f"{_REDIRECTION.pattern}|{_OPERATOR.pattern}|[^ \\t\\n;&|<>()]+"
        match = re.compile(token).match(self.text, start)
        found = match[0] if match else ""
        if "\\\n" in found:  # it might be a reserved word
            raise _UncertainError
        self.at = start + len(found)
        raise _RefusedError(Fault(self.span(start), f'unexpected "{found}"'))

    def unclosed(self, start: int, opener: str, closer: str) -> NoReturn:
        if self.at < len(self.text):
            self.unexpected()
        self.at = start + len(opener)
        raise _RefusedError(Fault(self.span(start), f'"{opener}" without its "{closer}"'))

    def unclosed_quote(self, start: int, quote: str) -> NoReturn:
        self.at = start + 1
        raise _RefusedError(Fault(self.span(start), f"the quote {quote} is not closed"))


def _certain(parts: list[Part], unquoted: str) -> tuple[Part, ...]:
    """The parts of a word, once its end is known: brackets and braces may mean nothing, or much."""
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
        parts = [UNKNOWN_PART, *parts]  # bash makes several words of it, sh does not
    return tuple(parts)


def _leaves(command: Command) -> bool:
    """Whether it may end the shell as if all had succeeded."""
    name = command.name
    if name == "exit":
        status = command.words[1].literal if len(command.words) > 1 else None
        return not (status and re.fullmatch("[1-9][0-9]?|1[0-9][0-9]", status))
    return name == "exec" and len(command.words) > 1
