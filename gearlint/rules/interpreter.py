"""GL413: the interpreter that a script is given to."""

from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.gear.script import Script
from gearlint.image.launch import Launch
from gearlint.image.nodes import File
from gearlint.rules.registry import rule
from gearlint.syntax.shell.command_line import SHELLS

_OTHERS = {
    "Rscript": "R", "csh": "a script of csh", "julia": "Julia", "node": "JavaScript",
    "octave": "Octave", "perl": "Perl", "tcsh": "a script of tcsh",
}  # fmt: skip
"""Other languages, by the program that a `#!` line names."""


@rule("GL413", "wrong-interpreter", Severity.ERROR)
def wrong_interpreter(gear: Gear) -> Iterator[Problem]:
    """A script is given to the interpreter of another language.

    An interpreter does not follow the `#!` line of a script that it is given: `bash run.py` takes
    each line of Python for a command, and `python run.sh` stops at a syntax error. A warning where
    bash may stop before what it refuses. `R run.R` and `R < run.R` are reported too: R ignores a
    file that it is given so, and without a terminal it stops where nothing says whether to save its
    workspace. Source: the bash manual; the documentation of Python's command line; the manual of R;
    seen in public gears.

    Bad:

        "command": "bash run.py"

    Good:

        "command": "python run.py"
    """
    start = gear.run.start
    for started in gear.run.by_docker if start is not None else ():
        if start is not None and (fault := _fault(gear, started)):
            message, advice, severity = fault
            program = started.program
            span = start.span_of_word(program.start, program.end)
            name = start.instruction.name
            yield gear.at.dockerfile(span, f"{name} {message}", advice, severity=severity)
    for started in gear.run.by_command:
        if fault := _fault(gear, started):
            message, advice, severity = fault
            yield gear.at.command(started.program, f"command {message}", advice, severity=severity)


def _fault(gear: Gear, started: Launch) -> tuple[str, str, Severity | None] | None:
    """What is wrong with the interpreter, what to do, and the severity if it is not an error."""
    if started.program.text.rpartition("/")[2] == "R":
        return _of_r(gear, started)
    script, word = _given_script(gear, started), started.script
    read = _misread(started, script) if script is not None else None
    if read is None or word is None:
        return None
    language, meant, severity = read
    program = started.program.text
    message = f"has {program} read {quoted(word.text)}, which is {language}"
    return message, f'write "{meant}" instead of {quoted(program)}', severity


def _of_r(gear: Gear, started: Launch) -> tuple[str, str, Severity | None] | None:
    """What is wrong with a start of R by `command`, or with a file by ENTRYPOINT."""
    args = [word.text for word in started.words[1:]]
    is_command = started in gear.run.by_command
    start = gear.run.start
    text = gear.manifest.string("command") if is_command else start and start.instruction.value
    files = [arg for arg in args if not arg.startswith("-")]
    if not text or "$" in text or "`" in text or not (is_command or files):
        return None  # at a terminal R alone is of use
    from gearlint.image.start_of_r import stops_at_once

    if not stops_at_once(args):
        return None
    if not files:
        what = "has R stop, as nothing says whether to save its workspace"
        return what, "write Rscript FILE, or add --no-save", None
    return f"has R ignore {quoted(files[0])}, and stop", "write Rscript instead of R", None


def _given_script(gear: Gear, started: Launch) -> Script | None:
    """The script of the gear that an interpreter is given, where that is known."""
    word = started.script
    node = started.find(gear.image, word.text) if word is not None and gear.image else None
    script = gear.scripts.of(node) if isinstance(node, File) and node.doubt is None else None
    return None if script is None or script.is_binary else script


def _misread(started: Launch, script: Script) -> tuple[str, str, Severity | None] | None:
    """The language of a script that the interpreter does not read, its own one, the severity."""
    if started.interpreter == "python" and script.is_shell and script.fault is not None:
        return "a shell script", "bash", None
    if other := _OTHERS.get(script.interpreter):
        is_refused = script.is_refused_by_bash if started.interpreter in SHELLS else False
        if is_refused or (started.interpreter == "python" and script.fault is not None):
            return other, script.interpreter, None
    if started.interpreter not in SHELLS or not script.is_python:
        return None
    if script.is_refused_by_bash:
        return "Python", "python3", None
    # A script for both hands itself over to Python by `exec`.
    if b"exec" in script.source.data or script.fault is not None:
        return None
    return "Python", "python3", Severity.WARNING
