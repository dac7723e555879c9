"""GL324, GL414-GL416, GL418: what a shell reads otherwise than it is meant, or does not find."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source
from gearlint.core.text import brief_line, quoted
from gearlint.gear.gear import Gear
from gearlint.image.starts import start_lack
from gearlint.rules.registry import rule
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.command_line import run_before_end

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.syntax.shell.model import Command

_MAY_BE_WRONG_TEST = regex(
    r"(?m)(?:^|[ \t;&|!(])\[\[?+[-\"'$!]"
    r"|\[[ \t][^\]\n]{1,200}+(?<!\s)\][ \t]{0,9}+(?:$|[;&|)])"
    r"|\[[ \t](?=[^\]\n]{1,200}+\])[^\]\n&|<>]{1,200}+(?:&&|\|\||[<>])"
)
"""A bracket before what is mostly tested, or one without a space before it, or that is too late."""
_LOOP_OF_ONE = regex(r"for[ \t]++\w++[ \t]++in[ \t]++(?=\"[$`](?!@|\{\w++\[@))")
"""The beginning of a loop over an expansion in quotes, and not of the words of an array."""
_LOOKS_SPACED = regex(r"(?m)^[^#\n=]*\w(?:[ \t]+=|=[ \t]+[^\s#])")
_DOLLAR = regex(r"(?m)(?:^|[;&|({]|\b(?:do|then|else))[ \t]*+\$\{?\w++\}?=(?!=)")
_MAY_BE_BROKEN = regex(r"(?m)^[ \t]*+--?[A-Za-z]|\\[ \t]++$")
_OPTION = regex(r"--?[A-Za-z]")
_GAP = regex(r"(?:[ \t]|\\\n|#[^\n]*+|\n)++")
"""What is between two commands that nothing but line ends separates."""
_VALUE = regex(
    r"\$\((?!\s*+(?:which|command|type)\b)|`(?!\s*+(?:which|command|type)\b)"
    r"|([\"'])(?:/flywheel/|[^\"']{0,200}\s)|-?[0-9]+(?:\.[0-9]+)?(?!\S)"
)
"""What is hardly a program: the output of a command, a text with a space, a number."""


@rule("GL324", "not-in-sh", Severity.ERROR)
def not_in_sh(gear: Gear) -> Iterator[Problem]:
    """RUN, ENTRYPOINT, CMD or a script of `sh` uses something of bash, and `sh` is dash.

    `/bin/sh` runs it, which is dash in Debian, Ubuntu and the images built on them. That has no
    `source`, no `[[`, no arrays, no `{a,b}`. An error where the step certainly fails, a warning
    where it goes on and does something else. So it is with the shell form of ENTRYPOINT, and of CMD
    instead of it, where the container then does not start, and with a script that begins with
    `#!/bin/sh`: an error where every run ends there. Nothing is reported where SHELL names bash, or
    where `/bin/sh` may be another shell. Source: dash(1); tried with dash 0.5.12; seen in public
    gears.

    Bad Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN python -m venv /venv && source /venv/bin/activate && pip install numpy
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]

    Good Dockerfile:

        FROM python:3.11
        WORKDIR /flywheel/v0
        COPY run.py manifest.json ./
        RUN python -m venv /venv && . /venv/bin/activate && pip install numpy
        ENTRYPOINT ["python", "/flywheel/v0/run.py"]
    """
    image = gear.image
    if image is None:
        return
    start = start_lack(image)
    for lack in image.shell_lacks + ([start] if start else []):
        from gearlint.image.shell.dash import DELETES_NOTHING

        fails = lack.fails or any(
            image.is_for_braces(failure) and failure.instruction is lack.instruction
            for failure in image.failed_steps
        )
        name = lack.instruction.name if lack is start else "RUN"
        use_bash = 'put SHELL ["/bin/bash", "-c"] before it'
        advice = f"{lack.instead}, or {use_bash}" if lack.instead else use_bash
        yield gear.at.dockerfile(
            lack.span,
            f"{f'{name} fails: ' if fails else ''}/bin/sh is dash here, which {lack.what}",
            lack.instead if lack.instead == DELETES_NOTHING else advice,
            severity=None if fails else Severity.WARNING,
        )
    if gear.code is not None and any(each.interpreter == "sh" for each in gear.code.started):
        from gearlint.gear.sh_scripts import script_lacks

        for lacks in script_lacks(gear.code):
            message = f"the script is read by /bin/sh, which is dash here and {lacks.what}"
            severity = None if lacks.is_error else Severity.WARNING
            yield Problem(lacks.source, lacks.span, message, lacks.instead, severity=severity)


@rule("GL414", "spaced-assignment", Severity.WARNING, fix="both")
def spaced_assignment(gear: Gear) -> Iterator[Problem]:
    """A shell script has spaces around the `=` of an assignment, or a `$` before its name.

    The shell runs the name as a program, or a text behind a space after the `=`, or the value with
    `=` behind it; it is not found, and the variable stays empty. `export` takes the `=` for a name,
    and fails. Nothing is said of a name that the script does not expand
    (`$NAME`), or that is a function of the gear's scripts, nor of `NAME= program`, which runs a
    program with that variable emptied, as `IFS= read` does. The fix of the latter is unsafe.
    Source: the bash manual, "Shell Parameters".

    Bad run.sh:

        #!/bin/bash
        BASE = "/flywheel/v0"
        python - "$BASE"

    Good run.sh:

        #!/bin/bash
        BASE="/flywheel/v0"
        python - "$BASE"
    """
    scripts = gear.code.shell_scripts if gear.code is not None else []
    suspicious = [
        each
        for each in scripts
        if _LOOKS_SPACED.search(each.source.text or "") or _DOLLAR.search(each.source.text or "")
    ]
    functions = {
        command.function
        for script in scripts
        if suspicious
        for command in command_line.parse(script.source.text or "").commands
    }
    for script in suspicious:
        text = script.source.text or ""
        for command in run_before_end(text):
            name = _name_set(command, text)
            if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) or command.name in functions:
                continue
            if re.search(rf"\$\{{?{name}\b", text):
                yield _spaced(script.source, text, command)
        from gearlint.gear.shell_assignments import misread_assignments

        for one in misread_assignments(text, run_before_end(text)):
            span = script.source.span_of_text(*one.span)
            fix = Fix(script.source, (Edit(*span, one.meant.encode()),), is_safe=one.is_safe)
            advice = f"write {brief_line(one.meant)}"
            yield Problem(script.source, span, one.message, advice, fix=fix)


@rule("GL415", "program-missing", Severity.WARNING)
def program_missing(gear: Gear) -> Iterator[Problem]:
    """A shell script runs a program that is not in the image.

    The shell goes on without it: "command not found", and what it should have done is not done.
    Reported are

    - a program of the table of base images, as `jq`, `zip` or `python`, where the base certainly
      lacks it and no other package may bring it, and the script does not ask for it (`command -v
      jq`);
    - `[-f x ]`, which runs a program called `[-f`: a space is missing;
    - a test without its last bracket, which is never true: `[ -f x]`, `[ -f x && -f y ]`;
    - `[ $n > 2 ]`, which writes to a file called 2;
    - `for x in "$files"`, which runs once, as the list is one word in quotes;
    - `conda activate`, which is a function that a script has to source first.

    Source: the lists of packages of the base images; the bash manual; the documentation of conda.

    Bad run.sh:

        #!/bin/bash
        jq --version

    Good run.sh:

        #!/bin/bash
        python --version
    """
    image, code = gear.image, gear.code
    if image is None or code is None or not code.shell_scripts:
        return
    for script in code.shell_scripts:
        text = script.source.text or ""
        if _MAY_BE_WRONG_TEST.search(text) is not None:
            from gearlint.gear.shell_brackets import wrong_tests

            for one in wrong_tests(text, run_before_end(text)):
                span = script.source.span_of_text(*one.span)
                yield Problem(script.source, span, one.message, one.advice)
        starts = {match.end() for match in _LOOP_OF_ONE.finditer(text)}
        if starts:
            from gearlint.gear.shell_loops import loops_once

            for each in loops_once(text, list(run_before_end(text)), starts):
                span = script.source.span_of_text(*each.span)
                yield Problem(script.source, span, each.message, each.advice)
    activates = any("activate" in (script.source.text or "") for script in code.shell_scripts)
    if activates and "BASH_ENV" not in gear.manifest.object("environment"):
        from gearlint.gear.conda_setup import ADVICE, activated_by_scripts

        for source, span, message in activated_by_scripts(code):
            yield Problem(source, span, message, ADVICE)
    if image.base is None:
        return
    from gearlint.gear.starts import how_to_install, missing_programs

    for missing in missing_programs(code):
        message = f"the script runs {quoted(missing.name)}, which is not in the image"
        yield Problem(missing.source, missing.span, message, how_to_install(missing.name, image))


@rule("GL416", "unset-shell-variable", Severity.WARNING)
def unset_shell_variable(gear: Gear) -> Iterator[Problem]:
    """A shell script expands a variable that nothing sets.

    It is empty then: a test is never true, an option is not given. Nothing is said of

    - a name that the gear's code, its Dockerfile or `environment` has anywhere else than behind a
      `$`;
    - one with a default (`${name:-x}`), or that `eval` may set. What `eval "$(jq ...)"` sets of all
      options, by `to_entries`, are those that the manifest declares;
    - one that is nearly that of no variable which is set, where the script asks for it (`[ -n
      "$name" ]`), or where a file that is sourced, or `declare "$key=1"`, may set it;
    - one in capitals, but where a variable of nearly that name is set, and either it has eight
      letters, or the script sources nothing and the environment of the base image is known.

    Source: the bash manual, "Shell Parameters"; seen in public gears.

    Bad run.sh:

        #!/bin/bash
        threads=4
        python --version "$thread"

    Good run.sh:

        #!/bin/bash
        threads=4
        python --version "$threads"
    """
    if gear.code is None or not gear.code.shell_scripts:
        return
    from gearlint.gear.shell_variables import unset_variables

    for each in unset_variables(gear):
        instead = f"set it, or write ${{{each.name}:-}} where it may be empty"
        yield Problem(
            each.source,
            each.span,
            f"{quoted(each.name)} is not set: nothing in the gear sets it",
            f"did you mean {quoted(each.meant)}?" if each.meant else brief_line(instead),
        )


@rule("GL418", "broken-continuation", Severity.WARNING, fix="safe")
def broken_continuation(gear: Gear) -> Iterator[Problem]:
    r"""A line of a shell script begins with an option, and does not belong to the command above.

    The shell runs the option as a program, which is not found, and the command above runs without
    it. The line above lacks its `\`, or has spaces after it, which make it a word of one space; or
    a comment or an empty line is between. A line without an option is reported where such spaces
    are above it, and it is indented further. The fix removes spaces before an option. Nothing is
    said of a Dockerfile, where Docker removes them itself. Source: the bash manual, "Escape
    Character"; seen in public gears. `\x20` is a space here.

    Bad run.sh:

        #!/bin/bash
        python -c "print(1)" \\x20
            --threads 4

    Good run.sh:

        #!/bin/bash
        python -c "print(1)" \
            --threads 4
    """
    for script in gear.code.shell_scripts if gear.code is not None else []:
        text = script.source.text or ""
        if _MAY_BE_BROKEN.search(text) is None or "\r" in text:  # GL405 says so
            continue
        from bisect import bisect_right  # late: few scripts may have one

        commands = sorted(run_before_end(text), key=lambda command: command.span.end)
        functions = {command.function for command in commands}
        ends = [command.span.end for command in commands]
        group: list[Problem] = []
        last: Command | None = None
        for command in commands:
            before = bisect_right(ends, command.span.start)
            if not before or command.name in functions:
                continue
            above = commands[before - 1]
            problem = _broken(script.source, text, above, command)
            if problem is None:
                continue
            if group and (above is not last or problem.fix is None or group[0].fix is None):
                yield _together(group)
                group = []
            group.append(problem)
            last = command
        if group:
            yield _together(group)


def _name_set(command: "Command", text: str) -> str:
    """The variable that a command is meant to set, but for a space; empty if none is."""
    name, sign = [*(word.literal or "" for word in command.words[:2]), "", ""][:2]
    if sign.startswith("=") and not sign.startswith("=="):
        return name
    if len(command.assignments) != 1 or len(command.words) != 1:
        return ""
    (assignment,), (word,) = command.assignments, command.words
    gap = text[assignment.span.end : word.span.start]
    if not text.endswith("=", *assignment.span) or gap.strip(" \t") != "":
        return ""
    if _VALUE.match(text, *word.span) is None:
        return ""
    is_set = re.search(rf"\b{assignment.name}\+?=[^\s;]", text) is not None
    return "" if is_set else assignment.name


def _spaced(source: Source, text: str, command: "Command") -> Problem:
    """What is wrong with `NAME = value`; its fix, unless it has more words."""
    run = command.words[0].span
    spans = [*(each.span for each in command.assignments), *(each.span for each in command.words)]
    name, sign, value = (text[slice(*spans[at])] for at in (0, 1, -1))
    name, is_apart = name.rstrip("="), sign == "="
    meant, fix = f"{name}=...", None
    if len(spans) == 2 + is_apart:
        meant = f"{name}={value if is_apart else value.removeprefix('=')}"
        whole = source.span_of_text(spans[0].start, spans[-1].end)
        is_safe = not command.assignments  # else the program may be meant after all
        fix = Fix(source, (Edit(*whole, meant.encode()),), is_safe=is_safe)
    program = brief_line(quoted(text[slice(*run)]))
    return Problem(
        source,
        source.span_of_text(*run),
        f"the shell runs {program} as a program: an assignment has no spaces around its =",
        f"write {brief_line(meant)}",
        fix=fix,
    )


def _broken(source: Source, text: str, above: "Command", command: "Command") -> Problem | None:
    """What is wrong with a command that was meant to be a part of the one above it."""
    if not command.words:
        return None
    start, end = command.words[0].span
    mark, gap = above.span.end - 2, text[above.span.end : start]
    is_option = _OPTION.match(text, start) is not None
    is_spaced = bool(above.words) and text[mark] == "\\" and text[mark + 1] in " \t"
    if not (is_option or is_spaced) or _GAP.fullmatch(gap) is None:
        return None
    run = f"the shell runs {brief_line(quoted(text[start:end]))} as a program"
    if is_spaced:
        line, _, indent = gap.partition("\n")
        is_apart = text[mark - 1] in " \t"
        if line.strip(" \t") or indent.strip(" \t"):
            return None
        if not is_option and not (is_apart and _indentation(text, above.span.start) < len(indent)):
            return None
        span = source.span_of_text(mark + 1, above.span.end + len(line))
        # What is before the `\` and the option would be one word.
        is_glued = not indent and not is_apart
        is_fixed = is_option and not is_glued
        fix = Fix(source, (Edit(*span, b""),), is_safe=True) if is_fixed else None
        advice = "move that space before the \\" if is_glued else "remove the space after the \\"
        message = f"a space after the \\ ends the command: {run}"
        return Problem(source, span, message, advice, fix=fix)
    if "#" in gap:
        message, advice = f"the comment ends the command: {run}", "put it above the command"
    elif "\\" in gap:
        message, advice = f"the empty line ends the command: {run}", "remove that line"
    else:
        message, advice = f"{run}: the line above does not end with \\", "end it with \\"
    return Problem(source, source.span_of_text(start, end), message, advice)


def _together(problems: list[Problem]) -> Problem:
    """The problem of lines that follow one another, at the first: one fix is for all."""
    first, *others = problems
    fixes = [problem.fix for problem in problems if problem.fix is not None]
    if not others or first.fix is None:
        return first
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    lines = "line" if len(others) == 1 else f"{len(others)} lines"
    return first._replace(
        help=f"{first.help}, also in the next {lines}",
        fix=Fix(first.source, edits, is_safe=True),
    )


def _indentation(text: str, at: int) -> int:
    """How many spaces and tabs begin the line of a place."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" \t"))
