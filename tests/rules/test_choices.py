"""GL506: options that are compared with what their `enum` does not have."""

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


def test_module_of_two_programs_is_reported_once(tmp_path: Path, check: Run) -> None:
    lines = f'{SDK}if config["format"] == "jpg": pass\n'
    write_gear(tmp_path, f'"command": "python a.py && python b.py",\n{_members()}')
    (tmp_path / "lib.py").write_text(lines)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("import lib\n")
    copy = "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n"
    (tmp_path / "Dockerfile").write_text(copy)
    assert check(tmp_path, "--select", "GL506").codes == ["GL506"]
