"""The errors of gearlint: what a person can correct, and what takes too long."""


class GearlintError(Exception):
    """An error that a person can correct. The message is one line that says how."""


class TooMuchError(Exception):
    """An input takes too long to read: what it means is unknown."""
