"""Scripts with CRLF line ends that a shell is given, and whether they fail for them."""

from gearlint.gear.code import Code
from gearlint.gear.script import Script
from gearlint.gear.started import Started
from gearlint.syntax.shell.command_line import SHELLS


def scripts_with_returns(code: Code) -> list[tuple[Script, bool]]:
    """The scripts with CRLF that a shell is given, and whether each certainly fails for it."""
    found = []
    for one in code.started:
        script, by_shell = one.script, one.launch.interpreter in SHELLS
        if script.is_python or not by_shell or not one.is_certain:
            continue
        if b"\r\n" in script.source.data:
            fails = script.is_refused_for_carriage_returns or _starts_with_return(code, one)
            if fails or script.has_only_crlf:
                found.append((script, fails))
    return found


def _starts_with_return(code: Code, started: Started) -> bool:
    """Whether a script always starts a file whose name ends with the CR of its line."""
    from gearlint.syntax.shell.model import Reach

    return any(
        word.text.endswith("\r") and command.reach is Reach.ALWAYS
        for launch, command in code.launches_of(started)
        for word in launch.named
    )
