"""Other files that a bump changes, as the settings name them."""

from typing import NamedTuple

PLACEHOLDERS = ("version", "software", "gear", "name", "date")
"""What may stand in braces in a `[[tool.gearlint.bump.files]]`."""


class BumpFile(NamedTuple):
    """A file that a bump changes: what is found in it, and what takes the place of that.

    `path` is relative to the directory of the settings; in all three, `{version}` and the other
    placeholders stand for a value: of the old version in `search`, else of the new one.
    """

    path: str
    search: str = "{version}"
    replace: str = "{version}"
