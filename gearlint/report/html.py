"""One page for people, with all in it: no address outside is opened, and it works from disk.

Needs Jinja2, which the extra `gearlint[html]` brings. Whatever a gear has in it is text here: the
template escapes it, and the policy of the page lets no other script run than its own.
"""

import hashlib
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from gearlint import __version__
from gearlint.core import limits
from gearlint.core.errors import GearlintError
from gearlint.core.finding import Finding, Severity
from gearlint.core.secrets import redacted
from gearlint.core.text import escaped
from gearlint.report.excerpt import excerpt
from gearlint.report.servers import PROJECT_URL, path_in, rule_url, url_of
from gearlint.report.summary import GearFacts, OfGear, Report, summary
from gearlint.rules import RULES

_RULES_SHOWN = 8
_KINDS = [severity.label for severity in sorted(Severity, reverse=True)]


def render(report: Report) -> Iterator[str]:
    """The lines of the page, without their ends. Raises GearlintError where Jinja2 is missing."""
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise GearlintError(
            "--output-format html needs Jinja2: run pip install 'gearlint[html]' in the virtual "
            "environment of gearlint, pipx inject gearlint jinja2, or, in its clone, "
            "uv tool install '.[html]'"
        ) from None
    directory = files("gearlint") / "report"
    template, style, script = (
        (directory / f"page.{suffix}").read_text(encoding="utf-8")
        for suffix in ("html.j2", "css", "js")
    )
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    page = environment.from_string(template).render(
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        script_hash=f"sha256-{b64encode(digest).decode()}",
        version=__version__,
        project_url=PROJECT_URL,
        date=time.strftime("%d %B %Y, %H:%M").lstrip("0"),
        date_iso=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        **_content(report),
    )
    yield from page.split("\n")


def _content(report: Report) -> dict[str, Any]:
    gears = [_gear(report, each) for each in report.gears]
    worst = Counter(gear["worst"] for gear in gears)
    by_severity = Counter(finding.severity.label for finding in report.findings)
    labels = {"error": "with errors", "warning": "with warnings", "info": "with info alone"}
    health = [
        {"kind": kind, "number": worst[kind], "label": labels.get(kind, "without a finding")}
        for kind in (*_KINDS, "sound")
    ]
    return {
        "gears": gears,
        "errors": [escaped(error) for error in report.errors],
        "rules": _rules(report),
        "health": health,
        "health_label": ", ".join(f"{part['number']} {part['label']}" for part in health),
        "totals": {
            "gears": len(gears),
            "sound": worst["sound"],
            "summary": summary(report),
            **{kind: by_severity[kind] for kind in _KINDS},
        },
    }


def _rules(report: Report) -> list[dict[str, Any]]:
    """The rules with most findings, and the share that each has of the first."""
    counts = Counter(finding.code for finding in report.findings)
    most = counts.most_common(_RULES_SHOWN)
    severities = {finding.code: finding.severity.label for finding in report.findings}
    return [
        {
            "code": code,
            "number": number,
            "percent": max(100 * number // most[0][1], 1),
            "severity": severities[code],
            "summary": RULES[code].documentation.summary.rstrip(".").replace("`", ""),
        }
        for code, number in most
    ]


def _gear(report: Report, gear: OfGear) -> dict[str, Any]:
    counts = Counter(finding.severity.label for finding in gear.findings)
    facts = report.facts.get(gear.path, GearFacts())
    path = escaped(path_in(report, gear.path))
    return {
        "label": escaped(redacted(facts.label or facts.name)) or path,
        "name": escaped(redacted(facts.name)) or path,
        "path": path,
        "version": escaped(redacted(facts.version)),
        "image": escaped(redacted(facts.image)),
        "tag": escaped(facts.last_tag),
        "worst": next((kind for kind in _KINDS if counts[kind]), "sound"),
        "findings": [_finding(report, finding) for finding in gear.findings],
        **{kind: counts[kind] for kind in _KINDS},
    }


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    source, at, line, carets = finding.source, finding.start, "", ""
    if not source.is_empty:
        line, carets = excerpt(source, finding.span, limits.SHOWN_LINE_COLUMNS)
    return {
        "code": finding.code,
        "severity": finding.severity.label,
        "message": finding.message,
        "help": finding.help,
        "rule_url": rule_url(finding.code),
        "url": url_of(report, source.path, at.line),
        "place": f"{escaped(path_in(report, source.path))}:{at.line}:{at.column}",
        "number": at.line,
        "line": line,
        "carets": carets,
        "fixable": finding.is_fixable,
    }
