"""Other files that a bump changes, as the settings name them."""

from typing import NamedTuple

PLACEHOLDERS = ("version", "software", "gear", "name", "date")
"""What may be in braces in a `[[tool.gearlint.bump.files]]`."""


class BumpFile(NamedTuple):
    """A file that a bump changes: what is searched for in it, and what replaces that.

    `path` is relative to the directory of the settings. In all three, `{version}` and the other
    placeholders are replaced by their values: of the old version in `search`, else of the new one.
    """

    path: str
    search: str = "{version}"
    replace: str = "{version}"
