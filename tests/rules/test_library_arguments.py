"""GL419: what functions of Python are given, and refuse: arguments, modes, patterns, strings."""

import subprocess
import sys
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.python.fields import misfill
from gearlint.python.refusals import refused_mode, refused_pattern
from tests.conftest import Run
from tests.rules.test_wrong_arguments import DOCKERFILE, found
from tests.sound import write_gear

PATHLIB = "from pathlib import Path\n"
MODES = "a mode is one of r, w, a and x, maybe with +, and with b or t"
BRACES = "write {{ and }} for braces that are meant"
FOUND = [
    # arguments
    ('import os\nos.system("true %s" % 1, 2)',
     "os.system() is given 2 arguments, and takes 1; it takes os.system(command)"),
    ('import os\nos.path.join()',
     'os.path.join() is not given "a"; it takes os.path.join(a, *p)'),
    ('import os.path as op\nop.exists("a", "b")',
     "os.path.exists() is given 2 arguments, and takes 1; it takes os.path.exists(path)"),
    ('from os import path\npath.exists()',
     'os.path.exists() is not given "path"; it takes os.path.exists(path)'),
    ('from os import makedirs\nmakedirs("a", exists_ok=True)',
     'os.makedirs() has no parameter "exists_ok"; did you mean "exist_ok"?'),
    ('import os\nos.makedirs("a", "b", "c", "d")',
     "os.makedirs() is given 4 arguments, and takes 3; it takes os.makedirs(name, mode=0o777, "
     "exist_ok=False, *, parent_mode=None)"),
    ('import os\nos.mkdir("a", exist_ok=True)',
     'os.mkdir() has no parameter "exist_ok"; it takes os.mkdir(path, mode=0o777, *, dir_fd=None)'),
    ('import os\nos.rename("a")',
     'os.rename() is not given "dst"; it takes os.rename(src, dst, *, src_dir_fd=None, '
     "dst_dir_fd=None)"),
    ('import shutil\nshutil.copy("a")',
     'shutil.copy() is not given "dst"; it takes shutil.copy(src, dst, *, follow_symlinks=True)'),
    ('import shutil as s\ns.move("a")',
     'shutil.move() is not given "dst"; it takes shutil.move(src, dst, copy_function=...)'),
    ('import shutil\nshutil.move("a", "b", dst="c")',
     'shutil.move() is given "dst" twice; it takes shutil.move(src, dst, copy_function=...)'),
    ("import time\ntime.sleep()",
     'time.sleep() is not given "seconds"; it takes time.sleep(seconds, /)'),
    ("import re\nre.search('a')",
     're.search() is not given "string"; it takes re.search(pattern, string, flags=0)'),
    ('len("a", "b")', "len() is given 2 arguments, and takes 1; it takes len(obj, /)"),
    ("float(1.25, 2)", "float() is given 2 arguments, and takes 1; it takes float(x=0)"),
    ("getattr(1)",
     'getattr() is not given "name"; it takes getattr(o, name, default, /)'),
    ("print(1, flsuh=True)", 'print() has no parameter "flsuh"; did you mean "flush"?'),
    ('open("a", encodng="x")', 'open() has no parameter "encodng"; did you mean "encoding"?'),
    ("sorted([1], print)",
     "sorted() is given 2 arguments, and takes 1; it takes sorted(iterable, /, *, key=None, "
     "reverse=False)"),
    (f'{PATHLIB}Path("a").mkdir(exists_ok=True)',
     'Path.mkdir() has no parameter "exists_ok"; did you mean "exist_ok"?'),
    (f'{PATHLIB}out = Path("a") / "b"\nout.parent.mkdir(parnets=True)',
     'Path.mkdir() has no parameter "parnets"; did you mean "parents"?'),
    ("def f():\n    return len()\nf()", 'len() is not given "obj"; it takes len(obj, /)'),
    # modes
    ('open("a", "rw")',
     'open() has no mode "rw"; write "r+" to read and write what is there, "w+" to begin anew'),
    ('import io\nio.open("a", mode="wrb")',
     'open() has no mode "wrb"; write "rb+" to read and write what is there, "wb+" to begin anew'),
    ('open("a", "r+w")',
     'open() has no mode "r+w"; write "r+" to read and write what is there, "w+" to begin anew'),
    ('open("a", "txt")', f'open() has no mode "txt"; {MODES}'),
    ('open("a", "b")', f'open() has no mode "b"; {MODES}'),
    ('open("a", "rtb")', f'open() has no mode "rtb"; {MODES}'),
    ('open("a", "wU")', f'open() has no mode "wU"; {MODES}'),
    (f'{PATHLIB}Path("a").open("rw")',
     'open() has no mode "rw"; write "r+" to read and write what is there, "w+" to begin anew'),
    ('open("a", "rU")', 'Python 3.11 and newer have no mode "rU"; write "r"'),
    ('open("a", "rbU")', 'Python 3.11 and newer have no mode "rbU"; write "rb"'),
    ('open("a", "U")', 'Python 3.11 and newer have no mode "U"; write "r"'),
    # patterns
    ('import re\nre.search("*.nii", "a")',
     'the pattern "*.nii" repeats nothing, at character 1; write ".*" for any text'),
    ('import re\nre.compile(r"(\\d+")',
     'the pattern "(\\d+" has a "(" without its ")", at character 1; write "[(]" or "\\(" for '
     "the character itself"),
    ('from re import sub\nsub("a)", "b", "c")',
     'the pattern "a)" has a ")" without its "(", at character 2; write "[)]" or "\\)" for the '
     "character itself"),
    ('import re\nre.split(pattern="[a", string="b")',
     'the pattern "[a" has a "[" without its "]", at character 1; write "\\[" for it'),
    ('import re\nre.findall("a**", "b", re.I | re.M)',
     'the pattern "a**" has two repeats in a row, at character 3; write "[+]" or "\\+" for the '
     "character itself"),
    ('import re\nre.match("[z-a]", "b", flags=re.DOTALL)',
     'the pattern "[z-a]" has a "-" that makes no range, at character 2; write the "-" last in its '
     "[]"),
    ('import re\nre.match("a\\\\", "b")',
     'the pattern "a\\" ends with half an escape, at character 2; write "\\\\" for it'),
    ('import re\nre.fullmatch("a{3,2}", "b")',
     'the pattern "a{3,2}" repeats fewer than it begins with, at character 3; swap them'),
    ('import re\nre.compile("(?<name>a)")',
     'the pattern "(?<name>a)" has a "(?<" that Python does not know, at character 2; a name is '
     '"(?P<a>"'),
    ('import re\nre.compile("(?P<a>b)" "(?P<a>c)")',
     'the pattern "(?P<a>b)(?P<a>c)" gives two groups one name, at character 13; give them two '
     "names"),
    ('import re\nre.compile(r"\\y")',
     'the pattern "\\y" has an escape that Python does not know, at character 1; write it '
     "without the \\"),
    ('import re\nre.compile("^a(?i)b")',
     'the pattern "^a(?i)b" has flags that are not at its start, at character 3; write them '
     "first, or as an argument"),
    # strings
    ('"{} {}".format(1)', '"{} {}" takes 2 values, and is given 1; give it a value for each {}'),
    ('("a {}"\n "b {1[0]}").format(1)',
     '"a {}b {1[0]}" has places with a number and without; number all, or none'),
    ('"{2}".format(1, 2)', '"{2}" takes 3 values, and is given 2; give it a value for each {}'),
    ('"{:{}}".format(1)', '"{:{}}" takes 2 values, and is given 1; give it a value for each {}'),
    ('"{name}".format(nam=1)', '"{name}" takes "name", and is not given it; did you mean "nam"?'),
    ('"{} {a.b}".format(1)', '"{} {a.b}" takes "a", and is not given it; give it a=...'),
    ("'{\"a\": {}}'.format(1)",
     f'"{{"a": {{}}}}" takes ""a"", and is not given it; {BRACES}'),
    ('"""\n{a}\n} """.format(a=1)',
     f'"\\u000a{{a}}\\u000a}} " has a brace that is not a place for a value; {BRACES}'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "message"), FOUND)
def test_found(code: str, message: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, code)
    place, _, rest = line.partition(" error: ")
    assert rest == message
    assert place.startswith("run.py:")


@pytest.mark.parametrize("code", [code for code, _ in FOUND])
def test_what_is_found_ends_the_script(code: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    names = ("TypeError", "ValueError", "error", "PatternError", "IndexError", "KeyError")
    assert done.stderr.splitlines()[-1].partition(":")[0].rpartition(".")[2] in names


LEFT_ALONE = [
    # arguments
    'import os\nos.system("true")\nos.makedirs("a", 0o777, True)\nos.path.join("a", "b", "c")',
    'import os\nos.makedirs("a", exist_ok=True)\nos.makedirs("b", parent_mode=0o777)',
    'import os\nos.path.join(*["a"])\nos.makedirs("a", **{})\nos.system(*["true"])',
    "import json\njson.dumps({}, encoding='x')",  # Python before 3.9 takes it
    "getattr(1, 'a')\ngetattr(1, 'a', 2)\nround(1.5, 1)\nround(number=1)",
    "print(1, 2, sep='', end='', file=None, flush=True)",
    "print(f'len(a, b)')\n# len(a, b)\n'''\nlen(a, b)\n'''",
    "len([1, 2])\nlen((1, 2))\nlen('a, b')\nlen({1: 2, 3: 4})\nlen([(1, 2) for _ in (1, 2)])",
    "try:\n    len()\nexcept TypeError:\n    pass",
    "def len(a, b):\n    pass\nlen(1, 2)",
    "len = print\nlen(1, 2)",
    "def f(len):\n    len(1, 2)\nf(print)",
    "def unused():\n    len()",
    "globals()['len'] = print\nlen()",
    "from math import *\nlen()",
    "import os\nos.system = print\nos.system(1, 2)",
    "import other\nimport os\nos.system(1, 2)",
    "class os:\n    system = print\nos.system(1, 2)",
    "class A:\n    def open(self):\n        pass\n    def mkdir(self, a, b, c, d):\n        pass\n"
    "A().open()\nA().mkdir(1, 2, 3, 4)",
    "import sys\nif sys.version_info[0] < 3:\n    sorted([1], print)",
    "import os\nif os.name == 'nt':\n    os.system()",
    f"{PATHLIB}a = Path('a')\na = print\na.mkdir(exists_ok=True)",
    f"{PATHLIB}Path.mkdir(Path('a'), exist_ok=True)\nPath('a').mkdir(0o777, True, True)",
    f"{PATHLIB}def f(a):\n    a.mkdir(exists_ok=True)\nf(1)",
    "print\nprint.join(1, 2)\n(print)(1, 2)\nint('1', 2)\nstr(b'', 'ascii')\nmax(1, 2)",
    # modes
    'open("a")\nopen("a", "r")\nopen("a", "rb+")\nopen("a", "w+t")\nopen("a", mode="x")',
    'open("rw")\nopen("a", "")'.partition("\n")[0],
    'mode = "rw"\nopen("a", mode)',
    'open("a", b"rw")',
    'try:\n    open("a", "rw")\nexcept ValueError:\n    pass',
    'import os\nos.open("a", "rw")',
    'import gzip\ngzip.open("a", "rw")',
    # patterns
    'import re\nre.compile("[*].nii")\nre.search(r"\\*(\\d+)[)(]\\.", "a")\nre.sub("a", "(", "b")',
    'import re\nre.compile("a # (", re.VERBOSE)\nre.search("a # (", "a", flags=re.X | re.I)',
    'import re\nflags = re.X\nre.compile("a # (", flags)',
    'import re\nre.escape("(")\nre.purge()',
    'import re\npattern = "("\nre.compile(pattern)',
    'import re\nre.compile(b"(")',
    'import re\nre.compile("(" + pattern + ")")',
    'import re\nre.compile(f"({pattern}")',
    'import re\ntry:\n    re.compile("(")\nexcept re.error:\n    pass',
    'import re\nre.compile("(?i)a")\nre.compile("a++")\nre.compile("[[a]")',
    'import re\nre.compile(r"a\\z")\nre.compile(r"\\N{DIGIT ONE}")',
    'import re\nre.compile("(?P=a)")',  # another error, in other words in each version
    'import re\nre.compile("a{99999999999}")',
    f'import re\nre.compile("{"a" * limits.PATTERN_CHARACTERS}(")',
    # strings
    '"{} {}".format(1, 2)\n"{0} {0}".format(1)\n"{a} {}".format(1, a=2)\n"{{}}".format()',
    '"{:{}}".format(1, 2)\n"{:>{width}}".format(1, width=2)\n"{}".format(1, 2, a=3)',
    '"{0.a} {0[b]} {1!r:>3}".format(1, 2)',
    '"{} {}".format(*[1, 2])\n"{a}".format(**{"a": 1})\n"{} {}".format(1, *[2])',
    '"a".format\n"{}".join([])\n"{}".format_map({})\nb"{}".format(1)',
    'text = "{}"\ntext.format()',
    'f"{1}".format()\n("{}" + "{}").format()',
    'try:\n    "{}".format()\nexcept IndexError:\n    pass',
    'try:\n    "{}".format()\nexcept LookupError:\n    pass',
    'def unused():\n    "{}".format()',
    f'"{"a" * limits.PYTHON_TEXT_CHARACTERS}{{}}".format()',
    '"\\N{DIGIT ONE}".format()',
    "# '{}'.format()",
]


@pytest.mark.parametrize("code", LEFT_ALONE)
def test_left_alone(code: str, tmp_path: Path, run: Run) -> None:
    other = "import os\nos.system = print"
    assert found(tmp_path, run, code, other=other) == []
    # the same where another call is wrong, so that the syntax trees are looked at
    wrong = "\nimport shutil\nshutil.copy(1)\n'{}'.format()"
    messages = {line.partition(": ")[2][:12] for line in found(tmp_path, run, code + wrong)}
    if "*" not in code.partition("\n")[0]:
        assert messages == {"shutil.copy(", '"{}" takes 1'}


def test_where_not_every_run_comes_to_it(tmp_path: Path, run: Run) -> None:
    for number, code in enumerate(("len()", 'open("a", "rw")', '"{}".format()')):
        [line] = found(tmp_path / str(number), run, f"if input():\n    {code}")
        assert line.startswith("run.py:2 warning: ")


def test_modules_of_the_gear_with_such_names(tmp_path: Path, run: Run) -> None:
    shutil = "import shutil\nshutil.copy(1)"
    assert len(found(tmp_path / "a", run, shutil)) == 1
    assert found(tmp_path / "b", run, shutil, shutil="copy = print") == []
    system = "import os\nos.system()"  # Python has imported its own before
    assert len(found(tmp_path / "c", run, system, os="system = print")) == 1


def by(base: str, directory: Path, run: Run, code: str, python: str = "python") -> list[str]:
    """The severities and messages of GL419 with another base image, or program."""
    write_gear(directory, f'"command": "{python} /flywheel/v0/run.py"')
    (directory / "run.py").write_text(f"{code}\n")
    (directory / "Dockerfile").write_text(DOCKERFILE.replace("python:3.11", base))
    outcome = run("check", "--select", "GL419", "--output-format", "json", directory)
    return [f"{each['severity']}: {each['message']}" for each in outcome.findings]


@pytest.mark.parametrize(
    ("code", "bases"),
    [
        # Python 2 takes it
        ("sorted([1], print)", ["python:3.11", "python:3.8"]),
        ("open('a', 'rw')", ["python:3.11", "python:3.8"]),
        ("import re\nre.compile(r'\\y')", ["python:3.11", "python:3.8"]),
        # only a Python from 3.11 on refuses it
        ("open('a', 'rU')", ["python:3.11"]),
        ("import re\nre.compile('a(?i)b')", ["python:3.11"]),
        ("import re\nre.compile('(')", ["python:3.11", "python:3.8", "python:2.7", "other/image"]),
        ("len()", ["python:3.11", "python:3.8", "python:2.7", "other/image"]),
    ],
)
def test_versions_of_python(code: str, bases: list[str], tmp_path: Path, run: Run) -> None:
    known = ["python:3.11", "python:3.8", "python:2.7", "other/image"]
    reported = [each for each in known if by(each, tmp_path, run, code)]
    assert reported == bases


def test_another_python_of_the_image(tmp_path: Path, run: Run) -> None:
    code = "open('a', 'rU')"
    base = "python:3.11\nRUN apt-get install -y python3"
    assert by("python:3.11", tmp_path, run, code, "python3")
    assert by(base, tmp_path, run, code) == []
    assert by("python:3.11", tmp_path, run, code, "/usr/bin/python3") == []


def test_what_the_text_alone_says() -> None:
    assert refused_mode("r") is None
    assert refused_pattern("a|b") is None
    assert misfill("{} {a}", 1, {"a"}) is None


PYTHONS = sorted((Path.home() / ".pyenv" / "versions").glob("3.*/bin/python"))
ASK = """
import re, sys, warnings
warnings.simplefilter("ignore")
refused = []
for kind, text in eval(sys.argv[1]):
    try:
        if kind == "mode":
            open(sys.argv[0], text).close()
        else:
            re.compile(text)
    except (ValueError, re.error):
        refused.append(text)
    except OSError:
        pass
print(refused)
"""
TEXTS = [
    *(("mode", each) for each in ("wr", "txt", "b", "rtb", "U", "rU", "rbU", "U+", "r", "r+")),
    *(("pattern", each) for each in ("*a", "a**", "(", ")", "[a", "[z-a]", "[\\w-a]", "a\\")),
    *(("pattern", each) for each in ("\\y", "a{3,2}", "(?<a>b)", "(?P<a>b)(?P<a>c)", "a(?i)b")),
    *(("pattern", each) for each in ("a++", "a|b")),
]  # fmt: skip


@pytest.mark.parametrize("python", [Path(sys.executable), *PYTHONS], ids=str)
def test_each_python_refuses_them(python: Path, tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK)
    version = "import sys; print(sys.version_info[1])"
    minor = int(subprocess.run([python, "-c", version], check=True, capture_output=True).stdout)
    done = subprocess.run([python, script, repr(TEXTS)], check=True, capture_output=True, text=True)
    refused = set(eval(done.stdout))
    for kind, text in TEXTS:
        refusal = refused_mode(text) if kind == "mode" else refused_pattern(text)
        if refusal is not None and (refusal.since or 0) <= minor:
            assert text in refused
        if minor == sys.version_info.minor and refusal is None:
            assert text not in refused
