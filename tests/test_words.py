"""The words of messages, help and documentation are those of the users."""

import re

import pytest

from tests.readme import ROOT

WORDS = {
    r"told(?! (?:apart|from)\b)|tells(?! \w+ from\b)": "reported, reports",
    r"mend(?:s|ed|ing)?": "fix",
    r"troubles?": "errors",
    r"blanks?": "space, whitespace",
    r"its bit|no bit|the bit": "executable bit, permission",
    r"folders?": "directory",
    r"(?<!there )is no (?!longer\b|such\b|more\b)\w+|nothing is for certain": "is not a",
    r"beginnings of codes": "prefixes",
    r"in force": "effective",
    r"in (?:the|its|their) place of|stands? for": "instead of, is",
    r"effort": "budget",
    r"could not do its work": "error",
}
"""Each with what is written instead."""

ALLOWED = {
    ("gearlint/syntax/dockerfile/broken_list.py", "told"): "what can be told of a list",
    ("gearlint/syntax/jsontext/parser.py", "blank"): "the name of a variable",
    ("CONTRIBUTING.md", "blank"): "a blank line is what it is called",
    ("CONTRIBUTING.md", "blanks"): "blank lines",
}
"""Where such a word means something else."""

FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("schemas/*.json"),
        *ROOT.glob("gearlint/**/*.py"),
    )
    if "_built" not in path.parts
)


@pytest.mark.parametrize("file", FILES)
def test_words(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for words, instead in WORDS.items():
        for match in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE):
            if (file, match[0].lower()) not in ALLOWED:
                line = text.count("\n", 0, match.start()) + 1
                pytest.fail(f'{file}:{line}: "{match[0]}": write {instead}')
