"""Writes `gearlint/python/attributes.txt`: what modules of Python have, in any version and system.

`python -m tests.python.attributes_table PYTHON...` asks each Python that is named, and takes what
the type stubs of mypy have for other systems and newer versions; nothing in the table is dropped.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mypy

from gearlint.python.attributes import TABLE, table

_STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
ASK = """
import importlib, json, pkgutil, sys
found = {}
for key in sys.argv[1:]:
    parts = key.split(".")
    try:
        thing = importlib.import_module(parts[0])
    except ImportError:
        thing = None
    for part in parts[1:]:
        thing = getattr(thing, part, None)
    inner = [each[1] for each in pkgutil.iter_modules(getattr(thing, "__path__", ()))]
    found[key] = [] if thing is None else dir(thing) + inner
print(json.dumps(found))
"""
"""A program of Python 2 and 3 that prints what modules and classes have."""


def names_of(python: str, keys: list[str]) -> dict[str, list[str]]:
    """What the modules and classes of one Python have."""
    run = subprocess.run([python, "-c", ASK, *keys], check=True, capture_output=True)
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


def stub_names(key: str) -> Iterator[str]:
    """What the type stubs say that a module or class has, in any version."""
    first, _, inner = key.partition(".")
    package, file = _STUBS / first / "__init__.pyi", _STUBS / f"{first}.pyi"
    if (_STUBS / first / f"{inner}.pyi").is_file():
        file, inner = _STUBS / first / f"{inner}.pyi", ""
    elif package.is_file():
        file = package
        yield from (each.stem for each in package.parent.iterdir())
    body = ast.parse(file.read_text()).body
    if inner:
        classes = (each for each in body if isinstance(each, ast.ClassDef) and each.name == inner)
        body = next(classes).body
    yield from _bound(body)


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _bound([*node.body, *node.orelse])
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.asname)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def main(pythons: list[str]) -> None:
    """Adds what each Python has to the table."""
    lines = []
    known = table()
    found = [names_of(python, list(known)) for python in pythons]
    for key, names in sorted(known.items()):
        added = {*names, *stub_names(key)}.union(*(each[key] for each in found))
        public = (each for each in sorted(added) if each.isidentifier() and each[0] != "_")
        lines.append(" ".join((key, *public)) + "\n")
    Path(TABLE).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
