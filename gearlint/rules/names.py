"""GL417, GL419, GL420, GL423, GL425: the names that the gear's own Python reads and calls."""

import sys
from collections.abc import Iterator
from functools import partial

from gearlint.core import limits
from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import brief_line, counted, is_one_edit_away, quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.code import Code
    from gearlint.python.missing_attributes import MissingAttribute
    from gearlint.python.program import Program
    from gearlint.python.undefined import UndefinedName

_OPTION_AS_ATTRIBUTE = regex(
    r"config\.(?!(?:get|items|keys|values|copy|update|pop|setdefault|json|py)\b)[a-z_]"
)
"""What may be an attribute of the options, and is none of a dictionary, nor the name of a file."""
_SLASH_BEFORE = regex(r",\s*+[fFrRuU]{0,2}[\"']/")
"""An argument that begins with a slash, but for the first."""
_BEFORE_CONDITIONS = ("and", "assert", "if", "not", "or", "while")
_NOTICES = (
    "$?", "PIPESTATUS", "check", "communicate", "exec_command", "getstatusoutput", "nipype", "poll",
    "returncode", "wait",
)  # fmt: skip
"""What a script that looks at the exit code of a program has in its text."""
_SHORTEST = 3
"""Characters of a name that is misspelt: of shorter ones too many are near."""


@rule("GL417", "undefined-name", Severity.ERROR)
def undefined_name(gear: Gear) -> Iterator[Problem]:
    """The run script, or a module that it imports, reads a name that nothing defines.

    Python looks for a name when it comes to it, and the job ends there with NameError, maybe after
    hours: an import is missing, a name is misspelt, or a variable of another function is meant. So
    does a function that reads its own variable before it is set (UnboundLocalError): what is set
    anywhere in a function is its own, and hides a module or function of that name. And so does what
    reads an attribute that a module of Python does not have (AttributeError), as `os.exists`, or
    that the options do not, which are a dictionary, as `context.config.threads`: a warning. A name
    that Python has too, as `input`, is its function there: `input["path"]` fails (TypeError), as a
    module or a logger does that is called (`import glob` and `glob("*")`). And `log =
    getLogger().setLevel("INFO")` makes `log` None, which has no `info`. An error where every run
    comes to it, as far as nothing fails before, and else a warning. Nothing is said of functions
    that nothing names, of modules with `import *`, `exec` or `globals()`, of an attribute that is
    set or asked for, or where the error is caught. Source: Python's own table of symbols, and what
    the modules have in Python 2.7 to 3.15.

    Bad run.py:

        #!/usr/bin/env python3
        print(json.dumps({}))

    Good run.py:

        #!/usr/bin/env python3
        import json

        print(json.dumps({}))
    """
    if gear.code is None:
        return
    yield from _of_options(gear, gear.code)
    yield from _of_values(gear, gear.code)
    programs = [program for program in gear.code.programs if program.may_lack_names]
    if not programs:
        return
    from gearlint.python.undefined import undefined_names

    for each in undefined_names(programs):
        where = f" in {each.reader}()" if each.reader else ""
        message = f"nothing defines {quoted(each.name)}{where}"
        if each.set_in:
            message = f"{each.reader}() reads {quoted(each.name)} before anything sets it"
        if each.misuse:
            message = f"{quoted(each.name)} is Python's own function{where}, {each.misuse}"
        yield gear.at.code(each, message, _advice(each))
    from gearlint.python.missing_attributes import missing_attributes

    for one in missing_attributes(programs):
        yield gear.at.code(one, f"{one.owner} has no {quoted(one.name)}", _advice_on(one))


def _of_options(gear: Gear, code: "Code") -> Iterator[Problem]:
    # Most texts have no such words, and a run over one gear need not compile what looks closer.
    texts = (text for text in code.python_texts if "config." in text)
    if not any(map(_OPTION_AS_ATTRIBUTE.search, texts)):
        return
    from gearlint.python.options import wrong_attributes

    for one in wrong_attributes(code.evaluators):
        yield Problem(
            one.source,
            one.span,
            f"the options are a dictionary, which has no {quoted(one.name)}",
            f'write {one.owner}["{one.name}"]'
            if one.name in gear.manifest.config
            else f'{quoted(one.name)} may be of the context; an option is {one.owner}["name"]',
            Severity.WARNING,
        )


def _of_values(gear: Gear, code: "Code") -> Iterator[Problem]:
    if not code.programs:
        return
    from gearlint.python.quick_values import may_misuse_values

    programs = [program for program in code.programs if may_misuse_values(program)]
    if not programs:
        return
    from gearlint.python.misused_values import misused_values

    for one in misused_values(programs):
        yield gear.at.code(one, f"{quoted(one.name)} {one.why}", one.advice)


def _advice(undefined: "UndefinedName") -> str:
    if undefined.set_in:
        return (
            f"line {undefined.set_in} makes it a variable of {undefined.reader}(): set it before, "
            "or give that one another name"
        )
    if undefined.name in sys.stdlib_module_names:
        return f"add import {undefined.name}"
    near = _near(undefined.name, undefined.known) or _near_of_python(undefined.name)
    if near and not undefined.misuse:
        return f"did you mean {quoted(near)}?"
    if undefined.owner:
        return f"it is a variable of {undefined.owner}(): hand it over, or define it"
    return "define or import it"


def _advice_on(missing: "MissingAttribute") -> str:
    if missing.meant == missing.owner:
        return f"{quoted(missing.written)} is the class itself: leave out .{missing.name}"
    question = f"did you mean {quoted(missing.meant)}?"
    if missing.written in ("", missing.owner):
        return question
    return f"{quoted(missing.written)} is {missing.owner} here; {question}"


def _near(name: str, known: frozenset[str]) -> str:
    """A name that another is certainly meant for; empty where there is none."""
    if len(name) < _SHORTEST or len(known) > limits.NEAR_NAMES:
        return ""
    near = [each for each in known if is_one_edit_away(name, each)]
    return near[0] if len(near) == 1 else ""


def _near_of_python(name: str) -> str:
    """The name of Python itself that is meant; `inputs` and the like are names of their own."""
    from gearlint.python.symbols import OF_PYTHON

    return _near(name, frozenset(one for one in OF_PYTHON if not name.startswith(one)))


@rule("GL419", "wrong-arguments", Severity.ERROR)
def wrong_arguments(gear: Gear) -> Iterator[Problem]:
    """A function of the gear or of Python, `%`, `format` or `~` gets what it does not take.

    The job ends there with TypeError or ValueError, maybe after hours: a parameter was added or
    renamed, and not each call. An error where every run comes to it, as far as nothing fails
    before, and else a warning. Only functions of modules are looked at, that have no decorator and
    are certainly those that are called, and no calls with `*` or `**`. Nothing is said of modules
    with `exec` or `globals()`, or with `import *` from a library. Of a string that is written
    before `%` the values are counted, as in `"%s/%s" % (a, b, c)`, and so are those of `"{}
    {}".format(a)`. Of the library are known: the parameters of its common functions,
    `os.makedirs(a, exists_ok=True)`; `open(a, "rw")`; a pattern that `re` refuses,
    `re.search("*.nii", a)`; `subprocess.run("ls -l")`, which looks for a program of that name, and
    a list with `shell=True`, of which the shell runs the first word alone; `json.load` of a path
    and `json.loads` of a file; `os.environ("A")`; and what `add_argument` of argparse refuses: a
    `type` of a flag, `required` without dashes, the same option twice. What one Python refuses and
    another takes is reported where the image has that one: the mode `rU`, or a `(?i)` in the middle
    of a pattern, from 3.11 on. `if ~os.path.exists(path)` is always true: `~` is of numbers, and
    makes -1 or -2 of a boolean; a warning. Source: the reference of Python, "Calls"; its library,
    "printf-style String Formatting", "Format String Syntax", "subprocess", "json", "re",
    "argparse"; seen in public issues.

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

        for inversion in inversions(programs):
            message = "~ makes -1 or -2 of a boolean, which are both true"
            yield gear.at.code(inversion, message, f"write {brief_line(inversion.meant)}")
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
