"""Limits are in one table, explained and used; what is counted down is counted by a Budget."""

import re

import pytest

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.errors import TooMuchError
from tests.readme import ROOT

PACKAGE = ROOT / "gearlint"
TABLE = (PACKAGE / "core" / "limits.py").read_text(encoding="utf-8")
NAMES = re.findall(r"^([A-Z_]+) = ", TABLE, re.MULTILINE)
MODULES = {
    path: path.read_text(encoding="utf-8")
    for path in PACKAGE.rglob("*.py")
    if "_built" not in path.parts and path.name != "limits.py"
}


def test_each_limit_says_what_it_limits() -> None:
    for line in TABLE.splitlines():
        if re.match(r"[A-Z_]+ = ", line):
            assert re.search(r"  # .{20}", line), line
    assert len(set(NAMES)) == len(NAMES) > 70


def test_each_limit_is_used() -> None:
    used = {name for text in MODULES.values() for name in re.findall(r"\blimits\.([A-Z_]+)", text)}
    assert used == set(NAMES)
    assert all(isinstance(getattr(limits, name), int | float) for name in NAMES)


def test_no_module_has_limits_of_its_own() -> None:
    for path, text in MODULES.items():
        assert not re.search(r"^_?MAX_\w+\b.*=", text, re.MULTILINE), f"{path}: see core/limits.py"


def test_a_budget_allows_what_is_left_and_no_more() -> None:
    budget = Budget(10)
    assert budget.spend(10)
    assert not budget.is_spent
    assert budget.spend(0)
    assert not budget.spend(1)
    assert budget.is_spent
    assert not budget.spend(0)
    with pytest.raises(TooMuchError):
        budget.require(0)
