"""A script of the gear that is started."""

import posixpath

from gearlint.core.named_tuple import NamedTuple
from gearlint.gear.script import Script
from gearlint.image.launch import Launch
from gearlint.image.nodes import File


class Started(NamedTuple):
    """A script that is started: its path in the image, and the directory its modules are first in.

    `is_certain` is whether it is known to be the file at that path. `launch` is what starts it, and
    `is_always` whether every run does.
    """

    script: Script
    path: str
    directory: str
    is_certain: bool
    launch: Launch
    is_always: bool = True

    @property
    def interpreter(self) -> str:
        """The name of the program that reads it, `python3`; empty where that is not known."""
        name = posixpath.basename(self.launch.program.text)
        return name if self.launch.interpreter else self.script.interpreter

    @property
    def is_sourced(self) -> bool:
        """Whether the shell that reads it is that of another script."""
        return self.launch.program.text in (".", "source")


class StartByName(NamedTuple):
    """A script of the gear that is started as a program of its own, by its name.

    `is_certain` is whether nothing that is done before can change the file.
    """

    launch: Launch
    script: Script
    file: File
    is_certain: bool
