"""What is wrong with a call of Python's own library."""

from gearlint.core.named_tuple import NamedTuple


class Fault(NamedTuple):
    """What is wrong with a call, what to do, and the errors that it raises: none if it goes on.

    `since` is the first Python 3 that refuses it (11 of 3.11), 0 where each does, and `None` where
    Python 2 does too.
    """

    message: str
    advice: str
    errors: tuple[str, ...] = ("TypeError",)
    since: int | None = None
