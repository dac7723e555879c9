"""The rules on the gear's own code: what they find, and what they leave alone.

A case is a `run.py`; a line `=== NAME` begins another file. The manifest declares the option
`threads` and the input `image`, and the image has all files of the gear, unless the case brings a
manifest's members or a Dockerfile of its own.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gearlint.cli.check_options import FORMATS
from gearlint.core import limits
from gearlint.core.secrets import redacted
from tests.conftest import Run
from tests.sound import write_gear

Lint = Callable[..., list[str]]
MANIFEST, DOCKERFILE = "members", "Dockerfile"
ALL = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""
ONLY_RUN = ALL.replace("COPY . .", "COPY run.py manifest.json ./")
BY_MODULE = ALL.replace('"/flywheel/v0/run.py"', '"-m", "own"')
FMRIPREP = "nipreps/fmriprep:23.0.0"
INIT_ONLY = ALL.replace("COPY . .", "COPY run.py ./\nCOPY utils/__init__.py utils/")
UBUNTU = ALL.replace(
    "python:3.11", "ubuntu:22.04\nRUN apt-get update && apt-get install -y python3"
).replace('"python"', '"python3"')
REQUIRED = (
    "import utils\n=== utils.py\n=== requirements.txt\n-r r1.txt\n{files}=== Dockerfile\n"
    f"{ONLY_RUN}COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n"
)


def required(levels: int) -> str:
    """A gear whose requirements are in so many files, each of which names the next."""
    files = "".join(f"=== r{n}.txt\n-r r{n + 1}.txt\n" for n in range(1, levels))
    return REQUIRED.format(files=f"{files}=== r{levels}.txt\nnumpy\n")


CODES = "GL411,GL412,GL501,GL502,GL504,GL701,GL702"
KEY = '"inputs": {"image": {"base": "file", "description": "d"}, "api-key": {"base": "api-key"}}'


@pytest.fixture
def lint(tmp_path: Path, run: Run) -> Lint:
    """Lines `FILE CODE severity: message` of what is found in a gear with this code."""

    def lint(case: str, codes: str = CODES, shown: str = "concise") -> list[str]:
        gear = tmp_path / "gear"
        gear.mkdir(exist_ok=True)
        first, *others = case.lstrip("\n").split("=== ")
        files = dict(each.split("\n", 1) for each in others)
        files = {"run.py": first, **files}
        members = files.pop(MANIFEST, "").rstrip("\n")
        files.setdefault(DOCKERFILE, ALL)
        for name, text in files.items():
            path = gear / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, errors="surrogateescape")
            path.chmod(0o755)
        write_gear(gear, members)
        outcome = run("check", "--output-format", shown, "--select", codes, gear)
        assert "internal" not in outcome.stderr, outcome.stderr
        if shown != "concise":
            return outcome.stdout.splitlines()
        lines = [line.removeprefix("gear/") for line in outcome.stdout.splitlines()]
        return [
            f"{line.split(':')[0]}:{line.split(':')[1]} {line.split(': ', 1)[1]}" for line in lines
        ]

    return lint


SDK = "import flywheel\n\ncontext = flywheel.GearContext()\n"
TOOLKIT = "from flywheel_gear_toolkit import GearToolkitContext\n\n"
WITH = f"{TOOLKIT}with GearToolkitContext() as context:\n"

WITHOUT = "import it by its full name, or start the script as a module of it, by python -m"
A_FILE = "the script is started without one"
A_MODULE = 'the module "helper" is imported without one'
ENV = "#!/usr/bin/env python3\n"
SHELL = '"command": "bash run.py"'
HYPHEN = """\
"command": "bash go.sh",
"config": {"my-opt": {"type": "string", "description": "d", "default": "x"}, "x": {"type": "integer", "description": "d", "default": 1}},
"inputs": {"t1-w": {"base": "file", "description": "d"}}
"""

FOUND = [
    # GL501: how config.json is read
    (
        'import json\nfrom own import *\nc = json.load(open("/flywheel/v0/config.json"))\nprint(c["config"]["thread"])\n=== own.py\ndef load(): pass\n',
        'run.py:4 GL501 warning: option "thread" is not declared, so it raises KeyError',
    ),
    (
        'import json\nc = json.load(open("/flywheel/v0/config.json"))\nprint(c["config"]["thread"])\n',
        'run.py:3 GL501 warning: option "thread" is not declared, so it raises KeyError',
    ),
    (
        'import json\nwith open("config.json") as f:\n    c = json.load(f)["config"]\nprint(c["thread"])\n',
        'run.py:4 GL501 warning: option "thread" is not declared, so it raises KeyError',
    ),
    (
        'import json\nfrom pathlib import Path\nc = json.loads(Path("/flywheel/v0/config.json").read_text())\nprint(c.get("config").get("Threads"))\n',
        'run.py:4 GL501 warning: option "Threads" is not declared, so it is always None',
    ),
    (
        'import json, os\nbase = "/flywheel/v0"\npath = os.path.join(base, "config.json")\nconfig = json.load(open(path))\nconfig = config["config"]\nprint(config["speed"])\n',
        'run.py:6 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        'import json\nfrom pathlib import Path\nhere = Path(__file__).parent\nc = json.loads((here / "config.json").read_text())["config"]\nprint(c["speed"])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        'import argparse, json\nap = argparse.ArgumentParser()\nap.add_argument("--config_file", default="/flywheel/v0/config.json")\nargs = ap.parse_args()\nc = json.load(open(args.config_file))["config"]\nprint(c["speed"])\n',
        'run.py:6 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    # GL501: contexts
    (
        f'{SDK}print(context.config["speed"])\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{WITH}    print(context.config["speed"])\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        'import fw_gear\n\nwith fw_gear.GearContext() as gc:\n    print(gc.config.opts["speed"])\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        'import flywheel_gear_toolkit as gtk\n\nctx = gtk.GearToolkitContext(input_args=[])\ncfg = ctx.config\nprint(cfg["speed"])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print(context.config_json["config"]["speed"])\n'.replace(
            "flywheel.GearContext", "flywheel_gear_toolkit.GearToolkitContext"
        ).replace("import flywheel\n", "import flywheel_gear_toolkit\n"),
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print(context.config.get("thread"))\n',
        'run.py:4 GL501 warning: option "thread" is not declared, so it is always None',
    ),
    (
        f'{SDK}print(context.config.get("speed", 1))\n',
        'run.py:4 GL501 info: option "speed" is not declared, so its default is taken',
    ),
    (
        f'{SDK}if "speed" in context.config:\n    print(context.config["speed"])\n',
        'run.py:5 GL501 info: option "speed" is not declared, so it is never set',
    ),
    (
        f'{SDK}try:\n    print(context.config["speed"])\nexcept KeyError:\n    pass\n',
        'run.py:5 GL501 info: option "speed" is not declared, so it is never set',
    ),
    (
        f'{SDK}try:\n    load()\nexcept KeyError:\n    print(context.config["speed"])\n',
        'run.py:7 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print(context.config["speed"])\nprint(context.config["speed"])\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}if load("speed"):\n    print(context.config["speed"])\n',
        'run.py:5 GL501 info: option "speed" is not declared, so it is never set',
    ),
    (
        f'{SDK}if load(1, "speed"):\n    print(context.config["speed"])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    # GL501: what only looks guarded, or unused, or like a part of config.json itself
    (
        f'{SDK}if isinstance(context, KeyError):\n    print(context.config["speed"])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'from contextlib import suppress\n{SDK}with suppress(OSError):\n    print(context.config["speed"])\n',
        'run.py:6 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'from contextlib import suppress\n{SDK}with suppress(OSError, KeyError):\n    print(context.config["speed"])\n',
        'run.py:6 GL501 info: option "speed" is not declared, so it is never set',
    ),
    (
        f'{SDK}try:\n    print(context.config["speed"])\nexcept* KeyError:\n    pass\n',
        'run.py:5 GL501 info: option "speed" is not declared, so it is never set',
    ),
    (
        f'{SDK}match 1:\n    case _ if context.config["speed"] > 1:\n        pass\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'from other import speed as fast\n{SDK}fast(context)\n=== other.py\ndef speed(ctx):\n    print(ctx.config["speed"])\n',
        'other.py:2 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print(context.config["modality"])\n',
        'run.py:4 GL501 warning: option "modality" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print([context.config.get(key) for key in ("a1", "b1")])\n',
        'run.py:4 GL501 info: options "a1" and "b1" are not declared, so they are always None',
    ),
    (
        f'{SDK}print([context.config.get(key, 1) for key in ("a1", "b1")])\n',
        'run.py:4 GL501 info: options "a1" and "b1" are not declared, so their defaults are taken',
    ),
    (
        f'{SDK}print(context.config.pop("speed", None))\n',
        'run.py:4 GL501 info: option "speed" is not declared, so its default is taken',
    ),
    (
        f'{SDK}cfg = context.config\nprint(cfg.get("type"))\n',
        'run.py:5 GL501 info: option "type" is not declared, so it is always None',
    ),
    # GL501: keys
    (
        f'{SDK}KEY = "speed"\nprint(context.config[KEY])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}kind = "x"\nprint(context.config[f"{{kind}}-speed"])\n',
        'run.py:5 GL501 warning: option "x-speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}values = [context.config[key] for key in ("threads", "speed")]\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}for key in ["threads", "speed"]:\n    print(context.config[key])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}for key in ("a1", "b1", "c1", "d1", "threads"):\n    print(context.config[key])\n',
        'run.py:5 GL501 warning: options "a1", "b1", "c1" and 1 more are not declared, so each raises KeyError',
    ),
    (
        f'{SDK}import lib\n=== lib.py\nimport flywheel\nprint(flywheel.GearContext().config["speed"])\n=== go.sh\n#!/bin/bash\npython run.py\npython lib.py\n=== members\n"command": "bash go.sh"\n',
        'lib.py:2 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    # GL501: functions, methods and modules
    (
        f'{TOOLKIT}def main(ctx):\n    print(ctx.config["speed"])\n\nif __name__ == "__main__":\n    with GearToolkitContext() as c:\n        main(c)\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{TOOLKIT}def main(ctx: GearToolkitContext) -> None:\n    config = ctx.config\n    print(config["speed"])\n\nmain(GearToolkitContext())\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{WITH}    from lib.parser import parse\n    parse(context)\n=== lib/__init__.py\n=== lib/parser.py\ndef parse(gear_context):\n    return gear_context.config["speed"]\n',
        'lib/parser.py:2 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}import lib\nlib.run(config=context.config)\n=== lib.py\ndef run(*, config):\n    return config["speed"]\n',
        'lib.py:2 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{TOOLKIT}class Runner:\n    def __init__(self, ctx):\n        self.config = ctx.config\n\n    def go(self):\n        return self.config["speed"]\n\nRunner(GearToolkitContext()).go()\n',
        'run.py:8 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{TOOLKIT}def options():\n    return GearToolkitContext().config\n\nprint(options()["speed"])\n',
        'run.py:6 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}import copy\nmine = copy.deepcopy(context.config)\nprint(mine["speed"])\n',
        'run.py:6 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        'import json\nfrom pathlib import Path\nc = json.loads(Path("/flywheel/v0", "config.json").read_text())\nprint(c["config"]["speed"])\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}mine = {{**context.config}}\nprint(mine["speed"])\n',
        'run.py:5 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print([n for n in load() if "speed" in context.config])\nprint(context.config["speed"])\n',
        'run.py:5 GL501 info: option "speed" is not declared, so it is never set',
    ),
    # GL501: methods that what their class is built on may call
    *(
        (
            f'{SDK}{base}\n    def visit(self):\n        print(context.config["speed"])\n\nA().start()\n{more}',
            f'run.py:{4 + base.count(chr(10)) + 2} GL501 warning: option "speed" is not declared, so it raises KeyError',
        )
        for base, more in (
            ("from lib import Base\nclass A(Base):", ""),
            ("import threading\nclass A(threading.Thread):", ""),
            ("from lib import *\nclass A(Base):", ""),
            ("class A(load()):", ""),
            ("import abc, lib\nclass A(abc.ABC, lib.Base):", ""),
            (
                "from own import Base\nclass A(Base):",
                "=== own.py\nimport lib\nclass Base(lib.Base): pass\n",
            ),
        )
    ),
    (
        f'{SDK}import lib\nclass A(lib.Base):\n    def visit(self):\n        def inner():\n            print(context.config["speed"])\n        inner()\n\nA().start()\n',
        'run.py:8 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{TOOLKIT}import lib\nclass A(lib.Base):\n    def __init__(self, ctx):\n        self.config = ctx.config\n\n    def visit(self):\n        print(self.config["speed"])\n\nA(GearToolkitContext()).start()\n',
        'run.py:9 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}import lib\nclass A(lib.Base):\n    def visit(self):\n        context.get_input_path("mask")\n\nA().start()\n',
        'run.py:7 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    # GL501: shell
    (
        'print(1)\n=== go.sh\n#!/bin/bash\nCONFIG=/flywheel/v0/config.json\nN=$(jq -r .config.thread $CONFIG)\n=== members\n"command": "bash go.sh"\n',
        'go.sh:3 GL501 warning: option "thread" is not declared, so it is always null',
    ),
    (
        'print(1)\n=== go.sh\n#!/bin/bash\nfunction of {\n  jq -r ".config.$1" config.json\n}\nN="$(of thread)"\n=== members\n"command": "./go.sh"\n',
        'go.sh:5 GL501 warning: option "thread" is not declared, so it is always null',
    ),
    *(
        (
            f"print(1)\n=== go.sh\n#!/bin/bash\njq -r {path} config.json\n=== members\n{HYPHEN}",
            f"go.sh:2 {message}, and fails",
        )
        for path, message in (
            (".config.my-opt", 'GL501 warning: jq takes "my-opt" for "my" minus "opt"'),
            ("'.config.a-b-c // 1'", 'GL501 warning: jq takes "a-b-c" for "a" minus "b-c"'),
            (
                "'.config.\"x\", .inputs.t1-w.location'",
                'GL502 warning: jq takes "t1-w" for "t1" minus "w"',
            ),
        )
    ),
    *(
        (
            f"print(1)\n=== go.sh\n#!/bin/bash\nof() {{\n  jq -r {path} config.json\n}}\n"
            f"N=$(of my-opt)\n=== members\n{HYPHEN}",
            'go.sh:5 GL501 warning: jq takes "my-opt" for "my" minus "opt", and fails',
        )
        for path in (".config.$1", '".config.$1"', "'.config.'$1", "'.config.'\"$1\"")
    ),
    (
        'print(1)\n=== go.sh\n#!/bin/bash\necho $FW_CONFIG_THREAD\n=== members\n"command": "bash go.sh"\n',
        'go.sh:2 GL501 warning: option "THREAD" is not declared, so the variable is never set',
    ),
    (
        'import json\nc = json.load(open("/flywheel/v0/config.json"))\nprint(c["config"]["speed"])\n=== go.sh\n#!/bin/bash -e\ncd /flywheel/v0\npython3 run.py\n=== members\n"command": "bash go.sh"\n',
        'run.py:3 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    # GL502
    (
        f'{SDK}print(context.get_input_path("images"))\n',
        'run.py:4 GL502 warning: input "images" is not declared, so it is never given',
    ),
    (
        f'{SDK}print(context.get_input("mask")["location"]["path"])\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    (
        'import fw_gear\n\nwith fw_gear.GearContext() as gc:\n    print(gc.config.get_input_path("mask"))\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    # one that is tested afterwards is optional, but not where its name is misspelt
    (
        f'{SDK}mask = context.get_input_path("mask")\nif mask:\n    print(mask)\n',
        'run.py:4 GL502 info: input "mask" is not declared, so it is never given',
    ),
    (
        f'{SDK}if context.get_input("mask"):\n    print(context.get_input("mask")["location"])\n',
        'run.py:4 GL502 info: input "mask" is not declared, so it is never given',
    ),
    (
        f'{SDK}mask = context.get_input_path("mask")\nif load():\n    print(mask)\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    (
        f'{SDK}mask = context.get_input_path("mask")\nother = load()\nif other:\n    print(mask)\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    (
        f'{SDK}mask = context.get_input_path("images")\nif mask is not None:\n    print(mask)\n',
        'run.py:4 GL502 warning: input "images" is not declared, so it is never given',
    ),
    (
        f'{SDK}mask = context.get_input_path("mask")\n\ndef f(mask):\n    if mask:\n        print(1)\nf(1)\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it is never given',
    ),
    (
        f'{SDK}nifti = context.get_input_path("NIFTI")\nif nifti:\n    print(nifti)\n=== members\n"inputs": {{"NIFTI_1": {{"base": "file"}}, "NIFTI_2": {{"base": "file"}}}}\n',
        'run.py:4 GL502 info: input "NIFTI" is not declared, so it is never given',
    ),
    (
        f'{SDK}with context.open_input("mask") as f:\n    print(f.read())\n',
        'run.py:4 GL502 warning: input "mask" is not declared, so it raises an error',
    ),
    (
        'import json\nc = json.load(open("/flywheel/v0/config.json"))\nprint(c["inputs"]["mask"]["location"]["path"])\n',
        'run.py:3 GL502 warning: input "mask" is not declared, so it raises KeyError',
    ),
    # GL504
    (
        "import flywheel\n\nprint(flywheel.Client().get_current_user())\n",
        "run.py:3 GL504 warning: the script uses the client, but no input is an API key",
    ),
    (
        'import flywheel\nfw = flywheel.Client()\nif fw:\n    print(fw.get("x"))\n',
        "run.py:2 GL504 warning: the script uses the client, but no input is an API key",
    ),
    (
        'import flywheel\n\nprint(flywheel.Client("site.example.org:" + "key").get("x"))\n',
        "run.py:3 GL504 info: the script gives the client a key of its own, but no input is an API key",
    ),
    (
        f'{SDK}print(context.client.get("x"))\n',
        "run.py:4 GL504 warning: the script uses the client, but no input is an API key",
    ),
    (
        f'{WITH}    fw = context.get_client()\n    print(fw.lookup("x"))\n',
        "run.py:5 GL504 warning: the script uses the client, but no input is an API key",
    ),
    (
        f'{SDK}if load():\n    print(context.client.get("x"))\n',
        "run.py:5 GL504 warning: the script uses the client, but no input is an API key",
    ),
    (
        f"{WITH}    print(context.get_destination_container())\n",
        "run.py:4 GL504 warning: the script uses the client, but no input is an API key",
    ),
    # GL411
    (
        f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
        'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils.py"',
    ),
    (
        f"from utils import results\n=== utils/__init__.py\n=== utils/results.py\n=== Dockerfile\n{ONLY_RUN}",
        'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils"',
    ),
    (
        f"from utils import results\n=== utils/__init__.py\n=== utils/results.py\n=== Dockerfile\n{ONLY_RUN.replace('COPY', 'COPY utils')}",
        'run.py:1 GL411 error: the module "utils" is not in the image: COPY takes what is in "utils", not the directory itself',
    ),
    (
        f"import utils\n=== utils/__init__.py\n=== Dockerfile\n{ONLY_RUN}COPY utils/*.py ./\n",
        'run.py:1 GL411 error: the module "utils" is not in the image: COPY takes what is in "utils", not the directory itself',
    ),
    (
        f"import one\n=== one.py\nimport two\n=== two.py\n=== Dockerfile\n{ONLY_RUN.replace('COPY', 'COPY one.py')}",
        'one.py:1 GL411 error: the module "two" is not in the image: nothing copies "two.py"',
    ),
    (
        f"import utils.b\n=== utils/__init__.py\n=== utils/b.py\n=== Dockerfile\n{ALL.replace('COPY . .', 'COPY run.py ./' + chr(10) + 'COPY utils/__init__.py utils/')}",
        'run.py:1 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        "import utils\n=== utils.py\n=== .dockerignore\nutils.py\n",
        'run.py:1 GL411 error: the module "utils" is not in the image: the ignore file excludes "utils.py"',
    ),
    (
        f"def later():\n    import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
        'run.py:2 GL411 warning: the module "utils" is not in the image: nothing copies "utils.py"',
    ),
    (
        f'print(1)\n=== app/__main__.py\nimport tools\n=== app/__init__.py\n=== tools.py\n=== members\n"command": "python -m app"\n=== Dockerfile\n{ONLY_RUN.replace("ENTRYPOINT", "COPY app app" + chr(10) + "ENTRYPOINT")}',
        'app/__main__.py:1 GL411 error: the module "tools" is not in the image: nothing copies "tools.py"',
    ),
    (
        f"def later():\n    import one\n=== one.py\nimport two\n=== two.py\n=== Dockerfile\n{ONLY_RUN.replace('COPY', 'COPY one.py')}",
        'one.py:1 GL411 warning: the module "two" is not in the image: nothing copies "two.py"',
    ),
    *(
        (
            f"import utils\n=== utils.py\n=== {lock}\n{text}\n=== Dockerfile\n{ONLY_RUN}{line}\n",
            'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils.py"',
        )
        for lock, text, line in (
            ("a", "", "RUN pip install docutils ipython_genutils"),
            ("uv.lock", 'name = "docutils"\nname = "fw-utils"', "COPY uv.lock ."),
            ("uv.lock", 'name = "utils"', "COPY run.py /x/"),
            ("setup.cfg", "addopts = --cov=utils", "COPY setup.cfg ."),
            # the project itself, which is not installed
            (
                "pyproject.toml",
                '[tool.poetry]\nname = "utils"',
                "COPY pyproject.toml .\nRUN poetry install --no-root",
            ),
            (
                "pyproject.toml",
                'packages = [{include = "utils"}]\npackages = ["utils"]',
                "COPY pyproject.toml .",
            ),
            (
                "pyproject.toml",
                'packages = [\n    { include="utils", from="." }\n]',
                "COPY pyproject.toml .",
            ),
            ("pyproject.toml", 'run = "utils.main:run"', "COPY pyproject.toml ."),
        )
    ),
    # GL411: what is installed adds nothing to a package beside the script
    *(
        (
            f"import own.b\n=== own/__init__.py\n=== own/b.py\n=== Dockerfile\n{ONLY_RUN}COPY own/__init__.py own/\nRUN {line}\n",
            'run.py:1 GL411 error: the module "own.b" is not in the image: nothing copies "own/b.py"',
        )
        for line in ("pip install .", "poetry install", "pip install own")
    ),
    (
        f"import own.sub.b\n=== own/__init__.py\n=== own/sub/a.py\n=== own/sub/b.py\n=== Dockerfile\n{ONLY_RUN}COPY own/__init__.py own/\nCOPY own/sub/a.py own/sub/\nRUN pip install .\n",
        'run.py:1 GL411 error: the module "own.sub.b" is not in the image: nothing copies "own/sub/b.py"',
    ),
    (
        f"import utils\n=== utils.py\n=== requirements.txt\n-r more.txt\n=== more.txt\nnumpy  # ./x\n=== Dockerfile\n{ONLY_RUN}COPY requirements.txt more.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n",
        'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils.py"',
    ),
    (
        f"from utils import b\n=== utils/__init__.py\n=== utils/b.py\n=== Dockerfile\n{INIT_ONLY}",
        'run.py:1 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        f"from utils import b\n=== utils/a.py\n=== utils/b.py\n=== Dockerfile\n{ONLY_RUN}COPY utils/a.py utils/\n",
        'run.py:1 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        f"from utils import *\nfrom utils import b\n=== utils/__init__.py\n=== utils/b.py\n=== Dockerfile\n{INIT_ONLY}",
        'run.py:2 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        "import own.b\n=== lib/own/__init__.py\n=== lib/own/b.py\n=== Dockerfile\n"
        + ALL.replace("COPY . .", "COPY run.py ./\nCOPY lib/own/__init__.py own/"),
        'run.py:1 GL411 error: the module "own.b" is not in the image: nothing copies "lib/own/b.py"',
    ),
    (
        f"import utils; from utils import b\n=== utils/__init__.py\n=== utils/b.py\n=== Dockerfile\n{INIT_ONLY}",
        'run.py:1 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        f"from utils import b\n=== utils/__init__.py\n=== utils/b.py\n=== Dockerfile\n{ALL}RUN rm utils/b.py\n",
        'run.py:1 GL411 error: the module "utils.b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        f"import utils\n=== utils/__init__.py\nfrom .b import c\n=== utils/b.py\n=== Dockerfile\n{INIT_ONLY}",
        'utils/__init__.py:1 GL411 error: the module "b" is not in the image: nothing copies "utils/b.py"',
    ),
    (
        required(levels=3),
        'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils.py"',
    ),
    *(
        (
            f"{before}\n    import utils\n{after}=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
            f'run.py:2 GL411 {severity}: the module "utils" is not in the image: nothing copies "utils.py"',
        )
        for before, after, severity in (
            ("try:", "except KeyError:\n    pass\n", "warning"),
            ("try:", "except (OSError, ValueError):\n    pass\n", "warning"),
            ("try:", "finally:\n    print(1)\n", "error"),
            ('with open("x"):', "", "error"),
            ("if load():", "", "warning"),
            ("for x in load():", "", "warning"),
            ("class A:", "", "warning"),
            ('if __name__ == "__main__":', "", "error"),
        )
    ),
    # GL411: a module that is nowhere, in a package whose names are all known
    *(
        (
            f"{line}\n=== own/__init__.py\n{init}=== own/inner.py\nX = 1\n",
            'run.py:1 GL411 error: the module "own.iner" is not in the image: the gear has none of that name',
        )
        for line, init in (
            ("from own.iner import x", ""),
            ("from own.iner import x", '__version__ = "1"\n'),
            ("import own.iner", '"""Own."""\n'),
            ("import own.iner", "import json as iner\n"),
            ("import own.iner", "from .inner import *\n"),
            (
                "import own.iner",
                "from importlib.metadata import version\n\nx = version(__name__)\n",
            ),
            ("import own.iner", "from .inner import X\nimport sys, os\n"),
            ("import own.iner.x", ""),
        )
    ),
    (
        "if load():\n    import own.iner\n=== own/__init__.py\n=== own/inner.py\n",
        'run.py:2 GL411 warning: the module "own.iner" is not in the image: the gear has none of that name',
    ),
    (
        "import own.inner\n=== own/__init__.py\n=== own/inner.py\nfrom .iner import x\n",
        'own/inner.py:1 GL411 error: the module "iner" is not in the image: the gear has none of that name',
    ),
    # GL411: a name that is nowhere in its module
    *(
        (
            f"{line}\n=== own/__init__.py\n=== own/inner.py\ndef load():\n    return 1\n",
            f'{place} GL411 {severity}: the module "{module}" has no "{name}"',
        )
        for line, place, severity, module, name in (
            ("from own.inner import lod", "run.py:1", "error", "own.inner", "lod"),
            ("from own.inner import load, lod", "run.py:1", "error", "own.inner", "lod"),
            (
                "from own.inner import (  # as is\n    load as x,\n    lod as y,\n)",
                "run.py:3",
                "error",
                "own.inner",
                "lod",
            ),
            ("from own.inner import _load", "run.py:1", "error", "own.inner", "_load"),
            ("from own import iner", "run.py:1", "error", "own", "iner"),
            (
                "import own\nfrom own.inner import load\nfrom own import lod",
                "run.py:3",
                "error",
                "own",
                "lod",
            ),
            (
                "def later():\n    from own.inner import lod",
                "run.py:2",
                "warning",
                "own.inner",
                "lod",
            ),
            (
                "if load():\n    from own.inner import lod",
                "run.py:2",
                "warning",
                "own.inner",
                "lod",
            ),
            (
                "try:\n    from own.inner import lod\nexcept KeyError:\n    pass",
                "run.py:2",
                "warning",
                "own.inner",
                "lod",
            ),
        )
    ),
    (
        "import own.inner\n=== own/__init__.py\n=== own/inner.py\nfrom .other import lod\n=== own/other.py\nload = 1\n",
        'own/inner.py:1 GL411 error: the module "other" has no "lod"',
    ),
    (
        "import own.inner\n=== own/__init__.py\n=== own/inner.py\nfrom . import lod\n=== own/other.py\nload = 1\n",
        'own/inner.py:1 GL411 error: the module "own" has no "lod"',
    ),
    *(  # that the text has the word, or another one with it in it, does not bind it
        (
            f"{line}\n=== own.py\n{own}\n",
            f'run.py:{number} GL411 error: the module "own" has no "load"',
        )
        for line, own, number in (
            ("from own import load", "def load_all(load): return load", 1),
            ("from own import load", '"""load() reads."""\ndef read(): return ["load"]', 1),
            ("from own import load", "# load is made by the build", 1),
            ("import own\nown.load(hasattr)", "def f():\n    load = 1", 2),
        )
    ),
    (
        "import own\n=== own/__init__.py\nfrom .iner import X\n=== own/inner.py\nX = 1\n",
        'own/__init__.py:1 GL411 error: the module "iner" is not in the image: the gear has none of that name',
    ),
    (
        "import own\n=== own/__init__.py\nfrom .inner import *\nfrom .iner import X\n=== own/inner.py\nX = 1\n",
        'own/__init__.py:2 GL411 error: the module "iner" is not in the image: the gear has none of that name',
    ),
    (
        f'print(1)\n=== own/__init__.py\n=== own/__main__.py\nfrom .inner import lod\n=== own/inner.py\ndef load(): pass\n=== members\n"command": "python -m own"\n=== Dockerfile\n{BY_MODULE}',
        'own/__main__.py:1 GL411 error: the module "inner" has no "lod"',
    ),
    (
        # nobody knows what the base image has there
        "from own import lod\n=== own.py\nload = 1\n=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\n",
        'run.py:1 GL411 warning: the module "own" has no "lod"',
    ),
    (
        # another directory may have the one that is imported
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom own import lod\n=== own.py\nload = 1\n",
        'run.py:3 GL411 warning: the module "own" has no "lod"',
    ),
    (
        "from types import lod\n=== types.py\nload = 1\n",
        'run.py:1 GL411 warning: the module "types" has no "lod"',
    ),
    # GL411: a name that is read of a module, and nowhere in it
    *(
        (
            f"{line}\n=== own/__init__.py\n=== own/inner.py\ndef load():\n    return 1\n",
            f'{place} GL411 {severity}: the module "{module}" has no "lod"',
        )
        for line, place, severity, module in (
            ("from own import inner\ninner.lod()", "run.py:2", "error", "own.inner"),
            ("import own.inner\nown.inner.lod()", "run.py:2", "error", "own.inner"),
            ("import own.inner\nown.lod()", "run.py:2", "error", "own"),
            ("import own.inner as i\nx = [i.lod]", "run.py:2", "error", "own.inner"),
            ("from own import inner as i\nprint(i.lod.x)", "run.py:2", "error", "own.inner"),
            (
                "from own import inner\ndef f():\n    inner.lod()",
                "run.py:3",
                "warning",
                "own.inner",
            ),
            (
                "def f():\n    from own import inner\n    inner.lod()",
                "run.py:3",
                "warning",
                "own.inner",
            ),
            ("from own import inner\nif x():\n    inner.lod()", "run.py:3", "warning", "own.inner"),
            (
                "from own import inner\nclass A:\n    inner = 1\n    def f(self):\n        inner.lod()",
                "run.py:5",
                "warning",
                "own.inner",
            ),
            (
                "if x():\n    import own.inner as i\nelse:\n    from own import inner as i\ni.lod()",
                "run.py:5",
                "error",
                "own.inner",
            ),
        )
    ),
    (
        "import own.inner\n=== own/__init__.py\n=== own/inner.py\nfrom . import other\nother.lod()\n=== own/other.py\nload = 1\n",
        'own/inner.py:2 GL411 error: the module "other" has no "lod"',
    ),
    # GL411: a relative import outside of any package, of a script that not every run starts
    (
        f"#!/bin/bash\nif true; then python3 helper.py; fi\n=== helper.py\nfrom .utils import x\n=== utils.py\nx = 1\n=== members\n{SHELL}\n",
        f'helper.py:1 GL411 warning: "from .utils import x" needs a package, but {A_FILE}',
    ),
    # GL412
    *(
        (
            f"#!/bin/bash\nOUT=/flywheel/v0/output\n{lines}\n=== main.py\n=== members\n{SHELL}\n",
            f"run.py:4 GL412 warning: the script starts /flywheel/v0/output/{name}, which is not in the image",
        )
        for lines, name in (
            ("cd output\npython3 main.py", "main.py"),
            ('cd "$OUT"\nfslmaths a b; . ./main.py', "main.py"),
        )
    ),
    (
        f'#!/usr/bin/env bash\nsource ./lib.sh\n=== lib.sh\n=== members\n"command": "/flywheel/v0/run.py"\n=== Dockerfile\n{ONLY_RUN}',
        "run.py:2 GL412 error: the script starts /flywheel/v0/lib.sh, which is not in the image",
    ),
    (
        f'#!/bin/bash\nsource ./lib.sh\n=== lib.sh\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}',
        "run.py:2 GL412 error: the script starts /flywheel/v0/lib.sh, which is not in the image",
    ),
    (
        f'#!/bin/bash\nBASE=/flywheel/v0\npython3 ${{BASE}}/main.py\n=== main.py\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}',
        "run.py:3 GL412 error: the script starts /flywheel/v0/main.py, which is not in the image",
    ),
    (
        f'#!/bin/bash\nif true; then\n  ./main.py\nfi\n=== main.py\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}',
        "run.py:3 GL412 warning: the script starts /flywheel/v0/main.py, which is not in the image",
    ),
    (
        f'#!/bin/bash\nmake\n. ./lib.sh\n=== lib.sh\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}',
        "run.py:3 GL412 warning: the script starts /flywheel/v0/lib.sh, which is not in the image",
    ),
    (
        '#!/bin/bash -e\n/flywheel/v0/my_main.py\n=== my-main.py\n=== members\n"command": "bash run.py"\n',
        "run.py:2 GL412 error: the script starts /flywheel/v0/my_main.py, which is not in the image",
    ),
    # a base image that may set variables, and sets no PYTHONPATH by all that is known
    (
        f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN.replace('python:3.11', FMRIPREP)}",
        'run.py:1 GL411 error: the module "utils" is not in the image: nothing copies "utils.py"',
    ),
    # where a variable says that it is
    *(
        (
            f'import json, os\nc = json.load(open(os.environ["BASE"] + "/config.json"))\nprint(c["config"]["speed"])\n{base}',
            'run.py:3 GL501 warning: option "speed" is not declared, so it raises KeyError',
        )
        for base in (
            f"=== Dockerfile\n{ALL}ENV BASE=/flywheel/v0\n",
            f'=== Dockerfile\n{ALL}ENV BASE=/tmp\n=== members\n"environment": {{"BASE": "/flywheel/v0"}}\n',
        )
    ),
    # where the script that is started is from
    (
        f'print(1)\n=== src/main.py\n{SDK}print(context.config["speed"])\n=== Dockerfile\n{ALL.replace(". .", "src/main.py run.py")}',
        'src/main.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    (
        f'{SDK}print(context.config["speed"])\n=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\n',
        'run.py:4 GL501 warning: option "speed" is not declared, so it raises KeyError',
    ),
    # GL701, GL702
    (
        'print(1)\n=== config.json\n{"inputs": {"api-key": {"key": "lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K"}}}\n',
        'config.json:1 GL701 error: a Flywheel API key of lab.flywheel.io, "Aq3t"…',
    ),
    (
        'import flywheel\nfw = flywheel.Client("fw.example.org:8443:Aq3tZ8Lm0PxR5vWn2K")\n',
        'run.py:2 GL701 error: a Flywheel API key of fw.example.org, "Aq3t"…',
    ),
    (
        'print(1)\n=== members\n"environment": {"DB_PASSWORD": "Xk2-91pq"}\n',
        'manifest.json:31 GL702 warning: variable "DB_PASSWORD" has a secret as its value',
    ),
    (
        f"print(1)\n=== Dockerfile\n{ALL}ENV GITHUB_TOKEN=abc123def456\n",
        'Dockerfile:5 GL702 warning: ENV sets "GITHUB_TOKEN" to a secret',
    ),
    (
        f"print(1)\n=== Dockerfile\n{ALL}ENV DB_URL=postgres://me:Xk2-91pq@db/x\n",
        'Dockerfile:5 GL702 warning: ENV sets "DB_URL" to a secret',
    ),
]


@pytest.mark.parametrize(("case", "finding"), FOUND)
def test_found(case: str, finding: str, lint: Lint) -> None:
    found = lint(case)
    assert finding in found
    assert len(found) == 1 or "GL504" in str(found) or "GL502" in str(found)


NOT_COPIED = "is not in the image: nothing copies"


@pytest.mark.parametrize(
    "line",
    [
        "import own.iner",
        "level = {}\nlevel['iner'] = level.iner = 1\nfrom own.iner import x",  # of something else
    ],
)
def test_a_module_that_the_gear_has_nowhere(line: str, lint: Lint) -> None:
    (one,) = lint(f"{line}\n=== own/__init__.py\n=== own/inner.py\n", "GL411")
    assert 'GL411 error: the module "own.iner" is not in the image' in one


def test_the_module_that_was_meant(lint: Lint) -> None:
    case = "import own.iner, own.other\n=== own/__init__.py\n=== own/inner.py\n"
    helps = [line for line in lint(case, "GL411", "full") if "= help" in line]
    assert helps == ['   = help: did you mean "inner"?', "   = help: add it"]


PIP = """\
FROM python:3.11
WORKDIR /flywheel/v0
COPY . .
RUN pip install -r requirements.txt
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
"""
NOWHERE_LEFT_ALONE = [
    ("import own.iner", "", "own/iner.pyx"),
    ("import own.iner", "", "own/iner.so"),
    ("import own._iner", "", "own/other.py"),
    ("import own.iner", "import sys\nsys.modules['own.iner'] = sys\n", "own/other.py"),
    ("import own.iner", "import sys as s\nfrom sys import modules\n", "own/other.py"),
    (
        "import own.iner",
        "from .other import *\n",
        "own/other.py\nimport sys\nsys.modules[x()] = sys\n",
    ),
    ("from own import iner", "from .other import *\n", "own/other.py"),
    ("import own.iner", "def __getattr__(name): pass\n", "own/other.py"),
    ("from own import *", "", "own/other.py"),
    ("try:\n    import own.iner\nexcept ImportError:\n    pass", "", "own/other.py"),
    ("import own.iner", "", ".gitignore\niner.py"),
    ("import own\nown.iner = 1\nfrom own import iner", "", "own/other.py"),
    ("import sys, a\nsys.modules['own.iner'] = a\nimport own.iner", "", "own/other.py"),
    ("import own.iner", "", "Makefile\nx:\n\tpython make.py > own/iner.py"),
    ("import own.iner", None, "own/other.py"),
    ("import numpy.iner", "", "own/other.py"),
]


@pytest.mark.parametrize(("line", "init", "other"), NOWHERE_LEFT_ALONE)
def test_a_module_that_may_be_made_or_set(
    line: str, init: str | None, other: str, lint: Lint
) -> None:
    package = "" if init is None else f"=== own/__init__.py\n{init}"
    found = lint(f"{line}\n=== own/inner.py\n{package}=== {other}\n", "GL411")
    assert found == []


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ("import own.a\nimport own.inner", "own.a"),
        ("from own import inner, a", "own.a"),
        ("from own.inner import x\nfrom own.a import x", "own.a"),
        ("from own.sub import y\nimport own.inner", "own.sub"),
        ("from own.deep import leaf, a", "own.deep.a"),
    ],
)
def test_a_module_that_a_namespace_lacks(lines: str, missing: str, lint: Lint) -> None:
    files = "=== own/inner.py\nx = 1\n=== own/deep/leaf.py\n=== own/data.json\n{}\n"
    (one,) = lint(f"{lines}\n{files}", "GL411")
    assert f'GL411 warning: the module "{missing}" is not in the image' in one


@pytest.mark.parametrize(
    ("lines", "others"),
    [
        ("from own import inner, a", "=== own/__init__.py\na = 1\n"),
        ("from own import inner, a", "=== own/a/b.py\n"),
        ("from own import inner, a", "=== own/a.so\n"),
        ("from own import a", ""),  # the package may be another
        ("from own import inner, _version", ""),
        ("from own import inner, *", ""),
        ("from own import inner\ntry:\n    from own import a\nexcept ImportError:\n    pass", ""),
        ("from own import inner, a", "=== .gitignore\na.py\n"),
        ("from own import inner, a", "=== requirements.txt\nown==1\n=== Dockerfile\n" + PIP),
        (
            "from own import inner, a",
            "=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\n",
        ),
        (
            "from own import inner, a",
            f"=== Dockerfile\n{ALL}RUN git clone https://a.org/b /opt/b\nENV PYTHONPATH=/opt/b\n",
        ),
        ("import json.a, own.inner", ""),
    ],
)
def test_a_namespace_that_may_have_it(lines: str, others: str, lint: Lint) -> None:
    assert lint(f"{lines}\n=== own/inner.py\n{others}", "GL411") == []


NAMES_LEFT_ALONE = [
    # a script, and the module `own`
    ("from own import load", "def load(): pass"),
    ("from own import load", "class load: pass"),
    ("from own import load", "from json import loads as load"),
    ("from own import load", "import load.x"),
    ("from own import load", "if x():\n    load = 1"),
    ("from own import load", "for load in x: pass"),
    ("from own import load", "with x() as load: pass"),
    ("from own import load", "def f():\n    global load\n    load = 1"),
    ("from own import load", "match x:\n    case {**load}: pass"),
    ("from own import load", "import load"),
    ("from own import load", "from json import *"),
    ("from own import load", "def __getattr__(name): return name"),
    ("from own import load", "from x import y\n__getattr__, __dir__ = y(__name__, ['load'])"),
    ("from own import load", "globals().update(x)"),
    ("from own import load", "vars()[x] = 1"),
    ("from own import load", "locals()[x] = 1"),
    ("from own import load", "exec(x)"),
    ("from own import load", "eval (x)"),
    ("from own import load", "import sys\nsetattr(sys, x, 1)"),
    ("from own import load", "import sys\nsys.modules[__name__] = x"),
    ("from own import load", "from importlib import import_module"),
    ("from own import load", "__path__ = []"),
    ("from own import load", "import x\nx.__dict__.update(y)"),
    ("from own import load", "def load(:"),
    ("import own\nown.load = 1\nfrom own import load", ""),
    ("import own\nsetattr(own, 'load', 1)\nfrom own import load", ""),
    ("from own import __version__", ""),
    ("from own import __file__, __name__", ""),
    ("from own import *", ""),
    ("try:\n    from own import load\nexcept ImportError:\n    load = None", ""),
    ("if TYPE_CHECKING:\n    from own import load", ""),
    ("from other import load", ""),
    ("import own\nprint(own.load)", "load = 1"),
    ("import own\nown.load = 1\nprint(own.load)", ""),
    ("import own\nown.load += 1\nprint(own.load)", ""),
    ("import own\nprint(hasattr(own, 'load') and own.load)", ""),
    ("import own\nprint(own.__file__, own.__name__)", ""),
    ("import own\ntry:\n    own.load()\nexcept AttributeError:\n    pass", ""),
    ("import own\nown = own.Own()\nown.load()", "class Own: pass"),
    ("import own\ndef f(own):\n    own.load()", ""),
    ("import own\nf = lambda own: own.load()", ""),
    ("import own\nfor own in x:\n    own.load()", ""),
    ("if x():\n    import own\nelse:\n    import json as own\nown.load()", ""),
    ("import own\nclass A:\n    own = x()\n    own.load()", ""),
    ("import own\nown.load()", "from json import *"),
    ("import own\nown.load()", "globals().update(x)"),
    ("import own\nx().load(own)", ""),
    ("import json, own\njson.load(own)", ""),
    ("from own import part\npart.load()", "part = 1"),
    ("import own, other\nown.load()\n=== other.py\ndef f(:", ""),
]


@pytest.mark.parametrize(("script", "own"), NAMES_LEFT_ALONE)
def test_names_that_a_module_may_have(script: str, own: str, lint: Lint) -> None:
    assert lint(f"{script}\n=== own.py\n{own}\n", "GL411") == []


RELATIVE = [
    # a script, the module `helper`, the command, and where what is found
    ("from .utils import x", "", "", 'run.py:1 "from .utils import x"'),
    ("from . import utils", "", "", 'run.py:1 "from . import utils"'),
    ("from . import (\n  x,\n)", "", "", 'run.py:1 "from . import x"'),
    ("from ..v0.utils import *", "", "", 'run.py:1 "from ..v0.utils import *"'),
    ("from .no import x", "", "python -u run.py", 'run.py:1 "from .no import x"'),
    ("from .no import x", "", "python -m run", 'run.py:1 "from .no import x"'),
    (f"{ENV}from .no import x", "", "./run.py", 'run.py:2 "from .no import x"'),
    ("if __name__ == '__main__':\n  from .no import x", "", "", 'run.py:2 "from .no import x"'),
    ("try:\n  from .no import x\nfinally:\n  y = 1", "", "", 'run.py:2 "from .no import x"'),
    ("import helper", "from .utils import x", "", 'helper.py:1 "from .utils import x"'),
    (
        "from helper import x",
        "from . import utils as x",
        "",
        'helper.py:1 "from . import utils as x"',
    ),
    (
        "import helper",
        "from .utils import x",
        "python -m run",
        'helper.py:1 "from .utils import x"',
    ),
]


@pytest.mark.parametrize(("script", "helper", "command", "found"), RELATIVE)
def test_a_relative_import_outside_of_any_package(
    script: str, helper: str, command: str, found: str, lint: Lint
) -> None:
    place, _, written = found.partition(" ")
    why = A_FILE if place.startswith("run.py") else A_MODULE
    members = f'"command": "{command or "python run.py"}"'
    case = f"{script}\n=== utils.py\nx = 1\n=== helper.py\n{helper}\n=== members\n{members}\n"
    assert lint(case) == [f"{place} GL411 error: {written} needs a package, but {why}"]


RELATIVE_LEFT_ALONE = [
    # a script, and the module `helper`
    ("try:\n    from .utils import x\nexcept ImportError:\n    x = 1\n", ""),
    ("try:\n    from .utils import x\nexcept KeyError:\n    x = 1\n", ""),
    ("try:\n    import x\nexcept ImportError:\n    from .utils import x\n", ""),
    ("if __package__:\n    from .utils import x\n", ""),
    ("if load():\n    from .utils import x\n", ""),
    ("def later():\n    from .utils import x\n", ""),
    ("if TYPE_CHECKING:\n    from .utils import x\n", ""),
    ('__package__ = "own"\nfrom .utils import x\n', ""),
    ('__path__ = ["/flywheel/v0"]\nfrom .utils import x\n', ""),
    ("__spec__ = load()\nfrom .utils import x\n", ""),
    ('__name__ = "own.run"\nfrom .utils import x\n', ""),
    ("from utils import x\n", "from .utils import x\n"),
    ("import other\n", "from .utils import x\n"),
    ("import own.helper\n", "from .utils import x\n"),
    ("try:\n    import helper\nexcept ImportError:\n    pass\n", "from .utils import x\n"),
    ("def later():\n    import helper\n", "from .utils import x\n"),
    ("import helper\n", "try:\n    from .utils import x\nexcept ImportError:\n    x = 1\n"),
    ("import helper\n", 'from .utils import x\n__package__ = "own"\n'),
    ("import helper\n", "from .utils import x\ndef f(:\n"),
    ("import sys\nsys.path.append('own')\nimport helper\n", "from .utils import x\n"),
]


@pytest.mark.parametrize(("script", "helper"), RELATIVE_LEFT_ALONE)
def test_relative_imports_that_may_have_a_package(script: str, helper: str, lint: Lint) -> None:
    files = (
        f"=== helper.py\n{helper}=== utils.py\nx = 1\n=== own/helper.py\n=== own/utils.py\nx = 1\n"
    )
    assert lint(f"{script}{files}", "GL411") == []


ABSENT = "from .utils import x\ntry:\n    from pkg.utils import y\nexcept ImportError:\n    y = 1"


@pytest.mark.parametrize(
    ("script", "more"),
    [
        ("from .utils import x", '=== members\n"command": "python -m pkg.run"\n'),
        ("from .utils import x", '=== members\n"command": "python -m pkg"\n'),
        ("from .utils import x", "=== members\n\"command\": \"bash run.py\"\n"),
        ("from .utils import x", f"=== Dockerfile\n{ALL.replace('python:3.11', 'example/unknown:1').replace('COPY . .', '')}"),
        ("import helper", f"=== Dockerfile\n{ALL.replace('python:3.11', 'example/unknown:1').replace('COPY . .', 'COPY run.py .')}"),
        ("import types", "=== types.py\nfrom .utils import x\n"),
        ("import own", "=== own/__init__.py\nfrom .utils import x\n=== own/utils.py\nx = 1\n"),
        ("import helper", "=== helper/__init__.py\n"),
        ("import own\ndef f():\n  import helper", "=== own/__init__.py\nfrom .helper import x\n=== own/helper.py\nx = 1\n"),
        ("import helper", f"=== Dockerfile\n{ALL}ARG X\nRUN if $X; then rm helper.py; fi\n"),
    ],
)  # fmt: skip
def test_what_is_not_certainly_outside_of_a_package(script: str, more: str, lint: Lint) -> None:
    files = "".join(
        f"=== {name}.py\n{text}\n"
        for name, text in (
            ("helper", "from .utils import x"),
            ("utils", "x = 1"),
            ("pkg/__init__", ""),
            ("pkg/__main__", ABSENT),
            ("pkg/run", ABSENT),
            ("pkg/utils", "x = 1"),
        )
    )
    script = "print(1)" if "-m pkg" in more else script
    dockerfile = "" if "FROM" in more else f"=== Dockerfile\n{ALL.replace('ENTRYPOINT', '#')}"
    assert lint(f"{script}\n{files}{more}{dockerfile}", "GL411") == []


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("from .utils import x, y as z", 'write "from utils import x, y as z"'),
        ("from .own.utils import x", 'write "from own.utils import x"'),
        ("from . import utils, own as o", 'write "import utils, own as o"'),
        ("from . import utils, none", WITHOUT),
        ("from .none import x", WITHOUT),
        ("from ..utils import x", WITHOUT),
    ],
)
def test_what_to_write_instead_of_a_relative_import(line: str, help: str, lint: Lint) -> None:
    case = f"{line}\n=== utils.py\nx = y = 1\n=== own/utils.py\nx = 1\n"
    assert [found for found in lint(case, "GL411", "full") if "= help" in found] == [
        f"   = help: {help}"
    ]


def test_what_to_do_in_a_module_that_has_no_package(lint: Lint) -> None:
    case = "import helper\n=== helper.py\nfrom .none import x\n"
    assert "   = help: import it by its full name" in lint(case, "GL411", "full")


ELSEWHERE = [
    # a script, and what to write: `parts/args.py` has `load`, `parts/deep` is a package
    ("import args", "from parts import args"),
    ("import args as a", "from parts import args as a"),
    ("import json, args", "from parts import args"),
    ("from args import load as l, x", "from parts.args import load as l, x"),
    ("import deep", "from parts import deep"),
    ("import deep.inner as i", "import parts.deep.inner as i"),
    ("from deep.inner import x", "from parts.deep.inner import x"),
    ("from deep import other", "from parts.deep import other"),
    ("import inner\nimport parts.deep.inner", "from parts.deep import inner"),
]


def elsewhere(script: str, more: str = "") -> str:
    files = {
        "parts/args.py": "load = x = 1\n",
        "parts/deep/__init__.py": "",
        "parts/deep/inner.py": "x = 1\n",
    }
    text = "".join(f"=== {name}\n{text}" for name, text in files.items() if name not in more)
    return f"{script}\n{text}{more}"


@pytest.mark.parametrize(("script", "instead"), ELSEWHERE)
def test_a_module_that_is_only_in_another_directory(script: str, instead: str, lint: Lint) -> None:
    found = lint(elsewhere(script), "GL411", "full")
    name, where = (
        ("inner", "parts.deep") if "import inner" in script else (script.split()[-1], "parts")
    )
    name = "deep" if "deep" in script and where == "parts" else name if name == "inner" else "args"
    message = f'the module "{name}" is not where modules are looked for, but in "{where}"'
    assert [line.partition("error: ")[2] for line in found if "GL411" in line] == [message]
    assert [line for line in found if "= help" in line] == [f'   = help: write "{instead}"']


@pytest.mark.parametrize(
    ("script", "more", "severity"),
    [
        ("import parts.b", "=== parts/b.py\nimport args\n", "error"),
        ("import parts.b", f'=== parts/b.py\nimport args\n=== members\n"command": "python3 run.py"\n=== Dockerfile\n{UBUNTU}', "error"),
        ("import args", f"=== Dockerfile\n{ALL.replace('WORKDIR', 'RUN /opt/install' + chr(10) + 'WORKDIR')}", "warning"),
        ("def f():\n    import args", "", "warning"),
        ("if load():\n    import args", "", "warning"),
        # what is installed brings others, of which one may have such a module, too
        ("from args import load", f"=== Dockerfile\n{ALL}RUN pip install numpy\n", "warning"),
        ("import args\nargs.load(args.x)", f"=== Dockerfile\n{ALL}RUN pip install numpy\n", "warning"),
        ("import args as a\na.load()", f"=== Dockerfile\n{ALL}RUN pip install numpy\n", "warning"),
        ("import args", f"=== Dockerfile\n{ALL}RUN apt-get update && apt-get install -y zip\n", "error"),
        ("import args", f"=== Dockerfile\n{ALL}RUN apt-get install -y \\\n    xz-args && :\n", "error"),
    ],
)  # fmt: skip
def test_how_certain_it_is_that_a_module_is_elsewhere(
    script: str, more: str, severity: str, lint: Lint
) -> None:
    [found] = lint(elsewhere(script, more), "GL411")
    assert found.split()[1:3] == ["GL411", f"{severity}:"]


@pytest.mark.parametrize(
    ("script", "more"),
    [
        ("import args", "=== args.py\n"),
        ("import json", "=== parts/json.py\n"),
        ("from args import none", ""),
        ("from args import *", ""),
        ("import data", "=== parts/data/x.txt\n"),
        ("import args", "=== parts-1/args.py\n=== parts/args.py/x\n"),
        ("try:\n    import args\nexcept ImportError:\n    pass", ""),
        ("import sys\nsys.path.append('parts')\nimport args", ""),
        ("import sys\nsys.path.append(load())\nimport args", ""),
        ("import sys\nsys.modules['args'] = sys\nimport args", ""),
        ("import parts.b\nimport args", "=== parts/b.py\nimport importlib\nimportlib.import_module('x')\n"),
        ("import args", f"=== Dockerfile\n{ALL}ENV PYTHONPATH=/flywheel/v0/parts\n"),
        ("import args", '=== members\n"environment": {"PYTHONPATH": "/flywheel/v0/parts"}\n'),
        ("import args", '=== members\n"command": "PYTHONPATH=parts python run.py"\n'),
        ("import args", '=== members\n"command": "bash go.sh"\n=== go.sh\nexport PYTHONPATH=parts\npython run.py\n'),
        ("import args", f"=== Dockerfile\n{ALL}RUN echo 'export PYTHONPATH=/x' >> /root/.bashrc\n"),
        ("import args", f"=== Dockerfile\n{ALL.replace('ENTRYPOINT', 'ENTRYPOINT PYTHONPATH=parts python run.py #')}"),
        ("import args", f"=== Dockerfile\n{ALL}RUN pip install numpy\n"),
        ("import args\nargs.load(args.other)", f"=== Dockerfile\n{ALL}RUN pip install numpy\n"),
        ("import args\nargs.load()", f"=== Dockerfile\n{ALL}RUN pip install args\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN pip install args\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN pip install .\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN apt-get install -y python3-args\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN apt-get install -y args\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN apt-get update && install-things x-args\n"),
        ("import args", f"=== Dockerfile\n{ALL}RUN cp parts/args.py /x/\n"),
        ("import args", f"=== Dockerfile\n{ALL.replace('python:3.11', 'continuumio/miniconda3:4.7.12')}"),
        ("import args", f"=== Dockerfile\n{ALL.replace('python:3.11', 'example/unknown:1')}"),
        ("import args", f"=== Dockerfile\n{ALL.replace('python:3.11', FMRIPREP)}"),
        ("import args", f"=== Dockerfile\n{ALL.replace('COPY . .', 'COPY run.py .')}"),
        ("import args", f'=== Dockerfile\n{ALL}ARG X\nRUN if [ "$X" ]; then rm -r parts; fi\n'),
        ("import args", f'=== Dockerfile\n{ALL}ARG X\nRUN if [ "$X" ]; then rm parts/*.py; fi\n'),
        # Python 2 looks beside the module that imports it, too
        ("import parts.b", f"=== parts/b.py\nimport args\n=== Dockerfile\n{UBUNTU.replace('python3', 'python')}=== members\n\"command\": \"python run.py\"\n"),
    ],
)  # fmt: skip
def test_a_module_that_may_be_found(script: str, more: str, lint: Lint) -> None:
    assert lint(elsewhere(script, more), "GL411") == []


OF_UTILS = "=== utils/__init__.py\n=== utils/inner.py\nx = 1\n"
AS_OTHER = f"{ONLY_RUN}COPY utils /flywheel/v0/other\n"


@pytest.mark.parametrize(
    ("script", "dockerfile", "severity", "path"),
    [
        ("import utils.inner", AS_OTHER, "error", "/flywheel/v0/other"),
        ("from utils import inner", AS_OTHER, "error", "/flywheel/v0/other"),
        ("from utils.inner import x", AS_OTHER, "error", "/flywheel/v0/other"),
        ("import utils", f"{ONLY_RUN}COPY utils /opt/lib/\n", "error", "/opt/lib"),
        ("import utils", f"{ONLY_RUN}COPY utils/*.py other/\n", "error", "/flywheel/v0/other"),
        ("import one", f"{ONLY_RUN}COPY one.py /opt/lib/other.py\n", "error", "/opt/lib/other.py"),
        ("import utils", f"{AS_OTHER}ENV PYTHONPATH=/flywheel/v0/lib\n", "error", "/flywheel/v0/other"),
        ("print('a', utils.x)\nimport utils", AS_OTHER, "error", "/flywheel/v0/other"),
        ("def f():\n    import utils", AS_OTHER, "warning", "/flywheel/v0/other"),
        ("import utils", AS_OTHER.replace("WORKDIR", "RUN /opt/install\nWORKDIR"), "warning", "/flywheel/v0/other"),
        # what is installed brings others, which have no module of the gear
        ("import utils.inner", f"{AS_OTHER}RUN pip install numpy\n", "error", "/flywheel/v0/other"),
        ("from utils.inner import x", f"{AS_OTHER}RUN pip install numpy\n", "error", "/flywheel/v0/other"),
        ("from one import load", f"{ONLY_RUN}COPY one.py two.py\nRUN pip install numpy\n", "error", "/flywheel/v0/two.py"),
    ],
)  # fmt: skip
def test_a_module_that_is_copied_under_another_name(
    script: str, dockerfile: str, severity: str, path: str, lint: Lint
) -> None:
    case = f"{script}\n{OF_UTILS}=== one.py\ndef load(): ...\n=== Dockerfile\n{dockerfile}"
    origin, name = ("one.py", "one") if "one" in script else ("utils", "utils")
    found = lint(case, "GL411", "full")
    message = f'GL411 {severity}: the module "{name}" has another name in the image: {path}'
    assert [line.partition(" ")[2] for line in found if "GL411" in line] == [message]
    help_of_it = f'   = help: copy "{origin}" to /flywheel/v0/{origin}'
    assert [line for line in found if "= help" in line] == [help_of_it]


@pytest.mark.parametrize(
    ("script", "more"),
    [
        # the right name elsewhere, which may be where modules are looked for
        ("import utils", "COPY utils /opt/lib/utils"),
        ("import utils", "COPY utils/inner.py /opt/lib/utils.py"),
        ("import utils", "RUN ln -s other utils"),
        ("import utils", "RUN ln -s /flywheel/v0/other /opt/lib/utils"),
        ("import utils", "RUN ln -s /flywheel/v0/other $(python -c 'import x')/utils"),
        ("import utils", "ARG X\nRUN if [ $X ]; then mv other utils; fi"),
        # where modules are looked for
        ("import utils", "ARG X\nENV PYTHONPATH=$X"),
        ("import sys\nsys.path.insert(0, load())\nimport utils", ""),
        ("import site\nsite.addsitedir('lib')\nimport utils", ""),
        ("import utils", "RUN echo /flywheel/v0/other > /usr/lib/python3/my.pth"),
        ("import utils", "RUN echo export PYTHONPATH=/x >> /root/.bashrc"),
        # what is installed
        ("import utils", "RUN pip install ."),
        ("import utils", "RUN pip install -e /flywheel/v0"),
        ("import utils", "RUN pip install my-utils"),
        ("import utils", "RUN python setup.py install"),
        ("import utils", "RUN pip install numpy"),
        ("from utils import *", "RUN pip install numpy"),
        ("from utils import none", "RUN pip install numpy"),
        ("import utils.none", "RUN pip install numpy"),
        ("from utils.inner import y", "RUN pip install numpy"),
        ("import utils\nutils.none()", "RUN pip install numpy"),
        ("from utils.inner.x import inner", "RUN pip install numpy"),
        # what the script does
        ("import sys, other\nsys.modules['utils'] = other\nimport utils", ""),
        ("import os\nos.symlink('/flywheel/v0/other', 'utils')\nimport utils", ""),
        ("import os\nos.rename('other', f'{here}/utils')\nimport utils", ""),
        ("import os\nos.system('cp -r other utils && ls')\nimport utils", ""),
        ("import shutil\nshutil.copy('a', 'utils.py')\nimport utils", ""),
        ("import first, utils\n=== first.py\nlink('other', 'utils')\n=== x", "COPY first.py ./"),
        ("try:\n    import utils\nexcept ImportError:\n    pass", ""),
    ],
)  # fmt: skip
def test_a_module_that_may_have_its_name_too(script: str, more: str, lint: Lint) -> None:
    case = f"{script}\n{OF_UTILS}=== Dockerfile\n{AS_OTHER}{more}\n"
    assert lint(case, "GL411") == []


@pytest.mark.parametrize(
    "start",
    [
        '=== members\n"command": "mv other utils && python run.py"\n',
        '=== members\n"command": "PYTHONPATH=/opt/lib python run.py"\n',
        '=== members\n"command": "bash go.sh"\n=== go.sh\nln -s /flywheel/v0/other utils\npython run.py\n',
        '=== members\n"command": "bash go.sh"\n=== go.sh\nexport PYTHONPATH=/opt/lib\npython run.py\n',
        f"=== Dockerfile\n{AS_OTHER.replace('ENTRYPOINT', 'CMD mv other utils && python run.py #')}",
        f"=== Dockerfile\n{AS_OTHER.replace('python:3.11', 'example/unknown:1')}",
        f"=== Dockerfile\n{AS_OTHER.replace('python:3.11', FMRIPREP)}",
        f"=== Dockerfile\n{AS_OTHER.replace('python:3.11', 'continuumio/miniconda3:4.7.12')}",
    ],
)
def test_a_module_that_may_get_its_name(start: str, lint: Lint) -> None:
    dockerfile = "" if "Dockerfile" in start else f"=== Dockerfile\n{AS_OTHER}COPY go.sh ./\n"
    more = "" if "go.sh" in start else "=== go.sh\necho\n"
    assert lint(f"import utils\n{OF_UTILS}{more}{start}{dockerfile}", "GL411") == []


PARTS_LEFT_ALONE = [
    # what is imported from the package `own`, what it has in it, and another file
    ("inner", "", "own/inner.py"),
    ("inner", "", "own/inner/x.py"),
    ("inner", "", "own/inner.so"),
    ("inner", "", "own/inner.pyx"),
    ("inner", "from .x import *", "own/x.py"),
    ("inner", "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)", "x"),
    ("_version", "", "own/x.py"),
    ("inner", "", ".gitignore\ninner.py"),
    ("inner", "", "Makefile\nx:\n\tpython make.py > own/inner.py"),
]


@pytest.mark.parametrize(("name", "init", "other"), PARTS_LEFT_ALONE)
def test_modules_that_a_package_may_have(name: str, init: str, other: str, lint: Lint) -> None:
    case = f"from own import {name}\n=== own/__init__.py\n{init}\n=== {other}\n"
    assert lint(case, "GL411") == []


def test_the_name_that_was_meant(lint: Lint) -> None:
    case = (
        "from own import lod, zzz, inner2\n=== own/__init__.py\n__all__ = []\ndef load(): pass\n"
        "=== own/inner.py\n"
    )
    helps = [line for line in lint(case, "GL411", "full") if "= help" in line]
    assert helps == [
        '   = help: did you mean "load"?',
        "   = help: define it there, or import it from where it is",
        '   = help: did you mean "inner"?',
    ]


EACH_ONCE = [
    # a script of which `one.py`, `two.py` and `utils/b.py` are not in the image, and what is found
    ("import one\nimport one\n", [f'run.py:1 GL411 error: the module "one" {NOT_COPIED} "one.py"']),
    ("import json, \\\n    one\n", [f'run.py:2 GL411 error: the module "one" {NOT_COPIED} "one.py"']),
    ("from json import (\n    dumps)\nfrom one import (\n    x)\n", [f'run.py:3 GL411 error: the module "one" {NOT_COPIED} "one.py"']),
    (
        "import one, two\n",
        [
            f'run.py:1 GL411 error: the module "one" {NOT_COPIED} "one.py"',
            f'run.py:1 GL411 error: the module "two" {NOT_COPIED} "two.py"',
        ],
    ),
    (
        "from utils import a, b\nfrom utils import a\nfrom utils.b import c\n",
        [
            f'run.py:1 GL411 error: the module "utils.b" {NOT_COPIED} "utils/b.py"',
            'run.py:1 GL411 error: the module "utils" has no "a"',
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("script", "found"), EACH_ONCE)
def test_each_missing_module_is_found_once(script: str, found: list[str], lint: Lint) -> None:
    files = "".join(f"=== {name}.py\n" for name in ("one", "two", "utils/__init__", "utils/b"))
    assert lint(f"{script}{files}=== Dockerfile\n{INIT_ONLY}") == found


def test_no_module_is_missing_where_the_image_has_too_many_files(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}"
    assert len(lint(case)) == 1
    monkeypatch.setattr(limits, "WALKED_NODES", 1)
    assert lint(case) == []


DECLARE = "declare it in the manifest"
MEANT = [
    # options that are declared, one that is read, and the help
    (["threads"], "thread", 'did you mean "threads"?'),
    (["threads"], "speed", DECLARE),
    (["n-threads"], "N_Threads", 'did you mean "n-threads"?'),
    (["tr"], "TR", 'did you mean "tr"?'),
    (["tr"], "tp", DECLARE),
    (["abcd"], "abc", 'did you mean "abcd"?'),
    (["abc"], "abd", DECLARE),
    (["mode"], "made", DECLARE),
    (["scan_1", "scan_2"], "scan", DECLARE),
    (["scan_1"], "scan", 'did you mean "scan_1"?'),
    (["output_suffix"], "output", DECLARE),
    (["t1w_anatomy"], "t2_anatomy", DECLARE),
    (["t1w_anatomy"], "t1_anatomy", 'did you mean "t1w_anatomy"?'),
]


@pytest.mark.parametrize(("declared", "name", "help"), MEANT)
def test_the_option_that_was_meant(
    declared: list[str], name: str, help: str, lint: Lint, check: Run, tmp_path: Path
) -> None:
    options = ", ".join(f'"{each}": {{"type": "integer", "default": 1}}' for each in declared)
    lint(f'{SDK}print(context.config["{name}"])\n=== members\n"config": {{{options}}}\n')
    [finding] = check("--select", "GL501", tmp_path).findings
    assert finding["help"] == help


# what a script sources, with its own directory in the path, and whether that is reported
NO_LIB = f'=== lib.sh\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}'
PACKAGE = f'=== helper.py\n=== members\n"command": "bash run.py"\n=== Dockerfile\n{ONLY_RUN}COPY pkg pkg\n'
LACKS = "/flywheel/v0/lib.sh, which is not in the image"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        # certain: what is before it makes no file and does not stop
        ("mkdir x\ncd /flywheel/v0\nexport A=b\nA=b\nrm y\nchmod +x z\necho hi\n. ./lib.sh\n", [f"run.py:9 GL412 error: the script starts {LACKS}"]),
        (". ./lib.sh && true\n", [f"run.py:2 GL412 error: the script starts {LACKS}"]),
        ("$OUT=/flywheel/v0/x\n", ["run.py:2 GL412 error: the shell runs the value of $OUT=... as a program"]),
        ("shopt -s nullglob globstar\nls **/*.x\n. ./lib.sh\n", [f"run.py:4 GL412 error: the script starts {LACKS}"]),
        ("shopt -s expand_aliases\nshopt -s extglob\nls !(a|b)\n. ./lib.sh\n", [f"run.py:5 GL412 error: the script starts {LACKS}"]),
        (". ./lib.sh\n. ./lib.sh\n", [f"run.py:2 GL412 error: the script starts {LACKS}"]),
        (". ./lib.sh ./Dockerfile\n", [f"run.py:2 GL412 error: the script starts {LACKS}"]),
        (". ./other.sh\n", ["run.py:2 GL412 error: the script starts /flywheel/v0/other.sh, which is not in the image"]),
        ("echo a\npython3 other.py\n", ["run.py:3 GL412 error: the script starts /flywheel/v0/other.py, which is not in the image"]),
        ("bash lib.sh\n", [f"run.py:2 GL412 error: the script starts {LACKS}"]),
        (". lib.sh\n", [f"run.py:2 GL412 error: the script starts {LACKS}"]),
        # not certain
        ("python3 -u other.py 2>&1 | tee log\n", ["run.py:2 GL412 warning: the script starts /flywheel/v0/other.py, which is not in the image"]),
        ("python3 other.py | sort | tee log\n", ["run.py:2 GL412 warning: the script starts /flywheel/v0/other.py, which is not in the image"]),
        ("mystery\n. ./lib.sh\n", [f"run.py:3 GL412 warning: the script starts {LACKS}"]),
        ("touch other\n. ./lib.sh\n", [f"run.py:3 GL412 warning: the script starts {LACKS}"]),
        ("if [ $1 ]; then exit; fi\n. ./lib.sh\n", [f"run.py:3 GL412 warning: the script starts {LACKS}"]),
        ("(. ./lib.sh)\n", [f"run.py:2 GL412 warning: the script starts {LACKS}"]),
        ("f() { . ./lib.sh; }\nf\n", [f"run.py:2 GL412 warning: the script starts {LACKS}"]),
        # left alone
        (". ./lib.sh 2>/dev/null || exit 1\n", []),
        ("shopt -s failglob\n. ./lib.sh\n", []),
        ("shopt -s lastpipe\n. ./lib.sh\n", []),
        ("shopt -s expand_aliases\nalias a=b\n. ./lib.sh\n", []),
        ("shopt -s extglob\n. ./@(lib).sh\n", []),
        ("echo a >> lib.sh\n. ./lib.sh\n", []),
        (". /opt/lib.sh\n", []),
        ("mystery\n. ./other.sh\n", []),  # which may make it
        ("bash other\n. other.sh\n", []),  # they may be on PATH
        ("if [ $1 ]; then python3 other.py | tee log; fi\n", []),
        ("ls || python3 other.py | tee log\n", []),
        ("f() { python3 other.py | tee log; }\n", []),
        ('S=other.sh\necho ls > "$S"\nbash ./other.sh\n', []),
        ("cat <<E > $1.sh\nls\nE\n. ./other.sh\n", []),
        ("echo ls > log.txt\n. ./other.sh\n", ["run.py:3 GL412 error: the script starts /flywheel/v0/other.sh, which is not in the image"]),
        ("echo ls > log.txt\necho other.sh\n. ./other.sh\n", ["run.py:4 GL412 error: the script starts /flywheel/v0/other.sh, which is not in the image"]),
        (". /etc/profile\n./other.sh\n", []),  # which may change the directory
        (". /etc/profile ./other.sh\n", []),  # which is an argument
        ("if [ $1 ]; then . ./other.sh; fi\n", []),
        ("./input/a.sh\n./output/x\n./work/x\n", []),  # Flywheel, or a run, puts it there
        ("exit\n. ./lib.sh\n", []),
    ],
)  # fmt: skip
def test_what_a_shell_script_starts(script: str, found: list[str], lint: Lint) -> None:
    assert lint(f"#!/bin/bash\n{script}{NO_LIB}") == found


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (
            ". ./libs.sh\n=== lib.sh\n",
            [
                "run.py:2 GL412 error: the script starts /flywheel/v0/libs.sh, which is not in the image"
            ],
        ),
        (
            "./tools/a.sh\n=== tools/aa.sh\n",
            [
                "run.py:2 GL412 error: the script starts /flywheel/v0/tools/a.sh, which is not in the image"
            ],
        ),
        ("true || ./tools/a.sh\n=== tools/bb.sh\n", []),
        ("true || ./tool/a.sh\n=== tools/a.sh\n", []),
        ("true || ./tools\n=== tool/a.sh\n", []),
    ],
)
def test_name_that_is_near_to_that_of_a_file(case: str, found: list[str], lint: Lint) -> None:
    assert lint(f'#!/bin/bash\n{case}=== members\n"command": "bash run.py"\n') == found


@pytest.mark.parametrize(
    ("script", "lines", "is_found"),
    [
        (". ./lbi.sh", "", True),
        ("python3 tools/on.py", "", True),
        ("if true; then bash ./lbi.sh; fi", "", True),
        ("./step2.sh", "", False),  # of another number
        ("/opt/one.py", "", False),
        ("./tols/one.py", "", False),
        (". ./other.sh", "", False),
        (". ./lbi.sh || true", "", False),
        ("make lbi.sh\n. ./lbi.sh", "", False),
        ("python3 tools/one.py\n. ./libs.sh", "", False),  # which the module writes
        (". ./lbi.sh", "RUN make\n", False),
        (". ./lbi.sh", "RUN ./build.sh\n", False),
        (". ./lbi.sh", "COPY lost x/\n", False),
        ("./made.sh", "RUN touch mad.sh\n", False),
        ("./made.sh", "COPY <<EOF mad.sh\nls\nEOF\n", True),
        ("/flywheel/lib.sh", "COPY lib.sh /flywheel/libs.sh\n", False),
    ],
)
def test_a_misspelt_file_over_a_base_that_is_not_known(
    script: str, lines: str, is_found: bool, lint: Lint
) -> None:
    base = ALL.replace("python:3.11", "me/base").replace("ENTRYPOINT", f"{lines}ENTRYPOINT")
    found = lint(
        f"#!/bin/bash\n{script}\n=== lib.sh\n=== tools/one.py\nopen('libs.sh', 'w')\n"
        f"=== opt/one.py\n=== step1.sh\n=== members\n{SHELL}\n=== Dockerfile\n{base}",
        "GL412",
    )
    assert [line.rpartition(", ")[2] for line in found] == (
        ["which no instruction copies into the image"] if is_found else []
    )
    assert all("GL412 warning" in line for line in found)


@pytest.mark.parametrize(
    ("starts", "file", "is_found"),
    [
        ("python3 -m pkg", "pkg/__main__.py", True),
        ("exec python3 -u -B -m pkg", "pkg/__main__.py", True),
        ("python3 -m pkg.mod", "pkg/mod.py", True),
        ("python3 -m pkg", "pkg/mod.py", False),
        ("python3 -c 'x' -m pkg", "pkg/__main__.py", False),
        ("python3 -X dev -m pkg", "pkg/__main__.py", False),
        ("python3 -X -m pkg", "pkg/__main__.py", False),
        ("bash -m pkg", "pkg/__main__.py", False),
        ("cd /tmp && python3 -m pkg", "pkg/__main__.py", False),
    ],
)
def test_module_that_is_started(starts: str, file: str, is_found: bool, lint: Lint) -> None:
    found = lint(f"#!/bin/bash\n{starts}\n=== {file}\nimport helper\n{PACKAGE}")
    reported = 'GL411 error: the module "helper" is not in the image: nothing copies "helper.py"'
    assert found == ([f"{file}:1 {reported}"] if is_found else [])


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("cd /flywheel/v0\npython3 main.py\n", "error"),
        ("cd /flywheel/v0 && python3 main.py\n", "error"),
        ("exec bash other.sh\n", "error"),
        ("if true; then python3 main.py; fi\npython3 main.py\n", "error"),
        ("python3 main.py\nif true; then python3 main.py; fi\n", "error"),
        ("true || python3 main.py\n", "warning"),
        ("true && python3 main.py\ntrue\n", "warning"),
        ("if true; then bash other.sh; fi\n", "warning"),
        ("(python3 main.py)\n", "warning"),
        ("python3 main.py | tee log\n", "warning"),
    ],
)
def test_a_program_that_not_every_run_starts(lines: str, severity: str, lint: Lint) -> None:
    found = lint(
        f"#!/bin/bash\n{lines}=== main.py\nimport utils\n=== utils.py\n=== other.sh\npython3 main.py\n"
        f"=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}COPY main.py other.sh ./\n"
    )
    assert [line.split()[:3] for line in found] == [["main.py:1", "GL411", f"{severity}:"]]


@pytest.mark.parametrize(
    ("members", "lines", "is_found"),
    [
        ("", "", True),
        ("", "COPY lib lib\nENV PYTHONPATH=lib\n", False),
        ("", "COPY lib lib\nENV PYTHONPATH=lib:/flywheel/v0/lib\n", False),
        ('"environment": {"PYTHONPATH": "/flywheel/v0/lib"}', "COPY lib lib\n", False),
        ('"environment": {"PYTHONPATH": "/flywheel/v0/lib"}', "", True),
        ("", "RUN pip install helper\n", False),
    ],
)
def test_directories_of_modules(members: str, lines: str, is_found: bool, lint: Lint) -> None:
    found = lint(
        f"import helper\n=== helper.py\n=== lib/helper.py\n=== members\n{members}\n"
        f"=== Dockerfile\n{ONLY_RUN}{lines}"
    )
    assert [line.split()[1] for line in found] == (["GL411"] if is_found else [])


BASH, ENV_R = "#!/bin/bash\n", "#!/usr/bin/env Rscript\n"
NO_MODE = "RUN chmod 644 helper"
IS_REFUSED = 'GL403 {}: the script starts "{}", which is not executable in the image'
NO_LINE = "the script has no #! line, and"
BY_PATH = [
    # a shell script that `command` starts, what it starts, the end of the Dockerfile, what is found
    ("./helper", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("/flywheel/v0/helper x", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "/flywheel/v0/helper")),
    ("exec ./helper", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("cd /flywheel/v0 && ./helper", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("timeout 5 ./helper\n./helper", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("./helper\nchmod +x helper", BASH, NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("./helper", f"{BASH}chmod -R 777 output\n", NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("exec ./helper", f"{BASH}chmod 1 helper\n", NO_MODE, "run.py:2 " + IS_REFUSED.format("error", "./helper")),
    ("python x\n./helper", BASH, NO_MODE, "run.py:3 " + IS_REFUSED.format("warning", "./helper")),
    ("bash inner", BASH, NO_MODE, "inner:2 " + IS_REFUSED.format("warning", "./helper")),
    ("./helper", f"{ENV}print(1)\n".replace("#", "# "), "", 'helper:1 GL404 error: the script begins with "# !/usr/bin/env python3" instead of a #! line, and it is started by its name'),
    ("./helper.py", "print(1)\n", "", f"helper.py:1 GL404 error: {NO_LINE} it is started by its name"),
    ("python x\n./helper.py", "print(1)\n", "", f"helper.py:1 GL404 warning: {NO_LINE} it is started by its name"),
    ("./helper", "echo\n", "", f"helper:1 GL404 warning: {NO_LINE} bash takes it for a shell script"),
    ("./helper", "#!/bin/bash\r\necho\r\n", "", "helper:1 GL405 error: the #! line ends with CRLF: its interpreter is not found"),
    ("python x\n./helper", "#!/bin/bash\r\necho\r\n", "", "helper:1 GL405 warning: the #! line ends with CRLF: its interpreter is not found"),
    ("./helper.py", f"\ufeff{ENV}", "", "helper.py:1 GL405 error: a byte order mark before the #! line hides it"),
    ("python x\n./helper.py", f"\ufeff{ENV}", "", "helper.py:1 GL405 warning: a byte order mark before the #! line hides it"),
    ("./helper", ENV_R, "", 'helper:1 GL410 error: the #! line names "Rscript", which is not in the image'),
    ("python x\n./helper", ENV_R, "", 'helper:1 GL410 warning: the #! line names "Rscript", which is not in the image'),
]  # fmt: skip


def by_path(script: str, helper: str, lines: str) -> str:
    name = "helper.py" if "helper.py" in script else "helper"
    return (
        f"{BASH}{script}\n=== {name}\n{helper}\n=== inner\n{BASH}./helper\n=== lib\nchmod +x helper\n"
        f"=== members\n{SHELL}\n=== Dockerfile\n{ALL.replace('ENTRYPOINT', '#')}{lines}\n"
    )


@pytest.mark.parametrize(("script", "helper", "lines", "found"), BY_PATH)
def test_a_program_that_a_shell_script_starts_by_its_path(
    script: str, helper: str, lines: str, found: str, lint: Lint
) -> None:
    reported = lint(by_path(script, helper, lines), "GL403,GL404,GL405,GL410")
    assert [line.replace("[*] ", "") for line in reported] == [found]


@pytest.mark.parametrize(
    "script",
    [
        "if true; then ./helper; fi",
        "./helper || true",
        "true || ./helper",
        "./helper & wait",
        "./helper | cat",
        "(./helper)",
        "echo $(./helper)",
        "f() { ./helper; }\nf",
        "exit\n./helper",
        "chmod +x helper\n./helper",
        "chmod -R 755 .\n./helper",
        "dos2unix *\nsed -i 's/a/b/' x\n./helper",
        "sed -i 's/\\r//' *\n./helper",
        "cp x helper\n./helper",
        "[ -x helper ] && ./helper",
        "[ -x helper ] || exit 1\n./helper",
        "source lib\n./helper",
        "if true; then bash inner; fi",
        "helper",
        "cd $X\n./helper",
    ],
)
def test_a_program_that_may_not_be_started_so(script: str, lint: Lint) -> None:
    for helper, lines in ((BASH, NO_MODE), ("echo\n", ""), (f"{BASH[:-1]}\r\n", ""), (ENV_R, "")):
        assert lint(by_path(script, helper, lines), "GL403,GL404,GL405,GL410") == []


@pytest.mark.parametrize(
    "script",
    [
        "bash helper\n./helper",
        ". ./helper\n./helper",
        "bash inner\n./helper",
        "source lib\n./helper",
    ],
)
def test_a_program_that_may_have_changed_itself(script: str, lint: Lint) -> None:
    helper = f"{BASH}chmod -R a+x /flywheel/v0\n"
    assert lint(by_path(script, helper, NO_MODE), "GL403") == []


@pytest.mark.parametrize(("copied", "codes"), [("helper run.py", ["GL403"]), ("helper", [])])
def test_the_script_that_starts_it_may_be_another(
    copied: str, codes: list[str], lint: Lint
) -> None:
    base = f"FROM example/unknown:1\nWORKDIR /flywheel/v0\nCOPY --chmod=644 {copied} ./\n"
    case = by_path("./helper", BASH, "").partition("=== Dockerfile")[0]
    found = lint(f"{case}=== Dockerfile\n{base}", "GL403")
    assert [line.split()[1] for line in found] == codes


@pytest.mark.parametrize("script", ["bash helper", ". ./helper", "bash ./helper"])
def test_a_script_that_a_shell_is_given_needs_no_mode(script: str, lint: Lint) -> None:
    for helper, lines in ((BASH, NO_MODE), ("echo\n", ""), (ENV_R, "")):
        assert lint(by_path(script, helper, lines), "GL403,GL404,GL405,GL410") == []


def test_a_program_that_another_start_has_is_reported_there(lint: Lint) -> None:
    case = by_path("./helper", BASH, NO_MODE + "\n" + 'ENTRYPOINT ["/flywheel/v0/helper"]')
    assert [line.split()[1] for line in lint(case, "GL306,GL403")] == ["GL306"]


@pytest.mark.parametrize("script", ["./helper", "exec ./helper"])
def test_the_fix_of_a_program_that_a_script_starts(
    script: str, lint: Lint, tmp_path: Path, run: Run
) -> None:
    lint(by_path(script, BASH, NO_MODE), "GL403")
    run("check", "--fix", "--select", "GL403", tmp_path / "gear")
    assert (
        run("check", "--select", "GL403", "--output-format", "json", tmp_path / "gear").findings
        == []
    )


OWN_DIRECTORY = [
    (". $(dirname $0)/lib.sh", ["error"]),
    ('source "$(dirname "$0")/lib.sh"', ["error"]),
    ('D="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nsource "$D/lib.sh"', ["error"]),
    ('D=$(cd -P -- "$(dirname -- "$0")" >/dev/null 2>&1 && pwd -P)\nbash $D/lib.sh', ["error"]),
    ("D=`dirname $0`\n$D/lib.sh", ["error"]),
    ('cd "$(dirname "$0")"\n./lib.sh', ["error"]),
    ('. "$(dirname "$(readlink -f "$0")")/lib.sh"', ["error"]),
    (". ${BASH_SOURCE%/*}/lib.sh", ["error"]),
    (". ${0%/*}/lib.sh", []),  # too short to be written out
    ("cd /tmp\n. $(dirname $0)/lib.sh", []),
    (". $(dirname $1)/lib.sh", []),
    (". $(dirname $0)/run.py", []),
    (". $(dirname $0)/none.sh", ["error"]),
    ("true || . $(dirname $0)/none.sh", []),
]


@pytest.mark.parametrize(("text", "severities"), OWN_DIRECTORY)
def test_directory_of_the_script_itself(text: str, severities: list[str], lint: Lint) -> None:
    case = f'#!/bin/bash\n{text}\n=== lib.sh\necho\n=== members\n"command": "bash run.py"\n'
    found = [line for line in lint(f"{case}=== Dockerfile\n{ONLY_RUN}") if "GL412" in line]
    assert [line.split()[2] for line in found] == [f"{severity}:" for severity in severities]


def test_directory_of_a_sourced_script_is_not_that_of_the_first(lint: Lint) -> None:
    case = "#!/bin/bash\n. ./sub/lib.sh\n=== sub/lib.sh\n. $(dirname $0)/sub.sh\n=== sub/sub.sh\necho\n"
    found = lint(f'{case}=== members\n"command": "bash run.py"\n=== Dockerfile\n{ALL}')
    assert [line for line in found if "GL412" in line] == []


@pytest.mark.parametrize(
    "path",
    [
        "'.config[\"my-opt\"]'", "'.config.\"my-opt\"'", '".config.\\"my-opt\\""', ".config.x-1",
        "'.inputs[\"t1-w\"]'",
    ],
)  # fmt: skip
def test_jq_of_a_name_with_a_hyphen(path: str, lint: Lint) -> None:
    script = f"#!/bin/bash\njq -r {path} config.json"
    assert lint(f"print(1)\n=== go.sh\n{script}\n=== members\n{HYPHEN}", "GL501,GL502") == []


@pytest.mark.parametrize(
    "text",
    [
        "of() {\n  jq -r '.config[\"'$1'\"]' config.json\n}\nN=$(of my-opt)",
        "of() {\n  jq -r '.config.\"'$1'\"' config.json\n}\nN=$(of my-opt)",
        "of() {\n  jq -r '.config.'$1 config.json\n}\nN=$(of '\"my-opt\"')",
        "of() {\n  jq -r '.config.'$1 config.json\n}\nN=$(of x-1)",
    ],
)
def test_function_that_reads_a_name_with_a_hyphen_by_jq(text: str, lint: Lint) -> None:
    script = f"#!/bin/bash\n{text}"
    assert lint(f"print(1)\n=== go.sh\n{script}\n=== members\n{HYPHEN}", "GL501,GL502") == []


SPACED = [
    # lines of a shell script, and it fixed; empty where nothing is found
    ("A = 1\necho $A", "A=1\necho $A"),
    ("A =1\necho ${A}", "A=1\necho ${A}"),
    ('BASE = "/x y"\ncd "$BASE"', 'BASE="/x y"\ncd "$BASE"'),
    ("if true; then\n  A = $(x)\nfi\necho ${A%.x}", "if true; then\n  A=$(x)\nfi\necho ${A%.x}"),
    ("A = b c\necho $A", "A = b c\necho $A"),  # no fix: it may mean several things
    ('A= $(jq . x)\necho "$A"', 'A=$(jq . x)\necho "$A"'),
    ("A= 'x y'\necho $A", "A='x y'\necho $A"),
    ('A= "/flywheel/v0/output"\necho $A', 'A="/flywheel/v0/output"\necho $A'),
    ("A=\t4\necho $A", "A=4\necho $A"),
    # a program, with the variable emptied
    ("A= x\necho $A", ""),
    ("A= $1\necho $A", ""),
    ('A= "$@"\necho $A', ""),
    ('A= "$B/x"\necho $A', ""),
    ("A= $(which x)\necho $A", ""),
    ("exec python3 x\nA = 1\necho $A", ""),  # which ends the script
    ("IFS= read -r x\necho $IFS", ""),
    ("A= date\necho $A", ""),  # a program
    ("A= /opt/x\necho $A", ""),
    ("A= ls $A", ""),
    ("f() { echo $A; }\nA= f", ""),
    ("A='' x\necho $A", ""),
    ("A= \\\n  x\necho $A", ""),
    ("A=1\nA= x\necho $A", ""),  # it has a value
    ("A= B= x\necho $A", ""),
    ("A=\nx\necho $A", ""),
    ("A = 1\necho $AB", ""),
    ("{ A=1; } > x; B=$A\n> y\nC = 1", ""),
    ("A = 1", ""),
    ("echo = 1", ""),
    ("f() { echo $1; }\nf = 1\necho $f", ""),
    ("A == 1\necho $A", ""),
    ("[ A = 1 ] && echo $A", ""),
    ("# A = 1\necho $A", ""),
    ("A=1\necho $A", ""),
    ("cat <<E\nA = 1\nE\necho $A", ""),
    ("$B = 1\necho $B", ""),
    ("awk '\nA = 1\n' x\necho $A", ""),
    # a builtin, which takes the sign, or the value, for a name
    ("export A = b", "export A=b"),
    ("export A =b", "export A=b"),
    ("export A= /opt/x", "export A=/opt/x"),
    ('if true; then\n  export -x A = "$B c"\nfi', 'if true; then\n  export -x A="$B c"\nfi'),
    ("f() {\n  local a = 5\n}\nf", "f() {\n  local a=5\n}\nf"),
    ("readonly A= 5", "readonly A=5"),
    ("export A= B C", ""),
    ("export A= B", ""),
    ('export A= "$B" C=', ""),
    ("export A = b c", ""),
    ("export A == b", ""),
    ("export A=b C=d", ""),
    ("export", ""),
    ("export $A = b", ""),
    ("export -p\nA=$(x) # a =", ""),
    # a sign of other languages before the name
    ("$A=5", "A=5"),
    ("if true; then $A=$(x); fi", "if true; then A=$(x); fi"),
    ("${A}=5", "A=5"),
    ("$1=5", ""),
    ("$A==5", ""),
    ("B=1 $A=5", ""),
    ("$A=5 x", ""),
    ("eval $A=5", ""),
    ("export $A=5", ""),
    ("[ $A=5 ]", ""),
]


@pytest.mark.parametrize(("lines", "fixed"), SPACED)
def test_spaces_around_an_assignment(
    lines: str, fixed: str, lint: Lint, tmp_path: Path, run: Run
) -> None:
    found = lint(f"#!/bin/bash\n{lines}\n=== members\n{SHELL}", "GL414")
    assert bool(found) is bool(fixed)
    run("check", "--fix", "--unsafe-fixes", "--select", "GL414", tmp_path / "gear")
    assert (tmp_path / "gear" / "run.py").read_text() == f"#!/bin/bash\n{fixed or lines}\n"


def test_spaces_in_a_script_that_nothing_starts(lint: Lint) -> None:
    assert lint("print(1)\n=== run.sh\nA = 1\necho $A\n", "GL414") == []


DOC = 'import json\nc = json.load(open("/flywheel/v0/config.json"))\n'
LEFT_ALONE = [
    # modules that import all names from each other, from themselves, or in a long row
    "from run import *\nimport run as context\nprint(context.get_input_path('speed'))\n",
    "import one as context\nprint(context.get_input_path('speed'))\n=== one.py\nfrom two import *\n=== two.py\nfrom one import *\n",
    "import m0 as context\nprint(context.get_input_path('speed'))\n"
    + "".join(f"=== m{number}.py\nfrom m{number + 1} import *\n" for number in range(190)),
    # what another module may bring instead of Python's own
    *(
        f'import json\nfrom own import *\nc = json.load(open("/flywheel/v0/config.json"))\nprint(c["config"]["thread"])\n=== own.py\n{own}\n'
        for own in ("def open(path): pass", "from tarfile import *", "globals().update(x)")
    ),
    # what is declared
    DOC + 'print(c["config"]["threads"], c["inputs"]["image"], c["destination"]["id"], c.get("job"))\n',
    f'{SDK}print(context.config["threads"], context.get_input_path("image"))\n',
    f'{WITH}    context.init_logging()\n    print(context.config.get("debug"))\n',
    f'{WITH}    print(context.manifest["name"], context.output_dir, context.work_dir)\n',
    f'{WITH}    print(context.get_input("image")["object"]["info"]["x"])\n',
    # what is not Flywheel's
    'import json\nc = json.load(open("model.json"))["config"]\nprint(c["speed"])\n',
    'import json\nc = json.load(open("/opt/model/config.json"))["config"]\nprint(c["speed"])\n',
    'import json, sys\nc = json.load(open(sys.argv[1]))["config"]\nprint(c["speed"])\n',
    'import json, os\nc = json.load(open(os.path.join(sys.argv[1], "config.json")))["config"]\nprint(c["speed"])\n',
    'config = {"a": 1}\nprint(config["speed"])\n',
    'import configparser\nconfig = configparser.ConfigParser()\nprint(config["speed"], config.get("a", "b"))\n',
    'import json\nwith open("/flywheel/v0/config.json", "w") as f:\n    json.dump({}, f)\n',
    'class Context:\n    config = {}\n\ncontext = Context()\nprint(context.config["speed"])\n',
    'from bottle import GearContext\nprint(GearContext().config["speed"])\n',
    f'{TOOLKIT}context = GearToolkitContext(config_path="/tmp/other.json")\nprint(context.config["speed"])\n',
    f'{TOOLKIT}context = GearToolkitContext(tempdir=True)\nprint(context.config["speed"])\n',
    f'{TOOLKIT}import sys\ncontext = GearToolkitContext(gear_path=sys.argv[1])\nprint(context.config["speed"])\n',
    # of config.json itself
    f'{SDK}destination = context.destination\nprint(destination["id"], destination["type"])\n',
    f'{DOC}print(c["inputs"]["image"]["location"]["path"], c["inputs"]["image"]["object"]["tags"])\n',
    # another value under the name
    f'{SDK}config = context.config\nconfig = {{"speed": 1}}\nprint(config["speed"])\n',
    f'{SDK}config = context.config\nif config["threads"]:\n    config = load("x")\nprint(config["speed"])\n',
    f'{SDK}def run(config):\n    print(config["speed"])\n\nrun(context.config)\nrun({{"speed": 1}})\n',
    f'{SDK}def run(config):\n    print(config["speed"])\n\nstart(run)\n',
    f'{SDK}def run(config={{"speed": 1}}):\n    print(config["speed"])\n\nrun()\nrun(context.config)\n',
    f'{SDK}def run(*args):\n    print(args["speed"])\n\nrun(context.config)\n',
    f'{SDK}def run(config):\n    print(config["speed"])\n',
    f'{SDK}config = [c for c in load()]\nprint(config["speed"])\n',
    f'{SDK}for config in load():\n    print(config["speed"])\n',
    f'{SDK}config, other = load(context.config)\nprint(config["speed"])\n',
    f'{SDK}config = context.config or load()\nprint(config["speed"])\n',
    f'{SDK}config = clean(context.config)\nprint(config["speed"])\n',
    f'{SDK}config = {{k: v for k, v in context.config.items()}}\nprint(config["speed"])\n',
    f'{SDK}config = {{**context.config, "speed": 1}}\nprint(config["threads"])\n',
    f'{SDK}def unused():\n    print(context.config["speed"])\n',
    *(
        f'{SDK}{base}\n    {indent}def visit(self):\n    {indent}    print(context.config["speed"])\n{after}'
        for base, indent, after in (
            ("class A:", "", "A()\n"),
            ("class A(object):", "", "A()\n"),
            ("class A(ValueError):", "", "A()\n"),
            ("import abc\nclass A(abc.ABC):", "", "A()\n"),
            ("from typing import NamedTuple\nclass A(NamedTuple):", "", "A()\n"),
            ("from enum import Enum\nclass A(Enum):", "", "A()\n"),
            ("class B: pass\nclass A(B):", "", "A()\n"),
            ("from own import B\nclass A(B):", "", "A()\n=== own.py\nclass B: pass\n"),
            # nothing names the class, or the function is only in a method
            ("from lib import Base\nclass A(Base):", "", ""),
            ("from lib import Base\nclass A(Base):\n    def f(self):", "    ", "A().f()\n"),
        )
    ),
    f'{TOOLKIT}import lib\nclass A(lib.Base):\n    def visit(self):\n        print(self.config["speed"], self.context.config["speed"])\n\nA(GearToolkitContext()).start()\n',
    f'{SDK}global_config = None\n\ndef set_it():\n    global global_config\n    global_config = load()\n\nset_it()\nprint(global_config["speed"])\n',
    f'{SDK}match context.config:\n    case {{"speed": speed}}:\n        print(speed)\n',
    f'{TOOLKIT}class Args:\n    pass\n\ndef run(args: GearToolkitContext):\n    print(args.config["speed"])\n\nrun(Args())\n',
    # keys of the gear's own
    f'{SDK}context.config["speed"] = 1\nprint(context.config["speed"])\n',
    f'{SDK}config = context.config\nconfig["speed"] = 1\nprint(context.config["speed"])\n',
    f'{SDK}context.config.update({{"speed": 1}})\nprint(context.config["speed"])\n',
    f'{SDK}context.config.update(speed=1)\nprint(context.config["speed"])\n',
    f'{SDK}context.config.setdefault("speed", 1)\nprint(context.config["speed"])\n',
    f'{SDK}mine = {{"speed": 1, **context.config}}\nprint(mine["speed"])\n',
    f'{SDK}mine = dict(context.config, speed=1)\nprint(mine["speed"])\n',
    f'{SDK}context.config.update(load())\nprint(context.config["speed"])\n',
    f'{SDK}context.config = load()\nprint(context.config["speed"])\n',
    f'{SDK}for name in load():\n    context.config[name] = 1\nprint(context.config["speed"])\n',
    f'{SDK}context.config |= {{"speed": 1}}\nprint(context.config["speed"])\n',
    f'{SDK}import other\nother.prepare(context)\nprint(context.config["speed"])\n=== other.py\ndef prepare(ctx):\n    ctx.config["speed"] = 1\n',
    f'{SDK}other = load()\nother.prepare(context)\nprint(context.config["speed"])\n',
    f'{SDK}print(context.config_json["config"].update(load()))\nprint(context.config["speed"])\n',
    DOC + 'c["config"] = load()\nprint(c["config"]["speed"])\n',
    f'from contextlib import suppress\nwith suppress(ImportError):\n    import lost\n=== lost.py\nx = 1\n=== Dockerfile\n{ONLY_RUN}',
    f'import contextlib\nwith contextlib.suppress(ModuleNotFoundError, OSError):\n    import lost\n=== lost.py\nx = 1\n=== Dockerfile\n{ONLY_RUN}',
    f'try:\n    import lost\nexcept* ImportError:\n    pass\n=== lost.py\nx = 1\n=== Dockerfile\n{ONLY_RUN}',
    # computed keys, and all of them
    f'{SDK}print(context.config[load()])\n',
    f'{SDK}for key in context.config:\n    print(context.config[key])\n',
    f'{SDK}for key, value in context.config.items():\n    print(key, value)\n',
    f'{SDK}names = ["threads", "speed"]\nfor name in names:\n    if name in context.config:\n        print(context.config[name])\n',
    f'{SDK}run(**context.config)\n',
    f'{SDK}print(context.config["%s-x" % load()])\n',
    f'{SDK}print("speed" in context.config)\n',
    # the manifest
    f'{SDK}print(context.config["speed"])\n=== members\n"config": []\n',
    # inputs
    'import json\nfrom own import fill\ninputs = json.load(open("/flywheel/v0/config.json"))["inputs"]\n'
    'fill[0](inputs)\nprint(inputs["mask"])\n=== own.py\nfill = [print]\n',
    f'{WITH}    context.config_json["inputs"]["mask"] = 1\n    print(context.get_input("mask"))\n',
    f'{SDK}print(context.get_input_path(load()))\n',
    # the client
    f'{SDK}print(context.client.get("x"))\n=== members\n{KEY}\n',
    f'{SDK}if context.client:\n    print(context.client.get("x"))\n',
    f'{SDK}fw = context.client\nif fw is not None:\n    fw.get("x")\n',
    f'{SDK}try:\n    context.client.get("x")\nexcept Exception:\n    pass\n',
    f'{SDK}if context.get_input("image"):\n    fw = context.client\n    fw.get("x")\n',
    'import flywheel, os\nprint(flywheel.Client(os.environ["FW_KEY"]).get_current_user())\n',
    'import redis\nprint(redis.Client().get("x"))\n',
    'import flywheel\n\ndef unused():\n    return flywheel.Client()\n',
    # a Python that is not read
    "print 'speed'\n",
    f'{SDK}print(context.config["speed"]\n',
    # imports that are there, or may be
    "import json, os.path, flywheel\n",
    "import utils\n=== utils.py\n",
    *(
        f"from utils import b\n=== utils/__init__.py\n{init}=== utils/b.py\n=== Dockerfile\n{INIT_ONLY}"
        for init in (
            "b = 1\n", "def b(): ...\n", "from json import *\n", "def __getattr__(name): ...\n",
            "b = \n", "b = 1\n# \udce9\n",
        )
    ),
    *(
        f"{before}\n    import utils\n{after}=== utils.py\n=== Dockerfile\n{ONLY_RUN}"
        for before, after in (
            ("try:", "except:\n    pass\n"),
            ("try:", "except (OSError, ImportError):\n    pass\n"),
            ("try:", "except ModuleNotFoundError as e:\n    print(e)\n"),
            ("try:", "except Exception:\n    pass\n"),
            ("import typing\nif typing.TYPE_CHECKING:", ""),
            ("if TYPE_CHECKING or load():", ""),
        )
    ),
    *(
        f"import utils\n=== utils/a.py\n=== utils/{name}\n=== Dockerfile\n{ONLY_RUN}COPY utils /opt/lib/utils\n"
        for name in ("__init__.py", "b.py")
    ),
    "from utils import results\n=== utils/results.py\n",
    "from utils import VALUE\n=== utils/__init__.py\nVALUE = 1\n=== utils/VALUES.py\n",
    f"try:\n    import utils\nexcept ImportError:\n    utils = None\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
    f"try:\n    import json\nexcept ImportError:\n    import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
    f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
    f"import utils\n=== other.txt\n=== Dockerfile\n{ONLY_RUN}",
    f"import json\n=== json.py\n=== Dockerfile\n{ONLY_RUN}",
    f"import utils\n=== utils/data.txt\n=== Dockerfile\n{ONLY_RUN}",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}RUN pip install .\n",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}RUN pip install -e ./lib\n",
    # GL411: distributions that may have the module, of what may be installed
    *(
        f"import {module}\n=== {module}.py\n=== Dockerfile\n{ONLY_RUN}RUN pip install numpy {name}\n"
        for module, name in (
            ("docx", "python-docx"), ("yaml", "PyYAML"), ("flywheel", "flywheel_sdk>=1"), ("attr", "attrs"),
            ("ants", "antspyx"), ("bs4", "bs4-binary"), ("my_utils", "my.Utils"), ("utils", "my-utils"),
        )
    ),
    *(
        f"import utils\n=== utils.py\n=== lib/x.txt\n=== {lock}\n{text}\n=== Dockerfile\n{ONLY_RUN}{line}\n"
        for lock, text, line in (
            ("uv.lock", 'name = "utils"', "COPY uv.lock ."),
            ("uv.lock", 'name = "utils"', "COPY lib ."),
            ("uv.lock", 'name = "utils"', "COPY *.lock ."),
            ("uv.lock", 'name = "utils"', "RUN --mount=target=/x install"),
            ("environment.yml", "  - utils=1", "RUN conda env create -f environment.yml"),
            ("pyproject.toml", 'dependencies = ["numpy", "utils>=1"]', "COPY pyproject.toml ."),
            ("pyproject.toml", '[tool.poetry.dependencies]\nutils = "^1"', "COPY pyproject.toml ."),
            ("pyproject.toml", 'name = "utils"', "COPY pyproject.toml .\nRUN poetry install"),
            ("uv.lock", 'name = "my"\n[[package]]\nname = "utils"', "COPY uv.lock ."),
        )
    ),
    # GL411: an install may add to a package beside the script
    *(
        f"import own.iner\n=== own/__init__.py\n{init}=== own/inner.py\n=== {other}\n=== Dockerfile\n{ALL}{line}\n"
        for init, other, line in (
            ("", "other.py", "RUN pip install -e ."),
            ("", "other.py", "RUN python x.py develop && pip install ."),
            ("", "setup.py", "RUN pip install ."),
            ("", "build.py", "RUN poetry install"),
            ("import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n", "other.py", "RUN pip install ."),
        )
    ),
    f"import own.b\n=== own/a.py\n=== own/b.py\n=== Dockerfile\n{ONLY_RUN}COPY own/a.py own/\nRUN pip install .\n",
    f"import own.b\n=== own/__init__.py\n=== own/b.py\n=== Dockerfile\n{ONLY_RUN}COPY own/__init__.py /opt/own/\nENV PYTHONPATH=/opt\nRUN pip install .\n",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}RUN pip3 install numpy Utils[all]>=1\n",
    f"import utils\n=== utils.py\n=== requirements.txt\nutils==1.0\n=== Dockerfile\n{ONLY_RUN}COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n",
    f"import utils\n=== utils.py\n=== requirements.txt\ngit+https://example.org/x.git\n=== Dockerfile\n{ONLY_RUN}COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n",
    *(
        f"import utils\n=== utils.py\n=== requirements.txt\n-r more.txt\n{more}=== Dockerfile\n{ONLY_RUN}COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n"
        for more in ("=== more.txt\nutils==1.0\n", "=== more.txt\n./lib\n", "=== more.txt\n-r more.txt\n", "")
    ),
    required(levels=4),
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}RUN poetry install\n",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}COPY utils.py /usr/local/lib/python3.11/site-packages/\n",
    f"import utils\n=== lib/utils.py\n=== Dockerfile\n{ONLY_RUN}COPY lib /opt/lib\nENV PYTHONPATH=/opt/lib\n",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}ARG WHERE\nENV PYTHONPATH=$WHERE\n",
    f'import sys\nsys.path.append("/opt/lib")\nimport utils\n=== lib/utils.py\n=== Dockerfile\n{ONLY_RUN}COPY lib /opt/lib\n',
    f"import sys\nsys.path.insert(0, load())\nimport utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN.replace('python:3.11', 'example/unknown:1')}",
    f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN.replace('python:3.11', FMRIPREP)}ENV PYTHONPATH=$PYTHONPATH:/x\n",
    f"import utils\n=== utils.py\n=== members\n\"environment\": {{\"PYTHONPATH\": \"/opt/lib\"}}\n=== Dockerfile\n{ONLY_RUN}COPY utils.py /opt/lib/\n",
    # what is started: a package rather than the module of its name, and no line of Python text
    'print(1)\n=== app/__main__.py\n=== app.py\nimport utils\n=== utils.py\n=== members\n"command": "python -m app"\n'
    f"=== Dockerfile\n{ONLY_RUN}COPY app app\nCOPY app.py ./\n",
    f'"""\n. ./lib.sh\n"""\n=== lib.sh\n=== Dockerfile\n{ONLY_RUN}',
    f"import utils\n=== lib/utils.py\n=== .dockerignore\nlib/utils.py\n=== Dockerfile\n{ONLY_RUN.replace('python:3.11', 'example/unknown:1')}ENV PYTHONPATH=/flywheel/v0\nCOPY lib .\n",
    "print(1)\n=== app/main.py\nimport utils\n=== utils.py\n=== members\n\"command\": \"python -m app.main\"\n",
    # what shell scripts start
    f"#!/bin/bash\nsource /etc/profile\npython3 missing.py\n=== members\n{SHELL}\n",
    *(  # the run may make a directory that is left again, and what is in one
        f"#!/bin/bash\n{lines}\n=== main.py\n=== members\n{SHELL}\n"
        for lines in (
            "cd output\npython3 ../main.py",
            "mkdir -p work && cd work && python3 ../main.py",
            "python3 input/../main.py",
            "cd output\ncp ../*.py .\npython3 main.py",
            "cd output\necho > main.py\npython3 main.py",
            "cd output\npython3 other.py",
            "cd output; cd ..; python3 main.py; pushd output; popd; python3 main.py",
            "python3 output/main.py --main.py",
        )
    ),
    f"#!/bin/bash\ncp /opt/lib.sh lib.sh\nsource ./lib.sh\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\n[ -f lib.sh ] && source ./lib.sh\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\nif [ -f ./lib.sh ]; then\n  . ./lib.sh\nfi\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\nsource ./lib.sh || true\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\nexit 0\nsource ./lib.sh\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\ncd $WHERE\nsource ./lib.sh\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    f"#!/bin/bash\ncat > lib.sh <<E\nE\n. ./lib.sh\n=== lib.sh\n=== members\n{SHELL}\n=== Dockerfile\n{ONLY_RUN}",
    # what shell scripts read
    f"#!/bin/bash\njq -r .config.threads config.json\necho $FW_CONFIG_THREADS\n=== members\n{SHELL}\n",
    f"#!/bin/bash\njq -r .config.speed other.json\n# jq .config.speed config.json\n=== members\n{SHELL}\n",
    f"#!/bin/bash\n# \udce9\njq -r .config.speed config.json\n=== members\n{SHELL}\n",
    f"#!/bin/bash\nFW_CONFIG_SPEED=1\necho $FW_CONFIG_SPEED\n=== members\n{SHELL}\n",
    f"#!/bin/bash\nread -r a FW_CONFIG_SPEED\necho $FW_CONFIG_SPEED\n=== members\n{SHELL}\n",
    # keys and passwords
    *(
        f'KEY = "{key}"\n'
        for key in (
            "site.flywheel.io:xxxxxxxxxxxxxxxxxxxx", "site.flywheel.io:<your-key>",
            "site.flywheel.io:abcdefghijklmnopqrst", "site.flywheel.io:your-api-key-here",
            "site.flywheel.io:XXXXXXXXXXXXXXXXXXXX", "https://site.flywheel.io:443/api/projects",
            "ss.flywheel.io:my-long-group-name", "registry.example.org:Aq3tZ8Lm0Px",
            "site.flywheel.io:aBcDe1FgHI2j3Klmn4oPqrST5uv67WxyZ8AbC9dEf",
            "os.path:some_function_of_path", "sha256:Aq3tZ8Lm0PxR5vWn2K", "site.flywheel.io:short1",
            "site.flywheel.io:aBcdE1fGh2IJklm3NoPqRs4tuvwXyz5AbCdEf",
        )
    ),
    'FAKE_KEY = "site.flywheel.io:Aq3tZ8Lm0PxR5vWn2K"\n',
    'mock_key = (\n    "site.flywheel.io:Aq3tZ8Lm0PxR5vWn2K"\n)\n',
    'KEY = 1\n=== .gitignore\nconfig.json\n=== config.json\n{"key": "lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K"}\n',
    'KEY = 1\n=== .git/config.json\n{"key": "lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K"}\n',
    *(
        f'KEY = 1\n=== members\n"environment": {{"{name}": "{value}"}}\n'
        for name, value in (
            ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"), ("PWD", "/flywheel/v0"),
            ("DB_PASSWORD", ""), ("DB_PASSWORD", "changeme"), ("DB_PASSWORD", "$SECRET"),
            ("DB_PASSWORD", "<password>"), ("TOKEN_FILE", "/run/token"), ("API_KEY", "/run/key"),
            ("DB_URL", "https://example.org/x"), ("TOKENIZERS_PARALLELISM", "false"),
            ("SECRET", "false"), ("PASSWORD", "xxxxxxxx"), ("KEYBOARD", "qwertz1234"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_left_alone(case: str, lint: Lint) -> None:
    assert lint(case) == []


UNUSED = [
    (f'{SDK}import lib\nclass A(lib.Base):\n    def visit(self):\n        context.config["x"]\n\nA().start()\n', 'GL503 info: the option "threads" is never read by the gear'),
    (f'{SDK}print(context.config.get("x"))\n=== other.m\nx = nthreads;\n', 'GL503 info: the option "threads" is never read by the gear'),
    (DOC + 'print(c["config"]["debug"])\n', 'GL503 info: the option "threads" is never read by the gear'),
    (f'{SDK}print(context.config.get("x"))\n', 'GL503 info: the option "threads" is never read by the gear'),
    (f'{SDK}print(context.config.get("x"))\n=== data.bin\n\0threads\n', 'GL503 info: the option "threads" is never read by the gear'),
    (DOC + 'print(c["inputs"]["mask"])\n', 'GL505 info: the input "image" is never read by the gear'),
    (
        f"#!/bin/bash\njq .config.x config.json\n/opt/work\n=== members\n{SHELL}\n"
        f"=== Dockerfile\n{ONLY_RUN.replace('python:3.11', 'lab/pipeline:1')}",
        'GL503 info: the option "threads" is never read by the gear',
    ),
]  # fmt: skip
USED = [
    f'{SDK}import lib\nclass A(lib.Base):\n    def visit(self):\n        name = "thr"\n        context.config[name + "eads"]\n        context.config["x"]\n\nA().start()\n',
    "print(1)\n",
    DOC + 'print(c["config"]["threads"], c["inputs"]["image"])\n',
    DOC + 'print(c["config"]["debug"])\n# threads\n',
    f"{SDK}print(context.config.get('x'), context.config)\n",
    f'{SDK}print(context.config.get("x"))\nfor key in context.config:\n    print(key)\n',
    f'{SDK}print(context.config[load()], context.config.get("x"))\n',
    f'{SDK}print(context.config.get("x"))\nload(context)\n',
    f'{SDK}print(context.config.get("x"))\n=== other.m\nx = config.threads;\n',
    f'{SDK}print(context.config.get("x"))\n=== go.sh\necho $FW_CONFIG_THREADS\n',
    f'{SDK}print(context.config.get("x"))\n=== members\n"command": "python run.py --n {{{{threads}}}}"\n',
    DOC + 'print(c["inputs"]["mask"])\nINPUT = "/flywheel/v0/input"\n',
    f'{SDK}print(context.config.get("x"))\n=== members\n"config": {{"slurm-cpu": {{"type": "integer"}}}}\n',
    # a program of the base image in the gear's directory may read it
    f"#!/bin/bash\njq .config.x config.json\n$PWD/work\n=== members\n{SHELL}\n"
    f"=== Dockerfile\n{ONLY_RUN.replace('python:3.11', 'lab/pipeline:1')}",
]


@pytest.mark.parametrize(("case", "finding"), UNUSED)
def test_unused_is_found_if_selected(case: str, finding: str, lint: Lint) -> None:
    assert [line.partition(" ")[2] for line in lint(case, "GL503,GL505")] == [finding]
    assert not [line for line in lint(case) if "GL503" in line or "GL505" in line]


@pytest.mark.parametrize("case", USED)
def test_what_may_be_used_is_left_alone(case: str, lint: Lint) -> None:
    assert lint(case, "GL503,GL505") == []


@pytest.mark.parametrize("limit", ["SEARCHED_CHARACTERS", "SEARCHED_FILES", "DIRECTORY_ENTRIES"])
def test_nothing_is_unused_where_there_is_too_much_to_search(
    limit: str, lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = f'{DOC}print(c["config"]["debug"])\n=== a.m\n=== b.m\n=== Dockerfile\n{ONLY_RUN}'
    assert len(lint(case, "GL503")) == 1
    monkeypatch.setattr(limits, limit, 1)
    assert lint(case, "GL503") == []


def test_a_pipe_holds_no_text(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "gear").mkdir()
    os.mkfifo(tmp_path / "gear" / "pipe")
    case = f'{DOC}print(c["config"]["debug"])\n=== Dockerfile\n{ONLY_RUN}'
    assert len(lint(case, "GL503")) == 1


SECRET = "Bv7kQ2nTy9LdX4sWm1"
SECRETS = [
    f'print("lab.flywheel.io:{SECRET}")\n=== members\n"label": "lab.flywheel.io:{SECRET}",\n"license": "x"\n',
    f'print(1)\n=== members\n"environment": {{"DB_PASSWORD": "{SECRET}",\n"OTHER": "$X:lab.flywheel.io:{SECRET}"}}\n',
    f'print(1)\n=== members\n"config": {{"a": {{"type": "integer", "default": "lab.flywheel.io:{SECRET}"}}}}\n',
    f"print(1)\n=== Dockerfile\n{ALL}ENV API_TOKEN={SECRET} \\\n  # x\nENV KEY=lab.flywheel.io:{SECRET}\nRUN login lab.flywheel.io:{SECRET}\nCOPY x lab.flywheel.io:{SECRET}\n",
    f"print(1)\n=== Dockerfile\n{ALL}ENV DB_TOKEN={SECRET}\n",
    f'{SDK}print(context.config["lab.flywheel.io:{SECRET}"])\n',
    *(f'x = "{"a" * n}" and "lab.flywheel.io:{SECRET}" and "{"a" * n}"\n' for n in (40, 75, 90, 500)),
    *(f'print(1)\n=== members\n"label": "{"a" * n} lab.flywheel.io:{SECRET}",\n"license": "{"a" * n} lab.flywheel.io:{SECRET}"\n' for n in (10, 35, 50)),
    f'print(1)\n=== members\n"environment": {{"DB": "postgres://me:{SECRET}@db"}},\n"licence": "MIT"\n',
]  # fmt: skip


@pytest.mark.parametrize("shown", [*FORMATS, "diff", "explain"])
@pytest.mark.parametrize("case", SECRETS)
def test_no_more_of_a_key_is_shown_than_its_start(
    case: str, shown: str, lint: Lint, run: Run, tmp_path: Path
) -> None:
    lint(case, "ALL")
    commands = {"diff": ["check", "--diff", "--unsafe-fixes"], "explain": ["explain"]}
    command = commands.get(shown, ["check", "--select", "ALL", "--output-format", shown])
    outcome = run(*command, tmp_path / "gear")
    text = outcome.stdout + outcome.stderr
    assert SECRET[4:10] not in text
    assert "internal" not in text


def test_columns_are_those_of_the_line_that_is_shown(lint: Lint) -> None:
    lines = lint(f'fw = "lab.flywheel.io:{SECRET}"\n', "GL701", "full")
    at = next(number for number, line in enumerate(lines) if "flywheel.io:Bv7k****" in line)
    assert lines[at + 1].index("^") == lines[at].index("Bv7k")


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (
            f'{SDK}import lib\nlib.run(context.config)\n=== lib.py\ndef run(c):\n    return c["x"]',
            "GL501",
        ),
        (f'print(1)\nKEY = "lab.flywheel.io:{SECRET}"', "GL701"),
        (f'print(1)\n=== lib.py\nKEY = "lab.flywheel.io:{SECRET}"', "GL701"),
        (f"import utils\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}", "GL411"),
    ],
)
def test_a_finding_in_any_file_can_be_suppressed(case: str, code: str, lint: Lint) -> None:
    assert [line.split()[1] for line in lint(case)] == [code]
    comment = f"  # gearlint: ignore[{code}]\n"
    suppressed = case.replace("import utils\n", f"import utils{comment}")
    if suppressed == case:
        suppressed = case + comment
    assert lint(suppressed, f"{CODES},GL006") == []


def test_a_manifest_without_config_is_another_rule_s(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, without=("config", "inputs"))
    (tmp_path / "run.py").write_text(f'{SDK}print(context.config["x"], context.client)\n')
    assert "GL101" in check(tmp_path).codes
    assert not {"GL501", "GL504"} & set(check(tmp_path).codes)


def test_the_working_directory_may_be_the_gear(
    lint: Lint, check: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lint(f"import utils\n{SDK}print(context.config['x'])\n=== utils.py\n=== Dockerfile\n{ONLY_RUN}")
    monkeypatch.chdir(tmp_path / "gear")
    assert check("--select", CODES).codes == ["GL411", "GL501"]


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"# \xc3\xa9\n", b"# \xe9\n", b"\r\n"])
def test_keys_are_found_after_any_bytes(before: bytes, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    data = before + f"lab.flywheel.io:{SECRET}\n".encode()
    (tmp_path / "notes.txt").write_bytes(data)
    [finding] = check(tmp_path, "--select", "GL701").findings
    assert finding["code"] == "GL701"
    assert finding["column"] == len("lab.flywheel.io:") + 1


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("notes", True),
        ("a/b/notes.txt", True),
        ("tests/notes.txt", True),
        ("venvs/notes.txt", True),
        (".notes", True),
        (".hidden/notes.txt", False),
        ("a/node_modules/notes.txt", False),
        ("venv/notes.txt", False),
        ("__pycache__/notes.txt", False),
        ("other/notes.txt", False),  # of another gear
        ("notes.zip", False),
        ("notes.PDF", False),
    ],
)
def test_files_in_which_keys_are_looked_for(
    path: str, is_found: bool, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text("{}")
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"lab.flywheel.io:{SECRET}\n")
    found = check(tmp_path / "manifest.json", "--select", "GL701").findings
    assert [Path(each["path"]).name for each in found] == ([file.name] if is_found else [])


def test_no_other_file_is_searched_where_the_manifest_stands_alone(
    tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path).rename(tmp_path / "my.json")
    (tmp_path / "notes.txt").write_text(f"lab.flywheel.io:{SECRET}\n")
    assert check(tmp_path / "my.json", "--select", "GL701").codes == []


def test_a_key_in_the_manifest_can_be_suppressed_there(tmp_path: Path, check: Run) -> None:
    builder = '"gear-builder": {"category": "qa", "image": "me/x:1.0.0_2.0.0"}'
    key = f'"description": "lab.flywheel.io:{SECRET}"'
    write_gear(tmp_path, f'{key},\n"custom": {{{builder}}}')
    assert check(tmp_path, "--select", "GL701").codes == ["GL701"]
    write_gear(tmp_path, f'{key},\n"custom": {{{builder}, "gearlint": {{"ignore": ["GL701"]}}}}')
    assert check(tmp_path, "--select", "GL701,GL006").codes == []


@pytest.mark.parametrize(
    ("size", "before", "is_found"),
    [
        (0, b"", True),
        (0, b"\0", False),
        (limits.GEAR_FILE_BYTES - 200, b"", True),
        (limits.GEAR_FILE_BYTES, b"", False),
    ],
)
def test_size_and_kind_of_files_with_keys(
    size: int, before: bytes, is_found: bool, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    data = before + f"lab.flywheel.io:{SECRET}\n".encode() + b"x\n" * (size // 2)
    (tmp_path / "notes.txt").write_bytes(data)
    (tmp_path / "linked.txt").symlink_to("notes.txt")
    assert check(tmp_path, "--select", "GL701").codes == (["GL701"] if is_found else [])


def test_files_after_a_thousand_are_not_searched(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    for number in range(limits.GEAR_FILES):
        (tmp_path / f"a{number}.txt").touch()
    (tmp_path / "zzz.txt").write_text(f"lab.flywheel.io:{SECRET}\n")
    (tmp_path / "a").write_text(f"lab.flywheel.io:{SECRET}\n")
    found = check(tmp_path, "--select", "GL701").findings
    assert [Path(each["path"]).name for each in found] == ["a"]


@pytest.mark.parametrize(("more", "is_found"), [(0, True), (1, False)])
def test_files_after_twenty_megabytes_are_not_searched(
    more: int, is_found: bool, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "zzz.txt").write_text(f"lab.flywheel.io:{SECRET}\n")
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    with (tmp_path / "data.txt").open("wb") as file:
        file.truncate(limits.GEAR_BYTES - size + more)
    assert check(tmp_path, "--select", "GL701").codes == (["GL701"] if is_found else [])


def test_only_secrets_are_hidden() -> None:
    for text in (
        "RUN adduser --disabled-password --gecos x",
        "a token of abc12345",
        '"tokens": "abc"',
    ):
        assert redacted(text) == text
    assert redacted("ENV TOKEN abc12345") == "ENV TOKEN ********"
    assert redacted('  "DB_PASSWORD": "abc12345",') == '  "DB_PASSWORD": "********",'
    assert redacted("ENV A=1 API_KEY='abc12345' B=2") == "ENV A=1 API_KEY='********' B=2"
    assert redacted("postgres://me:abc12345@host") == "postgres://me:********@host"
