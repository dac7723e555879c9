"""The commands of a shell command line: compound and simple ones, and their redirections."""

from collections.abc import Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.syntax.shell.command_line import RESERVED
from gearlint.syntax.shell.model import (
    UNKNOWN_PART,
    Assignment,
    Command,
    Fault,
    Kind,
    Lack,
    Part,
    Redirection,
    Repeat,
    Word,
)
from gearlint.syntax.shell.tokens import REDIRECTION, RefusedError, UncertainError
from gearlint.syntax.shell.turns import in_function, in_turns
from gearlint.syntax.shell.words import ASSIGNMENT, Words

_ELEMENT = regex(r"[A-Za-z_][A-Za-z0-9_]*\[")
_SETS_ELEMENT = regex(
    r"([A-Za-z_][A-Za-z0-9_]*)\[(?:[A-Za-z0-9_.+-]|\$[A-Za-z_][A-Za-z0-9_]*+"
    r"|\$\{#?[A-Za-z_][A-Za-z0-9_]*+(?:\[[@*]\])?\})++\]\+?="
)
_OPENS_COMPOUND = ("if", "for", "select", "while", "until", "case", "function", "{", "[[")
_TAKES_ARRAYS = ("declare", "typeset", "local", "export", "readonly", "let", "eval")
_ARRAY_COMMANDS = [[(name, False)] for name in _TAKES_ARRAYS]
_BAD_DESCRIPTOR = regex(r"[<>]&(?!\d+\Z|-\Z)")
"""Of `>&file`, which is `>file 2>&1` in bash."""
_DESCRIPTOR = regex("[0-9][<>]")
"""What begins another redirection, and names no file; of more digits dash makes a file."""
_AFTER_SPACES = regex(r"[ \t]*+(.|\n)")
_MOVES = ("cd", "popd", "pushd")
_CASE_ENDS = (";;", ";&", ";;&", "esac")


class Commands(Words):
    """Reads commands into `commands`. The lists inside compound commands are left to a subclass.

    `shell` is the number of the shell that runs them: 0, or that of a copy. `has_test` is true once
    a `[[ ... ]]` was read that may be a bad one: after that bash stops, perhaps without an error.
    """

    def __init__(self, text: str, places: Sequence[int], depth: int) -> None:
        super().__init__(text, places, depth)
        self.commands: list[Command] = []
        self.shell = 0
        self.has_test = False

    def compound_list(self, *stops: str) -> bool:
        """Read commands up to one of the operators or reserved words `stops`; whether none came."""
        raise NotImplementedError

    def unsure(self, first: int) -> None:
        """Mark the commands from index `first` on: they may run, and may fail."""
        raise NotImplementedError

    def command(self) -> bool:
        """Read one command; whether it ends as a compound command does.

        After one that does (with a reserved word or a parenthesis) another reserved word may follow
        without a `;`.
        """
        word = self.keyword()
        start, first = self.at, len(self.commands)
        if self.text.startswith("(", start):
            if self.arithmetic(start):
                self.note(start, "((...))", Lack.DIFFERS)
            else:
                self.subshell(start, "(", empty=False)
        elif word is None or word in ("!", "time"):
            return self.simple()
        elif word in _OPENS_COMPOUND:
            self.at += len(word)
            self.compound(word, start, first)
        elif word == "coproc":
            raise UncertainError
        else:
            self.unexpected()
        return not self.redirections()

    def compound(self, word: str, start: int, first: int) -> None:
        """Read the rest of the compound command that `word`, at `start`, begins.

        `first` is the index of its first command.
        """
        if word == "{":
            self.body(start, word, "}")
            return
        if word == "[[":
            self.test(start)
            return
        if word == "if":
            self.branches(start)
            return
        if word == "function":
            name = self.need_word().literal
            if not self.text.startswith("\n", self.at):  # else `function` is looked up on PATH
                self.note(start, word)
            at = self.at
            if self.take("(") and not self.take(")"):
                self.at = at  # not empty parentheses: it begins the body
            self.function()
            if name:
                in_function(self.commands[first:], name)
                return
        elif word in ("while", "until"):
            self.body(start, word, "do")
            self.body(start, word, "done")
            self.repeated(first)
        elif word == "case":
            self.case(start)
        elif self.loop(start, word, first):
            return
        self.unsure(first)

    def branches(self, start: int) -> None:
        """Read the rest of `if`, which begins at `start`."""
        tests: list[tuple[Command | None, bool]] = []
        end = "elif"
        while end == "elif":
            self.newlines()
            is_negated, first = self.keyword() == "!", len(self.commands)
            self.body(start, "if", "then")
            self.unsure(first)
            test = self.commands[first] if len(self.commands) == first + 1 else None
            end = self.branch(start, (*tests, (test, not is_negated)), "elif", "else", "fi")
            tests.append((test, is_negated))
        if end == "else":
            self.branch(start, tuple(tests), "fi")

    def branch(
        self, start: int, tests: tuple[tuple[Command | None, bool], ...], *stops: str
    ) -> str:
        """Read what runs if the tests had these results; return what ends it."""
        first = len(self.commands)
        end = self.body(start, "if", *stops)
        self.repeated(first, tests=tests)
        in_turns(self.commands[first:])
        return end

    def repeated(
        self,
        first: int,
        variable: str = "",
        values: tuple[Word, ...] = (),
        tests: tuple[tuple[Command | None, bool], ...] = (),
    ) -> None:
        """Note the loop or branch that the commands from index `first` on are in."""
        commands = self.commands[first:]
        names = frozenset(each.name for command in commands for each in command.assignments)
        moves = any(command.name in _MOVES for command in commands)
        repeat = Repeat(variable, values, names, moves, tests=tests)
        for command in commands:
            command.repeats = (repeat, *command.repeats)

    def body(self, start: int, opener: str, *stops: str) -> str:
        """Read a list, which must not be empty; return the one of `stops` that ends it."""
        empty = self.compound_list(*stops)
        word = self.next_of(stops)
        if not word:
            self.unclosed(start, opener, stops[-1])
        if empty:
            self.unexpected()
        self.at += len(word)
        return word

    def loop(self, start: int, word: str, first: int) -> bool:
        """Read the rest of `for` or `select`, which begins at `start`.

        `first` is the index of its first command. Returns whether it is a `for` over words.
        """
        variable, values = "", [Word((UNKNOWN_PART,), Span(start, start))]
        self.spaces()
        if self.text.startswith("((", self.at):
            if not self.arithmetic(self.at):
                raise UncertainError
            self.note(start, "for ((...))")
            self.take(";")
        else:
            variable = self.need_word().literal or ""
            self.newlines()
            if self.take("in"):
                values = list(iter(self.word, None))
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
        if word == "select":
            self.note(start, word)
        self.repeated(first, variable, tuple(values))
        if word != "for" or not variable:
            return False
        in_turns(self.commands[first:])
        return True

    def case(self, start: int) -> None:
        """Read the rest of `case`, which begins at `start`."""
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
            if "&" in end:
                self.note(self.at - len(end), end)

    def test(self, start: int) -> None:
        """Read the words of `[[ ... ]]`, which begins at `start`. The operators are not checked."""
        parts: list[str | None] = []
        tokens: list[tuple[str, int]] = []
        command = Command(self.places[start], self.shell)
        command.words.append(Word((Part(Kind.LITERAL, "[["),), self.span(start)))
        while True:
            begin = self.at
            end = self.keyword() == "]]"
            if "#" in self.text[begin : self.at] or self.here:
                raise UncertainError
            if self.at >= len(self.text):
                self.unclosed(start, "[[", "]]")
            begin, word = self.at, self.word()
            if word:
                command.words.append(word)
                parts.append(word.literal)
            else:
                parts.append(self.text[self.at])
                self.at += 1
            if end:
                break
            tokens.append((self.text[begin : self.at], begin))
        from gearlint.syntax.shell import conditions  # late: most texts have none

        wrong = None if self.has_test else conditions.first_wrong(tokens)
        if wrong is not None:
            (found, begin), what = wrong
            self.at = begin + len(found)
            raise RefusedError(Fault(self.span(begin), what))
        after = _AFTER_SPACES.match(self.text, self.at)
        is_plain = conditions.is_plain(parts[:-1]) and (after is None or after[1] in "\n;&|)#")
        self.has_test = self.has_test or not is_plain
        command.span = self.span(start)
        self.commands.append(command)

    def function(self) -> None:
        """Read the body of a function, after its name."""
        self.deeper()
        self.newlines()
        if self.keyword() not in _OPENS_COMPOUND and self.operator() != "(":
            self.unexpected()
        first = len(self.commands)
        self.command()
        for command in self.commands[first:]:
            command.repeats = (Repeat(is_function=True), *command.repeats)
        self.depth -= 1

    def redirections(self) -> bool:
        """Read the redirections after a compound command; whether there are any."""
        command = Command(self.places[self.at], self.shell)
        self.spaces()
        start = self.at
        while self.redirection(command.redirections):
            pass
        if not command.redirections:
            return False
        command.span = Span(self.places[start], command.redirections[-1].target.span.end)
        self.commands.append(command)
        return True

    def simple(self) -> bool:
        """Read a simple command, or the definition of a function; whether it is the latter."""
        start, first = self.at, len(self.commands)
        command = Command(self.places[start], self.shell)
        end = start
        while self.part_of_simple(command):
            end = self.at
            self.spaces()
            if self.text.startswith("(", self.at) and self.names_function(command):
                self.need("(")
                self.need(")")
                self.function()
                in_function(self.commands[first:], command.name or "")
                return True
        if end == start:
            self.unexpected()
        command.span = Span(self.places[start], self.places[end])
        self.commands.append(command)
        return False

    def part_of_simple(self, command: Command) -> bool:
        """Read a redirection, assignment or word into a simple command; whether there was one."""
        if self.redirection(command.redirections):
            return True
        if not command.words and (match := ASSIGNMENT.match(self.text, self.at)):
            start, self.at = self.at, match.end()
            assigned = self.array() or self.word(in_value=True) or Word((), self.span(self.at))
            if match[2]:
                assigned = Word((UNKNOWN_PART,), assigned.span)
            command.assignments.append(Assignment(match[1], assigned, self.span(start)))
            return True
        if not command.words and (match := _SETS_ELEMENT.match(self.text, self.at)):
            start, self.at = self.at, match.end()
            if self.text.startswith("(", self.at):
                raise UncertainError
            assigned = self.word(in_value=True) or Word((), self.span(self.at))
            assigned = Word((UNKNOWN_PART, *assigned.parts), assigned.span)
            command.assignments.append(Assignment(match[1], assigned, self.span(start)))
            self.note(start, f"{match[1]}[...]=", Lack.DIFFERS)
            return True
        start, word = self.at, self.word()
        if word is None:
            return False
        if not command.words:
            raw = self.text[start : self.at]
            if _ELEMENT.match(raw) or ("\\\n" in raw and word.literal in RESERVED):
                raise UncertainError
        elif self.text.startswith("(", self.at) and _takes_array(command):
            match = ASSIGNMENT.match(self.text, start)
            if match and match.end() == self.at:
                self.array()
                name = Part(Kind.LITERAL, self.text[start : match.end()])
                word = Word((name, UNKNOWN_PART), self.span(start))
        command.words.append(word)
        return True

    def names_function(self, command: Command) -> bool:
        """Whether a simple command, before a `(`, is the name of a function that is defined."""
        words = command.words
        if not words:
            return False
        is_plain = not command.assignments and not command.redirections
        if len(words) == 1 and is_plain and words[0].literal is not None:
            return True
        if not is_plain or len(words) == 1 or words[0].literal in _TAKES_ARRAYS:
            raise UncertainError
        return False

    def redirection(self, found: list[Redirection]) -> bool:
        """Skip spaces, and read a redirection into `found`; whether there was one."""
        self.spaces()
        match = REDIRECTION.match(self.text, self.at)
        if not match or (match[2] in "<>" and self.text.startswith("(", match.end())):
            return False
        start, self.at = self.at, match.end()
        self.spaces()
        if match[2][-1] != "&" and _DESCRIPTOR.match(self.text, self.at):
            self.unexpected()
        target = self.word()
        if target is None and self.text[self.at : self.at + 1] in ("", "\n"):
            self.at = match.end()
            what = "word" if match[2][:2] == "<<" or match[2][-1] == "&" else "file"
            raise RefusedError(Fault(self.span(start), f'"{match[0]}" without a {what} behind it'))
        target = target or self.unexpected()
        found.append(Redirection(match[2], match[1], target))
        if match[2] == "<<<" or _BAD_DESCRIPTOR.match(match[2] + (target.literal or "0")):
            self.note(start, match[2])
        elif match[2][0] == "&":
            self.note(start, match[2], Lack.DIFFERS)
        if match[2] in ("<<", "<<-"):
            self.here.append((found, len(found) - 1))
        return True


def _takes_array(command: Command) -> bool:
    """Whether `name=(...)` among the words of a command is an array; unknown counts as not."""
    if command.assignments or command.redirections:
        return False
    return [(part.text, part.quoted) for part in command.words[0].parts] in _ARRAY_COMMANDS
