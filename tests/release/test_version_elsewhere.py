"""GL605: a file of `bump.files` with another version than the manifest."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

KEY = 'path = "x.toml"\nkey = "a.v"\nvalue = "{gear}"'
SEARCH = 'path = "x.txt"\nsearch = "v{gear} ("'


def written(tmp_path: Path, entry: str, text: str) -> Path:
    """A sound gear of version 1.0.0_2.0.0 with one entry of `bump.files`, and that file."""
    write_gear(tmp_path)
    (tmp_path / "gearlint.toml").write_text(f"[[bump.files]]\n{entry}\n")
    name = entry.split('"')[1].replace("{name}", "my-gear")
    (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("entry", "text", "message", "fixed"),
    [
        (KEY, "[a]\nv = '1.9.0' # '1.9.0'\n", '"a.v" is the string "1.9.0", expected "2.0.0"',
         "[a]\nv = '2.0.0' # '1.9.0'\n"),
        (KEY, "a.v = 2\n", '"a.v" is the number 2, expected "2.0.0"', None),
        (KEY, "[a]\nw = 1\n", 'has no "a.v", which bump.files has', None),
        ('path = "x.json"\nkey = "v"', '{"v": "1.0.0_1.0.0"}',
         '"v" is the string "1.0.0_1.0.0", expected "1.0.0_2.0.0"', '{"v": "1.0.0_2.0.0"}'),
        (SEARCH, "v1.9.0 (old) v1\n", 'has "v1.9.0 (", expected "v2.0.0 ("', "v2.0.0 (old) v1\n"),
        (SEARCH, "xv1.9.0 (old)\n", 'has "v1.9.0 (", expected "v2.0.0 ("', "xv2.0.0 (old)\n"),
        ('path = "x.txt"\nsearch = "x{version}"', "ax1_1",
         'has "x1_1", expected "x1.0.0_2.0.0"', "ax1.0.0_2.0.0"),
        ('path = "x.txt"\nsearch = "{software}"', "v0.9.0", 'has no "1.0.0", which bump.files has',
         None),
        (SEARCH, "v1.9.0 (a) v1.8.0 (b)\n", 'has no "v2.0.0 (", which bump.files has', None),
        ('path = "x.txt"\nsearch = \'v = "{gear}"\'', 'v = "1.9"\n',
         """has 'v = "1.9"', expected 'v = "2.0.0"'""", 'v = "2.0.0"\n'),
        ('path = "x.txt"\nsearch = \'v = "{gear}"\'', "w",
         """has no 'v = "2.0.0"', which bump.files has""", None),
        (SEARCH, "nothing\n", 'has no "v2.0.0 (", which bump.files has', None),
        ('path = "x.txt"\nsearch = "{software}"', "0.9.0", 'has "0.9.0", expected "1.0.0"',
         "1.0.0"),
        ('path = "{name}.txt"\nsearch = "x{version}"', "x1_1",
         'has "x1_1", expected "x1.0.0_2.0.0"',
         "x1.0.0_2.0.0"),
    ],
)  # fmt: skip
def test_other_version_is_found_and_fixed(
    entry: str, text: str, message: str, fixed: str | None, tmp_path: Path, check: Run, run: Run
) -> None:
    gear = written(tmp_path, entry, text)
    found = check(gear, "--select", "GL605", "--output-format", "json")
    (finding,) = json.loads(found.stdout)["findings"]
    assert finding["message"] == f'{message} of version "1.0.0_2.0.0"'
    run("check", "--select", "GL605", "--fix", gear)
    name = next(
        path for path in ("x.toml", "x.json", "x.txt", "my-gear.txt") if (gear / path).exists()
    )
    assert (gear / name).read_text() == (text if fixed is None else fixed)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (KEY, "[a]\nv = '2.0.0'\n"),
        (KEY, "a = [\n"),
        (SEARCH, "v2.0.0 (new), v1.9.0 (old)\n"),
        ('path = "x.txt"\nsearch = "{gear}"', "1.9.0 2.0.0 12.0.0"),
        ('path = "x.txt"\nsearch = "{gear} of {date}"', "1.9.0 of 2020-01-01"),
        ('path = "x.txt"\nsearch = "{gear}"\nreplace = "{gear} {date}"', "2.0.0"),
        ('path = "x.txt"\nsearch = "{name}"', "my-gear"),
    ],
)
def test_what_is_left_alone(entry: str, text: str, tmp_path: Path, check: Run) -> None:
    assert check(written(tmp_path, entry, text), "--select", "GL605").codes == []


def test_file_that_is_gone_too_large_or_outside_is_left_to_bump(tmp_path: Path, check: Run) -> None:
    gear = written(tmp_path / "gear", KEY, "[a]\nv = '1.9.0'\n" + "#" * 1_000_000)
    assert check(gear, "--select", "GL605").codes == []
    (gear / "x.toml").unlink()
    assert check(gear, "--select", "GL605").codes == []
    (tmp_path / "x.toml").write_text("[a]\nv = '1.9.0'\n")
    (gear / "x.toml").symlink_to("../x.toml")
    assert check(gear, "--select", "GL605").codes == []


def test_version_of_one_part_has_no_software(tmp_path: Path, check: Run) -> None:
    gear = written(tmp_path, 'path = "x.txt"\nsearch = "{software}"', "0.9.0")
    image = '"custom": {"gear-builder": {"category": "qa", "image": "me/x:2.0.0"}}'
    write_gear(tmp_path, f'"version": "2.0.0",\n{image}')
    assert check(gear, "--select", "GL605").codes == []
