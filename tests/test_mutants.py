"""What `make mutants` is told not to count is still what can be made of the code."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.mutants.__main__ import EQUIVALENT, PROJECT, difference
from tests.mutants.sites import count_of, mutant_of

ENTRIES = EQUIVALENT.read_text(encoding="utf-8").split("\n\n")[1:]


@cache
def functions(path: str) -> list[str]:
    """The functions of a module, each as mutants show it, and a method in a class of its own."""
    tree = ast.parse((PROJECT / "gearlint" / path).read_text(encoding="utf-8"))
    return [ast.unparse(node) for node in parts(tree)]


def parts(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            yield node
            continue
        for one in list(node.body):
            node.body = [one]
            yield node


def differences(function: str) -> Iterator[str]:
    """What can be changed in a function, as `-` and `+` lines."""
    return (difference(mutant_of(function, number)) for number in range(count_of(function)))


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.split("\n")[0] for entry in ENTRIES])
def test_equivalent_mutant_exists_and_has_a_reason(entry: str) -> None:
    path, *lines = entry.rstrip().split("\n")
    removed = {line[1:] for line in lines if line.startswith("-")}
    meant = [each for each in functions(path) if removed <= set(each.split("\n"))]
    change, reason = "\n".join(lines[:-1]), lines[-1]
    assert any(change == one for each in meant for one in differences(each))
    assert reason.startswith("# ")
