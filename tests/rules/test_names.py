"""GL417: names of Python code that nothing defines."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

KNOWN = "FROM python:3.11\n"
END = 'WORKDIR /flywheel/v0\nCOPY . .\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n'


def found(
    directory: Path, run: Run, text: str, base: str = KNOWN, end: str = END, **files: str
) -> list[str]:
    """`FILE:LINE:COLUMN severity: message; help` of GL417 in a gear that runs `run.py`."""
    write_gear(directory)
    (directory / "Dockerfile").write_text(base + end)
    for name, content in {"run": text, **files}.items():
        path = directory / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{content}\n")
    outcome = run("check", "--select", "GL417", "--output-format", "json", directory)
    return [
        f"{Path(each['path']).name}:{each['line']}:{each['column']} "
        f"{each['severity']}: {each['message']}; {each['help']}"
        for each in outcome.findings
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("print(json.dumps({}))", 'run.py:1:7 error: nothing defines "json"; add import json'),
        ("ab = 1\nprint(ac)", 'run.py:2:7 error: nothing defines "ac"; define or import it'),
        ("fmri = 1\nfrmi", 'run.py:2:1 error: nothing defines "frmi"; did you mean "fmri"?'),
        ("zip1 = zip2 = 1\nzip3", 'run.py:2:1 error: nothing defines "zip3"; define or import it'),
        ("LOG = 1\nlog.info(1)", 'run.py:2:1 error: nothing defines "log"; did you mean "LOG"?'),
        ("np.zeros(1)", 'run.py:1:1 error: nothing defines "np"; define or import it'),
        # in a function that every run calls
        (
            "def main():\n    print(image)\n\nif __name__ == '__main__':\n    main()",
            'run.py:2:11 error: nothing defines "image" in main(); define or import it',
        ),
        (
            "def a():\n    b()\ndef b():\n    print(image)\na()",
            'run.py:4:11 error: nothing defines "image" in b(); define or import it',
        ),
        # a variable of another function
        (
            "def load():\n    data = 1\n    return data\ndef use():\n    data\nload()\nuse()",
            'run.py:5:5 error: nothing defines "data" in use(); it is a variable of load(): hand '
            "it over, or define it",
        ),
        # beside a variable that is set after the function that sets it too
        (
            "def f():\n    def g():\n        nonlocal n\n        n = 2\n    n = 1\n    image\nf()",
            'run.py:6:5 error: nothing defines "image" in f(); define or import it',
        ),
        # once, where every run reads it
        (
            "def main(n):\n    if n:\n        print(image)\nmain(1)\nprint(image)",
            'run.py:5:7 error: nothing defines "image"; define or import it',
        ),
        # a class sees no names of a class around it
        (
            "class A:\n    size = 1\n    def f(self):\n        return size\nA().f()",
            'run.py:4:16 warning: nothing defines "size" in f(); define or import it',
        ),
        ("try:\n    main()\nexcept Exception as e:\n    log(e)\ndef main():\n    pass",
         'run.py:4:5 warning: nothing defines "log"; define or import it'),
        ("f(lambda: image)\nf = 1",
         'run.py:1:11 warning: nothing defines "image"; define or import it'),
        ("import sys\nif len(sys.argv) > 1:\n    print(image)",
         'run.py:3:11 warning: nothing defines "image"; define or import it'),
        ("try:\n    print(1)\nexcept ApiError:\n    pass",
         'run.py:3:8 warning: nothing defines "ApiError"; define or import it'),
        ("print(unicode('a'))", 'run.py:1:7 error: nothing defines "unicode"; define or import it'),
        ("if __name__ == 'main':\n    print(image)",
         'run.py:2:11 warning: nothing defines "image"; define or import it'),
        ("for each in range(3):\n    print(image)",
         'run.py:2:11 warning: nothing defines "image"; define or import it'),
    ],
)  # fmt: skip
def test_found(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        # the run may have ended well
        "import sys\nif len(sys.argv) > 1:\n    sys.exit()\nprint(image)",
        "import sys\ndef check():\n    sys.exit(0)\ncheck()\nprint(image)",
        "import os\ndef check(code):\n    os._exit(code)\ncheck(0)\nprint(image)",
        "import sys\nsys.exit() if input() else print(image)",
        "import sys\nsys.exit()\nprint(image)",
        "def main(n):\n    if n:\n        return\n    print(image)\nmain(1)",
        # nothing says that the function is called each time, or as it is
        "def main():\n    print(image)\nif input():\n    main()",
        "def main():\n    print(image)\ndef main():\n    print(image)\nmain()",
        "import click\n@click.command()\ndef main():\n    print(image)\nmain()",
        "async def main():\n    print(image)\nmain()",
        "class Curator:\n    def __init__(self):\n        print(image)\nCurator()",
        # who catches all errors, or another one, does not expect it
        "try:\n    print(image)\nexcept:\n    pass",
        "try:\n    print(image)\nexcept (KeyError, Exception):\n    pass",
        "try:\n    print(image)\nexcept UnboundLocalError:\n    pass",
        "import contextlib\nwith contextlib.suppress(Exception):\n    print(image)",
    ],
)
def test_a_warning_where_not_every_run_comes_to_it(text: str, tmp_path: Path, run: Run) -> None:
    (one,) = found(tmp_path, run, text)
    assert ' warning: nothing defines "image"' in one


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nif len(sys.argv) > 9:\n    sys.exit(1)\nprint(image)",  # it failed there
        "import sys\nprint(image)\nsys.exit(0)",
        "import sys\nsys.exit(image)",
        "def main():\n    print(image)\nif __name__ == '__main__':\n    exit(main())",
        "def main(n):\n    print(image)\n    return n\nmain(1)",
        "def main():\n    return image\nmain()",
    ],
)
def test_an_error_where_it_ends_later_or_fails(text: str, tmp_path: Path, run: Run) -> None:
    (one,) = found(tmp_path, run, text)
    assert ' error: nothing defines "image"' in one


@pytest.mark.parametrize(
    "text",
    [
        "def f(context):\n    setattr(context, 'image', 1)\nprint(image)",
        "import sys\nclass A:\n    def f(self):\n        setattr(self.a, 'image', 1)\nprint(image)",
        "def f(args):\n    return vars(args), args.__dict__\nprint(image)",
        "def f(self):\n    return self.model.__dict__\nprint(image)",
        "class A:\n    def __getattr__(self, name):\n        return 1\nprint(image)",
        "def f(model):\n    model.eval()\nprint(image)",
        "def exec(command):\n    pass\nprint(image)",
        "modules = 1\nprint(image)",
    ],
)
def test_what_changes_an_object_changes_no_module(text: str, tmp_path: Path, run: Run) -> None:
    (one,) = found(tmp_path, run, text)
    assert ' error: nothing defines "image"' in one


@pytest.mark.parametrize(
    ("text", "name", "help"),
    [
        ("import logging\nlog = logging.getLogger(__anme__)", "__anme__", 'mean "__name__"?'),
        ("pirnt(1)", "pirnt", 'mean "print"?'),
        ("rang(1)", "rang", 'mean "range"?'),
        ("prnt = 1\nprit(1)", "prit", 'mean "prnt"?'),  # first the gear's own
        ("inputs[0]", "inputs", "define or import it"),  # not `input`
    ],
)
def test_a_name_near_to_one_of_python(
    text: str, name: str, help: str, tmp_path: Path, run: Run
) -> None:
    (one,) = found(tmp_path, run, text)
    assert f'error: nothing defines "{name}"; ' in one
    assert one.endswith(help)


def test_modules(tmp_path: Path, run: Run) -> None:
    read = "def load():\n    return shutil.which('a')"
    fault = 'utils.py:2:12 warning: nothing defines "shutil" in load(); add import shutil'
    assert found(tmp_path / "a", run, "import utils\nutils.load()", utils=read) == [fault]
    # nobody knows what the base has in their place, but they are the gear's
    found_there = found(
        tmp_path / "b", run, "import utils\nutils.load()", "FROM me/b\n", utils=read
    )
    assert found_there == [fault]
    certain = found(tmp_path / "c", run, "import utils", utils="print(shutil)")
    assert certain == ['utils.py:1:7 error: nothing defines "shutil"; add import shutil']
    # it may be another one, or not be imported
    copied = END.replace("COPY . .", "COPY run.py .")
    doubtful = found(tmp_path / "f", run, "import utils", "FROM me/b\n", copied, utils="shutil")
    assert doubtful == ['utils.py:1:1 warning: nothing defines "shutil"; add import shutil']
    doubtful = found(tmp_path / "g", run, "if input():\n    import utils", utils="shutil")
    assert doubtful == ['utils.py:1:1 warning: nothing defines "shutil"; add import shutil']
    assert found(tmp_path / "d", run, "import json", utils="print(shutil)") == []  # not imported
    assert found(tmp_path / "e", run, "import utils", utils=read) == []  # nothing names load


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        ("python other.py\npython run.py", "error"),
        ("if [ -f a ]; then python other.py; fi\npython run.py", "error"),
        ("python other.py\nif [ -f a ]; then python run.py; fi", "error"),
        ("if [ -f a ]; then python other.py; else python run.py; fi", "warning"),
    ],
)
def test_two_programs(script: str, severity: str, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, '"command": "bash main.sh"')
    (tmp_path / "Dockerfile").write_text("FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (tmp_path / "main.sh").write_text(f"{script}\n")
    text = "def load(path):\n    return path\nload(shutil)\nload()"
    for name, content in {"run": "import utils", "other": "import utils", "utils": text}.items():
        (tmp_path / f"{name}.py").write_text(f"{content}\n")
    outcome = run("check", "--select", "GL417,GL419", "--output-format", "json", tmp_path)
    found = [(each["code"], each["severity"]) for each in outcome.findings]
    assert found == [("GL417", severity), ("GL419", severity)]


def test_a_warning_where_the_image_may_have_another_script(tmp_path: Path, run: Run) -> None:
    end = END.replace("COPY . .\n", "")
    [one] = found(tmp_path, run, "print(shutil)", "FROM me/b\n", end)
    assert one == 'run.py:1:7 warning: nothing defines "shutil"; add import shutil'


def test_names_of_python_2(tmp_path: Path, run: Run) -> None:
    assert found(tmp_path / "a", run, "print(unicode('a'))", "FROM me/base\n") == []
    assert len(found(tmp_path / "b", run, "#!/usr/bin/env python3\nfile('a')", KNOWN)) == 1


@pytest.mark.parametrize(("line", "codes"), [("python2 a.py", []), ("ls", ["GL417"])])
def test_a_python_2_that_a_shell_script_names(
    line: str, codes: list[str], tmp_path: Path, run: Run
) -> None:
    write_gear(tmp_path, '"command": "bash main.sh"')
    (tmp_path / "Dockerfile").write_text(f"{KNOWN}WORKDIR /flywheel/v0\nCOPY . .\n")
    (tmp_path / "main.sh").write_text(f"{line}\npython run.py\n")
    (tmp_path / "run.py").write_text("print(unicode('a'))\n")
    outcome = run("check", "--select", "GL417", "--output-format", "json", tmp_path)
    assert outcome.codes == codes


LEFT_ALONE = [
    "print(__file__, __name__, __doc__, WindowsError, _('a'))",
    "import sys\nis_3 = sys.version_info[0] == 3\nif not is_3:\n    print(unicode('a'))",
    "try:\n    text = unicode\nexcept NameError:\n    text = str\nprint(text)",
    "from math import *\nprint(sqrt(2))",
    "exec('image = 1')\nprint(image)",
    "globals()['image'] = 1\nprint(image)",
    "import sys\nsetattr(sys.modules[__name__], 'image', 1)\nprint(image)",
    "import run\nsetattr(run, 'image', 1)\nprint(image)",
    "from a import run as me\nsetattr(me, 'image', 1)\nprint(image)",
    "from importlib import import_module\nme = import_module('run')\nsetattr(me, 'a', 1)\nprint(a)",
    "import a\na.b.__dict__['image'] = 1\nprint(image)",
    "given = ()\nsetattr(*given)\nprint(image)",
    "class A:\n    print(__module__, __qualname__)\n    def f(self):\n        __class__\nA().f()",
    "print(__spec__, __loader__, __package__, __builtins__, __annotations__, __debug__)",
    "class A:\n    def f(self):\n        return __image\nA().f()",  # it has another name there
    "def me():\n    pass\nme().__dict__.update(image=1)\nprint(image)",
    "vars()['image'] = 1\nprint(image)",
    "def __getattr__(name):\n    return 1\nprint(image)",
    "print(frozendict, sentinel, ImportCycleError, PythonFinalizationError)",  # of newer Pythons
    "import builtins\nbuiltins.image = 1\nprint(image)",
    "import enum\n@enum.global_enum\nclass A(enum.Enum):\n    image = 1\nprint(image)",
    "import enum, a\nenum.IntEnum._convert_('A', __name__, a.is_of, source=a)\nprint(image)",
    "try:\n    print(image)\nexcept NameError:\n    pass",
    "try:\n    image\nexcept (NameError, KeyError):\n    print(1)",
    "try:\n    image\nexcept NameError:\n    print(1)\nexcept:\n    print(2)",
    "import contextlib\nwith contextlib.suppress(KeyError, NameError):\n    image",
    "import sys\nif sys.version_info < (3,):\n    print(image)",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    print(Image)",
    "def main(a: 'Image', b: Image = 1) -> Image:\n    c: Image = 1\n    return c\n" * 0
    + "a: 'Image' = 1",
    "def unused():\n    print(image)",
    "def unused():\n    def inner():\n        print(image)\n    inner()",
    "def main():\n    global image\n    image = 1\nmain()\nprint(image)",
    "if input():\n    image = 1\nprint(image)",
    "for image in range(3):\n    pass\nprint(image)",
    "with open('a') as image:\n    pass\nprint(image)",
    "print([image for image in range(3)], {a: b for a, b in ()})",
    "if (image := 1):\n    print(image)",
    "import os.path as image, a.b\nprint(image, a)",
    "def main(a, /, b, *c, d, **e):\n    def inner():\n        return a, b, c, d, e\nmain()",
    "def main():\n    image = 1\n    def inner():\n        nonlocal image\n        image = 2",
    "match input():\n    case {'a': image, **rest}:\n        print(image, rest)",
    "match input():\n    case [first, *others]:\n        print(first, others)",
    "try:\n    print(1)\nexcept OSError as error:\n    print(error)",
    "class A:\n    size = 1\n    half = size / 2\nprint(A, A.size)",
    "class A:\n    def f(self):\n        return __class__\nA().f()",
    "del image\nimage = 1",
    # of the function around, where another one that nothing names reads it too
    "def f():\n    image = 1\n    def g():\n        image\n    g()\nf()\ndef unused():\n    image",
    "print(x for y in () for x in y)",
    "image: int\nprint(image)",
    "print('image', \"image\", f'{1}')  # image",
    "print(",
    "\n".join(f"print(name_{number})" for number in range(51)),  # something gives them to it
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


def test_a_name_that_another_module_gives(tmp_path: Path, run: Run) -> None:
    read = "def load():\n    return client.get(1)"
    given = "import utils\nutils.client = 1\nutils.load()"
    assert found(tmp_path, run, given, utils=read) == []
    wraps = "def wrap(f):\n    f.__globals__['client'] = 1\n    return f"
    wrapped = f"import utils\n@utils.wrap\n{read}\nload()"
    assert found(tmp_path, run, wrapped, utils=wraps) == []
    compared = "import utils\nprint(utils.client == 1)\nutils.load()"
    assert len(found(tmp_path, run, compared, utils=read)) == 1
    assert (
        found(tmp_path, run, "import utils\nutils.load()", utils=f"from x import *\n{read}") == []
    )


@pytest.mark.parametrize(
    ("taken", "names"),
    [
        ("import os\nload = 1", []),
        ("from other import *", []),
        ("__all__ = ['load']\nload = 1", []),
        ("def load():\n    global extra\n    extra = 1", ["extra"]),
    ],
)
def test_what_a_module_of_the_gear_gives_by_a_star(
    taken: str, names: list[str], tmp_path: Path, run: Run
) -> None:
    text = "from utils import *\nprint(load, image)" + "".join(f", {name}" for name in names)
    other = "import os, json as load"
    (one,) = found(tmp_path, run, text, utils=taken, other=other)
    assert 'error: nothing defines "image"' in one


@pytest.mark.parametrize(
    "files",
    [
        {"utils": "from numpy import *"},
        {"utils": "globals()['image'] = 1"},
        {"utils": "from other import *", "other": "from utils import *"},
        {"utils": "from other import *", "other": "image = 1"},
        {"utils": "__all__ = ['image']"},
        {"utils": "def f():\n    pass\ndef g():\n    import f\n    f.image = 1"},
        {"utils/__init__": "", "utils/image": ""},
        {"utils": "def load(:"},
    ],
)
def test_a_star_that_may_give_a_name(files: dict[str, str], tmp_path: Path, run: Run) -> None:
    (tmp_path / "utils").mkdir()
    assert found(tmp_path, run, "from utils import *\nprint(image)", **files) == []


READS = "def load():\n    print(image)\n"
CALLED = [
    # what the script and a module have beside a function that reads a name nothing defines
    ("import utils\nutils.load()", READS),
    ("from utils import load as x\nx()", READS),
    ("from utils import *\nload()", READS),
    ("import utils\ngetattr(utils, 'load')()", READS),
    ("import utils\nexec('utils.load()')", READS),
    ("import utils\nutils.main()", f"{READS}def main():\n    a()\ndef a():\n    load()\n"),
    ("import utils\nutils.main()", f"def main():\n    return [load]\n{READS}"),
    ("import utils\nutils.A().f()", f"class A:\n    def f(self):\n        load()\n{READS}"),
    ("import utils\nutils.A()", f"class A:\n    def __init__(self):\n        load()\n{READS}"),
    ("import utils", f"from x import x\n@x\ndef f():\n    load()\n{READS}"),
    (
        "import utils",
        f"from x import B\nclass A(B):\n    def f(self):\n        load()\nA()\n{READS}",
    ),
    ("import utils", f"x = lambda: load()\n{READS}"),
    ("import os, utils\nos.x.register(utils.load)", READS),
]
NOT_CALLED = [
    ("import utils", READS),
    ("import utils  # load", f"# utils.load()\n{READS}'See load() above.'\n"),
    ("from load.load import *", READS),
    ("from utils import load", READS),
    ("import os, utils\nos.path.load()", f"import json\njson.load(1)\n{READS}"),
    ("import utils", f"{READS}def main():\n    load()\n"),
    ("import utils", f"{READS}if __name__ == '__main__':\n    load()\n"),
    ("import utils", "def load():\n    print(image)\n    load()\n"),
    ("import utils", f"{READS}def a():\n    b()\ndef b():\n    load()\n    a()\n"),
    ("import utils", f"class A:\n    def f(self):\n        load()\n{READS}"),
]


@pytest.mark.parametrize(("script", "module"), CALLED)
def test_a_function_that_may_be_called(script: str, module: str, tmp_path: Path, run: Run) -> None:
    assert len(found(tmp_path, run, script, utils=module)) == 1


@pytest.mark.parametrize(("script", "module"), NOT_CALLED)
def test_a_function_that_nothing_calls(script: str, module: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "load.py").write_text(module)
    assert found(tmp_path, run, script, utils=module) == []


@pytest.mark.parametrize("code", ["GL417", "GL419"])
def test_without_a_dockerfile_that_can_be_read(code: str, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text("FORM python:3.11\n")
    (tmp_path / "run.py").write_text("def f():\n    pass\nf(json)\n")
    outcome = run("check", "--select", code, "--output-format", "json", tmp_path)
    assert outcome.findings == []


HIDDEN = "line {} makes it a variable of {}(): set it before, or give that one another name"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is set anywhere in a function hides what has that name outside of it
        ("from a import curator\ndef main():\n    curator = curator.get(1)\nmain()",
         ("run.py:3:15 error", "main", "curator", 3)),
        ("count = 0\ndef add():\n    count += 1\nadd()", ("run.py:3:5 error", "add", "count", 3)),
        ("def f():\n    print(image)\n    import image\nf()",
         ("run.py:2:11 error", "f", "image", 3)),
        ("def f():\n    print(image)\n    def image():\n        pass\nf()",
         ("run.py:2:11 error", "f", "image", 3)),
        ("def f():\n    input = input()\nf()", ("run.py:2:13 error", "f", "input", 2)),
        # the value, or what a loop is over, may begin in a later line
        ("def f():\n    print(image)\n    image = (\n        1\n    )\nf()",
         ("run.py:2:11 error", "f", "image", 3)),
        ("def f():\n    print(i)\n    for i in (\n        range(3)\n    ):\n        pass\nf()",
         ("run.py:2:11 error", "f", "i", 3)),
        # a form feed begins no line
        ("\f\n\f\n\f\ndef g():\n    image = 1\ndef f():\n    print(image)\n    image = 1\nf()",
         ("run.py:7:11 error", "f", "image", 8)),
        ("image = {}\ndef f():\n    image['a'] = 1\n    image = 2\nf()",
         ("run.py:3:5 error", "f", "image", 4)),
        # it is set in another branch, or only later
        ("def f():\n    if not image:\n        image = 1\nf()",
         ("run.py:2:12 error", "f", "image", 3)),
        ("def f():\n    for one in image:\n        print(one)\n    image = 1\nf()",
         ("run.py:2:16 error", "f", "image", 4)),
        ("def f(a):\n    if a:\n        print(image)\n    image = 1\nf(1)",
         ("run.py:3:15 warning", "f", "image", 4)),
        ("def f():\n    for one in range(3):\n        print(one, image)\n    image = 1\nf()",
         ("run.py:3:20 warning", "f", "image", 4)),
        ("def f():\n    for one in range(3):\n        size += one\nf()",
         ("run.py:3:9 warning", "f", "size", 3)),
        ("def f():\n    \"\"\"Prints the\n    image.\"\"\"\n    print(image)  # image = 1\n"
         "    image = 1\nf()", ("run.py:4:11 error", "f", "image", 5)),
        ("def f():\n    print('image', str.image, sep='')\n    print(image)\n    image = 1\nf()",
         ("run.py:3:11 error", "f", "image", 4)),
        ("def f():\n    print(1, image, sep='')\n    image = 1\nf()",
         ("run.py:2:14 error", "f", "image", 3)),
        ("import a\nclass A:\n    def f(self):\n        self.a = a.b(a)\n        a = 1\nA().f()",
         ("run.py:4:18 warning", "f", "a", 5)),
        ("def f():\n    try:\n        print(image)\n    except Exception:\n        pass\n"
         "    image = 1\nf()", ("run.py:3:15 warning", "f", "image", 6)),
    ],
)  # fmt: skip
def test_read_before_it_is_set(
    text: str, expected: tuple[str, str, str, int], tmp_path: Path, run: Run
) -> None:
    place, function, name, line = expected
    message = f'{place}: {function}() reads "{name}" before anything sets it; '
    assert found(tmp_path, run, text) == [message + HIDDEN.format(line, function)]


@pytest.mark.parametrize(
    "body",
    [
        "image = 1\n    print(image)",
        "if n:\n        image = 1\n    print(image)\n    image = 2",
        "for one in n:\n        if one:\n            print(image)\n        image = 1",
        "for image in n:\n        pass\n    print(image)\n    image = 2",
        "while n:\n        while n:\n            print(image)\n        image = 1",
        "print([image for image in n])\n    image = 1",
        "print({image: each for each in n for image in each})\n    image = 1",
        "print([a for image in n for a in image])\n    image = 1",
        "print(lambda image: image)\n    image = 1",
        "def inner():\n        print(image)\n    image = 1\n    inner()",
        "def inner(image):\n        print(image)\n    image = 1\n    inner(1)",
        "global image\n    image += 1",
        "image = 1\n    def inner():\n        nonlocal image\n        image += 1\n    inner()",
        "def inner():\n        nonlocal image\n        image += 1\n    image = 1\n    inner()",
        "def inner():\n        nonlocal image\n        image = 1\n    inner()\n"
        "    print(image)\n    image = 2",
        "return isinstance(image := n, int) and image.real",
        "if (image := n) and image.size:\n        print(image)\n    image = 2",
        "print(image := 1, image)\n    image = 2",
        "try:\n        image\n    except NameError:\n        image = 1",
        "try:\n        image\n    except UnboundLocalError:\n        pass\n    image = 1",
        "try:\n        image\n    except:\n        image = 1",
        "try:\n        image\n    except (Exception, OSError):\n        image = 1",
        "with open(n) as image:\n        print(image)\n    image = 1",
        "try:\n        print(n)\n    except OSError as image:\n        print(image)\n    image = 1",
        "match n:\n        case [image, *_]:\n            print(image)\n    image = 1",
        "class Inner:\n        print(image)\n        image = 1",
        "image, other = other_of(n)\n    image = image + other",
        "print('image', n.image, dict(image=1))\n    image = 1",
        "n += 1",
        "n[image_of(n)] = image = 1\n    print(image)",
    ],
)
def test_what_may_be_set_before(body: str, tmp_path: Path, run: Run) -> None:
    text = f"image = 1\ndef other_of(n):\n    return n, 1\nimage_of = print\ndef f(n):\n    {body}"
    assert found(tmp_path, run, f"{text}\nf([])") == []


def test_variables_of_functions_that_nothing_names(tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, "def unused():\n    print(image)\n    image = 1") == []


def test_each_function_has_its_own_variable(tmp_path: Path, run: Run) -> None:
    text = "a = 1\ndef f():\n    a += 1\ndef g():\n    a += 1\nf()\nif a:\n    f()\n    g()"
    assert [line.partition(":")[2][:11] for line in found(tmp_path, run, text)] == [
        "3:5 error: ",
        "5:5 warning",
    ]
