"""GL417: functions of Python that are used as variables, beside the real Python."""

from pathlib import Path

import pytest

from gearlint.python.symbols import may_be_variable
from tests.conftest import Run
from tests.rules.test_names import found

BEFORE = "import os\nfrom os.path import join\nfrom pathlib import Path\n"


@pytest.mark.parametrize(
    ("code", "name", "why"),
    [
        ("input.rsplit('.')", "input", 'has no attribute "rsplit"'),
        ("id.strip()", "id", 'has no attribute "strip"'),
        ("type.lower()", "type", 'has no attribute "lower"'),
        ("f'{filter.name}'", "filter", 'has no attribute "name"'),
        ("input.path = 1", "input", 'has no attribute "path"'),
        ("input['path']", "input", "has no items"),
        ("filter['x']['y']", "filter", "has no items"),
        ("id[0] += 1", "id", "has no items"),
        ("map['a'] = 1", "map", "has no items"),
        ("dir + '/x'", "dir", "cannot be joined with a string"),
        ("'/x' + dir", "dir", "cannot be joined with a string"),
        ("['/x' + dir]", "dir", "cannot be joined with a string"),
        ("'a'+dir+'b'", "dir", "cannot be joined with a string"),
        ("dir + f'/{1}'", "dir", "cannot be joined with a string"),
        ("dir / 'x'", "dir", "cannot be joined with a string"),
        ("open(input)", "input", "open() does not take"),
        ("open(\n    input, 'r')", "input", "open() does not take"),
        ("Path(input)", "input", "pathlib.Path() does not take"),
        ("Path('a', dir)", "dir", "pathlib.Path() does not take"),
        ("os.path.join('a', dir, 'b')", "dir", "os.path.join() does not take"),
        ("join(dir, 'b')", "dir", "os.path.join() does not take"),
        ("os.path.exists(input)", "input", "os.path.exists() does not take"),
        ("os.listdir(dir)", "dir", "os.listdir() does not take"),
        ("os.makedirs(dir)", "dir", "os.makedirs() does not take"),
    ],
)
def test_found(code: str, name: str, why: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, BEFORE + code)
    message = f'error: "{name}" is Python\'s own function, which {why}; define or import it'
    assert line.endswith(message)
    with pytest.raises((AttributeError, TypeError)):
        exec(BEFORE + code, {})


def test_messages(tmp_path: Path, run: Run) -> None:
    text = "def load():\n    input = 'a'\n    return input\ndef main():\n    load()\n    {}\nmain()"
    place = 'run.py:6:5 error: "input" is Python\'s own function in main(), which has no items; '
    advice = "it is a variable of load(): hand it over, or define it"
    assert found(tmp_path / "a", run, text.format("input['a']")) == [place + advice]
    # beside a name of nothing
    assert found(tmp_path / "d", run, "input['a']\nimage['a']") == [
        'run.py:1:1 error: "input" is Python\'s own function, which has no items; '
        "define or import it",
        'run.py:2:1 error: nothing defines "image"; define or import it',
    ]
    # `input` is not misspelt
    near = f"inputs = 1\n{text}"
    assert found(tmp_path / "b", run, near.format("input['a']")) == [
        place.replace("6:5", "7:5") + advice
    ]
    # once, where every run comes to it
    twice = "def main(n):\n    if n:\n        id.x\nmain(1)\nid.y"
    assert found(tmp_path / "c", run, twice) == [
        'run.py:5:1 error: "id" is Python\'s own function, which has no attribute "y"; '
        "define or import it"
    ]


@pytest.mark.parametrize(
    "code",
    [
        # what it has, or is for
        "input('a').strip()\nmap(id, [])\nprint(dir, type(1), sep='')",
        "input.__name__\ninput.__doc__[0]",
        "range.start\ntype.mro\nobject.__new__",
        "type[int]\ntype['x']",
        "object.__getattr__\ndef unused(object):\n    object.name",
        "print('%s' % input + 'a')",
        "print(id(1) + 1, dir()[0] + 'a', id + id if 0 else 1)",
        "open('a', input)\nos.makedirs('a', type)",
        "sorted('a', key=id)\nmap(open, input)",
        "print(input)\nPath.cwd(input)",
        "open = print\nopen(input)",
        # a variable
        "input = 'a'\ninput.strip()",
        "def main(input):\n    input.strip()\nmain('a')",
        "def main():\n    dir = 'a'\n    def inner():\n        dir + '/x'\n    inner()\nmain()",
        "for id in 'ab':\n    id.strip()",
        "print([id.strip() for id in 'ab'])",
        "import a as input\ninput.strip()",
        "def main():\n    global input\n    input = 'a'\nmain()\ninput.strip()",
        "from math import *\nfrom a import *\ninput.strip()",
        "globals()['input'] = 'a'\ninput.strip()",
        "import builtins\nbuiltins.input = 'a'\ninput.strip()",
        # asked for
        "try:\n    input.strip()\nexcept AttributeError:\n    pass",
        "try:\n    open(input)\nexcept TypeError:\n    pass",
        "import sys\nif sys.version_info < (3,):\n    input.strip()",
        # of what others name so
        "a = print\na.input.strip\na.dir + 'x'",
        "'input.strip()'  # input['a']",
        "def unused():\n    input.strip()",
    ],
)
def test_left_alone(code: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, BEFORE + code) == []


def test_names_of_modules(tmp_path: Path, run: Run) -> None:
    code = "from utils import *\ninput.strip()"
    assert found(tmp_path / "a", run, code, utils="input = 'a'") == []
    assert len(found(tmp_path / "b", run, code, utils="other = 'a'")) == 1
    assert found(tmp_path / "c", run, "import utils\nid.x", utils="import run\nrun.id = 1") == []


@pytest.mark.parametrize(
    "text",
    [
        "id(x)", "valid.x(id)", "a.id.x", "id_.x + id__.y", "print('id', id)", '"id.x"', "x = id\n",
        "the id.\n", "the id. And", "id.__name__", "id + 1", "open(idea)", "open(id_of)",
        "a + id(1)", "map(id, x)", "key=id)",
    ],
)  # fmt: skip
def test_no_tree_is_needed(text: str) -> None:
    assert not may_be_variable(text, "id")
