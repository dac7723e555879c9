"""The order of the two parts of a version: what shows it, and that all commands agree on it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.source import real_path
from gearlint.release.refs import tag_names
from tests.conftest import Run
from tests.repositories import Repository
from tests.sound import DOCKERFILE

pytestmark = pytest.mark.usefixtures("own_git_configuration")


def members(version: str, name: str = "my-prep") -> str:
    builder = f'{{"category": "analysis", "image": "me/{name}:{version}"}}'
    return f'"name": "{name}",\n"version": "{version}",\n"custom": {{"gear-builder": {builder}}}'


def gear(
    directory: Path, version: str, tags: list[str], base: str = "python:3.11", format: str = ""
) -> Repository:
    """A repository with a gear, tags, the base image of the gear and a setting; the current one."""
    repository = Repository(directory)
    repository.gear(members(version))
    repository.write("Dockerfile", DOCKERFILE.replace("python:3.11", base))
    if format:
        repository.write("gearlint.toml", f'version-format = "{format}"\n')
    repository.commit()
    for tag in tags:
        repository.git("tag", tag)
    os.chdir(directory)
    return repository


def reported(run: Run, *codes: str) -> list[str]:
    """`CODE severity: message` of some rules of versions."""
    selected = ",".join(codes or ("GL203", "GL204", "GL205", "GL206"))
    outcome = run("check", "--select", selected, "--output-format", "concise")
    assert "gearlint:" not in outcome.stderr
    return [line.partition(": ")[2] for line in outcome.stdout.splitlines()]


GEAR_FIRST = ["1.0.0_20.0.7", "1.0.1_20.0.7", "1.1.0_20.0.7"]
SOFTWARE_FIRST = ["20.0.7_1.0.0", "20.0.7_1.0.1", "20.0.7_1.0.2"]

ORDERS = [
    # (version, tags, base image, setting, order, what shows it)
    ("1.1.0_20.0.7", GEAR_FIRST, "python:3.11", "", "gear_software", "tags"),
    ("20.0.7_1.0.2", SOFTWARE_FIRST, "python:3.11", "", "software_gear", "tags"),
    ("1.1.0_20.0.7", ["v1.0.0_5", "1.0.1_5", "my-prep-1.0.2_5"], "python:3.11", "", "gear_software", "tags"),
    ("20.1.0_1.0.1", [*SOFTWARE_FIRST, "20.1.0_1.0.0"], "python:3.11", "", "software_gear", "tags"),
    ("1.1.0_20.0.7", [*GEAR_FIRST, "1.2.0_20.1.0", "1.0.2_20.0.8"], "python:3.11", "", "gear_software", "tags"),
    ("1.1.0_20.0.7", ["1.0.0_5_a", "1.0.1_5_b", "1.0.2_5_a"], "python:3.11", "", "gear_software", "tags"),
    # not clear: one release, both parts moved alone, the same version again, pre-releases, words
    ("1.1.0_20.0.7", GEAR_FIRST[:2], "python:3.11", "", "software_gear", "doubt"),
    ("1.1.0_20.0.7", [*GEAR_FIRST, "1.1.0_20.1.0"], "python:3.11", "", "software_gear", "doubt"),
    ("1.1.0_20.0.7", ["1.0.0_20.0.7", "v1.0.0_20.0.7", "1.0_20.0.7", "1.0.1_20.0.7"], "python:3.11", "", "software_gear", "doubt"),
    ("1.1.0_20.0.7", ["1.0.0_5", "1.0.1_5_rc1", "1.0.2_5_rc1", "1.0.3_5"], "python:3.11", "", "software_gear", "doubt"),
    ("1.1.0_20.0.7", ["0.9.0", "1.0.0", "1.0.1_20.0.7"], "python:3.11", "", "software_gear", "doubt"),
    ("1.1.0_20.0.7", ["20.0.5", "1.0.1_20.0.7"], "python:3.11", "", "software_gear", "default"),
    ("1.1.0_20.0.7", ["1.0.1_20.0.7"], "python:3.11", "", "software_gear", "default"),
    ("20.0.7_1.1.0", ["20.0.6_1.0.0", "20.0.6_1.1.0"], "python:3.11", "", "software_gear", "default"),
    ("1.1.0_20.0.7", ["1.0_a", "1.1_a", "1.2_a"], "python:3.11", "", "software_gear", "default"),
    ("1.1.0_20.0.7", ["1.0", "1.1", "1.2"], "python:3.11", "", "software_gear", "default"),
    ("1.1.0_20.0.7", ["other-1.0_2", "other-1.1_2", "other-1.2_2"], "python:3.11", "", "software_gear", "default"),
    # the Dockerfile
    ("1.1.0_20.0.7", [], "nipreps/my-prep:20.0.7", "", "gear_software", "dockerfile"),
    ("1.1.0_20.0.5", [], "nipreps/my-prep:20.0.7", "", "gear_software", "dockerfile"),
    ("20.0.7_1.1.0", [], "nipreps/my-prep:20.0.7", "", "software_gear", "dockerfile"),
    ("20.0.7_20.0.7", [], "nipreps/my-prep:20.0.7", "", "software_gear", "default"),
    ("1.1.0_20.0.7", [], "nipreps/my-prep:21.1.1", "", "software_gear", "default"),
    ("1.1.0_20.0.7", [], "me/my-prep:20.0.7", "", "software_gear", "default"),
    # the setting
    ("1.1.0_20.0.7", GEAR_FIRST, "nipreps/my-prep:20.0.7", "software_gear", "software_gear", "setting"),
    ("20.0.7_1.1.0", SOFTWARE_FIRST, "nipreps/my-prep:20.0.7", "gear_software", "gear_software", "setting"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "tags", "base", "format", "order", "ground"), ORDERS)
def test_order_and_what_shows_it(
    version: str,
    tags: list[str],
    base: str,
    format: str,
    order: str,
    ground: str,
    tmp_path: Path,
    run: Run,
) -> None:
    gear(tmp_path / "gear", version, tags, base, format)
    (row,) = json.loads(run("version", "--json").stdout)
    is_doubted = ground == "doubt"
    assert (row["order"]["format"], row["order"]["from"]) == (
        order,
        "default" if is_doubted else ground,
    )
    parts = dict(zip(order.split("_"), version.split("_"), strict=True))
    assert (row["software"], row["gear"]) == (parts["software"], parts["gear"])
    assert ("although the first part " in row["order"]["reason"]) is is_doubted
    outcome = run("bump", "--gear", "9.9.9", "--force", "--dry-run", "--json")
    if is_doubted:
        assert outcome.code == 2
        assert "which of its parts is the gear's is not clear, as the first part" in outcome.stderr
        assert run("bump", "--to", "30.0.0_9.9.9", "--dry-run").code == 0
        return
    bump = json.loads(outcome.stdout)
    assert bump["gears"][0]["order"] == row["order"]
    new = parts | {"gear": "9.9.9"}
    assert bump["gears"][0]["new"] == "_".join(new[name] for name in order.split("_"))


SWAPPED = [
    # (version, tags, base image, setting, findings)
    ("20.0.7_1.1.1", GEAR_FIRST, "nipreps/my-prep:20.0.7", "", ['GL205 warning: version "20.0.7_1.1.1" has its parts swapped: my-prep is 20.0.7, and the order is <gear>_<software>, as the first part moves alone in the tags, as from 1.0.1_20.0.7 to 1.1.0_20.0.7']),
    ("20.0.7_1.1.1", GEAR_FIRST, "python:3.11", "", ['GL205 warning: version "20.0.7_1.1.1" has its parts swapped: the order is <gear>_<software>, as the first part moves alone in the tags, as from 1.0.1_20.0.7 to 1.1.0_20.0.7']),
    ("1.0.3_20.0.7", SOFTWARE_FIRST, "python:3.11", "", ['GL205 warning: version "1.0.3_20.0.7" has its parts swapped: the order is <software>_<gear>, as the second part moves alone in the tags, as from 20.0.7_1.0.1 to 20.0.7_1.0.2']),
    ("21.1.1_1.1.1", GEAR_FIRST, "nipreps/my-prep:21.1.1", "", ['GL205 warning: version "21.1.1_1.1.1" has its parts swapped: my-prep is 21.1.1, and the order is <gear>_<software>, as the first part moves alone in the tags, as from 1.0.1_20.0.7 to 1.1.0_20.0.7']),
    ("1.1.0_20.0.7", [], "nipreps/my-prep:20.0.7", "software_gear", ['GL205 warning: version "1.1.0_20.0.7" has its parts swapped: my-prep is 20.0.7, and the order is <software>_<gear>, as version-format is set']),
    ("20.0.7_1.1.0", [], "nipreps/my-prep:20.0.7", "gear_software", ['GL205 warning: version "20.0.7_1.1.0" has its parts swapped: my-prep is 20.0.7, and the order is <gear>_<software>, as version-format is set']),
    # left alone
    ("1.1.1_20.0.7", GEAR_FIRST, "nipreps/my-prep:20.0.7", "", []),
    ("1.1.0_20.0.7", [], "nipreps/my-prep:20.0.7", "", []),
    ("20.0.7_1.1.0", [], "nipreps/my-prep:20.0.7", "", []),
    ("1.1.0_20.0.7", GEAR_FIRST, "nipreps/my-prep:20.0.7", "gear", []),
    ("1.1.0_20.0.7", [], "python:3.11", "software_gear", []),
    ("20.0.7_1.1.1", GEAR_FIRST, "python:3.11", "software_gear", []),
    ("20.0.7_1.1.1", GEAR_FIRST[:2], "python:3.11", "", []),
    ("1.1.1_21.0.0", GEAR_FIRST, "python:3.11", "", []),
    ("2.0.0_1.0.3", ["1.0.0_1.0.3", "1.0.1_1.0.3", "1.0.2_1.0.3"], "python:3.11", "", []),
    ("1.0.3_2.0.0", ["1.0.0_1.0.3", "1.0.1_1.0.3", "1.0.2_1.0.3"], "python:3.11", "", []),
    # the tags have the software where the Dockerfile says the gear's part is: bump asks
    ("20.0.8_1.0.0", ["20.0.6_1.0.0", "20.0.7_1.0.0", "20.0.8_1.0.0"], "nipreps/my-prep:20.0.8", "", []),
    # GL206 takes the part that is the software's
    ("20.0.5_1.1.1", [], "nipreps/my-prep:21.0.7", "", ['GL206 warning: my-prep is 21.0.7, but the version "20.0.5_1.1.1" says "20.0.5"']),
    # where nothing shows which it is, the nearer one
    ("1.1.1_20.0.5", [], "nipreps/my-prep:21.0.7", "", ['GL206 warning: my-prep is 21.0.7, but the version "1.1.1_20.0.5" says "20.0.5"']),
    ("0.0.5_0.15.1", [], "nipreps/my-prep:0.16.1", "", ['GL206 warning: my-prep is 0.16.1, but the version "0.0.5_0.15.1" says "0.15.1"']),
    ("1.0.3_0.15.4_inc1.0", [], "nipreps/my-prep:0.16.0", "", ['GL206 warning: my-prep is 0.16.0, but the version "1.0.3_0.15.4_inc1.0" says "0.15.4"']),
    ("1.1.1_20.0.5", GEAR_FIRST, "nipreps/my-prep:21.0.7", "", ['GL206 warning: my-prep is 21.0.7, but the version "1.1.1_20.0.5" says "20.0.5"']),
]  # fmt: skip


@pytest.mark.parametrize(("version", "tags", "base", "format", "findings"), SWAPPED)
def test_parts_that_are_swapped(
    version: str,
    tags: list[str],
    base: str,
    format: str,
    findings: list[str],
    tmp_path: Path,
    run: Run,
) -> None:
    gear(tmp_path / "gear", version, tags, base, format)
    assert reported(run) == findings


ONE_PART = [
    # (version, tags, base image, setting, finding)
    ("1.1.0", [], "python:3.11", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["1.0.0", "1.0.1"], "python:3.11", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", GEAR_FIRST, "python:3.11", "", 'warning: version "1.1.0" has one part, expected two: <gear>_<software>'),
    ("1.1.0", ["1.0.0_5.0"], "python:3.11", "", 'warning: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["0.9.0_5.0", "1.0.0"], "python:3.11", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["1.0.0_rc1", "1.0.0_fix"], "python:3.11", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["x-1.0.0_5.0"], "python:3.11", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["1.0.0"], "nipreps/my-prep:20.0.7", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", ["other/1.0.0"], "nipreps/my-prep:20.0.7", "", 'warning: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", [], "nipreps/my-prep:20.0.7", "", 'warning: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("20.0.7", [], "nipreps/my-prep:20.0.7", "", 'info: version "20.0.7" has one part, expected two: <software>_<gear>'),
    ("1.1.0", [], "me/my-prep:0.9.0", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    # the date of a build is not a release of the software
    ("1.1.0", [], "nipreps/my-prep-dev:20200104", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", [], "nipreps/my-prep:2021.03.29", "", 'info: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", [], "nipreps/my-prep:2021.13", "", 'warning: version "1.1.0" has one part, expected two: <software>_<gear>'),
    ("1.1.0", [], "python:3.11", "gear_software", 'warning: version "1.1.0" has one part, expected two: <gear>_<software>'),
    ("1.1.0", GEAR_FIRST, "nipreps/my-prep:20.0.7", "gear", ""),
]  # fmt: skip


@pytest.mark.parametrize(("version", "tags", "base", "format", "finding"), ONE_PART)
def test_version_of_one_part(
    version: str,
    tags: list[str],
    base: str,
    format: str,
    finding: str,
    tmp_path: Path,
    run: Run,
) -> None:
    gear(tmp_path / "gear", version, tags, base, format)
    assert reported(run, "GL204") == ([f"GL204 {finding}"] if finding else [])


@pytest.mark.parametrize(
    ("tags", "base", "format", "help"),
    [
        (
            GEAR_FIRST,
            "python:3.11",
            "",
            'the newest tag has two, "1.1.0_20.0.7": set version-format',
        ),
        ([], "python:3.11", "gear_software", "version-format has two: set version-format"),
        ([], "nipreps/my-prep:20.0.7", "", "line 1 of the Dockerfile has my-prep 20.0.7: write"),
        ([], "python:3.11", "", 'set version-format = "gear"'),
        (
            [],
            "nipreps/my-prep:1.0.2",
            "software_gear",
            'line 1 of the Dockerfile has my-prep 1.0.2: write "1.1.0_1.0.2", and set '
            'version-format = "gear_software": the other order would look older',
        ),
        (
            [],
            "nipreps/my-prep:1.0.2",
            "gear_software",
            "line 1 of the Dockerfile has my-prep 1.0.2: write",
        ),
    ],
)
def test_help_says_why_two_parts_are_expected(
    tags: list[str], base: str, format: str, help: str, tmp_path: Path, run: Run
) -> None:
    gear(tmp_path / "gear", "1.1.0", tags, base, format)
    (found,) = json.loads(run("check", "--select", "GL204", "--output-format", "json").stdout)[
        "findings"
    ]
    assert found["help"].startswith(help)
    assert bool(found["fix"]) == (": write" in help and "older" not in help)


@pytest.mark.parametrize(
    ("version", "software", "help"),
    [
        ("20.0.5_1.1.0", "21.0.7", 'write "21.0.7_1.1.0", or build on 20.0.5'),
        # where the software is older, the gear's part is raised
        ("5.7.1_1.2.6-7", "1.2.6-1", 'write "5.7.2_1.2.6-1", or build on 1.2.6-7'),
        ("20.0.7_1.1.0", "20.0.5", 'write "20.0.5_1.1.1", or build on 20.0.7'),
        ("1.1_20.0.7", "v20.0.5", 'write "1.1.1_20.0.5", or build on 20.0.7'),
        ("b2_20.0.7", "20.0.5", 'write "b2_20.0.5", or build on 20.0.7'),
    ],
)
def test_help_of_another_software_version(
    version: str, software: str, help: str, tmp_path: Path, run: Run
) -> None:
    gear(tmp_path / "gear", version, [], f"nipreps/my-prep:{software}")
    found = json.loads(run("check", "--select", "GL206", "--output-format", "json").stdout)
    assert [each["help"] for each in found["findings"]] == [help]


@pytest.mark.parametrize(
    ("version", "format", "finding"),
    [
        ("inc0.0rc2", "", "warning: "),
        ("1.0_", "", "warning: "),
        ("inc0.0rc2", "gear", "error: "),
        ("1.0_", "software_gear", "error: "),
        ("", "", "error: "),  # the tag cannot equal it
    ],
)
def test_severity_of_an_odd_version(
    version: str, format: str, finding: str, tmp_path: Path, run: Run
) -> None:
    repository = gear(tmp_path / "gear", version, [], format=format)
    (line,) = reported(run, "GL203")
    assert line.startswith(f"GL203 {finding}")
    repository.gear(members(version).replace(f"me/my-prep:{version}", "me/my-prep"))
    (line,) = reported(run, "GL203")
    assert line.startswith("GL203 warning: " if not format else "GL203 error: ")


def test_severity_of_an_image_without_a_tag(tmp_path: Path, run: Run) -> None:
    repository = gear(tmp_path / "gear", "1.0.0_2.0.0", [])
    for image, severity in (
        ("me/my-prep", "warning"),
        ("lab.example.org/my-prep", "warning"),
        ("my-prep", "info"),  # nobody can push it under that name
        ("my-prep:", "error"),
        (f"me/my-prep@sha256:{'0' * 64}", "error"),
        ("me/my-prep:", "error"),
    ):
        repository.gear(members("1.0.0_2.0.0").replace("me/my-prep:1.0.0_2.0.0", image))
        (line,) = reported(run, "GL202")
        assert line.startswith(f"GL202 {severity}: ")


@pytest.mark.parametrize("tag", ["latest", "0.9", "v1.0.0_2.0.0"])
def test_image_that_the_gear_does_not_build_gets_no_tag(tag: str, tmp_path: Path, run: Run) -> None:
    repository = gear(tmp_path / "gear", "1.0.0_2.0.0", [])
    repository.gear(members("1.0.0_2.0.0").replace("my-prep:1.0.0_2.0.0", f"my-prep:{tag}"))
    (repository.directory / "Dockerfile").unlink()
    before = (repository.directory / "manifest.json").read_bytes()
    outcome = run("check", "--fix", "--select", "GL201,GL202")
    assert "has no Dockerfile, its image is built elsewhere" in outcome.stdout
    assert (repository.directory / "manifest.json").read_bytes() == before
    repository.gear(members("1.0.0_2.0.0").replace("my-prep:1.0.0_2.0.0", "my-prep"))
    (repository.directory / "Dockerfile").unlink()
    before = (repository.directory / "manifest.json").read_bytes()
    run("check", "--fix", "--select", "GL201,GL202")
    assert (repository.directory / "manifest.json").read_bytes() == before
    repository.gear(members("1.0.0_2.0.0").replace("my-prep:1.0.0_2.0.0", f"other:{tag}"))
    (repository.directory / "Dockerfile").unlink()
    outcome = run("check", "--select", "GL201")
    assert "elsewhere: push the image under the version" in outcome.stdout


# --- monorepos


def test_tags_of_this_gear_alone(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path)
    repository.gear(members("1.1.0_20.0.7", "qc"), "gears/qc")
    repository.gear(members("20.0.7_1.1.0", "qc-2"), "gears/other")
    repository.commit()
    for tag in GEAR_FIRST:
        repository.git("tag", f"qc/{tag}")
    for tag in SOFTWARE_FIRST:
        repository.git("tag", f"qc-2/{tag}")
        repository.git("tag", f"qc-2-{tag}")
        repository.git("tag", tag)  # of whom?
    rows = json.loads(run("version", "--json").stdout)
    orders = {row["name"]: (row["order"]["format"], row["order"]["from"]) for row in rows}
    assert orders == {"qc": ("gear_software", "tags"), "qc-2": ("software_gear", "tags")}
    repository.gear(members("20.0.7_1.1.1", "qc"), "gears/qc")
    repository.gear(members("1.1.1_20.0.7", "qc-2"), "gears/other")
    lines = reported(run)
    assert ["<software>_<gear>" in line for line in lines] == [True, False]


def test_nameless_tags_are_those_of_a_gear_that_is_alone(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path)
    repository.gear(members("20.0.7_1.1.1"), "gears/own")
    repository.write(".gitignore", "/build/\n")
    repository.gear(members("1.0_1.0", "copy"), "build/copy")
    repository.gear(members("1.0_1.0", "of-a-test"), "tests/gear")
    repository.commit()
    for tag in GEAR_FIRST:
        repository.git("tag", tag)
    os.chdir(tmp_path / "gears" / "own")
    assert len(reported(run)) == 1
    repository.gear(members("1.0_1.0", "second"), "gears/second")
    assert reported(run) == []


def test_tags_in_the_form_of_the_setting(tmp_path: Path, run: Run) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", [f"r{tag}!" for tag in GEAR_FIRST])
    assert reported(run) == []
    repository.write("gearlint.toml", 'tag-format = "r{version}!"\n')
    assert len(reported(run)) == 1


# --- the names of tags, from the files of git


def test_packed_and_loose_tags_are_read_and_git_is_not_run(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", GEAR_FIRST[:2])
    repository.git("tag", "--annotate", "--message", "x", "deep/er/1.0")
    repository.git("pack-refs", "--all")
    repository.git("tag", GEAR_FIRST[2])
    repository.git("tag", "a/b")
    names = tag_names(real_path(str(repository.directory)))
    assert sorted(names) == sorted([*GEAR_FIRST, "deep/er/1.0", "a/b"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert len(reported(run)) == 1


def test_linked_work_tree_has_the_tags_of_its_repository(tmp_path: Path, run: Run) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", GEAR_FIRST)
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    os.chdir(tmp_path / "linked")
    assert len(reported(run)) == 1
    (row,) = json.loads(run("version", "--json").stdout)
    assert row["order"]["from"] == "tags"


def test_submodule_has_its_own_tags(tmp_path: Path, run: Run) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", GEAR_FIRST)
    outer = Repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
              str(repository.directory), "inner")  # fmt: skip
    os.chdir(outer.directory / "inner")
    assert len(reported(run)) == 1


def elsewhere(git: Path, other: Path) -> None:
    """`.git` leads to the files of another repository, which does not lead back."""
    git.rename(other)
    git.write_text(f"gitdir: {other}\n")


def work_tree_of_another(git: Path, other: Path) -> None:
    """`.git` is that of a linked work tree, as is another's `gitdir`."""
    git.rename(other)
    place = other / "worktrees" / "x"
    place.mkdir(parents=True)
    (place / "gitdir").write_text(f"{other}/elsewhere/.git\n")
    (place / "commondir").write_text("../..\n")
    git.write_text(f"gitdir: {place}\n")


def link(git: Path, other: Path) -> None:
    git.rename(other)
    git.symlink_to(other)


def link_with_packed_tags(git: Path, other: Path) -> None:
    subprocess.run(["git", "pack-refs", "--all"], cwd=git.parent, check=True)
    link(git, other)


def no_repository(git: Path, other: Path) -> None:
    git.rename(other)
    git.write_text("x")


def no_path(git: Path, other: Path) -> None:
    git.rename(other)
    git.write_text(f"gitdir: {other}\0\n")


def packed_elsewhere(git: Path, other: Path) -> None:
    subprocess.run(["git", "pack-refs", "--all"], cwd=git.parent, check=True)
    (git / "packed-refs").rename(other)
    (git / "packed-refs").symlink_to(other)


def pipe(git: Path, other: Path) -> None:
    subprocess.run(["git", "pack-refs", "--all"], cwd=git.parent, check=True)
    (git / "packed-refs").unlink()
    os.mkfifo(git / "packed-refs")


def pipes_for_tags(git: Path, other: Path) -> None:
    for tag in GEAR_FIRST:
        (git / "refs" / "tags" / tag).unlink()
        os.mkfifo(git / "refs" / "tags" / tag)


def links_for_tags(git: Path, other: Path) -> None:
    (git / "refs" / "tags").rename(other)
    (git / "refs" / "tags").symlink_to(other)


def other_format(git: Path, other: Path) -> None:
    (git / "reftable").mkdir()


@pytest.mark.parametrize(
    "change",
    [elsewhere, work_tree_of_another, link, link_with_packed_tags, no_repository, no_path,
     packed_elsewhere, pipe, pipes_for_tags, links_for_tags, other_format],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_what_is_not_the_repositorys_own_is_not_read(
    change: object, tmp_path: Path, run: Run
) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", GEAR_FIRST)
    assert callable(change)
    change(repository.directory / ".git", tmp_path / "other")
    assert tag_names(real_path(str(repository.directory))) == ()
    assert reported(run) == []


def test_tags_past_any_use_do_not_count(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = gear(tmp_path / "gear", "20.0.7_1.1.1", GEAR_FIRST)
    for limit, value in (("TAGS", 2), ("FILE_BYTES", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(limits, limit, value)
            repository.git("pack-refs", "--all")
            tag_names.cache_clear()
            assert tag_names(str(repository.directory)) == ()
    tag_names.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(limits, "GEAR_DIRECTORIES", 0)
        assert len(reported(run)) == 1  # at the top of the repository it needs to know no others
    nested = tmp_path / "gear" / "below"
    nested.mkdir()
    for name in ("manifest.json", "Dockerfile", "run.py"):
        (tmp_path / "gear" / name).rename(nested / name)
    assert len(reported(run)) == 1
    monkeypatch.setattr(limits, "GEAR_DIRECTORIES", 1)
    assert reported(run) == []
