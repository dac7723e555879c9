"""Words of the specification by what people call them: fields, licenses, categories. No rules."""

import re
from collections.abc import Sequence

from gearlint.core.text import is_one_edit_away, nearest

_FAMILIES = {
    # A name of licenses: what they are called, by which the identifier is found.
    "AGPL": r"\bagpl|affero",
    "LGPL": r"\blgpl|lesser|library general",
    "GPL": r"\bgpl|gnu|general public",
    "Apache": r"\bapache|\basl\b",
    "BSD": r"bsd\b|\bbsd",
    "MPL": r"\bmpl|mozilla",
    "EPL": r"\bepl|eclipse",
    "CDDL": r"\bcddl|common development",
    "EUPL": r"\beupl",
    "CECILL": r"cecill(?!-?[bc]\b)",
    "Artistic": r"artistic",
    "Python": r"\bpsf|python",
    "MIT": r"\bmit\b|\bexpat\b",
    "ISC": r"\bisc\b",
    "Zlib": r"\bzlib",
    "BSL": r"\bboost",
    "NCSA": r"\bncsa|university of illinois",
    "W3C": r"\bw3c",
    "PostgreSQL": r"postgres",
    "Flywheel MSA": r"flywheel",
    "": r"\bcc0|\bcc-|\bcc\b|creative commons|public domain|unlicense|wtfpl|proprietary"
    r"|commercial|cecill-?[bc]\b",
}
_IN_OTHERS = {"GPL": ("AGPL", "LGPL")}  # whose long names have it in them
_NEWER = ("EPL", "EUPL")  # whose newest has no identifier
_BSD = {
    "0BSD": r"\b0-?bsd|\b(?:0|zero)[- ]clause",
    "BSD-2-Clause": r"\b(?:2|two)\b|simplified|freebsd|bsd-?2",
    "BSD-3-Clause": r"\b(?:3|three)\b|\bnew\b|revised|modified|bsd-?3",
}
_CATEGORIES = {
    "analysis": ("analytic", "pipeline", "process", "preprocess", "algorithm", "image processing"),
    "classifier": ("classif",),
    "converter": ("conver", "import", "export"),
    "qa": ("quality", "qc", "qa"),
    "utility": ("util", "tool", "curat", "helper"),
}

_FIELDS = {
    "cite": ("citation", "citations"),
    "config": ("configuration", "options", "parameters", "params"),
    "description": ("desc", "summary"),
    "environment": ("env", "envs"),
    "label": ("title",),
    "source": ("repo", "repository"),
    "url": ("homepage", "website"),
}
_NO_FIELDS = frozenset((
    "comment", "comments", "company", "outputs", "permissions", "requirements", "resources",
    "script", "suite",
))  # fmt: skip
"""Words that look like a field, and mean something else."""


def field_meant(text: str, missing: Sequence[str]) -> str:
    """The missing field that another word, or a misspelling, means; empty if there is none."""
    folded = text.casefold()
    if folded.strip("_") in _NO_FIELDS:
        return ""
    called = [field for field, words in _FIELDS.items() if folded in words]
    return nearest(text, missing) if not called else called[0] if called[0] in missing else ""


def licenses_meant(text: str, words: Sequence[str]) -> list[str]:
    """The identifiers in `words` that a license can mean by its family and its number.

    `Other` alone if it is a license that has none; empty if nothing is certain.
    """
    folded = " ".join(text.casefold().replace("_", "-").split())
    families = [name for name, called in _FAMILIES.items() if re.search(called, folded)]
    families = [one for one in families if not {*_IN_OTHERS.get(one, ())} & {*families}]
    if len(families) > 1:
        return []
    if not families:
        near = [word for word in words if len(word) > 4 and is_one_edit_away(text, word)]
        return near if len(near) == 1 else []
    family = families[0]
    if family == "BSD":
        return _bsd_meant(folded)
    known = [word for word in words if word == family or re.match(rf"{family}-\d[\d.]*\Z", word)]
    number = re.search(r"\d+(?:\.\d+)?", folded.replace("w3c", ""))
    if number is None:
        return [*known, "Other"] if family in _NEWER or not known else known
    wanted = number[0] if "." in number[0] else f"{number[0]}.0"
    return [word for word in known if word in (family, f"{family}-{wanted}")] or ["Other"]


def _bsd_meant(folded: str) -> list[str]:
    """The licenses of BSD with so many clauses; without a number, those that are usual."""
    meant = [word for word, called in _BSD.items() if re.search(called, folded)]
    if not meant and re.search(r"\d|four|original", folded):
        return ["Other"]
    return meant or ["BSD-2-Clause", "BSD-3-Clause"]


def category_meant(text: str, words: Sequence[str]) -> str:
    """The category that another word for it means; empty if there is none."""
    folded = text.casefold().replace("_", " ").replace("-", " ").strip()
    for word in words:
        if is_one_edit_away(folded, word) or folded == word:
            return word
    found = _categories_of(folded)
    named = [word for word in words if word in folded.split()]
    if not found and len(named) == 1:  # unless another word is one of another category
        found = set.union({*named}, *map(_categories_of, folded.split()))
    return found.pop() if len(found) == 1 and len(named) < 2 else ""


def category_seen(text: str) -> str:
    """The category that a name or label has a word for, `analysis` if none: any may be a tool."""
    found: set[str] = set().union(*map(_categories_of, re.split(r"[\W_]+", text.casefold())))
    found -= {"analysis", "utility"}
    return found.pop() if len(found) == 1 else "analysis"


def _categories_of(text: str) -> set[str]:
    """The categories that a text is called by at its beginning."""
    return {word for word, beginnings in _CATEGORIES.items() if text.startswith(beginnings)}
