"""What `make mutants` is told not to count is still what can be made of the code."""

import pytest

from tests.mutants.__main__ import EQUIVALENT, PROJECT, difference
from tests.mutants.sites import count_of, mutant_of

ENTRIES = EQUIVALENT.read_text(encoding="utf-8").split("\n\n")[1:]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.split("\n")[0] for entry in ENTRIES])
def test_equivalent_mutant_exists_and_has_a_reason(entry: str) -> None:
    path = entry.split("\n")[0]
    text = (PROJECT / "gearlint" / path).read_text(encoding="utf-8")
    mutants = (mutant_of(text, number) for number in range(count_of(text)))
    assert any(f"{path}\n{difference(mutant)}" in entry for mutant in mutants)
    assert entry.rstrip().split("\n")[-1].startswith("# ")
