"""One module a sub-command: arguments in, exit code out."""

OK, FOUND, FAILED = 0, 1, 2
INTERRUPTED, BROKEN_PIPE = 130, 141
"""Exit codes: nothing at or above `fail-on`, something, trouble; those of a shell for signals."""
