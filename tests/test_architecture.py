"""Imports go down the list of CONTRIBUTING.md, never up."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gearlint"
MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if "_built" not in path.parts and path != PACKAGE / "__init__.py"
)


def floors() -> dict[str, int]:
    """The floor of each module named in the table of CONTRIBUTING.md, 0 at the top."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {
        f"gearlint.{name}": number
        for number, row in enumerate(rows)
        for name in re.findall(r"`([\w.]+)`", row)
    }


def floor_of(module: str, known: dict[str, int]) -> int:
    while module not in known and "." in module:
        module = module.rpartition(".")[0]
    return known[module]


def imported(module: str) -> set[str]:
    path = ROOT / (module.replace(".", "/") + ".py")
    if not path.exists():
        path = path.with_suffix("") / "__init__.py"
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("gearlint"):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & set(MODULES) or {node.module}
    return found - {"gearlint", "gearlint._built"}


def test_every_module_has_its_floor() -> None:
    known = floors()
    assert known
    for module in MODULES:
        floor_of(module, known)
    for module in known:
        assert module in MODULES, "the table names a module that is gone"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    known = floors()
    for other in imported(module):
        assert floor_of(other, known) >= floor_of(module, known), f"{module} imports {other}"


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("gearlint.rules.")])
def test_rules_do_not_import_each_other(module: str) -> None:
    assert not {
        other
        for other in imported(module)
        if other.startswith("gearlint.rules.") and other != "gearlint.rules.registry"
    }
