"""The third answer beside yes and no: what the files of a gear do not say."""

TYPE_CHECKING = False  # as in core/named_tuple.py
if TYPE_CHECKING:
    from enum import Enum
    from typing import Final

    class Unknown(Enum):
        """The type of `UNKNOWN`: to type checkers an enumeration, of which they know the values."""

        UNKNOWN = "unknown"

    UNKNOWN: Final = Unknown.UNKNOWN
else:

    class Unknown:
        """The type of `UNKNOWN`, made in a twentieth of the time of an enumeration."""

        __slots__ = ()

    UNKNOWN = Unknown()
