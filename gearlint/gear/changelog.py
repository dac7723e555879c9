"""A gear's CHANGELOG: the versions it names, and the heading of what is not released yet."""

import re
from collections.abc import Iterator

from gearlint.core.finding import Edit
from gearlint.core.named_tuple import NamedTuple
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


_VERSION_HEADING = re.compile(
    r"""
    ^ (?P<before> \#{1,6}[ \t]+ \[? ) (?P<version> v?[0-9][0-9A-Za-z_.+-]* ) (?P<after>\]?)
    (?: \([^)\n]*\) )?
    (?: (?P<between> [ \t]* [-\u2013\u2014(] [ \t]* ) (?P<date> [0-9]{4}-[0-9]{2}-[0-9]{2} )
        (?P<end> \)? ) )?
    [ \t]* (?=\r?$)
    """,
    re.MULTILINE | re.VERBOSE,
)
"""A heading of Markdown with a version, and maybe a date."""

_UNRELEASED_LINK = re.compile(
    r"^\[unreleased\]:[ \t]*(?P<target>\S+)[ \t]*(?=\r?$)", re.IGNORECASE | re.MULTILINE
)
"""The link of "Unreleased", as keep-a-changelog has it."""

_LINK = re.compile(r"\[[^\]\n]+\]:")


class Released(NamedTuple):
    """The edits that release a version, and what there is to say of them, or an empty string."""

    edits: list[Edit]
    note: str


class Changelog:
    """One CHANGELOG, in Markdown, reStructuredText or plain text."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def names(self, version: str) -> bool:
        """Whether it names a version, and not only as a part of another one."""
        pattern = rf"(?<![0-9A-Za-z_.])[vV]?{re.escape(version)}(?![0-9A-Za-z_]|[.+-][0-9A-Za-z])"
        return re.search(pattern, self.source.text or "") is not None

    def released(self, version: str, tag: str, date: str) -> Released:
        """The edits that release a version with this tag, and what there is to say of that.

        They insert a heading with the version and the date, in the style of the others: below the
        heading "Unreleased", so that what was under it is the version's, else above that of the
        newest version. A link of "Unreleased" that compares with the last release is moved, and one
        of the version added. No edits without either heading.
        """
        text = self.source.text or ""
        found = _UNRELEASED.finditer(text)
        heading = next((match for match in found if match["marks"] or match["underline"]), None)
        if heading is None:
            return self._above(version, date)
        newline = "\r\n" if "\r\n" in text else "\n"
        title = f"{heading['before']}{version}{heading['after']} - {date}"
        if heading["underline"]:
            title += newline + heading["mark"] * len(title)
        edits = [self._insertion(heading.end(), f"{newline}{newline}{title}")]
        edits += self._moved_link(version, tag, adds=heading["before"].endswith("["))
        rest = text[heading.end() :].lstrip()
        is_empty = not rest or (_VERSION_HEADING.match(rest) or _LINK.match(rest)) is not None
        return Released(edits, "has nothing under Unreleased" if is_empty else "")

    def _above(self, version: str, date: str) -> Released:
        """A heading above that of the newest version, in its style, but without its link."""
        text = self.source.text or ""
        heading = _VERSION_HEADING.search(text)
        if heading is None:
            return Released([], "")
        newline = "\r\n" if "\r\n" in text else "\n"
        has_v = heading["version"].startswith("v") and not version.startswith("v")
        title = f"{heading['before']}{'v' if has_v else ''}{version}{heading['after']}"
        title += f"{heading['between']}{date}{heading['end']}" if heading["date"] else ""
        new = f"{title}{newline}{newline}"
        note = f"has no heading Unreleased: {version} is inserted without notes"
        return Released([self._insertion(heading.start(), new)], note)

    def _moved_link(self, version: str, tag: str, *, adds: bool) -> Iterator[Edit]:
        """Moves the link of "Unreleased" to the tag, and adds one of the version."""
        text = self.source.text or ""
        link = _UNRELEASED_LINK.search(text)
        if link is None:
            return
        url, compares, range_ = link["target"].rpartition("/compare/")
        since, dots, to = range_.partition("...")
        if not (compares and since and dots and to == "HEAD"):
            return
        start = link.start("target") + len(url) + len(compares)
        yield self._replacement(start, start + len(since), tag)
        if adds:
            newline = "\r\n" if "\r\n" in text else "\n"
            new = f"{newline}[{version}]: {url}{compares}{since}...{tag}"
            yield self._insertion(link.end(), new)

    def _insertion(self, at: int, text: str) -> Edit:
        return self._replacement(at, at, text)

    def _replacement(self, start: int, end: int, text: str) -> Edit:
        """An edit by the characters of the text."""
        before = self.source.text or ""
        first = self.source.text_start + len(before[:start].encode())
        return Edit(first, first + len(before[start:end].encode()), text.encode())
