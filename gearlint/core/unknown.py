"""The third answer beside yes and no: what the files of a gear do not show."""

from enum import Enum
from typing import Final


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
