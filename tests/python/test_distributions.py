"""The table of distributions, beside what is installed here."""

import os
import pkgutil
import sys
from importlib.metadata import Distribution, distributions, packages_distributions

import pytest
from packaging.requirements import Requirement

from gearlint.image.shell.distributions import normalized
from gearlint.python.distributions import TABLE, is_of_python, modules_of

with open(TABLE, encoding="utf-8") as _file:
    LINES = _file.read().splitlines()
ROWS = {words[0]: words for words in map(str.split, LINES)}
HERE = {normalized(each.name): each for each in distributions()}
MODULES: dict[str, set[str]] = {name: set() for name in HERE}
"""The modules of each distribution that is installed here."""
for _module, _names in packages_distributions().items():
    if _module.isidentifier() and not _module.startswith("__"):
        for _name in map(normalized, _names):
            MODULES[_name].add(_module)


def test_the_table_is_in_order() -> None:
    assert list(ROWS) == sorted({normalized(name) for name in ROWS})
    assert [line.count(" / ") + line.endswith(" /") for line in LINES] == [1] * len(LINES)


@pytest.mark.parametrize("name", ROWS)
def test_all_that_one_needs_is_in_the_table(name: str) -> None:
    assert modules_of({name}, 12) is not None


def _needed(installed: Distribution) -> set[str]:
    required = map(Requirement, installed.requires or ())
    return {
        normalized(each.name) for each in required if not each.marker or "extra" not in str(each)
    }


@pytest.mark.parametrize("name", sorted(ROWS.keys() & HERE.keys()))
def test_what_is_installed_here(name: str) -> None:
    words = ROWS[name]
    at = words.index("/")
    assert MODULES[name] <= {*words[1:at]}
    assert {each for each in _needed(HERE[name]) if each in HERE} <= {*words[at + 1 :]}


def test_modules_of_this_python() -> None:
    """All that are in its library, also those that it does not name as its own."""
    found = {each.name for each in pkgutil.iter_modules([os.path.dirname(os.__file__)])}
    found |= {*sys.builtin_module_names, *sys.stdlib_module_names}
    minor = sys.version_info.minor
    others = {name for name in found if not is_of_python(name, minor)}
    assert {name for name in others if not name.startswith("xx")} == set()  # its own examples


def test_some_are_installed_here() -> None:
    """Of those that gearlint needs: the test above has rows."""
    assert {"jsonschema", "attrs", "packaging", "referencing"} <= ROWS.keys() & HERE.keys()
