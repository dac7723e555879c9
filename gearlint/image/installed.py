"""The versions of what package managers install in a Dockerfile, by the names of packages."""

import posixpath
from collections.abc import Iterator, Sequence

from gearlint.core.lazy import regex
from gearlint.image.packages import MANAGERS
from gearlint.image.software import Evidence
from gearlint.syntax.dockerfile import Dockerfile, Instruction
from gearlint.syntax.shell import command_line

_CONDAS = frozenset(("conda", "mamba", "micromamba"))
_PIP = regex(r"pip[0-9.]*\Z")
_PINNED = regex(
    r"(?P<name>[A-Za-z][\w.+-]*+)(?:\[[^\]]*+\])?={1,3}(?:[0-9]+:)?"
    r"(?P<version>v?[0-9]++\.[0-9][0-9A-Za-z]*+(?:\.[0-9A-Za-z]++)*+)(?!\.?\*)"
)
"""`fsl-core=5.0.9-1`, `mrtrix3=3.0.4=h2bc3f7f_0`, `fmriprep==20.2.0`."""
_NUMBERS = regex(r"[0-9]+(?:\.[0-9]+)+\Z")
_PRINTS = ("echo", "printf")
_OF_INTERFACE = ("gir1", "lib")
"""How the names of packages begin in which a number is that of an interface (`libusb-1.0-0`)."""


def installed_versions(dockerfile: Dockerfile) -> Iterator[Evidence]:
    """The versions in the names of packages that RUNs install, or that are asked for with them."""
    for instruction in dockerfile.meant:
        for name, version in _packages(instruction) if instruction.name == "RUN" else ():
            yield Evidence(version, name, instruction.span)


def _packages(instruction: Instruction) -> Iterator[tuple[str, str]]:
    """The name and the version of each package that a RUN installs."""
    for command in command_line.parse(instruction.value).commands:
        if command.name in _PRINTS:
            continue
        words = [word.literal or "" for word in command.words]
        verb = next((words.index(each) for each in ("install", "add") if each in words), None)
        managers = list(map(posixpath.basename, words[:verb] if verb else ()))
        is_of_system = not MANAGERS.isdisjoint(managers)
        if is_of_system or not _CONDAS.isdisjoint(managers) or any(map(_PIP.match, managers)):
            for word in words[verb:]:
                if pinned := _PINNED.match(word):
                    yield pinned["name"], pinned["version"]
                elif is_of_system:
                    yield from _named(word.split("-"))


def _named(pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`fsl` and `5.0` of `fsl-5.0-complete`, by the pieces between its hyphens."""
    at = next((at for at, piece in enumerate(pieces) if _NUMBERS.match(piece)), 0)
    if at and "/" not in pieces[0] and not pieces[0].startswith(_OF_INTERFACE):
        yield "-".join(pieces[:at]), pieces[at]
