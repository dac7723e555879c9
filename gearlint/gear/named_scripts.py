"""The shell scripts that the gear's Python names, and so may start."""

import posixpath
from collections.abc import Iterator
from itertools import islice

from gearlint.core.lazy import regex
from gearlint.image.launch import Argument, Launch
from gearlint.image.nodes import File
from gearlint.image.state import GEAR_DIRECTORY
from gearlint.python.program import Program

_QUOTED = regex(r"\"([^\"\n]*+)\"|'([^'\n]*+)'")
_PATH = regex(r"[\w./-]++")


def named_scripts(program: Program) -> Iterator[Launch]:
    """What starts each shell script of the image that a module of a program names in quotes.

    A path that is not from `/`, or is what follows a variable, is looked for in the gear's own
    directory and in that of the module.
    """
    image = program.image
    for module in program.modules:
        places = (GEAR_DIRECTORY, module.directory)
        for name in _names(module.text) if ".sh" in module.text else ():
            absolute = [name] if name.startswith("/") else []
            paths = [*absolute, *(posixpath.join(place, name.lstrip("/")) for place in places)]
            there = (path for path in paths if isinstance(image.files.find(path), File))
            for path in islice(there, 1):
                word = Argument(path)
                yield Launch((word,), GEAR_DIRECTORY, image.variable("PATH"), by_shell=False)


def _names(text: str) -> list[str]:
    """The paths of shell scripts in the texts within quotes."""
    quoted = (match[1] or match[2] or "" for match in _QUOTED.finditer(text))
    words = (word for each in quoted for word in _PATH.findall(each))
    return list(dict.fromkeys(word for word in words if word.endswith(".sh")))
