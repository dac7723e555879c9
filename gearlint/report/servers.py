"""What the formats for CI servers share: paths from the repository's root, fingerprints, links."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from gearlint.core.finding import Finding, Severity
from gearlint.core.source import relative_path
from gearlint.report.summary import Report
from gearlint.rules import RULES

PROJECT_URL = "https://github.com/your-site/gearlint"
"""The address of this project: `make address URL=...` sets it here and in all other files."""


def rule_url(code: str) -> str:
    """The address of the page of a rule."""
    return f"{PROJECT_URL}/blob/main/docs/rules.md#{code.lower()}-{RULES[code].name}"


def path_in(report: Report, path: str) -> str:
    """A path with `/`, from the repository's root on; absolute if it is outside of it."""
    absolute = os.path.abspath(path)
    relative = relative_path(absolute, report.root or os.curdir)
    return absolute.replace(os.sep, "/") if relative.split("/")[0] == os.pardir else relative


def encoded(path: str) -> str:
    """A path as part of an address. Bytes that are not UTF-8 stay what they are."""
    return quote(path.encode("utf-8", "surrogateescape"), safe="/")


def url_of(report: Report, path: str, line: int | None = None) -> str:
    """The address of a line of a file; empty where it has none."""
    place = path_in(report, path)
    if not report.files_url or os.path.isabs(place):
        return ""
    return f"{report.files_url}{encoded(place)}" + (f"#L{line}" if line else "")


def fingerprints(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each finding with a text that no other has, and that it keeps when lines are added above."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in report.findings:
        key = (finding.code, path_in(report, finding.source.path), finding.message)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        yield finding, hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def by_severity(words: tuple[str, str, str]) -> dict[Severity, str]:
    """The words that a format has for info, warning and error."""
    return dict(zip(Severity, words, strict=True))
