"""What bash accepts in a RUN, and dash, which is `sh` in Debian and Ubuntu, does not."""

from collections.abc import Callable, Iterator, Mapping

from gearlint.core import limits
from gearlint.core.lazy import regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Span
from gearlint.core.text import quoted
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.model import Command, CommandList, Extension, Lack

_COMMANDS = {
    "source": 'write "." for it, with a path that has a slash',
    "[[": 'write [ ... ], with "=" for "=="',
    "pushd": "write cd in parentheses, as in (cd build && make)",
    "popd": "write cd in parentheses, as in (cd build && make)",
    "let": "write x=$((x + 1))",
    **dict.fromkeys(
        ("builtin", "declare", "dirs", "disown", "mapfile", "readarray", "shopt", "typeset"), ""
    ),
}
"""The commands that bash has and dash has not, with what to write."""

_INSTEAD = {
    "{a,b}": "write the words out",
    "&>": "write > FILE 2>&1",
    "&>>": "write >> FILE 2>&1",
    ">&": "write > FILE 2>&1",
    "|&": "write 2>&1 |",
    "<<<": "write printf '%s\\n' TEXT | COMMAND",
    "function": "write NAME() { ...; }",
    "==": 'write "="',
    "an array": "write the words out, or set them with set --",
}
DELETES_NOTHING = (
    "nothing is deleted here, and dpkg is needed: write rm -rf /var/lib/apt/lists/* instead of it"
)
"""What to write instead of `rm -rf /var/lib/{apt,dpkg}`, which would do harm in bash."""
_BRACES = regex(r"\{(?:[^{}\s,]*,[^{}\s]*|-?\d+\.\.-?\d+|[A-Za-z]\.\.[A-Za-z])\}")
_READ_OPTION = regex(r"-[rp]*[adeinNstu]")


class Lacking(NamedTuple):
    """What dash lacks, and what to write instead.

    `fails` is whether the command fails for it, `stops` whether the shell ends with it.
    """

    what: str
    instead: str = ""
    fails: bool = True
    stops: bool = False


def lacks(text: str, line: CommandList) -> Iterator[tuple[Span, Lacking]]:
    """What of `text`, which `line` was read from, dash does not do as bash does, and where.

    The spans are in characters. `fails` is whether the whole line certainly does.
    """
    functions = {command.function for command in line.commands}
    for extension in line.extensions[: limits.EXTENSIONS]:
        yield extension.span, _of_extension(extension, text, line)
    for command in line.commands:
        for word in command.words:
            written = text[word.span.start : word.span.end]
            if word.has_braces and _BRACES.search(written):
                is_harmful = command.name == "rm" and "dpkg" in written
                instead = DELETES_NOTHING if is_harmful else _INSTEAD["{a,b}"]
                yield word.span, Lacking("does not expand {a,b}", instead, fails=False)
        name = command.name or ""
        is_program = name in SUSPECTS and name not in functions
        if is_program and (found := SUSPECTS[name](command, name)):
            fails = found.fails and command.is_reached and (found.stops or command.must_succeed)
            yield command.span, found._replace(fails=fails)


def _of_extension(extension: Extension, text: str, line: CommandList) -> Lacking:
    (start, end), name, lack = extension
    instead = _INSTEAD.get(name, "")
    if lack is Lack.DIFFERS:
        return Lacking(f"reads {quoted(name)} as something else", instead, fails=False)
    if lack is Lack.REFUSED:
        # The shell reads line by line, and may end before it gets to this one.
        fails = "\n" not in text or not command_line.may_end_within(text)
    else:
        spans = ((each, each.span) for each in line.commands)
        inside = [each for each, span in spans if span.start <= start and end <= span.end]
        fails = bool(inside) and all(command.is_reached for command in inside)
    return Lacking(f"does not read {quoted(name)}", instead, fails)


def _missing(command: Command, name: str) -> Lacking:
    return Lacking(f"has no {quoted(name)}", _COMMANDS[name])


def _shopt(command: Command, name: str) -> Lacking | None:
    # `shopt -s nullglob 2>/dev/null` is for any shell.
    return None if command.redirections else _missing(command, name)


def _test(command: Command, name: str) -> Lacking | None:
    words = [word.literal for word in command.words]
    for before, operator, _ in zip(words[1:], words[2:], words[3:], strict=False):
        if operator in ("==", "=~") and before not in ("=", "!=", operator):
            return Lacking(f"has no {quoted(operator)} in {name}", _INSTEAD.get(operator, ""))
    return None


def _echo(command: Command, name: str) -> Lacking | None:
    # What is only shown while the image is built harms nobody.
    is_kept = command.shell != 0 or any(
        each.operator in (">", ">>", ">|") and each.descriptor in ("", "1")
        for each in command.redirections
    )
    if not is_kept or _first(command) not in ("-e", "-en", "-ne"):
        return None
    return Lacking(f"prints the {quoted(_first(command))} of echo", "write printf", fails=False)


def _set(command: Command, name: str) -> Lacking | None:
    # dash has it from 0.5.13 on, which newer distributions may bring.
    is_set = any(word.literal == "pipefail" for word in command.words)
    return Lacking('may have no option "pipefail"', fails=False) if is_set else None


def _trap(command: Command, name: str) -> Lacking | None:
    event = command.words[-1].literal or ""
    return Lacking(f"has no {event} in trap") if event in ("ERR", "DEBUG", "RETURN") else None


def _read(command: Command, name: str) -> Lacking | None:
    if not _READ_OPTION.match(_first(command)):
        return None
    return Lacking(f"has no {quoted(f'read {_first(command)}')}")


def _printf(command: Command, name: str) -> Lacking | None:
    return Lacking('has no "printf -v"') if _first(command) == "-v" else None


def _export(command: Command, name: str) -> Lacking | None:
    return Lacking('has no "export -f"', stops=True) if _first(command) == "-f" else None


def _first(command: Command) -> str:
    """The first argument; empty if there is none, or it is not known."""
    return (command.words[1].literal or "") if len(command.words) > 1 else ""


SUSPECTS: Mapping[str, Callable[[Command, str], Lacking | None]] = {
    **dict.fromkeys(_COMMANDS, _missing),
    "[": _test, "echo": _echo, "export": _export, "printf": _printf, "read": _read, "set": _set,
    "shopt": _shopt, "test": _test, "trap": _trap,
}  # fmt: skip
"""What dash lacks of a command, by its name."""
