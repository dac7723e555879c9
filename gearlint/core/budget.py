"""What may be spent on one Dockerfile. After that all is unknown, and nothing is reported."""

from gearlint.core.unknown import UNKNOWN, Unknown

MAX_READ = 1_000_000
"""Characters of the values of variables that may be read for a Dockerfile."""

_READING = 100  # characters, for the overhead of one value


class Values:
    """Counts the characters of the values of variables; `left` is how many may still be read."""

    def __init__(self, left: int) -> None:
        self.left = left

    def read(self, value: str | Unknown | None) -> str | Unknown | None:
        """The value of a variable; unknown after too many characters."""
        self.left -= _READING + len(value) if isinstance(value, str) else 0
        return UNKNOWN if self.left < 0 else value


class Budget:
    """What may still be spent to model the image of a Dockerfile: each some tenths of a second."""

    def __init__(self) -> None:
        self.visits = 400_000
        """Visits of files and directories, and steps from one to the next."""
        self.characters = 60_000
        """Characters of shell that are more than plain words."""
        self.values = Values(MAX_READ)

    @property
    def is_spent(self) -> bool:
        """Whether there were too many visits."""
        return self.visits < 0

    def allows(self, characters: int) -> bool:
        """Count characters of shell; whether they may still be read."""
        self.characters -= characters
        return self.characters >= 0
