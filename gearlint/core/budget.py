"""How much of something may yet be done; the numbers are in `limits`. Does not know of what."""

from gearlint.core.errors import TooMuchError


class Budget:
    """Counts down what is done, wherever it is done; `left` is negative after too much."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    @property
    def is_spent(self) -> bool:
        """Whether more was done than may be."""
        return self.left < 0

    def spend(self, amount: int) -> bool:
        """Count `amount`; returns whether that much may be done."""
        self.left -= amount
        return self.left >= 0

    def require(self, amount: int) -> None:
        """Count `amount`. Raises TooMuchError if that much may not be done."""
        if not self.spend(amount):
            raise TooMuchError
