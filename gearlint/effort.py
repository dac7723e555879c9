"""What may be spent on one Dockerfile: after that all is unknown, and nothing is said."""

from gearlint.unknown import UNKNOWN, Unknown

_READING = 100  # characters, for what is done besides


class Effort:
    """What may yet be done to model the image of a Dockerfile, some tenths of a second each."""

    def __init__(self) -> None:
        self.visits = 400_000
        """Of nodes of the files, and steps from one to the next."""
        self.characters = 60_000
        """Of shell that is more than plain words."""
        self.read = 1_000_000
        """Characters of the values of variables."""

    @property
    def is_spent(self) -> bool:
        """Whether so many nodes were visited that all is unknown."""
        return self.visits < 0

    def value(self, value: str | Unknown | None) -> str | Unknown | None:
        """A variable's value that is read, unknown after too many."""
        self.read -= _READING + len(value) if isinstance(value, str) else 0
        return UNKNOWN if self.read < 0 else value
