"""GL417: attributes that a module of Python does not have."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gearlint.python.attributes import TABLE, table
from tests.conftest import Run
from tests.python.attributes_table import main
from tests.rules.test_names import KNOWN
from tests.rules.test_names import found as found_in


def found(directory: Path, run: Run, text: str, base: str = KNOWN, **files: str) -> list[str]:
    """`LINE:COLUMN severity: message; help` of GL417 in a gear that runs `run.py`."""
    return [line.partition(":")[2] for line in found_in(directory, run, text, base, **files)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nos.sytem('ls')", '2:1 error: os has no "sytem"; did you mean "os.system"?'),
        ("import os\nos.path.exits('a')",
         '2:1 error: os.path has no "exits"; did you mean "os.path.exists"?'),
        ("import os.path\nos.path.exits('a')",
         '2:1 error: os.path has no "exits"; did you mean "os.path.exists"?'),
        ("import os\nos.exists('a')",
         '2:1 error: os has no "exists"; did you mean "os.path.exists"?'),
        ("from os import path\npath.listdir('a')",
         '2:1 error: os.path has no "listdir"; "path" is os.path here; did you mean "os.listdir"?'),
        ("import json as j\nj.laods('1')",
         '2:1 error: json has no "laods"; "j" is json here; did you mean "json.loads"?'),
        ("from os import makedirs, sytem",
         '1:26 error: os has no "sytem"; did you mean "os.system"?'),
        ("import datetime\ndatetime.now()",
         '2:1 error: datetime has no "now"; did you mean "datetime.datetime.now"?'),
        ("from datetime import datetime\ndatetime.datetime.now()",
         '2:1 error: datetime.datetime has no "datetime"; "datetime" is the class itself: leave '
         "out .datetime"),
        # the last import is the one in effect
        ("import datetime\nfrom datetime import datetime\ndef f():\n    datetime.timedelta(1)\nf()",
         '4:5 error: datetime.datetime has no "timedelta"; "datetime" is datetime.datetime here; '
         'did you mean "datetime.timedelta"?'),
        ("import datetime\nfrom datetime import datetime\ndatetime.timedelta(1)",
         '3:1 error: datetime.datetime has no "timedelta"; "datetime" is datetime.datetime here; '
         'did you mean "datetime.timedelta"?'),
        ("import datetime\ndatetime.now()\nfrom datetime import datetime",
         '2:1 error: datetime has no "now"; did you mean "datetime.datetime.now"?'),
        # once, where every run comes to it
        ("import os\nif input():\n    os.sytem('a')\nos.sytem('b')",
         '4:1 error: os has no "sytem"; did you mean "os.system"?'),
        ("import os\nif input():\n    os.sytem('a')",
         '3:5 warning: os has no "sytem"; did you mean "os.system"?'),
        ("import shutil\ntry:\n    shutil.copyfiles(1)\nexcept OSError:\n    pass",
         '3:5 warning: shutil has no "copyfiles"; did you mean "shutil.copyfile"?'),
        ("class A:\n    import os\n    os.sytem('a')\nA()",
         '3:5 warning: os has no "sytem"; did you mean "os.system"?'),
        # a keyword sets nothing
        ("import os\nos.makedir('a', exist_ok=True)",
         '2:1 error: os has no "makedir"; did you mean "os.makedirs"?'),
        # Python 3.14 reads no annotations
        ("import os\ndef f(a: os.Pathlike, b: int = 1):\n    print(a, b)\nf(1)",
         '2:10 warning: os has no "Pathlike"; did you mean "os.PathLike"?'),
        ("import os\ndef f(a: int, *b: os.Pathlike):\n    print(a, b)\nf(1)",
         '2:19 warning: os has no "Pathlike"; did you mean "os.PathLike"?'),
        ("import os\nclass A:\n    def f(self) -> os.Pathlike:\n        pass\nA().f()",
         '3:20 warning: os has no "Pathlike"; did you mean "os.PathLike"?'),
    ],
)  # fmt: skip
def test_found(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('a')\nos.path.join('a')\nos.startfile('a')\nos.getcwdu()",
        "import datetime\ndatetime.datetime.now()\ndatetime.date.today()",
        "from datetime import datetime, timedelta\ndatetime.now() - timedelta(days=1)",
        "import os\nos.sytems_of_all('a')",  # near to nothing
        "import os\nos.__sytem('a')",
        "import math\nmath.pj",  # of so short names too many are near
        "class A:\n    pass\npos = A()\nimport os\nprint(pos.exists)",
        "import os\nos.sytem = print\nos.sytem('a')",
        "import os\nif hasattr(os, 'sytem'):\n    os.sytem('a')",
        "import os\ntry:\n    os.sytem('a')\nexcept AttributeError:\n    pass",
        "import os\ntry:\n    os.sytem('a')\nexcept:\n    pass",
        "try:\n    from os import sytem\nexcept ImportError:\n    sytem = print",
        "import os, sys\nif sys.version_info < (3,):\n    os.sytem('a')",
        "import os\ndef f(os):\n    os.sytem('a')\nf(print)",
        "import os\nos = print\nos.sytem('a')",
        "try:\n    import json\nexcept ImportError:\n    import ujson as json\njson.laods('1')",
        "import os\nfrom shutil import *\nos.sytem('a')",
        "from .os import sytem\nfrom . import os\nos.sytem('a')",
        "import os\ndef unused():\n    os.sytem('a')",
        "import os\ndef f(a: 'os.Pathlike'):\n    print(a)\nf(1)",
        "from __future__ import annotations\nimport os\ndef f(a: os.Pathlike):\n    print(a)\nf(1)",
        "import os\nos.environ.sytem\nos.getcwd().sytem\n(os or 1).sytem",
        "import os\nprint('os.sytem')  # os.sytem",
        "import string\nstring.lowercse",  # not a module of the table
    ],
)
def test_left_alone(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []


def test_modules_of_the_gear(tmp_path: Path, run: Run) -> None:
    text = "import json\njson.laods('1')"
    assert found(tmp_path / "a", run, text, json="def laods(text):\n    pass") == []
    [line] = found(tmp_path / "b", run, text, base="FROM me/base\n")
    assert line == '2:1 warning: json has no "laods"; did you mean "json.loads"?'
    [line] = found(tmp_path / "c", run, "import utils", utils="import os\nos.sytem('a')")
    assert line == '2:1 error: os has no "sytem"; did you mean "os.system"?'
    given = "import os, utils\nutils.os.sytem = print"
    assert found(tmp_path / "d", run, given, utils="import os\nos.sytem('a')") == []


@pytest.mark.skipif(sys.platform != "linux", reason="of other systems only what is documented")
@pytest.mark.parametrize("key", table())
def test_the_table_has_what_this_python_has(key: str) -> None:
    thing: Any = import_module(key.partition(".")[0])
    for part in key.split(".")[1:]:
        thing = getattr(thing, part)
    names = getattr(thing, "__all__", dir(thing))
    assert {name for name in names if not name.startswith("_")} <= table()[key]


def test_the_table_is_written_again_as_it_is() -> None:
    before = Path(TABLE).read_bytes()
    main([])
    assert Path(TABLE).read_bytes() == before


CONTEXT = "from flywheel_gear_toolkit import GearToolkitContext\ncontext = GearToolkitContext()\n"
JSON = "import json\nwith open('/flywheel/v0/config.json') as file:\n    config = json.load(file)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CONTEXT}context.config.threads",
         '3:1 warning: the options are a dictionary, which has no "threads"; write '
         'context.config["threads"]'),
        (f"{CONTEXT}config = context.config\nconfig.get_input_path('image')",
         '4:1 warning: the options are a dictionary, which has no "get_input_path"; '
         '"get_input_path" may be of the context; an option is config["name"]'),
        (f"{JSON}['config']\nprint(config.threads, config.threads)",
         '4:7 warning: the options are a dictionary, which has no "threads"; write '
         'config["threads"]'),
    ],
)  # fmt: skip
def test_of_the_options(text: str, expected: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        f"{CONTEXT}context.config.get('threads')\ncontext.config.items()",
        f"{CONTEXT}context.config_json\ncontext.destination",
        f"{CONTEXT}config = context.other\nconfig.threads",
        f"{CONTEXT}config = context.config or input\nconfig.threads",
        f"{CONTEXT}if hasattr(context.config, 'threads'):\n    context.config.threads",
        f"{CONTEXT}try:\n    context.config.threads\nexcept AttributeError:\n    pass",
        f"{CONTEXT}def unused():\n    context.config.threads",
        f"{JSON}\nconfig['threads']['a'].threads",
        f"from box import Box\n{JSON[:-1]}, object_hook=Box)['config']\nconfig.threads",
        f"{JSON[:-1]}, object_pairs_hook=lambda pairs: input(pairs))['config']\nconfig.threads",
        f"{JSON[:-1]}, cls=input)['config']\nconfig.threads",
        # its options are an object
        "from fw_gear import GearContext\ncontext = GearContext()\ncontext.config.get_input('a')",
    ],
)
def test_of_the_options_nothing_is_said(text: str, tmp_path: Path, run: Run) -> None:
    assert found(tmp_path, run, text) == []
