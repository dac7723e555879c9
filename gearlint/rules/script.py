"""GL404-GL406, GL410: the run script: its `#!` line and its syntax."""

import posixpath
import re
from collections.abc import Iterator

from gearlint.core.finding import Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Span
from gearlint.core.text import quoted
from gearlint.core.unknown import Unknown
from gearlint.gear.code import Code
from gearlint.gear.gear import Gear
from gearlint.gear.script import Fault, Script
from gearlint.gear.started import StartByName
from gearlint.image.launch import Launch, meant_program
from gearlint.image.nodes import Directory
from gearlint.image.state import Image
from gearlint.rules.registry import rule
from gearlint.syntax.shell import command_line

_BELOW_PROGRAM = regex(r"((?:/usr(?:/local)?)?/bin/(?:env|bash|sh|perl|python[0-9.]*))/+(?=[^/])")
_DIRECTORIES = (
    "", "/bin", "/opt", "/sbin", "/usr", "/usr/bin", "/usr/local", "/usr/local/bin", "/usr/sbin",
)  # fmt: skip
"""Directories that every image has, if it has anything there."""
_BASH_LIKE = ("ash", "bash", "dash", "sh")
_NAME_INTERPRETER = "begin it with a #! line that names its interpreter"
_IN_BIN = regex(r"/bin/(?:python[0-9.]*|perl|Rscript|node)\Z")


def _by_name(gear: Gear) -> list[StartByName]:
    return gear.code.started_by_name if gear.code is not None else []


@rule("GL404", "shebang-missing", Severity.ERROR, fix="safe")
def shebang_missing(gear: Gear) -> Iterator[Problem]:
    """A script that is started by its name has no `#!` line.

    Docker cannot start it: `exec format error`. Bash takes it for a shell script, which is wrong
    for Python and for all that it cannot read, and for a shell script only a warning. Bash starts
    `command`, and `./run` where there is none. Source: execve(2); the bash manual; gear
    specification.

    Bad run.py:

        print("hello")

    Good run.py:

        #!/usr/bin/env python3
        print("hello")
    """
    reported: dict[int, tuple[Launch, Script, bool, bool]] = {}
    by_bash = {id(file) for file in gear.run.command_programs}
    for started, script, node, is_certain in _by_name(gear):
        if script.has_shebang or script.has_marked_shebang:
            continue
        is_refused = script.is_python or (id(node) in by_bash and script.is_refused_by_bash)
        is_error = not started.by_shell or is_refused
        known = reported.get(id(node), (started, script, False, False))
        reported[id(node)] = (started, script, is_error or known[2], is_certain or known[3])
    for started, script, is_error, is_certain in reported.values():
        meant = script.meant_shebang
        what = "it is started by its name" if is_error else "bash takes it for a shell script"
        yield Problem(
            script.source,
            script.first_span,
            f"{_instead_of_shebang(script)}, and {what}",
            f"write #!{meant.interpreter}" if meant else _first_line(gear, script),
            Severity.ERROR if is_error and is_certain else Severity.WARNING,
            _shebang(gear, started, script),
        )


def _first_line(gear: Gear, script: Script) -> str:
    """What to do where a script has no `#!` line: the line of its language, if that is plain."""
    line = script.likely_shebang
    if line == "#!/bin/bash" and not _may_have_bash(gear.image):
        line = "#!/bin/sh"
    return f"begin it with the line {line}" if line else _NAME_INTERPRETER


def _may_have_bash(image: Image | None) -> bool:
    if image is None or image.base is None or "bash" in image.packages:
        return True
    return image.base.programs.get("bash") is not False


def _instead_of_shebang(script: Script) -> str:
    meant = script.meant_shebang
    if meant is None:
        return "the script has no #! line"
    if meant.text.lstrip().startswith("#!"):
        return "the #! is not at the start of the script, where it is looked for"
    return f"the script begins with {quoted(meant.text.strip())} instead of a #! line"


def _shebang(gear: Gear, started: Launch, script: Script) -> Fix | None:
    """A `#!` line of the script's language, if its interpreter may be in the image."""
    image, meant = gear.image, script.meant_shebang
    line = f"#!{meant.interpreter}" if meant is not None else script.fitting_shebang
    if image is None or not line or _shebang_fault(image, started, line[2:].split(), ""):
        return None
    if line == "#!/bin/bash" and not _may_have_bash(image):
        return None  # nothing installs it
    if meant is not None:
        return Fix(script.source, script.with_meant_shebang(meant), is_safe=True)
    if script.is_python and script.fault is not None and not gear.run.has_python_3:
        return None  # it may be meant for Python 2
    return Fix(script.source, script.with_shebang(line), is_safe=True)


@rule("GL405", "shebang-broken", Severity.ERROR, fix="safe")
def shebang_broken(gear: Gear) -> Iterator[Problem]:
    r"""The script has CRLF line ends, or a byte order mark before its `#!` line.

    The kernel then looks for an interpreter whose name ends with a carriage return, or does not see
    the line at all; a shell that is given the script, as by `bash run.sh`, looks for files and
    commands whose names end with one. A checkout with git's `core.autocrlf`, as on Windows, brings
    such ends into an image that is built from it: `* text=auto eol=lf` in `.gitattributes` keeps
    LF. A warning where it is not known where the script is in the image, or that the shell fails.
    Source: execve(2).

    Bad run.py:

        #!/usr/bin/env python3\r
        print("hello")

    Good run.py:

        #!/usr/bin/env python3
        print("hello")
    """
    reported: dict[int, Problem] = {}
    for started, script, node, is_certain in _by_name(gear):
        span, severity = script.first_span, None if is_certain else Severity.WARNING
        if script.has_carriage_return:
            problem = _ends_with_crlf(script)._replace(severity=severity)
            reported.setdefault(id(node), problem)
        elif script.has_marked_shebang:
            problem = Problem(
                script.source,
                span,
                "a byte order mark before the #! line hides it",
                "save the script as UTF-8 without a byte order mark",
                Severity.WARNING if started.by_shell and not script.is_python else severity,
                _working_shebang(script),
            )
            reported.setdefault(id(node), problem)
    yield from reported.values()
    code = gear.code
    if code is not None and any(b"\r\n" in one.script.source.data for one in code.started):
        from gearlint.gear.carriage_returns import scripts_with_returns

        known = [problem.source for problem in reported.values()]
        for script, fails in scripts_with_returns(code):
            if script.source not in known:
                yield _read_by_shell(script, is_error=fails)
    for script in gear.run.unplaced_scripts:
        if script.has_carriage_return and not script.is_binary:
            yield _ends_with_crlf(script)._replace(severity=Severity.WARNING)


def _ends_with_crlf(script: Script) -> Problem:
    return Problem(
        script.source,
        script.first_span,
        "the #! line ends with CRLF: its interpreter is not found",
        "save the script with LF line ends",
        fix=_working_shebang(script),
    )


def _read_by_shell(script: Script, *, is_error: bool) -> Problem:
    """CRLF line ends in a script that a shell is given, whatever its `#!` line is."""
    end = script.source.data.index(b"\r\n")
    start = script.source.data.rfind(b"\n", 0, end) + 1
    return Problem(
        script.source,
        Span(start, end),
        "lines of the script end with CRLF: the shell takes the CR for a part of their last word",
        "save the script with LF line ends",
        None if is_error else Severity.WARNING,
        Fix(script.source, script.with_unix_line_ends(), is_safe=True),
    )


def _working_shebang(script: Script) -> Fix | None:
    edits = script.with_working_shebang()
    return Fix(script.source, edits, is_safe=True) if edits else None


@rule("GL406", "script-syntax", Severity.ERROR)
def script_syntax(gear: Gear) -> Iterator[Problem]:
    """The run script or a module of it does not parse, or it has a merge conflict.

    Every run fails: that of a Python script at once, that of a shell script where the shell comes
    to it. A warning where the script may end before, not every run may come to it, or the image may
    have another module of that name. Of Python, the image's counts, where it is known from the base
    image, as of `python:3.9`: it does not know `match`. Where it is newer than the one that runs
    gearlint, only what both certainly refuse is reported; where it is not known, only what every
    Python refuses. Source: Python's own compiler; the parser parso 0.8; the bash manual.

    Bad run.py:

        #!/usr/bin/env python3
        print("hello"

    Good run.py:

        #!/usr/bin/env python3
        print("hello")
    """
    if gear.code is None:
        return
    yield from _shell_faults(gear, gear.code)
    direct = gear.run.python_scripts
    by_name = [each.script for each in _by_name(gear)]
    for script in dict.fromkeys((*direct, *gear.code.python_scripts)):
        is_3 = gear.code.is_for_python_3(script.source)
        fault, meant = gear.run.fault_of(script, is_3=is_3), script.meant_shebang
        if fault is None:
            continue
        conflicts = _conflicts(script)
        is_of_shebang = meant is not None and fault.span.start < meant.span.end
        if is_of_shebang and script in by_name and not conflicts:
            continue  # GL404 says so
        is_certain = script in direct or script.source in gear.code.modules_always_run
        severity = None if is_certain else Severity.WARNING
        for problem in conflicts or [_syntax_error(script, fault)]:
            if meant is not None and is_of_shebang:
                problem = problem._replace(help=f"write #!{meant.interpreter}")
            yield problem._replace(severity=severity)


def _shell_faults(gear: Gear, code: Code) -> Iterator[Problem]:
    """The syntax errors of the shell scripts that are started."""
    for started in code.started:
        script = started.script
        shell = started.launch.interpreter or script.interpreter or "bash"
        fault = script.bash_fault if script.is_shell else None
        if fault is None or not started.is_certain or shell not in _BASH_LIKE:
            continue
        if command_line.may_read_otherwise(shell, script.source.text or ""):
            continue
        message = f"the script is not valid shell: {fault.message}"
        problem = Problem(script.source, fault.span, message, "correct it: bash -n refuses it too")
        is_error = fault.is_certain and started.is_always
        for each in _conflicts(script) or [problem]:
            yield each._replace(severity=None if is_error else Severity.WARNING)


def _syntax_error(script: Script, fault: Fault) -> Problem:
    return Problem(script.source, fault.span, *_in_words(fault.message))


def _in_words(message: str) -> tuple[str, str]:
    """What is wrong with a script that Python does not parse, and what to do."""
    if re.match("Missing parentheses in call to 'print'", message):
        return "Python 2 code: print is a function in Python 3", "write print(...)"
    if re.match("multiple exception types must|except expressions without", message):
        what = "several errors after except need parentheses before Python 3.14"
        return what, "write except A as e:, or except (A, B):"
    if newer := re.search(r"Python 3\.\d+ and greater", message):
        return message, f"build on {newer[0].replace('greater', 'newer')}, or write it without"
    return f"Python syntax error: {message}", "correct it: Python cannot run the script"


def _conflicts(script: Script) -> list[Problem]:
    if b"<<<<<<<" not in script.source.data:
        return []
    from gearlint.syntax import merge_conflict

    return [
        Problem(script.source, span, message, merge_conflict.HELP)
        for span, message in merge_conflict.conflicts(script.source.data)
    ]


@rule("GL410", "shebang-interpreter-missing", Severity.ERROR)
def shebang_interpreter_missing(gear: Gear) -> Iterator[Problem]:
    """The interpreter of the `#!` line is not in the image, or the line does not name one.

    The script is there and executable, and still `no such file or directory`. Linux gives an
    interpreter the rest of the line as one argument, so that `env python3 -u` looks for a program
    called `python3 -u`: `env -S` splits it. A warning for a misspelt name over a base image that is
    not known, and where bash takes a script with `#!` alone for one of its own. Source: execve(2);
    the manual of GNU env.

    Bad run.py:

        #!/usr/bin/env python3 -u
        print("hello")

    Good run.py:

        #!/usr/bin/env -S python3 -u
        print("hello")
    """
    image = gear.image
    reported: dict[int, Problem] = {}
    for started, script, node, is_certain in _by_name(gear):
        words = script.shebang
        if image is None or not (words or script.has_shebang):
            continue
        severity = None if is_certain else Severity.WARNING
        fault = _shebang_fault(image, started, words, script.likely_shebang)
        if fault is None and not _is_mentioned(gear, words):
            fault, severity = _misspelt(image, started, words), Severity.WARNING
        elif not words and started.by_shell and not script.is_python:
            severity = Severity.WARNING
        if fault is not None:
            problem = Problem(script.source, script.first_span, *fault, severity=severity)
            reported.setdefault(id(node), problem)
    yield from reported.values()


def _shebang_fault(
    image: Image, started: Launch, words: list[str], likely: str
) -> tuple[str, str] | None:
    """What is certainly wrong with the words of a `#!` line, and what to do.

    `likely` is the line that fits the script, as far as that is plain.
    """
    advice = f"write {likely}" if likely else _NAME_INTERPRETER
    if not words:
        return "the #! line names no interpreter", advice
    program, *arguments = words
    line = " ".join(arguments)
    if below := _BELOW_PROGRAM.match(program):
        message = f"the #! line names {quoted(program)}, but {below[1]} is a program"
        return message, f"write #!{below[1]} {program[below.end() :]}"
    if program.rstrip("/") in _DIRECTORIES or isinstance(started.find(image, program), Directory):
        advice = f"write #!/usr/bin/env {arguments[0]}" if arguments else advice
        return f"the #! line names the directory {quoted(program)}", advice
    if posixpath.basename(program) == "env":
        if not arguments:
            return "the #! line names env without a program", advice
        if len(arguments) > 1 and not arguments[0].startswith("-") and "=" not in arguments[0]:
            message = f"the #! line has env look for a program called {quoted(line)}"
            return message, f"write #!{program} -S {line}"
    missing = _missing_interpreter(image, started, words)
    if not missing:
        return None
    name = posixpath.basename(program)
    misspelt = meant_program(posixpath.basename(missing))
    if missing in ("python", "/usr/bin/python") and image.has_python3:
        misspelt = f"{missing}3"
    is_elsewhere = started.on_path(image, name, is_own=False)
    if is_elsewhere and missing == program:
        advice = f"write #!/usr/bin/env {name}"
    else:
        advice = f'did you mean "{misspelt}"?' if misspelt else ""
    message = f"the #! line names {quoted(missing)}, which is not in the image"
    return message, advice or "install it, or name an interpreter that is there"


def _missing_interpreter(image: Image, started: Launch, words: list[str]) -> str:
    """The program of a `#!` line that is certainly not there, empty if none is."""
    program, name = words[0], _program_of(words)
    if started.find(image, program) is None:
        return program
    is_unknown = isinstance(image.files.find(program, follow=False), Unknown)
    if _IN_BIN.match(program) and is_unknown and started.find(image, f"/usr{program}") is None:
        return program  # in /bin only where that is /usr/bin: no distribution puts one there
    if meant_program(name):
        is_there = started.on_path(image, name, is_own=True)
    elif posixpath.basename(program) == "env":
        is_there = started.on_path(image, name, is_own=False)
    else:
        return ""
    return name if is_there is False else ""


def _program_of(words: list[str]) -> str:
    """The bare name of the program that a `#!` line starts by `env` or in a usual place, or ""."""
    directory, name = posixpath.split(words[0])
    if name == "env" and len(words) > 1:
        name = next((word for word in words[1:] if word != "-S"), "-")
        return "" if name.startswith("-") or "=" in name or "/" in name else name
    return name if directory in ("/bin", "/usr/bin", "/usr/local/bin") else ""


def _is_mentioned(gear: Gear, words: list[str]) -> bool:
    """Whether the Dockerfile has the name of the program, and so may make it."""
    dockerfile = gear.dockerfile
    return dockerfile is not None and _program_of(words).encode() in dockerfile.source.data


def _misspelt(image: Image, started: Launch, words: list[str]) -> tuple[str, str] | None:
    """A misspelt program of a `#!` line, over an image that is not known, and what to do."""
    name = _program_of(words)
    meant = meant_program(name)
    is_there = started.on_path(image, name, is_own=True)
    if not meant or is_there:
        return None
    return f"the #! line names {quoted(name)}, which looks misspelt", f'did you mean "{meant}"?'
