"""A gear's CHANGELOG: the versions it names, and the heading of what is not released yet."""

import re

from gearlint.core.finding import Edit
from gearlint.core.source import Source

NAMES = ("CHANGELOG.md", "CHANGELOG.rst", "CHANGELOG.txt", "CHANGELOG", "CHANGES.md", "HISTORY.md")

_UNRELEASED = re.compile(
    r"""
    ^ (?P<before> (?P<marks>\#{1,6}[ \t]+)? \[? ) unreleased (?P<after>\]?)
    (?: \([^)\n]*\) )? [ \t]* (?: [-\u2013\u2014(\#] [^\r\n]* )? (?=\r?$)
    (?P<underline> \r?\n (?P<mark>[-=~^"]) (?P=mark){2,} [ \t]* (?=\r?$) )?
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""A heading of Markdown, in both forms, or of reStructuredText. A date may follow in it."""


class Changelog:
    """One CHANGELOG, in Markdown, reStructuredText or plain text."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def names(self, version: str) -> bool:
        """Whether it names a version, and not only as a part of another one."""
        pattern = rf"(?<![0-9A-Za-z_.])[vV]?{re.escape(version)}(?![0-9A-Za-z_]|[.+-][0-9A-Za-z])"
        return re.search(pattern, self.source.text or "") is not None

    def released(self, version: str, date: str) -> list[Edit]:
        """The edits that release what is under the heading "Unreleased".

        They insert a heading with the version and the date below it, in the same style. No edits
        without such a heading.
        """
        text = self.source.text or ""
        found = _UNRELEASED.finditer(text)
        heading = next((match for match in found if match["marks"] or match["underline"]), None)
        if heading is None:
            return []
        newline = "\r\n" if "\r\n" in text else "\n"
        title = f"{heading['before']}{version}{heading['after']} - {date}"
        if heading["underline"]:
            title += newline + heading["mark"] * len(title)
        at = self.source.text_start + len(text[: heading.end()].encode())
        return [Edit(at, at, f"{newline}{newline}{title}".encode())]
