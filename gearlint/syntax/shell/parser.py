"""The grammar of a shell command line: lists and pipelines, and which commands certainly run."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from gearlint.core.lazy import regex
from gearlint.syntax.shell.commands import Commands
from gearlint.syntax.shell.model import Command, CommandList, Reach
from gearlint.syntax.shell.tokens import RefusedError, UncertainError

# A NUL cannot be in a command line; with aliases the grammar depends on what has run; and an
# operator or a name may go on after a line continuation.
_NOT_READ = regex(
    r"\0|(?:^|[\s;&|])alias[ \t]|[;&|<>()$]\\\n[;&|<>(){\-]|\$(?:\{?\w+)?\\\n|\w\\\n[<>=]"
)
# Of these options extglob alone changes how commands are read, and none which of them run, and
# when. With any other that is not known.
_SETS_OTHERS = regex(
    r"\bshopt\b(?![ \t]++(?:-[pqsu]++[ \t]++)?(?:(?:checkwinsize|cmdhist|dotglob|expand_aliases"
    r"|extglob|globstar|histappend|huponexit|inherit_errexit|login_shell|nocaseglob|nocasematch"
    r"|nullglob|progcomp|promptvars|xpg_echo)\b[ \t]*+)++(?:[\n;&|)'\"`#<>]|2>|\Z))"
)
_ESCAPE = regex(r"\\(.)", re.DOTALL)
_IN_DOCUMENT = regex(r"(?:[^\\$`]|\\.?)++", re.DOTALL)
_BACKTICK_END = regex(r"(?:[^`\\]|\\.)*+`", re.DOTALL)


def read(text: str, errexit: bool) -> CommandList:
    """The commands of `text`, with `-e` set if `errexit`. Spans are in characters of `text`."""
    if _NOT_READ.search(text) or _SETS_OTHERS.search(text):
        return CommandList((), known=False)
    parser = _Parser(text, range(len(text) + 1))
    parser.errexit = errexit
    if "shopt" in text and "extglob" in text:
        parser.extglob = parser.next_extglob = None
    try:
        parser.program()
    except RefusedError as refused:
        fault = refused.fault._replace(command=parser.outermost)
        return CommandList((), known=False, fault=None if parser.has_test else fault)
    except UncertainError:
        return CommandList((), known=False)
    commands, outers = tuple(parser.commands), tuple(parser.outers)
    return CommandList(commands, extensions=tuple(parser.extensions), outers=outers)


class _Parser(Commands):
    """Reads lists of commands.

    `errexit` is true while `-e` is set, `next_extglob` what `extglob` is from the next line on;
    `outers` are those of a `CommandList`. `outermost` is where the command begins that is read and
    is in no other.
    """

    def __init__(self, text: str, places: Sequence[int], depth: int = 0) -> None:
        super().__init__(text, places, depth)
        self.errexit = False
        self.next_extglob: bool | None = False
        self.outers = [0]
        self.outermost = 0

    def program(self) -> None:
        """Read the whole text."""
        self.compound_list()
        if self.at < len(self.text):
            self.unexpected()
        _ended(self.commands, 0)

    def compound_list(self, *stops: str) -> bool:
        """Read commands up to one of the operators or reserved words `stops`; whether none came."""
        self.deeper()
        previous = len(self.commands)
        empty = counts = True
        while True:
            self.spaces()
            if self.depth == 1 and self.text.startswith("\n", self.at):
                self.extglob = self.next_extglob
            self.newlines()
            if self.at >= len(self.text) or self.next_of(stops):
                break
            if not empty and not counts:  # a command follows, whose status counts instead
                _may_fail(self.commands[previous:])
            previous = len(self.commands)
            if self.depth == 1:
                self.outermost = self.at
            items, closed = self.and_or()
            empty = False
            counts = self.errexit and items == 1 and self.depth == 1
            self.spaces()
            operator = self.operator()
            if operator == "&":
                self.unsure(previous)
                self.copied(previous)
            if operator in (";", "&"):
                self.at += 1
            elif not (
                self.at >= len(self.text)
                or self.text[self.at] == "\n"
                or (operator and operator in stops)
                or (closed and self.next_of(stops))
            ):
                self.unexpected()
            read = self.commands[previous:]
            self.errexit = _errexit_after(read, self.errexit, self.depth == 1)
            self.next_extglob = _extglob_after(read, self.next_extglob)
        self.depth -= 1
        return empty

    def and_or(self) -> tuple[int, bool]:
        """Read pipelines joined by && and ||.

        Returns how many there are, and whether the last command ends as a compound command does.
        """
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
        if len(operators) > 1:
            _joined([self.commands[a:b] for a, b in pairwise(starts)], operators)
        return len(operators), closed

    def pipeline(self) -> bool:
        """Read commands joined by |; whether the last ends as a compound command does."""
        first = len(self.commands)
        negated = False
        while (word := self.keyword()) == "!" or word == "time":
            negated = negated or word == "!"
            self.at += len(word)
            self.spaces()
            before, after = self.text[self.at - 1], self.text[self.at : self.at + 1]
            if after in ("", "\n", ";"):
                return False
            is_pattern = self.extglob is not False and before + after == "!("
            if after in "&|)" or (word == "time" and after == "-") or is_pattern:
                raise UncertainError
        starts = [first]
        closed = self.command()
        while True:
            self.spaces()
            operator = self.operator()
            if operator not in ("|", "|&"):
                break
            self.at += len(operator)
            if operator == "|&":
                self.note(self.at - 2, operator)
            last = len(self.commands)
            self.newlines()
            if len(self.commands) > last:  # of a here-document: the pipe is not theirs
                raise UncertainError
            starts.append(len(self.commands))
            closed = self.command()
        if len(starts) > 1:
            # The commands of the last part run, and what becomes of them is what becomes of the
            # pipeline; those before may be ended when nobody reads what they write.
            _may_run(self.commands[first : starts[-1]])
            starts.append(len(self.commands))
            for start, end in pairwise(starts):
                copy = self.copied(start, end)
                if 0 < start < len(self.commands) and start != first:
                    self.commands[start].input = self.commands[start - 1]
            _ended(self.commands[starts[-2] :], copy)
        if negated:
            _may_fail(self.commands[first:])
        return closed

    def subshell(self, start: int, opener: str, empty: bool = True) -> None:
        """Read `(...)`, `$(...)` or `<(...)`, at `start`; `empty` allows no commands."""
        first, outer = len(self.commands), self.shell
        self.shell = self.new_shell()
        self.at = start + len(opener)
        expands = opener != "("
        if expands and self.here:
            raise UncertainError
        if empty:
            self.compound_list(")")
            if not self.take(")"):
                self.unclosed(start, opener, ")")
        else:
            self.body(start, opener, ")")
        if expands and self.here:
            raise UncertainError
        inner, self.shell = self.shell, outer
        commands = self.commands[first:]
        if expands or any(command.name == "set" for command in commands):
            self.unsure(first)
        else:
            _ended(commands, inner)

    def backticks(self, quoted: bool) -> None:
        """Read a command substitution in backticks, which a shell parses only when it runs it.

        `quoted` inside double quotes.
        """
        start = self.at
        match = _BACKTICK_END.match(self.text, start + 1)
        if not match:
            self.unclosed_quote(start, "`")
        self.at = match.end()
        text, places = match[0][:-1], self.places[start + 1 : self.at]
        if "\\" in text:
            text, places = _unescaped(text, places, '$`\\"' if quoted else "$`\\")
        inner = _Parser(text, places, self.depth)
        inner.outers, inner.shell, inner.extglob = self.outers, self.new_shell(), self.extglob
        try:
            inner.compound_list()
        except RefusedError:
            raise UncertainError from None
        if inner.at < len(inner.text):
            raise UncertainError
        self.add(inner)

    def expansions(self, start: int, end: int) -> None:
        """Read what is expanded in the body of a here-document, from `start` to `end`."""
        inner = _Parser(self.text[start:end], self.places[start : end + 1], self.depth)
        inner.outers, inner.shell, inner.extglob = self.outers, self.shell, self.extglob
        if "`" in inner.text and '\\"' in inner.text:  # shells do not agree
            raise UncertainError
        try:
            while inner.at < len(inner.text):
                if match := _IN_DOCUMENT.match(inner.text, inner.at):
                    inner.at = match.end()
                else:
                    inner.expansion(True)
        except RefusedError:
            raise UncertainError from None
        self.add(inner)

    def add(self, inner: "_Parser") -> None:
        """Add what a parser read of a part of the text: its commands may run, and may fail."""
        first = len(self.commands)
        self.commands += inner.commands
        self.extensions += inner.extensions
        self.unsure(first)

    def unsure(self, first: int) -> None:
        """Mark the commands from index `first` on: they may run, and may fail."""
        _may_run(self.commands[first:])

    def copied(self, first: int, end: int | None = None) -> int:
        """Mark the commands from index `first` to before `end`: a copy of this shell runs them.

        Returns its number.
        """
        copy = self.new_shell()
        for command in self.commands[first:end]:
            if command.shell == self.shell:
                command.shell = copy
            elif self.outers[command.shell] == self.shell:
                self.outers[command.shell] = copy
        return copy

    def new_shell(self) -> int:
        """The number of a new copy of this shell."""
        self.outers.append(self.shell)
        return len(self.outers) - 1


def _unescaped(text: str, places: Sequence[int], escaped: str) -> tuple[str, Sequence[int]]:
    r"""What is between backticks, without the `\` before a character of `escaped`; its places.

    Where the `\` stays, it means what it does elsewhere.
    """
    if "\\\n" in text and "'" in text:  # dash takes it away within single quotes too
        raise UncertainError
    after = {at.start() + 1 for at in _ESCAPE.finditer(text) if at[1] in escaped}
    if not after:
        return text, places
    read = _ESCAPE.sub(lambda at: at[1] if at[1] in escaped else at[0], text)
    if _NOT_READ.search(read):
        raise UncertainError
    return read, [place for at, place in enumerate(places) if at not in after]


def _may_run(commands: Iterable[Command]) -> None:
    """Mark commands that run or do not, and may fail."""
    for command in commands:
        command.reach = command.inner_reach = Reach.MAYBE
        command.must_succeed = False


def _may_fail(commands: Iterable[Command]) -> None:
    """Mark commands whose failure does not make the list fail."""
    for command in commands:
        command.must_succeed = False
        if command.inner_reach is Reach.IF_SUCCEEDED:
            command.inner_reach = Reach.MAYBE


def _joined(pipelines: Sequence[Iterable[Command]], operators: Sequence[str]) -> None:
    """Mark the commands of pipelines joined by `operators`, each `&&` or `||`.

    `operators[i]` is before pipeline `i`; the first one is empty.
    """
    last_or = max((i for i, operator in enumerate(operators) if operator == "||"), default=0)
    for i, (pipeline, operator) in enumerate(zip(pipelines, operators, strict=True)):
        for command in pipeline:
            if i < last_or:
                command.must_succeed = False
            if operator == "||" or 0 < i < last_or:
                _may_run([command])
            elif i and command.reach is Reach.ALWAYS:
                command.reach = Reach.IF_SUCCEEDED
            elif i and command.repeats and command.inner_reach is Reach.ALWAYS:
                command.inner_reach = Reach.IF_SUCCEEDED


def _ended(commands: Iterable[Command], shell: int) -> None:
    """Mark the commands after one that may end the shell of a number, all of which they are in."""
    is_left = False
    for command in commands:
        if is_left:
            _may_run([command])
        elif command.shell == shell:
            is_left = _leaves(command)


def _leaves(command: Command) -> bool:
    """Whether a command may end its shell, and all may have succeeded nevertheless.

    What a subshell exits with may be of no account.
    """
    name = command.name
    if name == "exit" and command.shell == 0:
        status = command.words[1].literal if len(command.words) > 1 else None
        return not (status and re.fullmatch("[1-9][0-9]?|1[0-9][0-9]", status))
    return name == "exit" or (name == "exec" and len(command.words) > 1)


def _errexit_after(commands: Sequence[Command], errexit: bool, is_outermost: bool) -> bool:
    """Whether `-e` is set after the commands, if it was `errexit` before.

    `set -e` counts only if it certainly runs, `set +e` always.
    """
    for command in commands:
        if command.name == "set":
            options = " ".join(word.literal or "+e" for word in command.words)
            if re.search(r" \+[a-zA-Z]*[eo]", options):
                errexit = False
            elif len(commands) == 1 and command.reach is Reach.ALWAYS and is_outermost:
                errexit = errexit or bool(re.search(r" -[a-zA-Z]*e|-o errexit", options))
    return errexit


def _extglob_after(commands: Sequence[Command], extglob: bool | None) -> bool | None:
    """Whether bash has `extglob` after the commands of a line, if it was `extglob` before."""
    for command in commands:
        words = [word.literal for word in command.words]
        if command.name == "shopt" and "extglob" in words:
            is_certain = len(commands) == 1 and command.reach is Reach.ALWAYS and not command.shell
            extglob = True if is_certain and "-s" in words else None
    return extglob
