"""A gear's CHANGELOG: the versions it names, what it says of each, and the heading of the next."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gearlint.core.finding import Edit
from gearlint.core.lazy import cached_property, regex
from gearlint.core.named_tuple import NamedTuple
from gearlint.core.source import Source

NAMES = ("CHANGELOG.md", "CHANGELOG.rst", "CHANGELOG.txt", "CHANGELOG", "CHANGES.md", "HISTORY.md")

_HEADING = regex(
    r"""
    ^ (?: (?P<marks> \#{1,6}[ \t]+ ) (?P<title> [^\r\n]+ )
      | (?P<underlined> [^\s\#>+*|-] [^\r\n]* ) \r?\n (?P<mark> [-=~^"] ) (?P=mark){2,} [ \t]*
        (?=\r?$)
      )
    """,
    re.MULTILINE | re.VERBOSE,
)
"""A heading of Markdown, in both forms, or of reStructuredText."""

_UNRELEASED = regex(
    r"(\[?)unreleased(\]?)(?:\([^)]*\))?[ \t]*(?:[-\u2013\u2014(#].*)?\Z", re.IGNORECASE
)
"""The title of what is not released yet. A date may follow in it."""

_VERSION = regex(
    r"""
    (?P<before> (?: (?:[Vv]ersion|[Rr]elease) [ \t]+ )? \[? )
    (?P<version> v?[0-9][0-9A-Za-z_.+-]* ) (?P<after> \]? ) (?: \([^)]*\) )?
    (?: (?P<between> [ \t]* [-\u2013\u2014(,:] [ \t]* | [ \t]+ (?=[0-9]+[-./]) )
        (?P<date> [0-9]{1,4} (?P<mark> [-./] ) [0-9]{1,2} (?P=mark) [0-9]{1,4}
          | (?: [0-9]{1,2} [a-z]{0,2} [ ] )?
            (?: Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec ) [a-z]{0,6} \.? [ ]
            (?: [0-9]{1,2} [a-z]{0,2} ,? [ ] )? [0-9]{4} )
        (?P<end> \)? ) )? [ \t]* \#* \Z
    """,
    re.VERBOSE,
)
"""The title of a version, maybe with its date, in figures or with the name of the month."""

_WORD_UNRELEASED = regex(r"\bunreleased\b", re.IGNORECASE)

_LINK = regex(r"^\[(?P<label>[^\]\n]+)\]:[ \t]*(?P<target>\S+)[ \t]*(?=\r?$)", re.MULTILINE)

_BLANK_LINES = regex(r"\A(?:[ \t]*\r?\n)+")

_LABEL = regex(r"\[([^\[\]\n]+)\]")

_AT_TAG = regex(r"(?P<before>.*/(?:releases/tag|tags|tree)/)(?P<tag>[^?#]+)\Z")
"""The address of one release."""


class Released(NamedTuple):
    """The edits that release a version, and what there is to say of them, or an empty string."""

    edits: list[Edit]
    note: str


class _Heading(NamedTuple):
    """Where a heading is in the text, its level (1 is the topmost), its title, and its form.

    `mark` is that of the line below it, empty where `marks` are before the title.
    """

    start: int
    end: int
    level: int
    title: str
    marks: str
    mark: str

    def like(self, title: str, newline: str) -> str:
        """Another heading of this form."""
        return f"{self.marks}{title}" + (newline + self.mark * len(title) if self.mark else "")


class Changelog:
    """One CHANGELOG, in Markdown, reStructuredText or plain text."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def _text(self) -> str:
        return self.source.text or ""

    @cached_property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    @cached_property
    def _visible(self) -> str:
        """The text with spaces for code and comments of Markdown, in which no heading is one."""
        return _without_comments(_without_code(self._text))

    @cached_property
    def _headings(self) -> list[_Heading]:
        found, marks = [], list[str]()
        for match in _HEADING.finditer(self._visible):
            mark, start = match["mark"] or "", match.start()
            above = tuple(f"{mark * 3}{end}" for end in ("\n", "\r\n"))
            if mark and self._visible.endswith(above, 0, start):
                continue  # with a line above it too, it is the title of the document
            if mark and mark not in marks:
                marks.append(mark)
            title = (match["title"] or match["underlined"]).rstrip()
            level = marks.index(mark) + 1 if mark else len(match["marks"].rstrip())
            found.append(_Heading(start, match.end(), level, title, match["marks"] or "", mark))
        return found

    @cached_property
    def _unreleased(self) -> "tuple[_Heading, re.Match[str]] | None":
        """The topmost heading "Unreleased", and the match of its title."""
        return self._topmost(_UNRELEASED)

    @cached_property
    def _newest(self) -> "tuple[_Heading, re.Match[str]] | None":
        """The topmost heading that is a version, and the match of its title."""
        return self._topmost(_VERSION)

    def _topmost(self, pattern: "re.Pattern[str]") -> "tuple[_Heading, re.Match[str]] | None":
        matches = ((heading, pattern.match(heading.title)) for heading in self._headings)
        return next(((heading, match) for heading, match in matches if match), None)

    def names(self, version: str) -> bool:
        """Whether it names a version, and not only as a part of another one."""
        return _pattern_of(version).search(self._text) is not None

    def has_heading_of(self, version: str) -> bool:
        """Whether a heading names a version."""
        pattern = _pattern_of(version)
        return any(pattern.search(heading.title) for heading in self._headings)

    def dated(self, version: str, date: str) -> list[Edit]:
        """The edits that put a date for "unreleased" behind a version in its heading."""
        pattern = _pattern_of(version)
        for heading in self._headings:
            named, word = pattern.search(heading.title), _WORD_UNRELEASED.search(heading.title)
            if named and word and named.end() < word.start():
                start = heading.start + len(heading.marks)
                return [self._replacement(start + word.start(), start + word.end(), date)]
        return []

    # --- what it says

    def notes(self, versions: Sequence[str]) -> str | None:
        """What is under the heading of a version, which may be called any of `versions`.

        Without the links at the end of the text, but for those that it refers to. `None` where
        there is no such heading.
        """
        for version in versions:
            pattern = _pattern_of(version)
            found = [one for one in self._headings if pattern.search(one.title)]
            if found:
                titles = (one for one in found if _VERSION.match(one.title))
                return self._below(next(titles, found[0]))
        return None

    def unreleased_notes(self) -> str | None:
        """What is under the heading "Unreleased", `None` without one."""
        return None if self._unreleased is None else self._below(self._unreleased[0])

    def _below(self, heading: _Heading) -> str:
        section = self._text[heading.end : self._end_of(heading)]
        body = _BLANK_LINES.sub("", _LINK.sub("", section)).rstrip()
        labels = {label.lower() for label in _LABEL.findall(body)}
        found = _LINK.finditer(self._text)
        links = [match[0].rstrip() for match in found if match["label"].lower() in labels]
        return self._newline.join([body, "", *links] if links else [body])

    def _end_of(self, heading: _Heading) -> int:
        """Where the section of a heading ends: at the next of its level, or of a version."""
        for other in self._headings:
            if other.start > heading.start and (
                other.level <= heading.level
                or _VERSION.match(other.title)
                or _UNRELEASED.match(other.title)
            ):
                return other.start
        return len(self._text)

    def _is_empty(self, heading: _Heading) -> bool:
        """Whether there is nothing below a heading but other headings, comments and links."""
        end = self._end_of(heading)
        inner = [one for one in self._headings if heading.start < one.start < end]
        places = [(heading.end, heading.end), *((one.start, one.end) for one in inner), (end, end)]
        between = pairwise(places)
        texts = [self._visible[before[1] : after[0]] for before, after in between]
        return not any(_LINK.sub("", text).strip() for text in texts)

    # --- releasing a version

    def released(self, version: str, tag: str, date: str) -> Released:
        """The edits that release a version with this tag, and what there is to say of that.

        They insert a heading with the version and the date, in the style of the others: below the
        heading "Unreleased", so that what was under it is the version's, else above that of the
        newest version. A link of "Unreleased" that compares with the last release is moved, and one
        of the version added. No edits without either heading.
        """
        if self.source.text is None:
            return Released([], f"is not UTF-8: {version} is not added")
        if self._unreleased is None:
            return self._above(version, tag, date)
        heading, found = self._unreleased
        opening, closing = found.groups()
        version = self._label(version)
        new = heading.like(f"{opening}{version}{closing} - {date}", self._newline)
        edits = [self._insertion(heading.end, f"{self._newline}{self._newline}{new}")]
        edits += self._links(version, tag, adds=bool(opening))
        return Released(edits, "has nothing under Unreleased" if self._is_empty(heading) else "")

    def _above(self, version: str, tag: str, date: str) -> Released:
        """A heading above that of the newest version, in its style."""
        if self._newest is None:
            note = f"has no heading Unreleased, and none of a version: {version} is not added"
            return Released([], note)
        heading, found = self._newest
        label = self._label(version)
        title = f"{found['before']}{label}{found['after']}"
        title += f"{found['between']}{date}{found['end']}" if found["date"] else ""
        new = heading.like(title, self._newline) + self._newline * 2
        edits = [self._insertion(heading.start, new)]
        edits += self._links(label, tag, adds=found["before"].endswith("["))
        return Released(edits, f"has no heading Unreleased: {version} is inserted without notes")

    def _label(self, version: str) -> str:
        """A version as the headings write it: with a `v` where the newest has one."""
        has_v = self._newest is not None and self._newest[1]["version"].startswith("v")
        return f"v{version.removeprefix('v')}" if has_v else version

    def _links(self, label: str, tag: str, *, adds: bool) -> Iterator[Edit]:
        """Moves the link of "Unreleased" to the tag, and with `adds` adds one of the version."""
        links = {match["label"].lower(): match for match in _LINK.finditer(self._text)}
        if link := links.get("unreleased"):
            url, compares, ends = link["target"].rpartition("/compare/")
            since, _, to = ends.partition("...")
            if compares and since and to:
                start = link.start("target") + len(url) + len(compares)
                yield self._replacement(start, start + len(since), tag)
                if adds:
                    new = f"[{label}]: {url}{compares}{since}...{tag}"
                    yield self._insertion(link.end(), f"{self._newline}{new}")
                return
        newest = self._newest[1]["version"] if self._newest else ""
        if adds and (last := links.get(newest.lower())):
            target = _next_address(last["target"], newest, tag)
            if target is not None:
                yield self._insertion(last.start(), f"[{label}]: {target}{self._newline}")

    def _insertion(self, at: int, text: str) -> Edit:
        return self._replacement(at, at, text)

    def _replacement(self, start: int, end: int, text: str) -> Edit:
        """An edit by the characters of the text."""
        return Edit(*self.source.span_of_text(start, end), text.encode())


def _pattern_of(version: str) -> "re.Pattern[str]":
    return re.compile(
        rf"(?<![0-9A-Za-z_.])[vV]?{re.escape(version)}(?![0-9A-Za-z_]|[.+-][0-9A-Za-z])"
    )


def _next_address(target: str, version: str, tag: str) -> str | None:
    """The address of a release after that of the one before; `None` where it is not clear."""
    url, compares, ends = target.rpartition("/compare/")
    _, dots, last = ends.partition("...")
    if compares and dots and version in last:
        return f"{url}{compares}{last}...{tag}"
    found = _AT_TAG.match(target)
    return f"{found['before']}{tag}" if found and version in found["tag"] else None


def _without_code(text: str) -> str:
    lines, is_code = [], False
    for line in text.split("\n"):
        is_fence = line.lstrip().startswith("```")
        lines.append(_blank(line) if is_code or is_fence else line)
        is_code = is_code != is_fence
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    pieces, end = [], 0
    while (start := text.find("<!--", end)) != -1 and (close := text.find("-->", start)) != -1:
        pieces += [text[end:start], _blank(text[start : close + 3])]
        end = close + 3
    return "".join([*pieces, text[end:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
