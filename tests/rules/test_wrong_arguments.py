"""GL419: calls of the gear's own functions with arguments that they do not take."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

DOCKERFILE = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""


def found(directory: Path, run: Run, text: str, **files: str) -> list[str]:
    """`FILE:LINE severity: message; help` of GL419 in a gear that runs `run.py`."""
    write_gear(directory)
    for name, content in {"run": text, **files}.items():
        (directory / f"{name}.py").write_text(f"{content}\n")
    (directory / "Dockerfile").write_text(DOCKERFILE)
    outcome = run("check", "--select", "GL419", "--output-format", "json", directory)
    return [
        f"{Path(each['path']).name}:{each['line']} {each['severity']}: {each['message']}; "
        f"{each['help']}"
        for each in outcome.findings
    ]


def of(parameters: str, *calls: str) -> str:
    return "\n".join([f"def f({parameters}):\n    pass", *calls])


@pytest.mark.parametrize(
    ("parameters", "call", "why"),
    [
        ("a", "f()", 'is not given "a"'),
        ("a, b, c=1", "f(1)", 'is not given "b"'),
        ("a, b", "f(b=1)", 'is not given "a"'),
        ("a, *, b", "f(1)", 'is not given "b"'),
        ("a: dict[str, int], b: int = 1", "f()", 'is not given "a"'),
        ("a", "f(1, 2)", "is given 2 arguments, and takes 1"),
        ("a, /, b=1", "f(1, 2, 3)", "is given 3 arguments, and takes 2"),
        ("", "f(g(1, 2), [3, 4])", "is given 2 arguments, and takes none"),
        ("a, *, b=1", "f(1, 2)", "is given 2 arguments, and takes 1"),
        ("a", "f(1, c=2)", 'has no parameter "c"'),
        ("a, /", "f(a=1)", 'has no parameter "a"'),
        ("a", "print(f (1, 2))", "is given 2 arguments, and takes 1"),
        ("a, b=1", "f(1, a=2)", 'is given "a" twice'),
        ("*a, b", "f(1, 2)", 'is not given "b"'),
        ("a, **b", "f(c=1)", 'is not given "a"'),
    ],
)
def test_found(parameters: str, call: str, why: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, of(parameters, call))
    assert line.startswith(f"run.py:3 error: f() {why}; it is defined as f(")


LEFT_ALONE = [
    ("a", "f(1)"),
    ("a", "f(a=1)"),
    ("a, b=1", "f(1)"),
    ("a, b=1", "f(b=2, a=1)"),
    ("a, /, b", "f(1, b=2)"),
    ("a, *, b", "f(1, b=2)"),
    ("*a", "f(1, 2, 3)"),
    ("**a", "f(b=1, c=2)"),
    ("a, /, **b", "f(1, a=2)"),
    ("a, b", "f(*c)"),
    ("a", "f(**b)"),
    ("a", "print('f(1, 2)')"),
    ("a", "try:\n    f()\nexcept TypeError:\n    pass"),
    ("a", "try:\n    f()\nexcept (OSError, TypeError):\n    pass\nexcept:\n    pass"),
    ("a", "from contextlib import suppress\nwith suppress(TypeError):\n    f()"),
    ("a", "def f(b, c):\n    pass\nf(1, 2)"),
    ("a", "if input():\n    def f(b, c):\n        pass\nf(1, 2)"),
    ("a", "f = g\nf(1, 2)"),
    ("a", "def main(f):\n    f(1, 2)\nmain(print)"),
    ("a", "def unused():\n    f(1, 2)"),
    ("a", "table = {'k': f}\ntable['k'] = print\ntable['k']()"),
    ("a", "table = {'k': f}\ntable['k'] = print\ng = table['k']\ng()"),
    ("a", "class A:\n    def f(self, b):\n        pass\nA().f(1)"),
    ("a", "import other\nother.f(1, 2)"),
    ("a", "f(a == 1)\nf('a, b')\nf([1, 2])\nf({1: 2, 3: 4})\nf((1, 2))\nf(lambda: 1)"),
]


@pytest.mark.parametrize(("parameters", "call"), LEFT_ALONE)
def test_left_alone(parameters: str, call: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, of(parameters, call)) == []
    # the same where another call may be wrong, so that all are looked at
    other = "class Other:\n    def f(self, b, c, d):\n        pass\nOther().f(1, 2, 3)"
    assert found(tmp_path, run, of(parameters, call, other)) == []


@pytest.mark.parametrize(
    "guarded",
    [
        "try:\n    f()\nexcept:\n    pass",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (OSError, ValueError):\n    pass",
        "from contextlib import suppress\nwith suppress(Exception):\n    f()",
    ],
)
def test_who_catches_all_errors_does_not_expect_it(guarded: str, tmp_path: Path, run: Run) -> None:
    (line,) = found(tmp_path, run, of("a", guarded))
    assert " warning: f() " in line


@pytest.mark.parametrize(
    "text",
    [
        "import functools\n@functools.cache\ndef f(a):\n    pass\nf()",
        "class A:\n    def f(self):\n        pass\nA.f()",
        "from a import f\ndef g(f):\n    pass\nf(1, 2)",
        "def f(self, a):\n    pass\nclass A:\n    f = f\na = A()\na.f(1)",
        # it may be another one by then
        "def f(a):\n    pass\nfrom math import *\nf()",
        "def f(a):\n    pass\nglobals()['f'] = print\nf()",
        "def f(a):\n    pass\nf.__defaults__ = (1,)\nf()",
    ],
)
def test_functions_that_are_not_looked_at(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


def test_what_another_module_sets(tmp_path: Path, run: Run) -> None:
    module = "def load(path):\n    return path"
    other = "import utils\nutils.load = print\nutils.load()"
    assert found(tmp_path / "a", run, other, utils=module) == []
    other = "import utils\nutils.load == print\nutils.load(a=1)"
    assert len(found(tmp_path / "b", run, other, utils=module)) == 1
    other = "from utils import *\nload()"
    assert len(found(tmp_path / "c", run, other, utils=module)) == 1
    assert found(tmp_path / "d", run, f"{other}\nfrom math import *", utils=module) == []
    assert found(tmp_path / "e", run, other, utils=f"{module}\nfrom math import *") == []


def test_of_modules(tmp_path: Path, run: Run) -> None:
    module = "def load(path):\n    return path"
    for number, call in enumerate(
        (
            "import utils\nutils.load()",
            "from utils import load\nload()",
            "import utils as u\nu.load()",
        )
    ):
        [line] = found(tmp_path / str(number), run, call, utils=module)
        assert line == 'run.py:2 error: load() is not given "path"; it is defined as load(path)'
    inner = "def load(path):\n    return path\ndef all():\n    return load()"
    [line] = found(tmp_path / "inner", run, "import utils\nutils.all()", utils=inner)
    assert line == 'utils.py:4 warning: load() is not given "path"; it is defined as load(path)'


def test_where_not_every_run_comes_to_it(tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, of("a", "if input():\n    f()"))
    assert line.startswith("run.py:4 warning: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'%s %s' % (1, 2, 3)", '"%s %s" takes 2 values, and is given 3'),
        ("'%s/%s' % (1,)", '"%s/%s" takes 2 values, and is given 1'),
        ("'%s %%' % ()", '"%s %%" takes 1 value, and is given 0'),
        ("'%s' '%s' % (1, 2, 3)", '"%s%s" takes 2 values, and is given 3'),
        ('"""%s\n%d""" % (1, 2, 3)', '"%s\\u000a%d" takes 2 values, and is given 3'),
        ("'%*d' % (1, 2, 3)", '"%*d" takes 2 values, and is given 3'),
        ("'%5.2f %-3s' % (1, 2, 3)", '"%5.2f %-3s" takes 2 values, and is given 3'),
        ("'%s %s' % 'a'", '"%s %s" takes 2 values, and is given 1'),
        ("'a' % f'{1}'", '"a" takes 0 values, and is given 1'),
        ("('%s' % (f(1, g(2)), 3))", '"%s" takes 1 value, and is given 2'),
    ],
)
def test_values_of_a_string(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, f"print({text})")
    assert line.startswith(f"run.py:1 error: {expected}; ")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("'%s' % (1, 2)", "write a %s for each value"),
        ("'%s%s' % (1,)", "give it a value for each %s"),
    ],
)
def test_advice_on_the_values_of_a_string(text: str, advice: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, f"print({text})")
    assert line.endswith(f"; {advice}")


def test_where_a_string_is_not_certain_to_fail(tmp_path: Path, run: Run) -> None:
    for number, text in enumerate(
        [
            "if input():\n    print('%s' % (1, 2))",
            "try:\n    print('%s' % (1, 2))\nexcept Exception:\n    pass",
            "a = input()\nprint('a' % a)",  # a dictionary would be taken
        ]
    ):
        [line] = found(tmp_path / str(number), run, text)
        assert line.startswith("run.py:2 warning: ")


@pytest.mark.parametrize(
    "text",
    [
        "print('%s %s' % (1, 2))",
        "print('%d %%' % 1)",
        "print('%%' % ())",
        "print('%% %% ' % a)",
        "print('%s %s' % a)",
        "print('%s %s' % f(1))",
        "print('%s' % (1))",
        "print('%s %s' % (*a, 1, 2))",
        "print('%(a)s %(b)s' % {'a': 1, 'b': 2})",
        "print('%(a)s' % ({'a': 1}))",
        "print('a' % {'a': 1})",
        "print('100%' % (1, 2))",  # another error
        "print('%z' % (1, 2))",
        "print(b % (1, 2))",
        "print(f'%s' % (1, 2))",
        "print(b'%s' % (1, 2))",
        "print(7 % 2, '%' in a)",
        "try:\n    print('%s' % (1, 2))\nexcept TypeError:\n    pass",
        "def unused():\n    print('%s' % (1, 2))",
        "# '%s' % (1, 2)",
    ],
)
def test_strings_that_are_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []
