"""The third answer beside yes and no: what the files of a gear do not say."""

from enum import Enum

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from typing import Final


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: "Final" = Unknown.UNKNOWN
