"""Whether its shell reads the shell form of an ENTRYPOINT, or of a CMD instead of it."""

import posixpath

from gearlint.core.unknown import Unknown
from gearlint.image.starts import entrypoint_of
from gearlint.image.state import FailedStep, Image, ShellLack, Start
from gearlint.syntax.shell import command_line


def _shell_form(image: Image) -> tuple[Start, str] | None:
    """What is started in shell form, and the name of its shell, where both are known."""
    start = entrypoint_of(image)
    if start is None or start.argv is not None or isinstance(image.shell, Unknown):
        return None
    name = posixpath.basename(image.shell[0])
    is_shell = name in ("sh", "bash", "dash") and image.shell[1:] == ("-c",)
    return (start, name) if is_shell else None


def refused_start(image: Image) -> FailedStep | None:
    """Where the shell refuses what is started, and why."""
    found = _shell_form(image)
    if found is None:
        return None
    start, shell = found
    fault = command_line.parse(start.text).fault
    if fault is None:
        return None
    from gearlint.image.shell.replay import is_refused

    if not is_refused(start.text, fault, shell):
        return None
    return FailedStep(start.instruction, start.span_of(*fault.span), fault.message)


def start_lack(image: Image) -> ShellLack | None:
    """What of bash is in what is started, where its shell is dash."""
    found = _shell_form(image)
    if found is None:
        return None
    from gearlint.image.shell import dash  # late: most gears start something in exec form
    from gearlint.image.shell.command_words import shell_called

    if shell_called(image, found[1]) != "dash":
        return None
    text = found[0].text
    for span, lacking in dash.lacks(text, command_line.parse(text)):
        if lacking.fails:
            place = found[0].span_of(*span)
            return ShellLack(found[0].instruction, place, lacking.what, lacking.instead, fails=True)
    return None
