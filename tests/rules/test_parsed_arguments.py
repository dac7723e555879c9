"""GL417: attributes of parsed arguments that no `add_argument` makes."""

import subprocess
import sys
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
START = "import argparse\nparser = argparse.ArgumentParser()\n"
PARSE = "args = parser.parse_args()\n"
FUNCTION = """\
from argparse import ArgumentParser
def parse():
    parser = ArgumentParser("gear")
    parser.add_argument("-t", "--max-threads", type=int, default=1)
    return parser.parse_args()
"""
GROUPS = """\
group = parser.add_argument_group("some")
group.add_argument("--mask")
either = group.add_mutually_exclusive_group()
either.add_argument("--fast", action="store_true")
"""


def found(directory: Path, run: Run, text: str, **modules: str) -> list[str]:
    """`LINE:COLUMN severity: message; help` of GL417 in a gear that runs `run.py`."""
    write_gear(directory)
    for name, content in {"run": text, **modules}.items():
        (directory / f"{name}.py").write_text(content)
    (directory / "Dockerfile").write_text(DOCKERFILE)
    outcome = run("check", "--select", "GL417", "--output-format", "json", directory)
    return [
        f"{each['line']}:{each['column']} {each['severity']}: {each['message']}; {each['help']}"
        for each in outcome.findings
    ]


def error_of(directory: Path) -> str:
    """The last line that the script prints to stderr."""
    command = [sys.executable, "run.py"]
    outcome = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return (outcome.stderr.splitlines() or [""])[-1]


def lacks(name: str, meant: str = "", *, owner: str = "args", severity: str = "error") -> str:
    advice = f'did you mean "{meant}"?' if meant else "add it to the parser"
    return f'{severity}: {owner} has no "{name}": no add_argument() makes it; {advice}'


ENDS = [
    (f'{START}parser.add_argument("--mask")\n{PARSE}print(args.masks)\n',
     f"5:7 {lacks('masks', 'mask')}"),
    (f'{START}parser.add_argument("mask", nargs="?")\n{PARSE}print(args.atlas)\n',
     f"5:7 {lacks('atlas')}"),
    (f'{START}parser.add_argument("-m", "--mask", dest="where")\n{PARSE}print(args.mask)\n',
     f"5:7 {lacks('mask')}"),
    (f'{START}{GROUPS}{PARSE}print(args.fast, args.mask, args.fats)\n',
     f"8:29 {lacks('fats', 'fast')}"),
    (f'{START}parser.add_argument("-m")\nargs, others = parser.parse_known_args()\n'
     "print(args.n, others)\n", f"5:7 {lacks('n', 'm')}"),
    (f"{FUNCTION}opts = parse()\nprint(opts.max_threads, opts.maxthreads)\n",
     f"7:25 {lacks('maxthreads', 'max_threads', owner='opts')}"),
    (f"{FUNCTION}def main():\n    args = parse()\n    print(args.threads)\nmain()\n",
     f"8:11 {lacks('threads')}"),
    (f'{START}parser.add_argument("--a", action=argparse.BooleanOptionalAction)\n{PARSE}'
     "print(args.a, args.b)\n", f"5:15 {lacks('b', 'a')}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENDS)
def test_ends_the_job(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == [expected]
    assert error_of(tmp_path).startswith("AttributeError: ")


def test_what_not_every_run_comes_to_is_a_warning(tmp_path: Path, run: Run) -> None:
    text = f'{START}parser.add_argument("--mask")\n{PARSE}if args.mask:\n    print(args.atlas)\n'
    assert found(tmp_path, run, text) == [f"6:11 {lacks('atlas', severity='warning')}"]


SUB = 'sub = parser.add_subparsers()\nsub.add_parser("a").add_argument("--b")\n'
ADD = 'parser.add_argument("--a")\n'
LEFT_ALONE = [
    f"{START}{ADD}{PARSE}print(args.a)\n",
    f'{START}parser.add_argument("--a-b", "-c")\n{PARSE}print(args.a_b)\n',
    f'{START}parser.add_argument("-c", "--a-b")\n{PARSE}print(args.a_b)\n',
    f'{START}parser.add_argument("-c", dest="d")\n{PARSE}print(args.d)\n',
    # the parser is handed over, or has more than is seen
    f"{START}def add(parser):\n    parser.add_argument('--b')\nadd(parser)\n{PARSE}print(args.b)\n",
    f"{START}for name in ['b']:\n    parser.add_argument('--' + name)\n{PARSE}print(args.b)\n",
    f"{START}names = ['--b']\nparser.add_argument(*names)\n{PARSE}print(args.b)\n",
    f"{START}given = {{'dest': 'b'}}\nparser.add_argument('--a', **given)\n{PARSE}print(args.b)\n",
    f"{START}parser.set_defaults(b=1)\n{PARSE}print(args.b)\n",
    f"{START}{SUB}{PARSE}getattr(args, 'b', 0) and print(args.b)\n",
    f"{START}parser.add_argument_group('x').add_argument('--b')\n{PARSE}print(args.b)\n",
    f"{START}g = parser.add_argument_group('x')\ng.add_argument('--b')\n"
    f"g = parser.add_argument_group('y')\ng.add_argument('--c')\n{PARSE}print(args.b)\n",
    "import argparse\nbase = argparse.ArgumentParser(add_help=False)\nbase.add_argument('--b')\n"
    f"parser = argparse.ArgumentParser(parents=[base])\n{PARSE}print(args.b)\n",
    "import argparse\nparser = argparse.ArgumentParser(prefix_chars='+')\n"
    f"parser.add_argument('++b')\n{PARSE}print(args.b)\n",
    f"{START}class Both(argparse.Action):\n    def __init__(self, **given):\n"
    "        super().__init__(default=0, **given)\n    def __call__(self, *given): pass\n"
    f"parser.add_argument('--a', action=Both)\n{PARSE}print(args.a)\n",
    # the arguments are given more, or another's
    f"{START}{ADD}{PARSE}args.b = 1\nprint(args.b)\n",
    f"{START}{ADD}{PARSE}setattr(args, 'b'.lower(), 1)\nprint(args.b)\n",
    f"{START}{ADD}{PARSE}vars(args).update(b=1)\nprint(args.b)\n",
    f"{START}{ADD}{PARSE}args.__dict__.update(b=1)\nprint(args.b)\n",
    f"{START}{ADD}args = parser.parse_args(namespace=argparse.Namespace(b=1))\nprint(args.b)\n",
    f"{START}{ADD}{PARSE}if args.a is None:\n    args = argparse.Namespace(b=1)\nprint(args.b)\n",
    f"{START}{ADD}{PARSE}if hasattr(args, 'b'):\n    print(args.b)\n",
    f"{START}{ADD}{PARSE}try:\n    print(args.b)\nexcept AttributeError:\n    pass\n",
    f"{START}{ADD}{PARSE}def never():\n    print(args.b)\n",
    f"{START}{ADD}{PARSE}print(args.__class__)\n",
    f"{FUNCTION}parse = lambda: __import__('types').SimpleNamespace(b=1)\nprint(parse().b)\n",
    "import optparse\nparser = optparse.OptionParser()\nparser.add_option('--b')\n"
    "args, others = parser.parse_args()\nprint(args.b)\n",
    "class argparse:\n    class ArgumentParser:\n        def parse_args(self): return self\n"
    f"        b = 1\nparser = argparse.ArgumentParser()\n{PARSE}print(args.b)\n",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []
    assert error_of(tmp_path) == ""


SHOWS = "import logging\nprint(args, str(args))\nlogging.getLogger().info(args)\n"


@pytest.mark.parametrize(
    ("use", "is_found"),
    [
        (SHOWS, True),
        ("def use(given):\n    pass\nuse(args)\n", True),
        ("from own import use\nuse(args)\n", True),
        ("import own\nown.use(given=args)\n", True),
        ("from copy import copy\ncopy(args)\n", False),
        ("import copy\ncopy.copy(args)\n", False),
        ("use = print\nuse(args)\n", False),
        ("[].append(args)\n", False),
    ],
)
def test_others_that_get_the_arguments_may_add_to_them(
    use: str, is_found: bool, tmp_path: Path, run: Run
) -> None:
    own = "def use(given):\n    pass\n"
    text = f"{START}{ADD}{PARSE}{use}print(args.b)\n"
    line = text.count("\n")
    expected = [f"{line}:7 {lacks('b', 'a')}"] if is_found else []
    assert found(tmp_path, run, text, own=own) == expected
    assert error_of(tmp_path).startswith("AttributeError: ")


def test_another_module_adds_to_the_parser(tmp_path: Path, run: Run) -> None:
    more = f"{START}"
    text = f"from more import parser\nimport extra\n{PARSE}print(args.b)\n"
    extra = "from more import parser\nparser.add_argument('--b')\n"
    assert found(tmp_path, run, text, more=more, extra=extra) == []
    main = f"{START}if __name__ == '__main__':\n    import extra\n    {PARSE}    print(args.b)\n"
    extra = "from __main__ import parser\nparser.add_argument('--b')\n"
    assert found(tmp_path, run, main, extra=extra) == []
    assert error_of(tmp_path) == ""
