"""What gearlint says when it could not do its work: one line, and exit code 2."""


class GearlintError(Exception):
    """Trouble that a person can mend; the message is one line that says what to do."""
