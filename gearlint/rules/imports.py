"""GL411, GL412, GL421: what the gear's own code imports and starts."""

import os
from collections.abc import Iterator

from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import relative_path
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.image.launch import OF_FLYWHEEL
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.rules.registry import rule

_IN_GEAR = f"{GEAR_DIRECTORY}/"

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from gearlint.gear.code import Code
    from gearlint.python.imports import Missing, MissingModule
    from gearlint.python.packages import MissingPackage

_ASSIGNS = regex(rb"\$\{?([A-Za-z_][A-Za-z0-9_]*+)\}?=")
"""A variable that is meant to be set."""


@rule("GL411", "import-missing", Severity.ERROR)
def import_missing(gear: Gear) -> Iterator[Problem]:
    """The run script uses a module of the gear that is not in the image, or has no such name.

    Every run fails with ModuleNotFoundError, ImportError or AttributeError. Reported are

    - a module that no COPY brings. COPY of a directory copies what is in it, and not the directory
      itself; what is copied under another name is imported by that; and a module in a directory
      beside the script is imported with that: `from utils import args`;
    - a module that the gear has nowhere, where its package sets no modules itself;
    - a name that nothing in its module defines, as in `from utils import load` or `utils.load`,
      where nothing else may give it to it;
    - a relative import (`from .utils import load`) outside of a package: a script that is started
      as a file (`python run.py`) is in none, nor is a module beside it.

    It is a warning where not every run comes to it, and where only a base image or package that is
    not known could bring it: a module that a package of the gear lacks, or a misspelt name of one.
    GL421 looks at what pip installs.

    Source: the documentation of Python's import system, and of COPY.

    Bad run.py:

        #!/usr/bin/env python3
        import other

    Good run.py:

        #!/usr/bin/env python3
        import json
    """
    for missing in gear.code.missing_imports if gear.code is not None else ():
        yield gear.at.code(missing, *_in_words(gear, missing.what))


def _in_words(gear: Gear, missing: "Missing") -> tuple[str, str]:
    """What is missing, and what to do."""
    from gearlint.python.copies import ModuleRenamed
    from gearlint.python.elsewhere import ModuleElsewhere
    from gearlint.python.missing_names import MissingName
    from gearlint.python.packages import MissingPackage
    from gearlint.python.suspects import SuspectModule

    if isinstance(missing, SuspectModule):
        near = f"did you mean {quoted(missing.near)}?" if missing.near else ""
        advice = near or "add it, unless the base image brings it"
        return f"the gear has no module {quoted(missing.name)}", advice
    if isinstance(missing, ModuleElsewhere):
        message = f"the module {quoted(missing.name)} is not where modules are looked for, but in "
        return f"{message}{quoted(missing.package)}", f"write {quoted(missing.instead)}"
    if isinstance(missing, ModuleRenamed):
        message = f"the module {quoted(missing.name)} has another name in the image: {missing.path}"
        return message, f"copy {quoted(missing.origin)} to {missing.target}"
    if isinstance(missing, MissingPackage):
        return _without_package(missing)
    near = f"did you mean {quoted(missing.near)}?" if missing.near else ""
    if isinstance(missing, MissingName):
        message = f"the module {quoted(missing.module)} has no {quoted(missing.name)}"
        return message, near or "define it there, or import it from where it is"
    why, advice = "the gear has none of that name", near or "add it"
    if missing.origin:
        why, advice = _not_copied(gear, missing)
    return f"the module {quoted(missing.name)} is not in the image: {why}", advice


def _without_package(missing: "MissingPackage") -> tuple[str, str]:
    """Why a relative import fails, and what to do."""
    why = "the script is started without one"
    advice = "import it by its full name, or start the script as a module of it, by python -m"
    if missing.name:
        why = f"the module {quoted(missing.name)} is imported without one"
        advice = "import it by its full name"
    if missing.instead:
        advice = f"write {quoted(missing.instead)}"
    return f"{quoted(missing.written)} needs a package, but {why}", advice


def _not_copied(gear: Gear, module: "MissingModule") -> tuple[str, str]:
    """Why a module of the gear is not in the image, and what to do."""
    origin, name = module.origin, os.path.basename(module.origin)
    if _is_ignored(gear, origin):
        return f"the ignore file excludes {quoted(origin)}", f"add the line !{origin} at its end"
    if module.is_flat:
        what = f"COPY takes what is in {quoted(origin)}, not the directory itself"
        return what, f"write COPY {origin} {name}"
    return f"nothing copies {quoted(origin)}", f"add COPY {origin} {module.target}"


@rule("GL412", "started-file-missing", Severity.ERROR)
def started_file_missing(gear: Gear) -> Iterator[Problem]:
    """The run script starts or sources a file, or uses one of the gear, that is not in the image.

    The gear has the file, and nothing copies it to where the shell script looks for it; or its name
    is misspelt; or nothing has that name, and each run comes to it. A warning where not every run
    comes to it, or a program that is started before may make the file, and for a misspelt name over
    a base image that is not known; and where Python opens or starts a file of the gear by its path
    from `/flywheel/v0` on, and neither writes it nor asks for it. Source: the bash manual.

    Bad run.sh:

        #!/bin/bash
        python other.py

    Good run.sh:

        #!/bin/bash
        python --version
    """
    code = gear.code
    if code is None or gear.image is None:
        return
    yield from _named_by_python(gear, code)
    if not any(map(code.launches_of, code.started)):
        return
    from gearlint.gear.starts import missing_starts

    for missing in missing_starts(code):
        advice = "add it to the gear, or start what is there"
        if missing.near:
            advice = f"did you mean {quoted(missing.near)}?"
        if missing.file is not None and gear.context is not None:
            origin = relative_path(missing.file.origin or "", gear.context.directory)
            advice = f"add COPY {origin} {missing.path}"
        where = "no instruction copies into" if missing.is_suspected else "is not in"
        message = f"the script starts {missing.path}, which {where} the image"
        if set_ := _ASSIGNS.match(missing.source.data, *missing.span):
            name = set_[1].decode()
            message = f"the shell runs the value of ${name}=... as a program"
            advice = f"write {name}=...: an assignment has no $ before its name"
        yield gear.at.code(missing, message, advice)


def _named_by_python(gear: Gear, code: "Code") -> Iterator[Problem]:
    """The files of the gear that its Python names by their paths, and that are not there."""
    if gear.context is None or not any(map(_names_a_file, code.python_texts)):
        return
    from gearlint.gear.python_files import missing_files

    for missing in missing_files(code, gear.context):
        message = f"the script uses {missing.path}, which is not in the image"
        advice = f"add COPY {missing.origin} {missing.path}"
        yield Problem(missing.source, missing.span, message, advice, Severity.WARNING)


def _names_a_file(text: str) -> bool:
    """Whether a text has a path below `/flywheel/v0` that Flywheel does not make."""
    return text.count(_IN_GEAR) > sum(text.count(f"{_IN_GEAR}{name}") for name in OF_FLYWHEEL)


def _is_ignored(gear: Gear, path: str) -> bool:
    from gearlint.core.errors import TooMuchError

    try:
        return gear.context is not None and gear.context.is_ignored(path)
    except TooMuchError:
        return False


@rule("GL421", "package-missing", Severity.ERROR)
def package_missing(gear: Gear) -> Iterator[Problem]:
    """The run script imports a package that nothing installs.

    Every run fails with ModuleNotFoundError. Only the official images of Python are looked at, and
    only where all that may be installed is known: pip installs nothing, or packages by their names
    of which gearlint knows what they bring along, and no other command of the Dockerfile may. An
    error where nothing is installed, and every run comes to the import; else a warning. What Python
    has no more is reported too, such as `imp` from 3.12 on. Source: the packages of PyPI; the
    documentation of Python, "What's New".

    Bad run.py:

        #!/usr/bin/env python3
        import numpy

    Good run.py:

        #!/usr/bin/env python3
        import statistics
    """
    code, minor = gear.code, gear.run.base_python_minor
    if code is None or minor is None:
        return
    from gearlint.python.distributions import may_lack_packages, modules_of

    if not any(may_lack_packages(program, frozenset(), minor) for program in code.programs):
        return
    installed = modules_of(code.image.distributions, minor)
    if installed is None:
        return
    if not any(may_lack_packages(program, installed, minor) for program in code.programs):
        return
    from gearlint.gear.installed import is_by_base_python, may_have_others
    from gearlint.python.distributions import OF_IMAGE, distribution_of, is_of_python
    from gearlint.python.uninstalled import uninstalled

    if may_have_others(code, minor):
        return
    known = {(one.source.path, one.span) for one in code.missing_imports}  # GL411 says so
    mains = {one.script.source for one in code.started if is_by_base_python(one, code.image)}
    for evaluator in code.evaluators:
        program = evaluator.program
        if program.started.script not in mains or not program.started.is_certain:
            continue
        for each in uninstalled(program, installed, minor):
            if (each.source.path, each.span) in known:
                continue
            module, distribution = quoted(each.module), distribution_of(each.module)
            message = f"the module {module} is not in the image: nothing installs it"
            advice = f"install {distribution} by pip"
            if is_of_python(each.module):
                message = f"Python 3.{minor} has no module {module}"
                advice = advice if distribution != each.module else "write it without that"
            is_certain = each.is_certain and code.image.distributions <= OF_IMAGE
            yield gear.at.code(each._replace(is_certain=is_certain), message, advice)
