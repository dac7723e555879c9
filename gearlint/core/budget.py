"""What may be spent on one Dockerfile: after that all is unknown, and nothing is said."""

from gearlint.core.unknown import UNKNOWN, Unknown

MAX_READ = 1_000_000
"""Characters of the values of variables in a Dockerfile."""

_READING = 100  # characters, for what is done besides


class Values:
    """How many characters of the values of variables may yet be read."""

    def __init__(self, left: int) -> None:
        self.left = left

    def read(self, value: str | Unknown | None) -> str | Unknown | None:
        """A variable's value, unknown after too many."""
        self.left -= _READING + len(value) if isinstance(value, str) else 0
        return UNKNOWN if self.left < 0 else value


class Budget:
    """What may yet be done to model the image of a Dockerfile, some tenths of a second each."""

    def __init__(self) -> None:
        self.visits = 400_000
        """Of nodes of the files, and steps from one to the next."""
        self.characters = 60_000
        """Of shell that is more than plain words."""
        self.values = Values(MAX_READ)

    @property
    def is_spent(self) -> bool:
        """Whether so many nodes were visited that all is unknown."""
        return self.visits < 0

    def allows(self, characters: int) -> bool:
        """Whether so many characters of shell may yet be read, which are then counted."""
        self.characters -= characters
        return self.characters >= 0
