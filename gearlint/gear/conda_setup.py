"""Where the run activates an environment of conda in a shell that conda has not set up."""

from collections.abc import Iterator

from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span
from gearlint.gear.code import Code
from gearlint.gear.run import Run
from gearlint.image.launch import Argument, Launch
from gearlint.image.shell.needed import CONDAS, OF_PROFILE, not_set_up
from gearlint.syntax.shell.command_line import SH_LIKE

ADVICE = "source etc/profile.d/conda.sh of conda before it, or start the environment's own Python"
_SETS_UP = regex(r"(?:\A|[\s;&|({'\"])(?:\.|source|eval)\s|\bBASH_ENV\b|\bconda\s*\(\)")
"""What may set up the function `conda`."""


def activated_by_command(run: Run) -> Iterator[tuple[Argument, str]]:
    """The `conda` of `command` that has not been set up, and what is wrong."""
    for launch in run.by_command:
        if _activates(launch) and not _SETS_UP.search(run.command[: launch.program.end]):
            yield launch.program, not_set_up(launch.program.text)


def activated_by_scripts(code: Code) -> Iterator[tuple[Source, Span, str]]:
    """The first `conda` of each shell script that has not been set up, and what is wrong."""
    for one in code.started:
        source, text = one.script.source, one.script.text
        options = [*one.script.shebang, *(word.text for word in one.launch.words[1:])]
        is_shell = one.interpreter in SH_LIKE and one.is_certain
        if not is_shell or "activate" not in text or any(map(OF_PROFILE.match, options)):
            continue
        for launch, command in code.launches_of(one):
            start, end, after = launch.program.start, launch.program.end, text[command.span.end :]
            if _activates(launch):
                if not _SETS_UP.search(text[:start]) and not after.lstrip().startswith("||"):
                    yield source, source.span_of_text(start, end), not_set_up(launch.program.text)
                break


def _activates(launch: Launch) -> bool:
    words = [word.text for word in launch.words[:2]]
    return launch.by_shell and words[0] in CONDAS and words[1:] == ["activate"]
