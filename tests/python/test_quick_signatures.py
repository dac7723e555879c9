"""Whether a call may be refused by the function of Python that it names, without a tree."""

import pytest

from gearlint.core.budget import Budget
from gearlint.core.source import Source
from gearlint.python.module import Module
from gearlint.python.quick_formats import may_misfill
from gearlint.python.quick_signatures import may_misfit

IMPORTS = "import os, re, shutil\nimport os.path as op\nfrom pathlib import Path\n"


def of(text: str) -> Module:
    return Module(
        Source("run.py", f"{IMPORTS}{text}\n".encode()), "/run.py", "__main__", Budget(9999)
    )


@pytest.mark.parametrize(
    "text",
    [
        "len(a)",
        "len([a, b])",
        "len([x[0] for x in (a, b) if x != 'c, d'])",
        "os.path.join(a)",
        "op.exists(op.join(a, f(b, g(c, h(d)))))",
        "os.makedirs(a, exist_ok=b == c)",
        "os.makedirs(a, **b)\nshutil.copy(*a)",
        "def len(a, b):\n    pass",
        "a.len(b, c)\nother.copy(a)",
        "shutil.copy(a,  # from, where\n b)",
        "a.mkdir(parents=True)",
        "open(a, 'r', encoding='utf-8')\nopen('rw')",
        "re.compile('a')\nre.compile(r'\\(')\nre.sub(a, '(', b)\nre.compile(rb'(')",
        "re.compile('\\\\(' 'a')",
    ],
)
def test_no_tree_is_needed(text: str) -> None:
    assert not may_misfit(of(text))


@pytest.mark.parametrize(
    "text",
    [
        "len()",
        "len (a, b)",
        "x=len(a, b)",
        "op.exists(a, b)",
        "os.path.exists(f(g(h(1))), ')')",
        "print(a, flsuh=True)",
        "a.mkdir(exists_ok=True)",
        "open(a, 'rw')",
        "open(a, mode = 'rw')",
        "Path(a).open('rw')",
        "re.compile('(')",
        "re.compile('('\n 'a')",
        "re.compile(pattern='(')",
    ],
)
def test_a_tree_is_needed(text: str) -> None:
    assert may_misfit(of(text))


@pytest.mark.parametrize(
    "text",
    [
        "'{}'.format(a)",
        "'{} {}'.format(f(a, b), c)",
        "'{a} {b}'.format(a=1, b=c == d)",
        "('{}' '{}').format(a, b)",
        "f'{a}'.format()",
        "b.format()",
        "'\\N{DIGIT ONE} {}'.format(a)",
        "'{} {}'.format([a, b], [[c, d], e])",
        "'{}'.format(*a)",
        "'it\\'s {}'.format(a)",
        '"""\n{a}\n""".format(a=1)',
        "x = '{}' + '{}'.format(a)",
    ],
)
def test_no_tree_is_needed_for_strings(text: str) -> None:
    assert not may_misfill(text)


@pytest.mark.parametrize(
    "text",
    [
        "'{}'.format()",
        "'{} {}'.format(f(a, b))",
        "('{}' \n '{}').format(a)",
        "'{a}'.format(b=1)",
        "'it\\'s {} {}'.format(a)",
        '"""\n{a} "b"\n""".format(b=1)',
        "x = '{}' + '{} {}'.format(a)",
    ],
)
def test_a_tree_is_needed_for_strings(text: str) -> None:
    assert may_misfill(text)
