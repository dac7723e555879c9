"""Other files that a bump changes, as the settings name them."""

from typing import NamedTuple

PLACEHOLDERS = ("version", "software", "gear", "name", "date")
"""What may be in braces in a `[[tool.gearlint.bump.files]]`."""


class BumpFile(NamedTuple):
    """A file that a bump changes: what is searched for in it, and what replaces that.

    `path` is relative to the directory of the settings. In all of them but `key`, `{version}` and
    the other placeholders are replaced by their values: of the old version in `search`, else of the
    new one. With `key`, the value at that key of a TOML or JSON file becomes `value`, and nothing
    is searched for.
    """

    path: str
    search: str = "{version}"
    replace: str = "{version}"
    key: str = ""
    value: str = "{version}"
