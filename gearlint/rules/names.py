"""GL417: the names that the gear's own Python reads."""

import sys
from collections.abc import Iterator

from gearlint.core import limits
from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.text import is_one_edit_away, quoted
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
_SHORTEST = 3
"""Characters of a name that is misspelt: of shorter ones too many are near."""


@rule("GL417", "undefined-name", Severity.ERROR)
def undefined_name(gear: Gear) -> Iterator[Problem]:
    """The run script, or a module that it imports, reads a name that nothing defines.

    Python looks for a name only when it comes to it: the job ends there, maybe after hours.
    Reported are

    - a name that nothing defines (NameError): an import is missing, the name is misspelt, or it is
      a variable of another function;
    - a variable of a function that is read before the function sets it (UnboundLocalError). What is
      set anywhere in a function is its own, and hides a module or function of that name;
    - an attribute that a module of Python does not have, as `os.exists`, or that the options do
      not, which are a dictionary, as `context.config.threads` (a warning);
    - an attribute of parsed arguments that no `add_argument` makes, as `args.masks` beside
      `"--mask"`;
    - a function of Python itself that is used as a variable, as `input["path"]`;
    - a module or a logger that is called, as `glob("*")` after `import glob`;
    - an attribute of None, as of `log` after `log = getLogger().setLevel("INFO")`.

    It is an error where every run comes to it, as far as nothing fails before, and else a warning.
    Nothing is said of functions that nothing names, of modules with `import *`, `exec` or
    `globals()`, of an attribute that is set or asked for, or where the error is caught.

    Source: Python's own table of symbols, and what the modules have in Python 2.7 to 3.15.

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
    yield from _of_arguments(gear, gear.code)
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


def _of_arguments(gear: Gear, code: "Code") -> Iterator[Problem]:
    programs = [program for program in code.programs if _may_lack_arguments(program)]
    if not programs:
        return
    from gearlint.python.parsed_arguments import missing_arguments

    for one in missing_arguments(programs):
        message = f"{one.owner} has no {quoted(one.name)}: no add_argument() makes it"
        near = f"did you mean {quoted(one.meant)}?" if one.meant else "add it to the parser"
        yield gear.at.code(one, message, near)


def _may_lack_arguments(program: "Program") -> bool:
    if not any("argparse" in module.text for module in program.modules):
        return False
    from gearlint.python.quick_arguments import may_lack_arguments

    return any(may_lack_arguments(module.text) for module in program.modules)


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
