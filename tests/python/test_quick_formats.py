"""Whether values may not fit the string before `%`, as far as is seen without a tree."""

import pytest

from gearlint.python.quick_formats import may_misformat


@pytest.mark.parametrize(
    "text",
    [
        "'%s' % (1,)",
        "'%s %s' % (1, f(2, 3))",
        '"%d%%" % a',
        "'%s, %s' % ('a, b', [1, 2])",
        "('%s'\n % (1,))",
        "a = b % (1, 2)",
        "'a' %= 1",
    ],
)
def test_the_values_fit(text: str) -> None:
    assert not may_misformat(text)


@pytest.mark.parametrize("text", ["'%s' % (1, 2)", "'%s %s' % (1,)", "'a' % b", "('%s')\\\n % ()"])
def test_the_values_may_not_fit(text: str) -> None:
    assert may_misformat(text)
