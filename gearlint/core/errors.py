"""What gearlint says when it could not do its work, and what it stops at."""


class GearlintError(Exception):
    """An error that a person can fix; the message is one line that says what to do."""


class TooMuchError(Exception):
    """A stranger's input would take too long to look at: what it says is unknown."""
