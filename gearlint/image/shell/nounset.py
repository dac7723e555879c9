"""`set -u`: a shell that ends where a variable is not set."""

from collections.abc import Sequence

from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.image.shell.step import Invocation, Step
from gearlint.syntax.shell.model import Command, Kind

_OPTION = regex(r"[-+][a-z]*u")


def is_set_by(options: Sequence[str], before: bool) -> bool:
    """Whether a shell has the option after `set OPTION...`, or when it is started with them."""
    for at, option in enumerate(options):
        if _OPTION.match(option):
            before = option[0] == "-"
        elif option == "nounset":
            before = options[at - 1] == "-o"
    return before


def follow(step: Step, call: Invocation) -> None:
    """`set -u` and `set +u`."""
    is_on = is_set_by(call.args, step.reading.nounset)
    step.reading = step.reading._replace(nounset=is_on and call.certain)


def need_variables(step: Step, command: Command, span: Span) -> None:
    """The step fails at a command with a variable that is certainly not set.

    The shell itself ends there, whatever comes after `||`.
    """
    words = (
        *command.words,
        *(each.value for each in command.assignments),
        *(each.target for each in command.redirections),
    )
    for part in (part for word in words for part in word.parts):
        if part.kind is not Kind.VARIABLE or part.operator[:1] not in ("", "%", "#"):
            continue
        if step.shell.value(part.text) is None:
            message = f"${part.text} is not set, and the shell has the option -u"
            advice = f"set it with ENV or ARG, or write ${{{part.text}:-}}"
            step.fail(span, message, advice=advice)
