"""GL419: calls of Python's own library with arguments that it does not take."""

from pathlib import Path

import pytest

from gearlint.python.quick_library import may_misuse_text
from tests.conftest import Run
from tests.rules.test_wrong_arguments import found

ONE_STRING = "give it a list, as shlex.split() makes one, or add shell=True"
SUBPROCESS = "import subprocess\n"
JSON = "import json\n"
PARSER = "import argparse\np = argparse.ArgumentParser()\n"


@pytest.mark.parametrize(
    ("code", "program"),
    [
        ('subprocess.run("ls -l")', "ls -l"),
        ('subprocess.Popen("ls x", stdout=1)', "ls x"),
        ('subprocess.check_call("/opt/a -x", shell=False)', "/opt/a -x"),
        ('subprocess.call("ls {}".format(1))', "ls {}"),
        ('subprocess.call("ls %s" % 1)', "ls %s"),
        ('subprocess.check_output("ls " + "a" + " b")', "ls {}{}"),
        ('subprocess.run(f"ls {1} -x")', "ls {} -x"),
        ('subprocess.run(f"{1} -x")', "{} -x"),
        ('subprocess.run(" ".join(["ls", "-l"]))', "ls {}"),
        ('cmd = "ls -l"\nsubprocess.run(cmd)', "ls -l"),
        ('cmd = "ls"\ncmd = "ls -l"\nsubprocess.run(cmd)', "ls -l"),
    ],
)
def test_program_with_its_arguments(code: str, program: str, tmp_path: Path, run: Run) -> None:
    [line] = found(tmp_path, run, SUBPROCESS + code)
    _, _, message = line.partition(": ")
    assert line.startswith(f"run.py:{code.count(chr(10)) + 2} error: ")
    assert message.endswith(f'() looks for a program called "{program}"; {ONE_STRING}')


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            f'{SUBPROCESS}subprocess.run(["ls", "-l"], shell=True)',
            'run.py:2 warning: subprocess.run() runs "ls" alone: with shell=True the rest of a '
            "list are no arguments of it; leave out shell=True, or give it one string",
        ),
        (
            f'{SUBPROCESS}def f():\n    subprocess.run("ls -l")\nif f:\n    f()',
            f'run.py:3 warning: subprocess.run() looks for a program called "ls -l"; {ONE_STRING}',
        ),
        (
            f'{SUBPROCESS}import os\nif os.environ.get("A"):\n    subprocess.run("ls -l")',
            f'run.py:4 warning: subprocess.run() looks for a program called "ls -l"; {ONE_STRING}',
        ),
        (
            f'{JSON}json.load("/flywheel/v0/config.json")',
            "run.py:2 error: json.load() takes a file, and is given a path; "
            "open it first: with open(...) as file: json.load(...)",
        ),
        (
            f'{JSON}path = "config.json"\njson.load(path)',
            "run.py:3 error: json.load() takes a file, and is given a path; "
            "open it first: with open(...) as file: json.load(...)",
        ),
        (
            f'{JSON}import os\njson.dump({{}}, os.path.join("a", "b"))',
            "run.py:3 error: json.dump() takes a file, and is given a path; "
            "open it first: with open(...) as file: json.dump(...)",
        ),
        (
            f'{JSON}json.loads(open("a"))',
            "run.py:2 error: json.loads() takes a text, and is given a file; write json.load",
        ),
        (
            f'{JSON}with open("a") as file:\n    json.loads(file)',
            "run.py:3 error: json.loads() takes a text, and is given a file; write json.load",
        ),
        (
            'import os\nos.environ("HOME")',
            "run.py:2 error: os.environ is called, and is not a function; write os.environ[...]",
        ),
        (
            f'{PARSER}p.add_argument("--a", action="store_true", type=bool)',
            'run.py:3 error: add_argument() does not take "type" with action="store_true"; '
            "leave it out",
        ),
        (
            f'{PARSER}g = p.add_argument_group("a")\ng.add_argument("-v", nargs=1, action="count")',
            'run.py:4 error: add_argument() does not take "nargs" with action="count"; '
            "leave it out",
        ),
        (
            f'{PARSER}p.add_argument("a", required=True)',
            'run.py:3 error: add_argument() does not take "required" of an argument without '
            "dashes; leave it out",
        ),
        (
            f'{PARSER}p.add_argument("a", dest="b")',
            'run.py:3 error: add_argument() does not take "dest" of an argument without dashes; '
            "leave it out",
        ),
        (
            f'{PARSER}p.add_argument("-a", "--all")\np.add_argument("-a")',
            'run.py:4 error: the parser gets "-a" twice; remove one',
        ),
        (
            f'{PARSER}p.add_argument("-h", "--height")',
            'run.py:3 error: the parser has "-h" already, for its help; '
            "call it otherwise, or write add_help=False",
        ),
    ],
)
def test_found(code: str, line: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, code) == [line]


LEFT_ALONE = [
    # of subprocess
    'subprocess.run("ls")',
    'subprocess.run("ls -l", shell=True)',
    'subprocess.run("ls -l", shell=bool(1))',
    'subprocess.run("a b", executable="/bin/ls")',
    'subprocess.run("ls -l".split())',
    'import shlex\nsubprocess.run(shlex.split("ls -l"))',
    'subprocess.run(["ls -l"], shell=True)',
    'subprocess.run(["ls", "-l"])',
    'subprocess.run(["ls $0", "-l"], shell=True)',
    'subprocess.run([str(1), "-l"], shell=True)',
    'subprocess.run("/opt/My App/a")',
    'subprocess.run("cmd /c x")',
    "subprocess.run('\"a\" b')",
    'subprocess.run(" ".join(["ls"]))',
    'subprocess.run("".join(["ls", "-l"]))',
    'subprocess.run("ls -l", **{})',
    'subprocess.run(*["ls -l"])',
    "subprocess.run()",
    'subprocess.getoutput("ls -l")',
    'cmd = "ls -l"\ncmd = cmd.split()\nsubprocess.run(cmd)',
    'cmd = "ls -l"\nif cmd:\n    cmd = ["ls"]\nsubprocess.run(cmd)',
    'cmd = "ls"\ncmd += " -l"\nsubprocess.run(cmd)',
    'cmd = "ls -l"\ndef f(cmd):\n    subprocess.run(cmd)\nf(["ls"])',
    'try:\n    subprocess.run("ls -l")\nexcept OSError:\n    pass',
    'import os\nif os.name == "nt":\n    subprocess.run("ls -l")',
    'import sys\nif sys.platform == "win32":\n    subprocess.run("ls -l")',
    'def never():\n    subprocess.run("ls -l")',
    'class subprocess:\n    run = print\nsubprocess.run("ls -l")',
    'from subprocess import *\nsubprocess.run("ls -l")',
    # of json and os
    'import json\njson.load(open("a"))\njson.loads("{}")\njson.dumps("a")',
    'import json\nwith open("a") as file:\n    json.load(file)\n    json.loads(file.read())',
    'import json\nwith open("a") as text:\n    text = text.read()\njson.loads(text)',
    'import json\ndef open(a):\n    return "{}"\njson.loads(open("a"))',
    'import json\ntry:\n    json.load("a")\nexcept AttributeError:\n    pass',
    'import os\nos.environ.get("A")',
    # of argparse
    f'{PARSER}p.add_argument("a", type=int)\np.add_argument("--b", dest="c", required=True)',
    f'{PARSER}p.add_argument("--a", action="store_true", dest="b", default=1, help="type=")',
    f'{PARSER}p.add_argument("--a", action="append", type=int, nargs=1)',
    f'{PARSER}p.add_argument("--a", action="store_const", const=1)',
    f'{PARSER}p.add_argument("--a", action="store_true", **dict(type=int))',
    f'{PARSER}p.add_argument(*["a"], required=True)',
    f'{PARSER}p.add_argument("a" if p else "--b", required=True)',
    f'{PARSER}if p:\n    p.add_argument("-a")\nelse:\n    p.add_argument("-a")',
    f'{PARSER}q = argparse.ArgumentParser()\np.add_argument("-a")\nq.add_argument("-a")',
    f'{PARSER.replace("()", "(conflict_handler=1)")}p.add_argument("-a")\np.add_argument("-a")',
    f'{PARSER.replace("()", "(add_help=False)")}p.add_argument("-h")',
    f'{PARSER}g = p.add_argument_group("a")\ng.add_argument("-a")\np.print_help("-a")',
    f'{PARSER}p = print\np.add_argument("a", required=True)',
    'import argparse\ndef f(p):\n    p.add_argument("a", required=True)\nf(1)',
    "class P:\n    add_argument = dict\np = P()\np.add_argument(required=1)  # argparse",
    f'{PARSER}try:\n    p.add_argument("a", dest="b")\nexcept ValueError:\n    pass',
]


@pytest.mark.parametrize("code", LEFT_ALONE)
def test_left_alone(code: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, SUBPROCESS + code) == []


def test_module_of_the_gear_with_the_name_of_one(tmp_path: Path, run: Run) -> None:
    code = f'{SUBPROCESS}subprocess.run("ls -l")'
    assert found(tmp_path, run, code, subprocess="run = print") == []


@pytest.mark.parametrize(
    "code",
    [
        'subprocess.run(["ls"])\nsubprocess.run(cmd)\nsubprocess.run("ls -l", shell=True)',
        'subprocess.run(\n    ["ls", f(g(1))],\n    check=True)\nrun(main())',
        "with open(path) as file:\n    config = json.load(file_of(path))\njson.loads(text)",
        'json.dump(config, file)\njson.load(open("a"))[1:]'.replace('open("a")', "file"),
        'argparse\np.add_argument("a", type=int)\np.add_argument("--b", action="store_true")',
        'argparse\np.add_argument("--a", default="--b")\np.add_argument("--b", choices=[1])',
        "os.environ[1]",
    ],
)
def test_no_tree_is_needed(code: str) -> None:
    assert not may_misuse_text(f"import subprocess, json\n{code}\n")
