"""What a script reads of its options and inputs, and what it sets itself, without any rule."""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.engine.gears import gears_under
from gearlint.gear.code import Code
from tests.python.test_model import SDK, code_of
from tests.sound import DOCKERFILE, write_gear

TOOLKIT = "from flywheel_gear_toolkit import GearToolkitContext\n"
DOCUMENT = 'import json\nc = json.load(open("/flywheel/v0/config.json"))\n'

# (script, what is read or set)
SCRIPTS = [
    # strings
    (f'{SDK}key = "a"\nkey += "b"\ncontext.config[key]\n', "all options"),
    (f'{SDK}context.config["a" + "b"]\n', "option ab"),
    (f'{SDK}context.config["a" * 2]\n', "all options"),
    (f'{SDK}context.config["a%s" % "b"]\n', "all options"),
    (f'{SDK}x = "b"\ncontext.config[f"a{{x}}c"]\n', "option abc"),
    (f'{SDK}x = "b"\ncontext.config[f"a{{x!s}}"]\n', "option ab"),
    (f'{SDK}x = "b"\ncontext.config[f"a{{x!r}}"]\n', "all options"),
    (f'{SDK}x = "b"\ncontext.config[f"a{{x:>3}}"]\n', "all options"),
    (f'{SDK}import sys\nx = "a" if sys.argv else "b"\ncontext.config[x]\n', "option a, option b"),
    (f'{SDK}import sys\ncontext.config["a" or "b"]\n', "option a, option b"),
    (f'{SDK}import sys\ncontext.config["a" and "b"]\n', "option b"),
    (f'{SDK}context.config[x := "a"]\ncontext.config[x]\n', "option a, option a"),
    (f'{SDK}x, y = "a", "b"\ncontext.config[y]\n', "option b"),
    (f'{SDK}x, y = ["a"]\ncontext.config[y]\n', "all options"),
    (f'{SDK}*x, y = "a", "b", "c"\ncontext.config[y]\n', "all options"),
    (f'{SDK}x, *y = "a", "b", "c"\ncontext.config[x]\n', "option a"),
    (f'{SDK}x, y = *load(), "b"\ncontext.config[x]\n', "all options"),
    (f'{SDK}for x in {{"a": 1, "b": 2}}:\n    context.config[x]\n', "option a, option b"),
    (f'{SDK}for x in load():\n    context.config[x]\n', "all options"),
    (f'{SDK}names = {{"x": "a", "y": "b"}}\ncontext.config[names["y"]]\n', "option b"),
    (f'{SDK}names = {{"x": "a"}}\ncontext.config[names["y"]]\n', "all options"),
    (f"{SDK}context.config[None]\n", "all options"),
    (f"{SDK}context.config[1]\n", "all options"),
    # copies and methods
    (f'{SDK}context.config.copy()["a"]\n', "option a"),
    (f'{SDK}{{**context.config}}["a"]\n', "all options, option a"),
    (f'{SDK}import copy\ncopy.copy(context.config)["a"]\n', "all options, option a"),
    (f'{SDK}context.config.pop("a")\n', "option a"),
    (f'{SDK}context.config.pop("a", 1)\n', "option a or else"),
    (f'{SDK}context.config.get("a")\n', "option a or else"),
    (f"{SDK}context.config.keys()\n", "all options"),
    (f"{SDK}context.config.clear()\n", ""),
    (f'{SDK}context.get_input(name="x")\n', "input x or else"),
    (f'{SDK}context.open_input("x")\n', "input x"),
    (f'{SDK}context.get_input_path(unknown())\n', "all inputs"),
    # the document
    (f'{DOCUMENT}c["config"]["a"]\n', "option a"),
    (f'{DOCUMENT[:-2]}, object_pairs_hook=collections.OrderedDict)\nc["config"]["a"]\n', "option a"),
    (f'{DOCUMENT[:-2]}, object_hook=Box)\nc["config"]["a"]\n', ""),
    (f'{DOCUMENT}c["inputs"]["x"]\n', "input x"),
    (f'{DOCUMENT}c["job"]["x"]\n', ""),
    (f'{DOCUMENT}c.get("config", {{}}).get("a")\n', "option a or else"),
    (f'{DOCUMENT}c[unknown()]["a"]\n', ""),
    (f"{DOCUMENT}print(c)\n", "all inputs, all options"),
    (f'{DOCUMENT}c["config"]["a"] = 1\n', "own option a"),
    (f'{DOCUMENT}c["inputs"] = load()\n', "changed inputs"),
    (f'{DOCUMENT}import flywheel\nflywheel.Client(c["inputs"].get("k").get("key")).x\n', "input k or else"),
    (f'{DOCUMENT}import flywheel\nflywheel.Client(c["inputs"].copy()).x\n', "all inputs, client"),
    (f'{SDK}flywheel.Client(context.config.get("k")).x\n', "client, option k or else"),
    (f'{DOCUMENT}import flywheel\nflywheel.Client(api_key=c["inputs"].get("k").get("key")).x\n', "input k or else"),
    # what the gear sets itself
    (f'{SDK}context.config["a"] = 1\n', "own option a"),
    (f"{SDK}context.config[unknown()] = 1\n", "changed options"),
    (f"{SDK}for k in context.config:\n    context.config[k] = 1\n", "all options"),
    (
        f"{SDK}for k, v in context.config.items():\n    context.config[k] = v\n",
        "all options",
    ),
    (f"{SDK}for k in load():\n    context.config[k] = 1\n", "changed options"),
    (f"{SDK}context.config = load()\n", "changed options"),
    (f'{SDK}load().config["a"] = 1\n', "own option a"),
    (f'{SDK}load().other["a"] = 1\n', ""),
    (f'{SDK}del context.config["a"]\n', "own option a"),
    (f"{SDK}del context, load\n", ""),
    (f'{SDK}context.config["a"] += 1\n', "option a, own option a"),
    (f'{SDK}load()[context.config["a"]] += 1\n', "option a"),
    (f"{SDK}context.name = load()\n", ""),
    (f'{SDK}context.config.update({{"a": 1, "b": 2}})\n', "own option a, own option b"),
    (f"{SDK}context.config.update({{unknown(): 1}})\n", "changed options"),
    (f'{SDK}context.config.update({{**load(), "a": 1}})\n', "changed options"),
    (f"{SDK}context.config.update(a=1)\n", "own option a"),
    (f"{SDK}context.config.update(**load())\n", "changed options"),
    (f"{SDK}context.config.update(load())\n", "changed options"),
    (f'{SDK}context.config.setdefault("a", 1)\n', "own option a"),
    (f"{SDK}context.config.setdefault(unknown(), 1)\n", "changed options"),
    (f'{SDK}context.config.__setitem__("a", 1)\n', "own option a"),
    # what is given to others
    (f"{SDK}print(context.config)\n", "all options"),
    (f"{SDK}import sys\nsys.path.append(load())\nsys.exit(context.config)\n", "all options"),
    (f"{SDK}print(context)\n", "all inputs, all options"),
    (f'{SDK}setattr(context, "config", load())\n', "all inputs, all options, changed options"),
    (f'{SDK}setattr(context, "name", load())\n', "all inputs, all options"),
    (f"{SDK}load().run(context.config)\n", "all options, changed options"),
    (f"{SDK}load().info(context.config)\n", "all options"),
    (f"{SDK}load().update(context.config)\n", "all options, changed options"),
    (f"{SDK}load().run({{**context.config}})\n", "all options"),
    # what is called
    (f'{SDK}f = lambda x: x.config["a"]\nf(context)\n', "all inputs, all options, changed options"),
    (f'{SDK}def f(x, y="a"):\n    x[y]\n\nf(context.config)\n', "option a"),
    (f'{SDK}def f(x, y="a"):\n    x[y]\n\nf(context.config, "b")\n', "option b"),
    (f'{SDK}def f(x, *, y="a"):\n    x[y]\n\nf(context.config)\n', "option a"),
    (f'{SDK}def f(x, y):\n    y[x]\n\nf(y=context.config, x="a")\n', "option a"),
    (f'{SDK}def f(x):\n    x["a"]\n\nf(*[context.config])\n', ""),
    (f'{SDK}def f(x):\n    x["a"]\n\nf(**load())\n', ""),
    (f'{SDK}def f(x, y):\n    y["a"]\n\nf(*load(), context.config)\n', ""),
    (f'{SDK}def f(x: flywheel.GearContext):\n    x.config["a"]\n\nstart(f)\n', "option a"),
    (f'{SDK}def f():\n    yield context.config\n\nf()["a"]\n', ""),
    (f'{SDK}@cache\ndef f():\n    return context.config\n\nf()["a"]\n', ""),
    (f'{SDK}async def f():\n    return context.config\n\nasync def g():\n    (await f())["a"]\n\nstart(g)\n', "option a"),
    # classes
    (f'{SDK}class A:\n    config = context.config\n\nA.config["a"]\nA().config["b"]\n', "option a, option b"),
    (f'{SDK}class A:\n    @property\n    def it(self):\n        return context.config\n\nA().it["a"]\n', "option a"),
    (f'{SDK}class A:\n    def it(self):\n        return context.config\n\nA().it["a"]\nA().it()["b"]\n', "option b"),
    (f'{SDK}class A:\n    @staticmethod\n    def it(x):\n        return x.config\n\nA.it(context)["a"]\n', "option a"),
    (f'{SDK}class A:\n    @classmethod\n    def it(cls, x):\n        return x.config\n\nA().it(context)["a"]\n', "option a"),
    (f'{SDK}class A:\n    def __init__(self, x):\n        self.x = x\n\nclass B(A):\n    pass\n\nB(context).x.config["a"]\n', ""),
    (f'{SDK}class A:\n    def __enter__(self):\n        return context\n\nwith A() as x:\n    x.config["a"]\n', "option a"),
    (f'{TOOLKIT}class A(GearToolkitContext):\n    def it(self):\n        return self.config["a"], self.get_input_path("x")\n\nA().it()\n', "option a"),
    (f'{TOOLKIT}class A(GearToolkitContext):\n    def it(self):\n        return self.get_client().x\n\nA().it()\n', "client"),
    (f'{TOOLKIT}class A(GearToolkitContext):\n    def get_client(self):\n        return load()\n\nA().get_client().x\n', ""),
    (f'{SDK}class A:\n    @property\n    def it(self):\n        return f\n\ndef f():\n    return context.config\n\nA().it()["a"]\n', "option a"),
    (f'{SDK}class A(list):\n    def it(self):\n        return self.config["a"]\n\nA().it()\n', ""),
    # contexts and files
    (f'{TOOLKIT}GearToolkitContext(gear_path="/flywheel/v0").config["a"]\n', "option a"),
    (f'{TOOLKIT}GearToolkitContext(config_path="./config.json").config["a"]\n', "option a"),
    (f'{TOOLKIT}GearToolkitContext(config_path=None).config["a"]\n', "option a"),
    (f'{TOOLKIT}GearToolkitContext(gear_path="/tmp").config["a"]\n', ""),
    (f'{TOOLKIT}GearToolkitContext(gear_path=load()).config["a"]\n', ""),
    (f'{TOOLKIT}GearToolkitContext(gear_path=None, config_path="/tmp/config.json").config["a"]\n', ""),
    (f'{TOOLKIT}GearToolkitContext(**load()).config["a"]\n', ""),
    ('import json\njson.load(open("config.json", "r"))["config"]["a"]\n', "option a"),
    ('import json\njson.load(open("config.json", "r", 1))["config"]["a"]\n', "option a"),
    ('import json\nfrom pathlib import Path\njson.load(Path("config.json").open("r", 1))["config"]["a"]\n', "option a"),
    ('import json\nx = open("config.json")\nif load():\n    x = x.read()\njson.load(x)["config"]["a"]\n', "option a"),
    ('import json\njson.load(open("config.json", "r+"))["config"]["a"]\n', ""),
    ('import json\njson.load(open("other.json"))["config"]["a"]\n', ""),
    ('import json\njson.load()["config"]["a"]\n', ""),
    ('import json\njson.loads(open("config.json").read())["config"]["a"]\n', "option a"),
    ('import json\nfrom pathlib import Path\njson.loads(Path("config.json").read_text())["config"]["a"]\n', "option a"),
    ('import json\nfrom pathlib import Path\njson.loads(Path("config.json").resolve().read_bytes())["config"]["a"]\n', "option a"),
    ('import json\nfrom pathlib import Path\njson.loads(Path("config.json").lower().title())["config"]["a"]\n', ""),
    ('import json\nfrom pathlib import Path\njson.loads(Path("other.json").read_text())["config"]["a"]\n', ""),
    ('import json\nfrom pathlib import Path\njson.load((Path.cwd() / "CONFIG.json".lower()).open())["config"]["a"]\n', "option a"),
    ('import json, os\njson.load(open(os.path.join(os.getcwd(), "config.json")))["config"]["a"]\n', "option a"),
    ('import json, os\njson.load(open(os.path.join(os.path.dirname(__file__), "config.json")))["config"]["a"]\n', "option a"),
    ('import json, os\njson.load(open(os.environ.get("CONFIG", "config.json")))["config"]["a"]\n', "option a"),
    ('import json, os\njson.load(open(os.getenv("CONFIG")))["config"]["a"]\n', ""),
    ('import json, os\njson.load(open(os.environ["CONFIG"]))["config"]["a"]\n', ""),
    ('import json\nfrom pathlib import Path\njson.load((Path("run.py").parent / "config.json").open())["config"]["a"]\n', "option a"),
    ('import json\nfrom pathlib import Path\njson.load((Path("/opt/run.py").parent / "config.json").open())["config"]["a"]\n', ""),
    ('import json\nfrom pathlib import Path\njson.load(open(Path("config.json/x").name))["config"]["a"]\n', ""),
    (f'{SDK}load().parent["a"]\n', ""),
    # the command line
    *(
        (f'import argparse, json\np = argparse.ArgumentParser()\np.add_argument({arguments})\np.add_argument("-y", default="y")\njson.load(open(p.parse_args().x))["config"]["a"]\n', expected)
        for arguments, expected in (
            ('"x", default="config.json"', "option a"), ('"-q", "--x", default="config.json"', "option a"),
            ('"--q", dest="x", default="config.json"', "option a"), ('"--x", default="other.json"', ""),
            ('"--x"', ""), ('"--x", dest="z", default="config.json"', ""),
        )
    ),
    ('import argparse, json\np = argparse.ArgumentParser()\np.add_argument("--x", default="config.json")\njson.load(open(p.values().x))["config"]["a"]\n', ""),
    (f"{SDK}import argparse\nargparse.ArgumentParser().set_defaults(**context.config)\n", "all options"),
    # what a name is where it is read
    (f'{SDK}config = context.config\nconfig["a"]\nconfig = load()\n', "option a"),
    (f'{SDK}config = load()\nconfig = context.config\nconfig["a"]\n', "option a"),
    (f'{SDK}config = load()\nif load():\n    config = context.config\nconfig["a"]\n', ""),
    (f'{SDK}config = load()\nif load():\n    config = context.config\n    config["a"]\n', "option a"),
    (f'{SDK}config = context.config\nfor x in load():\n    config["a"]\n    config = load()\n', ""),
    (f'{SDK}config = context.config\nwhile load():\n    for x in load():\n        config["a"]\n    config = load()\n', ""),
    (f'{SDK}config = context.config\nfor x in load():\n    config["a"]\nconfig = load()\n', "option a"),
    (f'{SDK}config = context.config\nif load():\n    config["a"]\nconfig = load()\n', "option a"),
    (
        f'{SDK}a, b, c = "x", "y", "z"\nwhile load():\n    context.config[a]\n    context.config[c]\n    t = a\n    a = b\n    b = c\n    c = t\n',
        "option x, option x, option y, option y, option z, option z",
    ),
    (f'def f():\n    config["a"]\n\n{SDK}config = context.config\nf()\n', "option a"),
    (f'{SDK}config: dict\nconfig = context.config\nconfig["a"]\n', "option a"),
    (f'{SDK}config: dict = context.config\nconfig["a"]\n', "option a"),
    (f'{SDK}global config\nconfig = load()\nconfig = context.config\nconfig["a"]\n', "option a"),
    (f'{SDK}def f():\n    global config\n    config = context.config\n\nf()\nconfig["a"]\n', "option a"),
    (f'{SDK}config = context.config\nmatch load():\n    case config:\n        config["a"]\n', ""),
    (f'{SDK}config = context.config\nmatch load():\n    case other:\n        config["a"]\n', "option a"),
    (f'{SDK}config = context.config\nmatch load():\n    case {{"x": 1, **config}}:\n        config["a"]\n', ""),
    (f'{SDK}config = context.config\nmatch load():\n    case {{"x": 1, **other}}:\n        config["a"]\n', "option a"),
    *(
        (
            f"{SDK}def f():\n    config = context.config\n    def g():\n        nonlocal config\n"
            f'        config = {value}\n    g()\n    config["a"]\nf()\n',
            expected,
        )
        for value, expected in (("context.config", "option a"), ('{"a": 1}', ""))
    ),
    (f'{SDK}config = context.config\ntry:\n    load()\nexcept KeyError as config:\n    config["a"]\n', ""),
    (f'{SDK}config = context.config\ntry:\n    load()\nexcept KeyError:\n    config["a"]\n', "option a"),
    (f'{SDK}config = context.config\nx, *config = load()\nconfig["a"]\n', ""),
    (f'{SDK}with open("x") as f, context as c:\n    c.config["a"]\n', "option a"),
    (f'{SDK}(context.config | {{}})["a"]\n', "option a"),
    (f'{SDK}(context.config | load())["a"]\n', ""),
    *(
        (f"{SDK}config = context.config\n" + "if load(): config = context.config\n" * n + 'config["a"]\n', expected)
        for n, expected in (
            (limits.PYTHON_BINDINGS - 1, "option a"), (limits.PYTHON_BINDINGS, ""),
            (limits.PYTHON_BINDINGS + 9, ""),
        )
    ),
    *(
        (f'{SDK}x0 = "a"\n' + "".join(f"x{m + 1} = x{m}\n" for m in range(n)) + f"context.config[x{n}]\n", expected)
        for n, expected in ((limits.PYTHON_LEVELS - 1, "option a"), (limits.PYTHON_LEVELS + 1, "all options"))
    ),
    (
        f'{SDK}x0 = "a"\n' + "".join(f"x{m + 1} = x{m} if load() else x{m}\n" for m in range(18)) + "context.config[x18]\n",
        "option a",
    ),
    (f'{SDK}x = None\ncontext.config[f"a{{x}}"]\n', "all options"),
    (f'{SDK}x = "a" if load() else load()\ncontext.config["b" + x]\n', "all options"),
    (f'{SDK}x = "a"\ncontext.config[x()]\n', "all options"),
    (f'{SDK}x = "{"a" * 600}"\ncontext.config[x + x]\n', "all options"),
    *(
        (f'{SDK}for x in {list("abcdefg"[:n])}:\n    for y in {list("abcdefgh")}:\n        context.config.get(x + y, 1)\n', expected)
        for n, expected in (
            (2, ", ".join(f"option {x}{y} or else" for x in "ab" for y in "abcdefgh")), (7, "all options"),
        )
    ),
    (f'{SDK}"a" in context.config\n', "all options"),
    (f'{SDK}context.config == {{}}\n', ""),
    (f'{SDK}name.x == "__main__" or context.config["a"]\n', "option a"),
    (f'{SDK}if name == "__main__":\n    pass\nelse:\n    context.config["a"]\n', "option a"),
    # names of functions, classes and modules
    (f'{SDK}class A:\n    def __init__(self):\n        context.config["a"]\n\nA()\n', "option a"),
    (f'{SDK}def f(x=context.config["a"], *, y, z=context.config["b"]):\n    pass\n', "option a, option b"),
    (f'{SDK}x = lambda: context.config["a"]\n', "option a"),
    (f'{SDK}key = "a"\n\ndef f(x, y=key):\n    key = "b"\n    x[y]\n\nf(context.config)\n', "option a"),
    (f'{SDK}def f(x: flywheel.GearContext):\n    x.config["a"]\n\nf(y[0])\n', "option a"),
    (f'{SDK}class A:\n    def f(self, x: flywheel.GearContext):\n        x.config["a"]\n\nA().f(y[0])\n', "option a"),
    (f'{SDK}def f(x: [int]):\n    x.config["a"]\n\nstart(f)\n', ""),
    (f'{SDK}def f(x):\n    x["a"]\n\nf(context.config)\nload().f(1)\n', "option a"),
    (f'{SDK}class A:\n    def f(self, x):\n        x["a"]\n\nA().f(context.config)\nload().f(1)\n', ""),
    (f'{SDK}class A:\n    def f(self, x):\n        x["a"]\n\nA().f(context.config)\ncontext.f(1)\n', "option a"),
    (f'{SDK}class A:\n    def f(self, x):\n        x["a"]\n\nA().f(context.config)\nload().g(1)\n', "option a"),
    (f'{SDK}class A:\n    def it(self):\n        return context.config\n\nclass B(A):\n    pass\n\nB().it()["a"]\n', "option a"),
    (f'{SDK}class A(B):\n    pass\n\nclass B(A):\n    pass\n\nA().it()["a"]\n', ""),
    (f'{SDK}class A(load()):\n    def it(self):\n        return context.config\n\nA().it()["a"]\n', "option a"),
    (f'{SDK}class A:\n    config = load()\n\nclass B(A):\n    config = context.config\n\nB().config["a"]\n', "option a"),
    (f'{SDK}class A([1]):\n    pass\n\nA().it()["a"]\n', ""),
    (f'{SDK}class A:\n    config = context.config\n\n    @classmethod\n    def make(cls):\n        return cls()\n\nA.make().config["a"]\n', "option a"),
    (f'{SDK}import requests\nrequests.post(context.config)\n', "all options"),
    (f'{SDK}import requests\nrequests.post("x", context.config)["a"]\n', "all options"),
    (f'{SDK}setattr(*load(context.config))\n', "all options"),
    (f'{SDK}config = context.config\n\ndef f():\n    config["a"]\n\nf()\n', "option a"),
    (f'{SDK}config = context.config\n\ndef f(config):\n    config["a"]\n\nf({{}})\n', ""),
    (f'{SDK}class A:\n    key = "a"\n    context.config[key]\n\nA()\n', "option a"),
    (f'{SDK}key = "a"\n\nclass A:\n    context.config[key]\n    key = "b"\n\nA()\n', "option a"),
    (f'{SDK}config = context.config\n\ndef f():\n    config["a"]\n    config = load()\n\nf()\n', ""),
    (f'{SDK}def f(*x):\n    x["a"]\n\nf(context.config)\n', ""),
    (f'{SDK}class A:\n    config = context.config\n\n    def f(self):\n        config["a"]\n\nA().f()\n', ""),
    (f'{SDK}def f():\n    context.config["a"]\n', ""),
]  # fmt: skip


def said(code: Code) -> str:
    """What code reads and sets, in the order of the alphabet."""
    found: list[str] = []
    for reads in code.reads:
        for read in reads.reads:
            found.append(f"{read.kind} {read.name}{' or else' if read.has_default else ''}")
        found += [f"own {kind} {name}" for kind, names in reads.own.items() for name in names]
        found += ["client" for _ in reads.clients]
        found += [f"all {kind}s" for kind in reads.wholes]
        found += [f"changed {kind}s" for kind in reads.changed]
    return ", ".join(sorted(found))


READ = f'{SDK}context.config["a"]\n'.encode()
TEXTS = [
    # the bytes of a script, and the names of what is read
    (READ, ["a"]),
    (b"\xef\xbb\xbf" + READ, ["a"]),
    (READ.replace(b"\n", b"\r\n"), ["a"]),
    (b"# \xc3\xa9\n" + READ, ["a"]),
    (b"# \xe9\n" + READ, []),
    (b"# -*- coding: latin-1 -*-\n# \xe9\n" + READ, []),
    (b"# x\rx = 1\n" + READ, []),
    (b"# x\0\n" + READ, []),
    (READ + b"print 1\n", []),
    (READ + b"x = " + b"-" * 50_000 + b"1\n", []),
    (READ + b"import a" + b".b" * limits.SCRIPT_NAME_PARTS + b"\n", ["a"]),
    (READ + b"import a" + b".b" * (limits.SCRIPT_NAME_PARTS + 1) + b"\n", []),
]


@pytest.mark.parametrize(("data", "names"), TEXTS, ids=range(len(TEXTS)))
def test_bytes_that_are_read(data: bytes, names: list[str], tmp_path: Path) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_bytes(data)
    [(gear, _)] = gears_under(str(tmp_path))
    assert gear.code is not None
    assert [read.name for reads in gear.code.reads for read in reads.reads] == names
    for read in (read for reads in gear.code.reads for read in reads.reads):
        assert data[read.span.start : read.span.end] == b'"a"'


def test_modules_past_a_limit_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PYTHON_CHARACTERS", len(READ) + 20)
    script = 'import other\nother.x["b"]\n'
    code = code_of(tmp_path, READ.decode(), other=script)
    assert [read.name for reads in code.reads for read in reads.reads] == ["a"]
    code = code_of(tmp_path, script, other=f"{READ.decode()}x = context.config\n")
    assert [read.name for reads in code.reads for read in reads.reads] == []


@pytest.mark.parametrize(("script", "expected"), SCRIPTS)
def test_what_a_script_reads_and_sets(script: str, expected: str, tmp_path: Path) -> None:
    assert said(code_of(tmp_path, script)) == expected


OF_ENVIRONMENT = [
    ('os.environ["CONFIG"]', "option a"),
    ('os.environ.get("CONFIG")', "option a"),
    ('os.getenv("CONFIG", "other.json")', "option a"),
    ('os.environ["OTHER"]', ""),
    ('os.path["CONFIG"]', ""),
]


@pytest.mark.parametrize(("path", "expected"), OF_ENVIRONMENT)
def test_variables_of_the_image(path: str, expected: str, tmp_path: Path) -> None:
    script = f'import json, os\njson.load(open({path}))["config"]["a"]\n'
    env = "ENV CONFIG=/flywheel/v0/config.json\nENTRYPOINT"
    assert said(code_of(tmp_path, script, DOCKERFILE.replace("ENTRYPOINT", env))) == expected


USES_MODULES = [
    # a script, its module `other`, and what is read
    ('import other\nother.config["a"]\n', f"{SDK}config = context.config\n", "option a"),
    ('import other as x\nx.config["a"]\n', f"{SDK}config = context.config\n", "option a"),
    ('from other import config\nconfig["a"]\n', f"{SDK}config = context.config\n", "option a"),
    ('from other import config as c\nc["a"]\n', f"{SDK}config = context.config\n", "option a"),
    ('from other import *\nconfig["a"]\n', f"{SDK}config = context.config\n", "option a"),
    ('from other import *\nfrom lost import *\nconfig["a"]\n', f"{SDK}config = context.config\n", ""),
    ('from other import *\nGearContext().config["a"]\n', "from flywheel import *\n", "option a"),
    ('import other\nother.GearContext().config["a"]\n', "from flywheel import *\n", "option a"),
    ('from other import config\nconfig["a"]\n', "config = None\n", ""),
    ('from other import config\nconfig["a"]\n', "from run import config\n", ""),
    ('from other import *\nconfig["a"]\n', "from other import *\n", ""),
    ('from other import lost\nlost["a"]\n', f"{SDK}config = context.config\n", ""),
    ('from .flywheel import GearContext\nGearContext().config["a"]\n', "", ""),
    ('from . import flywheel\nflywheel.GearContext().config["a"]\n', "", ""),
    ('import flywheel.client as f\nf.GearContext().config["a"]\n', "", "option a"),
    ('import flywheel.client\nflywheel.GearContext().config["a"]\n', "", "option a"),
    (f'{SDK}import other\nother.run(context.config)\n', "x = 1\n", "all options, changed options"),
    (f'{SDK}import other\nother.run(context.config)\n', "x = \n", "all options, changed options"),
    (f'{SDK}import other\n', f'{SDK}if __name__ == "__main__":\n    context.config["a"]\n', ""),
    (f'{SDK}import other\n', f'{SDK}if "__main__" == __name__:\n    context.config["a"]\n', ""),
    (f'{SDK}import other\n', f'{SDK}if __name__ != "__main__":\n    context.config["a"]\n', "option a"),
    (f'{SDK}import other\n', f'{SDK}if __name__ == "__main__":\n    pass\nelse:\n    context.config["a"]\n', "option a"),
    ('import other.flywheel\nother.flywheel.GearContext().config["a"]\n', "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("script", "other", "expected"), USES_MODULES)
def test_what_is_read_through_a_module(
    script: str, other: str, expected: str, tmp_path: Path
) -> None:
    assert said(code_of(tmp_path, script, other=other)) == expected


IN_PACKAGE = [
    # a script that uses package/part.py, whose `run` reads the option of what it is given
    "import package.part\npackage.part.run(context)\n",
    "import package.part as p\np.run(context)\n",
    "from package import part\npart.run(context)\n",
    "from package.part import run\nrun(context)\n",
    "from package import run\nrun(context)\n",
    "import package\npackage.run(context)\n",
    "import package\npackage.part.run(context)\n",
]


@pytest.mark.parametrize("script", IN_PACKAGE)
@pytest.mark.parametrize("init", ["from .part import run\n", "from package.part import *\n"])
def test_what_is_read_in_a_package(script: str, init: str, tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text(init)
    (tmp_path / "package" / "part.py").write_text('def run(x):\n    x.config["a"]\n')
    [reads] = code_of(tmp_path, SDK + script).reads
    assert [read.name for read in reads.reads] == ["a"]


@pytest.mark.parametrize("script", [IN_PACKAGE[index] for index in (1, 2, 3)])
def test_what_is_read_in_a_directory_without_init(script: str, tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "part.py").write_text('def run(x):\n    x.config["a"]\n')
    [reads] = code_of(tmp_path, SDK + script).reads
    assert [read.name for read in reads.reads] == ["a"]


def test_of_two_modules_that_may_have_a_name_one_has_it(tmp_path: Path) -> None:
    script = 'from other import *\nfrom more import *\nconfig["a"]\n'
    code = code_of(tmp_path, script, other=f"{SDK}config = context.config\n", more="x = 1\n")
    assert said(code) == "option a"


def test_the_parser_of_another_module_is_another(tmp_path: Path) -> None:
    script = "import argparse, json, other\np = argparse.ArgumentParser()\np.add_argument('--x')\n"
    script += 'json.load(open(p.parse_args().x))["config"]["a"]\n'
    other = (
        "import argparse\nargparse.ArgumentParser().add_argument('--x', default='config.json')\n"
    )
    [reads] = code_of(tmp_path, script, other=other).reads
    assert reads.reads == []


def test_nothing_is_read_where_there_was_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PYTHON_STEPS", 5)
    [reads] = code_of(tmp_path, f'{SDK}context.config["a"]\n' * 3).reads
    assert (reads.reads, reads.clients) == ([], [])
