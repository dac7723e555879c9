"""Sets the project's address in all files: `python -m tests.address https://github.com/me/gearlint`."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_SUFFIXES = {".md", ".py", ".toml", ".yml", ".yaml"}
_PLACES = (".github", "docs", "gearlint", "templates")


def files() -> Iterator[Path]:
    """The files that may name the address."""
    yield from (path for path in PROJECT.iterdir() if path.is_file() and path.suffix in _SUFFIXES)
    for place in _PLACES:
        for path in (PROJECT / place).rglob("*"):
            if path.suffix in _SUFFIXES and "_built" not in path.parts:
                yield path


def address() -> str:
    """The address now, as in `[project.urls]`."""
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(pyproject["project"]["urls"]["Homepage"])


def owner_and_name(url: str) -> str:
    """`owner/name` of an address."""
    return url.split("/", 3)[3]


def main() -> None:
    """Replace the address, and `owner/name` after another server's name, everywhere."""
    if len(sys.argv) != 2 or not re.fullmatch(r"https://[\w.-]+/[\w./-]+[\w-]", sys.argv[1]):
        sys.exit("usage: make address URL=https://github.com/OWNER/NAME")
    old, new = address(), sys.argv[1]
    for path in files():
        text = path.read_text(encoding="utf-8")
        changed = text.replace(old, new).replace(owner_and_name(old), owner_and_name(new))
        if changed != text:
            path.write_text(changed, encoding="utf-8")
            print(path.relative_to(PROJECT))


if __name__ == "__main__":
    main()
