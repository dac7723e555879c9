"""`gearlint bump` and `gearlint version`, on real git repositories."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from gearlint.cli import bump
from gearlint.release.command import GitError
from gearlint.release.git import Repository as Git
from tests.conftest import Outcome, Run
from tests.machine import wait_for_group
from tests.repositories import Repository, Waiting
from tests.sound import DOCKERFILE, SCRIPT, manifest_text

TODAY = "2026-07-09"

pytestmark = pytest.mark.usefixtures("own_git_configuration", "_today")


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be one day all the time, whatever day it is when this file is read."""

    class Today(date):
        @classmethod
        def today(cls) -> "Today":
            return cls.fromisoformat(TODAY)

    monkeypatch.setattr(bump, "date", Today)


def version_of(directory: Path) -> tuple[str, str]:
    """The version and the image of a manifest."""
    data = json.loads((directory / "manifest.json").read_text())
    return data["version"], data["custom"]["gear-builder"]["image"]


def members(version: str, **more: str) -> str:
    image = (
        f'"custom": {{"gear-builder": {{"category": "analysis", "image": "me/my-gear:{version}"}}}}'
    )
    others = "".join(f',\n"{key}": "{value}"' for key, value in more.items())
    return f'"version": "{version}",\n{image}{others}'


def refused(outcome: Outcome, *reported: str) -> None:
    assert outcome.code == 2
    for text in reported:
        assert text in outcome.stderr


# --- versions


@pytest.mark.parametrize(
    ("old", "options", "new"),
    [
        ("1.0.0_2.0.0", ["--gear"], "1.0.0_2.0.1"),
        ("1.0.0_2.0.9", ["--gear", "patch"], "1.0.0_2.0.10"),
        ("1.0.0_2.3.4", ["--gear", "minor"], "1.0.0_2.4.0"),
        ("1.0.0_2.3.4", ["--gear", "major"], "1.0.0_3.0.0"),
        ("1.0.0_2.3", ["--gear", "minor"], "1.0.0_2.4"),
        ("1.0.0_2.3", ["--gear"], "1.0.0_2.3.1"),
        ("1.0.0_2.3.4", ["--gear", "2.5.0"], "1.0.0_2.5.0"),
        ("1.0.0_2.3.4", ["--software", "1.1.0"], "1.1.0_2.3.4"),
        ("1.0.0_2.3.4", ["--software", "1.1.0", "--gear"], "1.1.0_2.3.5"),
        ("24.0.07_1.0.0", ["--gear"], "24.0.07_1.0.1"),
        ("6.0.1-5_1.0.0", ["--software", "6.0.1-6"], "6.0.1-6_1.0.0"),
        ("20230220_1.0.0", ["--gear", "minor"], "20230220_1.1.0"),
        ("1.2.3", ["--gear"], "1.2.4"),
        ("2.1.3_24.0.2_inc1.0", ["--gear"], "2.1.3_24.0.3_inc1.0"),
        ("1.0.0_2.0.0", ["--to", "1.1.0_2.0.0"], "1.1.0_2.0.0"),
        ("1.0.0_2.0.0", ["--to", "1.0.0_2.1.0_rc1"], "1.0.0_2.1.0_rc1"),
        ("1.0.0_2.1.0_rc1", ["--to", "1.0.0_2.1.0"], "1.0.0_2.1.0"),
    ],
)  # fmt: skip
def test_next_version(
    old: str,
    options: list[str],
    new: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members(old))
    repository.commit()
    outcome = run("bump", *options)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory) == (new, f"me/my-gear:{new}")
    assert repository.tags == [new]
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("log", "-1", "--format=%s") == f"Release my-gear {new}"
    assert repository.git("cat-file", "-t", new) == "tag"
    assert run("check", "--ignore", "GL204,GL210", "--extend-select", "GL6").code == 0


def test_parts_in_the_other_order(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--gear", "minor").code == 0
    assert version_of(repository.directory)[0] == "1.1.0_2.0.0"
    assert run("bump", "--software", "2.1.0").code == 0
    assert version_of(repository.directory)[0] == "1.1.0_2.1.0"


OTHERS = [  # gear's part first: the Dockerfile has the version of the other
    ("0.0.11_0.8.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
    ("0.0.11_0.8.0", "FROM pennbbl/qsiprep:0.8.0-gpu AS base\nFROM python:3.11", "qsiprep 0.8.0"),
    ("0.0.11_0.8.0", "FROM python:3.11\nENV QSIPREP_VERSION 0.8.0", "QSIPREP_VERSION 0.8.0"),
    ("0.0.11_0.8.0", "FROM python:3.11\nARG qsiprep_version=v0.8.0", "qsiprep_version v0.8.0"),
    ("0.0.11_0.8.0_inc1.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
    ("0.8.0", "FROM pennbbl/qsiprep:0.8.0", "qsiprep 0.8.0"),
]


@pytest.mark.parametrize(("version", "lines", "named"), OTHERS)
@pytest.mark.parametrize("options", [["--gear"], ["--gear", "9.0.0"]])
def test_part_that_is_the_softwares_is_not_raised(
    version: str, lines: str, named: str, options: list[str], repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("Dockerfile", DOCKERFILE.replace("FROM python:3.11", lines))
    repository.commit()
    before = repository.state
    outcome = run("bump", *options)
    assert outcome.code == 2
    part = version.split("_")[:2][-1]
    assert outcome.stderr == (
        f'gearlint: manifest.json: the gear\'s part "{part}" of version "{version}" seems to be '
        f"the software's, as the Dockerfile has {named}: name the next with --to VERSION, or set "
        "version-format\n"
    )
    assert repository.state == before
    assert run("bump", "--to", "9.0.0_9.0.0").code == 0


@pytest.mark.parametrize(
    ("version", "lines", "settings", "new"),
    [
        ("0.0.11_0.8.0", "pennbbl/qsiprep:0.8.0", "gear_software", "0.0.12_0.8.0"),
        ("0.0.11_0.8.0", "pennbbl/qsiprep:0.8.0", "software_gear", "0.0.11_0.8.1"),
        ("0.8.0", "pennbbl/qsiprep:0.8.0", "gear", "0.8.1"),
        ("0.8.0_1.2.0", "pennbbl/qsiprep:0.8.0\nENV POETRY_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_0.8.0", "pennbbl/qsiprep:0.8.0", "", "0.8.0_0.8.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV GEAR_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV MY_GEAR_VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "pennbbl/qsiprep:1.2", "", ""),  # 1.2 is 1.2.0
        ("0.8.0_1.2.0", "pennbbl/qsiprep:1.2.1", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV VERSION=1.2.0", "", "0.8.0_1.2.1"),
        ("0.8.0_1.2.0", "python:3.11\nENV QSIPREP=1.2.0", "", "0.8.0_1.2.1"),
    ],
)
def test_part_that_is_the_gears_is_raised(
    version: str, lines: str, settings: str, new: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("Dockerfile", DOCKERFILE.replace("python:3.11", lines))
    if settings:
        repository.write("gearlint.toml", f'version-format = "{settings}"\n')
    repository.commit()
    repository.git("tag", "--delete", *repository.tags)
    outcome = run("bump", "--gear")
    assert outcome.code == (0 if new else 2), outcome.stderr
    assert version_of(repository.directory)[0] == (new or version)


CANNOT = [
    "20230220", "6.0.1-5", "v1.1.0", "24.0.07", "1.2.3.4", "1.0.20240930", "2", "2024.12", "2024.12.1", "v2",
    "1.0.0-rc1-fix", "x", "1.0.0inc",
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "level", "new"),
    [
        ("v1.0.0_v1.1.0", "patch", "v1.0.0_v1.1.1"),
        ("v1.0.0", "minor", "v1.1.0"),
        ("2.1.4_inc0.2", "minor", "2.1.4_inc0.3"),
        ("inc0.2", "minor", "inc0.3"),
        ("inc0.2.1", "patch", "inc0.2.2"),
        ("v1.0", "patch", "v1.0.1"),
        ("1.0.0_inc1.0rc2", "patch", "1.0.0_inc1.0"),
        ("1.0.0_1.0rc1", "patch", "1.0.0_1.0"),
        ("1.0.0-rc1", "patch", "1.0.0"),
        ("1.0.0-rc.1", "patch", "1.0.0"),
        ("1.0.0_rc1", "patch", "1.0.0"),
        ("1.0.0_2.1.0_rc1", "patch", "1.0.0_2.1.0"),
        ("1.0.0_2.1.0-beta", "minor", "1.0.0_2.1.0"),
        ("1.0.0_2.1.1-beta", "minor", "1.0.0_2.2.0"),
        ("1.0.0_2.1.0-beta", "major", "1.0.0_3.0.0"),
        ("1.0.0_3.0.0-dev", "major", "1.0.0_3.0.0"),
        ("1.0.0-rc1_2.0.0", "patch", "1.0.0-rc1_2.0.1"),
    ],
)
def test_what_comes_next_is_clear(
    old: str, level: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members(old))
    repository.commit()
    outcome = run("bump", "--gear", level)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory)[0] == new
    said = f'Flywheel sorts the pre-release "{old}" after it (GL210)' in outcome.stderr
    assert said == old.startswith(new)


@pytest.mark.parametrize(
    ("old", "tags", "options", "new"),
    [
        ("1.0.0_2.0.0", [], ["--gear", "minor"], "1.0.0_2.1.0-rc1"),
        ("1.0.0_2.0.0", [], ["--gear"], "1.0.0_2.0.1-rc1"),
        ("1.0.0_2.1.0-rc1", [], [], "1.0.0_2.1.0-rc2"),
        ("1.0.0_2.1.0-rc9", [], ["--gear", "minor"], "1.0.0_2.1.0-rc10"),
        ("1.0.0_2.1.1-rc1", [], ["--gear", "minor"], "1.0.0_2.2.0-rc1"),
        ("1.0.0_2.1.0_rc1", [], [], "1.0.0_2.1.0_rc2"),
        ("1.0.0_2.1.0rc1", [], [], "1.0.0_2.1.0rc2"),
        ("1.0.0_2.1.0-rc.1", [], [], "1.0.0_2.1.0-rc.2"),
        ("1.0.0_2.1.0-beta", [], [], "1.0.0_2.1.0-beta2"),
        ("1.0.0_2.0.0", ["1.0.0_1.0.0_rc3"], ["--gear"], "1.0.0_2.0.1_rc1"),
        ("1.0.0_2.0.0", ["v1.0.0_1.0.0-rc.3"], ["--gear"], "1.0.0_2.0.1-rc.1"),
        ("1.0.0_2.0.0", ["1.0.0_1.0.0rc3", "x-rc.1"], ["--gear"], "1.0.0_2.0.1rc1"),
        ("1.0.0", ["0.9.0-beta.1"], ["--gear", "major"], "2.0.0-beta.1"),
    ],
)
def test_pre_release_in_the_form_of_the_history(
    old: str, tags: list[str], options: list[str], new: str, tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "gear")
    repository.gear(members(old))
    repository.commit()
    for tag in tags:
        repository.git("tag", tag)
    os.chdir(repository.directory)
    outcome = run("bump", "--pre", *options)
    assert outcome.code == 0, outcome.stderr
    assert version_of(repository.directory)[0] == new
    assert f'"{new}" is a pre-release, but sorts after its release (GL210)' in outcome.stderr
    assert run("bump", "--gear").code == 0
    assert new.startswith(version_of(repository.directory)[0])


def test_pre_release_of_a_gear_first_version_and_of_tags_with_the_gears_part(
    repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--pre", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.1-rc1_2.0.0"
    assert run("bump", "--pre").code == 0
    assert version_of(repository.directory)[0] == "1.0.1-rc2_2.0.0"
    assert run("bump", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.1_2.0.0"
    repository.git("tag", "1.0.0_1.9.9_rc1")
    settings = 'version-format = "software_gear"\ntag-format = "{gear}"\n'
    repository.write("gearlint.toml", settings)
    repository.commit()
    assert run("bump", "--pre", "--gear").code == 0
    assert "2.0.1-rc1" in repository.tags


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "is not a pre-release: say which is the next with --gear major, minor or patch"),
        (["--gear", "3.0.0"], "--pre makes a version itself: give --gear major, minor or patch"),
        (["--to", "1.0.0_3.0.0"], "--pre makes a version itself"),
        (["--software", "1.1.0"], "is not a pre-release: say which is the next"),
    ],
)
def test_pre_release_of_nothing(
    options: list[str], said: str, repository: Repository, run: Run
) -> None:
    outcome = run("bump", "--pre", *options)
    assert (outcome.code, said in outcome.stderr) == (2, True)


def bumped_after_changes(repository: Repository, run: Run) -> Outcome:
    """What `bump --gear --changed` says where both gears, a and b, have changed."""
    os.chdir(repository.directory)
    for name in "ab":
        repository.write(f"gears/{name}/run.py", SCRIPT + "# new\n")
    repository.commit()
    outcome = run("bump", "--gear", "--changed")
    assert outcome.code == 0
    return outcome


def test_gear_that_cannot_be_raised_does_not_hold_up_others(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    repository.release("1.0.0_2", "a/1.0.0_2", "gears/a", "a")
    repository.release("1.0.0_2.0.0", "b/1.0.0_2.0.0", "gears/b", "b")
    outcome = bumped_after_changes(repository, run)
    assert "gearlint bump --to VERSION gears/a; left as it is" in outcome.stderr
    assert "b/1.0.0_2.0.1" in repository.tags
    assert version_of(repository.directory / "gears" / "a")[0] == "1.0.0_2"


def test_gear_whose_parts_are_not_clear_does_not_hold_up_others(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "mono")
    for version in ("1.0.0_2.0.0", "1.1.0_2.0.0"):  # the first part moves alone
        repository.release(version, f"a/{version}", "gears/a", "a")
    repository.release("1.0.0_2.0.0", "b/1.0.0_2.0.0", "gears/b", "b")
    outcome = bumped_after_changes(repository, run)
    assert "set version-format in gearlint.toml; left as it is" in outcome.stderr
    assert repository.tags == [
        "a/1.0.0_2.0.0", "a/1.1.0_2.0.0", "b/1.0.0_2.0.0", "b/1.0.0_2.0.1",
    ]  # fmt: skip
    refused(run("bump", "--gear", "gears/a"), "which of its parts is the gear's is not clear")


@pytest.mark.parametrize("part", CANNOT)
def test_what_cannot_be_raised_is_said(part: str, repository: Repository, run: Run) -> None:
    repository.gear(members(f"1.0.0_{part}"))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert f'"{part}" of version "1.0.0_{part}" is not MAJOR.MINOR.PATCH' in outcome.stderr
    assert "--to VERSION" in outcome.stderr
    assert repository.state == before
    if part == "x":
        assert "set version-format" not in outcome.stderr
        return
    assert 'if "1.0.0" is the gear\'s part, set version-format = "gear_software"' in outcome.stderr
    repository.write("gearlint.toml", 'version-format = "gear_software"\n')
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert version_of(repository.directory)[0] == f"1.0.1_{part}"


@pytest.mark.parametrize("version", ["inc0.2", "2.1.4_inc0.2"])
def test_part_that_is_counted_by_two_numbers(
    version: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.commit()
    outcome = run("bump", "--gear")
    refused(outcome, 'part "inc0.2"', "cannot be raised: give --gear minor, or name the next with")


@pytest.mark.parametrize(
    ("version", "settings"),
    [
        ("2024.12", ""),
        ("2024.12_6.0.1-5", ""),
        ("1.0.0_2024.12", 'version-format = "software_gear"\n'),
    ],
)
def test_other_part_is_named_only_where_it_may_be_the_gears(
    version: str, settings: str, repository: Repository, run: Run
) -> None:
    repository.gear(members(version))
    repository.write("gearlint.toml", settings)
    repository.commit()
    outcome = run("bump", "--gear")
    refused(outcome, "cannot be raised: name the next with gearlint bump --to VERSION .")


def test_version_of_thousands_of_digits(repository: Repository, run: Run) -> None:
    repository.gear('"version": "1.0.' + "9" * 5000 + '",\n"custom": {}')
    repository.commit()
    outcome = run("bump", "--gear", "patch", "--dry-run")
    assert (outcome.code, len(outcome.stderr.splitlines())) == (2, 1)
    assert "has no version that can be raised: see gearlint check" in outcome.stderr
    assert "internal error" not in run("version").stderr
    assert "internal error" not in run("check", "--select", "ALL").stderr


def test_pre_release_gets_the_warning_of_its_rule(repository: Repository, run: Run) -> None:
    outcome = run("bump", "--to", "1.0.0_2.1.0_rc1")
    assert outcome.code == 0
    assert (
        '"1.0.0_2.1.0_rc1" is a pre-release, but sorts after its release (GL210)' in outcome.stderr
    )


def test_pre_release_tags_are_not_releases(repository: Repository, run: Run) -> None:
    assert run("bump", "--to", "1.0.0_3.0.0_rc1").code == 0
    assert json.loads(run("version", "--json").stdout)[0]["last_tag"] == "1.0.0_2.0.0"
    assert run("bump", "--to", "1.0.0_2.5.0").code == 0


def test_what_flywheel_cannot_compare_is_compared_part_by_part(
    repository: Repository, run: Run
) -> None:
    repository.release("1.0.4_v1.1.0")
    outcome = run("bump", "--to", "1.0.4_1.2.0")
    assert outcome.code == 0
    assert 'Flywheel cannot compare "1.0.4_1.2.0" with the newest release' in outcome.stderr
    outcome = run("bump", "--to", "1.0.4_v1.1.9")
    assert outcome.code == 2
    assert 'does not sort above the newest release "1.0.4_1.2.0"' in outcome.stderr


def test_version_that_is_not_of_the_format_that_was_set(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", 'version-format = "software_gear"\n')
    repository.commit()
    before = repository.state
    outcome = run("bump", "--to", "1.0.0_next")
    assert outcome.code == 2
    assert 'has the gear part "next", which does not start with a number' in outcome.stderr
    assert repository.state == before


# --- files


def test_only_the_version_changes_byte_for_byte(repository: Repository, run: Run) -> None:
    path = repository.directory / "manifest.json"
    text = (
        path.read_text()
        .replace("    ", "\t")
        .replace("\n", "\r\n")
        .replace("images", "im\\u00e4ges")
    )
    path.write_bytes(text.encode())
    path.chmod(0o640)
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert path.read_bytes() == text.replace("1.0.0_2.0.0", "1.0.0_2.0.1").encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_both_image_keys_follow(repository: Repository, run: Run) -> None:
    image = "localhost:5000/me/my-gear:1.0.0_2.0.0"
    repository.gear(
        f'"custom": {{"gear-builder": {{"category": "qa", "image": "{image}"}}, "docker-image": "{image}"}}'
    )
    repository.commit()
    assert run("bump", "--gear").code == 0
    text = (repository.directory / "manifest.json").read_text()
    assert text.count('"localhost:5000/me/my-gear:1.0.0_2.0.1"') == 2


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("FROM poldracklab/fmriprep:20.0.7", "FROM poldracklab/fmriprep:20.1.0"),
        ("FROM nipreps/fmriprep:v20.0.7-xenial AS x", "FROM nipreps/fmriprep:v20.1.0-xenial AS x"),
        ("FROM a:5000/b/fmriprep:20.0.7", "FROM a:5000/b/fmriprep:20.1.0"),
        ("FROM python:3.11\nARG FMRIPREP_VERSION=20.0.7", "FROM python:3.11\nARG FMRIPREP_VERSION=20.1.0"),
        ('FROM python:3.11\nENV A=20.0.7 F_VERSION="20.0.7" \\\n  X_VERSION=\'v20.0.7\'',
         'FROM python:3.11\nENV A=20.0.7 F_VERSION="20.1.0" \\\n  X_VERSION=\'v20.1.0\''),
        ("FROM python:3.11\nENV F_VERSION 20.0.7 \nENV G_VERSION=20.0.70",
         "FROM python:3.11\nENV F_VERSION 20.1.0 \nENV G_VERSION=20.0.70"),
        ("FROM python:3.11\nRUN pip install x==20.0.7", "FROM python:3.11\nRUN pip install x==20.0.7"),
        ("FROM é/fmriprep:20.0.7", "FROM é/fmriprep:20.0.7"),
    ],
)  # fmt: skip
def test_software_changes_the_dockerfile_too(
    line: str, changed: str, repository: Repository, run: Run
) -> None:
    rest = DOCKERFILE.partition("\n")[2]
    repository.write("Dockerfile", f"{line}\n{rest}")
    repository.gear(members("20.0.7_1.0.0", name="fmriprep-hpc"))
    repository.commit()
    outcome = run("bump", "--software", "20.1.0", "--gear")
    assert outcome.code == 0, outcome.stderr
    assert (repository.directory / "Dockerfile").read_text() == f"{changed}\n{rest}"
    assert version_of(repository.directory)[0] == "20.1.0_1.0.1"
    assert repository.git("status", "--porcelain") == ""


def test_base_image_with_a_digest_is_left_and_reported(repository: Repository, run: Run) -> None:
    digest = f"sha256:{'0' * 64}"
    text = DOCKERFILE.replace("python:3.11", f"me/tool:1.0.0@{digest}")
    repository.write("Dockerfile", text)
    repository.commit()
    outcome = run("bump", "--software", "1.1.0")
    assert outcome.code == 0
    assert f"me/tool:1.0.0@{digest} keeps its version, as it has a digest" in outcome.stderr
    assert (repository.directory / "Dockerfile").read_text() == text


SETTINGS = """
[[bump.files]]
path = "pyproject.toml"
search = 'version = "{gear}"'

[[bump.files]]
path = "doc/{name}.md"
search = "{version} of {software}"
replace = "{version} of {software}, {date} {other}"
"""


def test_other_files_by_the_settings(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", SETTINGS.replace(" {other}", ""))
    repository.write("pyproject.toml", '[project]\nversion = "2.0.0"\nx = "2.0.0"\n')
    repository.write("doc/my-gear.md", "1.0.0_2.0.0 of 1.0.0\n2.0.0 of 1.0.0\n")
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert (repository.directory / "pyproject.toml").read_text() == (
        '[project]\nversion = "2.0.1"\nx = "2.0.0"\n'
    )
    line = f"1.0.0_2.0.1 of 1.0.0, {TODAY}\n"
    assert (repository.directory / "doc/my-gear.md").read_text() == line + "2.0.0 of 1.0.0\n"
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "bumped_text"),
    [
        ("2.0.0 12.0.0 1.2.0.0 2.0.00 2.0.0.1", "2.0.1 12.0.0 1.2.0.0 2.0.00 2.0.0.1"),
        ("v2.0.0", "v2.0.1"),
        ("1_2.0.0.tar", "1_2.0.1.tar"),
        ("2.0.0.", "2.0.1."),
    ],
)
def test_version_that_is_a_part_of_another_is_left(
    text: str, bumped_text: str, repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", '[[bump.files]]\npath = "x.txt"\nsearch = "{gear}"\n')
    repository.write("x.txt", text)
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert (repository.directory / "x.txt").read_text() == bumped_text


def test_text_of_the_settings_that_is_there_twice(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", '[[bump.files]]\npath = "x.txt"\nsearch = "{gear}"\n')
    repository.write("x.txt", "2.0.0 and 2.0.0")
    repository.commit()
    before = repository.state
    refused(
        run("bump", "--gear"),
        'x.txt: "2.0.0", which bump.files has, is in it 2 times: make search longer\n',
    )
    assert repository.state == before


PYPROJECT = """\
# version = "2.0.0"
[project]
dependencies = ["x==2.0.0", "2.0.0"]
version    =  '2.0.0'  # "2.0.0"
text = \"\"\"
version = "2.0.0"
\"\"\"
[tool.other]
version = "2.0.0"
"""


@pytest.mark.parametrize(
    ("path", "key", "value", "text", "changed"),
    [
        ("pyproject.toml", "project.version", "{gear}", PYPROJECT,
         PYPROJECT.replace("'2.0.0'", "'2.0.1'")),
        ("pyproject.toml", "tool.other.version", "{gear}", PYPROJECT,
         PYPROJECT.replace('er]\nversion = "2.0.0"', 'er]\nversion = "2.0.1"')),
        ("a.json", "version", "{version}", '{"v": "1.0.0_2.0.0",\t"version":"1.0.0_2.0.0"}\r\n',
         '{"v": "1.0.0_2.0.0",\t"version":"1.0.0_2.0.1"}\r\n'),
        ("a.json", "a.b.c", "v{gear}", '{"a": {"b": {"c": "v2.0.0"}}, "x": [1e400, null]}',
         '{"a": {"b": {"c": "v2.0.1"}}, "x": [1e400, null]}'),
        ("{name}.toml", "v", "{name} {gear}", "v = \"my-gear 2.0.0\"\nx = nan",
         "v = \"my-gear 2.0.1\"\nx = nan"),
    ],
)  # fmt: skip
def test_key_of_the_settings(
    path: str, key: str, value: str, text: str, changed: str, repository: Repository, run: Run
) -> None:
    entry = f'[[bump.files]]\npath = "{path}"\nkey = "{key}"\nvalue = "{value}"\n'
    repository.write("gearlint.toml", entry)
    file = repository.directory / path.replace("{name}", "my-gear")
    file.write_bytes(text.encode())
    repository.commit()
    outcome = run("bump", "--gear")
    assert outcome.code == 0, outcome.stderr
    assert file.read_bytes() == changed.encode()
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ('{"a": {"v": "1.9.0"}}', '"a.v", which bump.files has, is the string "1.9.0", expected'),
        ('{"a": {"v": 2}}', '"a.v", which bump.files has, is the number 2, expected "2.0.0"'),
        ('{"a": {}}', '"a.v", which bump.files has, is not in it, expected "2.0.0"'),
        ('{"a": []}', '"a.v", which bump.files has, is not in it'),
        ("[]", '"a.v", which bump.files has, is not in it'),
        ("{", 'cannot be read, so "a.v", which bump.files has, is unknown'),
        ("[" * 100_000, "cannot be read, so"),
        ('{"a": {"v": "2\\u002e0.0"}}', '"a.v" cannot be changed: use search'),
    ],
)
def test_key_of_the_settings_that_is_not_as_expected(
    text: str, reported: str, repository: Repository, run: Run
) -> None:
    entry = '[[bump.files]]\npath = "x.json"\nkey = "a.v"\nvalue = "{gear}"\n'
    repository.write("gearlint.toml", entry)
    repository.write("x.json", text)
    repository.commit()
    before = repository.state
    refused(run("bump", "--gear"), f"x.json: {reported}")
    assert repository.state == before


@pytest.mark.parametrize(
    ("name", "entries", "reported"),
    [
        ("my-gear", [("x", "y" * 5_000)], "x.txt: bump.files has over 16777216"),
        ("my-gear", [("v", "v")] * 100, "x.txt: bump.files has over 16777216"),
        ("my-gear", [("x", "y" * 20_000)], 'y…" would have over 10000 characters'),
        ("x" * 400_000, [("x", "{name}" * 1000)], "would have over 10000 characters"),
    ],
)
def test_texts_of_the_settings_that_would_be_much(
    name: str, entries: list[tuple[str, str]], reported: str, repository: Repository, run: Run
) -> None:
    text = '[[bump.files]]\npath = "x.txt"\nsearch = "{}"\nreplace = "{}"\n'
    repository.write("gearlint.toml", "".join(text.format(*entry) for entry in entries))
    repository.write("x.txt", "v" + "x" * 300_000)
    repository.gear(members("1.0.0_2.0.0", name=name))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear", "--dry-run")
    assert (outcome.code, outcome.stdout) == (2, "")
    (line,) = outcome.stderr.splitlines()
    assert reported in line
    assert repository.state == before


def test_long_name_in_the_form_of_the_tag(repository: Repository, run: Run) -> None:
    repository.gear(members("1.0.0_2.0.0", name="x" * 400_000))
    repository.write("gearlint.toml", f"tag-format = '{'{name}' * 30}{{version}}'\n")
    repository.commit()
    outcome = run("bump", "--gear", "--dry-run")
    assert outcome.code == 2
    assert outcome.stderr.endswith("would have over 10000 characters with the values in it\n")
    assert "internal error" not in run("check", "--select", "GL6").stderr


def test_file_of_the_settings_without_its_text(repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", '[[bump.files]]\npath = "x.txt"\nsearch = "v{gear}"\n')
    repository.write("x.txt", "v1.9.0\n")
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert outcome.stderr == 'gearlint: x.txt: "v2.0.0", which bump.files has, is not in it\n'
    assert repository.state == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Changes\n\n## [Unreleased]\n\n- a\n\n## [1.0.0_2.0.0] - 2026-01-01\n",
         f"# Changes\n\n## [Unreleased]\n\n## [1.0.0_2.0.1] - {TODAY}\n\n- a\n\n## [1.0.0_2.0.0] - 2026-01-01\n"),
        ("### unreleased\n- a\n### 2.0.0\n", f"### unreleased\n\n### 2.0.1 - {TODAY}\n- a\n### 2.0.0\n"),
        ("Unreleased\r\n==========\r\n* a\r\n",
         f"Unreleased\r\n==========\r\n\r\n1.0.0_2.0.1 - {TODAY}\r\n{'=' * 24}\r\n* a\r\n"),
        ("# 1.0.0_2.0.0\n\nStill unreleased\n",
         "# 1.0.0_2.0.1\n\n# 1.0.0_2.0.0\n\nStill unreleased\n"),
        ("# Changes\r\n\r\n## [v2.0.0](https://x.org) (2026-01-01)\r\n\r\n- a\r\n## [v1.0.0]\r\n",
         f"# Changes\r\n\r\n## [v2.0.1] ({TODAY})\r\n\r\n"
         "## [v2.0.0](https://x.org) (2026-01-01)\r\n\r\n- a\r\n## [v1.0.0]\r\n"),
        ("## 1.9.0 \u2014 2026-01-01\n", f"## 1.0.0_2.0.1 \u2014 {TODAY}\n\n## 1.9.0 \u2014 2026-01-01\n"),
        ("## News of 1.9.0\n\n### 1.9.0 is here\n", "## News of 1.9.0\n\n### 1.9.0 is here\n"),
        ("## [Unreleased]\n- \u00e9\n\n[unreleased]: https://x.org/a/compare/1.0.0_2.0.0...HEAD\n[1]: x\n",
         f"## [Unreleased]\n\n## [1.0.0_2.0.1] - {TODAY}\n- \u00e9\n\n"
         "[unreleased]: https://x.org/a/compare/1.0.0_2.0.1...HEAD\n"
         "[1.0.0_2.0.1]: https://x.org/a/compare/1.0.0_2.0.0...1.0.0_2.0.1\n[1]: x\n"),
        ("## Unreleased\n- a\n\n[Unreleased]: https://x.org/a/tree/main\n",
         f"## Unreleased\n\n## 1.0.0_2.0.1 - {TODAY}\n- a\n\n[Unreleased]: https://x.org/a/tree/main\n"),
        ("unreleased\n\n## [Unreleased] - yyyy-mm-dd\n- a\n",
         f"unreleased\n\n## [Unreleased] - yyyy-mm-dd\n\n## [1.0.0_2.0.1] - {TODAY}\n- a\n"),
        ("## [Unreleased]\n- a\n## [2.0.0]\n\n[unreleased]: https://x.org/a/-/compare/v2.0.0...main\n[2.0.0]: https://x.org/a/-/tags/v2.0.0\n",
         f"## [Unreleased]\n\n## [2.0.1] - {TODAY}\n- a\n## [2.0.0]\n\n[unreleased]: https://x.org/a/-/compare/1.0.0_2.0.1...main\n"
         "[2.0.1]: https://x.org/a/-/compare/v2.0.0...1.0.0_2.0.1\n[2.0.0]: https://x.org/a/-/tags/v2.0.0\n"),
        ("## [2.0.0]\n\n[2.0.0]: https://x.org/a/compare/1.0.0_1.9.0...1.0.0_2.0.0\n",
         "## [2.0.1]\n\n## [2.0.0]\n\n[2.0.1]: https://x.org/a/compare/1.0.0_2.0.0...1.0.0_2.0.1\n"
         "[2.0.0]: https://x.org/a/compare/1.0.0_1.9.0...1.0.0_2.0.0\n"),
        ("## [Unreleased]\n- a\n## [2.0.0]\n\n[2.0.0]: https://x.org/a/releases/tag/1.0.0_2.0.0\n",
         f"## [Unreleased]\n\n## [2.0.1] - {TODAY}\n- a\n## [2.0.0]\n\n[2.0.1]: https://x.org/a/releases/tag/1.0.0_2.0.1\n"
         "[2.0.0]: https://x.org/a/releases/tag/1.0.0_2.0.0\n"),
        ("## [2.0.0]\n\n[2.0.0]: https://x.org/a/wiki\n", "## [2.0.1]\n\n## [2.0.0]\n\n[2.0.0]: https://x.org/a/wiki\n"),
        ("Changes\n=======\n\n2.0.0 (2026-01-01)\n------------------\n* a\n",
         f"Changes\n=======\n\n2.0.1 ({TODAY})\n------------------\n\n2.0.0 (2026-01-01)\n------------------\n* a\n"),
        ("=====\n1.0.0\n=====\n\n2.0.0\n-----\n", "=====\n1.0.0\n=====\n\n2.0.1\n-----\n\n2.0.0\n-----\n"),
        ("<!-- ## Unreleased -->\n```\n## 1.0\n```\n## 2.0.0\n", "<!-- ## Unreleased -->\n```\n## 1.0\n```\n## 2.0.1\n\n## 2.0.0\n"),
        ("## [Unreleased]\n- until 1.0.0_2.0.1\n## [v2.0.0]\n", f"## [Unreleased]\n\n## [v2.0.1] - {TODAY}\n- until 1.0.0_2.0.1\n## [v2.0.0]\n"),
        ("## Version 2.0.0\n\n[2.0.0]: https://x.org/a/tree/2.0.0\n", "## Version 2.0.1\n\n## Version 2.0.0\n\n[2.0.0]: https://x.org/a/tree/2.0.0\n"),
        ("## UNRELEASED ##\n- a\n", f"## UNRELEASED ##\n\n## 1.0.0_2.0.1 - {TODAY}\n- a\n"),
        ("## Unreleased changes\n- a\n", "## Unreleased changes\n- a\n"),
        ("## Unreleased\n\n## 1.0.0_2.0.1\n", "## Unreleased\n\n## 1.0.0_2.0.1\n"),
    ],
)  # fmt: skip
def test_changelog_gets_version_and_date(
    before: str, after: str, repository: Repository, run: Run
) -> None:
    path = repository.directory / "CHANGELOG.md"
    path.write_bytes(before.encode())
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert path.read_bytes().decode() == after
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("## Unreleased\n\n## 1.0.0_2.0.0\n- a\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## [Unreleased]\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## [Unreleased]\n\n[unreleased]: x\n", "CHANGELOG.md has nothing under Unreleased"),
        ("## Unreleased\n- a\n", ""),
        (
            "## Unreleased\n### Added\n### Fixed\n<!-- - x -->\n## 1.0\n- a\n",
            "CHANGELOG.md has nothing under Unreleased",
        ),
        ("## Unreleased\n### Added\n- a\n", ""),
        ("## 1.0.0_2.0.0\n", "CHANGELOG.md has no heading Unreleased: 1.0.0_2.0.1 is inserted"),
        (
            "text\n",
            "CHANGELOG.md has no heading Unreleased, and none of a version: 1.0.0_2.0.1 is not added",
        ),
    ],
)
def test_what_is_said_of_the_changelog(
    text: str, note: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", text)
    repository.commit()
    outcome = run("bump", "--gear")
    assert outcome.code == 0
    assert note in outcome.stderr if note else outcome.stderr == ""


def test_pre_release_leaves_the_notes_for_the_release(repository: Repository, run: Run) -> None:
    text = "## Unreleased\n- a\n\n## 1.0.0_2.0.0\n"
    path = repository.write("CHANGELOG.md", text)
    repository.commit()
    assert run("bump", "--gear", "minor", "--pre").code == 0
    assert path.read_text() == text
    assert run("bump", "--gear").code == 0
    assert "## 1.0.0_2.1.0 - " in path.read_text()


@pytest.mark.parametrize(
    ("directory", "place", "settings", "other"),
    [
        ("gear", "CHANGELOG.md", "", ""),
        ("a/gear", "a/CHANGES.md", "", "b/gear"),
        ("gear", "docs/news.md", 'changelog = "docs/news.md"\n', ""),
        ("gear", "news.md", 'changelog = "news.md"\n', "other"),
    ],
)
def test_changelog_above_the_gear_or_by_the_settings(
    directory: str, place: str, settings: str, other: str, tmp_path: Path, run: Run
) -> None:
    repository = Repository(tmp_path / "repository")
    path = repository.write(place, "## Unreleased\n- new\n## 2.0.0\n- old\n")
    repository.write("gearlint.toml", settings)
    repository.release("1.0.0_2.0.0", directory=directory)
    if other:
        repository.release("1.0.0_2.0.0", "other/1", other, "other")
    gear = repository.directory / directory
    assert run("check", "--select", "GL604", gear).code == 0
    assert run("bump", "--gear", gear).code == 0
    assert f"## 2.0.1 - {TODAY}\n- new\n## 2.0.0\n" in path.read_text()
    assert repository.git("status", "--porcelain") == ""
    assert run("version", "--notes", gear).stdout == "- new\n"
    assert run("version", "--notes", "2.0.0", gear).stdout == "- old\n"


@pytest.mark.parametrize("place", ["CHANGELOG.md", "gear/CHANGELOG.md"])
def test_changelog_that_git_ignores_is_none(place: str, tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    repository.write(".gitignore", "CHANGELOG.md\n")
    path = repository.write(place, "## Unreleased\n- new\n")
    repository.release("1.0.0_2.0.0", directory="gear")
    outcome = run("bump", "--gear", repository.directory / "gear")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert path.read_text() == "## Unreleased\n- new\n"


def test_changelog_that_is_set_is_used_though_git_ignores_it(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    repository.write(".gitignore", "CHANGELOG.md\n")
    repository.write("gearlint.toml", 'changelog = "CHANGELOG.md"\n')
    repository.write("CHANGELOG.md", "## 1.0.0_2.0.0\n- new\n")
    repository.release("1.0.0_2.0.0", directory="gear")
    gear = repository.directory / "gear"
    assert run("version", "--notes", gear).stdout == "- new\n"


def test_changelog_above_several_gears_is_nobodys(tmp_path: Path, run: Run) -> None:
    repository = Repository(tmp_path / "repository")
    path = repository.write("CHANGELOG.md", "## Unreleased\n- new\n")
    for name in ("a", "b"):
        repository.release("1.0.0_2.0.0", f"{name}/1.0.0_2.0.0", name, name)
    gear = repository.directory / "a"
    assert run("check", "--select", "GL604", gear).code == 0
    assert run("bump", "--gear", gear).stderr == ""
    assert path.read_text() == "## Unreleased\n- new\n"
    refused(run("version", "--notes", gear), "has no CHANGELOG")
    repository.write("gearlint.toml", 'changelog = "CHANGELOG.md"\n')
    for name in ("a", "b"):
        repository.write(f"{name}/run.py", "new")
    repository.commit()
    outcome = run("bump", "--gear", "--changed", repository.directory)
    assert "b: CHANGELOG.md is another gear's as well" in outcome.stderr
    assert path.read_text() == f"## Unreleased\n\n## 1.0.0_2.0.2 - {TODAY}\n- new\n"
    repository.write("gearlint.toml", 'changelog = "none.md"\n')
    repository.commit()
    refused(run("bump", "--gear", gear), "none.md: ")


@pytest.mark.parametrize(
    ("text", "wanted", "notes"),
    [
        (
            "## [Unreleased]\n\n## [1.0.0_2.0.0] - 2026-01-01\n\n### Added\n- a [#1]\n```\n# 3.0\n```\n\n## 1.9.0\n- b\n\n[#1]: x/1\n[#2]: x/2\n",
            [],
            "### Added\n- a [#1]\n```\n# 3.0\n```\n\n[#1]: x/1\n",
        ),
        ("# 2.0\n- c\n## 2.0.0\r\n\tcaf\u00e9\xa0\r\n", [], "\tcaf\u00e9\n"),
        (
            "Changes\n=======\n\n2.0.0\n-----\n* a\n\nFixed\n~~~~~\n* b\n\n1.0.0\n-----\n* c\n",
            [],
            "* a\n\nFixed\n~~~~~\n* b\n",
        ),
        ("## 3.0 (since 2.0.0)\n- x\n## My gear 2.0.0\n- a\n## 2.0.0\n- b\n", [], "- b\n"),
        ("## Unreleased\n- new\n## 1.0.0_2.0.0\n- a\n", ["1.0.0_2.1.0-rc1"], "- new\n"),
        ("## v2.0.0\n- a\n", ["2.0.0"], "- a\n"),
        ("## 1.0.0_2.0.0\n## 1.0\n- b\n", [], ""),
    ],
)
def test_notes_of_a_version(
    text: str, wanted: list[str], notes: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", text)
    outcome = run("version", "--notes", *wanted)
    assert (outcome.code, outcome.stdout) == (0, notes)
    assert bool(notes) != ("there is nothing under" in outcome.stderr)
    assert run("version", *wanted, "--notes").stdout == notes
    data = json.loads(run("version", "--json", "--notes", *wanted).stdout)
    assert data["notes"].replace("\r\n", "\n") == notes.rstrip("\n")


def test_notes_that_are_not_there(repository: Repository, run: Run) -> None:
    refused(run("version", "--notes"), "has no CHANGELOG")
    repository.write("CHANGELOG.md", "## Unreleased\n- a\n")
    refused(run("version", "--notes"), 'CHANGELOG.md: has no heading of version "1.0.0_2.0.0"')
    refused(run("version", "--notes", "nowhere"), 'has no heading of version "nowhere"')
    repository.release("1.0.0_2.0.0", "other/1", "other", "other")
    refused(run("version", "--notes"), ".: has 2 gears: name the directory of one")


# --- tags


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.0.0_2.0.0", "1.0.0_2.0.1"),
        ("v1.0.0_2.0.0", "v1.0.0_2.0.1"),
        ("my-gear/1.0.0_2.0.0", "my-gear/1.0.0_2.0.1"),
        ("my-gear-1.0.0_2.0.0", "my-gear-1.0.0_2.0.1"),
        ("my-gear/v1.0.0_2.0.0", "my-gear/v1.0.0_2.0.1"),
        ("something", "1.0.0_2.0.1"),
    ],
)
def test_form_of_the_tag_is_that_of_the_last(
    old: str, new: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0", old)
    assert run("bump", "--gear").code == 0
    assert repository.tags == sorted([old, new])


@pytest.mark.parametrize(
    ("form", "tag"),
    [
        ("v{version}", "v1.0.0_2.0.1"),
        ("{name}@{version}", "my-gear@1.0.0_2.0.1"),
        ("release/{gear}", "release/2.0.1"),
    ],
)
def test_form_of_the_tag_by_the_settings(
    form: str, tag: str, repository: Repository, run: Run
) -> None:
    repository.write("gearlint.toml", f'tag-format = "{form}"\n')
    repository.commit()
    assert run("bump", "--gear").code == 0
    assert repository.tags == sorted(["1.0.0_2.0.0", tag])
    assert json.loads(run("version", "--json").stdout)[0]["last_tag"] == tag


def test_part_that_only_makes_a_pre_release_is_none_of_the_gears(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.gear(members("1.0.0_rc1"))
    repository.write("gearlint.toml", 'tag-format = "{gear}"\n')
    repository.commit()
    (row,) = json.loads(run("version", "--json").stdout)
    assert (row["software"], row["gear"], row["extra"]) == (None, "1.0.0", ["rc1"])
    refused(run("bump", "--software", "2.0.0"), "has no part for the software")
    assert run("tag").code == run("bump", "--pre").code == run("bump", "--gear").code == 0
    assert repository.tags == ["1.0.0", "1.0.0_rc1", "1.0.0_rc2"]


FIRST_OF_TWO = [
    # (tags, version, the setting tag-format, the next tag, "" where it is refused)
    (["v0.6.7", "v0.6.8"], "1.0.0_0.9.0", "", ""),
    (["my-gear/v0.6.8"], "1.0.0_0.9.0", "", ""),
    (["v0.6.8"], "1.0.0_v0.9.0", "", ""),
    (["v0.6.8"], "1.0.0_0.9.0_rc1", "", ""),
    (["v0.6.8"], "1.0.0_0.9.0", "v{version}", "v1.0.0_0.9.0"),
    (["v0.6.8"], "1.0.0_0.9.0", "{version}", "1.0.0_0.9.0"),
    (["v0.6.8", "v0.9.0_0.9.0"], "1.0.0_0.9.0", "", "v1.0.0_0.9.0"),
    (["0.6.8"], "1.0.0_0.9.0", "", "1.0.0_0.9.0"),
    (["my-gear/0.6.8"], "1.0.0_0.9.0", "", "my-gear/1.0.0_0.9.0"),
    (["v0.6.8"], "1.0.0", "", "v1.0.0"),
    (["v0.6.8"], "1.0.0_rc1", "", "v1.0.0_rc1"),
    ([], "1.0.0_0.9.0", "", "1.0.0_0.9.0"),
]


@pytest.mark.parametrize(("tags", "version", "form", "tag"), FIRST_OF_TWO)
@pytest.mark.parametrize("command", ["bump", "tag"])
def test_first_version_with_two_parts(
    command: str,
    tags: list[str],
    version: str,
    form: str,
    tag: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = Repository(tmp_path / "gear")
    monkeypatch.chdir(repository.directory)
    repository.write("gearlint.toml", f'tag-format = "{form}"\n' if form else "")
    repository.gear(members("0.6.8"))
    repository.commit()
    for each in tags:
        repository.git("tag", each)
    if command == "tag":
        repository.gear(members(version))
        repository.commit()
    outcome = run("tag") if command == "tag" else run("bump", "--to", version)
    if tag:
        assert (outcome.code, repository.tags) == (0, sorted([*tags, tag])), outcome.stderr
    else:
        refused(outcome, f'"{version}" is the first with two parts', 'v{version}" in gearlint.toml')
        assert repository.tags == tags


@pytest.mark.parametrize("form", ["a b/{version}", "-{version}", "a..{version}", "{version}.lock"])
def test_form_that_git_does_not_take(form: str, repository: Repository, run: Run) -> None:
    repository.write("gearlint.toml", f'tag-format = "{form}"\n')
    repository.commit()
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        assert "cannot be the name of a tag: set another tag-format" in outcome.stderr
    assert run("bump", "--gear", "--no-tag").code == 0


def test_nothing_that_is_printed_is_a_command_to_the_runner_of_github(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repository.write("gearlint.toml", 'tag-format = "{version}"\n')
    repository.gear(members("1.0.0_2.0.0", name="::add-mask::x"))
    repository.commit()
    repository.hook("pre-commit", "printf '::warning::\\tx\\n'; exit 1")
    outcomes = [run("version"), run("bump", "--gear")]
    (repository.directory / ".git" / "hooks" / "pre-commit").unlink()
    outcomes += [run("bump", "--gear"), run("tag"), run("version", "--verbose")]
    assert [outcome.code for outcome in outcomes] == [0, 2, 0, 0, 0]
    text = "".join(outcome.stdout + outcome.stderr for outcome in outcomes)
    assert "add-mask" in text
    assert "warning" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_messages(repository: Repository, run: Run) -> None:
    assert (
        run("bump", "--gear", "--message", "chore: {gear} {x}", "--tag-message", "{date}").code == 0
    )
    assert repository.git("log", "-1", "--format=%B") == "chore: 2.0.1 {x}"
    assert repository.git("tag", "--list", "--format=%(contents:subject)", "1.0.0_2.0.1") == TODAY


# --- options


def test_dry_run_shows_the_plan_and_a_diff_that_applies(repository: Repository, run: Run) -> None:
    before = repository.state
    outcome = run("bump", "--gear", "--dry-run")
    assert outcome.code == 0
    assert repository.state == before
    plan, _, difference = outcome.stdout.partition("\n\n")
    assert plan.splitlines() == [
        "my-gear: 1.0.0_2.0.0 -> 1.0.0_2.0.1",
        "parts: <software>_<gear>, as neither tags nor Dockerfile show the order",
        "files: manifest.json",
        "commit: Release my-gear 1.0.0_2.0.1",
        "tag: 1.0.0_2.0.1",
    ]
    subprocess.run(["git", "apply"], input=difference, text=True, check=True)
    assert version_of(repository.directory)[0] == "1.0.0_2.0.1"


def test_plan_as_json(repository: Repository, run: Run) -> None:
    outcome = run("bump", "--gear", "--dry-run", "--json")
    assert json.loads(outcome.stdout) == {
        "dry_run": True,
        "gears": [
            {
                "name": "my-gear",
                "directory": ".",
                "old": "1.0.0_2.0.0",
                "new": "1.0.0_2.0.1",
                "order": {
                    "format": "software_gear",
                    "from": "default",
                    "reason": "neither tags nor Dockerfile show the order",
                },
                "notes": [],
            }
        ],
        "files": ["manifest.json"],
        "commit": "Release my-gear 1.0.0_2.0.1",
        "tags": ["1.0.0_2.0.1"],
    }


@pytest.mark.parametrize(
    ("here", "directory", "manifest"),
    [
        (".", "gears/qc", "gears/qc/manifest.json"),
        ("gears", "qc", "qc/manifest.json"),
        ("gears/qc", ".", "manifest.json"),
        ("docs", "{top}/gears/qc", "{top}/gears/qc/manifest.json"),
    ],
)
def test_paths_in_json_are_those_of_check(
    here: str,
    directory: str,
    manifest: str,
    monorepo: Repository,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    top = monorepo.directory
    (top / "docs").mkdir()
    monkeypatch.chdir(top / here)
    gear = os.path.relpath(top / "gears/qc")
    bump = json.loads(run("bump", "--gear", "--dry-run", "--json", gear).stdout)
    tag = json.loads(run("tag", "--dry-run", "--json", gear).stdout)
    version = json.loads(run("version", "--json", gear).stdout)
    found = [bump["gears"][0]["directory"], tag["gears"][0]["directory"], version[0]["directory"]]
    assert found == [directory.format(top=top)] * 3
    assert bump["files"] == [manifest.format(top=top)]


def test_no_commit_changes_the_files_alone(repository: Repository, run: Run) -> None:
    head = repository.git("rev-parse", "HEAD")
    assert run("bump", "--gear", "--no-commit").code == 0
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.tags == ["1.0.0_2.0.0"]
    assert repository.git("status", "--porcelain") == "M manifest.json"


def test_no_tag(repository: Repository, run: Run) -> None:
    assert run("bump", "--gear", "--no-tag").code == 0
    assert repository.tags == ["1.0.0_2.0.0"]
    assert repository.git("log", "-1", "--format=%s") == "Release my-gear 1.0.0_2.0.1"


def test_allow_dirty_commits_the_changed_files_alone(repository: Repository, run: Run) -> None:
    repository.write("run.py", SCRIPT + "# other\n")
    repository.write("staged.txt", "staged")
    repository.git("add", "staged.txt")
    assert run("bump", "--gear", "--allow-dirty").code == 0
    assert repository.git("show", "--format=", "--name-only", "HEAD") == "manifest.json"
    assert repository.git("status", "--porcelain").splitlines() == ["M run.py", "A  staged.txt"]


def test_word_after_gear_that_is_not_a_level_is_the_path(repository: Repository, run: Run) -> None:
    assert run("bump", "--gear", ".").code == 0
    assert run("bump", "--gear", "minor", repository.directory).code == 0
    assert run("bump", repository.directory / "manifest.json", "--gear").code == 0
    assert version_of(repository.directory)[0] == "1.0.0_2.1.1"
    outcome = run("bump", "--gear", "minr", ".")
    assert outcome.code == 2
    assert outcome.stderr == (
        'gearlint: --gear "minr": expected major, minor, patch, a version, or the path of a gear\n'
    )


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        ([], "say what is new"),
        (["--to", "2", "--gear"], "--to names the whole version"),
        (["--changed", "--software", "2"], "--changed bumps several gears"),
        (["--changed", "--gear", "2.0.0"], "--changed bumps several gears"),
        (["--gear", "1_2"], '"1_2" is not a single part: --to takes a whole version'),
        (["--software", "1_2"], '"1_2" is not a single part'),
        (["--to", "a+b"], '"a+b" cannot be the tag of an image'),
        (["--to", "1.0.0__2"], '"1.0.0__2" has an empty part'),
        (["--to", "next"], '"next" does not start with a number'),
        (["--to", "1" * 101], "has over 100 characters"),
        (["--to", "1.0.0_2.0.0"], 'the tag "1.0.0_2.0.0" exists already: name a higher version'),
        (
            ["--gear", ""],
            '--gear "": expected major, minor, patch, a version, or the path of a gear',
        ),
        (["--to", ""], '--to "": expected a version'),
        (["--gear", "--software", ""], '--software "": expected a version'),
        (["minor"], "minor: no such file or directory: did you mean --gear minor?"),
        (["1.0.0_2.1.0"], "did you mean --to 1.0.0_2.1.0?"),
        (["--gear", "--push", "--no-commit"], "--push has nothing to push"),
        (["--gear", "--push"], "there is no remote to push to: git remote add origin URL"),
        (
            ["--gear", "--push", "--dry-run"],
            "there is no remote to push to: git remote add origin URL",
        ),
        (
            ["--gear", "nothing"],
            '--gear "nothing": expected major, minor, patch, a version, or the path of a gear',
        ),
        (["nothing", "--gear"], "nothing: no such file or directory"),
    ],
)
def test_options_that_are_refused(
    options: list[str], reported: str, repository: Repository, run: Run
) -> None:
    before = repository.state
    outcome = run("bump", *options)
    assert outcome.code == 2
    assert reported in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert repository.state == before


# --- refusals


def dirty(repository: Repository) -> None:
    repository.write("run.py", "# changed\n")


def staged(repository: Repository) -> None:
    dirty(repository)
    repository.git("add", "run.py")


def detached(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--detach", "HEAD")


def conflict(repository: Repository, how: str) -> None:
    repository.git("switch", "--quiet", "--create", "other")
    repository.write("x.txt", "1\n")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("x.txt", "2\n")
    repository.commit()
    repository.git(how, "other", fails=True)
    assert repository.git("status", "--porcelain")


def merging(repository: Repository) -> None:
    conflict(repository, "merge")


def rebasing(repository: Repository) -> None:
    conflict(repository, "rebase")


def locked(repository: Repository) -> None:
    repository.write(".git/index.lock", "")


def nobody(repository: Repository) -> None:
    repository.git("config", "--unset", "user.name")
    repository.git("config", "--unset", "user.email")
    repository.git("config", "user.useConfigOnly", "true")


def tagged(repository: Repository) -> None:
    repository.git("tag", "1.0.0_2.0.1")


def released(repository: Repository) -> None:
    repository.git("tag", "1.0.0_2.1.0")


def disagreeing(repository: Repository) -> None:
    repository.gear('"version": "1.0.0_2.0.5"')
    repository.commit()


def pinned(repository: Repository) -> None:
    image = f"me/my-gear:1.0.0_2.0.0@sha256:{'0' * 64}"
    repository.gear(f'"custom": {{"gear-builder": {{"category": "qa", "image": "{image}"}}}}')
    repository.commit()


def unreadable(repository: Repository) -> None:
    repository.write("manifest.json", "{")
    repository.commit()


def contradictory(repository: Repository) -> None:
    repository.gear(members("1.0.0_20.0.7", name="fmriprep"))
    repository.write("Dockerfile", DOCKERFILE.replace("python:3.11", "nipreps/fmriprep:20.0.7"))
    repository.commit()
    for tag in ("1.0.0_20.0.5", "1.0.0_20.0.6", "1.0.0_20.0.7"):
        repository.git("tag", tag)


def swapped(repository: Repository) -> None:
    repository.gear(members("20.0.7_1.1.3"))
    repository.commit()
    for tag in ("1.1.0_20.0.7", "1.1.1_20.0.7", "1.1.2_20.0.7"):
        repository.git("tag", tag)


def untracked(repository: Repository) -> None:
    repository.git("rm", "--quiet", "--cached", "manifest.json")
    repository.git("commit", "--quiet", "--message", "Untracked")


def failing_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "echo 'no good: \033[31mred' >&2; exit 1")


def failing_message_hook(repository: Repository) -> None:
    repository.hook("commit-msg", "echo wrong message; exit 1")


def silent_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "exit 1")


def fixing_hook(repository: Repository) -> None:
    repository.hook("pre-commit", "echo >> manifest.json; git add --update; echo fixed; exit 1")


def hook_that_refuses_the_tag_and_the_way_back(repository: Repository) -> None:
    repository.hook(
        "reference-transaction",
        '[ "$1" = prepared ] || exit 0\n'
        "while read old new name; do case $name in\n"
        "refs/tags/*) exit 1;;\n"
        "refs/heads/*) git merge-base --is-ancestor $old $new || exit 1;;\n"
        "esac; done",
    )


def failing_signature(repository: Repository) -> None:
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


def failing_signature_as_newer_git_tells_it(repository: Repository) -> None:
    repository.hook("pre-commit", "echo 'error: gpg failed to sign the data:' >&2; exit 1")


def failing_signature_of_the_tag(repository: Repository) -> None:
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


REFUSALS = [
    (dirty, 'changes of "run.py" are not committed: commit or stash them, or --allow-dirty'),
    (staged, 'changes of "run.py" are staged: commit or stash them, or --allow-dirty'),
    (detached, "HEAD is detached: switch to a branch first"),
    (merging, "a merge is under way: finish or abort it first"),
    (rebasing, "a rebase is under way: finish or abort it first"),
    (locked, "the index is locked: wait for the git that is at work, or remove "),
    (nobody, "git does not know who you are: set user.name and user.email with git config"),
    (tagged, 'manifest.json: the tag "1.0.0_2.0.1" exists already: name a higher version'),
    (released, 'does not sort above the newest release "1.0.0_2.1.0": name a higher one, or give --force'),
    (disagreeing, "do not agree: run gearlint check --fix first"),
    (pinned, "has the digest of the old version: take it out"),
    (unreadable, "manifest.json: cannot be read as a manifest: see gearlint check"),
    (contradictory, 'by the tags its parts are <software>_<gear>, as the second part moves alone in the tags, as from 1.0.0_20.0.6 to 1.0.0_20.0.7, but the Dockerfile has fmriprep 20.0.7: set version-format in gearlint.toml'),
    (swapped, "but the version has them the other way round: set version-format in gearlint.toml"),
    (untracked, '"manifest.json" is in the image, but not tracked by git'),
    (failing_hook, "git commit: no good: \\u001b[31mred; all is as it was before"),
    (failing_message_hook, "all is as it was before"),
    (silent_hook, "git commit: exit code 1 without a word, as of a hook that refuses it; all is as it was before"),
    (fixing_hook, "git commit: fixed; all is as it was before\n"),
    (hook_that_refuses_the_tag_and_the_way_back, "hook; all is as it was before"),
    (failing_signature, "git commit: gpg failed to sign the data; all is as it was before"),
    (failing_signature_as_newer_git_tells_it, "git commit: gpg failed to sign the data; all is as it was before"),
    (failing_signature_of_the_tag, "all is as it was before"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("prepare", "reported"), REFUSALS, ids=lambda value: getattr(value, "__name__", "")
)
def test_refusal_leaves_all_as_it_was(
    prepare: "object", reported: str, repository: Repository, run: Run
) -> None:
    assert callable(prepare)
    prepare(repository)
    before = repository.state
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert reported in outcome.stderr
    assert "\033" not in outcome.stderr
    assert outcome.stdout == ""
    assert repository.state == before
    assert not (repository.directory / ".git" / "gearlint" / "journal.json").exists()
    repository.git("fsck", "--strict")


def test_hook_that_says_very_much(repository: Repository, run: Run) -> None:
    repository.hook("pre-commit", "yes no | head -c 3000000; echo the end >&2; exit 1")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "git commit: the end; all is as it was before" in outcome.stderr
    assert len(outcome.stderr) < 300_000


def test_lock_that_leads_out(repository: Repository, run: Run) -> None:
    outside = repository.directory.parent / "outside"
    lock = repository.directory / ".git" / "gearlint" / "lock"
    lock.parent.mkdir()
    lock.symlink_to(outside)
    outcome = run("bump", "--gear")
    assert (outcome.code, len(outcome.stderr.splitlines())) == (2, 1)
    assert not outside.exists()


def test_what_a_failing_hook_did_to_other_files(repository: Repository, run: Run) -> None:
    before = repository.state
    repository.hook("pre-commit", "touch new; git add new; echo >> run.py; exit 1")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert 'as it was before, but for "run.py", changed meanwhile' in outcome.stderr
    assert repository.state["index"] == before["index"]
    assert repository.git("status", "--porcelain").split() == ["M", "run.py", "??", "new"]


def test_undoing_that_fails_is_reported_and_tried_again(repository: Repository, run: Run) -> None:
    repository.hook("post-commit", "touch .git/refs/heads/main.lock; git tag 1.0.0_2.0.1 HEAD^")
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "undoing it failed (git update-ref: " in outcome.stderr
    assert "the next gearlint bump tries that again" in outcome.stderr
    (repository.directory / ".git" / "hooks" / "post-commit").unlink()
    repository.git("tag", "--delete", "1.0.0_2.0.1")
    assert repository.git("log", "-1", "--format=%s") == "Release my-gear 1.0.0_2.0.1"
    outcome = run("bump", "--gear")
    assert (outcome.code, repository.tags[-1]) == (0, "1.0.0_2.0.1")
    assert outcome.stderr.startswith("gearlint: finished ")
    assert repository.git("status", "--porcelain") == ""


def test_another_repository_in_the_environment(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.release("1.0.0_2.0.0")
    states = repository.state, other.state
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(other.directory / ".git"))
        outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "/other/.git, another repository: unset it" in outcome.stderr
    with monkeypatch.context() as patch:
        patch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert (
        outcome.stderr == "gearlint: GIT_INDEX_FILE in the environment is another index: unset it\n"
    )
    assert (repository.state, other.state) == states
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert run("bump", "--gear").code == 0


def test_worktree_and_submodule(
    repository: Repository, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("worktree", "add", "--quiet", "../tree", "-b", "tree")
    monkeypatch.setenv("GIT_DIR", str(repository.directory / ".git" / "worktrees" / "tree"))
    assert run("bump", "--gear", tmp_path / "tree").code == 0
    monkeypatch.delenv("GIT_DIR")
    above = Repository(tmp_path / "above")
    above.release("1.0.0_1.0.0", "own/1.0.0_1.0.0", "own", "own")
    above.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../gear", "sub")
    above.write("own/run.py", SCRIPT + "# new\n")
    above.commit()
    monkeypatch.chdir(above.directory)
    outcome = run("bump", "--gear", "--changed", "--json")
    assert bumped(outcome) == {"own": "1.0.0_1.0.1"}
    above.git("-C", "sub", "config", "user.name", "A. Author")
    above.git("-C", "sub", "config", "user.email", "author@example.org")
    assert run("bump", "--gear", "minor", "sub").code == 0
    assert "1.0.0_2.1.0" in above.git("-C", "sub", "tag").split()


@pytest.mark.parametrize("text", ["", "[]", '{"changes": [["a", "b", "c"]], "entries": {}}'])
def test_journal_that_cannot_be_read(text: str, repository: Repository, run: Run) -> None:
    repository.write(".git/gearlint/journal.json", text)
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        assert "journal.json: is not a journal of a bump" in outcome.stderr


@pytest.mark.parametrize("name", [r"a\u0000b", r"a\ud800b", r"a\udc80b"])
def test_name_that_no_program_can_be_given(name: str, repository: Repository, run: Run) -> None:
    repository.gear(members("1.0.0_2.0.0", name=name))
    repository.commit()
    before = repository.state
    outcome = run("bump", "--gear")
    assert (outcome.code, outcome.stdout) == (2, "")
    (line,) = outcome.stderr.splitlines()
    assert line.endswith(f'name "{name}" cannot stand in a commit\'s message: see gearlint check')
    assert repository.state == before


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_argument_that_git_cannot_be_given(text: str, repository: Repository) -> None:
    with pytest.raises(GitError, match="git cannot be given"):
        Git(str(repository.directory)).read("check-ref-format", text)


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85"])
def test_tag_with_what_ends_a_line_elsewhere(end: str, repository: Repository, run: Run) -> None:
    repository.git("tag", f"1.0.0_2.0.0{end}x")
    outcome = run("version", "--json")
    assert (outcome.code, outcome.stderr) == (0, "")
    outcome = run("bump", "--gear")
    assert (outcome.code, version_of(repository.directory)[0]) == (0, "1.0.0_2.0.1"), outcome.stderr


JOURNAL: dict[str, object] = {
    "branch": "refs/heads/main",
    "commits": True,
    "message": "m",
    "tags": {},
    "changes": [],
    "entries": {},
}
ENTRY = ["100644", "0" * 40, True]


@pytest.mark.parametrize(
    "members",
    [
        {"branch": "../../other/poetry"},
        {"branch": "refs/heads/../../../../other/poetry"},
        {"branch": "refs/heads/"},
        {"branch": None},
        {"head": "--stdin"},
        {"head": None},
        {"commits": 1},
        {"message": ["m"]},
        {"tags": []},
        {"tags": {"../../../../other/poetry": "m"}},
        {"tags": {"-d": "m"}},
        {"tags": {"1.0.0": 1}},
        {"changes": [["../other/poetry.lock", "", ""]], "entries": {"../other/poetry.lock": ENTRY}},
        {"changes": [["link/poetry.lock", "", ""]], "entries": {"link/poetry.lock": ENTRY}},
        {"changes": [[".git/config", "", ""]], "entries": {".git/config": ENTRY}},
        {"changes": [["/etc/passwd", "", ""]], "entries": {"/etc/passwd": ENTRY}},
        {"changes": [["a\0b", "", ""]], "entries": {"a\0b": ENTRY}},
        {"changes": [["a\ud800b", "", ""]], "entries": {"a\ud800b": ENTRY}},
        {"changes": [["run.py", "", ""]], "entries": {}},
        {"changes": [["run.py", "", ""]], "entries": {"run.py": ["--stdin", "0" * 40]}},
        {"entries": []},
        {"more": 1},
    ],
    ids=str,
)
def test_journal_that_no_bump_wrote(
    members: dict[str, object], repository: Repository, run: Run
) -> None:
    lock = repository.directory.parent / "other" / "poetry.lock"
    lock.parent.mkdir()
    lock.write_text("")
    (repository.directory / "link").symlink_to(lock.parent)
    before = repository.state
    journal = JOURNAL | {"head": repository.git("rev-parse", "HEAD")} | members
    repository.write(".git/gearlint/journal.json", json.dumps(journal))
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    (line,) = outcome.stderr.splitlines()
    assert "journal.json: is not a journal of a bump" in line
    assert lock.exists()
    assert repository.state == before


def test_locks_are_those_of_the_git_directory_alone(repository: Repository, run: Run) -> None:
    heads = repository.directory / ".git" / "refs" / "heads"
    (heads / "link").symlink_to(repository.directory.parent)
    lock = repository.directory.parent / "poetry.lock"
    journal = JOURNAL | {"head": repository.git("rev-parse", "HEAD")}
    journal["branch"] = "refs/heads/link/poetry"
    repository.write(".git/gearlint/journal.json", json.dumps(journal))
    lock.write_text("")
    run("bump", "--gear")
    assert lock.exists()


@pytest.mark.parametrize("kind", ["fifo", "directory", "link", "large", "deep"])
def test_journal_that_is_not_a_file_of_ours(kind: str, repository: Repository, run: Run) -> None:
    path = repository.directory / ".git" / "gearlint" / "journal.json"
    path.parent.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "large":
        path.write_bytes(b" " * (16 * 1024 * 1024 + 1))
    else:
        path.write_text('{"changes": ' + "[" * 200_000 + "]" * 200_000 + "}")
    for options in ([], ["--dry-run"]):
        outcome = run("bump", "--gear", *options)
        assert outcome.code == 2
        (line,) = outcome.stderr.splitlines()
        assert "journal.json: is not a journal of a bump" in line


def test_repository_of_another_user(
    repository: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    outcome = run("version")
    assert outcome.code == 2
    assert "run git config --global --add safe.directory " in outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for another process")
@pytest.mark.parametrize("whole", [True, False], ids=["with-git", "gearlint-alone"])
def test_interrupt_during_a_hook(whole: bool, repository: Repository) -> None:
    before = repository.state
    waiting = Waiting(repository)
    command = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    waiting.reached(process)
    (os.killpg if whole else os.kill)(process.pid, signal.SIGINT)
    _, reported = process.communicate()
    assert (process.returncode, reported) == (
        130,
        "gearlint: interrupted; all is as it was before\n",
    )
    waiting.end()
    wait_for_group(process.pid)  # a git that were left would make its commit now
    assert repository.state == before


def test_version_below_the_newest_can_be_forced(repository: Repository, run: Run) -> None:
    released(repository)
    assert run("bump", "--gear", "--force").code == 0
    assert "1.0.0_2.0.1" in repository.tags


def test_refusal_without_a_commit(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "new")
    monkeypatch.chdir(repository.gear())
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert outcome.stderr == "gearlint: the repository has no commit yet: make the first one\n"


def test_refusal_outside_of_a_repository(tmp_path: Path, run: Run) -> None:
    directory = tmp_path / "gear"
    directory.mkdir()
    (directory / "manifest.json").write_text(manifest_text())
    outcome = run("bump", "--gear", directory)
    assert outcome.code == 2
    assert "is in no git repository: run git init, and commit the gear first" in outcome.stderr


def test_refusal_in_a_shallow_clone_without_tags(
    repository: Repository, tmp_path: Path, run: Run
) -> None:
    repository.commit("Another")
    repository.git(
        "clone", "--quiet", "--depth=1", "--no-tags", f"file://{repository.directory}", "../s"
    )
    repository.git("-C", "../s", "config", "user.name", "A. Author")
    repository.git("-C", "../s", "config", "user.email", "author@example.org")
    outcome = run("bump", "--gear", tmp_path / "s")
    assert outcome.code == 2
    assert "run git fetch --unshallow --tags" in outcome.stderr
    outcome = run("bump", "--gear", "--changed", tmp_path / "s")
    assert outcome.code == 2
    assert "run git fetch --unshallow --tags" in outcome.stderr


def test_hook_that_changes_the_commit(repository: Repository, run: Run) -> None:
    repository.hook("pre-commit", "echo x > made.txt; git add made.txt")
    repository.hook("commit-msg", 'echo "Signed-off-by: x" >> "$1"')
    assert run("bump", "--gear").code == 0
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("show", "--format=", "--name-only").split() == [
        "made.txt",
        "manifest.json",
    ]


def test_hooks_filters_and_signer_are_run_as_by_git_commit(
    repository: Repository, run: Run, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        repository.hook(name, f"echo {name} >> {log}")
    repository.git("config", "filter.f.clean", f"echo filter >> {log}; cat")
    repository.write(".gitattributes", "*.json filter=f\n")
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "gpg.ssh.program", "sign")
    repository.git("config", "user.signingKey", "key::ssh-ed25519 AAAA")
    signer = tmp_path / "bin" / "sign"
    signer.parent.mkdir()
    signer.write_text(f'#!/bin/sh\necho signer >> {log}\nfor a; do :; done\necho s > "$a.sig"\n')
    signer.chmod(0o755)
    path = f"{signer.parent}{os.pathsep}{os.environ['PATH']}"
    pytest.MonkeyPatch().setenv("PATH", path)
    repository.git("-c", "commit.gpgSign=false", "commit", "--quiet", "--allow-empty", "-m", "x")
    repository.commit()
    log.write_text("")
    assert run("bump", "--gear").code == 0
    ran = log.read_text().split()
    assert set(ran) == {
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "filter",
        "signer",
    }


# --- the commit is read back

REVERTS = "git cat-file blob HEAD:manifest.json > manifest.json; git add manifest.json"


@pytest.mark.parametrize(
    ("hook", "text", "reported"),
    [
        ("pre-commit", REVERTS, 'has version "1.0.0_2.0.0" in the commit, not "1.0.0_2.0.1"'),
        ("pre-commit", "git reset --quiet HEAD manifest.json", 'has version "1.0.0_2.0.0"'),
        ("pre-commit", "git rm --quiet --cached manifest.json", "has no version in the commit"),
        (
            "pre-commit",
            "echo '{}' > manifest.json; git add manifest.json",
            "has no version in the commit",
        ),
        (
            "post-commit",
            f"[ -e .git/once ] && exit; touch .git/once; {REVERTS.replace('HEAD', 'HEAD^')}; "
            "git commit --quiet --amend --no-edit",
            'has version "1.0.0_2.0.0" in the commit',
        ),
    ],
)
def test_commit_without_the_version_is_undone(
    hook: str, text: str, reported: str, repository: Repository, run: Run
) -> None:
    repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n")
    repository.commit()
    repository.hook(hook, text)
    before = repository.state
    refused(run("bump", "--gear"), f"manifest.json: {reported}", "; all is as it was before\n")
    assert repository.state == before
    (repository.directory / ".git" / "hooks" / hook).unlink()
    assert run("bump", "--gear").code == 0


def test_hook_that_writes_the_manifest_anew_but_keeps_the_version(
    repository: Repository, run: Run
) -> None:
    write = "import json; d = json.load(open('manifest.json')); json.dump(d, open('manifest.json', 'w'))"
    repository.hook("pre-commit", f'{sys.executable} -c "{write}"; git add manifest.json')
    assert run("bump", "--gear").code == 0
    assert repository.tags[-1] == "1.0.0_2.0.1"


@pytest.mark.parametrize("option", ["assume-unchanged", "skip-worktree"])
def test_file_that_git_overlooks_is_refused(option: str, repository: Repository, run: Run) -> None:
    repository.git("update-index", f"--{option}", "manifest.json")
    before = repository.state
    refused(
        run("bump", "--gear"),
        "manifest.json: git is set to ignore changes of it: run git update-index "
        f"--no-{option} manifest.json\n",
    )
    assert repository.state == before
    assert run("bump", "--gear", "--no-commit").code == 0
    repository.git("checkout", "--quiet", "--force", ".")
    repository.git("update-index", f"--no-{option}", "manifest.json")
    repository.git("checkout", "--quiet", ".")
    assert run("bump", "--gear").code == 0


# --- push


@pytest.fixture
def remote(repository: Repository, tmp_path: Path) -> Path:
    """A bare repository that `main` is pushed to."""
    bare = tmp_path / "remote.git"
    repository.git("init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    repository.git("remote", "add", "origin", str(bare))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main", "--tags")
    return bare


def test_push_of_branch_and_tag(repository: Repository, remote: Path, run: Run) -> None:
    assert run("bump", "--gear", "--push").code == 0
    listed = repository.git("ls-remote", str(remote))
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in listed
    assert "refs/tags/1.0.0_2.0.1" in listed


def test_remote_to_push_to(repository: Repository, remote: Path, run: Run) -> None:
    repository.git("remote", "rename", "origin", "one")
    repository.git("config", "--unset", "branch.main.remote")
    assert run("bump", "--gear", "--push", "--dry-run").code == 0  # there is but the one
    repository.git("remote", "add", "two", str(remote))
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 2
    assert 'the remotes "one" and "two": say which one to push to with git config' in outcome.stderr
    assert repository.tags == ["1.0.0_2.0.0"]
    repository.git("config", "remote.pushDefault", "two")
    assert run("bump", "--gear", "--push").code == 0


def test_version_that_is_there_and_not_released(repository: Repository, run: Run) -> None:
    repository.git("tag", "--delete", "1.0.0_2.0.0")
    outcome = run("bump", "--to", "1.0.0_2.0.0")
    assert outcome.code == 2
    assert "to release it as it is, run gearlint tag\n" in outcome.stderr


HAS_OTHERS = 'branch "main" has commits at "origin" that are not here: run git pull first'
HAS_TAG = (
    'the tag "1.0.0_2.0.1" exists at "origin" already: run git fetch --tags, and name a higher'
)


def other_clone(repository: Repository, remote: Path) -> Repository:
    repository.git("clone", "--quiet", str(remote), "../other")
    other = Repository(remote.parent / "other")
    other.commit("Other")
    return other


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("knows", [False, True], ids=["unknown", "fetched"])
@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "diverged"])
def test_branch_that_is_not_up_to_date_is_refused(
    dry: list[str], knows: bool, ahead: bool, repository: Repository, remote: Path, run: Run
) -> None:
    other_clone(repository, remote).git("push", "--quiet")
    if ahead:
        repository.commit("Mine")
    if knows:
        repository.git("fetch", "--quiet")
    before = repository.state
    refused(run("bump", "--gear", "--push", *dry), HAS_OTHERS)
    assert repository.state == before
    repository.git("pull", "--quiet", "--rebase")
    assert run("bump", "--gear", "--push", *dry).code == 0


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_tag_that_the_remote_has_is_refused(
    dry: list[str], repository: Repository, remote: Path, run: Run
) -> None:
    other = other_clone(repository, remote)
    other.git("tag", "1.0.0_2.0.1")
    other.git("push", "--quiet", "origin", "1.0.0_2.0.1")
    before = repository.state
    refused(run("bump", "--gear", "--push", *dry), HAS_TAG)
    assert repository.state == before
    assert run("bump", "--gear", "minor", "--push", *dry).code == 0


def test_commits_that_are_not_pushed_yet_are_pushed_too(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.commit("Mine")
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.endswith("push: main to origin\n")
    assert repository.git("rev-parse", "HEAD") in repository.git("ls-remote", str(remote))


def test_branch_that_the_remote_does_not_have(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.git("switch", "--quiet", "--create", "new")
    assert run("bump", "--gear", "--push").code == 0
    assert "refs/heads/new" in repository.git("ls-remote", str(remote))


def test_branch_with_another_name_at_the_remote(
    repository: Repository, remote: Path, run: Run
) -> None:
    repository.git("config", "push.default", "upstream")
    repository.git("branch", "--move", "main", "mine")
    assert run("bump", "--gear", "--push").stdout.endswith("push: main to origin\n")
    listed = repository.git("ls-remote", str(remote))
    assert f"{repository.git('rev-parse', 'HEAD')}\trefs/heads/main" in listed
    assert "refs/heads/mine" not in listed


def test_remote_that_cannot_be_asked(repository: Repository, remote: Path, run: Run) -> None:
    moved = remote.rename(remote.parent / "away")
    before = repository.state
    refused(run("bump", "--gear", "--push"), "git ls-remote: ")
    refused(run("bump", "--gear", "--push", "--dry-run"), "git ls-remote: ")
    assert repository.state == before
    moved.rename(remote)
    assert run("bump", "--gear", "--push").code == 0


def remote_hook(remote: Path, name: str, text: str) -> Path:
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("side", "hook", "text", "reported"),
    [
        ("remote", "pre-receive", "echo no releases today; exit 1", "pre-receive hook declined"),
        ("remote", "update", 'case "$1" in refs/tags/*) exit 1;; esac', "hook declined"),
        ("local", "pre-push", "echo not now >&2; exit 1", "the push is refused"),
    ],
)
@pytest.mark.parametrize("options", [["--gear"], ["--gear", "--no-tag"], ["--gear", "minor"]])
def test_push_that_is_refused_leaves_all_as_it_was(
    side: str,
    hook: str,
    text: str,
    reported: str,
    options: list[str],
    repository: Repository,
    remote: Path,
    run: Run,
) -> None:
    if hook == "update" and "--no-tag" in options:
        return
    repository.write("CHANGELOG.md", "## Unreleased\n\n- a\n")
    repository.commit()
    if side == "remote":
        path = remote_hook(remote, hook, text)
    else:
        repository.hook(hook, text)
        path = repository.directory / ".git" / "hooks" / hook
    before, there = repository.state, repository.git("ls-remote", str(remote))
    outcome = run("bump", "--push", *options)
    refused(outcome, reported, "; all is as it was before\n")
    assert "run git push" not in outcome.stderr
    assert repository.state == before
    assert repository.git("ls-remote", str(remote)) == there
    path.unlink()
    outcome = run("bump", "--push", *options)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stderr == ""


def test_push_of_which_the_end_is_not_known(repository: Repository, remote: Path, run: Run) -> None:
    """The remote takes it and is then gone, once it never got it."""
    head = repository.git("rev-parse", "HEAD")
    for number, (hook, said) in enumerate((("post-receive", "finished"), ("pre-push", "finished"))):
        moved = remote.parent / "away"
        text = f"mv {remote} {moved}; exit 1"
        if hook == "pre-push":
            repository.hook(hook, text)
        else:
            path = remote_hook(remote, hook, f"{text.replace('exit 1', 'kill -9 $PPID')}")
        outcome = run("bump", "--gear", "--push")
        refused(outcome, "whether the push arrived is not known", "run the same command again")
        assert repository.git("rev-parse", "HEAD^") == head
        refused(run("bump", "--gear", "--push"), "is not known")
        assert repository.git("rev-parse", "HEAD^") == head
        moved.rename(remote)
        if hook == "pre-push":
            (repository.directory / ".git" / "hooks" / hook).unlink()
        else:
            path = remote / "hooks" / hook
            path.unlink()
        outcome = run("bump", "--gear", "--push")
        assert outcome.code == 0, outcome.stderr
        assert said in outcome.stderr
        head = repository.git("rev-parse", "HEAD")
        assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))
        assert f"refs/tags/1.0.0_2.0.{number + 1}" in repository.git("ls-remote", str(remote))


def test_push_that_arrived_although_it_failed(
    repository: Repository, remote: Path, run: Run
) -> None:
    remote_hook(remote, "post-receive", "kill -9 $PPID")
    outcome = run("bump", "--gear", "--push")
    assert outcome.code == 0, outcome.stderr
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))
    assert "1.0.0_2.0.1" in repository.tags
    assert run("bump", "--gear", "--no-tag", "--push").code == 0
    head = repository.git("rev-parse", "HEAD")
    assert f"{head}\trefs/heads/main" in repository.git("ls-remote", str(remote))


def test_two_clones_that_bump_at_once(repository: Repository, remote: Path, run: Run) -> None:
    """Both have asked the remote before one pushes: one wins, the other is as it was."""
    repository.git("clone", "--quiet", str(remote), "../other")
    other = Repository(remote.parent / "other")
    other.git("config", "user.name", "B. Author")  # or both may make one and the same commit
    command = f"{sys.executable} -m gearlint bump --gear --push {other.directory} >&2"
    repository.hook("pre-push", f"unset $(git rev-parse --local-env-vars); {command}")
    before = repository.state
    outcome = run("bump", "--gear", "--push")
    refused(outcome, "the push is refused", "all is as it was before")
    assert repository.state == before
    assert other.git("rev-parse", "HEAD") in repository.git("ls-remote", str(remote))
    refused(run("bump", "--gear", "--push"), HAS_OTHERS)


# --- monorepos


@pytest.fixture
def monorepo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The current directory, with the released gears `qc` and `qc-extra`, and `new`, not released."""
    repository = Repository(tmp_path / "mono")
    monkeypatch.chdir(repository.directory)
    repository.release("1.0.0_2.0.0", "qc/1.0.0_2.0.0", "gears/qc", "qc")
    repository.release("1.0.0_3.0.0", "qc-extra/1.0.0_3.0.0", "gears/extra", "qc-extra")
    repository.gear(members("1.0.0_0.1.0", name="new").replace("me/my-gear", "me/new"), "gears/new")
    repository.commit()
    return repository


def bumped(outcome: Outcome) -> dict[str, str]:
    return {gear["name"]: gear["new"] for gear in json.loads(outcome.stdout)["gears"]}


def test_each_gear_has_its_own_tags(monorepo: Repository, run: Run) -> None:
    assert run("bump", "--gear", "gears/qc").code == 0
    assert run("bump", "--gear", "minor", "gears/extra").code == 0
    assert run("bump", "--gear", "gears/new").code == 0
    assert monorepo.tags == [
        "new/1.0.0_0.1.1",
        "qc-extra/1.0.0_3.0.0",
        "qc-extra/1.0.0_3.1.0",
        "qc/1.0.0_2.0.0",
        "qc/1.0.0_2.0.1",
    ]
    outcome = run("bump", "--gear")
    assert outcome.code == 2
    assert "has 3 gears: name the directory of one, or give --changed" in outcome.stderr


def test_changed_bumps_what_changed_since_its_own_tag(monorepo: Repository, run: Run) -> None:
    monorepo.write("gears/qc/run.py", SCRIPT + "# new\n")
    monorepo.write("README.md", "of all\n")
    monorepo.commit()
    outcome = run("bump", "--gear", "--changed", "--json")
    assert outcome.code == 0, outcome.stderr
    assert bumped(outcome) == {"qc": "1.0.0_2.0.1"}
    assert "new has no release yet, left as it is" in outcome.stderr
    monorepo.write("gears/qc/run.py", SCRIPT)
    monorepo.write("gears/extra/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    head = monorepo.git("rev-parse", "HEAD")
    outcome = run("bump", "--gear", "minor", "--changed", "--json")
    assert bumped(outcome) == {"qc": "1.0.0_2.1.0", "qc-extra": "1.0.0_3.1.0"}
    assert monorepo.git("rev-parse", "HEAD^") == head
    assert monorepo.git("tag", "--points-at", "HEAD").split() == [
        "qc-extra/1.0.0_3.1.0",
        "qc/1.0.0_2.1.0",
    ]
    outcome = run("bump", "--gear", "--changed")
    assert (outcome.code, outcome.stdout) == (0, "No gear has changed since its last release.\n")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--gear", "patch", "--changed", "gears/qc"], ["qc"]),
        (["--gear", "--changed", "gears/extra", "gears/qc"], ["qc", "qc-extra"]),
        (["--changed", "--gear", "gears/qc", "gears/extra", "gears/qc/run.py"], ["qc", "qc-extra"]),
        (["gears", "--changed", "--gear"], ["qc", "qc-extra"]),
        (["gears/new", "--changed", "--gear"], []),
        (["gears/qc/manifest.json", "--changed", "--gear"], ["qc"]),
    ],
)
def test_changed_below_the_paths_alone(
    options: list[str], names: list[str], monorepo: Repository, run: Run
) -> None:
    for directory in ("qc", "extra", "new"):
        monorepo.write(f"gears/{directory}/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    outcome = run("bump", "--json", *options)
    assert outcome.code == 0, outcome.stderr
    assert sorted(bumped(outcome)) == names


def test_changed_in_a_directory_is_of_the_whole_repository(
    monorepo: Repository, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for directory in ("qc", "extra"):
        monorepo.write(f"gears/{directory}/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    monkeypatch.chdir("gears/qc")
    assert sorted(bumped(run("bump", "--gear", "--changed", "--json"))) == ["qc", "qc-extra"]


def test_paths_without_changed_are_refused(monorepo: Repository, run: Run) -> None:
    before = monorepo.state
    refused(run("bump", "gears/qc", "gears/extra", "--gear"), "name one gear, or give --changed")
    assert monorepo.state == before


def test_two_gears_with_one_tag_are_refused(monorepo: Repository, run: Run) -> None:
    monorepo.write("gearlint.toml", 'tag-format = "v{gear}"\n')
    for directory, name in (("gears/qc", "qc"), ("gears/extra", "qc-extra")):
        monorepo.gear(members("1.0.0_2.0.0", name=name), directory)
    monorepo.git("tag", "v1.0.0")
    monorepo.write("gears/qc/run.py", SCRIPT + "# new\n")
    monorepo.write("gears/extra/run.py", SCRIPT + "# new\n")
    monorepo.commit()
    before = monorepo.state
    outcome = run("bump", "--gear", "--changed")
    assert outcome.code == 2
    assert 'two gears would get the tag "v2.0.1": set tag-format with {name}' in outcome.stderr
    assert monorepo.state == before


# --- version


def test_version_of_one_gear(repository: Repository, run: Run) -> None:
    repository.write("run.py", SCRIPT + "# new\n")
    rows = dict(line.split(":", 1) for line in run("version").stdout.splitlines())
    assert {key: value.strip() for key, value in rows.items()} == {
        "name": "my-gear",
        "directory": ".",
        "version": "1.0.0_2.0.0",
        "software": "1.0.0",
        "gear": "2.0.0",
        "extra": "-",
        "order": "software_gear, as neither tags nor Dockerfile show the order",
        "image": "me/my-gear:1.0.0_2.0.0",
        "last tag": "1.0.0_2.0.0",
        "changed": "yes",
    }


def test_versions_of_a_monorepo(monorepo: Repository, run: Run) -> None:
    lines = run("version").stdout.splitlines()
    assert [re.split(r"  +", line) for line in lines] == [
        ["name", "version", "software", "gear", "last tag", "changed", "directory"],
        ["qc-extra", "1.0.0_3.0.0", "1.0.0", "3.0.0", "qc-extra/1.0.0_3.0.0", "no", "gears/extra"],
        ["new", "1.0.0_0.1.0", "1.0.0", "0.1.0", "-", "-", "gears/new"],
        ["qc", "1.0.0_2.0.0", "1.0.0", "2.0.0", "qc/1.0.0_2.0.0", "no", "gears/qc"],
    ]


def test_version_outside_of_a_repository(tmp_path: Path, run: Run) -> None:
    (tmp_path / "manifest.json").write_text(manifest_text())
    (row,) = json.loads(run("version", "--json", tmp_path).stdout)
    assert (row["version"], row["last_tag"], row["changed"]) == ("1.0.0_2.0.0", None, None)


# --- two at once


def test_two_bumps_at_once(repository: Repository) -> None:
    """One wins, and is not done until the other has said so."""
    waiting = Waiting(repository)
    command = [sys.executable, "-m", "gearlint", "bump", "--gear"]
    both = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    while all(process.poll() is None for process in both):
        time.sleep(0.01)
    waiting.end()
    outcomes = [(process.communicate()[1], process.returncode) for process in both]
    assert sorted(code for _, code in outcomes) == [0, 2]
    (reported,) = [error for error, code in outcomes if code]
    assert "another gearlint bump is at work in this repository" in reported
    assert version_of(repository.directory)[0] == "1.0.0_2.0.1"
    assert repository.tags == ["1.0.0_2.0.0", "1.0.0_2.0.1"]
