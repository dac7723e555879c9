"""The Python interface, as docs/api.md has it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import gearlint
from gearlint.core import limits
from tests.conftest import Run
from tests.repositories import Repository
from tests.sound import DOCKERFILE, write_gear

BAD = '"version": "1.0.1_2.0.0"'
DOCS = Path(__file__).resolve().parents[1] / "docs" / "api.md"


def test_findings_are_those_of_the_command(run: Run) -> None:
    write_gear(Path("a"), f'{BAD},\n"label": ""')
    write_gear(Path("b"), '"license": "GPL-3"')
    document = run("check", "--output-format", "json").findings
    found = gearlint.check(".")
    assert len(found) == 3
    for one, other in zip(found, document, strict=True):
        assert one.help == (other.pop("help") or "")
        fix = other.pop("fix")
        assert one.fixable == bool(fix and fix["safe"])
        assert {key: getattr(one, key) for key in other} == other


def test_one_path_or_several(tmp_path: Path) -> None:
    one = write_gear(tmp_path / "one", BAD)
    two = write_gear(tmp_path / "two", BAD)
    assert len(gearlint.check(one)) == len(gearlint.check(str(two))) == 1
    assert len(gearlint.check([one, str(two.parent)])) == 2
    assert gearlint.check([]) == []


def test_settings_take_the_place_of_the_files() -> None:
    write_gear(Path("gear"), f'{BAD},\n"label": ""')
    Path("gearlint.toml").write_text('ignore = ["GL1"]\n')
    assert [each.code for each in gearlint.check("gear")] == ["GL201"]
    assert [each.code for each in gearlint.check("gear", {"ignore": ["GL2"]})] == ["GL108"]
    assert [each.code for each in gearlint.check("gear", {"ignore": ("GL2",)})] == ["GL108"]
    assert gearlint.check("gear", {"per-file-ignores": {"gear/*": ["ALL"]}}) == []


@pytest.mark.parametrize(
    ("path", "settings", "message"),
    [
        ("absent", None, "absent: no such file"),
        ("gear", {"ignroe": []}, "settings: unknown setting"),
        ("gear", {"ignore": ["GL999"]}, "GL999"),
    ],
)
def test_errors(path: str, settings: dict[str, object] | None, message: str) -> None:
    write_gear(Path("gear"))
    with pytest.raises(gearlint.GearlintError, match=message):
        gearlint.check(path, settings)


def test_each_call_asks_git_anew(tmp_path: Path) -> None:
    settings = {"select": ["GL326", "GL6"]}
    write_gear(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("COPY", "COPY extra.txt"))
    (tmp_path / "extra.txt").touch()
    assert gearlint.check(tmp_path, settings) == []
    repository = Repository(tmp_path)
    repository.git("add", "run.py", "Dockerfile", "manifest.json")
    assert [each.code for each in gearlint.check(tmp_path, settings)] == ["GL326"]
    repository.git("add", "extra.txt")
    assert gearlint.check(tmp_path, settings) == []
    repository.commit()
    repository.git("tag", "1.0.0_2.0.0")
    assert gearlint.check(tmp_path, settings) == []
    repository.write("run.py", "print(1)\n")
    assert [each.code for each in gearlint.check(tmp_path, settings)] == ["GL601"]
    repository.git("tag", "--delete", "1.0.0_2.0.0")
    assert gearlint.check(tmp_path, settings) == []


def test_each_call_may_match_as_many_globs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SETTINGS_GLOB_STEPS", 1000)
    for number in range(30):
        write_gear(Path(f"gear-{number}"), BAD)
        assert gearlint.check(f"gear-{number}", {"per-file-ignores": {"*.x": ["GL2"]}})


def test_what_is_public_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for name in [*gearlint.__all__[:2], "check", *gearlint.Finding._fields]:
        assert re.search(rf"`(?:gearlint\.)?{name}\b", text), name
    assert sorted(gearlint.__all__) == ["Finding", "GearlintError", "__version__", "check"]
    with pytest.raises(AttributeError):
        gearlint.__getattr__("lint")


def test_importing_gearlint_imports_nothing_else() -> None:
    program = (
        "import sys; before = set(sys.modules); import gearlint; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['gearlint']\n"
