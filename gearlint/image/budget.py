"""What may be spent on the model of one image: after that all is unknown, and nothing is said."""

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.unknown import UNKNOWN, Unknown

_READING = 100  # characters, for what is done besides


class Values:
    """How many characters of the values of variables may yet be read."""

    def __init__(self, characters: int) -> None:
        self._characters = Budget(characters)

    def read(self, value: str | Unknown | None) -> str | Unknown | None:
        """A variable's value, unknown after too many."""
        if isinstance(value, str) and not self._characters.spend(_READING + len(value)):
            return UNKNOWN
        return value


class ImageBudget:
    """What may yet be done to model the image of a Dockerfile, some tenths of a second each."""

    def __init__(self) -> None:
        self.visits = Budget(limits.IMAGE_VISITS)
        self.shell = Budget(limits.IMAGE_SHELL_CHARACTERS)
        self.values = Values(limits.IMAGE_VALUE_CHARACTERS)

    @property
    def is_spent(self) -> bool:
        """Whether so many files were visited that all is unknown."""
        return self.visits.is_spent
