"""The change of one file: its bytes before and after. Knows nothing of why."""

from gearlint.core.named_tuple import NamedTuple


class FileChange(NamedTuple):
    """One file that is to be changed.

    `path` is absolute and without links. With `makes_executable`, the file also gets its executable
    bits. `codes` has the code of each finding that the change fixes.
    """

    path: str
    before: bytes
    after: bytes
    makes_executable: bool = False
    codes: tuple[str, ...] = ()
