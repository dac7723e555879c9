"""Whether a call may not fit the function that it names, as far as is seen without a tree."""

import pytest

from gearlint.python.quick_calls import may_misfit


def of(parameters: str, call: str) -> list[str]:
    return [f"def f({parameters}):\n    pass\n", f"{call}\n"]


@pytest.mark.parametrize(
    ("parameters", "call"),
    [
        ("", "f()"),
        ("a", "f(1)"),
        ("a", "f(a=1)"),
        ("a: int", "f(1)"),
        ("a: dict[str, int]", "f(1)"),
        ("a, b=1", "f(1)"),
        ("a, b=1", "f(1, 2)"),
        ("a, b=1", "f(b=2, a=1)"),
        ("a, b='x, y'", "f('x, y')"),
        ("a, *, b", "f(1, b=2)"),
        ("a, *b", "f(1, 2, 3)"),
        ("**a", "f(b=1, c=2)"),
        ("a", "f(*b)"),
        ("a, b", "f(**c)"),
        ("a", "f(g(1, 2))"),
        ("a", "f(b == 1)"),
        ("a", "g(1, 2)"),
        ("a, /, b", "f(1, b=2)"),
        ("a", "class A:\n    def f(self, a):\n        pass"),
    ],
)
def test_it_fits(parameters: str, call: str) -> None:
    assert not may_misfit(of(parameters, call))


@pytest.mark.parametrize(
    ("parameters", "call"),
    [
        ("a", "f()"),
        ("", "f(1)"),
        ("a, b", "f(b=1)"),
        ("a", "f(1, a=2)"),
        ("a", "f(1, b=2)"),
        ("a, **b", "f(b=1)"),
        ("a, /, b", "f(a=1, b=2)"),
        ("a", "f(f())"),
        ("a", "g(1, x=[f(), 2])"),
        ("a", "utils.f()"),
        ("a", "f (1, 2)"),
        ("a", "x=f()"),
    ],
)
def test_it_may_not_fit(parameters: str, call: str) -> None:
    assert may_misfit(of(parameters, call))


def test_of_several_functions_of_one_name_each_is_looked_at() -> None:
    several = [f"def f({', '.join('abcdef'[:number])}):\n    pass\n" for number in range(7)]
    assert may_misfit([*several[:2], "f(1)\n"])
    assert may_misfit([*several[:5], "f(1)\n"])
    assert not may_misfit([*several[:6], "f(1)\n"])  # too many
