"""The model of a gear's own code, without any rule."""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.source import Source
from gearlint.engine.gears import gears_under
from gearlint.gear.code import Code
from gearlint.python.module import Module
from gearlint.python.opened import OUTPUT, Use, files_opened
from gearlint.python.program import Program
from gearlint.python.quick_imports import may_miss
from tests.conftest import Run
from tests.sound import DOCKERFILE, write_gear

SDK = "import flywheel\n\ncontext = flywheel.GearContext()\n"


def code_of(
    directory: Path, script: str, dockerfile: str = DOCKERFILE, members: str = "", **files: str
) -> Code:
    """The code of a gear with this script."""
    write_gear(directory, members)
    (directory / "run.py").write_text(script)
    (directory / "Dockerfile").write_text(dockerfile.replace("run.py manifest.json", "."))
    for name, text in files.items():
        (directory / f"{name}.py").write_text(text)
    [(gear, _)] = gears_under(str(directory))
    assert gear.code is not None
    return gear.code


def test_what_is_read(tmp_path: Path) -> None:
    gets = 'context.config.get("b", 1)\ncontext.get_input_path("c")\ncontext.config.get("d")\n'
    script = f'{SDK}context.config["a"]\n{gets}'
    [reads] = code_of(tmp_path, script).reads
    assert [(read.kind, read.name, read.how, read.has_default) for read in reads.reads] == [
        ("option", "a", "[]", False),
        ("option", "b", "default", True),
        ("input", "c", "get_input_path", True),
        ("option", "d", "get", True),
    ]
    assert not reads.wholes
    assert not reads.changed


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('open("/flywheel/v0/output/x.txt", "w")', [("/flywheel/v0/output/x.txt", True)]),
        ('open("input/x.txt")', [("/flywheel/v0/input/x.txt", False)]),
        ('open("/tmp/x.txt")', []),
        ('context.open_output(".metadata.json")', [(f"{OUTPUT}/.metadata.json", True)]),
        ('Path("output/a").write_text("")', [("/flywheel/v0/output/a", True)]),
        ('Path("/flywheel/v0").joinpath("a").open()', [("/flywheel/v0/a", False)]),
        ("open(unknown())", []),
        ('Path("output/a").open("w")', [("/flywheel/v0/output/a", True)]),
        ('Path("output/a").open(mode="a")', [("/flywheel/v0/output/a", True)]),
        ('Path("input/a").open()', [("/flywheel/v0/input/a", False)]),
        ('Path("input/a").read_text()', [("/flywheel/v0/input/a", False)]),
        ('open("output/a", mode="x")', [("/flywheel/v0/output/a", True)]),
        ('open("input/a", "rb")', [("/flywheel/v0/input/a", False)]),
        ('open("input/a", encoding="x")', [("/flywheel/v0/input/a", False)]),
        ('context.open_output("/tmp/x")', []),
        ("open()", []),
    ],
)  # fmt: skip
def test_files_that_are_opened(line: str, found: list[tuple[str, bool]], tmp_path: Path) -> None:
    [evaluator] = code_of(tmp_path, f"{SDK}from pathlib import Path\n{line}\n").evaluators
    opened = files_opened(evaluator)
    assert [(one.path, one.use is Use.WRITES) for one in opened] == found
    assert {one.use for one in opened} <= {Use.WRITES, Use.READS}


def test_a_mode_that_is_not_known(tmp_path: Path) -> None:
    [evaluator] = code_of(tmp_path, f'{SDK}open("input/a", load())\n').evaluators
    assert [one.use for one in files_opened(evaluator)] == [Use.UNKNOWN]


def test_modules_are_found_where_the_image_has_them(tmp_path: Path) -> None:
    code = code_of(
        tmp_path,
        "import one\nimport json\n",
        f"{DOCKERFILE}RUN mv one.py two.py\n",
        one="import three\n",
        three="import one\n",
    )
    [program] = code.programs
    assert [module.path for module in program.modules] == ["/flywheel/v0/run.py"]


def test_a_script_is_followed_through_a_link_and_shells(tmp_path: Path) -> None:
    dockerfile = DOCKERFILE.replace('"python", "/flywheel/v0/run.py"', '"/flywheel/v0/start"')
    dockerfile = dockerfile.replace("ENTRYPOINT", "RUN ln -s go.sh start\nENTRYPOINT")
    (tmp_path / "go.sh").write_text("#!/bin/sh\ncd /flywheel/v0 && exec bash inner.sh\n")
    (tmp_path / "inner.sh").write_text(
        "HERE=/flywheel/v0\nif true; then python3 $HERE/main.py; fi\n"
    )
    code = code_of(tmp_path, "print(1)\n", dockerfile, main="print(2)\n")
    assert [one.path.rpartition("/")[2] for one in code.started] == [
        "run.py", "go.sh", "inner.sh", "main.py",
    ]  # fmt: skip


FILES = {
    "utils.py": "",
    "parts/a.py": "",
    "parts/deep/__init__.py": "",
    "parts/deep/b.py": "",
    "data/utils.txt": "",
    "made/utils.so": "",
    "package/__init__.py": "from .inner import x\n",
    "package/inner.py": "x = 1\n",
    "package/other.py": "from . import inner\n",
    "package/sub/__init__.py": "",
    "package/sub/up.py": "from ..other import y\nfrom .... import z\n",
    "src/main.py": "import parts.a\n",
    "lib/beside.py": "",
    "app/start.py": "import beside\n",
    "latin.py": "# \xe9\n",
    "data.py": "\0",
}
IMPORTS = [
    # steps of the Dockerfile, the script, and the modules that it imports
    ("COPY utils.py .", "import utils", ["utils.py"]),
    ("COPY utils.py .", "import utils as u, json; import os", ["utils.py"]),
    ("COPY parts parts", "import parts.a", ["parts/a.py"]),
    ("COPY parts parts", "from parts import a", ["parts/a.py"]),
    ("COPY parts parts", "from parts import deep", ["parts/a.py", "parts/deep/__init__.py"]),
    ("COPY parts parts", "import parts.deep.b", ["parts/deep/__init__.py", "parts/deep/b.py"]),
    ("COPY parts/a.py .", "import a.b", ["a.py"]),
    ("COPY package package", "import package", ["package/__init__.py", "package/inner.py"]),
    (
        "COPY package package",
        "from package.sub import up",
        [f"package/{name}.py" for name in ("__init__", "sub/__init__", "sub/up", "inner", "other")],
    ),
    ("COPY package package", "from . import package", []),
    # a module or a package comes before a directory of its name, whatever is searched first
    ("COPY data utils\nCOPY utils.py /flywheel/lib/", "import utils", ["/flywheel/lib/utils.py"]),
    (
        "COPY parts utils\nCOPY package/sub /flywheel/lib/utils",
        "import utils",
        ["/flywheel/lib/utils/__init__.py"],
    ),
    ("COPY parts utils\nCOPY utils.py .", "import utils.a", ["utils.py"]),
    ("COPY package/sub utils\nCOPY utils.py .", "import utils", ["utils/__init__.py"]),
    ("COPY made/utils.so utils.py ./", "import utils", []),
    ("COPY made/utils.so /flywheel/lib/\nCOPY utils.py .", "import utils", ["utils.py"]),
    ("COPY parts utils\nCOPY made utils/", "import utils.utils", []),
    ("COPY package/sub utils\nCOPY made/utils.so .", "import utils", ["utils/__init__.py"]),
    # a package's own directory comes before a module of its name
    (
        "COPY package package\nCOPY utils.py package.py",
        "import package",
        ["package/__init__.py", "package/inner.py"],
    ),
    ("COPY utils.py .", "import utils.b", ["utils.py"]),
    ("COPY data.py .", "import data", []),
    ("COPY package package\nRUN rm package/inner.py", "import package", ["package/__init__.py"]),
    ("COPY utils.py .", "x = 1; import utils", []),
    ("COPY utils.py .", "import json, utils as u, os", ["utils.py"]),
    ("COPY utils.py .", "import utils,", ["utils.py"]),
    ("COPY utils.py .", "import json, \\\n    utils", ["utils.py"]),
    # of a directory that is not known only what is beside the script is meant to be there
    ("COPY app/start.py run.py\nCOPY --from=example/app /x /flywheel/lib", "", []),
    ("COPY utils.py .", "import json, \\\r\n    utils", ["utils.py"]),
    ("COPY utils.py .", "import json \\\n    as utils", []),
]  # fmt: skip
OVER_UNKNOWN = [
    # the same over a base that may bring them: those of the build context are meant
    ("", "import utils", ["utils.py"]),
    ("", "import package", ["package/__init__.py"]),
    ("", "import parts.a", ["parts/a.py"]),
    ("", "from parts import a", ["parts/a.py"]),
    ("", "import made.utils", []),
    ("", "import none", []),
    ("", "import latin", ["latin.py"]),
    ("", "import beside", []),
    ("COPY utils.py package/inner.py", "import package.inner", ["package/inner.py"]),
    ("COPY src/main.py .", "import main", ["main.py", "parts/a.py"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "steps", "script", "modules"),
    [
        *(("python:3.11", *row) for row in IMPORTS),
        *(("example/unknown:1", *row) for row in OVER_UNKNOWN),
    ],
)
def test_modules_that_are_imported(
    base: str, steps: str, script: str, modules: list[str], tmp_path: Path
) -> None:
    program = program_of(tmp_path, base, steps, script)
    found = [module.path.removeprefix("/flywheel/v0/") for module in program.modules]
    assert found[1:] == modules


def program_of(tmp_path: Path, base: str, steps: str, script: str) -> Program:
    """A script, in an image that is made by these steps from a directory with `FILES`."""
    write_gear(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "run.py").write_text(f"{script}\n")
    dockerfile = DOCKERFILE.replace("python:3.11", base)
    (tmp_path / "Dockerfile").write_text(
        dockerfile.replace("ENTRYPOINT", f"ENV PYTHONPATH=/flywheel/lib\n{steps}\nENTRYPOINT")
    )
    [(gear, _)] = gears_under(str(tmp_path))
    assert gear.code is not None
    [program] = gear.code.programs
    return program


MISSING = [
    # steps of the Dockerfile, a script, and whether it may import what is not there
    ("", "import utils", True),
    ("", "import parts.a", True),
    ("COPY package/__init__.py package/", "from package import other", True),
    ("COPY package/__init__.py package/", "import package", True),
    ("COPY package package\nRUN rm package/other.py", "from package import other", True),
    ("COPY package package", "from package import none", True),
    ("COPY package package", "from package.inner import x, y", True),
    ("COPY package package", "from package.inner import (\n  x as y,\n  z)", True),
    # a clean gear has no syntax tree made
    ("", "import json", False),
    ("", "import none", False),
    ("", "", False),
    ("COPY utils.py .", "import utils", False),
    ("COPY package package", "from package.inner import x as y", False),
    ("COPY package package", "from package import other, x", False),
    ("COPY parts parts", "from parts import a", False),
    ("COPY package package", "from package import other", False),
    ("COPY parts/a.py parts/", "from parts import a", False),
    ("COPY parts/a.py parts/", "from parts import deep", True),
]


@pytest.mark.parametrize(("steps", "script", "expected"), MISSING)
def test_imports_that_may_be_missing(
    steps: str, script: str, expected: bool, tmp_path: Path
) -> None:
    assert may_miss(program_of(tmp_path, "python:3.11", steps, script)) is expected


@pytest.mark.parametrize(("script", "may_read"), [("x.config", True), ("import utils", False)])
def test_a_clean_gear_is_not_looked_at(script: str, may_read: bool, tmp_path: Path) -> None:
    program = program_of(tmp_path, "python:3.11", "COPY utils.py .", script)
    assert program.may_read is may_read


@pytest.mark.parametrize("script", ["import lost", "import package"])
def test_a_directory_with_too_many_files_may_have_what_is_missing(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(tmp_path, "python:3.11", "COPY package package", script)
    assert not may_miss(program)
    monkeypatch.setattr(limits, "DIRECTORY_ENTRIES", 1)
    program = program_of(tmp_path, "python:3.11", "COPY package package", script)
    assert may_miss(program)


SEARCHED = [
    # a script, and the directories that it adds to those of its modules
    ('import sys\nsys.path.append("/opt/lib")', ["/opt/lib"]),
    ('import sys\nsys.path.insert(0, "/opt/lib")', ["/opt/lib"]),
    ('import sys\nsys.path.insert(0, "lib")', ["/flywheel/v0/lib"]),
    ('import sys\nsys.path.append("../lib/")', ["/flywheel/lib"]),
    ('from site import addsitedir\naddsitedir("/opt/lib")', ["/opt/lib"]),
    ('from sys import path\npath.append("/opt/lib")', ["/opt/lib"]),
    ('import sys\nx = "/a" if sys.argv else "/b"\nsys.path.append(x)', ["/a", "/b"]),
    ('import sys\nfor x in ("/a", "/b"):\n    sys.path.append(x)', ["/a", "/b"]),
    ("import sys\nsys.path.append(load())", [None]),
    ("import sys\nsys.path.append({})", [None]),
    ("import sys\nsys.path.append()", [None]),
    ('import site\nsite.addsitedir(sitedir="/opt/lib")', [None]),
    ('import sys\nsys.path.insert("/opt/lib")', [None]),
    ('import sys\nsys.path.extend(["/opt/lib"])', [None]),
    ('import sys\nsys.path = ["/opt/lib"]', [None]),
    ('import sys\nsys.path += ["/opt/lib"]', [None]),
    ('import sys\nsys.path[0] = "/opt/lib"', [None]),
    ('import sys\nsys.path[:0] = ["/opt/lib"]', [None]),
    # what adds none
    ("import sys\nprint(sys.path)\nsys.path[0].strip()\nsys.path.sort()", []),
    ('import sys\nprint(sys.path)\nx = {}\nx[0] = "/opt/lib"\nx.path = 1', []),
    ('paths = []\npaths.append("/opt/lib")', []),
]


@pytest.mark.parametrize(("script", "added"), SEARCHED)
def test_directories_that_a_script_adds(
    script: str, added: list[str | None], tmp_path: Path
) -> None:
    [evaluator] = code_of(tmp_path, script).evaluators
    first, *others = evaluator.program.search
    assert (first, sorted(others, key=str)) == ("/flywheel/v0", added)


READ_BY_SHELL = [
    # a script, and the option or input that it reads, as it is written there
    ("jq .config.a config.json", ["option a"]),
    ("jq '.inputs.a.location.path' config.json", ["input a"]),
    ("jq -r '.config[\"a-b\"]' config.json", ["option a-b"]),
    ("CONFIG=$FLYWHEEL/config.json\njq .config.a ${CONFIG}", ["option a"]),
    ("CONFIG=$FLYWHEEL/config.json\njq .config.a $CONFIG", ["option a"]),
    ("of() {\n  jq -r .config.$1 config.json\n}\nX=$(of a)\nY=`of b`", ["option a", "option b"]),
    (
        "of() {\n  jq -r .config.$1 config.json\n}\nto() {\n  jq -r .inputs.$1 config.json\n}\n"
        "X=$(of a)\nY=$(to b)",
        ["option a", "input b"],
    ),
    ("echo $FW_CONFIG_A ${FW_CONFIG_B}", ["option A", "option B"]),
    ("read A\necho $FW_CONFIG_A", ["option A"]),
    ("# \u00e9\necho $FW_CONFIG_A", ["option A"]),
    ('echo "number # $FW_CONFIG_A"', ["option A"]),
    ('echo \'#\' "\\" # $FW_CONFIG_A"', ["option A"]),
    ("echo '\n# $FW_CONFIG_A\n'", []),  # a text of more lines
    ("echo 'a # $FW_CONFIG_A\n'", ["option A"]),
    ("echo 'a' \"b\" # $FW_CONFIG_A", []),
    ("echo don\\'t # $FW_CONFIG_A", []),
    # what reads none
    ("jq .config.a other.json", []),
    ("# jq .config.a config.json", []),
    ("jq '.config.a = 1' config.json", []),
    ("jq .config.$1 config.json\nof() {\n  x\n}\nX=$(of a)", []),
    ("FW_CONFIG_A=1\necho $FW_CONFIG_A", []),
    ("read -r FW_CONFIG_A\necho $FW_CONFIG_A", []),
]


@pytest.mark.parametrize(("text", "expected"), READ_BY_SHELL)
def test_what_a_shell_script_reads(text: str, expected: list[str], tmp_path: Path) -> None:
    code = code_of(tmp_path, f"#!/bin/bash\n{text}\n", members='"command": "bash run.py"')
    [reads] = code.shell_reads
    found = [f"{read.kind} {read.name}" for read in reads.reads]
    assert found == expected
    for read in reads.reads:
        written = f"FW_CONFIG_{read.name}" if read.how == "variable" else read.name
        assert read.source.data[read.span.start : read.span.end].decode() == written


@pytest.mark.parametrize(
    ("start", "main", "started"),
    [
        ("python app", "__main__.py", ["app/__main__.py", "app/a.py"]),
        ("python3 /flywheel/v0/app x", "__main__.py", ["app/__main__.py", "app/a.py"]),
        ("python app", "main.py", []),
        ("bash app", "__main__.py", []),
    ],
)
def test_a_directory_that_python_starts(
    start: str, main: str, started: list[str], tmp_path: Path, run: Run
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / main).write_text("import a\n")
    (tmp_path / "app" / "a.py").write_text("x = 1\n")
    code = code_of(tmp_path, "print(1)\n", members=f'"command": "{start}"')
    paths = [module.path for program in code.programs for module in program.modules]
    found = [path.removeprefix("/flywheel/v0/") for path in paths if "/app/" in path]
    assert found == started
    _, out, _ = run("check", "--select", "GL402", tmp_path)
    assert ("which is a directory" in out) is not bool(started)


def test_of_a_package_and_a_module_the_package_is_started(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__main__.py").write_text("print(1)\n")
    code = code_of(tmp_path, "print(1)\n", app="print(2)\n", members='"command": "python -m app"')
    assert "/flywheel/v0/app/__main__.py" in [one.path for one in code.started]
    assert "/flywheel/v0/app.py" not in [one.path for one in code.started]


def test_a_module_is_within_the_limits_once_for_all_that_is_asked_of_it() -> None:
    text = "print(image)\n"
    for left, is_within in ((len(text), True), (len(text) - 1, False)):
        module = Module(Source("run.py", text.encode()), "/run.py", "__main__", Budget(left))
        assert module.unbound == ({"image"} if is_within else set())
        assert (module.scope is not None) == is_within
