"""Which names the files of a gear mention: what is never mentioned is never read, or made."""

import posixpath
import re

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from gearlint.core.lazy import regex
from gearlint.image.context import Context

_SKIPPED = frozenset((
    "test", "tests", "doc", "docs", "node_modules", "venv", "examples", "notebooks",
    "manifest.json",
))  # fmt: skip
"""What is not code that a run of the gear reads, or not its own; hidden files are not either."""
_PROSE = regex(
    r"(?i)\.(?:md|rst|pdf|png|jpe?g|gif|svg|ipynb|lock|nii|gz|zip|mat|csv)\Z|\Alicen[cs]e|\Achange"
)
_ALL_INPUTS = regex(r"/input/?(?:[\"'\s)*]|$)|[\"']input/?[\"']|INPUT_DIR\b|input_dir\b")

_PATH_PART = regex(r"[/\"']([A-Za-z_][\w-]*+)(?=[/\"'])")


def texts_of(context: Context) -> list[str] | None:
    """The texts of the context that may be code, `None` where there are too many."""
    found: list[str] = []
    pending, characters = [""], Budget(limits.SEARCHED_CHARACTERS)
    while pending:
        here = pending.pop()
        try:
            names = context.names(here)
        except TooMuchError:
            return None
        for name in names:
            path = posixpath.join(here, name)
            if name in _SKIPPED or name.startswith(".") or _PROSE.search(name):
                continue
            entry = context.on_disk(path)
            if entry is not None and entry.kind == "directory":
                pending.append(path)
            elif entry is not None and entry.kind == "file":
                text = context.text_of(posixpath.join(context.directory, path))
                if text is None or "\0" in text:
                    continue
                if not characters.spend(len(text)) or len(found) > limits.SEARCHED_FILES:
                    return None
                found.append(text)
    return found


def unmentioned(names: list[str], texts: list[str]) -> list[str]:
    """Those names that no text has as a word."""
    found = []
    for name in names:
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        if not any(name in text and pattern.search(text) for text in texts):
            found.append(name)
    return found


def reads_input_directory(texts: list[str]) -> bool:
    """Whether a text names the directory of the inputs as a whole."""
    return any("nput" in text.lower() and _ALL_INPUTS.search(text) for text in texts)


def path_parts(text: str) -> set[str]:
    """The names in a text that stand alone in quotes, or between the slashes of a path."""
    return set(_PATH_PART.findall(text))
