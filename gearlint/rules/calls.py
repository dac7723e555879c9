"""GL419, GL420, GL423, GL425: what the gear's own Python calls, and what it is given."""

from collections.abc import Iterator
from functools import partial

from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import brief_line, counted, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.python.program import Program

_BEFORE_CONDITIONS = ("and", "assert", "if", "not", "or", "while")
_NOTICES = (
    "$?", "PIPESTATUS", "check", "communicate", "exec_command", "getstatusoutput", "nipype", "poll",
    "returncode", "wait",
)  # fmt: skip
"""What a script that looks at the exit code of a program has in its text."""
_SLASH_BEFORE = regex(r",\s*+[fFrRuU]{0,2}[\"']/")
"""An argument that begins with a slash, but for the first."""


@rule("GL419", "wrong-arguments", Severity.ERROR)
def wrong_arguments(gear: Gear) -> Iterator[Problem]:
    """A function of the gear or of Python, `%`, `format` or `~` gets what it does not take.

    The job ends there with TypeError or ValueError, maybe after hours. Reported are

    - other arguments than a function of the gear takes: a parameter was added or renamed, and not
      each call. Only functions of modules are looked at, that have no decorator and are certainly
      those that are called;
    - other arguments than a common function of Python's library takes, as `os.makedirs(a,
      exists_ok=True)`;
    - more or fewer values than a string has places for: `"%s/%s" % (a, b, c)`, `"{} {}".format(a)`;
    - a mode or pattern that Python refuses: `open(a, "rw")`, `re.search("*.nii", a)`. What one
      Python refuses and another takes is reported where the image has that one, as the mode `rU`,
      or `(?i)` in the middle of a pattern, from 3.11 on;
    - `subprocess.run("ls -l")`, which looks for a program of that name, and a list with
      `shell=True`, of which the shell runs the first word alone;
    - `json.load` of a path, `json.loads` of a file, and `os.environ("A")`;
    - what `add_argument` of argparse refuses: a `type` of a flag, `required` without dashes, the
      same option twice;
    - `if ~os.path.exists(path)`, which is always true: `~` makes -1 or -2 of a boolean (a warning).

    It is an error where every run comes to it, as far as nothing fails before, and else a warning.
    Nothing is said of calls with `*` or `**`, nor of modules with `exec` or `globals()`, or with
    `import *` from a library.

    Source: the reference of Python, "Calls"; its library, "printf-style String Formatting", "Format
    String Syntax", "subprocess", "json", "re", "argparse"; seen in public issues.

    Bad run.py:

        #!/usr/bin/env python3
        def average(images, mask):
            print(images, mask)


        average([])

    Good run.py:

        #!/usr/bin/env python3
        def average(images, mask):
            print(images, mask)


        average([], None)
    """
    code = gear.code
    if code is None:
        return
    if any(map(_may_misfit, code.programs)):
        from gearlint.python.arguments import wrong_calls

        for call in wrong_calls(code.evaluators):
            advice = f"it is defined as {call.function}({call.parameters})"
            yield gear.at.code(call, f"{call.function}() {call.why}", advice)
    programs = [program for program in code.programs if _may_misuse(program)]
    if programs:
        from gearlint.gear.installed import minor_of
        from gearlint.python.library_calls import wrong_library_calls

        for wrong in wrong_library_calls(programs, partial(minor_of, code)):
            yield gear.at.code(wrong, wrong.message, wrong.advice)
    programs = [program for program in code.programs if _may_invert(program)]
    if programs:
        from gearlint.python.inversions import inversions

        for meant, source, span in inversions(programs):
            message = "~ makes -1 or -2 of a boolean, which are both true"
            advice = f"write {brief_line(meant)}"
            yield Problem(source, span, message, advice, Severity.WARNING)
    programs = [program for program in code.programs if _may_misformat(program)]
    if not programs:
        return
    from gearlint.python.formats import misformats

    for one in misformats(programs):
        yield gear.at.code(one, one.message, one.advice)


def _may_misuse(program: "Program") -> bool:
    from gearlint.python.quick_library import may_misuse

    return any(map(may_misuse, program.modules))


def _may_invert(program: "Program") -> bool:
    return any(
        piece.rstrip(" \t\n\\(").endswith(_BEFORE_CONDITIONS)
        for module in program.modules
        if "~" in module.text
        for piece in module.text.split("~")[:-1]
    )


def _may_misformat(program: "Program") -> bool:
    texts = [each.text for each in program.modules if "%" in each.text or ".format(" in each.text]
    if not texts:
        return False
    from gearlint.python.quick_formats import may_misfill, may_misformat

    return any(may_misformat(text) or may_misfill(text) for text in texts)


def _may_misfit(program: "Program") -> bool:
    texts = [module.text for module in program.modules]
    if not any("def " in text for text in texts):
        return False
    from gearlint.python.quick_calls import may_misfit

    return may_misfit(texts)


@rule("GL420", "left-breakpoint", Severity.ERROR)
def left_breakpoint(gear: Gear) -> Iterator[Problem]:
    """The run script, or a module that it imports, calls the debugger.

    A job has no terminal: the debugger finds the end of its input, and ends the job with BdbQuit.
    An error where every run comes to `breakpoint()` or `pdb.set_trace()`, as far as nothing fails
    before, and else a warning. Nothing is said where a test asks for it (`if args.debug:`), or a
    file of the gear sets PYTHONBREAKPOINT. Source: Python's documentation of `pdb`; seen in a
    public gear.

    Bad run.py:

        #!/usr/bin/env python3
        subject = "sub-01"
        breakpoint()
        print(subject)

    Good run.py:

        #!/usr/bin/env python3
        subject = "sub-01"
        print(subject)
    """
    if gear.code is None:
        return
    if not any("breakpoint" in text or "set_trace" in text for text in gear.code.python_texts):
        return
    from gearlint.python.breakpoints import breakpoints

    found = breakpoints(gear.code.programs)
    if found and any(b"PYTHONBREAKPOINT" in source.data for source in gear.text_files):
        return
    for each in found:
        message = "the debugger ends the job, which has no terminal"
        yield gear.at.code(each, message, "remove it")


@rule("GL423", "ignored-failure", Severity.INFO)
def ignored_failure(gear: Gear) -> Iterator[Problem]:
    """The gear's Python starts programs, and looks at the exit code of none.

    `os.system`, `subprocess.call` and `subprocess.run` go on when the program fails, and when the
    script ends well the job is "complete": the user finds an empty or half result, and no error.
    Reported once a script, at the first such call, where the script and its modules ask nowhere for
    an exit code: no `check=True`, no `returncode`, no value of a call. Not of commands that tidy up
    or show something, as `mkdir` and `ls`. Source: Python's documentation of `subprocess`, and the
    gear specification: a job fails by the exit code of its container; seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import os

        os.system("python --version > output/version.txt")

    Good run.py:

        #!/usr/bin/env python3
        import subprocess

        subprocess.run("python --version > output/version.txt", shell=True, check=True)
    """
    programs = gear.code.programs if gear.code is not None else []
    programs = [program for program in programs if _may_ignore_failure(program)]
    if not programs:
        return
    from gearlint.python.ignored_failures import ignored_failures

    for each in ignored_failures(programs):
        message = "the job goes on where this command fails: nothing looks at its exit code"
        if each.number > 1:
            message += f", nor at that of {counted(each.number - 1, 'more command')}"
        yield Problem(each.source, each.span, message, "write subprocess.run(..., check=True)")


def _may_ignore_failure(program: "Program") -> bool:
    texts = [module.text for module in program.modules]
    starts = any("system(" in text or "subprocess" in text for text in texts)
    return starts and not any(word in text for text in texts for word in _NOTICES)


@rule("GL425", "dropped-path-part", Severity.WARNING)
def dropped_path_part(gear: Gear) -> Iterator[Problem]:
    """A part of a path begins with a slash, so that the parts before it are dropped.

    `os.path.join("/flywheel/v0/output", "/mask.nii")` is `/mask.nii`, which is not in the output,
    and lost when the job ends. So it is with `pathlib.Path`. Nothing is said where only the root
    is before it. Source: Python's documentation of `os.path.join` and `pathlib`; seen in public
    gears.

    Bad run.py:

        #!/usr/bin/env python3
        import os

        print(os.path.join("/flywheel/v0/output", "/mask.nii"))

    Good run.py:

        #!/usr/bin/env python3
        import os

        print(os.path.join("/flywheel/v0/output", "mask.nii"))
    """
    programs = gear.code.programs if gear.code is not None else []
    programs = [program for program in programs if _may_drop_a_part(program)]
    if not programs:
        return
    from gearlint.python.dropped_parts import dropped_parts

    for each in dropped_parts(programs):
        message = f"{each.function} drops all that is before {quoted(each.part)}"
        yield Problem(each.source, each.span, message, "leave out the / at its beginning")


def _may_drop_a_part(program: "Program") -> bool:
    return any(
        ("join(" in module.text or "Path(" in module.text) and _SLASH_BEFORE.search(module.text)
        for module in program.modules
    )
