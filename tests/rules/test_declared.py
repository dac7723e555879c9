"""GL506-GL508: what the script expects of the options and inputs that are declared."""

from pathlib import Path

import pytest

from gearlint.core import limits
from tests.conftest import Run
from tests.sound import write_gear

JSON = 'import json\nconfig = json.load(open("/flywheel/v0/config.json"))["config"]\n'
SDK = "import flywheel\ncontext = flywheel.GearContext()\nconfig = context.config\n"
FORMAT = '"type": "string", "description": "d", "default": "all"'


def _members(enum: str = '["all", "gif", "jpeg"]', rest: str = FORMAT) -> str:
    return f'"config": {{"format": {{{rest}, "enum": {enum}}}, "other": {{{FORMAT}}}}}'


FOUND = [
    (f'{JSON}if config["format"] == "jpg": pass\n', '3:24 "jpg"'),
    (f'{SDK}if "jpg" != config["format"]: pass\n', '4:4 "jpg"'),
    (f'{SDK}if context.config.get("format") == "jpg": pass\n', '4:36 "jpg"'),
    (f'{SDK}if config.get("format", "gif") == "jpg": pass\n', '4:35 "jpg"'),
    (f'{SDK}fmt = config["format"]\nif fmt == "all" or fmt == "jpg": pass\n', '5:27 "jpg"'),
    (f'{SDK}fmt = config["format"] or "png"\nif fmt == "jpg": pass\n', '5:11 "jpg"'),
    (f'{SDK}print(1 if config["format"] in ("jpg", "png") else 2)\n', '4:33 "jpg"'),
    (f'{SDK}if config["format"] not in ["jpg"]: pass\n', '4:29 "jpg"'),
    (f'{SDK}if config["format"].upper() == "jpeg": pass\n', '4:32 "jpeg" after upper()'),
    (f'{SDK}if config["format"].strip().lower() == "JPEG": pass\n', '4:40 "JPEG" after lower()'),
    (f'{SDK}match config["format"]:\n    case "all" | "jpg": pass\n', '5:18 "jpg"'),
    (f'{SDK}def f(fmt):\n    return fmt == "jpg"\nf(config["format"])\n', '5:19 "jpg"'),
    (f'{SDK}def f():\n    return config["format"]\nif f() == "jpg": pass\n', '6:11 "jpg"'),
    (f'{SDK}config["other"] = "jpg"\nif config["format"] == "jpg": pass\n', '5:24 "jpg"'),
]
LEFT_ALONE = [
    f'{SDK}if config["format"] == "jpeg": pass\n',
    f'{SDK}if config["other"] == "jpg": pass\n',
    f'{SDK}if config["format"] in ("jpg", "jpeg"): pass\n',
    f'{SDK}if config["format"] in "jpg": pass\n',
    f'{SDK}if config["format"] in (): pass\n',
    f'{SDK}if config["format"] in ("jpg", load()): pass\n',
    f'{SDK}if config["format"] == load(): pass\n',
    f'{SDK}if config["format"] == 1: pass\n',
    f'{SDK}if config["format"] == "": pass\n',
    f'{SDK}if config["format"] < "jpg": pass\n',
    f'{SDK}if "jpg" == config["format"] == load(): pass\n',
    f'{SDK}if config.get("format") is None or str(config.get("format")) == "None": pass\n',
    f'{SDK}if config.get("format", "jpg") == "jpg": pass\n',
    f'{SDK}if config.get("format", load()) == "jpg": pass\n',
    f'{SDK}if config[load()] == "jpg": pass\n',
    f'{SDK}if config["format"].upper() == "JPEG": pass\n',
    f'{SDK}if config["format"].replace("e", "") == "jpg": pass\n',
    f'{SDK}if config["format"].strip("l") == "jpg": pass\n',
    f'{SDK}if config["format"][:2] == "jp": pass\n',
    f'{SDK}fmt = config["format"]\nif fmt == "jpeg":\n    fmt = "jpg"\nif fmt == "jpg": pass\n',
    f'{SDK}fmt = config["format"]\nfmt += "x"\nif fmt == "jpg": pass\n',
    f'{SDK}def f(fmt):\n    return fmt == "jpg"\nf(config["format"])\nf("jpg")\n',
    f'{SDK}config["format"] = "jpg"\nif config["format"] == "jpg": pass\n',
    f'{SDK}config.update(load())\nif config["format"] == "jpg": pass\n',
    f'{SDK}config = load(config)\nif config["format"] == "jpg": pass\n',
    f'{SDK}match config["format"]:\n    case "all" | "jpeg": pass\n    case jpg: pass\n',
    f'{SDK}match load():\n    case "jpg": pass\n',
]
OTHER_MANIFESTS = [
    _members('["all", "jpg"]'),
    _members('["all", 1]'),
    _members("[]"),
    _members('["all"]', FORMAT.replace("all", "jpg")),
    _members('["all"]', FORMAT.replace('"all"', "1")),
    _members(str([f"{n}" for n in range(limits.PYTHON_VALUES)]).replace("'", '"')),
    f'"config": {{"format": {{{FORMAT}}}}}',
]


def _found(directory: Path, check: Run, script: str, members: str) -> list[str]:
    """The place, and what is never true there, of each finding in a gear with this script."""
    write_gear(directory, members)
    (directory / "run.py").write_text(f"{script}")
    found = check(directory, "--select", "GL506").findings
    return [
        f"{each['line']}:{each['column']} {str(each['message']).split(' is never ')[1]}"
        for each in found
    ]


@pytest.mark.parametrize(("script", "expected"), FOUND)
def test_comparison_that_is_never_true(
    script: str, expected: str, tmp_path: Path, check: Run
) -> None:
    (found,) = _found(tmp_path, check, script, _members())
    end = "" if "after" in expected else ": its enum does not have that"
    assert found == f"{expected}{end}"


@pytest.mark.parametrize("script", LEFT_ALONE)
def test_comparison_that_may_be_true(script: str, tmp_path: Path, check: Run) -> None:
    assert _found(tmp_path, check, script, _members()) == []


@pytest.mark.parametrize("members", OTHER_MANIFESTS)
def test_option_that_may_be_anything_else(members: str, tmp_path: Path, check: Run) -> None:
    script = f'{SDK}if config["format"] == "jpg": pass\n'
    assert _found(tmp_path, check, script, members) == []


def test_message_and_help(tmp_path: Path, check: Run) -> None:
    script = f'{SDK}if config["format"] in ("jpg", "png") or config["format"] == "pdf": pass\n'
    _found(tmp_path, check, script, _members())
    jpg, pdf = check(tmp_path, "--select", "GL506").findings
    assert jpg["severity"] == "warning"
    assert jpg["message"] == 'option "format" is never "jpg": its enum does not have that'
    assert jpg["help"] == 'did you mean "jpeg"?'
    assert pdf["help"] == 'it is one of "all", "gif" and "jpeg"'
    _found(tmp_path, check, f'{SDK}if config["format"].upper() == "jpg": pass\n', _members())
    (upper,) = check(tmp_path, "--select", "GL506").findings
    assert upper["help"] == 'did you mean "JPEG"?'


@pytest.mark.parametrize(
    ("number", "listed"),
    [(6, '"1a", "2a", "3a", "4a", "5a" and "all"'), (7, '"1a", "2a", "3a" and 4 more')],
)
def test_help_lists_a_few_values(number: int, listed: str, tmp_path: Path, check: Run) -> None:
    values = ", ".join([f'"{n}a"' for n in range(1, number)] + ['"all"'])
    _found(tmp_path, check, f'{SDK}if config["format"] == "pdf": pass\n', _members(f"[{values}]"))
    (found,) = check(tmp_path, "--select", "GL506").findings
    assert found["help"] == f"it is one of {listed}"


def test_module_of_two_programs_is_reported_once(tmp_path: Path, check: Run) -> None:
    lines = f'{SDK}if config["format"] == "jpg": pass\n'
    write_gear(tmp_path, f'"command": "python a.py && python b.py",\n{_members()}')
    (tmp_path / "lib.py").write_text(lines)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("import lib\n")
    copy = "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n"
    (tmp_path / "Dockerfile").write_text(copy)
    assert check(tmp_path, "--select", "GL506").codes == ["GL506"]


DOCUMENT = 'import json\ndocument = json.load(open("/flywheel/v0/config.json"))\n'
SPEED = '"type": "number", "description": "d", "optional": true'
OPTIONAL = (
    f'"config": {{"speed": {{{SPEED}}}, "other": {{{FORMAT}}}}}, '
    '"inputs": {"mask": {"base": "file", "description": "d", "optional": true}, '
    '"image": {"base": "file", "description": "d"}}'
)
TAKEN = [
    (f'{JSON}print(config["speed"])\n', '3:14 option "speed": KeyError'),
    (f'{SDK}print(config.pop("speed"))\n', '4:18 option "speed": KeyError'),
    (f'{SDK}if load():\n    pass\nspeed = config["speed"]\n', '6:16 option "speed": KeyError'),
    (
        f'{SDK}def f():\n    try:\n        return config["speed"]\n    finally: pass\nf()\n',
        '6:23 option "speed": KeyError',
    ),
    (
        f'{SDK}try:\n    print(config["speed"])\nexcept OSError:\n    pass\n',
        '5:18 option "speed": KeyError',
    ),
    (
        f'{SDK}if __name__ == "__main__":\n    print(config["speed"])\n',
        '5:18 option "speed": KeyError',
    ),
    (
        f'{SDK}if "other" in config:\n    print(config["speed"])\nprint(config["speed"])\n',
        '6:14 option "speed": KeyError',
    ),
    (f'{DOCUMENT}print(document["inputs"]["mask"])\n', '3:26 input "mask": KeyError'),
    (f'{SDK}with context.open_input("mask") as f: pass\n', '4:25 input "mask": an error'),
    (
        f'{SDK}def f(some):\n    for n in range(3): pass\n    print(some["speed"])\nf(config)\n',
        '6:16 option "speed": KeyError',
    ),
    (
        f'{SDK}found = {{"speed": config["speed"]}}\nfound["speed"]\n',
        '4:26 option "speed": KeyError',
    ),
    (
        f'{SDK}def f():\n    return config["speed"]\ndef g(): return f()\ng()\n',
        '5:19 option "speed": KeyError',
    ),
    (
        f'{SDK}def f():\n    return config["speed"]\n'
        "try:\n    f()\nexcept Exception:\n    raise SystemExit(1)\n",
        '5:19 option "speed": KeyError',
    ),
    (f'{SDK}if load(): exit("no")\nprint(config["speed"])\n', '5:14 option "speed": KeyError'),
    (
        f'{SDK}for n in load():\n    if not n: continue\nprint(config["speed"])\n',
        '6:14 option "speed": KeyError',
    ),
    (f'{SDK}print(config["speed"])\nif load(): exit()\n', '4:14 option "speed": KeyError'),
    (
        f'{SDK}if "other" in config: pass\nprint(config["speed"])\n',
        '5:14 option "speed": KeyError',
    ),
    (
        f'{SDK}class A:\n    def __init__(self, some):\n        self.speed = some["speed"]\n'
        "A(config)\n",
        '6:27 option "speed": KeyError',
    ),
]
ASKED_FOR = [
    f'{SDK}print(config["other"])\n',
    f'{DOCUMENT}print(document["inputs"]["image"])\n',
    f'{SDK}print(config.get("speed"))\n',
    f'{SDK}print(config.pop("speed", 1))\n',
    f'{SDK}print(context.get_input_path("mask"))\n',
    f'{SDK}if "speed" in config:\n    print(config["speed"])\n',
    f'{SDK}print(config["speed"] if "speed" in config else 1)\n',
    f'{SDK}if config.get("speed"):\n    print(config["speed"])\n',
    f'{SDK}if not config.get("speed"):\n    raise SystemExit(1)\nprint(config["speed"])\n',
    f'{SDK}print(config.get("speed") and config["speed"])\n',
    f'{SDK}def a():\n    if "speed" not in config: load()\na()\nprint(config["speed"])\n',
    f'{SDK}if config["other"] == "all":\n    print(config["speed"])\n',
    f'{SDK}while load():\n    print(config["speed"])\n',
    f'{SDK}for n in load():\n    print(config["speed"])\n',
    f'{SDK}print(load() and config["speed"])\n',
    f'{SDK}try:\n    print(config["speed"])\nexcept KeyError:\n    pass\n',
    f'{SDK}try:\n    load()\nexcept OSError:\n    print(config["speed"])\n',
    f'{SDK}import contextlib\nwith contextlib.suppress(KeyError):\n    print(config["speed"])\n',
    f'{SDK}config["speed"] = 1\nprint(config["speed"])\n',
    f'{SDK}config.setdefault("speed", 1)\nprint(config["speed"])\n',
    f'{SDK}config = {{"speed": 1, **config}}\nprint(config["speed"])\n',
    f'{SDK}config.update(load())\nprint(config["speed"])\n',
    f'{SDK}config = dict(config, speed=1)\nprint(config["speed"])\n',
    f'{SDK}for key in ("speed", "other"):\n    if key in config:\n        print(config[key])\n',
    f'{SDK}def unused():\n    print(config["speed"])\n',
    'config = load()\nprint(config["speed"])\n',
    f'{SDK}if any(n not in config for n in ["speed"]): exit(1)\nprint(config["speed"])\n',
    f'{SDK}if not {{"speed"}} <= set(config): exit(1)\nprint(config["speed"])\n',
    f'{SDK}def need(name): name in config or exit(1)\nneed("speed")\nprint(config["speed"])\n',
    f'{SDK}DEFAULTS = {{"speed": 1}}\nprint(config["speed"])\n',
    f'{SDK}def f(): return config["speed"]\nif config.get("speed"): f()\n',
    f'{SDK}def f(): return config["speed"]\nif load(): f()\n',
    f'{SDK}def f(): return config["speed"]\ndef g(): return f()\nif load(): g()\n',
    f'{SDK}def f(): return config["speed"]\ntry:\n    f()\nexcept KeyError: pass\n',
    f'{SDK}def f():\n    if load(): return\n    print(config["speed"])\nf()\n',
    f'{SDK}KINDS = {{"slow": lambda: config["speed"]}}\nKINDS[load()]()\n',
    f'{SDK}def f(): return f() + config["speed"]\n',
    f'{SDK}for n in load():\n    if not n: continue\n    print(config["speed"])\n',
    f'{SDK}while load():\n    if load(): break\n    print(config["speed"])\n',
    f'{SDK}if load():\n    break\n    print(config["speed"])\n',  # which no Python compiles
    f'{SDK}@load\ndef f(): return config["speed"]\nf()\n',
    f'{SDK}if load(): exit(0)\nprint(config["speed"])\n',
    f'{SDK}def f():\n    if load(): exit()\n    print(config["speed"])\nf()\n',
    f'{SDK}for name in load(): name in config or exit(1)\nprint(config["speed"])\n',
    f'{SDK}assert all(name in config for name in load())\nprint(config["speed"])\n',
]


@pytest.mark.parametrize(("script", "expected"), TAKEN)
def test_optional_one_is_taken_for_given(
    script: str, expected: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, OPTIONAL)
    (tmp_path / "run.py").write_text(script)
    (found,) = check(tmp_path, "--select", "GL507").findings
    place, rest = expected.split(" ", 1)
    name, raised = rest.split(": ")
    assert f"{found['line']}:{found['column']} {found['severity']}" == f"{place} warning"
    assert found["message"] == f"{name} is optional, so this raises {raised} where it is left out"


@pytest.mark.parametrize("script", ASKED_FOR)
def test_optional_one_is_asked_for(script: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, OPTIONAL)
    (tmp_path / "run.py").write_text(script)
    assert check(tmp_path, "--select", "GL507").codes == []


@pytest.mark.parametrize(
    "members",
    [
        OPTIONAL.replace('"optional": true', '"optional": false'),
        OPTIONAL.replace('"optional": true', '"optional": "true"'),
        OPTIONAL.replace('"optional": true', '"optional": true, "default": 1'),
        OPTIONAL.replace('"speed"', '"pace"'),
    ],
)
def test_option_that_is_always_there(members: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, members)
    (tmp_path / "run.py").write_text(f'{SDK}print(config["speed"])\n')
    assert check(tmp_path, "--select", "GL507").codes == []


def test_optional_one_is_reported_once_a_file(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, OPTIONAL)
    (tmp_path / "run.py").write_text(f'{SDK}print(config["speed"])\nprint(config["speed"])\n')
    (found,) = check(tmp_path, "--select", "GL507").findings
    assert (found["line"], found["help"]) == (
        4,
        'read it by get(), or declare a default instead of "optional"',
    )


@pytest.mark.parametrize(("guard", "is_found"), [("", True), ("if input():\n    ", False)])
def test_module_that_not_every_run_imports(
    guard: str, is_found: bool, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, OPTIONAL)
    (tmp_path / "Dockerfile").write_text("FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n")
    (tmp_path / "run.py").write_text(f"{guard}import fast\n")
    (tmp_path / "fast.py").write_text(f'{SDK}print(config["speed"])\n')
    assert bool(check(tmp_path, "--select", "GL507").codes) is is_found


@pytest.mark.parametrize(
    ("start", "codes"),
    [
        ("parse(context)\n", ["GL507"]),
        ("def main(some):\n    return parse(some)\nraise SystemExit(main(context))\n", ["GL507"]),
        ("try:\n    parse(context)\nexcept Exception:\n    raise SystemExit(1)\n", ["GL507"]),
        ("if context:\n    parse(context)\n", []),
        ("try:\n    parse(context)\nexcept KeyError:\n    raise SystemExit(1)\n", []),
    ],
)
def test_module_takes_an_optional_one_for_given(
    start: str, codes: list[str], tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, OPTIONAL)
    (tmp_path / "run.py").write_text(f"from parser import parse\n{SDK}{start}")
    (tmp_path / "parser.py").write_text('def parse(some):\n    return some.config["speed"]\n')
    dockerfile = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(dockerfile.replace("COPY run.py", "COPY *.py"))
    assert check(tmp_path, "--select", "GL507").codes == codes


INPUTS = 'import json\ninvocation = json.load(open("config.json"))\ninputs = invocation["inputs"]\n'
MISPLACED = [
    # a script, the line, the key, and what to write
    (f'{INPUTS}print(inputs["image"]["path"])\n', 4, "path", '["location"]["path"]'),
    (
        f'{INPUTS}image = inputs.get("image")\nprint(image["name"])\n',
        5,
        "name",
        '["location"]["name"]',
    ),
    (f'{INPUTS}print(invocation["inputs"]["x"]["info"])\n', 4, "info", '["object"]["info"]'),
    (
        f'{INPUTS}def f(key):\n    return inputs[key]["id"]\nf("image")\n',
        5,
        "id",
        '["hierarchy"]["id"]',
    ),
    (f'{SDK}print(context.get_input("image")["path"])\n', 4, "path", '["location"]["path"]'),
]
PLACED = [
    f'{INPUTS}print(inputs["image"]["location"]["path"], inputs["image"]["object"]["info"])\n',
    f'{INPUTS}print(inputs["image"].get("path"), inputs["image"]["base"], inputs["key"]["key"])\n',
    f'{INPUTS}image = inputs["image"]["location"]\nprint(image["path"], image["name"])\n',
    f'{INPUTS}print(inputs["path"], inputs["name"]["location"])\n',
    f'{INPUTS}for image in inputs.values():\n    print(image["path"])\n',
    f'{INPUTS}try:\n    print(inputs["image"]["path"])\nexcept KeyError:\n    pass\n',
    f'{INPUTS}inputs["image"] = {{"path": "x"}}\nprint(inputs["image"]["path"])\n',
    f'{INPUTS}inputs.update(x())\nprint(inputs["image"]["path"])\n',
    f'{INPUTS}image = inputs["image"] if x() else {{"path": 1}}\nprint(image["path"])\n',
    f'{INPUTS}inputs["image"]["path"] = 1\nprint(inputs["image"]["path"])\n',
    f'{INPUTS}key = x()\nprint(inputs["image"][key], x()["image"]["path"])\n',
    f'{INPUTS}print(x()["image"]["lcoation"], x()["location"]["pth"], {{"objct": 1}}["objct"])\n',
    f'{INPUTS}inputs["image"]["objects"] = 1\nprint(inputs["image"]["objects"])\n',
    f'{INPUTS}x(inputs["image"])["location"]["size"]\n',
    f'{INPUTS}inputs["image"]["location"]["dir"] = 1\nprint(inputs["image"]["location"]["dir"])\n',
    f'{INPUTS}print(inputs["key"]["value"], inputs["key"]["found"], inputs["locations"]["base"])\n',
    f'{INPUTS}try:\n    print(inputs["image"]["lcoation"])\nexcept KeyError:\n    pass\n',
]


@pytest.mark.parametrize(("script", "line", "key", "written"), MISPLACED)
def test_misplaced_key(
    script: str, line: int, key: str, written: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text(script)
    (found,) = check(tmp_path, "--select", "GL508").findings
    part = written.partition('"]')[0][1:] + '"'
    assert (found["line"], found["message"], found["help"]) == (
        line,
        f'an input has no "{key}", so this raises KeyError: its {part} has it',
        f"write {written}",
    )


MISSPELT = [
    # what is read, the column, what is wrong, what to do
    ('inputs["image"]["lcoation"]["path"]', 23, 'an input has no "lcoation"', "location"),
    ('inputs["image"]["Object"]["info"]', 23, 'an input has no "Object"', "object"),
    ('inputs.get("image")["heirarchy"]', 27, 'an input has no "heirarchy"', "hierarchy"),
    ('inputs["image"]["location"]["pth"]', 35, 'the location of an input has no "pth"', "path"),
]


@pytest.mark.parametrize(("read", "column", "message", "meant"), MISSPELT)
def test_misspelt_key(
    read: str, column: int, message: str, meant: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text(f"{INPUTS}print({read})\n")
    (found,) = check(tmp_path, "--select", "GL508").findings
    assert (found["line"], found["column"], found["help"]) == (
        4,
        column,
        f'did you mean "{meant}"?',
    )
    assert found["message"] == f"{message}, so this raises KeyError"


def test_key_that_no_location_has(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text(f'{INPUTS}print(inputs["image"]["location"]["size"])\n')
    (found,) = check(tmp_path, "--select", "GL508").findings
    assert found["help"] == 'it has "path" and "name"'


@pytest.mark.parametrize("script", PLACED)
def test_key_that_may_be_there(script: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    (tmp_path / "run.py").write_text(script)
    assert check(tmp_path, "--select", "GL508").codes == []
