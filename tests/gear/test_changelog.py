"""What a CHANGELOG says of a version, and what it becomes when one is released."""

import pytest

from gearlint.core.finding import applied
from gearlint.core.source import Source
from gearlint.gear.changelog import Changelog

DATE = "2026-01-02"
COMPARE = "https://x.org/a/compare"


def changelog(text: str) -> Changelog:
    return Changelog(Source("CHANGELOG.md", text.encode()))


# (before, after, note): version 2.1 with the tag v2.1 is released.
RELEASED = [
    # below Unreleased
    ("\ufeff## [é] [Unreleased]\n", None, "has no heading Unreleased, and none of a version: 2.1 is not added"),
    ("\ufeff# É\n## Unreleased\n- é\n", f"\ufeff# É\n## Unreleased\n\n## 2.1 - {DATE}\n- é\n", ""),
    ("# é\n## [Unreleased]\n- é\n", f"# é\n## [Unreleased]\n\n## [2.1] - {DATE}\n- é\n", ""),
    ("## 1.0\n- a\n## Unreleased\n- b\n", f"## 1.0\n- a\n## Unreleased\n\n## 2.1 - {DATE}\n- b\n", ""),
    ("Unreleased\n~~~~~~~~~~\n* a\n", f"Unreleased\n~~~~~~~~~~\n\n2.1 - {DATE}\n{16 * '~'}\n* a\n", ""),
    ("Unreleased\n--\n* a\n", None, "has no heading Unreleased, and none of a version: 2.1 is not added"),
    # nothing under it
    ("## Unreleased\n### Added\n### Fixed\n\n## 1.0\n- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n### Added\n### Fixed\n\n## 1.0\n- a\n", "has nothing under Unreleased"),
    ("## Unreleased\n<!-- a -->\n<!-- b\n-->\n", f"## Unreleased\n\n## 2.1 - {DATE}\n<!-- a -->\n<!-- b\n-->\n", "has nothing under Unreleased"),
    ("## Unreleased\n### 1.0\n- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n### 1.0\n- a\n", "has nothing under Unreleased"),
    ("## Unreleased\n# News\n- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n# News\n- a\n", "has nothing under Unreleased"),
    # something under it
    ("## Unreleased\n### Added\n- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n### Added\n- a\n", ""),
    ("## Unreleased\n### Added\n### Fixed\n- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n### Added\n### Fixed\n- a\n", ""),
    ("<!-- ## Unreleased --><!--\n## 1.0\n-->\n## 2.0\n", "<!-- ## Unreleased --><!--\n## 1.0\n-->\n## 2.1\n\n## 2.0\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("<!--\n## 1.0\n-->\n", None, "has no heading Unreleased, and none of a version: 2.1 is not added"),
    ("## Unreleased\n<!-- a --> b\n", f"## Unreleased\n\n## 2.1 - {DATE}\n<!-- a --> b\n", ""),
    ("## Unreleased\n<!-- a\n", f"## Unreleased\n\n## 2.1 - {DATE}\n<!-- a\n", ""),
    ("## Unreleased\n- a\n### Unreleased\n", f"## Unreleased\n\n## 2.1 - {DATE}\n- a\n### Unreleased\n", ""),
    # above the newest version
    ("# Log\n\n## v2.0\n- a\n## v1.0\n", "# Log\n\n## v2.1\n\n## v2.0\n- a\n## v1.0\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("Log\n===\n\n2.0\n---\n", "Log\n===\n\n2.1\n---\n\n2.0\n---\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("===\n1.0\n===\n\n2.0\n---\n", "===\n1.0\n===\n\n2.1\n---\n\n2.0\n---\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("-\n1.0\n---\n", "-\n2.1\n---\n\n1.0\n---\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("## 2.0 - Jan 3rd, 2025\n", f"## 2.1 - {DATE}\n\n## 2.0 - Jan 3rd, 2025\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("## [2.0] (3 January 2025)\n", f"## [2.1] ({DATE})\n\n## [2.0] (3 January 2025)\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("## 2.0 2025/01/03\n", f"## 2.1 {DATE}\n\n## 2.0 2025/01/03\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("## 2.0, 03.01.2025\n", f"## 2.1, {DATE}\n\n## 2.0, 03.01.2025\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    ("## 3 January 2025\n", None, "has no heading Unreleased, and none of a version: 2.1 is not added"),
    ("## 2.0 - 1/2-2025\n## 2.0 Jan\n## 2.0 - the news\n", None, "has no heading Unreleased, and none of a version: 2.1 is not added"),
    ("```\n## Unreleased\n```\n## 2.0\n", "```\n## Unreleased\n```\n## 2.1\n\n## 2.0\n", "has no heading Unreleased: 2.1 is inserted without notes"),
    # links
    (f"## [Unreleased]\n- a\n\n[Unreleased]: {COMPARE}/v2.0...\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n\n[Unreleased]: {COMPARE}/v2.0...\n", ""),
    (f"## [Unreleased]\n- a\n\n[Unreleased]: {COMPARE}/...HEAD\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n\n[Unreleased]: {COMPARE}/...HEAD\n", ""),
    (f"## Unreleased\n- a\n\n[unreleased]: {COMPARE}/v2.0...HEAD\n", f"## Unreleased\n\n## 2.1 - {DATE}\n- a\n\n[unreleased]: {COMPARE}/v2.1...HEAD\n", ""),
    (f"## [Unreleased]\n- a\n## [2.0]\n\n[2.0]: {COMPARE}/v1.0...v2.0\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n## [2.0]\n\n[2.1]: {COMPARE}/v2.0...v2.1\n[2.0]: {COMPARE}/v1.0...v2.0\n", ""),
    (f"## [Unreleased]\n- a\n## [2.0]\n\n[2.0]: {COMPARE}/v1.0\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n## [2.0]\n\n[2.0]: {COMPARE}/v1.0\n", ""),
    (f"## [Unreleased]\n- a\n## [2.0]\n\n[2.0]: {COMPARE}/v1.0...v1.9\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n## [2.0]\n\n[2.0]: {COMPARE}/v1.0...v1.9\n", ""),
    ("## [Unreleased]\n- a\n## [2.0]\n\n[2.0]: https://x.org/a/tags/v1.9\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n## [2.0]\n\n[2.0]: https://x.org/a/tags/v1.9\n", ""),
    ("## [Unreleased]\n- a\n## [2.0]\n\n[1.0]: https://x.org/a/tags/v1.0\n", f"## [Unreleased]\n\n## [2.1] - {DATE}\n- a\n## [2.0]\n\n[1.0]: https://x.org/a/tags/v1.0\n", ""),
    ("## Unreleased\n- a\n## 2.0\n\n[2.0]: https://x.org/a/tags/v2.0\n", f"## Unreleased\n\n## 2.1 - {DATE}\n- a\n## 2.0\n\n[2.0]: https://x.org/a/tags/v2.0\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "note"), RELEASED, ids=range(len(RELEASED)))
def test_released(before: str, after: str | None, note: str) -> None:
    released = changelog(before).released("2.1", "v2.1", DATE)
    made = applied(before.encode(), sorted(released.edits)).decode()
    assert (made, released.note) == (before if after is None else after, note)


def test_what_is_not_utf_8_is_left() -> None:
    source = Source("CHANGELOG.md", "## Unreleased\n- é\n".encode("latin-1"))
    released = Changelog(source).released("2.1", "v2.1", DATE)
    assert released == ([], "is not UTF-8: 2.1 is not added")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Log\n## 2.1 (Unreleased)\n- a\n", f"# Log\n## 2.1 ({DATE})\n- a\n"),
        ("v2.1 - unreleased\n-----------------\n", f"v2.1 - {DATE}\n-----------------\n"),
        ("## Unreleased (2.1)\n", None),
        ("## 2.1\n## 2.2 - unreleased\n", None),
        ("## 2.1 - not unreleasedable\n", None),
    ],
)
def test_date_for_the_word_unreleased(before: str, after: str | None) -> None:
    made = applied(before.encode(), changelog(before).dated("2.1", DATE)).decode()
    assert made == (before if after is None else after)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("## 2.1\n\n \n- a\n\n## 2.0\n- b\n", "- a"),
        ("## 2.1\n### Added\n- a\n#### More\n- b\n### 2.0\n- c\n", "### Added\n- a\n#### More\n- b"),
        ("## 2.1\n- a\n### Unreleased\n- b\n", "- a"),
        ("## 2.1\n- a\n# News\n- b\n", "- a"),
        ("## About 2.1\n- x\n## 2.1\n- a\n", "- a"),
        ("## About 2.1\n- x\n", "- x"),
        ("## 2.1\n- [A] and [b]\n\n[a]: x/1\n[B]: x/2\n[c]: x/3\n", "- [A] and [b]\n\n[a]: x/1\n[B]: x/2"),
        ("## 2.1\r\n- [A]\r\n\r\n[a]: x/1\r\n", "- [A]\r\n\r\n[a]: x/1"),
        ("## v2.1\n- a\n", "- a"),
        ("## 2.10\n- a\n## 2.1.1\n- b\n## 12.1\n- c\n## 2.1-rc\n- d\n", None),
        ("2.1\n", None),
        ("```\n## 2.1\n```\n", None),
    ],
)  # fmt: skip
def test_notes(text: str, notes: str | None) -> None:
    assert changelog(text).notes(["9.9", "2.1"]) == notes


def test_notes_of_what_is_not_released() -> None:
    assert changelog("## 2.1\n- a\n").unreleased_notes() is None
    assert changelog("## 2.1\n- a\n## Unreleased\n- b\n## 2.0\n").unreleased_notes() == "- b"


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("see v2.1", True),
        ("(2.1)", True),
        ("2.1.", True),
        ("12.1", False),
        ("2.1.0", False),
        ("2.1_1", False),
        ("1.2.1", False),
        ("2.1-rc", False),
    ],
)
def test_version_that_is_named(text: str, is_named: bool) -> None:
    assert changelog(text).names("2.1") is is_named
    assert not changelog(text).has_heading_of("2.1")
    assert changelog(f"## {text}").has_heading_of("2.1") is is_named
