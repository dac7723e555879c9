"""What R does with its arguments without a terminal, as in a job or while an image is built."""

from collections.abc import Sequence

_STILL_ASKS = frozenset((
    "--no-environ", "--no-init-file", "--no-restore", "--no-restore-data", "--no-site-file", "-q",
    "--quiet", "--restore", "--silent", "--verbose",
))  # fmt: skip
"""Options with which R does not know what to do with its workspace, so that it stops at once."""


def stops_at_once(args: Sequence[str]) -> bool:
    """Whether R certainly ends without having run anything, as with `R FILE` and `R < FILE`."""
    return args[:1] not in (["CMD"], ["RHOME"]) and all(
        arg in _STILL_ASKS or not arg.startswith("-") for arg in args
    )
